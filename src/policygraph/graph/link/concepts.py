"""Concepts of another vocabulary, read from a file that the user has.

In: a file of RDF in any form, CSV or TSV, JSON or YAML; for the last two a pack of
``ontology/packs/`` says where things stand in them. Out: identifiers, names, codes, types and what
is wider. Only Chinese and English names are kept, so that the memory taken is a small part of the
file's size. Nothing is fetched: a JSON-LD context on the web is an error.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import yaml
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from policygraph.errors import UnreadableInput, Where
from policygraph.graph.link.beside import FORMS, malformed
from policygraph.graph.link.concept import Concept, Name
from policygraph.graph.link.guard import refuse_hostile
from policygraph.graph.link.tables import concepts_of_table
from policygraph.graph.terms import TYPE, text_of
from policygraph.identifiers import is_identifier
from policygraph.namespaces import DCTERMS, RDFS, SCHEMA, SKOS

_PREFERRED = {
    SKOS + "prefLabel",
    RDFS + "label",
    SCHEMA + "name",
    "http://schema.org/name",
    DCTERMS + "title",
    "http://xmlns.com/foaf/0.1/name",
}
_FURTHER = {SKOS + "altLabel", SKOS + "hiddenLabel", SCHEMA + "alternateName"}
_CODES = {SKOS + "notation", DCTERMS + "identifier", "http://purl.org/dc/elements/1.1/identifier"}
_CODE_NAMES = ("code", "Code", "notation", "identifier")
_WIDER = {SKOS + "broader", DCTERMS + "isPartOf"}
_XL = "http://www.w3.org/2008/05/skos-xl#"
_XL_PREFERRED, _XL_FURTHER, _XL_FORM = (
    f"{_XL}{name}" for name in ("prefLabel", "altLabel", "literalForm")
)
_LANGUAGES = ("zh", "en", "")

_PIECE = 2**18
"""Bytes that are read at a time."""

_TABLES = {".csv": ",", ".tsv": "\t"}
_TREES = (".json", ".yaml", ".yml")


@dataclass(frozen=True)
class Pack:
    """How a file that is no RDF is laid out.

    Attributes:
        name: of the pack.
        records: keys that lead to the records, from the top.
        id: the key of a record's identifier, or a template with names of its keys in braces;
            ``{key}`` is the key that the record itself has.
        names: keys of names → whether they are preferred ones.
        codes: keys of codes; ``types`` of words for what a thing is; ``wider`` of identifiers of
            what is wider, or of keys of their records.
        edition: keys that lead to the edition, from the top.
    """

    name: str
    records: tuple[str, ...] = ()
    id: str = "id"
    names: Mapping[str, bool] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()
    edition: tuple[str, ...] = ()


def read_packs(ontology: Path) -> dict[str, Pack]:
    """Read the packs that come with the ontology, by name.

    Raises:
        UnreadableInput: one is not the YAML it should be.
    """
    return {path.stem: _pack(path) for path in sorted((ontology / "packs").glob("*.yaml"))}


def _pack(path: Path) -> Pack:
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Pack(
            path.stem,
            tuple(said["records"]),
            said["id"],
            dict.fromkeys(said.get("further", ()), False) | dict.fromkeys(said["preferred"], True),
            *(tuple(said.get(name, ())) for name in ("codes", "types", "wider", "edition")),
        )
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise UnreadableInput("links/bad-pack", Where(str(path)), why=str(error)) from error


class _Counting(io.FileIO):
    """A file that tells how many bytes of it have been read."""

    def __init__(self, path: Path, told: Callable[[int], None]) -> None:
        super().__init__(path)
        self._told = told
        self._count = 0

    def readinto(self, buffer: Any, /) -> int | None:
        count = super().readinto(buffer)
        self._count += count or 0
        self._told(self._count)
        return count


@dataclass(frozen=True)
class VocabularyFile:
    """What was read: concepts with a name or a code, and the edition where the file tells it."""

    concepts: tuple[Concept, ...]
    edition: str = ""


def _untold(_count: int) -> None:
    """Tell nobody."""


def read_vocabulary_file(
    path: Path,
    pack: Pack | None = None,
    columns: Mapping[str, str] | None = None,
    told: Callable[[int], None] = _untold,
    whole: Callable[[str], str] = str,
) -> VocabularyFile:
    """Read a vocabulary.

    Args:
        path: the file; its ending tells the form.
        pack: how a JSON or YAML file is laid out.
        columns: for a table: what its columns are for, by name; one of ``tables.ROLES``.
        told: is told how many bytes have been read.
        whole: gives the identifier that a short one in a table means; others as they are.

    Raises:
        UnreadableInput: the file is missing, of no known form, or malformed; the line is named.
    """
    form = check_form(path)
    if form in FORMS:
        refuse_hostile(path, FORMS[form])
    try:
        with io.BufferedReader(_Counting(path, told), _PIECE) as file:
            if form in FORMS:
                return _of_rdf(path, file, FORMS[form])
            if form in _TABLES:
                rows = concepts_of_table(path, file, _TABLES[form], columns or {}, whole)
                return VocabularyFile(tuple(rows))
            return _of_tree(path, file, pack)
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error


def _not_utf8(path: Path) -> UnreadableInput:
    """Find the first byte that is not UTF-8, and its line."""
    data, good = path.read_bytes(), 0
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = error.start
    line = data.count(b"\n", 0, good) + 1
    facts = {"byte": f"0x{data[good]:02X}", "position": good}
    return UnreadableInput("links/not-utf8", Where(str(path), line), **facts)


def check_form(path: Path) -> str:
    """Give the form of a file, which its ending tells.

    Raises:
        UnreadableInput: there is no such file, or its ending is unknown.
    """
    form = path.suffix.lower()
    if not path.is_file():
        raise UnreadableInput("source/missing", Where(str(path)), path=str(path))
    if form not in (*FORMS, *_TABLES, *_TREES):
        known = ", ".join((*FORMS, *_TABLES, *_TREES))
        raise UnreadableInput("links/unknown-form", Where(str(path)), form=form or "-", known=known)
    return form


def _of_rdf(path: Path, file: BinaryIO, form: RdfFormat) -> VocabularyFile:
    told = _Told()
    try:
        for quad in parse(file, format=form):
            told.take(quad)
    except SyntaxError as error:
        raise malformed(path, error) from error
    return VocabularyFile(tuple(c for c in told.concepts() if c.names), told.edition)


class _Told:
    """What RDF tells of concepts, statement by statement, in whatever order."""

    def __init__(self) -> None:
        self.edition = ""
        self._found: dict[str, Concept] = {}
        self._parts: dict[str, str] = {}
        self._labels: dict[str, tuple[str, bool]] = {}
        self._forms: dict[str, list[Literal]] = {}

    def take(self, quad: Quad) -> None:
        predicate, value = quad.predicate.value, quad.object
        if predicate in (_XL_PREFERRED, _XL_FURTHER):
            label = text_of(quad.subject), predicate == _XL_PREFERRED
            self._labels[text_of(value)] = label
        elif predicate == _XL_FORM and isinstance(value, Literal):
            if _language(value) in _LANGUAGES:
                self._forms.setdefault(text_of(quad.subject), []).append(value)
        elif isinstance(value, BlankNode) and isinstance(quad.subject, NamedNode):
            self._parts[value.value] = quad.subject.value
        elif iri := self._owner(quad.subject):
            self._note(self._found.setdefault(iri, Concept(iri)), predicate, value)

    def concepts(self) -> Iterable[Concept]:
        """Give what was told, once the labels of SKOS-XL are with their concepts."""
        for node, (iri, preferred) in self._labels.items():
            concept = self._found.setdefault(iri, Concept(iri))
            for form in self._forms.get(node, ()):
                _name(concept, form, preferred=preferred)
        return self._found.values()

    def _owner(self, subject: object) -> str:
        """Give the IRI that a statement is about: what a blank node belongs to, for one."""
        if isinstance(subject, NamedNode):
            return subject.value
        return self._parts.get(text_of(subject), "")

    def _note(self, concept: Concept, predicate: str, value: object) -> None:
        if predicate in _WIDER:
            concept.wider.add(text_of(value))
        elif predicate == TYPE.value:
            concept.types.add(text_of(value))
        elif not isinstance(value, Literal):
            return
        elif predicate in _PREFERRED | _FURTHER:
            _name(concept, value, preferred=predicate in _PREFERRED)
        elif predicate in _CODES or predicate.endswith(_CODE_NAMES):
            concept.codes.add(value.value)
        elif predicate.endswith("#versionInfo"):
            self.edition = value.value


def _name(concept: Concept, value: Literal, *, preferred: bool) -> None:
    if _language(value) in _LANGUAGES:
        concept.names.append(Name(value.value, _language(value), preferred))


def _language(value: Literal) -> str:
    return (value.language or "").split("-")[0]


def _of_tree(path: Path, file: BinaryIO, pack: Pack | None) -> VocabularyFile:
    load: Callable[[str], Any] = json.loads if path.suffix == ".json" else _load_yaml
    if pack is None:
        raise UnreadableInput("links/needs-a-pack", Where(str(path)))
    try:
        tree = load(file.read().decode("utf-8"))
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        line = getattr(error, "lineno", 0) or getattr(
            getattr(error, "problem_mark", None), "line", 0
        )
        why = getattr(error, "msg", "") or getattr(error, "problem", "") or type(error).__name__
        raise UnreadableInput("links/malformed-tree", Where(str(path), line), why=why) from error
    records = _down(tree, pack.records)
    if not isinstance(records, list | dict):
        keys = " / ".join(pack.records)
        raise UnreadableInput("links/not-as-the-pack-says", Where(str(path)), keys=keys)
    named = records.items() if isinstance(records, dict) else ((None, each) for each in records)
    concepts = filter(None, (_record(key, each, pack) for key, each in named))
    edition = _down(tree, pack.edition) if pack.edition else ""
    return VocabularyFile(tuple(concepts), str(edition or ""))


def _load_yaml(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _down(tree: Any, keys: Iterable[str]) -> Any:
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def _record(key: object, record: Any, pack: Pack) -> Concept | None:
    if not isinstance(record, dict):
        return None
    iri = pack.id.format_map({"key": key} | record) if "{" in pack.id else record.get(pack.id)
    names = [
        Name(text, lang, preferred)
        for name, preferred in pack.names.items()
        for lang, text in _texts(record.get(name))
    ]
    codes, types, wider = (
        {text for name in keys for text in _plain(record.get(name))}
        for keys in (pack.codes, pack.types, pack.wider)
    )
    if not is_identifier(str(iri)) or not names:
        return None
    return Concept(str(iri), names, codes, {_wider(each, pack) for each in wider}, types)


def _wider(told: str, pack: Pack) -> str:
    """Give the identifier of what is wider, where a record has the key of another one."""
    return pack.id.format(key=told) if "{key}" in pack.id else told


def _plain(value: Any) -> Iterator[str]:
    """Give a value, or those of a list, as text."""
    if isinstance(value, list):
        yield from (str(each) for each in value)
    elif value is not None:
        yield str(value)


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Give texts with their languages, from a text, a list or a mapping by language."""
    if isinstance(value, str):
        yield "", value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for lang, texts in value.items():
            if str(lang) in _LANGUAGES:
                yield from ((str(lang), text) for _, text in _texts(texts))
