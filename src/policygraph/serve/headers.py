"""Headers that keep browsers from doing more with an answer than showing it."""

from __future__ import annotations

from collections.abc import Mapping


def safety(*, forms: bool, shared: bool) -> Mapping[str, str]:
    """Give the safety headers of an answer.

    Args:
        forms: whether a page may send forms, to where it comes from.
        shared: whether other sites may use the answer, as they may with public data.
    """
    policy = (
        "default-src 'self'",
        "base-uri 'none'",
        f"form-action {_own(allowed=forms)}",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "cross-origin" if shared else "same-origin",
    }


def _own(*, allowed: bool) -> str:
    return "'self'" if allowed else "'none'"
