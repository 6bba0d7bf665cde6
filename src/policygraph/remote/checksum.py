"""A checksum of a set of quads that does not depend on their order, nor on how a store writes them.

In: quads. Out: a number of quads and the sum of their hashes. Stores write numbers and truth values
in forms of their own ("20.50" as "20.5", "true" as "1") and language tags in lower case; these are
written in one form before they are hashed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from pyoxigraph import Literal

from policygraph.namespaces import XSD

_BITS = 256
_TRUTH = {"1": "true", "0": "false"}


class Checksum(NamedTuple):
    """Number of rows, and the sum of their SHA-256 hashes modulo 2^256, in hexadecimal."""

    quads: int
    total: str


def checksum(rows: Iterable[tuple[object, ...]]) -> Checksum:
    """Sum up rows of terms."""
    count, total = 0, 0
    for row in rows:
        line = " ".join(map(_written, row)).encode()
        total += int.from_bytes(hashlib.sha256(line).digest())
        count += 1
    return Checksum(count, f"{total % 2**_BITS:064x}")


def _written(term: object) -> str:
    if not isinstance(term, Literal):
        return str(term)
    if term.language:
        return str(Literal(term.value, language=term.language.lower()))
    datatype = term.datatype.value.removeprefix(XSD)
    if datatype in ("integer", "decimal"):
        return f"{_number(term.value)} {datatype}"
    if datatype == "boolean":
        return _TRUTH.get(term.value, term.value)
    return str(term)


def _number(text: str) -> str:
    try:
        return format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        return text
