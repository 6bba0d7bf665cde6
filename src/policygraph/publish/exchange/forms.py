"""The forms there are, by name, and what each is made from.

In: a built graph, its workspace, a form and, where one is wanted, a document. Out: the bytes of one
file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policygraph.errors import WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.publish.catalog.dcat import catalog
from policygraph.publish.catalog.void import void_description
from policygraph.publish.exchange.annotations import web_annotations
from policygraph.publish.exchange.nanopub import nanopublications
from policygraph.publish.exchange.nif import nif
from policygraph.publish.exchange.reading import Reading
from policygraph.publish.exchange.stratml import stratml
from policygraph.workspace import Place

TABLES = "csvw"
"""The one form that is a folder: see ``exchange.csvw``."""

_OF_THE_GRAPH: Mapping[str, Callable[[GraphStore, Place], bytes]] = {
    "void": void_description,
    "dcat": lambda store, place: catalog(store, place, {}),
}
_OF_DOCUMENTS: Mapping[str, Callable[[Reading], bytes]] = {
    "stratml": stratml,
    "annotations": web_annotations,
    "nanopub": nanopublications,
    "nif": nif,
}

FORMS = (*_OF_THE_GRAPH, *_OF_DOCUMENTS)
"""The forms that are one file: those that speak of the whole graph, those that hold documents."""


def exchange(
    store: GraphStore, place: Place, form: str, choice: str = "stated", document: str = ""
) -> bytes:
    """Write a graph in a form that others read.

    Args:
        store: the graph.
        place: its workspace.
        form: one of ``FORMS``.
        choice: what goes in; these forms hold only what is ``stated``.
        document: the key of the one document that is wanted; all if empty.

    Raises:
        WrongUsage: the form cannot hold the choice or a single document, or has nothing to hold.
    """
    check_choice(form, choice, document)
    if form in _OF_THE_GRAPH:
        return _OF_THE_GRAPH[form](store, place)
    return _OF_DOCUMENTS[form](Reading(store, place, document))


def check_choice(form: str, choice: str, document: str) -> None:
    """Refuse what a form cannot hold.

    Raises:
        WrongUsage: it holds only what is stated, or only the whole graph.
    """
    if choice != "stated" and form in (*FORMS, TABLES):
        raise WrongUsage("publish/only-stated", form=form, choice=choice)
    if document and form not in _OF_DOCUMENTS:
        raise WrongUsage("publish/whole-graph-only", form=form, known=", ".join(_OF_DOCUMENTS))
