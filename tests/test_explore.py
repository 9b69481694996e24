"""The interactive figures, in a real browser: what they compute, and that all can use them."""

import csv
import gzip
import itertools
import math
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from torch import Tensor
from torch.nn import functional as F

from book._ext import explore
from lr_lib import linreg, physics, sgd, squared_loss
from lr_lib.physics import BOLTZMANN_CONSTANT, PLANCK_CONSTANT, SPEED_OF_LIGHT
from tests.course import EDITIONS, ROOT, SITE
from tools.stills import EXPLORE, FIGURES, STILLS, figure_page, still

OpenFigure = Callable[..., Page]
every_figure = pytest.mark.parametrize("name", FIGURES)
every_edition = pytest.mark.parametrize("edition", EDITIONS)
HAN = re.compile("[\u4e00-\u9fff]")

# Things that the browser is told before a page begins.
COUNT_FRAMES = """
window.frames_asked = 0;
const ask = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (act) => { window.frames_asked += 1; return ask(act); };
"""


@pytest.fixture
def open_figure(browser: Browser, tmp_path: Path) -> Iterator[OpenFigure]:
    """Open one figure on a page of its own: ``open_figure("descend", "zh", reduced_motion=...)``.

    Whatever the page complains about fails the test, and so does a request that leaves the folder
    of the figures.
    """
    pages, complaints = [], []

    def open_figure(name: str, edition: str = "en", **context: Any) -> Page:
        file = tmp_path / f"{name}.{edition}.html"
        file.write_text(figure_page(name, edition), "utf8")
        page = browser.new_page(**context)
        page.add_init_script(COUNT_FRAMES)
        pages.append(page)
        allowed = (file.as_uri(), EXPLORE.as_uri())
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(allowed) else complaints.append(asked.url),
        )
        page.goto(file.as_uri())
        return page

    yield open_figure
    for page in pages:
        page.close()
    assert complaints == []


# Every figure


@every_figure
@every_edition
def test_a_figure_says_its_values_in_the_language_of_the_page(
    open_figure: OpenFigure, name: str, edition: str
) -> None:
    page = open_figure(name, edition)
    seen = page.locator(".explore-say").inner_text()
    assert re.search(r"\d", seen)
    live = page.locator("[aria-live=polite]")
    page.wait_for_function("document.querySelector('[aria-live]').textContent")
    # Read aloud is what is seen, once.
    assert re.sub(r"\s+", " ", live.text_content() or "") == re.sub(r"\s+", " ", seen)
    assert page.locator(".explore-say").get_attribute("aria-hidden") == "true"
    words = page.locator(".explore-stage").inner_text()
    labels = page.locator(".explore-stage [aria-label]")
    named = [element.get_attribute("aria-label") or "" for element in labels.all()]
    for text in [seen, *named, *words.split("\n")]:
        if edition == "en":
            assert not HAN.search(text), text
        else:  # letters and numbers alone are the same in every language
            assert HAN.search(text) or not re.search("[A-Za-z]{4}", text), text


def open_table(page: Page) -> Locator:
    """Unfold the table below a figure, by keyboard; the page fills it a moment later."""
    page.locator(".explore-stage summary").press("Enter")
    page.locator(".explore-table tbody tr").first.wait_for()
    return page.locator(".explore-table table")


@every_figure
@every_edition
def test_a_figure_has_a_table_as_an_alternative(
    open_figure: OpenFigure, name: str, edition: str
) -> None:
    table = open_table(open_figure(name, edition))
    columns = table.locator("thead th[scope=col]").count()
    rows = table.locator("tbody tr").all()
    assert columns >= 2
    assert rows
    for row in rows:
        assert row.locator("td, th").count() == columns
    assert "NaN" not in table.inner_text()
    assert "undefined" not in table.inner_text()


