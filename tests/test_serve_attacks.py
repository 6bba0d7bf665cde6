"""Attacks on the server, one test each; THREAT_MODEL.md names them.

The server is a process of its own, as users have it. While it is attacked it must say that it is
well, reach nobody, and answer the next question.
"""

from __future__ import annotations

import json
import os
import re
import select
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

from attackers import Listener, Watch, crowd, heard, many_files
from conftest import ROOT
from policygraph.bounded import Limits, bounded
from policygraph.sealed import seal
from policygraph.serve.limits import Allowance
from policygraph.serve.refusal import Refusal
from policygraph.serve.sparql.answers import TABLES, Answerer
from servers import Policygraph

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="workers are sealed on Linux only"),
]

QUADS = ROOT / "dist" / "graph.nq"
CROSS = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {CROSS}"
SECONDS = 2
DIRECT = {"content-type": "application/sparql-query"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Policygraph]:
    folder = tmp_path_factory.mktemp("attacked")
    limits = ("--timeout", str(SECONDS), "--memory", "512", "--max-size", "4", "--workers", "2")
    opened = Policygraph(folder, QUADS, *limits)
    opened.start()
    yield opened
    opened.kill()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    opened.close()


@pytest.fixture
def attacked(server: Policygraph, listener: Listener) -> Iterator[httpx.Client]:
    """A client; afterwards the server must be well and nobody must have been reached."""
    with (
        Watch(server.endpoint) as watch,
        httpx.Client(base_url=server.endpoint, timeout=60) as client,
    ):
        yield client
        after = client.get("/sparql", params={"query": "ASK { ?s a pg:Goal }"})
        assert after.json()["boolean"] is True
    assert not watch.failures
    assert not listener.visits


def ask(client: httpx.Client, query: str, accept: str = "*/*") -> httpx.Response:
    """Ask; whatever comes must be well formed."""
    answer = client.post("/sparql", content=query, headers={**DIRECT, "accept": accept})
    kind = answer.headers["content-type"].partition(";")[0]
    if answer.status_code == 200 and kind.endswith("json"):
        json.loads(answer.content)
    elif answer.status_code == 200 and kind.endswith("xml"):
        ET.fromstring(answer.content)
    elif answer.status_code != 200:
        assert kind == "text/plain"
        assert answer.text.strip()
    return answer


def asking(query: str) -> bytes:
    """Write a request that asks a question."""
    length = f"Content-Length: {len(query)}\r\n\r\n{query}"
    kind = "Content-Type: application/sparql-query\r\n"
    return f"POST /sparql HTTP/1.1\r\nHost: h\r\n{kind}{length}".encode()


# asking for what is elsewhere


def test_from_a_file_gives_nothing_of_it(attacked: httpx.Client, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text("<urn:a> <urn:b> 'the secret' .")
    for clause in ("FROM", "FROM NAMED"):
        answer = ask(attacked, f"SELECT * {clause} <{secret.as_uri()}> {{ ?s ?p ?o }}")
        assert answer.status_code == 200
        assert "the secret" not in answer.text
        assert answer.json()["results"]["bindings"] == []
    for name in ("default-graph-uri", "graph"):
        path = "/graph-store" if name == "graph" else "/sparql?query=SELECT*{?s?p?o}"
        assert "the secret" not in attacked.get(path, params={name: secret.as_uri()}).text


def test_from_an_address_sends_no_request(attacked: httpx.Client, listener: Listener) -> None:
    for clause in ("FROM", "FROM NAMED"):
        answer = ask(attacked, f"SELECT * {clause} <{listener.url}> {{ ?s ?p ?o }}")
        assert answer.json()["results"]["bindings"] == []
    assert attacked.get("/graph-store", params={"graph": listener.url}).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <HERE> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <HERE> { ?s ?p ?o } }",
        "SELECT * { sErViCe<HERE>{ ?s ?p ?o } }",
        "SELECT * { BIND(<HERE> AS ?x) SERVICE ?x { ?s ?p ?o } }",
        "SELECT * { #\rSERVICE <HERE> { ?s ?p ?o } }",
        "SELECT * { FILTER(1<2#>'''\n) SERVICE <HERE> {?s ?p ?x} #'''\n}",
        "SELECT * { FILTER EXISTS { FILTER(1<2#>'\n) SERVICE SILENT <HERE> {?s ?p ?x} #'\n} }",
        'CONSTRUCT { ?s ?p ?o } { { FILTER(1<2#>"\n) SERVICE <HERE> {?s ?p ?o} #"\n} }',
    ],
)
def test_no_question_reaches_another_server(
    attacked: httpx.Client, listener: Listener, query: str
) -> None:
    answer = ask(attacked, query.replace("HERE", listener.url))
    hidden = "<2#>" in query  # then the word is not seen, and the kernel refuses the request
    assert answer.status_code in ((200, 400) if hidden else (403,))


