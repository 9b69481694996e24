"""Learning with every derivative taken by hand, for one weight and one bias.

Names and order of arguments are those of Stevens, Antiga and Viehmann, *Deep Learning
with PyTorch* (2020), chapter 5, whose thermometer these functions were made for. The
letters are theirs as well: ``t_u`` are the readings in an unknown unit, ``t_c`` the
temperatures in degrees Celsius, ``t_p`` the predicted ones, all of shape (n,). The
chapter on the mechanics of learning shows the same statements.
"""

import math
from typing import Annotated

import torch
from torch import Tensor

from lr_lib.arguments import Floats, NotNegative, PositiveWhole, checked, finite, shape
from lr_lib.language import either
from lr_lib.training import DivergenceError, TrainingRecord


def _column(name: str, value: Tensor) -> None:
    if value.dim() != 1 or value.numel() == 0:
        raise ValueError(
            either(
                f"{name} has shape {shape(value)}; expected (n,), one number for each of "
                f"n readings. Write {name}.flatten() for a column.",
                f"{name}的形状为{shape(value)}，应为(n,)，即n个读数各对应一个数。"
                f"如果是一列，请改写为{name}.flatten()。",
            )
        )


Readings = Annotated[Floats, _column]


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


def _row_by_row(**columns: Tensor) -> None:
    if len({column.shape[0] for column in columns.values()}) > 1:
        given = ", ".join(f"{name} {len(column)}" for name, column in columns.items())
        raise ValueError(
            either(
                f"{' and '.join(columns)} belong together row by row but differ in length "
                f"({given}); expected the same number of readings.",
                f"{'、'.join(columns)}须逐行对应，长度却不相同（{given}），读数的个数应相同。",
            )
        )


@checked(lambda t_p, t_c: _row_by_row(t_p=t_p, t_c=t_c))
def loss_fn(t_p: Readings, t_c: Readings) -> Tensor:
    """Average the squared residuals, without a factor 1/2.

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


@checked(lambda t_p, t_c: _row_by_row(t_p=t_p, t_c=t_c))
def dloss_fn(t_p: Readings, t_c: Readings) -> Tensor:
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


@checked(lambda t_u, t_c, t_p: _row_by_row(t_u=t_u, t_c=t_c, t_p=t_p))
def grad_fn(
    t_u: Readings, t_c: Readings, t_p: Readings, w: float | Tensor, b: float | Tensor
) -> Tensor:
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


def _weight_and_bias(name: str, params: Tensor) -> None:
    if params.shape != (2,):
        raise ValueError(
            either(
                f"{name} has shape {shape(params)}; expected (2,): the weight, then the bias, "
                "such as torch.tensor([1.0, 0.0]).",
                f"{name}的形状为{shape(params)}，应为(2,)：先权重，后偏置，"
                "例如torch.tensor([1.0, 0.0])。",
            )
        )
    if params.requires_grad:
        raise ValueError(
            either(
                f"{name} requires a gradient, but here every derivative is taken by hand. "
                f"Write {name}.detach().",
                f"{name}需要求梯度，而这里的导数都由手工求出。请改写为{name}.detach()。",
            )
        )


@checked(lambda t_u, t_c: _row_by_row(t_u=t_u, t_c=t_c))
def training_loop(
    n_epochs: PositiveWhole,
    learning_rate: NotNegative,
    params: Annotated[Floats, _weight_and_bias, finite],
    t_u: Annotated[Readings, finite],
    t_c: Annotated[Readings, finite],
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
            print(
                either(
                    f"epoch {epoch}: loss {loss:.6g}, params {w:.5g} {b:.5g}, "
                    f"gradient {grad[0]:.4g} {grad[1]:.4g}",
                    f"迭代周期{epoch}：损失为{loss:.6g}，参数为{w:.5g}和{b:.5g}，"
                    f"梯度为{grad[0]:.4g}和{grad[1]:.4g}",
                )
            )
        if not finite:
            raise DivergenceError(TrainingRecord(losses), learning_rate)
        params = params - learning_rate * grad
    return params
