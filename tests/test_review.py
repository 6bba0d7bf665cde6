"""Decisions in ``statements.yaml``: written in place, kept when a draft is made again."""

from __future__ import annotations

import functools
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from conftest import ROOT
from policygraph.errors import PolicyGraphError, UnreadableInput, WrongUsage
from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.write import statements_yaml
from policygraph.text.draft.yaml_words import inline
from policygraph.text.restore import Span
from policygraph.text.review.anchors import Texts
from policygraph.text.review.carried import sorts
from policygraph.text.review.decisions import KINDS, Decision, Signature, decide
from policygraph.text.review.merge import Merged, merge, untouched
from policygraph.text.review.places import Places, places_of
from policygraph.text.review.sheet import Item, Sheet

PLAN = (ROOT / "tests" / "cases" / "draft" / "plan.txt").read_text("utf-8")
REPORT = ROOT / "data" / "documents" / "cn-ndwc-2024"
SIGNED = Signature("审核员", "2026-11-27")


@functools.cache
def drafter(version: int = 0) -> Drafter:
    """The drafter with the lexicon as it is, or with rows of its tables taken out."""
    return Drafter.read(_lexicon(version)) if version else Drafter.read()


def _lexicon(version: int) -> Path:
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="lexicon-")) / "zh"
    shutil.copytree(ROOT / "data" / "lexicon" / "zh", folder)
    table, step = ("verbs.tsv", 2) if version == 1 else ("kinds.tsv", 3)
    head, *rows = (folder / table).read_text("utf-8").splitlines()
    kept = [row for number, row in enumerate(rows) if number % step]
    (folder / table).write_text("\n".join([head, *kept]) + "\n", "utf-8")
    return folder


def drafted(text: str = PLAN, version: int = 0) -> str:
    made = draft_text(drafter(version), "plan", text, issued="2026-03-01")
    return statements_yaml(made, {}, {"2025", "2026"}, "0" * 64)


def placed(yaml_text: str, text: str = PLAN) -> tuple[Sheet, Places]:
    sheet = Sheet(yaml_text)
    return sheet, places_of(sheet, "plan", text, hashlib.sha256(text.encode()).hexdigest())


def decided(yaml_text: str, *decisions: Decision, text: str = PLAN) -> str:
    for decision in decisions:
        sheet, places = placed(yaml_text, text)
        yaml_text = decide(sheet, decision, SIGNED, text, places).text
    return yaml_text


def id_of(quote: str, yaml_text: str) -> str:
    return next(key for key, row in Sheet(yaml_text).rows.items() if row.fields["quote"] == quote)


# a decision in the file


def test_accepting_changes_the_lines_of_the_decision_and_no_other() -> None:
    before = drafted()
    row = id_of("健全数据归集制度", before)
    after = decided(before, Decision(row, "accept"))
    old, new = before.splitlines(), after.splitlines()
    added = [line.strip() for line in new if line not in old]
    assert added == ["review: accepted", "by: 审核员", "on: 2026-11-27"]
    assert len(new) == len(old) + 2


def test_comments_order_and_quotation_marks_of_a_curated_file_are_kept() -> None:
    text = (REPORT / "restored.txt").read_text("utf-8")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    before = (REPORT / "statements.yaml").read_text("utf-8")
    sheet = Sheet(before)
    for key in list(sheet.rows):
        places = places_of(sheet, "cn-ndwc-2024", text, sha256)
        sheet = decide(sheet, Decision(key, "reject", "only a test"), SIGNED, text, places)
    for key in list(sheet.rows):
        row = sheet.rows[key]
        gone = dict.fromkeys(("review", "by", "on", "note"))
        sheet = sheet.change(row, gone)
    assert sheet.text == before


def test_a_row_in_braces_is_changed_in_its_braces() -> None:
    sheet = Sheet("sections:\n- id: s\n  statements:\n  - {id: a, quote: 甲} # mine\n")
    changed = sheet.change(sheet.rows["a"], {"review": "accepted", "quote": "乙"})
    assert "  - {id: a, quote: 乙, review: accepted} # mine\n" in changed.text


