"""What the statements of one document may carry on: candidates for its reviewer.

In: a workspace and a document, reviewed or not. Out: pairs with the words of both, why they are
taken to be alike, and what was decided. Rows nobody decided on are looked at as if they were
accepted, in memory: nothing here is written, and nothing is a fact of the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from policygraph.assets import asset
from policygraph.corpus.parts import Maker
from policygraph.errors import Where, WrongUsage
from policygraph.graph.build import quoted_in
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import in_graph
from policygraph.identifiers import Identifiers
from policygraph.messages import LANGUAGES, say
from policygraph.study.compare import Pair
from policygraph.study.compare.continuing import continuing
from policygraph.study.compare.likeness import Likeness
from policygraph.study.reading import Reading
from policygraph.study.said import Document
from policygraph.text.documents import document_folders, read_record
from policygraph.text.draft.tables import read_table
from policygraph.text.model import Record
from policygraph.text.pairs import (
    ACCEPTED,
    REJECTED,
    UNDECIDED,
    Decision,
    Offer,
    read_pairs,
    with_decision,
)
from policygraph.text.review.sheet import Sheet
from policygraph.text.review.table import state_of
from policygraph.text.source import read_source
from policygraph.workspace import Place


@dataclass(frozen=True)
class Candidate:
    """A pair that a reviewer of the later document may decide on.

    Attributes:
        row: key of the later statement's row.
        offer: the two statements, their words and how alike they are.
        earlier_in: title of the earlier statement's document by language; empty where both stand
            in the same one.
        grounds: by language, why the two are taken to belong together.
        decision: what was said of it; None where nobody has decided.
        judged: a judgement of the editors says already that the one continues the other.
    """

    row: str
    offer: Offer
    earlier_in: dict[str, str]
    grounds: dict[str, str]
    decision: Decision | None = None
    judged: bool = False

    @property
    def earlier_row(self) -> str:
        """Key of the earlier statement's row, where it stands in the same document."""
        if self.earlier_in:
            return ""
        keys = (each.rpartition("/")[2] for each in (self.offer.later, self.offer.earlier))
        later, earlier = keys
        return earlier.removeprefix(later.removesuffix(self.row))


@dataclass(frozen=True)
class Candidates:
    """Finds the candidates of a document.

    Attributes:
        place: the workspace.
        document: id of the document.
    """

    place: Place
    document: str

    def find(self) -> list[Candidate]:
        """Find what the statements of the document may carry on, the likeliest first.

        What was rejected is not among them.

        Raises:
            UnreadableInput: a file cannot be read.
        """
        reading = Reading(GraphStore(self._quads()))
        documents = {each.key: each for each in reading.documents}
        if self.document not in documents:
            return []
        before = documents.get(self.before.name) if self.before else None
        pairs = continuing(reading, documents[self.document], before, self._decisions())
        return [self._candidate(pair) for pair in pairs]

    @cached_property
    def before(self) -> Path | None:
        """The folder of the document before this one in its series, if there is one."""
        records = [
            read_record(folder / "document.yaml", [])
            for folder in document_folders(self.place.data)
        ]
        own = next((each for each in records if each.id == self.document), None)
        found = _before(own, records) if own else None
        return self.place.data / "documents" / found.id if found else None

    def decided(self, candidate: Candidate, decision: Decision) -> bytes:
        """Give the file of pairs with what a reviewer says of a candidate.

        Args:
            candidate: one of those found.
            decision: its review, who, when and why.

        Raises:
            UnreadableInput: the file cannot be read or changed safely.
        """
        path = self.place.comparisons
        written = read_source(path).text if path.exists() else ""
        offer = candidate.offer
        said = replace(decision, earlier=offer.earlier, later=offer.later, where=Where(str(path)))
        return with_decision(written, offer, said).encode()

    def _quads(self) -> Iterator[Quad]:
        maker = Maker(self.place)
        ids = Identifiers(self.place.base)
        parts = [maker.as_if_accepted(self.place.data / "documents" / self.document)]
        parts += [maker.part(self.before)] if self.before else []
        stated = [quad for part in parts for quad in parse(part.quads, RdfFormat.N_QUADS)]
        known = maker.known(quoted_in(stated))
        yield from stated
        yield from parse(known.quads, RdfFormat.N_QUADS)
        yield from in_graph(maker.vocabulary.triples, ids.graph("ontology"))

    def _decisions(self) -> Iterator[Decision]:
        start = f"{self.place.base}id/"
        for each in read_pairs(self.place.comparisons, []):
            yield replace(each, earlier=start + each.earlier, later=start + each.later)

    def _candidate(self, pair: Pair) -> Candidate:
        start = f"{self.place.base}id/"
        earlier, later = pair.earlier.first, pair.later.first
        offer = Offer(
            earlier.thing.iri.removeprefix(start),
            later.thing.iri.removeprefix(start),
            pair.likeness.score,
            (earlier.words.text, later.words.text),
        )
        decided = pair.decision if pair.decision and pair.decision.review != UNDECIDED else None
        return Candidate(
            later.thing.key.removeprefix(f"{self.document}-"),
            offer,
            _titles(earlier.document) if earlier.document.key != self.document else {},
            {lang: _grounds(pair.likeness, lang) for lang in LANGUAGES},
            decided,
            bool(pair.judgements),
        )


