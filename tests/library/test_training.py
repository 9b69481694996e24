"""The training loop: what it reaches, what it records, and how it fails."""

import pickle
import re

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from lr_lib import DivergenceError, data_iter, linreg, synthetic_data, train

TRUE_W = torch.tensor([2.0, -3.4])


def problem(seed: int, n: int = 1000) -> tuple[Tensor, Tensor, list[Tensor], torch.Generator]:
    """The dataset of the chapters, and parameters to start from."""
    generator = torch.Generator().manual_seed(seed)
    features, labels = synthetic_data(TRUE_W, 4.2, n, generator=generator)
    w = torch.normal(0, 0.01, (2, 1), generator=generator, requires_grad=True)
    return features, labels, [w, torch.zeros(1, requires_grad=True)], generator


@pytest.mark.parametrize("seed", range(20))
def test_three_epochs_reach_the_noise_floor_and_the_parameters(seed: int) -> None:
    features, labels, (w, b), generator = problem(seed)
    record = train(
        features, labels, [w, b], lr=0.03, batch_size=10, num_epochs=3, generator=generator
    )
    assert record.train_loss[-1] < 0.00006
    assert (w.detach().ravel() - TRUE_W).abs().max() < 0.0025
    assert abs(b.item() - 4.2) < 0.0025


@pytest.mark.parametrize("batch_size", [10, 7, 64, 5000])
def test_training_is_that_of_pytorch_step_by_step(batch_size: int) -> None:
    """The same batches, also the short last one, lead nn.Linear to the same parameters."""
    features, labels, (w, b), _ = problem(0, n=100)
    net = torch.nn.Linear(2, 1)
    with torch.no_grad():
        net.weight.copy_(w.T)
        net.bias.copy_(b)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    generator = torch.Generator().manual_seed(1)
    for _ in range(2):
        for X, y in data_iter(batch_size, features, labels, generator=generator):
            optimizer.zero_grad()
            (F.mse_loss(net(X), y) / 2).backward()
            optimizer.step()
    generator.manual_seed(1)
    train(
        features, labels, [w, b], lr=0.1, batch_size=batch_size, num_epochs=2, generator=generator
    )
    torch.testing.assert_close(w, net.weight.T)
    torch.testing.assert_close(b, net.bias)


def test_full_batches_converge_to_least_squares() -> None:
    features, labels, _, _ = problem(3, n=50)
    features, labels = features.double(), labels.double()
    w = torch.zeros(2, 1, dtype=torch.float64, requires_grad=True)
    b = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    train(features, labels, [w, b], lr=0.5, batch_size=50, num_epochs=300)
    design = torch.cat([features, torch.ones(50, 1)], 1)
    solution = torch.linalg.lstsq(design, labels).solution
    torch.testing.assert_close(torch.cat([w.detach().ravel(), b.detach()]), solution.ravel())


def test_many_outputs_and_another_model_and_loss() -> None:
    X, y = synthetic_data(torch.ones(3, 2), torch.tensor([1.0, -1.0]), 200, noise=0)
    w, b = torch.zeros(3, 2, requires_grad=True), torch.zeros(2, requires_grad=True)
    train(X, y, [w, b], lr=0.2, batch_size=20, num_epochs=20)
    torch.testing.assert_close(w.detach(), torch.ones(3, 2), atol=1e-4, rtol=0)
    scale = torch.ones(1, requires_grad=True)
    train(
        X, y, [scale], lr=0.01, batch_size=20, num_epochs=60,
        model=lambda X, scale: scale * (X @ w.detach() + b.detach()),
        loss=lambda y_hat, y: (y_hat - 2 * y).abs(),
    )  # fmt: skip
    assert scale.item() == pytest.approx(2, abs=0.05)


def test_the_record_has_the_loss_before_training_and_after_each_epoch() -> None:
    features, labels, params, generator = problem(0)
    lines: list[str] = []
    with torch.no_grad():
        before = F.mse_loss(linreg(features, *params), labels).item() / 2
    record = train(
        features, labels, params, lr=0.03, batch_size=10, num_epochs=2,
        validation=(features[:100], labels[:100]), generator=generator, report=lines.append,
    )  # fmt: skip
    after = F.mse_loss(linreg(features, *params), labels).item() / 2
    on_validation = F.mse_loss(linreg(features[:100], *params), labels[:100]).item() / 2
    assert len(record.train_loss) == len(record.validation_loss) == 3
    assert record.train_loss[0] == pytest.approx(before)
    assert record.train_loss[-1] == pytest.approx(after)
    assert record.validation_loss[-1] == pytest.approx(on_validation)
    assert lines == [f"epoch {i}, loss {record.train_loss[i]:.3g}" for i in (1, 2)]