_PIECES = st.sampled_from(
    [
        *("#", "\n", "\r", "'''", '"""', "'", '"', "<2#>", "1<2", ">", "\\", "\\u0053ERVICE"),
        *(
            "sErViCe ",
            "SERVICE ",
            "SILENT ",
            "<HERE>",
            "{ ?s ?p ?o }",
            "FILTER(",
            ")",
            "{",
            "}",
            "?x",
        ),
    ]
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_no_confusion_of_strings_and_comments_sends_a_request(
    server: Policygraph, listener: Listener, middle: str
) -> None:
    text = "SELECT * { " + middle + " SERVICE <HERE> { ?s ?p ?o } " + middle + " }"
    with httpx.Client(base_url=server.endpoint, timeout=60) as client:
        ask(client, text.replace("HERE", listener.url))
    assert not listener.visits


@pytest.mark.parametrize(
    "update", ["LOAD <HERE>", "LOAD SILENT <HERE> INTO GRAPH <urn:g>", "DROP ALL", "INSERT DATA {}"]
)
def test_updates_change_nothing_and_load_nothing(
    attacked: httpx.Client, listener: Listener, update: str
) -> None:
    text = update.replace("HERE", listener.url)
    update_type = {"content-type": "application/sparql-update"}
    assert attacked.post("/sparql", content=text, headers=update_type).status_code == 403
    assert attacked.post("/sparql", data={"update": text}).status_code == 403
    assert attacked.get("/sparql", params={"update": text}).status_code == 403
    assert ask(attacked, text).status_code in (400, 403)


def test_where_no_kernel_seals_a_worker_the_very_words_are_refused() -> None:
    answerer = Answerer(Store(), "https://example.org/", 10, 1000, sealed=False)
    asked = {"default": [], "named": [], "forms": {"truth": "json"}}
    for text in ("ASK {} # service", "ASK { FILTER('Load' = 'x') }", "ASK { <urn:SERVICE> ?p ?o }"):
        with pytest.raises(Refusal, match="refused"):
            answerer.query({**asked, "text": text})
    assert json.loads(answerer.query({**asked, "text": "ASK {}"}).body)["boolean"] is True


def _tried() -> list[str]:
    """Try every way out of a sealed process; name those that are open."""
    import ctypes

    assert seal()
    libc = ctypes.CDLL(None, use_errno=True)
    open_ways = []
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
        try:
            socket.socket(family, socket.SOCK_DGRAM).close()
            open_ways.append(str(family))
        except PermissionError:
            pass
    tries = {"socketpair": socket.socketpair, "exec": lambda: os.execv("/bin/true", ["true"])}
    for name, attempt in tries.items():
        try:
            attempt()
            open_ways.append(name)
        except PermissionError:
            pass
    if libc.syscall(425, 1, None) != -1 or ctypes.get_errno() != 1:
        open_ways.append("io_uring")
    caught: list[str] = []
    thread = threading.Thread(target=_in_a_thread, args=(caught,))
    thread.start()
    thread.join()
    return open_ways + caught


def _in_a_thread(caught: list[str]) -> None:
    try:
        socket.socket().close()
        caught.append("a socket in a thread")
    except PermissionError:
        pass


def test_a_sealed_process_has_no_way_out() -> None:
    assert bounded(_tried, Limits()) == []


# asking for too much


def test_a_pattern_that_explodes_does_not(attacked: httpx.Client) -> None:
    text = "a" * 40 + "!"
    answer = ask(attacked, f'ASK {{ FILTER(REGEX("{text}", "^(a+)+$")) }}')
    assert answer.json()["boolean"] is False


@pytest.mark.parametrize(
    "query",
    [
        ENDLESS,
        f"SELECT DISTINCT ?a ?d ?g {CROSS} ORDER BY ?a",
        "SELECT (COUNT(*) AS ?n) { ?x (rdf:type|^rdf:type|prov:wasQuotedFrom|^prov:wasQuotedFrom)* "
        "?y . ?y (rdf:type|^rdf:type)* ?z . ?z (!<urn:a>|!^<urn:b>)* ?w }",
    ],
)
def test_a_question_without_end_is_ended(attacked: httpx.Client, query: str) -> None:
    answer = ask(attacked, query)
    assert answer.status_code in (422, 504)  # by time, or by memory where that is reached first


def test_an_answer_without_end_is_refused_whole(attacked: httpx.Client) -> None:
    for accept in ("application/sparql-results+json", "text/csv", "application/xml"):
        answer = ask(attacked, f"SELECT * {CROSS}", accept)
        assert answer.status_code in (422, 504)  # by size, or by time on a machine that is busy
    answerer = Answerer(Store(), "https://example.org/", 10**6, 30_000, sealed=True)
    many = " ".join(f"({number})" for number in range(10_000))
    asked = {"default": [], "named": [], "text": f"SELECT ?n {{ VALUES (?n) {{ {many} }} }}"}
    for form in TABLES:
        with pytest.raises(Refusal, match="MiB"):
            answerer.query({**asked, "forms": {"rows": form}})


def test_text_that_doubles_takes_only_its_own_memory(attacked: httpx.Client) -> None:
    steps = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(27))
    answer = ask(attacked, f'SELECT (STRLEN(?s27) AS ?n) {{ BIND("0123456789" AS ?s0) {steps} }}')
    assert answer.status_code in (422, 504)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }",
        "ASK { ?s " + "(" * 50_000 + "<urn:p>" + ")*" * 50_000 + " ?o }",
        "ASK { FILTER(" + "!" * 50_000 + "true) }",
        "ASK { FILTER(1 = " + "-" * 50_000 + "1) }",
        "ASK " + "{" * 50_000 + "}" * 50_000,
        "ASK { ?s " + "^" * 50_000 + "<urn:p> ?o }",
        "ASK { ?s ?p " + "<<" * 20_000 + " ?a ?b ?c " + ">>" * 20_000 + " }",
        "ASK { ?s <urn:p>" + "/<urn:p>" * 50_000 + " ?o }",
        "ASK { ?s ?p ?o FILTER(?o = 1" + " || ?o = 1" * 50_000 + ") }",
    ],
)
def test_what_is_nested_too_deep_ends_no_more_than_itself(
    attacked: httpx.Client, query: str
) -> None:
    assert ask(attacked, query).status_code in (200, 400, 422, 504)


