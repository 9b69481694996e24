"""What a check says answers what came back: the cause first, and no hint that contradicts it."""

import linecache
import os
import re
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch

import lr_lib
from lr_grading import Question
from lr_grading.assignments import NAMES, graded_cells, kind, read, solution_file
from lr_grading.judge import marks, with_answers
from lr_grading.messages import LANGUAGES, text
from lr_grading.questions import Check

judging = pytest.mark.skipif(not hasattr(os, "fork"), reason="judging needs fork()")
torch.set_num_threads(1)  # a fork must not inherit a pool of threads


def said(assignment: str, answers: dict[str, str], language: str = "en") -> dict[str, str]:
    """What each cell of checks prints when some answers of the solution are replaced."""
    notebook = with_answers(read(solution_file(language, assignment)), answers)
    return {name: printed for name, (_, printed) in marks(notebook).items()}


# Mistakes of real students

RECOVER = """
def recover(features, labels):
    w, b = torch.zeros(features.shape[1], 1, requires_grad={}), torch.zeros(1, requires_grad=True)
    train(w, b, features, labels, lr={}, batch_size=20, num_epochs=4)
    return w.detach(), b.detach()
"""
SGD = """
def sgd(params, lr, batch_size):
    with torch.no_grad():
        for p in params:
            p = p - lr * p.grad / batch_size
            p.grad.zero_()
"""
LAST_BATCH = """
def train(w, b, features, labels, lr, batch_size, num_epochs):
    losses = []
    for _ in range(num_epochs):
        for X, y in data_iter(batch_size, features, labels):
            loss = squared_loss(linreg(X, w, b), y)
            loss.sum().backward()
            sgd([w, b], lr, len(X))
        losses.append(loss.mean().item())
    return losses
"""
TOO_FAST = """
def fit(t_u, t_c):
    return training_loop(600, 0.5, torch.tensor([1.0, 0.0]), t_u, t_c, print_detail=False)
"""
UNSETTLED = """
def fit_ohm(x, X):
    x_unit, X_unit = x.mean(), X.max()
    u, v = x / x_unit, X / X_unit
    params = torch.zeros(2, dtype=X.dtype, requires_grad=True)
    descend(lambda: squared_loss(1 / (params[0].exp() + params[1].exp() * u), v).mean(),
            [params], lr=0.5, num_steps=30)
    r, w = params.detach().exp()
    return X_unit * x_unit / w, r * x_unit / w
"""
RECIPROCALS = """
def fit_ohm(x, X):
    features = torch.stack([torch.ones_like(x), x], 1).double()
    r, w = torch.linalg.lstsq(features, 1 / X.double()[:, None]).solution.flatten()
    return 1 / w, r / w
"""


@judging
def test_a_training_that_diverges_is_not_told_to_train_faster() -> None:
    printed = said("from-scratch", {"recover": RECOVER.format(True, 3.0)})
    for cell in ("recover-checks", "recover-hidden"):
        assert "nan" in printed[cell]
        assert "likely cause: the training diverges" in printed[cell]
        assert "take a smaller learning rate" in printed[cell]
        assert "look at" not in printed[cell]


@judging
def test_divergence_is_named_in_chinese_and_nothing_else_is() -> None:
    printed = said("mechanics", {"fit": TOO_FAST}, "zh")["fit-checks"]
    assert printed.count("可能原因：训练发散") == 2
    assert "相差nan" not in printed
    assert "提示" not in printed


@judging
def test_the_loss_of_the_last_batch_is_answered_with_the_whole_dataset() -> None:
    printed = said("from-scratch", {"train": LAST_BATCH})["train-checks"]
    assert "look at: The mean over the whole dataset" in printed


@judging
def test_parameters_without_gradients_are_found_and_said_once() -> None:
    printed = said("from-scratch", {"recover": RECOVER.format(False, 0.1)})
    assert "likely cause: a parameter has no gradient" in printed["recover-checks"]
    assert "requires_grad=True" in printed["recover-checks"]
    assert "look at" not in printed["recover-checks"]
    assert printed["recover-hidden"].count("the same TypeError in sgd as above") == 2


@judging
def test_a_parameter_that_was_rebound_is_named_and_later_questions_send_there() -> None:
    printed = said("from-scratch", {"sgd": SGD})
    everything = "\n".join(printed.values())
    assert everything.count("'NoneType' object has no attribute 'zero_'") == 1
    assert "p = p - … makes a new tensor" in printed["sgd-checks"]
    assert "look at" not in printed["sgd-checks"]
    for cell in ("train-checks", "train-hidden", "recover-checks", "recover-hidden"):
        assert "the AttributeError in sgd again: mend question sgd first" in printed[cell]


@judging
def test_only_a_fit_of_the_reciprocals_is_told_so() -> None:
    unsettled, reciprocals = (said("ohm", {"fit-ohm": a}) for a in (UNSETTLED, RECIPROCALS))
    for cell in ("fit-ohm-checks", "fit-ohm-hidden"):
        assert "1/X" not in unsettled[cell]
        assert "Does the loss still fall at the end?" in unsettled[cell]
        assert "the line through 1/X" in reciprocals[cell]


