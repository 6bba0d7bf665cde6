"""The rules of inference: read, run over everything, run over a change, and explained.

``axioms`` reads them from the ontology. ``closure`` runs them over a whole graph, ``change`` over
what an edit adds and removes; ``proof`` says how one triple follows. ``state`` is what the last two
look things up in.
"""
