"""What a workspace knows that a draft asks for: names, periods, and decisions that rate rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from policygraph.assets import asset
from policygraph.publish.folder import write_file
from policygraph.report import Finding
from policygraph.text.documents import read_workspace
from policygraph.text.draft.agreement import taken_back
from policygraph.text.draft.confidence import Rating, calibration_tsv, ratings, read_calibration
from policygraph.text.draft.drafter import Drafter
from policygraph.text.names import names_of
from policygraph.text.naming.meaning import Register
from policygraph.workspace import Place


@dataclass(frozen=True)
class Known:
    """What a draft asks for.

    Attributes:
        names: those of the registry, which mentions may mean.
        ratings: what people decided about the rows of each rule.
        periods: keys of the registry's periods.
    """

    names: Register = field(default_factory=Register)
    ratings: dict[str, Rating] = field(default_factory=dict)
    periods: frozenset[str] = frozenset()


def known_of(workspace: Path | None) -> Known:
    """Read what is known of names, rules and periods.

    What people decided in the workspace rates its rules; those nobody met there are rated by the
    table that travels with the lexicon. Statements that were written for a text that was edited
    since decide nothing until they are drafted again.
    """
    travelling = read_calibration(asset("data", "lexicon", "zh"))
    if workspace is None:
        return Known(ratings=travelling)
    read = read_workspace(Place.at(workspace).data, [], outdated=True)
    periods = {entry.key for entry in read.registry.entries if entry.kind == "Period"}
    rated = travelling | ratings(read.documents)
    return Known(Register.of(names_of(read)), rated, frozenset(periods))


def accepted_no_more(workspace: Path) -> list[Finding]:
    """Find what was accepted in a workspace and would be drafted differently now."""
    findings: list[Finding] = []
    documents = read_workspace(Place.at(workspace).data, []).documents
    for document in documents:
        findings += taken_back(document, Drafter.read())
    return findings


def calibrate(workspace: Path) -> tuple[Path, dict[str, Rating]]:
    """Count the decisions of a workspace into the table of its lexicon.

    Returns:
        The table, and what it says.

    Raises:
        CannotWrite: the table cannot be written.
    """
    place = Place.at(workspace)
    known = ratings(read_workspace(place.data, []).documents)
    target = place.data / "lexicon" / "zh" / "calibration.tsv"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(target, calibration_tsv(known).encode())
    return target, known
