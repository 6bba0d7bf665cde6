"""What a build writes: every format says the same, same bytes every time, whole or not at all."""

from __future__ import annotations

import errno
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rdflib
import zstandard
from click.testing import Result
from pyoxigraph import RdfFormat, parse
from rdflib.compare import isomorphic

import policygraph
from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import CannotWrite, UnreadableInput
from policygraph.graph.terms import text_of
from policygraph.publish import folder
from policygraph.publish.folder import MANIFEST, write_file, write_folder
from policygraph.publish.rdf import origins_of
from policygraph.publish.stream import streamed

FORMATS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}


def asserted(graph: PolicyGraph) -> set[str]:
    return {str(quad.triple) for quad in graph.store.quads(*origins_of("stated"))}


@pytest.mark.parametrize(("form", "parser"), FORMATS.items())
def test_every_triple_format_reads_back_as_the_same_graph(
    graph: PolicyGraph, form: str, parser: str
) -> None:
    found = rdflib.Graph().parse(data=graph.export(form), format=parser)
    expected = rdflib.Graph().parse(data=graph.export("nt"), format="nt")
    assert len(expected) == len(asserted(graph))
    assert isomorphic(found, expected)


@pytest.mark.parametrize("choice", ["stated", "inferred", "all"])
@pytest.mark.parametrize("form", ["nq", "trig", "nt"])
def test_written_a_graph_or_a_thing_at_a_time_the_bytes_are_the_same(
    graph: PolicyGraph, form: str, choice: str
) -> None:
    pieces = list(streamed(graph.store, form, choice, graph.ids))
    assert b"".join(pieces) == graph.export(form, choice)
    quads = list(graph.store.quads(*origins_of(choice)))
    things = {text_of(quad.subject if form == "nt" else quad.graph_name) for quad in quads}
    assert len(pieces) == len(things)


@pytest.mark.parametrize("choice", ["stated", "inferred", "all"])
def test_turtle_written_a_thing_at_a_time_is_the_same(graph: PolicyGraph, choice: str) -> None:
    pieces = list(streamed(graph.store, "ttl", choice, graph.ids))
    assert b"".join(pieces) == graph.export("ttl", choice)
    assert len(pieces) > 100


def test_json_ld_holds_a_node_for_each_document_with_its_own_inside(graph: PolicyGraph) -> None:
    first, *others = json.loads(graph.export("jsonld"))["@graph"]
    assert first["id"] == graph.ids.thing("document", "cn-ndwc-2024")
    inside = {node["id"] for node in first["@included"]}
    assert graph.ids.thing("goal", "cn-ndwc-2024-g1") in inside
    assert not inside & {node["id"] for node in others}
    assert graph.ids.thing("institution", "cn-nda") in {node["id"] for node in others}


@pytest.mark.parametrize("choice", ["stated", "inferred", "all"])
def test_json_ld_says_what_n_triples_say(graph: PolicyGraph, choice: str) -> None:
    written, plain = graph.export("jsonld", choice), graph.export("nt", choice)
    said = {quad.triple for quad in parse(plain, RdfFormat.N_TRIPLES)}
    assert {quad.triple for quad in parse(written, RdfFormat.JSON_LD)} == said


def test_a_file_named_zst_is_compressed_and_always_the_same(
    run: Callable[..., Result], graph: PolicyGraph, tmp_path: Path
) -> None:
    for name in ("one.nq.zst", "two.nq.zst"):
        assert run("export", "nq", "-o", str(tmp_path / name)).exit_code == 0
    one, two = ((tmp_path / name).read_bytes() for name in ("one.nq.zst", "two.nq.zst"))
    assert one == two
    assert zstandard.ZstdDecompressor().decompressobj().decompress(one) == graph.export("nq")


def test_a_file_named_gz_is_compressed_and_always_the_same(
    run: Callable[..., Result], graph: PolicyGraph, tmp_path: Path
) -> None:
    for name in ("one.nq.gz", "two.nq.gz"):
        assert run("export", "nq", "-o", str(tmp_path / name)).exit_code == 0
    one, two = ((tmp_path / name).read_bytes() for name in ("one.nq.gz", "two.nq.gz"))
    assert one == two
    assert gzip.decompress(one) == graph.export("nq")


def test_a_file_that_is_cut_off_in_the_middle_does_not_appear(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_file(tmp_path / "file", pieces())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("form", "parser"), [("trig", "trig"), ("nq", "nquads")])
def test_quad_formats_keep_every_graph(graph: PolicyGraph, form: str, parser: str) -> None:
    dataset = rdflib.Dataset().parse(data=graph.export(form, "all"), format=parser)
    names = {str(context.identifier) for context in dataset.graphs() if len(context)}
    expected = {
        quad.graph_name.value
        for quad in graph.store.quads()
        if not quad.graph_name.value.endswith("/graph/ontology")
    }
    assert names == expected


def test_turtle_marks_what_is_inferred(graph: PolicyGraph) -> None:
    text = graph.export("ttl", "all").decode()
    stated, _, inferred = text.partition("# Inferred:")
    assert "pg:behindGoal" not in stated
    assert "pg:behindGoal" in inferred
    assert "# Inferred:" not in graph.export("ttl").decode()


def test_turtle_keeps_the_evidence_of_each_statement(graph: PolicyGraph) -> None:
    text = graph.export("ttl").decode()
    block = text.partition("\naction:cn-ndwc-2024-g5-a1 a pg:Action")[2].partition("\n\n")[0]
    assert (
        "prov:wasQuotedFrom <https://w3id.org/policygraph/id/document/cn-ndwc-2024/text/" in block
    )


