"""Asking a worker for JSON, as the doors beside SPARQL do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from policygraph.errors import PolicyGraphError
from policygraph.messages import advise, say
from policygraph.serve.accept import Choice, language
from policygraph.serve.house import House, unchanged
from policygraph.serve.refusal import BAD, Refusal
from policygraph.serve.sparql.protocol import parameters

JSON = Choice("json", "application/json")


def given(request: Request, *known: str, strict: bool = False) -> dict[str, str]:
    """Read the parameters of an address, each once.

    Args:
        request: with them in its address.
        known: the names of those that mean something.
        strict: whether others are refused; else they are passed over.

    Raises:
        Refusal: one that means something stands twice, or one is refused.
    """
    values: dict[str, str] = {}
    for name, value in parameters(request.scope["query_string"]):
        if name in values or (strict and name not in known):
            raise Refusal(BAD, "serve/parameter", name=name, known=", ".join(known))
        if name in known:
            values[name] = value
    return values


def number(values: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """Read a parameter that is a number.

    Raises:
        Refusal: it is none, or too small; one that is too large is cut.
    """
    text = values.get(name) or str(default)
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) < least:
        raise Refusal(BAD, "serve/no-number", name=name, least=least, most=most)
    return min(int(text), most)


def told_in(lang: str, error: PolicyGraphError) -> list[str]:
    """Say an error in a language, and how to mend it, in lines for a page."""
    told = say(error.name, error.facts, lang), advise(error.name, error.facts, lang)
    return [line for line in told if line]


def see(address: str, status: int = 303) -> Response:
    """Lead to another address, by what the client accepts."""
    headers = {"Location": address, "Vary": "Accept, Accept-Language"}
    return Response(status_code=status, headers=headers)


def lang_of(request: Request) -> str:
    """Tell the language a client wants."""
    return language(request.headers.get("accept-language"))


async def answered(
    house: House,
    request: Request,
    asked: Mapping[str, Any],
    choice: Choice = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Have a worker answer, unless the client has that answer.

    Raises:
        Refusal: it cannot be answered.
    """
    tag = house.tag(dict(asked), choice.media) if request.method != "POST" else ""
    same = unchanged(request, tag)
    if same:
        return same
    found = await house.ask(house.questions, asked, request)
    spoken = {"Vary": "Accept-Language"} if "lang" in asked else {}
    return house.answer(found.body, choice, tag, {**spoken, **(headers or {})})
