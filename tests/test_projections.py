"""Networks as data files describe them: what is joined, how central it is, on whose word."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import networkx as nx
import pytest
from click.testing import Result
from networkx.algorithms.link_analysis.pagerank_alg import _pagerank_python
from pyoxigraph import Literal, NamedNode, Quad

from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import NothingFound, WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, pg
from policygraph.identifiers import Identifiers
from policygraph.namespaces import NIF
from policygraph.report import DataError
from policygraph.study.network.formats import write_network
from policygraph.study.network.measures import communities, pagerank
from policygraph.study.network.projections import Projection, Terms, read_projection
from policygraph.study.network.walk import project

IDS = Identifiers("https://example.org/")
TEXT = IDS.text("d", "0" * 64)
FIRST, SECOND = (NamedNode(IDS.passage(TEXT, start, start + 9)) for start in (0, 10))
EDITOR, INFERRED = NamedNode(IDS.graph("editor", "e")), NamedNode(IDS.graph("inferred"))
CANDIDATE = NamedNode(IDS.graph("candidate"))
TERMS = Terms(
    frozenset(pg(name).value for name in ("Institution", "Action", "Initiative", "Statement")),
    frozenset(pg(name).value for name in ("actor", "implements", "advances", "continues")),
)
NAMES = ["who-works-with-whom", "goals-sharing-initiatives", "initiatives-by-topic"]
NAMES += ["institutions-to-initiatives", "goals-by-topic"]


def thing(kind: str, key: str) -> NamedNode:
    return NamedNode(IDS.thing(kind, key))


A, B, C = (thing("institution", key) for key in "abc")
ONE, TWO = (thing("action", key) for key in ("one", "two"))
PLAN = thing("initiative", "plan")
QUADS = [
    *(Quad(each, TYPE, pg("Institution"), FIRST) for each in (A, B, C)),
    *(Quad(each, TYPE, pg(kind), FIRST) for each in (ONE, TWO) for kind in ("Action", "Statement")),
    Quad(PLAN, TYPE, pg("Initiative"), FIRST),
    Quad(A, LABEL, Literal("甲局", language="zh-hans"), FIRST),
    Quad(FIRST, NamedNode(NIF + "anchorOf"), Literal("甲局、乙局"), EDITOR),
    Quad(ONE, pg("actor"), A, FIRST),
    Quad(ONE, pg("actor"), B, FIRST),
    Quad(ONE, pg("actor"), B, SECOND),
    Quad(TWO, pg("actor"), A, SECOND),
    Quad(TWO, pg("actor"), B, EDITOR),
    Quad(TWO, pg("actor"), C, CANDIDATE),
    Quad(ONE, pg("implements"), PLAN, FIRST),
    Quad(TWO, pg("advances"), PLAN, INFERRED),
]
TOGETHER = """\
title: {en: together, zh: 合作}
question: {en: Who?, zh: 谁？}
edges:
  - name: {en: act together, zh: 共同}
    from: Institution
    path: ^actor / actor
    to: Institution
"""
CHAIN = """\
title: {en: chain, zh: 链}
question: {en: Who for what?, zh: 谁为何事？}
lines: arrows
edges:
  - name: {en: acts in -> for, zh: 实施 -> 落实}
    from: Institution
    path: ^actor -> implements | advances
    to: Initiative
