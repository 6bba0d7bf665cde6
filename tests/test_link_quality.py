"""How good proposals are: what the table in docs/links.md says of them is measured again."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph


def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_links", ROOT / "bench" / "links.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its data classes look themselves up there
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_precision_and_recall_are_those_of_the_page_and_no_first_proposal_is_wrong(
    graph: PolicyGraph, shared: Path, tmp_path: Path
) -> None:
    if not (shared / "linkdata" / "evidence").is_dir():
        pytest.skip("the vocabularies are not here")
    links = bench()
    lines = [links.line(case, links.scores(graph, case, tmp_path)) for case in links.cases()]
    page = (ROOT / "docs" / "links.md").read_text("utf-8")
    assert len(lines) == 9
    assert [line for line in lines if line not in page] == []
    assert all(re.search(r"\| 0 \|$", line) for line in lines)
