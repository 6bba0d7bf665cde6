"""A projected network as files that Gephi, Cytoscape, yEd, D3 and networkx open.

In: a network with its measures. Out: bytes, the same for the same network. What is a list of
things in JSON is one text in XML and CSV: IRIs with spaces between, quotes with bars.
"""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from policygraph.errors import WrongUsage
from policygraph.study.network.things import legal

FORMATS = ("graphml", "gexf", "json", "cytoscape", "csv")

NODE_COLUMNS = (
    *("kind", "kind_zh", "kind_en", "key", "label_zh", "label_en", "period", "status"),
    *("degree", "betweenness", "pagerank", "community"),
    *("statements", "passages", "other_evidence"),
)
EDGE_COLUMNS = (
    "relation_en", "relation_zh", "origin", "statements", "passages", "other_evidence", "quotes",
)  # fmt: skip


def label_of(about: Mapping[str, Any], lang: str = "zh") -> str:
    """Give the label of a node in a language, else in the other, else its key."""
    other = {"zh": "en", "en": "zh"}[lang]
    return str(about.get(f"label_{lang}") or about.get(f"label_{other}") or about["key"])


def write_network(
    network: nx.Graph[str], form: str, lang: str = "zh", *, nodes: bool = False
) -> bytes:
    """Write a network.

    Args:
        network: from ``project``.
        form: ``graphml``, ``gexf``, ``json`` (node-link), ``cytoscape`` (JSON) or ``csv``.
        lang: language of the one label that such programs show.
        nodes: of ``csv``, the table of nodes instead of the list of edges.

    Raises:
        WrongUsage: there is no such format, or ``nodes`` of another than ``csv``.
    """
    if form not in FORMATS:
        raise WrongUsage("publish/unknown-format", form=form, known=", ".join(FORMATS))
    if nodes and form != "csv":
        raise WrongUsage("network/nodes-are-csv", form=form)
    if form == "csv":
        return _csv(_node_rows(network, lang) if nodes else _edge_rows(network, lang))
    if form == "json":
        return _json(nx.node_link_data(_named(network, lang), edges="edges"))
    if form == "cytoscape":
        return _json(nx.cytoscape_data(_named(network, lang)))
    return _graphml(network, lang) if form == "graphml" else _gexf(network, lang)


def _named(network: nx.Graph[str], lang: str) -> nx.Graph[str]:
    """Give a copy whose nodes have a name and whose title is in one language."""
    named = network.copy()
    named.graph.update(title=network.graph["title"][lang])
    for _, about in named.nodes(data=True):
        about["name"] = label_of(about, lang)
    return named


def _flat(network: nx.Graph[str], lang: str) -> nx.Graph[str]:
    """Give a copy that XML can hold: a label for each node and edge, a text for each list."""
    flat = network.__class__()
    for iri, about in network.nodes(data=True):
        flat.add_node(iri, **legal({"label": label_of(about, lang), **_texts(about)}))
    for start, end, about in network.edges(data=True):
        flat.add_edge(start, end, **legal({"label": about[f"relation_{lang}"], **_texts(about)}))
    return flat


def _texts(about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: (" | " if name == "quotes" else " ").join(value)
        if isinstance(value, tuple)
        else value
        for name, value in about.items()
    }


def _graphml(network: nx.Graph[str], lang: str) -> bytes:
    target = io.BytesIO()
    nx.write_graphml_xml(_flat(network, lang), target, named_key_ids=True)
    return target.getvalue() + b"\n"


def _gexf(network: nx.Graph[str], lang: str) -> bytes:
    """Write GEXF 1.2 without the day and program that networkx puts into its head."""
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(_flat(network, lang))
    root = writer.xml
    for meta in [child for child in root if child.tag.endswith("meta")]:
        root.remove(meta)
    ET.indent(root, " ")
    body: bytes = ET.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


def _node_rows(network: nx.Graph[str], lang: str) -> Iterable[list[Any]]:
    yield ["Id", "Label", *NODE_COLUMNS]
    for iri, about in network.nodes(data=True):
        texts = _texts(about)
        yield [iri, label_of(about, lang), *(texts.get(name, "") for name in NODE_COLUMNS)]


def _edge_rows(network: nx.Graph[str], lang: str) -> Iterable[list[Any]]:
    kind = "Directed" if network.is_directed() else "Undirected"
    yield ["Source", "Target", "Type", "Weight", "Label", *EDGE_COLUMNS]
    for start, end, about in network.edges(data=True):
        texts = _texts(about)
        label = about[f"relation_{lang}"]
        yield [start, end, kind, about["weight"], label, *(texts[name] for name in EDGE_COLUMNS)]


def _csv(rows: Iterable[list[Any]]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue().encode()
