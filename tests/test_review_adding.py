"""What a reviewer adds: statements that were missed, sections mended, continuations decided on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import policygraph
from conftest import ROOT
from policygraph.corpus.continuing import Candidates
from policygraph.errors import PolicyGraphError, WrongUsage
from policygraph.graph.vocabulary import Vocabulary
from policygraph.serve.review.app import review_app
from policygraph.serve.review.desk import Desk
from policygraph.serve.review.library import Library
from policygraph.text.restore import Span
from policygraph.text.review.additions import Addition, add, mend_section
from policygraph.text.review.anchors import Texts
from policygraph.text.review.decisions import Signature
from policygraph.text.review.merge import merge
from policygraph.text.review.sheet import Sheet
from policygraph.workspace import Place
from test_review import PLAN, SIGNED, drafted, placed
from test_review_table import filled
from test_serve_review import HERE, OURS, TOKEN, rows

Run = Callable[..., Result]
YUNZE = "yz-conference-2025"
GROUNDS = {"en": "Both years speak of it.", "zh": "两年均提及。"}


def at(words: str, text: str = PLAN) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def missed(quote: str = "村口设一个采集点") -> tuple[str, str]:
    """A text with one statement more, and the draft without it."""
    text = PLAN.rstrip("\n") + f"\n另据介绍，{quote}。\n"
    draft = drafted(text)
    lines = draft.splitlines(keepends=True)
    sheet = Sheet(draft)
    gone = [item for item in sheet.rows.values() if item.fields["quote"] in (quote, "另据介绍")]
    for item in reversed(gone):
        first = draft[: sheet.first_line(item)].count("\n")
        del lines[first : first + draft[sheet.first_line(item) : sheet.after(item)].count("\n")]
    return text, "".join(lines)


def added(text: str, draft: str, **about: Any) -> Sheet:
    about.setdefault("span", Span(0, 0) if "村口" not in text else at("村口设一个采集点", text))
    addition = Addition(**{"kind": "Action", **about})
    return add(Sheet(draft), addition, SIGNED, text, lambda sheet: placed(sheet.text, text)[1])


# a statement that was missed


def test_a_statement_that_was_missed_is_added_as_accepted_by_a_person() -> None:
    text, draft = missed()
    sheet = added(text, draft, verb="设", object="一个采集点", subject="村口")
    [row] = [row for row in sheet.rows.values() if row.key not in Sheet(draft).rows]
    assert row.fields == {
        "id": row.key,
        "type": "Action",
        "quote": "村口设一个采集点",
        "verb": "设",
        "object": "一个采集点",
        "subject": "村口",
        "review": "accepted",
        "by": SIGNED.by,
        "on": SIGNED.on,
    }
    gone = [line for line in draft.splitlines() if line not in sheet.text.splitlines()]
    assert gone == []


def test_what_a_person_added_stays_when_the_text_is_drafted_again() -> None:
    text, draft = missed()
    sheet = added(text, draft)
    again = merge(sheet.text, drafted(text), Texts(text, text))
    quotes = [row.fields["quote"] for row in Sheet(again.text).rows.values()]
    assert quotes.count("村口设一个采集点") == 1
    assert again.findings == ()


def test_a_row_of_ones_own_that_is_a_draft_again_is_not_thrown_away() -> None:
    text, draft = missed()
    own = added(text, draft).text.replace("review: accepted", "review: draft")
    again = merge(own, drafted(text), Texts(text, text))
    assert [row.fields.get("by") for row in Sheet(again.text).rows.values()].count("审核员") == 1


def test_it_may_stand_under_another_row_of_its_section() -> None:
    text, draft = missed()
    sheet = Sheet(draft)
    last = [row for row in sheet.rows.values() if not row.above][-1]
    done = added(text, draft, above=last.key)
    [row] = [row for row in done.rows.values() if row.key not in sheet.rows]
    assert row.above == last.key


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ({"kind": "Wish"}, "review/no-kind"),
        ({"span": Span(3, 3)}, "review/no-words"),
        ({"verb": "建立"}, "review/not-quoted"),
        ({"above": "d-none"}, "review/no-row"),
        ({"span": Span(0, 10_000)}, "review/in-none"),
    ],
)
def test_what_no_build_would_take_is_refused(about: dict[str, Any], name: str) -> None:
    text, draft = missed()
    if name == "review/in-none":
        draft = draft.replace("- id: section-1\n", "- id: section-1\n  quote: 另据介绍\n", 1)
    with pytest.raises(WrongUsage) as refused:
        added(text, draft, **about)
    assert refused.value.name == name


def test_the_words_of_a_row_are_not_added_again() -> None:
    draft = drafted()
    row = next(iter(placed(draft)[1].rows.values()))
    with pytest.raises(WrongUsage) as refused:
        added(PLAN, draft, span=row.span)
    assert refused.value.name == "review/stands-already"


@given(st.integers(0, len(PLAN)), st.integers(1, 30), st.sampled_from(["Goal", "Statement"]))
def test_whatever_is_added_the_other_lines_stay(start: int, length: int, kind: str) -> None:
    draft = drafted()
    try:
        done = added(PLAN, draft, span=Span(start, start + length), kind=kind)
    except PolicyGraphError:
        return
    before = iter(draft.splitlines())
    missing = next(before, None)
    for line in done.text.splitlines():
        if line == missing:
            missing = next(before, None)
    assert missing is None
    [key] = set(done.rows) - set(Sheet(draft).rows)
    quote = str(done.rows[key].fields["quote"])
    assert placed(done.text)[1].rows[key].span == Span(at_nth(quote, done, key), 0)._replace(
        end=at_nth(quote, done, key) + len(quote)
    )
    assert quote == PLAN[start : start + length].strip()


def at_nth(quote: str, sheet: Sheet, key: str) -> int:
    row = placed(sheet.text)[1].rows[key]
    assert PLAN[slice(*row.span)] == quote
    return row.span.start


# a section


def test_status_and_period_of_a_section_are_mended_in_their_lines() -> None:
    before = drafted()
    done = mend_section(Sheet(before), "section-1", "achieved", "2025")
    assert {k: done.sections[0].fields[k] for k in ("status", "period")} == {
        "status": "achieved",
        "period": "2025",
    }
    back = mend_section(done, "section-1", str(Sheet(before).sections[0].fields["status"]), "")
    assert yaml.safe_load(back.text)["sections"][0].get("period") is None
    with pytest.raises(WrongUsage):
        mend_section(done, "section-1", "wished", "")
    with pytest.raises(WrongUsage):
        mend_section(done, "section-9", "stated", "")


# over HTTP


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples" / "yunze", tmp_path / "yunze"))


@pytest.fixture
def desk(place: Path, vocabulary: Vocabulary) -> Desk:
    folder = place / "data" / "documents" / YUNZE
    found, sign = Place.at(place), Signature("审核员", "2026-11-27")
    files = folder / "restored.txt", folder / "statements.yaml"
    return Desk(YUNZE, *files, lambda: sign, Library.at(found, YUNZE), Candidates(found, YUNZE))


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return TestClient(review_app(desk, TOKEN, 8765), base_url=HERE)


def post(client: TestClient, path: str, **asked: Any) -> Any:
    asked.setdefault("version", rows(client)["version"])
    return client.post(f"/{TOKEN}/{path}", json=asked, headers=OURS)


def candidates(client: TestClient) -> list[dict[str, Any]]:
    return list(client.get(f"/{TOKEN}/pairs").json())


def test_the_page_adds_a_row_and_takes_it_back_to_the_last_byte(
    client: TestClient, desk: Desk
) -> None:
    before, shown = desk.statements.read_bytes(), rows(client)
    row = next(row for row in shown["rows"] if row["fields"]["quote"] == "完善数据安全管理制度")
    span = [row["span"][0] + 2, row["span"][1]]
    guessed = client.get(f"/{TOKEN}/guess", params={"start": row["span"][0], "end": span[1]}).json()
    assert guessed == {"verb": "完善", "object": "数据安全管理制度"}
    done = post(client, "add", span=span, kind="Statement")
    assert len(done.json()["rows"]) == len(shown["rows"]) + 1
    assert post(client, "add", span=span, kind="Statement").status_code == 422
    assert post(client, "undo").json()["rows"] == shown["rows"]
    assert desk.statements.read_bytes() == before


@pytest.mark.parametrize("ends", [{}, {"start": "-1", "end": "3"}, {"start": "²", "end": "9"}])
def test_a_guess_about_nothing_is_refused(client: TestClient, ends: dict[str, str]) -> None:
    assert client.get(f"/{TOKEN}/guess", params=ends).status_code == 422


def test_a_section_takes_a_period_that_the_registry_has_and_no_other(
    client: TestClient, desk: Desk
) -> None:
    section = rows(client)["sections"][-1]["id"]
    wrong = post(client, "section", section=section, status="planned", period="1999")
    assert (wrong.status_code, "1999" in wrong.json()["en"][0]) == (422, True)
    done = post(client, "section", section=section, status="stated", period="")
    assert done.json()["sections"][-1]["status"] == "stated"
    assert client.get(f"/{TOKEN}/context").json()["periods"]


# continuations


def test_candidates_come_from_the_document_before_in_its_series(place: Path) -> None:
    found = Candidates(Place.at(place), YUNZE)
    assert found.before == Place.at(place).data / "documents" / "yz-conference-2024"
    first = found.find()[0]
    assert first.offer.words == ("完善数据安全管理制度", "完善数据安全管理制度")
    assert "data security" in first.grounds["en"]
    assert "数据安全" in first.grounds["zh"]
    assert Candidates(Place.at(place), "yz-conference-2024").before is None


def test_a_document_without_one_before_carries_on_what_it_reports_itself() -> None:
    found = Candidates(Place.at(ROOT), "cn-ndwc-2024").find()
    judged = {(each.row, each.earlier_row) for each in found if each.judged}
    assert {("g5-a1", "a4-2"), ("g1", "a2-1"), ("g7", "a5")} <= judged
    assert all(each.decision is None for each in found)


def test_rows_nobody_decided_on_have_candidates_and_are_not_decided_with_them(
    place: Path, run: Run, client: TestClient, desk: Desk
) -> None:
    desk.statements.unlink()
    assert run("draft", YUNZE, "-C", place, "-q").exit_code == 0
    [pair, *_] = candidates(client)
    answer = post(client, "pair", key=pair["key"], accepted=True, **GROUNDS)
    assert answer.status_code == 422
    assert "Accept the row first." in answer.json()["en"]
    assert not (place / "data" / "comparisons.yaml").exists()


def test_a_decision_on_a_pair_is_kept_asserts_nothing_and_is_not_asked_again(
    place: Path, run: Run, client: TestClient
) -> None:
    path = place / "data" / "comparisons.yaml"
    before = policygraph.build(place, engine="fast").export("nq")
    no, yes, *_ = candidates(client)
    assert post(client, "pair", key=no["key"], accepted=False, **GROUNDS).status_code == 200
    assert post(client, "pair", key=yes["key"], accepted=True, **GROUNDS).status_code == 200
    assert policygraph.build(place, engine="fast").export("nq") == before
    now = {each["key"]: each["review"] for each in candidates(client)}
    assert no["key"] not in now
    assert now[yes["key"]] == "accepted"
    asked = ("compare", "yz-conference-2024", YUNZE, "-C", place, "-q", "-f", "json", "--adopt")
    assert run(*asked).exit_code == 0
    assert "continues:" in (place / "data/registry/judgements.yaml").read_text("utf-8")
    assert run("validate", "-C", place, "-q", "--engine", "fast").exit_code == 0
    written = yaml.safe_load(path.read_text("utf-8"))
    assert written[no["key"]]["why"] == GROUNDS
    for _ in range(2):
        assert post(client, "undo").status_code == 200
    assert not path.exists()
    assert post(client, "undo").status_code == 422


def test_a_pair_that_was_offered_is_decided_in_its_lines(
    place: Path, run: Run, client: TestClient
) -> None:
    path = place / "data" / "comparisons.yaml"
    asked = ("compare", "yz-conference-2024", YUNZE, "-C", place, "-q", "-f", "json", "--offer")
    assert run(*asked).exit_code == 0
    offered = "# mine\n" + path.read_text("utf-8")
    path.write_text(offered, "utf-8")
    pair = next(each for each in candidates(client) if f"\n{each['key']}:" in offered)
    assert post(client, "pair", key=pair["key"], accepted=False, **GROUNDS).status_code == 200
    now = path.read_text("utf-8")
    assert now.count(f"{pair['key']}:") == 1
    assert [line for line in offered.splitlines() if line not in now.splitlines()] in (
        [],
        ["  review: undecided"],
    )
    assert yaml.safe_load(now)[pair["key"]]["review"] == "rejected"


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ({"key": "none"}, "no candidate"),
        ({"en": " "}, "grounds"),
        ({"accepted": "yes"}, ""),
    ],
)
def test_a_pair_is_decided_with_grounds_in_both_languages_or_not(
    client: TestClient, asked: dict[str, Any], part: str
) -> None:
    key = candidates(client)[0]["key"]
    answer = post(client, "pair", **{"key": key, "accepted": True, **GROUNDS, **asked})
    assert answer.status_code == 422
    assert part in answer.json()["en"][0]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_table_decides_on_candidates_with_their_grounds(
    place: Path, run: Run, ending: str
) -> None:
    table = place / f"out{ending}"
    assert run("draft", YUNZE, "-C", place, "--table", table, "--lang", "en").exit_code == 0
    words = "完善数据安全管理制度"
    filled(table, {(words, "continues"): "accept"})
    decided = run("review", YUNZE, "-C", place, "--table", table, "--by", "审核员")
    assert decided.exit_code == 0, decided.output
    [(key, pair)] = yaml.safe_load((place / "data/comparisons.yaml").read_text("utf-8")).items()
    assert key.startswith(YUNZE)
    assert (pair["review"], pair["by"]) == ("accepted", "审核员")
    assert "data security" in pair["why"]["en"]


def test_a_row_without_a_candidate_has_none_to_decide_on(place: Path, run: Run) -> None:
    table = place / "out.csv"
    assert run("draft", YUNZE, "-C", place, "--table", table, "--lang", "en").exit_code == 0
    filled(table, {("数据基础制度进一步健全", "continues"): "accept"})
    before = (place / "data/documents" / YUNZE / "statements.yaml").read_bytes()
    refused = run("review", YUNZE, "-C", place, "--table", table, "--by", "审核员")
    assert refused.exit_code == 1
    assert "[continues]" in refused.output
    assert (place / "data/documents" / YUNZE / "statements.yaml").read_bytes() == before
    assert not (place / "data/comparisons.yaml").exists()