@every_figure
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_in_a_figure_keeps_readers_out(
    open_figure: OpenFigure, name: str, scheme: str
) -> None:
    page = open_figure(name, color_scheme=scheme)
    page.evaluate("scheme => { document.documentElement.dataset.theme = scheme; }", scheme)
    page.evaluate("document.querySelector('.explore-stage details').open = true")
    options = {"preload": False, "rules": {"page-has-heading-one": {"enabled": False}}}
    found = Axe().run(page, options=options)
    assert not found.response["violations"], found.generate_report()


FOCUSED = """() => {
  const e = document.activeElement;
  const inside = e.querySelector(".focus-ring");
  const shown = e.matches("[type=radio]") ? e.nextElementSibling : inside || e;
  const style = getComputedStyle(shown);
  return {
    name: e.getAttribute("aria-label") || e.textContent || (e.labels && e.labels[0].textContent),
    ring: style.outlineStyle !== "none" || (shown !== e && style.stroke !== "rgba(0, 0, 0, 0)"),
  };
}"""


@every_figure
def test_every_control_can_be_reached_and_seen_by_keyboard(
    open_figure: OpenFigure, name: str
) -> None:
    page = open_figure(name)
    # Of a group of radio buttons, Tab reaches the one that is chosen.
    stops = page.locator(
        ".explore-stage :is(button:enabled, input:not([type=radio]), input[type=radio]:checked, "
        "[role=slider][tabindex='0'], summary)"
    ).count()
    reached = 0
    while True:
        page.keyboard.press("Tab")
        if not page.evaluate("!!document.activeElement.closest('.explore-stage')"):
            break
        reached += 1
        focused = page.evaluate(FOCUSED)
        assert (focused["name"] or "").strip()
        assert focused["ring"], f"{focused['name']}: the focus is not to be seen"
    assert reached == stops >= 3
    assert page.locator("[role=slider]:not([tabindex])").count() == 0


@every_figure
def test_where_less_motion_is_wished_nothing_moves(open_figure: OpenFigure, name: str) -> None:
    page = open_figure(name, reduced_motion="reduce")
    for button in page.locator(".explore-buttons button:enabled").all():
        label = button.inner_text()
        button.click()
        # What runs ends at once; a button that would say "Pause" has nothing to pause.
        assert page.get_by_text("Pause", exact=True).count() == 0, label
    page.wait_for_timeout(300)
    assert page.evaluate("window.frames_asked") == 0
    moving = page.evaluate(
        "document.getAnimations().filter((a) => a.playState === 'running').length"
    )
    assert moving == 0


@every_figure
@every_edition
@pytest.mark.parametrize("width", [320, 390])
def test_a_figure_fits_a_phone(
    open_figure: OpenFigure, name: str, edition: str, width: int
) -> None:
    page = open_figure(name, edition, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".explore-stage :is(text, label, button)")]
          .map((e) => [e.textContent, e.getBoundingClientRect()])
          .filter(([, box]) => box.left < -0.5 || box.right > innerWidth + 0.5)
          .map(([text]) => text)"""
    )
    assert outside == []
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".explore-plot text")].map((e) =>
          parseFloat(getComputedStyle(e).fontSize) * e.ownerSVGElement.getBoundingClientRect().width
          / e.ownerSVGElement.viewBox.baseVal.width)"""
    )
    assert min(sizes, default=11) >= 11
    fingers = page.evaluate(
        """() => [...document.querySelectorAll(
            ".explore-stage :is(button, .explore-choice label, .reach)")]
          .map((e) => e.getBoundingClientRect())
          .map(({ width, height }) => Math.min(width, height))"""
    )
    assert min(fingers) >= 24  # what WCAG 2.2 asks of a target


