"""Models that know their loss and their optimizer, as the chapter on objects builds them.

Names, arguments and defaults are those of Zhang, Lipton, Li and Smola, *Dive into Deep
Learning* (2023).
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from lr_lib.arguments import (
    NotNegative,
    OptionalGenerator,
    PositiveWhole,
    checked,
    list_of_tensors,
    one_label_each_prediction,
)
from lr_lib.functional import linreg, squared_loss
from lr_lib.hyperparameters import HyperParameters
from lr_lib.language import either
from lr_lib.progress import ProgressBoard


class Module(nn.Module, HyperParameters):
    """A model that knows its loss, its optimizer, and where to draw its progress.

    A subclass defines ``loss`` and ``configure_optimizers``, and either ``forward`` or an
    attribute ``net``. Batches are sequences of tensors with the labels last.

    Args:
        plot_train_per_epoch: Points of the training loss to draw in an epoch.
        plot_valid_per_epoch: Points of the validation loss to draw in an epoch.
    """

    board: ProgressBoard
    trainer: Any  # lr_lib.Trainer, or None
    plot_train_per_epoch: int
    plot_valid_per_epoch: int

    @checked()
    def __init__(
        self, plot_train_per_epoch: PositiveWhole = 2, plot_valid_per_epoch: PositiveWhole = 1
    ) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.board = ProgressBoard()
        self.trainer = None

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the predictions of ``self.net``, for a subclass that has one."""
        if not hasattr(self, "net"):
            raise NotImplementedError(
                either(
                    "a model defines forward(self, X), or self.net",
                    "模型须定义forward(self, X)或self.net",
                )
            )
        return self.net(*inputs)  # type: ignore[operator, no-any-return]

    def loss(self, y_hat: Tensor, y: Tensor) -> Tensor:
        """Return the mean loss of a minibatch."""
        raise NotImplementedError(
            either("a model defines loss(self, y_hat, y)", "模型须定义loss(self, y_hat, y)")
        )

    def configure_optimizers(self) -> Any:
        """Return the optimizer for the parameters of this model."""
        raise NotImplementedError(
            either(
                "a model defines configure_optimizers(self)",
                "模型须定义configure_optimizers(self)",
            )
        )

    def training_step(self, batch: Sequence[Tensor]) -> Tensor:
        """Return the loss of a batch, ready for ``backward()``."""
        loss = self.loss(self(*batch[:-1]), batch[-1])
        self.plot("loss", loss, train=True)
        return loss

    def validation_step(self, batch: Sequence[Tensor]) -> Tensor:
        """Return the loss of a batch."""
        loss = self.loss(self(*batch[:-1]), batch[-1])
        self.plot("loss", loss, train=False)
        return loss

    def plot(self, key: str, value: Tensor, train: bool) -> None:
        """Put a value of the current batch on the board. Without a trainer, do nothing.

        Each point that is drawn is a mean over examples, so batches are weighted by size.
        """
        trainer = self.trainer
        if trainer is None:
            return
        if train:
            label = f"train_{key}"
            x = trainer.train_batch_idx / trainer.num_train_batches
            every_n = trainer.num_train_batches // self.plot_train_per_epoch
        else:
            label = f"val_{key}"
            x = trainer.epoch + 1
            every_n = trainer.num_val_batches // self.plot_valid_per_epoch
        weight = getattr(trainer, "examples_in_batch", 1)
        self.board.draw(x, value, label, every_n=max(1, every_n), weight=weight)


def _several_parameters(name: str, params: Any) -> None:
    if isinstance(params, (Tensor, str, dict)) or not isinstance(params, Iterable):
        of_type = type(params).__name__
        raise TypeError(
            either(
                f"{name} is of type {of_type}; expected a list such as [w, b], or "
                "model.parameters().",
                f"{name}为{of_type}类型，应为列表（例如[w, b]）或model.parameters()。",
            )
        )
    if isinstance(params, (list, tuple)):
        list_of_tensors(name, params)


