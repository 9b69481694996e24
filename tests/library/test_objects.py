"""The objects do what the functions of the course do, and what their names promise."""

# mypy: disable-error-code="arg-type, attr-defined, list-item, override", allow-untyped-defs
# Wrong arguments are tested, and listings as readers write them: without types.

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

import lr_lib as d2l
from lr_lib import (
    SGD,
    DataModule,
    HyperParameters,
    LinearRegressionScratch,
    Module,
    SyntheticRegressionData,
    TensorLoader,
    Trainer,
    add_to_class,
    data_iter,
    train,
)

W, B = torch.tensor([2.0, -3.4]), 4.2


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Batches(DataModule):
    """Data whose batches are given."""

    def __init__(self, train: Any, val: Any) -> None:
        super().__init__()
        self.batches = {True: train, False: val}

    def get_dataloader(self, train: bool) -> Any:
        return self.batches[train]


class Probe(Module):
    """One parameter p, pulled towards the mean of the labels, that notes how it is used."""

    def __init__(self, lr: float = 0.1) -> None:
        super().__init__()
        self.lr, self.p = lr, nn.Parameter(torch.zeros(1))
        self.seen: list[tuple[str, float, bool, bool]] = []

    def forward(self, X: Tensor) -> Tensor:
        kind = "train" if self.training else "eval"
        self.seen.append((kind, self.p.item(), torch.is_grad_enabled(), self.p.grad is None))
        return self.p.expand(len(X), 1)

    def loss(self, y_hat: Tensor, y: Tensor) -> Tensor:
        return ((y_hat - y) ** 2 / 2).mean()

    def configure_optimizers(self) -> SGD:
        return SGD([self.p], self.lr)


class Stream(IterableDataset[Any]):
    """A dataset without a length; a DataLoader over it has a ``__len__`` that fails."""

    __iter__ = None  # type: ignore[assignment]


def batches(*labels: list[float]) -> list[tuple[Tensor, Tensor]]:
    return [(torch.zeros(len(y), 1), torch.tensor(y).reshape(-1, 1)) for y in labels]


# Keeping arguments, adding methods


class Recipe(HyperParameters):
    def __init__(self, flour: int, *, water: int = 2, salt: int = 1, **others: int) -> None:
        water = 10 * water
        local = "not an argument"
        self.save_hyperparameters(ignore=["salt"])
        del local


def test_arguments_become_attributes() -> None:
    recipe = Recipe(5, yeast=3)
    assert recipe.hparams == {"flour": 5, "water": 20}
    assert (recipe.flour, recipe.water) == (5, 20)
    assert vars(recipe).keys() == {"hparams", "flour", "water"}


def test_a_method_can_be_added_to_a_class() -> None:
    class Thing:
        pass

    thing = Thing()

    @add_to_class(Thing)
    def double(self: Any, x: int) -> int:
        return 2 * x

    assert thing.double(4) == 8
    assert double(None, 3) == 6  # the name is still that of the function


# Data


@pytest.mark.parametrize("batch_size", [1, 4, 5, 10, 64])
def test_the_loader_gives_the_batches_of_data_iter(batch_size: int) -> None:
    X, y = torch.randn(10, 3, generator=seeded()), torch.arange(10).reshape(-1, 1)
    loader = TensorLoader((X, y), batch_size, shuffle=True, generator=seeded(5))
    generator = seeded(5)
    for _ in range(3):
        ours = list(data_iter(batch_size, X, y, generator=generator))
        assert len(loader) == len(ours)
        for (X_0, y_0), (X_1, y_1) in zip(ours, loader, strict=True):
            assert torch.equal(X_0, X_1)
            assert torch.equal(y_0, y_1)


def test_the_loader_without_shuffling_keeps_the_order() -> None:
    rows = torch.arange(5)
    loader = TensorLoader([rows, 2 * rows, 3 * rows], 2, shuffle=False)
    for _ in range(2):
        assert [b.tolist() for _, b, _ in loader] == [[0, 2], [4, 6], [8]]


def test_the_loader_of_no_rows_has_no_batches() -> None:
    loader = TensorLoader([torch.zeros(0, 2)], 2, shuffle=True)
    assert (len(loader), list(loader)) == (0, [])


