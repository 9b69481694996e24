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


class RandomOrder:
    """The orders in which ``data_iter`` visits the examples, for a ``DataLoader``.

    PyTorch's own ``RandomSampler`` shuffles as well, but draws other random numbers on
    the way, so from the second epoch on its orders are others.

    Args:
        num_examples: n, the number of examples of the dataset.
        generator: Source of the orders, on the CPU; the loader needs none of its own.
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
        given = "" if dataset is None else f" over a {type(dataset).__name__}"
        raise TypeError(
            f"{name} is a {type(loader).__name__}{given}; expected a DataLoader over "
            "TensorDataset(features, labels)."
        )
    features, labels = dataset.tensors
    examples("features", features)
    examples("labels", labels)
    one_label_each(features, labels)
    if len(loader) == 0:
        raise ValueError(
            f"{name} has no batches of the {len(features)} examples, so training would change "
            "nothing; expected at least one. Choose a smaller batch_size, or drop_last=False."
        )


def _labels_as_predicted(net: nn.Module, loader: Any) -> None:
    features, labels = loader.dataset.tensors
    with torch.no_grad():
        y_hat = net(features[:2])
    if y_hat.shape != labels[:2].shape:
        raise ValueError(
            f"labels has shape {shape(labels)}, but net predicts {shape(y_hat)} for two "
            "examples; expected one label for each prediction. Labels of shape (n,) need "
            ".reshape(-1, 1)."
        )


def _optimizer_of_net(net: nn.Module, optimizer: Optimizer) -> None:
    held = {id(param) for group in optimizer.param_groups for param in group["params"]}
    if not held & {id(param) for param in net.parameters()}:
        raise ValueError(
            "optimizer holds no parameter of net, so training would change nothing; expected "
            "one made from net.parameters()."
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
        TypeError: ``loader`` or its dataset is of another kind.
        RuntimeError: It is called where PyTorch records no gradients.
        ValueError: The labels have another shape than the predictions, which would broadcast,
            the optimizer has other parameters than ``net``, there is nothing to train on, the
            data hold NaN or infinite values, or ``num_epochs`` is out of range.
    """
    loss = nn.MSELoss()
    features, labels = loader.dataset.tensors  # type: ignore[attr-defined]
    losses = []
    for _ in range(num_epochs):
        for X, y in loader:
            optimizer.zero_grad()
            loss(net(X), y).backward()
            optimizer.step()
        with torch.no_grad():
            losses.append(loss(net(features), labels).item())
    return losses
