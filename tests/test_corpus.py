"""The synthetic corpus: always the same, growing without change, and fit to be built."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import policygraph
from conftest import ROOT


@pytest.fixture(scope="module")
def corpus() -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus", ROOT / "bench" / "corpus.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_same_seed_gives_the_same_bytes(corpus: ModuleType, tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("other", 7), ("else", 8)):
        corpus.write_corpus(tmp_path / name, 3, seed)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "other")
    assert bytes_of(tmp_path / "one") != bytes_of(tmp_path / "else")


def test_a_bigger_corpus_contains_the_smaller(corpus: ModuleType, tmp_path: Path) -> None:
    corpus.write_corpus(tmp_path / "small", 3)
    corpus.write_corpus(tmp_path / "big", 210)
    big = bytes_of(tmp_path / "big")
    for name, data in bytes_of(tmp_path / "small").items():
        assert big[name].startswith(data), name
        assert name.startswith("data/registry/") or big[name] == data, name


def test_years_are_those_asked_for(corpus: ModuleType) -> None:
    files = corpus.document_files(5, years=corpus.year_range("2021"))
    (statements,) = (text for name, text in files.items() if name.endswith("statements.yaml"))
    assert "period: 2020\n" in statements
    assert "period: 2021\n" in statements
    with pytest.raises(ValueError):
        corpus.year_range("2022-2021")


@pytest.mark.slow
def test_a_corpus_builds_without_a_finding(corpus: ModuleType, tmp_path: Path) -> None:
    corpus.write_corpus(tmp_path, 5)
    graph = policygraph.build(tmp_path)
    assert graph.findings == []
    (counts,) = graph.query(
        """PREFIX pg: <https://w3id.org/policygraph/ns#>
        SELECT (COUNT(?action) AS ?actions) (COUNT(?lead) AS ?led) (COUNT(?day) AS ?timed) {
            ?action a pg:Action
            OPTIONAL { ?action pg:responsibleInstitution ?lead }
            OPTIONAL { ?action pg:deadline ?day } }"""
    )
    assert 0 < counts["led"] < counts["actions"]
    assert 0 < counts["timed"] < counts["actions"]
