"""The graph in forms that others read: one module a form, listed in ``forms``.

They hold what documents state and what is known of it, never what is inferred, and nothing that
the graph does not say. A form that has no place for something leaves it out.
"""