def test_a_rejection_keeps_its_reason_and_the_row() -> None:
    before = drafted()
    row = id_of("明确部门职责", before)
    fields = Sheet(decided(before, Decision(row, "reject", "no: statement"))).rows[row].fields
    assert (fields["review"], fields["note"], fields["by"]) == (
        "rejected",
        "no: statement",
        "审核员",
    )


def test_corrected_words_are_counted_again_and_what_was_drafted_is_kept() -> None:
    before = drafted()
    row = id_of("健全数据归集制度", before)
    _, places = placed(before)
    span = places.rows[row].span
    after = decided(before, Decision(row, "correct", span=Span(span.start + 2, span.end)))
    fields = Sheet(after).rows[row].fields
    assert fields["quote"] == "数据归集制度"
    assert fields["drafted"] == {"quote": "健全数据归集制度", "verb": "健全"}
    assert "verb" not in fields, "the words no longer hold the verb"
    found = placed(after)[1].rows[row].span
    assert found == Span(span.start + 2, span.end)


def test_taking_a_decision_back_gives_the_row_the_drafter_wrote() -> None:
    before = drafted()
    row = id_of("明确部门职责", before)
    _, places = placed(before)
    span = places.rows[row].span
    after = decided(
        before,
        Decision(row, "correct", span=Span(span.start, span.end + 1)),
        Decision(row, "kind", "Goal"),
        Decision(row, "accept"),
        Decision(row, "reopen"),
    )
    assert after == before


def spans_of(words: str, text: str = PLAN) -> Span:
    start = text.index(words)
    assert text.find(words, start + 1) < 0
    return Span(start, start + len(words))


def test_verb_object_and_subject_are_words_of_the_row_and_come_back_when_it_is_reopened() -> None:
    before = drafted()
    row = id_of("将惠农补贴数据纳入公共平台", before)
    platform = spans_of("纳入公共平台")
    changed = decided(
        before,
        Decision(row, "fill", field="verb", span=platform),
        Decision(row, "fill", field="object"),
        Decision(row, "fill", "公共平台", field="subject"),
    )
    fields = Sheet(changed).rows[row].fields
    assert (fields["verb"], fields["subject"]) == ("纳入公共平台", "公共平台")
    assert "object" not in fields
    assert fields["drafted"] == {"verb": "纳入", "object": "惠农补贴数据", "subject": ""}
    opened = Sheet(decided(changed, Decision(row, "reopen"))).rows[row].fields
    assert opened == Sheet(before).rows[row].fields


def test_a_value_changed_back_to_what_was_drafted_is_no_correction() -> None:
    before = drafted()
    row = id_of("明确部门职责", before)
    span = spans_of("明确部门职责")
    after = decided(
        before,
        Decision(row, "kind", "Goal"),
        Decision(row, "kind", "Action"),
        Decision(row, "correct", span=Span(span.start + 2, span.end)),
        Decision(row, "correct", span=span),
        Decision(row, "fill", "明确", field="verb"),
        Decision(row, "link", "one-net", field="implements"),
        Decision(row, "unlink", "one-net", field="implements"),
    )
    assert "drafted" not in Sheet(after).rows[row].fields


def test_a_link_may_bring_words_of_its_own() -> None:
    before = drafted()
    row, words = id_of("不得重复采集", before), spans_of("各部门")
    after = decided(before, Decision(row, "link", "depts", field="actor", span=words))
    assert Sheet(after).rows[row].fields["actor"] == {"value": "depts", "quote": "各部门"}
    facts = placed(after)[1].rows[row].facts
    assert [(f.name, f.value, f.span) for f in facts if f.name == "actor"] == [
        ("actor", "depts", words)
    ]
    with pytest.raises(WrongUsage) as caught:
        decided(after, Decision(row, "link", "others", field="actor"))
    assert caught.value.name == "review/by-hand"
    gone = decided(after, Decision(row, "unlink", "depts", field="actor"))
    assert "actor" not in Sheet(gone).rows[row].fields
    assert decided(gone, Decision(row, "reopen")) == before


