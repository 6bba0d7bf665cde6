"""The words of a language: a text in, its tokens with their classes out.

In: the tables of ``data/lexicon/<language>``; out: a scanner that cuts a stretch of text into known
words (the longest first), shapes (figures, dates, quoted words) and single characters, and patterns
over the classes of these tokens. This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from policygraph.assets import asset
from policygraph.errors import UnreadableInput, Where
from policygraph.text.draft.forms import Grams, begins_of
from policygraph.text.draft.record import record
from policygraph.text.draft.tables import TableRow, read_optional, read_table, table_at

MACROS = ("name", "pattern", "comment")
NAMES = ("form", "flags", "not_before", "not_after", "comment")
VERBS = ("form", "class", "flags", "en", "comment")
FLAGS = frozenset(
    {
        *("noun", "clause", "result", "predicate", "alone", "final", "change", "counts"),
        *("modifier", "issues", "carries", "event", "moves", "gives", "quality"),
    }
)
_NOUN = {"noun": "nounish"}  # the class of words that are nouns only is called "noun"
_NAME = re.compile(r"(?P<group>[a-z]+):\(|(?P<name>[a-z_][a-z_0-9]*)")
_FIRST_CODE = 0xE000  # private use: no text has these characters

Classes = frozenset[str]


@record
class Tokens:
    """A stretch of text as tokens.

    Attributes:
        codes: one character for each token: its set of classes.
        bounds: where each token starts, and the end of the last one.
    """

    codes: str
    bounds: list[int]


@dataclass(frozen=True)
class Lexicon:
    """The words of a language and the classes they belong to.

    Attributes:
        folder: where its tables lie.
        classes: word → classes.
        codes: set of classes → its code.
        shapes: finds the next shape; its group tells which. What is no shape and no word is cut
            into single characters.
        shape_names: names of the groups of ``shapes`` → class.
    """

    folder: Path
    classes: dict[str, Classes]
    codes: dict[Classes, str]
    shapes: re.Pattern[str]
    shape_names: dict[str, str]
    macros: dict[str, str]

    def scan(self, text: str, start: int, end: int) -> Tokens:
        """Cut a stretch of a text into tokens."""
        codes: list[str] = []
        bounds: list[int] = []
        for place, code in self.tokens(text, start, end):
            bounds.append(place)
            codes.append(code)
        bounds.append(end)
        return Tokens("".join(codes), bounds)

    def tokens(self, text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
        """Give each token's place and code as it is read: shapes first, then the longest words."""
        words, lengths, opens, other = self._words, self._lengths, self._opens, self._other
        place = start
        while place < end:
            first = text[place]
            if opens is None or first in opens:
                shape = self.shapes.match(text, place, end)
                if shape:
                    yield place, self._shape_codes[shape.lastgroup or ""]
                    place = shape.end()
                    continue
            for length in lengths.get(text[place : place + 2], ()):
                code = words.get(text[place : place + length])
                if code and place + length <= end:
                    break
            else:
                code = words.get(first, other)
                length = 1
            yield place, code
            place += length

    def may_begin(self, character: str) -> Classes:
        """Give all classes that a token may have which begins with a character."""
        return self._begun.get(character, self._of_shapes)

    @functools.cached_property
    def _begun(self) -> dict[str, Classes]:
        """First character of a word → all classes a token may have that begins with it."""
        begun: dict[str, set[str]] = defaultdict(lambda: set(self._of_shapes))
        for word, classes in self.classes.items():
            begun[word[0]] |= classes
        return {character: frozenset(classes) for character, classes in begun.items()}

    @functools.cached_property
    def _of_shapes(self) -> Classes:
        return frozenset(self.shape_names.values())

    @functools.cached_property
    def _words(self) -> dict[str, str]:
        """Word → code."""
        return {word: self.codes[classes] for word, classes in self.classes.items()}

    @functools.cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """First two characters → the lengths of the words they begin, the longest first."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in self.classes:
            if len(word) > 1:
                lengths[word[:2]].add(len(word))
        return {pair: tuple(sorted(found, reverse=True)) for pair, found in lengths.items()}

    @functools.cached_property
    def _opens(self) -> Grams | None:
        """Give the characters with which shapes begin; None where that is not known."""
        return begins_of(self.shapes)

    @functools.cached_property
    def _other(self) -> str:
        """Give the code of characters that are in no word."""
        return self.codes[frozenset()]

    @functools.cached_property
    def _shape_codes(self) -> dict[str, str]:
        """Name of a shape's group → code."""
        return {group: self.codes[frozenset([name])] for group, name in self.shape_names.items()}

    @functools.cached_property
    def names(self) -> dict[str, Classes]:
        """Code → the classes it stands for."""
        return {code: classes for classes, code in self.codes.items()}

    @functools.cached_property
    def _class_names(self) -> dict[str, str]:
        """Name of a class → a pattern of the codes that have it."""
        having: dict[str, list[str]] = defaultdict(list)
        for classes, code in self.codes.items():
            for name in classes or ("other",):
                having[name].append(code)
        return {name: _any_of(codes) for name, codes in having.items()}

    def pattern(self, written: str, where: Where) -> re.Pattern[str]:
        """Compile a pattern over classes.

        Args:
            written: names of classes and macros, groups (``verb:( … )``) and the signs of regular
                expressions; spaces mean nothing.
            where: its place, for the error.

        Raises:
            UnreadableInput: a name is unknown, or the pattern is malformed.
        """

        def put(match: re.Match[str]) -> str:
            if match["group"]:
                return f"(?P<{match['group']}>"
            name = match["name"]
            if name in self.macros:
                return f"(?:{_NAME.sub(put, self.macros[name])})"
            if name not in self._class_names:
                raise UnreadableInput("draft/unknown-class", where, name=name)
            return self._class_names[name]

        try:
            return re.compile(_NAME.sub(put, written).replace(" ", ""), re.DOTALL)
        except re.error as error:
            raise UnreadableInput("draft/pattern", where, why=str(error)) from error


