"""The picture of a plan: everything in it, nothing on top of anything else, the same every time."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from policygraph.api.policy_graph import PolicyGraph
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, pg
from policygraph.identifiers import Identifiers
from policygraph.publish.picture import picture
from policygraph.publish.picture.words import SIZES, Language, text_width, wrap

IDS = Identifiers("https://example.org/")
STATED = NamedNode(IDS.passage(IDS.text("d", "0" * 64), 0, 9))
EDITOR, INFERRED = NamedNode(IDS.graph("editor", "e")), NamedNode(IDS.graph("inferred"))
HOSTILE = "<script>alert(1)</script>&amp;\"'\x0b ]]> " + "数" * 300 + "w" * 300
LANGUAGES = get_args(Language)


def thing(kind: str, key: str) -> NamedNode:
    return NamedNode(IDS.thing(kind.lower(), key))


def named(kind: str, key: str, year: str = "", zh: str = "", en: str = "") -> list[Quad]:
    """A thing of a kind with its labels and year."""
    iri = thing(kind, key)
    quads = [Quad(iri, TYPE, pg(kind), STATED)]
    quads += [Quad(iri, pg("period"), thing("period", year), STATED)] if year else []
    labels = (Literal(zh, language="zh-hans"), Literal(en, language="en"))
    return quads + [Quad(iri, LABEL, label, STATED) for label in labels if label.value]


def tiny(label: str = "健全制度") -> list[Quad]:
    goal, action, done = thing("goal", "g"), thing("action", "a"), thing("achievement", "d")
    initiative, institution = thing("initiative", "i"), thing("institution", "o")
    return [
        *named("Goal", "g", "2031", label, label),
        *named("Action", "a", "2031", label, label),
        *named("Achievement", "d", "2030", label),
        *named("Achievement", "alone", "2030", "别的"),
        *named("Initiative", "i", zh=label),
        *named("Institution", "o", en=label),
        Quad(goal, pg("hasAction"), action, STATED),
        Quad(action, pg("implements"), initiative, STATED),
        Quad(goal, pg("advances"), initiative, INFERRED),
        Quad(action, pg("continues"), done, EDITOR),
        Quad(institution, pg("behindGoal"), goal, INFERRED),
    ]


def plan_of(goals: int) -> list[Quad]:
    """A plan of many goals, each with two actions, all by the same institution."""
    quads = named("Institution", "o", zh="机构")
    for number in range(goals):
        quads += named("Goal", f"g{number}", "2031", f"第{number}项目标")
        for part in "ab":
            quads += named("Action", f"g{number}{part}", "2031", f"行动{number}{part}" * 9)
            action = thing("action", f"g{number}{part}")
            quads.append(Quad(thing("goal", f"g{number}"), pg("hasAction"), action, STATED))
            quads.append(
                Quad(action, pg("responsibleInstitution"), thing("institution", "o"), STATED)
            )
    return quads


def parsed(quads: list[Quad], lang: Language = "both") -> ET.Element:
    return ET.fromstring(picture(GraphStore(quads), lang))


def nodes(svg: ET.Element) -> dict[str, ET.Element]:
    return {str(node.get("data-iri")): node for node in svg.iterfind(".//*[@data-iri]")}


def frame(node: ET.Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a node's box."""
    rect = node.find("{*}rect")
    assert rect is not None
    x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def assert_readable(svg: ET.Element) -> None:
    """No box lies on another, and all words lie inside their own and the picture."""
    frames = {iri: frame(node) for iri, node in nodes(svg).items()}
    for (one, a), (other, b) in combinations(frames.items(), 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, f"{one} and {other} overlap"
    for iri, node in nodes(svg).items():
        left, top, right, bottom = frames[iri]
        assert right <= float(svg.attrib["width"])
        assert bottom <= float(svg.attrib["height"])
        above = top
        for text in node.iterfind("{*}text"):
            style, x, y = text.attrib["class"], float(text.attrib["x"]), float(text.attrib["y"])
            assert left < x
            assert x + text_width(text.text or "", style) <= right
            assert above <= y - SIZES[style] * 0.9, f"lines of {iri} overlap"
            above = y
        assert above < bottom


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_in_the_picture_of_the_conference_lies_on_anything_else(
    graph: PolicyGraph, lang: Language
) -> None:
    assert_readable(ET.fromstring(picture(graph.store, lang)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_goal_and_action_of_the_conference_is_in_the_picture(
    graph: PolicyGraph, lang: Language
) -> None:
    drawn = nodes(ET.fromstring(picture(graph.store, lang)))
    for kind in ("Goal", "Action"):
        found = graph.store.engine.quads_for_pattern(None, TYPE, pg(kind), None)
        assert {quad.subject.value for quad in found} <= drawn.keys()


def test_the_years_of_the_conference_come_from_the_data(graph: PolicyGraph) -> None:
    drawn = picture(graph.store, "zh")
    assert "2023 · 已完成" in drawn
    assert "2024 · 目标与行动" in drawn
    assert "2024" not in picture(GraphStore(tiny()))


def test_no_words_are_smaller_than_twelve_pixels() -> None:
    assert min(SIZES.values()) >= 12


def test_only_achievements_that_something_carries_on_are_drawn() -> None:
    drawn = nodes(parsed(tiny()))
    assert thing("achievement", "d").value in drawn
    assert thing("achievement", "alone").value not in drawn


def test_a_graph_that_plans_nothing_shows_all_that_was_done() -> None:
    assert thing("achievement", "alone").value in nodes(
        parsed(named("Achievement", "alone", "2030", "别的"))
    )


def test_an_editors_link_is_dashed_and_an_inferred_one_dotted() -> None:
    svg = picture(GraphStore(tiny()), "en")
    assert ".editor .link { stroke-dasharray: 8 5; }" in svg
    links = re.findall(r'<g class="to-(\w+) (\w+)">', svg)
    assert sorted(links) == [
        ("Initiative", "stated"),
        ("Institution", "inferred"),
        ("Statement", "editor"),
    ], "what a goal advances is shown by its action"


def test_an_institution_behind_all_goals_has_one_line_to_their_heading() -> None:
    quads = plan_of(5)
    for number in range(5):
        goal = thing("goal", f"g{number}")
        quads.append(Quad(thing("institution", "o"), pg("behindGoal"), goal, INFERRED))
    links = re.findall(r'<g class="to-Institution inferred">', picture(GraphStore(quads)))
    assert len(links) == 1


def test_the_left_follows_the_right_so_that_lines_do_not_cross() -> None:
    quads: list[Quad] = []
    for number, done in enumerate("cab"):
        goal, achievement = thing("goal", f"g{number}"), thing("achievement", done)
        quads += named("Goal", f"g{number}", "2031", "目标")
        quads += named("Achievement", done, "2030", "成绩")
        quads.append(Quad(goal, pg("continues"), achievement, EDITOR))
    drawn = nodes(parsed(quads))
    tops = [frame(drawn[thing("achievement", done).value])[1] for done in "cab"]
    assert tops == sorted(tops)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_labels_are_only_text(lang: Language) -> None:
    svg = parsed(tiny(HOSTILE), lang)
    assert_readable(svg)
    assert not svg.findall(".//{*}script")
    titles = [title.text or "" for title in svg.iterfind(".//*[@data-iri]/{*}title")]
    assert any("<script>alert(1)</script>&amp;\"'\ufffd" in title for title in titles)
    assert all(title.endswith("w" * 300) for title in titles)


def test_a_hundred_goals_make_a_taller_picture() -> None:
    few, many = parsed(plan_of(3)), parsed(plan_of(100))
    assert_readable(many)
    assert len(nodes(many)) == 301
    assert few.attrib["width"] == many.attrib["width"]
    assert float(few.attrib["height"]) < float(many.attrib["height"])


def test_statements_that_are_parts_of_each_other_are_drawn_once() -> None:
    one, two = thing("goal", "one"), thing("goal", "two")
    quads = [
        *named("Goal", "one", zh="甲"),
        *named("Goal", "two", zh="乙"),
        Quad(one, pg("hasPart"), two, STATED),
        Quad(two, pg("hasPart"), one, STATED),
    ]
    assert nodes(parsed(quads)).keys() == {one.value, two.value}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_graph_gives_a_small_picture_that_says_so(lang: Language) -> None:
    svg = parsed([], lang)
    assert not nodes(svg)
    assert float(svg.attrib["height"]) < 300
    assert len(svg.findall("{*}text")) == (4 if lang == "both" else 2)


def test_the_picture_tells_a_screen_reader_what_it_shows() -> None:
    svg = parsed(tiny(), "en")
    assert svg.get("role") == "img"
    named_by = str(svg.get("aria-labelledby")).split()
    assert [svg.findtext(f"*[@id='{name}']") for name in named_by] == [
        "Policy graph",
        "achievement 1; goal 1; action 1; initiative 1; institution 1; implements (sourced); "
        "continues (editor's link); behind the goals (inferred)",
    ]


def test_the_picture_is_its_own_in_dark_mode_and_fetches_nothing(graph: PolicyGraph) -> None:
    svg = picture(graph.store)
    assert "@media (prefers-color-scheme: dark)" in svg
    assert not re.search(r"href|url\(|@import|<image", svg)


def test_lines_break_between_words_and_never_before_a_closing_mark() -> None:
    lines = wrap(
        "与14个国家共同发布《“一带一路”数字经济国际合作北京倡议》，并推进合作", "main", 200
    )
    assert len(lines) > 1
    assert not any(line[0] in "，。》”" for line in lines)
    assert any("“一带一路”" in line for line in lines)
    assert wrap("East-Data-West-Computing project", "main", 170)[0].endswith("-")


def test_the_order_of_the_quads_does_not_matter() -> None:
    shuffled = random.Random(7).sample(tiny(), len(tiny()))
    assert picture(GraphStore(shuffled)) == picture(GraphStore(tiny()))


def test_the_picture_and_the_network_are_the_same_under_every_hash_seed(
    graph: PolicyGraph, tmp_path: Path
) -> None:
    from pyoxigraph import RdfFormat, serialize

    path = tmp_path / "graph.nq"
    path.write_bytes(serialize(graph.store.quads(), format=RdfFormat.N_QUADS) or b"")
    script = (
        "import sys; from pathlib import Path; from policygraph.graph.store import GraphStore;"
        "from policygraph.publish.picture import picture;"
        "from policygraph.study.network.things import graphml;"
        "store = GraphStore.read(Path(sys.argv[1]));"
        "sys.stdout.buffer.write(picture(store).encode() + graphml(store))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, path],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
