"""The five functions against PyTorch as the oracle, and against what must always hold."""

import gc
from collections.abc import Callable, Iterator

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

import lr_lib
from lr_lib import TensorLoader, data_iter, linreg, sgd, squared_loss, synthetic_data
from lr_lib.functional import CHUNK_BATCHES, CHUNK_BYTES, rows_per_chunk

Reader = Callable[..., Iterator[tuple[Tensor, ...]]]

DTYPES = [torch.float32, torch.float64]
DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.skipif(
    not torch.cuda.is_available(), reason="this machine has no CUDA device"))]  # fmt: skip
sizes = st.integers(1, 40)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def draw(*shape: int, dtype: torch.dtype = torch.float32, seed: int = 0) -> Tensor:
    return torch.randn(*shape, dtype=dtype, generator=seeded(seed))


# synthetic_data


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [*DTYPES, torch.bfloat16])
@pytest.mark.parametrize(("w_shape", "outputs"), [((3,), 1), ((3, 1), 1), ((3, 4), 4)])
def test_synthetic_data_without_noise_is_the_linear_model(
    w_shape: tuple[int, ...], outputs: int, dtype: torch.dtype, device: str
) -> None:
    w = draw(*w_shape).to(device, dtype)
    X, y = synthetic_data(w, 4.2, 20, noise=0)
    assert X.shape == (20, 3)
    assert y.shape == (20, outputs)
    assert X.dtype == y.dtype == dtype
    assert X.device == y.device == w.device
    torch.testing.assert_close(y, F.linear(X, w.reshape(3, -1).T) + 4.2)


def test_synthetic_data_has_the_moments_that_it_promises() -> None:
    n = 100_000
    w = torch.tensor([2.0, -3.4])
    X, y = synthetic_data(w, 4.2, n, noise=0.5, generator=seeded())
    residual = y - F.linear(X, w[None], torch.tensor([4.2]))
    # Five standard errors: a correct function fails one seed in two million.
    margin = 5 / n**0.5
    assert X.mean(0).abs().max() < margin
    assert (X.T @ X / n - torch.eye(2)).abs().max() < 2**0.5 * margin
    assert residual.mean().abs() < 0.5 * margin
    assert abs(residual.std() - 0.5) < 0.5 * margin
    assert (X * residual).mean(0).abs().max() < 0.5 * margin
    for values in (X[:, 0], X[:, 1], residual / 0.5):
        within_one = (values.abs() < 1).float().mean()
        assert abs(within_one - 0.6827) < 0.5 * margin  # as of a normal distribution


def test_synthetic_data_has_noise_of_its_own_for_each_output() -> None:
    _, noise = synthetic_data(torch.zeros(1, 2), 0.0, 10_000, noise=1, generator=seeded())
    assert abs(torch.corrcoef(noise.T)[0, 1]) < 5 / 100


def test_synthetic_data_least_squares_recovers_the_parameters() -> None:
    w = torch.tensor([2, -3.4], dtype=torch.float64)
    X, y = synthetic_data(w, 4.2, 1000, generator=seeded())
    solution = torch.linalg.lstsq(torch.cat([X, torch.ones(1000, 1)], 1), y).solution
    assert (solution.ravel() - torch.tensor([2, -3.4, 4.2])).abs().max() < 5 * 0.01 / 1000**0.5


def test_synthetic_data_repeats_with_its_seed_and_only_then() -> None:
    w = torch.tensor([2.0, -3.4])
    first, again, other = (synthetic_data(w, 4.2, 9, generator=seeded(s)) for s in (1, 1, 2))
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[0], other[0])


# data_iter


def numbered(n: int) -> tuple[Tensor, Tensor]:
    """A dataset in which each example tells its number, in the feature and in the label."""
    numbers = torch.arange(n, dtype=torch.float32)
    return numbers.reshape(-1, 1), numbers.reshape(-1, 1) * 10