@functools.cache
def read_lexicon(folder: Path | None = None) -> Lexicon:
    """Read the words of a language.

    Args:
        folder: that of the language; without it, the Chinese one that travels with the package.

    Raises:
        UnreadableInput: a table is missing or malformed.
    """
    folder = folder or asset("data", "lexicon", "zh")
    classes: dict[str, set[str]] = defaultdict(set)
    for word, names in _words(folder):
        classes[word].update(names)
    for body in _joined_bodies(folder, classes):
        classes[body].update(("noun", "we"))
    shapes = [(row["name"], row["pattern"]) for row in _shapes(folder)]
    for word, suffix in _suffixed(classes):
        classes.setdefault(word, {"noun", *(classes[suffix] & {"head"})})
    frozen = {word: frozenset(names) for word, names in classes.items()}
    kinds = {frozenset([name]) for name, _ in shapes} | {frozenset[str]()} | set(frozen.values())
    codes = {names: chr(_FIRST_CODE + place) for place, names in enumerate(_side_by_side(kinds))}
    groups = [f"(?P<s{place}>{pattern})" for place, (_, pattern) in enumerate(shapes)]
    found = re.compile("|".join(groups) or r"(?!)", re.DOTALL)
    named = {f"s{place}": name for place, (name, _) in enumerate(shapes)}
    table = read_table(table_at(folder, "macros.tsv"), *MACROS)
    macros = {row["name"]: row["pattern"] for row in table}
    macros |= {"phrase": "|".join(_phrases(folder)), "any": "."}
    return Lexicon(folder, frozen, codes, found, named, macros)


def _side_by_side(kinds: Iterable[Classes]) -> list[Classes]:
    """Order sets of classes so that those that have a class in common stand in few rows."""
    kinds = list(kinds)
    times = Counter(name for names in kinds for name in names)
    often = sorted(times, key=lambda name: (-times[name], name))
    return sorted(kinds, key=lambda names: [name not in names for name in often])


def _any_of(codes: Iterable[str]) -> str:
    """Write a pattern of any of some codes, given in their order; it is read again and again.

    >>> _any_of("abcfg")
    '[a-cfg]'
    """
    rows = groupby(enumerate(codes), lambda numbered: ord(numbered[1]) - numbered[0])
    runs = ["".join(code for _, code in row) for _, row in rows]
    return f"[{''.join(run if len(run) < 3 else f'{run[0]}-{run[-1]}' for run in runs)}]"


def _words(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for row in read_table(table_at(folder, "verbs.tsv"), *VERBS):
        unknown = set(row.words("flags")) - FLAGS
        if unknown:
            raise UnreadableInput("draft/unknown-class", row.where, name=", ".join(sorted(unknown)))
        short = ["short"] if len(row["form"]) == 1 else []
        verb = [] if row["class"] == "state" else ["verb"]
        yield row["form"], [*verb, *short, *(_NOUN.get(f, f) for f in row.words("flags"))]
    for row in read_table(table_at(folder, "modifiers.tsv"), "form", "en", "comment"):
        yield row["form"], ["modifier"]
    for row in read_table(table_at(folder, "words.tsv"), "list", "form", "comment"):
        yield row["form"], [row["list"]]
    for number, row in enumerate(_prepositions(folder)):
        yield row["form"], ["prep", f"p_{row['class']}", f"prep{number}"]
        yield from ((closer, [f"closer{number}"]) for closer in row.words("closers"))


def _joined_bodies(folder: Path, classes: Mapping[str, set[str]]) -> list[str]:
    """List the bodies with a word in their names that joins others, at which nothing may be cut."""
    joints = tuple(word for word, names in classes.items() if "and" in names)
    rows = read_optional(table_at(folder, "names", "institution.tsv"), *NAMES)
    forms = [row["form"] for row in rows]
    return [form for form in forms if any(joint in form[1:-1] for joint in joints)]


def _suffixed(classes: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Put suffixes to head nouns and to verbs that are nouns as well: all of it is a noun.

    Gives each word with its suffix; a suffix that heads a noun by itself makes one that does.
    """
    nouns = [word for word, names in classes.items() if names & {"nounish", "head"}]
    suffixes = [word for word, names in classes.items() if "suffix" in names]
    return [(noun + suffix, suffix) for noun in nouns for suffix in suffixes]


def _prepositions(folder: Path) -> list[TableRow]:
    return list(
        read_table(table_at(folder, "prepositions.tsv"), "form", "class", "closers", "comment")
    )


def _shapes(folder: Path) -> list[TableRow]:
    return list(
        read_table(table_at(folder, "shapes.tsv"), "name", "pattern", "example", "not", "comment")
    )


def _phrases(folder: Path) -> Iterator[str]:
    """Give the pattern of each preposition whose phrase has an end of its own."""
    for number, row in enumerate(_prepositions(folder)):
        if row["closers"]:
            yield f"prep{number}.{{1,60}}?closer{number}"


def trie(words: Iterable[str]) -> str:
    """Write a regular expression that finds the longest of some words.

    >>> trie(["改革", "改革开放", "改善"])
    '改(?:善|革(?:开放)?)'
    """
    tree: dict[str, dict[str, object]] = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})  # type: ignore[assignment]
        node[""] = {}
    return _branches(tree)


def _branches(node: dict[str, dict[str, object]]) -> str:
    ends = "" in node
    branches = [
        re.escape(character) + _branches(node[character])  # type: ignore[arg-type]
        for character in sorted(node)
        if character
    ]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return joined + "?" if ends else joined
