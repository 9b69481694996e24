"""The training loop of the course, with a record of the losses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from inspect import unwrap
from typing import Annotated, Any

import torch
from torch import Tensor

from lr_lib import functional
from lr_lib.arguments import (
    Examples,
    NotNegative,
    OptionalGenerator,
    Parameters,
    PositiveWhole,
    checked,
    dense,
    examples,
    finite,
    gradients_recorded,
    kind,
    one_label_each,
    shape,
)
from lr_lib.language import either

# ``train`` checks everything once, before the first step. Its loop takes the functions
# without their own checks, which would repeat the same in every step.
data_iter = unwrap(functional.data_iter)
linreg = unwrap(functional.linreg)
squared_loss = unwrap(functional.squared_loss)
sgd = unwrap(functional.sgd)


@dataclass
class TrainingRecord:
    """Mean losses: item 0 was measured before training, item i after epoch i."""

    train_loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)


class DivergenceError(RuntimeError):
    """The loss grew instead of shrinking. ``record`` holds the losses up to that epoch."""

    def __init__(self, record: TrainingRecord, lr: float) -> None:
        super().__init__(record, lr)
        self.record, self.lr = record, lr

    def __str__(self) -> str:
        losses = self.record.train_loss
        return either(
            f"training diverged: the mean loss was {losses[0]:.3g} before training and "
            f"is {losses[-1]:.3g} after epoch {len(losses) - 1} with lr = {self.lr:g}. "
            f"Try a learning rate 10 times smaller, lr = {self.lr / 10:g}, or scale the "
            "features so that they lie roughly between -1 and 1.",
            f"训练发散：平均损失在训练前为{losses[0]:.3g}，现为{losses[-1]:.3g}"
            f"（第{len(losses) - 1}个迭代周期之后，lr = {self.lr:g}）。"
            f"请将学习率除以10，即lr = {self.lr / 10:g}，"
            "或者缩放特征，使其大致在-1与1之间。",
        )


def _trainable(name: str, params: Sequence[Tensor]) -> None:
    for i, param in enumerate(params):
        finite(f"{name}[{i}]", param)
        if not param.requires_grad or not param.is_leaf:
            raise ValueError(
                either(
                    f"{name}[{i}] (shape {shape(param)}) cannot be trained: expected a tensor "
                    "made with requires_grad=True, not the result of a computation.",
                    f"{name}[{i}]（形状为{shape(param)}）无法训练，"
                    "应为以requires_grad=True创建的张量，不能是运算的结果。",
                )
            )


def _function(name: str, value: Any) -> None:
    if not callable(value):
        raise TypeError(
            either(
                f"{name} is {kind(value)}; expected a function.",
                f"{name}为{kind(value)}，应为函数。",
            )
        )


def _printer_or_none(name: str, value: Any) -> None:
    if not (value is None or callable(value)):
        raise TypeError(
            either(
                f"{name} is {kind(value)}; expected a function such as print.",
                f"{name}为{kind(value)}，应为函数，例如print。",
            )
        )


def _pair_or_none(name: str, value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, tuple) or len(value) != 2:
        of_type = type(value).__name__
        raise TypeError(
            either(
                f"{name} is of type {of_type}; expected a tuple (features, labels).",
                f"{name}为{of_type}类型，应为元组(features, labels)。",
            )
        )
    features, labels = value
    of = either(f"{name} ", f"{name}中的")
    examples(f"{of}features", features)
    examples(f"{of}labels", labels)
    one_label_each(features, labels, of)


def _first_step(
    features: Tensor,
    labels: Tensor,
    params: Sequence[Tensor],
    model: Callable[..., Tensor],
    loss: Callable[[Tensor, Tensor], Tensor],
    validation: tuple[Tensor, Tensor] | None,
) -> None:
    """Try the model, the loss and its gradients before training relies on them.

    Functions of the caller are tried on the first two examples. Those of the library are
    tried on all examples, because they are cheap and their errors then name the real shapes.
    """
    own = model is not linreg or loss is not squared_loss
    tried = slice(2 if own else None)
    losses = _losses(features[tried], labels[tried], params, model, loss)
    if not losses.requires_grad:
        raise ValueError(
            either(
                "loss gave losses that do not depend on params as PyTorch records it, so there "
                "is no gradient; use no torch.no_grad(), .detach(), .item() or .numpy() in "
                "model and loss.",
                "在PyTorch的记录中，loss返回的损失不依赖于params，因此没有梯度。请不要在model和loss中"
                "使用torch.no_grad()、.detach()、.item()或.numpy()。",
            )
        )
    gradients = torch.autograd.grad(losses.sum(), params, allow_unused=True)
    for i, gradient in enumerate(gradients):
        if gradient is None:
            raise ValueError(
                either(
                    f"params[{i}] (shape {shape(params[i])}) has no gradient, because the losses "
                    "do not depend on it; expected parameters that the model uses. Leave it out, "
                    "or correct the model.",
                    f"params[{i}]（形状为{shape(params[i])}）没有梯度，因为损失不依赖于它，"
                    "应为模型用到的参数。请去掉这个参数，或者更正模型。",
                )
            )
    if validation is not None:
        features, labels = (values[tried] for values in validation)
        _losses(features, labels, params, model, loss, name="validation[1]")


def _losses(
    features: Tensor,
    labels: Tensor,
    params: Sequence[Tensor],
    model: Callable[..., Tensor],
    loss: Callable[[Tensor, Tensor], Tensor],
    name: str = "labels",
) -> Tensor:
    """Return one loss for each prediction. The library's functions check their arguments."""
    model = functional.linreg if model is linreg else model
    loss = functional.squared_loss if loss is squared_loss else loss
    y_hat = model(features, *params)
    dense(either("the result of model", "model的返回值"), y_hat)
    losses = loss(y_hat, labels)
    _one_loss_each_prediction(losses, y_hat, labels, name)
    return losses


