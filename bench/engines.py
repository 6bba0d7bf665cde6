"""Other engines for shapes and rules, where they are installed, for ``bench/peers.py``.

``pip install pyrudof pyshifty pyshacl-turbo reasonable``. They know no named graphs, so they are
given the triples, in their own kind of terms before they are timed. What an engine cannot do is
said in its row.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import rdflib
from pyoxigraph import RdfFormat, serialize

from policygraph.graph.face import to_rdflib
from policygraph.namespaces import SH

Way = Callable[[], Any]
"""Some work; it gives what is compared."""

_ON_RDFLIB = {"shifty": "pyshifty", "pyshacl_turbo": "pyshacl-turbo"}
"""Engines with the signature of pyshacl, by module."""


def shape_engines(triples: Iterable[Any], shapes: Path) -> Iterator[tuple[str, Way]]:
    """Give the engines that check triples against the shapes of a file, as far as installed."""
    triples = list(triples)
    data, rules = as_rdflib(triples), rdflib.Graph().parse(shapes)
    for module, name in _ON_RDFLIB.items():
        if importlib.util.find_spec(module):
            check = importlib.import_module(module).validate
            yield name, said(lambda check=check: _results(check(data, shacl_graph=rules)[1]))
    if importlib.util.find_spec("pyrudof"):
        yield "pyrudof", said(_rudof(triples, shapes))


def rule_engine(triples: Iterable[Any]) -> Iterator[tuple[str, Way]]:
    """Give reasonable, where it is installed."""
    if importlib.util.find_spec("reasonable"):
        import reasonable

        graph = as_rdflib(triples)

        def work() -> str:
            reasoner = reasonable.PyReasoner()
            reasoner.from_graph(graph)
            more = len(reasoner.reason()) - len(graph)
            return f"{more} triples, some of them about its own terms"

        yield "reasonable", work


def as_rdflib(triples: Iterable[Any]) -> rdflib.Graph:
    """Give triples as rdflib holds them."""
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(to_rdflib(triple))
    return graph


def said(work: Way) -> Way:
    """Say what an engine cannot do instead of ending with it."""

    def tried() -> Any:
        try:
            return work()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return f"cannot: {' '.join(str(error).split())[:60]}"

    return tried


def _results(report: rdflib.Graph) -> str:
    return f"{len(set(report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)))} results"


def _rudof(triples: Iterable[Any], shapes: Path) -> Way:
    import pyrudof

    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    data = serialize(set(triples), format=RdfFormat.N_TRIPLES) or b""
    rudof.read_data(data.decode(), pyrudof.RDFFormat.NTriples)
    text = shapes.read_text(encoding="utf-8")

    def work() -> str:
        rudof.reset_shacl_validation()
        rudof.read_shacl(text)
        rudof.validate_shacl()
        report = rudof.serialize_shacl_validation_results(
            format=pyrudof.ResultShaclValidationFormat.NTriples
        )
        return f"{report.count(f'<{SH}ValidationResult>')} results"

    return work
