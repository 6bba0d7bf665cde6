"""Which of our kinds the types of other vocabularies mean, by the words they are made of.

In: ``ontology/kinds.yaml``, and a type: the IRI of a class, or what stands in a cell. Out: names of
our classes. Every concept of SKOS is a ``skos:Concept``, which therefore means nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from policygraph.errors import UnreadableInput, Where

_LAST = re.compile(r"[^/#:]*$")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Kinds:
    """Words for kinds of things.

    Attributes:
        words: names of classes → words that mean them.
    """

    words: Mapping[str, Iterable[str]]

    def meant_by(self, told: str) -> set[str]:
        """Give the kinds that a type means; none where it is not known.

        >>> kinds = Kinds({"Place": ["country", "自治区"], "Topic": ["topic"]})
        >>> kinds.meant_by("https://schema.org/Country"), kinds.meant_by("民族自治区")
        ({'Place'}, {'Place'})
        """
        last = _LAST.search(told)
        apart = _BETWEEN.sub(" ", _HUMP.sub(" ", last[0] if last else told)).casefold()
        return {kind for kind, words in self.words.items() if any(_stands(w, apart) for w in words)}


def read_kinds(ontology: Path) -> Kinds:
    """Read the words that come with the ontology; none where it has no such file.

    Raises:
        UnreadableInput: the file is not the YAML it should be.
    """
    path = ontology / "kinds.yaml"
    if not path.is_file():
        return Kinds({})
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Kinds(
            {kind: [str(w) for line in lines for w in line] for kind, lines in said.items()}
        )
    except (yaml.YAMLError, AttributeError, TypeError) as error:
        raise UnreadableInput("links/bad-kinds", Where(str(path)), why=str(error)) from error


def _stands(word: str, apart: str) -> bool:
    """Tell whether a word stands in a text; one of letters as a whole."""
    return f" {word} " in f" {apart} " if word.isascii() else word in apart
