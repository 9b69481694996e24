"""Code that reaches for what decides marks is found, and no honest answer is taken for it."""

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from lr_grading.assignments import NAMES, read, solution_file, trusted_sources
from lr_grading.calibration_bank import bank
from lr_grading.judge import with_answers
from lr_grading.messages import LANGUAGES
from lr_grading.release import pristine
from lr_grading.repair import repair
from lr_grading.suspicion import suspicions

GIVEN = """class Probe:
    count = 0
    def __init__(self):
        self.p = [1]
        self.seen = []
        self.lr = 0.1
"""
REACHES = {
    "import inspect": "inspect",
    "from lr_grading import questions": "lr_grading",
    "import lr_grading.questions as q": "lr_grading",
    "import os, gc": "gc",
    "f.__closure__[0]": "__closure__",
    "import sys; sys._getframe(1)": "_getframe",
    "e.__traceback__.tb_frame": "tb_frame",
    "torch.Tensor.abs = lambda x: 0 * x": "torch.Tensor.abs",
    "setattr(torch.nn.functional, 'linear', None)": "torch.nn.functional",
    "del torch.equal": "torch.equal",
    "model.seen = [1.0]": "seen",
    "model.seen.append(1.0)": "seen",
    "self.model.seen[:] = []": "seen",
    "Probe.count -= 1": "count",
    "get_ipython().events": "get_ipython",
    "exec('1')": "exec",
    "class Question:\n    pass": "Question",
    "Question = None": "Question",
}
HONEST = [
    "from lr_grading import Question",
    "import math, time, sys, os, torch",
    "import torch.nn.functional as F",
    "%matplotlib inline\n!ls\nx = 1",
    "self.seen = []",
    "self.count = 0\ncount = 1",
    "param.grad = None\nparam.grad.zero_()\nparam.data -= 1",
    "model.p.data.sub_(1)\nmodel.lr = 0.5",
    "torch.manual_seed(0)\ntorch.set_default_dtype(torch.float64)",
    "x = x[torch.tensor([1])]\nx[0] = torch.abs(x)[0]",
    "def f(:",
]


def found(source: str) -> list[tuple[str, str]]:
    given = new_code_cell(GIVEN, metadata={"nbgrader": {"grade_id": "probe"}})
    notebook = new_notebook(cells=[given, new_code_cell(f"x = 1\n{source}")])
    return [(s.line, s.what) for s in suspicions(notebook, trusted_sources(notebook))]


@pytest.mark.parametrize("source", REACHES)
def test_a_line_that_reaches_for_the_marks_is_named(source: str) -> None:
    ((line, what),) = found(source)
    assert line == source.splitlines()[0]
    assert REACHES[source] in what


@pytest.mark.parametrize("source", HONEST)
def test_a_line_of_an_honest_answer_is_not(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_solution_and_no_answer_of_the_bank_is_reported(name: str) -> None:
    solution = read(solution_file("en", name))
    versions = [with_answers(solution, answer.answers) for answer in bank(name)]
    for notebook in (solution, *versions):
        assert suspicions(notebook, trusted_sources(solution)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_of_a_submission_names_question_and_line(language: str) -> None:
    release = pristine(language, "from-scratch")
    cheat = with_answers(release, {"sgd": "torch.equal = print"})
    cheat.cells.insert(1, NotebookNode(new_code_cell("import gc")))
    import nbformat

    _, findings = repair(nbformat.writes(cheat), release, name="from-scratch", language=language)
    said = "\n".join(findings.lines)
    assert "torch.equal = print" in said
    assert "sgd" in said
    assert "import gc" in said
