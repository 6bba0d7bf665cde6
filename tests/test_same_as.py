"""``build --same-as``: links say owl:sameAs, and what that means for inference and consistency."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from pyoxigraph import NamedNode

import policygraph
from policygraph.api.policy_graph import PolicyGraph
from policygraph.graph.terms import text_of
from policygraph.namespaces import OWL
from policygraph.report import DataError

Run = Callable[..., Result]

SAME = NamedNode(OWL + "sameAs")
WIKIDATA = "http://www.wikidata.org/entity/"
HEAD = """#curie_map:
#  place: "https://example.org/policy/id/place/"
#  institution: "https://example.org/policy/id/institution/"
#  topic: "https://example.org/policy/id/topic/"
#  schema: "https://schema.org/"
#  wd: "http://www.wikidata.org/entity/"
#  gn: "https://sws.geonames.org/"
#license: "https://creativecommons.org/publicdomain/zero/1.0/"
subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification
"""
CITY = ("place:example-city", "schema:sameAs", "", "wd:Q42")
NOT_CITY = ("place:example-city", "schema:sameAs", "Not", "wd:Q43")
BUREAU = ("institution:example-data-bureau", "schema:sameAs", "", "wd:Q44")
TOPIC = ("topic:public-data", "skos:closeMatch", "", "wd:Q45")


@pytest.fixture
def linked(workspace: Path) -> Callable[..., Path]:
    """Give the small workspace with some links."""

    def with_links(*rows: tuple[str, ...]) -> Path:
        folder = workspace / "data" / "links"
        folder.mkdir(exist_ok=True)
        lines = ("\t".join((*row, "semapv:LexicalMatching")) + "\n" for row in rows)
        (folder / "case.sssom.tsv").write_text(HEAD + "".join(lines), "utf-8")
        return workspace

    return with_links


def same(graph: PolicyGraph) -> set[tuple[str, str, str]]:
    quads = graph.store.engine.quads_for_pattern(None, SAME, None, None)
    named = [quad for quad in quads if text_of(quad.graph_name)]
    return {
        (text_of(q.subject), text_of(q.object), text_of(q.graph_name).split("/graph/")[1][:10])
        for q in named
    }


def test_without_the_switch_nothing_is_the_same_in_owl(linked: Callable[..., Path]) -> None:
    graph = policygraph.build(linked(CITY), engine="fast")
    assert same(graph) == set()


def test_with_it_a_link_says_so_in_its_own_graph_and_a_topic_does_not(
    linked: Callable[..., Path],
) -> None:
    graph = policygraph.build(linked(CITY, TOPIC, NOT_CITY), engine="fast", same_as=True)
    city = "https://example.org/policy/id/place/example-city"
    assert same(graph) == {(city, WIKIDATA + "Q42", "links/case")}


def test_what_is_said_of_the_one_holds_of_the_other_with_a_proof(
    linked: Callable[..., Path],
) -> None:
    graph = policygraph.build(linked(CITY), engine="fast", same_as=True)
    plain = policygraph.build(linked(CITY), engine="fast")
    question = "SELECT ?event { ?event pg:heldIn <http://www.wikidata.org/entity/Q42> }"
    [row] = graph.query(question)
    assert str(row["event"]).endswith("example-conference-2024")
    assert len(plain.query(question)) == 0
    found = graph.why("example-conference-2024", "heldIn", WIKIDATA + "Q42")
    assert found.proof is not None
    assert found.proof.rule == "eq-rep-o"


@pytest.mark.parametrize("rows", [(CITY,), (CITY, BUREAU, TOPIC, NOT_CITY)])
def test_both_engines_infer_the_same(
    linked: Callable[..., Path], rows: tuple[tuple[str, ...], ...]
) -> None:
    place = linked(*rows)
    graphs = [policygraph.build(place, engine=e, same_as=True) for e in ("fast", "pyshacl")]
    fast, reference = (set(map(str, graph.store.quads("inferred"))) for graph in graphs)
    assert fast == reference
    assert any(WIKIDATA in line for line in fast)


def test_nothing_is_said_to_be_the_same_as_itself(linked: Callable[..., Path]) -> None:
    place = linked(CITY, BUREAU)
    for engine in ("fast", "pyshacl"):
        graph = policygraph.build(place, engine=engine, same_as=True)
        triples = graph.store.triples()
        assert not [t for t in triples if t.subject == t.object and "sameAs" in t.predicate.value]


def test_a_graph_kept_on_disk_says_the_same(
    run: Run, linked: Callable[..., Path], tmp_path: Path
) -> None:
    place = linked(CITY, BUREAU)
    target = tmp_path / "kept"
    assert run("build", "--store", "--same-as", "-C", place, "-o", target).exit_code == 0
    kept = policygraph.open(target)
    built = policygraph.build(place, engine="fast", same_as=True)
    assert set(map(str, kept.store.quads())) == set(map(str, built.store.quads()))
    kept.store.close()
    assert run("build", "--store", "-C", place, "-o", target).exit_code == 0
    assert same(policygraph.open(target)) == set()


def test_two_of_our_things_that_would_be_one_are_named(
    run: Run, linked: Callable[..., Path]
) -> None:
    place = linked(CITY, ("institution:example-data-bureau", *CITY[1:]))
    assert run("build", "-C", place).exit_code == 0
    result = run("build", "--same-as", "-C", place)
    assert result.exit_code == 1
    assert "case.sssom.tsv:11" in result.stderr.replace("\n", "")
    findings = policygraph.build(place, engine="fast").findings
    assert [f.severity for f in findings if f.name == "links/shared"] == ["warning"]


def test_a_refused_link_is_not_made_by_the_switch(linked: Callable[..., Path]) -> None:
    place = linked(CITY, NOT_CITY, ("place:example-city", "owl:sameAs", "", "wd:Q43"))
    with pytest.raises(DataError, match="refused here is made"):
        policygraph.build(place, engine="fast", same_as=True)


def test_a_chain_that_would_make_a_refused_link_stops_the_build(
    linked: Callable[..., Path],
) -> None:
    """The town is what the city must not be, and both are the same as a third."""
    place = linked(CITY, NOT_CITY)
    statements = "example-town:\n  label: {en: Example Town}\n  source: glossary\n"
    registry = place / "data" / "registry" / "places.yaml"
    registry.write_text(registry.read_text("utf-8") + statements, "utf-8")
    chain = (
        ("place:example-town", "schema:sameAs", "", "wd:Q43"),
        ("place:example-town", "schema:sameAs", "", "gn:1/"),
        ("place:example-city", "schema:sameAs", "", "gn:1/"),
    )
    linked(CITY, NOT_CITY, *chain)
    with pytest.raises(DataError) as caught:
        policygraph.build(place, engine="fast", same_as=True)
    assert "links/shared" in {finding.name for finding in caught.value.findings}


def test_owl_same_as_in_a_file_is_refused(linked: Callable[..., Path]) -> None:
    place = linked(("place:example-city", "owl:sameAs", "", "wd:Q42"))
    with pytest.raises(DataError, match=r"all other things by schema:sameAs"):
        policygraph.build(place, engine="fast", same_as=True)
