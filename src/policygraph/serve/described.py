"""The description of the doors for programs: OpenAPI 3.1, kept by hand in ``openapi.json``."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

DESCRIPTION = Path(__file__).with_name("openapi.json")


def routes() -> list[Route]:
    """Give the path of the description."""
    body = DESCRIPTION.read_bytes()

    async def describe(_: Request) -> Response:
        return Response(body, media_type="application/json")

    return [Route("/openapi.json", describe)]
