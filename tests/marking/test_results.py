"""Results travel as data from the kernel to what marks, whatever else is printed."""

import os
from dataclasses import asdict

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from lr_grading.execute import Execute
from lr_grading.results import METADATA, TYPE, UNWRITTEN, Result, keep, results_of

BEGIN = """from lr_grading import Question
print("✗ 0/9  not from a check")
question = Question("a", language="en")
with question.check("right", points=1, hint="a hint") as check:
    check.close("x", 1.0, 1.0)
with question.check("wrong", points=2, hint="look here") as check:
    check.close("x", 1.0, 5.0)
"""
UNWRITTEN_ANSWER = """def unwritten():
    raise NotImplementedError"""
ENDS = {
    "well": "question.score()",
    "with a check that fails": """with question.check("later", points=1, hint="") as check:
    unwritten()
question.score()""",
    "with its kernel": "import os, time; time.sleep(0.5); os._exit(1)",
}
GARBAGE = f"""from IPython.display import publish_display_data
for data in [1, None, [], {{}}, {{"name": "x"}}, {asdict(Result("x", 1, 1)) | {"points": "1"}!r}]:
    publish_display_data({{{TYPE!r}: data}})
"""


@pytest.fixture(scope="module")
def cells() -> dict[str, NotebookNode]:
    """Cells of checks by how they end, each with its kernel's outputs and data."""
    marks = {"grade_id": "a-checks", "grade": True, "solution": False, "points": 4}
    sources = {end: BEGIN + source for end, source in ENDS.items()} | {"garbage": GARBAGE}
    made = [
        new_code_cell(source, metadata={"nbgrader": dict(marks)}) for source in sources.values()
    ]
    made[0].metadata[METADATA] = {"results": [asdict(Result("brought along", 9, 9))]}
    answer = new_code_cell(UNWRITTEN_ANSWER)
    executed, _ = Execute().preprocess(
        new_notebook(cells=[answer, *made]), {"metadata": {"path": "."}}
    )
    return dict(zip(sources, executed.cells[1:], strict=True))


RIGHT = Result("right", 1, 1)


def test_what_is_printed_is_no_result_and_what_came_before_is_gone(
    cells: dict[str, NotebookNode],
) -> None:
    right, wrong = results_of(cells["well"])
    assert right == RIGHT
    assert (wrong.name, wrong.points, wrong.earned, wrong.passed) == ("wrong", 2, 0, False)
    assert "5" in wrong.asked
    assert "1" in wrong.got
    assert wrong.hint == "look here"


def test_what_is_sent_is_what_is_printed(cells: dict[str, NotebookNode]) -> None:
    printed = cells["well"].outputs[0].text
    for result in results_of(cells["well"]):
        assert "\n".join(result.lines("en")) in printed


def test_a_result_says_what_is_unwritten(cells: dict[str, NotebookNode]) -> None:
    *_, later = results_of(cells["with a check that fails"])
    assert (later.reason, later.subject) == (UNWRITTEN, "unwritten")


def test_results_outlive_their_kernel(cells: dict[str, NotebookNode]) -> None:
    assert [result.name for result in results_of(cells["with its kernel"])] == ["right", "wrong"]


def test_data_of_another_form_is_no_result(cells: dict[str, NotebookNode]) -> None:
    assert len(cells["garbage"].metadata[METADATA].results) == 6
    assert results_of(cells["garbage"]) == []
    cell = new_code_cell()
    keep(asdict(RIGHT), cell)
    assert results_of(cell) == [RIGHT]


def test_where_nothing_marks_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lr_grading.execute.SEED_VARIABLE", "ANOTHER_VARIABLE")
    assert "LR_GRADING_SEED" not in os.environ
    made = new_notebook(cells=[new_code_cell(BEGIN + ENDS["well"])])
    executed, _ = Execute().preprocess(made, {"metadata": {"path": "."}})
    assert METADATA not in executed.cells[0].metadata
    assert len(executed.cells[0].outputs) == 2
