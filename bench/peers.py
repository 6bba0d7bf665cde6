"""Policygraph beside its peers, in one run: each stage in turn with each way, ratios first.

``make bench`` runs it. The plain stack is rdflib, pyshacl and owlrl; then there is pyoxigraph alone
and, where they are installed, the engines of ``engines.py``. What is found is counted and compared,
so that nobody is fast by being wrong. Medians of five rounds; a way that took a minute with the
rounds it had (or as long as ``--enough`` says) does not run again, and this is said. The first
ratio and time are those of the clock, the second those of all processors: another program on the
machine disturbs them less.
"""

from __future__ import annotations

import argparse
import gc
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import rdflib
import yaml
from corpus import write_corpus
from engines import Way, rule_engine, shape_engines
from growth import SIZES, values_for
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize

from policygraph.api.policy_graph import PolicyGraph
from policygraph.bounded import Limits, bounded
from policygraph.corpus.kept import keep
from policygraph.corpus.order import Order, processes
from policygraph.corpus.parts import Maker
from policygraph.corpus.workers import parts
from policygraph.errors import WorkLost
from policygraph.graph.build import quoted_in
from policygraph.graph.infer import infer
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import in_graph
from policygraph.graph.validate import read_shapes, validate, validate_store
from policygraph.identifiers import Identifiers
from policygraph.text.documents import document_folders
from policygraph.workspace import Place

ROUNDS = 5
PATIENCE = Limits(seconds=10)
"""How long a query may take; it counts as so long if it takes longer."""
LINE = b"\n"
ENOUGH = 60
"""Seconds of all its rounds after which a way is not measured again."""
_SPOILT = 97
"""For the shapes, every so manieth quad is left out."""
_TOO_MANY_FOR_OWLRL = 50_000
"""Quads from which on owlrl, and rdflib's queries, would take an hour."""


class Row(NamedTuple):
    """What one way took, by the clock and of all processors, and what it found."""

    seconds: float
    busy: float
    rounds: int
    found: Any


def measured(ways: Mapping[str, Way], enough: float) -> dict[str, Row]:
    """Run ways in turn, round after round; give their medians."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    busy: dict[str, list[float]] = {name: [] for name in ways}
    found: dict[str, Any] = {}
    gc.collect()
    gc.freeze()  # no way need look for rubbish among what the others are given
    for _ in range(ROUNDS):
        for name, work in ways.items():
            if sum(seconds[name]) < enough:
                start, begun = time.perf_counter(), _busy()
                found[name] = work()
                seconds[name].append(time.perf_counter() - start)
                busy[name].append(_busy() - begun)
    return {
        name: Row(statistics.median(taken), statistics.median(busy[name]), len(taken), found[name])
        for name, taken in seconds.items()
    }


def _busy() -> float:
    """Give the seconds that processors worked for this process and those it has waited for."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def told(stage: str, rows: Mapping[str, Row]) -> Iterator[str]:
    """Write the rows of a stage; ours is the first, and ratios are against it."""
    yield stage
    ours = next(iter(rows.values()))
    for name, row in rows.items():
        rounds = "" if row.rounds == ROUNDS else f", rounds: {row.rounds}"
        clock = f"{row.seconds / ours.seconds:8.2f} x {row.seconds:9.4f} s"
        processors = f"{row.busy / ours.busy:8.2f} x {row.busy:9.4f} s"
        yield f"{clock} {processors}  {name}: {row.found}{rounds}"


