"""Code that nobody has read: it is run in a real kernel, and the marks survive it."""

import sys

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from lr_grading.execute import Execute


def run(*sources: str, **options: object) -> list[NotebookNode]:
    """Execute cells; ``x`` is 1 before them, so that one can see whether state survives."""
    notebook = new_notebook(cells=[new_code_cell(s) for s in ("x = 1", *sources, "print(x)")])
    executed, _ = Execute(**options).preprocess(notebook, {"metadata": {"path": "."}})
    return executed.cells[1:]


def checks(source: str, points: int = 1) -> NotebookNode:
    marks = {"grade_id": "a-checks", "grade": True, "solution": False, "points": points}
    return new_code_cell(source, metadata={"nbgrader": marks})


def said(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") + output.get("evalue", "") for output in cell.outputs)


SWALLOWS = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
HANGS = {
    "an endless loop": ("while True: pass", "did not finish within 2 seconds"),
    "a loop that swallows interrupts": (SWALLOWS, "did not finish within 2 seconds"),
    "a kernel killed": ("import os; os._exit(1)", "The kernel ended while this cell ran"),
    "exit()": ("exit()", "The kernel ended while this cell ran"),
}


@pytest.mark.parametrize("case", HANGS)
def test_what_does_not_end_well_costs_its_cell_alone(case: str) -> None:
    source, reason = HANGS[case]
    bad, after = run(source, timeout=2)
    assert reason in said(bad)
    assert [output.output_type for output in bad.outputs] == ["error"]
    assert said(after) == "1\n", "the state before the cell is made anew"


def test_a_loop_that_prints_without_end_fills_neither_memory_nor_file() -> None:
    bad, after = run("while True: print('abcdefgh' * 100)", timeout=3, output_limit=1000)
    assert "The output was cut here: it is longer than 1000 characters." in said(bad)
    assert len(str(bad)) < 5000
    assert said(after) == "1\n"


@pytest.mark.parametrize("source", ["print('a' * 10**7)", "'a' * 10**7"])
def test_a_large_output_is_cut(source: str) -> None:
    bad, after = run(source, output_limit=1000)
    assert "The output was cut here" in said(bad)
    assert len(str(bad)) < 5000
    assert said(after) == "1\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces the limit of memory")
def test_memory_that_is_not_there_is_an_error_like_any_other() -> None:
    bad, after = run("[0] * 10**10", memory=2.0)
    assert bad.outputs[0].ename == "MemoryError"
    assert said(after) == "1\n"


def test_a_syntax_error_and_a_warning_cost_nothing_else() -> None:
    bad, warns, after = run("def f(:", "import warnings; warnings.warn('old')")
    assert bad.outputs[0].ename == "SyntaxError"
    assert "old" in said(warns)
    assert said(after) == "1\n"


def test_warnings_in_a_cell_of_checks_are_shown_as_output() -> None:
    notebook = new_notebook(cells=[checks("import warnings; warnings.warn('old')\n1.0")])
    executed, _ = Execute().preprocess(notebook, {"metadata": {"path": "."}})
    streams = [o.name for o in executed.cells[0].outputs if o.output_type == "stream"]
    assert streams == ["stdout"]


def test_a_cell_that_killed_its_kernel_is_not_run_again() -> None:
    first, second, after = run("exit()", "exit()", max_restarts=2)
    assert "The kernel ended" in said(first)
    assert "The kernel ended" in said(second)
    assert said(after) == "1\n"


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("print('a' * 10**5)\n0.5", "0.5"),  # a score behind much output is not lost
        ("print(1)", "This cell gave no score."),
        ("'a text'", "This cell gave no score."),
        ("7.0", "1.0"),  # never more than the points of the cell
        ("-1.0", "0.0"),
        ("get_ipython().ast_node_interactivity = 'none'\n1.0", "1.0"),
        ("get_ipython().displayhook(1.0)\n0.0", "0.0"),  # the last one counts
    ],
)
def test_a_cell_of_checks_gives_exactly_one_score_or_none(source: str, outcome: str) -> None:
    notebook = new_notebook(cells=[checks(source)])
    executed, _ = Execute(output_limit=1000).preprocess(notebook, {"metadata": {"path": "."}})
    last = executed.cells[0].outputs[-1]
    assert (last.get("evalue") or last.data["text/plain"]) == outcome


def test_too_many_dead_kernels_end_the_run_with_a_reason() -> None:
    cells = run("exit()", "exit()", "1", max_restarts=1)
    assert "The kernel ended" in said(cells[1])
    assert said(cells[2]) == "This cell was not run: 2 cells before it did not finish."


def test_reasons_come_in_the_language_of_the_class() -> None:
    assert "运行本单元格时内核退出了" in said(run("exit()", language="zh")[0])


def test_the_kernel_is_ours_whatever_the_notebook_names() -> None:
    julia = {"kernelspec": {"name": "julia-1.9", "display_name": "Julia"}}
    notebook = new_notebook(cells=[new_code_cell("print(1)")], metadata=julia)
    executed, _ = Execute().preprocess(notebook, {"metadata": {"path": "."}})
    assert said(executed.cells[0]) == "1\n"


def test_the_private_seed_reaches_the_checks() -> None:
    code = "import os; print(os.environ['LR_GRADING_SEED'])"
    assert said(run(code, seed="77")[0]) == "77\n"
