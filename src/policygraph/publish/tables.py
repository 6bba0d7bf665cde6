"""Answers as tables for people: headings and labels in one language, short names for IRIs.

In: an answer. Out: a rich table. Columns ``…_zh`` and ``…_en`` are the same thing in two languages;
only the reader's is shown.
"""

from __future__ import annotations

from typing import Any

from pyoxigraph import NamedNode
from rich.table import Table
from rich.text import Text

from policygraph.graph.query import Answer, word_for
from policygraph.identifiers import Identifiers, passage_span
from policygraph.namespaces import shorten

_OTHER = {"zh": "_en", "en": "_zh"}


def answer_table(answer: Answer, lang: str, ids: Identifiers) -> Table:
    """Lay an answer out as a table in one language."""
    shown = [name for name in answer.columns if not name.endswith(_OTHER[lang])]
    constant = {name for name in shown if _is_constant(answer, name)}
    shown = [name for name in shown if name not in constant] or shown
    table = Table(show_lines="sentence" in answer.columns)
    for name in shown:
        table.add_column(answer.headings.get(name, {}).get(lang, name), overflow="fold")
    places = [answer.columns.index(name) for name in shown]
    heads = [answer.headings.get(name, {}) for name in shown]
    for row in answer.terms:
        terms = [row[place] for place in places]
        words = (word_for(term, head, lang) for term, head in zip(terms, heads, strict=True))
        cells = (word or short(term, ids) for word, term in zip(words, terms, strict=True))
        table.add_row(*map(Text, cells))
    return table


def _is_constant(answer: Answer, name: str) -> bool:
    """Tell whether a column only repeats a parameter: an IRI without a heading of its own rows."""
    place = answer.columns.index(name)
    values = {str(row[place]) for row in answer.terms}
    return place == 0 and len(answer.terms) > 1 and len(values) == 1 and len(answer.columns) > 1


def short(term: Any, ids: Identifiers) -> str:
    """Give a term as a reader wants it: a key, a range of characters, a word; a dash for a gap."""
    if term is None:
        return "–"
    if not isinstance(term, NamedNode):
        return str(term.value)
    span = passage_span(term.value)
    if span:
        return f"{span[1]}–{span[2]}"
    if ids.is_ours(term.value):
        return term.value.removeprefix(ids.base).removeprefix("id/")
    return shorten(term.value)
