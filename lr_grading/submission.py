"""One submission, from what was handed in to the notebook that is to be run.

All that this needs comes with it. It sees neither the gradebook nor the folders of the class, so
that it may be done on another machine.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import nbformat
from nbformat import NotebookNode

from lr_grading.assignments import grade_id, kind
from lr_grading.fingerprint import graders
from lr_grading.messages import text
from lr_grading.repair import repair, with_report


@dataclass(frozen=True)
class Assignment:
    """What is the same for all submissions. Notebooks are JSON, which travels anywhere.

    Attributes:
        name: The assignment.
        language: The language of the class, "en" or "zh".
        release: The notebook as it was handed out.
        locked: The same with its locked cells as the gradebook has them, hidden checks among them.
        others: The releases of the other assignments by name, to recognize a mix-up.
        settings: What the class has set for running a notebook (``c.Execute``).
        graders: The fingerprint of the graders that are to mark.
    """

    name: str
    language: str
    release: str
    locked: str
    others: str
    settings: str
    graders: str


@dataclass(frozen=True)
class Submission:
    """What one student has handed in.

    Attributes:
        student: The student.
        content: The notebook, or nothing.
        files: The other files that the notebook finds in its folder, by path.
        found: Names of the files that were handed in beside the notebook.
    """

    student: str
    content: bytes
    files: Mapping[str, bytes]
    found: tuple[str, ...]


def notebook_to_run(assignment: Assignment, submission: Submission) -> NotebookNode:
    """Repair a submission and put its checks back.

    Raises:
        RuntimeError: This machine has other graders than those that are to mark.
    """
    if assignment.graders != graders():
        raise RuntimeError(text(assignment.language, "other_graders"))
    release, locked, others = notebooks(assignment)
    notebook, findings = repair(
        submission.content,
        release,
        name=assignment.name,
        language=assignment.language,
        others=others,
        found=list(submission.found),
    )
    return with_report(_with_locked_cells(notebook, locked), findings)


@lru_cache(maxsize=2)
def notebooks(
    assignment: Assignment,
) -> tuple[NotebookNode, NotebookNode, dict[str, NotebookNode]]:
    """The release, the one with the locked cells, and the others: read once by each worker."""
    release, locked, others = map(
        json.loads, (assignment.release, assignment.locked, assignment.others)
    )
    notebooks = {name: nbformat.from_dict(other) for name, other in others.items()}
    return nbformat.from_dict(release), nbformat.from_dict(locked), notebooks


def _with_locked_cells(notebook: NotebookNode, locked: NotebookNode) -> NotebookNode:
    """A repaired notebook with all that a student may not change as the gradebook has it."""
    originals = {grade_id(cell): cell for cell in locked.cells if grade_id(cell)}
    for cell in notebook.cells:
        original = originals.get(grade_id(cell))
        if original is not None:
            cell.metadata = original.metadata
            if kind(original) not in ("answer", "written"):
                cell.source = original.source
    return notebook
