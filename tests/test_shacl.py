"""The fast SHACL engine gives the results of the reference, or says what it does not support.

The W3C cases lie beside the checkout (``../shared/suites``) and are never committed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
import yaml
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse
from rdflib.compare import to_isomorphic
from rdflib.namespace import RDF, SH

from conftest import ROOT, SHARED
from policygraph.errors import UnreadableInput
from policygraph.graph.build import build
from policygraph.graph.shacl import Engine, Shapes
from policygraph.graph.shacl.terms import Blank, Iri, Text, Unsupported
from policygraph.graph.validate import read_shapes, validate
from policygraph.graph.vocabulary import Vocabulary
from policygraph.identifiers import Identifiers
from policygraph.text.documents import read_workspace

SUITE = SHARED / "suites" / "data-shapes"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
LEXICAL = {"maxExclusive-001", "minExclusive-001"}
"""Cases whose expected value is 4.0; the store keeps that decimal as 4."""


def cases() -> list[Path]:
    return [path for path in sorted(SUITE.rglob("*.ttl")) if path.name != "manifest.ttl"]


@pytest.fixture(autouse=True)
def _literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def entries(path: Path) -> Iterator[tuple[rdflib.Graph, rdflib.Graph, Counter[tuple[str, ...]]]]:
    """Give data, shapes and expected results of the cases of a file that expect results."""
    graph = rdflib.Graph().parse(path, format="turtle", publicID=path.as_uri())
    for entry in graph.subjects(RDF.type, SHT.Validate):
        action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
        if not isinstance(result, rdflib.BNode):
            continue  # the case expects the shapes to be refused
        files = (graph.value(action, name) for name in (SHT.dataGraph, SHT.shapesGraph))
        data, shapes = (graph if str(f) == path.as_uri() else _read(str(f)) for f in files)
        yield data, shapes, Counter(expected(graph, result))


def _read(uri: str) -> rdflib.Graph:
    return rdflib.Graph().parse(uri, format="turtle")


def expected(graph: rdflib.Graph, report: rdflib.BNode) -> Iterator[tuple[str, ...]]:
    for node in graph.objects(report, SH.result):
        path = graph.value(node, SH.resultPath)
        yield (
            plain(graph.value(node, SH.focusNode)),
            plain(graph.value(node, SH.value)),
            plain(graph.value(node, SH.sourceConstraintComponent)),
            plain(graph.value(node, SH.resultSeverity)),
            str(path) if isinstance(path, rdflib.URIRef) else "",
        )


def plain(term: object) -> str:
    """Blank nodes are all alike: their labels mean nothing."""
    if term is None:
        return ""
    is_blank = isinstance(term, rdflib.BNode) or re.fullmatch(r"n?[0-9a-f]{25,}(b\d+)?", str(term))
    return "_" if is_blank else str(term)


def quads(graph: rdflib.Graph) -> list[Quad]:
    triples = parse(graph.serialize(format="nt").encode(), format=RdfFormat.N_TRIPLES)
    return [Quad(*quad.triple, NamedNode("urn:case")) for quad in triples]


@pytest.mark.parametrize("path", cases(), ids=lambda path: str(path.relative_to(SUITE)))
@pytest.mark.filterwarnings("ignore")
def test_a_w3c_case_gives_its_results_or_goes_to_pyshacl(path: Path) -> None:
    if path.stem in LEXICAL:
        pytest.skip("the store keeps the decimal 4.0 as 4")
    for data, shapes, wanted in entries(path):
        engine = Engine.over(quads(data), Shapes.of(shapes))
        found = Counter(
            (plain(v.focus), plain(v.value), v.component, v.severity, v.path)
            for v in engine.violations()
        )
        if not engine.unsupported:
            assert found == wanted


@pytest.mark.filterwarnings("ignore")
def test_most_w3c_cases_are_supported() -> None:
    if not SUITE.is_dir():
        pytest.skip("the folder ../shared/suites is not here")
    supported = total = 0
    for path in cases():
        for data, shapes, _ in entries(path):
            engine = Engine.over(quads(data), Shapes.of(shapes))
            list(engine.violations())
            total += 1
            supported += not engine.unsupported
    assert supported >= 100, f"{supported} of {total}"


def test_what_is_not_supported_goes_to_pyshacl() -> None:
    shapes = rdflib.Graph().parse(
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <urn:x:> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        :Byte a sh:NodeShape ; sh:targetNode :a ; sh:property :small .
        :small a sh:PropertyShape ; sh:path :p ; sh:datatype xsd:byte ; sh:message "no byte"@en .
        :Named a sh:NodeShape ; sh:targetNode :a ; sh:property :name .
        :name a sh:PropertyShape ; sh:path :n ; sh:minCount 1 ; sh:message "no name"@en .""",
        format="turtle",
    )
    data = [Quad(*map(NamedNode, ("urn:x:a", "urn:x:p", "urn:x:b", "urn:x:g")))]
    fast, reference = (
        validate(data, [], Shapes.of(shapes), engine) for engine in ("fast", "pyshacl")
    )
    assert fast == reference
    assert len(fast) == 2


