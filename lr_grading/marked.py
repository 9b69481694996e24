"""What is marked already, and of what it was marked.

The notebook in ``autograded`` has in its metadata the fingerprint of all that its marks depend on.
It is written after the gradebook, so that it is there only where both are done.
"""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.utils import determine_grade, is_grade

from lr_grading.assignments import grade_id, read
from lr_grading.coursework import Coursework
from lr_grading.fingerprint import fingerprint, graders, of_files
from lr_grading.messages import text
from lr_grading.record import SharedGradebook, answers
from lr_grading.repair import reported
from lr_grading.results import METADATA

FINGERPRINT = "fingerprint"


class Marked:
    """The marked submissions of an assignment.

    Args:
        work: The assignment of the class.
        gradebook: The gradebook of the class.
    """

    def __init__(self, work: Coursework, gradebook: SharedGradebook) -> None:
        self._work, self._gradebook = work, gradebook
        settings = (work.home / "nbgrader_config.py").read_bytes()
        seed = str(work.api.config.Execute.seed)
        self._common = fingerprint(graders(), of_files(work.source), settings, seed)

    def fingerprint(self, student: str) -> str:
        """That of all that the marks of a student depend on."""
        handed_in = of_files(self._work.submitted(student))
        return fingerprint(self._common, handed_in, str(self._due(student)))

    def is_current(self, student: str, fingerprint: str) -> bool:
        """Whether the work with this fingerprint is marked, in the gradebook too."""
        try:
            notebook = self._notebook(student)
            grades = self._grades(student)
        except (MissingEntry, OSError, ValueError):
            return False
        if notebook.metadata.get(METADATA, {}).get(FINGERPRINT) != fingerprint:
            return False
        scores = {
            grade_id(cell): determine_grade(cell)[0] for cell in notebook.cells if is_grade(cell)
        }
        return scores == {grade.name: grade.auto_score for grade in grades}

    def has_same_answers(self, student: str, notebook: NotebookNode) -> bool:
        """Whether there are marks for the answers of a notebook that was run."""
        try:
            self._gradebook.find_submission(self._work.name, student)
            return answers(self._notebook(student)) == answers(notebook)
        except (MissingEntry, OSError, ValueError):
            return False

    def changes(self, student: str, notebook: NotebookNode) -> list[tuple[str, float, float]]:
        """What marks a notebook that was run would change: the cell, the points before and now."""
        before = {grade.name: grade.auto_score for grade in self._grades(student)}
        now = {
            grade_id(cell): determine_grade(cell)[0] for cell in notebook.cells if is_grade(cell)
        }
        return [
            (str(name), float(before.get(name) or 0.0), float(points or 0.0))
            for name, points in now.items()
            if (before.get(name) or 0.0) != (points or 0.0)
        ]

    def marks(self, student: str) -> str:
        """The marks, and how many points wait for a teacher."""
        submission = self._gradebook.find_submission(self._work.name, student)
        marks = f"{submission.score:g} / {submission.max_score:g}"
        points = sum(g.max_score for g in self._grades(student) if g.needs_manual_grade)
        return text(self._work.language, "to_mark", marks=marks, points=points) if points else marks

    def repairs(self, student: str) -> list[str]:
        """What the pre-flight check wrote at the top of the notebook."""
        return reported(self._notebook(student))

    def _due(self, student: str) -> Any:
        try:
            return self._gradebook.find_submission(self._work.name, student).duedate
        except MissingEntry:
            pass
        try:
            return self._gradebook.find_assignment(self._work.name).duedate
        except MissingEntry:
            return None

    def _grades(self, student: str) -> list[Any]:
        submission = self._gradebook.find_submission(self._work.name, student)
        return [grade for notebook in submission.notebooks for grade in notebook.grades]

    def _notebook(self, student: str) -> NotebookNode:
        return read(self._work.autograded(student) / f"{self._work.name}.ipynb")
