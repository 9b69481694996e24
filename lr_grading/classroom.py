"""Mark a class: workers run what was handed in, and this process writes down the marks."""

import contextlib
import json
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import nbformat
from filelock import FileLock, Timeout
from nbformat import NotebookNode

from lr_grading.backup import back_up
from lr_grading.cluster import Cluster
from lr_grading.coursework import Coursework, open_class
from lr_grading.handover import assignment_of, submission_of
from lr_grading.intake import accept
from lr_grading.marked import FINGERPRINT, Marked
from lr_grading.messages import text
from lr_grading.progress import Progress
from lr_grading.record import Recorder, SharedGradebook
from lr_grading.release import pristine_editions
from lr_grading.results import METADATA
from lr_grading.sandbox import find
from lr_grading.submission import Submission
from lr_grading.terminal import one_line
from lr_grading.worker import MODULES, run_submission
from lr_grading.workers import LocalWorkers, Workers, each_done


def autograde_all(
    name: str,
    language: str,
    root: Path,
    say: Callable[[str], object],
    *,
    sandboxed: bool = True,
    workers: int | None = None,
    scheduler: str | None = None,
    again: bool = False,
    confirm: Callable[[], bool] = lambda: True,
) -> int:
    """Mark what every student has handed in of an assignment.

    What is marked already is left alone, unless something that the marks depend on has changed:
    what was handed in, the assignment, the graders, the private seed, the settings of the class,
    or the time when it is due. A submission whose notebook is missing gets an empty one, so that
    it is marked too; one from a folder gets the time of its file. No file that was handed in is
    changed; links and pipes are moved to ``classroom/<language>/set-aside``.

    Args:
        name: The assignment.
        language: The language of the class, "en" or "zh".
        root: The folder that holds ``classroom``.
        say: Takes a line of the report.
        sandboxed: Whether the code of students runs in a sandbox, or with the teacher's rights.
        workers: How many processes run submissions; by default one for each core.
        scheduler: The address of a Dask cluster that runs them instead.
        again: Whether to mark also what is marked already.
        confirm: Asked where marks of answers that are marked already would change, after these
            changes were said. Unless it returns True, these marks are left as they are.

    Returns:
        0 if every submission has a mark, otherwise 1.

    Raises:
        FileNotFoundError: Nothing was handed in.
        RuntimeError: There is no sandbox on this machine, or no such cluster, or another process
            marks this class.
        KeyboardInterrupt: It was interrupted. What is marked is kept, and the next call goes on.
    """
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    work = Coursework(open_class(language, root), name, language, root)
    students = work.students()
    if not students:
        place = work.home / "submitted"
        raise FileNotFoundError(text(language, "nothing_handed_in", name=name, folder=place))
    if not sandboxed:
        work.api.config.Execute.sandbox = "none"
    if work.api.config.Execute.sandbox != "none" and scheduler is None:
        find(language, str(work.api.config.Execute.sandbox))
    report = Progress(students, say)
    with _alone(work):
        try:
            with SharedGradebook(work.api) as gradebook:
                marking = _Marking(work, gradebook, report, confirm)
                marking.accept(students)
                waiting = marking.waiting(again=again)
                if waiting:
                    marking.prepare()
                    hired = _hire(workers, scheduler, language)
                    with contextlib.closing(hired), report:
                        marking.mark(waiting, hired)
        except KeyboardInterrupt:
            said = text(language, "interrupted", done=report.done, count=len(students))
            raise KeyboardInterrupt(said) from None
    return 1 if report.failed else 0


def _hire(count: int | None, scheduler: str | None, language: str) -> Workers:
    if scheduler is not None:
        return Cluster(scheduler, MODULES, language)
    return LocalWorkers(count, MODULES)


