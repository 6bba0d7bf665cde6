"""A graph on disk: changed by what changed, it is what a full build gives; cut off, it goes on."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from policygraph import pipeline
from policygraph.corpus import shares
from policygraph.corpus.kept import keep
from policygraph.corpus.order import Order
from policygraph.corpus.standing import keeps
from policygraph.corpus.whole import check_apart
from policygraph.errors import CannotWrite
from policygraph.graph.store import GraphStore
from policygraph.publish.folder import locked
from policygraph.report import DataError, errors_among
from policygraph.workspace import Place

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
from corpus import write_corpus

pytestmark = pytest.mark.slow

DOCUMENTS = 5
LAST = "synthetic-0000006"
DEED = "data/documents/synthetic-0000002/statements.yaml"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, DOCUMENTS + 1)
    shutil.move(folder / "data/documents" / LAST, folder / "spare")
    return folder


@pytest.fixture(scope="module")
def built(corpus: Path) -> Path:
    keep(order_of(corpus), corpus / "dist")
    return corpus


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "place"))


def order_of(root: Path, told: list[str] | None = None, **options: bool) -> Order:
    told = [] if told is None else told
    return Order(Place.at(root), lambda name, _facts: told.append(name), **options)


def quads_in(folder: Path) -> list[str]:
    return sorted(map(str, GraphStore.at(folder / "store", read_only=True).engine))


def counts_in(folder: Path) -> dict[str, int]:
    counts: dict[str, int] = json.loads((folder / "MANIFEST.json").read_text())["counts"]
    return counts


def test_on_disk_and_in_memory_the_graph_is_the_same(built: Path) -> None:
    graph = pipeline.build(built, engine="fast")
    assert quads_in(built / "dist") == sorted(map(str, graph.store.engine))


@pytest.mark.parametrize("spoilt", [False, True])
def test_checked_apart_the_findings_are_those_of_the_check_in_memory(
    place: Path, *, spoilt: bool
) -> None:
    if spoilt:
        break_a_rule(place)
    in_memory = pipeline.check(Place.at(place), engine="fast")
    findings, results = check_apart(order_of(place))
    assert sorted(results) == sorted(in_memory.results)
    assert sorted(map(str, findings)) == sorted(map(str, in_memory.findings))
    assert bool(errors_among(findings)) == spoilt


def test_nothing_is_done_where_nothing_changed(place: Path) -> None:
    told: list[str] = []
    before = (place / "dist").stat().st_ino
    keep(order_of(place, told), place / "dist")
    assert told == []
    assert (place / "dist").stat().st_ino == before
    assert keeps(place / "dist", Place.at(place))


def cut_a_section(root: Path, name: str) -> None:
    path = root / "data/documents" / name / "statements.yaml"
    sections = path.read_text(encoding="utf-8").split("\n  - ")
    path.write_text("\n  - ".join(sections[:-1]) + "\n", encoding="utf-8")


def edits(root: Path) -> dict[str, Callable[[], object]]:
    """Give what a person may do to a workspace."""
    documents = root / "data" / "documents"
    return {
        "a section is taken out": lambda: cut_a_section(root, "synthetic-0000002"),
        "a document comes or goes": lambda: exchange(documents / LAST, root / "spare"),
        "another one comes or goes": lambda: exchange(
            documents / "synthetic-0000004", root / "away"
        ),
        "a place gets a name": lambda: rename_a_place(root),
        "a comment is written": lambda: comment_in(root, "synthetic-0000001"),
    }


def exchange(one: Path, other: Path) -> None:
    """Move a folder to where it is not."""
    if one.exists():
        one.rename(other)
    else:
        other.rename(one)


def rename_a_place(root: Path) -> None:
    path = root / "data/registry/places.yaml"
    text = path.read_text(encoding="utf-8")
    label = next(line for line in text.splitlines() if line.startswith("  label: "))
    path.write_text(text.replace(label, label.replace('"}', ' Again"}'), 1), encoding="utf-8")


def comment_in(root: Path, name: str) -> None:
    path = root / "data/documents" / name / "statements.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# read twice\n", encoding="utf-8")


@pytest.mark.parametrize("seed", range(2))
def test_after_any_edits_the_graph_is_that_of_a_full_build(place: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(4):
        what, edit = chance.choice(sorted(edits(place).items()))
        edit()
        keep(order_of(place), place / "dist")
        shutil.rmtree(place / "full", ignore_errors=True)
        keep(order_of(place), place / "full")
        assert quads_in(place / "dist") == quads_in(place / "full"), what
        assert counts_in(place / "dist") == counts_in(place / "full"), what
        assert (place / "dist/report.ttl").read_bytes() == (place / "full/report.ttl").read_bytes()


def test_a_changed_document_is_the_only_one_that_is_read(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policygraph.corpus import parts

    read = []
    original = parts.read_document
    monkeypatch.setattr(
        parts,
        "read_document",
        lambda folder, findings: read.append(folder.name) or original(folder, findings),
    )
    cut_a_section(place, "synthetic-0000002")
    keep(order_of(place), place / "dist")
    assert set(read) == {"synthetic-0000002"}


def test_a_change_loads_no_library_that_it_does_not_use(place: Path) -> None:
    comment_in(place, "synthetic-0000001")
    command = [sys.executable, "-X", "importtime", "-m", "policygraph", "build", "--store", "-q"]
    done = subprocess.run([*command, "-C", place], capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "policygraph.corpus.change" in loaded
    unused = {
        "rdflib",
        "oxrdflib",
        "rich",
        "networkx",
        "pyshacl",
        "owlrl",
        "html5rdf",
        "distributed",
    }
    unused |= {"multiprocessing", "policygraph.text.reading.pdf", "policygraph.text.reading.word"}
    assert loaded & unused == set()


def test_a_renamed_place_changes_the_documents_that_name_it(place: Path) -> None:
    rename_a_place(place)
    told: list[str] = []
    keep(order_of(place, told), place / "dist")
    assert "build/changed" in told


def test_with_errors_the_old_graph_stays(place: Path) -> None:
    before = quads_in(place / "dist")
    statements = place / DEED
    statements.write_text(
        statements.read_text(encoding="utf-8").replace("quote: ", "quote: 不在文中", 1),
        encoding="utf-8",
    )
    with pytest.raises(DataError):
        keep(order_of(place), place / "dist")
    assert quads_in(place / "dist") == before
    assert [path.name for path in place.glob(".dist.new-*")] == []


def build_with_files_up_to(limit: int, root: Path) -> subprocess.CompletedProcess[str]:
    """Build in a process that can write no file larger than so many bytes, as on a full disk."""
    script = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from policygraph.cli import main\n"
        "sys.argv = ['policygraph', 'build', '--store', '-C', sys.argv[1]]\n"
        "main()\n"
    )
    command = [sys.executable, "-c", script, str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("limit", [8_192, 30_000, 100_000])
def test_on_a_full_disk_the_old_graph_stays_and_the_next_build_goes_on(
    place: Path, limit: int
) -> None:
    before = quads_in(place / "dist")
    cut_a_section(place, "synthetic-0000003")
    done = build_with_files_up_to(limit, place)
    assert done.returncode == 3, done.stderr
    assert "cannot be written" in done.stderr
    assert "damaged" not in done.stderr
    assert "None" not in done.stderr
    assert "Traceback" not in done.stderr
    assert quads_in(place / "dist") == before
    keep(order_of(place), place / "dist")
    keep(order_of(place), place / "full")
    assert quads_in(place / "dist") == quads_in(place / "full")


def without_the_rights_of_root() -> list[str]:
    """Begin a command that may not write where its user may not, even if the user is root."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write in any folder, and setpriv is not here to forbid it")
    return ["setpriv", "--bounding-set=-dac_override"]