def test_leftover_gradients_do_not_disturb_the_first_step() -> None:
    results = []
    for leftover in (None, torch.tensor(1e6)):
        features, labels, params, generator = problem(0)
        for param in params:
            param.grad = None if leftover is None else leftover.sum() + torch.zeros_like(param)
        train(features, labels, params, lr=0.03, batch_size=10, num_epochs=1, generator=generator)
        results.append(params[0].detach())
    assert torch.equal(*results)


def test_training_does_not_learn_from_the_validation_set() -> None:
    results = []
    for validation in (None, (torch.ones(5, 2) * 100, torch.ones(5, 1))):
        features, labels, params, generator = problem(0)
        train(
            features, labels, params, lr=0.03, batch_size=10, num_epochs=1,
            generator=generator, validation=validation,
        )  # fmt: skip
        results.append(params[0].detach())
    assert torch.equal(*results)


@pytest.mark.parametrize(("lr", "num_epochs"), [(10, 3), (2.0, 1), (1e30, 2)])
def test_divergence_says_what_to_try_and_keeps_the_record(lr: float, num_epochs: int) -> None:
    features, labels, params, generator = problem(0)
    with pytest.raises(DivergenceError, match=re.escape(f"smaller, lr = {lr / 10:g},")) as caught:
        train(
            features, labels, params, lr=lr, batch_size=10, num_epochs=num_epochs,
            generator=generator,
        )  # fmt: skip
    losses = caught.value.record.train_loss
    assert not losses[-1] <= 1000 * losses[0]
    assert f"{losses[0]:.3g} before training" in str(caught.value)
    assert f"is {losses[-1]:.3g} after" in str(caught.value)
    assert f"with lr = {lr:g}." in str(caught.value)
    # The error travels between processes, as in a sweep that runs in parallel.
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_finite_but_exploding_loss_is_divergence_too() -> None:
    X, y = torch.full((10, 1), 3.0), torch.ones(10, 1)
    w = torch.zeros(1, 1, requires_grad=True)
    with pytest.raises(DivergenceError, match="after epoch 2"):
        train(
            X, y, [w], lr=1.0, batch_size=10, num_epochs=5, model=lambda X, w: X @ w
        )  # each step multiplies the residual by 1 - 9 = -8, and the loss by 64
    assert torch.isfinite(w).all()


def test_whole_number_labels_go_with_a_loss_for_them() -> None:
    """A classifier trains in the same loop: nothing in it asks for squared errors."""
    X = torch.tensor([[-1.0], [-2.0], [1.0], [2.0]])
    y = torch.tensor([0, 0, 1, 1])
    params = [torch.zeros(1, 2, requires_grad=True), torch.zeros(2, requires_grad=True)]
    record = train(
        X, y, params, lr=0.5, batch_size=2, num_epochs=30,
        loss=lambda y_hat, y: F.cross_entropy(y_hat, y, reduction="none"),
    )  # fmt: skip
    assert record.train_loss[-1] < 0.1
    assert linreg(X, *params).argmax(1).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(("lr", "diverges"), [(32, False), (33, True)])
def test_a_thousandfold_loss_is_the_limit(lr: float, diverges: bool) -> None:
    """One example with x = 1: a step multiplies the residual by 1 - lr, the loss by its square."""
    w = torch.zeros(1, 1, requires_grad=True)

    def run() -> float:
        one = torch.ones(1, 1)
        record = train(one, one, [w], lr=lr, batch_size=1, num_epochs=1, model=lambda X, w: X @ w)
        return record.train_loss[1] / record.train_loss[0]

    if diverges:
        with pytest.raises(DivergenceError):
            run()
    else:
        assert run() == pytest.approx(31**2)


def test_a_step_averages_over_examples_not_over_outputs() -> None:
    X, y = synthetic_data(torch.ones(3, 2), 1.0, 4, generator=torch.Generator().manual_seed(0))
    w, b = torch.zeros(3, 2, requires_grad=True), torch.zeros(2, requires_grad=True)
    train(X, y, [w, b], lr=0.1, batch_size=4, num_epochs=1)
    torch.testing.assert_close(w.detach(), 0.1 * X.T @ y / 4)
    torch.testing.assert_close(b.detach(), 0.1 * y.mean(0))


def test_a_loss_that_starts_at_infinity_is_divergence() -> None:
    features, labels, params, _ = problem(0, n=20)
    lines: list[str] = []
    with pytest.raises(DivergenceError, match="inf before training"):
        train(
            features, labels * 1e25, params, lr=0.03, batch_size=10, num_epochs=1,
            report=lines.append,
        )  # fmt: skip
    assert lines == []


def test_starting_at_the_solution_is_not_divergence() -> None:
    X, y = synthetic_data(TRUE_W, 4.2, 100, noise=0)
    params = [TRUE_W.reshape(2, 1).clone().requires_grad_(), torch.tensor([4.2]).requires_grad_()]
    record = train(X, y, params, lr=0.1, batch_size=10, num_epochs=3)
    assert record.train_loss[-1] < 1e-10