@every_figure
def test_a_figure_follows_the_width_and_keeps_its_state(open_figure: OpenFigure, name: str) -> None:
    page = open_figure(name, viewport={"width": 1000, "height": 800})
    page.locator(".explore-stage :is([role=slider], input[type=range])").first.press("ArrowRight")
    said = page.locator(".explore-say").inner_text()
    page.set_viewport_size({"width": 340, "height": 800})
    page.wait_for_function(
        "document.querySelector('.explore-plot svg').viewBox.baseVal.width <= 340"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 340
    assert page.locator(".explore-say").inner_text().split() == said.split()


def luminance(color: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_the_series_can_be_read_as_words(
    browser: Browser, site: str, scheme: str
) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{site}/en/sgd.html")
    background, *colors = page.evaluate(
        """() => ["paper", "ink", "quiet", "blue", "orange", "green"].map((name) => {
          const probe = document.createElement("p");
          probe.style.color = `var(--${name})`;
          document.querySelector("figure.explore").append(probe);
          return getComputedStyle(probe).color; })"""
    )
    page.close()
    assert len({background, *colors}) == 6
    for color in colors:
        dark, bright = sorted((luminance(background), luminance(color)))
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, color


# Stills


@every_figure
@every_edition
def test_the_still_is_what_the_figure_draws(browser: Browser, name: str, edition: str) -> None:
    stored = (STILLS / f"{name}.{edition}.svg").read_text("utf8")
    assert stored == still(browser, name, edition), "run: make stills"


def test_there_are_no_stills_of_figures_that_are_gone() -> None:
    expected = {f"{name}.{edition}.svg" for name in FIGURES for edition in EDITIONS}
    assert {path.name for path in STILLS.glob("*.svg")} == expected


@every_figure
@every_edition
def test_a_still_needs_nothing_else(name: str, edition: str) -> None:
    text = (STILLS / f"{name}.{edition}.svg").read_text("utf8")
    assert "var(" not in text
    assert "style" not in text
    assert not re.search(r"href|url\((?!&quot;#|#|\"#)", text)
    assert bool(HAN.search(text)) == (edition == "zh")


# In the pages


def page_with(name: str, edition: str) -> Path:
    """The one page of the built book that holds a figure."""
    figure = re.compile(rf'<figure class="explore {name}[ "]')
    pages = [p for p in (SITE / edition).glob("*.html") if figure.search(p.read_text("utf8"))]
    assert len(pages) == 1, f"{name} stands in {[p.name for p in pages]}; expected one page"
    return pages[0]


@every_figure
@every_edition
def test_a_reader_without_scripts_sees_the_still(browser: Browser, name: str, edition: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(page_with(name, edition).as_uri())
    image = page.locator(f"figure.explore.{name} img")
    assert image.is_visible()
    assert len(image.get_attribute("alt") or "") > 30
    box = image.bounding_box()
    page.close()
    assert box
    size = re.match(explore.SIZE, (STILLS / f"{name}.{edition}.svg").read_text("utf8"))
    assert size
    assert box["height"] == pytest.approx(int(size[2]), abs=2), "the page would jump"


@every_figure
@every_edition
def test_a_reader_sees_the_figure_live_and_prints_the_still(
    browser: Browser, name: str, edition: str
) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(page_with(name, edition).as_uri())  # from the disk, without a server
    figure = page.locator(f"figure.explore.{name}")
    image, stage = figure.locator("img"), figure.locator(".explore-stage")
    assert (image.is_visible(), stage.is_visible()) == (False, True)
    page.emulate_media(media="print")
    assert (image.is_visible(), stage.is_visible()) == (True, False)
    assert figure.locator("figcaption .caption-number").count() == 1
    page.close()
    assert complaints == []


@every_edition
def test_only_pages_with_figures_load_the_scripts(edition: str) -> None:
    holders = {page_with(name, edition): [] for name in FIGURES}
    for name in FIGURES:
        holders[page_with(name, edition)].append(name)
    for page in (SITE / edition).rglob("*.html"):
        loaded = re.findall(r'<script[^>]* src="[^"]*/explore/(\w+)\.js', page.read_text("utf8"))
        expected = [*explore.SHARED, *holders[page]] if page in holders else []
        assert loaded == expected, page.name
        sheets = re.findall(r'href="[^"]*explore/explore\.css', page.read_text("utf8"))
        assert len(sheets) == (page in holders)


def test_the_scripts_are_small() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in EXPLORE.glob("*.*")}
    assert len(sizes) == len(FIGURES) + 3
    assert sum(sizes.values()) < 60_000, sizes


# The directive

WRITTEN = """\
# A page

```{explore} descend
:name: fig-test
:alt: What is to be seen.

The caption.
```
"""


def build_page(folder: Path, text: str) -> str:
    """What Sphinx makes of a page of the English edition; a warning is an error."""
    source = folder / "source"
    source.mkdir()
    (source / "index.md").write_text(text, "utf8")
    (source / "conf.py").write_text(
        "def setup(app):\n    app.add_config_value('edition', 'en', 'html')\n", "utf8"
    )
    settings = {"extensions": ["myst_parser", "book._ext.explore"], "numfig": True}
    with docutils_namespace():
        app = Sphinx(
            source, source, folder / "html", folder / "trees", "html",
            confoverrides=settings, warningiserror=True, status=None,
        )  # fmt: skip
        app.build()
    return (folder / "html" / "index.html").read_text("utf8")


def test_the_directive_makes_a_numbered_figure_of_the_still(tmp_path: Path) -> None:
    html = build_page(tmp_path, WRITTEN)
    assert re.search(r'<figure class="explore descend [^"]*" id="fig-test">', html)
    assert re.search(r'<img alt="What is to be seen\." [^>]*descend\.en\.svg', html)
    assert "Fig. 1" in html
    assert (tmp_path / "html" / "_images" / "descend.en.svg").is_file()


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (WRITTEN.replace("descend", "ascend"), f"figure 'ascend'; expected one of {FIGURES[0]}, "),
        (WRITTEN.replace(":alt: What is to be seen.\n", ""), "'descend' needs :alt:"),
        (WRITTEN.replace(":name: fig-test\n", ""), "'descend' needs :name:"),
    ],
)
def test_the_directive_says_what_is_wrong(tmp_path: Path, written: str, message: str) -> None:
    with pytest.raises(Exception, match=re.escape(message)):
        build_page(tmp_path, written)


