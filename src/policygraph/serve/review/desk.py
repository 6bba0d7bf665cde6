"""The desk of one reviewer: a document's rows as they stand in the file, and decisions into it.

In: the files of a document. Out: plain values for a page, and the file with one decision more. The
file is read anew for every request, so that nothing stale is shown or written over.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policygraph.corpus.continuing import Candidate, Candidates, decision_of, refuse_open_rows
from policygraph.errors import (
    CannotWrite,
    PolicyGraphError,
    UnreadableInput,
    Where,
    WrongUsage,
    reason,
)
from policygraph.messages import LANGUAGES
from policygraph.publish.folder import write_over
from policygraph.report import Finding
from policygraph.serve.review.library import LINKS, Library
from policygraph.text.model import Section
from policygraph.text.restore import Span
from policygraph.text.review.additions import Addition, add, mend_section
from policygraph.text.review.decisions import Decision, Signature, decide
from policygraph.text.review.places import Places, places_of
from policygraph.text.review.sheet import Item, Sheet
from policygraph.text.review.table import state_of

_STEPS = 500
"""How many decisions can be taken back."""


@dataclass(frozen=True)
class _Step:
    """What was saved: the file, its bytes before (None where it was not there), its hash after."""

    path: Path
    before: bytes | None
    after: str

    def stands(self) -> bool:
        """Tell whether the file is still as this step left it."""
        return self.path.is_file() and _version(self.path.read_bytes()) == self.after

    def take_back(self) -> None:
        """Put the bytes before back, if nobody changed the file since.

        Raises:
            CannotWrite: somebody did.
        """
        if self.before is not None:
            write_over(self.path, self.before, self.after)
        elif self.stands():
            self.path.unlink()
        else:
            raise CannotWrite("publish/changed-meanwhile", Where(str(self.path)))


@dataclass
class Desk:
    """One document under review.

    Attributes:
        document: its id.
        restored: its restored text, UTF-8.
        statements: the file that decisions are written into.
        sign: gives who decides and on which day.
        library: what the reviewer may look up.
        candidates: finds what the statements may carry on; None outside a workspace.
    """

    document: str
    restored: Path
    statements: Path
    sign: Callable[[], Signature]
    library: Library
    candidates: Candidates | None = None
    _done: list[_Step] = field(default_factory=list)

    def show(self) -> dict[str, Any]:
        """Give the text, the version of the file and its rows in file order.

        Raises:
            UnreadableInput: a file cannot be read or belongs to another text.
        """
        data = _read(self.statements)
        text, sheet, places = self._open(data)
        return {
            "document": self.document,
            "version": _version(data),
            "text": text,
            "sections": [_section(section) for section in places.sections],
            "rows": [_row(sheet, places, key) for key in sheet.rows],
            "things": self.library.things(_references(sheet)),
            "problems": self._problems(sheet),
            "undo": bool(self._done) and self._done[-1].stands(),
        }

    def decide(self, decision: Decision, version: str) -> None:
        """Save a decision at once.

        Args:
            decision: what is decided.
            version: of the file that the reviewer saw.

        Raises:
            CannotWrite: the file changed meanwhile.
            WrongUsage: the row does not allow the decision.
        """
        data = _read(self.statements)
        self._unchanged(data, version)
        text, sheet, places = self._open(data)
        if decision.action == "link":
            self._check_link(decision, text, sheet)
        self._save(decide(sheet, decision, self.sign(), text, places), data)

    def add(self, addition: Addition, version: str) -> None:
        """Save a statement that the drafter missed, accepted by the reviewer.

        Raises:
            CannotWrite: the file changed meanwhile.
            WrongUsage: the words do not allow it.
        """
        data = _read(self.statements)
        self._unchanged(data, version)
        text, sheet, _ = self._open(data)

        def find(changed: Sheet) -> Places:
            return places_of(changed, self.document, text, _version(text.encode()))

        self._save(add(sheet, addition, self.sign(), text, find), data)

    def mend_section(self, section: str, status: str, period: str, version: str) -> None:
        """Save the status and the period of a section.

        Raises:
            CannotWrite: the file changed meanwhile.
            WrongUsage: there is no such section or status, or the period is none.
        """
        data = _read(self.statements)
        self._unchanged(data, version)
        _, sheet, _ = self._open(data)
        if period:
            self.library.refuse_no_period(period, Where(str(self.statements)))
        self._save(mend_section(sheet, section, status, period), data)

    def _save(self, sheet: Sheet, was: bytes) -> None:
        fresh = sheet.text.encode()
        write_over(self.statements, fresh, _version(was))
        self._remember(_Step(self.statements, was, _version(fresh)))

    def _remember(self, step: _Step) -> None:
        self._done = [*self._done, step][-_STEPS:]

    def pairs(self) -> list[Candidate]:
        """Find what the statements of the document may carry on."""
        return self.candidates.find() if self.candidates else []

    def decide_pair(self, asked: str, *, accepted: bool, why: Mapping[str, str]) -> None:
        """Save whether a statement continues another, with the reviewer's grounds.

        It becomes a fact of the graph only when it is adopted (``policygraph compare --adopt``).

        Args:
            asked: the name of a candidate.
            accepted: whether the one continues the other.
            why: the grounds by language.

        Raises:
            CannotWrite: the file of pairs changed meanwhile.
            WrongUsage: there is no such candidate, a row is not accepted, or grounds are missing.
        """
        candidate = next((each for each in self.pairs() if each.offer.key == asked), None)
        if candidate is None or self.candidates is None:
            raise WrongUsage("review/no-pair", Where(str(self.statements)), key=asked)
        refuse_open_rows(candidate, self._open(_read(self.statements))[1])
        path, signature = self.candidates.place.comparisons, self.sign()
        was = _read(path) if path.exists() else None
        decision = decision_of(accepted=accepted, why=why, by=signature.by, on=signature.on)
        fresh = self.candidates.decided(candidate, decision)
        write_over(path, fresh, _version(was) if was is not None else "")
        self._remember(_Step(path, was, _version(fresh)))

    def guess(self, span: Span) -> dict[str, str]:
        """Say what the drafter takes for the parts of words that a reviewer selected."""
        return self.library.guess(_decoded(_read(self.restored), self.restored), span)

    def context(self) -> dict[str, Any]:
        """Give the words of kinds and fields, and what the text names."""
        return self.library.context(_decoded(_read(self.restored), self.restored))

    def search(self, asked: str, field: str, row: str) -> list[dict[str, Any]]:
        """Find things of the registry for a field of a row."""
        item = self._open(_read(self.statements))[1].rows.get(row)
        return self.library.search(asked, field, _quote(item))

    def undo(self, version: str) -> None:
        """Take the last decision of this sitting back, byte for byte.

        Raises:
            CannotWrite: somebody else changed the file since.
            WrongUsage: there is nothing to take back.
        """
        self._unchanged(_read(self.statements), version)
        if not self._done:
            raise WrongUsage("review/nothing-to-undo", Where(str(self.statements)))
        self._done[-1].take_back()
        self._done.pop()

    def _check_link(self, decision: Decision, text: str, sheet: Sheet) -> None:
        """Stop a link to what the words do not name."""
        item = sheet.rows.get(decision.row)
        words = _quote(item)
        if decision.span:
            words += "\n" + text[decision.span.start : decision.span.end]
        where = Where(str(self.statements), item.line if item else 0, decision.row)
        self.library.refuse_unnamed(decision.value.strip(), decision.field, words, where)

    def _problems(self, sheet: Sheet) -> dict[str, list[dict[str, str]]]:
        """Say of each row what a build would find wrong with it."""
        starts = sorted([*_first_rows(sheet), *((i.line, key) for key, i in sheet.rows.items())])
        lines = [line for line, _ in starts]
        said: dict[str, list[dict[str, str]]] = {}
        try:
            findings = self.library.findings()
        except PolicyGraphError as error:  # reviewing goes on; the page shows why no build would
            told = {lang: f"{error.message(lang)} {error.mend(lang)}" for lang in LANGUAGES}
            return {"": [{"severity": "error", **told}]}
        for finding in (*findings, *self._unknown_verbs(sheet)):
            if finding.where.file != str(self.statements) or not finding.where.line:
                continue
            at = bisect_right(lines, finding.where.line) - 1
            if at >= 0:
                told = {lang: f"{finding.message(lang)} {finding.mend(lang)}" for lang in LANGUAGES}
                said.setdefault(starts[at][1], []).append({"severity": finding.severity, **told})
        return said

    def _unknown_verbs(self, sheet: Sheet) -> Iterator[Finding]:
        """Tell of open rows whose verb a build would refuse once they are accepted."""
        for key, item in sheet.rows.items():
            verb = item.fields.get("verb")
            if verb and state_of(sheet, item) == "draft" and not self.library.places(str(verb)):
                where = Where(str(self.statements), item.line, key)
                yield Finding("statements/unknown-verb", where, facts={"verb": verb})

    def _unchanged(self, data: bytes, version: str) -> None:
        if _version(data) != version:
            raise CannotWrite("publish/changed-meanwhile", Where(str(self.statements)))

    def _open(self, data: bytes) -> tuple[str, Sheet, Places]:
        raw = _read(self.restored)
        text = _decoded(raw, self.restored)
        sheet = Sheet(_decoded(data, self.statements), str(self.statements))
        return text, sheet, places_of(sheet, self.document, text, _version(raw))


def _first_rows(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """Give the line of each section with its first row, where what is said of it is shown."""
    for section in sheet.sections:
        rows = (key for key, item in sheet.rows.items() if item.section == section.section)
        first = next(rows, None)
        if first is not None:
            yield section.line, first


def _row(sheet: Sheet, places: Places, key: str) -> dict[str, Any]:
    item, row = sheet.rows[key], places.rows.get(key)
    return {
        "key": key,
        "above": item.above,
        "section": item.section,
        "line": item.line,
        "span": [row.span.start, row.span.end] if row else None,
        "fields": dict(item.fields),
    }


def _section(section: Section) -> dict[str, Any]:
    span = [section.extent.start, section.extent.end]
    return {"id": section.id, "status": section.status, "period": section.period, "span": span}


def _quote(item: Item | None) -> str:
    return str(item.fields.get("quote", "")) if item else ""


def _references(sheet: Sheet) -> set[str]:
    """List what the rows of a sheet are linked to."""
    found: set[str] = set()
    for item in sheet.rows.values():
        for name in LINKS:
            value = item.fields.get(name, [])
            value = value.get("value", []) if isinstance(value, dict) else value
            found |= {value} if isinstance(value, str) else set(map(str, value))
    return found


def _version(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        why = reason(error)
        raise UnreadableInput("review/cannot-read", Where(str(path)), why=why) from error


def _decoded(data: bytes, path: Path) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        why = f"UTF-8, byte {error.start}"
        raise UnreadableInput("review/cannot-read", Where(str(path)), why=why) from error
