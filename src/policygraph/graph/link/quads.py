"""Links to other vocabularies as quads: each link in a graph of its own, which is its evidence.

In: the mapping sets of ``data/links/``. Out: quads and findings. A refused link is described,
never made; shapes see to it that nobody makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policygraph.errors import Where
from policygraph.graph.link.schemes import Scheme, scheme_of
from policygraph.graph.values import canonical
from policygraph.graph.written import TYPE, Written, bracketed, day, iri_of, literal, node, pg
from policygraph.identifiers import Identifiers
from policygraph.namespaces import DCTERMS, OWL, PROV, RDFS, SCHEMA, SKOS, SSSOM, XSD, shorten
from policygraph.report import Finding, Severity
from policygraph.text.model import Link, LinkSet

_ENDS = tuple(node(OWL + f"annotated{end}") for end in ("Source", "Property", "Target"))
_IRI_SLOTS = {
    "mapping_justification": SSSOM + "mapping_justification",
    "author_id": PROV + "wasAttributedTo",
    "reviewer_id": SSSOM + "reviewer_id",
    "license": DCTERMS + "license",
}
_SAME = {SKOS + "exactMatch", SCHEMA + "sameAs"}
_APART = {SKOS + f"{name}Match" for name in ("broad", "narrow", "related")}
_TEXT_SLOTS = {
    "subject_label": SSSOM + "subject_label",
    "object_label": SSSOM + "object_label",
    "object_source_version": SSSOM + "object_source_version",
    "author_label": SSSOM + "author_label",
    "reviewer_label": SSSOM + "reviewer_label",
    "mapping_tool": SSSOM + "mapping_tool",
    "match_string": SSSOM + "match_string",
    "see_also": RDFS + "seeAlso",
    "comment": RDFS + "comment",
}


class LinkBuilder:
    """Turns mapping sets into quads.

    With ``same_as`` what is said to be the same by ``schema:sameAs`` is so in OWL, too: whatever is
    said of the one then holds of the other.
    """

    def __init__(
        self,
        ids: Identifiers,
        schemes: tuple[Scheme, ...],
        findings: list[Finding],
        *,
        same_as: bool = False,
    ) -> None:
        self.ids = ids
        self.schemes = schemes
        self.findings = findings
        self.same_as = same_as
        self.made_at: dict[str, Where] = {}
        self._same: dict[tuple[str, str], Link] = {}
        self._there: dict[str, Link] = {}
        self._said: dict[tuple[str, str], list[Link]] = {}

    def quads(self, sets: Iterable[LinkSet]) -> Iterator[Written]:
        """Give the links, and the records of links, refusals and sets."""
        for each in sets:
            yield from self._set_record(each)
            for link in each.links:
                yield from self._link(each, link)
                if not link.refused:
                    self._weigh(link)

    def _set_record(self, each: LinkSet) -> Iterator[Written]:
        subject, graph = self._set(each), bracketed(self.ids.graph("sources"))
        yield subject, TYPE, pg("MappingSet"), graph
        yield subject, node(DCTERMS + "title"), literal(each.title or each.key), graph
        if each.licence:
            yield subject, node(DCTERMS + "license"), node(each.licence), graph
        if each.version:
            yield subject, node(OWL + "versionInfo"), literal(each.version), graph

    def _link(self, each: LinkSet, link: Link) -> Iterator[Written]:
        scheme = scheme_of(link.object, self.schemes)
        if scheme is None:
            facts = {"iri": link.object, "nearest": self._form_near(link.object)}
            self.findings.append(Finding("links/no-such-form", link.where, facts=facts))
            return
        mapping = bracketed(self.ids.graph("links", each.key, link.key))
        self.made_at[iri_of(mapping)] = link.where
        if not link.refused:
            yield *_said(link), mapping
            if self.same_as and link.predicate == SCHEMA + "sameAs":
                subject, _, target = _said(link)
                yield subject, node(OWL + "sameAs"), target, mapping
        yield from self._record(mapping, self._set(each), link, scheme)

    def _record(self, mapping: str, of: str, link: Link, scheme: Scheme) -> Iterator[Written]:
        """Describe a link as SSSOM does (SSSOM specification, "RDF/OWL serialisation")."""
        graph = bracketed(self.ids.graph("sources"))
        facts: list[tuple[str, str]] = [
            (TYPE, pg("Mapping")),
            *zip(_ENDS, _said(link), strict=True),
            (node(DCTERMS + "isPartOf"), of),
            (node(SSSOM + "object_source"), node(scheme.iri)),
            *_slots(link),
        ]
        if link.refused:
            facts.append((node(SSSOM + "predicate_modifier"), literal("Not")))
        for predicate, value in facts:
            yield mapping, predicate, value, graph

    def _weigh(self, link: Link) -> None:
        """Report a link that another one contradicts (SKOS Reference, S42 to S46).

        A thing is the same as one thing of a vocabulary at most, and what is the same is not
        broader, narrower or related.
        """
        scheme = scheme_of(link.object, self.schemes)
        if link.predicate in _SAME and scheme:
            first = self._same.setdefault((link.subject, scheme.iri), link)
            if first.object != link.object:
                self._contradicts(link, first)
            self._weigh_sharing(link)
        earlier = self._said.setdefault((link.subject, link.object), [])
        for first in earlier:
            both = {first.predicate, link.predicate}
            if both & _SAME and both & _APART:
                self._contradicts(link, first)
        earlier.append(link)

    def _weigh_sharing(self, link: Link) -> None:
        """Report two things of ours that are the same as one there: so they would be one."""
        first = self._there.setdefault(link.object, link)
        if first.subject != link.subject:
            facts = {"object": link.object, "first": first.subject, "where": first.where}
            severity: Severity = "error" if self.same_as else "warning"
            self.findings.append(Finding("links/shared", link.where, severity, facts))

    def _contradicts(self, link: Link, first: Link) -> None:
        facts = {"said": _words(link), "first": _words(first), "where": first.where}
        self.findings.append(Finding("links/contradiction", link.where, facts=facts))

    def _set(self, each: LinkSet) -> str:
        return bracketed(self.ids.graph("links", each.key))

    def _form_near(self, iri: str) -> str:
        """Say how IRIs look in the vocabulary that an IRI seems to be meant for."""
        near = [scheme.pattern for scheme in self.schemes if iri.startswith(scheme.space)]
        return near[0] if near else ", ".join(scheme.space for scheme in self.schemes)


def _words(link: Link) -> str:
    return f"{shorten(link.predicate)} {link.object}"


def _said(link: Link) -> tuple[str, str, str]:
    return node(link.subject), node(link.predicate), node(link.object)


def _slots(link: Link) -> Iterator[tuple[str, str]]:
    for name, value in link.slots.items():
        if name in _IRI_SLOTS:
            yield node(_IRI_SLOTS[name]), node(value)
        elif name in _TEXT_SLOTS:
            yield node(_TEXT_SLOTS[name]), literal(value)
        elif name == "confidence":
            number = literal(canonical(value), datatype=XSD + "decimal")
            yield node(SSSOM + "confidence"), number
        elif name == "mapping_date":
            yield pg("judgedOn"), day(value)
