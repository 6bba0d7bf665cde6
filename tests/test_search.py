"""Search: what people type finds what they mean, and nothing they type is an instruction."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import WorkLost, WrongUsage
from policygraph.graph.search import find as finding
from policygraph.graph.search.find import Finder, marks_in
from policygraph.graph.search.gather import Gatherer, Item, Wording
from policygraph.graph.search.index import index_of, made
from policygraph.graph.search.kept import kept
from policygraph.graph.search.words import key_of, spellings, words_of
from policygraph.identifiers import Identifiers

CASES = yaml.safe_load((ROOT / "tests/cases/search/queries.yaml").read_text("utf-8"))
IDS = Identifiers("https://example.org/")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["words"])
def test_what_people_type_finds_first_what_they_mean(
    graph: PolicyGraph, case: dict[str, str]
) -> None:
    first = graph.search(str(case["words"])).hits[0]
    assert first.iri == f"{graph.ids.base}id/{case['first']}"
    assert first.why == case["why"]


def finder(*names: str, role: str = "label", kind: str = "Goal") -> Finder:
    """Index some names."""
    return Finder(
        made(
            (
                Item(IDS.thing("goal", str(n)), kind, (Wording(role, "", name),), (), ())
                for n, name in enumerate(names)
            ),
            IDS,
        )
    )


def keys(found: finding.Found) -> list[str]:
    return [hit.iri.rpartition("/")[2] for hit in found.hits]


def test_a_name_comes_before_its_continuations_and_they_before_the_rest() -> None:
    names = finder("提升数据", "数据治理体系", "数据", "数据治理")
    assert keys(names.find("数据")) == ["2", "3", "1", "0"]


def test_one_character_is_enough() -> None:
    assert keys(finder("数据", "算力", "算法").find("算")) == ["1", "2"]


def test_a_character_between_others_is_found() -> None:
    assert keys(finder("全国一体化算力网").find("化算")) == ["0"]


def test_characters_apart_are_no_phrase_but_may_be_asked_for_apart() -> None:
    names = finder("全国一体化算力网")
    assert not names.find("全国算力").hits
    assert keys(names.find("全国 算力")) == ["0"]


def test_a_word_of_letters_is_found_by_its_beginning_only_where_it_is_the_last() -> None:
    names = finder("the governance of data")
    assert names.find("governance dat").hits
    assert not names.find("govern data").hits


def test_marks_stand_where_the_words_are(graph: PolicyGraph) -> None:
    for words in ("數據", "数据 工作", "data"):
        for hit in graph.search(words).hits:
            assert hit.marks
            assert "".join(piece for piece, _ in hit.snippet(10**6)) == hit.text
            for start, end in hit.marks:
                assert key_of(hit.text[start:end]) in {key_of(words), *map(key_of, words.split())}


def test_a_snippet_is_short_and_holds_the_mark() -> None:
    names = finder("长" * 900 + "数据" + "句" * 900, role="sentence")
    pieces = names.find("数据").hits[0].snippet()
    assert ("数据", True) in pieces
    assert sum(len(piece) for piece, _ in pieces) < 250
    assert pieces[0] == ("…", False)
    assert pieces[-1][0].endswith("…")


def test_facets_count_what_each_value_would_leave(graph: PolicyGraph) -> None:
    whole = graph.search("数据")
    for value, count in whole.facets["kind"]:
        assert graph.search("数据", kind=value).total == count
    for value, count in whole.facets["year"]:
        assert graph.search("数据", year=value).total == count
    some = graph.search("数据", kind="Goal")
    assert some.facets["kind"] == whole.facets["kind"]
    assert sum(count for _, count in some.facets["year"]) < sum(c for _, c in whole.facets["year"])


def test_a_document_sifts_what_speaks_of_other_things(yunze: PolicyGraph) -> None:
    documents = [value for value, _ in yunze.search("数据").facets["document"]]
    assert len(documents) > 1
    for document in documents:
        found = yunze.search("数据", document=document.rpartition("/")[2])
        assert found.hits
        assert all(document in hit.documents for hit in found.hits)


def test_a_sentence_tells_its_document_and_place(graph: PolicyGraph) -> None:
    hit = graph.search("据国家数据局的消息").hits[0]
    assert hit.kind == "Passage"
    assert hit.span == (0, 34)
    assert hit.documents == (f"{graph.ids.base}id/document/cn-ndwc-2024",)


def test_no_sentence_is_given_twice(graph: PolicyGraph) -> None:
    found = graph.search("持续实施“东数西算”工程", kind="Passage")
    assert found.total == 1


def test_what_nobody_reviewed_is_not_found(graph: PolicyGraph) -> None:
    iris = {item.iri for item in Gatherer(graph.store, graph.ids).items()}
    assert iris
    assert not any("/candidate" in iri for iri in iris)


def test_pages_of_hits_follow_each_other(graph: PolicyGraph) -> None:
    whole = graph.search("数据", limit=50).hits
    parts = [graph.search("数据", limit=10, offset=n).hits for n in range(0, 50, 10)]
    assert [hit for part in parts for hit in part] == list(whole)
    assert len(whole) == 50


@pytest.mark.parametrize(
    "name", ["PolicyDocument", "pg:PolicyDocument", "policy-document", "policy_document"]
)
def test_a_kind_has_the_names_people_type(graph: PolicyGraph, name: str) -> None:
    assert [hit.kind for hit in graph.search("2024", kind=name).hits] == ["PolicyDocument"]


def test_an_unknown_kind_or_document_names_those_there_are(graph: PolicyGraph) -> None:
    with pytest.raises(WrongUsage, match="there are Achievement, Action"):
        graph.search("数据", kind="Gaol")
    with pytest.raises(WrongUsage, match="cn-ndwc-2024"):
        graph.search("数据", document="cn-ndwc-2025")


ILL_FORMED = [
    '"',
    '""',
    '"数据',
    "数据*",
    "^数据",
    "key:数据",
    "{key word}: 数据",
    "NEAR(数据 局, 2)",
    "数据 AND",
    "NOT 数据",
    "OR OR OR",
    "(数据",
    "数据)) --",
    "'; DROP TABLE item; --",
    "-数据",
    "+",
    "\x00",
    "数\x00据",
    "😀",
    "👩‍👩‍👧",
    "\u202e数据",
    "\ud800",
    "\ufeff",
    "%_",
    " ",
    "",
]


@pytest.mark.parametrize("words", ILL_FORMED)
def test_no_sign_of_a_query_has_a_meaning(graph: PolicyGraph, words: str) -> None:
    assert (
        graph.search(words).total == graph.search(" ".join(w.text for w in words_of(words))).total
    )


def test_marks_of_direction_and_joiners_are_not_seen() -> None:
    assert keys(finder("数据").find("\u202e数\u200b据\u2069")) == ["0"]


def test_the_longest_query_is_answered_and_a_longer_one_refused() -> None:
    names = finder("数" * 500)
    assert keys(names.find("数" * 500)) == ["0"]
    assert keys(names.find("数 " * 250)) == ["0"]
    with pytest.raises(WrongUsage, match="500"):
        names.find("数" * 501)


NAMES = finder("数据", "“东数西算”工程", "São Tomé", "a\x00b", "2024年", "データ", "데이터")


@given(st.text(max_size=60))
@example("\ud800")
@example("ß ﬁ ㎏ ½")
def test_any_text_can_be_searched_for(words: str) -> None:
    found = NAMES.find(words, {"kind": words, "year": words, "document": words})
    assert found.total >= len(found.hits)


@given(st.text(max_size=60))
def test_words_stand_in_order_in_their_text(text: str) -> None:
    words = words_of(text)
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert all(a.start <= b.start for a, b in pairwise(words))
    assert key_of(key_of(text)) == key_of(text)


@given(st.text(alphabet="数据國局 a1-“”é", min_size=1, max_size=30))
def test_a_name_is_found_by_itself(name: str) -> None:
    found = finder(name).find(name)
    assert bool(found.hits) is bool(words_of(name))
    assert all(hit.why == "name" for hit in found.hits)


def test_marks_that_touch_become_one() -> None:
    assert marks_in("数据数据", [words_of("数据")]) == ((0, 4),)


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("重庆市", ("chongqingshi", "cqs")),
        ("2024年", ("2024nian", "2024n")),
        ("“數據要素×”", ("shujuyaosu", "sjys")),
        ("data", None),
        ("字" * 41, None),
    ],
)
def test_names_are_spelt_in_latin_letters(name: str, spelt: tuple[str, str] | None) -> None:
    assert spellings(name) == spelt


def dumped(database: sqlite3.Connection) -> list[str]:
    return list(database.iterdump())


def test_the_same_graph_gives_the_same_index(graph: PolicyGraph, tmp_path: Path) -> None:
    one, other = (tmp_path / name for name in "ab")
    for path in (one, other):
        index_of(graph.store, graph.ids, path).close()
    assert one.read_bytes() == other.read_bytes()


def test_an_index_is_kept_until_the_graph_changes(tmp_path: Path) -> None:
    asked = []

    def make(path: Path | None) -> sqlite3.Connection:
        asked.append(path)
        return made((), IDS, path)

    keep = partial(kept, tmp_path / "index", make=make)
    for stamp in ("one", "one", "two", "two"):
        keep(stamp=stamp).close()
    assert len(asked) == 2
    (tmp_path / "index").write_bytes(b"no database" * 100)
    keep(stamp="two").close()
    assert len(asked) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_an_index_that_cannot_be_kept_stays_in_memory(tmp_path: Path) -> None:
    database = kept(tmp_path / "missing" / "index", "one", lambda path: made((), IDS, path))
    assert Finder(database).find("数据").total == 0


def test_a_search_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    names = finder(*("数据" + "据" * n for n in range(200)))
    monkeypatch.setattr(finding, "_SECONDS", -1.0)
    monkeypatch.setattr(finding, "_STEPS", 10)
    with pytest.raises(WorkLost, match="longer than"):
        names.find("数据")
    monkeypatch.undo()
    assert names.find("数据").total == 200


# the command


def test_the_command_shows_names_marked_and_in_the_readers_language(
    run: Callable[..., Result], conference: Path
) -> None:
    shown = run("search", "數據局", "-C", str(conference))
    assert shown.exit_code == 0
    assert "国家【数据局】" in shown.stdout
    assert "National Data Administration" in shown.stdout
    assert "institution 1" in shown.stderr
    chinese = run("search", "数据局", "--lang", "zh", "-C", str(conference))
    assert "机构" in chinese.stdout
    assert "共 5 条" in chinese.stderr


def test_the_command_writes_rows_for_programs(run: Callable[..., Result], conference: Path) -> None:
    where = ("-C", str(conference), "-q")
    rows = list(csv.DictReader(io.StringIO(run("search", "数据局", "-f", "csv", *where).stdout)))
    data = json.loads(run("search", "数据局", "-f", "json", *where).stdout)
    assert [row["iri"] for row in rows] == [hit["iri"] for hit in data["hits"]]
    assert data["total"] == len(rows) == 5
    assert rows[3]["begin"] == "0"
    assert data["hits"][0]["marks"] == [[2, 5]]


def test_words_that_are_none_are_told(run: Callable[..., Result], conference: Path) -> None:
    refused = run("search", "😀 --", "-C", str(conference))
    assert refused.exit_code == 2
    assert "no words to search for" in refused.stderr