def test_turtle_lists_things_by_class_in_reading_order(graph: PolicyGraph) -> None:
    text = graph.export("ttl").decode()
    titles = [line for line in text.splitlines() if line.startswith("# ") and "·" in line]
    assert titles.index("# Goal · 目标") < titles.index("# Action · 行动")
    assert text.index("\ngoal:cn-ndwc-2024-g1 ") < text.index("\ngoal:cn-ndwc-2024-g2 ")


BUILD = (
    "import sys, hashlib, policygraph\n"
    "from policygraph.publish.dist import dist_files\n"
    "g = policygraph.build(sys.argv[1])\n"
    "f = dist_files(g.store, g.results, g.quarantine, g.inputs, g.place)\n"
    "print({n: hashlib.sha256(d).hexdigest() for n, d in f.items()})\n"
)


@pytest.mark.slow
def test_three_hash_seeds_give_the_same_bytes() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", BUILD, str(ROOT)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1


@pytest.fixture
def built(workspace: Path, run: Callable[..., Result]) -> Path:
    assert run("build", "-C", workspace).exit_code == 0
    return workspace / "dist"


def test_a_build_writes_every_file_and_a_manifest_that_fits(built: Path) -> None:
    manifest = json.loads((built / MANIFEST).read_text("utf-8"))
    names = {path.name for path in built.iterdir()}
    assert names == {*manifest["files"], MANIFEST}
    expected = ["trig", "nq", "ttl", "nt", "jsonld", "rdf", "graphml", "svg"]
    assert {f"graph.{ending}" for ending in expected} <= names
    assert "report.ttl" in names
    import hashlib

    for name, about in manifest["files"].items():
        data = (built / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == about["sha256"]
        assert len(data) == about["bytes"]
    assert sum(manifest["counts"].values()) == len(policygraph.open(built).store)


def test_an_opened_graph_answers_and_explains_like_the_built_one(
    workspace: Path, built: Path
) -> None:
    opened, fresh = policygraph.open(built), policygraph.build(workspace)
    one, other = (g.query("accountability", year="2024").rows for g in (opened, fresh))
    assert one == other
    assert opened.why("example-2024-g1", "hasPart", "example-2024-g1-a1").proof.rule == "prp-spo1"


def test_a_dist_that_was_tampered_with_is_refused(built: Path) -> None:
    (built / "graph.nq").write_bytes(b"")
    with pytest.raises(UnreadableInput) as caught:
        policygraph.open(built)
    assert caught.value.name == "publish/damaged-dist"


def test_a_folder_without_a_graph_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput) as caught:
        policygraph.open(tmp_path)
    assert caught.value.name == "publish/no-dist"


def test_with_errors_in_the_data_the_old_dist_stays(
    workspace: Path, built: Path, run: Callable[..., Result]
) -> None:
    before = (built / MANIFEST).read_bytes()
    path = workspace / "data/documents/example-2024/statements.yaml"
    path.write_text(path.read_text("utf-8").replace("type: Goal", "type: Gaol", 1), "utf-8")
    assert run("build", "-C", workspace).exit_code == 1
    assert (built / MANIFEST).read_bytes() == before


def test_on_a_full_disk_the_old_dist_stays(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in built.parent.iterdir())

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder.os, "fsync", full)
    with pytest.raises(CannotWrite) as caught:
        write_folder(built, {MANIFEST: b"{}"})
    assert "No space left" in caught.value.message()
    assert (built / "graph.nq").exists()
    assert sorted(path.name for path in built.parent.iterdir()) == before
    with pytest.raises(CannotWrite):
        write_file(built / "graph.nq", b"")
    assert (built / "graph.nq").stat().st_size > 0


def test_a_swap_that_was_cut_off_is_put_right(built: Path) -> None:
    old = built.with_name(".dist.old")
    built.rename(old)
    write_folder(built, {MANIFEST: b"{}"})
    assert [path.name for path in built.iterdir()] == [MANIFEST]
    assert not old.exists()


def test_a_folder_that_no_build_wrote_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "precious.txt").write_text("keep")
    with pytest.raises(CannotWrite) as caught:
        write_folder(tmp_path / "mine", {MANIFEST: b"{}"})
    assert caught.value.name == "publish/not-ours"
    assert (tmp_path / "mine" / "precious.txt").read_text() == "keep"


def test_the_report_is_a_standard_one(workspace: Path, run: Callable[..., Result]) -> None:
    result = run("validate", "-q", "-C", workspace, "-f", "ttl")
    report = rdflib.Graph().parse(data=result.stdout, format="turtle")
    assert (
        len(
            list(
                report.subjects(
                    rdflib.SH.conforms, rdflib.Literal("true", datatype=rdflib.XSD.boolean)
                )
            )
        )
        == 1
    )
    assert not any(isinstance(node, rdflib.BNode) for node in report.all_nodes())


def test_a_violation_is_in_the_report_in_both_languages(
    workspace: Path, run: Callable[..., Result]
) -> None:
    path = workspace / "data/documents/example-2024/statements.yaml"
    text = path.read_text("utf-8").replace(
        "implements: one-net", "implements: example-data-bureau #", 1
    )
    path.write_text(text, "utf-8")
    ttl = run("validate", "-q", "-C", workspace, "-f", "ttl")
    assert ttl.exit_code == 1
    report = rdflib.Graph().parse(data=ttl.stdout, format="turtle")
    messages = {m.language for m in report.objects(None, rdflib.SH.resultMessage)}
    assert messages == {"en", "zh"}
    rows = json.loads(run("validate", "-q", "-C", workspace, "-f", "json").stdout)
    assert rows[0]["file"].endswith("statements.yaml")
    assert rows[0]["line"] > 0
    assert rows[0]["sentence"]
    assert rows[0]["mend"]["zh"]
