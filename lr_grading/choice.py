"""Which of several files of one student counts: how much of the assignment is in each."""

from enum import IntEnum

from nbformat import NotebookNode

from lr_grading.assignments import kind
from lr_grading.messages import LANGUAGES
from lr_grading.recognition import recognize_cells
from lr_grading.submitted import Findings, read_cells


class State(IntEnum):
    """What a file is. Of two files of one student, the one with the higher state counts."""

    OTHER = 0  # no notebook that can be read, or of another assignment
    UNTOUCHED = 1  # the release, though its cells may have been run
    WORKED = 2


def state(content: bytes, releases: list[NotebookNode]) -> State:
    """How much of an assignment is in a file.

    Args:
        content: The file.
        releases: The notebook as it was handed out, in each language. A student may have worked
            in the other one.
    """
    cells = read_cells(content, Findings(LANGUAGES[0]), []) or []
    recognize_cells(cells, releases[0])
    recognized = {cell.name for cell in cells}
    if not any(cell.id in recognized for cell in releases[0].cells if kind(cell) == "answer"):
        return State.OTHER
    handed_out = {"", *(cell.source.strip() for release in releases for cell in release.cells)}
    written = any(cell.source.strip() not in handed_out for cell in cells)
    return State.WORKED if written else State.UNTOUCHED