def _holds_parameters(self: Any) -> None:
    if not self.params:
        raise ValueError(
            either(
                "the optimizer holds no parameters, so training would change nothing. In a model, "
                "write self.w = nn.Parameter(w); a plain tensor is not among its parameters().",
                "优化器中没有参数，训练不会改变任何东西。请在模型中写self.w = nn.Parameter(w)，"
                "普通张量不在模型的parameters()之中。",
            )
        )
    list_of_tensors("params", self.params)


class SGD(HyperParameters):
    """Minibatch stochastic gradient descent, for gradients of the *mean* loss of a batch.

    Args:
        params: The parameters, in a list or from an iterator such as ``model.parameters()``.
        lr: Learning rate, in units of parameter per unit of gradient.

    Raises:
        TypeError, ValueError: ``params`` are not parameters, or ``lr`` is out of range.
    """

    params: list[Tensor]
    lr: float

    @checked()
    def __init__(self, params: Annotated[Any, _several_parameters], lr: NotNegative) -> None:
        params = list(params)  # model.parameters() could be gone through only once
        self.save_hyperparameters()

    @checked(_holds_parameters)
    def step(self) -> None:
        """Change each parameter that has a gradient, in place: p becomes p - lr · p.grad."""
        with torch.no_grad():
            for param in self.params:
                if param.grad is not None:
                    param -= self.lr * param.grad

    @checked(_holds_parameters)
    def zero_grad(self) -> None:
        """Clear the gradients."""
        for param in self.params:
            param.grad = None


class LinearRegressionScratch(Module):
    """Linear regression with the squared loss, ŷ = Xw + b, written from scratch.

    Attributes:
        w: Weights, shape (num_inputs, 1), at first drawn from N(0, sigma²).
        b: Bias, shape (1,), at first zero.

    Args:
        num_inputs: d, the number of features.
        lr: Learning rate.
        sigma: Standard deviation of the initial weights.
        generator: Source of the initial weights, on the CPU; PyTorch's own by default.

    Raises:
        TypeError, ValueError: An argument is not as above.
    """

    lr: float

    @checked()
    def __init__(
        self,
        num_inputs: PositiveWhole,
        lr: NotNegative,
        sigma: NotNegative = 0.01,
        *,
        generator: OptionalGenerator = None,
    ) -> None:
        super().__init__()
        self.save_hyperparameters(ignore=["generator"])
        w = torch.normal(0.0, sigma, (num_inputs, 1), generator=generator)
        self.w = nn.Parameter(w)
        self.b = nn.Parameter(torch.zeros(1))

    def forward(self, X: Tensor) -> Tensor:  # type: ignore[override]
        """Return the predictions for features of shape (n, d), shape (n, 1)."""
        return linreg(X, self.w, self.b)

    def loss(self, y_hat: Tensor, y: Tensor) -> Tensor:
        """Return the mean over the batch of half the squared residuals."""
        return squared_loss(y_hat, y).mean()

    def configure_optimizers(self) -> SGD:
        """Return ``SGD`` for the weights and the bias."""
        return SGD(self.parameters(), self.lr)


class LinearRegression(Module):
    """Linear regression with the parts of PyTorch.

    Its loss has no factor 1/2, so its gradients are twice those of
    ``LinearRegressionScratch``. PyTorch draws the initial weights and bias in the first call,
    which shows how many features there are.

    Attributes:
        net: The layer ŷ = Xw + b, an ``nn.LazyLinear`` with one output.

    Args:
        lr: Learning rate.

    Raises:
        ValueError: ``lr`` is out of range.
    """

    net: nn.Linear
    lr: float

    @checked()
    def __init__(self, lr: NotNegative) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.LazyLinear(1)

    @checked(one_label_each_prediction)
    def loss(self, y_hat: Tensor, y: Tensor) -> Tensor:
        """Return the mean squared error of the batch."""
        return nn.functional.mse_loss(y_hat, y.reshape_as(y_hat))

    def configure_optimizers(self) -> Optimizer:
        """Return PyTorch's ``SGD`` for the weights and the bias."""
        return torch.optim.SGD(self.parameters(), self.lr)

    def get_w_b(self) -> tuple[Tensor, Tensor]:
        """Return the weights, shape (1, d), and the bias, shape (1,)."""
        return self.net.weight.data, self.net.bias.data
