"""The five functions that the chapters build, in the order of the chapters, and a helper.

Names and order of arguments are those of Zhang, Lipton, Li and Smola, *Dive into
Deep Learning* (2023), so code learned there runs here. The body of each function
is, statement for statement, what its chapter shows. ``checked`` puts the checks of the
arguments in front of it.

Letters: n examples, d features, k outputs.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import torch
from torch import Tensor

from lr_lib.arguments import (
    Examples,
    Floats,
    NotNegative,
    NumberOrTensor,
    OptionalGenerator,
    Parameters,
    PositiveWhole,
    Weights,
    checked,
    finite,
    one_label_each,
    one_label_each_prediction,
    shape,
)
from lr_lib.language import either

# Limits of a chunk, the rows that are gathered at a time. 128 batches spread the cost of a
# gather thin, and their tensors are too few to set off Python's garbage collector, which
# goes through everything that PyTorch has loaded. The bytes limit memory when rows are long.
CHUNK_BATCHES = 128
CHUNK_BYTES = 2**20


def _bias_fits(b: float | Tensor, w: Tensor) -> None:
    if not isinstance(b, Tensor):
        return
    outputs = 1 if w.dim() == 1 else w.shape[1]
    if b.dim() > 1 or b.numel() not in (1, outputs):
        shapes = either("() or (1,)", "()或(1,)")
        if outputs > 1:
            shapes = either(f"(), (1,) or ({outputs},)", f"()、(1,)或({outputs},)")
        raise ValueError(
            either(
                f"b has shape {shape(b)}; expected {shapes}, to match w of shape {shape(w)}. "
                "Any other shape would broadcast across the examples.",
                f"b的形状为{shape(b)}，应为{shapes}，以便与形状为{shape(w)}的w匹配。"
                "其他形状会在样本之间广播。",
            )
        )
    if b.dtype != w.dtype:
        raise ValueError(
            either(
                f"b has dtype {b.dtype} but w {w.dtype}; expected the same. "
                "Convert one of them with .to().",
                f"b的dtype为{b.dtype}，w却为{w.dtype}，两者应相同。请用.to()转换其中之一。",
            )
        )


@checked(_bias_fits)
def synthetic_data(
    w: Annotated[Weights, finite],
    b: Annotated[NumberOrTensor, finite],
    num_examples: PositiveWhole,
    *,
    noise: NotNegative = 0.01,
    generator: OptionalGenerator = None,
) -> tuple[Tensor, Tensor]:
    """Draw a dataset whose true parameters are known: y = Xw + b + ε.

    Args:
        w: True weights, shape (d,) or (d, 1), or (d, k) for k outputs; its dtype
            and its device are those of the dataset.
        b: True bias, a number or a tensor of shape (), (1,) or (k,).
        num_examples: n, the number of examples to draw.
        noise: Standard deviation of ε, in the units of the labels.
        generator: Source of randomness, on the device of ``w``; PyTorch's own
            by default.

    Returns:
        Features X, shape (n, d), independent and standard normal, and labels y,
        shape (n, k), with k = 1 for ``w`` of shape (d,).

    Raises:
        TypeError: An argument is not of the type above.
        ValueError: ``num_examples`` or ``noise`` is out of range, or the shapes of
            ``w`` and ``b`` do not belong together.
    """
    X = torch.randn(num_examples, len(w), dtype=w.dtype, device=w.device, generator=generator)
    y = (X @ w + b).reshape(num_examples, -1)
    epsilon = torch.randn(y.shape, dtype=w.dtype, device=w.device, generator=generator)
    return X, y + noise * epsilon


def rows_per_chunk(batch_size: int, *tensors: Tensor) -> int:
    """Return how many rows to gather at a time: whole batches, and at least one.

    There are at most ``CHUNK_BATCHES`` of them, with at most ``CHUNK_BYTES`` in all
    unless a single batch is larger.

    Args:
        batch_size: The number of rows in a batch.
        tensors: The tensors to gather from, each with at least one row.
    """
    batch_bytes = batch_size * sum(tensor[0].nbytes for tensor in tensors)
    return batch_size * max(1, min(CHUNK_BATCHES, CHUNK_BYTES // batch_bytes))


@checked(one_label_each)
def data_iter(
    batch_size: PositiveWhole,
    features: Examples,
    labels: Examples,
    *,
    generator: OptionalGenerator = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Go once through a dataset in minibatches, in a fresh random order.

    Every example comes exactly once. When ``batch_size`` does not divide n, the
    last batch is short. The batches are copies, so changing one leaves the
    dataset as it is. Beyond the shuffled index (8 bytes an example) a pass holds
    one chunk, or two while it gathers the next. See ``rows_per_chunk``.

    Args:
        batch_size: The number of examples in each batch but perhaps the last.
        features: Shape (n, ...), any dtype.
        labels: Shape (n, ...), any dtype; row i belongs to row i of ``features``.
        generator: Source of the order, on the CPU; PyTorch's own by default.

    Yields:
        Pairs (X, y) of shapes (batch_size, ...) and (batch_size, ...).

    Raises:
        TypeError: ``features`` or ``labels`` is not a tensor.
        ValueError: The lengths differ, the dataset is empty, a value is NaN or
            infinite, or ``batch_size`` is not a positive whole number.
    """
    order = torch.randperm(len(features), generator=generator).to(features.device)
    for rows in order.split(rows_per_chunk(batch_size, features, labels)):
        yield from zip(
            features.index_select(0, rows).split(batch_size),
            labels.index_select(0, rows).split(batch_size),
        )


