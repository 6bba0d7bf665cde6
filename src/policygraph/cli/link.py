"""``policygraph link``: find links to another vocabulary, and decide on them."""

from __future__ import annotations

import datetime
import gc
import multiprocessing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from policygraph.bounded import Limits, bounded
from policygraph.cli.console import (
    byte_bar,
    common,
    language,
    out,
    print_findings,
    table_console,
    tell,
)
from policygraph.cli.places import own_place, place_of
from policygraph.cli.proposals import print_proposals
from policygraph.errors import WrongUsage
from policygraph.graph.link.concepts import (
    Pack,
    VocabularyFile,
    check_form,
    read_packs,
    read_vocabulary_file,
)
from policygraph.graph.link.kinds import read_kinds
from policygraph.graph.link.schemes import Scheme
from policygraph.graph.link.tables import ROLES
from policygraph.graph.vocabulary import read_schemes
from policygraph.namespaces import prefixes, shorten
from policygraph.nearest import nearest
from policygraph.pipeline import current
from policygraph.publish.folder import write_over
from policygraph.report import Finding
from policygraph.text.link_rows import Decision, with_decisions
from policygraph.text.links import SUFFIX, UNDECIDED, read_links
from policygraph.text.model import Link
from policygraph.workspace import Place, sha256

if TYPE_CHECKING:
    from policygraph.graph.link.propose import Proposal

Taken = TypeVar("Taken")

_LEFT_OPEN = "Looked at by a person and left open: nothing here is asserted."
_OPEN = ("open", "undecided")
"""States of proposals that are still to be decided on."""


@dataclass(frozen=True)
class _Verdicts:
    """What a person says of some proposals."""

    accept: tuple[str, ...]
    refuse: tuple[str, ...]
    undecided: tuple[str, ...]
    by: str
    on: str
    why: str

    def __bool__(self) -> bool:
        return bool(self.accept or self.refuse or self.undecided)


@click.command("link")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--missing", is_flag=True, help="List what has no link yet, and what is known of it.")
@click.option("--check", is_flag=True, help="Look up every link into FILE: is its other end there?")
@click.option("--pack", "pack_name", help="How a JSON or YAML file is laid out; see --packs.")
@click.option("--packs", is_flag=True, help="List the packs.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=ROLE",
    help="For a table: the column NAME is the id, a label, a code, a type, or what is wider.",
)
@click.option(
    "--scheme",
    "scheme_name",
    metavar="PREFIX",
    help="For a table: its ids are those of this vocabulary of ontology/schemes.ttl, in short.",
)
@click.option("--all", "everything", is_flag=True, help="Show what is linked or refused as well.")
@click.option("--accept", multiple=True, metavar="KEY", help="Make the link of a proposal.")
@click.option("--refuse", multiple=True, metavar="KEY", help="Refuse it for good.")
@click.option("--undecided", multiple=True, metavar="KEY", help="Note that it was left open.")
@click.option("--by", default="", help="Who decides.")
@click.option("--on", default="", metavar="DATE", help="On which day; today if left out.")
@click.option("--why", default="", help="For what reason.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    help="Format of the list.",
)
@common
def link_command(
    file: Path | None,
    missing: bool,  # noqa: FBT001 - click hands flags over by position
    check: bool,  # noqa: FBT001
    pack_name: str | None,
    packs: bool,  # noqa: FBT001
    columns: tuple[str, ...],
    scheme_name: str | None,
    everything: bool,  # noqa: FBT001
    accept: tuple[str, ...],
    refuse: tuple[str, ...],
    undecided: tuple[str, ...],
    by: str,
    on: str,
    why: str,
    form: str,
    workspace: Path | None,
) -> None:
    """Propose links to the vocabulary in FILE: RDF in any form, CSV, TSV, JSON or YAML.

    Nothing is linked by a score. What --accept, --refuse and --undecided decide is written to
    data/links/, with who, when and why.
    """
    verdicts = _Verdicts(accept, refuse, undecided, by, on, why)
    place = own_place(workspace) if verdicts else place_of(workspace)
    known = read_packs(place.ontology)
    if packs:
        out("".join(f"{name}\n" for name in known))
        return
    if missing:
        _print_missing(place, form)
        return
    if file is None:
        raise WrongUsage("links/no-file-named")
    short = _Short(read_schemes(place.ontology), scheme_name or "")
    vocabulary = _Vocabulary(file, _pack_of(pack_name, known), _use_of(columns), short)
    if check:
        _check(place, vocabulary)
        return
    edition, found = _proposals(place, vocabulary)
    if verdicts:
        _decide(place, pack_name or file.stem, edition, found, verdicts)
        return
    print_proposals(found if everything else [each for each in found if each.state in _OPEN], form)
    tell("links/proposed", _counts(found))


