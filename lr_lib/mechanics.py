"""Learning with every derivative taken by hand, for one weight and one bias.

Names and order of arguments are those of Stevens, Antiga and Viehmann, *Deep Learning
with PyTorch* (2020), chapter 5, whose thermometer these functions were made for. The
letters are theirs as well: ``t_u`` are the readings in an unknown unit, ``t_c`` the
temperatures in degrees Celsius, ``t_p`` the predicted ones, all of shape (n,). The
chapter on the mechanics of learning shows the same statements.
"""

import math

import torch
from torch import Tensor

from lr_lib import checks
from lr_lib.training import DivergenceError, TrainingRecord


def model(t_u: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Predict temperatures: t_p = w · t_u + b.

    Args:
        t_u: Readings, shape (n,), in the unknown unit.
        w: Weight, one number, in °C per unit of the readings.
        b: Bias, one number, in °C.

    Returns:
        Predictions in °C, shape (n,).
    """
    return w * t_u + b


@checks.validated(checks.loss_fn)
def loss_fn(t_p: Tensor, t_c: Tensor) -> Tensor:
    """Average the squared residuals; there is no factor 1/2.

    Args:
        t_p: Predictions, shape (n,).
        t_c: Labels, shape (n,).

    Returns:
        The mean squared error, shape (), in units of the labels squared.

    Raises:
        TypeError: An argument is not a tensor of floating-point numbers.
        ValueError: The shapes differ, or there is nothing to average.
    """
    return ((t_p - t_c) ** 2).mean()


@checks.validated(checks.loss_fn)
def dloss_fn(t_p: Tensor, t_c: Tensor) -> Tensor:
    """Differentiate the loss with respect to each prediction.

    Args:
        t_p: Predictions, shape (n,).
        t_c: Labels, shape (n,).

    Returns:
        The derivatives 2 · (t_p - t_c) / n, shape (n,), in units of the labels.

    Raises:
        TypeError: An argument is not a tensor of floating-point numbers.
        ValueError: The shapes differ, or there is nothing to average.
    """
    return 2 * (t_p - t_c) / len(t_p)


def dmodel_dw(t_u: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Differentiate each prediction with respect to the weight.

    Args:
        t_u: Readings, shape (n,).
        w: Weight, which the result does not depend on.
        b: Bias, which the result does not depend on.

    Returns:
        The readings themselves, shape (n,).
    """
    return t_u


def dmodel_db(t_u: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Differentiate each prediction with respect to the bias.

    Args:
        t_u: Readings, shape (n,), of which only the shape and the dtype matter.
        w: Weight, which the result does not depend on.
        b: Bias, which the result does not depend on.

    Returns:
        Ones, shape (n,).
    """
    return torch.ones_like(t_u)


@checks.validated(checks.grad_fn)
def grad_fn(t_u: Tensor, t_c: Tensor, t_p: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Put the gradient of the loss together by the chain rule.

    Args:
        t_u: Readings, shape (n,).
        t_c: Labels, shape (n,).
        t_p: Predictions for ``t_u`` at these ``w`` and ``b``, shape (n,).
        w: Weight, one number.
        b: Bias, one number.

    Returns:
        The derivatives of ``loss_fn`` with respect to w and to b, shape (2,).

    Raises:
        TypeError: A tensor is not one, or not of floating-point numbers.
        ValueError: The shapes differ, or there is nothing to average.
    """
    dloss = dloss_fn(t_p, t_c)
    dloss_dw = (dloss * dmodel_dw(t_u, w, b)).sum()
    dloss_db = (dloss * dmodel_db(t_u, w, b)).sum()
    return torch.stack([dloss_dw, dloss_db])


@checks.validated(checks.training_loop)
def training_loop(
    n_epochs: int,
    learning_rate: float,
    params: Tensor,
    t_u: Tensor,
    t_c: Tensor,
    print_detail: bool = True,
) -> Tensor:
    """Train weight and bias by gradient descent, one step on all the readings an epoch.

    Args:
        n_epochs: The number of steps.
        learning_rate: Length of a step, in units of parameter per unit of gradient.
        params: Weight and bias to start from, shape (2,). They keep their values.
        t_u: Readings, shape (n,).
        t_c: Labels, shape (n,).
        print_detail: Whether to print loss, parameters and gradient, all from before the
            step: for the first three epochs, for every thousandth, and for one whose loss
            is not finite.

    Returns:
        Weight and bias after the last step, shape (2,).

    Raises:
        DivergenceError: The loss has become infinite or NaN; ``record`` holds the losses
            up to there.
        TypeError, ValueError: An argument is not as above.
    """
    losses = []
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c).item()
        grad = grad_fn(t_u, t_c, t_p, w, b)
        losses.append(loss)
        finite = math.isfinite(loss)
        if print_detail and (epoch <= 3 or epoch % 1000 == 0 or not finite):
            print(f"epoch {epoch}: loss {loss:.6g}", end=", ")
            print(f"params {w:.5g} {b:.5g}", end=", ")
            print(f"gradient {grad[0]:.4g} {grad[1]:.4g}")
        if not finite:
            raise DivergenceError(TrainingRecord(losses), learning_rate)
        params = params - learning_rate * grad
    return params
