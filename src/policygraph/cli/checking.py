"""The self-test over a folder: ``policygraph restore --check DIR``.

In: a folder; out: a table with a row a document. A document that cannot be read, or is refused, is
named, and the others are still tested.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from policygraph.cli.console import (
    folding_table,
    language,
    out,
    print_findings,
    table_console,
    tell,
)
from policygraph.errors import PolicyGraphError, UnreadableInput, Where
from policygraph.publish.folder import write_file
from policygraph.report import Finding
from policygraph.text.reading import documents_in, read
from policygraph.text.restore import restore
from policygraph.text.restore.redamage import check

_KINDS = (
    *("reading", "script", "punctuation", "misread-bytes"),
    *("space", "inserted-line", "lost-character"),
)
_HEADS = {
    "en": ("file", "characters", *_KINDS, "comes back", "undecided", "verdict"),
    "zh": (
        *("文件", "字符", "读音", "字形", "标点", "误读字节", "空格", "插入行", "缺字"),
        *("还原比例", "未定", "结论"),
    ),
}
_FAILED = ("differs", "refused", "unreadable")
_VERDICTS = {
    "clean": "无损",
    "equal": "一致",
    "differs": "不一致",
    "refused": "拒绝修复",
    "unreadable": "无法读取",
}


@dataclass(frozen=True)
class Tested:
    """What the self-test says of one document.

    Attributes:
        edits: how many of each family were made; what was left is counted in ``undecided``.
        share: of the characters of the source that stand where they were after damaging again.
        verdict: ``clean`` where nothing was edited, ``equal``, ``differs``, ``refused`` (respelt
            with synonyms) or ``unreadable``.
    """

    file: str
    verdict: str
    characters: int = 0
    edits: tuple[int, ...] = (0,) * len(_KINDS)
    share: float = 0.0
    undecided: int = 0

    def cells(self) -> tuple[object, ...]:
        """Give its row, in the order of the headings."""
        share = round(self.share, 6)
        return self.file, self.characters, *self.edits, share, self.undecided, self.verdict


def check_folder(folder: Path, form: str, output: Path | None) -> int:
    """Test every document of a folder and print the table; give the exit code.

    Args:
        folder: its documents are tested, those of folders in it too.
        form: ``table``, ``csv`` or ``json``.
        output: where to write it, instead of standard output.

    Raises:
        UnreadableInput: the folder holds no documents.
    """
    paths = _documents_below(folder)
    if not paths:
        raise UnreadableInput("restore/no-documents", Where(str(folder)))
    findings: list[Finding] = []
    quiet = Console(stderr=True)
    rows = [
        _tested(path, folder, findings)
        for path in track(paths, description="", console=quiet, transient=True)
    ]
    if form == "table" and output is None:
        _print(rows)
    else:
        data = _written(rows, form)
        write_file(output, data.encode()) if output else out(data)
    print_findings(findings, language())
    failed = sum(row.verdict in _FAILED for row in rows)
    tell("restore/checked", {"count": len(rows), "failed": failed})
    return 1 if failed else 0


def _documents_below(folder: Path) -> list[Path]:
    folders = [folder, *sorted(path for path in folder.rglob("*") if path.is_dir())]
    return [path for each in folders for path in documents_in(each)]


def _tested(path: Path, folder: Path, findings: list[Finding]) -> Tested:
    name = path.relative_to(folder).as_posix()
    try:
        source = read(path)
        restoration = restore(source.text, Where(str(path)))
    except PolicyGraphError as error:
        findings.append(Finding(error.name, error.where, facts=error.facts))
        return Tested(name, "refused" if error.name == "restore/spun" else "unreadable")
    result = check(restoration)
    if not result.equal:
        facts = {"equal": result.agreeing, "compared": result.compared}
        findings.append(Finding("restore/self-test-differs", Where(str(path)), facts=facts))
    undecided = sum(edit.status == "undecided" for edit in restoration.edits)
    counts = Counter(edit.kind for edit in restoration.edits if edit.status != "undecided")
    verdict = "equal" if restoration.edits else "clean"
    return Tested(
        name,
        verdict if result.equal else "differs",
        len(source.text),
        tuple(counts[kind] for kind in _KINDS),  # type: ignore[index]
        result.share,
        undecided,
    )


def _print(rows: Iterable[Tested]) -> None:
    lang = language()
    table = folding_table(*_HEADS[lang])
    for row in rows:
        *cells, share, undecided, verdict = row.cells()
        said = _VERDICTS[row.verdict] if lang == "zh" else str(verdict)
        table.add_row(*map(str, cells), f"{share:.2%}", str(undecided), said)
    table_console().print(table)


def _written(rows: Sequence[Tested], form: str) -> str:
    heads = [head.replace(" ", "_").replace("-", "_") for head in _HEADS["en"]]
    if form == "json":
        values = [dict(zip(heads, row.cells(), strict=True)) for row in rows]
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([heads, *(row.cells() for row in rows)])
    return file.getvalue()