def test_in_a_read_only_folder_nothing_is_begun(place: Path) -> None:
    shutil.rmtree(place / "dist")
    before = sorted(place.iterdir())
    command = [sys.executable, "-m", "policygraph", "build", "--store", "-C", str(place)]
    place.chmod(0o555)
    try:
        done = subprocess.run(
            [*without_the_rights_of_root(), *command], capture_output=True, text=True, check=False
        )
    finally:
        place.chmod(0o755)
    assert done.returncode == 3
    assert "cannot be written: Permission denied" in done.stderr
    assert sorted(place.iterdir()) == before


def test_two_builds_do_not_write_one_folder(place: Path) -> None:
    with locked(place / "dist"), pytest.raises(CannotWrite, match="another build"):
        keep(order_of(place), place / "dist")


@pytest.mark.parametrize("victim", ["store/CURRENT", "store/*.sst", "ledger.sqlite"])
def test_a_damaged_graph_is_built_anew_and_said_so(place: Path, victim: str) -> None:
    before = quads_in(place / "dist")
    for path in (place / "dist").glob(victim):
        path.write_bytes(b"\x00" * 4096)
    told: list[str] = []
    keep(order_of(place, told), place / "dist")
    assert quads_in(place / "dist") == before
    assert "build/store-damaged" in told