SPOILS = {
    "nothing": lambda quad: quad,
    "labels lost": lambda quad: None if quad.predicate.value.endswith("#label") else quad,
    "types lost": lambda quad: (
        None if quad.predicate.value.endswith("-ns#type") and hash_of(quad) % 3 == 0 else quad
    ),
    "everything thinned": lambda quad: None if hash_of(quad) % 5 == 0 else quad,
    "links turned": lambda quad: (
        Quad(quad.object, quad.predicate, quad.subject, quad.graph_name)
        if isinstance(quad.object, NamedNode) and hash_of(quad) % 7 == 0
        else quad
    ),
}


def hash_of(quad: Quad) -> int:
    """A number that does not depend on the hash seed."""
    return sum(map(ord, str(quad)))


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize("shapes", ["shapes.ttl", "consistency.ttl"])
def test_our_shapes_give_the_same_report_on_spoilt_data(
    vocabulary: Vocabulary, spoil: str, shapes: str
) -> None:
    workspace = read_workspace(ROOT / "data", [])
    built = build(workspace, vocabulary, Identifiers())
    spoilt = [quad for quad in map(SPOILS[spoil], built.quads) if quad is not None]
    graph = read_shapes(ROOT / "ontology" / shapes)
    fast = validate(spoilt, vocabulary.triples, graph, "fast")
    reference = validate(spoilt, vocabulary.triples, graph, "pyshacl")
    assert [r for r in fast if r not in reference] == []
    assert [r for r in reference if r not in fast] == []
    assert fast or spoil == "nothing" or shapes == "consistency.ttl"


def test_terms_of_shapes_are_the_same_only_if_they_are_of_one_kind() -> None:
    words = "urn:x:a"
    alike = [Iri(words), Blank(words), Text(words), Text(words, "en"), Text(words, "", "urn:x:t")]
    assert len(set(alike)) == len(alike)
    assert Text(words, "en") == Text(words, "en")


def test_a_list_of_shapes_that_comes_back_to_itself_is_refused() -> None:
    head, rest = NamedNode("http://e/l"), NamedNode(RDF.rest)
    shapes = Shapes([Triple(head, rest, head)])
    with pytest.raises(Unsupported, match="comes back to itself"):
        shapes.members(Iri(head.value))


MALFORMED = yaml.safe_load((ROOT / "tests" / "cases" / "malformed-shapes.yaml").read_text("utf-8"))


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
@pytest.mark.parametrize("case", MALFORMED, ids=lambda case: str(case["what"]))
def test_a_malformed_shape_is_refused_with_its_file(
    case: dict[str, str], engine: str, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(f"{_prefixes()}{case['shape']}", encoding="utf-8")
    data = build(read_workspace(ROOT / "data", []), vocabulary, Identifiers()).quads
    with pytest.raises(UnreadableInput) as refused:
        validate(data, vocabulary.triples, read_shapes(file), engine)
    assert (refused.value.name, refused.value.where.file) == ("shapes/malformed", str(file))
    assert case["why"] in str(refused.value.facts["why"])


def _prefixes() -> str:
    """Take the prefixes of our own shapes."""
    text = (ROOT / "ontology" / "shapes.ttl").read_text(encoding="utf-8")
    return "".join(f"{line}\n" for line in text.splitlines() if line.startswith("@prefix"))


def test_shapes_go_to_rdflib_and_back_unchanged() -> None:
    shapes = read_shapes(ROOT / "ontology" / "shapes.ttl")
    again = Shapes.of(shapes.rdflib).rdflib
    assert to_isomorphic(again) == to_isomorphic(shapes.rdflib)
