"""The forms there are, by name, and what each is made from.

In: a built graph, its workspace, a form. Out: the bytes of one file. A form's module is read only
when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policygraph.errors import WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.workspace import Place


def _void(store: GraphStore, place: Place) -> bytes:
    from policygraph.publish.catalog.void import void_description

    return void_description(store, place)


def _dcat(store: GraphStore, place: Place) -> bytes:
    from policygraph.publish.catalog.dcat import catalog

    return catalog(store, place, {})


FORMS: Mapping[str, Callable[[GraphStore, Place], bytes]] = {
    "void": _void,
    "dcat": _dcat,
}
"""What gives the bytes of a form."""


def exchange(store: GraphStore, place: Place, form: str, choice: str) -> bytes:
    """Write a graph in a form that others read.

    Raises:
        WrongUsage: the choice is not ``stated``, the only one that such a form can hold.
    """
    if choice != "stated":
        raise WrongUsage("publish/only-stated", form=form, choice=choice)
    return FORMS[form](store, place)