def test_training_and_validation_rows_are_kept_apart() -> None:
    data = SyntheticRegressionData(W, B, num_train=10, num_val=6, batch_size=4)
    assert (data.X.shape, data.y.shape) == ((16, 2), (16, 1))
    pairs = torch.cat([data.X, data.y], dim=1)
    first, second = (
        torch.cat([torch.cat(batch, dim=1) for batch in data.train_dataloader()]) for _ in "ab"
    )
    assert not torch.equal(first, second)
    for seen in (first, second):
        assert sorted(seen.tolist()) == sorted(pairs[:10].tolist())
    validation = [torch.cat(batch, dim=1) for batch in data.val_dataloader()]
    assert [len(batch) for batch in validation] == [4, 2]
    assert torch.equal(torch.cat(validation), pairs[10:])


def test_noise_is_a_standard_deviation_and_the_defaults_are_those_of_the_book() -> None:
    data = SyntheticRegressionData(W, B, generator=seeded())
    assert (data.num_train, data.num_val, data.batch_size) == (1000, 1000, 32)
    residuals = data.y - (data.X @ W.reshape(-1, 1) + B)
    assert residuals.std().item() == pytest.approx(0.01, rel=0.05)
    noisy = SyntheticRegressionData(W, B, noise=3.0, generator=seeded())
    residuals = noisy.y - (noisy.X @ W.reshape(-1, 1) + B)
    assert residuals.std().item() == pytest.approx(3.0, rel=0.05)


def test_a_generator_makes_data_and_orders_repeatable() -> None:
    first, second = (SyntheticRegressionData(W, B, generator=seeded(3)) for _ in "ab")
    assert torch.equal(first.X, second.X)
    for (X_0, _), (X_1, _) in zip(first.train_dataloader(), second.train_dataloader()):
        assert torch.equal(X_0, X_1)


# Model and optimizer


def test_the_model_starts_as_it_says() -> None:
    model = LinearRegressionScratch(4000, lr=0.1, sigma=0.5, generator=seeded())
    assert (model.w.shape, model.b.shape) == ((4000, 1), (1,))
    assert model.w.std().item() == pytest.approx(0.5, rel=0.05)
    assert abs(model.w.mean().item()) < 0.03
    assert model.b.item() == 0
    assert {name for name, _ in model.named_parameters()} == {"w", "b"}
    assert model.hparams == {"num_inputs": 4000, "lr": 0.1, "sigma": 0.5}
    assert LinearRegressionScratch(2, 0.1).sigma == 0.01


def test_the_loss_is_the_mean_of_half_the_squares() -> None:
    model = LinearRegressionScratch(3, lr=0.1, sigma=1.0, generator=seeded())
    X, y = torch.randn(7, 3, generator=seeded(1)), torch.randn(7, 1, generator=seeded(2))
    expected = nn.functional.mse_loss(nn.functional.linear(X, model.w.T, model.b), y) / 2
    assert torch.isclose(model.training_step((X, y)), expected)
    assert torch.isclose(model.validation_step((X, y)), expected)


def test_sgd_is_that_of_pytorch() -> None:
    ours = [torch.ones(2, requires_grad=True), torch.ones(1, requires_grad=True)]
    theirs = copy.deepcopy(ours)
    unused = torch.ones(1, requires_grad=True)
    for params, optimizer in (
        (ours, SGD(iter([*ours, unused]), lr=0.1)),
        (theirs, torch.optim.SGD(theirs, lr=0.1)),
    ):
        for _ in range(3):
            optimizer.zero_grad()
            ((params[0] ** 3).sum() * params[1]).backward()
            optimizer.step()
    for mine, other in zip(ours, theirs):
        assert torch.equal(mine, other)
        assert mine.requires_grad
    assert unused.item() == 1


def test_the_base_classes_say_what_is_missing() -> None:
    for missing, call in {
        "get_dataloader": lambda: DataModule().train_dataloader(),
        "forward": lambda: Module()(torch.zeros(1)),
        "loss": lambda: Module().loss(torch.zeros(1), torch.zeros(1)),
        "configure_optimizers": lambda: Module().configure_optimizers(),
    }.items():
        with pytest.raises(NotImplementedError, match=missing):
            call()


# Training


