"""Files of strangers: every command that reads a kind of file meets every attack by that kind.

A command may refuse a file or take it as the text it is; it may not hang, end with a traceback,
ask anybody, or write anything anywhere else.
"""

from __future__ import annotations

import hashlib
import io
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result

from policygraph.errors import PolicyGraphError, UnreadableInput
from policygraph.graph.link.beside import FORMS
from policygraph.graph.link.guard import refuse_hostile
from policygraph.serve.review.desk import Desk
from policygraph.serve.review.library import Library
from policygraph.text.review.decisions import Signature
from policygraph.workspace import Place

Run = Callable[..., Result]
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="urn:s:"'
DEEP = 20_000


@dataclass(frozen=True)
class Attack:
    """A file: its name, its content, the exit codes that are right, words of the message."""

    name: str
    content: bytes
    codes: tuple[int, ...]
    words: str = ""

    def __str__(self) -> str:
        return self.name


def rdf_xml(entities: str, value: str) -> bytes:
    head = f"<!DOCTYPE r [{entities}]>" if entities else ""
    return (
        f'<?xml version="1.0"?>{head}<rdf:RDF {RDF}><rdf:Description rdf:about="urn:a">'
        f"<s:p>{value}</s:p></rdf:Description></rdf:RDF>"
    ).encode()


def laughs() -> str:
    lines = [f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(10)]
    return '<!ENTITY a "ha">' + "".join(lines)


def in_one_another(before: str, middle: str, after: str, times: int = DEEP) -> bytes:
    return (before * times + middle + after * times).encode()


def packed(name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(name, data)
    return target.getvalue()


def attacks_on_rdf(address: str) -> list[Attack]:
    big = '<!ENTITY a "' + "h" * 100_000 + '">'
    outside = '<!ENTITY a SYSTEM "file:///etc/passwd">'
    nested = f"<rdf:RDF {RDF}>".encode() + in_one_another(
        "<rdf:Description><s:p>", "", "</s:p></rdf:Description>"
    )
    remote = f'{{"@context": "{address}", "@id": "urn:a", "x": "y"}}'.encode()
    own = b'{"@context": "file:///etc/hostname", "@id": "urn:a", "x": "y"}'
    return [
        Attack("laughs.rdf", rdf_xml(laughs(), "&k;"), (3,), "entity"),
        Attack("quadratic.rdf", rdf_xml(big, "&a;" * 5000), (3,), "entity"),
        Attack("outside.rdf", rdf_xml(outside, "&a;"), (3,), "entity"),
        Attack("deep.rdf", nested + b"</rdf:RDF>", (3,), "nested"),
        Attack("remote.jsonld", remote, (3,), "context"),
        Attack("own.jsonld", own, (3,), "context"),
        Attack("deep.jsonld", in_one_another('{"urn:p":', '"x"', "}"), (3,), "nested"),
        Attack("open.jsonld", b"[" * DEEP, (3,), "nested"),
        Attack(
            "deep.ttl", b"<urn:a> <urn:p> " + in_one_another("[<urn:p> ", "1", "]") + b".", (0, 1)
        ),
        Attack("number.ttl", b"<urn:a> <urn:p> " + b"9" * 1_000_000 + b" .", (0, 1)),
        Attack("spaces.nt", b"<http://x/a b> <urn:p> 'x' .", (3,), "malformed"),
        Attack("script.nt", b'<urn:a> <urn:p> "<script>alert(1)</script>\\u202E" .', (0, 1)),
        Attack("nothing.xyz", b"", (3,), "not read"),
    ]


def attacks_on_tables() -> list[Attack]:
    long = b"id,label\nhttp://x/1," + b"x" * 10_000_000 + b"\n"
    return [
        Attack("long.csv", long, (3,), "malformed"),
        Attack("bytes.csv", b"id,label\nhttp://x/1,\xff\xfe\n", (3,), "UTF-8"),
        Attack("spaces.csv", b"id,label\nhttp://x/ 1,a\n", (3,), "http://x/ 1"),
        Attack("script.csv", "id,label\nhttp://x/1,\u202e<script>\n".encode(), (0, 1)),
        Attack("deep.json", in_one_another("[", "", "]"), (2, 3)),
        Attack("deep.yaml", in_one_another("[", "", "]"), (2, 3)),
    ]


def attacks_on_texts() -> list[Attack]:
    words = "国家数据局关于数据工作的通知。"
    return [
        Attack("long.txt", (words * 40_000).encode(), (0, 1)),
        Attack("bidi.txt", (f"\u202e{words}\u2066" * 50).encode(), (0, 1)),
        Attack("script.txt", f"{words}<script>alert(1)</script>\n".encode() * 20, (0, 1)),
        Attack("nul.txt", f"{words}\x00".encode() * 50, (0, 1, 3)),
        Attack("bomb.docx", packed("word/document.xml", b"0" * 300_000_000), (3,)),
        Attack("climbs.docx", packed("../../../../evil.txt", b"x"), (3,)),
        Attack("deep.html", b"<html><body>" + b"<div>" * 200_000, (3,)),
    ]


class Listener:
    """Counts who comes to an address of this machine."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.came = 0
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/context.jsonld"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.came += 1

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    assert opened.came == 0
    opened.close()


def held(folder: Path) -> dict[str, bytes]:
    """Tell what a folder holds, but for locks and what searches keep."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).digest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".dist")
    }


