"""What is known of an assignment after marking, as data: the class, its marks, its results.

It is read from the list of the class, the gradebook, and the notebooks in ``autograded``, whose
metadata are the graders' own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from lr_grading.assignments import GradedCell, grade_id, graded_cells, kind, read
from lr_grading.class_list import Member, members_of
from lr_grading.coursework import Coursework
from lr_grading.execute import course_notebook
from lr_grading.messages import text
from lr_grading.results import METADATA, UNWRITTEN, Result, results_of


@dataclass(frozen=True)
class MarkedWork:
    """The marked submission of a student.

    Attributes:
        student: The student's id.
        scores: The points by question, without the questions in ``waiting``.
        waiting: The questions that a teacher has still to mark.
        penalty: The points that are taken off for being late.
        seconds_late: How long after the due date it was handed in; 0 if it was in time.
        results: By question, the results of its checks.
        noted: What the pre-flight check found: its messages' keys and values.
        answers: By question, what was handed in.
    """

    student: str
    scores: dict[str, float]
    waiting: frozenset[str]
    penalty: float
    seconds_late: float
    results: dict[str, list[Result]]
    noted: list[dict[str, Any]]
    answers: dict[str, str]

    @property
    def mark(self) -> float:
        """The points for all questions, less what is taken off; what waits has none yet."""
        return max(0.0, sum(self.scores.values()) - self.penalty)


@dataclass(frozen=True)
class ClassResults:
    """An assignment of a class after marking.

    Attributes:
        points: What each question is worth, in the order of the notebook.
        by_hand: The questions that a teacher marks.
        members: The list of the class; without one, those who have handed in.
        listed: Whether there is a list.
        marked: The marked submissions, in the order of their ids.
        unmarked: Who has handed in what is not marked yet.
    """

    points: dict[str, float]
    by_hand: frozenset[str]
    members: list[Member]
    listed: bool
    marked: list[MarkedWork]
    unmarked: list[str]

    @property
    def missing(self) -> list[str]:
        """Those in the list who have handed in nothing."""
        there = {*self.unmarked, *(one.student for one in self.marked)}
        return [member.id for member in self.members if member.id not in there]

    @property
    def unlisted(self) -> list[str]:
        """Those who have handed in and are not in the list."""
        known = {member.id for member in self.members}
        there = sorted([*self.unmarked, *(one.student for one in self.marked)])
        return [student for student in there if student not in known]

    def sections(self) -> dict[str, list[MarkedWork]]:
        """The marked submissions by section; nothing where the list names fewer than two."""
        section = {member.id: member.section for member in self.members if member.section}
        names = sorted(set(section.values()))
        if len(names) < 2:
            return {}
        return {name: [w for w in self.marked if section.get(w.student) == name] for name in names}


def read_class_results(work: Coursework) -> ClassResults:
    """Read what is known of an assignment after marking.

    Raises:
        RuntimeError: Nothing is marked yet, or the list of the class cannot be read.
    """
    handed_in = work.students()
    listed = members_of(work.home, work.language)
    members = list(map(Member, handed_in)) if listed is None else listed
    graded = list(graded_cells(course_notebook(work.language, work.name, work.root)))
    with_notebook = [one for one in handed_in if _notebook_file(work, one).exists()]
    marked = list(_marked(work, with_notebook, graded)) if with_notebook else []
    if not marked:
        command = f"make autograde ASSIGNMENT={work.name} EDITION={work.language}"
        said = text(work.language, "nothing_marked", name=work.name, command=command)
        raise RuntimeError(said)
    points: dict[str, float] = {}
    for cell in graded:
        points[cell.question] = points.get(cell.question, 0.0) + cell.points
    done = {one.student for one in marked}
    return ClassResults(
        points=points,
        by_hand=frozenset(cell.question for cell in graded if cell.kind == "written"),
        members=members,
        listed=listed is not None,
        marked=marked,
        unmarked=[student for student in handed_in if student not in done],
    )


def _notebook_file(work: Coursework, student: str) -> Path:
    return work.autograded(student) / f"{work.name}.ipynb"


def _marked(
    work: Coursework, students: list[str], graded: list[GradedCell]
) -> Iterator[MarkedWork]:
    questions = {cell.name: cell.question for cell in graded}
    gradebook: Gradebook
    with work.api.gradebook as gradebook:
        for student in students:
            try:
                submission = gradebook.find_submission(work.name, student)
            except MissingEntry:
                continue
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            waiting = frozenset(questions[g.name] for g in grades if g.needs_manual_grade)
            scores: dict[str, float] = {}
            for grade in grades:
                question = questions[grade.name]
                if question not in waiting:
                    scores[question] = scores.get(question, 0.0) + grade.score
            notebook = read(_notebook_file(work, student))
            yield MarkedWork(
                student=student,
                scores=scores,
                waiting=waiting,
                penalty=submission.late_submission_penalty,
                seconds_late=submission.total_seconds_late,
                results=_results(notebook, questions),
                noted=list(notebook.metadata.get(METADATA, {}).get("noted", [])),
                answers={
                    str(grade_id(cell)): cell.source
                    for cell in notebook.cells
                    if kind(cell) in ("answer", "written")
                },
            )


def _results(notebook: NotebookNode, questions: dict[str, str]) -> dict[str, list[Result]]:
    """The results of the checks by question."""
    unfinished = {grade_id(cell) for cell in notebook.cells if _is_unfinished(cell)}
    results: dict[str, list[Result]] = {}
    for cell in notebook.cells:
        if kind(cell) == "checks":
            question = questions[str(grade_id(cell))]
            found = results.setdefault(question, [])
            for result in results_of(cell):
                if question in unfinished and not result.passed:
                    result = replace(result, reason=UNWRITTEN)
                found.append(result)
    return results


def _is_unfinished(cell: NotebookNode) -> bool:
    """Whether a cell of its own accord ends at the stub's ``raise NotImplementedError``."""
    errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    return [error.ename for error in errors] == ["NotImplementedError"]
