"""Mark a submission: run the student's cells where they can do no harm, and decide here.

The cells of checks run in this process, with the texts of the solution. What they call of the
student's is a stand-in (``lr_grading.stand_in``); the answers themselves run in a process of their
own (``lr_grading.inside``), as a rule in a sandbox. What a student's code prints or displays is
shown, and never counts. An answer that hangs or dies costs the check that called it: the process is
started again, and the cells before are run once more.
"""

import contextlib
import io
import math
import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import torch
from nbformat import NotebookNode
from nbformat.v4 import new_output

from lr_grading import limits
from lr_grading.answers import Answers
from lr_grading.assignments import HIDDEN, VISIBLE, grade_id, kind
from lr_grading.border import DTYPES
from lr_grading.messages import text
from lr_grading.outputs import read_outputs
from lr_grading.python_cell import remember, run_source, unknown_names
from lr_grading.questions import Place, Question
from lr_grading.results import METADATA, Result, keep
from lr_grading.runner import Patience, Runner
from lr_grading.stand_in import AnswersEnded
from lr_grading.suspicion import DECIDED_INSIDE, suspicions
from lr_grading.time_limit import OutOfTime

Progress = Callable[[int, int], object]


class Marker:
    """Marks one submission after the other.

    Args:
        language: The language of the reasons given.
        sandbox: What keeps the code in: "none" or "bubblewrap".
        timeout: Seconds that a cell may take.
        check_seconds: Seconds that a check may compute.
        total: Seconds that a notebook may take; then the rest is not run.
        memory: Gigabytes that a notebook may take.
        output_limit: Characters of output that a cell may have.

    Raises:
        RuntimeError: There is no sandbox on this machine.
    """

    def __init__(
        self,
        language: str,
        *,
        sandbox: str = "none",
        timeout: float = limits.CELL_SECONDS,
        check_seconds: float = limits.CHECK_SECONDS,
        total: float = limits.SUBMISSION_SECONDS,
        memory: float = limits.MEMORY_GIGABYTES,
        output_limit: int = limits.OUTPUT_CHARACTERS,
    ) -> None:
        self.language = language
        self.timeout, self.check_seconds, self.total = timeout, check_seconds, total
        self.output_limit = output_limit
        torch.set_num_threads(1)  # the marks may not depend on how many cores there are
        self.runner = Runner(language, sandbox, memory, check_seconds)

    def __enter__(self) -> "Marker":
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.kill()

    def run(
        self,
        notebook: NotebookNode,
        trusted: Mapping[str, str],
        *,
        seed: int | str,
        files: Mapping[str, bytes] | None = None,
        progress: Progress | None = None,
    ) -> NotebookNode:
        """Run a notebook.

        Args:
            notebook: The submission, repaired.
            trusted: By name, the sources of the cells that are the course's own: no other code of
                the notebook runs in this process.
            seed: The private seed of the hidden checks.
            files: What lies beside the notebook, by name.
            progress: Called with the number of cells done and of all cells.

        Returns:
            The notebook with its outputs: the score of each cell of checks is the last of its, and
            the results are in its metadata.
        """
        done = deepcopy(notebook)
        session = _Session(self, done, trusted, seed, files or {})
        try:
            for number in range(len(done.cells)):
                if progress is not None:
                    progress(number, len(done.cells))
                session.run(number)
        finally:
            session.close()
        return done


