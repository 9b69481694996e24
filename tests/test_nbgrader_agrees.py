"""Real nbgrader gives the marks that the quick judge gives: a sample of the bank."""

from pathlib import Path

import pytest

from lr_grading.assignments import NAMES, read, solution_file
from lr_grading.bank import BankAnswer, bank
from lr_grading.classroom import autograde_all
from lr_grading.judge import marks, with_answers
from lr_grading.messages import LANGUAGES
from tests.classroom import completed, hand_in, marks_in_gradebook, new_class

# One answer of each assignment, in turn in one language and the other: the one that
# gets neither all nor nothing in the most cells.
SAMPLE = [
    (max(bank(name), key=lambda a: sum(0 < got < of for got, of in a.marks.values())), language)
    for name, language in zip(NAMES, LANGUAGES * len(NAMES))
]


@pytest.mark.parametrize(
    ("answer", "language"), SAMPLE, ids=[f"{a.assignment}-{lang}" for a, lang in SAMPLE]
)
def test_nbgrader_and_the_judge_agree(answer: BankAnswer, language: str, tmp_path: Path) -> None:
    name = answer.assignment
    home = new_class(tmp_path, language, [name])
    (home / "private-seed.txt").write_text("1")
    hand_in(home, "ada", name, completed(language, name, answer.answers))
    said: list[str] = []
    assert autograde_all(name, language, tmp_path, said.append) == 0, said
    solution = read(solution_file(language, name))
    judged = marks(with_answers(solution, answer.answers), seed=1)
    assert marks_in_gradebook(tmp_path, language, name, "ada") == {
        cell: earned for cell, (earned, _) in judged.items()
    }