def _pack_of(name: str | None, known: dict[str, Pack]) -> Pack | None:
    if name is None:
        return None
    if name not in known:
        raise WrongUsage("links/no-such-pack", name=name, known=", ".join(known))
    return known[name]


def _use_of(columns: Iterable[str]) -> dict[str, str]:
    """Read what the user says of columns: the name of each, and what it is for."""
    use = {}
    for each in columns:
        name, found, role = each.rpartition("=")
        if not found or role not in ROLES:
            raise WrongUsage("links/bad-column", given=each)
        use[name] = role
    return use


class _Short:
    """Gives the whole of identifiers that a table has in short: ``wd:Q956``, or ``Q956`` alone."""

    def __init__(self, schemes: Iterable[Scheme], name: str) -> None:
        self._schemes = {scheme.prefix: scheme for scheme in schemes}
        self._name = name
        if name and name not in self._schemes:
            raise WrongUsage("links/no-such-scheme", name=name, known=", ".join(self._schemes))

    def whole(self, cell: str) -> str:
        """Give the identifier that a cell means; a cell that means none as it is."""
        prefix, colon, rest = cell.partition(":")
        scheme = self._schemes.get(prefix if colon else self._name)
        iri = (scheme.space + (rest if colon else cell)) if scheme else cell
        return iri if scheme and scheme.holds(iri) else cell


@dataclass(frozen=True)
class _Vocabulary:
    """A file of strangers, and how it is laid out."""

    file: Path
    pack: Pack | None
    use: dict[str, str]
    short: _Short

    def taken(self, what: Callable[[VocabularyFile], Taken]) -> Taken:
        """Read the file and take something out of it, in a process of its own, under a bar."""
        check_form(self.file)
        tell("links/reading", {"path": str(self.file)})
        read = multiprocessing.RawValue("Q", 0)

        def told(count: int) -> None:
            read.value = count

        def work() -> Taken:
            gc.disable()  # millions of values that stay: looking for cycles would take most time
            whole = self.short.whole
            return what(read_vocabulary_file(self.file, self.pack, self.use, told, whole))

        limits = Limits(
            seconds=300,
            memory=2 * 2**30,
            too_long="links/too-long",
            lost="links/too-large",
            about=str(self.file),
            offline=True,
        )
        with byte_bar(self.file.stat().st_size) as shown:
            return bounded(work, limits, lambda: shown(read.value))


def _decided(place: Place, *below: str) -> list[Link]:
    folder = place.data.joinpath("links", *below)
    return [link for each in read_links(folder, []) for link in each.links]


def _proposals(place: Place, vocabulary: _Vocabulary) -> tuple[str, list[Proposal]]:
    """Give the edition of a vocabulary, and what of it may be the same as things of ours."""
    from policygraph.graph.link.propose import Proposer

    check_form(vocabulary.file)
    store = current(place, progress=tell).store
    left_open = _decided(place, UNDECIDED)
    proposer = Proposer(store, _decided(place), read_kinds(place.ontology), left_open)
    return vocabulary.taken(lambda read: (read.edition, proposer.proposals(read.concepts)))


def _counts(found: Iterable[Proposal]) -> dict[str, int]:
    states = [each.state for each in found]
    left = states.count("undecided")
    found_open = {"open": states.count("open") + left, "undecided": left}
    return found_open | {name: states.count(name) for name in ("linked", "refused")}


def _check(place: Place, vocabulary: _Vocabulary) -> None:
    """Report links whose other end the file, an edition of its vocabulary, does not have."""
    decided, schemes = _decided(place), read_schemes(place.ontology)

    def looked_up(read: VocabularyFile) -> tuple[int, list[Link]]:
        there = {concept.iri for concept in read.concepts}
        used = [scheme for scheme in schemes if any(map(scheme.holds, there))]
        into = [link for link in decided if any(scheme.holds(link.object) for scheme in used)]
        return len(into), [link for link in into if link.object not in there]

    count, lost = vocabulary.taken(looked_up)
    file = str(vocabulary.file)
    dangling = [
        Finding("links/dangling", link.where, facts={"iri": link.object, "file": file})
        for link in lost
    ]
    print_findings(dangling, language())
    tell("links/checked", {"count": count, "dangling": len(dangling)})
    if dangling:
        raise click.exceptions.Exit(1)


