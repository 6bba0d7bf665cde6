"""What a reviewer may look up: kinds, fields, things of the registry, what the text names.

In: the ontology and the registry of a workspace. Out: plain values for a page, and a refusal where
a link would say more than the words do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policygraph.corpus.parts import Maker
from policygraph.errors import Where, WrongUsage
from policygraph.graph.vocabulary import Vocabulary
from policygraph.graph.wording import names_one
from policygraph.identifiers import kind_of_class, property_name
from policygraph.namespaces import PG, RDFS
from policygraph.report import Finding
from policygraph.text.documents import read_record
from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.mentions import Mention
from policygraph.text.draft.model import Parts
from policygraph.text.draft.stated import VALUES
from policygraph.text.names import Names, Thing, registry_things
from policygraph.text.naming.meaning import Register
from policygraph.text.naming.search import Search
from policygraph.text.registry import FILES, read_registry
from policygraph.text.restore import Span
from policygraph.text.review.decisions import KINDS, WORDS
from policygraph.workspace import Place

LINKS = (
    *("actor", "responsible_institution", "supporting_institution", "implements", "issues"),
    *("drafts", "about", "place", "tells_of", "mentions"),
)
"""Keys by which a statement is linked to the registry, in the order they are offered."""

DAYS = ("deadline", "as_of")
"""Keys whose values are days."""

_LONGEST = 200
"""Characters of a search."""


def _no_things() -> Names:
    return Names()


def _no_mentions(_text: str) -> Sequence[Mention]:
    return ()


def _no_findings() -> Sequence[Finding]:
    return ()


@dataclass(frozen=True)
class Library:
    """What can be looked up for one document.

    Attributes:
        vocabulary: the terms of the ontology.
        names: gives the things of the registry as it is now.
        language: of the document.
        mentions: gives what a text names.
        findings: gives what a build would say of the document as it is now.
        lexicon: folder of the tables by which words are understood.
    """

    vocabulary: Vocabulary
    names: Callable[[], Names] = _no_things
    language: str = "zh-Hans"
    mentions: Callable[[str], Sequence[Mention]] = _no_mentions
    findings: Callable[[], Sequence[Finding]] = _no_findings
    lexicon: Path | None = None
    _said: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def at(cls, place: Place, document: str) -> Library:
        """Open the library of a document of a workspace."""
        folder = place.data / "documents" / document
        record = read_record(folder / "document.yaml", [])
        issued = next((str(fact.value) for fact in record.facts if fact.name == "issued_on"), "")
        shelf = _Shelf(place, folder, issued)
        maker = Maker(place)
        return cls(
            maker.vocabulary,
            shelf.names,
            record.language,
            shelf.mentions,
            shelf.findings,
            place.lexicon(),
        )

    def context(self, text: str) -> dict[str, Any]:
        """Give the words of kinds and fields in both languages, and what the text names."""
        return {
            "kinds": [self._called(kind) for kind in KINDS],
            "words": [self._called(name) for name in WORDS],
            "days": [self._called(name) for name in DAYS],
            "values": [self._called(name) for name in VALUES],
            "links": [{**self._called(name), "kinds": sorted(self.kinds(name))} for name in LINKS],
            "periods": self.periods(),
            "things": {kind_of_class(kind): self._called(kind) for kind in FILES.values()},
            "mentions": [
                {
                    "span": list(mention.span),
                    "type": mention.type,
                    "key": mention.key,
                    "options": list(mention.options),
                }
                for mention in self.mentions(text)
            ],
        }

    def periods(self) -> list[str]:
        """List the periods of the registry."""
        shared = self.names().shared
        return sorted(k for k, found in shared.items() if any(t.kind == "period" for t in found))

    def refuse_no_period(self, period: str, where: Where) -> None:
        """Stop a period that the registry does not have.

        Raises:
            WrongUsage: it has none of this key.
        """
        if period not in self.periods():
            raise WrongUsage("review/no-such-thing", where, key=period, field="period")

    def guess(self, text: str, span: Span) -> dict[str, str]:
        """Give the verb, object and subject that the grammar finds in a stretch of a text."""
        start, end = max(span.start, 0), min(span.end, len(text))
        if not start < end:
            return {}
        parts = Drafter.read(self.lexicon).grammar.parse(text, Span(start, end)) or Parts("")
        found = {"verb": parts.stated, "object": parts.object, "subject": parts.subject}
        return {name: text[slice(*at)] for name, at in found.items() if at}

    def kinds(self, name: str) -> frozenset[str]:
        """List the kinds of things that a field may point to."""
        known = self.vocabulary.properties.get(name)
        return frozenset(map(kind_of_class, known.ranges)) if known else frozenset()

    def places(self, verb: str) -> bool:
        """Tell whether a verb stands under a kind of measure."""
        return verb in self.vocabulary.verbs

    def search(self, asked: str, name: str, words: str) -> list[dict[str, Any]]:
        """Find things that a field may point to; those that some words name stand first.

        Args:
            asked: what was typed.
            name: the field; empty for things of any kind.
            words: those of the row.
        """
        names = self.names()
        things = (thing for found in names.shared.values() for thing in found)
        hits = Search(things).find(asked[:_LONGEST], self.kinds(name) if name else ())
        shown = [
            {
                **self._shown(names, hit.thing),
                "name": hit.name,
                "named": self._named(hit.thing, words),
            }
            for hit in hits
        ]
        return sorted(shown, key=lambda each: not each["named"])

    def things(self, references: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """Say what references mean."""
        names = self.names()
        return {
            reference: [self._shown(names, thing) for thing in names.find(reference)]
            for reference in references
        }

    def refuse_unnamed(self, reference: str, name: str, words: str, where: Where) -> None:
        """Stop a link that the build would refuse.

        Raises:
            WrongUsage: the thing is of another kind, or the words do not name it.
        """
        found = self.names().find(reference)
        kinds = self.kinds(name)
        fitting = [thing for thing in found if not kinds or thing.kind in kinds]
        if not fitting:
            raise WrongUsage("review/no-such-thing", where, key=reference, field=name)
        if not any(self._named(thing, words) for thing in fitting):
            names = " / ".join(fitting[0].named(self.language))
            facts = {"key": reference, "quote": words, "names": names}
            raise WrongUsage("statements/not-named", where, **facts)

    def _named(self, thing: Thing, words: str) -> bool:
        names = thing.named(self.language)
        return not names or names_one(words, names)

    def _shown(self, names: Names, thing: Thing) -> dict[str, Any]:
        alone = len(names.shared.get(thing.key, ())) < 2
        labels = {lang: thing.named(lang)[0] for lang in ("zh-Hans", "en") if thing.named(lang)}
        return {
            "reference": thing.key if alone else f"{thing.kind}/{thing.key}",
            "kind": thing.kind,
            "zh": labels.get("zh-Hans", thing.key),
            "en": labels.get("en", labels.get("zh-Hans", thing.key)),
        }

    def _called(self, name: str) -> dict[str, str]:
        """Give a term with its labels."""
        if not self._said:
            self._said.update(_labels(self.vocabulary))
        local = name if name[0].isupper() else property_name(name)
        return {"key": name, **self._said.get(local, {})}


def _labels(vocabulary: Vocabulary) -> Mapping[str, dict[str, str]]:
    """Index the labels of the terms by their local names."""
    found: dict[str, dict[str, str]] = {}
    for subject, predicate, value in vocabulary.triples:
        iri = getattr(subject, "value", "")
        if predicate.value == RDFS + "label" and iri.startswith(PG):
            label = value.value
            found.setdefault(iri.removeprefix(PG), {})[value.language or "en"] = label
    return found


@dataclass
class _Shelf:
    """The registry of a workspace, read again when one of its files changed."""

    place: Place
    folder: Path
    issued: str
    _read: tuple[object, Names, Maker] | None = None

    def names(self) -> Names:
        """Give the things of the registry."""
        return self._now()[1]

    def findings(self) -> Sequence[Finding]:
        """Build the document by itself and give what is wrong with it; drafts are built too."""
        return self._now()[2].part(self.folder).findings

    def mentions(self, text: str) -> Sequence[Mention]:
        """Find what a text names."""
        known, drafter = Register.of(self.names()), Drafter.read(self.place.lexicon())
        draft = draft_text(drafter, self.folder.name, text, issued=self.issued, known=known)
        return [mention for mention in draft.mentions if isinstance(mention, Mention)]

    def _now(self) -> tuple[object, Names, Maker]:
        stamp = tuple(self._stamps())
        if self._read is None or self._read[0] != stamp:
            registry = read_registry(self.place.data / "registry", [])
            made = Maker(self.place, drafts=True)
            self._read = (stamp, Names.of(registry_things(registry)), made)
        return self._read

    def _stamps(self) -> Iterator[tuple[str, int, int]]:
        for path in sorted((self.place.data / "registry").glob("*.yaml")):
            about = path.stat()
            yield path.name, about.st_mtime_ns, about.st_size
