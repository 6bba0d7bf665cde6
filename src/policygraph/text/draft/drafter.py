"""The drafter: a text in, its clauses with kind, parts and place out.

The order of the steps: clauses, grammar, outline, sections, kinds. Nothing is read from the clock
or drawn by chance: the same text always gives the same draft. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from policygraph.text.draft.cues import Cues, read_cues
from policygraph.text.draft.grammar import Grammar, read_grammar
from policygraph.text.draft.kinds import (
    AIMS,
    BASIS,
    CONSISTS,
    DEMAND,
    FOLLOWED,
    JUDGED,
    NECESSARY,
    PURPOSE,
    SAYING,
    SPEAKS_OF_ITSELF,
    STRESSED,
    TASK,
    kind_of,
)
from policygraph.text.draft.lexicon import Tokens
from policygraph.text.draft.lines import Piece, pieces
from policygraph.text.draft.mentions import find_mentions
from policygraph.text.draft.model import UMBRELLAS, WITH_PARTS, Clause, Kind, Parts
from policygraph.text.draft.outline import Place, outline
from policygraph.text.draft.record import record
from policygraph.text.draft.relations import relations
from policygraph.text.draft.sections import sections, year_of
from policygraph.text.draft.signs import Signs, read_signs
from policygraph.text.draft.write import Draft
from policygraph.text.memory import uncollected
from policygraph.text.naming.meaning import Register


@dataclass(frozen=True)
class Drafter:
    """Everything drafting needs of a language."""

    grammar: Grammar
    signs: Signs
    cues: Cues

    @classmethod
    def read(cls, folder: Path | None = None) -> Drafter:
        """Read the tables of a language.

        Args:
            folder: that of the language; without it, the Chinese one that travels with the package.

        Raises:
            UnreadableInput: a table is missing or malformed.
        """
        grammar = read_grammar(folder)
        folder = grammar.lexicon.folder
        return cls(grammar, read_signs(folder), read_cues(folder))

    def clauses(self, text: str, *, year: int = 0, genre: str = "") -> list[Clause]:
        """Draft the clauses of a text.

        Args:
            text: the restored text.
            year: of the document; 0 to let the opening words tell.
            genre: name of a genre; empty to let the opening words tell.
        """
        year = year or year_of(text, self.cues)
        cut, found = self._parsed(text)
        heard = [self.cues.heard_in(text[piece.span.start : piece.span.end]) for piece in cut]
        leads = [each.leads_in() for each in heard]
        places = outline(text, cut, found, leads, "".join(self.signs.sets["sentence"]))
        reports = sections(text, cut, places, found, heard, self.cues, year=year, genre=genre)
        clauses: list[Clause] = []
        told = _Told()
        heads = {-1: ""}  # number of the clause that heads others → id of the one they stand under
        for number, (piece, parts, place, section) in enumerate(
            zip(cut, found, places, reports, strict=True)
        ):
            follows = told.of(piece, parts)
            kind, reason = kind_of(
                text,
                piece.span,
                parts,
                section,
                heard[number],
                heading=place.heading,
                opens=piece.line == 0 and piece.opens and not piece.sign,
                follows=follows,
                aside=piece.aside,
                ends=piece is cut[-1] or cut[number + 1].sentence != piece.sentence,
            )
            told = told.after(piece, follows, kind, reason)
            if place.under not in heads:
                heads[place.under] = _head(place.under, clauses, places)
            clauses.append(
                Clause(
                    f"c{number + 1}",
                    piece.span,
                    kind,
                    parts if kind in WITH_PARTS else None,
                    heads[place.under] if kind in WITH_PARTS else "",
                    heading=place.heading,
                    sentence=piece.sentence,
                    status=section.status,
                    period=section.period,
                    reason=reason,
                    headed=section.headed,
                    run=piece.run,
                )
            )
        return _seen_from_behind(clauses)

    def _parsed(self, text: str) -> tuple[list[Piece], list[Parts | None]]:
        """Cut a text into clauses, by its signs and then by its grammar, and find their parts."""
        cut: list[Piece] = []
        words: list[Tokens] = []
        for piece, tokens, judged in self._scanned(text):
            spans = [] if judged else self.grammar.split(tokens)
            if not spans:
                cut.append(piece)
                words.append(tokens)
            for number, span in enumerate(spans):
                part = replace(piece, span=span)
                cut.append(replace(part, level=0, opens=False) if number else part)
                words.append(self.grammar.lexicon.scan(text, *span))
        return cut, [self.grammar.parts(tokens) for tokens in words]

    def _scanned(self, text: str) -> Iterator[tuple[Piece, Tokens, bool]]:
        """Give clauses as signs cut them, with whether the next one says something of them."""
        scanned = (
            (piece, self.grammar.lexicon.scan(text, *piece.span))
            for piece in pieces(text, self.signs)
        )
        before: tuple[Piece, Tokens] | None = None
        for piece, tokens in scanned:
            if before:
                same = before[0].sentence == piece.sentence
                yield *before, same and self.grammar.opens_with(tokens, "copula")
            before = piece, tokens
        if before:
            yield *before, False


@record
class _Told:
    """What follows: in the sentence that says so, and on its line what is to have come about.

    Attributes:
        kind: that of the clauses that follow.
        run: number of the sentence that began by saying so, its lines together; -1 where none did.
        line: number of the line on which aims were said to follow, or a date to reach them by.
    """

    kind: Kind = "goal"
    run: int = -1
    line: int = -1

    def of(self, piece: Piece, parts: Parts | None) -> Kind | None:
        """Give the kind that a clause was said to have; None where nothing was said of it."""
        if piece.run == self.run:
            return self.kind
        comes_about = parts is not None and parts.subject is not None
        return "goal" if comes_about and piece.line == self.line else None

    def after(self, piece: Piece, told: Kind | None, kind: Kind, reason: str) -> _Told:
        """Give what follows a clause.

        News ends where somebody speaks or something is demanded.

        Args:
            piece: the clause.
            told: its kind as told before it, if it was.
            kind: the one that it has.
            reason: what decided that.
        """
        if reason in FOLLOWED:
            line = piece.line if reason in AIMS else self.line
            return _Told(FOLLOWED[reason], piece.run, line)
        if told == "event" and (reason in SAYING or kind == "action"):
            return _Told(line=self.line)
        return _Told(told, piece.run, self.line) if told else self


def _seen_from_behind(clauses: list[Clause]) -> list[Clause]:
    """Mend kinds that only later words tell: what a text is made for, what consists of others.

    From its purpose on to where a text speaks of itself, it states nothing but why it is made; what
    is told to consist of measures, or is stressed before demands, is the aim above them; what is
    judged is but the topic of that, and so is what something must be done for.
    """
    for number, clause in enumerate(clauses):
        before = clauses[number - 1] if number else None
        if before and _is_aim_of(before, clause):
            _lead(clauses, number - 1)
        if before and (_is_task_of(before, clause) or _is_judged_by(before, clause)):
            clauses[number - 1] = _without_statement(before)
        if clause.reason == NECESSARY:
            _leave_topics(clauses, number)
    _leave_purposes(clauses)
    return clauses


def _leave_purposes(clauses: list[Clause]) -> None:
    """Take what stands between a purpose and where a text speaks of itself as why it is made."""
    purposes: list[int] = []
    for number, clause in enumerate(clauses):
        if purposes and clauses[purposes[0]].sentence != clause.sentence:
            purposes = []
        if clause.reason in SPEAKS_OF_ITSELF:
            for place in purposes:
                clauses[place] = _without_statement(clauses[place])
            purposes = []
        elif clause.reason == PURPOSE or (purposes and _aims_at(clause)):
            purposes.append(number)


def _is_judged_by(clause: Clause, after: Clause) -> bool:
    return after.reason == JUDGED and _is_topic(clause, after)


def _is_aim_of(clause: Clause, after: Clause) -> bool:
    """Tell whether a clause is the aim of what follows: it consists of it, or demands tell how."""
    if after.reason == CONSISTS:
        return clause.kind in ("action", "goal")
    same = clause.sentence == after.sentence and clause.reason == STRESSED
    return same and _aims_at(clause) and after.reason == DEMAND and after.kind == "action"


def _is_task_of(clause: Clause, after: Clause) -> bool:
    """Tell whether a clause names work, and the next one of its sentence how it is to be done."""
    told = after.reason in (DEMAND, BASIS) and clause.sentence == after.sentence
    return told and clause.reason == TASK and not clause.heading


def _lead(clauses: list[Clause], number: int) -> None:
    """Make a clause the aim above those that follow in the sentence of the next one."""
    head = clauses[number] = replace(clauses[number], kind="goal")
    sentence = clauses[number + 1].sentence
    for later in range(number + 1, len(clauses)):
        if clauses[later].sentence != sentence:
            break
        if clauses[later].kind in WITH_PARTS:
            clauses[later] = replace(clauses[later], parent=head.id)


def _leave_topics(clauses: list[Clause], number: int) -> None:
    """Take what stands before a clause in its sentence as the topic that it demands more for."""
    while number and _is_topic(clauses[number - 1], clauses[number]):
        clauses[number - 1] = _without_statement(clauses[number - 1])
        number -= 1


def _without_statement(clause: Clause) -> Clause:
    return replace(clause, kind="context", parts=None, parent="")


def _is_topic(clause: Clause, judgement: Clause) -> bool:
    return clause.sentence == judgement.sentence and not clause.heading and _aims_at(clause)


def _aims_at(clause: Clause) -> bool:
    """Tell whether a clause is a verb with what it governs, with nobody named who does it."""
    parts = clause.parts
    if parts is None or clause.kind not in ("action", "achievement"):
        return False
    return parts.object is not None and parts.subject is None


def _head(above: int, clauses: Sequence[Clause], places: Sequence[Place]) -> str:
    """Give the nearest clause that heads one under a heading and is an aim or an achievement."""
    while above >= 0 and (speaks := _speaks_for(above, clauses, places)) < 0:
        above = places[above].under
    return clauses[speaks].id if above >= 0 else ""


def _speaks_for(above: int, clauses: Sequence[Clause], places: Sequence[Place]) -> int:
    """Give the first clause of a heading that is an aim or an achievement; -1 if none is."""
    sentence = clauses[above].sentence
    for number in range(above, len(clauses)):
        if not places[number].heading or clauses[number].sentence != sentence:
            return -1
        if clauses[number].kind in UMBRELLAS:
            return number
    return -1


@uncollected()
def draft_text(
    drafter: Drafter,
    document: str,
    text: str,
    *,
    issued: str = "",
    genre: str = "",
    known: Register | None = None,
) -> Draft:
    """Draft a whole text: clauses, mentions and the relations between them.

    Args:
        drafter: the tables of its language.
        document: id of the document.
        text: the restored text.
        issued: day of the document, ``YYYY-MM-DD``; empty where it is unknown.
        genre: name of a genre; empty to let the opening words tell.
        known: names of the registry's things, which mentions may mean.
    """
    year = int(issued[:4]) if issued else year_of(text, drafter.cues)
    clauses = drafter.clauses(text, year=year, genre=genre)
    lexicon = drafter.grammar.lexicon
    told = issued or (str(year) if year else "")
    mentions = find_mentions(text, clauses, lexicon.folder, told, known)
    stated = relations(text, clauses, mentions, lexicon)
    return Draft(document, text, clauses, mentions, stated, known, told)
