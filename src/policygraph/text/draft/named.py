"""Patterns of names, with the lists of words that several of them share.

In: ``names/patterns.tsv`` and ``names/words.tsv`` of a language; out: the rows of the first, in
whose patterns ``{sector}`` stands for any word of the list ``sector`` of the second, the longest
one that fits. Which kinds of work there are bodies for is said once, not in every pattern. This
room knows no language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from policygraph.errors import UnreadableInput, Where
from policygraph.text.draft.lexicon import trie
from policygraph.text.draft.tables import TableRow, read_optional, table_at

PATTERNS = ("name", "type", "place", "pattern", "example", "not", "why")
WORDS = ("list", "form", "comment")

_LIST = re.compile(r"\{([a-z_]+)\}")


def name_patterns(lexicon: Path) -> Iterator[TableRow]:
    """Give the rows of the patterns of names of a language, with the words of lists put in.

    Args:
        lexicon: folder of the language.

    Raises:
        UnreadableInput: a table is malformed, or a pattern asks for a list that has no words.
    """
    lists: dict[str, list[str]] = defaultdict(list)
    for row in read_optional(table_at(lexicon, "names", "words.tsv"), *WORDS):
        lists[row["list"]].append(row["form"])
    any_of = {name: f"(?:{trie(words)})" for name, words in lists.items()}
    for row in read_optional(table_at(lexicon, "names", "patterns.tsv"), *PATTERNS):
        unknown = lists_in(row["pattern"]) - any_of.keys()
        if unknown:
            raise UnreadableInput("draft/unknown-class", row.where, name=", ".join(sorted(unknown)))
        pattern = _LIST.sub(lambda found: any_of[found[1]], row["pattern"])
        yield replace(row, fields={**row.fields, "pattern": pattern})


def lists_in(pattern: str) -> set[str]:
    """Give the lists of words that a pattern asks for.

    >>> sorted(lists_in("(?:{level})?{sector}{1,3}部门"))
    ['level', 'sector']
    """
    return set(_LIST.findall(pattern))


def unheard(lexicon: Path) -> Iterator[tuple[Where, str]]:
    """Give each row of a list of words that no pattern asks for, and the name of the list."""
    rows = read_optional(table_at(lexicon, "names", "patterns.tsv"), *PATTERNS)
    asked = set[str]().union(*(lists_in(row["pattern"]) for row in rows))
    for row in read_optional(table_at(lexicon, "names", "words.tsv"), *WORDS):
        if row["list"] not in asked:
            yield row.where, row["list"]
