"""What is asked of a build on disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version

from policygraph.corpus.parts import Maker
from policygraph.graph.vocabulary import Vocabulary
from policygraph.identifiers import Identifiers
from policygraph.text.names import Thing
from policygraph.workspace import Place

_FORM = "2"
"""Form of the ledger; a graph with another is built anew."""


_FEW = 64
"""Documents below which starting processes takes longer than it saves."""


@dataclass(frozen=True)
class Order:
    """What to build and how.

    Attributes:
        place: the workspace.
        progress: is told the name of a message and its facts when a stage is done.
        drafts: include rows that nobody reviewed.
        same_as: links say in OWL, too, that things are the same.
        jobs: number of processes that make parts.
        keep_invalid: set aside what breaks a rule instead of refusing the whole.
        engine: of shapes and inference: ``fast`` or ``pyshacl``.
        on: a cluster that makes the parts instead: ``dask`` or ``dask:ADDRESS``.
        shared: the things of the registry by key, if they are known; else it is read.
    """

    place: Place
    progress: Callable[[str, Mapping[str, object]], None]
    drafts: bool = False
    same_as: bool = False
    keep_invalid: bool = False
    jobs: int = 1
    engine: str = "fast"
    on: str = ""
    shared: Mapping[str, Sequence[Thing]] | None = None

    @property
    def facts(self) -> dict[str, str]:
        """What a graph must have been built with to be changed rather than built anew."""
        return {
            "form": _FORM,
            "policygraph": version("policygraph"),
            "base": self.place.base,
            "drafts": str(self.drafts),
            "same_as": str(self.same_as),
            "quarantined": "0",
        }

    @property
    def ids(self) -> Identifiers:
        """How IRIs look."""
        return Identifiers(self.place.base)

    @cached_property
    def maker(self) -> Maker:
        """What makes parts in this process."""
        return Maker(self.place, drafts=self.drafts, same_as=self.same_as, shared=self.shared)

    @property
    def vocabulary(self) -> Vocabulary:
        """The terms of the ontology."""
        return self.maker.vocabulary


def processes(documents: int) -> int:
    """Choose a number of processes: one for few documents, else one for each processor."""
    return 1 if documents < _FEW else os.cpu_count() or 1
