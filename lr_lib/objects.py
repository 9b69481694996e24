"""Model, data, optimizer and trainer as objects, as the chapter on them builds them.

Names, arguments and defaults are those of the library of Zhang, Lipton, Li and Smola,
*Dive into Deep Learning* (2023), so a listing written for it runs with
``import lr_lib as d2l``. What differs is meant to: the optimizer steps outside the record
of gradients, the validation loss is the mean over all examples whatever the sizes of the
batches, gradients are clipped by their joint norm, and a loss that is not finite ends the
training. The bodies are, statement for statement, what the chapter shows: ``checked`` puts
the checks of the arguments in front of them.
"""

import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Any, TypeVar

import torch
from torch import Generator, Tensor, nn

from lr_lib.arguments import (
    NotNegative,
    OptionalGenerator,
    PositiveWhole,
    Whole,
    checked,
    dense,
    finite,
    gradients_recorded,
    kind,
    list_of_tensors,
    shape,
)
from lr_lib.functional import linreg, rows_per_chunk, squared_loss, synthetic_data
from lr_lib.progress import ProgressBoard

Defined = TypeVar("Defined")


def add_to_class(Class: type) -> Callable[[Defined], Defined]:
    """Make a decorator that adds a function to a class that exists already.

    It is for trying things out in a notebook. Instances made earlier have the new method,
    too. Code that is to stay belongs into the definition of the class.

    Args:
        Class: The class to which the decorated function is added, under its own name.
    """

    def decorate(function: Defined) -> Defined:
        setattr(Class, function.__name__, function)  # type: ignore[attr-defined]
        return function

    return decorate


class HyperParameters:
    """A base class whose instances can keep the arguments that they were made with."""

    hparams: dict[str, Any]

    def save_hyperparameters(self, ignore: Sequence[str] = ()) -> None:
        """Set an attribute for each argument of the function that calls this.

        Call it from ``__init__``. The arguments also go into the dictionary ``hparams``,
        with the values that their names have at that moment. Arguments that arrive in
        ``*args`` or ``**kwargs`` are left out.

        Args:
            ignore: Names of arguments not to keep.
        """
        ignore = [ignore] if isinstance(ignore, str) else ignore
        caller = inspect.currentframe().f_back  # type: ignore[union-attr]
        names, _, _, values = inspect.getargvalues(caller)  # type: ignore[arg-type]
        self.hparams = {name: values[name] for name in names[1:] if name not in ignore}
        for name, value in self.hparams.items():
            setattr(self, name, value)


def _rows_of_examples(name: str, tensors: Any) -> None:
    if not isinstance(tensors, (list, tuple)) or not tensors:
        raise TypeError(
            f"{name} is of type {type(tensors).__name__}; expected a list or a tuple with at "
            "least one tensor, such as (X, y)."
        )
    for i, tensor in enumerate(tensors):
        dense(f"{name}[{i}]", tensor)
        if tensor.dim() == 0 or len(tensor) != len(tensors[0]):
            raise ValueError(
                f"{name}[{i}] has shape {shape(tensor)} but {name}[0] {shape(tensors[0])}; "
                "expected one row for each example in all of them."
            )
        if tensor.requires_grad:
            raise ValueError(
                f"{name}[{i}] requires a gradient; data are not trained. Make them from tensors "
                "that require none, or write .detach()."
            )
        finite(f"{name}[{i}]", tensor)
    if len(tensors[0]) > 0 and not any(tensor.numel() for tensor in tensors):
        raise ValueError(
            f"{name}[0] has shape {shape(tensors[0])} and the others have no values either; "
            "expected at least one value in a row."
        )