def test_the_directive_asks_for_a_still_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explore, "FOLDER", tmp_path)
    with pytest.raises(Exception, match="run: make stills"):
        build_page(tmp_path, WRITTEN)


# Descend


@pytest.fixture
def descend(open_figure: OpenFigure) -> tuple[Page, Tensor, Tensor]:
    """The page, and its dataset as tensors: features of shape (n, 2), labels of shape (n, 1)."""
    page = open_figure("descend")
    X, y = page.evaluate("[Explore.descend.data.X, Explore.descend.data.y]")
    return page, in_doubles(X), in_doubles(y).reshape(-1, 1)


def in_doubles(values: Any) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


BATCHES = [[0], [5, 30], [1, 2, 3, 4], list(range(32))]


@pytest.mark.parametrize("batch", BATCHES, ids=len)
@pytest.mark.parametrize("w", [[-1.0, 0.0], [2.0, -3.4], [40.0, 17.5]])
def test_loss_and_gradient_of_descend_are_those_of_the_library(
    descend: tuple[Page, Tensor, Tensor], w: list[float], batch: list[int]
) -> None:
    page, X, y = descend
    weights = in_doubles(w).reshape(2, 1).requires_grad_()
    loss = squared_loss(linreg(X[batch], weights, 0.0), y[batch]).mean()
    loss.backward()  # type: ignore[no-untyped-call]
    computed = page.evaluate("given => Explore.descend.meanLoss(...given)", [w, batch])
    assert computed == pytest.approx(loss.item(), rel=1e-12)
    gradient = in_doubles(page.evaluate("given => Explore.descend.gradient(...given)", [w, batch]))
    assert weights.grad is not None
    torch.testing.assert_close(gradient, weights.grad.flatten(), rtol=1e-11, atol=1e-11)


