"""The graders are right: the solution, the untouched release and every answer of the bank
get the marks that they should, in both languages.

An answer is judged in a fork of this process. ``tests/test_classroom.py`` marks a sample
with real nbgrader and compares.
"""

import os

import pytest
import torch
from nbformat import NotebookNode

from lr_grading.assignments import (
    NAMES,
    graded_cells,
    kind,
    read,
    release_file,
    solution_file,
)
from lr_grading.bank import BankAnswer, bank, read_answer
from lr_grading.judge import marks, with_answers
from lr_grading.messages import LANGUAGES

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="judging needs fork()")
torch.set_num_threads(1)  # a fork must not inherit a pool of threads

every_edition = pytest.mark.parametrize("language", LANGUAGES)
every_assignment = pytest.mark.parametrize("name", NAMES)
BANK = [answer for name in NAMES for answer in bank(name)]


def full_marks(notebook: NotebookNode) -> dict[str, float]:
    return {cell.name: cell.points for cell in graded_cells(notebook) if cell.kind == "checks"}


def judged(notebook: NotebookNode) -> tuple[dict[str, float], str]:
    """Points by cell, and all that was printed, to read when a test fails."""
    found = marks(notebook)
    points = {name: earned for name, (earned, _) in found.items()}
    return points, "\n".join(f"{name}\n{printed}" for name, (_, printed) in found.items())


@every_assignment
@every_edition
def test_the_solution_gets_all_points(language: str, name: str) -> None:
    solution = read(solution_file(language, name))
    points, said = judged(solution)
    assert points == full_marks(solution), said


@every_assignment
@every_edition
def test_the_untouched_release_gets_none(language: str, name: str) -> None:
    release = read(release_file(language, name))
    stubs = {cell.id: cell.source for cell in release.cells if kind(cell) == "answer"}
    points, said = judged(with_answers(read(solution_file(language, name)), stubs))
    assert points == dict.fromkeys(points, 0.0), said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "answer", BANK, ids=lambda a: f"{a.assignment}/{a.file.parent.name}/{a.file.stem}"
)
def test_an_answer_of_the_bank_gets_the_marks_that_it_deserves(
    answer: BankAnswer, language: str
) -> None:
    solution = read(solution_file(language, answer.assignment))
    full = full_marks(solution)
    stated = {name: points for name, (_, points) in answer.marks.items()}
    assert stated == {name: full.get(name) for name in stated}, "the bank states other full marks"
    expected = full | {name: earned for name, (earned, _) in answer.marks.items()}
    points, said = judged(with_answers(solution, answer.answers))
    assert points == expected, said


@every_assignment
def test_the_bank_is_large_enough(name: str) -> None:
    answers = list(bank(name))
    assert sum(not answer.right for answer in answers) >= 6
    assert sum(answer.right for answer in answers) >= 3


@every_assignment
def test_every_answer_is_gone_wrong_somewhere_in_the_bank(name: str) -> None:
    solution = read(solution_file("en", name))
    missed = {cell.id for cell in solution.cells if kind(cell) == "answer"}
    for answer in bank(name):
        if not answer.right:
            missed -= set(answer.answers)
    assert not missed


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("# %% answer sgd\n", "expected a docstring"),
        ('"""An idea."""\n# %% solution sgd\n', "expected a cell 'marks' or 'answer ID'"),
        ('"""An idea."""\n# %% marks\n# sgd 1/2\n', "expected '# CELL points of points'"),
        ('"""An idea."""\n# %% answer sgd\n', "have a cell of marks"),
    ],
)
def test_a_wrong_file_of_the_bank_is_named(tmp_path, content: str, message: str) -> None:
    file = tmp_path / "from-scratch" / "wrong" / "answer.py"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    with pytest.raises(ValueError, match=message):
        read_answer(file)


def test_an_answer_to_no_question_is_refused() -> None:
    with pytest.raises(KeyError, match="there is no answer 'adam'"):
        with_answers(read(solution_file("en", "from-scratch")), {"adam": ""})


def test_an_answer_that_ends_the_process_is_an_error_not_a_mark() -> None:
    solution = read(solution_file("en", "from-scratch"))
    with pytest.raises(RuntimeError, match="ended before it was done"):
        marks(with_answers(solution, {"linreg": "import os; os._exit(0)"}))
