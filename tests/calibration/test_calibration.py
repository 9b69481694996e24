"""The graders are right: the solution, the untouched release and every answer of the bank
get the marks that they should.

An answer is judged in a fork of this process. ``tests/marking/test_nbgrader_agrees.py`` marks a
sample with real nbgrader and compares. Both languages have the same code but for words, as
``tests/grading/test_assignments.py`` proves, so each answer is judged in one of them, in turn; the
slow part judges it in the other one.
"""

import os
from functools import cache
from itertools import product
from pathlib import Path

import pytest
import torch
from nbformat import NotebookNode

from lr_grading.assignments import (
    NAMES,
    graded_cells,
    kind,
    read,
    solution_file,
)
from lr_grading.calibration_bank import BankAnswer, bank, read_answer
from lr_grading.judge import Found, marks, marks_of_each, with_answers
from lr_grading.messages import LANGUAGES
from lr_grading.release import pristine

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="judging needs fork()")
torch.set_num_threads(1)  # a fork must not inherit a pool of threads

every_edition = pytest.mark.parametrize("language", LANGUAGES)
every_assignment = pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.xdist_group(f"calibration-{name}")) for name in NAMES],
)


@cache
def solution(language: str, name: str) -> NotebookNode:
    return read(solution_file(language, name))


def full_marks(language: str, name: str) -> dict[str, float]:
    cells = graded_cells(solution(language, name))
    return {cell.name: cell.points for cell in cells if cell.kind == "checks"}


def points(found: Found) -> dict[str, float]:
    return {name: earned for name, (earned, _) in found.items()}


def said(found: Found) -> str:
    """All that was printed, to read when a test fails."""
    return "\n".join(f"{name}\n{printed}" for name, (_, printed) in found.items())


@every_assignment
@every_edition
def test_the_solution_gets_all_points(language: str, name: str) -> None:
    found = marks(solution(language, name))
    assert points(found) == full_marks(language, name), said(found)


@every_assignment
@every_edition
def test_the_untouched_release_gets_none(language: str, name: str) -> None:
    release = pristine(language, name)
    stubs = {cell.id: cell.source for cell in release.cells if kind(cell) == "answer"}
    found = marks(with_answers(solution(language, name), stubs))
    assert points(found) == dict.fromkeys(found, 0.0), said(found)


# The bank


def halves(name: str) -> list[list[BankAnswer]]:
    """The bank of an assignment in two, answers in turn."""
    answers = list(bank(name))
    return [answers[::2], answers[1::2]]


CASES = [
    pytest.param(
        answer,
        half,
        language,
        id=f"{name}-{answer.file.parent.name}-{answer.file.stem}-{language}",
        marks=[pytest.mark.xdist_group(f"calibration-{name}")]
        + [pytest.mark.slow] * (LANGUAGES[half] != language),
    )
    for name in NAMES
    for half, answers in enumerate(halves(name))
    for answer, language in product(answers, LANGUAGES)
]


@cache
def judged(name: str, half: int, language: str) -> dict[Path, Found | None]:
    """What half of the bank of an assignment gets, judged from one beginning."""
    answers = halves(name)[half]
    found = marks_of_each(solution(language, name), [answer.answers for answer in answers])
    return dict(zip((answer.file for answer in answers), found, strict=True))


@pytest.mark.parametrize(("answer", "half", "language"), CASES)
def test_an_answer_of_the_bank_gets_the_marks_that_it_deserves(
    answer: BankAnswer, half: int, language: str
) -> None:
    full = full_marks(language, answer.assignment)
    stated = {name: of for name, (_, of) in answer.marks.items()}
    assert stated == {name: full.get(name) for name in stated}, "the bank states other full marks"
    expected = full | {name: earned for name, (earned, _) in answer.marks.items()}
    found = judged(answer.assignment, half, language)[answer.file]
    assert found is not None, "the process that ran the answer ended before it was done"
    assert points(found) == expected, said(found)


@every_assignment
def test_the_bank_is_large_enough(name: str) -> None:
    answers = list(bank(name))
    assert sum(not answer.right for answer in answers) >= 6
    assert sum(answer.right for answer in answers) >= 3


@every_assignment
def test_every_answer_is_gone_wrong_somewhere_in_the_bank(name: str) -> None:
    missed = {cell.id for cell in solution("en", name).cells if kind(cell) == "answer"}
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
def test_a_wrong_file_of_the_bank_is_named(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "from-scratch" / "wrong" / "answer.py"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    with pytest.raises(ValueError, match=message):
        read_answer(file)
