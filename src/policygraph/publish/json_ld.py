"""JSON-LD 1.1 with the bundled context, a document at a time.

In: a store. Out: pieces of the file. Every document is a node that includes its sections,
statements and passages (JSON-LD 1.1, section 4.13, included nodes); what belongs to no document
follows. Arrays are sorted, for they are sets. rdflib writes the nodes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import rdflib
from pyoxigraph import NamedNode

from policygraph.assets import asset
from policygraph.graph.face import to_rdflib
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import TYPE, pg, text_of
from policygraph.identifiers import Identifiers, documents_for, origin_of

_AT_ONCE = 256
"""Things of no document that are written together; each piece costs reading the context."""


def json_ld_pieces(
    store: GraphStore, origins: Collection[str], ids: Identifiers
) -> Iterator[bytes]:
    """Write the graphs of some origins as JSON-LD, each document when its turn comes.

    Args:
        store: the graph.
        origins: of the graphs whose triples go in.
        ids: how the IRIs of its things begin.
    """
    context = json.loads(asset("ontology", "context.jsonld").read_text(encoding="utf-8"))
    yield f'{{\n"@context": {_text(context["@context"])},\n"@graph": ['.encode()
    comma = ""
    for nodes in _by_document(store, origins, ids, context["@context"]):
        yield f"{comma}\n{_text(nodes)}".encode()
        comma = ","
    yield b"\n]\n}\n"


def _by_document(
    store: GraphStore, origins: Collection[str], ids: Identifiers, context: Any
) -> Iterator[dict[str, Any]]:
    """Give a node for every document with its own inside, then one for every other thing."""
    subjects = sorted({text_of(quad.subject) for quad in store.quads(*origins)})
    documents = _documents(store)
    own: dict[str, list[str]] = {}
    for iri in subjects:
        own.setdefault(_document_of(iri, documents, ids), []).append(iri)
    rest = own.pop("", [])
    for document in sorted(own):
        nodes = {node["id"]: node for node in _nodes(store, own[document], origins, context)}
        first = nodes.pop(document, {"id": document})
        yield first | ({"@included": list(nodes.values())} if nodes else {})
    for start in range(0, len(rest), _AT_ONCE):
        yield from _nodes(store, rest[start : start + _AT_ONCE], origins, context)


def _documents(store: GraphStore) -> set[str]:
    found = store.engine.quads_for_pattern(None, TYPE, pg("PolicyDocument"), None)
    return {text_of(quad.subject) for quad in found}


def _document_of(iri: str, documents: Collection[str], ids: Identifiers) -> str:
    """Name the document whose key the key of a thing begins with; empty where there is none."""
    if not ids.is_ours(iri):
        return ""
    key = ids.key(iri.partition("/text/")[0])
    named = (ids.thing("document", each) for each in documents_for(key))
    return next((name for name in named if name in documents), "")


def _nodes(
    store: GraphStore, subjects: Iterable[str], origins: Collection[str], context: Any
) -> list[dict[str, Any]]:
    graph = rdflib.Graph()
    for subject in subjects:
        for quad in store.engine.quads_for_pattern(NamedNode(subject), None, None, None):
            if origin_of(text_of(quad.graph_name)) in origins:
                graph.add(to_rdflib(quad.triple))
    text = graph.serialize(format="json-ld", context=context, auto_compact=False)
    written = json.loads(text)
    nodes: list[dict[str, Any]] = written.get("@graph", [written])
    return sorted((_sorted(node) for node in nodes), key=_json_order)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items() if key != "@context"}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=_json_order)
    return value


def _json_order(value: Any) -> tuple[str, str]:
    name = str(value.get("id", "")) if isinstance(value, dict) else ""
    return name, json.dumps(value, ensure_ascii=False, sort_keys=True)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
