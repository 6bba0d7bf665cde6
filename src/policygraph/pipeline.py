"""The order of the stages: read → build → check → infer → check again → ask and publish.

This is the only file that knows the order. ``build`` and ``open`` give a ``PolicyGraph``. A stage
loads its rooms when it runs, so that asking a graph that stands loads none of those that make one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Quad, Triple

from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import UnreadableInput, Where
from policygraph.graph.store import GraphStore, is_reviewed
from policygraph.graph.terms import in_graph, text_of
from policygraph.identifiers import is_address
from policygraph.publish.folder import MANIFEST, STORE
from policygraph.report import DataError, Finding, errors_among
from policygraph.workspace import Place, sha256

if TYPE_CHECKING:
    from policygraph.corpus.order import Order
    from policygraph.graph.validate import Result

Progress = Callable[[str, Mapping[str, object]], None]
"""Is told the name of a message and its facts when a stage is done."""


def _silent(_name: str, _facts: Mapping[str, object]) -> None:
    """Tell nobody."""


def build(
    path: Path | str = "data",
    *,
    drafts: bool = False,
    same_as: bool = False,
    keep_invalid: bool = False,
    engine: str = "pyshacl",
    jobs: int = 1,
    on: str = "",
    progress: Progress = _silent,
) -> PolicyGraph:
    """Build the graph of a workspace.

    Args:
        path: the workspace, or its ``data`` folder.
        drafts: put rows that nobody reviewed into ``graph/candidate``.
        same_as: let links say ``owl:sameAs``: what is said of a thing then holds of the other.
        keep_invalid: leave out what breaks a rule instead of refusing the whole.
        engine: ``pyshacl`` (and owlrl), the references, or ``fast``, proved equal to them.
        jobs: number of processes that read and build documents; the graph is the same.
        on: a cluster that does so instead: ``dask`` or ``dask:ADDRESS``.
        progress: is told when a stage is done.

    Raises:
        DataError: the data has errors; every finding is listed.
        UnreadableInput: a file cannot be read.
    """
    from policygraph.corpus.order import Order

    order = Order(
        Place.at(path),
        progress,
        drafts=drafts,
        same_as=same_as,
        keep_invalid=keep_invalid,
        jobs=jobs,
        engine=engine,
        on=on,
    )
    return build_place(order)


def build_place(order: Order) -> PolicyGraph:
    """Build the graph of a workspace whose parts are known; see ``build``."""
    from policygraph.graph.infer import infer, limits

    place, engine = order.place, order.engine
    checked = check(
        place,
        drafts=order.drafts,
        same_as=order.same_as,
        engine=engine,
        jobs=order.jobs,
        on=order.on,
        progress=order.progress,
    )
    quads, quarantine = checked.quads, list[Quad]()
    if errors_among(checked.findings):
        if not order.keep_invalid or not checked.culprits:
            raise DataError(checked.findings)
        quads, quarantine = _divide(quads, checked.culprits)
    triples = {quad.triple for quad in quads if is_reviewed(quad)}
    inferred = infer(triples, checked.ontology, order.ids, "fast" if engine == "fast" else "owlrl")
    order.progress("build/inferred", {"count": len(inferred)})
    quads += in_graph(inferred, order.ids.graph("inferred"))
    results, findings = _consistency(place, quads, checked, engine)
    findings += limits(checked.ontology)
    quads += in_graph(checked.ontology, order.ids.graph("ontology"))
    return PolicyGraph(
        GraphStore(quads),
        place,
        [*checked.findings, *findings],
        [*checked.results, *results],
        quarantine,
        checked.inputs,
    )


@dataclass(frozen=True)
class Checked:
    """What checking the asserted graph gives."""

    quads: list[Quad]
    findings: list[Finding]
    results: list[Result]
    culprits: frozenset[str]
    made_at: Mapping[str, Where]
    ontology: tuple[Triple, ...]
    inputs: dict[str, str]


def check(
    place: Place,
    *,
    drafts: bool = False,
    same_as: bool = False,
    engine: str = "pyshacl",
    jobs: int = 1,
    on: str = "",
    progress: Progress = _silent,
) -> Checked:
    """Read a workspace, build its asserted quads and hold them against the shapes.

    Shapes speak only of what could be built; rows that cannot be read are findings of their own.
    """
    from policygraph.corpus.assembled import assembled
    from policygraph.graph.validate import culprit, findings_of, read_shapes, validate, words_of
    from policygraph.graph.vocabulary import read_vocabulary

    findings: list[Finding] = []
    inputs = place.inputs()
    vocabulary = read_vocabulary(place.ontology)
    built = assembled(place, jobs, progress, drafts=drafts, same_as=same_as, on=on)
    findings += built.findings
    readable = not errors_among(findings)
    asserted = [quad for quad in built.quads if is_reviewed(quad)]
    results = validate(
        asserted, vocabulary.triples, read_shapes(place.ontology / "shapes.ttl"), engine
    )
    findings += findings_of(results, built.made_at, words_of(built.quads))
    progress("build/validated", {"count": len(results)})
    violations = [result for result in results if result.severity.endswith("#Violation")]
    culprits = frozenset(map(culprit, violations)) if readable else frozenset[str]()
    return Checked(
        list(built.quads), findings, results, culprits, built.made_at, vocabulary.triples, inputs
    )


def _consistency(
    place: Place, quads: list[Quad], checked: Checked, engine: str
) -> tuple[list[Result], list[Finding]]:
    """Hold the graph with its inferences against the consistency shapes.

    Raises:
        DataError: the graph contradicts itself.
    """
    from policygraph.graph.validate import findings_of, read_shapes, validate, words_of

    shapes = read_shapes(place.ontology / "consistency.ttl")
    results = validate(filter(is_reviewed, quads), checked.ontology, shapes, engine)
    findings = findings_of(results, checked.made_at, words_of(quads))
    if errors_among(findings):
        raise DataError([*checked.findings, *findings])
    return results, findings


def _divide(quads: list[Quad], culprits: frozenset[str]) -> tuple[list[Quad], list[Quad]]:
    """Set aside every quad that speaks of a thing which breaks a rule."""
    kept: list[Quad] = []
    aside: list[Quad] = []
    for quad in quads:
        spoken_of = {text_of(quad.subject), text_of(quad.object)}
        (aside if spoken_of & culprits else kept).append(quad)
    return kept, aside


def open(path: Path | str = "dist") -> PolicyGraph:
    """Open a graph that was built and written.

    Args:
        path: the folder that ``policygraph build`` wrote.

    Raises:
        UnreadableInput: there is none, or a file is not the one that was built.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    place = _place_of(folder, manifest["base"])
    if STORE in manifest:
        return PolicyGraph(_stored(folder), place, folder=folder)
    quads, told = folder / "graph.nq", manifest["files"]["graph.nq"].get("sha256")
    if not quads.is_file() or sha256(quads.read_bytes()) != told:
        raise UnreadableInput("publish/damaged-dist", Where(str(folder)), name="graph.nq")
    return PolicyGraph(GraphStore.read(quads), place, inputs=manifest["inputs"], folder=folder)


