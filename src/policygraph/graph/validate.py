"""Validation: shapes on the asserted graph, and consistency shapes after inference.

In: quads and shape files. Out: the standard report as plain results, and findings for people: one
sentence in either language, the words of the source, the row to open, what to do. This is pyshacl's
only door. The asserted graph is checked before inference, because OWL RL would type a wrong node
and so hide the error (docs/decisions/0001).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pyoxigraph import DefaultGraph, Quad, Store, Triple

from policygraph.errors import UnreadableInput, Where
from policygraph.graph.shacl import ALL, Engine, Shapes, Share, Violation, only_shapes
from policygraph.graph.shacl.terms import RDF, SH, Blank, Iri, Node
from policygraph.graph.terms import in_graph, language_of, text_of
from policygraph.graph.vocabulary import read_turtle
from policygraph.messages import LANGUAGES
from policygraph.namespaces import NIF, PROV, shorten
from policygraph.report import Finding, Severity

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node as ReportNode

_ONTOLOGY = "https://w3id.org/policygraph/ns"
_MEND = Iri("https://w3id.org/policygraph/shapes#mend")
_BY_QUERY = SH.SPARQLConstraintComponent
"""Rules asked as a query speak of many things at once."""

_SEVERITIES: dict[str, Severity] = {
    str(SH.Violation): "error",
    str(SH.Warning): "warning",
    str(SH.Info): "info",
}


@dataclass(frozen=True, order=True)
class Result:
    """One result of a SHACL report.

    Attributes:
        focus: IRI of the thing.
        rule: IRI of the rule it breaks.
        component: IRI of the constraint component.
        severity: IRI of the severity.
        path: the property, or empty.
        value: the offending value, or empty.
        messages: the rule's sentence by language.
        mend: its advice by language.
    """

    focus: str
    rule: str
    component: str
    severity: str
    path: str
    value: str
    messages: tuple[tuple[str, str], ...]
    mend: tuple[tuple[str, str], ...]


def read_shapes(path: Path) -> Shapes:
    """Read a file of shapes.

    Raises:
        UnreadableInput: the file is missing or not Turtle.
    """
    return Shapes(read_turtle(path, base=path.resolve().as_uri()), str(path))


def validate(
    quads: Iterable[Quad],
    ontology: Iterable[Triple],
    shapes: Shapes,
    engine: str = "pyshacl",
) -> list[Result]:
    """Check quads against shapes.

    Args:
        quads: the graph to check, in its named graphs.
        ontology: the terms' own triples; subclasses count for targets and ``sh:class``.
        shapes: the shapes graph.
        engine: ``pyshacl``, the reference, or ``fast``, which asks the store and leaves to pyshacl
            the shapes it does not support.

    Returns:
        All results, sorted.
    """
    data = [*quads, *in_graph(ontology, _ONTOLOGY)]
    if engine == "pyshacl":
        return sorted(_by_pyshacl(data, shapes))
    return _by_engine(Engine.over(data, shapes), data)


def validate_store(
    store: Store, shapes: Shapes, engine: str = "pyshacl", share: Share = ALL
) -> list[Result]:
    """Check a store with its ontology, uncopied by the fast engine; see ``validate``.

    Args:
        store: the graph to check, in its named graphs and merged in the default graph; every node
            in it has a name (docs/decisions/0004).
        shapes: the shapes graph.
        engine: ``pyshacl`` or ``fast``.
        share: what to look at; only the first share asks pyshacl.
    """
    data = (quad for quad in store if quad.graph_name != DefaultGraph())
    if engine == "pyshacl":
        return sorted(_by_pyshacl(data, shapes)) if share.number == 0 else []
    return _by_engine(Engine(store, shapes, named=True), data, share)


def _by_engine(engine: Engine, data: Iterable[Quad], share: Share = ALL) -> list[Result]:
    """Ask the fast engine, and pyshacl where it has no answer."""
    shapes = engine.shapes
    found = [_of_violation(violation, shapes) for violation in engine.violations(share)]
    if engine.unsupported and share.number == 0:
        found += _by_pyshacl(data, only_shapes(shapes, engine.unsupported))
    return sorted(found)


def _by_pyshacl(quads: Iterable[Quad], shapes: Shapes) -> Iterator[Result]:
    """Ask pyshacl, on a plain rdflib dataset: stores that normalise literals mislead it."""
    import rdflib

    from policygraph.graph.face import to_rdflib

    data = rdflib.Dataset(default_union=True)
    for quad in quads:
        data.graph(rdflib.URIRef(text_of(quad.graph_name))).add(to_rdflib(quad.triple))
    report = _report(data, shapes)
    of_results = rdflib.URIRef(RDF.type), rdflib.URIRef(SH.ValidationResult)
    for node in report.subjects(*of_results):
        yield _result(report, node, shapes)


def _report(data: rdflib.Dataset, shapes: Shapes) -> rdflib.Graph:
    """Let pyshacl write its report.

    Raises:
        UnreadableInput: a shape, or a query or pattern in it, is not well-formed.
    """
    import pyshacl
    from pyparsing import ParseException
    from pyshacl.errors import ReportableRuntimeError

    try:
        _, report, said = pyshacl.validate(data, shacl_graph=shapes.rdflib, inplace=True)
    except (ReportableRuntimeError, ParseException, ValueError, re.error) as reason:
        raise _malformed(shapes, str(reason)) from reason
    if isinstance(report, ReportableRuntimeError):
        raise _malformed(shapes, said)
    return cast("rdflib.Graph", report)


def _malformed(shapes: Shapes, why: str) -> UnreadableInput:
    return UnreadableInput("shapes/malformed", Where(shapes.source), why=" ".join(why.split()))


def _of_violation(violation: Violation, shapes: Shapes) -> Result:
    """Give a violation the sentences of its rule, with what the query found filled in."""
    rule = Iri(violation.rule)
    bindings = dict(violation.bindings)
    messages = (
        (language_of(text), _filled(str(text), bindings))
        for text in shapes.objects(rule, SH.message)
    )
    return Result(
        focus=violation.focus,
        rule=violation.rule,
        component=violation.component,
        severity=violation.severity,
        path=violation.path,
        value=violation.value,
        messages=_sorted_texts(messages),
        mend=_mend(shapes, rule),
    )


def _filled(text: str, bindings: Mapping[str, str]) -> str:
    return re.sub(r"\{[?$](\w+)\}", lambda place: bindings.get(place[1], place[0]), text)


def _sorted_texts(texts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((lang, text) for lang, text in texts if lang))


def _mend(shapes: Shapes, rule: Node) -> tuple[tuple[str, str], ...]:
    return _sorted_texts((language_of(text), str(text)) for text in shapes.objects(rule, _MEND))


def _result(report: rdflib.Graph, node: ReportNode, shapes: Shapes) -> Result:
    import rdflib

    def all_of(predicate: Iri) -> list[ReportNode]:
        return list(report.objects(node, rdflib.URIRef(predicate)))

    def one(predicate: Iri) -> str:
        return next(map(str, all_of(predicate)), "")

    (rule,) = (all_of(SH.sourceConstraint) or all_of(SH.sourceShape))[:1]
    source = Blank(rule) if isinstance(rule, rdflib.BNode) else Iri(rule)
    paths = all_of(SH.resultPath)
    said = map(str, all_of(SH.resultMessage))
    return Result(
        focus=one(SH.focusNode),
        rule=str(rule),
        component=one(SH.sourceConstraintComponent),
        severity=one(SH.resultSeverity),
        path=one(SH.resultPath) if isinstance(next(iter(paths), None), rdflib.URIRef) else "",
        value=one(SH.value),
        messages=_sorted_texts(_messages(list(said), shapes.objects(source, SH.message))),
        mend=_mend(shapes, source),
    )


def _messages(said: list[str], written: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """Give the sentences by language; pyshacl drops the language where it fills in variables."""
    for own in written:
        pieces = re.split(r"\{[?$]\w+\}", str(own))
        pattern = re.compile(".*".join(map(re.escape, pieces)), re.DOTALL)
        yield from ((language_of(own), text) for text in said if pattern.fullmatch(text))


def findings_of(
    results: Iterable[Result], made_at: Mapping[str, Where], words: Mapping[str, str]
) -> list[Finding]:
    """Say for people what a report says.

    Args:
        results: the report.
        made_at: for the IRI of a thing, the row that made it.
        words: for the IRI of a thing, the words of the source.
    """
    return [_finding(result, made_at, words) for result in results]


def culprit(result: Result) -> str:
    """Give the IRI of the thing to mend: the value where a query found it, else the focus node."""
    return result.value if result.component == str(_BY_QUERY) and result.value else result.focus


def _finding(result: Result, made_at: Mapping[str, Where], words: Mapping[str, str]) -> Finding:
    thing = culprit(result)
    where = made_at.get(thing) or made_at.get(result.focus) or Where(id=thing)
    messages, mend = dict(result.messages), dict(result.mend)
    facts: dict[str, object] = {"rule": shorten(result.rule), "value": shorten(result.value)}
    for lang in LANGUAGES:
        facts[lang] = messages.get(lang) or next(iter(messages.values()), result.component)
        facts[f"mend_{lang}"] = mend.get(lang, "")
    return Finding(
        name="shape/violation",
        where=where,
        severity=_SEVERITIES.get(result.severity, "error"),
        facts=facts,
        rule=result.rule,
        sentence=words.get(thing, ""),
    )


def words_of(quads: Iterable[Quad]) -> dict[str, str]:
    """Map each thing that is quoted, and each passage, to the words of the source."""
    quotes: dict[str, str] = {}
    quoted: dict[str, list[str]] = {}
    for quad in quads:
        if quad.predicate.value == NIF + "anchorOf":
            quotes[text_of(quad.subject)] = text_of(quad.object)
        elif quad.predicate.value == PROV + "wasQuotedFrom":
            quoted.setdefault(text_of(quad.subject), []).append(text_of(quad.object))
    spoken = {
        thing: max((quotes.get(passage, "") for passage in passages), key=len)
        for thing, passages in quoted.items()
    }
    return quotes | spoken
