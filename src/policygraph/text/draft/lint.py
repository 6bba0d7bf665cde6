"""The lint of the tables: every row is tried on its own examples.

In: the folder of a language; out: findings, each with file and line. A pattern must understand its
example as its row says and must not match its counter-example; the same for cues, shapes and list
markers. A word that stands twice in a table is a finding too. This room knows no RDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from policygraph.errors import Where
from policygraph.report import Finding
from policygraph.text.draft.cues import KINDS, SECTIONS, VOTES, YEARS, Cue, read_cues
from policygraph.text.draft.grammar import PATTERNS as GRAMMAR
from policygraph.text.draft.grammar import Grammar, Pattern, parts_of, read_grammar
from policygraph.text.draft.lexicon import MACROS, NAMES, VERBS
from policygraph.text.draft.mentions import TYPES, read_recogniser
from policygraph.text.draft.named import PATTERNS, WORDS, name_patterns, unheard
from policygraph.text.draft.signs import read_signs
from policygraph.text.draft.tables import read_optional, read_table, table_at, tables_of
from policygraph.text.naming.glossary import lint_glossary
from policygraph.text.naming.meaning import lint_short_names
from policygraph.text.restore import Span
from policygraph.text.restore.lexicon import read_rows

_LETTERS = {"V": "verb", "O": "object", "S": "subject"}
_TABLES = {
    "verbs.tsv": VERBS,
    "modifiers.tsv": ("form", "en", "comment"),
    "prepositions.tsv": ("form", "class", "closers", "comment"),
}
_TRIED = {
    "shapes.tsv": ("name", "pattern", "example", "not", "comment"),
    "markers.tsv": ("name", "level", "pattern", "example", "not", "comment"),
}


_EXPLAINS = frozenset({"name", "example", "gives", "not", "why"})
"""Columns that do not decide what a pattern does."""

_ASKED = frozenset(
    {"about", "comma", "divides", "duty", "label", "others", "runs", "sign", "since", "space"}
).union({"strive", "suffix"})
"""Lists of words that this program asks for where no pattern does."""

_PATTERNED = {
    "patterns.tsv": GRAMMAR,
    "kinds.tsv": KINDS,
    "sections.tsv": SECTIONS,
    "votes.tsv": VOTES,
    "years.tsv": YEARS,
    "names/patterns.tsv": PATTERNS,
}


def lint(folder: Path) -> list[Finding]:
    """Try every row of the tables of a language.

    Args:
        folder: that of the language.

    Raises:
        UnreadableInput: a table is missing or malformed.
    """
    grammar = read_grammar(folder)
    cues = read_cues(folder)
    findings = list(_repeated(folder))
    for pattern in grammar.patterns:
        findings += _pattern(pattern, grammar)
    for cue in (*cues.kinds, *cues.sections, *cues.votes, *cues.years):
        findings += _cue(cue)
    findings += _shapes(folder)
    findings += _names(folder)
    findings += _unheard(folder)
    _read_others(folder)
    for name, columns in _PATTERNED.items():
        findings += _written_twice(table_at(folder, name), columns)
    return [*findings, *lint_glossary(folder), *lint_short_names(folder)]


def _unheard(folder: Path) -> Iterator[Finding]:
    """Find words of lists that neither a pattern nor this program asks for."""
    asked = set(_ASKED)
    for name, columns in (("macros.tsv", MACROS), ("patterns.tsv", GRAMMAR)):
        for row in read_table(table_at(folder, name), *columns):
            asked.update(re.findall("[a-z_]+", row["pattern"]))
    for row in read_table(table_at(folder, "words.tsv"), "list", "form", "comment"):
        if row["list"] not in asked:
            yield Finding("draft/unused-list", row.where, facts={"list": row["list"]})
    for where, name in unheard(folder):
        yield Finding("draft/unused-list", where, facts={"list": name})


def _read_others(folder: Path) -> None:
    """Read the tables without examples; each refuses what it does not allow.

    Raises:
        UnreadableInput: a row is malformed.
    """
    read_recogniser(folder)
    read_signs(folder)
    for path in tables_of(folder, "restoration"):
        read_rows(path)


def _names(folder: Path) -> Iterator[Finding]:
    """Try the tables of names: no form twice in one list, every pattern on its examples."""
    for type_ in TYPES:
        path = table_at(folder, "names", f"{type_}.tsv")
        seen: dict[str, Where] = {}
        for row in read_table(path, *NAMES) if path.is_file() else ():
            first = seen.setdefault(row["form"], row.where)
            if first != row.where:
                facts = {"form": row["form"], "line": first.line}
                yield Finding("draft/twice", row.where, facts=facts)
    for row in name_patterns(folder):
        form = re.compile(row["pattern"])
        yield from _tried(form, row["example"], row["not"], row.where)


def _written_twice(path: Path, columns: tuple[str, ...]) -> Iterator[Finding]:
    """Find rows that do what another row of their table does, or bear its name."""
    seen: dict[tuple[str, ...], Where] = {}
    for row in read_table(path, *columns) if path.is_file() else ():
        does = tuple(row[name] for name in columns if name not in _EXPLAINS)
        for key, form in ((("name", row["name"]), row["name"]), (does, row["pattern"])):
            first = seen.setdefault(key, row.where)
            if first != row.where:
                yield Finding("draft/twice", row.where, facts={"form": form, "line": first.line})


def _repeated(folder: Path) -> Iterator[Finding]:
    words = read_table(table_at(folder, "words.tsv"), "list", "form", "comment")
    rows = [((row["list"], row["form"]), row.where) for row in words]
    shared = read_optional(table_at(folder, "names", "words.tsv"), *WORDS)
    rows += [((f"names/{row['list']}", row["form"]), row.where) for row in shared]
    for name, columns in _TABLES.items():
        rows += [
            ((name, row["form"]), row.where) for row in read_table(table_at(folder, name), *columns)
        ]
    seen: dict[tuple[str, str], Where] = {}
    for key, where in rows:
        if key in seen:
            yield Finding("draft/twice", where, facts={"form": key[1], "line": seen[key].line})
        seen.setdefault(key, where)


def _pattern(pattern: Pattern, grammar: Grammar) -> Iterator[Finding]:
    given = understood(pattern, grammar, pattern.example)
    if given != pattern.gives:
        facts = {"example": pattern.example, "found": given or "-", "expected": pattern.gives}
        yield Finding("draft/example", pattern.where, facts=facts)
    if understood(pattern, grammar, pattern.counter) is not None:
        yield Finding("draft/counter-example", pattern.where, facts={"example": pattern.counter})


def understood(pattern: Pattern, grammar: Grammar, clause: str) -> str | None:
    """Say how a pattern understands a clause (``V=… O=… S=…``); None where it does not match."""
    tokens = grammar.lexicon.scan(clause, 0, len(clause))
    match = pattern.form.fullmatch(tokens.codes)
    if not match:
        return None
    parts = parts_of(match, tokens, pattern.name)
    spans: dict[str, Span | None] = {name: getattr(parts, name) for name in _LETTERS.values()}
    return " ".join(
        f"{letter}={clause[slice(*span)]}"
        for letter, name in _LETTERS.items()
        if (span := spans[name])
    )


def _cue(cue: Cue) -> Iterator[Finding]:
    yield from _tried(cue.form, cue.example, cue.counter, cue.where)


def _shapes(folder: Path) -> Iterator[Finding]:
    for name, columns in _TRIED.items():
        for row in read_table(table_at(folder, name), *columns):
            form = re.compile(row["pattern"])
            for example, expected in ((row["example"], True), (row["not"], False)):
                if bool(form.match(example)) is not expected:
                    kind = "draft/example-missed" if expected else "draft/counter-example"
                    yield Finding(kind, row.where, facts={"example": example})


def _tried(form: re.Pattern[str], example: str, counter: str, where: Where) -> Iterable[Finding]:
    if not form.search(example):
        yield Finding("draft/example-missed", where, facts={"example": example})
    if counter and form.search(counter):
        yield Finding("draft/counter-example", where, facts={"example": counter})
