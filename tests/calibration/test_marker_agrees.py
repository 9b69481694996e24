"""The marks, the reasons and the texts of ``lr_grading.marker``, where answers run in a process of
their own, are those of the judge, where they run beside the checks as in a student's notebook.

One answer of each assignment, 10 seconds; the rest of the bank in the slow part. What the judge
gives is what ``test_calibration.py`` asks for, in the same process.
"""

import re
from copy import deepcopy

import pytest
from nbformat import NotebookNode

from lr_grading.assignments import NAMES, grade_id, kind, trusted_sources
from lr_grading.calibration_bank import BankAnswer
from lr_grading.judge import with_answers
from lr_grading.messages import LANGUAGES
from tests.calibration.test_calibration import halves, judged, solution
from tests.classroom import shared_marker

# PyTorch warns once of some things, and in the judge a test before may have been first. The last
# line of a warning is that of the code, behind two spaces.
WARNING = re.compile(r"^.*Warning: (?:.*\n)*?  (?=\S).*\n", re.MULTILINE)


def cases() -> list[object]:
    """Each answer, in the edition in which it is judged in the same part of the tests."""
    found: list[object] = []
    for name in NAMES:
        for half, answers in enumerate(halves(name)):
            for number, answer in enumerate(answers):
                fast = (half, number) == (1, 0)
                language = LANGUAGES[half if fast else 1 - half]
                marks = [pytest.mark.xdist_group(f"calibration-{name}")]
                marks += [] if fast else [pytest.mark.slow]
                case = f"{name}-{answer.file.parent.name}-{answer.file.stem}-{language}"
                found.append(pytest.param(answer, half, language, id=case, marks=marks))
    return found


def undrawn(notebook: NotebookNode) -> NotebookNode:
    """The notebook, whose figures are made but not drawn: that takes a third of the time."""
    copy = deepcopy(notebook)
    for cell in copy.cells:
        if grade_id(cell) is None:
            cell.source = cell.source.replace("plt.show()", "plt.close()")
    return copy


def marked(cell: NotebookNode) -> tuple[float, str]:
    """What a cell of checks gave, and what it printed."""
    assert [output.output_type for output in cell.outputs] == ["stream", "execute_result"]
    return float(cell.outputs[1].data["text/plain"]), cell.outputs[0].text


@pytest.mark.parametrize(("answer", "half", "language"), cases())
def test_marks_reasons_and_texts_are_those_of_the_judge(
    answer: BankAnswer, half: int, language: str
) -> None:
    own = solution(language, answer.assignment)
    notebook = undrawn(with_answers(own, answer.answers))
    done = shared_marker(language).run(notebook, trusted_sources(own), seed=1)
    expected = judged(answer.assignment, half, language)[answer.file]
    assert expected is not None
    for cell in done.cells:
        if kind(cell) == "checks":
            points, printed = expected[str(grade_id(cell))]
            earned, said = marked(cell)
            assert (earned, WARNING.sub("", said)) == (points, WARNING.sub("", printed))
