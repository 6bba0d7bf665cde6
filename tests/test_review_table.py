"""Decisions in a spreadsheet: written as a table, brought back whole or not at all."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from policygraph.publish.sheets.reviews import cells_of, headings, review_bytes, said_in
from policygraph.text.review.sheet import Sheet
from policygraph.text.review.table import DECIDED, TOLD, lines_of

Run = Callable[..., Result]
DOCUMENT = "yz-conference-2025"
ENDINGS = [".csv", ".xlsx"]


@pytest.fixture
def place(tmp_path: Path, run: Run) -> Path:
    """The invented province with one document drafted anew."""
    place = Path(shutil.copytree(ROOT / "examples" / "yunze", tmp_path / "yunze"))
    statements(place).unlink()
    assert run("draft", DOCUMENT, "-C", place, "-q").exit_code == 0
    return place


def statements(place: Path) -> Path:
    return place / "data" / "documents" / DOCUMENT / "statements.yaml"


def rows(place: Path) -> dict[str, dict[str, object]]:
    sheet = Sheet(statements(place).read_text("utf-8"))
    return {str(row.fields["quote"]): dict(row.fields) for row in sheet.rows.values()}


def written(place: Path, run: Run, ending: str, lang: str = "en") -> Path:
    table = place / f"out{ending}"
    result = run("draft", DOCUMENT, "-C", place, "--table", table, "--lang", lang)
    assert result.exit_code == 0, result.output
    return table


def filled(table: Path, cells: dict[tuple[str, str], str]) -> Path:
    """Fill cells of a table: (words of the row, heading) → what."""
    if table.suffix == ".xlsx":
        from openpyxl import load_workbook

        book = load_workbook(table)
        page = book.worksheets[0]
        lines = [[cell.value for cell in row] for row in page.iter_rows()]
        for (words, heading), value in cells.items():
            line, column = place_in(lines, words, heading)
            page.cell(line + 1, column + 1).value = value
        book.save(table)
        return table
    lines = list(csv.reader(io.StringIO(table.read_text("utf-8-sig"), newline="")))
    for (words, heading), value in cells.items():
        line, column = place_in(lines, words, heading)
        lines[line][column] = value
    target = io.StringIO(newline="")
    csv.writer(target).writerows(lines)
    table.write_bytes(target.getvalue().encode())
    return table


def place_in(lines: list[list[str]], words: str, heading: str) -> tuple[int, int]:
    at = 0 if not words else next(n for n, line in enumerate(lines) if words in line)
    return at, lines[0].index(heading)


def apply(place: Path, run: Run, table: Path, lang: str = "en") -> Result:
    named = ("--table", table, "--by", "审核员", "--lang", lang)
    return run("review", DOCUMENT, "-C", place, *named)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_table_that_nobody_filled_changes_nothing(
    place: Path, run: Run, ending: str, lang: str
) -> None:
    before = statements(place).read_bytes()
    result = apply(place, run, written(place, run, ending, lang), lang)
    assert result.exit_code == 0, result.output
    assert statements(place).read_bytes() == before


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_filled_in_is_decided_and_twice_is_as_good_as_once(
    place: Path, run: Run, ending: str
) -> None:
    cells = {
        ("完善数据安全管理制度", "decision"): "accept",
        ("完善数据安全管理制度", "new English"): "Improve the rules for managing data security",
        ("完善数据安全管理制度", "new links"): "about: data-security",
        ("由云泽省发展和改革委员会牵头", "decision"): "拒绝",
        ("由云泽省发展和改革委员会牵头", "reason"): "=only a lead body",
        ("加快推进“云泽算网”工程建设", "new words"): "推进“云泽算网”工程建设",
        ("加快推进“云泽算网”工程建设", "new links"): "implements: -yz-computing-network",
        ("要更好发挥数据要素作用", "new kind"): "Aim",
        ("要更好发挥数据要素作用", "new verb"): "-",
        ("要更好发挥数据要素作用", "new object"): "数据要素",
    }
    if ending == ".xlsx":  # there, a cell that begins so is a formula
        cells["由云泽省发展和改革委员会牵头", "reason"] = "only a lead body"
    table = filled(written(place, run, ending), cells)
    result = apply(place, run, table)
    assert result.exit_code == 0, result.output
    assert "4 rows" in result.stderr
    now = rows(place)
    accepted = now["完善数据安全管理制度"]
    assert (accepted["review"], accepted["by"]) == ("accepted", "审核员")
    assert accepted["about"] == ["data-security"]
    assert accepted["label"] == {"en": "Improve the rules for managing data security"}
    rejected = now["由云泽省发展和改革委员会牵头"]
    assert (rejected["review"], rejected["note"]) == (
        "rejected",
        cells["由云泽省发展和改革委员会牵头", "reason"],
    )
    assert "implements" not in now["推进“云泽算网”工程建设"]
    aim = now["要更好发挥数据要素作用"]
    assert (aim["type"], aim["object"], "verb" in aim) == ("Aim", "数据要素", False)
    again = apply(place, run, written(place, run, ending))
    assert again.exit_code == 0
    then = rows(place)
    for row in (*now.values(), *then.values()):
        row.pop("confidence", "")  # what was decided rates the rules of the open rows
    assert then == now


WRONG = [
    ({("完善数据安全管理制度", "decision"): "maybe"}, "[decision]", "“maybe”"),
    ({("完善数据安全管理制度", "new kind"): "Poem"}, "[new kind]", "Poem"),
    ({("完善数据安全管理制度", "new words"): "没有的文字"}, "[new words]", "没有的文字"),
    ({("完善数据安全管理制度", "new verb"): "建立"}, "[new verb]", "建立"),
    ({("完善数据安全管理制度", "new links"): "about data"}, "[new links]", "about data"),
    ({("完善数据安全管理制度", "new links"): "about: nothing"}, "[new links]", "nothing"),
    ({("完善数据安全管理制度", "new links"): "about: rural-data"}, "[new links]", "农村数据服务"),
    ({("完善数据安全管理制度", "reason"): "why"}, "[reason]", "not rejected"),
    ({("完善数据安全管理制度", "new English"): "a\u202eb"}, "[new English]", "⟨U+202E⟩"),
]


@pytest.mark.parametrize(("cells", "column", "said"), WRONG)
def test_a_wrong_cell_is_named_by_file_line_and_column_and_nothing_is_written(
    place: Path, run: Run, cells: dict[tuple[str, str], str], column: str, said: str
) -> None:
    table = filled(written(place, run, ".csv"), {("壮大数据产业", "decision"): "accept", **cells})
    before = statements(place).read_bytes()
    result = apply(place, run, table)
    assert result.exit_code == 1
    lines = table.read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "完善数据安全管理制度" in line)
    [told] = [line for line in result.stderr.splitlines() if line.startswith("✗")]
    assert f"out.csv:{number} d-" in told
    assert column in told
    assert said in told
    assert "→" in result.stderr
    assert statements(place).read_bytes() == before


def test_a_row_that_is_decided_twice_names_the_first_line(place: Path, run: Run) -> None:
    table = filled(written(place, run, ".csv"), {("壮大数据产业", "decision"): "accept"})
    lines = table.read_text("utf-8").splitlines(keepends=True)
    [twice] = [line for line in lines if "壮大数据产业" in line]
    table.write_text("".join([*lines, twice]), "utf-8")
    result = apply(place, run, table)
    assert result.exit_code == 1
    assert f"decided in line {lines.index(twice) + 1} already" in result.stderr


def test_all_that_is_wrong_is_told_at_once(place: Path, run: Run) -> None:
    cells = {
        ("完善数据安全管理制度", "decision"): "maybe",
        ("壮大数据产业", "new kind"): "Poem",
        ("支持数据企业发展", "id"): "完善",
        ("支持数据企业发展", "decision"): "accept",
    }
    result = apply(place, run, filled(written(place, run, ".csv"), cells))
    assert result.exit_code == 1
    assert len([line for line in result.stderr.splitlines() if line.startswith("✗")]) == 3


def test_a_row_decided_meanwhile_is_not_decided_again_by_an_older_table(
    place: Path, run: Run
) -> None:
    older = filled(written(place, run, ".csv"), {("壮大数据产业", "decision"): "reject"})
    older = older.rename(older.with_name("older.csv"))
    newer = filled(written(place, run, ".csv"), {("壮大数据产业", "decision"): "accept"})
    assert apply(place, run, newer).exit_code == 0
    before = statements(place).read_bytes()
    result = apply(place, run, older)
    assert result.exit_code == 1
    assert "[state]" in result.stderr
    assert statements(place).read_bytes() == before


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({("", "decision"): "verdict"}, "verdict"),
        ({("", "decision"): "reason"}, "twice"),
        ({("", "decision"): ""}, "missing"),
    ],
)
def test_a_table_with_other_columns_is_refused(
    place: Path, run: Run, cells: dict[tuple[str, str], str], said: str
) -> None:
    result = apply(place, run, filled(written(place, run, ".csv"), cells))
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_table_saved_by_a_spreadsheet_in_china_or_germany_is_read(place: Path, run: Run) -> None:
    table = filled(written(place, run, ".csv", "zh"), {("壮大数据产业", "决定"): "接受"})
    lines = list(csv.reader(io.StringIO(table.read_text("utf-8"), newline="")))
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";").writerows(lines)
    table.write_bytes(target.getvalue().encode("gb18030"))
    result = apply(place, run, table, "zh")
    assert result.exit_code == 0, result.output
    assert rows(place)["壮大数据产业"]["review"] == "accepted"


def test_formulas_of_a_workbook_are_refused_and_cells_of_ours_are_none(
    place: Path, run: Run
) -> None:
    table = written(place, run, ".xlsx")
    filled(table, {("壮大数据产业", "reason"): "=1+1"})
    result = apply(place, run, table)
    assert result.exit_code == 3
    assert "=1+1" in result.stderr


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04junk", b"\x00" * 100, b'"' + b"x" * 200_000])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_damaged_table_is_told_without_a_traceback(
    place: Path, run: Run, data: bytes, ending: str
) -> None:
    before = statements(place).read_bytes()
    table = place / f"broken{ending}"
    table.write_bytes(data)
    assert apply(place, run, table).exit_code in (2, 3)
    assert statements(place).read_bytes() == before


def test_a_table_of_another_kind_is_refused_before_anything_is_drafted(
    place: Path, run: Run
) -> None:
    result = run("draft", DOCUMENT, "-C", place, "--table", place / "out.pdf", "--lang", "en")
    assert result.exit_code == 2
    assert ".csv" in result.stderr


_HOSTILE = st.text(max_size=12) | st.sampled_from(
    ["=1+1", "+A1", "-2", "@x", "'=1", "''@", "\t=", "a\u202eb", 'say "x"', "甲,乙;丙", "1\n2", "'"]
)


@given(st.lists(_HOSTILE.filter(lambda words: "\r" not in words), min_size=1, max_size=4))
def test_any_cell_of_a_csv_comes_back_and_none_is_a_formula(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    columns = (*TOLD, *DECIDED)
    cells = [dict.fromkeys(columns, said) | {"id": f"row-{n}"} for n, said in enumerate(words)]
    data = review_bytes(cells, columns, {}, "x.csv", "en")
    path = tmp_path_factory.mktemp("table") / "x.csv"
    path.write_bytes(data)
    lines, _ = lines_of(cells_of(path), headings(), "x.csv")
    assert [dict(line.cells) for line in lines] == cells
    for cell in _raw(data):
        assert not cell.startswith(("=", "+", "-", "@", "\t"))


def _raw(data: bytes) -> Iterator[str]:
    for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        yield from line


def test_a_chinese_table_speaks_chinese_and_is_read_back(place: Path, run: Run) -> None:
    table = written(place, run, ".csv", "zh")
    lines = list(csv.reader(io.StringIO(table.read_text("utf-8-sig"), newline="")))
    told = {heading: {line[n] for line in lines[1:]} for n, heading in enumerate(lines[0])}
    assert told["状态"] <= {"草稿", "已接受", "已拒绝", "原文已变"}
    assert told["类别"] <= {"目标", "行动", "成绩", "目的", "陈述", "数字", ""}
    assert not any(cell.isascii() for cell in told["可信度"] if cell)
    filled(table, {("壮大数据产业", "新类别"): "目的", ("壮大数据产业", "决定"): "接受"})
    result = apply(place, run, table, "en")  # the table's language, not that of the messages
    assert result.exit_code == 0, result.output
    assert rows(place)["壮大数据产业"]["type"] == "Aim"
    assert rows(place)["壮大数据产业"]["review"] == "accepted"
    again = apply(place, run, written(place, run, ".csv", "zh"), "zh")
    assert again.exit_code == 0, again.output


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("unrated", "未评定"),
        ("low: at least 0.50 (5 of 6 right)", "低：不低于 0.50（6 条中 5 条正确）"),
        ("as somebody wrote", "as somebody wrote"),
    ],
)
def test_confidence_is_said_in_chinese(cell: str, said: str) -> None:
    assert said_in("zh", "confidence", cell) == said
    assert said_in("en", "confidence", cell) == cell
