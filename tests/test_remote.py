"""Graphs are loaded into real stores and asked there; cut off at any moment, a load goes on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Variable
from rdflib.plugins.sparql import prepareQuery

from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.cli.build import write_dist
from policygraph.errors import RemoteFailure, WrongUsage
from policygraph.graph.query import answer_of, read_queries
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import text_of
from policygraph.graph.vocabulary import Vocabulary
from policygraph.identifiers import Identifiers
from policygraph.namespaces import XSD
from policygraph.remote.addresses import Identity, addresses
from policygraph.remote.ask import RemoteAsker, with_prefixes, with_values
from policygraph.remote.check import check_loaded
from policygraph.remote.checksum import checksum
from policygraph.remote.connection import Connection, Patience
from policygraph.remote.digest import digest_answer
from policygraph.remote.journal import Journal
from policygraph.remote.load import Load, Loaded
from policygraph.remote.store import RemoteStore
from servers import Oxigraph, Virtuoso, free_port
from test_query import as_csv, ask

pytestmark = pytest.mark.slow

IDS = Identifiers()
QUERIES = read_queries(ROOT / "queries")
NOBODY = Identity()
QUICK = Patience(seconds=30, tries=0)


def remote_at(
    endpoint: str, identity: Identity = NOBODY, patience: Patience = QUICK
) -> RemoteStore:
    return RemoteStore(addresses(endpoint), Connection(identity, patience))


def load(
    store: GraphStore,
    remote: RemoteStore,
    journal: Journal,
    batch: int = 500,
    progress: Callable[[str, Mapping[str, object]], None] = lambda _name, _facts: None,
) -> Loaded:
    return Load(store, remote, journal, IDS, progress, batch).run()


def checked(store: GraphStore, remote: RemoteStore, journal: Journal) -> list[str]:
    return [f.name for f in check_loaded(store, remote, journal, IDS, whole=True)]


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[Oxigraph]:
    server = Oxigraph(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite") as opened:
        yield opened


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, graph: PolicyGraph) -> Iterator[Oxigraph]:
    """A store that holds the conference report, for reading."""
    folder = tmp_path_factory.mktemp("oxigraph")
    server = Oxigraph(folder)
    server.start()
    with Journal(folder / "journal.sqlite") as journal:
        load(graph.store, remote_at(server.endpoint), journal)
    yield server
    server.kill()


def everything(remote: RemoteStore) -> set[tuple[object, ...]]:
    rows = set(remote.rows("SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"))
    return rows | {(*row, None) for row in remote.rows("SELECT ?s ?p ?o { ?s ?p ?o }")}


def expected(store: GraphStore) -> set[tuple[object, ...]]:
    return {
        (*quad.triple, quad.graph_name if isinstance(quad.graph_name, NamedNode) else None)
        for quad in store.engine
    }


# loading


def test_the_store_holds_every_graph_and_the_merge(
    graph: PolicyGraph, oxigraph: Oxigraph, journal: Journal
) -> None:
    remote = remote_at(oxigraph.endpoint)
    done = load(graph.store, remote, journal)
    assert done.sent == done.graphs == len(set(graph.store.engine.named_graphs()))
    assert everything(remote) == expected(graph.store)
    assert checked(graph.store, remote, journal) == []
    assert load(graph.store, remote, journal).sent == 0


def changed(store: GraphStore) -> GraphStore:
    """Without a graph, with another one, and with one triple less in a third."""
    names = sorted(text_of(name) for name in store.engine.named_graphs() if "#char" in str(name))
    gone, cut, *_ = names
    dropped = next(store.engine.quads_for_pattern(None, None, None, NamedNode(cut)))
    kept = (q for q in store.quads() if text_of(q.graph_name) != gone and q != dropped)
    fresh = NamedNode(names[-1].split("#")[0] + "#char=0,1")
    thing = NamedNode(IDS.thing("goal", "new"))
    return GraphStore([*kept, Quad(thing, NamedNode(XSD + "p"), Literal("新"), fresh)])


def test_only_what_changed_is_sent_and_what_is_gone_is_deleted(
    graph: PolicyGraph, oxigraph: Oxigraph, journal: Journal
) -> None:
    remote = remote_at(oxigraph.endpoint)
    load(graph.store, remote, journal)
    after = changed(graph.store)
    done = load(after, remote, journal)
    assert (done.sent, done.deleted) == (2, 1)
    assert everything(remote) == expected(after)
    assert checked(after, remote, journal) == []


@pytest.mark.parametrize("quads_in_one_request", [True, False])
def test_a_store_that_is_killed_in_the_middle_and_started_again_ends_up_whole(
    graph: PolicyGraph,
    oxigraph: Oxigraph,
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
    *,
    quads_in_one_request: bool,
) -> None:
    remote = remote_at(oxigraph.endpoint)
    if not quads_in_one_request:  # as with a store that takes one graph a request
        monkeypatch.setattr(RemoteStore, "takes_quads", False, raising=False)
        monkeypatch.setattr(RemoteStore, "learn", lambda self, probe: None)
        remote.takes_quads = False
    accepted = 0

    def kill_at_the_third(_name: str, _facts: Mapping[str, object]) -> None:
        nonlocal accepted
        accepted += 1
        if accepted == 3:
            oxigraph.kill()

    with pytest.raises(RemoteFailure, match="does not answer"):
        load(graph.store, remote, journal, progress=kill_at_the_third)
    oxigraph.start()
    before = len(list(remote.graphs_under(IDS.base)))
    done = load(graph.store, remote, journal)
    assert 0 < done.sent <= done.graphs - before
    assert everything(remote) == expected(graph.store)
    assert checked(graph.store, remote, journal) == []


def test_a_store_that_comes_back_in_time_is_waited_for(
    graph: PolicyGraph, oxigraph: Oxigraph, journal: Journal
) -> None:
    remote = remote_at(oxigraph.endpoint, patience=Patience(seconds=30, tries=8))
    restarts: list[threading.Thread] = []

    def restart(_name: str, _facts: Mapping[str, object]) -> None:
        if not restarts:
            oxigraph.kill()
            restarts.append(threading.Thread(target=oxigraph.start))
            restarts[0].start()

    load(graph.store, remote, journal, progress=restart)
    restarts[0].join()
    assert checked(graph.store, remote, journal) == []


def test_what_somebody_changed_in_the_store_is_found_and_mended(
    graph: PolicyGraph, oxigraph: Oxigraph, journal: Journal
) -> None:
    remote = remote_at(oxigraph.endpoint)
    load(graph.store, remote, journal)
    first, second, *_ = (name for name, content in journal.graphs() if content.quads > 1)
    remote.delete(first)
    row = next(iter(remote.quads_of([second])))
    remote.replace(
        second,
        [
            *(Quad(*r[:3]).triple for r in remote.quads_of([second]) if r != row),
            Quad(row[0], row[1], Literal("altered")).triple,
        ],
    )
    stranger = IDS.graph("registry", "stranger")
    remote.replace(stranger, [Quad(*row[:3]).triple])
    found = checked(graph.store, remote, journal)
    assert found == ["remote/count-differs", "remote/stranger", "remote/content-differs"]
    done = load(graph.store, remote, journal)
    assert (done.sent, done.deleted) == (2, 1)
    assert checked(graph.store, remote, journal) == []
    assert everything(remote) == expected(graph.store)


def test_without_the_journal_what_the_store_holds_is_replaced(
    graph: PolicyGraph, oxigraph: Oxigraph, journal: Journal, tmp_path: Path
) -> None:
    remote = remote_at(oxigraph.endpoint)
    load(changed(graph.store), remote, journal)
    with Journal(tmp_path / "another.sqlite") as lost:
        load(graph.store, remote, lost)
        assert everything(remote) == expected(graph.store)
        assert checked(graph.store, remote, lost) == []


def test_a_graph_of_many_batches_is_sent_in_pieces(oxigraph: Oxigraph, journal: Journal) -> None:
    name = NamedNode(IDS.graph("inferred"))
    thing, says = NamedNode(IDS.thing("goal", "g")), NamedNode(XSD + "p")
    store = GraphStore(Quad(thing, says, Literal(f"{n}"), name) for n in range(25))
    for takes_quads in (True, False):
        remote = remote_at(oxigraph.endpoint)
        remote.takes_quads = takes_quads
        begun: set[str] = set()
        quads = list(store.quads())
        for start in range(0, 25, 10):
            remote.add(quads[start : start + 10], begun)
        assert everything(remote) == expected(store)


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    server = Virtuoso(tmp_path_factory.mktemp("virtuoso"))
    server.start()
    yield server
    server.kill()


def test_a_second_real_store_takes_the_graphs_one_by_one(
    graph: PolicyGraph, virtuoso: Virtuoso, journal: Journal, vocabulary: Vocabulary
) -> None:
    identity = Identity("dba", Virtuoso.PASSWORD)
    remote = remote_at(f"{virtuoso.endpoint}/sparql-graph-crud-auth", identity)
    done = load(graph.store, remote, journal)
    assert done.sent == done.graphs
    assert (remote.takes_quads, remote.has_union) == (False, True)
    assert checked(graph.store, remote, journal) == ["remote/union"]
    after = changed(graph.store)
    done = load(after, remote, journal)
    assert (done.sent, done.deleted) == (2, 1)
    assert checked(after, remote, journal) == ["remote/union"]
    asker = RemoteAsker(remote, QUERIES, IDS, vocabulary.classes)
    there = asker.ask("topics", {})
    assert {row["topic"] for row in there} == {row["topic"] for row in graph.query("topics")}


def test_a_wrong_password_is_told_from_a_store_that_is_away(virtuoso: Virtuoso) -> None:
    remote = remote_at(f"{virtuoso.endpoint}/sparql-graph-crud-auth", Identity("dba", "wrong"))
    with pytest.raises(RemoteFailure, match="does not let this user in"):
        remote.delete(IDS.graph("probe"))


# asking


@pytest.fixture(scope="module")
def asker(loaded: Oxigraph, vocabulary: Vocabulary) -> RemoteAsker:
    return RemoteAsker(remote_at(loaded.endpoint), QUERIES, IDS, vocabulary.classes)


@pytest.mark.parametrize("name", QUERIES)
def test_a_named_query_gives_the_same_rows_there(
    asker: RemoteAsker, graph: PolicyGraph, name: str
) -> None:
    required = {p.name: p.example for p in QUERIES[name].parameters if p.required}
    assert as_csv(asker.ask(name, required)) == as_csv(ask(graph, name))


@pytest.mark.parametrize("name", [name for name in QUERIES if QUERIES[name].parameters])
def test_every_parameter_means_the_same_there(
    asker: RemoteAsker, graph: PolicyGraph, name: str
) -> None:
    values = {p.name: p.example for p in QUERIES[name].parameters}
    assert as_csv(asker.ask(name, values)) == as_csv(graph.query(name, **values))


def test_a_label_means_the_thing_that_bears_it(asker: RemoteAsker, graph: PolicyGraph) -> None:
    there = asker.ask("initiative-statements", {"initiative": "东数西算"})
    assert as_csv(there) == as_csv(graph.query("initiative-statements", initiative="东数西算"))


@pytest.mark.parametrize(
    "name", ['x" } ?s ?p ?o #', "x\\", "'''", "\n", "} ; DROP ALL ; {", "nothing"]
)
def test_a_name_is_never_part_of_the_query(asker: RemoteAsker, name: str) -> None:
    with pytest.raises(WrongUsage, match="nothing in the store"):
        asker.ask("initiative-statements", {"initiative": name})


def test_an_iri_that_is_none_is_refused(asker: RemoteAsker) -> None:
    with pytest.raises(WrongUsage, match="nothing in the store"):
        asker.ask("goals-of-year", {"year": "http://x> ?p ?o . <http://y"})


@pytest.mark.parametrize("name", QUERIES)
def test_values_stand_where_any_engine_reads_them(name: str) -> None:
    query = QUERIES[name]
    bindings = {Variable(p.name): NamedNode("http://example.org/x") for p in query.parameters}
    text = with_values(query.text, bindings)
    assert (text != query.text) == bool(bindings)
    prepareQuery(text)


def test_values_are_put_behind_the_first_brace_that_is_one() -> None:
    text = 'PREFIX a: <http://x/{> # {\nSELECT ("{" AS ?b) { ?c a:d ?e }'
    found = with_values(text, {Variable("c"): Literal('q"}')})
    assert found.endswith('AS ?b) { VALUES (?c) { ("q\\"}") } ?c a:d ?e }')


def test_prefixes_are_declared_once() -> None:
    text = with_prefixes("PREFIX pg: <http://mine/> SELECT * { ?a pg:b ?c ; rdfs:label ?d }")
    assert text.count("PREFIX pg:") == 1
    assert text.startswith("PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>")


def test_text_answers_of_every_kind_come_back(asker: RemoteAsker) -> None:
    assert answer_of(asker.run("ASK { ?s ?p ?o }")).rows == [{"answer": True}]
    assert len(answer_of(asker.run("CONSTRUCT WHERE { ?s a pg:Goal }"))) == 8


# the commands


@pytest.fixture
def dist(graph: PolicyGraph, tmp_path: Path) -> Path:
    write_dist(graph, tmp_path / "dist")
    return tmp_path / "dist"


def test_load_and_query_from_the_shell(
    run: Callable[..., Result],
    graph: PolicyGraph,
    dist: Path,
    oxigraph: Oxigraph,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("policygraph.cli.ask.current", lambda _place, progress: graph)
    arguments = ("load", "-i", dist, "--endpoint", oxigraph.endpoint, "--batch", "500")
    first = run(*arguments)
    assert first.exit_code == 0, first.stderr
    assert "the store agrees" in first.stderr
    again = run(*arguments, "--check", "all")
    assert "sent 0 with 0 quads" in again.stderr
    command = ("query", "goals-of-year", "-p", "year=2024", "-C", ROOT)
    for form in ("csv", "json", "table"):
        there = run(*command, "-f", form, "--endpoint", oxigraph.endpoint)
        assert there.exit_code == 0, there.stderr
        assert _comparable(there.stdout, form) == _comparable(
            run(*command, "-f", form).stdout, form
        )
    turtle = ("query", "initiative-graph", "-p", "initiative=东数西算", "-f", "ttl", "-C", ROOT)
    assert run(*turtle, "--endpoint", oxigraph.endpoint).stdout == run(*turtle).stdout
    few = run(*command, "--max-rows", "2", "--endpoint", oxigraph.endpoint)
    assert (few.exit_code, "more than 2 rows" in few.stderr) == (2, True)


def _comparable(text: str, form: str) -> object:
    return json.loads(text) if form == "json" else text


def test_afresh_sends_everything_again(
    run: Callable[..., Result], dist: Path, oxigraph: Oxigraph
) -> None:
    arguments = ("load", "-i", dist, "--endpoint", oxigraph.endpoint)
    run(*arguments)
    result = run(*arguments, "--afresh")
    assert result.exit_code == 0, result.stderr
    assert "sent 0" not in result.stderr


def test_a_difference_is_told_and_the_next_load_mends_it(
    run: Callable[..., Result], dist: Path, oxigraph: Oxigraph
) -> None:
    arguments = ("load", "-i", dist, "--endpoint", oxigraph.endpoint)
    run(*arguments)
    remote_at(oxigraph.endpoint).delete(IDS.graph("inferred"))
    result = run(*arguments)
    assert result.exit_code == 1
    assert "holds 0 quads of this graph" in result.stderr
    assert run(*arguments).exit_code == 0


def test_a_question_that_takes_too_long_there_is_ended_here(
    run: Callable[..., Result], loaded: Oxigraph
) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    began = time.monotonic()
    result = run("query", "-", "--timeout", "1", "--endpoint", loaded.endpoint, input=text)
    assert result.exit_code == 3
    assert "longer than 1 seconds" in result.stderr
    assert time.monotonic() - began < 20


def test_an_answer_that_is_too_big_is_refused(loaded: Oxigraph) -> None:
    remote = remote_at(loaded.endpoint, patience=Patience(30, 0, most=1000))
    with pytest.raises(RemoteFailure, match="MiB"):
        remote.ask("SELECT * { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("endpoint", "told", "code"),
    [
        ("http://user:secret@127.0.0.1:1/store", "must not hold a name or password", 2),
        ("nowhere", "is not the address of a store", 2),
        ("http://127.0.0.1:1/odd", "takes questions cannot be told", 2),
        ("http://127.0.0.1:1/store", "does not answer", 3),
    ],
)
def test_what_is_wrong_with_an_address_is_said(
    run: Callable[..., Result], dist: Path, endpoint: str, told: str, code: int
) -> None:
    result = run("load", "-i", dist, "--endpoint", endpoint, "--retries", "0")
    assert (result.exit_code, told in result.stderr) == (code, True), result.stderr
    assert "secret" not in result.stderr


def test_two_loads_into_one_store_do_not_mix(
    run: Callable[..., Result], dist: Path, oxigraph: Oxigraph
) -> None:
    from policygraph.cli.load import _journal

    with _journal(dist, addresses(oxigraph.endpoint), afresh=False):
        result = run("load", "-i", dist, "--endpoint", oxigraph.endpoint)
    assert (result.exit_code, "another load" in result.stderr) == (3, True)


# who asks, and how it is proved


class _Recorder(BaseHTTPRequestHandler):
    seen: list[str] = []  # noqa: RUF012 - the class of one test at a time
    answers: list[tuple[int, dict[str, str]]] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.seen.append(self.headers.get("Authorization", ""))
        status, headers = self.answers.pop(0) if self.answers else (200, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def recorder() -> Iterator[str]:
    _Recorder.seen, _Recorder.answers = [], []
    server = HTTPServer(("127.0.0.1", 0), _Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize(
    ("environment", "sent"),
    [
        ({}, ""),
        ({"TOKEN": "abc"}, "Bearer abc"),
        ({"USER": "Aladdin", "PASSWORD": "open sesame"}, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
    ],
)
def test_who_asks_comes_from_the_environment(
    recorder: str, environment: dict[str, str], sent: str
) -> None:
    identity = Identity.of({f"POLICYGRAPH_ENDPOINT_{n}": v for n, v in environment.items()})
    Connection(identity, QUICK).send("GET", recorder)
    assert _Recorder.seen == [sent]
    assert not any(secret in repr(identity) for secret in ("abc", "sesame"))


def test_a_busy_store_is_asked_again_and_a_redirect_is_not_followed(recorder: str) -> None:
    _Recorder.answers = [(503, {"Retry-After": "0"}), (200, {}), (302, {"Location": "http://x/"})]
    connection = Connection(Identity(token="abc"), Patience(5, 3))
    connection.send("GET", recorder)
    assert len(_Recorder.seen) == 2
    with pytest.raises(RemoteFailure, match="http://x/"):
        connection.send("GET", recorder)


def test_the_answer_to_a_challenge_is_that_of_the_standard() -> None:
    """RFC 7616, section 3.9.1."""
    challenge = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256,'
        ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",'
        ' opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    once = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    address = "http://www.example.org/dir/index.html"
    found = digest_answer(challenge, "GET", address, "Mufasa", "Circle of Life", once)
    wanted = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    assert f'response="{wanted}"' in found


# the checksum

TERMS = st.one_of(
    st.integers().map(lambda n: Literal(n)),
    st.text(max_size=4).map(lambda t: Literal(t)),
    st.sampled_from(["a", "b"]).map(lambda t: NamedNode(f"http://example.org/{t}")),
)
ROWS = st.lists(st.tuples(TERMS, TERMS), unique=True, max_size=6)


@given(ROWS, st.randoms())
def test_the_checksum_does_not_depend_on_the_order(
    rows: list[tuple[object, ...]], random: object
) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert checksum(mixed) == checksum(rows)
    if rows:
        assert checksum(rows[1:]) != checksum(rows)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Literal("20.50", datatype=NamedNode(XSD + "decimal")), "20.5", True),
        (Literal("100", datatype=NamedNode(XSD + "decimal")), "100.0", True),
        (Literal("1.1", datatype=NamedNode(XSD + "decimal")), "1.2", False),
        (Literal("true", datatype=NamedNode(XSD + "boolean")), "1", True),
        (Literal("1.0"), "1", False),
    ],
)
def test_a_value_may_be_written_in_another_form(one: Literal, other: str, *, same: bool) -> None:
    two = Literal(other, datatype=one.datatype)
    assert (checksum([(one,)]) == checksum([(two,)])) == same


def test_a_port_that_nobody_listens_on_is_named() -> None:
    address = f"http://127.0.0.1:{free_port()}/store"
    with pytest.raises(RemoteFailure, match=address):
        remote_at(address).delete("http://example.org/g")
