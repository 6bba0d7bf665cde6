"""The SPARQL 1.1 Protocol (W3C, 21 March 2013), section 2.1: requests that ask.

In: a request with GET, a form or a query as its body. Out: the question in it. Updates are refused,
and so is what the protocol does not allow.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from policygraph.serve.refusal import BAD, FORBIDDEN, MEDIA, TOO_LARGE, Refusal

FORM, DIRECT, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
_FIELDS = 1000
"""Parameters that a request may have."""


@dataclass(frozen=True)
class Question:
    """What a request asks.

    Attributes:
        text: the query.
        default: IRIs of the graphs whose merge is the default graph; empty for the store's own.
        named: IRIs of the graphs that GRAPH finds; empty for all, unless ``default`` is given.
        form: the form of the answer, where the address says it; empty otherwise.
    """

    text: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    form: str = ""


async def question_of(request: Request, most: int) -> Question | None:
    """Read the question of a request; None where it asks for nothing.

    Args:
        request: with GET, HEAD or POST.
        most: bytes that it may send.

    Raises:
        Refusal: it is malformed, too large, or an update.
    """
    given = parameters(request.scope["query_string"])
    if request.method == "POST":
        media = _media_of(request)
        body = await body_of(request, most)
        given += parameters(body) if media == FORM else [("query", _decoded(body))]
    elif not any(name in ("query", "update") for name, _ in given):
        return None
    return _question(given)


def _question(given: Iterable[tuple[str, str]]) -> Question:
    values: dict[str, list[str]] = {}
    for name, value in given:
        values.setdefault(name, []).append(value)
    if "update" in values or any(name.startswith("using-") for name in values):
        raise Refusal(FORBIDDEN, "serve/read-only")
    texts, forms = values.get("query", []), values.get("format", [""])
    if len(texts) != 1 or len(forms) != 1:
        raise Refusal(BAD, "serve/one-query", count=len(texts))
    default, named = (tuple(values.get(f"{kind}-graph-uri", ())) for kind in ("default", "named"))
    return Question(texts[0], default, named, forms[0])


def _media_of(request: Request) -> str:
    """Give the media type of a body: that of a form or of a query.

    Raises:
        Refusal: it is another, or in another encoding than UTF-8.
    """
    header = Message()
    header["Content-Type"] = request.headers.get("content-type", "application/octet-stream")
    media = header.get_content_type()
    if media == UPDATE:
        raise Refusal(FORBIDDEN, "serve/read-only")
    if media not in (FORM, DIRECT) or not _is_utf_8(str(header.get_param("charset", "utf-8"))):
        raise Refusal(MEDIA, "serve/media-type", accepted=f"{FORM}, {DIRECT}")
    return media


def _is_utf_8(name: str) -> bool:
    try:
        return codecs.lookup(name).name == "utf-8"
    except LookupError:
        return False


async def body_of(request: Request, most: int) -> bytes:
    """Read a body.

    Raises:
        Refusal: it is too large; what is too large is not read.
    """
    told = request.headers.get("content-length", "0")
    body = bytearray()
    if not told.isdecimal() or int(told) > most:
        raise _too_large(most)
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise _too_large(most)
    except ClientDisconnect as error:
        raise Refusal(BAD, "serve/cut-off") from error
    return bytes(body)


def _too_large(most: int) -> Refusal:
    closed = {"Connection": "close"}
    return Refusal(TOO_LARGE, "serve/body-too-large", closed, mebibytes=f"{most / 2**20:g}")


def parameters(text: bytes) -> list[tuple[str, str]]:
    """Read the parameters of an address or a form.

    Raises:
        Refusal: they are malformed.
    """
    try:
        pairs = parse_qsl(
            text.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS
        )
    except ValueError as error:
        raise Refusal(BAD, "serve/bad-form") from error
    return pairs


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refusal(BAD, "serve/no-utf-8") from error
