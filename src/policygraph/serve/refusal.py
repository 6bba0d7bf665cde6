"""A request that is refused: a message of ours, and the status of HTTP that says so."""

from __future__ import annotations

from collections.abc import Mapping

from policygraph.errors import PolicyGraphError

BAD, FORBIDDEN, NOT_FOUND, METHOD, NOT_ACCEPTABLE = 400, 403, 404, 405, 406
TOO_LARGE, MEDIA, TOO_MUCH, BUSY, TOO_LONG = 413, 415, 422, 503, 504


class Refusal(PolicyGraphError):
    """A request cannot be answered.

    Attributes:
        status: of the answer.
        headers: that go with it.
    """

    def __init__(
        self, status: int, name: str, headers: Mapping[str, str] | None = None, /, **facts: object
    ) -> None:
        super().__init__(name, **facts)
        self.status, self.headers = status, dict(headers or {})
