"""The five lines of the README, and what a researcher does with the graph afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest
import rdflib

import policygraph
from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph

PG = rdflib.Namespace("https://w3id.org/policygraph/ns#")
GOAL = rdflib.URIRef("https://w3id.org/policygraph/id/goal/cn-ndwc-2024-g5")


def test_the_data_folder_and_the_workspace_give_the_same_graph(graph: PolicyGraph) -> None:
    from_data = policygraph.build(ROOT / "data")
    assert set(from_data.store.quads()) == set(graph.store.quads())


def test_the_rdflib_face_answers_in_python_and_in_sparql(graph: PolicyGraph) -> None:
    dataset = graph.rdflib
    assert isinstance(dataset, rdflib.Dataset)
    assert len(set(dataset.objects(GOAL, PG.hasAction))) == 2
    rows = dataset.query("SELECT (COUNT(*) AS ?n) { ?g a pg:Goal }", initNs={"pg": PG})
    assert [int(row.n) for row in rows] == [8]
    passages = {str(context) for *_, context in dataset.quads((GOAL, rdflib.RDF.type, None, None))}
    assert any("#char=836,846" in name for name in passages)


def test_the_rdflib_face_and_the_store_hold_the_same_triples(graph: PolicyGraph) -> None:
    default = {(str(s), str(p), str(o)) for s, p, o in graph.rdflib.triples((None, None, None))}
    merged = {(t.subject.value, t.predicate.value, t.object.value) for t in graph.store.triples()}
    assert default == merged


def test_the_network_is_a_networkx_graph_with_labels_and_evidence(graph: PolicyGraph) -> None:
    network = graph.network()
    assert isinstance(network, nx.MultiDiGraph)
    assert network.nodes[str(GOAL)]["label_zh"] == "优化数据基础设施布局"
    relations = {data["relation"]: data for _, _, data in network.out_edges(str(GOAL), data=True)}
    assert relations["hasAction"]["origin"] == "stated"


def test_names_that_do_not_exist_are_refused() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = policygraph.nonsense


def test_importing_the_package_is_cheap() -> None:
    code = "import sys, policygraph; print('rdflib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_shell_completes_commands_and_queries(tmp_path: Path) -> None:
    env = {
        **os.environ,
        "_POLICYGRAPH_COMPLETE": "bash_complete",
        "COMP_WORDS": "policygraph query goals",
        "COMP_CWORD": "2",
    }
    program = Path(sys.executable).with_name("policygraph")
    done = subprocess.run(
        [program], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "goals-of-year" in done.stdout
