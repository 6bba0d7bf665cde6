"""A fast SHACL engine: shapes become SPARQL, asked once a rule of the whole store.

In: quads and a shapes graph. Out: the results that pyshacl gives. A shape that uses a feature not
compiled here is named, never dropped: the caller sends it to pyshacl. pyshacl stays the reference:
tests compare the two on every shape of ours and on the W3C data-shapes cases.
"""

from __future__ import annotations

from policygraph.graph.shacl.engine import ALL, Engine, Share, Violation
from policygraph.graph.shacl.shapes import only_shapes
from policygraph.graph.shacl.terms import Shapes, Unsupported

__all__ = ["ALL", "Engine", "Shapes", "Share", "Unsupported", "Violation", "only_shapes"]
