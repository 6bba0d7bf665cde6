"""``policygraph explain``: why a triple is in the graph; why all that was inferred is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.markup import escape
from rich.tree import Tree

from policygraph.cli.console import common, language, out, table_console, tell
from policygraph.cli.places import place_of
from policygraph.cli.rows import csv_pieces, json_pieces
from policygraph.errors import WrongUsage
from policygraph.graph.explain import Evidence, Explanation
from policygraph.graph.proofs import ProofRow, rows_of
from policygraph.graph.terms import text_of
from policygraph.messages import say
from policygraph.namespaces import shorten
from policygraph.pipeline import current
from policygraph.publish.folder import write_file

_COLUMNS = ("inferred_subject", "inferred_predicate", "inferred_object", *ProofRow._fields)
_FORMATS = ("table", "csv", "json")


@click.command("explain")
@click.argument("triple", nargs=-1, metavar="[SUBJECT PREDICATE OBJECT]")
@click.option("--all-inferred", is_flag=True, help="Explain everything that was inferred.")
@click.option("-f", "--format", "form", type=click.Choice(_FORMATS), default="table")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there, whole or not at all."
)
@common
def explain_command(
    *,
    triple: tuple[str, ...],
    all_inferred: bool,
    form: str,
    output: Path | None,
    workspace: Path | None,
) -> None:
    """Show why SUBJECT PREDICATE OBJECT is in the graph.

    Each part is a key (cn-ndwc-2024-g5), a label, a prefixed name (pg:hasAction) or an IRI. With
    --all-inferred, every inferred triple is explained; csv and json have a row for each premise.
    """
    if len(triple) != (0 if all_inferred else 3):
        raise WrongUsage("query/three-parts", count=len(triple))
    if output and form == "table":
        raise WrongUsage("query/tables-are-shown")
    graph = current(place_of(workspace), progress=tell)
    found = graph.explanations() if all_inferred else iter([graph.why(*triple)])
    if form == "table":
        for explanation in found:
            table_console().print(explanation_tree(explanation, language()))
        return
    pieces = csv_pieces if form == "csv" else json_pieces
    data = pieces(_COLUMNS, _rows(found, language()))
    if output:
        write_file(output, data)
        return
    for piece in data:
        out(piece)


def _rows(found: Iterable[Explanation], lang: str) -> Iterator[tuple[str, ...]]:
    for explanation in found:
        said = tuple(map(text_of, explanation.triple))
        for row in rows_of(explanation, lang):
            yield (*said, *row)


def explanation_tree(explanation: Explanation, lang: str) -> Tree:
    """Draw an explanation: the triple, who says it or from what it follows, down to sentences."""
    tree = Tree(_line(explanation), guide_style="dim")
    _grow(tree, explanation, lang)
    return tree


def _grow(tree: Tree, explanation: Explanation, lang: str) -> None:
    for evidence in explanation.evidence:
        tree.add(_evidence(evidence, lang))
    if explanation.proof:
        axiom = " ".join(map(shorten, explanation.proof.axiom))
        facts = {"rule": explanation.proof.rule, "axiom": axiom}
        branch = tree.add(f"[magenta]{escape(say('explain/inferred', facts, lang))}[/]")
        for premise in explanation.premises:
            _grow(branch.add(_line(premise)), premise, lang)


def _line(explanation: Explanation) -> str:
    terms = (shorten(getattr(term, "value", str(term))) for term in explanation.triple)
    return "[bold]" + escape("  ".join(_key(term) for term in terms)) + "[/]"


def _key(name: str) -> str:
    _, found, rest = name.partition("/id/")
    return rest if found else name


def _evidence(evidence: Evidence, lang: str) -> str:
    facts = {"by": evidence.by.get(lang, ""), "graph": evidence.graph}
    head = escape(say(f"explain/{evidence.origin}", facts, lang))
    if evidence.origin == "stated":
        return f"[green]{head}[/]\n" + "\n".join(_quotation(evidence, lang))
    words = escape(evidence.words.get(lang, ""))
    detail = escape(" ".join(evidence.detail.values()))
    lines = [f"[cyan]{head}[/]", words, detail and f"[dim]{detail}[/]"]
    return "\n".join(filter(None, lines))


def _quotation(evidence: Evidence, lang: str) -> Iterator[str]:
    """Give the sentence with the words marked, where it stands, and how far it was repaired."""
    before, words, after = evidence.before, evidence.words[lang], evidence.after
    yield f"{escape(before)}[reverse]【{escape(words)}】[/]{escape(after)}"
    yield f"[dim]{escape(say('explain/offsets', evidence.detail, lang))}[/]"
    repair = evidence.detail.get("repair", "proved")
    if repair != "proved":
        yield f"[yellow]{escape(say('explain/repair', {'status': repair}, lang))}[/]"
