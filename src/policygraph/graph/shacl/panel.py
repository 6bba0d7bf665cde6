"""Questions about a focus node, arranged by what they look at, so that one look answers them all.

In: questions that are judged without a query. Out: for a node, the questions it violates. What is
said of the node is read once; a question about a property that the node lacks is passed over unless
it speaks of what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policygraph.graph.shacl.native import Look, path_of
from policygraph.graph.shacl.questions import Question
from policygraph.graph.terms import Term

Judged = tuple[Question, Term | None]
"""A question, and the value that violates it; None where it is the node itself."""


class Panel:
    """Judges focus nodes by some questions."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._of_itself: list[Question] = []
        self._onward: dict[str, list[Question]] = {}
        self._back: list[tuple[str, Question]] = []
        for question in questions:
            path = path_of(question.shape)
            if path is None:
                self._of_itself.append(question)
            elif path[1]:
                self._onward.setdefault(path[0], []).append(question)
            else:
                self._back.append((path[0], question))
        of_none = {
            predicate: [question for question in those if question.speaks_of_none]
            for predicate, those in self._onward.items()
        }
        self._of_none = {predicate: those for predicate, those in of_none.items() if those}

    def judge(self, look: Look, focus: Term) -> Iterator[Judged]:
        """Give what a focus node violates."""
        for question in self._of_itself:
            yield from ((question, value) for value in question.judged(look, focus, [focus]))
        about = look.about(focus, self._onward)
        for predicate, values in about.items():
            for question in self._onward[predicate]:
                yield from ((question, value) for value in question.judged(look, focus, values))
        for predicate, those in self._of_none.items():
            if predicate not in about:
                for question in those:
                    yield from ((question, value) for value in question.judged(look, focus, []))
        for predicate, question in self._back:
            values = look.back(focus, predicate)
            yield from ((question, value) for value in question.judged(look, focus, values))
