"""A worker: a process of its own that holds the store, open for reading, and answers questions.

In: frames on standard input, the first of them the settings. Out: a frame for each, on standard
output. It can open no socket and start no program (``policygraph.sealed``), and has only so much
memory; what it is asked may end it, and nothing else (docs/decisions/0051).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from policygraph.bounded import hold_to, mapped
from policygraph.graph.store import GraphStore
from policygraph.sealed import seal
from policygraph.serve.ending import end_with_parent
from policygraph.serve.finding import Finding
from policygraph.serve.frames import Frame, packed, read_frame
from policygraph.serve.refusal import Refusal
from policygraph.serve.sparql.answers import Answerer
from policygraph.serve.sparql.asked import Questions
from policygraph.serve.within import place_served

Job = Callable[[Mapping[str, Any]], Frame]
"""Answers one kind of question."""

_HUMBLE = 2
"""How far workers stand back behind the process that talks to clients."""


def main() -> None:
    """Answer until standard input ends."""
    asked, told = sys.stdin.buffer, _own_output()
    first = read_frame(asked.read)
    if first is None:
        return
    sealed = seal()
    jobs = _jobs(first.head, sealed=sealed)
    _stand_back()
    began = mapped()
    if first.head["memory"]:
        hold_to(first.head["memory"])
    _tell(told, Frame({"sealed": sealed}))
    while (frame := read_frame(asked.read)) is not None:
        answer = _answered(jobs, frame.head)
        tired = mapped() - began > first.head["memory"] / 2
        _tell(told, Frame(answer.head | {"tired": tired}, answer.body))


def _jobs(settings: Mapping[str, Any], *, sealed: bool) -> dict[str, Job]:
    """Open the stores, and give what can be asked by its name."""
    graph = GraphStore.at(Path(settings["store"]), read_only=True)
    limits = settings["rows"], settings["size"]
    asked = GraphStore.at(Path(settings["asked"]), read_only=True)
    answerer = Answerer(asked.engine, settings["base"], *limits, sealed=sealed)
    jobs: dict[str, Callable[[Mapping[str, Any]], Frame]] = {
        "query": answerer.query,
        "graph": answerer.graph,
    }
    if not settings["pages"]:
        place = place_served(Path(settings["root"]) if settings["root"] else None, settings["base"])
        jobs |= Finding(graph, settings["base"], Path(settings["index"])).jobs()
        return jobs | Questions(graph, place.queries, answerer).jobs()
    from policygraph.serve.showing import Showing  # only who makes pages loads what that needs

    return {**jobs, **Showing(graph, settings["root"], settings["base"]).jobs()}


def _answered(jobs: Mapping[str, Job], asked: Mapping[str, Any]) -> Frame:
    try:
        return jobs[asked["job"]](asked)
    except Refusal as error:
        return Frame({"refused": error.name, "status": error.status, "facts": error.facts})


def _own_output() -> BinaryIO:
    """Keep standard output for answers alone: whatever else writes there, writes to nowhere."""
    told = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return told


def _stand_back() -> None:
    """Let the process that talks to clients go first, end with it, and dump no memory."""
    if hasattr(os, "nice"):
        os.nice(_HUMBLE)
    end_with_parent()
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tell(told: BinaryIO, frame: Frame) -> None:
    told.write(packed(frame))
    told.flush()


if __name__ == "__main__":
    main()