@pytest.mark.parametrize("batch_size", [32, 100, 1000])
@pytest.mark.parametrize("num_epochs", [1, 3])
def test_objects_and_functions_reach_the_same_parameters(batch_size: int, num_epochs: int) -> None:
    data = SyntheticRegressionData(W, B, batch_size=batch_size, generator=seeded())
    model = LinearRegressionScratch(2, lr=0.03, generator=seeded(1))
    params = [param.detach().clone().requires_grad_() for param in (model.w, model.b)]
    assert data.generator
    generator = torch.Generator()
    generator.set_state(data.generator.get_state())
    trainer = Trainer(num_epochs)
    trainer.fit(model, data)

    settings: dict[str, Any] = {"lr": 0.03, "batch_size": batch_size, "num_epochs": num_epochs}
    examples = data.X[:1000], data.y[:1000]
    validation = data.X[1000:], data.y[1000:]
    record = train(*examples, params, **settings, validation=validation, generator=generator)
    for ours, theirs in zip((model.w, model.b), params):
        assert torch.allclose(ours, theirs, rtol=1e-5, atol=1e-5)
    assert trainer.val_losses == pytest.approx(record.validation_loss[1:], rel=1e-4)


def test_an_epoch_steps_on_every_batch_then_validates_without_a_trace() -> None:
    model = Probe(lr=0.5)
    data = Batches(batches([1.0], [1.0]), batches([3.0, 3.0], [1.0]))
    Trainer(max_epochs=1).fit(model, data)
    assert model.seen == [
        ("train", 0.0, True, True),
        ("train", 0.5, True, False),
        ("eval", 0.75, False, False),
        ("eval", 0.75, False, False),
    ]
    # The gradient of the last training batch alone.
    assert model.p.grad is not None
    assert model.p.grad.item() == pytest.approx(0.5 - 1)


def test_the_validation_loss_is_right_with_a_short_last_batch() -> None:
    model, trainer = Probe(lr=0.5), Trainer(max_epochs=1)
    trainer.fit(model, Batches(batches([1.0], [1.0]), batches([3.0, 3.0], [1.0])))
    expected = (2 * (3 - 0.75) ** 2 / 2 + (1 - 0.75) ** 2 / 2) / 3
    assert trainer.val_losses == pytest.approx([expected])
    drawn: list[Any] = model.board.data["val_loss"]
    assert drawn == [(1, pytest.approx(expected))]


def test_batches_and_epochs_are_counted() -> None:
    trainer = Trainer(max_epochs=2)
    trainer.fit(Probe(), Batches(batches([1.0], [1.0], [1.0]), batches([1.0], [2.0])))
    assert (trainer.num_train_batches, trainer.num_val_batches) == (3, 2)
    assert (trainer.train_batch_idx, trainer.val_batch_idx, trainer.epoch) == (6, 4, 1)
    assert len(trainer.val_losses) == 2


@pytest.mark.parametrize("nothing", [None, []])
def test_a_problem_without_validation_data(nothing: Any) -> None:
    trainer = Trainer(max_epochs=2)
    trainer.fit(Probe(), Batches(batches([1.0]), nothing))
    assert (trainer.num_val_batches, trainer.val_batch_idx, trainer.val_losses) == (0, 0, [])
    data = SyntheticRegressionData(W, B, num_val=0)
    Trainer(max_epochs=1).fit(LinearRegressionScratch(2, lr=0.1), data)


def test_the_board_has_two_training_points_and_one_validation_point_an_epoch() -> None:
    model, trainer = Probe(lr=0.0), Trainer(max_epochs=2)
    labels = [[1.0], [2.0, 2.0, 2.0], [3.0], [4.0]]
    trainer.fit(model, Batches(batches(*labels), batches([5.0], [5.0])))
    drawn: list[Any] = model.board.data["train_loss"]
    assert drawn == [
        (0.125, pytest.approx((1 / 2 + 3 * 4 / 2) / 4)),
        (0.625, pytest.approx((9 / 2 + 16 / 2) / 2)),
        (1.125, pytest.approx((1 / 2 + 3 * 4 / 2) / 4)),
        (1.625, pytest.approx((9 / 2 + 16 / 2) / 2)),
    ]
    assert model.board.data["val_loss"] == [(1, 12.5), (2, 12.5)]
    assert (model.board.xlabel, model.board.xlim) == ("epoch", (0, 2))


def test_fewer_batches_than_points_are_drawn_one_by_one() -> None:
    model = Probe(lr=0.0)
    Trainer(max_epochs=2).fit(model, Batches(batches([1.0]), batches([1.0])))
    assert model.board.data["train_loss"] == [(0.0, 0.5), (1.0, 0.5)]