PATH = """([start, lr, batchSize, steps]) => {
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
    descend: tuple[Page, Tensor, Tensor], lr: float, batch_size: int
) -> None:
    page, X, y = descend
    used, stops = page.evaluate(PATH, [[-1.0, 0.0], lr, batch_size, 100])
    w = in_doubles([[-1.0], [0.0]]).requires_grad_()
    expected = [w.detach().clone()]
    for batch in used:
        squared_loss(linreg(X[batch], w, 0.0), y[batch]).sum().backward()  # type: ignore[no-untyped-call]
        sgd([w], lr, len(batch))
        expected.append(w.detach().clone())
    torch.testing.assert_close(
        in_doubles(stops), torch.stack(expected).reshape(-1, 2), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("batch_size", [1, 4, 16, 32])
def test_an_epoch_of_descend_has_every_example_once_and_always_in_the_same_order(
    descend: tuple[Page, Tensor, Tensor], batch_size: int
) -> None:
    page, X, _ = descend
    steps = 2 * len(X) // batch_size
    used, _ = page.evaluate(PATH, [[0, 0], 0.1, batch_size, steps])
    assert {len(batch) for batch in used} == {batch_size}
    order = list(chain.from_iterable(used))
    first, second = order[: len(X)], order[len(X) :]
    assert sorted(first) == sorted(second) == list(range(len(X)))
    assert (first != second) == (batch_size < len(X)), "an order drawn anew for each epoch"
    assert page.evaluate(PATH, [[0, 0], 0.1, batch_size, steps])[0] == used


@pytest.mark.parametrize("batch", BATCHES, ids=len)
def test_the_limit_of_descend_is_that_of_the_largest_eigenvalue(
    descend: tuple[Page, Tensor, Tensor], batch: list[int]
) -> None:
    page, X, _ = descend
    hessian = X[batch].T @ X[batch] / len(batch)
    expected = 2 / torch.linalg.eigvalsh(hessian)[-1].item()
    computed = page.evaluate("batch => Explore.descend.limit(batch)", batch)
    assert computed == pytest.approx(expected, rel=1e-11)
    if len(batch) == len(X):  # one percent decides
        best = torch.linalg.lstsq(X, descend[2]).solution.flatten()
        minimum = in_doubles(page.evaluate("Explore.descend.minimum()"))
        torch.testing.assert_close(minimum, best, rtol=1e-11, atol=1e-11)
        ends = [
            page.evaluate(PATH, [[-1.0, 0.0], share * expected, 32, 1500])[1][-1]
            for share in (0.99, 1.01)
        ]
        below, above = ((in_doubles(end) - best).norm() for end in ends)
        assert below < 1e-9
        assert above > 1e5


@pytest.mark.parametrize("batch_size", [1, 2, 3])
def test_descend_says_exactly_how_far_the_steps_of_all_batches_scatter(
    descend: tuple[Page, Tensor, Tensor], batch_size: int
) -> None:
    page, X, y = descend
    w, lr = in_doubles([[0.5], [-1.0]]), 0.3
    gradients = X * (linreg(X, w, 0.0) - y)
    batches = torch.tensor(list(itertools.combinations(range(len(X)), batch_size)))
    steps = -lr * gradients[batches].mean(1)
    expected = (steps - -lr * gradients.mean(0)).square().sum(1).mean().sqrt().item()
    given = [[0.5, -1.0], lr, batch_size]
    computed = page.evaluate("given => Explore.descend.scatter(...given)", given)
    assert computed == pytest.approx(expected, rel=1e-9)
    assert page.evaluate("Explore.descend.scatter([0.5, -1], 0.3, 32)") == 0


def test_the_contours_of_descend_are_where_the_loss_is_what_they_say(
    descend: tuple[Page, Tensor, Tensor],
) -> None:
    page, X, y = descend
    points = page.evaluate(
        """() => {
          const { minimum, hessian, meanLoss } = Explore.descend;
          const height = 10 - meanLoss(minimum());
          return Explore.mathematics.contour(minimum(), hessian(), height);
        }"""
    )
    losses = squared_loss(linreg(X, in_doubles(points).T, 0.0), y.expand(-1, len(points))).mean(0)
    torch.testing.assert_close(losses, torch.full_like(losses, 10), rtol=1e-10, atol=0)
    assert len(points) > 50


DESCEND_SAID = {
    "en": (
        "Step 0: w₁ = −0.90, w₂ = 0.50;",
        r"Step 1: .* mean loss ([\d.]+), gradient",
        "0.41 is 0.89 of the limit 0.459",
        "Batches of 1 make the same step only on average",
        "The batch just used has a limit of its own",
    ),
    "zh": (
        "第0步：w₁ = −0.90，w₂ = 0.50；",
        r"第1步：.*平均损失([\d.]+)，梯度",
        "学习率0.41是上限0.459的0.89倍",
        "每批1个样本，只是平均起来与全批量走得一样",
        "刚用过的这一批自有上限",
    ),
}


@pytest.mark.parametrize("edition", DESCEND_SAID)
def test_descend_can_be_worked_by_keyboard_and_says_its_values(
    open_figure: OpenFigure, edition: str
) -> None:
    moved, stepped, rated, small, own = DESCEND_SAID[edition]
    page = open_figure("descend", edition)
    said = page.locator(".explore-say")
    keys = page.keyboard

    keys.press("Tab")  # the start
    keys.press("ArrowRight")
    keys.press("Shift+ArrowUp")
    assert moved in said.inner_text()
    start = page.locator("[role=slider]")
    assert start.get_attribute("aria-valuenow") == "-0.9"
    assert "−0.90" in (start.get_attribute("aria-valuetext") or "")
    keys.press("Tab")  # the learning rate
    keys.press("ArrowRight")
    assert rated in said.inner_text()
    keys.press("Tab")  # the batch size
    keys.press("Tab")
    keys.press("Space")  # one step
    loss = re.search(stepped, said.inner_text())
    assert loss
    expected = page.evaluate(
        "() => { const { meanLoss, sgd } = Explore.descend;"
        "return meanLoss(sgd([-0.9, 0.5], 0.41)); }"
    )
    assert float(loss[1]) == pytest.approx(expected, rel=0.01)
    keys.press("Shift+Tab")
    for _ in range(3):
        keys.press("ArrowLeft")
    assert small in said.inner_text()
    keys.press("Tab")
    keys.press("Space")
    assert own in said.inner_text()

    rows = open_table(page).locator("tbody tr")
    assert rows.count() == 3
    cells = rows.nth(1).locator("td").all_inner_texts()
    assert cells[:2] == ["1", "0.41"]
    assert float(cells[-1]) == pytest.approx(expected, rel=0.001)


@pytest.mark.parametrize(
    ("lr", "ends"), [("0.25", "both shrink, and the path arrives"), ("0.47", "never arrives")]
)
def test_descend_runs_to_the_minimum_or_away_from_it(
    open_figure: OpenFigure, lr: str, ends: str
) -> None:
    page = open_figure("descend", reduced_motion="reduce")
    page.locator("input[type=range]").fill(lr)
    page.get_by_role("button", name="Run").click()
    said = page.locator(".explore-say").inner_text()
    assert ends in said
    loss = re.search(r"mean loss ([^,]*),", said)
    assert loss
    if lr == "0.25":
        least = page.evaluate("Explore.descend.meanLoss(Explore.descend.minimum())")
        assert float(loss[1]) == pytest.approx(least, abs=0.001)
    else:
        assert "×\u00a010⁶" in loss[1]


def test_descend_starts_where_the_plot_is_pressed_or_the_start_is_dragged_to(
    open_figure: OpenFigure,
) -> None:
    page = open_figure("descend")
    said = page.locator(".explore-say")
    plot = page.locator(".explore-plot svg").first.bounding_box()
    assert plot
    page.mouse.click(plot["x"] + 300, plot["y"] + 100)
    assert said.inner_text().startswith("Step 0")
    pressed = said.inner_text()
    start = page.locator("[role=slider]").bounding_box()
    assert start
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    assert (x, y) == pytest.approx((plot["x"] + 300, plot["y"] + 100), abs=1)
    page.mouse.move(x + 5, y + 5)  # not in the middle: it must not jump
    page.mouse.down()
    assert said.inner_text() == pressed
    page.mouse.move(x - 95, y + 5)
    page.mouse.up()
    moved = page.locator("[role=slider]").bounding_box()
    assert moved
    assert moved["x"] == pytest.approx(start["x"] - 100, abs=1)
    assert moved["y"] == pytest.approx(start["y"], abs=1)


def test_what_runs_stops_out_of_sight(open_figure: OpenFigure) -> None:
    page = open_figure("descend", viewport={"width": 700, "height": 500})
    page.evaluate("document.body.append(Object.assign(document.createElement('div'), "
                  "{ style: 'height: 3000px' }))")  # fmt: skip
    page.locator("input[type=radio]").first.check(force=True)
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.wait_for_function(
        "!document.querySelector('.explore-say').textContent.startsWith('Step 8')"
    )
    page.evaluate("scrollTo(0, 3000)")
    page.get_by_role("button", name="Run").wait_for(timeout=5000)  # to its end are 20 seconds


# Glow


@pytest.fixture
def glow(open_figure: OpenFigure) -> Callable[..., Any]:
    """Call a function of the figure's mathematics: ``glow("intensity", 5.0, 2.7)``."""
    page = open_figure("glow")
    return lambda name, *arguments: page.evaluate(
        "([name, values]) => Explore.glow[name](...values)", [name, list(arguments)]
    )


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
    rows = open_table(page).locator("tbody tr").all()
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


