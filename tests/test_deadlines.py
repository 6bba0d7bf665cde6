"""By when something is to be done: a day, a month or a year, from the words to every view."""

from __future__ import annotations

import csv
import datetime
import io
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
import rdflib
import yaml
from click.testing import Result
from openpyxl import load_workbook

import policygraph
from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.graph.reconcile.answers import Answerer
from policygraph.graph.reconcile.asked import questions_of
from policygraph.graph.reconcile.catalogue import Catalogue
from policygraph.namespaces import PG, XSD
from policygraph.publish.exchange.csvw import csvw
from policygraph.publish.site import Site
from policygraph.report import DataError
from policygraph.study.conflicts import Answer, Fact
from policygraph.study.said import Thing, Words
from test_draft_options import documents
from test_draft_rows import drafted

CASES = yaml.safe_load((ROOT / "tests/cases/draft/deadlines.yaml").read_text("utf-8"))
ISSUED = "2025-04-02"
PG_DEADLINE = PG + "deadline"
Run = Callable[..., Result]


@pytest.mark.parametrize("case", CASES, ids=[case["words"] for case in CASES])
def test_drafting_fills_in_what_the_words_name_and_nothing_finer(case: dict[str, Any]) -> None:
    text = f"今年重点任务：{case['words']}建成数据平台。"
    sheet = drafted(text, case.get("issued", ISSUED))
    told = [row.fields.get("deadline") for row in sheet.rows.values() if "deadline" in row.fields]
    values = [each["value"] if isinstance(each, dict) else each for each in told]
    assert values == ([case["drafted"]] if case["drafted"] else [])


def plan(workspace: Path, key: str, issued: str, rows: Iterable[tuple[str, str]]) -> Path:
    """Write a document that plans something by each deadline, in words and as its row has it."""
    said = [(f"{words}建立平台{n:03d}号", value, n) for n, (words, value) in enumerate(rows)]
    folder = documents(workspace, key, "2024年重点任务：\n" + "".join(f"{q}。\n" for q, *_ in said))
    record = folder / "document.yaml"
    about = record.read_text("utf-8").replace("2026-01-10", issued)
    record.write_text(about + "legal_status: {en: none, zh: 无}\n", "utf-8")
    sha256 = about.partition("text_sha256: ")[2].splitlines()[0]
    lines = [f"document: {key}", f"text: {sha256}", "sections:"]
    lines += ["  - {id: p, quote: 2024年重点任务, status: planned, period: 2024, statements: ["]
    lines += [
        f"      {{id: a{n}, type: Action, quote: {quote}, verb: 建立,"
        f" label: {{en: platform {n}}}, deadline: {value}}},"
        for quote, value, n in said
    ]
    statements = folder / "statements.yaml"
    statements.write_text("\n".join([*lines, "    ]}", ""]), "utf-8")
    return statements


def by_day(field: str) -> dict[str, list[tuple[str, str]]]:
    """Day of the document → words and a value for them, of all cases."""
    found: dict[str, list[tuple[str, str]]] = {}
    for case in CASES:
        values = case.get(field) or []
        own = [case["drafted"]] if field == "accepted" and case["drafted"] else []
        rows = found.setdefault(case.get("issued", ISSUED), [])
        rows += [(case["words"], value) for value in [*own, *values]]
    return {issued: rows for issued, rows in found.items() if rows}


def test_a_build_takes_every_deadline_that_its_words_give(workspace: Path) -> None:
    rows = by_day("accepted")
    for number, (issued, some) in enumerate(rows.items()):
        plan(workspace, f"plan-{number}", issued, some)
    built = policygraph.build(workspace)
    assert not built.findings
    asked = built.query("SELECT (STR(?by) AS ?told) { GRAPH ?g { ?a pg:deadline ?by } }")
    told = Counter(row["told"] for row in asked.rows)
    assert told >= Counter(value for some in rows.values() for _, value in some)


def test_a_build_refuses_every_deadline_that_its_words_do_not_give(workspace: Path) -> None:
    wanted: Counter[str] = Counter()
    for number, (issued, some) in enumerate(by_day("refused").items()):
        plan(workspace, f"plan-{number}", issued, some)
        wanted.update(value for _, value in some)
    with pytest.raises(DataError) as caught:
        policygraph.build(workspace)
    found = caught.value.findings
    assert {finding.name for finding in found} == {"statements/words-not-quoted"}
    assert Counter(str(finding.facts["value"]) for finding in found) == wanted


