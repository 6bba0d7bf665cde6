"""``policygraph link``: find links to another vocabulary, and decide on them."""

from __future__ import annotations

import csv
import datetime
import io
import json
import multiprocessing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from rapidfuzz import process
from rich.table import Table

from policygraph.bounded import Limits, bounded
from policygraph.cli.console import (
    byte_bar,
    common,
    folding_table,
    language,
    out,
    print_findings,
    table_console,
    tell,
)
from policygraph.cli.places import own_place, place_of
from policygraph.errors import WrongUsage
from policygraph.graph.link.concepts import (
    Pack,
    VocabularyFile,
    check_form,
    read_packs,
    read_vocabulary_file,
)
from policygraph.graph.vocabulary import read_schemes
from policygraph.messages import say
from policygraph.namespaces import prefixes, shorten
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

_HEADS = {
    "en": ("key", "state", "score", "thing", "link", "there", "what agrees", "rivals"),
    "zh": ("编号", "状态", "得分", "事物", "关系", "外部标识符", "一致之处", "竞争者"),
}
_STATES = {"open": "links/open", "linked": "links/linked", "refused": "links/refused"}


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
    help="For a table: the column NAME is the id, a label or a code.",
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
    vocabulary = _Vocabulary(file, _pack_of(pack_name, known), _use_of(columns))
    if check:
        _check(place, vocabulary)
        return
    edition, found = _proposals(place, vocabulary)
    if verdicts:
        _decide(place, pack_name or file.stem, edition, found, verdicts)
        return
    _print(found if everything else [each for each in found if each.state == "open"], form)
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
        if not found or role not in ("id", "label", "code"):
            raise WrongUsage("links/bad-column", given=each)
        use[name] = role
    return use


@dataclass(frozen=True)
class _Vocabulary:
    """A file of strangers, and how it is laid out."""

    file: Path
    pack: Pack | None
    use: dict[str, str]

    def taken(self, what: Callable[[VocabularyFile], Taken]) -> Taken:
        """Read the file and take something out of it, in a process of its own, under a bar."""
        check_form(self.file)
        tell("links/reading", {"path": str(self.file)})
        read = multiprocessing.RawValue("Q", 0)

        def told(count: int) -> None:
            read.value = count

        def work() -> Taken:
            return what(read_vocabulary_file(self.file, self.pack, self.use, told))

        limits = Limits(
            300, 2 * 2**30, offline=True, too_long="links/too-long", lost="links/too-large"
        )
        with byte_bar(self.file.stat().st_size) as shown:
            return bounded(work, limits, lambda: shown(read.value))


def _decided(place: Place) -> list[Link]:
    return [link for each in read_links(place.data / "links", []) for link in each.links]


def _proposals(place: Place, vocabulary: _Vocabulary) -> tuple[str, list[Proposal]]:
    """Give the edition of a vocabulary, and what of it may be the same as things of ours."""
    from policygraph.graph.link.propose import Proposer

    check_form(vocabulary.file)
    proposer = Proposer(current(place, progress=tell).store, _decided(place))
    return vocabulary.taken(lambda read: (read.edition, proposer.proposals(read.concepts)))


def _counts(found: Iterable[Proposal]) -> dict[str, int]:
    states = [each.state for each in found]
    return {name: states.count(name) for name in ("open", "linked", "refused")}


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
        nearest = ", ".join(hit[0] for hit in process.extract(key, list(by_key), limit=3)) or "-"
        raise WrongUsage("links/no-such-proposal", key=key, nearest=nearest)
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
            "|".join(dict.fromkeys(a.theirs.replace("|", "\\|") for a in each.agreements)),
            edition,
        )
        for each in chosen
    ]
    was = target.read_bytes() if target.is_file() else b""
    target.parent.mkdir(parents=True, exist_ok=True)
    iri = f"{place.base}mappings/{target.name.removesuffix(SUFFIX)}"
    text = with_decisions(was.decode("utf-8"), decisions, iri, used.declared())
    write_over(target, text.encode(), sha256(was) if was else "")
    tell("links/written", {"count": len(decisions), "path": str(target)})


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


def _print(found: list[Proposal], form: str) -> None:
    rows = [_row(each) for each in found]
    if form == "table":
        table_console().print(_table(rows))
    elif form == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, _HEADS["en"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        out(text.getvalue())
    else:
        out(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def _table(rows: list[dict[str, str]]) -> Table:
    lang = language()
    table = folding_table(*_HEADS[lang])
    for row in rows:
        shown = {**row, "state": say(_STATES[row["state"]], {}, lang)}
        table.add_row(*shown.values())
    return table


def _row(each: Proposal) -> dict[str, str]:
    agreed = [f"{a.kind}: {a.ours} = {a.theirs}" for a in each.agreements]
    thing = "/".join(each.thing.rsplit("/", 2)[1:])
    cells = (
        each.key,
        each.state,
        f"{each.score:.2f}",
        f"{thing}\n{each.name}",
        shorten(each.predicate),
        f"{each.concept}\n{each.label}",
        "\n".join(agreed),
        "\n".join(each.rivals),
    )
    return dict(zip(_HEADS["en"], cells, strict=True))
