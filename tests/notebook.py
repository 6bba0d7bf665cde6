"""The example notebook: its cells, run anew; ``python tests/notebook.py`` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "docs" / "example.ipynb"


def executed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Run all cells in the folder of the notebook; keep nothing that differs from run to run."""
    NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOK.parent)}}
    ).execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    }
    for number, cell in enumerate(notebook.cells, 1):
        cell.id, cell.metadata = f"cell-{number:02}", {}
    return notebook


def outputs(notebook: nbformat.NotebookNode) -> list[Any]:
    """List what each cell of code gives."""
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


def main() -> None:
    """Run the notebook and write it back."""
    notebook = executed(nbformat.read(NOTEBOOK, as_version=4))
    NOTEBOOK.write_text(nbformat.writes(notebook, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
