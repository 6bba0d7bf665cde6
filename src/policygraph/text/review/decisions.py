"""What a decision writes into a row.

In: a row of a sheet and what the reviewer wants; out: the keys that change. Who decided and on
which day is given by the caller: there is no clock here. What the drafter had proposed stays in
``drafted``, so that a decision can be taken back and its error is not offered again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from policygraph.errors import Where, WrongUsage
from policygraph.identifiers import KEY
from policygraph.text.restore import Span
from policygraph.text.review.places import Places, quoted
from policygraph.text.review.sheet import Item, Plain, Sheet

KINDS = ("Goal", "Action", "Achievement", "Aim", "Statement", "Figure")
Changes = dict[str, Plain | None]


@dataclass(frozen=True)
class Signature:
    """Who decides.

    Attributes:
        by: the reviewer's name.
        on: the day, ``YYYY-MM-DD``.
    """

    by: str
    on: str


@dataclass(frozen=True)
class Decision:
    """One thing a reviewer wants of one row.

    Attributes:
        row: key of the row.
        action: a name of ``ACTIONS``.
        value: the reason of a rejection, the new kind, verb, label or reference.
        field: the key to fill or to link by.
        lang: language of a label.
        span: the corrected words.
    """

    row: str
    action: str
    value: str = ""
    field: str = ""
    lang: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class _Case:
    """Everything a decision looks at."""

    sheet: Sheet
    item: Item
    decision: Decision
    text: str
    places: Places

    @property
    def fields(self) -> Mapping[str, Plain]:
        return self.item.fields

    def refuse(self, name: str, **facts: object) -> WrongUsage:
        where = Where(self.sheet.shown, self.item.line, self.item.key)
        return WrongUsage(name, where, **facts)


def decide(
    sheet: Sheet, decision: Decision, signature: Signature, text: str, places: Places
) -> Sheet:
    """Write a decision into a sheet.

    Args:
        sheet: the file as it is.
        decision: what is decided.
        signature: by whom and when.
        text: the restored text.
        places: where the rows of the sheet stand in it.

    Raises:
        WrongUsage: there is no such row or action, or the row does not allow it.
        UnreadableInput: the lines of the row cannot be changed safely.
    """
    item = sheet.rows.get(decision.row)
    if item is None:
        raise WrongUsage("review/no-row", Where(sheet.shown), id=decision.row)
    if decision.action not in ACTIONS:
        raise WrongUsage("review/no-action", Where(sheet.shown), action=decision.action)
    changes = ACTIONS[decision.action](_Case(sheet, item, decision, text, places))
    signed: Changes = {"by": signature.by, "on": signature.on}
    return sheet.change(item, {**signed, **changes})


def _accept(case: _Case) -> Changes:
    if case.item.key not in case.places.rows:
        raise case.refuse("review/not-in-text")
    return {"review": "accepted", "note": None}


def _reject(case: _Case) -> Changes:
    return {**_judged(case, "rejected"), "note": case.decision.value.strip() or None}


def _judged(case: _Case, review: str) -> Changes:
    """Set a review; a row whose words are gone stays lost and remembers it."""
    if case.item.review == "lost":
        return {"was": review}
    return {"review": review}


def _reopen(case: _Case) -> Changes:
    """Make the row a draft again, as the drafter had proposed it."""
    before = case.fields.get("drafted") or {}
    changes: Changes = {**_judged(case, "draft"), "by": None, "on": None, "note": None}
    if "quote" in before:
        changes |= {"occurrence": None}
    return {**changes, **before, "drafted": None}


def _correct_span(case: _Case) -> Changes:
    span, extent = case.decision.span, case.places.extent(case.item)
    if span is None or not span.start < span.end:
        raise case.refuse("review/no-words")
    if not (extent.start <= span.start and span.end <= extent.end):
        raise case.refuse("review/outside-section")
    keys = quoted(case.text, span, extent)
    changes = {**_drafted(case, "quote", "occurrence"), **keys}
    verb = case.fields.get("verb")
    if isinstance(verb, str) and verb not in str(keys["quote"]):
        changes |= {"verb": None}
    if case.item.review == "lost":
        changes |= {"review": case.fields.get("was", "draft"), "was": None}
    return changes


def _change_kind(case: _Case) -> Changes:
    if case.decision.value not in KINDS:
        raise case.refuse("review/no-kind", kind=case.decision.value, known=", ".join(KINDS))
    if "type" not in case.fields and "of" in case.fields:
        raise case.refuse("review/states-of")
    return {**_drafted(case, "type"), "type": case.decision.value}


def _drafted(case: _Case, *names: str) -> Changes:
    """Keep what the drafter proposed, the first time it is changed; own rows keep nothing."""
    before = dict(case.fields.get("drafted") or {})
    if "rule" not in case.fields or names[0] in before:
        return {}
    kept = {name: case.fields[name] for name in names if name in case.fields}
    return {"drafted": {**before, **kept}}


def _fill(case: _Case) -> Changes:
    """Set a value of words: a verb, or a label in a language."""
    name, words = _field(case), case.decision.value.strip()
    if not case.decision.lang:
        quote = str(case.fields.get("quote", ""))
        if name == "verb" and words not in quote:
            raise case.refuse("review/verb-not-quoted", verb=words, quote=quote)
        return {name: words or None}
    before = case.fields.get(name)
    if before is not None and not isinstance(before, dict):
        raise case.refuse("review/not-by-language", key=name)
    by_language = {**(before or {}), case.decision.lang: words}
    return {name: {lang: said for lang, said in by_language.items() if said} or None}


def _link(case: _Case) -> Changes:
    name, reference = _field(case), case.decision.value.strip()
    if not all(KEY.fullmatch(part) for part in reference.split("/")):
        raise case.refuse("statements/bad-id", value=reference)
    there = _references(case, name)
    return {} if reference in there else {name: [*there, reference]}


def _unlink(case: _Case) -> Changes:
    name = _field(case)
    left = [key for key in _references(case, name) if key != case.decision.value]
    return {name: left or None}


def _references(case: _Case, name: str) -> list[str]:
    there = case.fields.get(name, [])
    if isinstance(there, dict) or any(not isinstance(key, str) for key in there):
        raise case.refuse("review/by-hand", key=name)
    return [there] if isinstance(there, str) else list(there)


_FIXED = frozenset(
    {"id", "of", "type", "quote", "occurrence", "parts", "review", "rule", "confidence"}
    | {"reason", "by", "on", "note", "drafted", "was"}
)
"""Keys that other actions write, or nobody."""


def _field(case: _Case) -> str:
    name = case.decision.field
    if not name.isidentifier() or not name.isascii() or name in _FIXED:
        raise case.refuse("review/no-field", key=name)
    return name


ACTIONS: dict[str, Callable[[_Case], Changes]] = {
    "accept": _accept,
    "reject": _reject,
    "reopen": _reopen,
    "correct": _correct_span,
    "kind": _change_kind,
    "fill": _fill,
    "link": _link,
    "unlink": _unlink,
}
"""What can be done to a row, by name."""
