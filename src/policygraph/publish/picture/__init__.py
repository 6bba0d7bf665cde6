"""A picture of a plan: what was done, what is to be done, and what joins the two.

In: the store. Out: one SVG that stands alone, the same bytes for the same graph. ``selection`` says
what is drawn, ``words`` how long it is, ``layout`` where it goes, ``svg`` how it looks.
"""

from __future__ import annotations

from policygraph.graph.store import GraphStore
from policygraph.publish.picture.layout import lay_out
from policygraph.publish.picture.selection import select
from policygraph.publish.picture.svg import draw
from policygraph.publish.picture.words import LANGUAGES, Language
from policygraph.study.network.things import network


def picture(store: GraphStore, lang: Language = "both") -> str:
    """Draw goals and actions, whom and what they concern, and the achievements they carry on.

    Achievements, initiatives and institutions are drawn where a line joins them to the rest; of a
    graph that plans nothing, all achievements are.

    Args:
        store: the graph; candidates are left out.
        lang: language of the words; of ``both``, Chinese is the larger.
    """
    things = network(store, inferred=True)
    languages = LANGUAGES[lang]
    return draw(lay_out(select(things), things, languages), languages)
