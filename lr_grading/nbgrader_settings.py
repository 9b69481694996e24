"""nbgrader's settings for one language of the course.

``classroom/<language>/nbgrader_config.py`` calls ``configure``. nbgrader finds that
file when it is started in its folder.
"""

import os
import secrets
import sysconfig
from pathlib import Path
from typing import Any

from lr_grading.page_policy import guard_server

STUBS = {"en": "# YOUR CODE HERE", "zh": "# 请在此处写代码"}
TEXT_STUBS = {"en": "YOUR ANSWER HERE", "zh": "请在此处作答"}
SEED_FILE = "private-seed.txt"


def configure(config: Any, language: str, classroom: Path) -> None:
    """Set nbgrader up for one language.

    Args:
        config: The object that nbgrader calls ``c``.
        language: "en" or "zh".
        classroom: The folder ``classroom/<language>``: its gradebook, its submissions,
            the private seed.
    """
    # nbgrader starts alembic by its name, also where its environment is not on the path.
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    guard_server()
    root = classroom.parents[1]
    course = config.CourseDirectory
    course.root = str(root)
    course.course_id = f"linear-regression-{language}"
    course.source_directory = f"solutions/{language}"
    # Not exercises/, where students work and where their saved copies are.
    for step in ("release", "submitted", "autograded", "feedback"):
        setattr(course, f"{step}_directory", f"classroom/{language}/{step}")
    course.db_url = f"sqlite:///{classroom}/gradebook.db"
    config.Application.logging_config = {
        "formatters": {"console": {"class": "lr_grading.terminal.SafeLogFormatter"}}
    }
    config.Exchange.root = str(root / "classroom" / "exchange")
    # A folder of files: downloaded/ohm/archive/ada_ohm.ipynb is Ada's.
    config.ZipCollectApp.downloaded_directory = f"classroom/{language}/downloaded"
    config.FileNameCollectorPlugin.named_regexp = (
        r".*[/\\](?P<student_id>[^/\\]+)_(?P<file_id>[a-z-]+)\.ipynb"
    )
    config.ZipCollectApp.extractor_plugin = "lr_grading.collecting.Extractor"
    config.Extractor.language = language
    config.ExchangeFactory.collect = "lr_grading.collecting.Collect"
    config.Collect.language = language
    config.ExportApp.plugin_class = "lr_grading.nbgrader_plugins.SpreadsheetPlugin"
    config.SpreadsheetPlugin.to = str(classroom / "grades.csv")

    stubs(config, language)

    config.Autograde.exporter_class = "lr_grading.nbgrader_plugins.RepairingExporter"
    config.RepairingExporter.language = language
    config.Autograde.autograde_preprocessors = [
        "lr_grading.execute.Execute",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.AssignLatePenalties.plugin_class = "lr_grading.late_penalty.LatePenalty"
    config.Execute.language = language
    config.Execute.sandbox = "auto"
    config.Execute.seed = private_seed(classroom / SEED_FILE)
    config.GenerateFeedback.exporter_class = "lr_grading.nbgrader_plugins.NamingExporter"
    config.NamingExporter.language = language
    config.GetGradesAndWaiting.language = language
    # In the feedback and in formgrader, where what a student wrote meets the teacher's session.
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.filters = {
        "clean_html": "lr_grading.nbgrader_plugins.harmless_html",
        "markdown2html": "lr_grading.nbgrader_plugins.harmless_markdown",
    }
    config.GenerateFeedback.preprocessors = [
        "lr_grading.nbgrader_plugins.GetGradesAndWaiting",
        "lr_grading.nbgrader_plugins.HideHiddenChecks",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]


def stubs(config: Any, language: str) -> None:
    """Set what stands in a release in place of a solution."""
    config.ClearSolutions.code_stub = {"python": f"{STUBS[language]}\nraise NotImplementedError"}
    config.ClearSolutions.text_stub = TEXT_STUBS[language]


def private_seed(file: Path) -> str:
    """The private seed of a class: drawn at the first use, then kept in a file.

    At that time the folder of the class is closed to the other users of the machine: in it are
    the seed, the submissions and the marks.
    """
    if not file.exists():
        file.parent.chmod(0o700)
        file.write_text(f"{secrets.randbelow(2**31)}\n", encoding="utf8")
    return file.read_text(encoding="utf8").strip()
