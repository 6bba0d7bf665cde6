"""From accepted proposals to entries of the registry.

In: the rows of a file of proposals and what the registry has; out: the lines that its files gain.
Nothing that stands in a file is changed. An English name that is the glossary's is a claim of the
glossary; any other is vouched for by the source that the reviewer names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from policygraph.identifiers import KEY
from policygraph.messages import say
from policygraph.report import Finding
from policygraph.text.draft.yaml_words import inline
from policygraph.text.model import Registry
from policygraph.text.naming.glossary import FILES, Glossary, Term
from policygraph.text.naming.proposal_file import Row

SOURCES = "sources"


@dataclass
class Addition:
    """What the registry gains.

    Attributes:
        lines: name of a registry file → the lines to put at its end.
        keys: the keys of the new entries.
        findings: what stands in the way of other rows.
    """

    lines: dict[str, str]
    keys: list[str]
    findings: list[Finding]


def entries_of(
    rows: Iterable[Row], registry: Registry, glossary: Glossary, source: str = ""
) -> Addition:
    """Make an entry of each accepted row.

    Args:
        rows: of a file of proposals.
        registry: as it is.
        glossary: the English there is.
        source: key of the source that vouches for rows that name none.
    """
    maker = _Maker(registry, glossary, source)
    for row in rows:
        if row.review == "accepted":
            maker.take(row)
    return Addition(
        {name: "".join(lines) for name, lines in maker.lines.items()}, maker.keys, maker.findings
    )


class _Maker:
    def __init__(self, registry: Registry, glossary: Glossary, source: str) -> None:
        self.glossary = glossary
        self.source = source
        self.taken = {entry.key for entry in registry.entries}
        self.taken |= {row.subject for made in registry.judgements for row in made.states}
        self.sources = {entry.key for entry in registry.sources}
        self.lines: dict[str, list[str]] = defaultdict(list)
        self.keys: list[str] = []
        self.findings: list[Finding] = []

    def take(self, row: Row) -> None:
        """Make the entry of a row, unless something stands in its way."""
        source = row.source or self.source
        obstacle = self._obstacle(row, source)
        if obstacle:
            name, facts = obstacle
            self.findings.append(Finding(name, row.fields.where, facts=facts))
            return
        self.taken.add(row.key)
        self.keys.append(row.key)
        self.lines[FILES[row.type]].append(f"\n{row.key}:\n{self._body(row, source)}")

    def _obstacle(self, row: Row, source: str) -> tuple[str, dict[str, object]] | None:
        """Give the first thing that stands in the way of a row."""
        named = row.labels.get("zh-Hans") and row.labels.get("en")
        known = ", ".join(FILES)
        checks: list[tuple[object, str, dict[str, object]]] = [
            (row.type in FILES, "names/no-file", {"type": row.type, "known": known}),
            (KEY.fullmatch(row.key), "statements/bad-id", {"value": row.key}),
            (row.key not in self.taken, "names/key-taken", {"key": row.key}),
            (named, "names/no-label", {"key": row.key}),
            (source, "names/no-source", {"key": row.key}),
            (source in self.sources, "registry/unknown-source", {"key": source}),
        ]
        return next(((name, facts) for fine, name, facts in checks if not fine), None)

    def _body(self, row: Row, source: str) -> str:
        term = self.glossary.find(row.labels["zh-Hans"], row.type)
        vouched = term if term and term.en == row.labels["en"] else None
        labels = {lang: text for lang, text in row.labels.items() if lang != "en" or not vouched}
        body: dict[str, Any] = {"label": labels}
        if row.aliases:
            body["alias"] = {lang: list(names) for lang, names in row.aliases.items()}
        body["source"] = source
        lines = "".join(f"  {name}: {inline(value)}\n" for name, value in body.items())
        if vouched:
            claim = {"label": {"en": vouched.en}, "source": self._glossary_source(vouched)}
            lines += f"  also:\n    - {inline(claim)}\n"
        return lines

    def _glossary_source(self, term: Term) -> str:
        """Name the source that stands for the glossary's terms of one status."""
        key = f"glossary-{term.status}"
        if key not in self.sources:
            self.sources.add(key)
            body = {
                "title": _said("names/glossary-title", {}),
                "status": term.status,
                "says": _said("names/glossary-says", {"status": term.status}),
            }
            lines = "".join(f"  {name}: {inline(value)}\n" for name, value in body.items())
            self.lines[SOURCES].append(f"\n{key}:\n{lines}")
        return key


def _said(name: str, facts: dict[str, object]) -> dict[str, str]:
    return {lang: say(name, facts, lang) for lang in ("en", "zh")}
