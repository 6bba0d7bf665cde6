"""What plain web hosts need to answer as a server of linked data would, as far as they can.

In: the site. Out: ``.htaccess`` for Apache, ``_redirects`` for hosts that read it, and, where the
address of the site is known, ``sitemap.xml``. Hosts that read none of them still give every page
and file under its own path.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from policygraph.publish.site.addresses import LANGUAGES, TWINS
from policygraph.publish.site.page import MEDIA_TYPES, Page, media_type
from policygraph.publish.site.room import House

_MOST_IN_A_MAP = 50_000
"""Addresses that a sitemap may hold (sitemaps.org, protocol 0.9)."""

_APACHE = """\
# /id/KIND/KEY names a thing: 303 to its data or its page, by Accept and Accept-Language.
Options -MultiViews
AddDefaultCharset utf-8
{types}
<FilesMatch "^void$">
ForceType text/turtle
</FilesMatch>
<IfModule mod_headers.c>
Header set Access-Control-Allow-Origin "*"
Header set X-Content-Type-Options nosniff
Header append Vary "Accept, Accept-Language"
</IfModule>
<IfModule mod_rewrite.c>
RewriteEngine On
RewriteBase {prefix}
RewriteRule ^id/(document/[^/]+)/text/[^/]+$ id/$1
{rules}
RewriteCond %{{HTTP:Accept-Language}} ^zh [NC]
RewriteRule ^(?:id|doc)/([^.]+)$ zh/doc/$1.html [R=303,L]
RewriteRule ^(?:id|doc)/([^.]+)$ en/doc/$1.html [R=303,L]
RewriteRule ^ns$ ontology.ttl [R=303,L]
</IfModule>
"""

_REDIRECTS = """\
/id/document/:key/text/:text  /zh/doc/document/:key.html  302  Language=zh
/id/document/:key/text/:text  /en/doc/document/:key.html  302
/id/*  /zh/doc/:splat.html  302  Language=zh
/id/*  /en/doc/:splat.html  302
/ns  /en/ontology.html  302
"""


class Hosts:
    """Files for web hosts."""

    def __init__(self, house: House) -> None:
        self.house = house

    def paths(self) -> Iterator[str]:
        """Give the paths of the files."""
        if self.house.served:
            return
        yield from (".htaccess", "_redirects")
        if self.house.base_url:
            yield "sitemap.xml"

    def page(self, path: str, seen_at: str) -> Page | None:  # noqa: ARG002 - has no links
        """Make one of the files."""
        if path not in self.paths():
            return None
        made = {".htaccess": self._apache, "sitemap.xml": self._map}
        text = made[path]() if path in made else _REDIRECTS
        return Page(text.encode(), media_type(path))

    def _apache(self) -> str:
        prefix = urlsplit(self.house.base_url).path or "/"
        types = [f"AddType {MEDIA_TYPES[form].split(';')[0]} .{form}" for form in TWINS]
        rules = []
        for form in TWINS:
            kind = MEDIA_TYPES[form].split(";")[0].replace("+", "\\+")
            rules.append(f"RewriteCond %{{HTTP_ACCEPT}} {kind}")
            rules.append(f"RewriteRule ^(?:id|doc)/([^.]+)$ doc/$1.{form} [R=303,L]")
        return _APACHE.format(types="\n".join(types), rules="\n".join(rules), prefix=prefix)

    def _map(self) -> str:
        """List the pages, each with its translation; of too many, the first."""
        lines = ['<?xml version="1.0" encoding="UTF-8"?>']
        lines.append('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
        pages = [f"{lang}/index.html" for lang in LANGUAGES]
        for iri in self.house.things()[: _MOST_IN_A_MAP // len(LANGUAGES) - 1]:
            pages += [self.house.addresses.page(iri, lang) for lang in LANGUAGES]
        lines += [f"<url><loc>{escape(self.house.base_url + page)}</loc></url>" for page in pages]
        return "\n".join([*lines, "</urlset>", ""])
