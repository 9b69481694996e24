"""The marks, the reasons and the texts of ``lr_grading.marker``, where answers run in a process of
their own, are those of the judge, where they run beside the checks as in a student's notebook.

One answer of each assignment, 10 seconds; the whole bank in the slow part.
"""

import re

import pytest
from nbformat import NotebookNode

from lr_grading.assignments import NAMES, grade_id, kind, read, solution_file, trusted_sources
from lr_grading.calibration_bank import BankAnswer, bank
from lr_grading.judge import marks, with_answers
from tests.classroom import shared_marker

# PyTorch warns once of some things, and in the judge a test before may have been first. The last
# line of a warning is that of the code, behind two spaces.
WARNING = re.compile(r"^.*Warning: (?:.*\n)*?  (?=\S).*\n", re.MULTILINE)
CASES = [
    pytest.param(
        answer,
        id=f"{name}-{answer.file.parent.name}-{answer.file.stem}",
        marks=[pytest.mark.xdist_group("marker-agrees")] + [pytest.mark.slow] * (number != 1),
    )
    for name in NAMES
    for number, answer in enumerate(bank(name))
]


def marked(cell: NotebookNode) -> tuple[float, str]:
    """What a cell of checks gave, and what it printed."""
    assert [output.output_type for output in cell.outputs] == ["stream", "execute_result"]
    return float(cell.outputs[1].data["text/plain"]), cell.outputs[0].text


@pytest.mark.parametrize("answer", CASES)
def test_marks_reasons_and_texts_are_those_of_the_judge(answer: BankAnswer) -> None:
    solution = read(solution_file("en", answer.assignment))
    notebook = with_answers(solution, answer.answers)
    done = shared_marker("en").run(notebook, trusted_sources(solution), seed=1)
    judged = marks(notebook, seed=1)
    for cell in done.cells:
        if kind(cell) == "checks":
            points, printed = judged[str(grade_id(cell))]
            earned, said = marked(cell)
            assert (earned, WARNING.sub("", said)) == (points, WARNING.sub("", printed))