def _decide(
    place: Place, name: str, edition: str, found: list[Proposal], verdicts: _Verdicts
) -> None:
    """Write decisions to the files of links, after all of them have been understood."""
    if not verdicts.by or not verdicts.why:
        raise WrongUsage("links/who-and-why")
    folder = place.data / "links"
    for target, keys, refused in (
        (folder / (name + SUFFIX), verdicts.accept, False),
        (folder / (name + SUFFIX), verdicts.refuse, True),
        (folder / UNDECIDED / (name + SUFFIX), verdicts.undecided, False),
    ):
        chosen = [_named(key, found) for key in keys]
        if chosen:
            _write(place, target, chosen, edition, verdicts, refused=refused)


def _named(key: str, found: list[Proposal]) -> Proposal:
    by_key = {each.key: each for each in found}
    if key not in by_key:
        raise WrongUsage("links/no-such-proposal", key=key, nearest=nearest(key, by_key))
    return by_key[key]


def _write(
    place: Place,
    target: Path,
    chosen: list[Proposal],
    edition: str,
    verdicts: _Verdicts,
    *,
    refused: bool,
) -> None:
    used = _Prefixes(place)
    on = verdicts.on or datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    decisions = [
        Decision(
            used.short(each.thing),
            each.name,
            shorten(each.predicate),
            used.short(each.concept),
            each.label,
            refused,
            verdicts.by,
            on,
            verdicts.why,
            "|".join(_matched(each)),
            edition,
        )
        for each in chosen
    ]
    was = target.read_bytes() if target.is_file() else b""
    target.parent.mkdir(parents=True, exist_ok=True)
    is_open = target.parent.name == UNDECIDED
    name = target.name.removesuffix(SUFFIX)
    iri = f"{place.base}mappings/{f'{UNDECIDED}/' if is_open else ''}{name}"
    remark = _LEFT_OPEN if is_open else ""
    text = with_decisions(was.decode("utf-8"), decisions, iri, used.declared(), remark)
    write_over(target, text.encode(), sha256(was) if was else "")
    tell("links/written", {"count": len(decisions), "path": str(target)})


def _matched(each: Proposal) -> Iterable[str]:
    """Give the names and codes that agree, each once, as SSSOM lists several values."""
    found = (a.theirs for a in each.agreements if a.kind in ("label", "alias", "code"))
    return dict.fromkeys(text.replace("|", "\\|") for text in found)


class _Prefixes:
    """Shortens identifiers, and remembers the prefixes it used."""

    def __init__(self, place: Place) -> None:
        self._base = f"{place.base}id/"
        self._schemes = read_schemes(place.ontology)
        self._used = {name: prefixes()[name] for name in ("schema", "skos", "semapv")}

    def short(self, iri: str) -> str:
        """Give prefix and rest of an identifier of ours or of a known vocabulary."""
        if iri.startswith(self._base):
            kind = iri.removeprefix(self._base).partition("/")[0]
            return self._as(f"pg{kind}", f"{self._base}{kind}/", iri)
        scheme = next((each for each in self._schemes if each.holds(iri)), None)
        if scheme is None:
            known = ", ".join(each.space for each in self._schemes)
            raise WrongUsage("links/no-such-form", iri=iri, nearest=known)
        return self._as(scheme.prefix, scheme.space, iri)

    def declared(self) -> dict[str, str]:
        """Give the prefixes that a file of these identifiers declares."""
        return dict(sorted(self._used.items()))

    def _as(self, prefix: str, space: str, iri: str) -> str:
        self._used[prefix] = space
        return f"{prefix}:{iri.removeprefix(space)}"


def _print_missing(place: Place, form: str) -> None:
    from policygraph.graph.query import serialize_result
    from policygraph.publish.tables import answer_table

    graph = current(place, progress=tell)
    if form == "table":
        answer = graph.query("unlinked")
        table_console().print(answer_table(answer, language(), graph.ids))
    else:
        query = graph.asker.named("unlinked")
        out(serialize_result(graph.asker.run(query.text), form))
