"""The built site in a real browser: languages, privacy, accessibility, keyboard, layout."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.course import EDITIONS, SITE

WIDTHS = {"desktop": 1280, "phone": 390}


# Languages


@pytest.mark.parametrize(("locale", "edition"), [("en-US", "en"), ("zh-CN", "zh"), ("zh-TW", "zh")])
def test_a_reader_lands_in_the_edition_of_the_browser(
    browser: Browser, site: str, locale: str, edition: str
) -> None:
    page = browser.new_page(locale=locale)
    page.goto(f"{site}/")
    page.wait_for_url(f"{site}/{edition}/index.html")
    page.close()


def test_a_reader_of_another_language_chooses_and_is_remembered(
    browser: Browser, site: str
) -> None:
    page = browser.new_page(locale="de-DE")
    page.goto(f"{site}/")
    page.wait_for_timeout(300)
    assert page.url == f"{site}/"
    assert page.locator("a.edition").count() == 2
    page.locator("a.edition[data-edition=zh]").click()
    page.wait_for_url(f"{site}/zh/index.html")
    page.goto(f"{site}/")
    page.wait_for_url(f"{site}/zh/index.html")
    page.close()


def test_the_switch_leads_to_the_same_section_and_is_remembered(
    browser: Browser, site: str
) -> None:
    page = browser.new_page(locale="en-US")
    page.goto(f"{site}/en/sgd.html#sgd-summary")
    page.locator("a.language-switch").click()
    page.wait_for_url(f"{site}/zh/sgd.html#sgd-summary")
    page.goto(f"{site}/")
    page.wait_for_url(f"{site}/zh/index.html")
    page.goto(f"{site}/zh/linreg.html")
    page.locator("a.language-switch").click()
    page.wait_for_url(f"{site}/en/linreg.html")
    page.close()


# Every page, visited once


def every_page() -> Iterator[Any]:
    """All pages of the site, as parameters of a test; each edition can have a process.

    The editions differ in their words alone, so each page is visited in one of them, in turn;
    the slow part visits it in the other one, and the solutions. What stands at the top is visited
    in both.
    """
    yield pytest.param("index.html", marks=pytest.mark.xdist_group("visits-en"))
    for position, edition in enumerate(EDITIONS):
        pages = (
            page.relative_to(SITE / edition).as_posix() for page in (SITE / edition).rglob("*.html")
        )
        for number, page in enumerate(sorted(page for page in pages if "_static" not in page)):
            marks = [pytest.mark.xdist_group(f"visits-{edition}")]
            solution = page.startswith("solutions/")
            if solution or (number % 2 != position and page not in IN_BOTH):
                marks.append(pytest.mark.slow)
            yield pytest.param(f"{edition}/{page}", marks=marks)


IN_BOTH = {"index.html", "assignments.html", "glossary.html", "search.html"}
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf8")
LOOK = Path(__file__).with_name("accessibility.js").read_text("utf8")
# In the frame after a change of size, the page lets the keyboard reach what now scrolls.
LAID_OUT = "new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))"
COLORS = ["color-contrast", "link-in-text-block"]
ONLY_COLORS = {"runOnly": COLORS}
NO_COLORS = {"rules": {rule: {"enabled": False} for rule in COLORS}}
# What axe is asked at which width, by which light: of the whole page (or of texts in styles
# that have not passed yet), which rules. What is hidden on a phone or by light changes the
# answers to most rules, so that all of them are asked twice; only those on colors
# can change with the light alone.
LOOKS: list[tuple[str, str, list[tuple[bool, dict[str, Any]]]]] = [
    ("phone", "light", [(True, {})]),
    ("phone", "dark", [(True, ONLY_COLORS)]),
    ("desktop", "dark", [(True, NO_COLORS), (False, ONLY_COLORS)]),
    ("desktop", "light", [(False, ONLY_COLORS)]),
]


@dataclass
class Visit:
    """What was seen on a page."""

    asked: list[str] = field(default_factory=list)  # addresses
    failed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # errors on the console
    cookies: int = 0
    wide: dict[int, list[str]] = field(default_factory=dict)  # what sticks out, by width
    violations: dict[str, list[str]] = field(default_factory=dict)  # of accessibility


def fold(page: Page, *, folded: bool) -> None:
    """Unfold what is folded, or fold that again."""
    page.evaluate(
        """(folded) => {
          window.folds ??= [...document.querySelectorAll("details:not([open])")];
          for (const fold of window.folds) fold.open = !folded;
        }""",
        folded,
    )


def look_at(page: Page, seen: Visit) -> None:
    """Measure the page that is open and have axe look at it; on a phone all is unfolded."""
    page.evaluate(AXE)
    page.evaluate(LOOK)
    page.evaluate("thinOutCode()")
    fold(page, folded=False)
    for width in (1280, 1024, 320, WIDTHS["phone"]):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            seen.wide[width] = page.evaluate(
                """() => [...document.querySelectorAll("main *")]
                  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
                  .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""
            )
    for width_name, light, questions in LOOKS:
        fold(page, folded=width_name == "desktop")
        page.set_viewport_size({"width": WIDTHS[width_name], "height": 800})
        page.emulate_media(color_scheme=light)  # type: ignore[arg-type]
        page.evaluate("(light) => { document.documentElement.dataset.theme = light; }", light)
        page.evaluate(LAID_OUT)
        for question in questions:
            found = page.evaluate("(question) => lookAt(...question)", question)
            for rule, where in found.items():
                seen.violations[f"{rule} on a {width_name}, {light}"] = where