# What is recognized, case by case


def complaint(
    capsys: pytest.CaptureFixture[str],
    run: Callable[[Check], object],
    language: str = "en",
    **options: bool,
) -> str:
    """What a check prints when ``run(check)`` is its block."""
    with Question("linreg", language=language, **options).check(
        "it", points=1, hint="a hint"
    ) as check:
        run(check)
    return capsys.readouterr().out


values = torch.tensor([0.31, -1.27, 2.05])
n, batch_size = 7, 32
RESULTS = {
    "nan": (values * torch.nan, values, "somewhere a number overflowed"),
    "inf": (values / 0, values, "somewhere a number overflowed"),
    "sign": (-values, values, "wrong sign"),
    "twice": (2 * values, values, "twice the right value"),
    "half": (values / 2, values, "half the right value"),
    "n times": (7 * values, values, "is 7 the number of examples, or the batch size?"),
    "an nth": (values / 32, values, "1/32 of the right value"),
    "a unit": (1000 * values, values, "the right value times 1000: is a unit"),
    "a unit, the other way": (0.35522, 355.22, "the right value times 1/1000"),
    "one number, n times": (7 * 1.234, 1.234, "7 times the right value"),
    "one number, twice": (2.468, 1.234, "twice the right value"),
    "transposed": (torch.ones(2, 3), torch.ones(3, 2), "the shape is transposed"),
    "reshaped": (torch.ones(3), torch.ones(3, 1), "is a reshape missing?"),
    "broadcast": (torch.ones(3, 3), torch.ones(3, 1), "broadcasting combined each value"),
    "unreduced": (torch.ones(3), 1.0, "several values where one is asked for"),
    "reduced": (1.0, torch.ones(3), "one value where several are asked for"),
    "whole numbers": (torch.tensor([0, -1, 2]), values, "int64 holds whole numbers only"),
}
NOTHING_TO_SAY = {
    "another value": (values + 1, values),
    "a factor that no mistake has": (2.3 * values, values),
    "a number by hand that is half by accident": (0.4, 0.8),
    "a number that is four times by accident": (1.6, 0.4),
    "any small number": (1e-9, 0.0),
    "nothing": (0.0 * values, values),
    "next to nothing, and far too much": (1e-310 * values.double(), 1e200 * values.double()),
    "a factor with the wrong sign": (-3 * values, values),
}


@pytest.mark.parametrize("case", RESULTS)
def test_a_result_is_recognized(capsys: pytest.CaptureFixture[str], case: str) -> None:
    actual, expected, cause = RESULTS[case]

    def run(check: Check) -> None:
        check.close("it", actual, expected if n else batch_size)  # a check's code names its sizes

    printed = complaint(capsys, run)
    assert cause in printed.partition("likely cause: ")[2]
    assert "look at: a hint" in printed
    assert "nan;" not in printed


@pytest.mark.parametrize("case", NOTHING_TO_SAY)
def test_no_cause_is_made_up(capsys: pytest.CaptureFixture[str], case: str) -> None:
    assert "likely cause" not in complaint(
        capsys, lambda check: check.close("it", *NOTHING_TO_SAY[case], atol=1e-10)
    )


@pytest.mark.parametrize("case", ["sign", "twice", "half", "n times", "an nth", "a unit"])
def test_a_hidden_check_names_no_factor(capsys: pytest.CaptureFixture[str], case: str) -> None:
    actual, expected, _ = RESULTS[case]
    printed = complaint(capsys, lambda check: check.close("it", actual, expected), hidden=True)
    assert "likely cause: only a factor is wrong" in printed
    assert not re.search(r"twice|half|\b(7|32|1000)\b|the wrong sign", printed)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e12, torch.tensor([[1e12]])])
def test_what_a_training_gave_has_diverged(
    capsys: pytest.CaptureFixture[str], number: object
) -> None:
    asks = [
        lambda check: check.close("it", number, 3.0),
        lambda check: check.between("it", number, 0.0, 3.0),
        lambda check: check.equal("it", number, 3.0),
    ]
    for ask in asks:
        printed = complaint(capsys, ask, training=True)
        assert "the training diverges" in printed
        assert "a hint" not in printed


def test_the_right_number_in_another_type_is_told_by_a_visible_check_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cause = "the right value, but of type float; int is asked for"
    assert cause in complaint(capsys, lambda check: check.equal("it", 5.0, 5))
    hidden = complaint(capsys, lambda check: check.equal("it", 5.0, 5), hidden=True)
    assert "likely cause" not in hidden


def answers_in_a_cell(source: str) -> dict[str, Any]:
    """Names that a cell of a notebook defines, with the file name that it would have."""
    name = f"<cell {abs(hash(source))}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"torch": torch}
    exec(compile(source, name, "exec"), namespace)
    return namespace