def _two_dimensions(name: str, X: Tensor) -> None:
    if X.dim() != 2:
        raise ValueError(
            either(
                f"{name} has shape {shape(X)}; expected 2 dimensions, (n examples, d features). "
                "Reshape one feature of n examples to (n, 1).",
                f"{name}的形状为{shape(X)}，应为2维，即（n个样本，d个特征）。"
                "如果n个样本只有一个特征，请把形状改为(n, 1)。",
            )
        )


def _weights_fit(X: Tensor, w: Tensor) -> None:
    if X.shape[1] != w.shape[0]:
        raise ValueError(
            either(
                f"X has {X.shape[1]} features (shape {shape(X)}) but w has {len(w)} rows "
                f"(shape {shape(w)}); expected one row of w for each feature.",
                f"X有{X.shape[1]}个特征（形状为{shape(X)}），w却有{len(w)}行"
                f"（形状为{shape(w)}），应为每个特征对应w的一行。",
            )
        )
    if X.dtype != w.dtype or X.device != w.device:
        raise ValueError(
            either(
                f"X is {X.dtype} on {X.device} but w is {w.dtype} on {w.device}; expected "
                "the same. Convert one of them with .to().",
                f"X为{X.dtype}，位于{X.device}，w却为{w.dtype}，位于{w.device}，两者应相同。"
                "请用.to()转换其中之一。",
            )
        )


@checked(_weights_fit, _bias_fits)
def linreg(X: Annotated[Floats, _two_dimensions], w: Weights, b: NumberOrTensor) -> Tensor:
    """Predict with the linear model: ŷ = Xw + b.

    Args:
        X: Features, shape (n, d).
        w: Weights, shape (d, 1), (d, k) or (d,).
        b: Bias, a number or a tensor of shape (), (1,) or (k,), added to every row.

    Returns:
        Predictions, shape (n, 1), (n, k) or (n,), in this order of the shapes of ``w``.

    Raises:
        TypeError: ``X`` or ``w`` is not a tensor of floating-point numbers.
        ValueError: The shapes, dtypes or devices do not belong together.
    """
    return X @ w + b


@checked(one_label_each_prediction)
def squared_loss(y_hat: Floats, y: Floats) -> Tensor:
    """Half the square of each residual: (ŷ - y)²/2. Nothing is summed or averaged.

    Args:
        y_hat: Predictions, any shape.
        y: Labels, the same shape but for dimensions of size 1: labels of shape
            (n,) fit predictions of shape (n, 1).

    Returns:
        One loss per element, in the shape of ``y_hat`` and in units of the
        labels squared.

    Raises:
        TypeError: An argument is not a tensor of floating-point numbers.
        ValueError: The shapes would broadcast against each other, or transpose.
    """
    return (y_hat - y.reshape_as(y_hat)) ** 2 / 2


def _with_gradients(name: str, params: Any) -> None:
    for i, param in enumerate(params):
        if param.grad is None:
            raise ValueError(
                either(
                    f"{name}[{i}] (shape {shape(param)}) has no gradient; expected one. Create "
                    "the parameter with requires_grad=True, and call backward() on a loss that "
                    "depends on it before sgd.",
                    f"{name}[{i}]（形状为{shape(param)}）没有梯度，而sgd需要梯度。"
                    "创建这个参数时请设requires_grad=True，并且先对依赖于它的损失调用backward()，"
                    "再调用sgd。",
                )
            )


@checked()
def sgd(
    params: Annotated[Parameters, _with_gradients], lr: NotNegative, batch_size: PositiveWhole
) -> None:
    """Take one step of minibatch stochastic gradient descent, in place.

    Each parameter p becomes p - lr / batch_size · p.grad. Then its gradient is
    set to zero. The gradient is expected to be that of the *sum* of the losses of
    a minibatch, so the step follows their mean. Pass the number of examples that
    the batch really has. With the nominal size, the step of a short last batch is
    shorter than that of a full one. The method is due to Robbins and Monro (1951),
    https://doi.org/10.1214/aoms/1177729586.

    Args:
        params: The parameters, each with a gradient.
        lr: Learning rate, in units of parameter per unit of gradient.
        batch_size: The number of examples whose losses were summed.

    Raises:
        TypeError: ``params`` is not a list or tuple of tensors.
        ValueError: A parameter has no gradient, or ``lr`` or ``batch_size`` is out
            of range.
    """
    with torch.no_grad():
        for param in params:
            param -= lr / batch_size * param.grad  # type: ignore[operator]
            param.grad.zero_()  # type: ignore[union-attr]
