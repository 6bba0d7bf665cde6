"""The kind of a clause: goal, action, achievement, event, fact or context.

In: a clause with its section and what the grammar found; out: its kind and what decided. The cues
of ``kinds.tsv`` come first, in their order; then the section decides. This room knows no RDF.
"""

from __future__ import annotations

from policygraph.text.draft.cues import Cue, Heard
from policygraph.text.draft.model import WITH_PARTS, Kind, Parts
from policygraph.text.draft.sections import TARGETS, Section
from policygraph.text.restore import Span

BY_DATE = "target-date"
"""The cue of a date by which aims are to be reached."""

AIMS = frozenset(["listed-aim", BY_DATE])
"""Cues of words that state no aim themselves, but say that aims follow in the same sentence."""

FOLLOWED: dict[str, Kind] = {
    **dict.fromkeys((*AIMS, "target-year", "strive-figure"), "goal"),
    **dict.fromkeys(("convened", "meeting-does", "meeting-guided"), "event"),
    "attended-by": "context",
    "listed-demand": "action",
}
"""Cues that say of what kind the clauses are that follow in the same sentence."""

PURPOSE = "purpose"
"""The cue of a purpose."""

CONSISTS = "consists"
"""The cue of words between an aim and the measures that it consists of."""

STRESSED, DEMAND = "stressed", "demand"
"""The cue of what someone stresses, and that of a demand: one for the other, it is its aim."""

TASK = "task"
"""The cue of work to be done: behind it a demand or a guide tells how, so it is but the topic."""

BASIS = "basis"
"""The cue of the ground or guide of what follows."""

JUDGED = "is-judged"
"""The cue of a judgement on the clause before."""

NECESSARY = "necessary"
"""The cue of what it takes to do what the clauses before it name."""

SPEAKS_OF_ITSELF = frozenset(["as-follows", "this-text"])
"""Cues of a text that tells what it is."""

WHO_ACTS = "whose-basis"
"""The cue of who acts, with the ground on which what follows is done."""

SAYING = frozenset(["saying", "speaking"])
"""Cues of who says what follows: it is no longer told as news."""

SPEAKING = SAYING | {"attending"}
"""Cues of clauses that bring in another speaker: who acted before acts no more."""

_KINDS: dict[str, Kind] = {name: name for name in (*WITH_PARTS, "fact", "context")}
_FIGURES = frozenset(["change", "change-bare", "counts", "share", "doubled"])
_QUALITY = "quality"  # the pattern that says how something is
_REACHES = frozenset(["predicate", "svo-bare"])  # with a figure as what is reached
_RESULTS = frozenset(
    ["final", "grown", "grown-work", "degree", "predicate", "gain", "opens", "light", "has-of"]
)
"""Patterns of what comes about with a thing: planned, it is a result aimed at."""

_PHRASE = 3  # code points of the shortest phrase before a verb
_MAYBE = frozenset([PURPOSE, "basis-phrase", "place-phrase", "guide-words", "aimed-at"])
"""Cues of phrases that a verb may follow."""

_GOES_ON = frozenset(["aimed-at"])
"""Cues that count only where the sentence goes on: at its end they are what is stated."""

_LED = frozenset(["gives", "by", "ba-land", "ba-act", "treat", "with", "with-verb"])
_WITH = frozenset(["with", "with-verb"])  # to them the words of a purpose are a phrase as well
"""Patterns that need the phrase before the verb: such a clause is never mere context."""


def kind_of(
    text: str,
    span: Span,
    parts: Parts | None,
    section: Section,
    heard: Heard,
    *,
    heading: bool,
    opens: bool = False,
    follows: Kind | None = None,
    aside: bool = False,
    ends: bool = False,
) -> tuple[Kind, str]:
    """Tell what a clause is, and the name of what decided.

    Args:
        text: the restored text.
        span: the clause.
        parts: what the grammar found in it.
        section: what its section reports.
        heard: the cues that may be in its words.
        heading: it belongs to a heading.
        opens: it is all of the opening line, a headline.
        follows: what its sentence began by saying that its clauses are, if it did.
        aside: it stands in brackets by itself.
        ends: it is the last of its sentence.
    """
    if aside:
        return "context", "aside"
    form = _form(parts)
    for status in ("first", section.status) if opens else (section.status,):
        for cue in heard.kinds(status, form):
            if not _passed_by(cue, parts, span.start, ends=ends):
                return _headed(cue.gives, section, heading=heading), cue.name
    if follows:
        return follows, section.cue
    return _by_section(parts, section, heading=heading, figure=_measured(text, parts)), section.cue


def _form(parts: Parts | None) -> str:
    """Tell the form of a clause, as far as cues ask for it."""
    if parts is None:
        return "none"
    form = "governing" if parts.object and not parts.subject else "other"
    return f"{form}-denied" if parts.negation else form


def _measured(text: str, parts: Parts | None) -> bool:
    """Tell whether a clause says that something grows by or reaches a figure."""
    if parts is None or parts.rule in _FIGURES:
        return parts is not None
    thing = parts.object
    return parts.rule in _REACHES and thing is not None and text[thing.start].isdigit()


def _passed_by(cue: Cue, parts: Parts | None, start: int, *, ends: bool) -> bool:
    """Tell whether a cue of a phrase does not count: a verb follows the phrase, or nothing does."""
    if ends and cue.name in _GOES_ON:
        return True
    return cue.name in _MAYBE and _follows(cue, parts, start)


def _follows(cue: Cue, parts: Parts | None, start: int) -> bool:
    """Tell whether a verb with an object follows the phrase that a cue has found."""
    if parts is None or parts.verb is None:
        return False
    if cue.name == PURPOSE:
        return parts.rule in _LED - _WITH
    return parts.rule in _LED or (parts.verb.start - start >= _PHRASE and parts.object is not None)


def _headed(kind: str, section: Section, *, heading: bool) -> Kind:
    """Make a demand in a heading a goal."""
    if heading and kind == "action" and section.status != "achieved":
        return "goal"
    return _KINDS[kind]


def _by_section(parts: Parts | None, section: Section, *, heading: bool, figure: bool) -> Kind:
    if section.status == "stated" and not (heading and parts is None):
        return "fact"
    if section.status == "achieved":
        return "achievement"
    if heading or figure or section.cue in TARGETS:
        return "goal"
    if parts is None or parts.rule == _QUALITY:
        return "action" if section.near else "fact"
    return "goal" if parts.rule in _RESULTS else "action"
