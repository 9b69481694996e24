"""The derivatives by hand: against finite differences, automatic differentiation and a solver."""

# mypy: disable-error-code="arg-type"
# Wrong arguments are among what is tested.
# ruff: noqa: E501  (a table, one case a line)

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor

from lr_lib import DivergenceError, datasets
from lr_lib.mechanics import (
    dloss_fn,
    dmodel_db,
    dmodel_dw,
    grad_fn,
    loss_fn,
    model,
    training_loop,
)

START = torch.tensor([1.0, 0.0], dtype=torch.float64)


def thermometer() -> tuple[Tensor, Tensor]:
    t_u, t_c = datasets.thermometer()
    return t_u.double(), t_c.double()


def drawn(seed: int, n: int = 7) -> tuple[Tensor, Tensor, Tensor]:
    """Readings, labels, and parameters, all at random."""
    generator = torch.Generator().manual_seed(seed)
    draw = [torch.randn(size, dtype=torch.float64, generator=generator) for size in (n, n, 2)]
    return 10 * draw[0], 10 * draw[1], draw[2]


def train(n_epochs: int, lr: float, t_u: Tensor, t_c: Tensor) -> Tensor:
    return training_loop(n_epochs, lr, START, t_u, t_c, print_detail=False)


def test_the_loss_of_the_thermometer_at_the_start() -> None:
    t_u, t_c = thermometer()
    assert model(t_u, 1.0, 0.0).tolist() == t_u.tolist()
    assert loss_fn(model(t_u, 1.0, 0.0), t_c).item() == pytest.approx(1763.8848, abs=1e-3)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_every_derivative_is_that_of_a_finite_difference(n: int) -> None:
    t_u, t_c, (w, b) = drawn(0, n)
    t_p, h = model(t_u, w, b), 1e-3
    for i in range(n):
        step = torch.zeros(n, dtype=torch.float64)
        step[i] = h
        change = loss_fn(t_p + step, t_c) - loss_fn(t_p - step, t_c)
        assert dloss_fn(t_p, t_c)[i].item() == pytest.approx(change.item() / (2 * h), abs=1e-8)
    by_w = (model(t_u, w + h, b) - model(t_u, w - h, b)) / (2 * h)
    by_b = (model(t_u, w, b + h) - model(t_u, w, b - h)) / (2 * h)
    torch.testing.assert_close(dmodel_dw(t_u, w, b), by_w, atol=1e-8, rtol=0)
    torch.testing.assert_close(dmodel_db(t_u, w, b), by_b, atol=1e-8, rtol=0)


@pytest.mark.parametrize("seed", range(5))
def test_the_gradient_is_that_of_automatic_differentiation(seed: int) -> None:
    t_u, t_c, params = drawn(seed)
    params.requires_grad_()
    loss_fn(model(t_u, *params), t_c).backward()
    w, b = params.detach()
    torch.testing.assert_close(grad_fn(t_u, t_c, model(t_u, w, b), w, b), params.grad)


def test_the_gradient_is_zero_where_least_squares_leads() -> None:
    t_u, t_c, _ = drawn(1)
    design = torch.stack([t_u, torch.ones_like(t_u)], dim=1)
    w, b = torch.linalg.lstsq(design, t_c[:, None], driver="gelsd").solution.flatten()
    assert grad_fn(t_u, t_c, model(t_u, w, b), w, b).abs().max() < 1e-10


@pytest.mark.parametrize("n_epochs", [1, 2, 5])
def test_the_loop_takes_the_steps_of_pytorch(n_epochs: int) -> None:
    t_u, t_c, params = drawn(2)
    again = params.clone().requires_grad_()
    optimizer = torch.optim.SGD([again], lr=1e-3)
    for _ in range(n_epochs):
        optimizer.zero_grad()
        loss_fn(model(t_u, *again), t_c).backward()
        optimizer.step()
    found = training_loop(n_epochs, 1e-3, params, t_u, t_c, print_detail=False)
    torch.testing.assert_close(found, again.detach())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_scaled_thermometer_reaches_least_squares(dtype: torch.dtype) -> None:
    t_u, t_c = (column.to(dtype) for column in thermometer())
    start = START.to(dtype)
    params = training_loop(5000, 1e-2, start, 0.1 * t_u, t_c, print_detail=False)
    assert params.dtype == dtype
    assert params.tolist() == pytest.approx([5.3677, -17.3048], abs=5e-3)
    assert loss_fn(model(0.1 * t_u, *params), t_c).item() == pytest.approx(2.9276, abs=1e-4)


def test_the_parameters_that_were_passed_keep_their_values() -> None:
    params = START.clone()
    found = training_loop(3, 1e-4, params, *thermometer(), print_detail=False)
    assert params.tolist() == [1.0, 0.0]
    assert found.tolist() != [1.0, 0.0]