@pytest.fixture(scope="module")
def visitor(browser: Browser, site: str) -> Iterator[Callable[[str], Visit]]:
    """Visits a page of the site, after one another in one tab."""
    seen = Visit()
    # The landing page waits for a reader of another language than its two.
    context = browser.new_context(locale="de-DE", reduced_motion="reduce")
    page = context.new_page()
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("requestfailed", lambda request: seen.failed.append(request.url))
    page.on("response", lambda r: seen.failed.append(r.url) if r.status >= 400 else None)
    page.on("console", lambda m: seen.said.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: seen.said.append(str(error)))

    def visit(address: str) -> Visit:
        nonlocal seen
        seen = Visit()
        page.set_viewport_size({"width": WIDTHS["desktop"], "height": 800})
        page.goto(f"{site}/{address}")
        look_at(page, seen)
        seen.cookies = len(context.cookies())
        return seen

    yield visit
    context.close()


@pytest.fixture(scope="module", params=every_page())
def visit(request: pytest.FixtureRequest, visitor: Callable[[str], Visit]) -> Visit:
    return visitor(request.param)


def test_a_page_asks_nobody_else_and_leaves_no_cookie(visit: Visit, site: str) -> None:
    assert [url for url in visit.asked if not url.startswith((site, "data:"))] == []
    assert visit.failed == []
    assert visit.said == []
    assert visit.cookies == 0


def test_no_page_scrolls_sideways(visit: Visit) -> None:
    assert visit.wide == {}


def test_axe_finds_no_violation(visit: Visit) -> None:
    assert visit.violations == {}


def test_the_site_works_opened_from_a_folder(page: Page) -> None:
    page.goto((SITE / "zh" / "squared-loss.html").as_uri())
    assert page.evaluate(
        "document.fonts.ready.then(() => document.fonts.check('16px Course Math'))"
    )
    icon = page.locator(".theme-switch-button:visible .fa-solid:visible").first.bounding_box()
    assert icon
    assert icon["width"] > 5
    page.locator("a.language-switch").click()
    page.wait_for_url("**/en/squared-loss.html")


# Layout


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("width", WIDTHS)
def test_one_header_and_one_search(page: Page, site: str, edition: str, width: str) -> None:
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    page.goto(f"{site}/{edition}/sgd.html")
    assert page.locator(".bd-header:visible, .bd-header-article:visible").count() == 1
    buttons = page.locator(".search-button__button:visible, input[type=search]:visible")
    assert buttons.count() == 1
    buttons.first.click()
    field = page.locator("input[type=search]:visible")
    assert field.count() == 1
    assert (
        field.get_attribute("placeholder") == {"en": "Search this book", "zh": "搜索本书"}[edition]
    )


