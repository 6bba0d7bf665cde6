"""Things with the sentences behind them, as plain values: for programs that must quote.

In: names of things, triples. Out: JSON in which every line has its evidence: the quotation, its
sentence, the document, offsets (code points, end exclusive). Texts are data: controls in them that
nobody sees are written out, long ones are cut.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from policygraph.assets import asset
from policygraph.graph.explain import Evidence, Explainer, Explanation
from policygraph.graph.query import read_queries
from policygraph.graph.reconcile.catalogue import Catalogue
from policygraph.graph.terms import QUOTED, TYPE, text_of
from policygraph.identifiers import passage_span
from policygraph.namespaces import PG, expand, prefixes, shorten
from policygraph.serve.frames import Frame
from policygraph.serve.refusal import BAD, NOT_FOUND, Refusal

Asked = Mapping[str, Any]

LINES = 60
"""Lines about a thing, and as many that point to it."""
_LONGEST = 1_000
"""Code points of a text."""
_SENTENCES = 3
_SEEN = "\n\t"
_GRAPHS = (
    "A triple stands in the graph of whoever says it: a passage of a document, a source "
    "(graph/registry/…), an editor's judgement (graph/editor/…), a link (graph/links/…). What was "
    "inferred stands in graph/inferred and is said by nobody. The default graph is the merge."
)


class Telling:
    """Tells what one graph says, with evidence."""

    def __init__(self, catalogue: Callable[[], Catalogue]) -> None:
        self._catalogue = catalogue

    def jobs(self) -> dict[str, Callable[[Asked], Frame]]:
        """Give what can be asked, by its name."""
        return {
            "entity": lambda asked: _json(self.entity(asked)),
            "evidence": lambda asked: _json(self.evidence(asked)),
            "sentences": lambda asked: _json(self.sentences(asked["iris"])),
            "schema": lambda asked: _json(self.schema(asked["query"])),
        }

    @property
    def _explainer(self) -> Explainer:
        return self._catalogue().explainer

    def entity(self, asked: Asked) -> dict[str, Any]:
        """Tell what is said of a thing, by its ``name``, and what points to it."""
        iri = self._meant(asked["name"])
        node, engine = NamedNode(iri), self._catalogue().store.engine
        said = engine.quads_for_pattern(node, None, None, DefaultGraph())
        pointing = engine.quads_for_pattern(None, None, node, DefaultGraph())
        lines, more = self._lines(said)
        mentions, others = self._lines(pointing)
        return {
            "iri": iri,
            "kinds": self._catalogue().kinds_of(iri),
            "labels": {lang: plain(text) for lang, text in self._explainer.labels(iri).items()},
            "said": lines,
            "mentions": mentions,
            "left_out": {"said": more, "mentions": others},
        }

    def evidence(self, asked: Asked) -> dict[str, Any]:
        """Tell who says a triple, in which words, or from what it follows.

        ``subject`` is a name; ``predicate`` and ``object`` may be empty, for any.
        """
        subject = NamedNode(self._meant(asked["subject"]))
        predicate = self._property(asked["predicate"]) if asked["predicate"] else None
        wanted = asked["object"]
        found = self._catalogue().store.engine.quads_for_pattern(
            subject, predicate, None, DefaultGraph()
        )
        fitting = (quad for quad in found if not wanted or self._is(quad.object, wanted))
        lines, more = self._lines(fitting)
        if not lines:
            triple = " ".join(filter(None, (asked["subject"], asked["predicate"], wanted)))
            raise Refusal(NOT_FOUND, "query/not-in-graph", triple=triple)
        return {"lines": lines, "left_out": more}

    def sentences(self, iris: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """Give the sentences that state things, or that passages are, by IRI."""
        found = {iri: list(islice(self._stated(iri), _SENTENCES)) for iri in iris}
        return {iri: evidence for iri, evidence in found.items() if evidence}

    def schema(self, name: str) -> dict[str, Any]:
        """Tell which classes and properties there are, prefixes, and queries to begin with.

        Args:
            name: of a query whose text is wanted instead; may be empty.
        """
        catalogue, queries = self._catalogue(), read_queries(asset("queries"))
        if name and name not in queries:
            raise Refusal(NOT_FOUND, "query/unknown-query", name=name, nearest=", ".join(queries))
        if name:
            return {"name": name, "sparql": queries[name].text}
        return {
            "prefixes": prefixes(),
            "graphs": _GRAPHS,
            "classes": [
                {**self._term(name), "count": self._count(name)} for name in catalogue.types
            ],
            "properties": [
                self._term(name) for name in catalogue.properties if name not in catalogue.own
            ],
            "queries": {query.name: query.question["en"] for query in queries.values()},
        }

    def _term(self, name: str) -> dict[str, Any]:
        labels = self._explainer.labels(PG + name)
        return {"name": f"pg:{name}", "en": labels.get("en", ""), "zh": labels.get("zh", "")}

    def _count(self, name: str) -> int:
        pattern = (None, TYPE, NamedNode(PG + name), DefaultGraph())
        return sum(1 for _ in self._catalogue().store.engine.quads_for_pattern(*pattern))

    def _meant(self, name: str) -> str:
        """Give the one thing that a name means.

        Raises:
            Refusal: there is none, or there are several.
        """
        catalogue = self._catalogue()
        iri = catalogue.iri_of(name.strip())
        if iri:
            return iri
        kinds = {"kind": catalogue.kinds(()) or "-"}
        hits = catalogue.finder.find(name, kinds, limit=6, facets=False).hits
        exact = [hit.iri for hit in hits if hit.why == "name"]
        if len(exact) == 1:
            return exact[0]
        options = ", ".join(catalogue.id_of(each) for each in exact or [hit.iri for hit in hits])
        if exact:
            raise Refusal(BAD, "query/ambiguous-name", name=name, options=options)
        raise Refusal(NOT_FOUND, "query/unknown-name", name=name, nearest=options or "-")

    def _property(self, name: str) -> NamedNode:
        try:
            return NamedNode(name if "://" in name else expand(name) or PG + name)
        except ValueError as error:
            raise Refusal(NOT_FOUND, "query/unknown-name", name=name, nearest="-") from error

    def _is(self, term: Any, wanted: str) -> bool:
        texts = self._names(term)
        return wanted in texts

    def _names(self, term: Any) -> set[str]:
        text = text_of(term)
        if not isinstance(term, NamedNode):
            return {text}
        labels = self._explainer.labels(text).values()
        catalogue = self._catalogue()
        return {text, shorten(text), catalogue.id_of(text), catalogue.ids.key(text), *labels}

    def _lines(self, quads: Iterable[Quad]) -> tuple[list[dict[str, Any]], int]:
        """Explain triples, what somebody says first; tell how many are left out."""
        triples = [quad.triple for quad in islice(quads, 20 * LINES)]
        found = [(self._explainer.why(triple), triple) for triple in sorted(triples, key=str)]
        ranked = sorted(found, key=lambda pair: not (pair[0] and pair[0].evidence))
        lines = [self._line(triple, why) for why, triple in ranked[:LINES]]
        return lines, max(0, len(triples) - LINES)

    def _line(self, triple: Triple, why: Explanation | None) -> dict[str, Any]:
        said = list(why.evidence) if why else []
        leaves = said or (list(why.leaves()) if why else [])
        line: dict[str, Any] = {
            "subject": shown(triple.subject, self._explainer),
            "predicate": shorten(text_of(triple.predicate)),
            "object": shown(triple.object, self._explainer),
            "origin": said[0].origin if said else "inferred",
            "evidence": [_evidence(each) for each in leaves[:_SENTENCES]],
        }
        if why and why.proof:
            line["rule"] = why.proof.rule
        return line

    def _stated(self, iri: str) -> Iterator[dict[str, Any]]:
        if passage_span(iri):
            passages = [iri]
        else:
            try:
                node = NamedNode(iri)
            except ValueError:
                return
            engine = self._catalogue().store.engine
            quads = engine.quads_for_pattern(node, QUOTED, None, DefaultGraph())
            passages = sorted(text_of(quad.object) for quad in quads)
        for passage in passages:
            evidence = self._explainer.evidence_in(passage)
            if evidence:
                yield _evidence(evidence)


def shown(term: Any, explainer: Explainer) -> dict[str, Any]:
    """Give a term: of a thing its IRI and names, of a literal its text."""
    text = text_of(term)
    if isinstance(term, NamedNode):
        labels = {lang: plain(label) for lang, label in explainer.labels(text).items()}
        return {"iri": text, **({"labels": labels} if labels else {})}
    lang = getattr(term, "language", None)
    return {"text": plain(text), **({"lang": lang} if lang else {})}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    """Give evidence: a quotation in its sentence, or what a source or an editor says."""
    by = evidence.by.get("en") or next(iter(evidence.by.values()), "")
    about: dict[str, Any] = {"origin": evidence.origin, "by": plain(by), "iri": evidence.graph}
    if evidence.origin == "stated":
        quote = evidence.words["zh"]
        about |= {
            "quote": plain(quote),
            "sentence": plain(evidence.before + quote + evidence.after),
            "document": evidence.graph.partition("/text/")[0],
            "begin": int(evidence.detail["begin"]),
            "end": int(evidence.detail["end"]),
        }
    elif evidence.words:
        about["words"] = {lang: plain(text) for lang, text in evidence.words.items()}
    return about


def plain(text: str) -> str:
    """Write a text so that all of it is seen, and not too much of it.

    >>> plain("a" + chr(0x202E)) == "a" + chr(92) + "u202e"
    True
    """
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return "".join(_seen(sign) for sign in cut)


def _seen(sign: str) -> str:
    hidden = unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co") and sign not in _SEEN
    return f"\\u{ord(sign):04x}" if hidden else sign


def _json(value: object) -> Frame:
    return Frame({}, json.dumps(value, ensure_ascii=False).encode())
