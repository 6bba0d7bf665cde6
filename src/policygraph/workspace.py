"""Where the parts of a workspace lie, and what they hash to.

A workspace is a folder with ``data/``; it may have an ``ontology/``, ``queries/`` and settings
(``policygraph.toml``) of its own. Whatever it lacks is taken from the package.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from policygraph.assets import asset, bundled_root
from policygraph.errors import UnreadableInput, Where
from policygraph.identifiers import DEFAULT_BASE
from policygraph.settings import About, read_settings

NOT_BUILT = "comparisons.yaml"
"""A file of ``data/`` that no build depends on: what reviewers said of pairs of statements."""


@dataclass(frozen=True)
class Place:
    """Where the parts of a workspace lie.

    Attributes:
        root: the folder that holds ``data/``.
        data: documents and registry.
        ontology: the workspace's own ontology, or the bundled one.
        queries: the workspace's own queries, or the bundled ones.
        base: how the IRIs of its things begin.
        about: what it says of its graph to those who look for data.
    """

    root: Path
    data: Path
    ontology: Path
    queries: Path
    base: str = DEFAULT_BASE
    about: About = field(default_factory=About)

    @classmethod
    def at(cls, path: Path | str) -> Place:
        """Find the workspace at a folder, which is either its top or its ``data`` folder.

        Raises:
            UnreadableInput: there is no workspace.
        """
        path = Path(path)
        root = path if (path / "data").is_dir() else _above(path)
        data = _data_of(path)
        if not cls.is_at(path):
            raise UnreadableInput("workspace/none", Where(str(path)))
        own = {name: root / name for name in ("ontology", "queries")}
        found = {name: part if part.is_dir() else asset(name) for name, part in own.items()}
        settings = read_settings(root)
        return cls(root, data, found["ontology"], found["queries"], settings.base, settings.about)

    @property
    def projections(self) -> Path:
        """The workspace's own projections, or the bundled ones."""
        own = self.queries / "projections"
        return own if own.is_dir() else asset("queries", "projections")

    def lexicon(self, language: str = "zh") -> Path:
        """Find the tables of a language: the workspace's own folder, or the bundled one."""
        own = self.data / "lexicon" / language
        return own if own.is_dir() else asset("data", "lexicon", language)

    @staticmethod
    def is_at(path: Path) -> bool:
        """Tell whether a folder is a workspace or the ``data`` folder of one."""
        data = _data_of(path)
        return (data / "documents").is_dir() or (data / "registry").is_dir()

    @classmethod
    def bundled(cls) -> Place:
        """Give the example workspace that travels with the package."""
        return cls.at(bundled_root())

    @property
    def comparisons(self) -> Path:
        """The file of reviewed pairs; no build reads it."""
        return self.data / NOT_BUILT

    def inputs(self) -> dict[str, str]:
        """Hash every file that a build depends on: path from its part → sha256."""
        parts = {"data": self.data, "ontology": self.ontology, "queries": self.queries}
        return {
            f"{name}/{path.relative_to(folder).as_posix()}": sha256(path.read_bytes())
            for name, folder in parts.items()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
            and not path.name.startswith(".")
            and path.name != NOT_BUILT
            and path.parent != self.queries / "projections"  # read when a network is asked for
        }


def sha256(data: bytes) -> str:
    """Hash bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _data_of(path: Path) -> Path:
    return path / "data" if (path / "data").is_dir() else path


def _above(path: Path) -> Path:
    """Give the folder above; that of ``.`` is ``..``, which ``Path.parent`` does not say."""
    return path.parent if path.name else path / ".."
