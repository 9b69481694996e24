"""What nbgrader is given of ours: how it reads a submission, and what its feedback shows.

``lr_grading.nbgrader_settings`` names these classes; ``lr_grading.execute`` has the step that runs
a notebook.
"""

import contextlib
import csv
import re
from functools import partial
from pathlib import Path
from typing import Any

from bleach import ALLOWED_TAGS, clean
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor
from traitlets import Enum

from lr_grading.assignments import HIDDEN, VISIBLE, grade_id
from lr_grading.intake import SECRET, SET_ASIDE, TIMESTAMP, accept
from lr_grading.messages import LANGUAGES, text
from lr_grading.page_policy import feedback_policy
from lr_grading.release import pristine, pristine_editions, pristine_others
from lr_grading.repair import repair, with_report
from lr_grading.spreadsheet import no_formula
from lr_grading.terminal import one_line


class RepairingExporter(NotebookExporter):
    """Reads a submission through the pre-flight check, so that anything can be autograded.

    nbgrader makes it before it reads anything, be it told by our command, by its own or by
    formgrader's button: what was handed in becomes plain files first.
    """

    language = Enum(LANGUAGES, "en").tag(config=True)

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        autograde: Any = self.parent
        submissions: dict[str, list[str]] = autograde.assignments
        for folder in map(Path, list(submissions)):
            name, student = folder.name, folder.parent.name
            aside = folder.parents[2] / SET_ASIDE / student / name
            shown = one_line(student)  # formgrader has a log of its own
            root = Path(autograde.coursedir.root)
            releases = partial(pristine_editions, self.language, name, root)
            try:
                for line in accept(folder, name, aside, self.language, releases):
                    self.log.warning("%s, %s: %s", shown, name, line)
                submissions[str(folder)] = [str(folder / f"{name}.ipynb")]
            except OSError as error:
                self.log.error("%s, %s: %s", shown, name, error)
                del submissions[str(folder)]
        if not submissions:
            raise NbGraderException(text(self.language, "nothing_accepted"))

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        autograde: Any = self.parent
        if not autograde._sanitizing:  # the second pass reads what the first one wrote
            return super().from_filename(filename, resources, **kw)
        marks, root = resources["nbgrader"], Path(autograde.coursedir.root)
        name, file = marks["notebook"], Path(filename)
        try:
            content = file.read_bytes()
        except OSError:
            content = b""  # a folder of that name, for example
        notebook, findings = repair(
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
        return self.from_notebook_node(with_report(notebook, findings), resources, **kw)


# What is harmless of HTML, tables of pandas among it. Everything else is shown as text.
TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span", "pre", "img", "del"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td", "sub", "sup"} | set(ALLOWED_TAGS)


# The classes of highlighted code and of tables. Others could lay a text over the page.
CLASS = re.compile(r"(highlight|hl-\w+|dataframe|\w{1,3})")


def _attribute(tag: str, name: str, value: str) -> bool:
    """Whether an attribute of a tag is harmless."""
    if name == "class":
        return all(map(CLASS.fullmatch, value.split()))
    return (tag, name) in {("a", "href"), ("img", "src"), ("img", "alt")} or name == "title"


def harmless_html(html: str | bytes) -> str:
    """HTML without what could run, load or cover something."""
    cleaned: str = clean(
        html.decode() if isinstance(html, bytes) else str(html),
        tags=TAGS,
        attributes=_attribute,
        protocols={"https", "http", "mailto"},
    )
    return cleaned


class _Renderer(IPythonRenderer):
    """Goes on where a picture is missing, which would keep the whole page from being made."""

    def _embed_image_or_attachment(self, src: str) -> str:
        try:
            return str(super()._embed_image_or_attachment(src))
        except InvalidNotebook:
            return src


@pass_context
def harmless_markdown(context: Any, source: str) -> str:
    """Markdown as HTML; HTML in it is shown as text.

    nbconvert cleans outputs alone, and nbgrader's templates show text cells as they are.
    """
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = _Renderer(escape=True, allow_harmful_protocols=False, attachments=attachments)
    html: str = MarkdownWithMath(renderer=renderer).render(source)
    return html


class NamingExporter(HTMLExporter):
    """Lists the graded cells of the feedback by name, where nbgrader calls each "Test cell".

    A policy in its head keeps the page from running or loading anything of a student's.
    """

    language = Enum(LANGUAGES, "en").tag(config=True)

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        page, resources = super().from_notebook_node(nb, resources, **kw)
        page = page.replace("<head>", f"<head>\n{feedback_policy()}", 1)
        entry = r'(<a href="#([a-z0-9-]+)">)(?:Test cell|Written response)(?=</a>)'
        return re.sub(entry, lambda found: found[1] + self._name(found[2]), page), resources

    def _name(self, cell: str) -> str:
        for ending, key in ((HIDDEN, "hidden_checks_of"), (VISIBLE, "visible_checks_of")):
            if cell.endswith(ending):
                return text(self.language, key, question=cell.removesuffix(ending))
        return cell


class SpreadsheetPlugin(ExportPlugin):
    """The table of ``nbgrader export``, as any spreadsheet reads it, and as text alone.

    nbgrader's own neither quotes a comma nor keeps a name that begins with ``=`` from being
    computed.
    """

    def export(self, gradebook: Gradebook) -> None:
        with open(self.to or "grades.csv", "w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    named = not self.student or student.id in self.student
                    if named and (not self.assignment or assignment.name in self.assignment):
                        row = _row(gradebook, assignment, student)
                        table.writerow({name: no_formula(cell) for name, cell in row.items()})


# Those of nbgrader's own table.
COLUMNS = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"]
COLUMNS += ["raw_score", "late_submission_penalty", "score", "max_score"]
COLUMNS += ["to_be_marked_by_hand"]  # points, which count as 0 until then


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, object]:
    """The marks of a student for an assignment; 0 where nothing was handed in."""
    score, penalty, timestamp, waiting = 0.0, 0.0, None, 0.0
    with contextlib.suppress(MissingEntry):
        submission = gradebook.find_submission(assignment.name, student.id)
        score, penalty = submission.score, submission.late_submission_penalty
        timestamp = submission.timestamp
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        waiting = sum(grade.max_score for grade in grades if grade.needs_manual_grade)
    return {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "timestamp": timestamp,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "raw_score": score,
        "late_submission_penalty": penalty,
        "score": max(0.0, score - penalty),
        "max_score": assignment.max_score,
        "to_be_marked_by_hand": waiting,
    }


class GetGradesAndWaiting(GetGrades):
    """Says in the feedback what nobody has marked yet, which nbgrader shows as 0 points."""

    language = Enum(LANGUAGES, "en").tag(config=True)

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._get_score(cell, resources)
        marks = resources["nbgrader"]
        of_notebook = (marks["notebook"], marks["assignment"], marks["student"])
        if self.gradebook.find_grade(grade_id(cell), *of_notebook).needs_manual_grade:
            cell.metadata.nbgrader["comment"] = text(self.language, "not_marked_yet")


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
