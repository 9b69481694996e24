"""A class that is marked gets the marks that the quick judge gives: a sample of the bank.

In the slow part: tests/teaching/test_classroom.py has *from-scratch*, test_many.py compares with
nbgrader's own command, and tests/calibration/test_marker_agrees.py runs all without a class.
"""

from pathlib import Path

import pytest

from lr_grading.assignments import NAMES, read, solution_file
from lr_grading.calibration_bank import BankAnswer, bank
from lr_grading.classroom import autograde_all
from lr_grading.judge import marks, with_answers
from lr_grading.messages import LANGUAGES
from tests.classroom import SANDBOXED, completed, hand_in, marks_in_gradebook, new_class

# One answer of each assignment, in turn in one language and the other: the one that
# gets neither all nor nothing in the most cells.
SAMPLE = {
    name: (max(bank(name), key=lambda a: sum(0 < got < of for got, of in a.marks.values())), lang)
    for name, lang in zip(NAMES, LANGUAGES * len(NAMES))
}


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course with a class of each language, whose private seed is that of the judge."""
    root = tmp_path_factory.mktemp("course")
    for language in LANGUAGES:
        home = new_class(root, language, list(NAMES))
        (home / "private-seed.txt").write_text("1")
    return root


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "language"),
    [pytest.param(*case, id=f"{name}-{case[1]}") for name, case in SAMPLE.items()],
)
def test_nbgrader_and_the_judge_agree(answer: BankAnswer, language: str, classes: Path) -> None:
    name = answer.assignment
    home = classes / "classroom" / language
    hand_in(home, "ada", name, completed(language, name, answer.answers))
    said: list[str] = []
    assert autograde_all(name, language, classes, said.append, sandboxed=SANDBOXED) == 0, said
    solution = read(solution_file(language, name))
    judged = marks(with_answers(solution, answer.answers), seed=1)
    assert marks_in_gradebook(classes, language, name, "ada") == {
        cell: earned for cell, (earned, _) in judged.items()
    }