def _stored(folder: Path) -> GraphStore:
    """Open a store on disk for reading.

    Raises:
        UnreadableInput: it is damaged.
    """
    try:
        return GraphStore.at(folder / STORE, read_only=True)
    except (OSError, RuntimeError) as error:
        raise UnreadableInput("publish/damaged-dist", Where(str(folder)), name=STORE) from error


def _place_of(folder: Path, base: str) -> Place:
    """Ask a built graph with the queries of the workspace beside it, else with the bundled ones."""
    try:
        place = Place.at(folder.resolve().parent)
    except UnreadableInput:
        place = Place.bundled()
    return replace(place, base=base)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a built graph.

    Raises:
        UnreadableInput: the folder holds no built graph.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableInput("publish/no-dist", Where(str(folder)), path=str(folder)) from error
    if not _is_manifest(manifest):
        raise UnreadableInput("publish/no-dist", Where(str(folder)), path=str(folder))
    return manifest


def _is_manifest(told: object) -> bool:
    """Tell whether a manifest says what those who read it rely on."""
    if not isinstance(told, dict) or not is_address(str(told.get("base"))):
        return False
    files, inputs = told.get("files"), told.get("inputs")
    quads = files.get("graph.nq") if isinstance(files, dict) else None
    return STORE in told or (isinstance(quads, dict) and isinstance(inputs, dict))


def current(place: Place, progress: Progress = _silent) -> PolicyGraph:
    """Give the graph of a workspace: what was written, if it is up to date, else built afresh."""
    dist = place.root / "dist"
    try:
        if _is_current(read_manifest(dist), dist, place):
            return open(dist)
        progress("build/outdated", {"path": str(dist)})
    except UnreadableInput:
        pass  # there is none yet
    from policygraph.corpus.order import Order

    return build_place(Order(place, progress, engine="pyshacl"))


def _is_current(manifest: Mapping[str, Any], dist: Path, place: Place) -> bool:
    """Tell whether a graph was built by this version from what the workspace holds now."""
    if STORE in manifest:
        from policygraph.corpus.standing import keeps

        return keeps(dist, place)
    from importlib.metadata import version

    told = manifest.get("policygraph"), manifest["base"], manifest["inputs"]
    return told == (version("policygraph"), place.base, place.inputs())
