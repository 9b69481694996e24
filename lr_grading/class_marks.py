"""The marks of a class for one assignment, as data: those of the list, and those who handed in."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment

from lr_grading.assignments import HIDDEN, VISIBLE, graded_cells
from lr_grading.class_list import Member, members_of
from lr_grading.coursework import open_class
from lr_grading.release import pristine


@dataclass
class Marks:
    """What one student has.

    Attributes:
        student: Who it is.
        handed_in: When, in UTC; None where nothing is in the gradebook.
        seconds_late: After the due date.
        questions: The points for each question; None for what waits for a teacher.
        penalty: What is taken off for being late.
        of: All points of the assignment.
        by_hand: The points of what waits for a teacher.
    """

    student: Member
    handed_in: datetime | None = None
    seconds_late: float = 0.0
    questions: dict[str, float | None] = field(default_factory=dict)
    penalty: float = 0.0
    of: float = 0.0
    by_hand: float = 0.0

    @property
    def total(self) -> float:
        return max(0.0, sum(points or 0.0 for points in self.questions.values()) - self.penalty)


def marks_of_class(name: str, language: str, root: Path) -> list[Marks]:
    """The marks of a class, in the order of its list; who is not in the list comes after.

    Raises:
        RuntimeError: The list cannot be read.
    """
    listed = members_of(root / "classroom" / language, language) or []
    with open_class(language, root).gradebook as gradebook:
        known = {member.id for member in listed}
        others = sorted(s.id for s in gradebook.students if s.id not in known)
        members = [*listed, *map(Member, others)]
        order = [cell.name for cell in graded_cells(pristine(language, name, root))]
        return [_marks(gradebook, name, member, order) for member in members]


def _marks(gradebook: Gradebook, name: str, member: Member, order: list[str]) -> Marks:
    try:
        submission: SubmittedAssignment = gradebook.find_submission(name, member.id)
    except MissingEntry:
        return Marks(member)
    made = Marks(
        member,
        submission.timestamp,
        submission.total_seconds_late,
        penalty=submission.late_submission_penalty,
        of=submission.max_score,
    )
    for notebook in submission.notebooks:
        grades = {grade.name: grade for grade in notebook.grades}
        for grade in (grades[cell] for cell in order if cell in grades):
            question = grade.name.removesuffix(HIDDEN).removesuffix(VISIBLE)
            if grade.needs_manual_grade:
                made.questions[question] = None
                made.by_hand += grade.max_score
            else:
                made.questions[question] = (made.questions.get(question) or 0.0) + grade.score
    return made