"""


def described(folder: Path, text: str) -> Projection:
    (folder / "p.yaml").write_text(text, encoding="utf-8")
    return read_projection("p", folder, TERMS)


def test_an_edge_keeps_every_statement_and_passage_behind_it(tmp_path: Path) -> None:
    network = project(GraphStore(QUADS), described(tmp_path, TOGETHER))
    assert list(network.edges(data=True)) == [
        (
            A.value,
            B.value,
            {
                "relation_en": "act together",
                "relation_zh": "共同",
                "weight": 2,
                "origin": "stated",
                "statements": (ONE.value, TWO.value),
                "passages": (FIRST.value, SECOND.value),
                "other_evidence": (EDITOR.value,),
                "quotes": ("甲局、乙局", ""),
            },
        )
    ]
    assert network.nodes[A.value]["statements"] == (ONE.value, TWO.value)
    assert network.nodes[A.value]["passages"] == (FIRST.value, SECOND.value)
    assert network.nodes[A.value]["label_zh"] == "甲局"


def test_a_chain_is_as_strong_as_its_weakest_triple(tmp_path: Path) -> None:
    quads = [quad for quad in QUADS if quad.subject != ONE or quad.predicate == TYPE]
    network = project(GraphStore(quads), described(tmp_path, TOGETHER))
    assert network.edges[A.value, B.value]["origin"] == "editor"


def test_what_is_between_becomes_a_node_and_only_whole_chains_count(tmp_path: Path) -> None:
    network = project(GraphStore(QUADS), described(tmp_path, CHAIN))
    assert set(network.edges) == {
        (A.value, ONE.value),
        (B.value, ONE.value),
        (ONE.value, PLAN.value),
    }, "TWO leads to the plan by inference only"
    assert network.edges[ONE.value, PLAN.value]["relation_en"] == "for"


def test_what_only_follows_is_used_when_the_file_says_so(tmp_path: Path) -> None:
    network = project(GraphStore(QUADS), described(tmp_path, CHAIN + "inferred: use\n"))
    assert network.edges[TWO.value, PLAN.value]["origin"] == "inferred"
    assert network.edges[TWO.value, PLAN.value]["passages"] == ()


def test_a_class_in_brackets_lets_only_its_things_through(tmp_path: Path) -> None:
    text = TOGETHER.replace("^actor / actor", "^actor [Initiative] / actor")
    with pytest.raises(NothingFound, match="p"):
        project(GraphStore(QUADS), described(tmp_path, text))


def test_the_order_of_the_quads_does_not_matter(tmp_path: Path) -> None:
    projection = described(tmp_path, CHAIN + "inferred: use\n")
    shuffled = random.Random(7).sample(QUADS, len(QUADS))
    networks = [project(GraphStore(quads), projection) for quads in (QUADS, shuffled)]
    for form in ("graphml", "gexf", "json", "cytoscape", "csv"):
        assert write_network(networks[0], form) == write_network(networks[1], form)


# Bad files


@pytest.mark.parametrize(
    ("old", "new", "name", "line"),
    [
        ("^actor / actor", "^actr / actor", "network/unknown-term", 6),
        ("from: Institution", "from: Institutoin", "network/unknown-term", 5),
        ("^actor / actor", "^actor // actor", "network/bad-step", 6),
        ("^actor / actor", "^actor [ / actor", "network/bad-step", 6),
        ("^actor / actor", "^actor -> actor", "network/names-of-hops", 6),
        ("to: Institution", "into: Institution", "yaml/unknown-key", 4),
        ("title: {en: together, zh: 合作}", "title: {en: together}", "yaml/missing-key", 1),
        ("question: {en: Who?, zh: 谁？}", "lines: wavy", "yaml/not-allowed", 1),
    ],
)
def test_a_bad_file_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, name: str, line: int
) -> None:
    assert old in TOGETHER
    with pytest.raises(DataError) as caught:
        described(tmp_path, TOGETHER.replace(old, new))
    found = {(finding.name, finding.where.line) for finding in caught.value.findings}
    assert (name, line) in found
    assert all(finding.where.file.endswith("p.yaml") for finding in caught.value.findings)


def test_an_unknown_name_is_answered_with_the_nearest(graph: PolicyGraph) -> None:
    with pytest.raises(WrongUsage, match="who-works-with-whom"):
        graph.projection("who-works-with-who")


# Measures


def any_network(seed: int) -> nx.Graph[str]:
    network = nx.gnp_random_graph(12, 0.3, seed=seed, directed=seed % 2 == 1)
    network = nx.relabel_nodes(network, {node: f"n{node:02}" for node in network})
    for _, _, about in network.edges(data=True):
        about["weight"] = random.Random(seed).randint(1, 5)
    return network


@pytest.mark.parametrize("seed", range(8))
def test_pagerank_is_that_of_networkx(seed: int) -> None:
    network = any_network(seed)
    assert pagerank(network) == pytest.approx(
        _pagerank_python(network, tol=1e-12, max_iter=1000), abs=1e-7
    )


def test_pagerank_of_nothing_is_nothing() -> None:
    assert pagerank(nx.Graph()) == {}


def test_communities_are_numbered_from_the_largest() -> None:
    network = nx.disjoint_union(nx.complete_graph(3), nx.complete_graph(5))
    network = nx.relabel_nodes(network, {node: f"n{node}" for node in network})
    nx.set_edge_attributes(network, 1, "weight")
    assert list(communities(network).values()) == [2, 2, 2, 1, 1, 1, 1, 1]


@pytest.mark.parametrize("name", NAMES)
def test_each_figure_of_the_conference_lists_what_is_behind_it(
    graph: PolicyGraph, name: str
) -> None:
    network = graph.projection(name)
    assert sum(rank for _, rank in network.nodes(data="pagerank")) == pytest.approx(1, abs=1e-4)
    for iri, about in network.nodes(data=True):
        assert about["degree"] == network.degree(iri) > 0
        assert about["community"] >= 1
        assert about["passages"] or about["other_evidence"]
    for *_, about in network.edges(data=True):
        assert about["passages"] or about["other_evidence"]
        assert len(about["quotes"]) == len(about["passages"])
        assert all(about["quotes"])


def test_the_conference_joins_its_administration_with_five_initiatives(graph: PolicyGraph) -> None:
    network = graph.projection("institutions-to-initiatives")
    kinds = [kind for _, kind in network.nodes(data="kind")]
    assert (kinds.count("Institution"), kinds.count("Initiative")) == (1, 5)
    base = "https://w3id.org/policygraph/id/"
    step = network.edges[
        f"{base}achievement/cn-ndwc-2024-a4-1", f"{base}initiative/cn-east-data-west-computing"
    ]
    assert step["quotes"] == ("持续实施“东数西算”工程",)


# Formats


def test_graphml_and_gexf_read_back_as_they_were(graph: PolicyGraph) -> None:
    network = graph.projection("institutions-to-initiatives")
    for found in (
        nx.read_graphml(BytesIO(write_network(network, "graphml"))),
        nx.read_gexf(BytesIO(write_network(network, "gexf"))),
    ):
        assert found.is_directed()
        assert set(found.edges) == set(network.edges)
        for iri, about in found.nodes(data=True):
            assert about["pagerank"] == network.nodes[iri]["pagerank"]
            assert about["statements"].split() == list(network.nodes[iri]["statements"])
            assert about["label"]


def test_node_link_json_and_cytoscape_json_read_back(graph: PolicyGraph) -> None:
    network = graph.projection("who-works-with-whom")
    link = json.loads(write_network(network, "json"))
    found = nx.node_link_graph(link, edges="edges")
    assert set(found.edges) == set(network.edges)
    elements = json.loads(write_network(network, "cytoscape", "en"))
    back = nx.cytoscape_graph(elements)
    assert {frozenset(ends) for ends in back.edges} == {frozenset(ends) for ends in network.edges}
    for node in elements["elements"]["nodes"]:
        assert set(node["data"]) >= {"id", "name", "statements", "pagerank"}
    for edge in elements["elements"]["edges"]:
        assert {edge["data"]["source"], edge["data"]["target"]} <= set(network)
    names = [node["data"]["name"] for node in elements["elements"]["nodes"]]
    assert "National Data Administration" in names


def test_csv_has_the_columns_that_gephi_asks_for(graph: PolicyGraph) -> None:
    network = graph.projection("who-works-with-whom")
    edges = list(csv.DictReader(StringIO(write_network(network, "csv").decode())))
    assert list(edges[0])[:5] == ["Source", "Target", "Type", "Weight", "Label"]
    assert [row["Type"] for row in edges] == ["Undirected"] * network.number_of_edges()
    nodes = list(csv.DictReader(StringIO(write_network(network, "csv", nodes=True).decode())))
    assert {row["Id"] for row in nodes} == set(network)
    assert all(row["passages"] or row["other_evidence"] for row in nodes)


def test_the_files_are_the_same_under_every_hash_seed(conference: Path) -> None:
    script = (
        "import policygraph, sys;"
        "from policygraph.study.network.formats import FORMATS, write_network;"
        "graph = policygraph.open(sys.argv[1]);"
        "network = graph.projection('goals-sharing-initiatives');"
        "print(*[write_network(network, form) for form in FORMATS])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, conference / "dist"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert b"lastmodifieddate" not in outputs.pop()


# The command


@pytest.fixture(scope="module")
def analyst(conference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The conference with files of an analyst: one that works, one that joins nothing, one bad."""
    folder = Path(shutil.copytree(conference, tmp_path_factory.mktemp("analyst") / "workspace"))
    for name, path in (
        ("mine", "administeredBy"),
        ("empty", "^supportingInstitution / actor"),
        ("broken", "^actr / actor"),
    ):
        text = TOGETHER.replace("^actor / actor", path)
        (folder / "queries" / "projections" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_command_lists_networks_and_shows_one(
    conference: Path, run: Callable[..., Result]
) -> None:
    listed = run("network", "-C", conference).output
    assert all(name in listed for name in NAMES)
    shown = run("network", "institutions-to-initiatives", "-C", conference).output
    assert "cn-ndwc-2024-a4-1" in shown
    assert "持续实施“东数西算”工程" in shown
    chinese = run("network", "who-works-with-whom", "--lang", "zh", "-C", conference)
    assert "社群" in chinese.output


def test_the_command_writes_a_file_whole(
    conference: Path, tmp_path: Path, run: Callable[..., Result]
) -> None:
    target = tmp_path / "n.graphml"
    run("network", "who-works-with-whom", "-f", "graphml", "-o", target, "-C", conference)
    assert len(nx.read_graphml(target)) == 2


def test_a_file_of_an_analyst_is_found_beside_the_others(
    analyst: Path, run: Callable[..., Result]
) -> None:
    result = run("network", "mine", "-f", "csv", "-C", analyst)
    assert "cn-ndrc" in result.output
    assert "older than the data" not in result.stderr, "a network is no part of a build"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["who"], 2, "nearest: who-works-with-whom"),
        (["empty", "-f", "csv"], 1, "nothing in this graph is joined"),
        (["broken", "-f", "csv"], 1, "broken.yaml:6 the ontology has no actr"),
        (["who-works-with-whom", "-f", "json", "--nodes"], 2, "only csv"),
        (["-f", "csv"], 2, "list of networks"),
    ],
)
def test_bad_input_is_a_message_and_a_code_and_no_file(
    analyst: Path,
    tmp_path: Path,
    run: Callable[..., Result],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    output = ["-o", str(tmp_path / "out.csv")] if arguments[:1] not in ([], ["-f"]) else []
    result = run("network", *arguments, *output, "-C", analyst)
    assert (result.exit_code, words in " ".join(result.output.split())) == (code, True)
    assert not (tmp_path / "out.csv").exists()
