"""``comparisons.yaml``: what reviewers said of pairs that a comparison proposed.

In: the file. Out: decisions, and findings for what is wrong. A decision names who made it, when and
why; without that a pair is undecided. No build reads this file: what is in it is not in the graph.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from policygraph.errors import UnreadableInput, Where
from policygraph.identifiers import KEY
from policygraph.report import Finding
from policygraph.text.days import DAYS, is_date
from policygraph.text.fields import Fields
from policygraph.text.review.sheet import Sheet, plain, value_of
from policygraph.text.rows import read_yaml

ACCEPTED, REJECTED, UNDECIDED = "accepted", "rejected", "undecided"
REVIEWS = (ACCEPTED, REJECTED, UNDECIDED)

_HEAD = """\
# Pairs of statements that `policygraph compare` was not sure of. A person decides:
# review: accepted | rejected | undecided; by, on and why say who decided, when, on what grounds
# (why: {en: …, zh: …}).
# Nothing here is in the graph. `policygraph compare A B --adopt` turns accepted pairs into
# judgements.
"""


@dataclass(frozen=True)
class Decision:
    """What a reviewer said of a pair.

    Attributes:
        earlier: the earlier statement: in the file its kind and key, for a comparison its IRI.
        later: the later one.
        review: ``accepted``, ``rejected`` or ``undecided``.
        by: who decided; empty where nobody has.
        on: when, YYYY-MM-DD.
        why: the grounds by language.
        where: the place in the file.
    """

    earlier: str
    later: str
    review: str
    by: str = ""
    on: str = ""
    why: tuple[tuple[str, str], ...] = ()
    where: Where = field(default_factory=Where)


@dataclass(frozen=True)
class Offer:
    """A pair to be reviewed: kind and key of both statements, and the words of both."""

    earlier: str
    later: str
    score: float
    words: tuple[str, str]

    @property
    def key(self) -> str:
        """The name of the pair in the file."""
        return f"{self.later.rpartition('/')[2]}--{self.earlier.rpartition('/')[2]}"


def read_pairs(path: Path, findings: list[Finding]) -> list[Decision]:
    """Read the decisions; none where there is no file.

    Raises:
        UnreadableInput: the file is not YAML.
    """
    if not path.exists():
        return []
    found = []
    for key, row in read_yaml(path, findings).items():
        if isinstance(row, Fields):
            row.where = row.where.of(key)
            found.append(_decision(row))
        else:
            findings.append(Finding("pairs/not-a-pair", Where(str(path), 0, key)))
    return found


def _decision(row: Fields) -> Decision:
    earlier, later = (row.text(name, required=True) for name in ("earlier", "later"))
    review = row.choice("review", REVIEWS, UNDECIDED)
    by, on = row.text("by"), row.text("on")
    why = tuple((fact.lang or "zh", fact.value) for fact in row.facts("why"))
    row.text("score")
    row.nothing_else()
    if on and not is_date(on):
        row.complain("data/not-a-date", key="on", value=on, **DAYS)
    both = {"en", "zh"} <= {lang.split("-")[0] for lang, _ in why}
    if review != UNDECIDED and not (by and on and both):
        row.complain("pairs/no-grounds", review=review)
    return Decision(earlier, later, review, by, on, why, row.where)


def with_offers(written: str, offers: Iterable[Offer]) -> str:
    """Add pairs to the text of the file; what stands there stays as it is, comments included."""
    blocks = "".join(map(_block, offers))
    return (written or _HEAD) + blocks


def with_decision(written: str, offer: Offer, decision: Decision) -> str:
    """Write what a reviewer says of a pair into the text of the file, in the lines of the pair.

    A pair that the file does not hold yet is added; all else stays as it is.

    Raises:
        UnreadableInput: the file is not YAML, or the lines of the pair cannot be changed safely.
    """
    if f"\n{offer.key}:" not in f"\n{written}":
        written = with_offers(written, [offer])
    sheet = Sheet(written, "comparisons.yaml")
    node = value_of(sheet.root, offer.key)
    if not isinstance(node, yaml.MappingNode):
        raise UnreadableInput("review/not-editable", decision.where)
    said = {
        "review": decision.review,
        "by": decision.by or None,
        "on": decision.on or None,
        "why": dict(decision.why) or None,
    }
    changed = sheet.with_edits(sheet.edits(node, said))
    wanted = {name: value for name, value in {**plain(node), **said}.items() if value is not None}
    if changed.plain != {**sheet.plain, offer.key: wanted}:
        raise UnreadableInput("review/not-editable", decision.where)
    return changed.text


def _block(offer: Offer) -> str:
    return (
        f"\n# then: {_one_line(offer.words[0])}\n# now:  {_one_line(offer.words[1])}\n"
        f"{offer.key}:\n  earlier: {offer.earlier}\n  later: {offer.later}\n"
        f"  score: {offer.score:.3f}\n  review: undecided\n"
    )


def _one_line(words: str) -> str:
    return " ".join(words.split())


def as_judgements(written: str, decisions: Iterable[Decision]) -> str:
    """Add accepted pairs as ``continues`` judgements to the text of ``judgements.yaml``."""
    return written + "".join("\n" + "\n".join(_judgement(each)) + "\n" for each in decisions)


def judgement_key(decision: Decision) -> str:
    """Name the judgement that a decision becomes."""
    later, earlier = (each.rpartition("/")[2] for each in (decision.later, decision.earlier))
    key = f"{later}-continues-{earlier}"
    return key if KEY.fullmatch(key) else f"pair-{later}"


def _judgement(decision: Decision) -> Iterator[str]:
    yield f"{judgement_key(decision)}:"
    yield f"  by: {json.dumps(decision.by, ensure_ascii=False)}"
    yield f"  on: {decision.on}"
    yield "  grounds:"
    for lang, words in decision.why:
        yield f"    {lang}: {json.dumps(words, ensure_ascii=False)}"
    yield "  states:"
    yield f"    - {{subject: {decision.later}, continues: {decision.earlier}}}"
