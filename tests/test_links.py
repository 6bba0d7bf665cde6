"""Links to other vocabularies: read strictly, each with its evidence, refused ones kept out."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import policygraph
from conftest import ROOT
from policygraph.errors import UnreadableInput, Where
from policygraph.graph.link.schemes import scheme_of
from policygraph.graph.vocabulary import Vocabulary
from policygraph.pipeline import PolicyGraph
from policygraph.report import DataError, Finding
from policygraph.text.links import read_link_set, read_links
from policygraph.text.model import Link

SET = ROOT / "data" / "links" / "seed-entities.sssom.tsv"
HEAD = """#curie_map:
#  place: "https://w3id.org/policygraph/id/place/"
#  schema: "https://schema.org/"
#  wd: "http://www.wikidata.org/entity/"
#mapping_set_title: "A case"
#license: "https://creativecommons.org/publicdomain/zero/1.0/"
subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tconfidence
"""
ROW = "place:CN\tschema:sameAs\t\twd:Q148\tsemapv:LexicalMatching\t0.9\n"


def read(tmp_path: Path, text: str) -> tuple[tuple[Link, ...], list[Finding]]:
    path = tmp_path / "case.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    findings: list[Finding] = []
    return read_link_set(path, findings).links, findings


def test_a_row_becomes_a_link_with_whole_iris(tmp_path: Path) -> None:
    (link,), findings = read(tmp_path, HEAD + ROW)
    assert findings == []
    assert link.subject == "https://w3id.org/policygraph/id/place/CN"
    assert (link.predicate, link.object) == (
        "https://schema.org/sameAs",
        "http://www.wikidata.org/entity/Q148",
    )
    assert not link.refused
    assert link.slots["mapping_justification"] == "https://w3id.org/semapv/vocab/LexicalMatching"
    assert link.where == Where(str(tmp_path / "case.sssom.tsv"), 8, "place:CN")


SPOILT = {
    "a prefix nobody declares": (ROW.replace("wd:", "wikidata:"), "links/undeclared-prefix"),
    "an address with a space": (ROW.replace("wd:Q148", "wd:Q 148"), "links/not-an-iri"),
    "no justification": (ROW.replace("semapv:LexicalMatching", ""), "links/empty"),
    "a confidence above one": (ROW.replace("0.9", "1.9"), "links/confidence"),
    "a modifier in lower case": (ROW.replace("\t\t", "\tnot\t"), "links/modifier"),
    "a cell too many": (ROW.replace("\n", "\tmore\n"), "links/cells"),
    "the same row twice": (ROW + ROW, "links/twice"),
}


@pytest.mark.parametrize(("rows", "name"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_row_is_named_with_its_line(tmp_path: Path, rows: str, name: str) -> None:
    _, findings = read(tmp_path, HEAD + rows)
    line = 9 if name == "links/twice" else 8
    assert [(each.name, each.where.line) for each in findings] == [(name, line)]


def test_a_table_without_a_needed_column_gives_no_links(tmp_path: Path) -> None:
    links, findings = read(tmp_path, HEAD.replace("mapping_justification", "justified_by") + ROW)
    assert links == ()
    assert [each.name for each in findings] == ["links/missing-column", "links/unknown-slot"]


def test_a_set_without_a_licence_is_refused(tmp_path: Path) -> None:
    head = HEAD.replace('#license: "https://creativecommons.org/publicdomain/zero/1.0/"\n', "")
    _, findings = read(tmp_path, head + ROW)
    assert [each.name for each in findings] == ["links/no-licence"]


def test_a_quotation_mark_left_open_is_an_error_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput) as error:
        read(tmp_path, HEAD + ROW.replace("0.9", '"0.9'))
    assert error.value.name == "links/malformed"


def test_a_file_with_another_name_is_named(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("a,b\n", encoding="utf-8")
    findings: list[Finding] = []
    assert read_links(tmp_path, findings) == ()
    assert [each.name for each in findings] == ["links/unknown-file"]


@pytest.fixture(scope="module")
def links() -> tuple[Link, ...]:
    findings: list[Finding] = []
    links = read_link_set(SET, findings).links
    assert findings == []
    return links


def test_every_identifier_looks_like_one_of_its_vocabulary(
    links: tuple[Link, ...], vocabulary: Vocabulary
) -> None:
    assert [link for link in links if scheme_of(link.object, vocabulary.schemes) is None] == []


def test_every_link_is_a_graph_of_its_own_with_its_record(
    graph: PolicyGraph, links: tuple[Link, ...]
) -> None:
    made = list(graph.store.quads("links"))
    assert len(made) == len({quad.graph_name for quad in made})
    assert {(q.subject.value, q.predicate.value, q.object.value) for q in made} == {
        (link.subject, link.predicate, link.object) for link in links if not link.refused
    }


def test_a_link_is_explained_by_its_justification(graph: PolicyGraph) -> None:
    why = graph.why("CN-BJ", "schema:sameAs", "http://www.wikidata.org/entity/Q956")
    (evidence,) = why.evidence
    assert evidence.origin == "links"
    assert evidence.detail["justification"] == "semapv:CompositeMatching"
    assert "rigour" not in evidence.words["en"]


def spoilt(tmp_path: Path, row: str) -> Path:
    """Make a workspace whose links say one thing more."""
    data = tmp_path / "data"
    (data / "links").mkdir(parents=True)
    shutil.copytree(ROOT / "data" / "registry", data / "registry")
    (data / "registry" / "judgements.yaml").unlink()
    shutil.copy(SET, data / "links" / SET.name)
    text = SET.read_text(encoding="utf-8")
    head = text[: text.index("\n", text.index("subject_id\t")) + 1]
    (data / "links" / "sneaked.sssom.tsv").write_text(head + row, encoding="utf-8")
    return tmp_path


def row_of(relation: str, target: str, subject: str = "pgplace:CN-AH") -> str:
    """Write a row of the set above, about Anhui unless told otherwise."""
    cells = [subject, "", relation, "", target, "", "semapv:LexicalMatching", "", "", ""]
    return "\t".join(cells) + "\n"


def _refused() -> list[dict[str, str]]:
    lines = [line for line in SET.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [r for r in csv.DictReader(lines, delimiter="\t") if r["predicate_modifier"]]


@pytest.mark.parametrize("row", _refused(), ids=lambda r: f"{r['subject_id']} {r['object_id']}")
def test_a_refused_link_cannot_be_sneaked_in(tmp_path: Path, row: dict[str, str]) -> None:
    line = "\t".join({**row, "predicate_modifier": ""}.values()) + "\n"
    with pytest.raises(DataError) as error:
        policygraph.build(spoilt(tmp_path, line), engine="fast")
    rules = {finding.rule.rpartition("#")[2] for finding in error.value.findings}
    assert "mapping-refused" in rules
    refusals = [f for f in error.value.findings if f.rule.endswith("mapping-refused")]
    assert {finding.where.file.rpartition("/")[2] for finding in refusals} == {SET.name}


@pytest.mark.parametrize("relation", ["skos:closeMatch", "skos:broadMatch", "skos:relatedMatch"])
def test_a_refused_link_cannot_be_sneaked_in_by_another_relation(
    tmp_path: Path, relation: str
) -> None:
    row = row_of(relation, "unbis:1004660", "pgtopic:institutional-reform")
    with pytest.raises(DataError) as error:
        policygraph.build(spoilt(tmp_path, row), engine="fast")
    assert {f.rule.rpartition("#")[2] for f in error.value.findings} == {"mapping-refused"}


CONFLICTS = {
    "two items of one vocabulary": ("pgplace:CN-AH", "wd:Q1", "schema:sameAs"),
    **{
        f"{relation} to what is the same": (
            "pgtopic:personal-data",
            "eurovoc:5595",
            f"skos:{relation}Match",
        )
        for relation in ("broad", "narrow", "related")
    },
}


def test_close_beside_exact_contradicts_nothing(tmp_path: Path) -> None:
    row = row_of("skos:closeMatch", "eurovoc:5595", "pgtopic:personal-data")
    graph = policygraph.build(spoilt(tmp_path, row), engine="fast")
    assert [each for each in graph.findings if each.name == "links/contradiction"] == []


@pytest.mark.parametrize(("subject", "target", "relation"), CONFLICTS.values(), ids=CONFLICTS)
def test_a_link_that_contradicts_another_is_named_with_both_places(
    tmp_path: Path, subject: str, target: str, relation: str
) -> None:
    with pytest.raises(DataError) as error:
        policygraph.build(spoilt(tmp_path, row_of(relation, target, subject)), engine="fast")
    (found,) = error.value.findings
    assert found.name == "links/contradiction"
    assert {found.where.file.rpartition("/")[2], found.facts["where"].file.rpartition("/")[2]} == {
        SET.name,
        "sneaked.sssom.tsv",
    }


def test_a_place_is_not_matched_as_a_concept(tmp_path: Path) -> None:
    row = row_of("skos:closeMatch", "eurovoc:1")
    with pytest.raises(DataError) as error:
        policygraph.build(spoilt(tmp_path, row), engine="fast")
    assert {finding.rule.rpartition("#")[2] for finding in error.value.findings} == {"mapping-kind"}


def test_a_mistyped_identifier_names_file_line_and_the_form_expected(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    row = row_of("schema:sameAs", "wd:40956")
    result = run("validate", "-C", spoilt(tmp_path, row), "--lang", "en")
    assert result.exit_code == 1
    assert "sneaked.sssom.tsv:20 pgplace:CN-AH" in result.stderr
    assert "Q[1-9][0-9]*" in result.stderr


def test_links_agree_with_the_verified_tables(shared: Path, links: tuple[Link, ...]) -> None:
    """Every division and country has the identifiers of the evidence-checked tables, no others."""
    made = {(link.subject.rpartition("/")[2], link.object) for link in links if not link.refused}
    with (shared / "linkdata" / "cn-provincial-divisions-ids.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    expected = {
        (row["iso3166_2"], iri)
        for row in rows
        for iri in (
            f"http://www.wikidata.org/entity/{row['wikidata']}",
            f"https://sws.geonames.org/{row['geonames']}/",
        )
    }
    assert expected == {each for each in made if each[0].startswith("CN-")}
