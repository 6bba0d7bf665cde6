"""A picture of a projected network, for a report: boxes with words, lines, a legend.

In: a network with its measures. Out: one SVG that stands alone, the same bytes for the same
network. ``places`` finds a place for each thing, ``drawing`` says how it looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.publish.network_picture.drawing import FAMILIES, draw
from policygraph.publish.network_picture.places import place
from policygraph.publish.picture.words import LANGUAGES, Language
from policygraph.publish.png import png

if TYPE_CHECKING:
    from networkx import Graph

MOST = 60
"""Things in a picture that can still be read."""


def network_picture(network: Graph[str], lang: Language = "both", most: int = MOST) -> str:
    """Draw a network; of a large one, what has the most edges, and say so in the picture.

    Args:
        network: from ``project``.
        lang: language of the words; of ``both``, Chinese is the larger.
        most: number of things drawn at most.
    """
    languages = LANGUAGES[lang]
    ranked = sorted(network, key=lambda iri: (-network.degree(iri), iri))
    drawn = network.subgraph(sorted(ranked[:most]))
    return draw(place(drawn, languages), network, languages)


def network_png(svg: str, scale: float = 2) -> bytes:
    """Render such a picture.

    Args:
        svg: the picture.
        scale: pixels of the PNG for each of the SVG.

    Raises:
        WrongUsage: the extra ``plot`` is not installed, or no font has the characters needed.
    """
    return png(svg, FAMILIES, scale)