def test_small_steps_of_shuffle_settle_at_the_best_fit_unless_a_batch_is_always_short(
    shuffle_data: tuple[Page, Tensor, Tensor],
) -> None:
    """In file order the examples of a short batch weigh more than the others, in every epoch."""
    page, features, labels = shuffle_data
    columns = torch.cat([features, torch.ones_like(features)], dim=1)
    for batch_size in (4, 5, 7):
        sizes = [len(batch) for batch in labels.split(batch_size) for _ in batch]
        weights = in_doubles(sizes).rsqrt().reshape(-1, 1)
        settled = torch.linalg.lstsq(weights * columns, weights * labels).solution.flatten()
        best = torch.linalg.lstsq(columns, labels).solution.flatten()
        end = in_doubles(
            page.evaluate(SHUFFLE_TRAINS, ["file", batch_size, 0.002, 1, 2000])["ends"][-1]
        )
        assert (end - settled).norm() < 0.01
        assert ((end - best).norm() > 0.05) == (14 % batch_size > 0)


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
    open_table(page)
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


# Tug: three losses, three lines, and the pull of each point


def tug_datasets() -> list[tuple[Tensor, Tensor, float]]:
    """Features, labels and a threshold; some on a grid, where lines meet many points."""
    generator = torch.Generator().manual_seed(2)
    options = {"dtype": torch.float64, "generator": generator}
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
def tug_fits(open_figure: OpenFigure) -> list[tuple[Any, ...]]:
    """Each dataset with the lines and pulls that the figure computes for it."""
    datasets = tug_datasets()
    given = [
        [[{"x": a, "y": b} for a, b in zip(x.tolist(), y.tolist())], delta]
        for x, y, delta in datasets
    ]
    fits = open_figure("tug").evaluate(
        "(given) => given.map(([points, delta]) => Explore.tug.fit(points, delta))", given
    )
    return [(*dataset, fit) for dataset, fit in zip(datasets, fits)]


