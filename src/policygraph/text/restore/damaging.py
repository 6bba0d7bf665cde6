"""The damage that sites do to a text: readings put in, bytes split at signs, signs folded.

In: a text and a model of a site; out: the text as the site would show it. The model knows rules
(this character becomes that one, this sign is folded), never places. This room knows no RDF.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from policygraph.text.restore import gbk, signs

_INDENT = re.compile("(?m)^ {4,}")


@dataclass(frozen=True)
class DamageModel:
    """What the tools of a site do to a text.

    Attributes:
        script: simplified character → traditional one.
        keys: traditional character, or word → the bracketed reading put behind it wherever it
            occurs.
        splits: the site searches the bytes of the text for signs, across characters.
        folds: full-width sign → ASCII sign.
        aligned: readings are put in where characters begin and end; otherwise wherever the two
            bytes of a character occur, as tools do that know bytes only.
        doubled: signs that are written twice.
        indents: spaces that begin a line become question marks.
    """

    script: dict[str, str]
    keys: dict[str, str]
    splits: bool
    folds: dict[str, str]
    aligned: bool = True
    doubled: frozenset[str] = frozenset()
    indents: bool = False


def damage(text: str, model: DamageModel) -> str:
    """Apply a model of damage to a text, in the order in which a site works."""
    written = text.translate(_table(model.script | {s: 2 * s for s in model.doubled}))
    keys = {key: key + reading for key, reading in model.keys.items()}
    annotated = _with_readings(written, keys)
    if model.splits or not model.aligned:
        data = gbk.encode(annotated) if model.aligned else _replaced(gbk.encode(written), keys)
        pieces = _split([data]) if model.splits else [data]
        annotated = "".join(map(gbk.decode, pieces))
    folded = signs.fold(annotated, model.folds)
    return _INDENT.sub(lambda found: "?" * len(found[0]), folded) if model.indents else folded


def _with_readings(text: str, keys: dict[str, str]) -> str:
    """Put the readings behind characters and words, the longest word first."""
    words = sorted((key for key in keys if len(key) > 1), key=len, reverse=True)
    if not words:
        return text.translate(_table(keys))
    any_key = re.compile("|".join(map(re.escape, [*words, *keys.keys() - words])))
    return any_key.sub(lambda found: keys[found[0]], text)


def _replaced(data: bytes, keys: dict[str, str]) -> bytes:
    """Replace the bytes of characters wherever they occur, one key after the other."""
    for key, annotated in keys.items():
        data = data.replace(gbk.encode(key), gbk.encode(annotated))
    return data


def _split(pieces: list[bytes]) -> list[bytes]:
    """Search the GBK bytes for each sign in turn and cut there."""
    for sign in signs.splitting():
        mark = gbk.encode(sign)
        pieces = list(chain.from_iterable(_around(mark, piece) for piece in pieces))
    return pieces


def _around(mark: bytes, piece: bytes) -> list[bytes]:
    first, *others = piece.split(mark)
    return [first, *chain.from_iterable((mark, other) for other in others)]


def _table(replacements: dict[str, str]) -> dict[int, str]:
    return {ord(character): text for character, text in replacements.items()}
