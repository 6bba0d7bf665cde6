"""Finding: words in, the things and sentences that have them out, the best first.

In: an index. Out: a ``Found``. First come things that are called just so, then those whose names
begin so, then those spelt so in Latin letters, then names with the words in them, then sentences.
A query is words and nothing else: no sign in it has a meaning.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from policygraph.errors import WorkLost, WrongUsage
from policygraph.graph.search.words import Word, is_chinese, words_of
from policygraph.identifiers import passage_span

FACETS = ("kind", "year", "document")
LONGEST = 500
"""Code points that a query may have."""
MOST = 200
"""Hits that are given at a time."""
DEEPEST = 10_000
"""How far down a list of hits one can go."""
_SECONDS = 5.0
_STEPS = 20_000
_LAST = "\U0010ffff"

# Each way of matching: its rank among the others, then how wordings are found.
_NAMED = """
SELECT item, 0 AS tier, 0.0 AS score, wording FROM name WHERE key = :key
UNION ALL SELECT item, 1, length(key), wording FROM name
  WHERE key > :key AND key < :key || :last AND wording IS NOT NULL
"""
_SPELT = """
UNION ALL SELECT item, 2, length(key), wording FROM sound WHERE key = :sound
UNION ALL SELECT item, 4, length(key), wording FROM sound
  WHERE key > :sound AND key < :sound || :last
UNION ALL SELECT item, 5, length(key), wording FROM sound
  WHERE initials AND length(:sound) > 2 AND instr(key, :sound) > 1
"""
_WORDED = """
UNION ALL SELECT wording.item, CASE role WHEN 'sentence' THEN 6 ELSE 3 END,
    CASE role WHEN 'sentence' THEN round(rank, 4) ELSE length(text) END, wording.id
  FROM word CROSS JOIN wording ON wording.id = word.rowid WHERE word MATCH :match
"""
_FILL = """
INSERT INTO hit SELECT item, tier, score, wording FROM (
  SELECT item, tier, score, wording, row_number() OVER (
    PARTITION BY item ORDER BY tier, score, wording) AS place FROM ({ways})) WHERE place = 1
"""
_ROWS = "SELECT item.*, tier, wording FROM hit CROSS JOIN item ON item.id = hit.item"
_FITS = {
    "kind": "instr(',' || :kind || ',', ',' || item.kind || ',') > 0",
    "year": "item.id IN (SELECT year.item FROM year WHERE value = :year)",
    "document": "item.id IN (SELECT document.item FROM document WHERE value = :document)",
}
_SIMILAR = f"""
SELECT iri FROM word CROSS JOIN wording ON wording.id = word.rowid
  CROSS JOIN item ON item.id = wording.item
  WHERE word MATCH :match AND role <> 'sentence' AND {_FITS["kind"]}
  ORDER BY round(word.rank, 4), item.rank, iri LIMIT :limit
"""  # noqa: S608 - our own words
_NAMES = """
SELECT text, lang FROM item JOIN wording ON wording.item = item.id
  WHERE iri = ? AND role <> 'sentence' ORDER BY wording.id
