"""Folded punctuation: ASCII signs of Chinese text made full-width again, as GB/T 15834 sets them.

In: a text; out: one proposal for each sign, one character for one. Only where the document shows
that its site folds, sign by sign, and never between numbers or Latin letters. This room knows no
RDF.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from policygraph.text.restore import signs
from policygraph.text.restore.ledger import Proposal, change, facts
from policygraph.text.restore.script import HAN
from policygraph.text.restore.trace import Span

_GAP = re.compile(r"[^\w\n]+")  # what stands between two words of a line
_WORD_CHARACTER = re.compile(r"\w")
_BRACKETS = re.compile(r"[()\n]")

# A site folds a sign everywhere; one full-width sign in ten allows for an author's own.
_SHARE = 0.9


def proposals(text: str) -> Iterator[Proposal]:
    """Propose full-width signs where the document folds them."""
    full_counts = {sign: text.count(full) for sign, full in signs.folded().items()}
    at_most = {sign: text.count(sign) for sign in full_counts}
    if not _folds(at_most, full_counts) or not _is_chinese(text):
        return  # clean text: fewer signs in Chinese words would show no more
    places = sorted(_in_chinese(text))
    ascii_counts = Counter(text[place] for place in places)
    folds = _folds(ascii_counts, full_counts)
    for place in (place for place in places if text[place] in folds):
        sign = text[place]
        full = signs.folded()[sign]
        counts = {"folded": ascii_counts[sign], "kept": full_counts[sign]}
        reason = facts(before=sign, after=full, **counts)
        span = Span(place, place + 1)
        yield change("punctuation", "restore/punctuation", reason, span, full)


def _folds(ascii_counts: Mapping[str, int], full_counts: Mapping[str, int]) -> set[str]:
    """Tell which signs the document folds.

    Brackets are no evidence: authors write (GDP) beside full-width stops. So the stops together
    tell whether the site folds at all, and then each sign must agree. The two brackets are judged
    as one; a single full-width one may have been recovered from misread bytes.
    """
    stops = [sign for sign in full_counts if not _BRACKETS.match(sign)]
    ascii_stops = sum(ascii_counts[sign] for sign in stops)
    if not _is_folded(ascii_stops, sum(full_counts[sign] for sign in stops)):
        return set()
    folded = {sign for sign in stops if _is_folded(ascii_counts[sign], full_counts[sign])}
    brackets = [sign for sign in full_counts if _BRACKETS.match(sign)]
    in_ascii = sum(ascii_counts[sign] for sign in brackets)
    in_full = sum(full_counts[sign] for sign in brackets)
    agree = _is_folded(in_ascii, in_full) or in_full == 1
    return folded | {sign for sign in brackets if agree and ascii_counts[sign]}


def _is_folded(as_ascii: int, as_full: int) -> bool:
    return as_ascii > 0 and as_ascii >= _SHARE * (as_ascii + as_full)


def _is_chinese(text: str) -> bool:
    """Tell whether most of a text is Chinese, and not Latin with some Chinese words in it."""
    if not HAN.search(text):
        return False
    chinese = 2 * len(HAN.findall(text))
    return chinese > len(text) or chinese > len(_WORD_CHARACTER.findall(text))


def _in_chinese(text: str) -> set[int]:
    """Find the ASCII signs next to a Chinese word, looking past other signs of the line."""
    places: set[int] = set()
    for gap in _GAP.finditer(text):
        start, end = gap.span()
        if HAN.match(text, start - 1) or HAN.match(text, end):
            places.update(at for at in range(start, end) if text[at] in signs.folded())
    return places | _partners(text, places)


def _partners(text: str, places: AbstractSet[int]) -> set[int]:
    """Find the brackets whose other half stands in Chinese text: both are set alike."""
    partners: set[int] = set()
    opened: list[int] = []
    for found in _BRACKETS.finditer(text):
        if found[0] == "(":
            opened.append(found.start())
        elif found[0] == "\n":
            opened.clear()
        elif opened:
            pair = {opened.pop(), found.start()}
            partners |= pair if not pair.isdisjoint(places) else set()
    return partners
