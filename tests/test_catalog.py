"""What others find: the catalogue record, the description of the graph, its true counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyshacl
import pytest
import rdflib
from click.testing import Result
from pyoxigraph import Literal
from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, VOID

import policygraph
from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import UnreadableInput, WrongUsage
from policygraph.graph.terms import text_of
from policygraph.publish.catalog.dcat import catalog, missing
from policygraph.publish.catalog.questions import form_of
from policygraph.publish.catalog.void import void_description
from policygraph.publish.dist import dist_files
from policygraph.settings import About, read_settings

Run = Callable[..., Result]

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
VOID_EXT = rdflib.Namespace("http://ldf.fi/void-ext#")
SCHEMA = rdflib.Namespace("https://schema.org/")
OWN_SHAPES = ROOT / "tests" / "cases" / "catalog" / "shapes.ttl"


def read(data: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(data=data, format="turtle")


@pytest.fixture(scope="module")
def void(graph: PolicyGraph) -> rdflib.Graph:
    return read(void_description(graph.store, graph.place))


@pytest.fixture(scope="module")
def record(yunze: PolicyGraph) -> rdflib.Graph:
    files = dist_files(yunze.store, [], [], {}, yunze.place)
    return read(files["catalog.ttl"])


def report_of(data: rdflib.Graph, path: Path) -> tuple[bool, str]:
    shapes = rdflib.Graph().parse(path)
    named = set(shapes.subject_objects(SH.property))
    for shape, part in named:
        if shapes.value(part, SH.path) is None:  # DCAT-AP 3.0.1 has one such, which says nothing
            shapes.remove((shape, SH.property, part))
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes, advanced=False)
    return bool(conforms), str(text)


def test_record_and_description_meet_our_own_shapes(
    void: rdflib.Graph, record: rdflib.Graph
) -> None:
    for data in (void, record, void + record):
        conforms, text = report_of(data, OWN_SHAPES)
        assert conforms, text


@pytest.mark.parametrize("lost", ["title", "publisher", "license", "modified"])
def test_our_own_shapes_refuse_a_record_that_lacks_something(
    record: rdflib.Graph, lost: str
) -> None:
    poorer = record - [t for t in record if t[1] == DCTERMS[lost]]
    assert not report_of(poorer, OWN_SHAPES)[0]


def test_the_record_meets_the_published_shapes_of_dcat_ap(
    record: rdflib.Graph, void: rdflib.Graph, shared: Path
) -> None:
    shapes = shared / "linkdata" / "shapes" / "dcat-ap-3.0.1-SHACL.ttl"
    if not shapes.is_file():
        pytest.skip("the published shapes are not here")
    for data in (record, void + record):
        conforms, text = report_of(data, shapes)
        assert conforms, text
    poorer = record - [t for t in record if t[1] == DCAT.accessURL]
    assert not report_of(poorer, shapes)[0]


def test_neither_has_a_blank_node(void: rdflib.Graph, record: rdflib.Graph) -> None:
    terms = {term for data in (void, record) for triple in data for term in triple}
    assert not any(isinstance(term, rdflib.BNode) for term in terms)


def test_the_record_tells_where_each_file_is_and_what_it_hashes_to(
    yunze: PolicyGraph, record: rdflib.Graph
) -> None:
    files = {str(address).rsplit("/", 1)[1] for address in record.objects(None, DCAT.accessURL)}
    assert files == {f"graph.{end}" for end in ("nq", "trig", "ttl", "nt", "jsonld", "rdf")}
    sizes = {int(str(size)) for size in record.objects(None, DCAT.byteSize)}
    written = dist_files(yunze.store, [], [], {}, yunze.place)
    assert sizes == {len(written[name]) for name in files}


# the counts are those of the graph


def test_the_totals_are_those_of_the_graph(graph: PolicyGraph, void: rdflib.Graph) -> None:
    triples = graph.store.triples()
    classes = {t.object for t in triples if t.predicate.value == str(RDF.type)}
    subjects = {t.subject for t in triples}
    ours = [s for s in subjects if text_of(s).startswith(f"{graph.ids.base}id/")]
    dataset = rdflib.URIRef(f"{graph.ids.base}dataset")
    told = {
        name: int(str(void.value(dataset, VOID[name])))
        for name in ("triples", "entities", "classes", "properties")
    }
    assert told == {
        "triples": len(triples),
        "entities": len(ours),
        "classes": len(classes),
        "properties": len({t.predicate for t in triples}),
    }
    assert int(str(void.value(dataset, VOID.distinctSubjects))) == len(subjects)
    assert int(str(void.value(dataset, VOID.distinctObjects))) == len({t.object for t in triples})


def test_every_class_and_property_is_counted_once_and_rightly(
    graph: PolicyGraph, void: rdflib.Graph
) -> None:
    triples = graph.store.triples()
    dataset = rdflib.URIRef(f"{graph.ids.base}dataset")
    told = {
        str(void.value(part, VOID["class"])): int(str(void.value(part, VOID.entities)))
        for part in void.objects(dataset, VOID.classPartition)
    }
    types = [t for t in triples if t.predicate.value == str(RDF.type)]
    assert told == Counter(text_of(t.object) for t in types)
    told = {
        str(void.value(part, VOID.property)): int(str(void.value(part, VOID.triples)))
        for part in void.objects(dataset, VOID.propertyPartition)
    }
    assert told == Counter(t.predicate.value for t in triples)


def test_what_stands_in_the_place_of_values_is_counted_rightly(
    graph: PolicyGraph, void: rdflib.Graph
) -> None:
    triples = graph.store.triples()
    types: dict[str, set[str]] = {}
    for triple in triples:
        if triple.predicate.value == str(RDF.type):
            types.setdefault(text_of(triple.subject), set()).add(text_of(triple.object))
    expected: Counter[tuple[str, str, str]] = Counter()
    for triple in triples:
        value = triple.object
        kinds = [value.datatype.value] if isinstance(value, Literal) else types.get(value.value, [])
        for kind in types.get(text_of(triple.subject), ()):
            expected.update((kind, triple.predicate.value, each) for each in kinds)
    found = {}
    for kind, of_class in (
        (VOID.classPartition, VOID["class"]),
        (VOID_EXT.datatypePartition, VOID_EXT.datatype),
    ):
        for whole, part in void.subject_objects(kind):
            predicate = void.value(whole, VOID.property)
            if predicate is not None:
                owner = void.value(None, VOID.propertyPartition, whole)
                key = (void.value(owner, VOID["class"]), predicate, void.value(part, of_class))
                found[tuple(map(str, key))] = int(str(void.value(part, VOID.triples)))
    assert found == expected


def test_a_linkset_counts_the_links_that_are_made_and_none_that_is_refused(
    graph: PolicyGraph, void: rdflib.Graph
) -> None:
    told = {
        (str(void.value(each, VOID.objectsTarget)), str(void.value(each, VOID.linkPredicate))): int(
            str(void.value(each, VOID.triples))
        )
        for each in void.subjects(RDF.type, VOID.Linkset)
    }
    links = [quad.triple for quad in graph.store.quads("links")]
    assert sum(told.values()) == len(set(links)) == 148
    assert told["http://www.wikidata.org/", str(SCHEMA.sameAs)] == 46
    assert told["http://metadata.un.org/thesaurus/", str(SKOS.exactMatch)] == 2
    refused = graph.query('SELECT ?m { ?m a pg:Mapping ; sssom:predicate_modifier "Not" }')
    assert len(refused) == 11


# what editors of SPARQL ask for


def test_an_editor_finds_classes_with_their_properties_and_values(void: rdflib.Graph) -> None:
    rows = void.query(
        """SELECT DISTINCT ?class ?property ?other ?datatype {
          ?of void:class ?class ; void:propertyPartition ?part .
          ?part void:property ?property .
          OPTIONAL {
            { ?part void:classPartition [ void:class ?other ] }
            UNION { ?part void-ext:datatypePartition [ void-ext:datatype ?datatype ] } } }""",
        initNs={"void": VOID, "void-ext": VOID_EXT},
    )
    pg = rdflib.Namespace("https://w3id.org/policygraph/ns#")
    found = {tuple(row) for row in rows}
    assert (pg.Goal, pg.hasAction, pg.Action, None) in found
    assert (pg.Goal, RDFS.label, None, RDF.langString) in found


def test_an_editor_finds_every_named_query_and_its_question(
    graph: PolicyGraph, void: rdflib.Graph
) -> None:
    rows = void.query(
        """SELECT DISTINCT ?query ?words ?text { ?query a sh:SPARQLExecutable ;
          rdfs:comment ?words ; sh:select|sh:ask|sh:construct|sh:describe ?text }""",
        initNs={"sh": SH, "rdfs": RDFS},
    )
    found = {(str(row.text), row.words.language, str(row.words)) for row in rows}
    assert found == {
        (query.text, lang, words)
        for query in graph.asker.queries.values()
        for lang, words in query.question.items()
    }


def test_an_editor_finds_the_prefixes(graph: PolicyGraph, void: rdflib.Graph) -> None:
    rows = void.query(
        "SELECT ?prefix ?namespace { [] sh:prefix ?prefix ; sh:namespace ?namespace }"
    )
    found = {str(row.prefix): str(row.namespace) for row in rows}
    assert found["pg"] == "https://w3id.org/policygraph/ns#"
    assert found["goal"] == f"{graph.ids.base}id/goal/"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("select * { ?s ?p ?o }", "select"),
        (
            "#+ ASK me\nPREFIX ask: <http://example.org/DESCRIBE>\nCONSTRUCT { } { }",
            "construct",
        ),
        ("DESCRIBE <http://example.org/SELECT>", "describe"),
    ],
)
def test_the_form_of_a_query_is_that_of_its_first_word(text: str, form: str) -> None:
    assert form_of(text) == form


# settings


def settings(folder: Path, text: str) -> About:
    (folder / "policygraph.toml").write_text(text, "utf-8")
    return read_settings(folder).about


def test_what_is_not_said_is_not_made_up(graph: PolicyGraph) -> None:
    place = replace(graph.place, about=About(title={"en": "Ours"}))
    assert missing(graph.store, place.about) == ["description", "publisher", "license"]
    with pytest.raises(WrongUsage, match="description, publisher, license"):
        catalog(graph.store, place, {})


def test_a_build_says_what_a_record_lacks(run: Run, workspace: Path) -> None:
    result = run("build", "-C", workspace)
    assert result.exit_code == 0
    assert "no catalog.ttl" in result.stderr
    assert "title, description, publisher, license" in result.stderr.replace("\n", " ")
    assert (workspace / "dist" / "void.ttl").is_file()
    assert not (workspace / "dist" / "catalog.ttl").exists()


def test_a_build_of_the_example_writes_a_record(conference: Path) -> None:
    shown = read((conference / "dist" / "catalog.ttl").read_bytes())
    assert (None, RDF.type, DCAT.Catalog) in shown
    assert (None, RDF.type, DCAT.Distribution) not in shown


def test_the_day_of_the_last_change_is_that_of_the_settings_else_of_the_graph(
    graph: PolicyGraph,
) -> None:
    about = replace(graph.place.about, modified="2026-12-01")
    said = read(catalog(graph.store, replace(graph.place, about=about), {}))
    own = read(catalog(graph.store, graph.place, {}))
    days = [set(map(str, data.objects(None, DCTERMS.modified))) for data in (said, own)]
    assert days == [{"2026-12-01"}, {"2026-11-23"}]


def test_settings_are_read_as_they_are_written(tmp_path: Path) -> None:
    said = settings(
        tmp_path,
        '[catalog]\ntitle = "Ours"\npublisher = {zh = "某部", en = "A ministry"}\n'
        'contact = "mailto:data@example.org"\naddress = "https://example.org/data"\n'
        "modified = 2026-01-31\n",
    )
    assert said.title == {"": "Ours"}
    assert said.publisher == {"zh": "某部", "en": "A ministry"}
    assert (said.contact, said.modified) == ("mailto:data@example.org", "2026-01-31")
    assert said.address == "https://example.org/data/"


@pytest.mark.parametrize(
    "line",
    [
        "title = 3",
        'title = ""',
        'title = {zh = "甲", 3 = "b"}',
        'license = "CC0"',
        'contact = "somebody"',
        'endpoint = "https://example.org/a b"',
        'modified = "yesterday"',
        "modified = 2026-01-31T10:00:00",
    ],
)
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(UnreadableInput) as caught:
        settings(tmp_path, f"[catalog]\n{line}\n")
    assert line.split()[0] in caught.value.message("en")
    assert "policygraph.toml" in caught.value.message("zh")


def test_an_unknown_setting_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"licence.*there are:.*license"):
        settings(tmp_path, '[catalog]\nlicence = "https://example.org/"\n')


def test_a_workspace_without_vocabularies_to_link_with_is_described_too(workspace: Path) -> None:
    graph = policygraph.build(workspace, engine="fast")
    assert not list(
        read(void_description(graph.store, graph.place)).subjects(RDF.type, VOID.Linkset)
    )
