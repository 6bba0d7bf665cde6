"""A brief before it has a format: parts with lines, each line with its notes.

In: a brief and a language. Out: an ``Outline``. Lines hold words of the graph; the only other words
are the headings of ``words.toml``. A note is a sentence of a source, numbered once in the brief.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from policygraph.identifiers import passage_span
from policygraph.publish.sheets.sheet import fixed, html_language
from policygraph.study.brief import Brief, Carried, FigureSaid
from policygraph.study.matrix import GAPS
from policygraph.study.said import Document, Passage, Said, Thing, Words


@dataclass(frozen=True)
class Note:
    """A sentence of a source.

    Attributes:
        number: from 1, in the order of the lines.
        sentence: its words.
        source: name of the document.
        begin: offset of its first character in the restored text; ``end`` is behind the last.
        href: IRI of the sentence.
    """

    number: int
    sentence: Words
    source: str
    begin: int
    end: int
    href: str


@dataclass(frozen=True)
class Line:
    """A line of a part.

    Attributes:
        words: what it says.
        level: 0, or 1 for a line under the one before.
        notes: numbers of its notes.
        more: further words beside it, such as an initiative, or the grounds of a link.
    """

    words: Words
    level: int = 0
    notes: tuple[int, ...] = ()
    more: tuple[Words, ...] = ()

    @property
    def lang(self) -> str:
        """The language of its words, as pages write it."""
        return html_language(self.words.lang)


@dataclass(frozen=True)
class Part:
    """Lines under a heading."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Outline:
    """A brief as parts and notes, in one language."""

    title: str
    lang: str
    parts: tuple[Part, ...]
    notes: tuple[Note, ...]
    notes_heading: str


@dataclass
class _Notes:
    """Numbers sentences in the order in which they are first cited."""

    lang: str
    numbers: dict[str, Note] = field(default_factory=dict)

    def of(self, passages: Iterable[Passage]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._number(each) for each in passages))

    def _number(self, passage: Passage) -> int:
        key = passage.sentence_iri or passage.iri
        if key not in self.numbers:
            source = passage.document.name(self.lang).text
            place = (passage_span(key) or ("", passage.begin, passage.end))[1:]
            note = Note(len(self.numbers) + 1, passage.sentence, source, *place, key)
            self.numbers[key] = note
        return self.numbers[key].number


def outline(brief: Brief, lang: str) -> Outline:
    """Put a brief into parts; a part without lines is left out."""
    notes = _Notes(lang)
    parts = [
        _part(lang, "documents", _documents(brief.documents, lang)),
        _part(lang, "aims", (_said(each, lang, notes) for each in brief.aims)),
        _part(lang, "goals", _goals(brief, lang, notes)),
        _part(lang, "achieved", _achieved(brief, lang, notes)),
        _part(lang, "initiatives", _initiatives(brief, lang, notes)),
        _part(
            lang,
            "carried",
            (line for each in brief.carried for line in _carried(each, lang, notes)),
        ),
        _part(lang, "figures", (_figure(each, lang, notes) for each in brief.figures)),
        _part(lang, "gaps", _gaps(brief, lang)),
    ]
    title = f"{fixed(lang, 'brief', 'title')} · {brief.period.name(lang).text}"
    told = tuple(part for part in parts if part.lines)
    return Outline(title, lang, told, tuple(notes.numbers.values()), fixed(lang, "brief", "notes"))


def _part(lang: str, name: str, lines: Iterable[Line]) -> Part:
    return Part(fixed(lang, "brief", name), tuple(lines))


def _documents(documents: Iterable[Document], lang: str) -> Iterator[Line]:
    for each in documents:
        day = Words(str(each.issued)) if each.issued else Words(fixed(lang, "brief", "undated"))
        yield Line(each.name(lang), more=(day,))


def _said(said: Said, lang: str, notes: _Notes, level: int = 0, *more: Thing) -> Line:
    beside = tuple(thing.name(lang) for thing in more)
    return Line(said.thing.name(lang), level, notes.of(said.passages), beside)


def _goals(brief: Brief, lang: str, notes: _Notes) -> Iterator[Line]:
    for group in brief.goals:
        if group.goal:
            yield _said(group.goal, lang, notes)
        else:
            yield Line(Words(fixed(lang, "brief", "no_goal")))
        for task in group.tasks:
            if task.action:
                bodies = (*task.responsible, *task.supporting, *task.initiatives)
                line = _said(task.action, lang, notes, 1, *bodies)
                days = tuple(map(Words, task.deadlines))
                yield Line(line.words, line.level, line.notes, (*line.more, *days))


def _achieved(brief: Brief, lang: str, notes: _Notes) -> Iterator[Line]:
    for heading in brief.achieved:
        yield _said(heading.said, lang, notes)
        for each in heading.parts:
            yield _said(each, lang, notes, 1)


def _initiatives(brief: Brief, lang: str, notes: _Notes) -> Iterator[Line]:
    for named in brief.initiatives:
        yield Line(named.initiative.name(lang))
        for each in named.said:
            yield _said(each, lang, notes, 1)


def _carried(carried: Carried, lang: str, notes: _Notes) -> Iterator[Line]:
    yield _said(carried.later, lang, notes)
    earlier = _said(carried.earlier, lang, notes, 1)
    words = Words(f"{fixed(lang, 'brief', 'continues')}: {earlier.words.text}", earlier.words.lang)
    yield Line(words, 1, earlier.notes, _in(carried.grounds, lang))


def _figure(figure: FigureSaid, lang: str, notes: _Notes) -> Line:
    parts = [figure.number, *(words.text for words in _in(figure.units, lang))]
    counted = _in(figure.counts, lang)
    spoken = " ".join(parts) if lang == "en" else "".join(parts)
    return Line(Words(spoken, lang), 0, notes.of(figure.passages), counted)


def _in(words: Iterable[Words], lang: str) -> tuple[Words, ...]:
    """Choose the words of a language; those there are where it has none."""
    words = tuple(words)
    return tuple(each for each in words if each.lang.startswith(lang))[:1] or words[:1]


def _gaps(brief: Brief, lang: str) -> Iterator[Line]:
    of_all = f"{brief.actions} {fixed(lang, 'brief', 'of_actions')}"
    for name in GAPS:
        if brief.gaps.get(name):
            without = fixed(lang, "matrix", "without", name)
            total = (Words(of_all, lang),) if name != "action" else ()
            yield Line(Words(f"{without}: {brief.gaps[name]}", lang), 0, (), total)