def test_a_second_fit_goes_on_with_the_parameters_and_starts_the_board_anew() -> None:
    model, data = Probe(lr=0.5), Batches(batches([1.0]), batches([1.0]))
    trainer = Trainer(max_epochs=1)
    trainer.fit(model, data)
    trainer.fit(model, data)
    assert model.p.item() == 0.75
    assert len(model.board.data["val_loss"]) == 1
    assert (trainer.train_batch_idx, len(trainer.val_losses)) == (1, 1)


def test_clipping_keeps_the_direction_and_limits_the_joint_norm() -> None:
    model = LinearRegressionScratch(1, lr=0.1)
    trainer = Trainer(max_epochs=1)
    for limit, expected in ((1.0, (0.6, 0.8)), (5.0, (3.0, 4.0)), (10.0, (3.0, 4.0))):
        model.w.grad, model.b.grad = torch.tensor([[3.0]]), torch.tensor([4.0])
        trainer.clip_gradients(limit, model)
        assert (model.w.grad.item(), model.b.grad.item()) == pytest.approx(expected, rel=1e-5)


def test_training_clips_where_a_limit_is_set() -> None:
    steep = Batches(batches([10.0], [10.0]), batches([10.0]))
    for limit, second in ((0, 1.0), (2.0, 0.2)):
        model = Probe(lr=0.1)
        Trainer(max_epochs=1, gradient_clip_val=limit).fit(model, steep)
        assert model.seen[1][1] == pytest.approx(second, rel=1e-5)


def test_batches_go_to_the_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.device_count", lambda: 1)
    trainer = Trainer(max_epochs=1, num_gpus=1)
    assert trainer.gpus == [torch.device("cuda", 0)]
    trainer.gpus = [torch.device("meta")]  # a device that every machine has
    model = LinearRegressionScratch(2, lr=0.1)
    trainer.prepare_model(model)
    X, y = trainer.prepare_batch((torch.zeros(5, 2), torch.zeros(5, 1)))
    assert {X.device.type, y.device.type, model.w.device.type} == {"meta"}


