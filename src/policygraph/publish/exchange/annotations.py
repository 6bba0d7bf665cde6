"""Web annotations: every passage of the texts, with what is quoted from it, as JSON-LD.

In: a built graph. Out: one annotation collection with one page (Web Annotation Data Model, sections
4.2.4, 4.2.5 and 5). Positions are code points, the end exclusive; the words and what stands around
them find a passage again where positions have moved.
"""

from __future__ import annotations

import json
from typing import Any

from policygraph.namespaces import PG
from policygraph.publish.exchange.reading import Passage, Reading, Text

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def web_annotations(reading: Reading) -> bytes:
    """Write the passages as annotations, in the order of the text."""
    collection = f"{reading.place.base}annotation/"
    page = {
        "id": f"{collection}page",
        "type": "AnnotationPage",
        "partOf": collection,
        "startIndex": 0,
        "items": [_annotation(each, reading, collection) for each in reading.passages],
    }
    whole = {
        "@context": _CONTEXT,
        "id": collection,
        "type": "AnnotationCollection",
        "total": len(reading.passages),
        "first": page,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _annotation(passage: Passage, reading: Reading, collection: str) -> dict[str, Any]:
    """Write one: what is quoted is its body; a passage from which nothing is has none."""
    text = reading.texts[passage.text]
    document = reading.ids.key(text.document)
    name = f"{collection}{document}/{text.sha256[:12]}/{passage.begin}-{passage.end}"
    bodies = {"body": list(passage.things)} if passage.things else {}
    return {
        "id": name,
        "type": "Annotation",
        "motivation": "identifying" if passage.things else "highlighting",
        **bodies,
        "target": {
            "type": "SpecificResource",
            "source": _source(text),
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": passage.words,
                    "prefix": passage.before,
                    "suffix": passage.after,
                },
                {"type": "TextPositionSelector", "start": passage.begin, "end": passage.end},
            ],
        },
    }


def _source(text: Text) -> dict[str, Any]:
    """Name the exact text; its hash tells whether positions still hold."""
    return {
        "id": text.iri,
        "type": "Text",
        "format": "text/plain",
        "language": text.language,
        f"{PG}sha256": text.sha256,
    }