def test_forty_megabytes_are_not_taken(attacked: httpx.Client, server: Policygraph) -> None:
    body = b"query=" + b"x" * 40_000_000
    form = "Content-Type: application/x-www-form-urlencoded"
    begin = f"POST /sparql HTTP/1.1\r\nHost: here\r\n{form}\r\n"
    for length in (f"Content-Length: {len(body)}", "Content-Length: 99999999999999999999"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
            client.sendall(f"{begin}{length}\r\n\r\n".encode())
            assert heard(client).startswith(b"HTTP/1.1 413 ")

    def pieces() -> Iterator[bytes]:
        for at in range(0, len(body), 1 << 20):
            yield body[at : at + (1 << 20)]

    try:
        answer = attacked.post("/sparql", content=pieces(), headers=DIRECT)
        assert answer.status_code == 413
    except httpx.TransportError:
        pass  # closed before everything was sent, and the answer was not read
    assert server.process
    assert psutil.Process(server.process.pid).memory_info().rss < 300 << 20


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /sparql?query=" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
        b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        b"GET /%00%ff/..%2f..%2fetc/passwd HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        b"GET /../../../../etc/passwd HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 20000\r\n\r\n"
        + b"a=1&"
        * 5000,
    ],
)
def test_a_malformed_request_is_refused(
    attacked: httpx.Client, server: Policygraph, request_: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(request_)
        answer = heard(client)
    assert answer.startswith(b"HTTP/1.1 4")
    assert b"root:" not in answer
    assert b"Traceback" not in answer


def test_more_questions_than_workers_wait_or_are_told_so(attacked: httpx.Client) -> None:
    codes: list[int] = []

    def press() -> None:
        codes.append(attacked.get("/sparql", params={"query": ENDLESS}).status_code)

    threads = [threading.Thread(target=press) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {422, 503, 504}
    assert len(codes) == 12


# dawdling

PROMPT = """
import sys
from pathlib import Path
from policygraph.serve.app import application
from policygraph.serve.limits import Allowance
from policygraph.serve.server import listening, run
from policygraph.serve.source import served
allowance = Allowance(workers=2, seconds=20, rows=10**6, to_ask=1.5, to_take=1.5)
with listening("127.0.0.1", int(sys.argv[2])) as opened:
    with served(Path(sys.argv[1]), "https://w3id.org/policygraph/") as found:
        run(application(found, allowance), opened, allowance, log=False)
"""


class Prompt(Policygraph):
    """A server with little patience, and few files."""

    def command(self) -> list[str]:
        program = [sys.executable, "-c", PROMPT, str(QUADS), str(self.port)]
        return ["prlimit", "--nofile=256:256", *program]


@pytest.fixture(scope="module")
def prompt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prompt]:
    opened = Prompt(tmp_path_factory.mktemp("prompt"), QUADS)
    opened.start()
    yield opened
    opened.kill()


@pytest.mark.parametrize(
    "say", [b"", b"GET /spar", b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nAS"]
)
def test_clients_that_never_finish_their_request_are_shown_out(prompt: Prompt, say: bytes) -> None:
    with Watch(prompt.endpoint) as watch, crowd(prompt.port, 20, say) as clients:
        for client in clients:
            assert heard(client)[:13] in (b"HTTP/1.1 408 ", b"HTTP/1.1 415 ")
    assert not watch.failures


def test_a_byte_now_and_then_is_not_a_request(prompt: Prompt) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: " + b"h" * 100
    with socket.create_connection(("127.0.0.1", prompt.port), timeout=30) as client:
        client.settimeout(0.05)
        for at in range(len(request)):
            client.sendall(request[at : at + 1])
            try:
                if client.recv(13) == b"HTTP/1.1 408 ":
                    return
            except TimeoutError:
                time.sleep(0.1)
    pytest.fail("it was let in")


def test_more_idle_clients_than_there_are_files_keep_nobody_out(prompt: Prompt) -> None:
    with Watch(prompt.endpoint) as watch, crowd(prompt.port, 400, b"GET / HTTP/1.1\r\n"):
        asked = httpx.get(prompt.sparql, params={"query": "ASK {}"}, timeout=10)
        assert asked.json()["boolean"] is True
    assert not watch.failures


def still_open(clients: list[socket.socket]) -> int:
    """Count those whom the other side has neither answered nor left."""
    heard_of = select.poll()
    for client in clients:
        heard_of.register(client, select.POLLIN)
    return len(clients) - len(heard_of.poll(0))


HALF = [
    b"GET / HTTP/1.1\r\nHost: h\r\nX: ",
    b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 1000000\r\n\r\nASK {",
    b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\nquery",
]
"""Requests of which one byte comes now and then."""


def test_thousands_of_half_open_requests_keep_nobody_out_and_delay_no_end(tmp_path: Path) -> None:
    number = min(3000, many_files(4000) - 500)
    if number < 2000:
        pytest.skip("this process may not open 2,500 files (ulimit -Hn)")
    server = Policygraph(tmp_path, QUADS, "--timeout", "5", "--workers", "2")
    server.start()
    with ExitStack() as stack:
        clients = [
            each
            for say in HALF
            for each in stack.enter_context(crowd(server.port, number // len(HALF), say))
        ]
        with Watch(server.endpoint, "/en/doc/goal/cn-ndwc-2024-g5.html") as watch:
            assert still_open(clients) >= 2000
            for _ in range(4):
                for client in clients:
                    with suppress(ConnectionError):  # shown out, after 15 seconds
                        client.sendall(b"x")
                asked = {"query": "SELECT (COUNT(*) AS ?n) { ?goal a pg:Goal }"}
                found = httpx.get(server.sparql, params=asked, timeout=10)
                assert found.json()["results"]["bindings"]
        assert not watch.failures
        stack.enter_context(crowd(server.port, 8, asking(ENDLESS)))
        time.sleep(0.5)
        assert server.stop() < 10  # there are 3,000 to show out, and the machine may be busy


def test_clients_that_do_not_take_their_answers_are_shown_out(prompt: Prompt) -> None:
    query = quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 12000")
    request = f"GET /sparql?query={query} HTTP/1.1\r\nHost: h\r\n\r\n".encode()
    with Watch(prompt.endpoint) as watch, crowd(prompt.port, 5, request) as clients:
        time.sleep(6)
        whole = [heard(client) for client in clients]
    assert not watch.failures
    for answer in whole:
        told = int(answer.split(b"content-length: ")[1].split(b"\r\n")[0])
        assert len(answer) < told, "it was cut off, and the length says so"


# ending


def test_it_ends_in_time_while_it_is_attacked(tmp_path: Path) -> None:
    server = Policygraph(tmp_path, QUADS, "--timeout", "60", "--workers", "2")
    server.start()
    assert server.process
    workers = psutil.Process(server.process.pid).children(recursive=True)
    assert len(workers) == 2 + Allowance.page_workers
    with ExitStack() as stack:
        stack.enter_context(crowd(server.port, 8, asking(ENDLESS)))
        stack.enter_context(crowd(server.port, 100, b"GET /"))
        time.sleep(1)
        assert server.stop() < 5
    assert not [worker for worker in workers if worker.is_running()]


def test_a_worker_that_is_killed_is_replaced(server: Policygraph) -> None:
    assert server.process
    for worker in psutil.Process(server.process.pid).children(recursive=True):
        worker.kill()
    for _ in range(10):
        answer = httpx.get(server.sparql, params={"query": "ASK {}"}, timeout=30)
        if answer.status_code == 200:
            break
    assert answer.json()["boolean"] is True


def test_workers_do_not_outlive_a_server_that_is_killed(tmp_path: Path) -> None:
    server = Policygraph(tmp_path, QUADS, "--timeout", "60", "--workers", "1")
    server.start()
    assert server.process
    workers = psutil.Process(server.process.pid).children(recursive=True)
    assert len(workers) == 1 + Allowance.page_workers
    with crowd(server.port, 1, asking(ENDLESS)):
        time.sleep(1)
        server.kill()
        for worker in workers:
            worker.wait(timeout=10)


def test_what_a_killed_server_left_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.bulk_load(path=str(QUADS), format=RdfFormat.N_QUADS)
    store.flush()
    del store
    left = []
    for _ in range(2):
        server = Policygraph(tmp_path, tmp_path / "store", "--workers", "1")
        server.start()
        server.kill()
        left.append({path.name for path in tmp_path.glob(".store.serving-*")})
    assert [len(each) for each in left] == [1, 1]
    assert left[0] != left[1]


# what is promised


def test_every_test_that_the_threat_model_names_is_there() -> None:
    named = re.findall(r"`(test_\w+)`", (ROOT / "THREAT_MODEL.md").read_text("utf-8"))
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    assert len(named) > 20
    assert not [name for name in named if f"def {name}(" not in written]