def met(run: Run, attack: Attack, folder: Path, *command: str | Path) -> Result:
    """Give a command the file of an attack; see that it says so and leaves all as it was."""
    before = held(folder)
    result = run(*command)
    assert result.exit_code in attack.codes, result.output
    assert "Traceback" not in result.output
    if result.exit_code:
        assert attack.words in result.stderr
        assert result.stderr.strip()
    assert held(folder) == before
    return result


NAMES = [attack.name for attack in attacks_on_rdf("")]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_rdf_beside_a_question_is_bounded_or_refused(
    run: Run, conference: Path, tmp_path: Path, listener: Listener, name: str
) -> None:
    attack = next(each for each in attacks_on_rdf(listener.address) if each.name == name)
    (tmp_path / name).write_bytes(attack.content)
    query = tmp_path / "query.rq"
    query.write_text("ASK { ?s ?p ?o }")
    options = ("-f", "json", "--timeout", "20", "-C", conference, "--with", tmp_path / name)
    met(run, attack, conference, "query", query, *options)
    assert listener.came == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", [*NAMES, *(attack.name for attack in attacks_on_tables())])
def test_a_vocabulary_is_bounded_or_refused(
    run: Run, conference: Path, tmp_path: Path, listener: Listener, name: str
) -> None:
    known = [*attacks_on_rdf(listener.address), *attacks_on_tables()]
    attack = next(each for each in known if each.name == name)
    (tmp_path / name).write_bytes(attack.content)
    met(run, attack, conference, "link", tmp_path / name, "-C", conference)
    assert listener.came == 0


@pytest.mark.slow
@pytest.mark.parametrize("attack", attacks_on_texts(), ids=str)
def test_a_text_is_restored_or_refused(run: Run, tmp_path: Path, attack: Attack) -> None:
    (tmp_path / attack.name).write_bytes(attack.content)
    result = met(run, attack, tmp_path, "restore", tmp_path / attack.name)
    assert not (tmp_path.parent / "evil.txt").exists()
    if attack.name == "script.txt":
        assert "<script>alert(1)</script>" in result.stdout  # a text is given as it is


BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + n, 98 + n, b", ".join([b"*%c" % (97 + n)] * 9)) for n in range(12)
)
SPOILT = {
    "aliases in statements": ("documents/example-2024/statements.yaml", BOMB),
    "depth in statements": ("documents/example-2024/statements.yaml", in_one_another("[", "", "]")),
    "depth in the registry": ("registry/topics.yaml", in_one_another("{a: ", "b", "}")),
    "a tag in the registry": ("registry/topics.yaml", b"a: !!python/object/apply:os.system [ls]\n"),
    "aliases in links": ("links/x.sssom.tsv", b"#curie_map:\n#  a: &a x\n#  b: *a\nsubject_id\n"),
    "bytes in the registry": ("registry/places.yaml", b"\xff\xfe\x00"),
    "nul in the registry": ("registry/places.yaml", b"a\x00b: {label: {en: x}}\n"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_of_a_workspace_is_refused(run: Run, workspace: Path, name: str) -> None:
    path, content = SPOILT[name]
    target = workspace / "data" / path
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(content)
    attack = Attack(name, content, (1, 3), target.name)
    met(run, attack, workspace, "build", "-C", workspace)
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
    result = met(run, Attack(name, b"", (1, 3), "folder"), workspace, "build", "-C", workspace)
    assert "root:" not in result.output


def test_a_key_that_climbs_is_no_key(run: Run, workspace: Path) -> None:
    registry = workspace / "data/registry/topics.yaml"
    text = registry.read_text("utf-8").replace("public-data:", '"../../public-data":', 1)
    registry.write_text(text, "utf-8")
    result = run("build", "-C", workspace)
    assert result.exit_code in (1, 3)
    assert "../../public-data" in result.stderr


@pytest.mark.slow
def test_a_damaged_graph_is_not_loaded(run: Run, conference: Path, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(conference, tmp_path / "copy"))
    (folder / "dist/graph.nq").write_bytes(b"<urn:a> <urn:b> <urn:c> .\n" * 10)
    attack = Attack("graph", b"", (3,), "dist")
    met(run, attack, folder, "load", "--endpoint", "http://127.0.0.1:9/", "-C", folder)


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
    "name", [attack.name for attack in attacks_on_rdf("") if attack.words in ("entity", "nested")]
)
def test_the_guard_refuses_by_itself_and_names_the_file(tmp_path: Path, name: str) -> None:
    attack = next(each for each in attacks_on_rdf("http://x/") if each.name == name)
    path = tmp_path / name
    path.write_bytes(attack.content)
    with pytest.raises(UnreadableInput, match=rf"{name}:1: .*{attack.words}"):
        refuse_hostile(path, FORMS[path.suffix])
