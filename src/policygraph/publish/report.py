"""The validation report as a standard ``sh:ValidationReport``, without blank nodes.

In: results. Out: Turtle and JSON. Result IRIs come from what they say, so that the same findings
give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from policygraph.graph.terms import TYPE, Term, write
from policygraph.graph.validate import Result
from policygraph.identifiers import Identifiers
from policygraph.namespaces import SH, XSD, prefixes
from policygraph.report import Finding


def report_turtle(results: Iterable[Result], ids: Identifiers) -> bytes:
    """Write results as a standard report in Turtle (SHACL, section 3.6)."""
    found = list(results)
    report = NamedNode(f"{ids.base}report")
    conforms = Literal(str(not found).lower(), datatype=NamedNode(XSD + "boolean"))
    triples = [
        Triple(report, TYPE, _sh("ValidationReport")),
        Triple(report, _sh("conforms"), conforms),
    ]
    for result in found:
        node = NamedNode(f"{report.value}#{_digest(result)}")
        triples.append(Triple(report, _sh("result"), node))
        triples += [Triple(node, predicate, value) for predicate, value in _properties(result)]
    return write(triples, RdfFormat.TURTLE, prefixes())


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


def _digest(result: Result) -> str:
    parts = [result.focus, result.rule, result.component, result.path, result.value]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _properties(result: Result) -> Iterator[tuple[NamedNode, Term]]:
    yield TYPE, _sh("ValidationResult")
    yield _sh("focusNode"), NamedNode(result.focus)
    yield _sh("resultSeverity"), NamedNode(result.severity)
    yield _sh("sourceConstraintComponent"), NamedNode(result.component)
    yield _sh("sourceShape"), NamedNode(result.rule)
    if result.path:
        yield _sh("resultPath"), NamedNode(result.path)
    if result.value:
        is_iri = result.value.startswith(("http://", "https://", "urn:"))
        yield _sh("value"), NamedNode(result.value) if is_iri else Literal(result.value)
    for lang, text in result.messages:
        yield _sh("resultMessage"), Literal(text, language=lang)


def findings_json(findings: Iterable[Finding]) -> bytes:
    """Write findings as JSON: one object a finding, texts in both languages."""
    rows = [
        {
            "name": finding.name,
            "severity": finding.severity,
            "file": finding.where.file,
            "line": finding.where.line,
            "id": finding.where.id,
            "rule": finding.rule,
            "sentence": finding.sentence,
            "message": {lang: finding.message(lang) for lang in ("en", "zh")},
            "mend": {lang: finding.mend(lang) for lang in ("en", "zh")},
        }
        for finding in findings
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode() + b"\n"
