"""The graph as a network: things and what is said between them, for analysts and for Gephi."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from collections import Counter
from io import BytesIO

import networkx as nx
from pyoxigraph import Literal, NamedNode, Quad

from policygraph.api.policy_graph import PolicyGraph
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, pg
from policygraph.identifiers import Identifiers
from policygraph.namespaces import NIF, PROV, RDFS, SCHEMA
from policygraph.study.network.things import graphml, network

IDS = Identifiers("https://example.org/")
TEXT = IDS.text("d", "0" * 64)
SHORT, LONG = (NamedNode(IDS.passage(TEXT, 0, end)) for end in (9, 20))
RECORD, REGISTRY, EDITOR, INFERRED, CANDIDATE = (
    NamedNode(IDS.graph(*parts))
    for parts in (
        ("document", "d"),
        ("registry", "r"),
        ("editor", "e"),
        ("inferred",),
        ("candidate",),
    )
)
GOAL = NamedNode(IDS.thing("goal", "g"))
ACTION = NamedNode(IDS.thing("action", "a"))
EVENT = NamedNode(IDS.thing("event", "e"))
SECTION = NamedNode(IDS.thing("section", "s"))
QUADS = [
    Quad(GOAL, TYPE, pg("Goal"), SHORT),
    Quad(GOAL, LABEL, Literal("目標", language="zh-hant"), SHORT),
    Quad(GOAL, LABEL, Literal("目标", language="zh-hans"), SHORT),
    Quad(GOAL, LABEL, Literal("a goal", language="en"), EDITOR),
    Quad(GOAL, pg("period"), NamedNode(IDS.thing("period", "2024")), SHORT),
    Quad(GOAL, pg("inSection"), SECTION, RECORD),
    Quad(GOAL, NamedNode(PROV + "wasQuotedFrom"), SHORT, RECORD),
    Quad(SECTION, TYPE, pg("Section"), RECORD),
    Quad(SECTION, pg("sectionStatus"), Literal("planned"), RECORD),
    Quad(SHORT, TYPE, pg("Passage"), RECORD),
    Quad(SHORT, NamedNode(NIF + "anchorOf"), Literal("原文"), RECORD),
    Quad(ACTION, TYPE, pg("Action"), SHORT),
    Quad(GOAL, pg("hasAction"), ACTION, SHORT),
    Quad(GOAL, pg("hasAction"), ACTION, LONG),
    Quad(GOAL, pg("hasAction"), ACTION, EDITOR),
    Quad(ACTION, pg("actionOf"), GOAL, INFERRED),
    Quad(ACTION, NamedNode(SCHEMA + "isPartOf"), GOAL, INFERRED),
    Quad(EVENT, TYPE, pg("Event"), REGISTRY),
    Quad(EVENT, TYPE, pg("Conference"), REGISTRY),
    Quad(
        pg("Conference"),
        NamedNode(RDFS + "subClassOf"),
        pg("Event"),
        NamedNode(IDS.graph("ontology")),
    ),
    Quad(ACTION, pg("mentions"), EVENT, CANDIDATE),
]
TINY = GraphStore(QUADS)


def test_nodes_are_things_with_what_is_known_of_them() -> None:
    assert dict(network(TINY).nodes(data=True)) == {
        ACTION.value: {"kind": "Action", "key": "a"},
        EVENT.value: {"kind": "Conference", "key": "e"},
        GOAL.value: {
            "kind": "Goal",
            "key": "g",
            "label_zh": "目标",
            "label_en": "a goal",
            "period": "2024",
            "status": "planned",
        },
    }


def test_an_edge_shows_its_best_evidence_and_how_much_there_is() -> None:
    assert list(network(TINY).edges(data=True, keys=True)) == [
        (
            GOAL.value,
            ACTION.value,
            "hasAction",
            {
                "relation": "hasAction",
                "origin": "stated",
                "evidence": SHORT.value,
                "evidence_count": 3,
                "quote": "原文",
            },
        )
    ]


def test_what_only_follows_comes_when_asked_for_and_once() -> None:
    edges = network(TINY, inferred=True).edges(data="origin", keys=True)
    assert (ACTION.value, GOAL.value, "actionOf", "inferred") in edges
    assert {key for *_, key, _ in edges} == {"hasAction", "actionOf"}


def test_the_order_of_the_quads_does_not_matter() -> None:
    shuffled = random.Random(7).sample(QUADS, len(QUADS))
    assert graphml(GraphStore(shuffled)) == graphml(TINY)


def test_graphml_reads_back_with_a_label_for_every_node_and_nothing_empty() -> None:
    found = nx.read_graphml(BytesIO(graphml(TINY)), force_multigraph=True)
    assert found.nodes(data="label")[GOAL.value] == "目标"
    assert found.nodes(data="label")[ACTION.value] == "a"
    assert b"None" not in graphml(TINY)
    assert [about["evidence_count"] for *_, about in found.edges(data=True)] == [3]


def test_graphml_stays_well_formed_whatever_a_label_holds() -> None:
    label = Literal("<b>&\"'\x0b]]>", language="en")
    store = GraphStore([Quad(GOAL, TYPE, pg("Goal"), SHORT), Quad(GOAL, LABEL, label, SHORT)])
    found = nx.read_graphml(BytesIO(graphml(store)))
    assert found.nodes[GOAL.value]["label_en"] == "<b>&\"'\ufffd]]>"


def test_an_empty_graph_is_an_empty_network() -> None:
    assert len(network(GraphStore())) == 0
    assert len(nx.read_graphml(BytesIO(graphml(GraphStore())))) == 0


def test_the_conference_report_is_a_network_of_things_only(graph: PolicyGraph) -> None:
    things = network(graph.store)
    kinds = Counter(kind for _, kind in things.nodes(data="kind"))
    assert (kinds["Goal"], kinds["Action"]) == (8, 22)
    assert not kinds.keys() & {"Passage", "Text", "Section", "Source", "Judgement", "Period"}
    for *_, about in things.edges(data=True):
        assert about["origin"] in {"stated", "record", "registry", "editor"}
        assert ("quote" in about) == (about["origin"] == "stated")


def test_every_edge_of_the_conference_report_has_an_id_of_its_own(graph: PolicyGraph) -> None:
    edges = ET.fromstring(graphml(graph.store)).findall(".//{*}edge")
    assert len({edge.get("id") for edge in edges}) == len(edges) == len(network(graph.store).edges)
