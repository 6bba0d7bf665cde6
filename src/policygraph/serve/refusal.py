"""A request that is refused: a message of ours, and the status of HTTP that says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from policygraph.errors import PolicyGraphError, WorkLost
from policygraph.serve.frames import Frame

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


def refusing(job: Callable[[Mapping[str, Any]], Frame]) -> Callable[[Mapping[str, Any]], Frame]:
    """Have a job of a worker refuse where it would raise an error of ours."""

    def guarded(asked: Mapping[str, Any]) -> Frame:
        try:
            return job(asked)
        except Refusal:
            raise
        except WorkLost as error:
            raise Refusal(TOO_LONG, error.name, **error.facts) from error
        except PolicyGraphError as error:
            status = TOO_LARGE if error.name == "reconcile/too-many" else BAD
            raise Refusal(status, error.name, **error.facts) from error

    return guarded
