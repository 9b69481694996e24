"""Data as objects that give minibatches, as the chapter on objects builds them.

Names, arguments and defaults are those of Zhang, Lipton, Li and Smola, *Dive into Deep
Learning* (2023).
"""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import torch
from torch import Generator, Tensor

from lr_lib.arguments import (
    OptionalGenerator,
    PositiveWhole,
    Whole,
    checked,
    dense,
    finite,
    kind,
    shape,
)
from lr_lib.functional import rows_per_chunk, synthetic_data
from lr_lib.hyperparameters import HyperParameters
from lr_lib.language import either


def _rows_of_examples(name: str, tensors: Any) -> None:
    if not isinstance(tensors, (list, tuple)) or not tensors:
        of_type = type(tensors).__name__
        raise TypeError(
            either(
                f"{name} is of type {of_type}; expected a list or a tuple with at least one "
                "tensor, such as (X, y).",
                f"{name}为{of_type}类型，应为至少含一个张量的列表或元组，例如(X, y)。",
            )
        )
    for i, tensor in enumerate(tensors):
        dense(f"{name}[{i}]", tensor)
        if tensor.dim() == 0 or len(tensor) != len(tensors[0]):
            raise ValueError(
                either(
                    f"{name}[{i}] has shape {shape(tensor)} but {name}[0] {shape(tensors[0])}; "
                    "expected one row for each example in all of them.",
                    f"{name}[{i}]的形状为{shape(tensor)}，{name}[0]的形状却为{shape(tensors[0])}，"
                    "每个张量都应为每个样本各有一行。",
                )
            )
        if tensor.requires_grad:
            raise ValueError(
                either(
                    f"{name}[{i}] requires a gradient; data are not trained. Make them from "
                    "tensors that require none, or write .detach().",
                    f"{name}[{i}]需要求梯度，而数据不参与训练。"
                    "请用不需要求梯度的张量生成数据，或者加上.detach()。",
                )
            )
        finite(f"{name}[{i}]", tensor)
    if len(tensors[0]) > 0 and not any(tensor.numel() for tensor in tensors):
        raise ValueError(
            either(
                f"{name}[0] has shape {shape(tensors[0])} and the others have no values either; "
                "expected at least one value in a row.",
                f"{name}[0]的形状为{shape(tensors[0])}，其余张量也没有值，每行至少应有一个值。",
            )
        )


def _true_or_false(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise TypeError(
            either(
                f"{name} is {kind(value)}; expected True or False.",
                f"{name}为{kind(value)}，应为True或False。",
            )
        )


class TensorLoader:
    """Minibatches of tensors in memory. Each ``iter()`` starts a pass in a new order.

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
        of_type = type(tensors).__name__
        raise TypeError(
            either(
                f"{name} is of type {of_type}; expected a list or a tuple of tensors, such as "
                "(self.X, self.y).",
                f"{name}为{of_type}类型，应为由张量组成的列表或元组，例如(self.X, self.y)。",
            )
        )


def _has_batch_size(self: Any) -> None:
    if not hasattr(self, "batch_size"):
        module = type(self).__name__
        raise AttributeError(
            either(
                f"{module} has no batch_size; expected one. Write self.batch_size = 32, or call "
                "self.save_hyperparameters() in an __init__ with an argument batch_size.",
                f"{module}没有属性batch_size。请写self.batch_size = 32，"
                "或者在带有参数batch_size的__init__中调用self.save_hyperparameters()。",
            )
        )


class DataModule(HyperParameters):
    """The examples of a problem, in minibatches for training and for validation.

    A subclass defines ``get_dataloader``, which returns them.

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
        """Return the minibatches: an object with a length that can be iterated repeatedly."""
        raise NotImplementedError(
            either(
                "a data module defines get_dataloader(self, train)",
                "数据模块须定义get_dataloader(self, train)",
            )
        )

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
