"""Finding links: what agrees is listed, nothing is linked by a score, decisions are kept."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from conftest import ROOT
from policygraph.errors import UnreadableInput
from policygraph.graph.link.concept import Concept, Name
from policygraph.graph.link.concepts import read_packs, read_vocabulary_file
from policygraph.graph.link.kinds import read_kinds
from policygraph.graph.link.propose import Proposal, Proposer, folded
from policygraph.pipeline import PolicyGraph
from policygraph.text.links import read_link_set

COUNTRIES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix c: <http://publications.europa.eu/resource/authority/country/> .
c:KEN a skos:Concept ; skos:notation "KE" ;
    skos:prefLabel "肯尼亞"@zh-Hant , "Kenya"@en , "Kenia"@de .
c:CHN a skos:Concept ; skos:prefLabel "China"@en .
c:TWN a skos:Concept ; skos:altLabel "China (Taiwan)"@en .
"""
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of places only, without links."""
    root = tmp_path_factory.mktemp("linking")
    (root / "data" / "registry").mkdir(parents=True)
    for name in ("places.yaml", "sources.yaml", "topics.yaml"):
        shutil.copy(ROOT / "data" / "registry" / name, root / "data" / "registry" / name)
    (root / "countries.ttl").write_text(COUNTRIES, encoding="utf-8")
    return root


def listed(run: Run, place: Path, *more: str) -> list[dict[str, str]]:
    result = run("link", place / "countries.ttl", "-C", place, "-f", "json", "-q", *more)
    assert result.exit_code == 0, result.stderr
    rows: list[dict[str, str]] = json.loads(result.stdout)
    return rows


def test_names_in_either_script_and_codes_speak_for_a_link(run: Run, place: Path) -> None:
    best = listed(run, place)[0]
    assert best["thing"].startswith("place/KE")
    assert best["what agrees"].splitlines() == [
        "label: 肯尼亚 = 肯尼亞",
        "label: Kenya = Kenya",
        "code: KE = KE",
    ]
    assert best["link"] == "schema:sameAs"


def test_what_two_may_be_is_shown_with_its_rival(run: Run, place: Path) -> None:
    found = {row["there"].splitlines()[0][-3:]: row for row in listed(run, place)}
    assert found["TWN"]["rivals"].endswith("CHN")
    assert float(found["TWN"]["score"]) < float(found["CHN"]["score"])


def test_a_decision_is_written_with_who_when_and_why_and_builds(run: Run, place: Path) -> None:
    rows = {row["there"].splitlines()[0][-3:]: row["key"] for row in listed(run, place)}
    decided = run(
        *("link", place / "countries.ttl", "-C", place),
        *("--accept", rows["KEN"], "--refuse", rows["TWN"], "--undecided", rows["CHN"]),
        *("--by", "A. Reader", "--on", "2026-11-27", "--why", "names and code agree"),
    )
    assert decided.exit_code == 0, decided.stderr
    findings: list[object] = []
    folder = place / "data" / "links"
    made = read_link_set(folder / "countries.sssom.tsv", findings)  # type: ignore[arg-type]
    assert findings == []
    assert {(link.object[-3:], link.refused) for link in made.links} == {
        ("KEN", False),
        ("TWN", True),
    }
    for link in made.links:
        assert link.slots["mapping_justification"].endswith("ManualMappingCuration")
        assert link.slots["author_label"] == "A. Reader"
        assert link.slots["mapping_date"] == "2026-11-27"
    left_open = read_link_set(folder / "undecided" / "countries.sssom.tsv", findings)  # type: ignore[arg-type]
    assert findings == []
    assert [link.object[-3:] for link in left_open.links] == ["CHN"]
    assert "nothing here is asserted" in Path(left_open.where.file).read_text("utf-8")
    assert run("validate", "-C", place, "--engine", "fast", "-q").exit_code == 0
    states = {
        row["there"].splitlines()[0][-3:]: row["state"] for row in listed(run, place, "--all")
    }
    assert states == {"KEN": "linked", "TWN": "refused", "CHN": "undecided"}
    checked = run("link", place / "countries.ttl", "-C", place, "--check", "--lang", "en")
    assert checked.exit_code == 0
    assert "1 link(s)" not in checked.stderr
    assert "2 link(s) looked up, 0 not found" in checked.stderr


def test_a_link_into_an_edition_that_lacks_it_is_named(
    run: Run, place: Path, tmp_path: Path
) -> None:
    other = tmp_path / "later.ttl"
    other.write_text(COUNTRIES.replace("c:KEN", "c:TZA"), encoding="utf-8")
    links = place / "data" / "links"
    links.mkdir(exist_ok=True)
    if not (links / "countries.sssom.tsv").exists():
        pytest.skip("the test before wrote no links")
    checked = run("link", other, "-C", place, "--check", "--lang", "en")
    assert checked.exit_code == 1
    assert "countries.sssom.tsv:" in checked.stderr
    assert "country/KEN is not in" in checked.stderr


def test_a_decision_without_a_reason_is_refused(run: Run, place: Path) -> None:
    result = run("link", place / "countries.ttl", "-C", place, "--accept", "00000000")
    assert result.exit_code == 2
    assert "--why" in result.stderr


def test_what_has_no_link_is_listed_with_what_is_known(run: Run) -> None:
    result = run("link", "--missing", "-f", "csv", "-q", "-C", ROOT)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    plan = next(row for row in rows if row["thing"].endswith("cn-data-elements-x-plan"))
    assert (plan["code"], plan["day"]) == ("国数政策〔2023〕11号", "2023-12-31")
    assert not any(row["thing"].endswith("/CN-BJ") for row in rows)


BAD = {
    "latin-1": (
        "x.csv",
        "id,label\nhttp://a.org/1,Zürich\n".encode("latin-1"),
        "links/not-utf8",
        2,
    ),
    "UTF-16": ("x.csv", "id,label\n".encode("utf-16"), "links/not-utf8", 1),
    "GBK in Turtle": (
        "x.ttl",
        '<http://a.org/1> <http://a.org/p> "中国" .'.encode("gbk"),
        "links/malformed-rdf",
        1,
    ),
    "a prefix nobody declares": ("x.ttl", b"<http://a.org/1> a:p 1 .\n", "links/malformed-rdf", 1),
    "an IRI with a space": (
        "x.nt",
        b"<http://a.org/1> <http://a.org/p> <http://a.org/a b> .\n",
        "links/malformed-rdf",
        1,
    ),
    "an empty table": ("x.csv", b"", "links/no-column-for", 1),
    "json without an end": ("x.json", b"[" * 100_000, "links/needs-a-pack", 0),
    "no id column": ("x.csv", b"code,label\n1,a\n", "links/no-column-for", 1),
    "semicolons": ("x.csv", b"id;label\nhttp://a.org/1;a\n", "links/no-column-for", 1),
    "a row too short": ("x.csv", b"id,label\nhttp://a.org/1\n", "links/table-cells", 2),
    "an id with a space": ("x.csv", b"id,label\nhttp://a.org/a b,a\n", "links/no-identifier", 2),
    "an open quotation": ("x.csv", b'id,label\nhttp://a.org/1,"a\n', "links/malformed-table", 2),
    "broken turtle": ("x.ttl", b"<http://a.org/1> <http://a.org/p>\n", "links/malformed-rdf", 2),
    "a context on the web": (
        "x.jsonld",
        b'{"@context": "http://a.org/context", "@id": "http://a.org/1"}',
        "links/remote-context",
        1,
    ),
    "a context on the web beside one of its own": (
        "x.jsonld",
        b'{"@id": "http://a.org/1",\n "@context": [\n  "http://a.org/context", {"a": "http://a.org/a"}]}',
        "links/remote-context",
        3,
    ),
    "json without a pack": ("x.json", b"[]", "links/needs-a-pack", 0),
    "a spreadsheet": ("x.xlsx", b"PK", "links/unknown-form", 0),
}


@pytest.mark.parametrize(("name", "data", "message", "line"), BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_read_is_named_with_the_line(
    tmp_path: Path, name: str, data: bytes, message: str, line: int
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableInput) as error:
        read_vocabulary_file(tmp_path / name)
    assert (error.value.name, error.value.where.line) == (message, line)


def test_an_entity_bomb_ends_in_a_message(run: Run, tmp_path: Path, place: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 50}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE r [<!ENTITY e0 "boom">{entities}]>'
    text = (
        f'<?xml version="1.0"?>{bomb}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:s="http://www.w3.org/2004/02/skos/core#"><rdf:Description rdf:about="http://a.org/1">'
        "<s:prefLabel>&e8;</s:prefLabel></rdf:Description></rdf:RDF>"
    )
    (tmp_path / "bomb.rdf").write_text(text, encoding="utf-8")
    result = run("link", tmp_path / "bomb.rdf", "-C", place, "--lang", "en")
    assert result.exit_code == 3
    assert "bomb.rdf" in result.stderr or "memory" in result.stderr


def test_what_has_been_read_of_a_file_is_told_to_its_end(tmp_path: Path) -> None:
    lines = (f"http://a.org/{n},name {n},{'x' * 90}\n" for n in range(9000))
    (tmp_path / "large.csv").write_text("id,label,remark\n" + "".join(lines), "utf-8")
    counts: list[int] = []
    read = read_vocabulary_file(tmp_path / "large.csv", told=counts.append)
    assert len(read.concepts) == 9000
    assert counts == sorted(counts)
    assert counts[-1] == (tmp_path / "large.csv").stat().st_size
    assert len(set(counts)) > 2


@pytest.mark.skipif(sys.platform == "win32", reason="there are no terminals of this kind")
def test_a_large_file_is_read_under_a_bar(tmp_path: Path, conference: Path) -> None:
    import pty

    lines = (f"http://a.org/{n},name {n},{'x' * 90}\n" for n in range(60_000))
    (tmp_path / "large.csv").write_text("id,label,remark\n" + "".join(lines), "utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "policygraph", "link", str(tmp_path / "large.csv")]
    place = ["-C", str(conference)]
    with subprocess.Popen([*command, *place], stdout=subprocess.DEVNULL, stderr=theirs) as running:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # a terminal that nobody writes to any more
            while piece := os.read(ours, 4096):
                shown += piece
    os.close(ours)
    assert running.returncode == 0
    assert b"MB" in shown


def test_a_file_that_cannot_be_read_leaves_the_links_as_they_are(
    run: Run, tmp_path: Path, place: Path
) -> None:
    (tmp_path / "x.csv").write_text("id,label\nhttp://a.org/1\n", "utf-8")
    before = {path: path.read_bytes() for path in (place / "data" / "links").rglob("*.tsv")}
    decision = ("--accept", "00000000", "--by", "editors", "--why", "a case")
    result = run("link", tmp_path / "x.csv", *decision, "-C", place)
    assert result.exit_code == 3
    assert "x.csv:2" in result.stderr
    assert before == {path: path.read_bytes() for path in (place / "data" / "links").rglob("*.tsv")}


def test_a_pack_says_where_things_stand_in_a_file(tmp_path: Path) -> None:
    record = {"url": "http://metadata.un.org/thesaurus/1", "labels": {"zh": "数据", "ru": "данные"}}
    path = tmp_path / "topics.json"
    path.write_text(json.dumps({"topics": [record]}), encoding="utf-8")
    read = read_vocabulary_file(path, read_packs(ROOT / "ontology")["unbis"])
    assert read.concepts == (Concept(record["url"], [Name("数据", "zh", preferred=True)]),)  # type: ignore[arg-type]


LABELS_OF_THEIR_OWN = """@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix e: <http://a.org/> .
e:l1 xl:literalForm "Kenya"@en .
e:KE a e:Country ; xl:prefLabel e:l1 , e:l2 , [ xl:literalForm "Kenia"@de ] ;
    xl:altLabel [ xl:literalForm "肯亞"@zh-Hant ] .
