"""The whole graph as a network: things as nodes, what is said between them as edges.

In: the store. Out: a ``networkx.MultiDiGraph`` or GraphML, in the same order whatever the order of
the quads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from io import BytesIO

import networkx as nx
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, Term, pg
from policygraph.identifiers import origin_of, passage_span
from policygraph.namespaces import NIF, PG, RDFS

ORIGINS = ("stated", "record", "registry", "editor")
"""Origins of what somebody says; where several say the same, the first here is shown."""

NO_THINGS = frozenset(
    {"Text", "Passage", "Section", "Source", "Judgement", "Period", "MeasureKind", "InstrumentKind"}
)
"""Classes that hold evidence or qualify things; what they tell becomes attributes."""

_LANGUAGES = {"label_zh": ("zh-hans", "zh-cn", "zh"), "label_en": ("en",)}
"""Language tags for an attribute, the best first; other tags of the last one's language may do."""

_NARROWER_THAN = NamedNode(RDFS + "subClassOf")
_QUOTE = NamedNode(NIF + "anchorOf")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Facts = dict[str, dict[NamedNode, list[Term]]]


def network(store: GraphStore, *, inferred: bool = False) -> nx.MultiDiGraph[str]:
    """Give the things of a graph and what is said between them.

    Nodes are IRIs with ``kind`` and ``key`` and, where known, ``label_zh``, ``label_en``,
    ``period`` and ``status``. The key of an edge is the local name of its property; an edge has
    ``relation``, ``origin``, ``evidence`` (a graph that holds the triple), ``evidence_count`` and,
    where a passage states it, ``quote``.

    Args:
        store: the graph; candidates are left out.
        inferred: put in what only follows, too; in the terms of the policy ontology only.
    """
    facts = gather(store.quads(*ORIGINS))
    kinds = kinds_of(store, facts)
    things: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri in sorted(kinds):
        things.add_node(iri, kind=kinds[iri], key=iri.rsplit("/", 1)[-1], **about_of(iri, facts))
    origins = (*ORIGINS, "inferred") if inferred else ORIGINS
    for (start, end, relation), graphs in sorted(_edges(store, kinds, origins).items()):
        things.add_edge(start, end, key=relation, relation=relation, **_evidence(graphs, facts))
    return things


def graphml(store: GraphStore, *, inferred: bool = False) -> bytes:
    """Write the network as GraphML; nodes have a ``label`` besides, for programs that show one.

    Args:
        store: the graph.
        inferred: put in what only follows, too.
    """
    things = network(store, inferred=inferred)
    written: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri, about in things.nodes(data=True):
        label = about.get("label_zh") or about.get("label_en") or about["key"]
        written.add_node(iri, **legal({"label": label, **about}))
    for number, (start, end, about) in enumerate(things.edges(data=True), 1):
        # An id stands once in a file; programs drop edges whose ids repeat.
        written.add_edge(start, end, key=f"e{number}", **legal(about))
    target = BytesIO()
    nx.write_graphml_xml(written, target, named_key_ids=True)
    return target.getvalue() + b"\n"


def gather(quads: Iterable[Quad]) -> Facts:
    """Gather what quads say: subject → property → values, in order."""
    facts: Facts = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            about = facts.setdefault(quad.subject.value, {})
            about.setdefault(quad.predicate, []).append(quad.object)
    for about in facts.values():
        for values in about.values():
            values.sort(key=str)
    return facts


def kinds_of(store: GraphStore, facts: Facts) -> dict[str, str]:
    """Tell the class of each thing: of several, one that has none of the others below it."""
    above: dict[object, set[object]] = {}
    for quad in store.engine.quads_for_pattern(None, _NARROWER_THAN, None, DefaultGraph()):
        above.setdefault(quad.subject, set()).add(quad.object)
    kinds: dict[str, str] = {}
    for iri, about in facts.items():
        classes = [kind for kind in about.get(TYPE, ()) if kind.value.startswith(PG)]
        wide = set().union(*(above.get(kind, ()) for kind in classes))
        name = min((kind.value for kind in classes if kind not in wide), default="")
        name = name.removeprefix(PG)
        if name and name not in NO_THINGS:
            kinds[iri] = name
    return kinds


def about_of(iri: str, facts: Facts) -> dict[str, str]:
    """Give labels, period and status of a thing; what is not known is left out."""
    about = facts[iri]
    found = {name: _label(about, tags) for name, tags in _LANGUAGES.items()}
    found["period"] = " ".join(_keys(about.get(pg("period"), ())))
    found["status"] = " ".join(
        status.value
        for section in about.get(pg("inSection"), ())
        for status in facts.get(section.value, {}).get(pg("sectionStatus"), ())
    )
    return {name: value for name, value in found.items() if value}


def _label(about: dict[NamedNode, list[Term]], tags: tuple[str, ...]) -> str:
    ranked = [
        (tags.index(value.language) if value.language in tags else len(tags), value.value)
        for value in about.get(LABEL, ())
        if isinstance(value, Literal) and (value.language or "").split("-")[0] == tags[-1]
    ]
    return min(ranked, default=(0, ""))[1]


def _keys(values: Iterable[Term]) -> list[str]:
    return list(dict.fromkeys(value.value.rsplit("/", 1)[-1] for value in values))


def _edges(
    store: GraphStore, kinds: dict[str, str], origins: tuple[str, ...]
) -> dict[tuple[str, str, str], list[str]]:
    """Find what is said between things: start, end and relation → graphs that say it."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for quad in store.quads(*origins):
        start, end, relation = quad.subject, quad.object, quad.predicate.value
        if not (isinstance(start, NamedNode) and isinstance(end, NamedNode)):
            continue
        graph = str(quad.graph_name).strip("<>")
        if origin_of(graph) == "inferred" and not relation.startswith(PG):
            continue  # the same once more, in the terms of another vocabulary
        if start.value in kinds and end.value in kinds:
            name = re.split("[#/]", relation)[-1]
            found.setdefault((start.value, end.value, name), []).append(graph)
    return found


def _evidence(graphs: list[str], facts: Facts) -> dict[str, str | int]:
    """Show the best evidence of an edge, and tell how much there is."""
    best = min(graphs, key=_weight)
    about: dict[str, str | int] = {
        "origin": origin_of(best),
        "evidence": best,
        "evidence_count": len(graphs),
    }
    quote = facts.get(best, {}).get(_QUOTE)
    return about | {"quote": quote[0].value} if quote else about


def _weight(graph: str) -> tuple[int, tuple[str, int, int], str]:
    """Rank evidence: by origin, then the first and shortest passage."""
    ranks = (*ORIGINS, "inferred")
    return ranks.index(origin_of(graph)), passage_span(graph) or ("", 0, 0), graph


def legal(about: Mapping[str, str | int]) -> dict[str, str | int]:
    """Replace characters that no XML file may hold."""
    return {
        name: _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value
        for name, value in about.items()
    }