def test_links_and_labels_are_filled_and_emptied() -> None:
    before = drafted()
    row = id_of("明确部门职责", before)
    linked = decided(
        before,
        Decision(row, "link", "one-net", field="implements"),
        Decision(row, "link", "topic/data", field="about"),
        Decision(row, "link", "data-2", field="about"),
        Decision(row, "fill", "Make duties clear", field="label", lang="en"),
    )
    fields = Sheet(linked).rows[row].fields
    assert fields["implements"] == ["one-net"]
    assert fields["about"] == ["topic/data", "data-2"]
    assert fields["label"] == {"en": "Make duties clear"}
    emptied = decided(
        linked,
        Decision(row, "unlink", "one-net", field="implements"),
        Decision(row, "fill", "", field="label", lang="en"),
    )
    assert not {"implements", "label"} & set(Sheet(emptied).rows[row].fields)


@pytest.mark.parametrize(
    ("decision", "name"),
    [
        (Decision("nothing", "accept"), "review/no-row"),
        (Decision("ROW", "praise"), "review/no-action"),
        (Decision("ROW", "kind", "Poem"), "review/no-kind"),
        (Decision("ROW", "correct"), "review/no-words"),
        (Decision("ROW", "correct", span=Span(5, 10_000)), "review/outside-section"),
        (Decision("ROW", "correct", span=Span(0, 2)), "review/words-elsewhere"),
        (Decision("ROW", "accept", seen="明确部门"), "review/words-changed"),
        (Decision("ROW", "fill", "建立", field="verb"), "review/not-quoted"),
        (Decision("ROW", "fill", field="object", span=Span(0, 4)), "review/not-quoted"),
        (Decision("ROW", "link", "a", field="about", span=Span(0, 0)), "review/no-words"),
        (Decision("ROW", "fill", "x", field="review"), "review/no-field"),
        (Decision("ROW", "link", "a b", field="about"), "statements/bad-id"),
    ],
)
def test_what_a_row_does_not_allow_is_refused_by_name(decision: Decision, name: str) -> None:
    before = drafted()
    row = id_of("明确部门职责", before)
    key = row if decision.row == "ROW" else decision.row
    with pytest.raises(WrongUsage) as caught:
        decided(before, replace(decision, row=key))
    assert caught.value.name == name


def test_lines_that_cannot_be_changed_safely_are_refused() -> None:
    twice = Sheet("sections:\n- id: s\n  statements:\n  - {id: a, quote: 甲, verb: 建, verb: 造}\n")
    with pytest.raises(UnreadableInput, match="cannot be changed safely"):
        twice.change(twice.rows["a"], {"verb": None})


_WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12
) | st.sampled_from(["no", "~", "a: b", "- x", "'", '"', "#c", "2024-02-30", "{", "甲，乙"])


@given(
    st.recursive(
        _WORDS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
        max_leaves=5,
    )
)
def test_any_value_written_on_one_line_is_read_back(value: object) -> None:
    assert Sheet(f"top: {inline(value)}\n").plain == {"top": value}
    assert Sheet(f"top: {{k: {inline(value)}}}\n").plain == {"top": {"k": value}}


# a draft made again


def test_a_file_nobody_touched_is_replaced_by_the_new_draft() -> None:
    new = drafted(version=1)
    assert untouched(Sheet(drafted()))
    assert merge(drafted(), new, Texts(PLAN)).text == new


def test_the_same_draft_again_changes_nothing() -> None:
    before = drafted()
    row = id_of("明确部门职责", before)
    reviewed = decided(before, Decision(row, "reject", "not said"))
    assert merge(reviewed, before, Texts(PLAN)).text == reviewed


def test_rejected_words_are_not_offered_again_under_another_kind() -> None:
    before = drafted()
    row = id_of("明确部门职责", before)
    reviewed = decided(before, Decision(row, "reject"))
    other = before.replace(row, "d-00000000").replace("type: Action", "type: Goal")
    merged = Sheet(merge(reviewed, other, Texts(PLAN)).text)
    assert [r.review for r in merged.rows.values() if r.fields["quote"] == "明确部门职责"] == [
        "rejected"
    ]


