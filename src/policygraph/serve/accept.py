"""Which of the forms on offer a client wants (RFC 9110, sections 12.4.2 and 12.5).

In: an Accept or Accept-Language header. Out: the offer with the highest weight; of equals, the
first. A form is named by a short word, which is also the ending of a file and the value of the
parameter ``format``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_WEIGHT = re.compile(r"0?\.\d+|0\.?|1(?:\.0*)?")
"""More than RFC 9110 writes: many clients leave out the zero before the point (``q=.5``), and some
give more than three digits. What they mean is plain."""
_UTF_8 = "; charset=utf-8"

ROWS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
TRUTH = {media: form for media, form in ROWS.items() if form in ("json", "xml")}
"""CSV and TSV are defined for rows only."""
GRAPH = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/n-quads": "nq",
    "application/trig": "trig",
}
OFFERS = {"rows": ROWS, "truth": TRUTH, "triples": GRAPH}
"""What each kind of answer can be sent as."""


class Choice(NamedTuple):
    """What is sent: a form, and the media type it is sent as."""

    form: str
    media: str

    @property
    def content_type(self) -> str:
        """The media type with the encoding of the characters, where it is not fixed."""
        fixed = self.media.endswith(("json", "+xml", "n-triples", "n-quads"))
        return self.media if fixed else self.media + _UTF_8


HTML = Choice("html", "text/html")
"""A page, where there is nothing to choose."""


def chosen(accept: str | None, offers: Mapping[str, str], form: str = "") -> Choice | None:
    """Choose among offers.

    Args:
        accept: the header; None or blank for anything.
        offers: media type → form, the dearest first.
        form: the only form that will do; empty for any.
    """
    if form:
        return next((Choice(each, media) for media, each in offers.items() if each == form), None)
    ranges = list(weights(accept)) if accept and accept.strip() else [("*/*", 1.0)]
    best = max(offers, key=lambda media: _weight(media, ranges))
    return Choice(offers[best], best) if _weight(best, ranges) else None


def weights(header: str) -> Iterator[tuple[str, float]]:
    """Read ranges with their weights; what is malformed is passed over."""
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        given = [text[2:] for text in parameters if text[:2].lower() == "q="]
        weight = given[0] if given else "1"
        if name and _WEIGHT.fullmatch(weight):
            yield name.lower(), float(weight)


def _weight(media: str, ranges: Iterable[tuple[str, float]]) -> float:
    """Give the weight of the narrowest range that a media type is in."""
    told = dict(ranges)
    for name in (media, media.partition("/")[0] + "/*", "*/*"):
        if name in told:
            return told[name]
    return 0


def language(accept: str | None, offers: Iterable[str] = ("en", "zh")) -> str:
    """Choose among languages; a range stands for all its kinds (``zh`` for ``zh-CN`` and back)."""
    known = list(offers)
    told = [(name.partition("-")[0], weight) for name, weight in weights(accept or "")]
    best = max(told, key=lambda pair: pair[1] if pair[0] in known else 0, default=("", 0.0))
    return best[0] if best[0] in known and best[1] else known[0]
