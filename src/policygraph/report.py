"""Findings: something is wrong, or worth knowing, in the data.

Stages collect findings as values and return them all; the command line prints them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from policygraph.errors import PolicyGraphError, Where
from policygraph.messages import advise, say

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One thing found in the data.

    Attributes:
        name: entry of the message catalogue.
        severity: an ``error`` keeps the thing out of a published graph.
        where: file, line and id to mend.
        facts: what the message is composed of; for a shape, its own ``en`` and ``zh`` sentences.
        rule: IRI of the shape or term behind it, if any.
        sentence: the words of the source it is about, if any.
    """

    name: str
    where: Where = field(default_factory=Where)
    severity: Severity = "error"
    facts: Mapping[str, object] = field(default_factory=dict)
    rule: str = ""
    sentence: str = ""

    def message(self, lang: str = "en") -> str:
        """Say what was found."""
        return say(self.name, self.facts, lang)

    def mend(self, lang: str = "en") -> str:
        """Say what to do about it; empty where there is nothing to do."""
        return advise(self.name, self.facts, lang)


def errors_among(findings: Iterable[Finding]) -> list[Finding]:
    """Keep the findings that make data unfit for publishing."""
    return [finding for finding in findings if finding.severity == "error"]


class DataError(PolicyGraphError):
    """The data cannot be built as it stands; carries every finding at once."""

    exit_code = 1

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("data/errors", count=len(errors_among(findings)))
        self.findings = findings

    def __str__(self) -> str:
        lines = [f"{f.where}: {f.message()} {f.mend()}".strip() for f in self.findings]
        return "\n".join([super().__str__(), *lines])