w = "w = torch.ones(2, requires_grad=True)"
ERRORS = {
    "without requires_grad": ("torch.ones(2).sum().backward()", "the graph does not connect"),
    "no gradient yet": (f"{w}; 0.1 * w.grad", "a parameter has no gradient"),
    "rebound": (
        f"{w}; w.sum().backward()\n    with torch.no_grad():\n"
        "        w = w - 0.1 * w.grad\n        w.grad.zero_()",
        "w = w - …",
    ),
    "outside no_grad": (f"{w}; w -= 1", "do that within torch.no_grad()"),
    "twice through the graph": (f"{w}; l = (w**2).sum(); l.backward(); l.backward()", "twice"),
    "overwritten": (f"{w}; e = w.exp(); e.add_(1); e.sum().backward()", "was overwritten"),
    "several losses": (f"{w}; w.backward()", "backward() begins at one number"),
    "numpy": (f"{w}; w.numpy()", "call .detach() first"),
    "one number wanted": ("torch.ones(2).item()", "one number is needed here"),
    "dtypes": ("torch.ones(2, 2) @ torch.ones(2, 2).double()", "two dtypes meet"),
    "shapes": ("torch.ones(2, 3) @ torch.ones(2, 3)", "the shapes on this line do not fit"),
    "sizes": ("torch.ones(2, 3) + torch.ones(2)", "the shapes on this line do not fit"),
    "None": ("[].sort()[0]", "does a function lack its return?"),
    "too many values": ("a, b = 1, 2, 3", "another number of values"),
    "arguments": ("torch.nn.Linear()", "a call does not fit the function"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_is_recognized(capsys: pytest.CaptureFixture[str], case: str) -> None:
    source, cause = ERRORS[case]
    answer = answers_in_a_cell(f"def answer():\n    {source}\n")["answer"]
    printed = complaint(capsys, lambda check: answer())
    assert cause in printed.partition("likely cause: ")[2]
    assert ("a hint" in printed) == (case in ("shapes", "sizes", "one number wanted"))


def test_an_answer_without_a_return_is_asked_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    def run(check: Check) -> object:
        w, b = answers_in_a_cell("def answer():\n    pass\n")["answer"]()
        return w, b

    assert "a function returned None: is a return missing?" in complaint(capsys, run)


def test_an_error_of_the_code_gets_no_hint_about_the_result_and_others_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for source, hinted in (("lenght", False), ("[1][5]", True)):
        answer = answers_in_a_cell(f"def answer():\n    {source}\n")["answer"]
        assert ("a hint" in complaint(capsys, lambda check, a=answer: a())) == hinted  # type: ignore[misc]


def test_a_function_of_the_library_explains_its_errors_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    printed = complaint(capsys, lambda check: lr_lib.sgd([torch.ones(1)], 0.1, 1))
    assert "requires_grad=True" in printed
    assert "a hint" not in printed


def test_a_gradient_that_is_none_is_no_missing_return(capsys: pytest.CaptureFixture[str]) -> None:
    printed = complaint(capsys, lambda check: check.close("w.grad", None, 1.0))
    assert "None: backward() did not reach this tensor" in printed


def test_a_cell_that_only_a_notebook_understands_is_explained_as_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = answers_in_a_cell("def answer(w):\n    return 0.1 * w.grad\n")
    linecache.cache[names["answer"].__code__.co_filename][2].append("%pip list\n")  # type: ignore[misc]
    printed = complaint(capsys, lambda check: names["answer"](torch.ones(1)))
    assert "a parameter has no gradient" in printed


def test_a_cell_that_runs_again_shows_its_error_again(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answers_in_a_cell("def answer():\n    return 1 / 0\n")["answer"]
    for _ in range(2):
        assert "ZeroDivisionError: division" in complaint(capsys, lambda check: answer())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_comes_back_is_said_in_the_language_of_the_edition(
    capsys: pytest.CaptureFixture[str], language: str
) -> None:
    printed = complaint(capsys, lambda c: c.close("it", -values, values), language)
    assert text(language, "wrong_sign") in printed


# Answers that are tensors with gradients

WITH_GRADIENTS = """
def _with_gradients(value):
    if type(value) is float or torch.is_tensor(value) and value.is_floating_point():
        value = torch.as_tensor(value)
        return value if value.requires_grad else value.clone().requires_grad_()
    return tuple(map(_with_gradients, value)) if type(value) is tuple else value

for _name in {names}:
    def _wrapped(*arguments, _function=globals()[_name], **options):
        return _with_gradients(_function(*arguments, **options))
    globals()[_name] = _wrapped
"""


@judging
@pytest.mark.parametrize("assignment", NAMES)
def test_results_with_gradients_get_full_marks_and_no_warning(assignment: str) -> None:
    """A warning would go to stderr, and nbgrader's Validate would refuse the cell."""
    solution = read(solution_file("en", assignment))
    answers = {}
    for cell in solution.cells:
        names = re.findall(r"^def (\w+)", cell.source, re.MULTILINE)
        if kind(cell) == "answer" and names and "yield" not in cell.source:
            answers[cell.id] = cell.source + WITH_GRADIENTS.format(names=names)
    torch.set_warn_always(True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            found = marks(with_answers(solution, answers))
    finally:
        torch.set_warn_always(False)
    for cell in graded_cells(solution):
        if cell.kind == "checks":
            earned, printed = found[cell.name]
            assert earned == cell.points, printed