@pytest.mark.parametrize(("found", "used"), [(0, 0), (1, 1), (2, 2), (4, 3)])
def test_no_more_gpus_are_used_than_there_are(
    found: int, used: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.device_count", lambda: found)
    trainer = Trainer(max_epochs=1, num_gpus=3)
    assert trainer.gpus == [torch.device("cuda", i) for i in range(used)]
    if found == 0:
        model = LinearRegressionScratch(2, lr=0.03, generator=seeded(1))
        trainer.fit(model, SyntheticRegressionData(W, B, generator=seeded()))
        assert model.w.device.type == "cpu"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_training_on_a_gpu_is_training_on_the_cpu() -> None:
    results = []
    for num_gpus in (0, 1):
        data = SyntheticRegressionData(W, B, generator=seeded())
        model = LinearRegressionScratch(2, lr=0.03, generator=seeded(1))
        trainer = Trainer(max_epochs=3, num_gpus=num_gpus, gradient_clip_val=1.0)
        trainer.fit(model, data)
        results.append(torch.cat([model.w.cpu().ravel(), model.b.cpu()]))
        assert model.w.is_cuda == bool(num_gpus)
    assert torch.allclose(results[0], results[1], atol=1e-4)


# What cannot work is refused


@pytest.mark.parametrize(
    ("kind", "message", "call"),
    [
        (TypeError, "tensors is of type Tensor", lambda: TensorLoader(W, 2, shuffle=True)),
        (TypeError, r"tensors\[0\] is of type list", lambda: TensorLoader([[1]], 2, shuffle=True)),
        (
            ValueError,
            r"tensors\[1\] has shape \(2,\) but tensors\[0\] \(3,\)",
            lambda: TensorLoader([torch.zeros(3), W], 2, shuffle=True),
        ),
        (
            ValueError,
            r"tensors\[0\] has shape \(3, 0\).*at least one value",
            lambda: TensorLoader([torch.zeros(3, 0), torch.zeros(3, 0)], 2, shuffle=True),
        ),
        (ValueError, "batch_size is 0", lambda: TensorLoader([W], 0, shuffle=True)),
        (TypeError, "shuffle is 1 of", lambda: TensorLoader([W], 1, shuffle=1)),
        (TypeError, "generator is 3", lambda: TensorLoader([W], 1, True, generator=3)),
        (
            ValueError,
            r"tensors\[1\] requires a gradient; data are not trained",
            lambda: TensorLoader([W, W.clone().requires_grad_()], 1, shuffle=True),
        ),
        (
            ValueError,
            r"tensors\[0\] has 1 values that are NaN or infinite",
            lambda: TensorLoader([torch.tensor([0.0, torch.nan])], 1, shuffle=True),
        ),
        (
            TypeError,
            r"tensors is of type Tensor; expected.*\(self\.X, self\.y\)",
            lambda: SyntheticRegressionData(W, B).get_tensorloader(torch.zeros(3, 2), True),
        ),
        (
            AttributeError,
            r"Batches has no batch_size.*self\.batch_size = 32",
            lambda: Batches([], []).get_tensorloader([W], train=True),
        ),
        (ValueError, "num_train is 0", lambda: SyntheticRegressionData(W, B, num_train=0)),
        (ValueError, "num_train is None", lambda: SyntheticRegressionData(W, B, num_train=None)),
        (ValueError, "batch_size is None", lambda: SyntheticRegressionData(W, B, batch_size=None)),
        (ValueError, "num_val is -1", lambda: SyntheticRegressionData(W, B, num_val=-1)),
        (ValueError, "batch_size is 0.5", lambda: SyntheticRegressionData(W, B, batch_size=0.5)),
        (TypeError, "w is of type list", lambda: SyntheticRegressionData([2.0, -3.4], B)),
        (ValueError, "plot_train_per_epoch is 0", lambda: Module(plot_train_per_epoch=0)),
        (ValueError, "plot_valid_per_epoch is 0", lambda: Module(plot_valid_per_epoch=0)),
        (ValueError, "num_inputs is 0", lambda: LinearRegressionScratch(0, 0.1)),
        (ValueError, "lr is -1", lambda: LinearRegressionScratch(2, -1)),
        (ValueError, "sigma is -1", lambda: LinearRegressionScratch(2, 0.1, -1)),
        (TypeError, "generator is 3", lambda: LinearRegressionScratch(2, 0.1, generator=3)),
        (ValueError, "lr is -1", lambda: d2l.LinearRegression(-1)),
        (
            ValueError,
            r"y has shape \(6,\) and y_hat \(4, 1\)",
            lambda: d2l.LinearRegression(0.1).loss(torch.ones(4, 1), torch.ones(6)),
        ),
        (TypeError, "params is of type Tensor", lambda: SGD(W, 0.1)),
        (TypeError, "params is of type float", lambda: SGD(1.0, 0.1)),
        (TypeError, "params is of type dict", lambda: SGD({"w": W}, 0.1)),
        (
            TypeError,
            r"params\[0\] is of type tuple",
            lambda: SGD(nn.Linear(2, 1).named_parameters(), 0.1).zero_grad(),
        ),
        (TypeError, r"params\[0\] is of type float", lambda: SGD([1.0], 0.1)),
        (ValueError, "lr is 'fast'", lambda: SGD([W], "fast")),
        (ValueError, "holds no parameters", lambda: SGD(Module().parameters(), 0.1).step()),
        (ValueError, "max_epochs is 0", lambda: Trainer(0)),
        (ValueError, "num_gpus is True", lambda: Trainer(1, num_gpus=True)),
        (ValueError, "gradient_clip_val is -1", lambda: Trainer(1, gradient_clip_val=-1)),
        (ValueError, "nothing to clip", lambda: Trainer(1).clip_gradients(1.0, Probe())),
        (ValueError, "grad_clip_val is None", lambda: Trainer(1).clip_gradients(None, Probe())),
        (
            TypeError,
            r"model is of type Batches.*fit\(model, data\)",
            lambda: Trainer(1).fit(Batches([], []), Probe()),
        ),
        (TypeError, "data is of type list", lambda: Trainer(1).fit(Probe(), [])),
        (
            TypeError,
            r"data.train_dataloader\(\) gives.*generator.*no length",
            lambda: Trainer(1).fit(Probe(), Batches((x for x in batches([1.0])), None)),
        ),
        (TypeError, "train_dataloader", lambda: Trainer(1).fit(Probe(), Batches(None, None))),
        (
            TypeError,
            r"data.val_dataloader\(\) gives",
            lambda: Trainer(1).fit(Probe(), Batches(batches([1.0]), iter([]))),
        ),
        (ValueError, "no batches", lambda: Trainer(1).fit(Probe(), Batches([], None))),
        (
            TypeError,
            r"data.train_dataloader\(\) gives.*no length",
            lambda: Trainer(1).fit(Probe(), Batches(DataLoader(Stream()), None)),
        ),
        (
            TypeError,
            r"data.val_dataloader\(\) gives.*no length",
            lambda: Trainer(1).fit(Probe(), Batches(batches([1.0]), DataLoader(Stream()))),
        ),
    ],
)
def test_a_message_says_what_was_expected(kind: type[Exception], message: str, call: Any) -> None:
    with pytest.raises(kind, match=message):
        call()


def test_training_needs_gradients() -> None:
    with torch.no_grad(), pytest.raises(RuntimeError, match=r"outside torch\.no_grad"):
        Trainer(1).fit(Probe(), Batches(batches([1.0]), None))


# In the style of "Dive into Deep Learning": its listings, as they are printed there


def test_the_listing_of_the_concise_implementation_runs() -> None:
    torch.manual_seed(0)
    model = d2l.LinearRegression(lr=0.03)
    data = d2l.SyntheticRegressionData(w=torch.tensor([2, -3.4]), b=4.2)
    trainer = d2l.Trainer(max_epochs=3, num_gpus=1)
    trainer.fit(model, data)
    w, b = model.get_w_b()
    assert w.is_cuda == torch.cuda.is_available()
    assert (data.w.to(w) - w.reshape(data.w.shape)).abs().max() < 0.05
    assert (data.b - b).abs().max() < 0.05


def test_the_concise_model_is_made_of_the_parts_of_pytorch() -> None:
    model = d2l.LinearRegression(lr=0.03)
    X, y = torch.randn(6, 4, generator=seeded()), torch.randn(6, 1, generator=seeded(1))
    y_hat = model(X)
    w, b = model.get_w_b()
    assert torch.allclose(y_hat, X @ w.T + b)
    assert torch.allclose(model.loss(y_hat, y), ((y_hat - y) ** 2).mean())
    assert torch.equal(model.loss(y_hat, y.ravel()), model.loss(y_hat, y))
    optimizer = model.configure_optimizers()
    assert isinstance(optimizer, torch.optim.SGD)
    assert optimizer.param_groups[0]["lr"] == 0.03
    assert [id(p) for p in optimizer.param_groups[0]["params"]] == [
        id(p) for p in model.parameters()
    ]


# A class, then its methods one by one


def test_a_listing_in_the_style_of_the_book_runs() -> None:
    class Regression(d2l.Module):
        def __init__(self, num_inputs, lr, sigma=0.01):
            super().__init__()
            self.save_hyperparameters()
            self.w = torch.normal(0, sigma, (num_inputs, 1), requires_grad=True)
            self.b = torch.zeros(1, requires_grad=True)

    @d2l.add_to_class(Regression)
    def forward(self, X):
        return torch.matmul(X, self.w) + self.b

    @d2l.add_to_class(Regression)
    def loss(self, y_hat, y):
        return ((y_hat - y) ** 2 / 2).mean()

    class Descent(d2l.HyperParameters):
        def __init__(self, params, lr):
            self.save_hyperparameters()

        def step(self):
            with torch.no_grad():
                for param in self.params:
                    param -= self.lr * param.grad

        def zero_grad(self):
            for param in self.params:
                if param.grad is not None:
                    param.grad.zero_()

    @d2l.add_to_class(Regression)
    def configure_optimizers(self):
        return Descent([self.w, self.b], self.lr)

    class Data(d2l.DataModule):
        def __init__(self, w, b, noise=0.01, num_train=1000, num_val=1000, batch_size=32):
            super().__init__()
            self.save_hyperparameters()
            n = num_train + num_val
            self.X = torch.randn(n, len(w))
            self.y = torch.matmul(self.X, w.reshape((-1, 1))) + b + torch.randn(n, 1) * noise

        def get_dataloader(self, train):
            rows = slice(0, self.num_train) if train else slice(self.num_train, None)
            return self.get_tensorloader((self.X, self.y), train, rows)

    torch.manual_seed(0)
    model = Regression(2, lr=0.03)
    data = Data(w=torch.tensor([2, -3.4]), b=4.2)
    X, y = next(iter(data.train_dataloader()))
    assert (X.shape, y.shape, len(data.train_dataloader())) == ((32, 2), (32, 1), 32)
    trainer = d2l.Trainer(max_epochs=10)
    trainer.fit(model, data)
    with torch.no_grad():
        assert (data.w - model.w.reshape(data.w.shape)).abs().max() < 0.01
        assert (data.b - model.b).abs().max() < 0.01
    assert trainer.val_losses[-1] < 1e-4


def test_a_network_and_an_optimizer_and_a_loader_of_pytorch_will_do() -> None:
    class Concise(d2l.Module):
        def __init__(self, lr):
            super().__init__(plot_train_per_epoch=1)
            self.save_hyperparameters()
            self.net = nn.Linear(2, 1)

        def loss(self, y_hat, y):
            return nn.functional.mse_loss(y_hat, y)

        def validation_step(self, batch):  # which returns nothing
            self.plot("error", (self(batch[0]) - batch[1]).abs().mean(), train=False)

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=self.lr)

    class Loaded(d2l.SyntheticRegressionData):
        def get_dataloader(self, train):
            rows = slice(0, self.num_train) if train else slice(self.num_train, None)
            return DataLoader(TensorDataset(self.X[rows], self.y[rows]), self.batch_size)

    model, trainer = Concise(lr=0.05), d2l.Trainer(max_epochs=5, gradient_clip_val=10)
    trainer.fit(model, Loaded(W, B, generator=seeded()))
    assert trainer.val_losses == []
    assert model.board.data["val_error"][-1][1] < 0.02
    assert len(model.board.data["train_loss"]) == 5


