"""Projections: which things of a graph are joined, and along which path, as data files say.

In: ``queries/projections/<name>.yaml``. Out: ``Projection`` values. A path is written as a small
part of SPARQL's property paths: ``/`` parts steps, ``|`` alternatives, ``^`` goes the other way
round. Two signs are ours: ``[Class]`` behind a step keeps things of that class only, and ``->``
instead of ``/`` makes the thing between a node, too (docs/decisions/0030).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph

from policygraph.errors import Where, WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import TYPE, text_of
from policygraph.namespaces import OWL, PG, expand
from policygraph.nearest import nearest
from policygraph.report import DataError, Finding
from policygraph.text.fields import Fields, Word, placed
from policygraph.text.rows import read_yaml

_LANGUAGES = ("en", "zh")
_LINES = ("plain", "arrows")
_INFERRED = ("leave", "use")
_NAME = r"\s*\^?\s*[\w:-]+\s*"
_STEP = re.compile(
    rf"(?P<names>{_NAME}(\|{_NAME})*)(\[(?P<classes>\s*[\w:-]+\s*(\|\s*[\w:-]+\s*)*)\]\s*)?"
)


@dataclass(frozen=True)
class Step:
    """One step of a path: any of some properties, each followed or gone against."""

    ways: tuple[tuple[str, bool], ...]
    """IRIs of properties, and whether they are gone against."""
    classes: tuple[str, ...] = ()
    """IRIs of the classes one of which the thing reached must have; none for any."""


@dataclass(frozen=True)
class Hop:
    """One edge of a rule.

    Attributes:
        name: what joins its ends, by language.
        steps: the way from the one to the other.
    """

    name: Mapping[str, str]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Rule:
    """One kind of edge, or a chain of several.

    Attributes:
        starts: IRIs of the classes an edge may start at.
        hops: the edges from there; there are none unless all are found.
        ends: IRIs of the classes the last may end at.
    """

    starts: tuple[str, ...]
    hops: tuple[Hop, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True)
class Projection:
    """A network to be made of a graph.

    Attributes:
        name: of its file.
        title: by language; ``question`` likewise.
        has_arrows: whether an edge has a direction.
        uses_inferred: whether triples that only follow may be part of a path.
        rules: the kinds of edges.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    has_arrows: bool
    uses_inferred: bool
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Terms:
    """What a projection may speak of: IRIs of the classes and properties of an ontology."""

    classes: frozenset[str]
    properties: frozenset[str]

    @classmethod
    def of(cls, store: GraphStore) -> Terms:
        """Gather the terms that the ontology in a store declares."""
        found: dict[str, set[str]] = {"Class": set(), "Property": set()}
        for quad in store.engine.quads_for_pattern(None, TYPE, None, DefaultGraph()):
            kind = text_of(quad.object)
            for ending, names in found.items():
                if kind.startswith(OWL) and kind.endswith(ending):
                    names.add(text_of(quad.subject))
        return cls(frozenset(found["Class"]), frozenset(found["Property"]))


def projection_files(folder: Path) -> dict[str, Path]:
    """List the files of projections in a folder, by name."""
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def read_projection(name: str, folder: Path, terms: Terms) -> Projection:
    """Read one projection.

    Args:
        name: of its file, without the ending.
        folder: where the files of projections lie.
        terms: what the ontology has.

    Raises:
        WrongUsage: there is none of that name; the nearest are named.
        DataError: the file is not as it should be; every fault is listed with its line.
        UnreadableInput: the file is not YAML.
    """
    files = projection_files(folder)
    if name not in files:
        options = nearest(name, sorted(files))
        raise WrongUsage("network/unknown-projection", name=name, nearest=options)
    findings: list[Finding] = []
    found = _Reader(terms, findings).projection(name, read_yaml(files[name], findings))
    if findings:
        raise DataError(findings)
    return found


class _Reader:
    """Turns the rows of a file into a projection, and notes what is wrong with them."""

    def __init__(self, terms: Terms, findings: list[Finding]) -> None:
        self.terms = terms
        self.findings = findings

    def projection(self, name: str, fields: Fields) -> Projection:
        title, question = self._words(fields, "title"), self._words(fields, "question")
        lines = fields.choice("lines", _LINES, "plain")
        inferred = fields.choice("inferred", _INFERRED, "leave")
        rows = fields.rows("edges")
        if not rows:
            fields.complain("yaml/missing-key", key="edges")
        rules = tuple(map(self._rule, rows))
        fields.nothing_else()
        return Projection(name, title, question, lines == "arrows", inferred == "use", rules)

    def _rule(self, row: Fields) -> Rule:
        name = self._words(row, "name")
        starts, ends = self._classes(row, "from"), self._classes(row, "to")
        path = row.get("path")
        where = path.where if isinstance(path, Word) else row.where
        hops = [
            tuple(self._step(placed(part, where)) for part in hop.split("/"))
            for hop in row.text("path", required=True).split("->")
        ]
        names = {lang: [part.strip() for part in text.split("->")] for lang, text in name.items()}
        if any(len(parts) != len(hops) for parts in names.values()):
            self.findings.append(
                Finding("network/names-of-hops", where, facts={"count": len(hops)})
            )
            return Rule(starts, (), ends)
        row.nothing_else()
        found = (
            Hop({lang: parts[place] for lang, parts in names.items()}, steps)
            for place, steps in enumerate(hops)
        )
        return Rule(starts, tuple(found), ends)

    def _words(self, fields: Fields, key: str) -> dict[str, str]:
        """Take words in both languages."""
        given = fields.fields(key)
        if not given:
            fields.complain("yaml/missing-key", key=key)
            return dict.fromkeys(_LANGUAGES, "")
        words = {lang: given.text(lang, required=True) for lang in _LANGUAGES}
        given.nothing_else()
        return words

    def _classes(self, row: Fields, key: str) -> tuple[str, ...]:
        """Take one class or a list of them."""
        value = row.pop(key, [])
        names = [value] if isinstance(value, Word) else value
        if not (isinstance(names, list) and all(isinstance(name, Word) for name in names)):
            row.complain("yaml/not-text", key=key)
            return ()
        if not names:
            row.complain("yaml/missing-key", key=key)
        return tuple(self._known(name, name.where, self.terms.classes) for name in names)

    def _step(self, part: Word) -> Step:
        """Read ``^actor | responsibleInstitution [Institution]``."""
        form = _STEP.fullmatch(part)
        if not form:
            facts = {"step": part.strip()}
            self.findings.append(Finding("network/bad-step", part.where, facts=facts))
            return Step(())
        terms = self.terms
        ways = tuple(
            (self._known(name.lstrip("^ "), part.where, terms.properties), name.startswith("^"))
            for name in _alternatives(form["names"])
        )
        tests = _alternatives(form["classes"] or "")
        return Step(ways, tuple(self._known(name, part.where, terms.classes) for name in tests))

    def _known(self, name: str, where: Where, known: frozenset[str]) -> str:
        """Give the IRI of a term: a prefixed name, or a name of the policy ontology."""
        iri = expand(name) or PG + name
        if iri not in known and (iri.startswith(PG) or ":" not in name):
            names = sorted(each.removeprefix(PG) for each in known if each.startswith(PG))
            facts = {"name": name, "nearest": nearest(name, names)}
            self.findings.append(Finding("network/unknown-term", where, facts=facts))
        return iri


def _alternatives(text: str) -> list[str]:
    return [name.strip() for name in text.split("|") if name.strip()]