def test_a_decision_whose_words_are_gone_is_kept_reported_and_comes_back_with_them() -> None:
    before = drafted()
    row = id_of("明确部门职责", before)
    reviewed = decided(before, Decision(row, "accept"))
    edited = PLAN.replace("明确部门职责", "厘清部门职责")
    merged = merge(reviewed, drafted(edited), Texts(edited, PLAN))
    assert [f.name for f in merged.findings] == ["statements/lost"]
    lost = Sheet(merged.text).rows[row]
    assert (merged.findings[0].where.line, merged.findings[0].where.id) == (lost.line, row)
    assert (lost.review, lost.fields["was"], lost.fields["by"]) == ("lost", "accepted", "审核员")
    again = merge(merged.text, drafted(), Texts(PLAN, edited))
    assert again.findings == ()
    assert Sheet(again.text).rows[row].review == "accepted"


def test_words_that_now_stand_twice_are_not_placed_by_guess() -> None:
    before = drafted()
    row = id_of("明确部门职责", before)
    reviewed = decided(before, Decision(row, "accept"))
    edited = f"{PLAN}\n明确部门职责。\n"
    unknown = merge(reviewed, drafted(edited), Texts(edited))
    assert Sheet(unknown.text).rows[row].review == "lost"
    known = merge(reviewed, drafted(edited), Texts(edited, PLAN))
    found = Sheet(known.text).rows[row]
    assert (found.review, found.fields["occurrence"]) == ("accepted", "1")


def test_a_lost_decision_is_left_out_of_what_is_read_and_its_parts_are_not() -> None:
    text = "2025年的计划如下：扩大开放。新增数据集。"
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    sheet = Sheet(
        f"document: plan\ntext: {sha256}\nsections:\n- id: s\n  statements:\n"
        "  - id: a\n    type: Goal\n    quote: 缩小开放\n    review: lost\n    was: accepted\n"
        "    parts:\n    - {id: b, type: Action, quote: 新增数据集}\n"
        "- {id: gone, quote: 二〇二六年, status: planned, period: 2026, review: lost, statements: ["
        "{id: c, type: Goal, quote: 扩大开放}]}\n"
    )
    places = places_of(sheet, "plan", text, sha256)
    assert [finding.severity for finding in places.findings] == ["warning", "warning"]
    assert [row.id for section in places.sections for row in section.rows] == ["b", "c"]
    assert (places.sections[1].status, places.sections[1].period) == ("stated", "")


# whatever is decided and whatever is edited

_SENTENCES = [line for line in PLAN.splitlines() if line]
_EDIT = st.one_of(
    st.tuples(
        st.just("swap"), st.sampled_from([("数据", "信息"), ("部门", "机构"), ("健全", "完善")])
    ),
    st.tuples(st.just("drop"), st.integers(0, len(_SENTENCES) - 1)),
    st.tuples(st.just("again"), st.integers(0, len(_SENTENCES) - 1)),
    st.tuples(st.just("move"), st.integers(0, len(_SENTENCES) - 1)),
    st.tuples(st.just("cut"), st.integers(0, len(PLAN) - 1)),
)
_DECISION = st.tuples(
    st.integers(0, 100),
    st.sampled_from(["accept", "reject", "kind", "correct", "link", "fill", "part", "reopen"]),
    st.integers(0, 6),
    st.integers(-4, 6),
)


def edited(text: str, edits: Sequence[tuple[str, object]]) -> str:
    for what, how in edits:
        lines = text.splitlines(keepends=True)
        if what == "swap":
            text = text.replace(*how)  # type: ignore[misc]
        elif what == "cut":
            text = text[:how] + text[how + 3 :]  # type: ignore[operator,misc]
        elif how < len(lines):  # type: ignore[operator]
            line = lines[how]  # type: ignore[index,call-overload]
            rest = lines if what == "again" else [*lines[:how], *lines[how + 1 :]]  # type: ignore[misc,operator]
            text = "".join(rest if what == "drop" else [*rest, line])
    return text