e:l2 xl:literalForm "肯尼亚"@zh .
"""


def test_labels_of_skos_xl_are_names(tmp_path: Path) -> None:
    (tmp_path / "xl.ttl").write_text(LABELS_OF_THEIR_OWN, "utf-8")
    [kenya] = read_vocabulary_file(tmp_path / "xl.ttl").concepts
    assert {(name.text, name.lang, name.preferred) for name in kenya.names} == {
        ("Kenya", "en", True),
        ("肯尼亚", "zh", True),
        ("肯亞", "zh", False),
    }
    assert kenya.types == {"http://a.org/Country"}


def test_columns_are_known_by_their_names_in_either_language(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text(
        "网址,国家名称,name_en,别名,代码,类型,上级\nhttp://a.org/1,中国,China,中华,CN,国家,亚洲\n"
    )
    assert read_vocabulary_file(path).concepts == (
        Concept(
            "http://a.org/1",
            [
                Name("中国", "", preferred=True),
                Name("China", "en", preferred=True),
                Name("中华", "", preferred=False),
            ],
            {"CN"},
            {"亚洲"},
            {"国家"},
        ),
    )


KIND_OF_BEIJING = {
    "a class of another ontology": ("https://schema.org/AdministrativeArea", "agrees"),
    "a word": ("直辖市", "agrees"),
    "a word among others": ("capital city", "agrees"),
    "a name of people": ("family name", "is against"),
    "a meeting": ("http://data.europa.eu/m8g/PublicEvent", "is against"),
    "what says nothing": ("http://www.w3.org/2004/02/skos/core#Concept", "is silent"),
}


@pytest.mark.parametrize(("kind", "says"), KIND_OF_BEIJING.values(), ids=KIND_OF_BEIJING)
def test_the_type_of_what_bears_the_name_is_weighed(
    graph: PolicyGraph, kind: str, says: str
) -> None:
    def found(types: set[str]) -> Proposal:
        beijing = Concept("http://a.org/1", [Name("北京市", "zh", preferred=True)], types=types)
        return Proposer(graph.store, (), read_kinds(ROOT / "ontology")).proposals([beijing])[0]

    plain, typed = found(set()), found({kind})
    agrees = [each.theirs for each in typed.agreements if each.kind == "type"]
    against = [each.theirs for each in typed.against]
    expected = {"agrees": ([kind], []), "is against": ([], [kind]), "is silent": ([], [])}
    assert (agrees, against) == expected[says]
    order = {"agrees": 1, "is against": -1, "is silent": 0}[says]
    assert (typed.score > plain.score) - (typed.score < plain.score) == order


def test_what_both_are_a_part_of_is_weighed_by_name_or_identifier(graph: PolicyGraph) -> None:
    china = Concept("http://a.org/CN", [Name("China", "en", preferred=True)])
    names = [Name("Beijing", "en", preferred=True)]
    concepts = [
        china,
        Concept("http://a.org/1", names, wider={"http://a.org/CN"}),
        Concept("http://a.org/2", names, wider={"中國"}),
        Concept("http://a.org/3", names, wider={"Georgia"}),
    ]
    found = Proposer(graph.store).proposals(concepts)
    wider = {p.concept[-1]: {a.theirs for a in p.agreements if a.kind == "wider"} for p in found}
    assert {key: wider[key] for key in "123"} == {"1": {"China"}, "2": {"中國"}, "3": set()}


def test_identifiers_may_be_short_where_their_vocabulary_is_known(
    run: Run, tmp_path: Path, conference: Path
) -> None:
    path = tmp_path / "items.csv"
    path.write_text("item,itemLabel,类型\nQ956,Beijing,city\nwd:Q148,China,country\n", "utf-8")
    whole = run("link", path, "--scheme", "wd", "--all", "-f", "json", "-q", "-C", conference)
    found = {row["there"].splitlines()[0]: row["state"] for row in json.loads(whole.stdout)}
    item = "http://www.wikidata.org/entity/"
    assert found[f"{item}Q956"] == "linked"
    assert found[f"{item}Q148"] == "linked"
    unknown = run("link", path, "--scheme", "wikidata", "-C", conference, "--lang", "en")
    assert unknown.exit_code == 2
    assert "eurovoc" in unknown.stderr
    bare = run("link", path, "-C", conference, "--lang", "en")
    assert bare.exit_code == 3
    assert "items.csv:2" in bare.stderr
    assert "--scheme wd" in bare.stderr


def test_words_for_kinds_that_are_no_lists_are_named(tmp_path: Path) -> None:
    (tmp_path / "kinds.yaml").write_text("Place: 3\n", "utf-8")
    with pytest.raises(UnreadableInput) as error:
        read_kinds(tmp_path)
    assert error.value.name == "links/bad-kinds"


def test_folding_makes_scripts_widths_and_signs_alike() -> None:
    assert folded("《機構改革》") == folded("机构改革")
    assert folded("\uff24\uff21\uff34\uff21 ELEMENTS") == folded("data elements")
    assert folded("数据") != folded("数据元")


PACKS = {
    "EU countries": ("eu-countries-skos.rdf", None, set()),
    "EuroVoc": ("eurovoc-2021-06-04-en-fr.yaml", "eurovoc", set()),
    "UNBIS": ("unbis-topics-2023-04.json", "unbis", {"LA"}),
}
"""A vocabulary, its pack, and the countries that it knows by other names only."""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "pack", "missed"), PACKS.values(), ids=PACKS)
def test_proposals_hold_every_verified_country_and_no_wrong_one_first(
    shared: Path, graph: PolicyGraph, name: str, pack: str | None, missed: set[str]
) -> None:
    """The first proposal for each country is right, and few countries have none."""
    packs = read_packs(ROOT / "ontology")
    read = read_vocabulary_file(shared / "linkdata" / name, packs[pack] if pack else None)
    verified = {
        (link.subject, link.object)
        for link in read_link_set(ROOT / "data/links/seed-entities.sssom.tsv", []).links
        if not link.refused and "/place/" in link.subject
    }
    there = {concept.iri for concept in read.concepts}
    best: dict[str, str] = {}
    for each in Proposer(graph.store).proposals(read.concepts):
        if "/place/" in each.thing and not each.thing.endswith("/PS"):
            best.setdefault(each.thing, each.concept)
    expected = {each for each in verified if each[1] in there}
    assert len(expected) >= 14
    assert set(best.items()) <= expected
    assert {thing[-2:] for thing, _ in expected - set(best.items())} - {"PS"} == missed
