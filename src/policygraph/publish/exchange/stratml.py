"""StratML Part 1 (ISO 17469-1): the plan of one document, as XML.

In: a built graph and a document that sets goals. Out: goals with the actions listed under them,
institutions by the part the text gives them. What the text does not say is left out; so are actions
under no goal, for which the schema has no place: a comment counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from pyoxigraph import NamedNode

from policygraph.errors import WrongUsage
from policygraph.graph.terms import pg, text_of
from policygraph.identifiers import is_address, origin_of
from policygraph.namespaces import DCTERMS
from policygraph.publish.exchange.reading import Reading

SPACE = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""

_ACTORS = ("responsibleInstitution", "supportingInstitution", "actor")
"""Relations of a goal or action to an institution that acts in it."""


def stratml(reading: Reading) -> bytes:
    """Write the plan of the one document that sets goals.

    Raises:
        WrongUsage: no document sets a goal, or several do and none was chosen.
    """
    plans = {
        document: goals
        for document in dict.fromkeys(text.document for text in reading.texts.values())
        if (goals := _stated(reading, document, "setsGoal"))
    }
    if not plans:
        raise WrongUsage("publish/no-plan")
    if len(plans) > 1:
        known = ", ".join(map(reading.ids.key, plans))
        raise WrongUsage("publish/several-plans", known=known)
    [(document, goals)] = plans.items()
    return _Plan(reading, document).written(goals)


def _stated(reading: Reading, subject: str, name: str) -> list[str]:
    """List what a text states of a thing by a property, in the order of the text."""
    found = reading.store.engine.quads_for_pattern(NamedNode(subject), pg(name), None, None)
    objects = {text_of(q.object) for q in found if origin_of(text_of(q.graph_name)) == "stated"}
    return sorted(objects, key=lambda iri: (_place(reading, iri), iri))


def _place(reading: Reading, thing: str) -> int:
    return min((each.begin for each in reading.passages if thing in each.things), default=0)


class _Plan:
    """Writes one document as a strategic plan."""

    def __init__(self, reading: Reading, document: str) -> None:
        self.reading = reading
        self.document = document
        languages = (t.language for t in reading.texts.values() if t.document == document)
        self.language = next(languages, "")

    def written(self, goals: list[str]) -> bytes:
        plan = ElementTree.Element(f"{{{SPACE}}}StrategicPlan")
        self._put(plan, "Name", self._name(self.document))
        core = self._put(plan, "StrategicPlanCore")
        for institution in _stated(self.reading, self.document, "newsSource"):
            self._organization(core, institution)
        self._vision(core)
        for number, goal in enumerate(goals, 1):
            self._goal(core, goal, number)
        self._about(plan, goals)
        self._count_what_is_left_out(plan, goals)
        ElementTree.register_namespace("", SPACE)
        ElementTree.indent(plan)
        head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
        return head + ElementTree.tostring(plan, encoding="unicode").encode() + b"\n"

    def _goal(self, core: ElementTree.Element, goal: str, number: int) -> None:
        element = self._put(core, "Goal")
        self._itself(element, goal, str(number))
        for place, action in enumerate(_stated(self.reading, goal, "hasAction"), 1):
            self._itself(self._put(element, "Objective"), action, f"{number}.{place}")

    def _itself(self, element: ElementTree.Element, thing: str, number: str) -> None:
        """Write what goals and actions have alike, in the order of the schema."""
        self._put(element, "Name", self._name(thing))
        self._put(element, "Description", self._words(thing))
        self._put(element, "Identifier", self._identifier(thing))
        self._put(element, "SequenceIndicator", number)
        for name in _ACTORS:
            for institution in _stated(self.reading, thing, name):
                actor = self._put(element, "Stakeholder")
                actor.set("StakeholderTypeType", "Organization")
                self._put(actor, "Name", self._name(institution))
                self._put(actor, "Description", self._relation(name))
        self._put(element, "OtherInformation", thing)

    def _organization(self, core: ElementTree.Element, institution: str) -> None:
        element = self._put(core, "Organization")
        self._put(element, "Name", self._name(institution))
        self._put(element, "Identifier", self._identifier(institution))
        self._put(element, "Description", self._relation("newsSource"))

    def _vision(self, core: ElementTree.Element) -> None:
        aims = _stated(self.reading, self.document, "setsAim")
        if aims:
            words = "\n".join(map(self._words, aims))
            self._put(self._put(core, "Vision"), "Description", words)

    def _about(self, plan: ElementTree.Element, goals: Iterable[str]) -> None:
        """Write the period that all goals share, the day of issue and the address, where known."""
        periods = {tuple(_stated(self.reading, goal, "period")) for goal in goals}
        period = next(iter(periods)) if len(periods) == 1 else ()
        said = {
            "StartDate": self._values(period[0], pg("startsOn")) if len(period) == 1 else [],
            "EndDate": self._values(period[0], pg("endsOn")) if len(period) == 1 else [],
            "PublicationDate": self._values(self.document, pg("issuedOn")),
            "Source": self._values(self.document, NamedNode(DCTERMS + "source")),
        }
        element = self._put(plan, "AdministrativeInformation")
        for name, values in said.items():
            if len(values) == 1 and (name != "Source" or is_address(values[0])):
                self._put(element, name, values[0])

    def _count_what_is_left_out(self, plan: ElementTree.Element, goals: Iterable[str]) -> None:
        under = {a for goal in goals for a in _stated(self.reading, goal, "hasAction")}
        others = set(_stated(self.reading, self.document, "plansAction")) - under
        if others:
            plan.append(ElementTree.Comment(f" actions under no goal, left out: {len(others)} "))

    def _put(self, parent: ElementTree.Element, name: str, words: str = "") -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{SPACE}}}{name}")
        element.text = _CONTROL.sub("\ufffd", words) or None
        return element

    def _identifier(self, thing: str) -> str:
        """Make a name that XML takes as an ID: it begins with no digit."""
        return "_" + re.sub(r"[^A-Za-z0-9.-]", "-", self.reading.ids.key(thing))

    def _name(self, thing: str) -> str:
        return self.reading.name(thing, self.language)

    def _relation(self, name: str) -> str:
        return self.reading.name(pg(name).value, self.language)

    def _words(self, thing: str) -> str:
        """Give the words from which a thing is quoted."""
        quotes = [each.words for each in self.reading.passages if thing in each.things]
        return " … ".join(quotes) or self._name(thing)

    def _values(self, subject: str, predicate: NamedNode) -> list[str]:
        return self.reading.values(subject, predicate)