def tug_slopes(loss: Callable[..., Tensor], line: dict[str, float], x: Any, y: Any) -> Tensor:
    """The slope of each point's loss with respect to its prediction, from PyTorch."""
    y_hat = (line["w"] * x + line["b"]).requires_grad_()
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


def tug_points(page: Page) -> list[str]:
    """Where the points are, as the first panel tells a screen reader."""
    handles = page.locator(".explore-plot").first.locator(".handle").all()
    return [handle.get_attribute("aria-valuetext") or "" for handle in handles]


def test_tug_by_keyboard(open_figure: OpenFigure) -> None:
    page = open_figure("tug", reduced_motion="reduce")
    said = page.locator(".explore-say")
    assert "squared 0.28, 3.65; absolute 0.48, 2.92; Huber 0.47, 2.99" in said.inner_text()
    assert "Point 10 is farthest off and does 37%, 10% and 16%" in said.inner_text()
    home = tug_points(page)

    for _ in range(10):  # each point is one stop
        page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("aria-label") == "point 10"
    for key in ("Shift+ArrowUp",) * 7 + ("ArrowLeft",):
        page.keyboard.press(key)
    assert tug_points(page) == [*home[:9], "x = 9.8, y = 8.5", home[10]]
    assert "squared 0.54, 2.75" in said.inner_text()

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("type") == "range"
    page.keyboard.press("Home")
    assert page.locator("output").inner_text() == "0.10"
    assert "Huber 0.55, 2.61" in said.inner_text()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the highest point falls
    assert tug_points(page)[10] == "x = 11.0, y = 1.5"
    assert "Point 11 is farthest off" in said.inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert tug_points(page) == home