def test_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    t_u, t_c = thermometer()
    training_loop(2001, 1e-2, START, 0.1 * t_u, t_c)
    lines = capsys.readouterr().out.splitlines()
    assert [int(re.findall(r"\d+", line)[0]) for line in lines] == [1, 2, 3, 1000, 2000]
    # All of a line is from before the step, and agrees with itself.
    assert lines[0] == "epoch 1: loss 80.3643, params 1 0, gradient -77.61 -10.64"
    training_loop(3, 1e-2, START, 0.1 * t_u, t_c, print_detail=False)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("print_detail", [True, False])
def test_an_explosion_is_shown_and_ends_the_training(
    print_detail: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DivergenceError, match=r"lr = 0\.01") as caught:
        training_loop(5000, 1e-2, START, *thermometer(), print_detail=print_detail)
    losses = caught.value.record.train_loss
    assert losses[0] == pytest.approx(1763.8848, abs=1e-3)
    assert losses == sorted(losses)
    assert [loss for loss in losses if loss == float("inf")] == losses[-1:]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == (4 if print_detail else 0)
    if print_detail:
        assert lines[-1].startswith(f"epoch {len(losses)}: loss inf")


column = torch.ones(4)

# What is called, the error, and what the message must say: the argument first.
BAD = {
    "a list": (lambda: loss_fn([1.0], column), TypeError, r"^t_p is of type list"),
    "whole numbers": (lambda: dloss_fn(column, column.long()), TypeError, r"^t_c has dtype"),
    "a matrix": (lambda: loss_fn(column, column[:, None]), ValueError, r"^t_c has.*flatten"),
    "nothing": (lambda: loss_fn(column[:0], column), ValueError, r"^t_p has shape \(0,\)"),
    "one to many": (lambda: dloss_fn(column, column[:1]), ValueError, r"^t_p and t_c.*t_p 4, t_c 1"),
    "predictions of others": (lambda: grad_fn(column, column, column[1:], 1, 0), ValueError, r"t_p 3"),
    "epochs": (lambda: training_loop(2.5, 0.1, START, column, column), ValueError, r"^n_epochs is 2.5"),
    "rate": (lambda: training_loop(1, -0.1, START, column, column), ValueError, r"^learning_rate is"),
    "params as a list": (lambda: training_loop(1, 0.1, [1.0, 0.0], column, column), TypeError, r"^params is of type list"),
    "whole params": (lambda: training_loop(1, 0.1, START.long(), column, column), TypeError, r"^params has dtype"),
    "three params": (lambda: training_loop(1, 0.1, torch.ones(3), column, column), ValueError, r"^params has shape \(3,\)"),
    "tracked": (lambda: training_loop(1, 0.1, torch.ones(2, requires_grad=True), column, column), ValueError, r"^params requires a gradient.*detach"),
    "a reading is NaN": (lambda: training_loop(1, 0.1, START, column * float("nan"), column), ValueError, r"^t_u has 4 values that are NaN"),
    "a label is NaN": (lambda: training_loop(1, 0.1, START, column, column * float("nan")), ValueError, r"^t_c has 4 values that are NaN"),
    "a parameter is NaN": (lambda: training_loop(1, 0.1, START * float("nan"), column, column), ValueError, r"^params has 2 values that are NaN"),
    "a column": (lambda: training_loop(1, 0.1, START, column[:, None], column), ValueError, r"^t_u has shape \(4, 1\)"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), BAD.values(), ids=BAD)
def test_bad_input_gets_an_error_that_says_what_to_do(
    call: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()


READINGS = {
    loss_fn: ("t_p", "t_c"),
    dloss_fn: ("t_p", "t_c"),
    grad_fn: ("t_u", "t_c", "t_p"),
    partial(training_loop, 1, 0.1, START, print_detail=False): ("t_u", "t_c"),
}


@pytest.mark.parametrize(
    ("function", "name"), [(function, name) for function in READINGS for name in READINGS[function]]
)
def test_each_of_the_readings_is_checked(function: Callable[..., Any], name: str) -> None:
    good: dict[str, Any] = dict.fromkeys(READINGS[function], column)
    if function is grad_fn:
        good |= {"w": 1.0, "b": 0.0}
    function(**good)
    with pytest.raises(TypeError, match=f"^{name} has dtype torch.int64; expected floating-point"):
        function(**good | {name: column.long()})
    with pytest.raises(ValueError, match=rf"^{name} has shape \(4, 1\); .* Write {name}.flatten"):
        function(**good | {name: column[:, None]})
    with pytest.raises(ValueError, match=rf"^{' and '.join(READINGS[function])} .*{name} 3[,)]"):
        function(**good | {name: column[1:]})
