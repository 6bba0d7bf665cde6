"""Things of the registry, found by what a person types: a name, a piece of it, its key or pinyin.

In: the names of the registry and a few letters. Out: the things that bear such a name, best first,
each with the name that fits. Several things of one name are all given: a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from policygraph.text.names import Thing
from policygraph.text.naming.folding import folded


@dataclass(frozen=True)
class Hit:
    """A thing that fits.

    Attributes:
        thing: what was found.
        name: the name, or the key, that fits.
        rank: 0 for the whole name, more for less of it.
    """

    thing: Thing
    name: str
    rank: int


@dataclass(frozen=True)
class _Entry:
    """A name of a thing in the forms that people type."""

    thing: Thing
    name: str
    bare: str
    pinyin: str
    initials: str

    def rank(self, asked: str) -> int | None:
        """Tell how well it fits; None where it does not."""
        fits = (
            self.bare == asked,
            self.bare.startswith(asked),
            self.initials == asked,
            asked in self.bare,
            self.initials.startswith(asked),
            self.pinyin.startswith(asked),
        )
        return fits.index(True) if True in fits else None


class Search:
    """An index of things by their names and keys.

    Args:
        things: of the registry.
    """

    def __init__(self, things: Iterable[Thing]) -> None:
        self._entries = [entry for thing in things for entry in _entries(thing)]

    def find(self, asked: str, kinds: Collection[str] = (), most: int = 20) -> list[Hit]:
        """Find things.

        Args:
            asked: what was typed; nothing finds everything.
            kinds: segments the things must stand under, such as ``event``; none allows any.
            most: how many to give.
        """
        bare = _bare(asked)
        best: dict[tuple[str, str], Hit] = {}
        for entry in self._entries:
            rank = entry.rank(bare)
            if rank is None or (kinds and entry.thing.kind not in kinds):
                continue
            key = (entry.thing.kind, entry.thing.key)
            if key not in best or rank < best[key].rank:
                best[key] = Hit(entry.thing, entry.name, rank)
        return sorted(best.values(), key=_order)[:most]


def _order(hit: Hit) -> tuple[int, int, str, str]:
    return hit.rank, len(hit.name), hit.thing.kind, hit.thing.key


def _entries(thing: Thing) -> Iterator[_Entry]:
    for _, names in thing.names:
        for name in names:
            syllables = _syllables(name)
            initials = "".join(syllable[0] for syllable in syllables)
            yield _Entry(thing, name, _bare(name), "".join(syllables), initials)
    yield _Entry(thing, thing.key, _bare(thing.key), "", "")


def _bare(name: str) -> str:
    return folded(name).casefold()


def _syllables(name: str) -> list[str]:
    """Give the default reading of each character, without tones; Latin letters as they are."""
    from pypinyin import lazy_pinyin

    return [part.casefold() for part in lazy_pinyin(folded(name)) if part.strip()]
