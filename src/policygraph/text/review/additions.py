"""What a reviewer adds of their own: a statement that the drafter missed; how a section is mended.

In: a sheet and what the reviewer wants. Out: the sheet with one row more, accepted by them, or with
another status or period of a section. The row is read back as every other row is: what would not be
read is refused. This room knows no RDF.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from policygraph.errors import UnreadableInput, Where, WrongUsage
from policygraph.text.model import covers
from policygraph.text.restore import Span
from policygraph.text.review.decisions import KINDS, WORDS, Signature
from policygraph.text.review.lists import Lists, New
from policygraph.text.review.places import Places, quoted
from policygraph.text.review.sheet import Item, Plain, Sheet
from policygraph.text.statements import STATUSES


@dataclass(frozen=True)
class Addition:
    """A statement that a reviewer adds.

    Attributes:
        span: its words in the text, as code points.
        kind: one of ``KINDS``.
        verb: words of it, as are the next two; empty where there are none.
        object: what the verb governs.
        subject: who or what it is said of.
        above: key of the row it stands under; empty for right under its section.
    """

    span: Span
    kind: str
    verb: str = ""
    object: str = ""
    subject: str = ""
    above: str = ""


def add(
    sheet: Sheet,
    addition: Addition,
    signature: Signature,
    text: str,
    find: Callable[[Sheet], Places],
) -> Sheet:
    """Write a row of a reviewer's own into a sheet, accepted.

    Args:
        sheet: the file as it is.
        addition: what is added.
        signature: by whom and when.
        text: the restored text.
        find: gives the places of a sheet in it.

    Raises:
        WrongUsage: the kind is none, the words stand in no section or are those of another row, a
            part does not stand in them, or the row to stand under is not there.
        UnreadableInput: the lines there cannot be changed safely.
    """
    places = find(sheet)
    span = _trimmed(text, addition.span)
    _check(sheet, addition, text[slice(*span)], places, span)
    section = _section(sheet, places, span)
    fields: dict[str, Plain] = {"id": _free(sheet, addition.kind, text[slice(*span)])}
    fields["type"] = addition.kind
    fields |= quoted(text, span, places.sections[section.section].extent)
    fields |= {name: getattr(addition, name).strip() for name in WORDS}
    fields |= {"review": "accepted", "by": signature.by, "on": signature.on}
    fields = {name: said for name, said in fields.items() if said}
    spans = {key: row.span for key, row in places.rows.items()}
    lists = Lists(sheet, spans, frozenset(sheet.rows))
    new = [New(fields, span)]
    above = _above(sheet, addition.above, section)
    edits = lists.parts(above, new) if above else lists.statements(section, new)
    return _proved(sheet, sheet.with_edits(edits, section.line), fields, find)


def _check(sheet: Sheet, addition: Addition, words: str, places: Places, span: Span) -> None:
    where = Where(sheet.shown)
    if not words:
        raise WrongUsage("review/no-words", where)
    if addition.kind not in KINDS:
        raise WrongUsage("review/no-kind", where, kind=addition.kind, known=", ".join(KINDS))
    for key, row in places.rows.items():
        if (
            row.span == span
            and (row.kind == "Figure") == (addition.kind == "Figure")
            and not row.of
        ):
            raise WrongUsage("review/stands-already", where, row=key)
    for name in WORDS:
        said = getattr(addition, name).strip()
        if said not in words:
            raise WrongUsage("review/not-quoted", where, key=name, words=said, quote=words)


def _trimmed(text: str, span: Span) -> Span:
    """Leave out white space at both ends."""
    start, end = max(span.start, 0), min(span.end, len(text))
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _section(sheet: Sheet, places: Places, span: Span) -> Item:
    for item in sheet.sections:
        lost = item.review == "lost"
        if not lost and covers(places.sections[item.section].extent, span):
            return item
    raise WrongUsage("review/in-none", Where(sheet.shown))


def _above(sheet: Sheet, key: str, section: Item) -> Item | None:
    if not key:
        return None
    item = sheet.rows.get(key)
    if item is None or item.section != section.section or "of" in item.fields:
        raise WrongUsage("review/no-row", Where(sheet.shown), id=key)
    if item.inline:
        raise UnreadableInput("review/not-editable", Where(sheet.shown, item.line, key))
    return item


def _free(sheet: Sheet, kind: str, quote: str) -> str:
    """Name a row by its kind and words, as no other row and no section is named."""
    taken = {*sheet.rows, *(section.key for section in sheet.sections)}
    number = 0
    while True:
        said = "\0".join((kind, quote, str(number)))
        key = f"r-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
        if key not in taken:
            return key
        number += 1


def _proved(
    before: Sheet, after: Sheet, fields: dict[str, Plain], find: Callable[[Sheet], Places]
) -> Sheet:
    """Compare what was written with what was wanted, and read it as a build does.

    Raises:
        UnreadableInput: the form of the file defeats the editor.
        WrongUsage: the row would not be read.
    """
    key = fields["id"]
    others = [dict(item.fields) for item in after.rows.values() if item.key != key]
    if dict(after.rows[key].fields if key in after.rows else {}) != fields or others != [
        dict(item.fields) for item in before.rows.values()
    ]:
        raise UnreadableInput("review/not-editable", Where(after.shown))
    places = find(after)
    if key not in places.rows:
        said = (f.message() for f in places.findings if f.where.line >= after.rows[key].line)
        raise WrongUsage("review/not-valid", Where(after.shown), why=next(said, ""))
    return after


def mend_section(sheet: Sheet, section: str, status: str, period: str) -> Sheet:
    """Write another status and period of a section.

    Args:
        sheet: the file as it is.
        section: id of the section.
        status: ``stated``, ``achieved`` or ``planned``.
        period: key of a period of the registry; empty for none.

    Raises:
        WrongUsage: there is no such section or status.
        UnreadableInput: the lines of the section cannot be changed safely.
    """
    item = next((each for each in sheet.sections if each.key == section), None)
    if item is None:
        raise WrongUsage("review/no-section", Where(sheet.shown), section=section)
    if status not in STATUSES:
        known = ", ".join(STATUSES)
        raise WrongUsage("review/no-kind", Where(sheet.shown), kind=status, known=known)
    return sheet.change(item, {"status": status, "period": period or None})
