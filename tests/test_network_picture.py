"""Pictures of networks: readable words, a legend, the same every time, fonts or a message."""

from __future__ import annotations

import random
import re
import struct
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import WrongUsage
from policygraph.publish.network_picture import network_picture, network_png
from policygraph.publish.network_picture.places import place
from policygraph.publish.picture.words import SIZES, Language, text_width
from policygraph.publish.png import png

NETWORKS = ("goals-by-topic", "goals-sharing-initiatives", "institutions-to-initiatives")
NETWORKS += ("who-works-with-whom", "initiatives-by-topic")
KINDS = ("Goal", "Action", "Achievement", "Initiative", "Institution", "Topic", "Place")
HOSTILE = "<script>alert(1)</script>&amp;\"'\x0b ]]> " + "数" * 300 + "w" * 300


def made_up(count: int, edges: list[tuple[int, int]], label: str = "某项数据工作") -> nx.Graph[str]:
    network: nx.Graph[str] = nx.Graph(title={"en": "A network", "zh": "网络"})
    for n in range(count):
        kind = KINDS[n % len(KINDS)]
        words = {"label_zh": f"{label}{n}", "label_en": f"{label} no. {n}"}
        network.add_node(f"n{n:03}", kind=kind, kind_en=kind.lower(), key=f"n{n}", **words)
    for number, (start, end) in enumerate(edges):
        if start % count != end % count:
            about = {"passages": (f"p{number}",), "other_evidence": (), "weight": 1 + number % 3}
            names = {"relation_en": "joins", "relation_zh": "连接"}
            origin = ("stated", "editor", "inferred", "registry")[number % 4]
            ends = f"n{start % count:03}", f"n{end % count:03}"
            network.add_edge(*ends, origin=origin, **about, **names)
    return network


Frame = tuple[float, float, float, float]


def frame(node: ET.Element) -> Frame:
    rect = node.find("{*}rect")
    assert rect is not None
    x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def apart(a: Frame, b: Frame) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def assert_readable(svg: ET.Element) -> None:
    """No box lies on another; all words lie in their box, and all boxes in the picture."""
    canvas = next(group for group in svg.iterfind("{*}g") if group.get("transform"))
    shift = re.fullmatch(r"translate\(([\d.-]+),([\d.-]+)\)", canvas.attrib["transform"])
    assert shift
    left, top = float(shift[1]), float(shift[2])
    frames = {node.attrib["data-iri"]: frame(node) for node in canvas.iterfind("*[@data-iri]")}
    for (one, a), (other, b) in combinations(frames.items(), 2):
        assert apart(a, b), f"{one} and {other} overlap"
    for node in canvas.iterfind("*[@data-iri]"):
        box = frames[node.attrib["data-iri"]]
        assert box[0] + left >= 0
        assert box[2] + left <= float(svg.attrib["width"])
        assert box[3] + top < float(svg.attrib["height"])
        assert box[1] > -1
        above = box[1]
        for text in node.iterfind("{*}text"):
            style, x, y = text.attrib["class"], float(text.attrib["x"]), float(text.attrib["y"])
            assert box[0] < x
            assert x + text_width(text.text or "", style) <= box[2]
            assert above <= y - SIZES[style] * 0.9
            above = y
        assert above < box[3]
    lowest = max(float(text.attrib["y"]) for text in list(svg.iterfind("{*}text"))[:2])
    assert lowest < top, "the title lies on the boxes"


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_in_a_picture_of_the_conference_lies_on_anything_else(
    graph: PolicyGraph, name: str, lang: Language
) -> None:
    network = graph.projection(name)
    svg = ET.fromstring(network_picture(network, lang))
    assert_readable(svg)
    assert {node.get("data-iri") for node in svg.iterfind(".//*[@data-iri]")} == set(network)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(2, 24),
    st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23)), max_size=40),
)
def test_no_box_lies_on_another_in_any_network(count: int, edges: list[tuple[int, int]]) -> None:
    placed = place(made_up(count, edges), ("zh", "en"))
    for one, other in combinations(placed.tiles, 2):
        apart_x = abs(one.x - other.x) >= (one.width + other.width) / 2
        assert apart_x or abs(one.y - other.y) >= (one.height + other.height) / 2


