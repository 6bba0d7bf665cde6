"""Records: the small objects that a draft makes by the ten thousand.

Making a frozen data class takes several times as long as making one that is not, and looking into
a named tuple twice as long as into slots. So nothing but the checker of types holds a record fast.
This room knows no language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a class a data class with slots that nobody changes, which mypy sees to.

    >>> @record
    ... class Place:
    ...     line: int
    >>> Place(3), Place(3) == Place(3), len({Place(3), Place(3)})
    (Place(line=3), True, 1)
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
