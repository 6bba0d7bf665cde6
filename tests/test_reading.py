"""Reading documents: encodings, formats, places, and files made to do harm."""

from __future__ import annotations

import hashlib
import io
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from policygraph.bounded import Limits
from policygraph.errors import PolicyGraphError, UnreadableInput, WorkLost
from policygraph.messages import LANGUAGES
from policygraph.report import Finding
from policygraph.text import reading
from policygraph.text.documents import read_document, source_at
from policygraph.text.places import Extract, Piece, bytes_at
from policygraph.text.reading import documents_in, form_of, html, pdf, plain, read, word
from policygraph.text.reading.kept import places_beside, read_kept, write_places
from policygraph.text.restore import restore

SIMPLIFIED = "会议指出，要加快数据基础设施建设，推动公共数据开放共享。\n各市要明确责任分工。\n"
TRADITIONAL = "會議指出，要加快數據基礎設施建設，推動公共數據開放共享。\n各市要明確責任分工。\n"
PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>x</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/b">新闻中心</a></div>
<div class="content"><h1>示例省数据工作计划</h1>
<p>会议指出，要<strong>加快</strong>数据基础设施建设，推动公共数据开放共享。</p>
<p>各市要建立健全工作机制，明确责任分工，<br>月底前报送总结。</p>
<table><tr><td>新增就业</td><td>12万人</td></tr></table>
<p>去年新增就业人数超过12万人，城镇调查失业率保持在5%左右。</p></div>
<div id="footer">版权所有 示例网站</div></body></html>"""
FULL_LINE = "The ministry shall open all public data sets of"
PAGE_TEXT = """示例省数据工作计划
会议指出，要加快数据基础设施建设，推动公共数据开放共享。
各市要建立健全工作机制，明确责任分工，
月底前报送总结。
新增就业
12万人
去年新增就业人数超过12万人，城镇调查失业率保持在5%左右。
"""


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def refusal(path: Path, limits: Limits = reading.LIMITS) -> PolicyGraphError:
    with pytest.raises(PolicyGraphError) as caught:
        read(path, limits=limits)
    for lang in LANGUAGES:
        assert caught.value.message(lang)
        assert caught.value.mend(lang)
    return caught.value


def word_document(*paragraphs: str, extra: dict[str, bytes] | None = None) -> bytes:
    import docx

    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    if extra is None:
        return file.getvalue()
    copy = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, extra.get(name, old.read(name)))
        for name in sorted(set(extra) - set(old.namelist())):
            new.writestr(name, extra[name])
    return copy.getvalue()


def pdf_document(pages: list[list[str]], *, encrypted: bool = False) -> bytes:
    """Write a PDF whose text is Latin: enough to try lines, pages and places."""
    import pypdf
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    writer = pypdf.PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        shown = " ".join(f"({line}) Tj 0 -16 Td" for line in lines)
        stream = StreamObject()
        stream.set_data(f"BT /F1 12 Tf 50 800 Td {shown} ET".encode("ascii"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if encrypted:
        writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


# --- encodings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written_in", "taken"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "cp950"),
        (SIMPLIFIED, "utf-16", "utf-16-le"),
        (SIMPLIFIED + "2024 plan\n", "utf-16-le", "utf-16-le"),
        (SIMPLIFIED + "2024 plan\n", "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "utf-32", "utf-32-le"),
        ("The plan of 2024: open data.\n", "utf-16-be", "utf-16-be"),
    ],
)
def test_the_bytes_tell_their_encoding(
    tmp_path: Path, text: str, written_in: str, taken: str
) -> None:
    source = read(written(tmp_path, "a.txt", text.encode(written_in)))
    assert (source.text, source.encoding, source.form) == (text, taken, "text")


def test_bytes_that_do_not_tell_are_refused_and_may_be_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", bytes(range(0x81, 0xFF)) * 3)
    assert refusal(path).name == "reading/no-encoding"
    few = written(tmp_path, "b.txt", "数据".encode("gbk"))
    assert read(few, "GBK").text == "数据"
    assert read(few, "gb2312").encoding == "gb18030"


def test_an_encoding_that_is_said_must_exist_and_fit(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", SIMPLIFIED.encode("gbk"))
    for name, error in [("klingon", "unknown-encoding"), ("utf-8", "other-encoding")]:
        with pytest.raises(UnreadableInput) as caught:
            read(path, name)
        assert caught.value.name == f"reading/{error}"


@settings(deadline=None)
@given(
    st.text(alphabet="数据工作a1，。\n會議", max_size=40),
    st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-32-le"]),
    st.booleans(),
    st.data(),
)
def test_the_bytes_of_a_stretch_decode_to_the_stretch(
    text: str, encoding: str, marked: bool, data: st.DataObject
) -> None:
    raw = ("\ufeff" if marked else "").encode(encoding) + text.encode(encoding)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if not marked and text.startswith("\ufeff"):
        return
    place = bytes_at(raw, encoding, start, end)
    assert raw[place.start : place.end].decode(encoding) == text[start:end]


def test_a_restored_stretch_is_found_in_the_bytes_of_a_gbk_file(tmp_path: Path) -> None:
    damaged = "全國數(shù)據(jù)工作會(huì)議指出,要加快數(shù)據(jù)基礎設施建設。"
    source = read(written(tmp_path, "a.txt", damaged.encode("gb18030")))
    restoration = restore(source.text)
    start = restoration.text.index("会议")
    [place] = source.places(*restoration.to_source(start, start + 2))
    assert source.data[place.start : place.end].decode("gb18030") == "會(huì)議"


# --- formats -------------------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk"])
def test_the_main_text_of_a_page_is_read_block_by_block(tmp_path: Path, charset: str) -> None:
    data = PAGE.format(charset=charset).encode(charset)
    source = read(written(tmp_path, "a.html", data))
    assert (source.form, source.text) == ("html", PAGE_TEXT)
    start = source.text.index("加快")
    [place] = source.places(start, start + 2)
    assert place == ("/html/body/div[2]/p[1]", 6, 8)
    assert source.data == data


def test_a_page_in_another_encoding_than_it_says_is_read_all_the_same(tmp_path: Path) -> None:
    source = read(written(tmp_path, "a.htm", PAGE.format(charset="utf-8").encode("gbk")))
    assert (source.text, source.encoding) == (PAGE_TEXT, "gb18030")


def test_a_page_without_words_has_no_main_text(tmp_path: Path) -> None:
    path = written(tmp_path, "a.html", b"<html><body><script>1</script></body></html>")
    assert refusal(path).name == "reading/no-main-text"


def test_paragraphs_of_a_word_document_are_lines_with_numbers(tmp_path: Path) -> None:
    source = read(written(tmp_path, "a.docx", word_document("一、总体要求", "", "加快建设。")))
    assert (source.form, source.text) == ("word", "一、总体要求\n加快建设。\n")
    start = source.text.index("建设")
    assert source.places(start, start + 2) == (("paragraph 3", 2, 4),)


@pytest.mark.parametrize("encoding", ["hz", "iso2022_jp_2"])
def test_an_encoding_that_looks_like_english_is_named(tmp_path: Path, encoding: str) -> None:
    error = refusal(written(tmp_path, "a.txt", SIMPLIFIED.encode(encoding)))
    assert error.name == "reading/shifting"


def test_signs_of_such_an_encoding_in_english_are_english(tmp_path: Path) -> None:
    text = f"{FULL_LINE} ~{{every~}} body.\n"
    assert read(written(tmp_path, "a.txt", text.encode())).text == text


BODY = (
    "<p>第一段话说明各部门推进数据工作的总体要求，逐项落实各项任务。</p>"
    "<p>第二段话说明保障措施，各部门要加强统筹协调，按时报告进展。</p>"
)


@pytest.mark.parametrize(
    "unseen",
    [
        "<nav><a href='/'>首页</a> | <a href='/z'>政务公开</a></nav>",
        "<nav>当前位置：首页</nav>",
        "<div role='navigation'>当前位置：<a href='/'>首页</a></div>",
        "<div><a href='/'>首页</a> | <a href='/z'>政务公开</a></div>",
        "<div style='color:red; display : none'>分享到微信</div>",
        "<p style='visibility:hidden'>分享到微信</p>",
        "<p hidden>分享到微信</p>",
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_menus_and_what_is_hidden_are_no_text(tmp_path: Path, unseen: str, place: str) -> None:
    inside = unseen + BODY if place == "before" else BODY + unseen
    page = f"<!DOCTYPE html><html><body style='display:none'>{inside}</body></html>"
    lines = read(written(tmp_path, "a.html", page.encode())).text.splitlines()
    assert [line[:3] for line in lines] == ["第一段", "第二段"]


def test_deleted_words_are_left_out_and_inserted_ones_kept() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f"<w:document {space}><w:body><w:p><w:r><w:t>加快</w:t></w:r>"
        "<w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>建设</w:t><w:tab/><w:t>。</w:t></w:r></w:ins></w:p></w:body></w:document>"
    )
    data = word_document("x", extra={"word/document.xml": body.encode()})
    assert word.extract(data, "").text == "加快建设\t。\n"


def test_full_lines_of_a_pdf_are_joined_and_page_numbers_left_out(tmp_path: Path) -> None:
    first = [
        "Plan",
        "The ministry shall open all public data sets of",
        "the province by June.",
        "1",
    ]
    second = ["It shall report.", "- 2 -"]
    source = read(written(tmp_path, "a.pdf", pdf_document([first, second])))
    assert source.form == "pdf"
    assert source.text == (
        "Plan\nThe ministry shall open all public data sets of the province by June.\n"
        "It shall report.\n"
    )
    start = source.text.index("of the")
    assert [place.part for place in source.places(start, start + 6)] == ["page 1", "page 1"]
    start = source.text.index("report")
    [place] = source.places(start, start + 6)
    assert (place.part, place.end - place.start) == ("page 2", 6)


def test_a_name_does_not_decide_what_a_file_is(tmp_path: Path) -> None:
    assert read(written(tmp_path, "a.txt", word_document("加快建设。"))).form == "word"
    assert form_of(b"%PDF-1.7") == "pdf"
    assert form_of("加快".encode()) == "text"


def test_a_scanned_pdf_gets_a_message_of_its_own(tmp_path: Path) -> None:
    error = refusal(written(tmp_path, "a.pdf", pdf_document([[], []])))
    assert (error.name, error.facts) == ("reading/no-text-layer", {"pages": 2})


def test_a_missing_library_is_named_with_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "a.pdf", pdf_document([["x"]]))
    monkeypatch.setitem(sys.modules, "pypdf", None)
    error = refusal(path)
    assert error.name == "reading/no-extra"
    assert "policygraph[documents]" in error.mend()


def test_a_folder_lists_documents_but_not_texts_extracted_from_them(tmp_path: Path) -> None:
    for name in ("b.TXT", "a.pdf", "a.pdf.txt", "c.docx", "d.md", "e.html"):
        written(tmp_path, name, b"x")
    assert [path.name for path in documents_in(tmp_path)] == ["a.pdf", "b.TXT", "c.docx", "e.html"]


# --- places --------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.text(alphabet="数据ab ", min_size=1, max_size=6), min_size=1), st.data())
def test_every_character_of_a_stretch_has_its_place_or_is_the_end_of_a_line(
    lines: list[str], data: st.DataObject
) -> None:
    pieces, at = [], 0
    for number, line in enumerate(lines):
        pieces.append(Piece(at, at + len(line), f"paragraph {number}", 2))
        at += len(line) + 1
    text = "".join(f"{line}\n" for line in lines)
    extract = Extract(text, "word", "", tuple(pieces))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    parts = {f"paragraph {number}": "__" + line for number, line in enumerate(lines)}
    found = [parts[p.part][p.start : p.end] for p in extract.places(start, end)]
    assert "".join(found) == text[start:end].replace("\n", "")


def test_kept_places_come_back_and_malformed_ones_are_refused(tmp_path: Path) -> None:
    extract = Extract("加快\n建设\n", "word", "", (Piece(0, 2, "paragraph 1", 0),))
    path = tmp_path / "a.docx.txt"
    places_beside(path).write_text(write_places(extract), "utf-8")
    assert read_kept(path, extract.text, "word") == extract
    head = "start\tend\tpart\tat\t\n"
    for wrong in (f"{head}5\t2\tparagraph 1\t0\n", "x\n", f"{head}1\n", ""):
        places_beside(path).write_text(wrong, "utf-8")
        with pytest.raises(UnreadableInput, match="places"):
            read_kept(path, extract.text, "word")


# --- files made to do harm -----------------------------------------------------------------------


def test_a_document_that_unpacks_to_gigabytes_is_refused_unpacked(tmp_path: Path) -> None:
    bomb = word_document("x", extra={"word/media/a.xml": b" " * (64 * 2**20)})
    error = refusal(written(tmp_path, "a.docx", bomb))
    assert error.name == "reading/bomb"


def test_a_document_that_declares_entities_is_refused(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    attack = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]><d>&l9;</d>'
    data = word_document("x", extra={"word/document.xml": attack.encode()})
    assert refusal(written(tmp_path, "a.docx", data)).name == "reading/entities"


def test_a_packed_file_that_is_no_word_document_is_refused(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    assert refusal(written(tmp_path, "a.docx", file.getvalue())).name == "reading/not-word"


@pytest.mark.parametrize("name", ["docx", "pdf"])
def test_a_file_cut_off_in_the_middle_is_damaged(tmp_path: Path, name: str) -> None:
    whole = word_document("加快建设。") if name == "docx" else b"%PDF-1.7\n1 0 obj\n<<"
    error = refusal(written(tmp_path, f"a.{name}", whole[: len(whole) // 2]))
    assert error.name == "reading/damaged"
    assert str(tmp_path) in error.message()


def test_an_encrypted_document_is_refused(tmp_path: Path) -> None:
    data = pdf_document([["x"]], encrypted=True)
    assert refusal(written(tmp_path, "a.pdf", data)).name == "reading/encrypted"


def test_a_document_of_a_hundred_thousand_pages_is_refused(tmp_path: Path) -> None:
    kids = " ".join(["3 0 R"] * 100_000)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count 100000/Kids[{kids}]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    data += f"xref\n0 4\n0000000000 65535 f \n{table}trailer\n<</Size 4/Root 1 0 R>>\n".encode()
    data += f"startxref\n{data.index(b'xref')}\n%%EOF".encode()
    error = refusal(written(tmp_path, "a.pdf", data), reading.LIMITS)
    assert error.name in ("reading/too-many-pages", "reading/damaged")


def test_a_page_of_elements_nested_without_end_is_refused(tmp_path: Path) -> None:
    data = b"<html><body>" + b"<div>" * 100_000 + "数据".encode() + b"</div>" * 100_000
    assert refusal(written(tmp_path, "a.html", data)).name == "reading/nested"


def test_reading_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "extract", lambda data, encoding: time.sleep(60))
    path = written(tmp_path, "a.pdf", pdf_document([["x"]]))
    limits = Limits(0.3, 2**30, "reading/too-long", "reading/too-much")
    error = refusal(path, limits)
    assert isinstance(error, WorkLost)
    assert error.name == "reading/too-long"


def test_reading_that_takes_too_much_memory_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "extract", lambda data, encoding: b"x" * 2**30)
    path = written(tmp_path, "a.pdf", pdf_document([["x"]]))
    limits = Limits(20, 2**28, "reading/too-long", "reading/too-much")
    assert refusal(path, limits).name == "reading/too-much"


def test_a_file_larger_than_any_policy_text_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    assert refusal(written(tmp_path, "a.txt", b"x" * 101)).name == "source/too-large"


def test_a_line_of_a_hundred_thousand_characters_is_restored_in_time_that_grows_with_it() -> None:
    line = "會(huì)議?！數據，" * 10_000
    assert "会议" in restore(line).text[:20]


def test_what_parsers_raise_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def recursing(data: bytes, encoding: str) -> Extract:
        raise RecursionError("too deep")

    monkeypatch.setattr(html, "extract", recursing)
    error = refusal(written(tmp_path, "a.html", b"<html><body><p>x</p></body></html>"))
    assert error.name == "reading/damaged"


def test_the_modules_refuse_by_themselves_what_the_door_would_hide() -> None:
    with pytest.raises(UnreadableInput):
        pdf.extract(pdf_document([[]]), "")
    with pytest.raises(UnreadableInput):
        plain.decode(b"\x81", "a.txt")


# --- documents of a workspace --------------------------------------------------------------------


def document_of_a_workspace(folder: Path, *, extracted: bool) -> Path:
    """Lay out a document whose source is a Word file; its text was extracted before, or not."""
    (folder / "source").mkdir(parents=True)
    path = written(
        folder / "source", "plan.docx", word_document("全國數(shù)據(jù)工作會(huì)議指出。")
    )
    source = read(path)
    text = restore(source.text).text
    (folder / "restored.txt").write_text(text, "utf-8")
    lines = [
        f"id: {folder.name}",
        "title: {zh-Hans: 示例, en: An example}",
        "language: zh-Hans",
        "source:",
        "  file: source/plan.docx",
        f"  sha256: {source.sha256}",
    ]
    if extracted and source.extract:
        kept = path.with_name("plan.docx.txt")
        kept.write_text(source.text, "utf-8")
        places_beside(kept).write_text(write_places(source.extract), "utf-8")
        digest = hashlib.sha256(kept.read_bytes()).hexdigest()
        lines += ["  extracted: source/plan.docx.txt", f"  extracted_sha256: {digest}"]
    lines += [
        f"text_sha256: {hashlib.sha256(text.encode()).hexdigest()}",
        "translation: {by: editors, on: 2026-11-23, status: proposed}",
    ]
    (folder / "document.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("extracted", [False, True])
def test_a_document_whose_source_is_a_word_file_leads_back_to_its_paragraphs(
    tmp_path: Path, extracted: bool
) -> None:
    document_of_a_workspace(tmp_path / "example", extracted=extracted)
    findings: list[Finding] = []
    document = read_document(tmp_path / "example", findings)
    assert not findings
    assert document.text == "全国数据工作会议指出。\n"
    start = document.text.index("会议")
    places = document.source.places(*document.restoration.to_source(start, start + 2))
    assert places == (("paragraph 1", 15, 22),)


def test_an_extracted_text_needs_no_library_and_may_not_be_altered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = document_of_a_workspace(tmp_path / "example", extracted=True)
    monkeypatch.setitem(sys.modules, "docx", None)
    assert read_document(tmp_path / "example", []).source.form == "word"
    assert source_at(path).text.startswith("全國")
    path.with_name("plan.docx.txt").write_text("别的文字。\n", "utf-8")
    with pytest.raises(UnreadableInput, match="has changed"):
        source_at(path)


def test_a_word_file_is_restored_kept_and_drafted_from_the_command_line(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    path = written(tmp_path, "plan.docx", word_document("会议指出，要加快数据基础设施建设。"))
    kept = tmp_path / "plan.docx.txt"
    assert run("restore", path, "--extracted", kept).exit_code == 0
    assert kept.read_text("utf-8") == "会议指出，要加快数据基础设施建设。\n"
    assert read_kept(kept, kept.read_text("utf-8"), "word").pieces
    drafted = run("draft", path, "-f", "json")
    assert (drafted.exit_code, "加快" in drafted.stdout) == (0, True)
    assert run("draft", tmp_path, "-o", tmp_path / "drafts").exit_code == 0
    assert [each.name for each in (tmp_path / "drafts").iterdir()] == ["plan.yaml"]


def test_a_page_that_unpacks_to_very_much_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdf
    from pypdf.errors import LimitReachedError

    def unpacking(_page: object) -> str:
        raise LimitReachedError("4125014 bytes remaining")

    monkeypatch.setattr(pypdf.PageObject, "extract_text", unpacking)
    path = written(tmp_path, "a.pdf", pdf_document([["words"]]))
    assert refusal(path).name == "reading/too-much"
