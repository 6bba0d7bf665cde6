"""The examples in docstrings give what they show; ``graph`` is the conference report in them."""

from __future__ import annotations

import doctest
import importlib
import io

import pytest

from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph

SOURCE = ROOT / "src"
MODULES = [
    ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    for path in sorted(SOURCE.rglob("*.py"))
    if "    >>> " in path.read_text("utf-8")
]


def test_the_rooms_with_examples_are_found() -> None:
    assert {"policygraph.api.policy_graph", "policygraph.graph.query"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_room_give_what_they_show(name: str, graph: PolicyGraph) -> None:
    module = importlib.import_module(name.removesuffix(".__init__"))
    tests = doctest.DocTestFinder().find(module, extraglobs={"graph": graph})
    runner, report = doctest.DocTestRunner(), io.StringIO()
    for test in tests:
        runner.run(test, out=report.write)
    assert runner.tries
    assert not runner.failures, report.getvalue()
