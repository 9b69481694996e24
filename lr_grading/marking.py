"""Mark one notebook as a teacher's nbgrader would, and say what each question gave."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from lr_grading.assignments import grade_id, graded_cells, solution_file, trusted_sources
from lr_grading.execute import course_notebook
from lr_grading.marker import Marker
from lr_grading.messages import text
from lr_grading.nbgrader_settings import TEXT_STUBS
from lr_grading.release import pristine, pristine_others
from lr_grading.repair import repair
from lr_grading.results import ELSEWHERE, METADATA, UNWRITTEN, Result, results_of
from lr_grading.submitted import Findings


@dataclass
class QuestionMarks:
    """What one question gave: its visible and its hidden checks together."""

    name: str
    earned: float = 0.0
    points: float = 0.0
    by_hand: bool = False  # a written answer, for the teacher to mark
    results: list[Result] = field(default_factory=list)  # of all checks that came to an end
    complaints: list[str] = field(default_factory=list)  # what to mend, line by line


@dataclass
class Marks:
    """The marks of a notebook."""

    questions: list[QuestionMarks]
    findings: Findings
    seed: int
    hidden: bool  # whether hidden checks were there to be run

    @property
    def earned(self) -> float:
        return sum(question.earned for question in self.questions)

    @property
    def points(self) -> float:
        """The points that checks give; written answers are not among them."""
        return sum(question.points for question in self.questions if not question.by_hand)


def mark(
    file: Path,
    name: str,
    language: str,
    *,
    seed: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Marks:
    """Mark a student's notebook. The file is only read.

    Args:
        file: The notebook, in whatever state it is.
        name: The assignment.
        language: The language of the edition, "en" or "zh".
        seed: The private seed of the hidden checks; a fresh one by default.
        progress: Called with the number of cells done and of all cells.

    Raises:
        FileNotFoundError: There is no such file, or no such assignment.
        RuntimeError: The file is no notebook of this assignment; the message says what it is.
    """
    seed = secrets.randbelow(2**31) if seed is None else seed
    notebook, findings = repair(
        file.read_bytes(),
        pristine(language, name),
        name=name,
        language=language,
        others=pristine_others(language, name),
    )
    if findings.unanswered:
        raise RuntimeError("\n".join(findings.lines))
    hidden = solution_file(language, name).exists()
    trusted = trusted_sources(course_notebook(language, name))
    with Marker(language) as marker:
        executed = marker.run(notebook, trusted, seed=seed, progress=progress)
    return Marks(_questions(executed, hidden, language), findings, seed, hidden)


def _questions(notebook: NotebookNode, hidden: bool, language: str) -> list[QuestionMarks]:
    questions: dict[str, QuestionMarks] = {}
    cells = {grade_id(cell): cell for cell in notebook.cells if grade_id(cell)}
    for graded in graded_cells(notebook):
        name = graded.question
        question = questions.setdefault(name, QuestionMarks(name))
        if graded.hidden and not hidden:
            continue
        question.points += graded.points
        if graded.kind == "written":
            question.by_hand = True
            if cells[graded.name].source.strip() in ("", TEXT_STUBS[language]):
                said = text(language, "unwritten", names=name)
                question.complaints.append(f"✗ {said}")
            continue
        cell = cells[graded.name]
        score, _ = determine_grade(cell)
        question.earned += score
        question.results += results_of(cell)
        if score < graded.points:
            if not question.complaints:
                question.complaints += _failure(cells.get(name))
            for result in results_of(cell):
                question.complaints += [] if result.passed else result.lines(language)
            question.complaints += [_line(error) for error in _errors(cell)]
            withheld = cell.metadata.get(METADATA, {}).get("withheld")
            question.complaints += [f"✗ {withheld}"] if withheld else []
    for number, question in enumerate(questions.values()):
        _shorten(question, cells.get(question.name), list(questions)[:number], language)
    return list(questions.values())


def _shorten(
    question: QuestionMarks, answer: NotebookNode | None, earlier: list[str], language: str
) -> None:
    """Say once what every failed check of a question says: it is unwritten, or another is wrong."""
    failed = [result for result in question.results if not result.passed]
    if not failed:
        return
    if [error.ename for error in _errors(answer)] == ["NotImplementedError"]:
        unwritten = [question.name]
    else:
        unwritten = [result.subject for result in failed if result.reason == UNWRITTEN]
        unwritten = unwritten if len(unwritten) == len(failed) else []
    if unwritten:
        names = ", ".join(dict.fromkeys(unwritten))
        question.complaints = [f"✗ {text(language, 'unwritten', names=names)}"]
    elsewhere = {result.subject if result.reason == ELSEWHERE else None for result in failed}
    for number, name in enumerate(earlier, start=1):
        if elsewhere == {name}:
            said = text(language, "mend_first_by_number", number=number, question=name)
            question.complaints = [f"✗ {said}"]


def _errors(cell: NotebookNode | None) -> list[NotebookNode]:
    outputs = cell.get("outputs", []) if cell is not None else []
    return [output for output in outputs if output.output_type == "error"]


def _failure(answer: NotebookNode | None) -> list[str]:
    """What stopped the answer's own cell, if anything but its being unfinished did."""
    return [_line(error) for error in _errors(answer) if error.ename != "NotImplementedError"]


def _line(error: NotebookNode) -> str:
    return f"✗ {error.ename}: {error.evalue}"
