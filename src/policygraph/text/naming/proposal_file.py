"""The file of proposals: names that texts use and the registry does not have, for a person.

In: gathered names and the file as it was; out: its new text. A row that a person touched keeps its
lines, a key once given stays, and what was rejected is not offered again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import yaml

from policygraph.report import Finding
from policygraph.text.draft.yaml_words import inline
from policygraph.text.fields import Fields
from policygraph.text.naming.folding import folded
from policygraph.text.naming.proposals import Found, Gathering, Place, Proposal
from policygraph.text.review.sheet import value_of
from policygraph.text.rows import composed, parse_yaml

HEAD = "# Names without an entry in the registry. Set review to accepted or rejected, then run:\n"
HEAD += "# policygraph names --accept THIS-FILE --source KEY-OF-A-SOURCE\n"
REVIEWS = ("draft", "accepted", "rejected")
_MACHINE = frozenset(
    {"key", "type", "label", "alias", "english", "review", "times", "mentions"},
)
Name = tuple[str, str]  # type and folded name


@dataclass(frozen=True)
class Row:
    """A row of the file as it was.

    Attributes:
        key: the key that the entry has or would get.
        type: of the mentions.
        labels: language → label.
        aliases: language → aliases.
        review: ``draft``, ``accepted`` or ``rejected``.
        source: key of the source that vouches for it; empty where the row names none.
        lines: the row as it stands in the file.
        touched: a person decided, wrote or changed something of it.
        fields: the row, for messages.
    """

    key: str
    type: str
    labels: dict[str, str]
    aliases: dict[str, tuple[str, ...]]
    review: str
    source: str
    lines: str
    touched: bool
    fields: Fields

    @property
    def name(self) -> Name:
        """Its type and folded Chinese label: what it is known by."""
        return self.type, folded(self.labels.get("zh-Hans", ""))


def read_proposals(text: str, shown: str, findings: list[Finding]) -> list[Row]:
    """Read a file of proposals.

    Args:
        text: the file.
        shown: how messages name it.
        findings: collects what is wrong.

    Raises:
        UnreadableInput: it is no YAML.
    """
    top = parse_yaml(text, shown, findings)
    rows = top.rows("names")
    top.pop("undecided", None)
    top.nothing_else()
    pieces = list(_pieces(text))
    return [_row(fields, lines) for fields, lines in zip(rows, pieces, strict=False)]


def _row(fields: Fields, lines: str) -> Row:
    touched = not set(fields) <= _MACHINE or "#" in lines
    key, type_ = fields.text("key", required=True), fields.text("type", required=True)
    labels = {fact.lang: str(fact.value) for fact in fields.facts("label")}
    aliases: dict[str, tuple[str, ...]] = {}
    for fact in fields.facts("alias"):
        aliases[fact.lang] = (*aliases.get(fact.lang, ()), str(fact.value))
    review = fields.choice("review", REVIEWS, "draft")
    source = fields.text("source")
    for name in ("english", "times", "mentions", "by", "on", "note"):
        fields.pop(name, None)
    fields.nothing_else()
    touched = touched or review != "draft"
    return Row(key, type_, labels, aliases, review, source, lines, touched, fields)


def _pieces(text: str) -> Iterator[str]:
    """Give the lines of each row, as they stand."""
    top = composed(text, "")
    rows = value_of(top, "names")
    if not isinstance(top, yaml.MappingNode) or not isinstance(rows, yaml.SequenceNode):
        return
    lines = text.splitlines(keepends=True)
    starts = [row.start_mark.line for row in rows.value]
    after = [key.start_mark.line for key, _ in top.value]
    for start, following in zip_longest(starts, starts[1:]):
        end = following or min((line for line in after if line > start), default=len(lines))
        yield "".join(lines[start:end])


def proposals_yaml(gathering: Gathering, before: Sequence[Row] = ()) -> str:
    """Write the file of proposals.

    Args:
        gathering: the names of the texts.
        before: the rows of the file as it was. Those of accepted names that the registry has by now
            are left out.
    """
    known = {(row.type, folded(row.name)) for row in gathering.known()}
    kept = [row for row in before if row.touched and row.name not in known]
    decided = {row.name for row in kept}
    fixed = {row.name: row.key for row in before}
    offered = [
        proposal
        for proposal in gathering.proposals(fixed)
        if (proposal.found.type, folded(proposal.found.name)) not in decided
    ]
    rows = [row.lines for row in kept]
    rows += ["".join(_lines(_fields(proposal))) for proposal in offered]
    text = HEAD + ("names:\n" + "".join(rows) if rows else "names: []\n")
    undecided = ["".join(_lines(_undecided(row))) for row in gathering.undecided()]
    return text + ("undecided:\n" + "".join(undecided) if undecided else "")


def _fields(proposal: Proposal) -> dict[str, Any]:
    found, english = proposal.found, proposal.english
    label = {"zh-Hans": found.name, **({"en": english.en} if english else {})}
    row: dict[str, Any] = {"key": proposal.key, "type": found.type, "label": label}
    if found.short:
        row["alias"] = {"zh-Hans": found.short}
    if english:
        row["english"] = english.status
    return {**row, "review": "draft", **_where(found)}


def _undecided(found: Found) -> dict[str, Any]:
    options = list(found.meaning.options)
    return {"name": found.name, "type": found.type, "options": options, **_where(found)}


def _where(found: Found) -> dict[str, Any]:
    return {"times": str(found.times), "mentions": [place_fields(place) for place in found.places]}


def place_fields(place: Place) -> dict[str, str]:
    """Write where a name stands: offsets are code points of the restored text."""
    start, end = map(str, place.span)
    return {"document": place.document, "start": start, "end": end, "quote": place.quote}


def _lines(fields: dict[str, Any]) -> Iterator[str]:
    """Write a row, a key on each line."""
    sign = "  - "
    for name, value in fields.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{sign}{name}:\n"
            yield from (f"      - {inline(item)}\n" for item in value)
        else:
            yield f"{sign}{name}: {inline(value)}\n"
        sign = "    "
