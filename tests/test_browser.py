"""The built site in a real browser: languages, privacy, accessibility, keyboard, layout."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from tests.course import EDITIONS, SITE

WIDTHS = {"desktop": 1280, "phone": 390}
PAGES = sorted(
    f"{edition}/{page.name}" for edition in EDITIONS for page in (SITE / edition).glob("*.html")
)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


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


def test_the_switch_leads_to_the_same_page_and_is_remembered(browser: Browser, site: str) -> None:
    page = browser.new_page(locale="en-US")
    page.goto(f"{site}/en/sgd.html")
    page.locator("a.language-switch").click()
    page.wait_for_url(f"{site}/zh/sgd.html")
    page.goto(f"{site}/")
    page.wait_for_url(f"{site}/zh/index.html")
    page.goto(f"{site}/zh/linreg.html")
    page.locator("a.language-switch").click()
    page.wait_for_url(f"{site}/en/linreg.html")
    page.close()


# Every page, visited once

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf8")


@dataclass
class Visit:
    """What was seen on a page."""

    asked: list[str] = field(default_factory=list)  # addresses
    failed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # errors on the console
    cookies: int = 0
    wide: dict[int, list[str]] = field(default_factory=dict)  # what sticks out, by width
    violations: dict[str, list[str]] = field(default_factory=dict)  # of accessibility


@pytest.fixture(scope="module", params=["index.html", *PAGES])
def visit(request: pytest.FixtureRequest, browser: Browser, site: str) -> Visit:
    seen = Visit()
    # The landing page waits for a reader of another language than its two.
    context = browser.new_context(locale="de-DE", reduced_motion="reduce")
    page = context.new_page()
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("requestfailed", lambda request: seen.failed.append(request.url))
    page.on("response", lambda r: seen.failed.append(r.url) if r.status >= 400 else None)
    page.on("console", lambda m: seen.said.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: seen.said.append(str(error)))
    page.goto(f"{site}/{request.param}", wait_until="networkidle")
    for width in (1280, 1024, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            seen.wide[width] = page.evaluate(
                """() => [...document.querySelectorAll("main *")]
                  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
                  .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""
            )
    page.evaluate(AXE)
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 800})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
            for violation in page.evaluate("axe.run({ resultTypes: ['violations'] })")[
                "violations"
            ]:
                where = [node["html"][:120] for node in violation["nodes"][:3]]
                seen.violations[f"{violation['id']} at {width}, {theme}"] = where
    seen.cookies = len(context.cookies())
    context.close()
    return seen


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
def test_one_header_and_one_search(browser: Browser, site: str, edition: str, width: str) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[width], "height": 800})
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
    page.close()


def test_light_and_dark(browser: Browser, site: str) -> None:
    def brightness(scheme: str) -> int:
        page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(f"{site}/en/sgd.html")
        color = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.close()
        return sum(int(part) for part in color.strip("rgba()").split(",")[:3])

    assert brightness("light") > 700
    assert brightness("dark") < 150


def test_the_button_changes_between_light_and_dark(page: Page, site: str) -> None:
    page.goto(f"{site}/en/sgd.html")
    modes = set()
    for _ in range(3):
        page.locator(".theme-switch-button:visible").first.click()
        modes.add(page.evaluate("document.documentElement.dataset.mode"))
    assert modes == {"light", "dark", "auto"}


def test_code_wider_than_a_phone_scrolls_in_its_own_box(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{site}/en/sgd.html")
    scrolled = page.evaluate(
        """() => [...document.querySelectorAll("pre")].filter((box) => {
          box.scrollLeft = 50; return box.scrollLeft > 0; }).length"""
    )
    page.close()
    assert scrolled > 0


def test_a_wide_formula_can_be_reached_and_scrolled_by_keyboard(
    browser: Browser, site: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(f"{site}/en/synthetic-data.html")
    page.wait_for_function("document.querySelector('div.math[tabindex]')")
    box = page.locator("div.math[tabindex]").first
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    page.close()


# Keyboard


@pytest.mark.parametrize("width", WIDTHS)
def test_keyboard_alone_reaches_everything_and_the_focus_is_seen(
    browser: Browser, site: str, width: str
) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[width], "height": 800})
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
    for _ in range(len(wanted) + 60):
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
    page.close()