def _titles(document: Document) -> dict[str, str]:
    return {lang: document.name(lang).text for lang in LANGUAGES}


def _grounds(likeness: Likeness, lang: str) -> str:
    """Say why two statements are taken to belong together; a reviewer may say it better."""
    shared = [thing.name(lang).text for part in likeness.parts for thing in part.shared]
    facts = {"likeness": f"{likeness.score:.2f}"}
    if not shared:
        return say("review/alike", facts, lang)
    names = say("review/and", {}, lang).join(dict.fromkeys(shared))
    return say("review/both-name", {**facts, "names": names}, lang)


def _before(own: Record, records: Iterable[Record]) -> Record | None:
    """Find the latest earlier document whose title differs in its numbers only."""
    day, title = _day(own), _without_numbers(own)
    found = [
        each
        for each in records
        if each.id != own.id and "" < _day(each) < day and title and _without_numbers(each) == title
    ]
    return max(found, key=lambda each: (_day(each), each.id), default=None)


def _day(record: Record) -> str:
    return next((str(fact.value) for fact in record.facts if fact.name == "issued_on"), "")


def _without_numbers(record: Record) -> str:
    names = asset("data", "lexicon", "zh", "names")
    rows = read_table(names / "numerals.tsv", "form", "value", "comment")
    signs = "".join(row["form"] for row in rows if row["comment"] != "unit")
    title = next((str(fact.value) for fact in record.titles), "")
    return re.sub(rf"[\d\s{re.escape(signs)}]+", "", title)


def decision_of(*, accepted: bool, why: Mapping[str, str], by: str, on: str) -> Decision:
    """Make the decision on a candidate.

    Args:
        accepted: whether the one statement continues the other.
        why: the grounds by language.
        by: who decides.
        on: the day, ``YYYY-MM-DD``.

    Raises:
        WrongUsage: grounds are missing in a language.
    """
    said = {lang: why.get(lang, "").strip() for lang in LANGUAGES}
    if not all(said.values()):
        raise WrongUsage("review/pair-grounds")
    review = ACCEPTED if accepted else REJECTED
    return Decision("", "", review, by, on, tuple(said.items()))


def refuse_open_rows(candidate: Candidate, sheet: Sheet) -> None:
    """Stop a decision on a pair of which a row is not accepted.

    Raises:
        WrongUsage: it is not.
    """
    for key in filter(None, (candidate.row, candidate.earlier_row)):
        item = sheet.rows.get(key)
        if item is None or state_of(sheet, item) != "accepted":
            where = Where(sheet.shown, item.line if item else 0, key)
            raise WrongUsage("review/pair-open", where, row=key)
