"""The data beside the page of a thing: the same lines as RDF, as rows, as JSON.

In: a subject. Out: bytes. RDF holds what is asserted of the thing and what points to it, with the
description of every passage, source and judgement behind that; Turtle holds what follows as well,
in a section of its own.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from pyoxigraph import NamedNode, Quad

from policygraph.graph.explain import Evidence
from policygraph.graph.store import GraphStore, is_reviewed
from policygraph.graph.terms import text_of
from policygraph.publish.rdf import export
from policygraph.publish.site.reader import COUNTED, Line, Reader, Subject
from policygraph.study.said import Thing

_COLUMNS = ("subject", "relation", "value", "lang", "origin", "evidence", "words", "sentence")
_CHOICES = {"ttl": "all", "nt": "stated", "jsonld": "stated"}


def twin(reader: Reader, subject: Subject, form: str) -> bytes:
    """Write the data of a thing in a format: ttl, nt, jsonld, csv or json."""
    if form == "csv":
        return _csv(subject)
    if form == "json":
        return _json(subject)
    return export(part_of(reader, subject.thing.iri), form, _CHOICES[form], reader.ids)


@lru_cache(2)
def part_of(reader: Reader, iri: str) -> GraphStore:
    """Cut the part of the graph out that speaks of a thing."""
    node, engine = NamedNode(iri), reader.store.engine
    quads = [
        quad
        for pattern in ((node, None, None, None), (None, None, node, None))
        for quad in islice(engine.quads_for_pattern(*pattern), COUNTED)
        if _is_told(quad)
    ]
    for graph in sorted({text_of(quad.graph_name) for quad in quads}):
        described = engine.quads_for_pattern(NamedNode(graph), None, None, None)
        quads += filter(_is_told, described)
    return GraphStore(quads)


def _is_told(quad: Quad) -> bool:
    graph = text_of(quad.graph_name)
    return bool(graph) and is_reviewed(quad) and not graph.endswith("/graph/ontology")


def _lines(subject: Subject) -> Iterator[tuple[tuple[str, ...], Line]]:
    """Give every line as subject, relation, value and language, with the line itself."""
    for line in (*subject.lines, *subject.mentions):
        triple = line.explanation.triple
        lang = "" if isinstance(line.other, Thing) else line.other.lang
        ends = text_of(triple.subject), text_of(triple.predicate), text_of(triple.object)
        yield (*ends, lang), line


def _csv(subject: Subject) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(_COLUMNS)
    for cells, line in _lines(subject):
        for evidence in line.explanation.evidence or (None,):
            writer.writerow([*cells, line.origin, *_told(evidence)])
    return target.getvalue().encode()


def _told(evidence: Evidence | None) -> tuple[str, str, str]:
    if evidence is None:
        return "", "", ""
    words = evidence.words.get("zh") or next(iter(evidence.words.values()), "")
    stated = evidence.origin == "stated"
    return evidence.graph, words, evidence.before + words + evidence.after if stated else ""


def _json(subject: Subject) -> bytes:
    whole = {
        "iri": subject.thing.iri,
        "kinds": list(subject.kinds),
        "labels": {words.lang or "und": words.text for words in subject.thing.labels},
        "passages": list(subject.passages),
        "said": [_object(line) for line in subject.lines],
        "mentions": [_object(line) for line in subject.mentions],
        "links": [
            {
                "relation": link.relation.iri,
                "target": link.target,
                "name": link.target_name,
                "refused": link.refused,
                "justification": link.justification,
                "confidence": link.confidence,
                "evidence": link.comment,
            }
            for link in subject.links
        ],
        "more": {"said": subject.more[0], "mentions": subject.more[1]},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _object(line: Line) -> dict[str, object]:
    other = line.other
    about = (
        {"iri": other.iri} if isinstance(other, Thing) else {"text": other.text, "lang": other.lang}
    )
    evidence = [
        dict(zip(("graph", "words", "sentence"), _told(each), strict=True))
        for each in line.explanation.evidence
    ]
    return {
        "relation": line.relation.iri,
        "other": about,
        "origin": line.origin,
        "evidence": evidence,
    }
