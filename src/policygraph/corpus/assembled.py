"""The asserted quads of a whole workspace in memory, for graphs that fit there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyoxigraph import RdfFormat, parse

from policygraph.corpus.parts import Maker, Part
from policygraph.corpus.workers import parts
from policygraph.errors import UnreadableInput, Where
from policygraph.graph.build import Built, quoted_in
from policygraph.text.documents import document_folders
from policygraph.workspace import Place


def assembled(
    place: Place,
    jobs: int,
    progress: Callable[[str, Mapping[str, object]], None],
    *,
    drafts: bool,
    same_as: bool = False,
    on: str = "",
) -> Built:
    """Put together what the documents, each by itself, and the registry give.

    Raises:
        UnreadableInput: there is neither a document nor a registry, or a file cannot be read.
    """
    folders = document_folders(place.data)
    if not folders and not (place.data / "registry").is_dir():
        raise UnreadableInput("workspace/empty", Where(str(place.data)))
    built, maker = Built(), Maker(place, drafts=drafts, same_as=same_as)
    made = parts(place, folders, jobs, drafts=drafts, on=on, maker=maker)
    for count, part in enumerate(made, 1):
        built.join(_built_of(part))
        progress(
            "build/document", {"count": count, "total": len(folders), "quads": len(built.quads)}
        )
    built.join(_built_of(maker.known(quoted_in(built.quads))))
    progress("build/asserted", {"documents": len(folders), "count": len(built.quads)})
    return built


def _built_of(part: Part) -> Built:
    quads = dict.fromkeys(parse(part.quads, RdfFormat.N_QUADS))
    return Built(list(part.findings), dict(part.made_at), quads)
