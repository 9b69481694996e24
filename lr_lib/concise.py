"""Training with the parts that PyTorch brings, as the chapter on them builds it.

It is here to be compared with: same batches, same start and the halved learning rate give
the parameters of ``lr_lib.train``, to within rounding.
"""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from lr_lib import checks


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


@checks.validated(checks.train_concise)
def train_concise(
    net: nn.Module,
    loader: DataLoader[tuple[Tensor, ...]],
    optimizer: Optimizer,
    num_epochs: int,
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
