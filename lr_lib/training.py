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

# ``train`` checks everything once, before the first step. Its loop takes the functions
# without their own checks, which would repeat the same in every step.
data_iter = unwrap(functional.data_iter)
linreg = unwrap(functional.linreg)
squared_loss = unwrap(functional.squared_loss)
sgd = unwrap(functional.sgd)


@dataclass
class TrainingRecord:
    """Mean losses: item 0 is from before training, item i from after epoch i."""

    train_loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)


class DivergenceError(RuntimeError):
    """The loss grew instead of shrinking; ``record`` holds the losses up to there."""

    def __init__(self, record: TrainingRecord, lr: float) -> None:
        super().__init__(record, lr)
        self.record, self.lr = record, lr

    def __str__(self) -> str:
        losses = self.record.train_loss
        return (
            f"training diverged: the mean loss was {losses[0]:.3g} before training and "
            f"is {losses[-1]:.3g} after epoch {len(losses) - 1} with lr = {self.lr:g}. "
            f"Try a learning rate 10 times smaller, lr = {self.lr / 10:g}, or scale the "
            "features so that they lie roughly between -1 and 1."
        )


def _trainable(name: str, params: Sequence[Tensor]) -> None:
    for i, param in enumerate(params):
        finite(f"{name}[{i}]", param)
        if not param.requires_grad or not param.is_leaf:
            raise ValueError(
                f"{name}[{i}] (shape {shape(param)}) cannot be trained: expected a tensor "
                "made with requires_grad=True, not the result of a computation."
            )


def _function(name: str, value: Any) -> None:
    if not callable(value):
        raise TypeError(f"{name} is {kind(value)}; expected a function.")


def _printer_or_none(name: str, value: Any) -> None:
    if not (value is None or callable(value)):
        raise TypeError(f"{name} is {kind(value)}; expected a function such as print.")


def _pair_or_none(name: str, value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, tuple) or len(value) != 2:
        raise TypeError(
            f"{name} is of type {type(value).__name__}; expected a tuple (features, labels)."
        )
    features, labels = value
    examples(f"{name} features", features)
    examples(f"{name} labels", labels)
    one_label_each(features, labels, f"{name} ")


def _first_step(
    features: Tensor,
    labels: Tensor,
    params: Sequence[Tensor],
    model: Callable[..., Tensor],
    loss: Callable[[Tensor, Tensor], Tensor],
    validation: tuple[Tensor, Tensor] | None,
) -> None:
    """Try the model, the loss and its gradients before training relies on them.

    Functions of the caller's own are tried on the first two examples. Those of the library
    are tried on all: they are cheap, and what they refuse is named with its real shape.
    """
    own = model is not linreg or loss is not squared_loss
    tried = slice(2 if own else None)
    y_hat, losses = _losses(features[tried], labels[tried], params, model, loss)
    if (
        not isinstance(losses, Tensor)
        or losses.dim() == 0
        or len(losses) != len(labels[tried])
        or losses.numel() > y_hat.numel()
    ):
        given = f"shape {shape(losses)}" if isinstance(losses, Tensor) else kind(losses)
        raise ValueError(
            f"loss gave {given} for predictions of shape {shape(y_hat)}; expected one loss "
            "for each prediction, neither summed nor averaged nor broadcast. A loss of "
            'PyTorch needs reduction="none".'
        )
    if not losses.requires_grad:
        raise ValueError(
            "loss gave losses that do not depend on params as PyTorch records it, so there is "
            "no gradient; use no torch.no_grad(), .detach(), .item() or .numpy() in model "
            "and loss."
        )
    gradients = torch.autograd.grad(losses.sum(), params, allow_unused=True)
    for i, gradient in enumerate(gradients):
        if gradient is None:
            raise ValueError(
                f"params[{i}] (shape {shape(params[i])}) has no gradient, because the losses "
                "do not depend on it; expected parameters that the model uses. Leave it out, or "
                "mend the model."
            )
    if validation is not None:
        _losses(validation[0][tried], validation[1][tried], params, model, loss)


def _losses(
    features: Tensor,
    labels: Tensor,
    params: Sequence[Tensor],
    model: Callable[..., Tensor],
    loss: Callable[[Tensor, Tensor], Tensor],
) -> tuple[Tensor, Any]:
    """The predictions and their losses; the functions of the library check their arguments."""
    model = functional.linreg if model is linreg else model
    loss = functional.squared_loss if loss is squared_loss else loss
    y_hat = model(features, *params)
    dense("the result of model", y_hat)
    return y_hat, loss(y_hat, labels)


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
        batch_size: Examples a step; each step divides by what its batch really has.
        num_epochs: Passes over the dataset.
        model: Called as ``model(X, *params)``, returns predictions.
        loss: Called as ``loss(y_hat, y)``, returns one loss per element.
        validation: Features and labels to measure each epoch but never train on.
        generator: Source of the order of the examples, on the CPU.
        report: Called with a line of text after each epoch; pass ``print`` to watch.

    Returns:
        The mean loss before training and after each epoch, over all elements. With k
        outputs it is a k-th of the loss of an example, whose gradient each step follows.

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
            report(f"epoch {epoch}, loss {record.train_loss[-1]:.3g}")
    return record
