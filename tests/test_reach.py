"""A change is checked where it may matter, and the report is that of checking everything."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from policygraph.graph.shacl.engine import Engine, Violation
from policygraph.graph.shacl.links import reach_of
from policygraph.graph.shacl.reach import Asserted, read_reach
from policygraph.graph.shacl.terms import Shapes

pytestmark = pytest.mark.slow

EX = "http://example.org/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

SHAPES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:one a sh:NodeShape ; sh:targetClass ex:A ;
    sh:property ex:of-class , ex:sequence , ex:inverse , ex:either , ex:again , ex:few ;
    sh:sparql ex:far , ex:graphs .
ex:of-class sh:path ex:p ; sh:class ex:B .
ex:sequence sh:path ( ex:p ex:q ) ; sh:maxCount 1 .
ex:inverse sh:path [ sh:inversePath ex:q ] ; sh:minCount 1 .
ex:either sh:path [ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ] ; sh:maxCount 1 .
ex:again sh:path [ sh:oneOrMorePath ex:p ] ; sh:maxCount 2 .
ex:few sh:path ex:q ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class ex:A ] .
ex:two a sh:NodeShape ; sh:targetObjectsOf ex:q ; sh:not [ sh:class ex:B ] .
ex:three a sh:NodeShape ; sh:targetSubjectsOf ex:p ;
    sh:property ex:any-number .
ex:any-number sh:path [ sh:zeroOrMorePath ex:q ] ; sh:maxCount 2 .
ex:four a sh:NodeShape ; sh:targetNode ex:nobody ; sh:sparql ex:everywhere .
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
ex:far sh:prefixes ex:prefixes ;
    sh:select "SELECT $this ?value { $this ex:p/^ex:q ?value . ?value ex:p+ $this }" .
ex:graphs sh:prefixes ex:prefixes ;
    sh:select "SELECT $this ?value { GRAPH ?graph { $this ex:q ?value } ?graph a ex:B }" .
ex:everywhere sh:prefixes ex:prefixes ;
    sh:select "SELECT $this ?value { GRAPH ?g { ?value ex:p ?o } FILTER NOT EXISTS { ?g a ?k } }" .
"""

things = st.sampled_from([NamedNode(f"{EX}n{number}") for number in range(6)])
graphs = st.sampled_from([NamedNode(f"{EX}n{number}") for number in range(3)])
relations = st.builds(
    Quad, things, st.sampled_from([NamedNode(EX + "p"), NamedNode(EX + "q")]), things, graphs
)
kinds = st.builds(
    Quad, things, st.just(TYPE), st.sampled_from([NamedNode(EX + "A"), NamedNode(EX + "B")]), graphs
)
sets = st.sets(st.one_of(relations, kinds), max_size=25)


def quad(subject: str, predicate: str, value: str) -> Quad:
    nodes = (NamedNode(EX + name) for name in (subject, predicate, value, "n0"))
    return Quad(*nodes)


IN_A = Quad(NamedNode(EX + "n2"), TYPE, NamedNode(EX + "A"), NamedNode(EX + "n0"))
CHAIN = {quad("n2", "p", "n0"), quad("n0", "p", "n0"), quad("n0", "p", "n1")}


def shapes() -> Shapes:
    return Shapes(quad.triple for quad in parse(SHAPES, format=RdfFormat.TURTLE))


def report(quads: set[Quad] | dict[Quad, None]) -> set[Violation]:
    engine = Engine.over(quads, shapes())
    found = set(engine.violations())
    assert not engine.unsupported
    return found


def test_every_shape_of_this_page_can_be_followed() -> None:
    assert reach_of(shapes()).wide == {}


@pytest.mark.parametrize(
    "shape",
    [
        "sh:property [ sh:path ex:q ; sh:node ex:odd ]",
        'sh:sparql [ sh:select "SELEC $this {}" ]',
        "sh:and _:list . _:list rdf:first [ sh:class ex:A ] ; rdf:rest _:list",
    ],
)
def test_a_shape_that_cannot_be_followed_is_held_against_the_whole_graph(shape: str) -> None:
    rdf = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    text = f"{rdf}{SHAPES}\nex:odd a sh:NodeShape ; sh:targetClass ex:A ; {shape} ."
    reach = reach_of(Shapes(quad.triple for quad in parse(text, format=RdfFormat.TURTLE)))
    assert set(reach.wide) == {EX + "odd"}


@settings(max_examples=150, deadline=None)
@given(sets, sets, sets)
@example({IN_A, *CHAIN}, set(), {quad("n0", "p", "n5")})  # far down a path that repeats
def test_checking_what_a_change_touches_gives_the_report_of_the_whole(
    kept: set[Quad], added: set[Quad], removed: set[Quad]
) -> None:
    before, after = kept | removed, kept | added
    gone, new = before - after, after - before
    reach = reach_of(shapes())
    store = Store()
    store.extend(after)
    focus = reach.affected(Asserted(store, (), gone), [*new, *gone])
    names = {node.value for node in focus}
    needed = reach.needed(Asserted(store, ()), focus, new)
    partly = {each for each in report(needed) if each.focus in names}
    local = {each for each in report(after) if each.focus not in reach.nodes}
    untouched = {
        each for each in report(before) if each.focus not in names and each.focus not in reach.nodes
    }
    assert partly | untouched == local


@settings(max_examples=100, deadline=None)
@given(sets, sets)
def test_what_a_rule_about_every_quad_says_of_added_quads_is_found(
    kept: set[Quad], added: set[Quad]
) -> None:
    reach = reach_of(shapes())
    store = Store()
    store.extend(kept | added)
    new = added - kept
    focus = reach.affected(Asserted(store, ()), new)
    found = report(reach.needed(Asserted(store, ()), focus, new))
    broken = {each.value for each in found if each.focus in reach.nodes}
    told = {quad.subject for quad in kept | added if quad.predicate == TYPE}
    wrong = {
        q.subject.value for q in new if q.predicate.value == EX + "p" and q.graph_name not in told
    }
    assert wrong <= broken


def test_a_reach_that_was_written_is_read_as_it_was() -> None:
    reach = reach_of(shapes())
    assert reach.links
    assert read_reach(reach.written()) == reach
