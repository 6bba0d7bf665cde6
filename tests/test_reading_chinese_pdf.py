"""PDF documents with a Chinese text layer, as word processors and older typesetters write them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.reading import read

pytest.importorskip("pypdf")

PAGES = [
    [
        "云泽省数据产业行动方案（示例）",
        "一、总体要求",
        "（一）加快建设全省一体化算力网络，推动通用算力、智能算",
        "力和超算算力协同发展。到2027年，培育数据企业五百家以",
        "上。",
        "— 1 —",
    ],
    [
        "（二）完善公共数据授权运营机制。",
        "　　各市要落实责任，建立健全数据安全监测预警体系，省数据",
        "局会同有关部门开展评估。",
        "2",
    ],
]
READ = (
    "云泽省数据产业行动方案（示例）\n"
    "一、总体要求\n"
    "（一）加快建设全省一体化算力网络，推动通用算力、智能算力和超算算力协同发展。"
    "到2027年，培育数据企业五百家以上。\n"
    "（二）完善公共数据授权运营机制。\n"
    "　　各市要落实责任，建立健全数据安全监测预警体系，省数据局会同有关部门开展评估。\n"
)


def by_unicode(lines: list[str]) -> tuple[str, str, Callable[[str], bytes]]:
    """Glyphs by number, and a table that says what each means: as word processors write."""
    signs = sorted({sign for line in lines for sign in line})
    numbers = {sign: 3 + place for place, sign in enumerate(signs)}
    rows = "\n".join(f"<{n:04x}> <{sign.encode('utf-16-be').hex()}>" for sign, n in numbers.items())
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(numbers)} beginbfchar\n{rows}\nendbfchar\nendcmap end end"
    )
    return "/Identity-H", table, lambda line: b"".join(numbers[s].to_bytes(2, "big") for s in line)


def by_gbk(_: list[str]) -> tuple[str, str, Callable[[str], bytes]]:
    """The bytes of GBK, without a table: as older typesetters write."""
    return "/GBK-EUC-H", "", lambda line: line.encode("gbk")


Written = Callable[[list[str]], tuple[str, str, Callable[[str], bytes]]]


def chinese_pdf(pages: list[list[str]], written: Written) -> bytes:
    import pypdf
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

    def dictionary(**entries: object) -> DictionaryObject:
        return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})

    writer = pypdf.PdfWriter()
    encoding, table, coded = written([line for lines in pages for line in lines])
    inner = dictionary(
        Type=NameObject("/Font"),
        Subtype=NameObject("/CIDFontType0"),
        BaseFont=NameObject("/STSong-Light"),
        DW=NumberObject(1000),
    )
    font = dictionary(
        Type=NameObject("/Font"),
        Subtype=NameObject("/Type0"),
        BaseFont=NameObject("/STSong-Light"),
        Encoding=NameObject(encoding),
        DescendantFonts=ArrayObject([writer._add_object(inner)]),
    )
    if table:
        meanings = StreamObject()
        meanings.set_data(table.encode("ascii"))
        font[NameObject("/ToUnicode")] = writer._add_object(meanings)
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = dictionary(Font=dictionary(F1=writer._add_object(font)))
        shown = " ".join(f"<{coded(line).hex()}> Tj 0 -20 Td" for line in lines)
        stream = StreamObject()
        stream.set_data(f"BT /F1 14 Tf 50 780 Td {shown} ET".encode("ascii"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize("written", [by_unicode, by_gbk])
def test_lines_of_a_chinese_pdf_are_joined_without_blanks_and_items_begin_anew(
    tmp_path: Path, written: Written
) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(chinese_pdf(PAGES, written))
    source = read(path)
    assert source.text == READ
    start = source.text.index("智能算力")
    parts = [place.part for place in source.places(start, start + 4)]
    assert parts == ["page 1", "page 1"], "the word stands on two lines"
    start = source.text.index("监测预警")
    [place] = source.places(start, start + 4)
    assert place.part == "page 2"


def test_a_chinese_pdf_is_drafted_as_its_text_is(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(chinese_pdf(PAGES, by_unicode))
    drafter = Drafter.read()
    draft = draft_text(drafter, "plan", read(path).text, issued="2026-03-01")
    found = {READ[slice(*clause.span)]: clause.kind for clause in draft.clauses}
    assert found["推动通用算力、智能算力和超算算力协同发展"] in ("action", "goal")
    assert found["省数据局会同有关部门开展评估"] == "action"
    assert draft.clauses == draft_text(drafter, "plan", READ, issued="2026-03-01").clauses
