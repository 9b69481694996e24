"""The interactive figures in a real browser: what they show and say, and that all can use them.

What they compute is the matter of test_explore_mathematics.py.
"""

import functools
import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import explore
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    ViewportSize,
)
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace

from tests.book.test_explore_mathematics import SHUFFLE_TRAINS, compute, firas, in_doubles, sky_of
from tests.course import BOOK, CHAPTERS, EDITIONS, SITE, files, in_turn, prose
from tools.stills import EXPLORE, FIGURES, figure_page, still, still_file

OpenFigure = Callable[..., Page]
every_figure = pytest.mark.parametrize("name", FIGURES)
every_edition = pytest.mark.parametrize("edition", EDITIONS)
every_figure_in_turn = pytest.mark.parametrize(("name", "edition"), in_turn(FIGURES))
HAN = re.compile("[\u4e00-\u9fff]")

# Things that the browser is told before a page begins.
COUNT_FRAMES = """
window.frames_asked = 0;
const ask = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (act) => { window.frames_asked += 1; return ask(act); };
"""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    tab = browser.new_page()
    tab.add_init_script(COUNT_FRAMES)
    yield tab
    tab.close()


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the scripts of the page stumble over; any of it fails the test."""
    complaints: list[str] = []

    def listen(error: Error) -> None:
        complaints.append(str(error))

    page.on("pageerror", listen)
    yield complaints
    page.remove_listener("pageerror", listen)
    assert complaints == []


@pytest.fixture
def open_figure(page: Page, complaints: list[str], tmp_path: Path) -> Iterator[OpenFigure]:
    """Open one figure on a page of its own: ``open_figure("descend", "zh", reduced_motion=...)``.

    Whatever the page complains about fails the test, and so does a request that leaves the folder
    of the figures.
    """
    allowed = (tmp_path.as_uri(), EXPLORE.as_uri())

    def read(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def watch(request: Request) -> None:
        if not request.url.startswith(allowed):
            complaints.append(request.url)

    def open_figure(
        name: str, edition: str = "en", viewport: ViewportSize | None = None, **media: Any
    ) -> Page:
        file = tmp_path / f"{name}.{edition}.html"
        file.write_text(figure_page(name, edition), "utf8")
        if viewport:
            page.set_viewport_size(viewport)
        page.emulate_media(**media)
        page.goto(file.as_uri())
        return page

    page.on("console", read)
    page.on("request", watch)
    yield open_figure
    page.remove_listener("console", read)
    page.remove_listener("request", watch)


# Every figure


@every_figure_in_turn
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


@every_figure_in_turn
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
    options = {
        "preload": False,
        "resultTypes": ["violations"],
        "rules": {"page-has-heading-one": {"enabled": False}},
    }
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


@every_figure_in_turn
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
def test_the_colours_of_the_series_can_be_read_as_words(page: Page, site: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{site}/en/sgd.html")
    background, *colors = page.evaluate(
        """() => ["paper", "ink", "quiet", "blue", "orange", "green"].map((name) => {
          const probe = document.createElement("p");
          probe.style.color = `var(--${name})`;
          document.querySelector("figure.explore").append(probe);
          return getComputedStyle(probe).color; })"""
    )
    assert len({background, *colors}) == 6
    for color in colors:
        dark, bright = sorted((luminance(background), luminance(color)))
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, color


# Stills


@every_figure_in_turn
def test_the_still_is_what_the_figure_draws(browser: Browser, name: str, edition: str) -> None:
    stored = still_file(name, edition).read_text("utf8")
    assert stored == still(browser, name, edition), "run: make stills"


@every_edition
def test_there_are_no_drawings_of_figures_that_are_gone(edition: str) -> None:
    text = "\n".join(prose(edition, chapter) for chapter in CHAPTERS)
    shown = re.findall(r"^```\{figure\} figures/(.*)$", text, re.M)
    assert sorted(shown) == [path.name for path in files(BOOK / edition / "figures")]
    assert {still_file(name, edition).name for name in FIGURES} <= set(shown)


@every_figure
@every_edition
def test_a_still_needs_nothing_else(name: str, edition: str) -> None:
    text = still_file(name, edition).read_text("utf8")
    assert "var(" not in text
    assert "style" not in text
    assert not re.search(r"href|url\((?!&quot;#|#|\"#)", text)
    assert bool(HAN.search(text)) == (edition == "zh")


# In the pages


@functools.cache
def page_with(name: str, edition: str) -> Path:
    """The one page of the built book that holds a figure."""
    figure = re.compile(rf'<figure class="explore {name}[ "]')
    pages = [p for p in (SITE / edition).glob("*.html") if figure.search(p.read_text("utf8"))]
    assert len(pages) == 1, f"{name} stands in {[p.name for p in pages]}; expected one page"
    return pages[0]


@pytest.fixture(scope="module")
def tab_without_scripts(browser: Browser) -> Iterator[Page]:
    tab = browser.new_page(java_script_enabled=False)
    yield tab
    tab.close()


@every_figure_in_turn
def test_a_reader_without_scripts_sees_the_still(
    tab_without_scripts: Page, name: str, edition: str
) -> None:
    tab_without_scripts.goto(page_with(name, edition).as_uri())
    image = tab_without_scripts.locator(f"figure.explore.{name} img")
    assert image.is_visible()
    assert len(image.get_attribute("alt") or "") > 30
    box = image.bounding_box()
    assert box
    size = re.match(explore.SIZE, still_file(name, edition).read_text("utf8"))
    assert size
    assert box["height"] == pytest.approx(int(size[2]), abs=2), "the page would jump"


@every_figure_in_turn
@pytest.mark.usefixtures("complaints")
def test_a_reader_sees_the_figure_live_and_prints_the_still(
    page: Page, name: str, edition: str
) -> None:
    page.goto(page_with(name, edition).as_uri())  # from the disk, without a server
    figure = page.locator(f"figure.explore.{name}")
    image, stage = figure.locator("img"), figure.locator(".explore-stage")
    assert (image.is_visible(), stage.is_visible()) == (False, True)
    page.emulate_media(media="print")
    assert (image.is_visible(), stage.is_visible()) == (True, False)
    assert figure.locator("figcaption .caption-number").count() == 1


@every_edition
def test_only_pages_with_figures_load_the_scripts(edition: str) -> None:
    holders: dict[Path, list[str]] = {page_with(name, edition): [] for name in FIGURES}
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


# The extension

WRITTEN = """\
# A page