"""
_COUNTS = {
    "kind": "SELECT kind, count(*) FROM hit CROSS JOIN item ON item.id = hit.item",
    "year": "SELECT value, count(*) FROM hit CROSS JOIN item ON item.id = hit.item"
    " CROSS JOIN year ON year.item = item.id",
    "document": "SELECT value, count(*) FROM hit CROSS JOIN item ON item.id = hit.item"
    " CROSS JOIN document ON document.item = item.id",
}
_VALUES = {
    "kind": "SELECT DISTINCT kind FROM item ORDER BY 1",
    "year": "SELECT DISTINCT value FROM year ORDER BY 1",
    "document": "SELECT DISTINCT value FROM document ORDER BY 1",
}
_BEST_FIRST = """
ORDER BY tier, CASE tier WHEN 6 THEN 0 ELSE item.rank END, score, iri
LIMIT :limit OFFSET :offset
"""
_WHY = ("name", "beginning", "spelling", "words", "spelling", "spelling", "sentence")


@dataclass(frozen=True)
class Hit:
    """Something that was found.

    Attributes:
        iri: the thing, or the passage that the sentence is.
        kind: name of its class in the policy ontology; ``Passage`` for a sentence.
        why: ``name``, ``beginning``, ``spelling``, ``words`` or ``sentence``.
        text: the name or sentence that matches.
        lang: its language.
        marks: where the words of the query stand in it: code points, end exclusive.
        labels: of a thing, by language; empty for a sentence.
        documents: IRIs of the documents that speak of it.
    """

    iri: str
    kind: str
    why: str
    text: str
    lang: str
    marks: tuple[tuple[int, int], ...]
    labels: Mapping[str, str]
    documents: tuple[str, ...]

    @property
    def span(self) -> tuple[int, int] | None:
        """Where a sentence stands in its document; None for a thing."""
        found = passage_span(self.iri)
        return found[1:] if found else None

    def snippet(self, around: int = 40) -> list[tuple[str, bool]]:
        """Cut the text to what is around the first mark, in pieces; True says that one is a mark.

        Args:
            around: code points that are kept before it and four times as many after it.
        """
        first = self.marks[0][0] if self.marks else 0
        start = 0 if first <= around * 2 else first - around
        end = len(self.text) if len(self.text) - first <= around * 5 else first + around * 4
        pieces = [("…", False)] if start else []
        place = start
        for begin, stop in self.marks:
            if begin < end:
                stop = min(stop, end)
                pieces += [(self.text[place:begin], False), (self.text[begin:stop], True)]
                place = stop
        pieces.append((self.text[place:end] + ("…" if end < len(self.text) else ""), False))
        return [piece for piece in pieces if piece[0]]


@dataclass(frozen=True)
class Found:
    """The answer to a query.

    Attributes:
        query: the words asked for.
        total: how many hits there are.
        hits: those of them that were asked for.
        offset: how many come before them.
        facets: by name, each value with the number of hits it would leave, the largest first.
    """

    query: str
    total: int
    hits: tuple[Hit, ...]
    offset: int
    facets: Mapping[str, tuple[tuple[str, int], ...]]


class Finder:
    """Asks one index, one question at a time."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._lock = threading.Lock()
        self._database = database
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA temp_store = MEMORY")
        database.execute(
            "CREATE TEMP TABLE hit (item INTEGER PRIMARY KEY, tier INTEGER, score, wording INTEGER)"
        )

    def find(
        self,
        query: str,
        chosen: Mapping[str, str] | None = None,
        *,
        limit: int = 20,
        offset: int = 0,
        facets: bool = True,
    ) -> Found:
        """Find what has all the words of a query.

        Args:
            query: words in Chinese (either script), English, pinyin or its initials.
            chosen: the ``kind`` (several with commas between them), ``year`` and ``document`` (by
                its IRI) that hits must have.
            limit: hits to give, up to 200.
            offset: hits to leave out before them.
            facets: whether hits are counted by kind, year and document.

        Raises:
            WrongUsage: the query is too long.
            WorkLost: it takes too long.
        """
        if len(query) > LONGEST:
            raise WrongUsage("search/too-long", most=LONGEST)
        given = chosen or {}
        sifted = {name: _plain(given[name]) for name in FACETS if given.get(name)}
        parts = [words for part in query.split() if (words := words_of(part))]
        if not parts:
            return Found(query, 0, (), offset, dict.fromkeys(FACETS, ()))
        with self._lock, self._in_time():
            self._fill(parts)
            hits = tuple(self._hits(parts, sifted, max(0, min(limit, MOST)), max(0, offset)))
            counts = {name: self._counts(name, sifted) for name in FACETS} if facets else {}
            return Found(query, self._total(sifted), hits, offset, counts)

    def _in_time(self) -> _Deadline:
        return _Deadline(self._database, _SECONDS)

    def _fill(self, parts: list[list[Word]]) -> None:
        """Note every item that matches, each with the best of its wordings."""
        words = [word.text for words in parts for word in words]
        values = {"key": " ".join(words), "match": _match(parts), "last": _LAST}
        ways = _NAMED + _WORDED
        if all(word.isascii() and word.isalpha() for word in words) and len("".join(words)) > 1:
            ways, values["sound"] = ways + _SPELT, "".join(words)
        self._database.execute("DELETE FROM hit")
        self._database.execute(_FILL.format(ways=ways), values)

    def _hits(
        self, parts: list[list[Word]], sifted: Mapping[str, str], limit: int, offset: int
    ) -> Iterator[Hit]:
        query = f"{_ROWS} {_where(sifted)} {_BEST_FIRST}"
        values = {**sifted, "limit": limit, "offset": min(offset, DEEPEST)}
        for row in self._database.execute(query, values).fetchall():
            yield self._hit(row, parts)

    def _hit(self, row: sqlite3.Row, parts: list[list[Word]]) -> Hit:
        ask = self._database.execute
        wordings = ask("SELECT * FROM wording WHERE item = ? ORDER BY id", (row["id"],)).fetchall()
        named = [each for each in reversed(wordings) if each["role"] == "label"]
        shown = next((each for each in wordings if each["id"] == row["wording"]), wordings[0])
        documents = ask("SELECT value FROM document WHERE item = ? ORDER BY value", (row["id"],))
        marks = () if _WHY[row["tier"]] == "spelling" else marks_in(shown["text"], parts)
        return Hit(
            row["iri"],
            row["kind"],
            _WHY[row["tier"]],
            shown["text"],
            shown["lang"],
            marks,
            {each["lang"]: each["text"] for each in named},
            tuple(each["value"] for each in documents),
        )

    def _total(self, sifted: Mapping[str, str]) -> int:
        query = f"SELECT count(*) FROM ({_ROWS} {_where(sifted)})"  # noqa: S608 - our own words
        return int(self._database.execute(query, sifted).fetchone()[0])

    def _counts(self, facet: str, sifted: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
        """Count hits by the values of a facet, as if none of them were chosen."""
        others = {name: value for name, value in sifted.items() if name != facet}
        query = f"{_COUNTS[facet]} {_where(others)} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 100"
        return tuple(map(tuple, self._database.execute(query, others)))

    def similar(self, name: str, kinds: str, limit: int) -> list[str]:
        """List things, by their IRIs, whose names share words or pairs of characters with a name.

        Args:
            name: in any language; what is beyond 60 words of it is left out.
            kinds: that they must be of, with commas between them.
            limit: how many to give, those that share most first.
        """
        shared = _pairs(words_of(name)[:60])
        if not shared:
            return []
        values = {"match": shared, "kind": _plain(kinds), "limit": limit}
        with self._lock, self._in_time():
            rows = self._database.execute(_SIMILAR, values).fetchall()
        return list(dict.fromkeys(row["iri"] for row in rows))

    def names(self, iri: str) -> list[tuple[str, str]]:
        """List the names of a thing, each with its language, labels first."""
        with self._lock:
            rows = self._database.execute(_NAMES, (_plain(iri),)).fetchall()
        return [(row["text"], row["lang"]) for row in rows]

    def values(self, facet: str) -> list[str]:
        """List the values that a facet has here."""
        with self._lock:
            return [row[0] for row in self._database.execute(_VALUES[facet])]


class _Deadline:
    """Ends what a database does when it takes too long."""

    def __init__(self, database: sqlite3.Connection, seconds: float) -> None:
        self._database = database
        self._seconds = seconds

    def __enter__(self) -> None:
        end = time.monotonic() + self._seconds
        self._database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._database.set_progress_handler(None, 0)
        if isinstance(error, sqlite3.OperationalError) and "interrupted" in str(error):
            raise WorkLost("search/too-slow", seconds=f"{self._seconds:g}") from error


def _where(sifted: Mapping[str, str]) -> str:
    return "WHERE " + " AND ".join(_FITS[name] for name in sifted) if sifted else ""


def _match(parts: list[list[Word]]) -> str:
    """Write an expression of FTS5: every part a phrase, the last one open at its end."""
    phrases = ['"' + " ".join(word.text for word in words) + '"' for words in parts]
    open_end = "" if is_chinese(parts[-1][-1].text) else "*"
    return " ".join(phrases) + open_end


def _pairs(words: list[Word]) -> str:
    """Write an expression of FTS5: any word of letters, any two characters that stand together."""
    texts = [word.text for word in words]
    pairs = [" ".join(two) for two in pairwise(texts) if all(map(is_chinese, two))]
    single = [text for text in texts if len(texts) == 1 or not is_chinese(text)]
    return " OR ".join(f'"{each}"' for each in dict.fromkeys([*pairs, *single]))


def marks_in(text: str, parts: list[list[Word]]) -> tuple[tuple[int, int], ...]:
    """Find where the parts of a query stand in a text; overlapping places become one."""
    words = words_of(text)
    spans = sorted(span for part in parts for span in _places(words, part, part is parts[-1]))
    marks: list[tuple[int, int]] = []
    for start, end in spans:
        if marks and start <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return tuple(marks)


def _places(words: list[Word], part: list[Word], is_open: bool) -> Iterator[tuple[int, int]]:  # noqa: FBT001
    wanted = [word.text for word in part]
    for first in range(len(words) - len(part) + 1):
        there = words[first : first + len(part)]
        texts = [word.text for word in there]
        same = texts == wanted
        begins = texts[:-1] == wanted[:-1] and texts[-1].startswith(wanted[-1])
        if same or (is_open and begins):
            yield there[0].start, there[-1].end


def _plain(value: str) -> str:
    return value.encode("utf-8", "replace").decode()
