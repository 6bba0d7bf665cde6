"""Files made to do harm, by what they pretend to be; ``test_hostile`` gives them to commands."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="urn:s:"'
DEEP = 20_000
WORDS = "国家数据局关于数据工作的通知。"
LONG = WORDS * 240_000
"""One line of more than 10 MB."""


@dataclass(frozen=True)
class Attack:
    """A file: its name, its content, the exit codes that are right, words of the message."""

    name: str
    content: bytes | Callable[[], bytes]
    codes: tuple[int, ...]
    words: str = ""

    def write(self, path: Path) -> None:
        """Write it; what is large is only made now."""
        path.write_bytes(self.content if isinstance(self.content, bytes) else self.content())

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


def word(document: bytes, **more: bytes) -> bytes:
    """Make a Word document whose words are as given."""
    import docx

    return _put_into(docx.Document(), {"word/document.xml": document, **more})


def workbook(sheet: bytes) -> bytes:
    """Make a workbook whose sheet is as given."""
    import openpyxl

    return _put_into(openpyxl.Workbook(), {"xl/worksheets/sheet1.xml": sheet})


def _put_into(made: object, parts: dict[str, bytes]) -> bytes:
    whole, target = io.BytesIO(), io.BytesIO()
    made.save(whole)  # type: ignore[attr-defined]
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
    return target.getvalue()


def on_rdf(address: str) -> list[Attack]:
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
        *on_graphs(),
        Attack("nothing.xyz", b"", (3,), "not read"),
    ]


def on_graphs() -> list[Attack]:
    """Attacks by files of quads, which are read whole."""
    say = b"<urn:a> <urn:p> "
    triples = in_one_another("<<", "<urn:a> <urn:p> <urn:b>", ">> <urn:p> <urn:c> ")
    return [
        Attack("deep.ttl", say + in_one_another("[<urn:p> ", "1", "]") + b".", (0, 1)),
        Attack("lists.ttl", say + in_one_another("(", "1", ")") + b".", (0, 1)),
        Attack("triples.ttl", say + triples + b".", (3,), "triples.ttl"),
        Attack("number.ttl", say + b"9" * 1_000_000 + b" .", (0, 1)),
        Attack("spaces.nt", b"<http://x/a b> <urn:p> 'x' .", (3,), "spaces.nt"),
        Attack("script.nt", say + b'"<script>alert(1)</script>\\u202E" .', (0, 1)),
        Attack("long.nt", say + f'"{LONG}" .'.encode(), (0, 1)),
        Attack("open.trig", b"<urn:g> { <urn:a> <urn:p> " + b"[" * DEEP, (3,), "open.trig"),
        Attack("bytes.nq", say + b'"\xff\xfe" .', (3,), "bytes.nq"),
    ]


def on_tables() -> list[Attack]:
    long = b"id,label\nhttp://x/1," + b"x" * 10_000_000 + b"\n"
    return [
        Attack("long.csv", long, (3,), "malformed"),
        Attack("bytes.csv", b"id,label\nhttp://x/1,\xff\xfe\n", (3,), "UTF-8"),
        Attack("spaces.csv", b"id,label\nhttp://x/ 1,a\n", (3,), "http://x/ 1"),
        Attack("script.csv", "id,label\nhttp://x/1,\u202e<script>\n".encode(), (0, 1)),
        Attack("deep.json", in_one_another("[", "", "]"), (2, 3)),
        Attack("deep.yaml", in_one_another("[", "", "]"), (2, 3)),
    ]


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def on_texts(address: str, long: str = LONG) -> list[Attack]:
    paragraph = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"
    body = f"<w:document {_W}><w:body>{paragraph}</w:body></w:document>".encode()
    template = (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" TargetMode="External" '
        f'Type="{_OFFICE}/attachedTemplate" Target="{address}"/></Relationships>'
    ).encode()
    outside = f'<!DOCTYPE d SYSTEM "{address}">'.encode() + body
    page = (
        f'<html><head><base href="{address}"><meta http-equiv="refresh" content="0;{address}">'
        f'<link rel="stylesheet" href="{address}"><script src="{address}"></script></head><body>'
        f'<iframe src="{address}"></iframe><img src="{address}"><p>{WORDS * 10}</p></body></html>'
    )
    deep = f"<w:document {_W}>".encode() + in_one_another("<w:p>", "", "</w:p>")
    return [
        Attack("long.txt", long.encode(), (0, 1)),
        Attack("bidi.txt", (f"\u202e{WORDS}\u2066" * 50).encode(), (0, 1)),
        Attack("script.txt", f"{WORDS}<script>alert(1)</script>\n".encode() * 20, (0, 1)),
        Attack("nul.txt", f"{WORDS}\x00".encode() * 50, (0, 1, 3)),
        Attack("bomb.docx", lambda: word(b"0" * 300_000_000), (3,), "bomb.docx"),
        Attack("climbs.docx", packed("../../../../evil.txt", b"x"), (3,), "climbs.docx"),
        Attack("laughs.docx", lambda: word(rdf_xml(laughs(), "&k;")), (3,), "docx"),
        Attack("outside.docx", lambda: word(outside), (3,), "docx"),
        Attack("deep.docx", lambda: word(deep + b"</w:document>"), (3,), "deep.docx"),
        Attack(
            "remote.docx",
            lambda: word(body, **{"word/_rels/document.xml.rels": template}),
            (0, 1, 3),
        ),
        Attack("remote.html", page.encode(), (0, 1)),
        Attack("deep.html", b"<html><body>" + b"<div>" * 200_000, (3,), "deep.html"),
        Attack("bomb.pdf", lambda: _pdf(b"0" * 500_000_000), (3,), "bomb.pdf"),
        Attack("remote.pdf", _pdf(b"", f"/F(({address}))/FFilter/FlateDecode"), (3,)),
    ]


def _pdf(stream: bytes, more: str = "") -> bytes:
    """Write a PDF of one page whose content unpacks to a stream."""
    data = zlib.compress(stream)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        f"<</Length {len(data)}/Filter/FlateDecode{more}>>\nstream\n".encode()
        + data
        + b"\nendstream",
    ]
    whole, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<</Size 5/Root 1 0 R>>\n"
    return whole + f"{end}startxref\n{len(whole)}\n%%EOF".encode()


BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + n, 98 + n, b", ".join([b"*%c" % (97 + n)] * 9)) for n in range(12)
)


def on_rows() -> list[Attack]:
    """Attacks by a file of rows, which names itself in what is said of it."""
    return [
        Attack("aliases.yaml", BOMB, (1, 3), "aliases.yaml"),
        Attack("deep.yaml", in_one_another("[", "", "]"), (1, 3), "deep.yaml"),
        Attack("maps.yaml", in_one_another("{a: ", "b", "}", 900), (1, 3), "maps.yaml"),
        Attack("tag.yaml", b"a: !!python/object/apply:os.system [ls]\n", (1, 3), "tag.yaml"),
        Attack("bytes.yaml", b"\xff\xfe\x00", (3,), "bytes.yaml"),
        Attack("nul.yaml", b"a\x00b: {label: {en: x}}\n", (1, 3), "nul.yaml"),
        Attack("long.yaml", f"a: {LONG}\n".encode(), (1, 3), "long.yaml"),
    ]


_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def _cells(text: str, head: str = "") -> bytes:
    cell = f'<c r="A1" t="inlineStr"><is><t>{text}</t></is></c>'
    return (f"{head}{_SHEET}<sheetData><row r='1'>{cell}</row></sheetData></worksheet>").encode()


def on_decisions(address: str) -> list[Attack]:
    """Attacks by a table that a reviewer filled in."""
    head = b"id,state,words,decision\n"
    row = b"<row><c><v>1</v></c></row>"
    formula = f'<c r="A1"><f>WEBSERVICE("{address}")</f><v>1</v></c>'
    outside = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{address}">]>'
    return [
        Attack("long.csv", head + b"1," + b"x" * 10_000_000 + b",,accept\n", (1, 2, 3), "long.csv"),
        Attack("bytes.csv", head + b"\x81\xff\x00\xfe,,,\n" * 9, (1, 2, 3), "bytes.csv"),
        Attack("script.csv", head + "1,\u202e<script>,x,accept\n".encode(), (1,), "script.csv"),
        Attack("climbs.csv", head + b"../../../etc/passwd,draft,x,accept\n", (1,), "climbs.csv"),
        Attack("bomb.xlsx", lambda: workbook(b"0" * 300_000_000), (3,), "bomb.xlsx"),
        Attack(
            "rows.xlsx",
            lambda: workbook(f"{_SHEET}<sheetData>".encode() + row * 5_000_000),
            (3,),
            "rows.xlsx",
        ),
        Attack(
            "laughs.xlsx",
            lambda: workbook(_cells("&k;", f"<!DOCTYPE d [{laughs()}]>")),
            (3,),
            "xlsx",
        ),
        Attack("outside.xlsx", lambda: workbook(_cells("&x;", outside)), (2, 3)),
        Attack("deep.xlsx", lambda: workbook(in_one_another("<a>", "", "</a>", 500_000)), (2, 3)),
        Attack(
            "formula.xlsx",
            lambda: workbook(
                f"{_SHEET}<sheetData><row>{formula}</row></sheetData></worksheet>".encode()
            ),
            (3,),
            "formula",
        ),
        Attack("climbs.xlsx", packed("../../../../evil.txt", b"x"), (3,), "climbs.xlsx"),
    ]


def on_questions(address: str) -> list[Attack]:
    """Attacks by a file of SPARQL."""
    deep = 50_000
    return [
        Attack("service.rq", f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}".encode(), (2, 3)),
        Attack(
            "hidden.rq",
            f"SELECT * {{ FILTER(1<2#>'''\n) SERVICE <{address}> {{?s ?p ?x}} #'''\n}}".encode(),
            (0, 2, 3),
        ),
        Attack("load.rq", f"LOAD <{address}>".encode(), (2, 3)),
        Attack("from.rq", b"SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", (0,)),
        Attack("brackets.rq", f"ASK {{ FILTER{'(' * deep}1{')' * deep} }}".encode(), (2, 3)),
        Attack("paths.rq", f"ASK {{ ?s {'(' * deep}<urn:p>{')*' * deep} ?o }}".encode(), (2, 3)),
        Attack("long.rq", f'ASK {{ ?s ?p "{LONG}" }}'.encode(), (0, 2, 3)),
        Attack("endless.rq", b"SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", (3,)),
        Attack("bytes.rq", b"\xff\xfe\x00", (3,), "bytes.rq"),
        Attack("script.rq", "SELECT ('\u202e<script>' AS ?x) {}".encode(), (0,)),
    ]


def on_settings() -> list[Attack]:
    """Attacks by the settings of a workspace."""
    return [
        Attack("deep", in_one_another("a = ", "[" * DEEP, "", 1), (3,), "policygraph.toml"),
        Attack("digits", b"base = " + b"9" * 100_000, (3,), "policygraph.toml"),
        Attack("long", b'base = "https://' + b"x" * 10_000_000 + b' "', (3,), "policygraph.toml"),
        Attack("script", b'base = "https://x/<script>/"', (3,), "policygraph.toml"),
        Attack("scheme", b'base = "javascript:alert(1)/"', (3,), "policygraph.toml"),
        Attack("file", b'base = "file:///etc/"', (3,), "policygraph.toml"),
        Attack("bytes", b"\xff\xfe\x00", (3,), "policygraph.toml"),
    ]


def on_manifests() -> list[Attack]:
    """Attacks by the manifest of a built graph."""
    return [
        Attack("deep", in_one_another("[", "", "]"), (3,), "no built graph"),
        Attack("digits", b'{"base": ' + b"9" * 100_000 + b"}", (3,), "no built graph"),
        Attack("list", b"[]", (3,), "no built graph"),
        Attack("nothing", b"{}", (3,), "no built graph"),
        Attack("names", b'{"base": "https://x/", "files": [], "inputs": {}}', (3,), "no built"),
        Attack("scheme", b'{"base": "javascript:x/", "store": "store"}', (3,), "no built graph"),
        Attack("climbs", b'{"base": "https://x/", "store": "../../../etc"}', (3,), "store"),
    ]