def _one_loss_each_prediction(losses: Any, y_hat: Tensor, labels: Tensor, name: str) -> None:
    given = kind(losses)
    if isinstance(losses, Tensor):
        given = either(f"shape {shape(losses)}", f"形状为{shape(losses)}的张量")
        if losses.numel() > y_hat.numel() and labels.shape != y_hat.shape:
            fitting = f"{name}.reshape{(-1, *y_hat.shape[1:])}"
            raise ValueError(
                either(
                    f"loss gave {given} for predictions of shape {shape(y_hat)}, because {name} of "
                    f"shape {shape(labels)} broadcast; expected one label for each prediction, in "
                    f"the same shape. Write {fitting} if their numbers agree.",
                    f"对于形状为{shape(y_hat)}的预测值，loss返回了{given}，因为形状为{shape(labels)}的"
                    f"{name}发生了广播，应为每个预测值一个标签，且形状相同。"
                    f"如果两者个数一致，请改写为{fitting}。",
                )
            )
        if losses.dim() > 0 and len(losses) == len(labels) and losses.numel() <= y_hat.numel():
            return
    raise ValueError(
        either(
            f"loss gave {given} for predictions of shape {shape(y_hat)}; expected one loss for "
            "each prediction, neither summed nor averaged nor broadcast. A loss of PyTorch "
            'needs reduction="none".',
            f"对于形状为{shape(y_hat)}的预测值，loss返回了{given}，应为每个预测值一个损失，"
            '不求和，不取平均，也不广播。PyTorch的损失函数需要reduction="none"。',
        )
    )


@checked(gradients_recorded("train"), one_label_each, _first_step)
def train(
    features: Examples,
    labels: Examples,
    params: Annotated[Parameters, _trainable],
    *,
    lr: NotNegative,
    batch_size: PositiveWhole,
    num_epochs: PositiveWhole,
    model: Annotated[Callable[..., Tensor], _function] = linreg,
    loss: Annotated[Callable[[Tensor, Tensor], Tensor], _function] = squared_loss,
    validation: Annotated[tuple[Tensor, Tensor] | None, _pair_or_none] = None,
    generator: OptionalGenerator = None,
    report: Annotated[Callable[[str], object] | None, _printer_or_none] = None,
) -> TrainingRecord:
    """Train the parameters in place by minibatch stochastic gradient descent.

    Args:
        features: Shape (n, d).
        labels: Shape (n, k).
        params: The parameters, with ``requires_grad``; ``model`` gets them in this order.
            Gradients left over from earlier are cleared.
        lr: Learning rate, in units of parameter per unit of gradient.
        batch_size: Examples a step. Each step divides by the number that its batch really has.
        num_epochs: Passes over the dataset.
        model: Called as ``model(X, *params)``, returns predictions.
        loss: Called as ``loss(y_hat, y)``, returns one loss per element.
        validation: Features and labels to measure each epoch but never train on.
        generator: Source of the order of the examples, on the CPU.
        report: Called with a line of text after each epoch, such as ``print``.

    Returns:
        The mean loss before training and after each epoch, over all elements. With k
        outputs it is 1/k of the loss of an example, whose gradient each step follows.

    Raises:
        DivergenceError: After an epoch the mean loss is not finite, or is at least
            1000 times the loss before training.
        TypeError, ValueError: An argument is not as above.
    """

    def mean_loss(features: Tensor, labels: Tensor) -> float:
        with torch.no_grad():
            return float(loss(model(features, *params), labels).mean())

    def measure() -> None:
        record.train_loss.append(mean_loss(features, labels))
        if validation is not None:
            record.validation_loss.append(mean_loss(*validation))

    for param in params:
        param.grad = None
    record = TrainingRecord()
    measure()
    limit = 1000 * max(record.train_loss[0], torch.finfo(params[0].dtype).eps)
    for epoch in range(1, num_epochs + 1):
        for X, y in data_iter(batch_size, features, labels, generator=generator):
            loss(model(X, *params), y).sum().backward()
            sgd(params, lr, len(X))
        measure()
        if not record.train_loss[-1] < limit:
            raise DivergenceError(record, lr)
        if report is not None:
            report(
                either(
                    f"epoch {epoch}, loss {record.train_loss[-1]:.3g}",
                    f"迭代周期{epoch}，损失{record.train_loss[-1]:.3g}",
                )
            )
    return record
