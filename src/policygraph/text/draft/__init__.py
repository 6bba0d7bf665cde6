"""Drafting: a restored policy text in, draft statements with rule and place out.

A grammar over word lists, no model: the same text always gives the same draft, and every statement
names the rule that made it. All that belongs to a language lies in its folder of
``data/lexicon``. This room knows no RDF.
"""
