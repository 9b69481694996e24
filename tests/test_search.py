"""The search, typed in a real browser: every term of the glossary, in both editions."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.course import EDITIONS, prose

TERMS = [
    (edition, term)
    for edition in EDITIONS
    for term in re.findall(r"^(\S.*)\n:", prose(edition, "glossary"), re.MULTILINE)
]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def search(page: Page, address: str, query: str) -> list[str]:
    """Type a query as a reader does; return the addresses of the results."""
    page.goto(f"{address}/references.html")
    page.locator(".search-button__button:visible").first.click()
    page.locator("input[type=search]:visible").fill(query)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    page.wait_for_selector("#search-results .search-summary", state="attached")
    # The summary is filled in when the last result is there.
    page.wait_for_function(
        "/\\d|[。.]/.test(document.querySelector('#search-results .search-summary').textContent)"
    )
    links = page.locator("#search-results ul.search a")
    return [link.evaluate("link => link.href") for link in links.all()]


@pytest.mark.parametrize(("edition", "term"), TERMS)
def test_a_term_is_found_in_its_own_edition(page: Page, site: str, edition: str, term: str) -> None:
    results = search(page, f"{site}/{edition}", term)
    assert results
    assert all(result.startswith(f"{site}/{edition}/") for result in results)
    found = {result.split("#")[0].split("?")[0].rsplit("/")[-1] for result in results}
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
    results = search(page, f"{site}/zh", query)
    assert any(f"/{expected}" in result for result in results)


def test_what_is_not_in_the_book_is_not_found(page: Page, site: str) -> None:
    assert search(page, f"{site}/zh", "蒸汽机车") == []
    assert search(page, f"{site}/en", "locomotive") == []