@given(
    n=sizes, batch_size=st.integers(1, 50), seed=st.integers(0, 2**32), rows=sizes, batches=sizes
)
def test_each_pass_yields_every_example_once_and_pairs_stay_paired(
    n: int, batch_size: int, seed: int, rows: int, batches: int
) -> None:
    features, labels = numbered(n)
    with pytest.MonkeyPatch.context() as patch:
        # Small chunks, so that a pass crosses many of their borders.
        patch.setattr(lr_lib.functional, "CHUNK_BYTES", rows * 8)
        patch.setattr(lr_lib.functional, "CHUNK_BATCHES", batches)
        yielded = list(data_iter(batch_size, features, labels, generator=seeded(seed)))
    for X, y in yielded:
        assert torch.equal(X * 10, y)
    lengths = [len(X) for X, _ in yielded]
    short = n % batch_size
    assert lengths == [batch_size] * (n // batch_size) + [short] * (short > 0)
    assert sorted(torch.cat([X for X, _ in yielded]).ravel().tolist()) == list(range(n))


@given(seed=st.integers(0, 2**32))
def test_a_seed_repeats_and_two_passes_differ(seed: int) -> None:
    features, labels = numbered(50)

    def order(generator: torch.Generator) -> list[float]:
        passed = data_iter(8, features, labels, generator=generator)
        return torch.cat([X for X, _ in passed]).ravel().tolist()

    generator = seeded(seed)
    first, second = order(generator), order(generator)
    assert first == order(seeded(seed))
    assert first != second  # equal by chance once in 50! passes


def test_every_order_is_as_likely_as_the_others() -> None:
    features, labels = numbered(3)
    generator = seeded()
    counts: dict[tuple[float, ...], int] = {}
    for _ in range(6000):
        passed = data_iter(2, features, labels, generator=generator)
        key = tuple(torch.cat([X for X, _ in passed]).ravel().tolist())
        counts[key] = counts.get(key, 0) + 1
    assert len(counts) == 6
    assert all(abs(count - 1000) < 5 * 29 for count in counts.values())  # sqrt(6000·1/6·5/6) = 29


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [*DTYPES, torch.int64])
def test_data_iter_keeps_shapes_dtypes_and_devices(dtype: torch.dtype, device: str) -> None:
    features = torch.ones(7, 2, 5, dtype=dtype, device=device)
    labels = torch.ones(7, dtype=dtype, device=device)
    X, y = next(iter(data_iter(3, features, labels)))
    assert X.shape == (3, 2, 5)
    assert y.shape == (3,)
    assert X.dtype == y.dtype == dtype
    assert X.device == y.device == features.device


@pytest.mark.parametrize("batch_size", [2, 5, 9])
def test_changing_a_batch_leaves_the_dataset_as_it_is(batch_size: int) -> None:
    features, labels = numbered(5)
    for X, _ in data_iter(batch_size, features, labels):
        X.zero_()
    assert torch.equal(features, numbered(5)[0])


def test_arguments_are_checked_before_the_first_batch_is_asked_for() -> None:
    with pytest.raises(ValueError, match="batch_size"):
        data_iter(0, *numbered(5))


@given(batch_size=st.integers(1, 300), d=st.integers(1, 5000))
def test_a_chunk_has_as_many_whole_batches_as_its_limits_allow(batch_size: int, d: int) -> None:
    rows = rows_per_chunk(batch_size, torch.zeros(1, d), torch.zeros(1, dtype=torch.float64))
    batches, rest = divmod(rows, batch_size)
    assert rest == 0

    def allowed(batches: int) -> bool:
        size = batches * batch_size * (4 * d + 8)
        return batches == 1 or (batches <= CHUNK_BATCHES and size <= CHUNK_BYTES)

    assert allowed(batches)
    assert not allowed(batches + 1)


def by_loader(batch_size: int, *tensors: Tensor) -> Iterator[tuple[Tensor, ...]]:
    return iter(TensorLoader(tensors, batch_size, shuffle=True))


readers = pytest.mark.parametrize("read", [data_iter, by_loader])


@readers
@pytest.mark.parametrize("d", [1, 1000, 20_000])
def test_a_pass_gathers_a_bounded_amount_at_a_time(d: int, read: Reader) -> None:
    features, labels = torch.zeros(200_000 // d, d), torch.zeros(200_000 // d, 1)
    batch = 2 * 4 * (d + 1)  # bytes; with 20,000 features more than a chunk
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lr_lib.functional, "CHUNK_BYTES", 50_000)
        patch.setattr(lr_lib.functional, "CHUNK_BATCHES", 10_000)
        for X, y in read(2, features, labels):
            gathered = X.untyped_storage().nbytes() + y.untyped_storage().nbytes()
            assert gathered <= max(50_000, batch)


