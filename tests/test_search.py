"""The search in a real browser: every term of the glossary, in both editions."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.course import EDITIONS, prose

TERMS = [
    (edition, term)
    for edition in EDITIONS
    for term in re.findall(r"^(\S.*)\n:", prose(edition, "glossary"), re.MULTILINE)
]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.route(FOUND_PAGE, without_excerpt)
    yield page
    page.close()


# The search fetches each page that it found, for an excerpt. That takes most of the time.
FOUND_PAGE = re.compile(r"/(en|zh)/[^?]*\.html$")


def without_excerpt(route: Route) -> None:
    if route.request.is_navigation_request():
        route.continue_()
    else:
        route.fulfill(body="")


def type_query(page: Page, address: str, query: str) -> list[str]:
    """Type a query as a reader does; return the addresses of the results."""
    page.goto(f"{address}/references.html")
    page.locator(".search-button__button:visible").first.click()
    page.locator("input[type=search]:visible").fill(query)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    return results(page)


def look_up(page: Page, address: str, query: str) -> list[str]:
    """Open the page of results of a query; return their addresses."""
    page.goto(f"{address}/search.html?q={quote(query)}")
    return results(page)


def results(page: Page) -> list[str]:
    page.wait_for_selector("#search-results .search-summary", state="attached")
    # The summary is filled in when the last result is there.
    page.wait_for_function(
        "/\\d|[。.]/.test(document.querySelector('#search-results .search-summary').textContent)"
    )
    return page.eval_on_selector_all("#search-results ul.search a", "all => all.map(a => a.href)")


@pytest.mark.parametrize(("edition", "term"), TERMS)
def test_a_term_is_found_in_its_own_edition(page: Page, site: str, edition: str, term: str) -> None:
    addresses = look_up(page, f"{site}/{edition}", term)
    assert addresses
    assert all(address.startswith(f"{site}/{edition}/") for address in addresses)
    found = {address.split("#")[0].split("?")[0].rsplit("/")[-1] for address in addresses}
    assert "glossary.html" in found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("梯度下降", "sgd.html"),
        ("小批量随机梯度下降", "sgd.html"),
        ("平方损失的梯度", "squared-loss.html"),  # words that the browser has to find in it
        ("学习率 批量大小", "sgd.html"),
        ("data_iter", "data-iter.html"),
    ],
)
def test_chinese_queries_of_several_words(page: Page, site: str, query: str, expected: str) -> None:
    addresses = type_query(page, f"{site}/zh", query)
    assert any(f"/{expected}" in address for address in addresses)


def test_what_is_not_in_the_book_is_not_found(page: Page, site: str) -> None:
    assert type_query(page, f"{site}/zh", "蒸汽机车") == []
    assert type_query(page, f"{site}/en", "locomotive") == []
