"""Files of strangers: every command that reads a kind of file meets every attack by that kind.

A command may refuse a file or take it as the text it is; it may not hang, grow without end, end
with a traceback, ask anybody, or write anything anywhere else.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click
import httpx
import pytest
from click.testing import Result

from attackers import SECONDS, Listener, Said, held, within_limits
from hostile_files import (
    BOMB,
    LONG,
    Attack,
    in_one_another,
    on_decisions,
    on_graphs,
    on_manifests,
    on_questions,
    on_rdf,
    on_rows,
    on_settings,
    on_tables,
    on_texts,
    rdf_xml,
)
from policygraph.cli import _COMMANDS, policygraph
from policygraph.errors import PolicyGraphError, UnreadableInput
from policygraph.graph.link.beside import FORMS
from policygraph.graph.link.guard import refuse_hostile
from policygraph.serve.review.desk import Desk
from policygraph.serve.review.library import Library
from policygraph.text.review.decisions import Signature
from policygraph.workspace import Place
from servers import Policygraph

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    opened.close()
    assert not opened.visits


def met(run: Run, attack: Attack, folder: Path, *command: str | Path) -> Said:
    """Give a command the file of an attack; see that it says so and leaves all as it was."""
    before = held(folder)
    said = within_limits(run, *command)
    assert said.exit_code in attack.codes, said
    assert "Traceback" not in said.stdout + said.stderr
    if said.exit_code:
        assert attack.words in said.stderr
        assert said.stderr.strip()
    assert held(folder) == before
    return said


@dataclass(frozen=True)
class Door:
    """A parameter of a command that takes a file.

    Attributes:
        attacks: made for the address of someone who listens.
        command: given the file, a workspace and a folder of our own, how the command is called.
        built: the workspace is one with its graph.
    """

    attacks: Callable[[str], list[Attack]]
    command: Callable[[Path, Path, Path], list[str | Path]]
    built: bool = False


def in_a_folder(address: str) -> list[Attack]:
    """Attacks by a text among others: it is named, and the others are read."""
    return [replace(each, codes=(0, 1)) for each in on_drafts(address)]


def on_drafts(address: str) -> list[Attack]:
    """The same, but that a line has 200 KB: drafting one of 10 MB takes minutes, in proportion."""
    return on_texts(address, LONG[:70_000])


def as_former_text(address: str) -> list[Attack]:
    return [each for each in on_drafts(address) if each.name.endswith(".txt")]


REVIEW = ("review", "example-2024", "--by", "x", "--table")
ACCEPT = ("names", "--source", "example", "--accept")
BESIDE = ("-f", "json", "--timeout", "20", "--with")
DOORS = {
    "restore path": Door(on_texts, lambda file, place, ours: ["restore", file]),
    "restore folder": Door(
        in_a_folder, lambda file, place, ours: ["restore", "--check", file.parent]
    ),
    "draft path": Door(on_drafts, lambda file, place, ours: ["draft", file, "-C", place]),
    "draft folder": Door(
        in_a_folder, lambda file, place, ours: ["draft", file.parent, "-o", ours / "drafts"]
    ),
    "draft former": Door(
        as_former_text,
        lambda file, place, ours: ["draft", ours / "a.txt", "-o", ours / "a.yaml", "--was", file],
    ),
    "draft output": Door(
        lambda _: on_rows(), lambda file, place, ours: ["draft", ours / "a.txt", "-o", file]
    ),
    "names path": Door(on_drafts, lambda file, place, ours: ["names", file, "-C", place]),
    "names output": Door(
        lambda _: on_rows(), lambda file, place, ours: ["names", ours / "a.txt", "-o", file]
    ),
    "names accepted": Door(
        lambda _: on_rows(), lambda file, place, ours: [*ACCEPT, file, "-C", place]
    ),
    "review table": Door(on_decisions, lambda file, place, ours: [*REVIEW, file, "-C", place]),
    "query question": Door(
        on_questions,
        lambda file, place, ours: ["query", file, "-f", "json", "--timeout", "5", "-C", place],
        built=True,
    ),
    "query beside": Door(
        on_rdf,
        lambda file, place, ours: ["query", ours / "ask.rq", *BESIDE, file, "-C", place],
        built=True,
    ),
    "link file": Door(
        lambda address: [*on_rdf(address), *on_tables()],
        lambda file, place, ours: ["link", file, "-C", place],
        built=True,
    ),
    "mcp graph": Door(lambda _: on_graphs(), lambda file, place, ours: ["mcp", file]),
}
"""By command and parameter. ``serve`` and the workspaces that commands are in are further down."""

CASES = [
    pytest.param(door, attack.name, id=f"{door}-{attack.name}")
    for door, told in DOORS.items()
    for attack in told.attacks("http://x/")
]
READ = {
    ("restore", "path"): ("restore path", "restore folder"),
    ("draft", "path"): ("draft path", "draft folder"),
    ("draft", "before"): ("draft former",),
    ("draft", "output"): ("draft output",),
    ("names", "path"): ("names path",),
    ("names", "output"): ("names output",),
    ("names", "accepted"): ("names accepted",),
    ("review", "table"): ("review table",),
    ("query", "beside"): ("query beside",),
    ("link", "file"): ("link file",),
    ("mcp", "graph"): ("mcp graph",),
    ("serve", "graph"): (),  # test_a_graph_of_a_stranger_is_served_or_refused
    ("load", "built"): (),  # test_a_hostile_manifest_is_refused_by_all_who_read_it
}
"""Parameters that name what is read, with their doors."""
WRITTEN = {"output", "extracted", "folder", "draft table"}
"""Parameters that name what is written; a file that is there already may be read before."""


def test_every_command_that_takes_a_file_is_attacked() -> None:
    group = click.Context(policygraph)
    taken = set()
    for name in _COMMANDS:
        command = policygraph.get_command(group, name)
        assert command
        for parameter in command.params:
            if isinstance(parameter.type, click.Path) and parameter.name != "workspace":
                taken.add((name, parameter.name))
    written = {each for each in taken if each[1] in WRITTEN or " ".join(each) in WRITTEN}
    assert taken - written == set(READ) - written
    assert {door for doors in READ.values() for door in doors} == DOORS.keys() - {"query question"}


@pytest.mark.slow
@pytest.mark.parametrize(("door", "name"), CASES)
def test_a_file_of_a_stranger_is_bounded_or_refused(
    run: Run,
    conference: Path,
    workspace: Path,
    tmp_path: Path,
    listener: Listener,
    door: str,
    name: str,
) -> None:
    told = DOORS[door]
    attack = next(each for each in told.attacks(listener.url) if each.name == name)
    given, ours = tmp_path / "given", tmp_path / "ours"
    given.mkdir()
    attack.write(given / name)
    ours.mkdir()
    (ours / "ask.rq").write_text("ASK { ?s ?p ?o }", "utf-8")
    (ours / "a.txt").write_text("国家数据局印发公共数据管理办法。\n" * 3, "utf-8")
    if door == "draft former":
        assert run("draft", ours / "a.txt", "-o", ours / "a.yaml").exit_code == 0
    place = conference if told.built else workspace
    before = held(place), held(given)
    said = within_limits(run, *told.command(given / name, place, ours))
    assert said.exit_code in attack.codes, said
    assert "Traceback" not in said.stdout + said.stderr
    if said.exit_code:
        assert said.stderr.strip()
        assert attack.words in said.stderr
    assert (held(place), held(given)) == before
    assert not listener.visits
    assert not list(tmp_path.parent.rglob("evil*"))
    if name == "script.txt" and door == "restore path":
        assert "<script>alert(1)</script>" in said.stdout  # a text is given as it is


SPOILT = {
    "aliases in statements": ("documents/example-2024/statements.yaml", BOMB),
    "depth in statements": ("documents/example-2024/statements.yaml", in_one_another("[", "", "]")),
    "depth in the registry": ("registry/topics.yaml", in_one_another("{a: ", "b", "}")),
    "less depth in the registry": ("registry/topics.yaml", in_one_another("{a: ", "b", "}", 400)),
    "a tag in the registry": ("registry/topics.yaml", b"a: !!python/object/apply:os.system [ls]\n"),
    "aliases in links": ("links/x.sssom.tsv", b"#curie_map:\n#  a: &a x\n#  b: *a\nsubject_id\n"),
    "a line of 10 MB in links": ("links/x.sssom.tsv", b"subject_id\t" + b"x" * 10_000_000),
    "bytes in the registry": ("registry/places.yaml", b"\xff\xfe\x00"),
    "nul in the registry": ("registry/places.yaml", b"a\x00b: {label: {en: x}}\n"),
    "a line of 10 MB in the registry": ("registry/places.yaml", b"a: " + b"x" * 10_000_000),
    "aliases in comparisons": ("comparisons.yaml", BOMB),
    "depth in comparisons": ("comparisons.yaml", in_one_another("[", "", "]")),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_of_a_workspace_is_refused(run: Run, workspace: Path, name: str) -> None:
    path, content = SPOILT[name]
    target = workspace / "data" / path
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(content)
    attack = Attack(name, content, (1, 3), target.name)
    words = ("compare", "2024", "2024") if "comparisons" in name else ("build",)
    met(run, attack, workspace, *words, "-C", workspace)
    if "statements" in name:
        library = Library.at(Place.at(workspace), "example-2024")
        desk = Desk("example-2024", target.with_name("restored.txt"), target, nobody, library)
        with pytest.raises(PolicyGraphError):
            desk.show()


def nobody() -> Signature:
    return Signature("nobody", "2026-11-27")


CLIMBING = {
    "a source above": ("source/example.txt", "../../../../../../etc/passwd"),
    "a source from the root": ("source/example.txt", "/etc/passwd"),
    "an id above": ("id: example-2024", "id: ../../example-2024"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CLIMBING)
def test_a_record_leads_to_no_file_elsewhere(run: Run, workspace: Path, name: str) -> None:
    record = workspace / "data/documents/example-2024/document.yaml"
    old, new = CLIMBING[name]
    record.write_text(record.read_text("utf-8").replace(old, new, 1), "utf-8")
    said = met(run, Attack(name, b"", (1, 3), "folder"), workspace, "build", "-C", workspace)
    assert "root:" not in said.stdout + said.stderr


def test_a_key_that_climbs_is_no_key(run: Run, workspace: Path) -> None:
    registry = workspace / "data/registry/topics.yaml"
    text = registry.read_text("utf-8").replace("public-data:", '"../../public-data":', 1)
    registry.write_text(text, "utf-8")
    result = run("build", "-C", workspace)
    assert result.exit_code in (1, 3)
    assert "../../public-data" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("attack", on_settings(), ids=str)
def test_hostile_settings_are_refused_by_all_who_read_them(
    run: Run, workspace: Path, attack: Attack
) -> None:
    attack.write(workspace / "policygraph.toml")
    for command in ("build", "serve", "mcp", "publish", "query"):
        met(run, attack, workspace, command, "-C", workspace)


@pytest.mark.slow
def test_a_damaged_graph_is_not_loaded(run: Run, conference: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(conference, tmp_path / "copy"))
    (folder / "dist/graph.nq").write_bytes(b"<urn:a> <urn:b> <urn:c> .\n" * 10)
    attack = Attack("graph", b"", (3,), "dist")
    met(run, attack, folder, "load", "--endpoint", "http://127.0.0.1:9/", "-C", folder)


@pytest.mark.slow
@pytest.mark.parametrize("attack", on_manifests(), ids=str)
def test_a_hostile_manifest_is_refused_by_all_who_read_it(
    run: Run, workspace: Path, attack: Attack
) -> None:
    (workspace / "dist").mkdir()
    attack.write(workspace / "dist" / "MANIFEST.json")
    for command in ("serve", "mcp"):
        met(run, attack, workspace, command, workspace / "dist")
    met(run, attack, workspace, "load", "--endpoint", "http://127.0.0.1:9/", "-C", workspace)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["serve", "mcp"])
def test_a_store_of_a_stranger_is_opened_or_refused(run: Run, tmp_path: Path, command: str) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    for name in ("CURRENT", "MANIFEST-000001", "000004.log", "000005.sst", "OPTIONS-000003"):
        (folder / name).write_bytes(b"../../../../etc/passwd\n" * 9)
    met(run, Attack("store", b"", (3,), "store"), tmp_path, command, folder)


@pytest.mark.slow
@pytest.mark.parametrize("attack", on_graphs(), ids=str)
def test_a_graph_of_a_stranger_is_served_or_refused(tmp_path: Path, attack: Attack) -> None:
    attack.write(tmp_path / attack.name)
    if 0 not in attack.codes:
        command = [sys.executable, "-m", "policygraph", "serve", attack.name, "--port", "0"]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=SECONDS
        )
        assert done.returncode in attack.codes
        assert attack.words in done.stderr
        assert "Traceback" not in done.stderr
        return
    server = Policygraph(tmp_path, tmp_path / attack.name, "--workers", "1")
    server.start()
    try:
        asked = {"query": "SELECT * { ?s ?p ?o } LIMIT 5"}
        rows = httpx.get(server.sparql, params=asked, timeout=60)
        assert rows.json()["results"]["bindings"]
        for path in ("/en/index.html", "/search.json?q=script"):
            answer = httpx.get(server.endpoint + path, timeout=60)
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text or "json" in answer.headers["content-type"]
    finally:
        assert server.stop() < 5


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.rdf", rdf_xml("", "x")),
        ("namespaces.owl", rdf_xml('<!ENTITY xsd "http://www.w3.org/2001/XMLSchema#">', "&xsd;a")),
        ("malformed.rdf", b"<rdf:RDF"),
        ("plain.jsonld", b'{"@id": "urn:a", "urn:p": ["[[[[", "\\"{{{"]}'),
        ("wide.jsonld", b"[" + b"[], " * 5000 + b"[]]"),
        ("malformed.jsonld", b"]]]]"),
        ("any.ttl", b"[" * 1000),
    ],
)
def test_what_is_only_unusual_is_left_to_its_parser(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    refuse_hostile(path, FORMS[path.suffix])


@pytest.mark.parametrize(
    "attack", [each for each in on_rdf("http://x/") if each.words in ("entity", "nested")], ids=str
)
def test_the_guard_refuses_by_itself_and_names_the_file(tmp_path: Path, attack: Attack) -> None:
    path = tmp_path / attack.name
    attack.write(path)
    with pytest.raises(UnreadableInput, match=rf"{attack.name}:1: .*{attack.words}"):
        refuse_hostile(path, FORMS[path.suffix])
