"""Relations that a text states: who does a thing, what it carries out, its figures and dates.

In: clauses and mentions of one text; out: relations between their ids. Only what the text states is
taken; what passes from one clause of a sentence to the next is marked as carried over. This room
knows no RDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from policygraph.text.draft.actors import actors, answering
from policygraph.text.draft.kinds import AIMS
from policygraph.text.draft.lexicon import Lexicon
from policygraph.text.draft.model import Clause, Parts, Relation
from policygraph.text.draft.reading import Mentioned, Named, Reader
from policygraph.text.model import covers
from policygraph.text.restore import Span

_THIS = 2  # characters between drawing up and what is drawn up, where a text speaks of itself
_TITLE = ("joint", "pause", "space", "sign")
"""What may stand between the bodies that a title names."""


def relations(
    text: str, clauses: Sequence[Clause], mentions: Sequence[Named], lexicon: Lexicon
) -> list[Relation]:
    """Find what a text states between its clauses and what it names.

    Args:
        text: the restored text.
        clauses: its clauses.
        mentions: what it names; the first has the id ``e1``.
        lexicon: the words of its language.
    """
    reader = Reader(text, mentions, lexicon)
    found: list[Relation] = [*answering(reader, clauses), *_issuers(reader, text)]
    for run in _runs(reader, clauses):
        if reader.names_in(Span(run[0].span.start, run[-1].span.end)):
            found += _deadlines(reader, run)
    for _, group in groupby(clauses, lambda clause: clause.sentence):
        sentence = list(group)
        if not reader.names_in(Span(sentence[0].span.start, sentence[-1].span.end)):
            continue  # every relation leads to something named
        found += actors(reader, sentence)
        found += _times_and_places(reader, sentence)
        found += _documents(reader, sentence)
        for clause in (each for each in sentence if reader.names_in(each.span)):
            found += _figures(reader, clause)
            found += _initiatives(reader, clause)
    return found


def _figures(reader: Reader, clause: Clause) -> Iterator[Relation]:
    if clause.kind != "context":
        for figure in reader.within(clause.span, "figure"):
            yield Relation("has_figure", clause.id, figure.id, "figure-in-clause")


def _runs(reader: Reader, clauses: Sequence[Clause]) -> list[list[Clause]]:
    """Put sentences together that run over lines; targets go on with the aims named before them."""
    runs: list[list[Clause]] = []
    for _, group in groupby(clauses, lambda clause: clause.run):
        run = list(group)
        aims = bool(runs) and any(clause.reason in AIMS for clause in runs[-1])
        if aims and all(_is_target(reader, clause) for clause in run):
            runs[-1] += run
        else:
            runs.append(run)
    return runs


def _is_target(reader: Reader, clause: Clause) -> bool:
    """Tell whether a clause says what is to come about with a thing, not what a body is to do."""
    if clause.kind != "goal" or clause.heading:
        return False
    subject = clause.parts.subject if clause.parts else clause.span
    return subject is not None and not reader.within(subject, "institution")


def _deadlines(reader: Reader, run: Sequence[Clause]) -> Iterator[Relation]:
    """Give planned clauses the date before their verb, or the one their aims were named with."""
    named: list[Mentioned] = []  # a date by itself, of which aims may follow
    ahead: list[Mentioned] = []
    listed: list[Mentioned] = []  # the date of aims that may each have a line of its own
    sentence = -1
    for clause in run:
        opens = clause.sentence != sentence
        if opens:
            sentence, named, ahead = clause.sentence, [], listed
        if clause.kind not in ("goal", "action"):
            here = [
                d for d in reader.outermost(clause.span, "date", "document") if d.type == "date"
            ]
            opening = [date for date in here if _opens(reader, clause, date)][:1]
            closing = [date for date in here if date.span.end == clause.span.end]
            named = opening or closing or (here[:1] if clause.reason in AIMS else []) or named
            aims = clause.reason in AIMS or any(_bounds(reader, clause, d) for d in opening)
            ahead = named if aims else ahead
            listed = named if clause.reason in AIMS else listed
            continue
        dates = _due(reader, clause)
        for date in dates:
            yield Relation("deadline", clause.id, date.id, "date-before-verb")
        if dates:
            leads = opens or _strives(reader, clause, dates[0])
            ahead = dates if clause.kind == "goal" and leads else []
        for date in [] if dates else ahead:
            yield Relation("deadline", clause.id, date.id, "date-of-aims", carried=True)


def _strives(reader: Reader, clause: Clause, date: Mentioned) -> bool:
    """Tell whether a clause strives for something by a date, or has a demand behind it."""
    return reader.finds(Span(clause.span.start, date.span.start), "strive")


def _bounds(reader: Reader, clause: Clause, date: Mentioned) -> bool:
    """Tell whether a clause that states nothing itself names a date as the end of a time."""
    end = all(names & {"time", "strive", "link"} for names in reader.each(clause.span))
    from_then = reader.finds(Span(date.span.end, clause.span.end), "since")
    return (end and clause.span != date.span and not from_then) or _strives(reader, clause, date)


def _due(reader: Reader, clause: Clause) -> list[Mentioned]:
    """Give the date by which a clause wants something: its opening, or one with a word for at."""
    if clause.heading and not (clause.parts and clause.parts.verb):
        return []
    verb = clause.parts.verb if clause.parts else None
    last = verb.start if verb else clause.span.end
    before = reader.outermost(Span(clause.span.start, last), "date")
    if not before and clause.parts and clause.parts.object:
        before = reader.opening(clause.parts.object, "date", "prep")
    return [d for d in before if _opens(reader, clause, d) or _at(reader, clause, d)][:1]


def _opens(reader: Reader, clause: Clause, date: Mentioned) -> bool:
    """Tell whether a date opens its clause, before the subject, as a time by which."""
    ahead = reader.each(Span(clause.span.start, date.span.start))
    if any("since" in names for names in ahead) or (ahead and ahead[-1] & {"ba", "soft_ba"}):
        return False
    *before, last = reader.each(Span(clause.span.start, date.span.end))
    leads = {"time", "link", "modal", "modifier", "prep", "strive"}
    return "time" in last and all(names & leads for names in before)


def _at(reader: Reader, clause: Clause, date: Mentioned) -> bool:
    """Tell whether a date is named with a word for at, behind a subject."""
    words = reader.each(Span(clause.span.start, date.span.start))
    return bool(words) and "p_at" in words[-1]


def _times_and_places(reader: Reader, sentence: Sequence[Clause]) -> Iterator[Relation]:
    dates: list[Mentioned] = []
    for clause in sentence:
        if clause.kind == "context":
            here = _outer_dates(reader, clause)
            opens = [d for d in here if _bare(reader, clause.span.start, d.span.start)]
            dates = opens or dates
        elif clause.kind in ("event", "achievement") and clause.parts:
            yield from _of_event(reader, clause, clause.parts, dates)


def _outer_dates(reader: Reader, clause: Clause) -> list[Mentioned]:
    """List the dates of a clause that are no part of the name of something."""
    named = reader.outermost(clause.span, "date", "document", "initiative")
    return [mention for mention in named if mention.type == "date"]


def _of_event(
    reader: Reader, clause: Clause, parts: Parts, before: list[Mentioned]
) -> Iterator[Relation]:
    """Give time and place of what a clause tells as news, or of the meeting it says was held."""
    held = _held(reader, parts)
    if not held and clause.kind != "event":
        return
    here = _outer_dates(reader, clause)
    if parts.object and not held:  # what is done with something is not done on the day it is of
        here = [d for d in here if not covers(parts.object, d.span)]
    inside = parts.subject or parts.object or Span(clause.span.start, clause.span.start)
    if held:
        inside = held.span
    behind = [d for d in here if d.span.start >= inside.end]
    ahead = [d for d in here if _bare(reader, d.span.end, inside.start)]
    for date in (behind or ahead or before)[:1]:
        yield Relation("held_on", held.id if held else clause.id, date.id, "date-of-event")
    places = reader.outermost(Span(inside.end, clause.span.end), "place")
    if held and parts.verb and parts.verb.end <= held.span.start:
        named = reader.outermost(Span(clause.span.start, parts.verb.start), "place")
        places = [p for p in named if _behind_preposition(reader, p.span.start)]
    for place in places[:1]:
        yield Relation("located_in", held.id if held else clause.id, place.id, "place-of-event")


def _behind_preposition(reader: Reader, start: int) -> bool:
    return reader.finds(Span(max(0, start - 1), start), "prep")


def _bare(reader: Reader, start: int, end: int) -> bool:
    """Tell whether nothing is said from one place to another, if the first is before the second."""
    words = reader.each(Span(start, end))
    return start <= end and all(names & {"prep", "modifier", "modal"} for names in words)


def _held(reader: Reader, parts: Parts) -> Mentioned | None:
    """Give the meeting that is what a clause says was held, by whomever."""
    for part in filter(None, (parts.subject, parts.object)):
        named = reader.outermost(part, "event")
        if named and named[-1].span.end == part.end:
            return named[-1] if reader.finds(parts.verb or Span(0, 0), "event") else None
    return None


def _documents(reader: Reader, sentence: Sequence[Clause]) -> Iterator[Relation]:
    """Find documents that a clause draws up or publishes, or the one before it named as such."""
    before: list[Mentioned] = []
    for clause in sentence:
        found = _issued(reader, clause)
        for document in found:
            yield Relation("issues", clause.id, document.id, "object-of-issuing")
        parts = clause.parts
        if not found and parts and parts.verb and not parts.object and not parts.subject:
            for document in before if _issuing(reader, parts.verb) else []:
                yield Relation("issues", clause.id, document.id, "issued-before", carried=True)
        before = found or before


def _issued(reader: Reader, clause: Clause) -> list[Mentioned]:
    """List the documents that a clause draws up or publishes."""
    parts = clause.parts
    if not parts:
        return _of_itself(reader, clause)
    named = parts.object or parts.subject  # a paper that comes out is governed by nobody
    if not parts.verb or not named or not reader.within(named, "document"):
        return []
    if parts.negation:
        return []
    governed = _issuing(reader, parts.verb)
    asides = [span for span, names in reader.classes(named) if "bracket" in names]
    return [
        m
        for m in reader.outermost(named, "document", "initiative")
        if m.type == "document"
        and (governed or (parts.object and _drawn_up(reader, named, m)))
        and not any(aside.start < m.span.start < aside.end for aside in asides)
    ]


def _drawn_up(reader: Reader, named: Span, document: Mentioned) -> bool:
    """Tell whether what is governed draws a document up, not that it has been."""
    ahead = reader.each(Span(named.start, document.span.start))[-1:]
    words = [*ahead, *reader.each(named)[:2]]
    return any("issues" in names for names in words) and not any("de" in names for names in ahead)


def _issuing(reader: Reader, span: Span) -> bool:
    return reader.finds(span, "issues")


def _of_itself(reader: Reader, clause: Clause) -> list[Mentioned]:
    """Give the document with which a clause ends that says of itself why it is drawn up."""
    last = [m for m in reader.within(clause.span, "document") if m.span.end == clause.span.end]
    words = reader.classes(Span(clause.span.start, last[0].span.start)) if last else []
    near = [names for span, names in words if span.end >= last[0].span.start - _THIS]
    return last[:1] if any("issues" in names for names in near) else []


def _issuers(reader: Reader, text: str) -> Iterator[Relation]:
    """Find the bodies that the title of a document names as those who issue it."""
    for document in reader.within(Span(0, len(text)), "document"):
        inside = reader.opening(document.span, "institution", *_TITLE)
        place = inside[-1].span.end if inside else 0
        told = inside and reader.classes(Span(place, document.span.end))[0][1] & {"about"}
        named = inside if told else _ahead(reader, document)
        for body in named:
            yield Relation("issues", body.id, document.id, "issuer-in-title")


def _ahead(reader: Reader, document: Mentioned) -> list[Mentioned]:
    """List the bodies right before a title that is not marked as one, on its line."""
    first = reader.classes(document.span)[:1]
    if not first or "about" not in first[0][1]:
        return []
    line = reader.text.rfind("\n", 0, document.span.start) + 1
    before = Span(line, document.span.start)
    bodies = reader.outermost(before, "institution")
    return bodies if bodies and reader.consists_of(before, bodies, *_TITLE) else []


def _initiatives(reader: Reader, clause: Clause) -> Iterator[Relation]:
    """Find initiatives that are what the verb governs, or its carrying out."""
    parts = clause.parts
    if not parts or parts.negation or not reader.within(clause.span, "initiative"):
        return
    thing = parts.object or parts.subject
    spans = [thing] if thing else []
    if parts.object and parts.subject and _is_count(reader, parts.object):
        spans = [parts.subject]  # an initiative of which so many were run
    elif parts.object and parts.subject and clause.kind in ("achievement", "goal"):
        spans = [parts.object, *_whole(reader, parts.subject)]
    of_verb = reader.each(parts.verb or Span(0, 0))
    drives = any(names & {"drives", "clause"} for names in of_verb)
    runs = any("runs" in names for names in of_verb)
    for span in spans:
        found = reader.outermost(span, "initiative", "document", "event", "institution")
        rest = [m for m in found if m.type == "initiative"]
        if not rest:
            continue
        kept = [m for m in rest if _leads(reader, span, m, runs=runs)]
        if not _governed(reader, span, rest):
            coming = [m for m in rest[:1] if drives and _comes_about(reader, span, m)]
            kept = coming or [m for m in rest if _in_row(reader, span, m)]
        for mention in kept:
            yield Relation("implements", clause.id, mention.id, "governed-initiative")


def _tells(names: frozenset[str]) -> bool:
    """Tell whether a word is a verb that is no noun as well, or joins what stands before a noun."""
    return "de" in names or ("verb" in names and "noun" not in names)


def _whole(reader: Reader, span: Span) -> list[Span]:
    """Give a span back if it is nothing but an initiative or its carrying out."""
    named = reader.opening(span, "initiative")
    rest = reader.each(Span(named[0].span.end, span.end)) if named else []
    return [span] if named and all("work" in names for names in rest) else []


def _comes_about(reader: Reader, span: Span, mention: Mentioned) -> bool:
    """Tell whether a span is an initiative and what is to come of it."""
    before = reader.each(Span(span.start, mention.span.start))
    after = reader.each(Span(mention.span.end, span.end))
    return (
        all(names & {"modifier", "carries"} for names in before)
        and bool(after)
        and bool(after[0] & {"verb", "modifier", "time"})
        and not after[0] & {"noun"}
    )


def _in_row(reader: Reader, span: Span, mention: Mentioned) -> bool:
    """Tell whether a mention is a whole member of the row that a span is, but not its last."""
    words = reader.each(Span(span.start, mention.span.start))
    after = reader.each(Span(mention.span.end, span.end))
    row = {"joint", "pause"}
    opens = not words or bool(words[-1] & row)
    return opens and bool(after and after[0] & row) and not any("de" in n for n in after)


def _is_count(reader: Reader, span: Span) -> bool:
    return all("figure" in names for names in reader.each(span))


def _governed(reader: Reader, span: Span, mentions: Sequence[Mentioned]) -> bool:
    """Tell whether a span ends with an initiative, its carrying out, or a count of it."""
    words = reader.each(Span(mentions[-1].span.end, span.end))
    return not words or "etc" in words[0] or bool(words[-1] & {"work", "figure"})


def _leads(reader: Reader, span: Span, mention: Mentioned, *, runs: bool) -> bool:
    """Tell whether a mention is what a span, or one of its members, begins with.

    Where the verb carries out what it governs, the mention may close the span, behind those whom
    it is for.
    """
    before = reader.each(Span(span.start, mention.span.start))
    opens = all(names & {"modifier", "carries", "newish"} for names in before)
    follows = bool(before) and bool(before[-1] & {"joint", "pause"})
    closes = runs and not any(_tells(names) for names in before)
    own = reader.each(Span(mention.span.end, span.end))
    stop = next((n for n, names in enumerate(own) if names & {"joint", "pause"}), len(own))
    done = ("etc" in own[0] if own else True) or all(
        names & {"work", "figure", "bracket", "modifier"} for names in own[:stop]
    )
    return (opens or follows or closes) and done
