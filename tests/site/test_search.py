"""The search in a real browser: every term of the glossary, in both editions."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.course import EDITIONS, SITE, prose

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


# Many queries, by the functions that the page of results calls


# What the pages are about, in words that the glossary need not have.
ABOUT = {
    ("en", "overfitting"): "training",
    ("zh", "过拟合"): "training",
    ("en", "learning rates"): "initialization",
    ("zh", "学习率"): "initialization",
    ("en", "Huber loss"): "robust-losses",
    ("zh", "Huber损失"): "robust-losses",
    ("en", "data_iter"): "data-iter",
    ("zh", "data_iter"): "data-iter",
}
# As readers write in Taiwan or Hong Kong: other characters, in Taiwan other words, too.
TRADITIONAL = {
    "學習率": "学习率",
    "過擬合": "过拟合",
    "線性回歸": "线性回归",
    "線性迴歸": "线性回归",
    "梯度下降": "梯度下降",
    "損失函式": "损失函数",
    "資料": "数据",
    "數據": "数据",
    "學習率 批次大小": "学习率 批量大小",
    "Huber損失": "Huber损失",
}
QUERIES = {
    edition: list(dict.fromkeys([*terms, *(query for e, query in ABOUT if e == edition)]))
    for edition, terms in TERMS.items()
}
QUERIES["zh"] += [query for queries in TRADITIONAL.items() for query in queries]


@pytest.fixture(scope="module")
def found(tab: Page, site: str) -> dict[tuple[str, str], list[str]]:
    """The pages that are found for each query in each edition, the best first."""
    found = {}
    for edition, queries in QUERIES.items():
        tab.goto(f"{site}/{edition}/search.html")
        pages = tab.evaluate(
            """(queries) => queries.map((query) =>
              Search._performSearch(...Search._parseQuery(query)).map(([page]) => page))""",
            queries,
        )
        for query, names in zip(queries, pages, strict=True):
            found[edition, query] = names[::-1]
    return found


@pytest.mark.parametrize(
    ("edition", "term"), [(edition, term) for edition, terms in TERMS.items() for term in terms]
)
def test_a_term_is_found_in_its_own_edition(
    found: dict[tuple[str, str], list[str]], edition: str, term: str
) -> None:
    assert "glossary" in found[edition, term]


@pytest.mark.parametrize(("edition", "query"), ABOUT)
def test_the_page_about_a_term_comes_first(
    found: dict[tuple[str, str], list[str]], edition: str, query: str
) -> None:
    others = [page for page in found[edition, query] if page != "glossary"]
    assert others[0] == ABOUT[edition, query]


def text_of(edition: str, page: str) -> str:
    html = (SITE / edition / f"{page}.html").read_text("utf8")
    article = html[html.index("<article") : html.index("</article>")]
    text = unescape(re.sub("<[^>]+>", "", article))
    return " ".join(text.lower().replace("’", "'").split())


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_page_without_a_term_comes_before_one_that_has_it(
    found: dict[tuple[str, str], list[str]], edition: str
) -> None:
    names = {page for (e, _), pages in found.items() if e == edition for page in pages}
    # The list of sources is put together after the index.
    texts = {name: text_of(edition, name) for name in names - {"references"}}
    wrong = {}
    for term in TERMS[edition]:
        pages = [page for page in found[edition, term] if page in texts]
        has = [term.lower() in texts[page] for page in pages]
        if has != sorted(has, reverse=True):
            wrong[term] = list(zip(pages, has, strict=True))
    assert not wrong


def test_a_word_that_a_chapter_introduces_counts_as_one(
    found: dict[tuple[str, str], list[str]],
) -> None:
    # The glossary has no such entry, and jieba would cut it in two.
    for page in found["zh", "过拟合"]:
        assert "过拟合" in text_of("zh", page)


@pytest.mark.parametrize("query", TRADITIONAL)
def test_traditional_characters_find_the_same(
    found: dict[tuple[str, str], list[str]], query: str
) -> None:
    assert found["zh", query] == found["zh", TRADITIONAL[query]] != []


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
        ("zh", "學習率", "glossary.html"),
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
