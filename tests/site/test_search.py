"""The search in a real browser: every term of the glossary, in both editions."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.course import EDITIONS, prose

TERMS = {
    edition: re.findall(r"^(\S.*)\n:", prose(edition, "glossary"), re.MULTILINE)
    for edition in EDITIONS
}


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    tab = browser.new_page()
    tab.route(FOUND_PAGE, without_excerpt)
    yield tab
    tab.close()


# The search fetches each page that it found, for an excerpt. That takes most of the time.
FOUND_PAGE = re.compile(r"/(en|zh)/[^?]*\.html$")


def without_excerpt(route: Route) -> None:
    if route.request.is_navigation_request():
        route.continue_()
    else:
        route.fulfill(body="")


# Every term, by the functions that the page of results calls


@pytest.fixture(scope="module")
def found(tab: Page, site: str) -> dict[tuple[str, str], list[str]]:
    """The pages that are found for each term of each edition."""
    found: dict[tuple[str, str], list[str]] = {}
    for edition, terms in TERMS.items():
        tab.goto(f"{site}/{edition}/search.html")
        pages = tab.evaluate(
            """(terms) => terms.map((term) =>
              Search._performSearch(...Search._parseQuery(term)).map(([page]) => page))""",
            terms,
        )
        found |= {(edition, term): names for term, names in zip(terms, pages, strict=True)}
    return found


@pytest.mark.parametrize(
    ("edition", "term"), [(edition, term) for edition, terms in TERMS.items() for term in terms]
)
def test_a_term_is_found_in_its_own_edition(
    found: dict[tuple[str, str], list[str]], edition: str, term: str
) -> None:
    assert "glossary" in found[edition, term]


# Some, as a reader types them


def type_query(page: Page, site: str, edition: str, query: str) -> set[str]:
    """Type a query; return the names of the pages that are found, which are of the same edition."""
    page.goto(f"{site}/{edition}/references.html")
    page.locator(".search-button__button:visible").first.click()
    page.locator("input[type=search]:visible").fill(query)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    page.wait_for_selector("#search-results .search-summary", state="attached")
    # The summary is filled in when the last result is there.
    page.wait_for_function(
        "/\\d|[。.]/.test(document.querySelector('#search-results .search-summary').textContent)"
    )
    addresses = page.eval_on_selector_all(
        "#search-results ul.search a", "all => all.map(a => a.href)"
    )
    assert all(address.startswith(f"{site}/{edition}/") for address in addresses)
    return {re.split("[?#]", address)[0].rsplit("/")[-1] for address in addresses}


@pytest.mark.parametrize(
    ("edition", "query", "expected"),
    [
        ("en", "learning rate", "glossary.html"),
        ("en", "data_iter", "data-iter.html"),
        ("zh", "学习率", "glossary.html"),
        ("zh", "梯度下降", "sgd.html"),
        ("zh", "小批量随机梯度下降", "sgd.html"),
        ("zh", "平方损失的梯度", "squared-loss.html"),  # words that the browser has to find in it
        ("zh", "学习率 批量大小", "sgd.html"),
        ("zh", "data_iter", "data-iter.html"),
    ],
)
def test_a_reader_finds_what_is_typed(
    page: Page, site: str, edition: str, query: str, expected: str
) -> None:
    assert expected in type_query(page, site, edition, query)


@pytest.mark.parametrize(("edition", "query"), [("en", "locomotive"), ("zh", "蒸汽机车")])
def test_what_is_not_in_the_book_is_not_found(
    page: Page, site: str, edition: str, query: str
) -> None:
    assert type_query(page, site, edition, query) == set()
