"""The teacher's way, from the clone to the marks, with real nbgrader and a small class.

The commands are those of the page "Teaching with this course". One of them is started as a
teacher starts it; the others run in this process, which has nbgrader loaded. What accidents and
hostile submissions cost is shown in ``test_hostile.py``. In the slow part.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from lr_grading.assignments import ROOT, read
from lr_grading.calibration_bank import read_answer
from lr_grading.classroom import autograde_all
from lr_grading.coursework import open_class
from tests.classroom import (
    SANDBOXED,
    command,
    completed,
    hand_in,
    mark_by_hand,
    marks_in_gradebook,
    nbgrader,
    new_class,
)

pytestmark = pytest.mark.slow
NAME = "from-scratch"
ALL = 36.0  # what checks can give; the reflection is marked by hand
WRONG = read_answer(ROOT / "calibration" / NAME / "wrong" / "gradients-not-cleared.py")
RECOVER = 6.0  # points of recover


@dataclass
class MarkedClass:
    """A class after autograding."""

    root: Path
    home: Path
    said: list[str]

    def line(self, student: str) -> str:
        return next(line for line in self.said if f"] {student}: " in line)

    def autograded(self, student: str) -> nbformat.NotebookNode:
        return read(self.home / "autograded" / student / NAME / f"{NAME}.ipynb")


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> MarkedClass:
    """Hand out, collect in all three ways, mark."""
    root = tmp_path_factory.mktemp("course")
    home = new_class(root, "en", [NAME])
    nbgrader("generate_assignment", NAME, folder=home)
    with open_class("en", root).gradebook as gradebook:
        assert [assignment.name for assignment in gradebook.assignments] == [NAME]
    nbgrader("release_assignment", NAME, folder=home)

    # A student with an account, through the exchange. nbgrader takes the account's name.
    student = root / "student"
    student.mkdir()
    (student / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        'c.CourseDirectory.course_id = "linear-regression-en"\n'
        f"c.Exchange.root = {str(root / 'classroom' / 'exchange')!r}\n"
    )
    nbgrader("fetch_assignment", NAME, folder=student)
    nbformat.write(completed("en", NAME), student / NAME / f"{NAME}.ipynb")
    nbgrader("submit", NAME, folder=student)
    nbgrader("collect", NAME, folder=home)

    # A folder of files.
    archive = home / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    nbformat.write(completed("en", NAME, WRONG.answers), archive / f"李雷_{NAME}.ipynb")
    nbgrader("zip_collect", NAME, folder=home)

    # Files that somebody has laid out.
    answers = {
        "loop": {"recover": "def recover(features, labels):\n    while True:\n        pass"},
        "warn": {"linreg": "import warnings\ndef linreg(X, w, b):\n    warnings.warn('old')\n"
                 "    return X @ w + b"},
    }  # fmt: skip
    for name, changed in answers.items():
        hand_in(home, name, NAME, completed("en", NAME, changed))
    (home / "submitted" / "warn" / NAME / "more.ipynb").write_text("{}")  # nobody asked for it
    hand_in(home, "half", NAME, '{"cells": [')
    handed_in = {file: file.read_bytes() for file in (home / "submitted").rglob("*.*")}

    (home / "nbgrader_config.py").open("a").write(
        "\nc.Execute.timeout = 12\nc.Execute.check_seconds = 3.0\n"
    )
    said: list[str] = []
    assert autograde_all(NAME, "en", root, said.append, sandboxed=SANDBOXED) == 0, said
    for file, content in handed_in.items():
        assert file.read_bytes() == content, f"{file} was changed"
    return MarkedClass(root, home, said)


# Marks


def score(marked: MarkedClass, student: str) -> float:
    return sum(marks_in_gradebook(marked.root, "en", NAME, student).values())


def test_progress_names_every_student_with_the_marks(marked: MarkedClass) -> None:
    numbered = [line for line in marked.said if line.startswith("[")]
    assert [line.split("]")[0] for line in numbered] == [f"[{n}/5" for n in range(1, 6)]
    assert marked.line("warn").endswith("36 / 40 (4 to be marked by hand)")


def test_work_from_the_exchange_gets_all_points(marked: MarkedClass) -> None:
    student = next(iter({p.name for p in (marked.home / "submitted").iterdir()} - KNOWN))
    assert score(marked, student) == ALL


KNOWN = {"李雷", "loop", "warn", "half"}


def test_work_from_a_folder_gets_the_marks_of_the_bank(marked: MarkedClass) -> None:
    marks = marks_in_gradebook(marked.root, "en", NAME, "李雷")
    for cell, (earned, _) in WRONG.marks.items():
        assert marks.pop(cell) == earned
    lost = sum(of for _, of in WRONG.marks.values())
    assert sum(marks.values()) == ALL - lost


def test_a_loop_without_end_costs_its_question_and_the_reason_is_given(
    marked: MarkedClass,
) -> None:
    assert score(marked, "loop") == ALL - RECOVER
    # On a busy machine the limit of the cell may come before that of the check.
    reason = "no result within 3 seconds|did not finish within 12 seconds"
    assert re.search(reason, nbformat.writes(marked.autograded("loop")))


def test_a_warning_costs_nothing(marked: MarkedClass) -> None:
    assert score(marked, "warn") == ALL


def test_without_a_notebook_there_is_a_mark_and_it_is_zero(marked: MarkedClass) -> None:
    assert score(marked, "half") == 0
    assert "0 / 40" in marked.line("half")
    assert "it is not valid JSON" in nbformat.writes(marked.autograded("half"))


def test_the_private_seed_is_drawn_once_and_kept(marked: MarkedClass) -> None:
    assert re.fullmatch(r"\d+\n", (marked.home / "private-seed.txt").read_text())


# After autograding


@pytest.fixture(scope="module")
def finished(marked: MarkedClass) -> MarkedClass:
    """Mark one reflection by hand, generate feedback, export."""
    mark_by_hand(marked.root, "en", NAME, "warn", 3)
    nbgrader("generate_feedback", NAME, folder=marked.home)
    nbgrader("release_feedback", NAME, folder=marked.home)
    command("nbgrader", "export", folder=marked.home)
    return marked


def test_the_exported_table_has_every_student_once(finished: MarkedClass) -> None:
    with (finished.home / "grades.csv").open(encoding="utf8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert rows.keys() > KNOWN
    assert len(rows) == 5
    assert float(rows["warn"]["score"]) == ALL + 3
    assert float(rows["half"]["score"]) == 0
    assert {float(row["max_score"]) for row in rows.values()} == {40}
    assert float(rows["李雷"]["to_be_marked_by_hand"]) == 4
    assert float(rows["half"]["to_be_marked_by_hand"]) == 0, "nothing was written"


def feedback(finished: MarkedClass, student: str) -> str:
    page = finished.home / "feedback" / student / NAME / f"{NAME}.html"
    return BeautifulSoup(page.read_text("utf8"), "html.parser").get_text()


def test_feedback_explains_hidden_checks_without_showing_them(finished: MarkedClass) -> None:
    text = feedback(finished, "李雷")
    assert "five steps, as PyTorch" in text, "its name"
    assert "Change the tensors in place" in text, "its hint"
    assert 'Question("sgd", language="en")' in text, "visible checks are shown"
    assert "This is not marked yet" in text, "which is not 0 points"
    for student in KNOWN:
        text = feedback(finished, student)
        assert "HIDDEN TESTS" not in text
        assert "hidden=True" not in text
