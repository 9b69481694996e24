"""Code that nobody has read: it is run in a real kernel, and the marks survive it.

A kernel takes seconds to start, so cells that leave it alive share one.
"""

import sys

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from lr_grading.execute import Execute
from lr_grading.limited_kernel import MEMORY_VARIABLE, limit_memory


def run(*cells: str | NotebookNode, **options: object) -> list[NotebookNode]:
    """Execute cells, given as they are or as their source."""
    julia = {"kernelspec": {"name": "julia-1.9", "display_name": "Julia"}}  # not ours to choose
    made = [new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    notebook = new_notebook(cells=made, metadata=julia)
    executed, _ = Execute(**options).preprocess(notebook, {"metadata": {"path": "."}})
    done: list[NotebookNode] = executed.cells
    return done


def run_cases(cases: dict[str, NotebookNode], **options: object) -> dict[str, list[NotebookNode]]:
    """Execute all cases in one notebook: each one's cell, and the cell after it.

    ``x`` is 1 before them, and the cell after each shows ``x``, so that one can see whether the
    state survives.
    """
    cells: list[str | NotebookNode] = ["x = 1"]
    for cell in cases.values():
        cells += [cell, "print(x)"]
    executed = run(*cells, **options)
    return {case: executed[2 * n + 1 : 2 * n + 3] for n, case in enumerate(cases)}


def checks(source: str, points: int = 1) -> NotebookNode:
    marks = {"grade_id": "a-checks", "grade": True, "solution": False, "points": points}
    made: NotebookNode = new_code_cell(source, metadata={"nbgrader": marks})
    return made


def said(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") + output.get("evalue", "") for output in cell.outputs)


# What ends or blocks its kernel

SWALLOWS = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
LATE, DIED = "did not finish within 2 seconds", "The kernel ended while this cell ran"
HANGS = {
    "an endless loop": ("while True: pass", LATE),
    "a loop that swallows interrupts": (SWALLOWS, LATE),
    "a loop that prints without end": ("while True: print('abcdefgh' * 100)", LATE),
    "a kernel killed": ("import os; os._exit(1)", DIED),
    "exit()": ("exit()", DIED),
    "exit() once more": ("exit()", DIED),
}


@pytest.fixture(scope="module")
def hung() -> dict[str, list[NotebookNode]]:
    cases = {case: new_code_cell(source) for case, (source, _) in HANGS.items()}
    return run_cases(cases, timeout=2, output_limit=1000)


@pytest.mark.parametrize("case", HANGS)
def test_what_does_not_end_well_costs_its_cell_alone(
    case: str, hung: dict[str, list[NotebookNode]]
) -> None:
    bad, after = hung[case]
    assert HANGS[case][1] in said(bad)
    shown = [output.output_type for output in bad.outputs]
    assert shown == (["stream", "error"] if "print" in bad.source else ["error"])
    assert said(after) == "1\n", "the state before the cell is made anew"


def test_a_loop_that_prints_without_end_fills_neither_memory_nor_file(
    hung: dict[str, list[NotebookNode]],
) -> None:
    bad, _ = hung["a loop that prints without end"]
    assert "The output was cut here: it is longer than 1000 characters." in said(bad)
    assert len(str(bad)) < 5000


def test_too_many_dead_kernels_end_the_run_with_a_reason() -> None:
    cells = run("exit()", "exit()", "1", max_restarts=1)
    assert "The kernel ended" in said(cells[1])
    assert said(cells[2]) == "This cell was not run: 2 cells before it did not finish."


def test_reasons_come_in_the_language_of_the_class() -> None:
    assert "运行本单元格时内核退出了" in said(run("exit()", language="zh", max_restarts=0)[0])


# What its kernel survives

SCORES = {
    "a score behind much output is not lost": ("print('a' * 10**5)\n0.5", "0.5"),
    "no value": ("print(1)", "This cell gave no score."),
    "a text": ("'a text'", "This cell gave no score."),
    "never more than the points of the cell": ("7.0", "1.0"),
    "never less than nothing": ("-1.0", "0.0"),
    "the last one counts": ("get_ipython().displayhook(1.0)\n0.0", "0.0"),
    "values are no longer shown": ("get_ipython().ast_node_interactivity = 'none'\n1.0", "1.0"),
}
SURVIVED = {
    "much text": new_code_cell("print('a' * 10**7)"),
    "a large value": new_code_cell("'a' * 10**7"),
    "memory that is not there": new_code_cell("[0] * 10**10"),
    "a syntax error": new_code_cell("def f(:"),
    "a warning": new_code_cell("import warnings; warnings.warn('old')"),
    "a warning in checks": checks("import warnings; warnings.warn('old')\n1.0"),
    "the private seed": new_code_cell("import os; print(os.environ['LR_GRADING_SEED'])"),
} | {case: checks(source) for case, (source, _) in SCORES.items()}


@pytest.fixture(scope="module")
def survived() -> dict[str, list[NotebookNode]]:
    found = run_cases(SURVIVED, output_limit=1000, memory=2.0, seed="77")
    for case, (_, after) in found.items():
        assert said(after) == "1\n", f"{case}: the next cell still runs"
    return found


@pytest.mark.parametrize("case", ["much text", "a large value"])
def test_a_large_output_is_cut(case: str, survived: dict[str, list[NotebookNode]]) -> None:
    bad, _ = survived[case]
    assert "The output was cut here" in said(bad)
    assert len(str(bad)) < 5000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces the limit of memory")
def test_memory_that_is_not_there_is_an_error_like_any_other(
    survived: dict[str, list[NotebookNode]],
) -> None:
    bad, _ = survived["memory that is not there"]
    assert bad.outputs[0].ename == "MemoryError"


def test_a_syntax_error_and_a_warning_are_shown(survived: dict[str, list[NotebookNode]]) -> None:
    assert survived["a syntax error"][0].outputs[0].ename == "SyntaxError"
    assert "old" in said(survived["a warning"][0])


def test_warnings_in_a_cell_of_checks_are_shown_as_output(
    survived: dict[str, list[NotebookNode]],
) -> None:
    outputs = survived["a warning in checks"][0].outputs
    assert [o.name for o in outputs if o.output_type == "stream"] == ["stdout"]


@pytest.mark.parametrize("case", SCORES)
def test_a_cell_of_checks_gives_exactly_one_score_or_none(
    case: str, survived: dict[str, list[NotebookNode]]
) -> None:
    last = survived[case][0].outputs[-1]
    assert (last.get("evalue") or last.data["text/plain"]) == SCORES[case][1]


def test_the_private_seed_reaches_the_checks(survived: dict[str, list[NotebookNode]]) -> None:
    assert said(survived["the private seed"][0]) == "77\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_limit_of_memory_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    try:
        limit_memory()
        assert resource.getrlimit(resource.RLIMIT_AS) == before, "none is set"
        monkeypatch.setenv(MEMORY_VARIABLE, str(2**46))
        limit_memory()
        assert resource.getrlimit(resource.RLIMIT_AS) == (2**46, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
