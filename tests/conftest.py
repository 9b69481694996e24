"""What several tests share: a browser over the built site, processes, Hypothesis' patience."""

from collections.abc import Iterator

import hypothesis
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.course import EDITIONS, ROOT, SITE
from tools.browser import OPTIONS, find_browser
from tools.serve import SiteServer

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


# Groups that take longest begin first, so that all processes end at about the same time: in
# `make test`, then in `make slow`.
LONGEST_FIRST = (
    *("test_hostile", "visits-en", "visits-zh"),
    *("test_explore", "test_quiz_answers", "test_quiz"),
    *("test_site", "test_nbgrader_agrees", "test_command_line", "test_assets", "test_execute"),
    "test_many",
    *("incremental", "pdf-zh", "pdf-en", "hostile-long", "test_jupyterlab", "test_classroom"),
)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of a file share a process, unless they name a group of their own.

    A notebook is a file of tests, too: its cells. The chapters are rerun in one edition; the other
    one and the solutions are in the slow part.
    """
    for item in items:
        notebook = item.path.suffix == ".ipynb"
        if item.get_closest_marker("xdist_group") is None:
            name = item.path.relative_to(ROOT) if notebook else item.path.stem
            item.add_marker(pytest.mark.xdist_group(str(name)))
        if notebook and not item.path.is_relative_to(ROOT / "book" / "en"):
            item.add_marker(pytest.mark.slow)
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    group = next(item.iter_markers("xdist_group")).args[0]
    return LONGEST_FIRST.index(group) if group in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.fixture(scope="session")
def built_site() -> None:
    """For tests of the pages: without them there is nothing that could pass."""
    if not all((SITE / edition / "index.html").exists() for edition in EDITIONS):
        pytest.fail("The book is not built. Run: make book", pytrace=False)


@pytest.fixture(scope="session")
def site(built_site: None) -> str:
    """The address of a web server over the built book."""
    server = SiteServer()
    server.serve_in_background()
    return server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        program = find_browser()
    except SystemExit as error:
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab for the tests of a file: to open a tab takes longer than most tests."""
    tab = browser.new_page()
    yield tab
    tab.close()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """The tab as a reader's is at first: wide, light, and with nothing stored."""
    tab.set_viewport_size({"width": 1280, "height": 720})
    tab.emulate_media(media="screen", color_scheme="light", reduced_motion="no-preference")
    tab.mouse.move(0, 0)
    yield tab
    tab.evaluate("localStorage.clear()")
