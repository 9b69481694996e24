"""The mathematics of the interactive figures, against lr_lib and PyTorch.

It runs in V8, without a page: mini-racer, which typesets the formulas of the book, has the engine.
"""

import atexit
import csv
import functools
import itertools
import math
from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

import pytest
import torch
from py_mini_racer import MiniRacer
from torch import Tensor
from torch.nn import functional as F

from lr_lib import linreg, physics, sgd, squared_loss
from lr_lib.physics import BOLTZMANN_CONSTANT, PLANCK_CONSTANT, SPEED_OF_LIGHT
from tests.course import ROOT
from tools.stills import EXPLORE, FIGURES, SHARED

# All that the scripts ask of a page when they are loaded.
NO_PAGE = """
const document = { documentElement: { lang: "en" }, addEventListener() {} };
const matchMedia = () => ({ matches: false });
"""


@functools.cache
def engine() -> MiniRacer:
    """The scripts of all figures, loaded once: their functions keep no state."""
    engine = MiniRacer()
    atexit.register(engine.close)  # or its thread may keep Python from ending
    engine.eval(NO_PAGE)
    for script in (*SHARED, *FIGURES):
        engine.eval((EXPLORE / f"{script}.js").read_text("utf8"))
    return engine


def compute(function: str, *arguments: object) -> Any:
    """Call a function of the figures, in JavaScript, with numbers, texts and lists of them."""
    return engine().call(f"({function})", *arguments)


def in_doubles(values: Any) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


# Descend


@pytest.fixture
def descend() -> tuple[Tensor, Tensor]:
    """The dataset of the figure: features of shape (n, 2), labels of shape (n, 1)."""
    X, y = compute("() => [Explore.descend.data.X, Explore.descend.data.y]")
    return in_doubles(X), in_doubles(y).reshape(-1, 1)


BATCHES = [[0], [5, 30], [1, 2, 3, 4], list(range(32))]


@pytest.mark.parametrize("batch", BATCHES, ids=len)
@pytest.mark.parametrize("w", [[-1.0, 0.0], [2.0, -3.4], [40.0, 17.5]])
def test_loss_and_gradient_of_descend_are_those_of_the_library(
    descend: tuple[Tensor, Tensor], w: list[float], batch: list[int]
) -> None:
    X, y = descend
    weights = in_doubles(w).reshape(2, 1).requires_grad_()
    loss = squared_loss(linreg(X[batch], weights, 0.0), y[batch]).mean()
    loss.backward()
    computed = compute("Explore.descend.meanLoss", w, batch)
    assert computed == pytest.approx(loss.item(), rel=1e-12)
    gradient = in_doubles(compute("Explore.descend.gradient", w, batch))
    assert weights.grad is not None
    torch.testing.assert_close(gradient, weights.grad.flatten(), rtol=1e-11, atol=1e-11)


DESCEND_WALKS = """(start, lr, batchSize, steps) => {
  const source = Explore.descend.batches(batchSize);
  const used = Array.from({ length: steps }, () => source.next().value);
  const stops = [start];
  for (const batch of used) stops.push(Explore.descend.sgd(stops[stops.length - 1], lr, batch));
  return [used, stops];
}"""


