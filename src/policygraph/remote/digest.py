"""The answer to a digest challenge (RFC 7616), which Virtuoso asks for; urllib3 has none.

In: what stands in ``WWW-Authenticate``. Out: what goes into ``Authorization``.
"""

from __future__ import annotations

import hashlib
import secrets
from urllib.parse import urlsplit
from urllib.request import parse_http_list, parse_keqv_list

_HASHES = {"MD5": "md5", "SHA-256": "sha256"}


def digest_answer(
    challenge: str, method: str, address: str, user: str, password: str, once: str = ""
) -> str:
    """Prove that one knows a password without sending it.

    Args:
        challenge: the header that asks for it.
        method: of the request.
        address: of the request.
        user: name.
        password: never sent.
        once: a text that is used once; chosen at random if empty.
    """
    asked = parse_keqv_list(parse_http_list(challenge.partition(" ")[2]))
    algorithm = asked.get("algorithm", "MD5")
    parts = urlsplit(address)
    uri = parts.path + (f"?{parts.query}" if parts.query else "")
    once, count = once or secrets.token_hex(8), "00000001"

    def hashed(*texts: str) -> str:
        name = _HASHES.get(algorithm.upper(), "md5")
        return hashlib.new(name, ":".join(texts).encode(), usedforsecurity=False).hexdigest()

    secret, asked_for = hashed(user, asked["realm"], password), hashed(method, uri)
    chosen = "auth" if "auth" in asked.get("qop", "").replace(" ", "").split(",") else ""
    between = (count, once, chosen) if chosen else ()
    fields = {
        "username": user,
        "realm": asked["realm"],
        "nonce": asked["nonce"],
        "uri": uri,
        "response": hashed(secret, asked["nonce"], *between, asked_for),
    }
    fields |= {"opaque": asked["opaque"]} if "opaque" in asked else {}
    quoted = [f'{name}="{value}"' for name, value in fields.items()]
    unquoted = [f"qop={chosen}", f"nc={count}", f'cnonce="{once}"'] if chosen else []
    return "Digest " + ", ".join([*quoted, f"algorithm={algorithm}", *unquoted])