# Listings of readers


def test_an_optimizer_that_does_not_switch_recording_off_can_step() -> None:
    class PlainSGD(d2l.HyperParameters):
        def __init__(self, params: object, lr: float) -> None:
            self.save_hyperparameters()

        def step(self) -> None:
            for param in self.params:
                param -= self.lr * param.grad

        def zero_grad(self) -> None:
            for param in self.params:
                param.grad = None

    class Model(d2l.LinearRegressionScratch):
        def configure_optimizers(self) -> object:
            return PlainSGD([self.w, self.b], self.lr)

    data = d2l.SyntheticRegressionData(torch.tensor([2.0, -3.4]), 4.2)
    model = Model(2, lr=0.3)
    d2l.Trainer(max_epochs=3).fit(model, data)
    assert torch.allclose(model.w.ravel(), data.w, atol=0.01)


def test_data_that_did_not_call_the_constructor_of_the_base_class_can_be_read() -> None:
    class Data(d2l.DataModule):
        def __init__(self, num_train: int, batch_size: int) -> None:
            self.save_hyperparameters()
            self.X, self.y = torch.randn(8, 2), torch.randn(8, 1)

        def get_dataloader(self, train: bool) -> object:
            rows = slice(0, self.num_train) if train else slice(self.num_train, None)
            return self.get_tensorloader([self.X, self.y], train, rows)

    data = Data(num_train=6, batch_size=4)
    assert [len(X) for X, _ in data.train_dataloader()] == [4, 2]
    assert [len(X) for X, _ in data.val_dataloader()] == [2]


