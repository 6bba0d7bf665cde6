"""How well the drafter does on annotated texts: ``python bench/quality.py [--update]``.

The annotated excerpts and their scorer lie beside the checkout (``../shared/gold``) and are not
part of the project; without them the bench says so and ends. Relations are scored twice: with the
drafter's own mentions, and with the annotated ones, which shows the relation rules alone. What a
change gains or loses is told against ``bench/quality.json`` (figures only), which ``--update``
writes. The excerpts are for development: these are no test results.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import restoration

from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.guide_json import guide_json
from policygraph.text.draft.mentions import TYPES
from policygraph.text.draft.relations import relations
from policygraph.text.restore import Span

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
COMMITTED = ROOT / "bench" / "quality.json"
MEASURES = (
    *("clause", "verb", "object", "subject", "statement", "statement, relaxed", "parent"),
    *(f"kind {kind}" for kind in ("goal", "action", "achievement", "event", "fact", "context")),
    *(f"entity {kind}" for kind in (*TYPES, "date", "figure")),
    *("entity, all", "relation, all"),
)


class Annotated(NamedTuple):
    """An annotated mention, as the relation rules need it."""

    span: Span
    type: str


def scorer(folder: Path) -> ModuleType:
    """Load the scorer that travels with the annotations."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def facts_of(gold: dict[str, Any]) -> tuple[str, str]:
    """Give the day and the kind of the document an excerpt was cut from."""
    sidecar = (SHARED / gold["source"]["file"]).with_suffix(".json")
    if not sidecar.is_file():
        return "", ""
    record = json.loads(sidecar.read_text("utf-8"))
    return str(record.get("date") or "")[:10], str(record.get("kind") or "")


def systems(drafter: Drafter, text: str, gold: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Draft a text with the drafter's mentions and with the annotated ones."""
    issued, _ = facts_of(gold)
    draft = draft_text(drafter, gold["document"], text, issued=issued)
    own = guide_json(draft, gold["sha256"])
    entities = gold["entities"]
    named = [Annotated(Span(e["start"], e["end"]), e["type"]) for e in entities]
    found = relations(text, draft.clauses, named, drafter.grammar.lexicon)
    ids = {f"e{place + 1}": entity["id"] for place, entity in enumerate(entities)}
    with_gold = {
        **own,
        "entities": entities,
        "relations": [
            {"type": r.type, "from": ids.get(r.source, r.source), "to": ids[r.target]}
            for r in found
        ],
    }
    return {"own": own, "gold mentions": with_gold}


def measure(folder: Path) -> dict[str, dict[str, Any]]:
    """Score every excerpt and all of them together."""
    score = scorer(folder)
    drafter = Drafter.read()
    pooled = {name: score.Score() for name in ("own", "gold mentions")}
    results: dict[str, dict[str, Any]] = {}
    genres: dict[str, dict[str, Any]] = {}
    for name, gold in sorted(score.load(folder / "dev").items()):
        text = (folder / "dev" / f"{name}.txt").read_bytes().decode("utf-8")
        each = {mode: score.Score() for mode in pooled}
        genre = facts_of(gold)[1] or "conference report"
        of_genre = genres.setdefault(genre, {mode: score.Score() for mode in pooled})
        for mode, system in systems(drafter, text, gold).items():
            for target in (each[mode], pooled[mode], of_genre[mode]):
                score.compare(name, gold, system, target)
        results[name] = {**figures(score, each), "genre": genre}
    by_genre = {f"genre: {name}": figures(score, each) for name, each in sorted(genres.items())}
    return {"all": figures(score, pooled), **by_genre, **results}


def figures(score: ModuleType, scores: dict[str, Any]) -> dict[str, Any]:
    """Keep the figures of one summary, relations also with the annotated mentions."""
    summary = score.summary(scores["own"])
    kept = {m: summary["spans"][m] for m in MEASURES if m in summary["spans"]}
    given = score.summary(scores["gold mentions"])["spans"]
    for name in sorted(given):
        if name.startswith("relation "):
            kept[f"{name}, gold mentions"] = given[name]
    if "relation, all" in given:
        kept["relation, all, gold mentions"] = given["relation, all"]
    labels = summary["labels"]
    accuracy = {k: labels[k]["accuracy"] for k in ("kind, accuracy", "kind, coarse")}
    return {"spans": _rounded(kept), "labels": _rounded(accuracy)}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def show(title: str, result: dict[str, Any]) -> None:
    """Print the table of one document, or of all."""
    print(f"\n{title}  {result.get('genre', '')}")
    print(f"{'measure':38} {'gold':>5} {'found':>5} {'both':>5}   P     R     F1")
    for measure_name, row in result["spans"].items():
        ratios = " ".join("  -  " if row[k] is None else f"{row[k]:.3f}" for k in ("P", "R", "F1"))
        print(f"{measure_name:38} {row['gold']:5d} {row['system']:5d} {row['both']:5d}  {ratios}")
    for measure_name, accuracy in result["labels"].items():
        print(f"{measure_name:38} {accuracy}")


def changes(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    """Say what became better or worse since the committed figures."""
    said = []
    for name, result in now.items():
        old = before.get(name, {"spans": {}, "labels": {}})
        pairs = [
            (m, row["F1"], old["spans"].get(m, {}).get("F1")) for m, row in result["spans"].items()
        ]
        pairs += [(m, value, old["labels"].get(m)) for m, value in result["labels"].items()]
        for measure_name, new, was in pairs:
            if (new or 0) != (was or 0):
                said.append(f"{name}: {measure_name} {was} -> {new}")
    return said


def main() -> int:
    """Measure, print, and tell what changed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--update", action="store_true", help="write bench/quality.json")
    options = parser.parse_args()
    folder = SHARED / "gold"
    if not (folder / "score.py").is_file():
        print(f"no annotated texts at {folder}: nothing to measure")
        return 0
    results = measure(folder)
    for name, result in results.items():
        show(name, result)
    before = json.loads(COMMITTED.read_text("utf-8")) if COMMITTED.is_file() else {}
    said = changes(results, before)
    print("\nagainst the committed figures:", *(said or ["no change"]), sep="\n  ")
    if options.update:
        COMMITTED.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    restoration.report(update=options.update)
    return 0


if __name__ == "__main__":
    sys.exit(main())
