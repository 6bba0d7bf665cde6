"""Links to other vocabularies: how they become quads, and how they are found and weighed.

A vocabulary file is read into concepts, concepts that bear a name or code of ours are proposed with
what speaks for each, a person decides, and the decision goes to ``data/links/*.sssom.tsv``.
"""
