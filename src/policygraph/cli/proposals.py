"""The list of proposals that ``policygraph link`` shows: a table, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from rich.table import Table

from policygraph.cli.console import folding_table, language, out, table_console
from policygraph.messages import say
from policygraph.namespaces import shorten

if TYPE_CHECKING:
    from policygraph.graph.link.propose import Proposal

_HEADS = {
    "en": ("key", "state", "score", "thing", "link", "there", "what agrees", "against", "rivals"),
    "zh": ("编号", "状态", "得分", "事物", "关系", "外部标识符", "一致之处", "不符之处", "竞争者"),
}
_WORDS = {"label": "名称", "alias": "别名", "code": "代码", "wider": "上位", "type": "类型"}
_STATES = {
    "open": "links/open",
    "undecided": "links/undecided",
    "linked": "links/linked",
    "refused": "links/refused",
}


def print_proposals(found: list[Proposal], form: str) -> None:
    """Print proposals as a ``table``, ``csv`` or ``json``."""
    rows = [_row(each) for each in found]
    if form == "table":
        table_console().print(_table(rows))
    elif form == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, _HEADS["en"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        out(text.getvalue())
    else:
        out(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def _table(rows: list[dict[str, str]]) -> Table:
    lang = language()
    table = folding_table(*_HEADS[lang])
    for row in rows:
        shown = {**row, "state": say(_STATES[row["state"]], {}, lang)}
        if lang == "zh":
            shown |= {name: _in_chinese(row[name]) for name in ("what agrees", "against")}
        table.add_row(*shown.values())
    return table


def _in_chinese(lines: str) -> str:
    parts = (line.partition(":") for line in lines.splitlines())
    return "\n".join(f"{_WORDS[kind]}：{rest.strip()}" for kind, _, rest in parts)


def _row(each: Proposal) -> dict[str, str]:
    agreed = [f"{a.kind}: {a.ours} = {a.theirs}" for a in each.agreements]
    against = [f"{a.kind}: {a.ours} ≠ {a.theirs}" for a in each.against]
    thing = "/".join(each.thing.rsplit("/", 2)[1:])
    cells = (
        each.key,
        each.state,
        f"{each.score:.2f}",
        f"{thing}\n{each.name}",
        shorten(each.predicate),
        f"{each.concept}\n{each.label}",
        "\n".join(agreed),
        "\n".join(against),
        "\n".join(each.rivals),
    )
    return dict(zip(_HEADS["en"], cells, strict=True))