class _Marking:
    """One call of the command, with the gradebook open."""

    def __init__(
        self,
        work: Coursework,
        gradebook: SharedGradebook,
        report: Progress,
        confirm: Callable[[], bool],
    ) -> None:
        self.work, self._gradebook, self._report = work, gradebook, report
        self._confirm = confirm
        self._marked = Marked(work, gradebook)
        self._changed: dict[str, list[str]] = {}  # by student: what was done to accept the work
        self._fingerprints: dict[str, str] = {}

    def accept(self, students: list[str]) -> None:
        """Make the work of all students ready. What cannot be read is reported at once."""
        work = self.work
        releases = cache(partial(pristine_editions, work.language, work.name, work.root))
        for student in students:
            folder, aside = work.submitted(student), work.set_aside(student)
            try:
                done = accept(folder, work.name, aside, work.language, releases)
                # What is handed in from here on is marked by the next call.
                self._fingerprints[student] = self._marked.fingerprint(student)
                self._changed[student] = done
            except OSError as error:
                self._failed(student, str(error))

    def waiting(self, *, again: bool) -> list[str]:
        """The students whose work is to be marked. The marks of the others are reported."""
        waiting = []
        for student in self._changed:
            if again or not self._marked.is_current(student, self._fingerprints[student]):
                waiting.append(student)
            else:
                self._done(student)
        return waiting

    def prepare(self) -> None:
        """Copy the gradebook, then put the assignment into it if no release has been generated."""
        # One that only has a due date yet has no notebook.
        work = self.work
        known = {one.name for one in self._gradebook.assignments if one.notebooks}
        copy = back_up(work.api.coursedir.db_url, work.home / "backups") if known else None
        if copy is not None:
            self._report.say(text(work.language, "backed_up", file=copy))
        if work.name not in known:
            self._gradebook.db.rollback()
            result = work.api.generate_assignment(work.name)
            if not result["success"]:
                raise RuntimeError(f"nbgrader could not release {work.name}:\n{result['log']}")

    def mark(self, students: list[str], workers: Workers) -> None:
        """Have the work of students run, and write down what that gives.

        Where answers were marked before, as a check was mended since, that waits until all that
        would change can be said.
        """
        recorder = Recorder(self.work, self._gradebook)
        held: dict[str, NotebookNode] = {}
        run = partial(run_submission, assignment_of(self.work))
        for submission, executed in each_done(workers, run, self._submissions(students)):
            student = submission.student
            if isinstance(executed, workers.deaths):
                self._failed(student, text(self.work.language, "worker_died"))
            elif isinstance(executed, Exception):
                self._failed(student, f"{type(executed).__name__}: {executed}")
            else:
                notebook = nbformat.from_dict(json.loads(executed))
                notebook.metadata[METADATA][FINGERPRINT] = self._fingerprints[student]
                if self._marked.has_same_answers(student, notebook):
                    held[student] = notebook
                    self._report.ran(student)
                else:
                    self._write(recorder, student, notebook)
        if self._may_change(held):
            for student, notebook in held.items():
                self._write(recorder, student, notebook)
        else:
            for student in held:
                self._done(student)

    def _write(self, recorder: Recorder, student: str, notebook: NotebookNode) -> None:
        with _uninterrupted():
            error = recorder.record(student, notebook)
            if error:
                self._failed(student, error)
            else:
                self._done(student)

    def _may_change(self, held: dict[str, NotebookNode]) -> bool:
        """Say which marks of answers that are as before would change, and ask whether they may."""
        say, language = self._report.say, self.work.language
        changes = {s: self._marked.changes(s, notebook) for s, notebook in held.items()}
        changed = {student: found for student, found in changes.items() if found}
        if not changed:
            return True
        say(text(language, "marks_change", count=len(changed), of=len(held)))
        for student, found in sorted(changed.items()):
            cells = ", ".join(f"{cell} {before:g} → {now:g}" for cell, before, now in found)
            difference = sum(now - before for _, before, now in found)
            say(f"      {one_line(student)}: {difference:+g} ({cells})")
        may = self._confirm()
        say(text(language, "marks_written" if may else "marks_kept"))
        return may

    def _submissions(self, students: list[str]) -> Iterator[Submission]:
        for student in students:
            try:
                yield submission_of(self.work, student)
            except OSError as error:
                self._failed(student, str(error))

    def _done(self, student: str) -> None:
        more = self._changed[student] + self._marked.repairs(student)
        self._report.add(student, self._marked.marks(student), more)

    def _failed(self, student: str, reason: str) -> None:
        more = [*self._changed.get(student, []), reason]
        self._report.add_failure(student, text(self.work.language, "no_mark"), more)


@contextlib.contextmanager
def _alone(work: Coursework) -> Iterator[None]:
    """Keep other processes from marking the same class: there is one writer."""
    lock = FileLock(work.home / ".autograde.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        said = text(work.language, "marked_elsewhere", folder=work.home)
        raise RuntimeError(said) from None
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait for the end of something short, which nbgrader would take for a failure."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt
