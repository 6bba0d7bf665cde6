"""Decisions on links, written as rows of an SSSOM file; rows that others wrote stay as they are.

In: the text of a file of links, or none, and decisions. Out: the text of the file with them. A
decision takes the place of an earlier one on the same two ends in the same file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_NEW = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_label",
    "mapping_date",
    "object_source_version",
    "match_string",
    "comment",
)
_JUDGED = "semapv:ManualMappingCuration"


@dataclass(frozen=True)
class Decision:
    """What a person decided on a proposal.

    Attributes:
        subject: our thing, as prefix and rest; ``predicate`` and ``object`` likewise.
        refused: whether the link must not be made.
        by: who decided; ``on`` is the day, ``why`` the reason.
        agreed: the values that spoke for it.
        edition: of the vocabulary, where it is known.
    """

    subject: str
    subject_label: str
    predicate: str
    object: str
    object_label: str
    refused: bool
    by: str
    on: str
    why: str
    agreed: str = ""
    edition: str = ""

    def cells(self) -> dict[str, str]:
        """Give the cells of its row by column."""
        modifier = "Not" if self.refused else ""
        said = (self.subject, self.subject_label, self.predicate, modifier, self.object)
        judged = (self.object_label, _JUDGED, self.by, self.on, self.edition, self.agreed, self.why)
        return dict(zip(_NEW, (*said, *judged), strict=True))


def with_decisions(
    text: str,
    decisions: Iterable[Decision],
    iri: str,
    prefixes: Mapping[str, str],
    remark: str = "",
) -> str:
    """Give a file of links with some more rows, in order.

    Args:
        text: the file as it is; empty for a new one.
        decisions: what to add; each replaces the row of the same two ends, if there is one.
        iri: of the set, for a new file.
        prefixes: prefix → namespace; those that the head lacks are added to it.
        remark: a comment on the set, for a new file.
    """
    lines = text.splitlines()
    count = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    head = _with_prefixes(lines[:count] or _head(iri, remark), prefixes)
    table = list(csv.DictReader(lines[count:], delimiter="\t"))
    rows = {(row["subject_id"], row["object_id"]): row for row in table}
    rows |= {(decision.subject, decision.object): decision.cells() for decision in decisions}
    columns = dict.fromkeys([*(table[0] if table else ()), *_NEW])
    written = io.StringIO()
    writer = csv.DictWriter(written, list(columns), delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {name: row.get(name, "") for name in columns} for _, row in sorted(rows.items())
    )
    return "\n".join(head) + "\n" + written.getvalue()


def _head(iri: str, remark: str) -> list[str]:
    return [
        '#sssom_version: "1.1"',
        "#curie_map:",
        f'#mapping_set_id: "{iri}"',
        '#license: "https://creativecommons.org/publicdomain/zero/1.0/"',
        *([f'#comment: "{remark}"'] if remark else []),
    ]


def _with_prefixes(head: list[str], prefixes: Mapping[str, str]) -> list[str]:
    place = next(i for i, line in enumerate(head) if line.startswith("#curie_map:")) + 1
    known = {line[1:].strip().partition(":")[0] for line in head[place:] if line.startswith("#  ")}
    new = [f'#  {name}: "{iri}"' for name, iri in prefixes.items() if name not in known]
    return [*head[:place], *new, *head[place:]]
