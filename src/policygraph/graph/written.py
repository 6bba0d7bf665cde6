"""Quads as N-Quads writes them (RDF 1.1 N-Quads, section 2): four texts, one for each term.

What is built by the million goes to a file and is nobody's object before, so it is made as text
(docs/decisions/0069). A node is its IRI in angle brackets, a literal is quoted and escaped: the
texts are those of pyoxigraph, which ``node`` and ``literal`` ask wherever a text is not plain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter

from pyoxigraph import Literal, NamedNode

from policygraph.namespaces import PG, PROV, RDF, RDFS, XSD

Written = tuple[str, str, str, str]
"""Subject, predicate, object and graph of a quad."""

_WIDE_BLANK = "\u3000"
"""What Chinese texts begin their lines with: no printable character, for all that."""

_MANY = 4096
"""Nodes that are kept at hand: those of the registry come back in every document."""


@lru_cache(_MANY)
def node(iri: str) -> str:
    """Write a node.

    Raises:
        ValueError: the text is not an IRI.
    """
    return str(NamedNode(iri))


def bracketed(iri: str) -> str:
    """Write a node whose IRI was made here, of parts that are known to be good."""
    return f"<{iri}>"


def iri_of(written: str) -> str:
    """Give the IRI of a node as it is written."""
    return written[1:-1]


@cache
def pg(name: str) -> str:
    """Write a term of the policy ontology."""
    return node(PG + name)


TYPE = node(RDF + "type")
LABEL = node(RDFS + "label")
QUOTED = node(PROV + "wasQuotedFrom")


def literal(text: str, *, language: str = "", datatype: str = "") -> str:
    r"""Write a literal: plain, or with its language or the IRI of its datatype.

    >>> literal("五大行动", language="zh-Hans"), literal('"')
    ('"五大行动"@zh-hans', '"\\""')

    Raises:
        ValueError: the language is none (BCP 47).
    """
    return quoted(text) + tail_of(language, datatype)


def quoted(text: str) -> str:
    """Write the words of a literal between quotation marks, what needs it escaped."""
    if '"' in text or "\\" in text:
        return str(Literal(text))
    if text.isprintable():
        return f'"{text}"'
    plain = text.replace("\n", "\\n")
    if plain.replace(_WIDE_BLANK, "").isprintable():
        return f'"{plain}"'
    return str(Literal(text))


def quoter_of(text: str) -> Callable[[str], str]:
    r"""Give what writes any stretch of a text as ``quoted`` does.

    Whether anything but ends of lines needs to be escaped is found out once for the whole text.

    >>> quoter_of("甲。\n乙。")("\n乙")
    '"\\n乙"'
    """
    plain = text.replace("\n", "").replace(_WIDE_BLANK, "").isprintable()
    return _quoted_plainly if plain and '"' not in text and "\\" not in text else quoted


def _quoted_plainly(words: str) -> str:
    return f'"{words}"'.replace("\n", "\\n")


@cache
def tail_of(language: str, datatype: str = "") -> str:
    """Give what stands behind the words of a literal."""
    if language:
        return str(Literal("", language=language))[2:]
    return str(Literal("", datatype=NamedNode(datatype)))[2:] if datatype else ""


def index(number: int) -> str:
    """Write an offset: an xsd:integer, for the store keeps no narrower type."""
    return f'"{number}"^^<{XSD}integer>'


def day(text: str) -> str:
    """Write a day given as YYYY-MM-DD."""
    return literal(text, datatype=XSD + "date")


class Lines:
    """Quads as N-Quads writes them, each once, in the order in which they were said first."""

    def __init__(self) -> None:
        self._said: dict[Written, None] = {}
        self._texts: list[str] = []
        self._counts = Counter[str]()

    def say(self, quads: Iterable[Written]) -> None:
        """Take quads in; one that is there already changes nothing."""
        before = len(self._said)
        self._said.update(dict.fromkeys(quads))
        new = list(islice(self._said, before, None))
        self._texts += [f"{s} {p} {o} {g} .\n" for s, p, o, g in new]
        self._counts.update(map(itemgetter(3), new))

    def take(self, texts: Iterable[str], count: int, graph: str) -> None:
        """Take lines in, all of one graph, that nobody says otherwise.

        Args:
            texts: the lines one after the other, cut anywhere.
            count: how many they are.
            graph: that of all of them, as it is written.
        """
        self._texts += texts
        self._counts[graph] += count

    def counts(self) -> Counter[str]:
        """Count the quads of each graph, by its name as it is written."""
        return self._counts

    def __bytes__(self) -> bytes:
        """Give all lines; most texts are ASCII, and one that is becomes bytes by a copy."""
        return b"".join(map(str.encode, self._texts))
