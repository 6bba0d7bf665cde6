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
from policygraph.text.draft.stated import DRAFTED
from policygraph.text.model import covers, overlap
from policygraph.text.restore import Span
from policygraph.text.review.places import Places, quoted
from policygraph.text.review.sheet import Item, Plain, Sheet

KINDS = ("Goal", "Action", "Achievement", "Aim", "Statement", "Figure")
WORDS = ("verb", "object", "subject")
"""Keys whose values are words of the row."""

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
        value: the reason of a rejection, the new kind, a verb, a label, a day or a reference.
        field: the key to fill or to link by.
        lang: language of a label.
        span: the corrected words; those that are the verb, object or subject; or those that state
            a link or a day where the words of the row do not.
        seen: the words of the row that the reviewer saw; empty where nobody saw any.
    """

    row: str
    action: str
    value: str = ""
    field: str = ""
    lang: str = ""
    span: Span | None = None
    seen: str = ""


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
    case = _Case(sheet, item, decision, text, places)
    if decision.seen not in ("", now := str(item.fields.get("quote", ""))):
        raise case.refuse("review/words-changed", now=now)
    changes = ACTIONS[decision.action](case)
    signed: Changes = {"by": signature.by, "on": signature.on}
    return sheet.change(item, _settled(item, {**signed, **changes}))


def _settled(item: Item, changes: Changes) -> Changes:
    """Forget a proposal that the row is back at."""
    row = {**item.fields, **changes}
    drafted = row.get("drafted")
    if not isinstance(drafted, dict):
        return changes
    back = {name for name, said in drafted.items() if (row.get(name) or "") == (said or "")}
    if row.get("occurrence") != drafted.get("occurrence"):
        back -= {"quote", "occurrence"}
    left = {name: said for name, said in drafted.items() if name not in back}
    if set(left) == {"occurrence"}:
        left = {}
    return {**changes, "drafted": left or None} if left != drafted else changes


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
    return {**changes, **{name: said or None for name, said in before.items()}, "drafted": None}


def _correct_span(case: _Case) -> Changes:
    row, keys = case.places.rows.get(case.item.key), _quoting(case)
    if row and case.decision.span and not overlap(row.span, case.decision.span):
        raise case.refuse("review/words-elsewhere", words=keys["quote"])
    quote = str(keys["quote"])
    gone = [name for name in WORDS if str(case.fields.get(name, "")) not in quote]
    changes = {**_drafted(case, "quote", "occurrence", *gone), **keys, **dict.fromkeys(gone)}
    if case.item.review == "lost":
        changes |= {"review": case.fields.get("was", "draft"), "was": None}
    return changes


def _quoting(case: _Case) -> Changes:
    """Say the keys that quote the words of a decision."""
    span, extent = case.decision.span, case.places.extent(case.item)
    if span is None or not span.start < span.end:
        raise case.refuse("review/no-words")
    if not covers(extent, span):
        raise case.refuse("review/outside-section")
    return dict(quoted(case.text, span, extent))


def _change_kind(case: _Case) -> Changes:
    if case.decision.value not in KINDS:
        raise case.refuse("review/no-kind", kind=case.decision.value, known=", ".join(KINDS))
    if "type" not in case.fields and "of" in case.fields:
        raise case.refuse("review/states-of")
    return {**_drafted(case, "type"), "type": case.decision.value}


def _drafted(case: _Case, *names: str) -> Changes:
    """Keep what the drafter proposed, the first time it is changed; own rows keep nothing."""
    before = dict(case.fields.get("drafted") or {})
    if "rule" not in case.fields:
        return {}
    new = [name for name in names if name not in before]
    if "quote" in before:
        new = [name for name in new if name != "occurrence"]
    kept = {name: case.fields.get(name, "") for name in new if name != "occurrence"}
    if "occurrence" in new and "occurrence" in case.fields:
        kept["occurrence"] = case.fields["occurrence"]
    return {"drafted": {**before, **kept}} if kept else {}


def _fill(case: _Case) -> Changes:
    """Set words of the row, a label in a language, or another value."""
    name, words = _field(case), case.decision.value.strip()
    if name in WORDS:
        return _words(case, name, words)
    if not case.decision.lang:
        return {**_proposed(case, name), name: _stated(case, words) if words else None}
    before = case.fields.get(name)
    if before is not None and not isinstance(before, dict):
        raise case.refuse("review/not-by-language", key=name)
    by_language = {**(before or {}), case.decision.lang: words}
    return {name: {lang: said for lang, said in by_language.items() if said} or None}


def _words(case: _Case, name: str, words: str) -> Changes:
    """Set the verb, object or subject; it must stand in the words of the row."""
    span, quote = case.decision.span, str(case.fields.get("quote", ""))
    if span:
        words = case.text[span.start : span.end]
    row = case.places.rows.get(case.item.key)
    if words not in quote or (span and row and not covers(row.span, span)):
        raise case.refuse("review/not-quoted", key=name, words=words, quote=quote)
    return {**_drafted(case, name), name: words or None}


def _stated(case: _Case, value: str) -> Plain:
    """Give a value, with words of its own where those of the row do not hold the words chosen."""
    row = case.places.rows.get(case.item.key)
    if case.decision.span is None or (row and covers(row.span, case.decision.span)):
        return value
    own = _quoting(case)
    return {"value": value, **{key: said for key, said in own.items() if said}}


def _link(case: _Case) -> Changes:
    name, reference = _field(case), case.decision.value.strip()
    if not all(KEY.fullmatch(part) for part in reference.split("/")):
        raise case.refuse("statements/bad-id", value=reference)
    stated = _stated(case, reference)
    if isinstance(stated, dict):
        if name in case.fields:
            raise case.refuse("review/by-hand", key=name)
        return {**_proposed(case, name), name: stated}
    there = _references(case, name)
    if reference in there:
        return {}
    return {**_proposed(case, name), name: [*there, reference]}


def _unlink(case: _Case) -> Changes:
    name, there = _field(case), case.fields.get(_field(case))
    if isinstance(there, dict) and there.get("value") == case.decision.value:
        return {**_proposed(case, name), name: None}
    left = [key for key in _references(case, name) if key != case.decision.value]
    return {**_proposed(case, name), name: left or None}


def _proposed(case: _Case, name: str) -> Changes:
    return _drafted(case, name) if name in DRAFTED else {}


def _references(case: _Case, name: str) -> list[str]:
    there = case.fields.get(name, [])
    if isinstance(there, dict) or any(not isinstance(key, str) for key in there):
        raise case.refuse("review/by-hand", key=name)
    return [there] if isinstance(there, str) else list(there)


FIXED = frozenset(
    {"id", "of", "type", "quote", "occurrence", "parts", "review", "rule", "confidence"}
    | {"reason", "by", "on", "note", "drafted", "was", "unresolved"}
)
"""Keys that other actions write, or nobody."""


def _field(case: _Case) -> str:
    name = case.decision.field
    if not name.isidentifier() or not name.isascii() or name in FIXED:
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
