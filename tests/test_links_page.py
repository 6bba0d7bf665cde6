"""The page that shows every link with its evidence says what the graph says."""

from __future__ import annotations

import os

from conftest import ROOT
from policygraph.graph.link.schemes import Scheme, scheme_of
from policygraph.graph.vocabulary import Vocabulary
from policygraph.pipeline import PolicyGraph

PAGE = ROOT / "docs" / "links.md"
UPDATE = "POLICYGRAPH_UPDATE_GOLDEN"
MARK = "<!-- from here on made from the graph by tests/test_links_page.py -->\n"


def page(graph: PolicyGraph, schemes: tuple[Scheme, ...]) -> str:
    rows = list(graph.query("links"))
    for row in rows:
        row["scheme"] = scheme_of(row["target"], schemes)
    used = sorted({row["scheme"].titles["en"] for row in rows})
    parts = [_linked(rows, used), _grounds(rows), _refused(rows), _unlinked(graph)]
    return "\n".join(parts)


def _short(row: dict[str, object]) -> str:
    target, scheme = str(row["target"]), row["scheme"]
    name = target.removeprefix(scheme.space).rstrip("/")  # type: ignore[attr-defined]
    kind = str(row["relation"]).rpartition("#")[2] if "#" in str(row["relation"]) else ""
    return f"[{name}]({target})" + (f" {kind}" if kind else "")


def _linked(rows: list[dict[str, object]], used: list[str]) -> str:
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        if not row["refused"]:
            thing = (str(row["thing_zh"]), str(row["thing_en"]))
            cells.setdefault(thing, {})[row["scheme"].titles["en"]] = _short(row)  # type: ignore[attr-defined]
    head = "| thing | | " + " | ".join(used) + " |\n" + "|---" * (len(used) + 2) + "|\n"
    lines = [
        f"| {zh} | {en} | " + " | ".join(found.get(name, "") for name in used) + " |\n"
        for (zh, en), found in sorted(cells.items(), key=lambda item: item[0][1])
    ]
    return f"## What is linked\n\n{head}{''.join(lines)}"


def _grounds(rows: list[dict[str, object]]) -> str:
    head = "| thing | identifier | justification | edition | confidence | evidence |\n"
    lines = [
        f"| {row['thing_en']} | {row['target']} | {str(row['justification']).rpartition('/')[2]} "
        f"| {row['edition'] or ''} | {row['confidence'] or ''} | {row['comment'] or ''} |\n"
        for row in rows
        if not row["refused"]
    ]
    return f"## What each link rests on\n\n{head}|---|---|---|---|---|---|\n{''.join(lines)}"


def _refused(rows: list[dict[str, object]]) -> str:
    lines = [
        f"| {row['thing_zh']} | {row['target']} | {row['target_name']} | {row['comment']} |\n"
        for row in rows
        if row["refused"]
    ]
    head = "| thing | is not | called there | why |\n|---|---|---|---|\n"
    return f"## What is refused\n\n{head}{''.join(lines)}"


def _unlinked(graph: PolicyGraph) -> str:
    things = {
        str(row["thing_en"]): (row["thing_zh"], row["code"] or "", row["day"] or "")
        for row in graph.query("unlinked")
    }
    lines = [
        f"| {zh} | {en} | {code} | {day} |\n" for en, (zh, code, day) in sorted(things.items())
    ]
    head = "| thing | | number | day |\n|---|---|---|---|\n"
    return f"## What has no link yet\n\n{head}{''.join(lines)}"


def test_the_page_of_links_is_what_the_graph_says(
    graph: PolicyGraph, vocabulary: Vocabulary
) -> None:
    made = page(graph, vocabulary.schemes)
    head, mark, found = PAGE.read_text(encoding="utf-8").partition(MARK)
    if os.environ.get(UPDATE):
        PAGE.write_text(head + MARK + "\n" + made, encoding="utf-8")
    assert mark
    assert found == "\n" + made, f"renew it: {UPDATE}=1 pytest tests/test_links_page.py"