@readers
@pytest.mark.parametrize("batch_size", [1, 3])
def test_a_pass_keeps_few_tensors_alive(batch_size: int, read: Reader) -> None:
    """With many, Python's garbage collector takes longer than the pass itself."""
    features, labels = numbered(6000)

    def alive() -> int:
        gc.collect()
        return sum(type(thing) is Tensor for thing in gc.get_objects())

    before = alive()
    batches = read(batch_size, features, labels)
    next(batches)
    chunks = 6000 / batch_size / CHUNK_BATCHES  # the rows of each are a view of the order
    assert alive() - before < 2 * CHUNK_BATCHES + chunks + 10


# linreg


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", DTYPES)
@given(n=sizes, d=sizes, k=sizes)
def test_linreg_agrees_with_pytorch(
    dtype: torch.dtype, device: str, n: int, d: int, k: int
) -> None:
    X, w, b = (draw(*s, dtype=dtype).to(device) for s in ((n, d), (d, k), (k,)))
    torch.testing.assert_close(linreg(X, w, b), F.linear(X, w.T, b))
    torch.testing.assert_close(linreg(X, w[:, 0], 0.5), F.linear(X, w[:, 0]) + 0.5)


# squared_loss


@pytest.mark.parametrize("dtype", DTYPES)
@given(n=sizes, k=sizes)
def test_squared_loss_is_half_of_mse(dtype: torch.dtype, n: int, k: int) -> None:
    y_hat, y = draw(n, k, dtype=dtype), draw(n, k, dtype=dtype, seed=1)
    expected = F.mse_loss(y_hat, y, reduction="none") / 2
    torch.testing.assert_close(squared_loss(y_hat, y), expected)


@given(n=sizes)
def test_squared_loss_pairs_labels_whatever_their_dimensions_of_size_one(n: int) -> None:
    y_hat, y = draw(n, 1), draw(n, seed=1)
    expected = F.mse_loss(y_hat.ravel(), y, reduction="none") / 2
    for labels in (y, y.reshape(n, 1), y.reshape(1, n)):
        loss = squared_loss(y_hat, labels)
        assert loss.shape == (n, 1)
        torch.testing.assert_close(loss.ravel(), expected)


def test_the_gradient_of_the_squared_loss_is_the_residual() -> None:
    y_hat, y = draw(6, 1).requires_grad_(), draw(6, seed=1)
    squared_loss(y_hat, y).sum().backward()
    assert y_hat.grad is not None
    torch.testing.assert_close(y_hat.grad, y_hat.detach() - y.reshape(6, 1))


# sgd


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", DTYPES)
@given(n=sizes, lr=st.floats(0, 1), seed=st.integers(0, 99))
def test_a_step_is_that_of_the_optimizer_of_pytorch(
    dtype: torch.dtype, device: str, n: int, lr: float, seed: int
) -> None:
    X, y, start = (draw(*s, dtype=dtype, seed=seed).to(device) for s in ((n, 3), (n, 1), (3, 1)))
    ours, theirs = (start.clone().requires_grad_() for _ in range(2))
    squared_loss(X @ ours, y).sum().backward()
    sgd([ours], lr, n)
    (F.mse_loss(X @ theirs, y) / 2).backward()
    torch.optim.SGD([theirs], lr=lr).step()
    torch.testing.assert_close(ours, theirs)
    assert ours.grad is not None
    assert ours.grad.count_nonzero() == 0


def test_sgd_changes_the_parameter_itself_and_keeps_it_trainable() -> None:
    w = torch.ones(2, requires_grad=True)
    address = w.data_ptr()
    (3 * w).sum().backward()
    sgd([w], 0.5, 2)
    assert w.data_ptr() == address
    assert w.is_leaf
    assert w.requires_grad
    assert w.tolist() == [0.25, 0.25]  # 1 - 0.5 · 3 / 2


def test_the_step_of_a_short_batch_needs_its_real_size() -> None:
    X, y = draw(1, 2), draw(1, 1, seed=1)

    def step(batch_size: int) -> Tensor:
        w = torch.zeros(2, 1, requires_grad=True)
        squared_loss(X @ w, y).sum().backward()
        sgd([w], 0.1, batch_size)
        return w.detach()

    torch.testing.assert_close(step(3), step(1) / 3)  # the flaw: a third of the step
    torch.testing.assert_close(step(1), 0.1 * X.T * y)  # the step of the mean loss
