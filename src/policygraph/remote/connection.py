"""Requests to a store, tried again while it does not answer.

In: a method, an address, a body. Out: the answer, or an error that says what the store said.
Everything that is sent here may be sent twice without harm, so every request is tried again.
Redirects are not followed: a password goes to the address that was given and to no other.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import RemoteFailure, WrongUsage
from policygraph.remote.addresses import Identity

if TYPE_CHECKING:
    import urllib3

_BUSY = (429, 502, 503, 504)
"""Answers after which it is worth asking again."""
_SHOWN = 200
"""Characters of a refusal that are shown."""


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try.

    Attributes:
        seconds: without a byte, until a request counts as lost.
        tries: how often a request is sent again; the pauses double, up to half a minute.
        most: bytes that an answer may have; 0 for any number.
    """

    seconds: float = 120
    tries: int = 8
    most: int = 0


class Connection:
    """Sends requests as somebody."""

    def __init__(self, identity: Identity, patience: Patience) -> None:
        """Make ready to send.

        Raises:
            WrongUsage: urllib3 is not installed.
        """
        try:
            import urllib3
        except ImportError as error:
            raise WrongUsage("remote/not-installed") from error
        self._identity, self._patience = identity, patience
        self._challenge = ""
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=min(10, patience.seconds), read=patience.seconds),
            retries=urllib3.Retry(
                total=patience.tries,
                redirect=False,
                status_forcelist=_BUSY,
                allowed_methods=None,
                backoff_factor=0.5,
                backoff_max=30,
                raise_on_status=False,
            ),
        )

    def send(
        self,
        method: str,
        address: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        accepted: tuple[int, ...] = (),
    ) -> bytes:
        """Send a request and give the body of the answer.

        Args:
            method: of HTTP.
            address: where to.
            body: bytes to send.
            headers: beside those that say who sends it.
            accepted: statuses that are no refusal, beside 200 to 299.

        Raises:
            RemoteFailure: the store does not answer, refuses, or answers more than it may.
        """
        answer = self._try(method, address, body, headers or {})
        if answer.status == 401 and self._is_challenged(answer, method, address):
            answer = self._try(method, address, body, headers or {})
        data = self._read(answer, address)
        if not (200 <= answer.status < 300 or answer.status in accepted):
            raise self._refusal(address, answer, data)
        return data

    def _try(
        self,
        method: str,
        address: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        known: bool = True,
    ) -> urllib3.BaseHTTPResponse:
        from urllib3.exceptions import HTTPError

        proof = self._proof(method, address) if known else {}
        sent = {"User-Agent": "policygraph", **headers, **proof}
        try:
            return self._pool.request(
                method, address, body=body or None, headers=sent, preload_content=False
            )
        except HTTPError as error:
            raise _lost(address, error) from error

    def _read(self, answer: urllib3.BaseHTTPResponse, address: str) -> bytes:
        from urllib3.exceptions import HTTPError

        pieces, size = [], 0
        try:
            for piece in answer.stream(2**20):
                pieces.append(piece)
                size += len(piece)
                if self._patience.most and size > self._patience.most:
                    raise RemoteFailure("remote/too-much", mebibytes=self._patience.most >> 20)
        except HTTPError as error:
            raise _lost(address, error) from error
        finally:
            answer.release_conn()
        return b"".join(pieces)

    def _proof(self, method: str, address: str) -> dict[str, str]:
        """Say who sends a request, in the way the store wants it said."""
        who = self._identity
        if who.token:
            return {"Authorization": f"Bearer {who.token}"}
        if not who.user:
            return {}
        if self._challenge:
            from policygraph.remote.digest import digest_answer

            proof = digest_answer(self._challenge, method, address, who.user, who.password)
            return {"Authorization": proof}
        pair = base64.b64encode(f"{who.user}:{who.password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def _is_challenged(self, answer: urllib3.BaseHTTPResponse, method: str, address: str) -> bool:
        """Take up a digest challenge (RFC 7616), which some stores give only to the unknown."""
        if not self._identity.user:
            return False
        answer.drain_conn()
        challenge = answer.headers.get("WWW-Authenticate", "")
        if not _is_digest(challenge):
            stranger = self._try(method, address, b"", {}, known=False)
            stranger.drain_conn()
            challenge = stranger.headers.get("WWW-Authenticate", "")
        self._challenge = challenge if _is_digest(challenge) else ""
        return bool(self._challenge)

    def _refusal(
        self, address: str, answer: urllib3.BaseHTTPResponse, data: bytes
    ) -> RemoteFailure:
        if answer.status in (401, 403):
            return RemoteFailure("remote/forbidden", address=address, status=answer.status)
        words = " ".join(data.decode(errors="replace").split())[:_SHOWN]
        moved = answer.headers.get("Location", "") if 300 <= answer.status < 400 else ""
        why = moved or words or (answer.reason or "")
        return RemoteFailure("remote/refused", address=address, status=answer.status, why=why)


def _is_digest(challenge: str) -> bool:
    return challenge.lower().startswith("digest ")


def _lost(address: str, error: Exception) -> RemoteFailure:
    reason = getattr(error, "reason", None) or error
    why = str(reason).rpartition(": ")[2] or type(reason).__name__
    return RemoteFailure("remote/unreachable", address=address, why=why)
