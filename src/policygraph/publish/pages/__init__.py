"""Pages from templates: Jinja2, autoescaped, no network, no script.

In: the name of a template beside this file and its values. Out: text. Every value is escaped; links
lead to http, https or a place on the same page, everything else is shown as words.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from policygraph.publish.sheets.sheet import html_language

if TYPE_CHECKING:
    from jinja2 import Environment

_MARKS = re.compile(r"([\\`*_\[\]<>#|~&])")
_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}(?:–\d{4}-\d{2}-\d{2})?")


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    made = Environment(
        loader=PackageLoader("policygraph.publish.pages", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["address"] = address
    made.filters["html_language"] = html_language
    made.filters["md"] = markdown
    made.tests["day"] = _DAYS.fullmatch
    return made


def page(template: str, **values: object) -> str:
    """Fill a template in; those named ``.html.j2`` escape every value."""
    return _environment().get_template(template).render(**values)


def address(link: str) -> str:
    """Give a link that a page may lead to; empty for any other scheme.

    >>> address("https://example.org/a"), address("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    return link if link.startswith(("https://", "http://", "#")) else ""


def markdown(text: str) -> str:
    r"""Write words on one line so that Markdown reads no marks from them (CommonMark, section 2.4).

    >>> markdown("a*b_c")
    'a\\*b\\_c'
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
