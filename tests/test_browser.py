"""The built site in a real browser: languages, mathematics without a network, layout."""

from collections.abc import Iterator

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


# Without a network


@pytest.mark.parametrize("name", PAGES)
def test_mathematics_icons_and_fonts_come_from_the_site(
    browser: Browser, site: str, name: str
) -> None:
    page = browser.new_page()
    asked, failed, said = [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda r: failed.append(r.url) if r.status >= 400 else None)
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.goto(f"{site}/{name}", wait_until="networkidle")
    formulas = page.locator("span.math, div.math").count()
    if formulas:
        page.wait_for_function("MathJax.startup.promise.then(() => true)")
        assert page.locator("mjx-container").count() >= formulas
        assert page.locator("mjx-merror").count() == 0
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    assert failed == []
    assert said == []
    page.close()


def test_the_site_works_opened_from_a_folder(page: Page) -> None:
    page.goto((SITE / "zh" / "squared-loss.html").as_uri())
    page.wait_for_function("MathJax.startup.promise.then(() => true)")
    assert page.locator("mjx-container").count() > 20
    icon = page.locator(".theme-switch-button:visible svg:visible").first.bounding_box()
    assert icon
    assert icon["width"] > 5
    page.locator("a.language-switch").click()
    page.wait_for_url("**/en/squared-loss.html")


# Layout


@pytest.mark.parametrize("name", ["index.html", *PAGES])
def test_no_page_scrolls_sideways(browser: Browser, site: str, name: str) -> None:
    page = browser.new_page(locale="de-DE")
    page.goto(f"{site}/{name}")
    if page.locator("span.math, div.math").count():
        page.wait_for_function("MathJax.startup.promise.then(() => true)")
    for width in (1280, 1024, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate(
            """() => [...document.querySelectorAll("main *")]
              .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
              .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""
        )
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, (width, wide)
    page.close()


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