def chosen(yaml_text: str, text: str, choices: Sequence[tuple[int, str, int, int]]) -> str:
    for number, action, first, last in choices:
        sheet, places = placed(yaml_text, text)
        rows = list(sheet.rows)
        if not rows:
            return yaml_text
        row = rows[number % len(rows)]
        there = places.rows.get(row)
        span = Span(there.span.start + first, there.span.end + last) if there else None
        value = KINDS[first % len(KINDS)] if action == "kind" else "some-thing"
        field = {"link": "about", "part": "object"}.get(action, "label")
        lang = "en" if action == "fill" else ""
        action = "fill" if action == "part" else action
        try:
            done = decide(
                sheet, Decision(row, action, value, field, lang, span), SIGNED, text, places
            )
        except PolicyGraphError:
            continue  # this row does not allow it
        yaml_text = done.text
    return yaml_text


_MEANT = ("review", "by", "on", "note", "drafted", "label", "about", "type", "quote", "object")


def meant(sheet: Sheet) -> dict[str, dict[str, object]]:
    """What people decided, by row; a lost row counts as what it was."""
    decisions = {}
    for key, row in sheet.rows.items():
        if row.fields.get("by"):
            said = {name: row.fields[name] for name in _MEANT if name in row.fields}
            if said.get("review") == "lost":
                said["review"] = row.fields["was"]
            for name, value in said.items():
                if isinstance(value, dict):  # which occurrence is meant changes with the text
                    said[name] = {key: each for key, each in value.items() if key != "occurrence"}
            decisions[key] = said
    return decisions


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # making cases smaller takes minutes
)
@example([], [("again", 9), ("move", 5)], 0, True, [(51, "accept", 0, 0), (59, "accept", 0, 0)])
@example(
    [(23, "fill", 4, 4), (39, "reject", 4, -4), (45, "correct", 1, -1)],
    [("again", 5), ("swap", ("部门", "机构"))],
    2,
    True,
    [(69, "reopen", 1, -4), (77, "link", 6, 6), (46, "kind", 6, 5)],
)
@given(
    st.lists(_DECISION, max_size=6),
    st.lists(_EDIT, max_size=3),
    st.integers(0, 2),
    st.booleans(),
    st.lists(_DECISION, max_size=3),
)
def test_no_edit_of_text_or_lexicon_loses_a_decision_or_offers_it_again(
    first: list[tuple[int, str, int, int]],
    edits: list[tuple[str, object]],
    version: int,
    known: bool,
    second: list[tuple[int, str, int, int]],
) -> None:
    reviewed = chosen(drafted(), PLAN, first)
    now = edited(PLAN, edits)
    merged = merge(reviewed, drafted(now, version), Texts(now, PLAN if known else None))
    _holds(reviewed, merged, now)
    more = chosen(merged.text, now, second)
    back = merge(more, drafted(), Texts(PLAN, now if known else None))
    _holds(more, back, PLAN)


def _above(sheet: Sheet, key: str) -> Iterator[str]:
    """The rows above a row: they stay with it, decided or not."""
    while key := sheet.rows[key].above:
        yield key


def drafted_as(row: Item) -> str:
    """The sort of the row that was proposed, whatever kind a person made of it."""
    return list(sorts(row))[-1]


def _lost(row: Item) -> bool:
    return row.review == "lost"


def _holds(before: str, merged: Merged, text: str) -> None:
    old = Sheet(before)
    sheet, places = placed(merged.text, text)
    assert {f.name for f in places.findings} <= {"statements/lost"}
    assert meant(sheet) == meant(old)
    assert set(places.rows) == {key for key, row in sheet.rows.items() if row.review != "lost"}
    spans = {key: row.span for key, row in places.rows.items()}
    for key, span in spans.items():
        assert text[span.start : span.end] == sheet.rows[key].fields["quote"]
    judged = {key for key, row in sheet.rows.items() if row.fields.get("by")}
    sort = {key: drafted_as(row) for key, row in sheet.rows.items()}  # a figure may be a whole row
    offered = {(sort[key], span) for key, span in spans.items() if key not in judged}
    assert not offered & {(sort[key], span) for key, span in spans.items() if key in judged}
    lost = {(drafted_as(row), row.fields["quote"]) for row in sheet.rows.values() if _lost(row)}
    open_before = {above for key in judged for above in _above(sheet, key)}
    fresh = [key for key in spans if key not in judged | open_before]
    assert not lost & {(sort[key], text[slice(*spans[key])]) for key in fresh}
    assert len(offered) == len([key for key in spans if key not in judged])
    yaml.safe_load(merged.text)
