"""Results are data, whatever is printed."""

from dataclasses import asdict

from nbformat.v4 import new_code_cell

from lr_grading.results import METADATA, Result, keep, results_of
from tests.classroom import shared_marker
from tests.marking.test_marker import checks, run

BEGIN = """from lr_grading import Question
print("✗ 0/9  not from a check")
question = Question("a", language="en")
with question.check("right", points=1, hint="a hint") as check:
    check.close("x", 1.0, 1.0)
with question.check("wrong", points=2, hint="look here") as check:
    check.close("x", 1.0, 5.0)
"""
RIGHT = Result("right", 1, 1)


def test_a_cell_keeps_what_its_checks_gave_and_nothing_that_came_with_it() -> None:
    well = checks(BEGIN + "question.score()", points=3)
    well.metadata[METADATA] = {"results": [asdict(Result("brought along", 9, 9))]}
    broken = checks(BEGIN + "1 / 0", points=3, name="b")
    done, ended = run(shared_marker("en"), well, broken)
    right, wrong = results_of(done)
    assert right == RIGHT
    assert (wrong.name, wrong.points, wrong.earned, wrong.passed) == ("wrong", 2, 0, False)
    assert "5" in wrong.asked
    assert "1" in wrong.got
    assert wrong.hint == "look here"
    for result in (right, wrong):
        assert "\n".join(result.lines("en")) in done.outputs[0].text
    assert results_of(ended) == [right, wrong], "they outlive an error of their cell"
    assert ended.outputs[-1].ename == "ZeroDivisionError"


def test_results_are_kept_in_the_metadata_of_a_cell() -> None:
    cell = new_code_cell()
    assert results_of(cell) == []
    keep(RIGHT, cell)
    assert results_of(cell) == [RIGHT]
