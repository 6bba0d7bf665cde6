"""Pages of a graph whose words are hostile: nothing of it is read as markup, nothing reorders."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from policygraph.api.policy_graph import PolicyGraph
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, QUOTED, TYPE, index, pg
from policygraph.identifiers import Identifiers
from policygraph.namespaces import DCTERMS, NIF, SKOS
from policygraph.publish.site import Site

SCRIPT = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
REORDERED = "\u202egnorw\u202c \u2067x"
QUOTE = f'"><b onclick="x">{SCRIPT}'


@pytest.fixture(scope="module")
def site(graph: PolicyGraph) -> Site:
    ids = Identifiers(graph.place.base)
    document, goal = ids.thing("document", "bad"), ids.thing("goal", "bad-g1")
    text = ids.text("bad", "0" * 64)
    words = f"{QUOTE}{REORDERED}。"
    passage = ids.passage(text, 0, len(QUOTE))
    record = NamedNode(ids.graph("document", "bad"))
    said = [
        (document, TYPE, pg("PolicyDocument"), record),
        (document, LABEL, Literal(SCRIPT, language="en"), record),
        (document, NamedNode(DCTERMS + "source"), NamedNode("javascript:alert(1)"), record),
        (text, pg("textOf"), NamedNode(document), record),
        (text, NamedNode(NIF + "isString"), Literal(words), record),
        (passage, TYPE, pg("Passage"), record),
        (passage, NamedNode(NIF + "referenceContext"), NamedNode(text), record),
        (passage, NamedNode(NIF + "anchorOf"), Literal(QUOTE, language="zh-hans"), record),
        (passage, NamedNode(NIF + "beginIndex"), index(0), record),
        (goal, TYPE, pg("Goal"), NamedNode(passage)),
        (goal, LABEL, Literal(QUOTE, language="zh-hans"), NamedNode(passage)),
        (goal, LABEL, Literal(REORDERED, language="en"), NamedNode(passage)),
        (goal, QUOTED, NamedNode(passage), record),
        (goal, NamedNode(SKOS + "altLabel"), Literal(SCRIPT, language="en"), record),
        (goal, pg("about"), NamedNode("javascript:alert(1)"), NamedNode(passage)),
        (ids.thing("goal", "../../evil"), TYPE, pg("Goal"), record),
        (ids.thing("goal", "a%2Fb"), TYPE, pg("Goal"), record),
        (goal, TYPE, pg("Goal"), NamedNode(ids.graph("candidate"))),
    ]
    quads = [Quad(NamedNode(s), p, o, g) for s, p, o, g in said]
    ontology = graph.store.quads("ontology")
    return Site(GraphStore([*ontology, *quads]), graph.place)


def test_no_word_of_a_graph_becomes_markup(site: Site) -> None:
    seen = 0
    for path in site.paths():
        page = site.page(path)
        assert page is not None, path
        if not path.endswith((".html", ".js")) or path.startswith("assets/"):
            continue
        body = page.body.decode()
        assert "<script>alert" not in body, path
        assert "<img src=x" not in body, path
        assert "<b onclick" not in body, path
        assert 'href="javascript:' not in body, path
        seen += "alert(1)" in body
    assert seen > 5


def test_what_turns_the_direction_of_writing_stays_within_its_words(site: Site) -> None:
    page = site.page("en/doc/goal/bad-g1.html")
    assert page is not None
    body = page.body.decode()
    for at in range(len(body)):
        if body.startswith("\u202e", at):
            before = body.rfind("<", 0, at)
            inside = body[before : body.find(">", before) + 1]
            assert (
                inside in ("<bdi>", "<title>", "<mark>")
                or "aria-label" in inside
                or (inside.startswith(("<text", "<option")))
            ), body[at - 80 : at + 20]


def test_keys_that_climb_out_of_the_folder_have_no_page(site: Site) -> None:
    assert not [path for path in site.paths() if ".." in path or "%" in path or "evil" in path]


def test_what_nobody_reviewed_is_marked_on_its_page(site: Site) -> None:
    page = site.page("zh/doc/goal/bad-g1.html")
    assert page is not None
    assert "候选" in page.body.decode() or "图谱所述" in page.body.decode()
