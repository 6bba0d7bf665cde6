"""The folder that w3id.org asks for, so that the IRIs of a workspace lead to its site.

In: a workspace and the address of its site. Out: ``.htaccess`` with the redirects and ``README.md``
with whom to ask, for a pull request to the repository of w3id.org. Whoever asks for data by its
media type gets the data of a thing, whoever reads Chinese its Chinese page, all others the English
one (docs/decisions/0050, 0060). Nothing is registered by writing them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policygraph.errors import Where, WrongUsage
from policygraph.settings import CATALOG, FILE
from policygraph.workspace import Place

ROOT = "https://w3id.org/"
REDIRECTS = ".htaccess"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_TWINS = {
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/n-triples": "nt",
    "text/csv": "csv",
    "application/json": "json",
}
"""Media types of the data beside a page, in the order in which they are looked for."""


def folder_name(place: Place) -> str:
    """Give the name of the folder: what stands after ``https://w3id.org/`` in the base.

    Raises:
        WrongUsage: the base is none of w3id.org.
    """
    name = place.base.removeprefix(ROOT).rstrip("/")
    if not place.base.startswith(ROOT) or not _NAME.fullmatch(name):
        raise WrongUsage("publish/not-w3id", base=place.base)
    return name


def w3id_files(place: Place, site: str) -> dict[str, bytes]:
    """Write the redirects and the note, by the name of the file in the folder.

    Args:
        place: the workspace; its base begins with ``https://w3id.org/``.
        site: where its site lies, with a slash at the end.

    Raises:
        WrongUsage: the base is none of w3id.org, or nobody is named who can be asked.
    """
    name = folder_name(place)
    lacking = place.about.lacks("title", "contact")
    if lacking:
        where = Where(str(place.root / FILE))
        raise WrongUsage(
            "publish/catalog-incomplete", where, missing=", ".join(lacking), table=CATALOG
        )
    lines = [*_head(name, site), *_terms(site), *_things(site), *_rest(site)]
    return {
        REDIRECTS: ("\n".join(lines) + "\n").encode(),
        "README.md": _readme(place, name, site).encode(),
    }


def _head(name: str, site: str) -> Iterator[str]:
    yield f"# {ROOT}{name}/ leads to {site}"
    yield "Options +FollowSymLinks"
    yield "RewriteEngine on"


def _terms(site: str) -> Iterator[str]:
    """Lead from the ontology to its file or its page; what comes after # stays with the reader."""
    yield ""
    yield "# The ontology"
    yield _accepts("text/turtle")
    yield _to("ns", f"{site}ontology.ttl")
    yield from _in_languages("ns", site, "ontology.html")


def _things(site: str) -> Iterator[str]:
    """Lead from things to their data or pages, from texts to the page of their document."""
    yield ""
    yield "# Texts and passages: the page of the document"
    yield from _in_languages("id/(document/[^/]+)/text/.+", site, "doc/$1.html")
    for title, pattern in (("Things", "id/(.+)"), ("Sources and judgements", "(graph/.+)")):
        yield ""
        yield f"# {title}"
        for media, ending in _TWINS.items():
            yield _accepts(media)
            yield _to(pattern, f"{site}doc/$1.{ending}")
        yield from _in_languages(pattern, site, "doc/$1.html")


def _rest(site: str) -> Iterator[str]:
    """Lead everything else to the front page."""
    yield ""
    yield "# All else: the front page"
    yield from _in_languages(".*", site, "index.html")


def _in_languages(pattern: str, site: str, path: str) -> Iterator[str]:
    """Lead to the Chinese page where Chinese is what is read first, else to the English one."""
    yield r"RewriteCond %{HTTP:Accept-Language} ^zh [NC]"
    yield _to(pattern, f"{site}zh/{path}")
    yield _to(pattern, f"{site}en/{path}")


def _accepts(media: str) -> str:
    return f"RewriteCond %{{HTTP_ACCEPT}} {re.escape(media)} [NC]"


def _to(pattern: str, target: str) -> str:
    """Answer 303: what is found there is about the thing, and is not the thing."""
    return f"RewriteRule ^{pattern}$ {target} [R=303,NE,L]"


def _readme(place: Place, name: str, site: str) -> str:
    """Say what the address is for, and whom to ask."""
    said = place.about
    titles = [text for _, text in sorted(said.title.items())]
    contact = said.contact.removeprefix("mailto:")
    publishers = " / ".join(text for _, text in sorted(said.publisher.items()))
    return "\n".join(
        [
            f"# /{name}/",
            "",
            *titles,
            "",
            f"- Identifiers: {place.base}id/{{kind}}/{{key}}, terms: {place.base}ns#",
            f"- Site: {site}",
            *([f"- Publisher: {publishers}"] if publishers else []),
            f"- Contact: {contact}",
            "",
        ]
    )