class Corpus:
    """The asserted quads of a corpus with its ontology, as a file and as each way holds them."""

    def __init__(self, documents: int, folder: Path) -> None:
        write_corpus(folder, documents)
        self.place = Place.at(folder)
        self.ids = Identifiers(self.place.base)
        self.maker = Maker(self.place)
        self.made = [part.quads for part in parts(self.place, document_folders(self.place.data))]
        passages = quoted_in(parse(b"".join(self.made), RdfFormat.N_QUADS))
        made = list(self.made)
        ontology = in_graph(self.maker.vocabulary.triples, self.ids.graph("ontology"))
        made.append(self.maker.known(passages).quads)
        made.append(serialize(ontology, format=RdfFormat.N_QUADS) or b"")
        self.file = folder / "graph.nq"
        self.file.write_bytes(b"".join(made))
        self.quads: list[Quad] = list(parse(path=str(self.file), format=RdfFormat.N_QUADS))

    @cached_property
    def graph(self) -> PolicyGraph:
        """The quads as policygraph holds them."""
        return PolicyGraph(GraphStore(self.quads), self.place)

    @cached_property
    def triples(self) -> list[Any]:
        """The triples, each once."""
        return list(dict.fromkeys(quad.triple for quad in self.quads))

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The quads as rdflib holds them."""
        data = rdflib.Dataset(default_union=True)
        data.parse(self.file, format="nquads")
        return data


class Written(NamedTuple):
    """A file of N-Quads; its quads are counted when the row is written, not while timed."""

    file: Path

    def __str__(self) -> str:
        """Say how many quads it has."""
        return f"{self.file.read_bytes().count(LINE)} quads"


Texts = tuple[str, str, str, str, str | None, str | None]
"""Graph, subject, predicate and object of a quad; language and datatype if that is a literal."""


def building(corpus: Corpus) -> dict[str, Way]:
    """Build from statements: from the files of all documents to N-Quads on disk, as users do."""
    made = b"".join(corpus.made)
    out = corpus.file.with_name("made.nq")
    texts = [_texts(quad) for quad in parse(made, RdfFormat.N_QUADS)]

    def ours() -> Written:
        folders = document_folders(corpus.place.data)
        with out.open("wb") as file:
            jobs = processes(len(folders))
            file.writelines(part.quads for part in parts(corpus.place, folders, jobs))
        return Written(out)

    def bytes_alone() -> Written:
        out.write_bytes(made)
        return Written(out)

    def terms() -> Written:
        serialize(map(_quad, texts), out, RdfFormat.N_QUADS)
        return Written(out)

    def plain(loader: Any) -> Written:
        _read_plainly(corpus, loader)
        _written_plainly(texts, out)
        return Written(out)

    jobs = processes(len(corpus.made))
    return {
        f"policygraph, from the files, {jobs} process(es)": ours,
        "pyoxigraph: terms made of the same texts, written": terms,
        "the same bytes written": bytes_alone,
        "PyYAML's CSafeLoader; rdflib, the texts given": lambda: plain(yaml.CSafeLoader),
        "PyYAML's safe_load; rdflib, the texts given": lambda: plain(yaml.SafeLoader),
    }


def _texts(quad: Quad) -> Texts:
    """Take a quad apart."""
    value: Any = quad.object
    nodes = (str(node)[1:-1] for node in (quad.graph_name, quad.subject, quad.predicate))
    graph, subject, predicate = nodes
    if isinstance(value, NamedNode):
        return graph, subject, predicate, value.value, None, None
    datatype = None if value.language else value.datatype.value
    return graph, subject, predicate, value.value, value.language, datatype


def _quad(texts: Texts) -> Quad:
    """Make the terms of a quad, for pyoxigraph."""
    graph, subject, predicate, value, language, datatype = texts
    if language:
        term: Any = Literal(value, language=language)
    else:
        term = Literal(value, datatype=NamedNode(datatype)) if datatype else NamedNode(value)
    return Quad(NamedNode(subject), NamedNode(predicate), term, NamedNode(graph))


def _read_plainly(corpus: Corpus, loader: Any = yaml.CSafeLoader) -> None:
    """Read the files of all documents; what they say is not looked at."""
    for path in sorted((corpus.place.data / "documents").rglob("*.yaml")):
        yaml.load(path.read_text(encoding="utf-8"), loader)


def _written_plainly(quads: list[Texts], out: Path) -> None:
    """Make the terms of quads, add and write them, all with rdflib; each graph is made once."""
    data = rdflib.Dataset()
    graphs = dict[str, rdflib.Graph]()
    for graph, subject, predicate, value, language, datatype in quads:
        if language or datatype:
            kind = rdflib.URIRef(datatype) if datatype else None
            term: Any = rdflib.Literal(value, lang=language, datatype=kind)
        else:
            term = rdflib.URIRef(value)
        if graph not in graphs:
            graphs[graph] = data.graph(rdflib.URIRef(graph))
        graphs[graph].add((rdflib.URIRef(subject), rdflib.URIRef(predicate), term))
    data.serialize(out, format="nquads")


def whole(corpus: Corpus) -> dict[str, Way]:
    """Build a graph on disk from the files: made, checked against all shapes, inferred, written."""
    place, dist = corpus.place, corpus.file.with_name("dist")
    axioms = corpus.maker.vocabulary.triples
    rules = read_shapes(place.ontology / "shapes.ttl")
    texts = list(map(_texts, corpus.quads))

    def ours() -> str:
        shutil.rmtree(dist, ignore_errors=True)
        jobs = processes(len(document_folders(place.data)))
        kept = keep(Order(place, lambda *_: None, jobs=jobs), dist)
        return f"{kept.counts['inferred']} inferred"

    def plain() -> str:
        _read_plainly(corpus)
        validate(corpus.quads, axioms, rules, "pyshacl")
        found = infer(corpus.triples, axioms, corpus.ids, "owlrl")
        _written_plainly(texts, corpus.file.with_name("made.nq"))
        return f"{len(found)} inferred"

    ways: dict[str, Way] = {"policygraph": ours}
    if len(corpus.quads) < _TOO_MANY_FOR_OWLRL:
        ways["PyYAML, rdflib, pyshacl, owlrl; the quads made already"] = plain
    return ways


class Read(NamedTuple):
    """A graph that was read; its quads are counted when the row is written, not while timed."""

    graph: GraphStore

    def __str__(self) -> str:
        """Say how many quads it has."""
        return f"{len(self.graph)} quads"


def load(corpus: Corpus) -> dict[str, Way]:
    """Load N-Quads."""
    path = str(corpus.file)

    def merged() -> str:
        return f"{len(GraphStore.read(corpus.file).engine)} quads, those of the merge too"

    def alone() -> str:
        store = Store()
        store.load(path=path, format=RdfFormat.N_QUADS)
        return f"{len(store)} quads"

    def plain() -> str:
        return f"{len(rdflib.Dataset().parse(path, format='nquads'))} quads"

    return {
        "policygraph": lambda: Read(GraphStore.read(corpus.file)),
        "policygraph, merged": merged,
        "pyoxigraph alone": alone,
        "rdflib": plain,
    }


def shapes(corpus: Corpus) -> dict[str, Way]:
    """Check spoilt data that is loaded already, whole reports compared."""
    rules = read_shapes(corpus.place.ontology / "shapes.ttl")
    spoilt = [quad for place, quad in enumerate(corpus.quads) if place % _SPOILT]
    store = GraphStore(spoilt)
    reports: dict[str, Any] = {}

    def by(engine: str) -> str:
        found = (
            validate_store(store.engine, rules, "fast")
            if engine == "fast"
            else validate(spoilt, (), rules, "pyshacl")
        )
        reports[engine] = found
        first = next(iter(reports.values()))
        return f"{len(found)} results, equal: {found == first}"

    ways: dict[str, Way] = {"policygraph": lambda: by("fast"), "pyshacl": lambda: by("pyshacl")}
    triples = {quad.triple for quad in spoilt}
    return ways | dict(shape_engines(triples, corpus.place.ontology / "shapes.ttl"))


def closure(corpus: Corpus) -> dict[str, Way]:
    """Work out what follows, for triples in memory."""
    axioms = corpus.maker.vocabulary.triples
    reports: dict[str, Any] = {}

    def by(engine: str) -> str:
        found = reports[engine] = infer(corpus.triples, axioms, corpus.ids, engine)
        return f"{len(found)} triples, equal: {found == next(iter(reports.values()))}"

    ways: dict[str, Way] = {"policygraph": lambda: by("fast")}
    if len(corpus.quads) < _TOO_MANY_FOR_OWLRL:
        ways["owlrl"] = lambda: by("owlrl")
    return ways | dict(rule_engine(corpus.triples))


def queries(corpus: Corpus) -> dict[str, Way]:
    """Ask the named queries, one after the other; the median of each way is what to compare."""
    graph = corpus.graph
    asked = [
        (query, graph.asker.bind(query, values))
        for query in graph.asker.queries.values()
        if (values := values_for(query, graph)) is not None
    ]

    def each(ask: Callable[[str, Any], int]) -> str:
        rows, seconds, unanswered = 0, [], 0
        for query, bound in asked:
            try:
                found, taken = bounded(lambda q=query, b=bound: _timed(ask, q.text, b), PATIENCE)
            except WorkLost:
                unanswered += 1
                seconds.append(PATIENCE.seconds)
                continue
            rows += found
            seconds.append(taken)
        median = statistics.median(seconds) * 1000
        without = f", {unanswered} unanswered" if unanswered else ""
        return f"{len(seconds)} queries, {rows} rows, median {median:.2f} ms{without}"

    def alone(text: str, bound: Any) -> int:
        return len(list(graph.store.engine.query(text, substitutions=bound)))

    def plain(text: str, bound: Any) -> int:
        given = {variable.value: to_rdflib_term(term) for variable, term in bound.items()}
        return len(list(corpus.dataset.query(text, initBindings=given)))

    ways: dict[str, Way] = {
        "policygraph": lambda: each(lambda text, bound: len(list(graph.asker.run(text, bound)))),
        "pyoxigraph alone": lambda: each(alone),
    }
    if len(corpus.quads) < _TOO_MANY_FOR_OWLRL:
        _ = corpus.dataset
        ways["rdflib"] = lambda: each(plain)
    return ways


def _timed(ask: Callable[[str, Any], int], text: str, bound: Any) -> tuple[int, float]:
    start = time.perf_counter()
    return ask(text, bound), time.perf_counter() - start


def to_rdflib_term(term: Any) -> Any:
    """Turn a term of pyoxigraph into one of rdflib."""
    return rdflib.util.from_n3(str(term))


STAGES: Mapping[str, Callable[[Corpus], dict[str, Way]]] = {
    "build": building,
    "the whole way to a graph on disk": whole,
    "load N-Quads": load,
    "SHACL, the graph loaded": shapes,
    "OWL RL, from memory": closure,
    "named queries": queries,
}


def main() -> None:
    """Print the rows of every stage for each size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("sizes", nargs="*", choices=[*SIZES, []], default=["10k", "100k"])
    options.add_argument("--stage", choices=STAGES)
    options.add_argument("--enough", type=float, default=ENOUGH, help="seconds of all rounds")
    chosen = options.parse_args()
    print(f"medians of {ROUNDS} rounds, Python {sys.version.split()[0]}: clock, processors")
    for size in chosen.sizes:
        with tempfile.TemporaryDirectory() as folder:
            corpus = Corpus(SIZES[size], Path(folder))
            for stage, ways in STAGES.items():
                if chosen.stage in (None, stage):
                    title = f"\n{stage}, {len(corpus.quads)} quads"
                    print("\n".join(told(title, measured(ways(corpus), chosen.enough))), flush=True)


if __name__ == "__main__":
    main()
