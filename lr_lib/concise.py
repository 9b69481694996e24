"""Training with the parts that PyTorch brings, as the chapter on them builds it.

It is here to be compared with: same batches, same start and the halved learning rate give
the parameters of ``lr_lib.train``, to within rounding.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import torch
from torch import Generator, Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, TensorDataset

from lr_lib.arguments import (
    PositiveWhole,
    checked,
    examples,
    gradients_recorded,
    one_label_each,
    shape,
)
from lr_lib.language import either
from lr_lib.training import DivergenceError, TrainingRecord


class RandomOrder:
    """The orders in which ``data_iter`` visits the examples, for a ``DataLoader``.

    PyTorch's ``RandomSampler`` also shuffles, but it draws additional random numbers, so
    its orders differ from the second epoch on.

    Args:
        num_examples: n, the number of examples of the dataset.
        generator: Source of the orders, on the CPU. The loader needs no generator.
    """

    def __init__(self, num_examples: int, generator: Generator) -> None:
        self.num_examples, self.generator = num_examples, generator

    def __len__(self) -> int:
        return self.num_examples

    def __iter__(self) -> Iterator[int]:
        yield from torch.randperm(self.num_examples, generator=self.generator).tolist()


def _loader_of_examples(name: str, loader: Any) -> None:
    dataset = getattr(loader, "dataset", None)
    if not isinstance(dataset, TensorDataset) or len(dataset.tensors) != 2:
        given, of = type(loader).__name__, type(dataset).__name__
        raise TypeError(
            either(
                f"{name} is a {given}{'' if dataset is None else f' over a {of}'}; expected a "
                "DataLoader over TensorDataset(features, labels).",
                f"{name}为{given}{'' if dataset is None else f'，其数据集为{of}'}，"
                "应为DataLoader，其数据集为TensorDataset(features, labels)。",
            )
        )
    features, labels = dataset.tensors
    examples("features", features)
    examples("labels", labels)
    one_label_each(features, labels)
    if features.dim() == 1:
        raise ValueError(
            either(
                f"features has shape {shape(features)}; expected (n, d). Make the loader from "
                "features.reshape(-1, 1) if each example has one feature.",
                f"features的形状为{shape(features)}，应为(n, d)。如果每个样本只有一个特征，"
                "请用features.reshape(-1, 1)创建加载器。",
            )
        )
    if len(loader) == 0:
        raise ValueError(
            either(
                f"{name} has no batches of the {len(features)} examples, so training would "
                "change nothing; expected at least one. Choose a smaller batch_size, or "
                "drop_last=False.",
                f"{name}从{len(features)}个样本中得不到小批量，训练不会改变任何东西，"
                "应至少有一个小批量。请减小batch_size，或者设drop_last=False。",
            )
        )


def _labels_as_predicted(net: nn.Module, loader: Any) -> None:
    features, labels = loader.dataset.tensors
    y_hat = _predictions_for_two(net, features)
    if y_hat.shape != labels[:2].shape:
        raise ValueError(
            either(
                f"labels has shape {shape(labels)}, but net predicts {shape(y_hat)} for two "
                "examples; expected one label for each prediction. Labels of shape (n,) need "
                ".reshape(-1, 1).",
                f"labels的形状为{shape(labels)}，而net对两个样本的预测值形状为{shape(y_hat)}，"
                "应为每个预测值一个标签。形状为(n,)的标签需要.reshape(-1, 1)。",
            )
        )
    _same_kind("labels", labels, either("the predictions of net", "net的预测值"), y_hat)


def _predictions_for_two(net: nn.Module, features: Tensor) -> Tensor:
    """Return the predictions for two examples. PyTorch's errors name no argument."""
    try:
        with torch.no_grad():
            y_hat: Tensor = net(features[:2])
    except RuntimeError as error:
        for param in net.parameters():
            _same_kind("features", features, either("the parameters of net", "net的参数"), param)
        raise ValueError(
            either(
                f"net cannot predict from features of shape {shape(features)}: {error}. Expected "
                "features (n, d) and a net that takes d of them, such as nn.Linear(d, 1).",
                f"net无法由形状为{shape(features)}的features求出预测值：{error}。应为形状为(n, d)的"
                "features，以及接收d个特征的net，例如nn.Linear(d, 1)。",
            )
        ) from error
    return y_hat


def _same_kind(name: str, data: Tensor, other_name: str, other: Tensor) -> None:
    """Compare the dtype and the device of data with those that the network needs."""
    if data.dtype != other.dtype or data.device != other.device:
        cure = f'{name}.to("{other.device}", {other.dtype})'
        raise ValueError(
            either(
                f"{name} is {data.dtype} on {data.device} but {other_name} {other.dtype} on "
                f"{other.device}; expected the same. Make the loader from {cure}.",
                f"{name}为{data.dtype}，位于{data.device}，{other_name}却为{other.dtype}，位于"
                f"{other.device}，两者应相同。请用{cure}创建加载器。",
            )
        )


def _optimizer_of_net(net: nn.Module, optimizer: Optimizer) -> None:
    held = {id(param) for group in optimizer.param_groups for param in group["params"]}
    if not held & {id(param) for param in net.parameters()}:
        raise ValueError(
            either(
                "optimizer holds no parameter of net, so training would change nothing; expected "
                "one made from net.parameters().",
                "optimizer中没有net的参数，训练不会改变任何东西，应由net.parameters()创建。",
            )
        )


@checked(gradients_recorded("train_concise"), _labels_as_predicted, _optimizer_of_net)
def train_concise(
    net: nn.Module,
    loader: Annotated[DataLoader[tuple[Tensor, ...]], _loader_of_examples],
    optimizer: Optimizer,
    num_epochs: PositiveWhole,
) -> list[float]:
    """Train a network in place with the mean squared error, and return its losses.

    Args:
        net: Called with features of shape (batch, d), returns predictions of shape (batch, k).
        loader: Minibatches of a ``TensorDataset`` of features (n, d) and labels (n, k).
        optimizer: Made from the parameters of ``net``.
        num_epochs: Passes over the dataset.

    Returns:
        The mean squared error over the dataset after each epoch, without the half of
        ``squared_loss``, in units of the labels squared.

    Raises:
        DivergenceError: After an epoch the loss is not finite, or is at least 1000 times the
            loss before training.
        TypeError: ``loader`` or its dataset is of another kind.
        RuntimeError: It is called where PyTorch records no gradients.
        ValueError: ``net`` cannot predict from the features, the labels have another shape
            than the predictions, which would broadcast, or another dtype or device, the
            optimizer has other parameters than ``net``, there is nothing to train on, the data
            hold NaN or infinite values, or ``num_epochs`` is out of range.
    """
    loss = nn.MSELoss()
    features, labels = loader.dataset.tensors  # type: ignore[attr-defined]

    def measure() -> float:
        with torch.no_grad():
            return float(loss(net(features), labels))

    losses = [measure()]
    limit = 1000 * max(losses[0], torch.finfo(labels.dtype).eps)
    for _ in range(num_epochs):
        for X, y in loader:
            optimizer.zero_grad()
            loss(net(X), y).backward()
            optimizer.step()
        losses.append(measure())
        if not losses[-1] < limit:
            lr = optimizer.param_groups[0]["lr"]
            raise DivergenceError(TrainingRecord(losses), lr)
    return losses[1:]
