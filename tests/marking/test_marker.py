"""Submissions are run where they can do no harm, their marks survive, and are decided here.

One process is forked for each notebook, so most tests share a marker. Without a sandbox a process
takes a second to start.
"""

import sys
from collections.abc import Iterator

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from lr_grading.assignments import grade_id, read, solution_file, trusted_sources
from lr_grading.judge import with_answers
from lr_grading.marker import Marker
from lr_grading.process_limits import MEMORY_VARIABLE, limit_memory
from lr_grading.results import UNWRITTEN, results_of
from tests.classroom import SANDBOX


@pytest.fixture(scope="module")
def marker() -> Iterator[Marker]:
    with Marker("en", sandbox=SANDBOX, timeout=2, output_limit=4000, memory=2.0) as made:
        yield made


def run(marker: Marker, *cells: str | NotebookNode, seed: str = "77") -> list[NotebookNode]:
    """Run cells, given as they are or as their source."""
    julia = {"kernelspec": {"name": "julia-1.9", "display_name": "Julia"}}  # not ours to choose
    made = [new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    notebook = new_notebook(cells=made, metadata=julia)
    done: list[NotebookNode] = marker.run(notebook, trusted_sources(notebook), seed=seed).cells
    return done


def of_course(source: str, name: str = "given", **marks: object) -> NotebookNode:
    """A cell of the course's own."""
    metadata = {"grade_id": name, "grade": False, "solution": False, **marks}
    made: NotebookNode = new_code_cell(source, metadata={"nbgrader": metadata})
    return made


def checks(source: str, points: int = 1, name: str = "a") -> NotebookNode:
    return of_course(source, f"{name}-checks", grade=True, points=points)


QUESTION = 'from lr_grading import Question\nquestion = Question("a", language="en")\n'


def question(*bodies: str) -> NotebookNode:
    """A cell of checks, one for each body, a point each."""
    source = QUESTION
    for number, body in enumerate(bodies):
        source += f'with question.check("{number}", points=1, hint="a hint") as check:\n'
        source += "".join(f"    {line}\n" for line in body.splitlines())
    return checks(source + "question.score()", len(bodies))


def said(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") + output.get("evalue", "") for output in cell.outputs)


def score(cell: NotebookNode) -> float:
    """The score of a cell of checks, which is the last of its outputs."""
    return float(cell.outputs[-1].data["text/plain"])


# What ends or blocks its process

SWALLOWS = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
LATE, DIED = "did not finish within 2 seconds", "Python ended while this cell ran"
HANGS = {
    "a loop that swallows interrupts": (SWALLOWS, LATE),
    "a loop that prints without end": ("while True: print('abcdefgh' * 100)", LATE),
    "a process that ends itself": ("import os; os._exit(1)", DIED),
    "a copy of the process": ("import os\nif os.fork(): 1 / 0", "division by zero"),
}


def test_what_does_not_end_well_costs_its_cell_alone(marker: Marker) -> None:
    cells = ["x = 1"]
    for source, _ in HANGS.values():
        cells += [source, "print(x)"]
    done = run(marker, *cells)
    for (_, reason), bad, after in zip(HANGS.values(), done[1::2], done[2::2], strict=True):
        assert reason in said(bad)
        assert len(str(bad)) < 9000
        assert said(after) == "1\n", "the state before the cell is made anew"


def test_after_its_time_the_rest_of_a_notebook_is_not_run(
    marker: Marker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marker, "total", 0)
    (cell,) = run(marker, "1")
    assert said(cell) == "This cell was not run: the cells before it took 0 seconds in all."


def test_reasons_come_in_the_language_of_the_class(
    marker: Marker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marker, "language", "zh")
    assert "运行本单元格时Python退出了" in said(run(marker, "import os; os._exit(1)")[0])


def test_an_answer_that_ends_its_process_costs_the_check_alone(marker: Marker) -> None:
    answer = "import os\ndef f():\n    os._exit(1)\ndef g():\n    return 1"
    *_, cell = run(marker, answer, question("f()", "check.equal('g()', g(), 1)"))
    assert score(cell) == 1.0
    assert "Python itself ended while the answer ran" in said(cell)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_an_answer_that_cannot_be_interrupted_costs_the_check_alone(
    marker: Marker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marker, "check_seconds", 1.0)
    answer = "import time\ndef f():\n    try:\n        time.sleep(99)\n    except: f()"
    answer += "\ndef g():\n    return 1"
    *_, cell = run(marker, answer, question("f()", "f()", "check.equal('g()', g(), 1)"))
    assert score(cell) == 1.0
    assert "no result within 1 seconds" in said(cell)
    assert "no result within 0.2 seconds" in said(cell), "less patience the second time"


def test_an_endless_generator_ends_the_check(
    marker: Marker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lr_grading.answers.CELL_SECONDS", 0.3)
    answer = "def f():\n    while True:\n        yield 1"
    *_, cell = run(marker, answer, question("list(f())"))
    assert "no result within 0.3 seconds" in said(cell)


# What its process survives

SURVIVED = {
    "much text": "print('a' * 10**7)",
    "a large value": "'a' * 10**7",
    "memory that is not there": "[0] * 10**10",
    "a syntax error": "def f(:",
    "a warning": "import warnings; warnings.warn('old')",
    "exit()": "exit()",
    "SystemExit": "import sys; sys.exit()",
    "input()": "input()",
    "await": "import asyncio\nawait asyncio.sleep(0)\nprint('awaited')",
    "a magic": "%matplotlib inline\n%time print('timed')",
    "past Python": "import os; os.write(1, b'past' + b'a' * 10**5)",
    "a figure": "import matplotlib.pyplot as plt\nplt.figure(figsize=(.1, .1))\nplt.plot([1])",
}


@pytest.fixture(scope="module")
def survived(marker: Marker) -> dict[str, NotebookNode]:
    cells = ["x = 1"]
    for source in SURVIVED.values():
        cells += [source, "print(x)"]
    done = run(marker, *cells)
    assert {said(cell) for cell in done[2::2]} == {"1\n"}, "the next cell still runs"
    return dict(zip(SURVIVED, done[1::2], strict=True))


@pytest.mark.parametrize("case", ["much text", "a large value", "past Python"])
def test_a_large_output_is_cut(case: str, survived: dict[str, NotebookNode]) -> None:
    assert "The output was cut here: it is longer than 4000 characters." in said(survived[case])
    assert len(str(survived[case])) < 9000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces the limit of memory")
def test_memory_that_is_not_there_is_an_error_like_any_other(
    survived: dict[str, NotebookNode],
) -> None:
    assert survived["memory that is not there"].outputs[0].ename == "MemoryError"


@pytest.mark.parametrize(
    ("case", "shown"),
    [
        ("a syntax error", "invalid syntax"),
        ("a warning", "old"),
        ("await", "awaited"),
        ("a magic", "timed"),
    ],
)
def test_what_a_cell_shows_is_kept(
    case: str, shown: str, survived: dict[str, NotebookNode]
) -> None:
    assert shown in said(survived[case])


def test_a_figure_is_kept(survived: dict[str, NotebookNode]) -> None:
    assert "image/png" in survived["a figure"].outputs[-1].data


def test_the_end_of_a_session_is_none(survived: dict[str, NotebookNode]) -> None:
    assert survived["exit()"].outputs == []


# Only the value of the course's own cell counts

SCORES = {
    "behind much output": ("print('a' * 10**5)\n0.5", "0.5"),
    "no value": ("print(1)", "This cell gave no score."),
    "a text": ("'a text'", "This cell gave no score."),
    "never more than the points of the cell": ("7.0", "1.0"),
    "never less than nothing": ("-1.0", "0.0"),
    "no number": ("float('nan')", "This cell gave no score."),
}


def test_a_cell_of_checks_gives_exactly_one_score_or_none(marker: Marker) -> None:
    done = run(marker, *(checks(source, name=name) for name, (source, _) in SCORES.items()))
    for cell, (_, wanted) in zip(done, SCORES.values(), strict=True):
        last = cell.outputs[-1]
        assert (last.get("evalue") or last.data["text/plain"]) == wanted
        assert len(cell.outputs) <= 2


def test_what_calls_itself_a_cell_of_checks_or_of_the_course_is_not_run_here(
    marker: Marker,
) -> None:
    forged, given = checks("1.0"), of_course("import lr_grading; lr_grading.broken = True")
    notebook = new_notebook(cells=[forged, given])
    done = marker.run(notebook, {}, seed=1).cells
    assert "gave no score" in said(done[0])
    import lr_grading

    assert not hasattr(lr_grading, "broken")


def test_the_seed_is_known_here_alone(marker: Marker) -> None:
    shown = "import os\nfrom lr_grading import Question\n"
    shown += "print('77' in os.environ.values(), Question.place.seed)"
    source = QUESTION.replace('"en"', '"en", hidden=True') + "print(question.place.seed)\n1.0"
    student, course = run(marker, shown, checks(source))
    assert said(student) == "False 0\n"
    assert said(course) == "77\n"


# What crosses

ANSWERS = """
import torch, numpy
class Model:
    def __init__(self, w):
        self.w = w
        self.seen = []
    def predict(self, X):
        return X @ self.w
    def __getitem__(self, key):
        return key + 1
    def __len__(self):
        return 7
def step(params, lr):
    with torch.no_grad():
        for p in params:
            p -= lr * p.grad
            p.grad.zero_()
def pairs(n):
    for i in range(n):
        yield i, torch.full((2,), float(i))
def loss(y_hat, y):
    return (y_hat - y) ** 2
def train(w, X):
    ((X @ w) ** 2).sum().backward()
def use(f, *args):
    return f(*args)
def replace(x):
    x.data = torch.ones(3)
def own():
    return Model(torch.ones(2, 1, requires_grad=True))
values = [1, -(2**80), 2.5, None, True, "ä", b"x", (1, [2]), {"a": {1}}, 1j,
          numpy.float32(0.5), torch.float64, torch.Size([2])]
array = numpy.arange(4).reshape(2, 2)
number = 5
"""
CALLS = {
    "all kinds of data": 'check.that("x", [type(v).__name__ for v in values] == ["int", "int", '
    '"float", "NoneType", "bool", "str", "bytes", "tuple", "dict", "complex", "float32", "dtype", '
    '"tuple"] and values[:5] == [1, -(2**80), 2.5, None, True] and values[5:10] == ["ä", b"x", '
    '(1, [2]), {"a": {1}}, 1j], values)',
    "arrays": "check.equal('array', array, [[0, 1], [2, 3]])",
    "a generator": "found = list(pairs(3))\ncheck.equal('n', [i for i, _ in found], [0, 1, 2])\n"
    "check.close('t', found[2][1], [2.0, 2.0])",
    "a class": "model = Model(torch.ones(2, 1))\n"
    "check.close('p', model.predict(torch.eye(2)), [[1.0], [1.0]])\n"
    "check.equal('item, length', [model[3], len(model)], [4, 7])\nmodel.seen = [1.5]\n"
    "check.equal('seen', model.seen, [1.5])",
    "what changes in place": "p = torch.ones(2, requires_grad=True)\n(3 * p).sum().backward()\n"
    "view = p.detach()\nstep([p], 0.5)\ncheck.close('p', p, [-0.5, -0.5])\n"
    "check.close('its view', view, [-0.5, -0.5])\ncheck.close('p.grad', p.grad, [0.0, 0.0])",
    "another shape in place": "x = torch.zeros(2)\nreplace(x)\n"
    "check.close('x', x, [1.0, 1.0, 1.0])",
    "gradients that come back": "w = torch.ones(2, 1, requires_grad=True)\n"
    "y_hat = torch.eye(2) @ w\nloss(2 * y_hat, torch.zeros(2, 1)).sum().backward()\n"
    "check.close('w.grad', w.grad, [[8.0], [8.0]])",
    "gradients of what is only there": "model = own()\n"
    "model.predict(torch.eye(2)).sum().backward()\n"
    "check.close('w.grad', model.w.grad, [[1.0], [1.0]])",
    "a backward pass inside": "w = torch.ones(2, 1, requires_grad=True)\ntrain(w, torch.eye(2))\n"
    "check.close('w.grad', w.grad, [[2.0], [2.0]])",
    "data behind the back of PyTorch": "model = own()\nmodel.w.data.fill_(3.0)\n"
    "check.close('p', model.predict(torch.eye(2)), [[3.0], [3.0]])",
    "a function that goes there": "k = 3\ncheck.equal('f', use(lambda x: k * x, 2), 6)",
    "a function that stays": "seen = []\n"
    "found = use(lambda x: seen.append(x) or check.number(x) > 1, 2)\n"
    "check.equal('found', [found, seen], [True, [2]])",
    "what a given class counts": "check.equal('n', use(Counter.up, 4), 4)\n"
    "check.equal('n', Counter.n, 4)",
    "an object with a state": "note = Note()\nuse(note.write, 2.5)\n"
    "check.equal('n', note.seen, [2.5])",
    "given names that a student has taken": "check.equal('helper', helper(), 'of the course')\n"
    "check.equal('inside', use(helper), 'of the course')",
    "no gradients where they are off": "with torch.no_grad():\n"
    "    found = loss(torch.ones(1, requires_grad=True), torch.zeros(1))\n"
    "check.equal('requires_grad', found.requires_grad, False)",
    "a number": "check.equal('number', number, 5)",
}
GIVEN = """import torch
class Counter:
    n = 0
    def up(k):
        for _ in range(k):
            Counter.n += 1
        return Counter.n
class Note:
    def __init__(self):
        self.seen = []
    def write(self, value):
        self.seen.append(value)
def helper():
    return 'of the course'
"""


@pytest.fixture(scope="module")
def crossed(marker: Marker) -> dict[str, str]:
    """What each check said, by its name."""
    shadows = "helper = Note = list = print = len = check = question = None"
    *_, cell = run(marker, of_course(GIVEN), ANSWERS, shadows, question(*CALLS.values()))
    results = results_of(cell)
    assert len(results) == len(CALLS), said(cell)
    return {
        case: "" if result.passed else "\n".join(result.lines("en"))
        for case, result in zip(CALLS, results, strict=True)
    }


@pytest.mark.parametrize("case", CALLS)
def test_a_call_across_the_border_is_like_any_other(case: str, crossed: dict[str, str]) -> None:
    assert not crossed[case], crossed[case]


STATES = {
    "float64 by default": "import torch\ntorch.set_default_dtype(torch.float64)",
    "no device": "torch.set_default_device('meta')",
    "a closed stream": "import sys\nsys.stdout.close()\nsys.stdout = None",
    "a folder that is gone": "import os, shutil\nfolder = os.getcwd()\n"
    "shutil.rmtree(folder, ignore_errors=True)",
    "gradients off": "torch.set_grad_enabled(False)",
    "all names of PyTorch": "from torch import *",
    "a formatter": "get_ipython().display_formatter.formatters['text/plain']"
    ".for_type(float, lambda *a: None)",
    "no values": "get_ipython().ast_node_interactivity = 'none'",
    "builtins that are gone": "import builtins\nbuiltins.sum = builtins.max = None",
}


@pytest.mark.parametrize("state", STATES)
def test_the_state_that_a_student_leaves_costs_nothing(state: str, marker: Marker) -> None:
    body = "check.close('f', f(torch.ones(2)), [4.0, 4.0])\nprint(sum([1]))"
    answer = "import torch\ndef f(x):\n    for _ in range(1):\n        x = 2 * x @ torch.eye(2)"
    answer += "\n    return 2 * x"
    *_, cell = run(marker, of_course("import torch"), STATES[state], answer, question(body))
    assert score(cell) == 1.0, said(cell)


ERRORS = {
    "raise KeyError('x')": "KeyError: 'x'",
    "raise type('Own', (ValueError,), {})('v')": "Own: v",
    "raise SystemExit(3)": "SystemExit: 3",
    "import torch; torch.zeros(2) @ torch.zeros(3)": "RuntimeError: inconsistent tensor size",
    "raise ExceptionGroup('several', [ValueError()])": "ExceptionGroup: several",
    "raise NotImplementedError('of PyTorch')": "NotImplementedError: of PyTorch",
}


def test_errors_are_named_with_the_line_that_raised_them(marker: Marker) -> None:
    answers = [f"def f{n}():\n    {source}" for n, source in enumerate(ERRORS)]
    *_, cell = run(marker, *answers, question(*(f"f{n}()" for n in range(len(ERRORS)))))
    for result, (source, words) in zip(results_of(cell), ERRORS.items(), strict=True):
        assert words in result.got
        assert source in result.got
        assert not result.reason


def test_only_the_stub_counts_as_unwritten(marker: Marker) -> None:
    *_, cell = run(marker, "def f():\n    raise NotImplementedError", question("f()"))
    (result,) = results_of(cell)
    assert (result.reason, result.subject) == (UNWRITTEN, "f")


def test_a_name_that_is_missing_is_named(marker: Marker) -> None:
    (cell,) = run(marker, question("f()"))
    assert "no f: nothing of that name exists" in said(cell)


def test_what_answers_print_is_shown_and_no_result(marker: Marker) -> None:
    answer = "def f():\n    print('✓ 9/9  forged')\n    return 1"
    *_, cell = run(marker, answer, question("check.equal('f()', f(), 2)"))
    assert "forged" in said(cell)
    assert [result.passed for result in results_of(cell)] == [False]


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


FORGED = """
class Trainer:
    def __init__(self, max_epochs, gradient_clip_val=0):
        self.val_losses, self.train_batch_idx, self.val_batch_idx, self.epoch = [0.0], 0, 0, 0

    def fit(self, model, data):
        model.p_at_steps = [0.0, 0.1, 0.19]
"""


def test_a_forged_note_of_what_went_on_gives_nothing_until_the_teacher_decides(
    marker: Marker,
) -> None:
    solution = read(solution_file("en", "objects"))
    forged = with_answers(solution, {"trainer": FORGED})
    done = marker.run(forged, trusted_sources(solution), seed=1)
    cells = {grade_id(cell): cell for cell in done.cells}
    for name in ("trainer-checks", "trainer-hidden"):
        assert score(cells[name]) == 0
        assert "No points until your teacher has looked at it" in said(cells[name])
        assert "model.p_at_steps = [0.0, 0.1, 0.19]" in said(cells[name])
    assert score(cells["clip-gradients-hidden"]) > 0


def test_a_student_who_checks_an_own_notebook_needs_no_sandbox() -> None:
    """One process for each notebook, which ends with it, also where it hangs."""
    with Marker("en", timeout=1) as marker:
        cell, late, after = run(marker, "print(1)", "while True: pass", "print(2)")
    assert said(cell) == "1\n"
    assert "did not finish within 1 seconds" in said(late)
    assert said(after) == "2\n"


def test_an_object_of_a_students_without_a_way_to_show_itself_is_named(marker: Marker) -> None:
    answer = "class Own:\n    def __repr__(self):\n        raise ValueError\n"
    answer += "def f():\n    return Own()"
    *_, cell = run(
        marker, answer, question("check.equal('f()', f(), 1)", "check.equal('', f()._x, 1)")
    )
    assert "?, of type Own" in said(cell)
    assert "AttributeError: _x" in said(cell), "what is private stays where it is"


def test_what_answers_say_that_makes_no_sense_ends_them(marker: Marker) -> None:
    forges = "import gc\nfrom lr_grading.inside import Student\n"
    forges += "def f():\n    Student._say = lambda self, answer: self._channel.send(b'\\xc1')\n"
    *_, cell = run(
        marker, forges + "def g():\n    return 1", question("f()", "check.equal('g', g(), 1)")
    )
    assert score(cell) == 1.0
    assert "Python itself ended while the answer ran" in said(cell)
