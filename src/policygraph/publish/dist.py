"""The folder that a build writes: the graph in every format, the report, the manifest.

In: a built graph. Out: files by name, ready to be written whole. No clock: the manifest says from
what the graph was built, not when.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version

from pyoxigraph import Quad, RdfFormat

from policygraph.assets import asset
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import text_of, write
from policygraph.graph.validate import Result
from policygraph.identifiers import Identifiers, origin_of
from policygraph.publish.catalog.dcat import catalog, missing
from policygraph.publish.catalog.void import void_description
from policygraph.publish.folder import MANIFEST
from policygraph.publish.picture import picture
from policygraph.publish.rdf import export, quad_files
from policygraph.publish.report import report_turtle
from policygraph.study.network.things import graphml
from policygraph.workspace import Place


def dist_files(
    store: GraphStore,
    results: list[Result],
    quarantine: list[Quad],
    inputs: Mapping[str, str],
    place: Place,
) -> dict[str, bytes]:
    """Give every file of ``dist/`` by its name."""
    ids = Identifiers(place.base)
    files = quad_files(store, ids)
    for form, choice in (("ttl", "all"), ("nt", "stated"), ("jsonld", "stated"), ("rdf", "stated")):
        files[f"graph.{form}"] = export(store, form, choice, ids)
    files["graph.graphml"] = graphml(store)
    files["graph.svg"] = picture(store).encode()
    files["report.ttl"] = report_turtle(results, ids)
    files["ontology.ttl"] = (place.ontology / "policy.ttl").read_bytes()
    files["context.jsonld"] = asset("ontology", "context.jsonld").read_bytes()
    files["void.ttl"] = void_description(store, place)
    if not missing(store, place.about):
        files["catalog.ttl"] = catalog(store, place, files)
    if quarantine:
        lines = sorted(quarantine, key=str)
        files["quarantine.nq"] = write(lines, RdfFormat.N_QUADS)
    return files | {MANIFEST: _manifest(store, files, inputs, ids)}


def _manifest(
    store: GraphStore, files: Mapping[str, bytes], inputs: Mapping[str, str], ids: Identifiers
) -> bytes:
    origins = Counter(origin_of(text_of(quad.graph_name)) for quad in store.quads())
    manifest = {
        "policygraph": version("policygraph"),
        "base": ids.base,
        "counts": dict(sorted(origins.items())),
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in sorted(files.items())
        },
        "inputs": dict(sorted(inputs.items())),
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"
