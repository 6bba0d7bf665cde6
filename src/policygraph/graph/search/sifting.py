"""What a search is sifted by, from names as people type them."""

from __future__ import annotations

from policygraph.errors import WrongUsage
from policygraph.graph.search.find import Finder
from policygraph.identifiers import snake_name


def chosen(finder: Finder, kind: str, year: str, document: str) -> dict[str, str]:
    """Give what hits must have, as the index has it; what is empty is left open.

    Args:
        finder: of the index.
        kind: name of a class, as the ontology or a file writes it.
        year: in digits.
        document: key or IRI of a document.

    Raises:
        WrongUsage: nothing here is of that kind or document.
    """
    return {
        "kind": _kind(finder, kind) if kind else "",
        "year": year,
        "document": _document(finder, document) if document else "",
    }


def _kind(finder: Finder, name: str) -> str:
    wanted = name.removeprefix("pg:").replace("-", "_").lower()
    known = finder.values("kind")
    for kind in known:
        if wanted in (kind.lower(), snake_name(kind)):
            return kind
    raise WrongUsage("search/unknown-kind", name=name, known=", ".join(known))


def _document(finder: Finder, name: str) -> str:
    known = finder.values("document")
    found = [iri for iri in known if name in (iri, iri.rpartition("/")[2])]
    if found:
        return found[0]
    keys = ", ".join(iri.rpartition("/")[2] for iri in known[:10])
    raise WrongUsage("search/unknown-document", name=name, known=keys or "-")