def test_hostile_labels_are_only_text() -> None:
    svg = ET.fromstring(network_picture(made_up(3, [(0, 1)], HOSTILE)))
    assert_readable(svg)
    assert not svg.findall(".//{*}script")


def test_a_large_network_shows_what_has_most_edges_and_says_so() -> None:
    network = made_up(90, [(0, n) for n in range(1, 80)])
    svg = network_picture(network, "en", most=12)
    drawn = [node.get("data-iri") for node in ET.fromstring(svg).iterfind(".//*[@data-iri]")]
    assert len(drawn) == 12
    assert "n000" in drawn
    assert "shown are the 12 best joined of 90" in svg


def test_lines_tell_who_says_them_and_the_legend_explains_each() -> None:
    svg = network_picture(made_up(5, [(0, 1), (1, 2), (2, 3)]), "en")
    assert svg.count('stroke-dasharray="8 5"') == 2, "one line and its entry"
    assert svg.count('stroke-dasharray="0.1 6"') == 2
    for words in ("goal 1", "editor's link", "inferred", "sourced", "resting on 3 passages"):
        assert words in svg


def test_an_arrow_has_a_head(graph: PolicyGraph) -> None:
    network = graph.projection("institutions-to-initiatives")
    heads = re.findall(r"<path d=\"M[^\"]+z\" fill=\"#8b949e\"", network_picture(network))
    assert len(heads) == network.number_of_edges()


def test_the_order_of_nodes_and_edges_does_not_matter() -> None:
    network = made_up(9, [(0, n) for n in range(1, 9)])
    shuffled: nx.Graph[str] = nx.Graph(**network.graph)
    shuffled.add_nodes_from(random.Random(7).sample(list(network.nodes(data=True)), 9))
    shuffled.add_edges_from(random.Random(7).sample(list(network.edges(data=True)), 8))
    assert network_picture(shuffled) == network_picture(network)


def test_the_picture_in_the_guide_is_the_one_that_is_drawn(graph: PolicyGraph) -> None:
    shown = (ROOT / "docs" / "images" / "network.svg").read_text("utf-8")
    network = graph.projection("institutions-to-initiatives")
    mend = "policygraph network institutions-to-initiatives -f svg -o docs/images/network.svg"
    assert shown == network_picture(network, "en"), mend


# PNG


def test_a_png_is_twice_as_large_as_the_svg(graph: PolicyGraph) -> None:
    svg = network_picture(graph.projection("who-works-with-whom"), "en")
    data = network_png(svg)
    assert data.startswith(b"\x89PNG")
    width = float(ET.fromstring(svg).attrib["width"])
    assert struct.unpack(">I", data[16:20])[0] == pytest.approx(2 * width, abs=2)


@pytest.mark.parametrize(
    ("families", "words"),
    [("'No such font'", "Chinese"), ("'No such font at all'", "fonts-noto-cjk")],
)
def test_missing_fonts_are_told(graph: PolicyGraph, families: str, words: str) -> None:
    svg = network_picture(graph.projection("who-works-with-whom"), "zh")
    with pytest.raises(WrongUsage, match=words):
        png(svg, families)
    with pytest.raises(WrongUsage, match="Latin"):
        png("<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>", families)


def test_without_the_extra_a_message_names_it(
    conference: Path, tmp_path: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    target = tmp_path / "n.png"
    result = run("network", "goals-by-topic", "-f", "png", "-o", target, "-C", conference)
    assert result.exit_code == 2
    assert "policygraph[plot]" in result.output
    assert not target.exists()


def test_the_command_writes_pictures(
    conference: Path, tmp_path: Path, run: Callable[..., Result]
) -> None:
    for form, beginning in (("svg", b"<svg"), ("png", b"\x89PNG")):
        target = tmp_path / f"n.{form}"
        run("network", "goals-by-topic", "-f", form, "-o", target, "--most", "9", "-C", conference)
        assert target.read_bytes().startswith(beginning)
