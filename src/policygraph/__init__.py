"""Build, validate, reason over, query and publish knowledge graphs of policy documents.

The names below are loaded on first use, so that ``policygraph --help`` does not pay for rdflib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policygraph.api.policy_graph import PolicyGraph
    from policygraph.pipeline import build, open

__all__ = ["PolicyGraph", "build", "open"]


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name not in __all__:
        raise AttributeError(f"module 'policygraph' has no attribute {name!r}")
    from policygraph import pipeline

    return getattr(pipeline, name)
