"""What a check says to a student: points, and in each language what, where and why."""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from lr_grading import Question
from lr_grading.messages import _TEXTS, LANGUAGES, text
from lr_grading.questions import PUBLIC_SEED, Check, CheckFailed


def new_check(language: str = "en", **options: bool) -> Check:
    question = Question("linreg", language=language, **options)
    return question.check("a name", points=2, hint="a hint")


def complaint(
    capsys: pytest.CaptureFixture[str],
    run: Callable[[Check], object],
    language: str = "en",
    **options: bool,
) -> str:
    """What a check prints when ``run(check)`` is its block."""
    with new_check(language, **options) as check:
        run(check)
    return capsys.readouterr().out


def test_points_are_added_up_and_come_back_as_a_plain_float(
    capsys: pytest.CaptureFixture[str],
) -> None:
    question = Question("linreg", language="en")
    with question.check("right", points=2, hint="-"):
        pass
    with question.check("wrong", points=3, hint="-") as check:
        check.equal("x", 1, 2)
    score = question.score()
    assert type(score) is float  # nbgrader takes anything else for full marks
    assert type(Question("linreg", language="en").score()) is float
    assert score == 2.0
    assert question.points == 5
    said = capsys.readouterr().out
    assert "✓ 2/2  right" in said
    assert "✗ 0/3  wrong" in said
    assert "linreg: 2 of 5 points" in said


def test_a_failed_check_says_what_was_asked_what_came_back_and_what_to_look_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = complaint(capsys, lambda check: check.close("w", torch.tensor([1.0, 2.0]), [1.0, 3.0]))
    assert "✗ 0/2  a name" in said
    assert "asked: w equal to [1, 3], within 1e-06 + 0.0001 × |value|" in said
    assert "came back: a tensor of shape (2,), float32: [1, 2]" in said
    assert "the largest difference is 1, at index (1,)" in said
    assert "look at: a hint" in said


def test_a_failed_check_speaks_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    said = complaint(capsys, lambda check: check.shape("w", torch.ones(3), (3, 1)), "zh")
    assert "要求：w是形状为(3, 1)的张量" in said
    assert "得到：形状为(3,)、类型为float32的张量：[1, 1, 1]" in said
    assert "提示：a hint" in said


