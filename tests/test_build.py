"""Asserted quads: what the documents state, in the graph of the words that state it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import policygraph
from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.corpus.kept import keep
from policygraph.corpus.order import Order
from policygraph.errors import UnreadableInput
from policygraph.graph.build import build as build_quads
from policygraph.graph.store import GraphStore
from policygraph.graph.vocabulary import Vocabulary
from policygraph.identifiers import origin_of, passage_span
from policygraph.namespaces import NIF, PG, PROV
from policygraph.report import DataError
from policygraph.text.documents import read_workspace
from policygraph.workspace import Place

NS = "https://w3id.org/policygraph/"
PG_STUDY = NS + "concepts/measure/study"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def statements(workspace: Path) -> Path:
    return workspace / "data" / "documents" / "example-2024" / "statements.yaml"


def test_every_stated_triple_opens_a_sentence_that_is_exactly_the_slice(
    graph: PolicyGraph,
) -> None:
    texts, quotes = {}, {}
    for quad in graph.store.quads("record"):
        if quad.predicate.value == NIF + "isString":
            texts[quad.subject.value] = quad.object.value
        elif quad.predicate.value == NIF + "anchorOf":
            quotes[quad.subject.value] = quad.object.value
    stated = list(graph.store.quads("stated"))
    assert len(stated) > 400
    for quad in stated:
        text, start, end = passage_span(quad.graph_name.value)
        assert texts[text][start:end] == quotes[quad.graph_name.value]


def test_the_restored_text_is_the_gold_text(graph: PolicyGraph, shared: Path) -> None:
    gold = (shared / "gold" / "dev" / "conference_2024.txt").read_text(encoding="utf-8")
    record = ROOT / "data" / "documents" / "cn-ndwc-2024"
    assert (record / "restored.txt").read_text(encoding="utf-8") == gold


def test_passages_point_into_the_damaged_source_too(graph: PolicyGraph) -> None:
    source = (ROOT / "data/documents/cn-ndwc-2024/source/conference.txt").read_text("utf-8")
    row = graph.query("sentence-of-statement", statement="cn-ndwc-2024-a4-1").rows[0]
    assert row["quote"] == "持续实施“东数西算”工程"
    assert source[row["source_begin"] : row["source_end"]].startswith("持續(xù)實(shí)施“東數(shù)")


def test_the_store_changes_no_literal(graph: PolicyGraph, vocabulary: Vocabulary) -> None:
    """Oxigraph keeps numbers by value: what is built must be written as it keeps it."""
    workspace = read_workspace(ROOT / "data", [])
    built = build_quads(workspace, vocabulary, graph.ids)
    assert set(built.quads) <= set(graph.store.quads())


def test_no_blank_node_is_in_the_graph(graph: PolicyGraph) -> None:
    assert not any("_:" in str(quad) for quad in graph.store.quads())


def test_every_graph_names_its_evidence(graph: PolicyGraph) -> None:
    origins = {origin_of(quad.graph_name.value) for quad in graph.store.quads()}
    assert origins == {
        "stated",
        "record",
        "registry",
        "editor",
        "links",
        "sources",
        "ontology",
        "inferred",
    }


def test_done_and_planned_never_mix(graph: PolicyGraph) -> None:
    answer = graph.query(
        f"SELECT ?s WHERE {{ ?s a <{PG}Achievement> . "
        f"{{ ?s a <{PG}Action> }} UNION {{ ?s a <{PG}Goal> }} "
        f"UNION {{ ?s <{PG}period> <{NS}id/period/2024> }} }}"
    )
    assert len(answer) == 0


def test_a_part_is_evidenced_by_the_words_from_the_whole_to_the_part(graph: PolicyGraph) -> None:
    explanation = graph.why("cn-ndwc-2024-g5", "hasAction", "cn-ndwc-2024-g5-a1")
    words = explanation.evidence[0].words["zh"]
    assert words == "优化数据基础设施布局。加快全国一体化算力网和数据流通基础设施建设"


def test_the_heading_of_a_section_states_the_period(graph: PolicyGraph) -> None:
    explanation = graph.why("cn-ndwc-2024-g5", "period", "2024")
    assert [evidence.words["zh"] for evidence in explanation.evidence] == ["对于2024年"]


def test_a_conference_keeps_the_claims_of_both_sources(graph: PolicyGraph) -> None:
    rows = [r for r in graph.query("events") if r["event"].endswith("/cn-ndwc-2024")]
    assert [row["held_until"] and row["held_until"].isoformat() for row in rows].count(None) == 1
    assert len(rows) == 2


def test_a_judgement_rests_on_the_passages_of_both_statements(graph: PolicyGraph) -> None:
    answer = graph.query(
        f"SELECT ?p WHERE {{ <{NS}graph/editor/cn-ndwc-2024-l1> <{PG}restsOn> ?p }}"
    )
    assert len(answer) == 2


def test_judgements_rest_on_the_same_passages_on_disk_and_after_a_change(
    graph: PolicyGraph, tmp_path: Path
) -> None:
    for part in ("data", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    assert bases_of(kept_in(tmp_path)) == bases_of(graph.store)
    for place in ("registry/judgements.yaml", "documents/cn-ndwc-2024/statements.yaml"):
        with (tmp_path / "data" / place).open("a", encoding="utf-8") as file:
            file.write("# read again\n")
        assert bases_of(kept_in(tmp_path)) == bases_of(graph.store)


def kept_in(root: Path) -> GraphStore:
    """Build a workspace on disk, or what changed in it, and open its store."""
    keep(Order(Place.at(root), lambda _name, _facts: None, engine="fast"), root / "dist")
    return GraphStore.at(root / "dist" / "store", read_only=True)


def bases_of(store: GraphStore) -> list[str]:
    """List what the judgements of a store rest on."""
    return sorted(str(q.triple) for q in store.quads() if q.predicate.value == PG + "restsOn")


def test_no_action_of_the_report_has_an_invented_body_or_deadline(graph: PolicyGraph) -> None:
    row = graph.query("accountability-gaps", year="2024").rows[0]
    assert row["actions"] == 22
    for gap in ("responsible", "supporting", "deadline"):
        assert row[f"without_{gap}"] == 22


SPOILS = [
    ("about: public-data", "about: public-dta", "data/unknown-thing"),
    ("about: public-data", "abuot: public-data", "data/unknown-property"),
    ("type: Goal", "type: Gaol", "data/unknown-class"),
    ("verb: 完善", "verb: 整", "statements/words-not-quoted"),
    ("verb: 完善", "verb: 平台", "statements/unknown-verb"),
    ("about: public-data", "about: data-security", "statements/not-named"),
    ("deadline: 2024-12-31", "deadline: 2024-13-31", "yaml/no-such-date"),
    ("deadline: 2024-12-31", "deadline: soon", "data/not-a-date"),
    ("deadline: 2024-12-31", "deadline: 2025", "statements/words-not-quoted"),
    ("value: 10", "value: 11", "statements/words-not-quoted"),
    ("value: 10", "value: 1", "statements/words-not-quoted"),
    ("deadline: 2024-12-31", "deadline: 2024-12-30", "statements/words-not-quoted"),
    ("held_on: 2024-01-15", "held_on: 2023-01-15", "statements/words-not-quoted"),
    (
        "news_source: example-data-bureau}",
        "news_source: {value: example-data-bureau, quote: 召开}}",
        "statements/not-named",
    ),
    ("value: 10", "value: ten", "data/not-a-number"),
    (
        "counts: {zh-Hans: 数据安全检查",
        "counts: {zh-Hans: 安全大检查",
        "statements/words-not-quoted",
    ),
    ("period: 2024", "period: 2025", "data/unknown-thing"),
    ("id: g1-a1", "id: g1", "statements/duplicate-id"),
    ("status: planned", "status: achieved", "shape/violation"),
    ("implements: one-net-for-data", "implements: example-data-bureau", "shape/violation"),
]


@pytest.mark.parametrize(("old", "new", "name"), SPOILS, ids=[f"{s[1]}" for s in SPOILS])
def test_a_spoilt_statement_is_refused_with_its_place(
    workspace: Path, old: str, new: str, name: str
) -> None:
    edit(statements(workspace), old, new)
    with pytest.raises(DataError) as caught:
        policygraph.build(workspace)
    found = [finding for finding in caught.value.findings if finding.name == name]
    assert found, caught.value
    assert found[0].where.file.endswith("statements.yaml")
    assert found[0].where.line > 0
    assert found[0].message("zh")
    assert found[0].message("en")


def test_the_example_workspace_builds_without_any_finding(workspace: Path) -> None:
    built = policygraph.build(workspace)
    assert built.findings == []
    row = built.query("accountability", year="2024").rows[0]
    assert row["responsible_en"] == "Data Bureau of Example City"
    assert row["deadline"].isoformat() == "2024-12-31"


def test_a_workspace_has_iris_under_its_own_base(workspace: Path) -> None:
    built = policygraph.build(workspace)
    things = {quad.subject.value for quad in built.store.quads("stated")}
    assert all(iri.startswith("https://example.org/policy/id/") for iri in things)


def test_an_altered_source_is_refused(workspace: Path) -> None:
    source = workspace / "data/documents/example-2024/source/example.txt"
    source.write_text(source.read_text("utf-8") + "！", encoding="utf-8")
    with pytest.raises(UnreadableInput) as caught:
        policygraph.build(workspace)
    assert caught.value.name == "source/altered"


def test_an_edited_restored_text_is_refused(workspace: Path) -> None:
    restored = workspace / "data/documents/example-2024/restored.txt"
    restored.write_text("别的文字", encoding="utf-8")
    with pytest.raises(UnreadableInput) as caught:
        policygraph.build(workspace)
    assert caught.value.name == "document/restored-differs"


def test_rejected_rows_stay_out_and_drafts_wait_in_their_own_graph(workspace: Path) -> None:
    path = statements(workspace)
    edit(
        path,
        "- id: g2-a1\n            type: Action",
        "- id: g2-a1\n            review: draft\n            type: Action",
    )
    without = policygraph.build(workspace)
    assert "g2-a1" not in str(list(without.store.quads()))
    with_drafts = policygraph.build(workspace, drafts=True)
    origins = {
        origin_of(q.graph_name.value)
        for q in with_drafts.store.quads()
        if "g2-a1" in str(q.subject) and q.predicate.value == PG + "verb"
    }
    assert origins == {"candidate"}
    assert len(with_drafts.query("actions-of-goal", goal="example-2024-g2")) == 0


def test_a_draft_leaves_no_trace_outside_the_candidate_graph(workspace: Path) -> None:
    plain = policygraph.build(workspace)
    edit(statements(workspace), "- id: g2\n", "- id: g2\n        review: draft\n")
    drafted = policygraph.build(workspace, drafts=True)
    mentioning = [quad for quad in drafted.store.quads() if "example-2024-g2" in str(quad.triple)]
    assert {origin_of(quad.graph_name.value) for quad in mentioning} == {"candidate"}
    assert len(drafted.query("numbers")) == len(plain.query("numbers"))


def test_a_row_that_cannot_be_read_is_never_set_aside(workspace: Path) -> None:
    edit(statements(workspace), "implements: one-net-for-data", "implements: example-data-bureau")
    edit(statements(workspace), "quote: 保障数据安全", "quote: 没有这句话")
    with pytest.raises(DataError):
        policygraph.build(workspace, keep_invalid=True)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("  status: proposed", "  status: proposed\n  date: whenever", "data/not-a-date"),
        ("  status: proposed", "  status: proposed\n  address: not an iri", "data/not-an-address"),
        ("  status: proposed", "  status: sure", "shape/violation"),
    ],
)
def test_a_spoilt_source_is_refused_with_its_place(
    workspace: Path, old: str, new: str, name: str
) -> None:
    edit(workspace / "data/registry/sources.yaml", old, new)
    with pytest.raises(DataError) as caught:
        policygraph.build(workspace)
    assert name in [finding.name for finding in caught.value.findings]


def test_a_period_that_the_heading_does_not_name_is_refused_once(workspace: Path) -> None:
    periods = workspace / "data/registry/periods.yaml"
    text = periods.read_text("utf-8")
    periods.write_text(text + "\n" + text.replace("2024", "2023"), "utf-8")
    edit(statements(workspace), "period: 2024", "period: 2023")
    with pytest.raises(DataError) as caught:
        policygraph.build(workspace)
    named = [f for f in caught.value.findings if f.name == "statements/not-named"]
    assert len(named) == 1
    assert "2023年" in named[0].message("zh")


def test_a_kind_of_measure_is_the_editors_word_not_the_texts(graph: PolicyGraph) -> None:
    evidence = graph.why("cn-ndwc-2024-a2-3", "measureKind", PG_STUDY).evidence
    assert [each.origin for each in evidence] == ["editor"]


def test_what_is_only_inferred_cannot_be_asserted(workspace: Path) -> None:
    edit(
        statements(workspace),
        "implements: one-net-for-data",
        "implements: one-net-for-data\n            advances: one-net-for-data",
    )
    with pytest.raises(DataError) as caught:
        policygraph.build(workspace)
    assert "never asserted" in str(caught.value)


def test_the_fast_engines_build_the_same_graph(graph: PolicyGraph) -> None:
    fast = policygraph.build(ROOT, engine="fast")
    assert set(fast.store.quads()) == set(graph.store.quads())
    assert fast.findings == graph.findings


def test_invalid_rows_can_be_set_aside(workspace: Path) -> None:
    edit(statements(workspace), "implements: one-net-for-data", "implements: example-data-bureau")
    built = policygraph.build(workspace, keep_invalid=True)
    assert built.quarantine
    assert all("g1-a1" in str(quad) for quad in built.quarantine)
    assert len(built.query("actions-of-goal", goal="example-2024-g2")) == 1


def test_a_registry_entry_without_a_source_is_refused(workspace: Path) -> None:
    edit(workspace / "data/registry/topics.yaml", "  source: glossary\n", "  source: nowhere\n")
    with pytest.raises(DataError) as caught:
        policygraph.build(workspace)
    assert "registry/unknown-source" in [f.name for f in caught.value.findings]


def test_two_entries_with_the_same_key_of_a_kind_are_refused(workspace: Path) -> None:
    topics = workspace / "data/registry/topics.yaml"
    topics.write_text(topics.read_text("utf-8").replace("data-security:", "public-data:"), "utf-8")
    with pytest.raises(DataError) as caught:
        policygraph.build(workspace)
    assert "yaml/duplicate-key" in [f.name for f in caught.value.findings]


def test_labels_in_traditional_script_convert_back_to_the_simplified_ones() -> None:
    import opencc

    convert = opencc.OpenCC("t2s").convert
    for path in sorted((ROOT / "data" / "registry").glob("*.yaml")):
        for key, row in yaml.safe_load(path.read_text("utf-8")).items():
            label = row.get("label", {})
            if "zh-Hant" in label:
                assert convert(label["zh-Hant"]) == label["zh-Hans"], f"{path.name}: {key}"


def test_every_quoted_thing_points_to_a_passage(graph: PolicyGraph) -> None:
    passages = {
        q.subject.value for q in graph.store.quads("record") if str(q.object) == f"<{PG}Passage>"
    }
    quoted = [q for q in graph.store.quads("record") if q.predicate.value == PROV + "wasQuotedFrom"]
    assert quoted
    assert {q.object.value for q in quoted} <= passages


def test_coverage_leaves_only_connectors(run: Callable[..., object]) -> None:
    result = run("coverage", "-C", ROOT, "-f", "json")
    assert result.exit_code == 0
    rows = yaml.safe_load(result.stdout)
    assert len(rows) == 31
    assert all(row["left_over"] == [] for row in rows)


def test_coverage_finds_words_that_nobody_covers(
    workspace: Path, run: Callable[..., object]
) -> None:
    edit(statements(workspace), "quote: 保障数据安全", "quote: 数据安全检查")
    result = run("coverage", "-C", workspace, "-f", "json")
    assert result.exit_code == 1
    assert "保障数据安全" in str(yaml.safe_load(result.stdout))
