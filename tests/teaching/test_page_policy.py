"""Should HTML of a student's slip through, the page's policy keeps it from running: in a browser.

The cleaning of HTML, which tests/marking/test_harmless.py is about, is turned off here. In
the slow part.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output
from playwright.sync_api import Browser, Page, expect

from lr_grading.assignments import read
from tests.classroom import UNRUN, completed, hand_in, nbgrader, new_class
from tests.classroom import served as over_a_class

pytestmark = pytest.mark.slow
NAME = "ohm"
UNCLEAN = "\nc.HTMLExporter.sanitize_html = False\nc.HTMLExporter.filters = {}\n"
RAN = "document.body.dataset.ran = 'yes'"
HOSTILE = (
    f'<p id="reached">text</p><script>{RAN}</script><img src="x.png" onerror="{RAN}">'
    f'<svg onload="{RAN}"></svg><script src="own.js"></script>'
    f'<script src="https://example.org/x.js"></script><base href="https://example.org/">'
    f'<iframe srcdoc="<script>parent.{RAN}</script>"></iframe>'
    '<iframe src="own.html"></iframe><a id="own" href="own.html">mine</a>'
)
OWN_PAGE = "<p id='reached'>mine</p><script>fetch('/api/contents').then(r => r.json())"
OWN_PAGE += f".then(found => {{ document.title = 'read'; {RAN} }})</script>"
BACKGROUND = "e => getComputedStyle(e).backgroundColor"
GRAY = "rgb(245, 245, 245)"


@dataclass
class Served:
    """A class that was marked, and the address of the Jupyter server over it."""

    home: Path
    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("course")
    home = new_class(root, "en", [NAME])
    (home / "nbgrader_config.py").open("a").write(UNRUN + UNCLEAN)
    nbgrader("generate_assignment", NAME, folder=home)
    hand_in(home, "eve", NAME, completed("en", NAME))
    folder = home / "submitted" / "eve" / NAME
    (folder / "own.html").write_text(OWN_PAGE)
    (folder / "own.js").write_text(RAN)
    nbgrader("autograde", NAME, folder=home)
    file = home / "autograded" / "eve" / NAME / f"{NAME}.ipynb"
    notebook = read(file)
    notebook.cells[1].outputs = [new_output("display_data", {"text/html": HOSTILE})]
    file.chmod(0o644)
    nbformat.write(notebook, file)
    with over_a_class("server", root, home) as address:
        yield Served(home, address)


@pytest.fixture
def watched(browser: Browser) -> Iterator[Page]:
    """A tab of its own, without the world outside."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.route(re.compile("^https:"), lambda route: route.abort())
    yield page
    page.close()


def opened(page: Page, served: Served) -> str:
    """Open the submission in formgrader, from the list; its address is returned."""
    page.goto(f"{served.address}/formgrader/gradebook/{NAME}/{NAME}")
    page.get_by_role("link", name="Submission #1").click()
    expect(page.locator("#reached")).to_be_visible()
    return page.url.split("?")[0]


def test_formgrader_works_and_runs_no_script_of_a_students(served: Served, watched: Page) -> None:
    opened(watched, served)
    expect(watched.locator("span.name-shown").first).to_be_hidden()
    watched.locator("span.glyphicon.name-hidden").click()
    expect(watched.get_by_text("eve", exact=True)).to_be_visible()
    watched.wait_for_load_state("networkidle")  # it has loaded the marks
    points = watched.locator("input#reflection")
    with watched.expect_response(lambda answer: answer.request.method == "PUT") as saved:
        points.fill("3")
        points.press("Tab")
    assert saved.value.ok
    watched.wait_for_timeout(500)
    assert watched.evaluate("document.body.dataset.ran") is None
    icon, heading = watched.locator(".glyphicon-question-sign"), watched.locator(".panel-heading")
    assert "Glyphicons" in icon.evaluate("e => getComputedStyle(e).fontFamily")
    assert heading.first.evaluate(BACKGROUND) == GRAY, "the style of Bootstrap"


def test_a_file_that_was_handed_in_opens_without_scripts(served: Served, watched: Page) -> None:
    address = opened(watched, served)
    for path in ("own.html", "formgrader/static/../../own.html", "own%2ehtml"):
        watched.goto(f"{address.rstrip('/')}/{path}")
        watched.wait_for_timeout(300)
        assert watched.title() != "read"


@pytest.mark.parametrize(
    "page", ["manage_assignments", f"manage_submissions/{NAME}", "manage_students", "gradebook"]
)
def test_the_lists_of_formgrader_are_drawn(page: str, served: Served, watched: Page) -> None:
    refused: list[str] = []
    watched.on("console", lambda message: refused.append(message.text))
    watched.goto(f"{served.address}/formgrader/{page}")
    expect(watched.locator("#main-table tr", has_text=re.compile("eve|ohm")).first).to_be_visible()
    assert [said for said in refused if "Content Security Policy" in said] == []


def test_the_dialogs_of_formgrader_open(served: Served, watched: Page) -> None:
    watched.goto(f"{served.address}/formgrader/manage_students")
    watched.get_by_role("link", name="Add new student").click()
    expect(watched.locator(".modal-title")).to_have_text("Add New Student")


def test_the_page_of_feedback_runs_no_script_of_a_students(served: Served, watched: Page) -> None:
    nbgrader("generate_feedback", NAME, folder=served.home)
    page = served.home / "feedback" / "eve" / NAME / f"{NAME}.html"
    watched.goto(page.as_uri())
    expect(watched.locator("#reached")).to_be_visible()
    watched.wait_for_timeout(300)
    assert watched.evaluate("document.body.dataset.ran") is None
    assert watched.locator(".panel-heading").first.evaluate(BACKGROUND) == GRAY