class _Session(Place):
    """One notebook that is being run; and what happens around its checks."""

    def __init__(
        self,
        marker: Marker,
        notebook: NotebookNode,
        trusted: Mapping[str, str],
        seed: int | str,
        files: Mapping[str, bytes],
    ) -> None:
        self.seed = seed
        self._marker, self._runner = marker, marker.runner
        self._cells, self._trusted, self._files = notebook.cells, trusted, files
        self._end = time.monotonic() + marker.total
        self._patience = Patience(self._runner.computed, marker.check_seconds)
        self._impatient: set[str] = set()  # about which questions
        self._answers: Answers | None = None
        self._skipped: set[int] = set()  # cells that hung or died
        self._space: dict[str, Any] = {"__name__": "__main__"}
        self._given: dict[str, Any] = {}  # what cells of the course define
        self._stand_ins: dict[str, Any] = {}
        self._suspicions = suspicions(notebook, trusted)
        self._title = ""
        self._number = 0
        self._dtype = "float32"
        Question.met.clear()

    def close(self) -> None:
        if self._answers is not None:
            self._answers.close()
        self._runner.end()

    def run(self, number: int) -> None:
        """Run a cell, and leave in it what it showed and gave."""
        cell = self._cells[number]
        if cell.cell_type != "code":
            return
        cell.outputs, cell.execution_count = [], number + 1
        cell.metadata.pop(METADATA, None)
        self._number = number
        if time.monotonic() > self._end:
            self._give_reason("cell_unrun", seconds=self._marker.total)
        elif kind(cell) == "checks":
            self._run_checks(cell)
        else:
            self._run_answer(cell)

    @property
    def _cell(self) -> NotebookNode:
        cell: NotebookNode = self._cells[self._number]
        return cell

    # A cell of the student's, or one that was given

    def _run_answer(self, cell: NotebookNode) -> None:
        if self._is_given(cell):
            before = dict(self._space)
            run_source(self._source(cell), self._file(self._number), self._space)
            self._given |= {n: value for n, value in self._space.items() if n not in before}
        try:
            shown = self._run_inside(self._number)
        except OutOfTime:
            self._give_reason("cell_late", timeout=self._marker.timeout)
        except AnswersEnded:
            self._give_reason("cell_died")
        else:
            limit, language = self._marker.output_limit, self._marker.language
            cell.outputs = read_outputs(shown, limit, language, self._number + 1)

    def _run_inside(self, number: int) -> Any:
        """Run a cell where the answers run; what it showed."""
        self._revive()
        if self._answers is None:
            raise AnswersEnded
        cell, file = self._cells[number], self._file(number)
        remember(self._source(cell), file)
        given = self._is_given(cell)
        try:
            shown, self._dtype = self._answers.run(
                self._source(cell), file, self._marker.timeout, given=given
            )
        except (AnswersEnded, OutOfTime):
            self._skipped.add(number)
            self._bury()
            raise
        if given:
            self._answers.give(self._given)
        return shown

    def _is_given(self, cell: NotebookNode) -> bool:
        """Whether a cell is the course's own, and no cell of checks."""
        return kind(cell) == "other" and grade_id(cell) in self._trusted

    def _source(self, cell: NotebookNode) -> str:
        given = self._is_given(cell)
        return self._trusted[str(grade_id(cell))] if given else str(cell.source)

    def _file(self, number: int) -> str:
        return f"<cell {number}>"

    # The process with the answers

    def _revive(self) -> None:
        """Start it if there is none, and bring it to where the last one was."""
        while self._answers is None and time.monotonic() < self._end:
            self._answers = self._start()
            try:
                for number, cell in enumerate(self._cells[: self._number]):
                    run = cell.cell_type == "code" and kind(cell) != "checks"
                    if run and number not in self._skipped:
                        self._run_inside(number)
            except (AnswersEnded, OutOfTime):
                continue  # once more, without the cell that does not end well now

    def _start(self) -> Answers:
        answers = Answers(self._runner.open(), self._patience, self._marker.output_limit)
        try:
            answers.start(self._files)
        except (AnswersEnded, OutOfTime) as error:
            raise RuntimeError(text(self._marker.language, "no_start", error=error)) from error
        return answers

    def _bury(self) -> None:
        """End a process that has hung or died."""
        if self._answers is not None:
            self._answers.close()
            self._answers = None
        self._runner.end()

    # A cell of checks

    def _run_checks(self, cell: NotebookNode) -> None:
        name = str(grade_id(cell))
        if name not in self._trusted:
            self._give_reason("cell_scoreless")
            return
        cell.source = self._trusted[name]
        printed = io.StringIO()
        before, dtype = Question.place, torch.get_default_dtype()
        Question.place = self
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                value = self._checked(cell)
        except Exception as error:
            value = None
            cell.outputs.append(_error(type(error).__name__, str(error)))
        finally:
            Question.place = before
            torch.set_default_dtype(dtype)
        if printed.getvalue():
            cell.outputs.insert(0, new_output("stream", name="stdout", text=printed.getvalue()))
        if self._suspicions and self._title in DECIDED_INSIDE:
            value = self._withhold(cell)
        if type(value) is float and math.isfinite(value):
            score = min(max(value, 0.0), float(cell.metadata.nbgrader.points))
            cell.outputs.append(
                new_output(
                    "execute_result",
                    data={"text/plain": str(score)},
                    execution_count=self._number + 1,
                )
            )
        elif all(output.output_type != "error" for output in cell.outputs):
            self._give_reason("cell_scoreless")

    def _checked(self, cell: NotebookNode) -> Any:
        """The value of a cell of checks: its score."""
        self._title = str(grade_id(cell)).removesuffix(HIDDEN).removesuffix(VISIBLE)
        if self._title in self._impatient:
            self._patience.lose()
        else:
            self._patience.regain()
        self._names = unknown_names(cell.source, self._space)
        self._meet()
        torch.set_default_dtype(DTYPES.get(self._dtype, torch.float32))
        try:
            return run_source(cell.source, self._file(self._number), self._space)
        finally:
            self._part()

    def _withhold(self, cell: NotebookNode) -> float:
        """Give no points, and say why: the teacher decides."""
        first = self._suspicions[0]
        words = text(self._marker.language, "withheld", what=first.what, line=first.line)
        cell.metadata.setdefault(METADATA, NotebookNode())["withheld"] = words
        cell.outputs.append(new_output("stream", name="stdout", text=f"{words}\n"))
        return 0.0

    def _meet(self) -> None:
        """Let the names that a cell of checks uses stand for what the student has defined."""
        self._revive()
        self._part()
        if self._answers is not None:
            try:
                self._stand_ins = self._answers.names(self._names)
            except (AnswersEnded, OutOfTime):
                self._bury()
        self._space |= self._stand_ins

    def _part(self) -> None:
        """Forget what stood for the student's, but for what the checks have given these names."""
        for name, stand_in in self._stand_ins.items():
            if self._space.get(name) is stand_in:
                del self._space[name]
        self._stand_ins = {}

    def begin(self, seed: int, file: str) -> None:
        """A check begins. If the process has ended in the last one, there is a new one."""
        if self._answers is None:
            self._meet()
        if self._answers is not None:
            self._answers.begin_check(seed, file)

    def end(self) -> None:
        """A check is over."""
        if self._answers is not None and self._answers.ended:
            self._bury()
            self._impatient.add(self._title)
            self._patience.lose()

    def keep(self, result: Result) -> None:
        keep(result, self._cell)

    def _give_reason(self, reason: str, **values: object) -> None:
        message = text(self._marker.language, reason, **values)
        self._cell.outputs = [_error("NotFinished", message)]


def _error(name: str, said: str) -> NotebookNode:
    output: NotebookNode = new_output("error", ename=name, evalue=said, traceback=[said])
    return output
