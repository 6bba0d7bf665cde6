"""Rows under review as a table (``draft --table``), and what it decides (``review --table``)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from policygraph.cli.console import language, tell
from policygraph.cli.drafting import Drafted
from policygraph.corpus.continuing import (
    Candidate,
    Candidates,
    decision_of,
    refuse_open_rows,
)
from policygraph.errors import PolicyGraphError, Where, WrongUsage
from policygraph.publish.folder import write_file, write_over
from policygraph.publish.sheets.reviews import cells_of, headings, keyed, review_bytes
from policygraph.report import DataError
from policygraph.text import pairs
from policygraph.text.review.decisions import KINDS, Decision, Signature
from policygraph.text.review.places import Places, places_of
from policygraph.text.review.sheet import Sheet
from policygraph.text.review.table import (
    DECIDED,
    TOLD,
    Line,
    Table,
    lines_of,
    rows_of,
    verdicts,
)
from policygraph.text.source import read_source
from policygraph.workspace import Place

_CHOICES = {
    "decision": ("accept", "reject", "draft"),
    "new_kind": KINDS,
    "new_continues": ("accept", "reject"),
}


def write_table(
    target: Path, statements: str, document: str, text: str, workspace: Path | None = None
) -> None:
    """Write the rows of a file as a table, with empty columns for what is decided.

    Args:
        target: its path.
        statements: the file's text.
        document: id of the document.
        text: its restored text.
        workspace: that of the document, if it has one: what rows may carry on is looked for there.

    Raises:
        WrongUsage: its name ends neither with .csv nor with .xlsx, or openpyxl is not installed.
        CannotWrite: it cannot be written.
    """
    sheet = Sheet(statements)
    places = places_of(sheet, document, text, _sha256(text))
    offered = _offered(workspace, document) if workspace else {}
    rows = list(rows_of(sheet, places, {key: _told(each) for key, each in offered.items()}))
    data = review_bytes(rows, (*TOLD, *DECIDED), _CHOICES, target.name, language())
    write_file(target, data)
    tell("review/table-written", {"count": len(rows), "path": target})


def apply_table(path: Path, document: str, found: Drafted, signature: Signature) -> None:
    """Write what a table decides into the statements of a document: all of it, or nothing.

    Raises:
        DataError: lines of the table are wrong; nothing is written.
        UnreadableInput: the table or a file of the document cannot be read.
        CannotWrite: somebody changed the file meanwhile.
    """
    from policygraph.serve.review.library import Library

    lines, called = lines_of(cells_of(path), headings(), str(path))
    lines = [replace(line, cells=keyed(line.cells)) for line in lines]
    was = read_source(found.statements)
    text = read_source(found.restored).text if found.restored else ""
    library = Library.at(Place.at(found.workspace), document)

    def find(sheet: Sheet) -> Places:
        return places_of(sheet, document, text, _sha256(text))

    def check(decision: Decision, sheet: Sheet) -> None:
        words = str(sheet.rows[decision.row].fields.get("quote", ""))
        library.refuse_unnamed(decision.value, decision.field, words, Where(str(path)))

    sheet = Sheet(was.text, str(found.statements))
    table = Table(sheet, text, find, signature, str(path), called, check)
    changed = table.apply(lines)
    paired = _Paired(Candidates(Place.at(found.workspace), document), signature, table)
    paired.read(lines)
    if changed:
        write_over(found.statements, table.sheet.text.encode(), was.sha256)
    decided = paired.write()
    tell("review/table-applied", {"count": changed + decided, "path": path})


def _offered(workspace: Path, document: str) -> dict[str, Candidate]:
    """Give for each row the likeliest candidate nobody has decided on."""
    offered: dict[str, Candidate] = {}
    for each in Candidates(Place.at(workspace), document).find():
        if each.decision is None and not each.judged:
            offered.setdefault(each.row, each)
    return offered


def _told(candidate: Candidate) -> str:
    return f"{candidate.offer.key} · {candidate.offer.words[0]}"


@dataclass
class _Paired:
    """What a table says of the candidates it showed; the file of pairs with it."""

    candidates: Candidates
    signature: Signature
    table: Table
    decisions: list[tuple[Candidate, pairs.Decision]] = field(default_factory=list)

    def read(self, lines: Iterable[Line]) -> None:
        """Read the column of every line.

        Raises:
            DataError: a cell is wrong; nothing is to be written.
        """
        filled = [line for line in lines if line.cells.get("new_continues", "").strip()]
        known = self.candidates.find() if filled else []
        by_key = {each.offer.key: each for each in known}
        for line in filled:
            try:
                self._read(line, by_key)
            except PolicyGraphError as error:
                self.table.wrong(line, "new_continues", error.name, **error.facts)
        if self.table.findings:
            raise DataError(self.table.findings)

    def _read(self, line: Line, known: Mapping[str, Candidate]) -> None:
        said = line.cells["new_continues"].strip()
        action = verdicts().get(said.casefold())
        if action not in ("accept", "reject"):
            raise WrongUsage("review/no-action", action=said)
        shown = line.cells.get("continues", "").split(" ")[0]
        candidate = known.get(shown)
        if candidate is None or candidate.row != line.cells.get("id"):
            raise WrongUsage("review/no-candidate")
        refuse_open_rows(candidate, self.table.sheet)
        by, on = self.signature.by, self.signature.on
        accepted = action == "accept"
        decision = decision_of(accepted=accepted, why=candidate.grounds, by=by, on=on)
        self.decisions.append((candidate, decision))

    def write(self) -> int:
        """Write what was read, and count it."""
        path = self.candidates.place.comparisons
        for candidate, decision in self.decisions:
            was = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
            write_over(path, self.candidates.decided(candidate, decision), was)
        return len(self.decisions)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
