"""A thing in a few lines of HTML, for a small frame beside a table; everything in it is escaped."""

from __future__ import annotations

from html import escape

from policygraph.graph.reconcile.values import Values
from policygraph.graph.terms import text_of

WIDTH, HEIGHT = 430, 260
"""Pixels of the frame that it is made for."""

_PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{name}</title></head>
<body><h1>{name}</h1><p lang="{other}">{second}</p><p>{kind} · <code>{id}</code></p>
{quotes}</body></html>
"""
_SENTENCES = 2


def preview(values: Values, iri: str, lang: str) -> str:
    """Write the page of a thing: its names, its kind, the sentences that state it.

    Args:
        values: what is said of things.
        iri: the thing.
        lang: ``en`` or ``zh``.
    """
    catalogue, other = values.catalogue, "zh" if lang == "en" else "en"
    quotes = "".join(
        f'<blockquote lang="{escape(getattr(term, "language", None) or "zh")}">'
        f"{escape(text_of(term))}</blockquote>\n"
        for term in list(values.of(iri, "sentence"))[:_SENTENCES]
    )
    kinds = catalogue.kinds_of(iri)
    told = {
        "lang": lang,
        "other": other,
        "name": catalogue.name(iri, lang),
        "second": catalogue.name(iri, other),
        "kind": catalogue.term(kinds[0], lang) if kinds else "",
        "id": catalogue.id_of(iri),
    }
    return _PAGE.format(quotes=quotes, **{name: escape(text) for name, text in told.items()})