def break_a_rule(root: Path) -> None:
    """Let a topic be about a place, as a topic cannot."""
    path = root / "data/registry/topics.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  source: ", "  broader: place-1\n  source: ", 1), "utf-8")


def test_what_breaks_a_rule_can_be_set_aside_as_in_memory(place: Path) -> None:
    break_a_rule(place)
    memory = pipeline.build(place, engine="fast", keep_invalid=True)
    kept = keep(order_of(place, keep_invalid=True), place / "full")
    assert quads_in(place / "full") == sorted(map(str, memory.store.engine))
    assert sorted(map(str, kept.findings)) == sorted(map(str, memory.findings))
    assert memory.quarantine
    lines = (place / "full/quarantine.nq").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(memory.quarantine)
    with pytest.raises(DataError):
        keep(order_of(place), place / "full")


def test_several_processes_find_what_one_finds(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_a_rule(place)
    keep(order_of(place, keep_invalid=True), place / "full")
    monkeypatch.setattr(shares, "_FEW", 0)
    store = GraphStore.at(place / "full/store")
    strict = place / "strict.ttl"
    text = (Place.at(place).ontology / "shapes.ttl").read_text(encoding="utf-8")
    strict.write_text(text.replace("sh:minCount 1 ;", "sh:minCount 2 ;"), encoding="utf-8")
    alone = shares.judged(store, strict, "fast", 1)
    assert len(alone) > 100
    assert shares.judged(store, strict, "fast", 2) == alone


def test_who_checks_a_store_keeps_its_files_while_the_store_rearranges_them(
    tmp_path: Path,
) -> None:
    store = GraphStore.at(tmp_path / "store")
    graph = NamedNode("http://example.org/g")
    for number in range(6):  # files that overlap, so that they are worth putting together
        things = [NamedNode(f"http://example.org/{each}") for each in range(50)]
        words = Literal(str(number))
        store.engine.extend(Quad(thing, graph, words, graph) for thing in things)
        store.engine.flush()
    with shares._still(store, tmp_path / "store") as still:
        before = {path.name for path in still.glob("*.sst")}
        store.engine.optimize()
        assert before - {path.name for path in (tmp_path / "store").glob("*.sst")}
        assert {path.name for path in still.glob("*.sst")} == before
        assert len(GraphStore.at(still, read_only=True)) == 300
    assert not still.exists()


def test_a_graph_on_disk_answers_and_explains(place: Path) -> None:
    graph = pipeline.open(place / "dist")
    rows = list(graph.query("goals-of-year", year="2019"))
    memory = pipeline.build(place, engine="fast")
    assert [str(row) for row in rows] == [
        str(row) for row in memory.query("goals-of-year", year="2019")
    ]


class CutOff(BaseException):
    """Ends a build as nothing in it expects."""


SCRIPT = """
import sys
from pathlib import Path
from policygraph.corpus import shares
from policygraph.corpus.kept import keep
from policygraph.corpus.order import Order
from policygraph.workspace import Place
root = Path(sys.argv[1])
print("ready", flush=True)
keep(Order(Place.at(root), lambda name, facts: None), root / "dist")
"""


def test_killed_at_any_moment_the_next_build_finds_the_old_or_the_new(place: Path) -> None:
    chance = random.Random(7)
    for _ in range(4):
        exchange(place / "data/documents" / LAST, place / "spare")
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(place)], stdout=subprocess.PIPE
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(chance.random() * 1.5)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        keep(order_of(place), place / "dist")
        shutil.rmtree(place / "full", ignore_errors=True)
        keep(order_of(place), place / "full")
        assert quads_in(place / "dist") == quads_in(place / "full")


def test_a_build_that_was_cut_off_goes_on_where_it_was(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policygraph.corpus import whole

    shutil.rmtree(place / "dist")
    monkeypatch.setattr(whole, "_SETTLE", 2)
    made: list[str] = []
    original = whole.parts

    def cut_off(place: Place, folders: list[Path], *args: object, **options: object) -> object:
        for count, part in enumerate(original(place, folders, *args, **options)):  # type: ignore[arg-type]
            if count == 3 and len(folders) == DOCUMENTS:
                raise CutOff
            made.append(part.document)
            yield part

    monkeypatch.setattr(whole, "parts", cut_off)
    with pytest.raises(CutOff):
        keep(order_of(place), place / "dist")
    assert not (place / "dist").exists()
    keep(order_of(place), place / "dist")
    assert made == [f"synthetic-000000{number}" for number in (1, 2, 3, 3, 4, 5)]
    monkeypatch.setattr(whole, "parts", original)
    keep(order_of(place), place / "full")
    assert quads_in(place / "dist") == quads_in(place / "full")