def _true_or_false(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{name} is {kind(value)}; expected True or False.")


class TensorLoader:
    """Minibatches of tensors in memory; each ``iter()`` is a pass in a fresh order.

    Args:
        tensors: One or more tensors, row i of each belonging to example i.
        batch_size: Examples in each batch; the last one may be short.
        shuffle: Whether each pass has a random order, or that of the rows.
        generator: Source of the orders, on the CPU; PyTorch's own by default. They are
            those of ``lr_lib.data_iter``.

    Yields:
        Tuples with one tensor of ``batch_size`` rows for each of ``tensors``.

    Raises:
        TypeError, ValueError: An argument is not as above, the lengths differ, or
            ``batch_size`` is not a positive whole number.
    """

    @checked()
    def __init__(
        self,
        tensors: Annotated[Sequence[Tensor], _rows_of_examples],
        batch_size: PositiveWhole,
        shuffle: Annotated[bool, _true_or_false],
        generator: OptionalGenerator = None,
    ) -> None:
        self.tensors, self.batch_size = tensors, batch_size
        self.shuffle, self.generator = shuffle, generator

    def __len__(self) -> int:
        return math.ceil(len(self.tensors[0]) / self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        order = torch.arange(len(self.tensors[0]))
        if self.shuffle:
            order = torch.randperm(len(order), generator=self.generator)
        if len(order) == 0:
            return
        for rows in order.split(rows_per_chunk(self.batch_size, *self.tensors)):
            yield from zip(*(tensor[rows].split(self.batch_size) for tensor in self.tensors))


def _list_or_tuple(name: str, tensors: Any) -> None:
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(
            f"{name} is of type {type(tensors).__name__}; expected a list or a tuple of tensors, "
            "such as (self.X, self.y)."
        )


def _has_batch_size(self: Any) -> None:
    if not hasattr(self, "batch_size"):
        raise AttributeError(
            f"{type(self).__name__} has no batch_size; expected one. Write self.batch_size = 32, "
            "or call self.save_hyperparameters() in an __init__ with an argument batch_size."
        )


class DataModule(HyperParameters):
    """The examples of a problem, in minibatches for training and for validation.

    A subclass says in ``get_dataloader`` where they come from.

    Args:
        root: Folder for modules that read files.
        num_workers: Processes for modules that read files.
        generator: Source of randomness, on the CPU; PyTorch's own by default.
    """

    batch_size: int
    generator: Generator | None

    def __init__(
        self,
        root: str = "../data",
        num_workers: int = 4,
        *,
        generator: Generator | None = None,
    ) -> None:
        self.save_hyperparameters()

    def get_dataloader(self, train: bool) -> Any:
        """Return the minibatches, something with a length to go through again and again."""
        raise NotImplementedError("a data module defines get_dataloader(self, train)")

    def train_dataloader(self) -> Any:
        """Return the minibatches for training."""
        return self.get_dataloader(train=True)

    def val_dataloader(self) -> Any:
        """Return the minibatches for validation, or None where there are none."""
        return self.get_dataloader(train=False)

    @checked(_has_batch_size)
    def get_tensorloader(
        self,
        tensors: Annotated[Sequence[Tensor], _list_or_tuple],
        train: bool,
        indices: Any = slice(0, None),
    ) -> TensorLoader:
        """Return minibatches of the rows ``indices``, in random order if for training."""
        tensors = tuple(tensor[indices] for tensor in tensors)
        generator = getattr(self, "generator", None)  # a subclass may not have called __init__
        return TensorLoader(tensors, self.batch_size, shuffle=train, generator=generator)


class SyntheticRegressionData(DataModule):
    """Data for linear regression whose true parameters are known: y = Xw + b + ε.

    The first ``num_train`` rows of ``X`` and ``y`` are for training, the others for
    validation.

    Args:
        w: True weights, shape (d,) or (d, 1).
        b: True bias.
        noise: Standard deviation of ε, in the units of the labels.
        num_train: Number of training examples.
        num_val: Number of validation examples; there may be none.
        batch_size: Examples in each minibatch but perhaps the last.
        generator: Source of the examples and of the orders, on the CPU.

    Raises:
        TypeError, ValueError: An argument is not as above.
    """

    w: Tensor
    b: float | Tensor
    num_train: int

    @checked()
    def __init__(
        self,
        w: Tensor,
        b: float | Tensor,
        noise: float = 0.01,
        num_train: PositiveWhole = 1000,
        num_val: Whole = 1000,
        batch_size: PositiveWhole = 32,
        *,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.save_hyperparameters()
        n = num_train + num_val
        self.X, self.y = synthetic_data(w, b, n, noise=noise, generator=generator)

    def get_dataloader(self, train: bool) -> TensorLoader:
        """Return the training rows, shuffled at each pass, or the validation rows."""
        rows = slice(0, self.num_train) if train else slice(self.num_train, None)
        return self.get_tensorloader((self.X, self.y), train, rows)


class Module(nn.Module, HyperParameters):
    """A model that knows its loss, its optimizer, and where to draw its progress.

    A subclass defines ``loss`` and ``configure_optimizers``, and either ``forward`` or an
    attribute ``net``. Batches are sequences of tensors with the labels last.

    Args:
        plot_train_per_epoch: Points of the training loss to draw in an epoch.
        plot_valid_per_epoch: Points of the validation loss to draw in an epoch.
    """

    board: ProgressBoard
    trainer: "Trainer | None"
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
            raise NotImplementedError("a model defines forward(self, X), or self.net")
        return self.net(*inputs)  # type: ignore[operator, no-any-return]

    def loss(self, y_hat: Tensor, y: Tensor) -> Tensor:
        """Return the mean loss of a minibatch."""
        raise NotImplementedError("a model defines loss(self, y_hat, y)")

    def configure_optimizers(self) -> Any:
        """Return the optimizer for the parameters of this model."""
        raise NotImplementedError("a model defines configure_optimizers(self)")

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
        """Put a value of the present batch on the board; without a trainer, do nothing.

        Each point that is drawn is a mean over examples: a batch counts by its size.
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
        raise TypeError(
            f"{name} is of type {type(params).__name__}; expected a list such as [w, b], or "
            "model.parameters()."
        )
    if isinstance(params, (list, tuple)):
        list_of_tensors(name, params)


def _holds_parameters(self: Any) -> None:
    if not self.params:
        raise ValueError(
            "the optimizer holds no parameters, so training would change nothing. In a model, "
            "write self.w = nn.Parameter(w); a plain tensor is not among its parameters()."
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
        """Forget the gradients."""
        for param in self.params:
            param.grad = None


class LinearRegressionScratch(Module):
    """Linear regression with the squared loss, ŷ = Xw + b.

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


def _gpus_found(name: str, num_gpus: int) -> None:
    found = torch.cuda.device_count()
    if num_gpus > found:
        raise RuntimeError(
            f"{name} is {num_gpus}, but PyTorch finds {found} GPUs here; expected at most "
            f"that many. {name}=0 trains on the CPU."
        )


def _model_and_data(model: Any, data: Any) -> None:
    for name, value, base in (("model", model, Module), ("data", data, DataModule)):
        if not isinstance(value, base):
            raise TypeError(
                f"{name} is of type {type(value).__name__}; expected an instance of a class "
                f"made from lr_lib.{base.__name__}. The order is fit(model, data)."
            )


def _batches_to_count(data: DataModule) -> None:
    for name in ("train_dataloader", "val_dataloader"):
        loader = getattr(data, name)()
        if not (_countable(loader) or (loader is None and name == "val_dataloader")):
            raise TypeError(
                f"data.{name}() gives {kind(loader)}, which has no length; expected minibatches "
                "that can be counted and gone through again, from get_tensorloader or a "
                "torch.utils.data.DataLoader. A generator can be gone through only once."
            )
        if name == "train_dataloader" and len(loader) == 0:
            raise ValueError("data.train_dataloader() has no batches; expected at least one.")


def _countable(loader: Any) -> bool:
    try:  # a DataLoader over an IterableDataset only seems to have a length
        len(loader)
    except TypeError:
        return False
    return True


def _has_gradients(name: str, model: nn.Module) -> None:
    if all(param.grad is None for param in model.parameters()):
        raise ValueError(
            f"none of {name}.parameters() has a gradient, so there is nothing to clip. In a model, "
            "write self.w = nn.Parameter(w); a plain tensor is not among its parameters()."
        )


class Trainer(HyperParameters):
    """Fits a model to data, and knows neither of them closely.

    Attributes:
        epoch: The epoch at work, counted from 0.
        train_batch_idx: Training batches gone through since ``fit`` began.
        val_batch_idx: Validation batches gone through since ``fit`` began.
        num_train_batches: Training batches in one epoch.
        num_val_batches: Validation batches in one epoch.
        val_losses: For each epoch, the mean validation loss over all examples, if
            ``validation_step`` of the model returns losses.

    Args:
        max_epochs: Passes over the training data.
        num_gpus: 0 trains on the CPU, 1 or more on the first GPU.
        gradient_clip_val: Largest joint norm of the gradients of a step; 0 sets no limit.

    Raises:
        TypeError, ValueError: An argument is not as above.
        RuntimeError: There are fewer GPUs than ``num_gpus``; in ``fit``, the loss of a
            training batch is not finite.
    """

    max_epochs: int
    num_gpus: int
    gradient_clip_val: float
    val_losses: list[float]

    @checked()
    def __init__(
        self,
        max_epochs: PositiveWhole,
        num_gpus: Annotated[Whole, _gpus_found] = 0,
        gradient_clip_val: NotNegative = 0,
    ) -> None:
        self.save_hyperparameters()
        self.gpus = [torch.device("cuda", i) for i in range(num_gpus)]

    @checked(_model_and_data, gradients_recorded("fit"), _batches_to_count)
    def fit(self, model: Module, data: DataModule) -> None:
        """Train the model from the parameters that it has, and validate after each epoch."""
        self.prepare_data(data)
        self.prepare_model(model)
        self.optim = model.configure_optimizers()
        self.train_batch_idx = self.val_batch_idx = 0
        self.val_losses = []
        for epoch in range(self.max_epochs):
            self.epoch = epoch
            self.fit_epoch()
        model.board.finish()

    def prepare_data(self, data: DataModule) -> None:
        """Ask the data for their minibatches, and count them."""
        self.train_dataloader = data.train_dataloader()
        self.val_dataloader = data.val_dataloader() or ()
        self.num_train_batches = len(self.train_dataloader)
        self.num_val_batches = len(self.val_dataloader)

    def prepare_model(self, model: Module) -> None:
        """Introduce model and trainer to each other."""
        model.trainer = self
        model.board.clear()
        model.board.xlabel, model.board.xlim = "epoch", (0, self.max_epochs)
        self.model = model.to(self.gpus[0]) if self.gpus else model

    def prepare_batch(self, batch: Sequence[Tensor]) -> Sequence[Tensor]:
        """Bring a batch to where the model is."""
        return [tensor.to(self.gpus[0]) for tensor in batch] if self.gpus else batch

    def fit_epoch(self) -> None:
        """Take a step for every training batch, then validate."""
        self.model.train()
        for batch in self.train_dataloader:
            self.examples_in_batch = len(batch[-1])
            loss = self.model.training_step(self.prepare_batch(batch))
            if not loss.isfinite().all():
                raise RuntimeError(
                    f"training diverged: the loss of training batch "
                    f"{self.train_batch_idx} is not finite. Try a learning rate 10 "
                    "times smaller, or scale the features."
                )
            self.optim.zero_grad()
            loss.backward()
            if self.gradient_clip_val > 0:
                self.clip_gradients(self.gradient_clip_val, self.model)
            with torch.no_grad():  # an optimizer of the reader's own may lack it
                self.optim.step()
            self.train_batch_idx += 1
        self.validate()

    def validate(self) -> None:
        """Go through the validation batches; note the mean loss over all examples."""
        self.model.eval()
        total, num_examples = 0.0, 0
        for batch in self.val_dataloader:
            self.examples_in_batch = len(batch[-1])
            with torch.no_grad():
                loss = self.model.validation_step(self.prepare_batch(batch))
            if loss is not None:  # a model may only draw
                total += float(loss) * self.examples_in_batch
                num_examples += self.examples_in_batch
            self.val_batch_idx += 1
        if num_examples > 0:
            self.val_losses.append(total / num_examples)

    @checked()
    def clip_gradients(
        self, grad_clip_val: NotNegative, model: Annotated[nn.Module, _has_gradients]
    ) -> None:
        """Scale the gradients of all parameters by one factor, to a joint norm of at most
        ``grad_clip_val``."""
        nn.utils.clip_grad_norm_(model.parameters(), grad_clip_val)
