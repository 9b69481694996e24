"""The quick judge gives to each version of a notebook what a run of it alone gives."""

import os

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lr_grading.judge import Found, _run, marks, marks_of_each, with_answers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="judging needs fork()")
torch.set_num_threads(1)  # a fork must not inherit a pool of threads


def cell(name: str, source: str, points: int | None = None) -> NotebookNode:
    """An answer, or checks where there are points."""
    marks = {"grade_id": name, "grade": points is not None, "solution": points is None}
    made: NotebookNode = new_code_cell(
        source, metadata={"nbgrader": marks | {"points": points or 0}}
    )
    return made


# Each cell of checks adds to a list, so that its marks show everything that ran before it.
CHECK = "seen.append(globals().get('x', -1.0)); print(seen); float(sum(seen))"
NOTEBOOK = new_notebook(
    cells=[
        cell("setup", "import torch; seen = []", points=1),
        new_markdown_cell("Two questions."),
        new_code_cell("x = 100.0  # draws a figure"),
        *(cell("a", "x = 1.0"), cell("a-checks", CHECK, points=1)),
        *(cell("b", "y = 2.0"), cell("b-checks", CHECK, points=1)),
    ]
)
ENDS_THE_PROCESS = "import os; os._exit(1)"
SOURCES = [
    *("x = 3.0", "x = float(torch.rand(()))", "seen = seen + [x]", "print('said')"),
    *("raise ValueError('no')", "x = = 3", ENDS_THE_PROCESS),
]


def run(answers: list[dict[str, str]]) -> list[Found | None]:
    """Run versions of the notebook from its beginning in this process."""
    torch.manual_seed(1)
    versions = {
        number: [cell.source for cell in with_answers(NOTEBOOK, version).cells]
        for number, version in enumerate(answers)
    }
    found = _run(NOTEBOOK.cells, versions, 0, {"__name__": "__main__"}, {})
    return [found.get(number) for number in versions]


@given(st.lists(st.dictionaries(st.sampled_from("ab"), st.sampled_from(SOURCES)), max_size=5))
@settings(max_examples=15)
def test_versions_that_share_their_beginning_get_what_each_gets_alone(
    answers: list[dict[str, str]],
) -> None:
    answers = [{}, *answers]  # an answer that ends its process is never what all share
    ended = [ENDS_THE_PROCESS in version.values() for version in answers]
    alone = [None if end else run([version])[0] for end, version in zip(ended, answers)]
    assert run(answers) == alone


def test_the_marks_are_those_of_a_run_in_this_process() -> None:
    answers = [{}, {"a": "x = float(torch.rand(()))"}, {"b": ENDS_THE_PROCESS}, {"b": "x = 5.0"}]
    assert marks_of_each(NOTEBOOK, answers) == run(answers)


def test_a_cell_without_a_name_is_not_run_and_an_error_ends_its_cell_alone() -> None:
    found = marks(with_answers(NOTEBOOK, {"a": "raise ValueError('no')"}))
    assert found == {
        "setup": (1.0, ""),  # a value that is no score is taken for full marks, as by nbgrader
        "a-checks": (-1.0, "[-1.0]\n"),
        "b-checks": (-2.0, "[-1.0, -1.0]\n"),
    }


def test_an_error_in_checks_gives_no_points_and_is_shown() -> None:
    found = marks(with_answers(NOTEBOOK, {"a": "del seen"}))
    assert found["a-checks"] == (0.0, "NameError: name 'seen' is not defined\n")


@pytest.mark.parametrize("source", [ENDS_THE_PROCESS, "raise SystemExit"])
def test_an_answer_that_ends_the_process_is_an_error_not_a_mark(source: str) -> None:
    with pytest.raises(RuntimeError, match="ended before it was done"):
        marks(with_answers(NOTEBOOK, {"b": source}))


def test_nothing_that_an_answer_does_reaches_this_process() -> None:
    marks(with_answers(NOTEBOOK, {"a": "import os; os.environ['LEFT_BEHIND'] = '1'"}))
    assert "LEFT_BEHIND" not in os.environ


def test_the_private_seed_the_threads_and_the_dtype_reach_the_notebook() -> None:
    source = """
import torch
from lr_grading import Question
print(Question.place.seed, torch.initial_seed())
print(torch.get_num_threads(), torch.get_default_dtype())
"""
    notebook = new_notebook(cells=[cell("a-checks", source, points=1)])
    found = marks(notebook, seed=7, threads=2, dtype=torch.float64)
    assert found["a-checks"] == (1.0, "7 7\n2 torch.float64\n")
    assert marks(notebook)["a-checks"] == (1.0, "1 1\n1 torch.float32\n")


def test_an_answer_to_no_question_is_refused() -> None:
    with pytest.raises(KeyError, match="there is no answer 'adam'; there are: a, b"):
        with_answers(NOTEBOOK, {"adam": ""})
