"""Review: what a person decides about the rows of ``statements.yaml``, written into its lines.

Texts in, texts out: nothing here opens a file, a page or a clock. ``sheet`` changes the YAML in
place, ``decisions`` says what a decision writes, ``merge`` brings a new draft into decided rows,
``table`` is the same for a spreadsheet. This room knows no RDF.
"""
