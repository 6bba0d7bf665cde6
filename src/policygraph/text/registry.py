"""``registry/*.yaml``: what the editors know that outlives a document, each fact with its source.

In: the folder. Out: entries, sources and judgements as plain values, and findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from policygraph.errors import Where
from policygraph.identifiers import KEY, is_address
from policygraph.report import Finding
from policygraph.text.days import DAYS, is_date
from policygraph.text.fields import Fields
from policygraph.text.links import read_links
from policygraph.text.model import Claim, Entry, Fact, JudgedRow, Judgement, Registry
from policygraph.text.rows import read_yaml

FILES = {
    "institutions": "Institution",
    "places": "Place",
    "initiatives": "Initiative",
    "instruments": "Instrument",
    "events": "Event",
    "topics": "Topic",
    "periods": "Period",
}
"""Which class the entries of a registry file belong to."""


def read_registry(folder: Path, findings: list[Finding]) -> Registry:
    """Read every registry file that is there."""
    entries: list[Entry] = []
    for name, kind in FILES.items():
        for key, row in _rows_of(folder / f"{name}.yaml", findings):
            entries.append(_entry(key, kind, row))
    sources = [_source(key, row) for key, row in _rows_of(folder / "sources.yaml", findings)]
    judged = [_judgement(key, row) for key, row in _rows_of(folder / "judgements.yaml", findings)]
    _refuse_unknown_files(folder, findings)
    _refuse_missing_sources(entries, sources, findings)
    return Registry(tuple(entries), tuple(sources), tuple(judged))


def read_known(data: Path, findings: list[Finding]) -> Registry:
    """Read what the editors know below a ``data`` folder: the registry, and the links."""
    registry = read_registry(data / "registry", findings)
    return replace(registry, links=read_links(data / "links", findings))


def _rows_of(path: Path, findings: list[Finding]) -> Iterator[tuple[str, Fields]]:
    if not path.exists():
        return
    for key, row in read_yaml(path, findings).items():
        if not isinstance(row, Fields):
            findings.append(Finding("registry/not-an-entry", Where(str(path), 0, key)))
            continue
        row.where = row.where.of(key)
        if not KEY.fullmatch(key):
            row.complain("statements/bad-id", value=key)
        yield key, row


def _entry(key: str, kind: str, row: Fields) -> Entry:
    narrower = row.text("type") or kind
    further = row.rows("also")
    claims = tuple(_claim(part) for part in (row, *further))
    return Entry(key, kind, narrower, claims, row.where)


def _claim(row: Fields) -> Claim:
    source = row.text("source", required=True)
    return Claim(source, tuple(row.facts()), row.where)


def _source(key: str, row: Fields) -> Entry:
    facts = tuple(_facts_among(row, ("title", "publisher", "date", "address", "status", "says")))
    row.nothing_else()
    check_values(facts, row)
    return Entry(key, "Source", "Source", (Claim("", facts, row.where),), row.where)


def check_values(facts: Iterable[Fact], row: Fields) -> None:
    """Report a day that does not exist and an address that is none."""
    for fact in facts:
        if fact.name in ("date", "on", "issued_on") and not is_date(fact.value):
            row.complain("data/not-a-date", fact.where, key=fact.name, value=fact.value, **DAYS)
        elif fact.name in ("address", "derived_from") and not is_address(fact.value):
            row.complain("data/not-an-address", fact.where, key=fact.name, value=fact.value)


def _facts_among(row: Fields, names: tuple[str, ...]) -> Iterator[Fact]:
    for name in names:
        yield from row.facts(name)


def _judgement(key: str, row: Fields) -> Judgement:
    facts = tuple(_facts_among(row, ("by", "on", "grounds")))
    for name in ("by", "on", "grounds"):
        if not any(fact.name == name for fact in facts):
            row.complain("yaml/missing-key", key=name)
    check_values(facts, row)
    states = tuple(_judged(part) for part in row.rows("states"))
    row.nothing_else()
    return Judgement(key, facts, states, row.where)


def _judged(row: Fields) -> JudgedRow:
    subject, kind = row.text("subject", required=True), row.text("type")
    return JudgedRow(subject, kind, tuple(row.facts()), row.where.of(subject))


def _refuse_unknown_files(folder: Path, findings: list[Finding]) -> None:
    known = {*FILES, "sources", "judgements"}
    for path in sorted(folder.glob("*.y*ml")):
        if path.stem not in known or path.suffix != ".yaml":
            facts = {"known": ", ".join(f"{name}.yaml" for name in sorted(known))}
            findings.append(Finding("registry/unknown-file", Where(str(path)), facts=facts))


def _refuse_missing_sources(
    entries: list[Entry], sources: list[Entry], findings: list[Finding]
) -> None:
    known = {source.key for source in sources}
    for claim in (claim for entry in entries for claim in entry.claims):
        if claim.source and claim.source not in known:
            facts = {"key": claim.source}
            findings.append(Finding("registry/unknown-source", claim.where, facts=facts))
