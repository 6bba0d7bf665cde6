"""A new draft brought into a file that people have reviewed: no decision is lost or offered again.

In: the file, the new draft and the texts. Out: the file with every row that a person touched as it
was, byte for byte where the text allows it, and with new rows for what was never offered; and
findings for the decisions whose words are gone. This room knows no RDF.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from policygraph.errors import UnreadableInput, Where
from policygraph.report import Finding
from policygraph.text.draft.write import DRAFTED_FROM, MADE_WITH
from policygraph.text.draft.yaml_words import inline
from policygraph.text.review.anchors import Texts
from policygraph.text.review.carried import Carried, touched
from policygraph.text.review.offers import Offers
from policygraph.text.review.places import places_of
from policygraph.text.review.sheet import Edit, Sheet, value_of
from policygraph.text.review.table import state_of


@dataclass(frozen=True)
class Merged:
    """A merged file.

    Attributes:
        text: what to write.
        findings: decisions whose words are gone, proposals that no section holds.
        kept: how many rows of the old file stand in it.
        offered: how many rows are new.
        reviewed: how many rows a person accepted or rejected.
    """

    text: str
    findings: tuple[Finding, ...] = ()
    kept: int = 0
    offered: int = 0
    reviewed: int = 0


def merge(old: str, new: str, texts: Texts, shown: str = "statements.yaml") -> Merged:
    """Bring a new draft into a reviewed file.

    Args:
        old: the file as it is.
        new: the new draft of the same document.
        texts: the text that was drafted, with the one the old file was written for where known.
        shown: how messages name the file.

    Raises:
        UnreadableInput: the old file is malformed, of another document, or of a form that cannot
            be changed safely.
    """
    was = Sheet(old if old.endswith("\n") else old + "\n", shown)
    draft = Sheet(new, shown)
    named, drafted = was.plain.get("document", ""), draft.plain["document"]
    if named != drafted:
        where = Where(shown, 1)
        raise UnreadableInput("statements/other-document", where, found=named, expected=drafted)
    if untouched(was):
        return Merged(new, offered=len(draft.rows))
    carried = Carried(was, _known(was, texts))
    offers = Offers(carried, draft, places_of(draft, drafted, texts.now, draft.plain["text"]))
    edits = _head(was, draft)
    for item, changes in carried.changes:
        edits += was.edits(item.node, changes)
    merged = was.with_edits([*edits, *offers.edits()])
    _prove(merged, carried, offers)
    seen = places_of(merged, drafted, texts.now, draft.plain["text"])
    findings = (*seen.findings, *offers.findings)
    states = [state_of(merged, item) for item in merged.rows.values()]
    reviewed = sum(state in ("accepted", "rejected") for state in states)
    return Merged(merged.text, findings, len(carried.kept), len(offers.ids), reviewed)


def untouched(sheet: Sheet) -> bool:
    """Tell whether a file is still as the drafter wrote it."""
    comments = [line for line in sheet.text.splitlines() if line.lstrip().startswith("#")]
    sections = {"id", "quote", "occurrence", "status", "period"}
    return (
        all(line.startswith((DRAFTED_FROM, MADE_WITH)) for line in comments)
        and all(set(section.fields) <= sections for section in sheet.sections)
        and not any(touched(item) or sheet.commented(item) for item in sheet.rows.values())
    )


def _known(was: Sheet, texts: Texts) -> Texts:
    """Use a former text only if it is the one that the file was written for."""
    written_for = was.plain.get("text")
    for text in (texts.before, texts.now):
        if text is not None and hashlib.sha256(text.encode()).hexdigest() == written_for:
            return Texts(texts.now, text)
    return Texts(texts.now)


def _head(was: Sheet, draft: Sheet) -> list[Edit]:
    """Say for which source and which text the file is now."""
    edits = []
    node = value_of(was.root, "text")
    if node is not None and was.plain["text"] != draft.plain["text"]:
        edits.append(Edit(was.at(node.start_mark), was.end_of(node), inline(draft.plain["text"])))
    if was.text.startswith(DRAFTED_FROM):
        edits.append(Edit(0, _head_end(was), draft.text[: _head_end(draft)]))
    return edits


def _head_end(sheet: Sheet) -> int:
    """Find the end of the lines in which the drafter says what it made a file of."""
    end = sheet.line_end(0)
    second = end + (2 if sheet.text.startswith("\r\n", end) else 1)
    return sheet.line_end(second) if sheet.text.startswith(MADE_WITH, second) else end


def _prove(merged: Sheet, carried: Carried, offers: Offers) -> None:
    """Compare what was written with what was wanted; nothing is saved that differs.

    Raises:
        UnreadableInput: the form of the file defeats the editor.
    """
    wanted = []
    for item, changes in carried.changes[len(carried.sheet.sections) :]:
        fields = {**item.fields, **changes}
        wanted.append({name: value for name, value in fields.items() if value is not None})
    found = [dict(item.fields) for key, item in merged.rows.items() if key not in offers.ids]
    new = {key for key in merged.rows if key in offers.ids}
    if found != wanted or new != offers.ids:
        raise UnreadableInput("review/not-editable", Where(merged.shown))
