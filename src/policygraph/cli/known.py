"""What a workspace knows that a draft asks for: names, periods, and decisions that rate rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from policygraph.assets import asset
from policygraph.errors import WrongUsage
from policygraph.publish.folder import write_file
from policygraph.report import Finding
from policygraph.text.documents import read_workspace
from policygraph.text.draft.agreement import taken_back
from policygraph.text.draft.confidence import Rating, calibration_tsv, ratings, read_calibration
from policygraph.text.draft.drafter import Drafter
from policygraph.text.draft.tables import tables_of
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
        lexicon: folder of the language.
        sha256: hash of the tables and of the registry, in hexadecimal; decisions do not count, for
            they change no proposal.
    """

    names: Register = field(default_factory=Register)
    ratings: dict[str, Rating] = field(default_factory=dict)
    periods: frozenset[str] = frozenset()
    lexicon: Path = field(default_factory=lambda: asset("data", "lexicon", "zh"))
    sha256: str = ""


def lexicon_of(workspace: Path | None, language: str) -> Path:
    """Find the tables of a language: those of a workspace, or those of the package.

    Raises:
        WrongUsage: neither has that language.
    """
    bases = [
        asset("data", "lexicon"),
        *([Place.at(workspace).data / "lexicon"] if workspace else []),
    ]
    known = {path.name: path for base in bases if base.is_dir() for path in base.iterdir()}
    if language not in known or not known[language].is_dir():
        there = ", ".join(sorted(name for name, path in known.items() if path.is_dir()))
        raise WrongUsage("draft/no-language", language=language, known=there)
    return known[language]


def known_of(workspace: Path | None, language: str = "zh") -> Known:
    """Read what is known of names, rules and periods.

    What people decided in the workspace rates its rules; those nobody met there are rated by the
    table that travels with the lexicon. Statements that were written for a text that was edited
    since decide nothing until they are drafted again.
    """
    lexicon = lexicon_of(workspace, language)
    travelling = read_calibration(lexicon)
    tables = tables_of(lexicon)
    if workspace is None:
        return Known(ratings=travelling, lexicon=lexicon, sha256=_sha256_of(tables))
    place = Place.at(workspace)
    read = read_workspace(place.data, [], outdated=True)
    periods = {entry.key for entry in read.registry.entries if entry.kind == "Period"}
    rated = travelling | ratings(read.documents)
    registry = sorted((place.data / "registry").rglob("*.yaml"))
    names = Register.of(names_of(read))
    return Known(names, rated, frozenset(periods), lexicon, _sha256_of([*tables, *registry]))


def _sha256_of(files: Iterable[Path]) -> str:
    """Hash the contents of files, in their order."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def accepted_no_more(workspace: Path, lexicon: Path) -> list[Finding]:
    """Find what was accepted in a workspace and would be drafted differently now."""
    findings: list[Finding] = []
    documents = read_workspace(Place.at(workspace).data, []).documents
    for document in documents:
        findings += taken_back(document, Drafter.read(lexicon))
    return findings


def calibrate(workspace: Path, language: str) -> tuple[Path, dict[str, Rating]]:
    """Count the decisions of a workspace into the table of its lexicon, which its drafts read.

    Returns:
        The table, and what it says.

    Raises:
        CannotWrite: the table cannot be written.
    """
    lexicon_of(workspace, language)
    place = Place.at(workspace)
    known = ratings(read_workspace(place.data, []).documents)
    target = place.data / "lexicon" / language / "calibration.tsv"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(target, calibration_tsv(known).encode())
    return target, known