def test_tug_says_and_shows_when_several_lines_are_as_good(open_figure: OpenFigure) -> None:
    page = open_figure("tug", reduced_motion="reduce")
    strip = page.locator(".explore-plot").nth(1).locator(".area")
    for several in (False, False, True):
        assert ("not a single line" in page.locator(".explore-say").inner_text()) == several
        assert (strip.count() == 1) == several
        page.get_by_role("button", name="Make an outlier").click()


def test_tug_has_a_table_of_residuals_and_pulls(open_figure: OpenFigure) -> None:
    page = open_figure("tug", "zh")
    table = [row.split("\t") for row in open_table(page).inner_text().splitlines()]
    assert table[0][:5] == ["点", "x", "y", "残差，平方损失", "拉力，平方损失"]
    assert len(table) == 12
    assert table[10] == ["10", "10.0", "1.5", "4.99", "4.99", "6.18", "1.00", "6.22", "1.00"]


@pytest.mark.parametrize("panel", [0, 1, 2])
def test_tug_drags_the_nearest_point_in_every_panel(open_figure: OpenFigure, panel: int) -> None:
    page = open_figure("tug", viewport={"width": 760, "height": 900})
    home = tug_points(page)
    dot = page.locator(".explore-plot").nth(panel).locator(".handle .dot").nth(4).bounding_box()
    # Nearest to the fifth point, but within reach of the sixth, which lies on top.
    x, y = dot["x"] + dot["width"] / 2 + 7, dot["y"] + dot["height"] / 2 - 7
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 20, steps=4)
    page.mouse.up()
    moved = tug_points(page)
    assert [i for i in range(11) if moved[i] != home[i]] == [4]
    assert moved[4].startswith("x = 5.0, y = 6.")


@pytest.mark.parametrize(("width", "rows"), [(320, 3), (440, 3), (560, 1), (1280, 1)])
def test_tug_has_its_panels_in_one_row_or_one_column(
    open_figure: OpenFigure, width: int, rows: int
) -> None:
    page = open_figure("tug", viewport={"width": width, "height": 900})
    plots = page.locator(".explore-plot svg").all()
    boxes = [plot.bounding_box() for plot in plots]
    assert len({round(box["y"]) for box in boxes if box}) == rows
    drawn = [plot.evaluate("e => e.viewBox.baseVal.width") for plot in plots]
    assert drawn == pytest.approx([box["width"] for box in boxes if box], abs=1)


def test_tug_an_outlier_takes_its_time_unless_motion_is_unwelcome(open_figure: OpenFigure) -> None:
    fallen = "x = 11.0, y = 1.5"
    for wish in ("no-preference", "reduce"):
        page = open_figure("tug", reduced_motion=wish)
        at_once = page.evaluate(
            """() => {
              document.querySelector(".explore-button").click();
              return document.querySelectorAll(".handle")[10].getAttribute("aria-valuetext");
            }"""
        )
        assert (at_once == fallen) == (wish == "reduce")
        page.wait_for_function(
            "(text) => document.querySelectorAll('.handle')[10].ariaValueText === text", arg=fallen
        )
