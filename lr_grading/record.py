"""Write what a worker has found into the gradebook and the folder ``autograded``.

nbgrader's own steps do it, so that they leave what ``nbgrader autograde`` leaves. One process
writes, one submission after another; each is written completely or not at all.
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import preprocessors
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde, autograde
from nbgrader.preprocessors import latesubmissions, saveautogrades
from nbgrader.utils import capture_log, temp_attrs
from traitlets.utils.importstring import import_item

from lr_grading.assignments import grade_id, graded_cells, kind, read
from lr_grading.coursework import Coursework
from lr_grading.execute import Execute

RUNS = (Execute, preprocessors.Execute)  # steps that have been done before
OPENS_GRADEBOOK = (autograde, saveautogrades, latesubmissions)  # modules, each for each submission


class SharedGradebook(Gradebook):
    """A gradebook that nbgrader's steps share, where each would open one of its own.

    To open one takes longer than to write into it. What the steps commit is kept by ``keep``,
    all of it or nothing.
    """

    def __init__(self, api: NbGraderAPI) -> None:
        super().__init__(api.coursedir.db_url, api.course_id)
        self._lent = False
        self._commit = self.db.commit
        self.db.commit = self._show

    def _show(self) -> None:
        """Let what was changed be seen in this session, as it would be after a commit."""
        self.db.flush()
        self.db.expire_all()

    def keep(self) -> None:
        self._commit()

    def close(self) -> None:
        """Close it, but for a step of nbgrader, which closes what it takes for its own."""
        if not self._lent:
            super().close()

    @contextlib.contextmanager
    def shared(self) -> Iterator[None]:
        """Let nbgrader's steps take this one for theirs. What is not kept then is undone."""
        for module in OPENS_GRADEBOOK:
            vars(module)["Gradebook"] = lambda *_, **__: self
        self._lent = True
        try:
            yield
        finally:
            self._lent = False
            for module in OPENS_GRADEBOOK:
                vars(module)["Gradebook"] = Gradebook
            self.db.rollback()


class AutogradeExecuted(Autograde):
    """nbgrader's autograding of a notebook that was run before."""

    executed: NotebookNode
    reason = ""  # why it failed, which nbgrader's last line does not say

    def init_notebooks(self) -> None:
        course = self.coursedir
        folder = self._format_source(course.assignment_id, course.student_id)
        self.assignments = {folder: [str(Path(folder, f"{course.assignment_id}.ipynb"))]}

    def convert_single_notebook(self, notebook_filename: str) -> None:
        resources = self.init_single_notebook_resources(notebook_filename)
        self._sanitizing = False
        self.exporter._preprocessors = []
        for step in self.autograde_preprocessors:
            step = import_item(step) if isinstance(step, str) else step
            if not issubclass(step, RUNS):
                self.exporter.register_preprocessor(step)
        try:
            output, resources = self.exporter.from_notebook_node(self.executed, resources)
            self.write_single_notebook(output, resources)
        except Exception as error:
            self.reason = f"{type(error).__name__}: {error}"
            raise
        finally:
            self._sanitizing = True


class Recorder:
    """The one writer to a class.

    Args:
        work: The assignment of the class.
        gradebook: The gradebook of the class.
    """

    def __init__(self, work: Coursework, gradebook: SharedGradebook) -> None:
        self._work, self._gradebook = work, gradebook
        self._unfinished = work.home / ".autograded"

    def record(self, student: str, executed: NotebookNode) -> str:
        """Write the marks of a submission, and the notebook that was run.

        Returns:
            What went wrong; nothing where it is done.
        """
        course = self._work.api.coursedir
        beside = str(Path(course.autograded_directory).with_name(self._unfinished.name))
        kept = self._marked_by_hand(student, executed)
        shutil.rmtree(self._unfinished, ignore_errors=True)
        with (
            self._gradebook.shared(),
            temp_attrs(
                course,
                assignment_id=self._work.name,
                student_id=student,
                autograded_directory=beside,
            ),
        ):
            app = AutogradeExecuted(coursedir=course, parent=self._work.api)
            app.executed = executed
            result = capture_log(app)
            if not result["success"]:
                said = str(result.get("log") or result["error"]).strip().splitlines()
                return app.reason or said[-1]
            self._keep(student, kept)
            self._gradebook.keep()
        try:
            self._put_in_place(student)
        except OSError as error:
            return str(error)
        return ""

    def _marked_by_hand(self, student: str, executed: NotebookNode) -> dict[str, Any]:
        """The automatic scores of the cells that a teacher has marked as they now are."""
        place = self._work.autograded(student) / f"{self._work.name}.ipynb"
        try:
            submission = self._gradebook.find_submission(self._work.name, student)
            before = answers(read(place))
        except (MissingEntry, OSError, ValueError):
            return {}
        now = answers(executed)
        questions = {cell.name: cell.question for cell in graded_cells(executed)}
        return {
            grade.name: grade.auto_score
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.manual_score is not None and not grade.needs_manual_grade
            if (question := questions.get(grade.name)) in before
            and before[question] == now.get(question)
        }

    def _keep(self, student: str, scores: dict[str, Any]) -> None:
        """Ask for no second look at what was marked by hand and is as it was.

        nbgrader asks for one whenever a submission is marked again.
        """
        submission = self._gradebook.find_submission(self._work.name, student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                if grade.name in scores and grade.auto_score == scores[grade.name]:
                    grade.needs_manual_grade = False

    def _put_in_place(self, student: str) -> None:
        made = self._unfinished / student / self._work.name
        place = self._work.autograded(student)
        place.parent.mkdir(parents=True, exist_ok=True)
        if self._work.api.coursedir.groupshared:
            for folder in (place.parent, place.parents[1]):
                shutil.copymode(self._unfinished, folder)
        if place.exists():
            place.rename(made.with_name("replaced"))
        made.rename(place)
        shutil.rmtree(self._unfinished, ignore_errors=True)


def answers(notebook: NotebookNode) -> dict[str | None, str]:
    """The sources of the answers."""
    named = (cell for cell in notebook.cells if kind(cell) in ("answer", "written"))
    return {grade_id(cell): cell.source for cell in named}
