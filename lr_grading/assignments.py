"""Where the assignments are, and what the cells of one are for.

An assignment is a notebook, ``solutions/<language>/<name>/<name>.ipynb``; its release,
without the solutions, has the same place in ``exercises/``. What nbgrader's metadata
make of a cell is one of the kinds below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the names can be asked for before anything is installed
    from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
NAMES = (
    "from-scratch",
    "mechanics",
    "ohm",
    "planck",
    "robust-loss",
    "training-choices",
    "second-derivatives",
    "shuffling",
    "objects",
)
HIDDEN = "-hidden"  # how the grade id of a cell of hidden checks ends,
VISIBLE = "-checks"  # and that of a cell of visible ones
Kind = Literal["answer", "checks", "written", "other"]


def solution_file(language: str, name: str) -> Path:
    return ROOT / "solutions" / language / name / f"{name}.ipynb"


def release_file(language: str, name: str) -> Path:
    return ROOT / "exercises" / language / name / f"{name}.ipynb"


def read(path: Path) -> NotebookNode:
    import nbformat

    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def grade_id(cell: NotebookNode) -> str | None:
    """The name that nbgrader has for a cell, if it has one."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")  # type: ignore[no-any-return]


def kind(cell: NotebookNode) -> Kind:
    """What a cell is for: an answer in code, checks, a written answer, or neither."""
    marks = cell.metadata.get("nbgrader", {})
    if marks.get("solution"):
        return "written" if marks.get("grade") else "answer"
    return "checks" if marks.get("grade") else "other"


@dataclass(frozen=True)
class GradedCell:
    """A cell with points: checks, or a written answer that a teacher marks."""

    name: str
    points: float
    kind: Kind
    hidden: bool

    @property
    def question(self) -> str:
        """The question that it belongs to: its name without its ending."""
        return self.name.removesuffix(HIDDEN).removesuffix(VISIBLE)


def graded_cells(notebook: NotebookNode) -> Iterator[GradedCell]:
    """The cells that have points, in the order of the notebook."""
    for cell in notebook.cells:
        name = grade_id(cell)
        if name is not None and cell.metadata.nbgrader.grade:
            points = float(cell.metadata.nbgrader.points)
            yield GradedCell(name, points, kind(cell), name.endswith(HIDDEN))


def trusted_sources(notebook: NotebookNode) -> dict[str, str]:
    """The cells of a solution, or of a release, that are the course's own, by their names."""
    return {
        name: cell.source
        for cell in notebook.cells
        if (name := grade_id(cell)) and cell.cell_type == "code" and kind(cell) != "answer"
    }
