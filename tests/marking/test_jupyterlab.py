"""JupyterLab in a real browser: an assignment opened, run and validated, formgrader with marks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from lr_grading.assignments import ROOT
from lr_grading.calibration_bank import read_answer
from lr_grading.classroom import autograde_all
from tests.classroom import SANDBOXED, completed, hand_in, mark_by_hand, new_class
from tests.classroom import served as over_a_class

pytestmark = pytest.mark.slow

NAME = "from-scratch"
WRONG = read_answer(ROOT / "calibration" / NAME / "wrong" / "gradients-not-cleared.py")


@dataclass
class Lab:
    """JupyterLab over the folder of a course, in which a class was marked."""

    root: Path
    address: str


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab as `make formgrader` starts it, over a class of two."""
    root = tmp_path_factory.mktemp("course")
    home = new_class(root, "en", [NAME])
    hand_in(home, "whole", NAME, completed("en", NAME))
    hand_in(home, "half", NAME, '{"cells": [')
    assert autograde_all(NAME, "en", root, print, sandboxed=SANDBOXED) == 0
    mark_by_hand(root, "en", NAME, "whole", 3)
    with over_a_class("lab", root, home) as address:
        yield Lab(root, address)


@pytest.mark.parametrize("finished_work", [True, False])
def test_an_assignment_opens_runs_and_validates_in_jupyterlab(
    lab: Lab, browser: Browser, finished_work: bool
) -> None:
    wrong = {} if finished_work else WRONG.answers
    nbformat.write(completed("en", NAME, wrong), lab.root / "work.ipynb")
    # JupyterLab draws only the cells in view, and after a run the last ones are.
    page = browser.new_page(viewport={"width": 1400, "height": 2000})
    page.set_default_timeout(90_000)
    page.goto(f"{lab.address}/lab/tree/work.ipynb?reset")
    page.get_by_role("heading", name="Assignment: linear regression").wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # before that, nothing is run
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    last = f"recover: {2 if finished_work else 0} of 2 points"
    expect(page.locator(".jp-OutputArea-output", has_text=last)).to_be_visible(timeout=90_000)
    page.get_by_text("Validate", exact=True).click()
    dialog = page.locator(".jp-Dialog")
    if finished_work:
        expect(dialog).to_contain_text("passes all the tests", timeout=90_000)
    else:
        expect(dialog).to_contain_text("backward() adds to .grad", timeout=90_000)
    page.close()


def test_formgrader_shows_the_marks(lab: Lab, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{lab.address}/formgrader/manage_submissions/{NAME}")
    row = page.locator("tr", has_text="whole")
    expect(row).to_contain_text("39 / 40", timeout=60_000)
    expect(page.locator("tr", has_text="half")).to_contain_text("0 / 40")
    page.close()