@pytest.mark.parametrize("value", ["2025-13", "2025-6", "\uff12\uff10\uff12\uff17", "soon"])
def test_who_enters_no_deadline_is_told_how_deadlines_are_written(
    workspace: Path, value: str
) -> None:
    plan(workspace, "plan", ISSUED, [("到2025年6月", value)])
    with pytest.raises(DataError) as caught:
        policygraph.build(workspace)
    [finding] = [each for each in caught.value.findings if each.name == "data/not-a-date"]
    assert "YYYY-MM-DD / YYYY-MM / YYYY" in finding.message("en")
    assert "2024-04-01 / 2024-04 / 2024" in finding.mend("zh")


def test_a_day_of_another_property_is_told_how_days_are_written(workspace: Path) -> None:
    statements = workspace / "data/documents/example-2024/statements.yaml"
    text = statements.read_text("utf-8").replace("held_on: 2024-01-15", "held_on: 2024-01")
    statements.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        policygraph.build(workspace)
    [finding] = [each for each in caught.value.findings if each.name == "data/not-a-date"]
    assert finding.message("en") == "held_on: 2024-01 is not an existing date written YYYY-MM-DD."
    assert finding.mend("zh") == "请按 2024-04-01 的形式书写日期。"


# --- in every view -------------------------------------------------------------------------------

