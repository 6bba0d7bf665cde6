"""What makes it impossible to go on.

Every exception names an entry of the message catalogue and carries its facts as data; only the
command line turns them into text and an exit code. Something wrong *in the data* that does not
stop the work is a ``policygraph.report.Finding`` instead.
"""

from __future__ import annotations

from typing import NamedTuple

from policygraph.messages import advise, say


class Where(NamedTuple):
    """A place in the input: a file, a line (from 1; 0 = the whole file) and the id of a row."""

    file: str = ""
    line: int = 0
    id: str = ""

    def of(self, row: str) -> Where:
        """Give the same place in a row of this id."""
        return Where(self.file, self.line, row)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return " ".join(part for part in (place, self.id) if part)


class PolicyGraphError(Exception):
    """Root of all errors of this package.

    Attributes:
        name: entry of the message catalogue, for example ``source/altered``.
        where: the place that is to blame.
        facts: what the message is composed of.
        exit_code: what the command line returns.
    """

    exit_code = 3

    def __init__(self, name: str, where: Where | None = None, /, **facts: object) -> None:
        self.name = name
        self.where = where or Where()
        self.facts = facts
        super().__init__(name)

    def message(self, lang: str = "en") -> str:
        """Say what is wrong, with its place in front."""
        sentence = say(self.name, self.facts, lang)
        return f"{self.where}: {sentence}" if str(self.where) else sentence

    def mend(self, lang: str = "en") -> str:
        """Say what to do about it."""
        return advise(self.name, self.facts, lang)

    def __str__(self) -> str:
        return " ".join(part for part in (self.message(), self.mend()) if part)


class UnreadableInput(PolicyGraphError):
    """A file is missing, empty, in a wrong encoding or malformed."""


class WrongUsage(PolicyGraphError):
    """The caller asked for something that does not exist or makes no sense."""

    exit_code = 2


class NothingFound(PolicyGraphError):
    """The question makes sense, and the answer is that there is nothing."""

    exit_code = 1


class CannotWrite(PolicyGraphError):
    """An output could not be written; what was there before is still there."""


class WorkLost(PolicyGraphError):
    """A process that worked for this one ended before it was done; nothing was written."""


class RemoteFailure(PolicyGraphError):
    """A store elsewhere does not answer, or refuses; what it took so far is noted."""


def reason(error: OSError) -> str:
    """Say why the system refused: in its own words, or where it has none, in those of the error.

    >>> reason(OSError("IO error: No space left on device"))
    'IO error: No space left on device'
    """
    return error.strerror or str(error) or type(error).__name__
