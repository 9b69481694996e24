"""The interactive figures, in a real browser: what they compute, and that all can use them."""

import csv
import math
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page
from torch import Tensor

from lr_lib import linreg, physics, sgd, squared_loss
from lr_lib.physics import BOLTZMANN_CONSTANT, PLANCK_CONSTANT, SPEED_OF_LIGHT
from tests.course import BOOK, ROOT

EXPLORE = BOOK / "_static" / "explore"
SHARED = ("explore", "mathematics")
FIGURES = sorted(path.stem for path in EXPLORE.glob("*.js") if path.stem not in SHARED)
LANGUAGES = {"en": "en", "zh": "zh-CN"}

PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{name}</title>
<link rel="stylesheet" href="{folder}/explore.css">
<style>
  html {{ --pst-color-text-base: #222; --pst-color-text-muted: #555; --pst-color-border: #ccc;
    --pst-color-background: white; --pst-color-surface: #eee; }}
  body {{ font-family: sans-serif; }}
</style>
{scripts}</head>
<body><main><figure class="explore {name}"><figcaption>The caption.</figcaption></figure></main>
</body></html>"""

OpenFigure = Callable[..., Page]


@pytest.fixture
def open_figure(browser: Browser, tmp_path: Path) -> Iterator[OpenFigure]:
    """Open one figure on a page of its own: ``open_figure("descend", "zh", reduced_motion=...)``.

    Whatever the page complains about fails the test.
    """
    pages, complaints = [], []

    def open_figure(name: str, edition: str = "en", **context: Any) -> Page:
        scripts = "".join(
            f'<script defer src="{(EXPLORE / script).as_uri()}.js"></script>\n'
            for script in (*SHARED, name)
        )
        file = tmp_path / f"{name}.{edition}.html"
        file.write_text(
            PAGE.format(
                language=LANGUAGES[edition],
                name=name,
                folder=EXPLORE.as_uri(),
                scripts=scripts,
            ),
            "utf8",
        )
        page = browser.new_page(**context)
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        page.goto(file.as_uri())
        return page

    yield open_figure
    for page in pages:
        page.close()
    assert complaints == []


# Glow


@pytest.fixture
def glow(open_figure: OpenFigure) -> Callable[..., Any]:
    """Call a function of the figure's mathematics: ``glow("intensity", 5.0, 2.7)``."""
    page = open_figure("glow")
    return lambda name, *arguments: page.evaluate(
        "([name, values]) => Explore.glow[name](...values)", [name, list(arguments)]
    )


def in_doubles(values: Any) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


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


def test_glow_has_the_shape_of_the_library_for_every_x(open_figure: OpenFigure) -> None:
    page = open_figure("glow")
    x = torch.logspace(-30, 6, 400, dtype=torch.float64)  # exp(x) overflows beyond 709
    logarithm, shape = (
        in_doubles(page.evaluate(f"x => x.map(Explore.glow.{name})", x.tolist()))
        for name in ("logPlanckShape", "planckShape")
    )
    torch.testing.assert_close(logarithm, physics.log_planck_shape(x), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(shape, physics.planck_shape(x), rtol=1e-9, atol=1e-300)
    assert (shape[x > 800] == 0).all()


def test_glow_computes_planck_s_law_from_the_sky_to_the_hottest_stars(
    open_figure: OpenFigure,
) -> None:
    page = open_figure("glow")
    T, wavelength = torch.meshgrid(
        torch.logspace(0, 5, 26, dtype=torch.float64),
        torch.logspace(-2, 6, 33, dtype=torch.float64),
        indexing="ij",
    )
    pairs = torch.stack([wavelength, T], dim=-1).reshape(-1, 2)
    logarithm = in_doubles(
        page.evaluate("pairs => pairs.map((pair) => Explore.glow.logGlow(...pair))", pairs.tolist())
    ).reshape(T.shape)
    torch.testing.assert_close(logarithm, glow_of(wavelength, T), rtol=1e-12, atol=1e-10)
    # The law as it is written in SI units, where nothing overflows.
    metres = wavelength * 1e-6
    x = PLANCK_CONSTANT * SPEED_OF_LIGHT / (metres * BOLTZMANN_CONSTANT * T)
    written = 2 * PLANCK_CONSTANT * SPEED_OF_LIGHT**2 / metres**4 / torch.expm1(x)
    moderate = x < 600
    torch.testing.assert_close(logarithm.exp()[moderate], written[moderate], rtol=1e-9, atol=0)

    pairs[:, 0] = 1e4 / pairs[:, 0]  # wavenumbers in 1/cm
    intensity = in_doubles(
        page.evaluate(
            "pairs => pairs.map((pair) => Explore.glow.intensity(...pair))", pairs.tolist()
        )
    )
    torch.testing.assert_close(intensity, sky_of(pairs[:, 0], pairs[:, 1]), rtol=1e-9, atol=1e-300)


def test_glow_has_the_sky_as_firas_measured_it(open_figure: OpenFigure) -> None:
    sky = open_figure("glow").evaluate(
        "(({ at, labels, sigma }) => ({ at, labels, sigma }))(Explore.glow.spectra.sky)"
    )
    for embedded, published in zip(sky.values(), firas(), strict=True):
        torch.testing.assert_close(in_doubles(embedded), published, rtol=1e-12, atol=0)


@pytest.mark.parametrize(("name", "truth"), [("lamp", 2800.0), ("sun", 5772.0)])
def test_glow_simulates_readings_with_the_noise_that_it_states(
    open_figure: OpenFigure, name: str, truth: float
) -> None:
    at, labels, sigma = spectrum(open_figure("glow"), name)
    noise = (labels - glow_of(at, in_doubles(truth))) / sigma
    assert noise.mean().abs() < 3 / len(at) ** 0.5
    assert 0.6 < noise.std() < 1.5


def spectrum(page: Page, name: str) -> tuple[Tensor, Tensor, Tensor]:
    at, labels, sigma = page.evaluate(
        f"(({{ at, labels, sigma }}) => [at, labels, sigma])(Explore.glow.spectra.{name})"
    )
    return in_doubles(at), in_doubles(labels), in_doubles(sigma)


TEMPERATURES = {"lamp": (300.0, 2000.0, 9000.0), "sun": (500.0, 5800.0), "sky": (1.5, 2.725, 3.0)}


@pytest.mark.parametrize("name", TEMPERATURES)
def test_the_loss_of_glow_and_its_slope_are_those_of_pytorch(
    open_figure: OpenFigure, name: str
) -> None:
    page = open_figure("glow")
    at, labels, sigma = spectrum(page, name)
    law = sky_of if name == "sky" else glow_of

    def residuals(log_T: Tensor) -> Tensor:
        return (law(at, log_T.exp()) - labels) / sigma

    for T in TEMPERATURES[name]:
        log_T = in_doubles(T).log().requires_grad_()
        chi_squared = 2 * squared_loss(residuals(log_T), torch.zeros_like(at)).sum()
        (slope,) = torch.autograd.grad(chi_squared, log_T)
        jacobian = torch.autograd.functional.jacobian(residuals, log_T.detach())
        found = page.evaluate(
            "([name, T]) => { const { glow } = Explore; const s = glow.spectra[name]; return {"
            " chiSquared: glow.chiSquared(s, T), perDegree: glow.chiSquaredPerDegree(s, T),"
            " typical: glow.typicalResidual(s, T), ...glow.derivatives(s, T) }; }",
            [name, T],
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
def test_gradient_steps_of_glow_arrive_from_either_end(
    open_figure: OpenFigure, name: str, start: float
) -> None:
    T, steps, slope, curvature, chi_squared = open_figure("glow").evaluate(
        """([name, start]) => {
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
        [name, start],
    )
    assert steps < 30
    assert abs(slope) < 1e-8 * curvature
    if name == "sky":  # as the chapter prints them
        assert f"{T:.4f} {chi_squared:.2f}" == "2.7250 1.07"
    else:
        assert pytest.approx({"lamp": 2800, "sun": 5772}[name], rel=0.05) == T
        assert 0.5 < chi_squared < 1.7


def test_the_curves_of_glow_peak_where_it_says(open_figure: OpenFigure) -> None:
    page = open_figure("glow")
    for T in (2.7, 500.0, 5772.0):
        peaks = {glow_of: "wavelengthOfMostGlow", sky_of: "wavenumberOfMostIntensity"}
        for law, name in peaks.items():
            where = page.evaluate(f"Explore.glow.{name}({T})")
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


def test_the_colours_of_glow_are_those_of_the_standard_observer(
    glow: Callable[..., Any],
) -> None:
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


def test_glow_names_its_colours(glow: Callable[..., Any]) -> None:
    names = {2.725: "microwaves", 500: "infrared", 797: "infrared", 1000: "red", 2000: "orange"}
    names |= {2800: "amber", 4000: "yellowish", 6500: "white", 12000: "bluish"}
    assert {T: glow("colourName", T) for T in names} == names
    assert [glow("glows", T) for T in (2.725, 797, 799, 6500)] == [False, False, True, True]


SAID = {
    "en": ("A black body at 1500 K glows orange.", "peaks at 2.45 µm", "Step 1."),
    "zh": ("1500 K的黑体发橙色的光。", "峰在2.45 µm处", "第1步。"),
}


@pytest.mark.parametrize("edition", SAID)
def test_glow_can_be_worked_by_keyboard_and_says_its_values(
    open_figure: OpenFigure, edition: str
) -> None:
    page = open_figure("glow", edition, reduced_motion="reduce")
    said = page.locator(".explore-say")
    colour, peak, first_step = SAID[edition]
    assert colour in said.inner_text()
    assert peak in said.inner_text()
    step, fit = page.locator(".explore-stage button").all()

    page.locator("input[type=range]").focus()
    page.keyboard.press("End")
    assert "15000 K" in said.inner_text()
    page.keyboard.press("Home")
    assert "300 K" in said.inner_text()
    page.locator("[role=slider]").focus()
    page.keyboard.press("ArrowRight")  # a hundredth
    assert "303 K" in said.inner_text()
    assert page.locator("[role=slider]").get_attribute("aria-valuetext") == "303 K"
    assert page.locator("input[type=range]").get_attribute("aria-valuetext") == "303 K"

    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowLeft")  # round to the last: the sky
    assert "3.0000 K" in said.inner_text()
    step.press("Enter")
    assert first_step in said.inner_text()
    assert "2.7628 K" in said.inner_text()
    fit.press("Enter")  # the rest at once, for there is to be no motion
    assert "2.7250 K" in said.inner_text()
    assert "1.07" in said.inner_text()
    page.wait_for_function(
        "document.querySelector('.explore-live').textContent.includes('2.7250 K')"
    )


def test_glow_walks_step_by_step_until_the_reader_searches_again(open_figure: OpenFigure) -> None:
    page = open_figure("glow")
    said = page.locator(".explore-say")
    page.locator(".explore-stage button").last.click()
    page.wait_for_function("document.querySelector('.explore-say').textContent.includes('Step 2.')")
    assert page.locator(".layer.loss .dot").count() >= 3
    page.locator("input[type=range]").press("End")
    page.wait_for_timeout(800)
    assert "Step" not in said.inner_text()
    assert "15000 K" in said.inner_text()
    assert page.locator(".layer.loss .dot").count() == 1


def test_glow_has_a_table_of_readings_curve_and_residuals(open_figure: OpenFigure) -> None:
    page = open_figure("glow")
    page.locator("input[type=radio]").last.check(force=True)
    page.locator("summary").click()
    rows = page.locator(".explore-table tbody tr").all()
    wavenumber, intensity, sigma = firas()
    assert len(rows) == len(wavenumber)
    predicted = sky_of(wavenumber, in_doubles(3.0))
    for i in (0, 20, 42):
        cells = [cell.replace("−", "-") for cell in rows[i].locator("td").all_inner_texts()]
        expected = [wavenumber[i], intensity[i], predicted[i]]
        values = in_doubles([float(cell) for cell in cells[:3]])
        torch.testing.assert_close(values, torch.stack(expected), rtol=1e-3, atol=0)
        residual = (predicted[i] - intensity[i]) / sigma[i]
        assert float(cells[3]) == pytest.approx(residual.item(), rel=0.05)


def test_the_body_of_glow_is_drawn_in_its_colour_or_called_invisible(
    open_figure: OpenFigure,
) -> None:
    page = open_figure("glow")
    sphere = page.locator(".layer.body circle").last
    assert sphere.evaluate("e => getComputedStyle(e).fill") == "rgb(255, 107, 0)"
    page.locator("input[type=range]").press("Home")
    assert page.locator(".layer.body").inner_html().endswith("invisible</text>")
    assert "its light is infrared" in page.locator(".explore-say").inner_text()


# Shuffle

WAYS = ("file", "once", "reshuffled")

SHUFFLE_TRAINS = """([way, batchSize, lr, seed, epochs]) => {
  const training = new Explore.shuffle.Training({ way, batchSize, lr }, seed);
  const batches = [];
  while (training.ends.length < epochs) {
    training.step();
    batches.push(training.batches[training.drawn - 1]);
  }
  return { batches, path: training.path, ends: training.ends };
}"""


@pytest.fixture
def shuffle_data(open_figure: OpenFigure) -> tuple[Page, Tensor, Tensor]:
    """The page of the figure, and its features and labels as columns."""
    page = open_figure("shuffle")
    data = page.evaluate("[Explore.shuffle.features, Explore.shuffle.labels]")
    features, labels = (in_doubles(values).reshape(-1, 1) for values in data)
    return page, features, labels


def test_shuffle_splits_an_order_as_pytorch_does(open_figure: OpenFigure) -> None:
    generator = torch.Generator().manual_seed(0)
    cases = [
        (torch.randperm(n, generator=generator), batch_size)
        for n in range(1, 21)
        for batch_size in range(1, 23)
    ]
    found = open_figure("shuffle").evaluate(
        "cases => cases.map(([order, batchSize]) => Explore.shuffle.split(order, batchSize))",
        [(order.tolist(), batch_size) for order, batch_size in cases],
    )
    for batches, (order, batch_size) in zip(found, cases, strict=True):
        assert batches == [batch.tolist() for batch in order.split(batch_size)]


def test_every_epoch_of_shuffle_draws_each_example_once(open_figure: OpenFigure) -> None:
    page = open_figure("shuffle")
    n = page.evaluate("Explore.shuffle.n")
    for seed, batch_size in enumerate(range(1, n + 1)):
        orders = {}
        for way in WAYS:
            batches = page.evaluate(SHUFFLE_TRAINS, [way, batch_size, 0.1, seed, 4])["batches"]
            a_pass = math.ceil(n / batch_size)
            epochs = [batches[k : k + a_pass] for k in range(0, len(batches), a_pass)]
            assert len(epochs) == 4
            sizes = [len(batch) for batch in epochs[0]]
            assert all([len(batch) for batch in epoch] == sizes for epoch in epochs)
            orders[way] = [tuple(chain.from_iterable(epoch)) for epoch in epochs]
            assert all(sorted(order) == list(range(n)) for order in orders[way])
            again = page.evaluate(SHUFFLE_TRAINS, [way, batch_size, 0.1, seed, 4])["batches"]
            assert again == batches
        assert set(orders["file"]) == {tuple(range(n))}
        assert len(set(orders["once"])) == 1
        assert orders["once"] != orders["file"]
        assert len(set(orders["reshuffled"])) == 4


@pytest.mark.parametrize("way", WAYS)
def test_the_path_of_shuffle_is_that_of_the_library(
    shuffle_data: tuple[Page, Tensor, Tensor], way: str
) -> None:
    page, features, labels = shuffle_data
    shortest = set()
    for seed, (batch_size, lr) in enumerate([(1, 0.1), (3, 0.6), (4, 0.3), (5, 0.02), (14, 0.3)]):
        found = page.evaluate(SHUFFLE_TRAINS, [way, batch_size, lr, seed, 3])
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
    shuffle_data: tuple[Page, Tensor, Tensor],
) -> None:
    page, features, labels = shuffle_data

    def mean_loss(params: list[float]) -> Tensor:
        w, b = in_doubles(params)
        return squared_loss(linreg(features, w.reshape(1, 1), b), labels).mean()

    for params in ([0.0, 0.0], [2.0, 1.0], [-3.5, 7.0]):
        found = page.evaluate("params => Explore.shuffle.meanLoss(params)", params)
        assert found == pytest.approx(mean_loss(params).item(), rel=1e-12)

    columns = torch.cat([features, torch.ones_like(features)], dim=1)
    file, observers = page.evaluate("[Explore.shuffle.file, Explore.shuffle.observers]")
    assert [*chain(*observers)] == file == list(range(len(labels)))
    for rows in (file, *observers):
        fit = page.evaluate("rows => Explore.shuffle.leastSquares(rows)", rows)
        expected = torch.linalg.lstsq(columns[rows], labels[rows]).solution.flatten()
        torch.testing.assert_close(in_doubles(fit), expected, rtol=0, atol=1e-12)

    best = page.evaluate("Explore.shuffle.leastSquares(Explore.shuffle.file)")
    for height in (0.05, 1.0, 8.0):
        points = page.evaluate(
            "([best, height]) =>"
            " Explore.mathematics.contour(best, Explore.shuffle.hessian(), height)",
            [best, height],
        )
        level = (mean_loss(best) + height).item()
        assert [mean_loss(p).item() for p in points] == pytest.approx([level] * len(points))


def test_file_order_does_the_harm_that_shuffle_is_to_show(
    shuffle_data: tuple[Page, Tensor, Tensor],
) -> None:
    """At the settings with which the figure begins, however the random numbers fall."""
    page, _, _ = shuffle_data
    best = in_doubles(page.evaluate("Explore.shuffle.leastSquares(Explore.shuffle.file)"))

    def ends(way: str, seed: int) -> Tensor:
        found = in_doubles(page.evaluate(SHUFFLE_TRAINS, [way, 4, 0.3, seed, 10])["ends"])
        return (found[5:] - best).norm(dim=1)

    in_file_order = ends("file", 0)
    reshuffled = torch.cat([ends("reshuffled", seed) for seed in range(1, 21)])
    assert in_file_order.min() > 0.6
    assert reshuffled.mean() < in_file_order.mean() / 2
    once = ends("once", 1)
    assert once.max() - once.min() < 0.01  # always the same end


SHUFFLE_SAID = {
    "en": (
        "Epoch 5, batch 4 of 4: examples 13, 14. This batch is short: its step divides by 2, "
        "not by 4. w = {w}, b = {b}, mean loss {loss}. ",
        "Epoch 6, batch 1 of 4: examples 1, 2, 3, 4.",
        "Epoch 10, batch 4 of 4",
        "No batch has been drawn yet. w = 0, b = 0",
        "the last 5 epochs: in file order 0.61, shuffled once 0.",
    ),
    "zh": (
        "第5个迭代周期，共4批，这是第4批：样本13、14。这一批不足额，这一步除以2，而不是4。"
        "w = {w}，b = {b}，平均损失为{loss}。",
        "第6个迭代周期，共4批，这是第1批：样本1、2、3、4。",
        "第10个迭代周期，共4批，这是第4批",
        "还没有抽取任何一批。w = 0，b = 0",
        "最近5个周期的终点到最佳拟合的平均距离：按文件次序0.61、只打乱一次0.",
    ),
}


@pytest.mark.parametrize("edition", SHUFFLE_SAID)
def test_shuffle_can_be_worked_by_keyboard_and_says_its_values(
    open_figure: OpenFigure, edition: str
) -> None:
    page = open_figure("shuffle", edition, reduced_motion="reduce")
    initial, sixth_epoch, tenth_epoch, nothing, distances = SHUFFLE_SAID[edition]

    def said() -> str:
        return page.locator(".explore-say").inner_text().replace("\u00a0", " ")

    w, b = page.evaluate(SHUFFLE_TRAINS, ["file", 4, 0.3, 1, 5])["path"][-1]
    loss = page.evaluate(f"Explore.shuffle.meanLoss([{w}, {b}])")
    start = initial.format(w=f"{w:.2f}", b=f"{b:.2f}", loss=f"{loss:.3f}")
    assert said().startswith(start)

    next_batch, run, start_again = page.locator(".explore-stage button").all()
    next_batch.press("Enter")
    assert said().startswith(sixth_epoch)
    run.press("Enter")  # all at once, for there is to be no motion
    assert said().startswith(tenth_epoch)
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowRight")
    assert said().startswith(nothing)
    run.press("Enter")
    assert said().startswith(tenth_epoch)
    assert distances in said()
    start_again.press("Enter")
    assert said() == said().split("0.61")[0]
    assert said().startswith(nothing)
    batch_size, lr = page.locator("input[type=range]").all()
    next_batch.press("Enter")
    assert not said().startswith(nothing)
    batch_size.press("End")
    assert page.locator("output").first.inner_text() == "14"
    assert said().startswith(nothing)
    next_batch.press("Enter")
    lr.press("ArrowLeft")
    assert page.locator("output").last.inner_text() == "0.28"
    assert said().startswith(nothing)
    next_batch.press("Enter")
    heard = said()
    page.wait_for_function(
        "said => document.querySelector('.explore-live').textContent.replaceAll('\u00a0', ' ')"
        " === said",
        arg=heard,
    )


def test_shuffle_keeps_what_was_trained_in_another_order(open_figure: OpenFigure) -> None:
    page = open_figure("shuffle", reduced_motion="reduce")
    said = page.locator(".explore-say")
    page.get_by_role("radio", name="reshuffled").check()
    page.get_by_role("button", name="Next batch").click()
    reshuffled = said.inner_text()
    page.get_by_role("radio", name="in file order").check()
    assert said.inner_text().startswith("Epoch 5, batch 4 of 4: examples 13, 14.")
    page.get_by_role("radio", name="reshuffled").check()
    assert said.inner_text() == reshuffled


def test_shuffle_has_a_table_of_the_batches_of_the_epoch(open_figure: OpenFigure) -> None:
    page = open_figure("shuffle")
    page.locator("summary").click()
    page.get_by_role("button", name="Next batch").click()
    page.get_by_role("button", name="Next batch").click()
    path = page.evaluate(SHUFFLE_TRAINS, ["file", 4, 0.3, 1, 6])["path"]
    rows = [
        row.locator("td").all_inner_texts() for row in page.locator(".explore-table tbody tr").all()
    ]
    examples = ["1, 2, 3, 4", "5, 6, 7, 8", "9, 10, 11, 12", "13, 14"]
    assert [row[:3] for row in rows] == [
        [str(k + 1), batch, "2" if k == 3 else "4"] for k, batch in enumerate(examples)
    ]
    for row, params in zip(rows[:2], path[21:23], strict=True):
        assert [float(cell) for cell in row[3:5]] == pytest.approx(params, rel=5e-3)
        loss = page.evaluate("params => Explore.shuffle.meanLoss(params)", params)
        assert float(row[5]) == pytest.approx(loss, rel=5e-3)
    assert [row[3:] for row in rows[2:]] == [["", "", ""]] * 2


def test_shuffle_marks_the_short_batch_by_its_outline_and_by_words(
    open_figure: OpenFigure,
) -> None:
    page = open_figure("shuffle", reduced_motion="reduce")
    drawing = page.locator(".explore-plot").first
    for batch_size, n in ((4, 14), (5, 14), (7, 14), (14, 14)):
        page.locator("input[type=range]").first.fill(str(batch_size))
        short = n % batch_size
        assert drawing.locator(".dashed").count() == (short > 0)
        words = f"short: {short} of {batch_size}"
        assert drawing.get_by_text(words, exact=True).count() == (short > 0)


def test_the_examples_of_shuffle_move_only_where_motion_is_welcome(
    open_figure: OpenFigure,
) -> None:
    for motion, moving in (("no-preference", 4), ("reduce", 0)):
        page = open_figure("shuffle", reduced_motion=motion)
        count = page.evaluate(
            """() => {
              document.querySelector(".explore-stage button").click();
              return document.getAnimations().length;
            }"""
        )
        assert count == moving
        # They end in the box of the first batch, in either case.
        page.wait_for_function("document.getAnimations().length === 0")
        tops = page.evaluate(
            """() => [...document.querySelectorAll(".token")]
              .map((token) => token.getBoundingClientRect().top)"""
        )
        assert max(tops[:4]) - min(tops[:4]) < 2
        assert min(tops[:4]) - max(tops[4:]) > 50