TOLD = [("到2027年", "2027"), ("到2025年6月", "2025-06"), ("2025年6月底前", "2025-06-30")]
BY = {f"{words}建立平台{n:03d}号": value for n, (words, value) in enumerate(TOLD)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a deadline of each sort."""
    template = ROOT / "src" / "policygraph" / "template"
    workspace = Path(shutil.copytree(template, tmp_path_factory.mktemp("by-when") / "workspace"))
    plan(workspace, "plan", ISSUED, TOLD)
    return workspace


@pytest.fixture(scope="module")
def built(place: Path) -> PolicyGraph:
    return policygraph.build(place)


def test_the_graph_has_each_under_its_own_datatype(built: PolicyGraph) -> None:
    asked = "SELECT (STR(?by) AS ?t) (DATATYPE(?by) AS ?d) { ?a pg:deadline ?by } ORDER BY ?t"
    kinds = {"2024-12-31": "date", "2025-06": "gYearMonth", "2025-06-30": "date", "2027": "gYear"}
    rows = [(row["t"], row["d"]) for row in built.query(asked).rows]
    assert rows == [(text, XSD + kind) for text, kind in kinds.items()]


def test_both_validators_take_them(built: PolicyGraph, place: Path) -> None:
    assert policygraph.build(place, engine="pyshacl").findings == built.findings == []


def test_as_texts_they_can_be_put_in_order_and_compared(built: PolicyGraph) -> None:
    due = """SELECT (STR(?by) AS ?told) { ?a pg:deadline ?by FILTER(STR(?by) <= "2025-06-30") }
        ORDER BY STR(?by)"""
    assert [row["told"] for row in built.query(due).rows] == ["2024-12-31", "2025-06", "2025-06-30"]


def test_in_a_table_days_alone_are_dates_and_with_months_and_years_they_are_texts(
    built: PolicyGraph,
) -> None:
    asked = built.query("accountability", year="2024")
    told = dict(zip(asked.to_pandas()["action_zh"], asked.to_pandas()["deadline"], strict=True))
    assert {name: told[name] for name in BY} == BY
    assert asked.to_polars().schema["deadline"] == pl.String
    assert asked.to_arrow().schema.field("deadline").type == pa.string()
    days = built.query("SELECT ?by { ?a pg:deadline ?by FILTER(DATATYPE(?by) = xsd:date) }")
    assert days.to_polars().schema["by"] == pl.Date


def test_the_answer_in_csv_and_json_has_them_as_they_are_written(run: Run, place: Path) -> None:
    asked = ("query", "accountability", "-p", "year=2024", "-C", place, "-f")
    rows = csv.DictReader(io.StringIO(run(*asked, "csv").stdout))
    told = {row["action_zh"]: row["deadline"] for row in rows}
    assert {name: told[name] for name in BY} == BY
    found = json.loads(run(*asked, "json").stdout)
    assert {row["deadline"] for row in _plain(found)} >= set(BY.values())


def _plain(found: Any) -> list[dict[str, Any]]:
    """Give the rows of an answer in JSON, each value by itself."""
    rows = found["results"]["bindings"] if isinstance(found, dict) else found
    return [
        {k: v["value"] if isinstance(v, dict) else v for k, v in row.items()}
        for row in rows
        if "deadline" in row
    ]


def test_the_matrix_the_workbook_and_the_brief_show_them(
    run: Run, built: PolicyGraph, place: Path, tmp_path: Path
) -> None:
    tasks = {t.action.words.text: t.deadlines for t in built.matrix(2024).tasks if t.action}
    assert {name: tasks[name] for name in BY} == {name: (value,) for name, value in BY.items()}
    sheet = csv.DictReader(io.StringIO(run("matrix", "-f", "csv", "-q", "-C", place).stdout))
    assert {row["deadline"] for row in sheet} >= set(BY.values())
    book = tmp_path / "matrix.xlsx"
    assert run("matrix", "-o", book, "-q", "-C", place).exit_code == 0
    cells = {str(c.value) for row in load_workbook(book).worksheets[0].iter_rows() for c in row}
    assert cells >= set(BY.values())
    brief = run("brief", "--period", "2024", "-q", "-C", place).stdout
    assert all(value in brief for value in BY.values())


def test_exports_keep_the_datatype(built: PolicyGraph) -> None:
    nodes = json.loads(built.export("jsonld"))["@graph"]
    found = {json.dumps(value) for value in _values(nodes, "deadline")}
    for text, kind in (("2025-06", "xsd:gYearMonth"), ("2027", "xsd:gYear")):
        assert any(text in each and kind in each for each in found), found
    read = rdflib.Dataset().parse(data=built.export("jsonld"), format="json-ld")
    kinds = {
        str(o): str(o.datatype)
        for _, _, o, _ in read.quads((None, rdflib.URIRef(PG_DEADLINE), None, None))
    }
    assert kinds["2025-06"] == XSD + "gYearMonth"
    assert '"2025-06"^^xsd:gYearMonth' in built.export("ttl").decode()


def _values(nodes: Any, key: str) -> Iterator[Any]:
    if isinstance(nodes, dict):
        if key in nodes:
            yield nodes[key]
        nodes = list(nodes.values())
    if isinstance(nodes, list):
        for each in nodes:
            yield from _values(each, key)


def test_published_tables_have_them(built: PolicyGraph) -> None:
    tables = csvw(built.store, built.place)
    told = csv.DictReader(io.StringIO(tables["accountability.csv"].decode()))
    assert {row["deadline"] for row in told} >= set(BY.values())
    described = json.loads(tables["csv-metadata.json"])["tables"]
    [columns] = [
        table["tableSchema"]["columns"]
        for table in described
        if table["url"] == "accountability.csv"
    ]
    [datatype] = [each["datatype"] for each in columns if each["name"] == "deadline"]
    assert datatype == "string"  # days, months and years together


def test_the_page_of_an_action_shows_its_month(built: PolicyGraph) -> None:
    site = Site(built.store, built.place)
    shown = [site.page(path) for path in site.paths() if "action/plan-a1" in path]
    assert shown
    assert all(page and "2025-06" in str(page) for page in shown)


def test_the_page_of_all_tasks_shows_them(built: PolicyGraph) -> None:
    site = Site(built.store, built.place)
    shown = [site.page(path) for path in site.paths() if path.endswith("matrix/2024.html")]
    assert shown
    assert all(value.encode() in page.body for page in shown if page for value in BY.values())


@pytest.mark.parametrize("value", ["2025-06", "2025-06-30"])
def test_a_column_of_months_or_days_helps_to_find_what_a_table_means(
    built: PolicyGraph, value: str
) -> None:
    answerer = Answerer(Catalogue(built.store, built.ids, lambda: built.finder))
    asked = {"query": "", "type": "Action", "properties": [{"pid": "deadline", "v": value}]}
    found = answerer.answer(questions_of(json.dumps({"q0": asked}))["q0"], "en")
    assert found
    assert found[0]["id"].endswith(f"plan-a{list(BY.values()).index(value)}")


def given(*values: datetime.date | Words) -> Fact:
    """What sources say of one deadline, each another value."""
    answers = tuple(Answer((value,), ()) for value in values)
    return Fact(Thing("https://example.org/a"), Thing(PG_DEADLINE), answers)


DAY, OTHER = datetime.date(2025, 6, 30), datetime.date(2025, 6, 15)


@pytest.mark.parametrize(
    ("values", "disagrees"),
    [
        ((Words("2025-06"), DAY), False),
        ((DAY, Words("2025"), Words("2025-06")), False),
        ((Words("2025-06"), Words("2025-07")), True),
        ((Words("2025-07"), DAY), True),
        ((DAY, OTHER), True),
        ((Words("2025"), DAY, OTHER), True),
        ((Words("2"), Words("2.5")), True),
    ],
)
def test_what_lies_in_a_month_or_year_does_not_disagree_with_it(
    values: tuple[datetime.date | Words, ...], *, disagrees: bool
) -> None:
    assert given(*values).disagrees is disagrees