def test_a_hidden_check_does_not_say_which_values_it_expected(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = complaint(capsys, lambda check: check.close("w", 1.25, 3.75), hidden=True)
    assert "1.25" in said
    assert "3.75" not in said
    assert "difference" not in said
    said = complaint(capsys, lambda check: check.equal("w", "this", "that"), hidden=True)
    assert "this" in said
    assert "that" not in said


def test_the_validate_button_gets_the_complaints_on_stderr(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for mode, expected in (("autograde", ""), ("validate", "✗ 0/1  wrong")):
        monkeypatch.setenv("NBGRADER_EXECUTION", mode)
        question = Question("linreg", language="en")
        with question.check("wrong", points=1, hint="a hint") as check:
            check.equal("x", 1, 2)
        question.score()
        error = capsys.readouterr().err
        assert error.startswith(expected)
        assert ("a hint" in error) == bool(expected)


def test_what_an_answer_writes_to_stderr_does_not_make_validate_refuse_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with new_check():
        print("by the way", file=sys.stderr)
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "by the way" in captured.out


# What passes, and what does not

RIGHT = {
    "another dtype": (torch.tensor([1.0, 2.0], dtype=torch.float64), [1.0, 2.0]),
    "numpy": (np.array([1.0, 2.0]), [1.0, 2.0]),
    "a number for a tensor without dimensions": (1.0, torch.tensor(1.0)),
    "a parameter": (torch.nn.Parameter(torch.ones(2)), torch.ones(2)),
    "whole numbers": ([1, 2], [1.0, 2.0]),
    "infinity": (float("inf"), float("inf")),
    "within the tolerance": (1.00009, 1.0),
}
WRONG = {
    "another value": (1.001, 1.0),
    "another shape": (torch.ones(2, 1), torch.ones(2)),
    "broadcast": (torch.ones(2, 2), torch.ones(2)),
    "NaN": (float("nan"), 1.0),
    "NaN for NaN": (float("nan"), float("nan")),
    "infinity of the other sign": (float("-inf"), float("inf")),
    "None": (None, 1.0),
    "a text": ("1.0", 1.0),
    "a ragged list": ([[1.0], [1.0, 2.0]], [1.0, 2.0]),
    "nothing": ([], [1.0]),
}


@pytest.mark.parametrize("case", RIGHT)
def test_close_accepts(case: str) -> None:
    new_check().close("it", *RIGHT[case])


@pytest.mark.parametrize("case", WRONG)
def test_close_refuses(case: str) -> None:
    with pytest.raises(CheckFailed):
        new_check().close("it", *WRONG[case])


class Chameleon(float):
    """Equal to everything, as a student might try."""

    def __eq__(self, other: object) -> bool:
        return True

    def __le__(self, other: object) -> bool:
        return True

    __ge__ = __lt__ = __gt__ = __le__
    __hash__ = float.__hash__


def test_a_tensor_of_the_students_own_class_passes_nothing() -> None:
    class Tricky(torch.Tensor):
        pass

    with pytest.raises(CheckFailed):
        new_check().close("it", torch.ones(2).as_subclass(Tricky), [1.0, 1.0])


@pytest.mark.parametrize(
    "ask",
    [
        lambda check, it: check.close("it", it, 1.0),
        lambda check, it: check.equal("it", it, 1.0),
        lambda check, it: check.between("it", it, 0.0, 1.0),
        lambda check, it: check.that("it", it, it),
        lambda check, it: check.shape("it", it, ()),
    ],
)
def test_an_object_that_equals_everything_passes_nothing(
    ask: Callable[[Check, object], None],
) -> None:
    with pytest.raises(CheckFailed):
        ask(new_check(), Chameleon(5.0))


def test_equal_compares_kind_and_value() -> None:
    check = new_check()
    check.equal("sizes", (4, 4, 2), [4, 4, 2])
    check.equal("labels", torch.tensor([[1.0]]), [[1.0]])
    check.equal("flag", np.bool_(True), True)
    for actual, expected in ((1, True), (1.0, 1), ("a", "b"), ([1], [1, 2]), (None, 0)):
        with pytest.raises(CheckFailed):
            check.equal("it", actual, expected)


def test_between_includes_its_limits() -> None:
    check = new_check()
    for number in (1.0, torch.tensor(2.0), torch.tensor([[1.5]]), np.float32(1.5), 2):
        check.between("it", number, 1.0, 2.0)
    for other in (0.99, float("nan"), torch.ones(2), "1.5", None):
        with pytest.raises(CheckFailed):
            check.between("it", other, 1.0, 2.0)


@pytest.mark.parametrize(
    "value", [2, 2.0, np.float64(2), torch.tensor([[2.0]]), torch.tensor(2.0, requires_grad=True)]
)
def test_number_takes_one_number_of_any_kind(value: object) -> None:
    number = new_check().number(value)
    assert (type(number), number) == (float, 2.0)


@pytest.mark.parametrize("value", [None, "2", torch.ones(2), [], Chameleon(2.0)])
def test_number_refuses_everything_else(value: object) -> None:
    with pytest.raises(CheckFailed):
        new_check().number(value)


def test_that_takes_a_condition_in_words() -> None:
    check = new_check()
    check.that("something", True, None)
    check.that("something", torch.tensor(True), None)
    with pytest.raises(CheckFailed) as failure:
        check.that("something", False, "what was found")
    assert (failure.value.asked, failure.value.got) == ("something", "what was found")


# What an answer can do wrong without any result


def answer_in_a_cell(source: str) -> dict[str, Any]:
    """Names that a cell of a notebook defines, with the file name that it would have."""
    import linecache

    name = "<cell 3>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"torch": torch}
    exec(compile(source, name, "exec"), namespace)
    return namespace


def test_an_error_is_explained_with_its_line_and_costs_its_check_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = answer_in_a_cell("def linreg(X, w):\n    return X @ w.T\n")["linreg"]
    question = Question("linreg", language="en")
    with question.check("first", points=1, hint="-"):
        answer(torch.ones(2, 3), torch.ones(3, 1))
    with question.check("second", points=1, hint="-"):
        pass
    said = capsys.readouterr().out
    assert "the error RuntimeError: mat1 and mat2 shapes cannot be multiplied" in said
    assert "in linreg, at: return X @ w.T" in said
    assert question.earned == 1


def test_the_lines_of_the_check_itself_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    cell = (
        "def helper():\n    raise ValueError('oh')\n"
        "with question.check('a name', points=1, hint='-'):\n    helper()\n"
    )
    question = Question("linreg", language="en", hidden=True)
    exec(compile(cell, "<cell 4>", "exec"), {"question": question})
    said = capsys.readouterr().out
    assert "the error ValueError: oh" in said
    assert "helper" not in said


def test_an_unfinished_answer_is_called_unfinished(capsys: pytest.CaptureFixture[str]) -> None:
    linreg = answer_in_a_cell("def linreg():\n    raise NotImplementedError")["linreg"]
    said = complaint(capsys, lambda check: linreg())
    assert "nothing: linreg is still to be written (it ends at raise NotImplementedError)" in said
    assert "a hint" not in said, "whoever has not begun gets no hint"


def test_a_stub_that_was_left_above_an_answer_is_called_in_the_way(
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = "def linreg(x):\n    # YOUR CODE HERE\n    raise NotImplementedError\n    return x"
    linreg = answer_in_a_cell(source)["linreg"]
    said = complaint(capsys, lambda check: linreg(1))
    assert "line 3 of the cell, raise NotImplementedError, ends linreg before your code" in said


def test_an_unfinished_function_that_an_answer_calls_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = answer_in_a_cell(
        "def sgd():\n    raise NotImplementedError\n\ndef train():\n    sgd()\n"
    )
    assert "nothing: sgd is still" in complaint(capsys, lambda check: names["train"]())


def test_a_missing_name_is_called_missing(capsys: pytest.CaptureFixture[str]) -> None:
    said = complaint(capsys, lambda check: linreg(1))  # type: ignore[name-defined]  # noqa: F821
    assert "no linreg: nothing of that name exists" in said


def test_none_is_asked_whether_a_return_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    said = complaint(capsys, lambda check: check.close("w", None, 1.0))
    assert "None: is a return missing?" in said


def test_an_object_that_cannot_be_shown_is_shown_as_a_question_mark(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    assert "?, of type Broken" in complaint(capsys, lambda c: c.close("w", Broken(), 1.0))


def test_an_error_whose_own_text_fails_costs_its_check_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class UnspeakableError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def answer(check: Check) -> None:
        raise UnspeakableError

    assert "the error UnspeakableError" in complaint(capsys, answer)


def test_long_values_and_errors_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    said = complaint(capsys, lambda check: check.equal("w", "x" * 1000, "y"))
    assert len(max(said.splitlines(), key=len)) < 300
    assert "[0, 1, 2, 3, 4, 5, …]" in complaint(
        capsys, lambda check: check.close("w", torch.arange(100.0), 0.0)
    )


LOOPS = """
from time import process_time

def loop(seconds):  # which ends some time, so that a broken limit fails the test
    end = process_time() + seconds
    try:
        while process_time() < end:
            pass
    except BaseException:
        while process_time() < end:
            pass

def slow(seconds):
    end = process_time() + seconds
    while process_time() < end:
        pass
"""


def test_an_endless_loop_ends_with_its_check_even_if_it_swallows_errors(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lr_grading.time_limit.TIME_LIMIT", 0.4)
    monkeypatch.setattr("lr_grading.time_limit.IMPATIENT_LIMIT", 0.1)
    answers = answer_in_a_cell(LOOPS)
    question = Question("linreg", language="en")
    start = time.process_time()
    for function, seconds in (("loop", 4), ("loop", 4), ("slow", 0.2)):
        with question.check(function, points=1, hint="a hint"):
            answers[function](seconds)
    said = capsys.readouterr().out
    assert "no result within 0.4 seconds of computing: is there a loop that does not end?" in said
    assert "no result within 0.1 seconds" in said, "with the same function, patience is shorter"
    assert "✓ 1/1  slow" in said, "and with no other"
    assert "a hint" not in said
    assert time.process_time() - start < 3


def test_an_interrupt_fails_the_check_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(check: Check) -> None:
        raise KeyboardInterrupt

    assert "no result: it was interrupted" in complaint(capsys, interrupted)


def test_no_gradients_left_off_by_an_answer_spoil_the_next_check() -> None:
    question = Question("linreg", language="en")
    torch.set_grad_enabled(False)
    with question.check("a name", points=1, hint="-") as check:
        check.that("gradients", torch.is_grad_enabled(), "none")
    assert question.earned == 1


# Seeds


def draws(name: str = "linreg", **options: bool) -> list[float]:
    question = Question(name, language="en", **options)
    return [*question.normal(3).tolist(), question.uniform(0, 1), question.integer(0, 10**6)]


def test_hidden_inputs_depend_on_the_private_seed_and_visible_ones_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visible, hidden = draws(), draws(hidden=True)
    monkeypatch.setattr(Question.place, "seed", "12345")
    assert draws() == visible
    assert draws(hidden=True) != hidden
    assert draws(hidden=True) == draws(hidden=True)
    monkeypatch.setattr(Question.place, "seed", str(PUBLIC_SEED))
    assert draws(hidden=True) == hidden


def test_questions_draw_different_inputs() -> None:
    assert draws("linreg") != draws("sgd")
    assert draws() != draws(hidden=True)


def test_draws_keep_their_limits() -> None:
    question = Question("linreg", language="en")
    assert {question.integer(1, 3) for _ in range(100)} == {1, 2, 3}
    numbers = [question.uniform(2.0, 3.0) for _ in range(100)]
    assert 2 <= min(numbers) < max(numbers) <= 3
    assert question.normal(2, 3).shape == (2, 3)


def test_each_check_starts_from_the_same_random_numbers() -> None:
    question = Question("linreg", language="en")
    drawn = []
    for _ in range(2):
        with question.check("a name", points=1, hint="-"):
            drawn.append(float(torch.rand(())))
    assert drawn[0] == drawn[1]


# Languages


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="language is 'fr'; expected one of en, zh"):
        Question("linreg", language="fr")


@pytest.mark.parametrize("key", _TEXTS)
def test_every_message_fills_in_the_same_values_in_both_languages(key: str) -> None:
    import string

    fields = [
        {name for _, name, _, _ in string.Formatter().parse(words) if name} for words in _TEXTS[key]
    ]
    assert len(fields) == len(LANGUAGES)
    assert fields[0] == fields[1]
    assert text("en", key, **dict.fromkeys(fields[0], 1.0))
