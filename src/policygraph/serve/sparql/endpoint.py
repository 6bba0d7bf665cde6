"""The endpoint: a question comes in, its answer goes out, or what the service is."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from policygraph.serve.accept import GRAPH, OFFERS, ROWS, Choice, chosen
from policygraph.serve.asking import lang_of, see
from policygraph.serve.house import House, unchanged
from policygraph.serve.refusal import BAD, NOT_ACCEPTABLE, Refusal
from policygraph.serve.sparql.description import description
from policygraph.serve.sparql.protocol import Question, question_of
from policygraph.serve.within import DESCRIPTION

_NEVER_THE_SAME = re.compile(r"\b(NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


class Endpoint:
    """Answers questions in SPARQL over HTTP."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def answer(self, request: Request) -> Response:
        """Answer a request.

        Raises:
            Refusal: it cannot be answered.
        """
        question = await question_of(request, self._house.allowance.body)
        if question:
            return await self._ask(request, question)
        choice = chosen(request.headers.get("accept"), {**GRAPH, "text/html": "html"})
        if choice and choice.form == "html":  # a person with a browser
            return see(f"/{lang_of(request)}/ask/sparql.html")
        return await self._describe(request, choice)

    async def _ask(self, request: Request, question: Question) -> Response:
        choices = _choices(request, question)
        forms = {kind: choice.form for kind, choice in choices.items()}
        graphs = question.default, question.named
        fixed = is_fixed(question.text)
        types = [choice.media for choice in choices.values()]
        tag = self._house.tag(question.text, graphs, types) if fixed else ""
        same = unchanged(request, tag)
        if same:
            return same
        asked = {"default": graphs[0], "named": graphs[1], "forms": forms, "text": question.text}
        found = await self._house.ask(self._house.questions, {"job": "query", **asked}, request)
        return self._house.answer(found.body, choices[found.head["kind"]], tag)

    async def _describe(self, request: Request, choice: Choice | None) -> Response:
        if choice is None:
            raise Refusal(NOT_ACCEPTABLE, "serve/no-form", offered=", ".join(GRAPH))
        address = str(request.url.replace(query=""))
        tag = self._house.tag("description", address, choice.media)
        same = unchanged(request, tag)
        if same:
            return same
        try:
            described = f"{self._house.served.base}graph/{DESCRIPTION}"
            body = description(address, described, choice.form)
        except ValueError as error:  # what the client calls us cannot stand in an IRI
            raise Refusal(BAD, "serve/bad-host") from error
        return self._house.answer(body, choice, tag)


def _choices(request: Request, question: Question) -> dict[str, Choice]:
    """Choose the form of an answer of each kind; what kind it is of, only a worker can tell.

    Raises:
        Refusal: none will do.
    """
    known = {form for offers in OFFERS.values() for form in offers.values()}
    if question.form and question.form not in known:
        raise Refusal(BAD, "serve/unknown-form", form=question.form, known=", ".join(sorted(known)))
    accept = request.headers.get("accept")
    found = {kind: chosen(accept, offers, question.form) for kind, offers in OFFERS.items()}
    choices = {kind: choice for kind, choice in found.items() if choice}
    if not choices:
        offered = ", ".join(dict.fromkeys([*ROWS, *GRAPH]))
        raise Refusal(NOT_ACCEPTABLE, "serve/no-form", offered=offered)
    return choices


def is_fixed(text: str) -> bool:
    """Tell whether a query has the same answer each time, of a graph that does not change."""
    return not _NEVER_THE_SAME.search(text)
