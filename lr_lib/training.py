"""The training loop of the course, with a record of the losses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from inspect import unwrap

import torch
from torch import Generator, Tensor

from lr_lib import checks, functional

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


@checks.validated(checks.train)
def train(
    features: Tensor,
    labels: Tensor,
    params: Sequence[Tensor],
    *,
    lr: float,
    batch_size: int,
    num_epochs: int,
    model: Callable[..., Tensor] = linreg,
    loss: Callable[[Tensor, Tensor], Tensor] = squared_loss,
    validation: tuple[Tensor, Tensor] | None = None,
    generator: Generator | None = None,
    report: Callable[[str], object] | None = None,
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
        The mean loss before training and after each epoch, over all elements: with k
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
