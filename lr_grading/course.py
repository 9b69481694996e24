"""nbgrader's settings for one language of the course, and the steps it is given of ours.

``classroom/<language>/nbgrader_config.py`` calls ``configure``. nbgrader finds that
file when it is started in its folder.
"""

import os
import re
import secrets
import sysconfig
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum

from lr_grading import preflight
from lr_grading.assignments import HIDDEN, VISIBLE, grade_id
from lr_grading.messages import LANGUAGES, text

STUBS = {"en": "# YOUR CODE HERE", "zh": "# 请在此处写代码"}
TEXT_STUBS = {"en": "YOUR ANSWER HERE", "zh": "请在此处作答"}
SEED_FILE = "private-seed.txt"
TIMESTAMP = "timestamp.txt"  # what nbgrader adds to a submission: when it was handed in,
SECRET = "submission_secret.txt"  # and what only its student can find the feedback by


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
    root = classroom.parents[1]
    course = config.CourseDirectory
    course.root = str(root)
    course.course_id = f"linear-regression-{language}"
    course.source_directory = f"solutions/{language}"
    # Not exercises/, where students work and where their saved copies are.
    for step in ("release", "submitted", "autograded", "feedback"):
        setattr(course, f"{step}_directory", f"classroom/{language}/{step}")
    course.db_url = f"sqlite:///{classroom}/gradebook.db"
    config.Exchange.root = str(root / "classroom" / "exchange")
    # A folder of files: downloaded/ohm/archive/ada_ohm.ipynb is Ada's.
    config.ZipCollectApp.downloaded_directory = f"classroom/{language}/downloaded"
    config.FileNameCollectorPlugin.named_regexp = (
        r".*[/\\](?P<student_id>[^/\\]+)_(?P<file_id>[a-z-]+)\.ipynb"
    )
    config.ExportApp.plugin_class = "nbgrader.plugins.CsvExportPlugin"
    config.CsvExportPlugin.to = str(classroom / "grades.csv")

    stubs(config, language)

    config.Autograde.exporter_class = RepairingExporter
    config.RepairingExporter.language = language
    config.Autograde.autograde_preprocessors = [
        "lr_grading.execute.Execute",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.Execute.language = language
    config.Execute.seed = private_seed(classroom / SEED_FILE)
    config.GenerateFeedback.exporter_class = NamingExporter
    config.NamingExporter.language = language
    config.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "lr_grading.course.HideHiddenChecks",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]


def stubs(config: Any, language: str) -> None:
    """Set what stands in a release in place of a solution."""
    config.ClearSolutions.code_stub = {"python": f"{STUBS[language]}\nraise NotImplementedError"}
    config.ClearSolutions.text_stub = TEXT_STUBS[language]


def private_seed(file: Path) -> str:
    """The private seed of a class: drawn at the first use, then kept in a file."""
    if not file.exists():
        file.write_text(f"{secrets.randbelow(2**31)}\n", encoding="utf8")
    return file.read_text(encoding="utf8").strip()


class RepairingExporter(NotebookExporter):
    """Reads a submission through the pre-flight check, so that anything can be autograded."""

    language = Enum(LANGUAGES, "en").tag(config=True)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        autograde: Any = self.parent
        if not autograde._sanitizing:  # the second pass reads what the first one wrote
            return super().from_filename(filename, resources, **kw)
        from lr_grading.release import pristine, pristine_others  # which needs this module

        marks, root = resources["nbgrader"], Path(autograde.coursedir.root)
        name, file = marks["notebook"], Path(filename)
        try:
            content = file.read_bytes()
        except OSError:
            content = b""  # a folder of that name, for example
        notebook, findings = preflight.repair(
            content,
            pristine(self.language, name, root),
            name=name,
            language=self.language,
            others=pristine_others(self.language, name, root),
            found=sorted(
                {other.name for other in file.parent.iterdir()} - {file.name, TIMESTAMP, SECRET}
            ),
        )
        for line in findings.lines:
            self.log.warning("%s, %s: %s", marks["student"], name, line)
        resources.setdefault("metadata", {}).update(name=name, path=str(file.parent.resolve()))
        return self.from_notebook_node(preflight.with_report(notebook, findings), resources, **kw)


class NamingExporter(HTMLExporter):
    """Lists the graded cells of the feedback by name, where nbgrader calls each "Test cell"."""

    language = Enum(LANGUAGES, "en").tag(config=True)

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        page, resources = super().from_notebook_node(nb, resources, **kw)
        entry = r'(<a href="#([a-z0-9-]+)">)(?:Test cell|Written response)(?=</a>)'
        return re.sub(entry, lambda found: found[1] + self._name(found[2]), page), resources

    def _name(self, cell: str) -> str:
        for ending, key in ((HIDDEN, "hidden_checks_of"), (VISIBLE, "visible_checks_of")):
            if cell.endswith(ending):
                return text(self.language, key, question=cell.removesuffix(ending))
        return cell


class HideHiddenChecks(NbGraderPreprocessor):
    """Shows of a hidden check in the feedback what it said, and not how it was made."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        begin = "### BEGIN HIDDEN TESTS"
        if grade_id(cell) is not None and begin in cell.source:
            cell.source = cell.source[: cell.source.index(begin)].rstrip()
            for output in cell.outputs:
                if output.output_type == "error":  # a traceback quotes the code
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources
