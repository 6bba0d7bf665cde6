"""The index: what can be found, laid down in SQLite.

In: items. Out: a database in memory or in a file: names by their keys, their spellings in Latin
letters, and every word of every text (FTS5 over words that are cut here, since its own tokenizers
know no words of Chinese). The same items give the same rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from policygraph.graph.search.gather import NAMED_FIRST, SENTENCE, Item
from policygraph.graph.search.words import key_of, spellings
from policygraph.graph.store import GraphStore
from policygraph.identifiers import Identifiers

_SCHEMA = """
CREATE TABLE item (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, kind TEXT, rank INTEGER);
CREATE TABLE wording (id INTEGER PRIMARY KEY, item INTEGER, role TEXT, lang TEXT, text TEXT);
CREATE TABLE name (key TEXT, item INTEGER, wording INTEGER);
CREATE TABLE sound (key TEXT, initials INTEGER, item INTEGER, wording INTEGER);
CREATE TABLE document (item INTEGER, value TEXT, PRIMARY KEY (item, value)) WITHOUT ROWID;
CREATE TABLE year (item INTEGER, value TEXT, PRIMARY KEY (item, value)) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5 (key, content='', tokenize='ascii');
"""
_AFTER = """
CREATE INDEX name_key ON name (key);
CREATE INDEX sound_key ON sound (key);
CREATE INDEX wording_item ON wording (item);
INSERT INTO word (word) VALUES ('optimize');
"""


def made(items: Iterable[Item], ids: Identifiers, path: Path | None = None) -> sqlite3.Connection:
    """Lay items down in a new database.

    Args:
        items: what can be found.
        ids: how IRIs look; a thing is found by its key, too.
        path: of the file; without it, in memory.
    """
    database = sqlite3.connect(path or ":memory:", check_same_thread=False)
    database.executescript(_SCHEMA)
    writer = _Writer(database, ids)
    for item in items:
        writer.add(item)
    database.executescript(_AFTER)
    database.commit()
    return database


def opened(path: Path) -> sqlite3.Connection:
    """Open a database that was laid down, to be asked only."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)


class _Writer:
    def __init__(self, database: sqlite3.Connection, ids: Identifiers) -> None:
        self.write = database.cursor().execute
        self.ids = ids
        self.items = 0
        self.wordings = 0

    def add(self, item: Item) -> None:
        """Lay an item down."""
        self.items += 1
        kinds = dict(zip(NAMED_FIRST, range(len(NAMED_FIRST)), strict=True))
        rank = kinds.get(item.kind, len(kinds))
        self.write("INSERT INTO item VALUES (?, ?, ?, ?)", (self.items, item.iri, item.kind, rank))
        for table, values in (("document", item.documents), ("year", item.years)):
            for value in values:
                self.write(f"INSERT INTO {table} VALUES (?, ?)", (self.items, value))  # noqa: S608
        for wording in item.wordings:
            self.wordings += 1
            row = (self.wordings, self.items, wording.role, wording.lang, wording.text)
            self.write("INSERT INTO wording VALUES (?, ?, ?, ?, ?)", row)
            self._add_words(wording.text, is_name=item.kind != SENTENCE)
        if item.kind != SENTENCE:
            key = key_of(self.ids.key(item.iri))
            self.write("INSERT INTO name VALUES (?, ?, NULL)", (key, self.items))

    def _add_words(self, text: str, *, is_name: bool) -> None:
        key = key_of(text)
        self.write("INSERT INTO word (rowid, key) VALUES (?, ?)", (self.wordings, key))
        if not is_name:
            return
        self.write("INSERT INTO name VALUES (?, ?, ?)", (key, self.items, self.wordings))
        for initials, sound in enumerate(spellings(text) or ()):
            row = (sound, initials, self.items, self.wordings)
            self.write("INSERT INTO sound VALUES (?, ?, ?, ?)", row)


def index_of(store: GraphStore, ids: Identifiers, path: Path | None = None) -> sqlite3.Connection:
    """Lay down everything in a graph that can be found."""
    from policygraph.graph.search.gather import Gatherer

    return made(Gatherer(store, ids).items(), ids, path)
