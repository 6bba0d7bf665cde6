"""What the tables of the lexicon may hold: for each table, what the fields of a column look like.

In: a field of a row of a file; out: nothing, or a refusal with its file and line. Every reader of
tables asks here, so that drafting, restoring and the lint refuse the same rows with the same words.
A column that is not named may hold anything. This room knows no RDF.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from policygraph.errors import UnreadableInput, Where

FILLED = r"(?s:.*\S.*|[ 　]+)"
"""Something; a space alone can be a word."""

PATTERN = "a regular expression"
"""Said instead of how a field looks: it has to compile."""

_INTEGER = r"-?\d{1,9}"
_TYPE = "date|institution|document|event|initiative|figure|place|person"
_TRIED = {"name": FILLED, "pattern": PATTERN}

_NAMES = {"form": FILLED, "flags": "(?:generic|in-row)?"}

TABLES: Mapping[str, Mapping[str, str]] = {
    "verbs.tsv": {
        "form": FILLED,
        "class": "support|compound|general|advance|regulate|strengthen|build|state",
    },
    "modifiers.tsv": {"form": FILLED},
    "prepositions.tsv": {"form": FILLED, "class": "[a-z]+"},
    "words.tsv": {"list": "[a-z_]+", "form": FILLED},
    "connectors.tsv": {"form": FILLED},
    "signs.tsv": {"list": "open|close|sentence|clause|soft|aside|speech|unspeech", "form": FILLED},
    "markers.tsv": {**_TRIED, "level": r"\d"},
    "shapes.tsv": _TRIED,
    "macros.tsv": {"name": "[a-z_]+", "pattern": FILLED},
    "patterns.tsv": {"name": FILLED, "pattern": FILLED, "example": FILLED},
    "kinds.tsv": {
        **_TRIED,
        "kind": "goal|action|achievement|event|fact|context",
        "status": "any|first|achieved|planned|stated",
        "parts": "any|parts|none|telling|denied",
    },
    "sections.tsv": {
        **_TRIED,
        "place": "heading|line|sentence|clause",
        "status": "planned|achieved|stated|dated|vote",
        "period": rf"(?:{_INTEGER}(?:/{_INTEGER})?)?",
    },
    "votes.tsv": {**_TRIED, "points": r"-?\d{1,3}(?:\.\d{1,3})?"},
    "years.tsv": {**_TRIED, "adds": _INTEGER},
    "short-names.tsv": _TRIED,
    "genres/*": {"key": "detect|status|lasts", "value": FILLED},
    "names/patterns.tsv": {
        **_TRIED,
        "type": f"(?:{_TYPE})(?: generic)?",
        "place": "text|phrase|issued|run|after-(?:place|institution|document)|in-document",
    },
    "names/dates.tsv": {
        "form": FILLED,
        "first": _INTEGER,
        "last": _INTEGER,
        "flags": "(?:months|plan|section(?: end)?)?",
    },
    "names/numerals.tsv": {"form": FILLED, "value": FILLED},
    "names/nesting.tsv": {"outer": _TYPE, "inner": _TYPE, "through": f"(?:{_TYPE})?"},
    "names/words.tsv": {"list": "[a-z_]+", "form": FILLED},
    "names/never.tsv": {"type": _TYPE, "form": FILLED},
    "names/*": _NAMES,
    "restoration/inserted_lines.tsv": {"word": FILLED, "use": "call|thing"},
    "restoration/meant_brackets.tsv": {"character": FILLED, "letters": "[a-z]+"},
    "restoration/phrases.tsv": {"phrase": FILLED},
    "restoration/script_words.tsv": {"written": FILLED, "simplified": FILLED},
    "restoration/signs.tsv": {
        "sign": FILLED,
        "ascii": "[!-~]?",
        "unfold": "(?:yes|no)?",
        "searched": r"\d?",
        "doubled": "(?:yes)?",
    },
    "restoration/spun_words.tsv": {"written": FILLED, "meant": FILLED},
}
"""Table → column → how its fields look, as a whole; ``*`` stands for all others of a folder."""

GENRE: Mapping[str, str] = {
    "detect": PATTERN,
    "status": "planned|achieved|vote",
    "lasts": "line|section",
}
"""Key of a genre → how its value looks."""


def check_row(path: Path, fields: Mapping[str, str], where: Where) -> None:
    """Refuse a row that its table does not allow.

    Args:
        path: the file.
        fields: column → field.
        where: the row stands.

    Raises:
        UnreadableInput: a field is none of those allowed, is empty, or does not compile.
    """
    folder = path.parent.name
    known = (f"{folder}/{path.name}", f"{folder}/*", path.name)
    columns = next((TABLES[name] for name in known if name in TABLES), {})
    for column, form in columns.items():
        check_field(column, fields.get(column, ""), form, where)


def check_field(column: str, field: str, form: str, where: Where) -> None:
    """Refuse a field that does not look as it must.

    Raises:
        UnreadableInput: it is none of those allowed, is empty, or does not compile.
    """
    if form == PATTERN:
        _check_pattern(field, where)
    elif not re.fullmatch(form, field):
        if form == FILLED:
            raise UnreadableInput("draft/table-empty", where, column=column)
        allowed = re.sub(r"[()?:]", "", form).replace("|", ", ") if form.islower() else form
        facts = {"column": column, "value": field, "allowed": allowed}
        raise UnreadableInput("draft/table-value", where, **facts)


def _check_pattern(pattern: str, where: Where) -> None:
    if not pattern:
        raise UnreadableInput("draft/table-empty", where, column="pattern")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise UnreadableInput("draft/pattern", where, why=str(error)) from error
