"""Lists of all things, class by class, and the index that search reads.

In: the graph. Out: ``things.html``, ``things/goal.html`` and the pages that continue it; a script
with names, aliases and pinyin initials, which a browser reads even from a folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from policygraph.identifiers import kind_of_class
from policygraph.namespaces import PG, SKOS
from policygraph.publish.site.addresses import LANGUAGES
from policygraph.publish.site.page import Page, media_type
from policygraph.publish.site.room import House

ON_A_PAGE = 500
"""Things of a page of a list."""

MOST_FOUND = 20_000
"""Things that the index of the static site holds; a server has an index of its own."""

INDEX = "search/index.js"
_BEHIND = ("Passage", "Source", "Judgement", "Section", "MappingSet", "Place", "Topic")
"""Classes whose things come last in the index, so that a graph too large keeps the others."""


@dataclass(frozen=True)
class Shelf:
    """One page of a list: things of a class, from one to another."""

    kind: str
    number: int
    pages: int
    things: tuple[str, ...]


class Lists:
    """Lists of things and the index of their names."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._ordered = lru_cache(64)(self._sorted)

    def paths(self) -> Iterator[str]:
        """Give the paths of lists and of the index."""
        for lang in LANGUAGES:
            yield f"{lang}/things.html"
            yield from (f"{lang}/{rest}" for rest in self._shelves)
        yield INDEX

    def page(self, path: str, seen_at: str) -> Page | None:
        """Make a list or the index."""
        if path == INDEX:
            return Page(self._index, media_type(path))
        lang, _, rest = path.partition("/")
        if lang not in LANGUAGES or (rest != "things.html" and not rest.startswith("things/")):
            return None
        if rest == "things.html":
            return self.house.html("things", path, seen_at, counts=self._counts)
        if rest not in self._shelves:
            return None
        kind, number = self._shelves[rest]
        things = self._ordered(kind, lang)
        shelf = Shelf(
            kind,
            number,
            _pages(len(things)),
            things[(number - 1) * ON_A_PAGE : number * ON_A_PAGE],
        )
        return self.house.html("list", path, seen_at, shelf=shelf, path_of=_path)

    @cached_property
    def _counts(self) -> list[tuple[str, int, str]]:
        return [(kind, len(iris), _path(kind, 1)) for kind, iris in self.house.by_kind.items()]

    @cached_property
    def _shelves(self) -> dict[str, tuple[str, int]]:
        return {
            _path(kind, number): (kind, number)
            for kind, iris in self.house.by_kind.items()
            for number in range(1, _pages(len(iris)) + 1)
        }

    def _sorted(self, kind: str, lang: str) -> tuple[str, ...]:
        """Sort things by their names: Chinese ones as they are spoken."""
        named = [(self.house.reader.name(iri, lang).text, iri) for iri in self.house.by_kind[kind]]
        return tuple(iri for _, iri in sorted((_spoken(name), iri) for name, iri in named))

    # search

    @cached_property
    def _index(self) -> bytes:
        """Write names, aliases and initials of things: path, class, names, what else is found."""
        kinds = [kind for kind in self.house.by_kind if kind not in _BEHIND]
        kinds += [kind for kind in _BEHIND if kind in self.house.by_kind]
        rows = [self._entry(iri, kind) for kind in kinds for iri in self.house.by_kind[kind]]
        classes = {
            kind: {lang: self.house.reader.name(PG + kind, lang).text for lang in LANGUAGES}
            for kind in kinds
        }
        whole = {"classes": classes, "things": rows[:MOST_FOUND], "all": len(rows)}
        data = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
        return f"window.policygraphIndex = {data};\n".replace("<", "\\u003c").encode()

    def _entry(self, iri: str, kind: str) -> list[str]:
        names = [self.house.reader.name(iri, lang).text for lang in LANGUAGES]
        others = self.house.reader.words(iri, SKOS + "altLabel")
        others += list(self.house.reader.thing(iri).labels)
        aliases = dict.fromkeys(w.text for w in others if w.text not in names)
        initials = dict.fromkeys(map(_initials, [names[1], *aliases]))
        found = " ".join(filter(None, [*aliases, *initials, self.house.ids.key(iri)]))
        return [self.house.addresses.rest(iri), kind, *names, found]


def _pages(count: int) -> int:
    return -(-count // ON_A_PAGE)


def _path(kind: str, number: int) -> str:
    return f"things/{kind_of_class(kind)}{f'-{number}' if number > 1 else ''}.html"


def _spoken(name: str) -> tuple[str, str]:
    """Spell a name so that it can be sorted: Chinese by its pinyin.

    >>> _spoken("北京") < _spoken("上海")
    True
    """
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(name)).casefold(), name


def _initials(name: str) -> str:
    """Give the first letters of the syllables of a Chinese name; empty for any other.

    >>> _initials("“东数西算”工程")
    'dsxsgc'
    """
    from pypinyin import Style, lazy_pinyin

    if name.isascii():
        return ""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore"))
    return letters if letters.isascii() else ""