@pytest.mark.parametrize(
    ("lr", "batch_size"), [(0.4, 32), (0.25, 32), (0.5, 32), (0.2, 16), (0.1, 4), (0.05, 1)]
)
def test_the_path_of_descend_is_that_of_the_library(
    descend: tuple[Tensor, Tensor], lr: float, batch_size: int
) -> None:
    X, y = descend
    used, stops = compute(DESCEND_WALKS, [-1.0, 0.0], lr, batch_size, 100)
    w = in_doubles([[-1.0], [0.0]]).requires_grad_()
    expected = [w.detach().clone()]
    for batch in used:
        squared_loss(linreg(X[batch], w, 0.0), y[batch]).sum().backward()
        sgd([w], lr, len(batch))
        expected.append(w.detach().clone())
    torch.testing.assert_close(
        in_doubles(stops), torch.stack(expected).reshape(-1, 2), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("batch_size", [1, 4, 16, 32])
def test_an_epoch_of_descend_has_every_example_once_and_always_in_the_same_order(
    descend: tuple[Tensor, Tensor], batch_size: int
) -> None:
    X, _ = descend
    steps = 2 * len(X) // batch_size
    used, _ = compute(DESCEND_WALKS, [0, 0], 0.1, batch_size, steps)
    assert {len(batch) for batch in used} == {batch_size}
    order = list(chain.from_iterable(used))
    first, second = order[: len(X)], order[len(X) :]
    assert sorted(first) == sorted(second) == list(range(len(X)))
    assert (first != second) == (batch_size < len(X)), "an order drawn anew for each epoch"
    assert compute(DESCEND_WALKS, [0, 0], 0.1, batch_size, steps)[0] == used


@pytest.mark.parametrize("batch", BATCHES, ids=len)
def test_the_limit_of_descend_is_that_of_the_largest_eigenvalue(
    descend: tuple[Tensor, Tensor], batch: list[int]
) -> None:
    X, y = descend
    hessian = X[batch].T @ X[batch] / len(batch)
    expected = 2 / torch.linalg.eigvalsh(hessian)[-1].item()
    computed = compute("Explore.descend.limit", batch)
    assert computed == pytest.approx(expected, rel=1e-11)
    if len(batch) == len(X):  # one percent decides
        best = torch.linalg.lstsq(X, y).solution.flatten()
        minimum = in_doubles(compute("Explore.descend.minimum"))
        torch.testing.assert_close(minimum, best, rtol=1e-11, atol=1e-11)
        ends = [
            compute(DESCEND_WALKS, [-1.0, 0.0], share * expected, 32, 1500)[1][-1]
            for share in (0.99, 1.01)
        ]
        below, above = ((in_doubles(end) - best).norm() for end in ends)
        assert below < 1e-9
        assert above > 1e5


@pytest.mark.parametrize("batch_size", [1, 2, 3])
def test_descend_says_exactly_how_far_the_steps_of_all_batches_scatter(
    descend: tuple[Tensor, Tensor], batch_size: int
) -> None:
    X, y = descend
    w, lr = in_doubles([[0.5], [-1.0]]), 0.3
    gradients = X * (linreg(X, w, 0.0) - y)
    batches = torch.tensor(list(itertools.combinations(range(len(X)), batch_size)))
    steps = -lr * gradients[batches].mean(1)
    expected = (steps - -lr * gradients.mean(0)).square().sum(1).mean().sqrt().item()
    computed = compute("Explore.descend.scatter", [0.5, -1.0], lr, batch_size)
    assert computed == pytest.approx(expected, rel=1e-9)
    assert compute("Explore.descend.scatter", [0.5, -1.0], lr, 32) == 0


def test_the_contours_of_descend_are_where_the_loss_is_what_they_say(
    descend: tuple[Tensor, Tensor],
) -> None:
    X, y = descend
    points = compute(
        """() => {
          const { minimum, hessian, meanLoss } = Explore.descend;
          const height = 10 - meanLoss(minimum());
          return Explore.mathematics.contour(minimum(), hessian(), height);
        }"""
    )
    losses = squared_loss(linreg(X, in_doubles(points).T, 0.0), y.expand(-1, len(points))).mean(0)
    torch.testing.assert_close(losses, torch.full_like(losses, 10), rtol=1e-10, atol=0)
    assert len(points) > 50


# Glow


def glow(name: str, *arguments: object) -> Any:
    """Call a function of the figure's mathematics: ``glow("intensity", 5.0, 2.7)``."""
    return compute(f"Explore.glow.{name}", *arguments)


def glow_of_each(name: str, arguments: Tensor) -> Tensor:
    """Call it for each row of arguments."""
    call_each = f"(rows) => rows.map((row) => Explore.glow.{name}(...row))"
    return in_doubles(compute(call_each, arguments.tolist()))


def firas() -> tuple[Tensor, Tensor, Tensor]:
    """The table of the cosmic background as it stands in the file, not rounded to float32."""
    with (ROOT / "lr_lib" / "data" / "cosmic_background_firas.csv").open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    names = ("wavenumber_per_cm", "intensity_MJy_per_sr", "uncertainty_kJy_per_sr")
    wavenumber, intensity, uncertainty = (in_doubles([float(r[n]) for r in rows]) for n in names)
    return wavenumber, intensity, uncertainty / 1000


def glow_of(wavelength: Tensor, T: Tensor) -> Tensor:
    """Planck's law times the wavelength as the chapter writes it, the logarithm of it."""
    flux = 2 * BOLTZMANN_CONSTANT**4 / (PLANCK_CONSTANT**3 * SPEED_OF_LIGHT**2)
    x = 1e6 * PLANCK_CONSTANT * SPEED_OF_LIGHT / BOLTZMANN_CONSTANT / (wavelength * T)
    return math.log(flux) + 4 * T.log() + x.log() + physics.log_planck_shape(x)


def sky_of(wavenumber: Tensor, T: Tensor) -> Tensor:
    scale = 2 * BOLTZMANN_CONSTANT**3 / (PLANCK_CONSTANT * SPEED_OF_LIGHT) ** 2 * 1e20
    x = 100 * PLANCK_CONSTANT * SPEED_OF_LIGHT / BOLTZMANN_CONSTANT * wavenumber / T
    return scale * T**3 * physics.planck_shape(x)


def test_glow_has_the_shape_of_the_library_for_every_x() -> None:
    x = torch.logspace(-30, 6, 400, dtype=torch.float64)  # exp(x) overflows beyond 709
    logarithm, shape = (
        glow_of_each(name, x.reshape(-1, 1)) for name in ("logPlanckShape", "planckShape")
    )
    torch.testing.assert_close(logarithm, physics.log_planck_shape(x), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(shape, physics.planck_shape(x), rtol=1e-9, atol=1e-300)
    assert (shape[x > 800] == 0).all()


def test_glow_computes_planck_s_law_from_the_sky_to_the_hottest_stars() -> None:
    T, wavelength = torch.meshgrid(
        torch.logspace(0, 5, 26, dtype=torch.float64),
        torch.logspace(-2, 6, 33, dtype=torch.float64),
        indexing="ij",
    )
    pairs = torch.stack([wavelength, T], dim=-1).reshape(-1, 2)
    logarithm = glow_of_each("logGlow", pairs).reshape(T.shape)
    torch.testing.assert_close(logarithm, glow_of(wavelength, T), rtol=1e-12, atol=1e-10)
    # The law as it is written in SI units, where nothing overflows.
    metres = wavelength * 1e-6
    x = PLANCK_CONSTANT * SPEED_OF_LIGHT / (metres * BOLTZMANN_CONSTANT * T)
    written = 2 * PLANCK_CONSTANT * SPEED_OF_LIGHT**2 / metres**4 / torch.expm1(x)
    moderate = x < 600
    torch.testing.assert_close(logarithm.exp()[moderate], written[moderate], rtol=1e-9, atol=0)

    pairs[:, 0] = 1e4 / pairs[:, 0]  # wavenumbers in 1/cm
    intensity = glow_of_each("intensity", pairs)
    torch.testing.assert_close(intensity, sky_of(pairs[:, 0], pairs[:, 1]), rtol=1e-9, atol=1e-300)


def test_glow_has_the_sky_as_firas_measured_it() -> None:
    for embedded, published in zip(spectrum("sky"), firas(), strict=True):
        torch.testing.assert_close(embedded, published, rtol=1e-12, atol=0)


@pytest.mark.parametrize(("name", "truth"), [("lamp", 2800.0), ("sun", 5772.0)])
def test_glow_simulates_readings_with_the_noise_that_it_states(name: str, truth: float) -> None:
    at, labels, sigma = spectrum(name)
    noise = (labels - glow_of(at, in_doubles(truth))) / sigma
    assert noise.mean().abs() < 3 / len(at) ** 0.5
    assert 0.6 < noise.std() < 1.5


def spectrum(name: str) -> tuple[Tensor, Tensor, Tensor]:
    """Of a spectrum: where it was read, the readings, and their standard deviations."""
    spectrum = compute(f"() => Explore.glow.spectra.{name}")
    at, labels, sigma = (in_doubles(spectrum[column]) for column in ("at", "labels", "sigma"))
    return at, labels, sigma


TEMPERATURES = {"lamp": (300.0, 2000.0, 9000.0), "sun": (500.0, 5800.0), "sky": (1.5, 2.725, 3.0)}


@pytest.mark.parametrize("name", TEMPERATURES)
def test_the_loss_of_glow_and_its_slope_are_those_of_pytorch(
    name: str,
) -> None:
    at, labels, sigma = spectrum(name)
    law = sky_of if name == "sky" else glow_of

    def residuals(log_T: Tensor) -> Tensor:
        return (law(at, log_T.exp()) - labels) / sigma

    for T in TEMPERATURES[name]:
        log_T = in_doubles(T).log().requires_grad_()
        chi_squared = 2 * squared_loss(residuals(log_T), torch.zeros_like(at)).sum()
        (slope,) = torch.autograd.grad(chi_squared, log_T)
        jacobian = torch.autograd.functional.jacobian(residuals, log_T.detach())
        found = compute(
            """(name, T) => {
              const { glow } = Explore;
              const spectrum = glow.spectra[name];
              return {
                chiSquared: glow.chiSquared(spectrum, T),
                perDegree: glow.chiSquaredPerDegree(spectrum, T),
                typical: glow.typicalResidual(spectrum, T),
                ...glow.derivatives(spectrum, T),
              };
            }""",
            name,
            T,
        )
        n = len(at)
        expected = {
            "chiSquared": chi_squared.item(),
            "perDegree": chi_squared.item() / (n - 1),
            "typical": residuals(log_T).square().mean().sqrt().item(),
            "gradient": slope.item(),
            "curvature": 2 * jacobian.square().sum().item(),
        }
        # At 2.725 K readings of 380 MJy/sr leave residuals of 0.02: digits cancel.
        assert found == pytest.approx(expected, rel=1e-7 if T == 2.725 else 1e-9)


@pytest.mark.parametrize(
    ("name", "start"),
    [("lamp", 300), ("lamp", 15000), ("sun", 300), ("sun", 15000), ("sky", 1.5), ("sky", 4.5)],
)
def test_gradient_steps_of_glow_arrive_from_either_end(name: str, start: float) -> None:
    T, steps, slope, curvature, chi_squared = compute(
        """(name, start) => {
          const { glow } = Explore;
          const spectrum = glow.spectra[name];
          let [T, k] = [start, 0];
          for (; !glow.arrived(T, glow.gradientStep(spectrum, T)) && k < 100; k += 1) {
            const next = glow.gradientStep(spectrum, T);
            if (Math.abs(Math.log(next / T)) > 0.2500001) throw new Error(`a leap from ${T}`);
            T = next;
          }
          const { gradient, curvature } = glow.derivatives(spectrum, T);
          return [T, k, gradient, curvature, glow.chiSquaredPerDegree(spectrum, T)];
        }""",
        name,
        start,
    )
    assert steps < 30
    assert abs(slope) < 1e-8 * curvature
    if name == "sky":  # as the chapter prints them
        assert f"{T:.4f} {chi_squared:.2f}" == "2.7250 1.07"
    else:
        assert pytest.approx({"lamp": 2800, "sun": 5772}[name], rel=0.05) == T
        assert 0.5 < chi_squared < 1.7


def test_the_curves_of_glow_peak_where_it_says() -> None:
    for T in (2.7, 500.0, 5772.0):
        peaks = {glow_of: "wavelengthOfMostGlow", sky_of: "wavenumberOfMostIntensity"}
        for law, name in peaks.items():
            where = glow(name, T)
            logarithm = in_doubles(where).log().requires_grad_()
            value = law(logarithm.exp(), in_doubles(T))
            slope, bend = two_derivatives(value, logarithm)
            assert abs(slope / bend) < 1e-9
            assert bend < 0


def two_derivatives(value: Tensor, parameter: Tensor) -> tuple[float, float]:
    """The first and the second derivative."""
    (first,) = torch.autograd.grad(value, parameter, create_graph=True)
    (second,) = torch.autograd.grad(first, parameter)
    return first.item(), second.item()


# The Planckian locus of the CIE of 1931 (6504 K; illuminant A), and three values of its
# colour-matching functions. The approximation is good to about a hundredth.
LOCUS = {6504: (0.3135, 0.3237), 2856: (0.4476, 0.4074)}
OBSERVER = {(600, 0): 1.0622, (555, 1): 1.0000, (450, 2): 1.7721}


def test_the_colours_of_glow_are_those_of_the_standard_observer() -> None:
    for (nanometres, which), value in OBSERVER.items():
        assert glow("colourMatching", nanometres)[which] == pytest.approx(value, rel=0.03)
    for T, place in LOCUS.items():
        assert glow("chromaticity", T) == pytest.approx(place, abs=0.003)
    near_white = glow("screenColour", glow("tristimulus", 6500))
    assert min(near_white) > 240
    red, green, blue = glow("screenColour", glow("tristimulus", 2000))
    assert red == 255
    assert 110 < green < 170
    assert blue < 60


def test_glow_names_its_colours() -> None:
    names = {2.725: "microwaves", 500: "infrared", 797: "infrared", 1000: "red", 2000: "orange"}
    names |= {2800: "amber", 4000: "yellowish", 6500: "white", 12000: "bluish"}
    assert {T: glow("colourName", T) for T in names} == names
    assert [glow("glows", T) for T in (2.725, 797, 799, 6500)] == [False, False, True, True]


# Shuffle

WAYS = ("file", "once", "reshuffled")

SHUFFLE_TRAINS = """(way, batchSize, lr, seed, epochs) => {
  const training = new Explore.shuffle.Training({ way, batchSize, lr }, seed);
  const batches = [];
  while (training.ends.length < epochs) {
    training.step();
    batches.push(training.batches[training.drawn - 1]);
  }
  return { batches, path: training.path, ends: training.ends };
}"""


@pytest.fixture
def shuffle_data() -> tuple[Tensor, Tensor]:
    """The features and the labels of the figure, as columns."""
    features, labels = compute("() => [Explore.shuffle.features, Explore.shuffle.labels]")
    return in_doubles(features).reshape(-1, 1), in_doubles(labels).reshape(-1, 1)


def test_shuffle_splits_an_order_as_pytorch_does() -> None:
    generator = torch.Generator().manual_seed(0)
    cases = [
        (torch.randperm(n, generator=generator), batch_size)
        for n in range(1, 21)
        for batch_size in range(1, 23)
    ]
    found = compute(
        "(cases) => cases.map(([order, batchSize]) => Explore.shuffle.split(order, batchSize))",
        [(order.tolist(), batch_size) for order, batch_size in cases],
    )
    for batches, (order, batch_size) in zip(found, cases, strict=True):
        assert batches == [batch.tolist() for batch in order.split(batch_size)]


def test_every_epoch_of_shuffle_draws_each_example_once() -> None:
    n = compute("() => Explore.shuffle.n")
    for seed, batch_size in enumerate(range(1, n + 1)):
        orders = {}
        for way in WAYS:
            batches = compute(SHUFFLE_TRAINS, way, batch_size, 0.1, seed, 4)["batches"]
            a_pass = math.ceil(n / batch_size)
            epochs = [batches[k : k + a_pass] for k in range(0, len(batches), a_pass)]
            assert len(epochs) == 4
            sizes = [len(batch) for batch in epochs[0]]
            assert all([len(batch) for batch in epoch] == sizes for epoch in epochs)
            orders[way] = [tuple(chain.from_iterable(epoch)) for epoch in epochs]
            assert all(sorted(order) == list(range(n)) for order in orders[way])
            again = compute(SHUFFLE_TRAINS, way, batch_size, 0.1, seed, 4)["batches"]
            assert again == batches
        assert set(orders["file"]) == {tuple(range(n))}
        assert len(set(orders["once"])) == 1
        assert orders["once"] != orders["file"]
        assert len(set(orders["reshuffled"])) == 4


@pytest.mark.parametrize("way", WAYS)
def test_the_path_of_shuffle_is_that_of_the_library(
    shuffle_data: tuple[Tensor, Tensor], way: str
) -> None:
    features, labels = shuffle_data
    shortest = set()
    for seed, (batch_size, lr) in enumerate([(1, 0.1), (3, 0.6), (4, 0.3), (5, 0.02), (14, 0.3)]):
        found = compute(SHUFFLE_TRAINS, way, batch_size, lr, seed, 3)
        w = torch.zeros(1, 1, dtype=torch.float64, requires_grad=True)
        b = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        path = [(0.0, 0.0)]
        for batch in found["batches"]:
            squared_loss(linreg(features[batch], w, b), labels[batch]).sum().backward()
            sgd([w, b], lr, len(batch))
            path.append((w.item(), b.item()))
        torch.testing.assert_close(in_doubles(found["path"]), in_doubles(path), rtol=0, atol=1e-12)
        a_pass = len(found["batches"]) // 3
        assert found["ends"] == found["path"][a_pass::a_pass]
        shortest.add(min(map(len, found["batches"])) < batch_size)
    assert shortest == {True, False}  # a short last batch is among them


def test_the_loss_of_shuffle_its_minimum_and_contours_are_those_of_pytorch(
    shuffle_data: tuple[Tensor, Tensor],
) -> None:
    features, labels = shuffle_data

    def mean_loss(params: list[float]) -> Tensor:
        w, b = in_doubles(params)
        return squared_loss(linreg(features, w.reshape(1, 1), b), labels).mean()

    for params in ([0.0, 0.0], [2.0, 1.0], [-3.5, 7.0]):
        found = compute("Explore.shuffle.meanLoss", params)
        assert found == pytest.approx(mean_loss(params).item(), rel=1e-12)

    columns = torch.cat([features, torch.ones_like(features)], dim=1)
    file, observers = compute("() => [Explore.shuffle.file, Explore.shuffle.observers]")
    assert [*chain(*observers)] == file == list(range(len(labels)))
    for rows in (file, *observers):
        fit = compute("Explore.shuffle.leastSquares", rows)
        expected = torch.linalg.lstsq(columns[rows], labels[rows]).solution.flatten()
        torch.testing.assert_close(in_doubles(fit), expected, rtol=0, atol=1e-12)

    best = compute("Explore.shuffle.leastSquares", file)
    for height in (0.05, 1.0, 8.0):
        points = compute(
            "(best, height) =>"
            " Explore.mathematics.contour(best, Explore.shuffle.hessian(), height)",
            best,
            height,
        )
        level = (mean_loss(best) + height).item()
        assert [mean_loss(p).item() for p in points] == pytest.approx([level] * len(points))


def test_file_order_does_the_harm_that_shuffle_is_to_show() -> None:
    """At the settings with which the figure begins, however the random numbers fall."""
    best = in_doubles(compute("() => Explore.shuffle.leastSquares(Explore.shuffle.file)"))

    def ends(way: str, seed: int) -> Tensor:
        found = in_doubles(compute(SHUFFLE_TRAINS, way, 4, 0.3, seed, 10)["ends"])
        distances: Tensor = (found[5:] - best).norm(dim=1)
        return distances

    in_file_order = ends("file", 0)
    reshuffled = torch.cat([ends("reshuffled", seed) for seed in range(1, 21)])
    assert in_file_order.min() > 0.6
    assert reshuffled.mean() < in_file_order.mean() / 2
    once = ends("once", 1)
    assert once.max() - once.min() < 0.01  # always the same end


def test_small_steps_of_shuffle_settle_at_the_best_fit_unless_a_batch_is_always_short(
    shuffle_data: tuple[Tensor, Tensor],
) -> None:
    """In file order the examples of a short batch weigh more than the others, in every epoch."""
    features, labels = shuffle_data
    columns = torch.cat([features, torch.ones_like(features)], dim=1)
    for batch_size in (4, 5, 7):
        sizes = [len(batch) for batch in labels.split(batch_size) for _ in batch]
        weights = in_doubles(sizes).rsqrt().reshape(-1, 1)
        settled = torch.linalg.lstsq(weights * columns, weights * labels).solution.flatten()
        best = torch.linalg.lstsq(columns, labels).solution.flatten()
        end = in_doubles(compute(SHUFFLE_TRAINS, "file", batch_size, 0.002, 1, 2000)["ends"][-1])
        assert (end - settled).norm() < 0.01
        assert ((end - best).norm() > 0.05) == (14 % batch_size > 0)


# Tug: three losses, three lines, and the pull of each point


def tug_datasets() -> list[tuple[Tensor, Tensor, float]]:
    """Features, labels and a threshold; some on a grid, where lines meet many points."""
    generator = torch.Generator().manual_seed(2)
    options: dict[str, Any] = {"dtype": torch.float64, "generator": generator}
    datasets = []
    for k in range(60):
        x = torch.arange(1.0, 12.0).double() if k % 2 else 12 * torch.rand(11, **options)
        y = 2.5 + 0.5 * x + 0.7 * torch.randn(11, **options)
        y[torch.randperm(11, generator=generator)[: k % 6]] = 1
        delta = 10 ** (2 * torch.rand(1, **options).item() - 1)
        datasets.append((x, y.round() if k % 3 == 0 else y, delta))
    # Of the points on the line of the absolute loss some must pull as hard as they can.
    y = torch.tensor([2, 1, 3, 1, 6, 4, 7, 6, 6, 7, 7], dtype=torch.float64)
    return [*datasets, (torch.arange(1.0, 12.0).double(), y, 1.0)]


@pytest.fixture
def tug_fits() -> list[tuple[Any, ...]]:
    """Each dataset with the lines and pulls that the figure computes for it."""
    datasets = tug_datasets()
    given = [
        [[{"x": a, "y": b} for a, b in zip(x.tolist(), y.tolist())], delta]
        for x, y, delta in datasets
    ]
    fits = compute(
        "(given) => given.map(([points, delta]) => Explore.tug.fit(points, delta))", given
    )
    return [(*dataset, fit) for dataset, fit in zip(datasets, fits)]


def tug_slopes(loss: Callable[..., Tensor], line: dict[str, float], x: Any, y: Any) -> Tensor:
    """The slope of each point's loss with respect to its prediction, from PyTorch."""
    y_hat = (line["w"] * x + line["b"]).requires_grad_()
    slopes: Tensor
    (slopes,) = torch.autograd.grad(loss(y_hat, y).sum(), y_hat)
    return slopes


def assert_tug_is_balanced(pulls: Tensor, x: Tensor) -> None:
    """The derivatives of the summed loss with respect to bias and weight are zero."""
    assert abs(pulls.sum().item()) < 1e-9
    assert abs((pulls * x).sum().item()) < 1e-9


def test_tug_fits_the_squared_loss_as_torch_does(tug_fits: Any) -> None:
    for x, y, _, fits in tug_fits:
        line, pulls = fits["squared"]["line"], fits["squared"]["pulls"]
        expected = torch.linalg.lstsq(torch.stack([x, torch.ones(11).double()], 1), y).solution
        assert [line["w"], line["b"]] == pytest.approx(expected.tolist(), abs=1e-9)
        assert pulls == pytest.approx(tug_slopes(squared_loss, line, x, y).tolist(), abs=1e-12)


def test_tug_fits_the_huber_loss_until_the_pulls_balance(tug_fits: Any) -> None:
    for x, y, delta, fits in tug_fits:
        line, pulls = fits["huber"]["line"], fits["huber"]["pulls"]
        slopes = tug_slopes(partial(F.huber_loss, delta=delta, reduction="none"), line, x, y)
        assert pulls == pytest.approx(slopes.tolist(), abs=1e-12)
        assert_tug_is_balanced(slopes, x)


def test_tug_fits_the_absolute_loss_exactly(tug_fits: Any) -> None:
    """Where slopes that the loss allows balance, no line is better; random ones confirm it."""
    generator = torch.Generator().manual_seed(1)
    for x, y, _, fits in tug_fits:
        line = fits["absolute"]["line"]
        pulls = torch.tensor(fits["absolute"]["pulls"], dtype=torch.float64)
        off_the_line = (line["w"] * x + line["b"] - y).abs() > 1e-9
        slopes = tug_slopes(partial(F.l1_loss, reduction="none"), line, x, y)
        assert torch.equal(pulls[off_the_line], slopes[off_the_line])
        assert pulls.abs().max() <= 1
        assert_tug_is_balanced(pulls, x)

        steps = torch.randn(1000, 2, generator=generator) * torch.logspace(-6, 0, 1000)[:, None]
        w, b = (steps + torch.tensor([line["w"], line["b"]])).double().split(1, dim=1)
        least = (line["w"] * x + line["b"] - y).abs().sum()
        assert (w * x + b - y).abs().sum(1).min() >= least - 1e-9


def test_tug_knows_whether_the_minimum_is_a_single_line(tug_fits: Any) -> None:
    angle = torch.linspace(0, 2 * math.pi, 5000)
    circle = 1e-3 * torch.stack([angle.cos(), angle.sin()], dim=1).double()
    numbers = set()
    for x, y, _, fits in tug_fits:
        corners = [[corner["w"], corner["b"]] for corner in fits["absolute"]["corners"]]
        numbers.add(len(corners))
        lines = torch.tensor(corners, dtype=torch.float64)
        sums, around = (
            (w * x + b - y).abs().sum(1)
            for w, b in (lines.split(1, dim=1), (lines[0] + circle).split(1, dim=1))
        )
        if len(corners) == 1:  # every way leads up
            assert around.min() > sums[0]
        else:
            assert sums.max() - sums.min() < 1e-9
            assert torch.pdist(lines).min() > 1e-6
    assert {1, 2} <= numbers
