"""The kind of a clause: goal, action, achievement, event, fact or context.

In: a clause with its section and what the grammar found; out: its kind and what decided. The cues
of ``kinds.tsv`` come first, in their order; then the section decides. This room knows no RDF.
"""

from __future__ import annotations

from policygraph.text.draft.cues import Cue, Cues
from policygraph.text.draft.model import WITH_PARTS, Kind, Parts
from policygraph.text.draft.sections import Section

AIMS = "listed-aim"
"""The cue that says that aims follow in the same sentence."""

_FIGURES = frozenset(["change", "counts"])
_LED = frozenset(["gives", "by", "ba-land", "ba-act", "treat", "with", "with-verb"])
"""Patterns that need the phrase before the verb: such a clause is never mere context."""


def kind_of(
    words: str,
    parts: Parts | None,
    section: Section,
    cues: Cues,
    *,
    heading: bool,
    aimed: bool = False,
) -> tuple[Kind, str]:
    """Tell what a clause is, and the name of what decided.

    Args:
        words: the clause.
        parts: what the grammar found in it.
        section: what its section reports.
        cues: those of the language.
        heading: it belongs to a heading.
        aimed: its sentence began by saying that aims follow.
    """
    for cue in cues.kinds:
        if _counts(cue, parts, section) and cue.form.search(words):
            return _headed(cue.gives, section, heading=heading), cue.name
    return _by_section(parts, section, heading=heading or (aimed and parts is not None)), section.cue


def _counts(cue: Cue, parts: Parts | None, section: Section) -> bool:
    if cue.gives == "context" and parts and parts.rule in _LED and cue.name != "basis":
        return False
    wanted = {"any": True, "parts": parts is not None, "none": parts is None}
    return cue.scope in ("any", section.status) and wanted[cue.parts]


def _headed(kind: str, section: Section, *, heading: bool) -> Kind:
    """Make a demand in a heading a goal."""
    known: dict[str, Kind] = {name: name for name in (*WITH_PARTS, "fact", "context")}
    if heading and kind == "action" and section.status != "achieved":
        return "goal"
    return known[kind]


def _by_section(parts: Parts | None, section: Section, *, heading: bool) -> Kind:
    if section.status == "stated":
        return "fact"
    if section.status == "achieved":
        return "achievement" if parts or heading else "fact"
    if heading:
        return "goal"
    if parts is None:
        return "fact"
    return "goal" if parts.rule in _FIGURES else "action"
