"""PyTorch's own parts do what the functions of the course do."""

# ruff: noqa: E501  (a table, one case a line)

import re
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from lr_lib import DivergenceError, data_iter, synthetic_data, train
from lr_lib.concise import RandomOrder, train_concise


def regression(n: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    w = torch.tensor([2.0, -3.4], dtype=dtype)
    return synthetic_data(w, 4.2, n, generator=torch.Generator().manual_seed(0))


def loader_of(
    features: Tensor, labels: Tensor, batch_size: int, seed: int
) -> DataLoader[tuple[Tensor, ...]]:
    order = RandomOrder(len(features), torch.Generator().manual_seed(seed))
    return DataLoader(TensorDataset(features, labels), batch_size, sampler=order)


def test_the_loader_gives_the_batches_of_data_iter_epoch_after_epoch() -> None:
    features, labels = regression(23, torch.float32)
    loader = loader_of(features, labels, 5, seed=3)
    assert len(loader) == 5
    generator = torch.Generator().manual_seed(3)
    for _ in range(3):
        ours = list(data_iter(5, features, labels, generator=generator))
        for (X, y), (X_torch, y_torch) in zip(ours, loader, strict=True):
            assert torch.equal(X, X_torch)
            assert torch.equal(y, y_torch)


@pytest.mark.parametrize("batch_size", [10, 7, 64])  # 7 and 64 leave a short last batch
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-13)])
def test_same_start_and_same_batches_give_the_same_parameters(
    dtype: torch.dtype, tolerance: float, batch_size: int
) -> None:
    features, labels = regression(200, dtype)
    w = torch.tensor([[0.01], [-0.02]], dtype=dtype, requires_grad=True)
    b = torch.zeros(1, dtype=dtype, requires_grad=True)
    net = nn.Linear(2, 1, dtype=dtype)
    with torch.no_grad():
        net.weight.copy_(w.T)
        net.bias.copy_(b)

    generator = torch.Generator().manual_seed(3)
    settings: dict[str, Any] = {"lr": 0.03, "batch_size": batch_size, "num_epochs": 4}
    record = train(features, labels, [w, b], **settings, generator=generator)
    # The mean squared error has twice the gradient of its half.
    optimizer = torch.optim.SGD(net.parameters(), lr=0.03 / 2)
    losses = train_concise(net, loader_of(features, labels, batch_size, seed=3), optimizer, 4)

    assert torch.allclose(net.weight.T, w, rtol=tolerance, atol=tolerance)
    assert torch.allclose(net.bias, b, rtol=tolerance, atol=tolerance)
    assert losses == pytest.approx([2 * x for x in record.train_loss[1:]], rel=100 * tolerance)


@pytest.mark.parametrize(
    ("features", "labels", "message"),
    [
        (torch.ones(20, 2).double(), torch.ones(20, 1).double(), "features is torch.float64 on cpu but the parameters of net torch.float32"),
        (torch.ones(20, 2), torch.ones(20, 1).double(), "labels is torch.float64 on cpu but the predictions of net torch.float32"),
        (torch.ones(20, 2), torch.ones(20, 1).long(), "labels is torch.int64 on cpu"),
        (torch.ones(20), torch.ones(20, 1), r"features has shape \(20,\); expected \(n, d\).*features\.reshape\(-1, 1\)"),
        (torch.ones(20, 3), torch.ones(20, 1), r"net cannot predict from features of shape \(20, 3\): .*nn\.Linear\(d, 1\)"),
    ],
)  # fmt: skip
def test_data_that_the_network_cannot_take_are_named(
    features: Tensor, labels: Tensor, message: str
) -> None:
    net = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.03)
    with pytest.raises(ValueError, match=f"^{message}"):
        train_concise(net, loader_of(features, labels, 5, seed=0), optimizer, 1)


def test_the_advice_for_data_in_double_precision_works() -> None:
    net = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.03)
    features, labels = regression(20, torch.float64)
    data = {"features": features, "labels": labels}
    for name in data:
        with pytest.raises(ValueError, match=f"^{name} is torch.float64") as error:
            train_concise(net, loader_of(**data, batch_size=5, seed=0), optimizer, 1)
        (advice,) = re.findall(r"loader from (.*)\.$", str(error.value))
        data[name] = eval(advice, {"torch": torch, **data})
    train_concise(net, loader_of(**data, batch_size=5, seed=0), optimizer, 1)


@pytest.mark.parametrize("batch_size", [10, 200])  # to NaN, and to a large number
def test_divergence_is_said_as_by_train(batch_size: int) -> None:
    features, labels = regression(200, torch.float32)
    net = nn.Linear(2, 1)
    nn.init.zeros_(net.weight)
    nn.init.zeros_(net.bias)
    optimizer = torch.optim.SGD(net.parameters(), lr=5)
    with pytest.raises(DivergenceError, match=r"with lr = 5\. .*lr = 0\.5, or scale") as error:
        train_concise(net, loader_of(features, labels, batch_size, seed=3), optimizer, 5)
    losses = error.value.record.train_loss
    assert losses[0] == pytest.approx(labels.square().mean().item())
    assert len(losses) < 5
    assert not losses[-1] < 1000 * losses[0]
    assert all(loss < 1000 * losses[0] for loss in losses[:-1])


def test_what_cannot_be_trained_is_refused() -> None:
    features, labels = regression(20, torch.float32)
    net = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.03)
    loader = loader_of(features, labels, 5, seed=0)
    with pytest.raises(TypeError, match=r"loader is a list; expected a DataLoader over Tensor"):
        train_concise(net, [(features, labels)], optimizer, 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="over a TensorDataset; expected a DataLoader"):
        train_concise(net, DataLoader(TensorDataset(features)), optimizer, 1)
    with pytest.raises(ValueError, match=r"labels has shape \(20,\), but net predicts \(2, 1\)"):
        train_concise(net, loader_of(features, labels.ravel(), 5, seed=0), optimizer, 1)
    with pytest.raises(ValueError, match="optimizer holds no parameter of net"):
        train_concise(nn.Linear(2, 1), loader, optimizer, 1)
    with pytest.raises(ValueError, match="num_epochs is 0"):
        train_concise(net, loader, optimizer, 0)
    with torch.no_grad(), pytest.raises(RuntimeError, match=r"outside torch\.no_grad"):
        train_concise(net, loader, optimizer, 1)
    with pytest.raises(ValueError, match=r"features has shape .*, so the dataset is empty"):
        train_concise(net, DataLoader(TensorDataset(features[:0], labels[:0])), optimizer, 1)
    with pytest.raises(ValueError, match="labels has 20 values that are NaN"):
        train_concise(net, loader_of(features, labels * torch.nan, 5, seed=0), optimizer, 1)
    few = DataLoader(TensorDataset(features, labels), batch_size=21, drop_last=True)
    with pytest.raises(ValueError, match="loader has no batches of the 20 examples"):
        train_concise(net, few, optimizer, 1)
