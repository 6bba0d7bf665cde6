"""The grammar of a clause: its verb, what the verb governs, and its subject.

In: a clause as a span of a text; out: its parts with the name of the pattern that found them, or
None. Patterns are rows of ``patterns.tsv``, tried in their order; the first that fits decides.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from policygraph.errors import Where
from policygraph.text.draft.lexicon import Lexicon, Tokens, read_lexicon
from policygraph.text.draft.model import Parts
from policygraph.text.draft.sieve import Sieve
from policygraph.text.draft.tables import read_table, table_at
from policygraph.text.restore import Span

PATTERNS = ("name", "pattern", "example", "gives", "not", "why")


@dataclass(frozen=True)
class Pattern:
    """A way to build a clause.

    Attributes:
        name: unique; every statement it finds carries it.
        form: over the codes of tokens, with the groups ``verb``, ``object`` and ``subject``.
        example: a clause it must understand; ``gives`` says how (``V=… O=… S=…``).
        counter: a clause it must not match.
        why: one line for the reader.
    """

    name: str
    form: re.Pattern[str]
    example: str
    gives: str
    counter: str
    why: str
    where: Where


@dataclass(frozen=True)
class Grammar:
    """The words and patterns of a language."""

    lexicon: Lexicon
    patterns: tuple[Pattern, ...]
    first_joined: re.Pattern[str]
    next_joined: re.Pattern[str]
    pause: str
    after: re.Pattern[str]
    gaps: frozenset[str]
    saying: frozenset[str]
    denied: re.Pattern[str]
    negates: frozenset[str]

    def parse(self, text: str, span: Span) -> Parts | None:
        """Find the parts of a clause; None where no pattern fits."""
        return self.parts(self.lexicon.scan(text, span.start, span.end))

    def parts(self, tokens: Tokens) -> Parts | None:
        """Find the parts of a clause that is cut into words; None where no pattern fits."""
        more = self.after.search(tokens.codes)
        last = more.start() if more else len(tokens.codes)
        for first, end in self._stretches(tokens.codes[:last]):
            for pattern in self._sieve.worth_trying(tokens.codes[:end]):  # it may look behind
                match = pattern.form.fullmatch(tokens.codes, first, end)
                if match:
                    return parts_of(match, tokens, pattern.name, self._negation(match, tokens))
        return None

    def _negation(self, match: re.Match[str], tokens: Tokens) -> Span | None:
        """Find the word before a verb, in neither subject nor object, that denies what it says."""
        if self.negates.isdisjoint(tokens.codes) or not _group(match, "verb"):
            return None
        verb, starts = match.start("verb"), [match.start()]
        ends = [verb]
        for name in ("subject", "object"):
            start, end = _group(match, name) or (-1, -1)
            if starts[0] <= start < end <= verb:
                starts.append(end)
                ends.append(start)
        for start, end in zip(sorted(starts), sorted(ends), strict=True):
            found = self.denied.match(tokens.codes, start, end)
            if found:
                first, last = found.span("negation")
                return Span(tokens.bounds[first], tokens.bounds[last])
        return None

    def _stretches(self, codes: str) -> Iterable[tuple[int, int]]:
        """Give the stretches of tokens to be tried: a headline ends its statements with gaps.

        What says who speaks is passed by; what is no statement is tried together with what follows.
        """
        if self.gaps.isdisjoint(codes):
            return ((0, len(codes)),)
        return self._between_gaps(codes)

    def _between_gaps(self, codes: str) -> Iterator[tuple[int, int]]:
        first = 0
        for place in [*(n for n, code in enumerate(codes) if code in self.gaps), len(codes)]:
            if place < len(codes) and codes[place - 1 : place] in self.saying and place > first:
                first = place + 1
            else:
                yield first, place

    @functools.cached_property
    def _sieve(self) -> Sieve[Pattern]:
        return Sieve(self.patterns, lambda pattern: pattern.form)

    def opens_with(self, tokens: Tokens, name: str) -> bool:
        """Tell whether a clause opens with a word of a class."""
        return name in self.lexicon.names[tokens.codes[0]]

    def split(self, tokens: Tokens) -> list[Span]:
        """Cut a clause at the pauses between statements that each have a verb and an object.

        Returns:
            The statements; none where it is no row of several.
        """
        if self.pause not in tokens.codes:
            return []
        pauses = [place for place, code in enumerate(tokens.codes) if code == self.pause]
        starts = [0, *(place + 1 for place in pauses)]
        ends = [*pauses, len(tokens.codes)]
        forms = [self.first_joined, *[self.next_joined] * len(pauses)]
        parts = zip(forms, starts, ends, strict=True)
        if not all(form.fullmatch(tokens.codes, a, b) for form, a, b in parts):
            return []
        bounds = tokens.bounds
        return [Span(bounds[a], bounds[b]) for a, b in zip(starts, ends, strict=True)]


def parts_of(
    match: re.Match[str], tokens: Tokens, rule: str, negation: Span | None = None
) -> Parts:
    """Turn the groups of a match into spans of the text."""
    bounds, places, numbers = tokens.bounds, match.regs, match.re.groupindex

    found = {
        name: Span(bounds[start], bounds[end])
        for name, number in numbers.items()
        if 0 <= (start := places[number][0]) < (end := places[number][1])
    }
    return Parts(rule, found.get("verb"), found.get("object"), found.get("subject"), negation)


def _group(match: re.Match[str], name: str) -> tuple[int, int] | None:
    """Give the tokens of a group; None where the pattern has no such group or it is empty."""
    if name not in match.re.groupindex:
        return None
    start, end = match.span(name)
    return (start, end) if 0 <= start < end else None


@functools.cache
def read_grammar(folder: Path | None = None) -> Grammar:
    """Read the grammar of a language.

    Args:
        folder: that of the language; without it, the Chinese one that travels with the package.

    Raises:
        UnreadableInput: a table is missing or malformed.
    """
    lexicon = read_lexicon(folder)
    path = table_at(lexicon.folder, "patterns.tsv")
    patterns = tuple(
        Pattern(
            row["name"],
            lexicon.pattern(row["pattern"], row.where),
            row["example"],
            row["gives"],
            row["not"],
            row["why"],
            row.where,
        )
        for row in read_table(path, *PATTERNS)
    )
    where = Where(str(table_at(lexicon.folder, "macros.tsv")))
    first, following, after, denied = (
        lexicon.pattern(name, where)
        for name in ("first_joined", "next_joined", "after", _denied(lexicon))
    )
    pause = lexicon.codes[frozenset(["pause"])]
    gaps, saying, negates = (
        frozenset(code for code, names in lexicon.names.items() if name in names)
        for name in ("gap", "says", "negates")
    )
    return Grammar(lexicon, patterns, first, following, pause, after, gaps, saying, denied, negates)


def _denied(lexicon: Lexicon) -> str:
    """Give the pattern of words before a denied verb; without one, what never fits."""
    return "denied" if "denied" in lexicon.macros else "(?!any)any"
