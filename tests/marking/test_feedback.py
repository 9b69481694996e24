"""The page that a student gets back, as nbgrader's template draws it."""

import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_output
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from lr_grading.assignments import grade_id
from lr_grading.messages import LANGUAGES
from lr_grading.nbgrader_plugins import HideHiddenChecks
from lr_grading.nbgrader_settings import configure
from lr_grading.release import pristine

NAME = "ohm"
FIRST = {"en": "descend: visible checks", "zh": "descend：可见的检查"}
LAST = {"en": "predict: hidden checks", "zh": "predict：隐藏检查"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_class_is_closed_to_other_users_at_first_and_stays_as_the_teacher_wants(
    tmp_path: Path,
) -> None:
    home = tmp_path / "classroom" / "en"
    home.mkdir(parents=True, mode=0o755)
    configure(Config(), "en", home)
    assert home.stat().st_mode & 0o777 == 0o700
    home.chmod(0o750)
    configure(Config(), "en", home)
    assert home.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_at_the_top_has_the_name_of_every_graded_cell(
    language: str, tmp_path: Path
) -> None:
    home = tmp_path / "classroom" / language
    home.mkdir(parents=True)
    config = Config()
    configure(config, language, home)
    feedback = GenerateFeedback(coursedir=CourseDirectory(config=config), config=config)
    exporter = feedback.exporter_class(config=feedback.config)
    release = pristine(language, NAME)
    for cell in release.cells:
        if grade_id(cell):
            cell.metadata.nbgrader.score = 1
    totals = {"notebook": NAME, "score": 1, "max_score": 40, "late_penalty": 0}
    page, _ = exporter.from_notebook_node(release, {"nbgrader": totals})
    entries = [link.get_text() for link in BeautifulSoup(page, "html.parser").select("#toc a")]
    assert (entries[0], entries[-2], entries[-1]) == (FIRST[language], LAST[language], "reflection")
    assert len(set(entries)) == len(entries) == 13


def test_feedback_quotes_no_hidden_code_where_a_hidden_check_failed() -> None:
    cell = new_code_cell(
        "# Hidden checks: 2 points\n### BEGIN HIDDEN TESTS\nsecret\n### END HIDDEN TESTS",
        metadata={"nbgrader": {"grade_id": "linreg-hidden"}},
        outputs=[new_output("error", ename="NameError", evalue="no", traceback=["-> secret"])],
    )
    shown, _ = HideHiddenChecks().preprocess_cell(cell, {}, 0)
    assert "secret" not in str(shown)
    assert shown.outputs[0].traceback == ["NameError: no"]