```{figure} figures/descend.svg
:name: fig-test
:alt: What is to be seen.
:class: explore descend

The caption.
```
"""


STILL = still_file("descend", "en").read_text("utf8")


def build_page(folder: Path, text: str, still: str = STILL) -> str:
    """What Sphinx makes of a page of the English edition; a warning is an error."""
    source = folder / "source"
    (source / "figures").mkdir(parents=True)
    if still:
        (source / "figures" / "descend.svg").write_text(still, "utf8")
    (source / "index.md").write_text(text, "utf8")
    (source / "conf.py").write_text(
        "def setup(app):\n    app.add_config_value('edition', 'en', 'html')\n", "utf8"
    )
    settings = {"extensions": ["myst_parser", "explore"], "numfig": True}
    with docutils_namespace():
        app = Sphinx(
            source, source, folder / "html", folder / "trees", "html",
            confoverrides=settings, warningiserror=True, status=None,
        )  # fmt: skip
        app.build()
    return (folder / "html" / "index.html").read_text("utf8")


def test_a_figure_gets_the_class_and_the_size_that_its_script_expects(tmp_path: Path) -> None:
    html = build_page(tmp_path, WRITTEN)
    assert re.search(r'<figure class="explore descend [^"]*" id="fig-test">', html)
    image = re.search(r'<img alt="What is to be seen\." [^>]*descend\.svg[^>]*>', html)
    size = re.match(explore.SIZE, STILL)
    assert image
    assert size
    assert "class" not in image[0]
    assert f'style="width: {size[1]}px; height: {size[2]}px;"' in image[0]
    assert "Fig. 1" in html
    assert "explore/descend.js" in html


def test_a_figure_without_the_class_stays_as_it_is(tmp_path: Path) -> None:
    html = build_page(tmp_path, WRITTEN.replace(":class: explore descend\n", ""))
    assert "width:" not in html
    assert "explore" not in html


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            WRITTEN.replace("descend", "ascend"),
            f"explore ascend; expected .* one of {FIGURES[0]}, ",
        ),
        (
            WRITTEN.replace("explore descend", "explore tug"),
            "shows figures/descend.svg and has .* tug",
        ),
        (
            WRITTEN.replace("explore descend", "explore"),
            ":class: explore; expected .* explore NAME",
        ),
        (WRITTEN.replace(":alt: What is to be seen.\n", ""), "'descend' needs :alt:"),
        (WRITTEN.replace(":name: fig-test\n", ""), "'descend' needs :name:"),
    ],
    ids=["no script", "another script", "no name of a script", "no alt", "no name"],
)
def test_a_mistake_is_named_with_its_page(tmp_path: Path, written: str, message: str) -> None:
    with pytest.raises(ExtensionError, match=f"^en/index: .*{message}"):
        build_page(tmp_path, written)


@pytest.mark.parametrize(
    "still", ["", STILL.replace(" height=", " tall=", 1)], ids=["missing", "no size"]
)
def test_a_still_that_is_missing_or_has_no_size_is_asked_for(tmp_path: Path, still: str) -> None:
    message = r"^en/index: the still figures/descend\.svg is missing .*; run: make stills"
    with pytest.raises(ExtensionError, match=message):
        build_page(tmp_path, WRITTEN, still)


# Descend


DESCEND_SAID = {
    "en": (
        "Step 0: w₁ = −0.90, w₂ = 0.50;",
        r"Step 1: .* mean loss ([\d.]+), gradient",
        "0.41 is 0.89 of the limit 0.459",
        "Batches of 1 make the same step only on average",
        "The limit for the batch just used is",
    ),
    "zh": (
        "第0步：w₁ = −0.90，w₂ = 0.50；",
        r"第1步：.*平均损失([\d.]+)，梯度",
        "学习率0.41是上限0.459的0.89倍",
        "每批1个样本，只在平均意义上与全部样本走的一步相同",
        "对刚用过的这一批，上限是",
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
    expected = compute("() => Explore.descend.meanLoss(Explore.descend.sgd([-0.9, 0.5], 0.41))")
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
        least = compute("() => Explore.descend.meanLoss(Explore.descend.minimum())")
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
    assert "it emits infrared light" in page.locator(".explore-say").inner_text()


# Shuffle

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
        "第5个迭代周期，第4批（共4批）：样本13、14。这一批不完整，这一步除以2，而不是4。"
        "w = {w}，b = {b}，平均损失为{loss}。",
        "第6个迭代周期，第1批（共4批）：样本1、2、3、4。",
        "第10个迭代周期，第4批（共4批）",
        "还没有抽取任何一批。w = 0，b = 0",
        "最近5个迭代周期的终点到最佳拟合的平均距离：按文件顺序0.61、只打乱一次0.",
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

    w, b = compute(SHUFFLE_TRAINS, "file", 4, 0.3, 1, 5)["path"][-1]
    loss = compute("Explore.shuffle.meanLoss", [w, b])
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
    path = compute(SHUFFLE_TRAINS, "file", 4, 0.3, 1, 6)["path"]
    rows = [
        row.locator("td").all_inner_texts() for row in page.locator(".explore-table tbody tr").all()
    ]
    examples = ["1, 2, 3, 4", "5, 6, 7, 8", "9, 10, 11, 12", "13, 14"]
    assert [row[:3] for row in rows] == [
        [str(k + 1), batch, "2" if k == 3 else "4"] for k, batch in enumerate(examples)
    ]
    for row, params in zip(rows[:2], path[21:23], strict=True):
        assert [float(cell) for cell in row[3:5]] == pytest.approx(params, rel=5e-3)
        loss = compute("Explore.shuffle.meanLoss", params)
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


def tug_points(page: Page) -> list[str]:
    """Where the points are, as the first panel tells a screen reader."""
    handles = page.locator(".explore-plot").first.locator(".handle").all()
    return [handle.get_attribute("aria-valuetext") or "" for handle in handles]


def test_tug_by_keyboard(open_figure: OpenFigure) -> None:
    page = open_figure("tug", reduced_motion="reduce")
    said = page.locator(".explore-say")
    assert "squared 0.28, 3.65; absolute 0.48, 2.92; Huber 0.47, 2.99" in said.inner_text()
    assert "Point 10 is the farthest" in said.inner_text()
    assert "Its share of all pulls is 37%, 10% and 16%" in said.inner_text()
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
    assert "Point 11 is the farthest" in said.inner_text()
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
    assert dot is not None
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
