"""Naming: what the names in texts mean, and proposals for those that nothing is known of.

Mentions and the registry in; keys, options and proposals out. A name is resolved by label, alias
and context, never by likeness; a key is made of the name's transcription, an English name comes
from the glossary or not at all. This room knows no RDF.
"""
