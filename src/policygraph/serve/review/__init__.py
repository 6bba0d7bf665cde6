"""Review in the browser: ``door`` lets in one page, ``desk`` reads and saves, ``library`` looks up.

``app`` joins them. In: the restored text and ``statements.yaml`` of a document, and decisions as
JSON. Out: the rows as JSON and the changed file. What a decision writes is said by
``policygraph.text.review``.
"""
