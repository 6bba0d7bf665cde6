"""What a mention means: one thing of the registry, one of several, or nothing that is known.

In: mentions of a text and the names of the registry; out: keys. A label counts before an alias; a
short name means what the text itself says it is short for; a meeting named without its year means
that of the document's year, if the registry has just one. Where several things fit, none is taken.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from policygraph.assets import asset
from policygraph.report import Finding
from policygraph.text.draft.reading import Named
from policygraph.text.draft.tables import read_optional, table_at
from policygraph.text.names import Names
from policygraph.text.naming.folding import folded

KINDS = {
    "institution": "institution",
    "place": "place",
    "initiative": "initiative",
    "document": "instrument",
    "event": "event",
}
"""The kind of thing that each type of mention names."""

SHORT_NAMES = ("name", "pattern", "example", "not", "why")


@dataclass(frozen=True)
class Meaning:
    """What a name means.

    Attributes:
        key: of the one thing it means; empty where none or several do.
        options: keys of the things it may mean, where several fit.
        by: what decided: ``label``, ``alias`` or ``context``; empty where nothing did.
    """

    key: str = ""
    options: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class Register:
    """The names of the registry, folded.

    Attributes:
        labels: kind and folded label → keys.
        aliases: kind and folded alias → keys.
        keys: all keys that are taken.
    """

    labels: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Names | None) -> Register:
        """Index the names of the registry's things."""
        labels: dict[tuple[str, str], set[str]] = defaultdict(set)
        aliases: dict[tuple[str, str], set[str]] = defaultdict(set)
        for things in names.shared.values() if names else ():
            for thing in things:
                for _, (label, *others) in ((lang, given) for lang, given in thing.names if given):
                    labels[thing.kind, folded(label)].add(thing.key)
                    for alias in others:
                        aliases[thing.kind, folded(alias)].add(thing.key)
        return cls(_sorted(labels), _sorted(aliases), frozenset(names.shared if names else ()))

    def meaning(self, name: str, type_: str, year: int = 0) -> Meaning:
        """Look a name up.

        Args:
            name: as the text has it.
            type_: of the mention.
            year: of the document; 0 where it is unknown.
        """
        kind = KINDS.get(type_, "")
        for table, by in ((self.labels, "label"), (self.aliases, "alias")):
            keys = table.get((kind, folded(name)), ())
            if keys:
                return _one_of(keys, by)
        return _one_of(self._of_year(kind, folded(name), year), "context")

    def _of_year(self, kind: str, name: str, year: int) -> tuple[str, ...]:
        """List the events whose label is the year, at most one character, and the name."""
        if kind != "event" or not year:
            return ()
        return tuple(
            sorted(
                {
                    key
                    for (of, label), keys in self.labels.items()
                    if of == kind
                    and label.startswith(str(year))
                    and label.endswith(name)
                    and len(label) - len(name) - len(str(year)) in (0, 1)
                    for key in keys
                }
            )
        )


def _sorted(
    table: Mapping[tuple[str, str], set[str]],
) -> dict[tuple[str, str], tuple[str, ...]]:
    return {name: tuple(sorted(keys)) for name, keys in table.items()}


def _one_of(keys: tuple[str, ...], by: str) -> Meaning:
    if len(keys) == 1:
        return Meaning(keys[0], (), by)
    return Meaning("", keys, "")


@functools.cache
def _patterns(folder: Path) -> tuple[re.Pattern[str], ...]:
    rows = read_optional(table_at(folder, "short-names.tsv"), *SHORT_NAMES)
    return tuple(re.compile(row["pattern"]) for row in rows)


def short_names(
    text: str, mentions: Sequence[Named], folder: Path | None = None
) -> dict[tuple[str, str], str]:
    """Find what a text calls in short, and what for.

    Args:
        text: the restored text.
        mentions: of the text.
        folder: that of the language; without it, the Chinese one.

    Returns:
        type and folded short name → the whole name, as the text has it.
    """
    ends = {mention.span.end: mention for mention in reversed(mentions)}
    found: dict[tuple[str, str], str] = {}
    for pattern in _patterns(folder or asset("data", "lexicon", "zh")):
        for match in pattern.finditer(text):
            whole = ends.get(match.start())
            if whole:
                found.setdefault((whole.type, folded(match["short"])), text[slice(*whole.span)])
    return found


@dataclass(frozen=True)
class Reader:
    """Tells what the mentions of one text mean.

    Attributes:
        text: the restored text.
        register: the names of the registry.
        short: what the text calls in short, as ``short_names`` gives it.
        year: of the document; 0 where it is unknown.
    """

    text: str
    register: Register
    short: Mapping[tuple[str, str], str]
    year: int = 0

    @classmethod
    def of(
        cls,
        text: str,
        mentions: Sequence[Named],
        register: Register,
        year: int = 0,
        lexicon: Path | None = None,
    ) -> Reader:
        """Read what a text calls in short, by the patterns of a language's folder."""
        return cls(text, register, short_names(text, mentions, lexicon), year)

    def whole(self, mention: Named) -> str:
        """Give the name of a mention, whole where the text has it in short."""
        quote = self.text[slice(*mention.span)]
        return self.short.get((mention.type, folded(quote)), quote)

    def meaning(self, mention: Named) -> Meaning:
        """Say what a mention means."""
        return self.register.meaning(self.whole(mention), mention.type, self.year)


def lint_short_names(folder: Path) -> Iterator[Finding]:
    """Try each pattern on its examples."""
    for row in read_optional(table_at(folder, "short-names.tsv"), *SHORT_NAMES):
        form = re.compile(row["pattern"])
        if not form.fullmatch(row["example"]):
            yield Finding("draft/example-missed", row.where, facts={"example": row["example"]})
        if form.search(row["not"]):
            yield Finding("draft/counter-example", row.where, facts={"example": row["not"]})