def test_light_and_dark(page: Page, site: str) -> None:
    def brightness(scheme: str) -> int:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(f"{site}/en/sgd.html")
        color = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in color.strip("rgba()").split(",")[:3])

    assert brightness("light") > 700
    assert brightness("dark") < 150
    # What is printed from there is dark on white, of every color that a text has.
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")
    assert page.evaluate(PALE_ON_PAPER) == []
    figure = "getComputedStyle(document.querySelector('.cell_output img')).filter"
    assert page.evaluate(figure) == "none"
    page.emulate_media(media="screen", color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    for event, theme in (
        ("beforeprint", "light"),
        ("afterprint", "dark"),
    ):  # where there is no more
        page.evaluate("(event) => dispatchEvent(new Event(event))", event)
        assert page.evaluate("document.documentElement.dataset.theme") == theme


# The texts of a page that would be hard to read in print: too little contrast, or not on white.
PALE_ON_PAPER = """() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const linear = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = color.map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    if (!e) return [255, 255, 255];
    const [r, g, b, alpha = 1] = parts(getComputedStyle(e).backgroundColor);
    const below = alpha < 1 ? ground(e.parentElement) : [0, 0, 0];
    return [r, g, b].map((c, i) => alpha * c + (1 - alpha) * below[i]);
  };
  const texts = [...document.querySelectorAll("article *")].filter((e) =>
    e.checkVisibility({ visibilityProperty: true }) &&
    [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim()));
  const pale = texts.filter((e) => {
    const [text, paper] = [light(parts(getComputedStyle(e).color)), light(ground(e))];
    return paper < 0.8 || (paper + 0.05) / (text + 0.05) < 4.5;
  });
  return pale.map((e) => e.outerHTML.slice(0, 100));
}"""


def test_the_button_changes_between_light_and_dark(page: Page, site: str) -> None:
    page.goto(f"{site}/en/sgd.html")
    modes = set()
    for _ in range(3):
        page.locator(".theme-switch-button:visible").first.click()
        modes.add(page.evaluate("document.documentElement.dataset.mode"))
    assert modes == {"light", "dark", "auto"}


def test_the_mark_of_a_heading_is_seen_when_pointed_at_or_reached(page: Page, site: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{site}/zh/references.html")
    heading = page.locator("article h1")
    mark = page.get_by_role("link", name="此标题的链接")
    expect(mark).to_have_css("opacity", "0")
    heading.hover()
    expect(mark).to_have_css("opacity", "1")
    page.mouse.move(0, 0)
    expect(mark).to_have_css("opacity", "0")
    page.keyboard.press("Tab")
    mark.focus()
    expect(mark).to_have_css("opacity", "1")


def test_code_wider_than_a_phone_scrolls_in_its_own_box(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site}/en/sgd.html")
    scrolled = page.evaluate(
        """() => [...document.querySelectorAll("pre")].filter((box) => {
          box.scrollLeft = 50; return box.scrollLeft > 0; }).length"""
    )
    assert scrolled > 0


def test_a_wide_formula_can_be_reached_and_scrolled_by_keyboard(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{site}/en/synthetic-data.html")
    page.wait_for_function("document.querySelector('div.math[tabindex]')")
    box = page.locator("div.math[tabindex]").first
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


# Keyboard


@pytest.mark.parametrize("width", WIDTHS)
def test_keyboard_alone_reaches_everything_and_the_focus_is_seen(
    page: Page, site: str, width: str
) -> None:
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    page.goto(f"{site}/en/sgd.html")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    wanted = page.evaluate(
        """() => {
          const stops = "a[href], button, input, select, summary, [tabindex='0']";
          const all = [...document.querySelectorAll(stops)]
            .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
              && !e.disabled && e.tabIndex >= 0 && !e.closest("[inert]"));
          all.forEach((e, i) => { e.dataset.stop = i; });
          return all.filter((e) => e.type !== "radio").map((e) => e.dataset.stop);
        }"""
    )
    reached, unseen = set(), []
    for _ in range(2 * len(wanted)):  # with the marks of headings, which appear when focused
        stop = page.evaluate(
            """() => {
              const e = document.activeElement;
              if (e === document.body) return null;
              const style = getComputedStyle(e);
              const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
                || style.boxShadow !== "none" || e.querySelector(".focus-ring") !== null;
              return [e.dataset.stop ?? "", seen, e.outerHTML.slice(0, 100)];
            }"""
        )
        if stop is not None:
            reached.add(stop[0])
            if not stop[1]:
                unseen.append(stop[2])
        page.keyboard.press("Tab")
    assert set(wanted) - reached == set()
    assert unseen == []