def test_a_batch_may_be_prepared_in_another_way() -> None:
    class Bare(d2l.Trainer):
        def prepare_batch(self, batch: object) -> object:
            return batch

    data = d2l.SyntheticRegressionData(torch.tensor([2.0]), 1.0, num_train=8, num_val=5)
    model = d2l.LinearRegressionScratch(1, lr=0.1)
    trainer = Bare(max_epochs=1)
    trainer.fit(model, data)
    with torch.no_grad():
        expected = model.loss(model(data.X[8:]), data.y[8:])
    assert trainer.val_losses == pytest.approx([expected.item()])


def test_a_single_name_can_be_left_out_of_the_hyperparameters() -> None:
    class Thing(d2l.HyperParameters):
        def __init__(self, l: int, lr: float) -> None:  # noqa: E741
            self.save_hyperparameters(ignore="lr")

    assert Thing(3, 0.1).hparams == {"l": 3}


def test_a_loss_that_is_not_finite_ends_the_training() -> None:
    data = d2l.SyntheticRegressionData(torch.tensor([2.0, -3.4]), 4.2)
    with pytest.raises(RuntimeError, match=r"training diverged: the loss of training batch \d+"):
        d2l.Trainer(max_epochs=50).fit(d2l.LinearRegressionScratch(2, lr=30.0), data)
