"""Where the files that travel with the package are: ontology, queries, example data, lexicon.

In a checkout they lie at its top, for people; in a wheel they lie inside the package. This is the
only room that knows both places.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOMS = ("ontology", "queries", "data")


def bundled_root() -> Path:
    """Find the folder that holds ``ontology/``, ``queries/`` and ``data/`` of this installation."""
    inside = _PACKAGE / "_assets"
    return inside if inside.is_dir() else _PACKAGE.parents[1]


def asset(room: str, *parts: str) -> Path:
    """Find a bundled file or folder, for example ``asset("ontology", "policy.ttl")``.

    Raises:
        ValueError: the room is not one that travels with the package.
    """
    if room not in _ROOMS:
        raise ValueError(f"no such room: {room!r}; there are {', '.join(_ROOMS)}")
    return bundled_root().joinpath(room, *parts)
