"""Mark a class: workers run what was handed in, and this process writes down the marks."""

import contextlib
import json
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import nbformat
from filelock import FileLock, Timeout

from lr_grading.backup import back_up
from lr_grading.coursework import Coursework, open_class
from lr_grading.handover import assignment_of, submission_of
from lr_grading.intake import accept
from lr_grading.marked import FINGERPRINT, Marked
from lr_grading.messages import text
from lr_grading.record import Recorder, SharedGradebook
from lr_grading.report import Report
from lr_grading.results import METADATA
from lr_grading.sandbox import require
from lr_grading.submission import Submission, run_submission
from lr_grading.workers import Cluster, LocalWorkers, Workers, each_done


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
        require(language)
    report = Report(students, say)

    def hire() -> Workers:
        if scheduler is not None:
            return Cluster(scheduler, language)
        return LocalWorkers(workers, run_submission.__module__)

    with _alone(work):
        try:
            _mark_all(work, students, report, hire, again=again)
        except KeyboardInterrupt:
            said = text(language, "interrupted", done=report.done, count=len(students))
            raise KeyboardInterrupt(said) from None
    return 1 if report.failed else 0


def _mark_all(
    work: Coursework,
    students: list[str],
    report: Report,
    hire: Callable[[], Workers],
    *,
    again: bool,
) -> None:
    accepted = dict(_accept_each(work, students, report))
    with SharedGradebook(work.api) as gradebook:
        marked = Marked(work, gradebook)
        waiting = [one for one in accepted if again or not marked.is_current(one)]
        for student in accepted.keys() - set(waiting):
            report.add(student, marked.marks(student), accepted[student] + marked.repairs(student))
        if not waiting:
            return
        _prepare(work, gradebook, report)
        workers = hire()
        with contextlib.closing(workers), report:
            for student, error in _mark_each(work, waiting, workers, gradebook, marked):
                if error:
                    report.add_failure(student, text(work.language, "no_mark"), [error])
                else:
                    more = accepted[student] + marked.repairs(student)
                    report.add(student, marked.marks(student), more)


def _accept_each(
    work: Coursework, students: list[str], report: Report
) -> Iterator[tuple[str, list[str]]]:
    """The students whose work can be marked, with what was done to accept it."""
    for student in students:
        try:
            folder, aside = work.submitted(student), work.set_aside(student)
            yield student, accept(folder, work.name, aside, work.language)
        except OSError as error:
            report.add_failure(student, text(work.language, "no_mark"), [str(error)])


def _prepare(work: Coursework, gradebook: SharedGradebook, report: Report) -> None:
    """Copy the gradebook, then put the assignment into it if no release has been generated."""
    known = {assignment.name for assignment in gradebook.assignments}
    if known:
        copy = back_up(work.api.coursedir.db_url, work.home / "backups")
        if copy is not None:
            report.say(text(work.language, "backed_up", file=copy))
    if work.name not in known:
        gradebook.db.rollback()
        result = work.api.generate_assignment(work.name)
        if not result["success"]:
            raise RuntimeError(f"nbgrader could not release {work.name}:\n{result['log']}")


def _mark_each(
    work: Coursework,
    students: list[str],
    workers: Workers,
    gradebook: SharedGradebook,
    marked: Marked,
) -> Iterator[tuple[str, str]]:
    """Have submissions run, and write down what that gives.

    Yields:
        Each student in the order of their ends, with what went wrong, if anything did.
    """
    recorder = Recorder(work, gradebook)
    run = partial(run_submission, assignment_of(work))
    fingerprints: dict[str, str] = {}

    def submissions() -> Iterator[Submission]:
        for student in students:
            # Before it is read: what comes in between is marked by the next call.
            fingerprints[student] = marked.fingerprint(student)
            yield submission_of(work, student)

    for submission, executed in each_done(workers, run, submissions()):
        student = submission.student
        if isinstance(executed, workers.deaths):
            yield student, text(work.language, "worker_died")
        elif isinstance(executed, Exception):
            yield student, f"{type(executed).__name__}: {executed}"
        else:
            notebook = nbformat.from_dict(json.loads(executed))
            notebook.metadata[METADATA] = {FINGERPRINT: fingerprints[student]}
            with _uninterrupted():
                error = recorder.record(student, notebook)
            yield student, error


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
