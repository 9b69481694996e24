"""A class is marked by several workers and one writer: the same marks, and nothing is lost.

The notebooks are not run here (``quick_run``); tests/teaching/test_classroom.py runs them.
"""

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import LocalCluster
from filelock import FileLock

from lr_grading import __main__
from lr_grading.assignments import ROOT, grade_id, read
from lr_grading.backup import KEPT
from lr_grading.classroom import autograde_all
from lr_grading.coursework import Coursework, open_class
from lr_grading.due_dates import in_utc, set_due
from lr_grading.execute import Execute
from lr_grading.handover import submission_of
from lr_grading.limits import FILE_MEGABYTES
from lr_grading.results import METADATA
from lr_grading.workers import LocalWorkers
from tests.classroom import ENVIRONMENT, completed, hand_in, nbgrader, new_class
from tests.marking.quick_run import DO, ThisProcess, quick_execute, quick_run

NAME = "mechanics"
WHOLE = completed("en", NAME)
QUESTIONS = [cell for cell in WHOLE.cells if cell.metadata.get("nbgrader", {}).get("solution")]


def answered(length: int) -> Any:
    """A notebook whose first answer is so much longer."""
    first = QUESTIONS[0].metadata.nbgrader.grade_id
    return completed("en", NAME, {first: QUESTIONS[0].source + "\n#" + "x" * length})


def lay_out(home: Path, students: dict[str, dict[str, Any]]) -> None:
    """Hand in a notebook for each student, with what is to happen when it is run."""
    for number, (student, do) in enumerate(students.items()):
        hand_in(home, student, NAME, answered(number))
        folder = home / "submitted" / student / NAME
        (folder / DO).write_text(json.dumps(do))
        (folder / "timestamp.txt").write_text(f"2026-11-0{number + 1} 10:00:00 UTC")


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A gradebook that has the assignment: to make one takes seconds."""
    home = new_class(tmp_path_factory.mktemp("course"), "en", [NAME])
    nbgrader("generate_assignment", NAME, folder=home)
    return (home / "gradebook.db").read_bytes()


@pytest.fixture
def home(tmp_path: Path, empty_gradebook: bytes) -> Path:
    home = new_class(tmp_path, "en", [NAME])
    (home / "gradebook.db").write_bytes(empty_gradebook)
    (home / "private-seed.txt").write_text("1")
    return home


Mark = Callable[..., list[str]]


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mark:
    """Mark the class in this process, or by ``workers``; the lines of the report are returned."""
    monkeypatch.setattr("lr_grading.classroom.run_submission", quick_run)

    def mark(workers: int | None = None, **options: Any) -> list[str]:
        if workers is None:
            monkeypatch.setattr("lr_grading.classroom.LocalWorkers", lambda *_: ThisProcess())
        else:
            monkeypatch.setattr("lr_grading.classroom.LocalWorkers", LocalWorkers)
        said: list[str] = []
        autograde_all(
            NAME, "en", tmp_path, said.append, sandboxed=False, workers=workers, **options
        )
        return said

    return mark


def rows(home: Path) -> dict[str, list[Any]]:
    """What the gradebook has, without the numbers that it draws for its rows."""
    queries = {
        "submissions": "SELECT student_id, timestamp, extension FROM submitted_assignment",
        "notebooks": "SELECT student_id, late_submission_penalty, flagged FROM submitted_notebook"
        " JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id",
        "grades": "SELECT student_id, name, auto_score, manual_score, extra_credit,"
        " needs_manual_grade FROM grade JOIN base_cell ON cell_id = base_cell.id"
        " JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id"
        " JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id",
        "comments": "SELECT student_id, name, auto_comment, manual_comment"
        " FROM comment JOIN base_cell ON cell_id = base_cell.id"
        " JOIN submitted_notebook ON comment.notebook_id = submitted_notebook.id"
        " JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id",
        "students": "SELECT id, first_name FROM student",
    }
    with contextlib.closing(sqlite3.connect(home / "gradebook.db")) as gradebook:
        return {name: sorted(gradebook.execute(q), key=repr) for name, q in queries.items()}


def files(home: Path) -> dict[str, Any]:
    """What is in autograded: contents and permissions, without the time when it was written."""
    found: dict[str, Any] = {}
    for path in sorted((home / "autograded").rglob("*")):
        content: Any = None
        if path.suffix == ".ipynb":
            content = read(path)
            content.metadata.pop(METADATA, None)
        elif path.is_file():
            content = path.read_bytes()
        found[str(path.relative_to(home))] = oct(path.stat().st_mode), content
    return found


def marked_at(home: Path) -> dict[str, int]:
    return {
        file.parents[1].name: file.stat().st_mtime_ns
        for file in (home / "autograded").rglob("*.ipynb")
    }


# The same as nbgrader's own


SETTINGS = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"


def test_what_is_left_is_what_nbgrader_leaves(
    home: Path, mark: Mark, tmp_path: Path, empty_gradebook: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(home, {"ada": {}, "ben": {}, "李雷": {}})
    hand_in(home, "half", NAME, '{"cells": [')
    hand_in(home, "blank", NAME, json.dumps(read(ROOT / f"exercises/en/{NAME}/{NAME}.ipynb")))
    folder = home / "submitted" / "ada" / NAME
    (folder / "more.ipynb").write_text("{}")
    (folder / "data").mkdir()
    (folder / "data" / "own.csv").write_text("1,2")
    (home.parents[1] / "solutions" / "en" / NAME / "ours.csv").write_text("3,4")
    (folder / "ours.csv").write_text("changed")
    (home / "nbgrader_config.py").open("a").write(SETTINGS)
    with open_class("en", tmp_path).gradebook as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-11-02 12:00:00")
    before = (home / "gradebook.db").read_bytes()
    mark()
    ours = rows(home), files(home)

    (home / "gradebook.db").write_bytes(before)
    (home / "autograded").rename(home / "ours")
    monkeypatch.setattr(Execute, "preprocess", quick_execute)
    nbgrader("autograde", NAME, folder=home)
    theirs = rows(home), files(home)
    assert ours[0] == theirs[0]
    assert ours[1] == theirs[1]
    assert any(penalty for _, penalty, _ in ours[0]["notebooks"]), "somebody is late"
    assert any("own.csv" in file for file in ours[1])


def test_a_notebook_is_run_beside_the_files_that_nbgrader_puts_there(
    home: Path, tmp_path: Path
) -> None:
    lay_out(home, {"ada": {}})
    work = Coursework(open_class("en", tmp_path), NAME, "en", tmp_path)
    folder = work.submitted("ada")
    (work.source / "ours.csv").write_text("3,4")
    for name in ("ours.csv", "own.csv", "more.ipynb"):
        (folder / name).write_text("changed")
    with (folder / "large.bin").open("wb") as large:
        large.truncate(FILE_MEGABYTES * 10**6 + 1)
    handed_in = submission_of(work, "ada")
    assert handed_in.files.keys() == {"ours.csv", "own.csv", DO, "timestamp.txt"}
    assert handed_in.files["ours.csv"] == b"3,4"
    assert handed_in.found == (DO, "large.bin", "more.ipynb", "ours.csv", "own.csv")


# Workers


@pytest.mark.parametrize("slow", ["a", "c"])
def test_marks_depend_neither_on_the_number_of_workers_nor_on_the_order(
    home: Path, mark: Mark, slow: str
) -> None:
    students = {name: {"sleep": 0.3 if name == slow else 0} for name in "abcd"}
    lay_out(home, students)
    lines = mark(workers=1)
    first = rows(home), files(home)
    assert [line for line in mark(workers=2, again=True) if line[0] == "["] == lines[1:]
    assert (rows(home), files(home)) == first
    assert [line.split(":")[0] for line in lines[1:]] == [
        f"[{n}/4] {name}" for n, name in enumerate("abcd", 1)
    ]
    assert len({line.split(": ")[1] for line in lines[1:]}) > 1


def test_a_worker_that_dies_costs_nothing_and_one_that_dies_again_is_reported(
    home: Path, mark: Mark, tmp_path: Path
) -> None:
    lay_out(home, {"ada": {"die-once": str(tmp_path / "died")}, "ben": {"die": True}, "cid": {}})
    lines = mark(workers=2)[1:]
    assert "/ 40" in lines[0]
    assert lines[1] == "[2/3] ben: no mark; the reason:"
    assert "was killed, twice" in lines[2]
    assert "/ 40" in lines[3]
    assert marked_at(home).keys() == {"ada", "cid"}


# What is marked again


def as_it_is(home: Path) -> None:
    pass


def handed_in_again(home: Path, student: str = "ben") -> None:
    (home / "submitted" / student / NAME / f"{NAME}.ipynb").write_text(json.dumps(answered(10)))


def file_added(home: Path) -> None:
    (home / "submitted" / "ben" / NAME / "data.csv").write_text("1,2")


def notebook_lost(home: Path) -> None:
    (home / "autograded" / "ben" / NAME / f"{NAME}.ipynb").unlink()


def notebook_cut(home: Path) -> None:
    file = home / "autograded" / "ben" / NAME / f"{NAME}.ipynb"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-100])


def gradebook_of_before(home: Path) -> None:
    with open_class("en", home.parents[1]).gradebook as gradebook:
        gradebook.remove_submission(NAME, "ben")


def scores_of_before(home: Path) -> None:
    with open_class("en", home.parents[1]).gradebook as gradebook:
        gradebook.find_grade(checks(home), NAME, NAME, "ben").auto_score = 0.5
        gradebook.db.commit()


def extension(home: Path) -> None:
    with open_class("en", home.parents[1]).gradebook as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-11-02 12:00:00")


def other_seed(home: Path) -> None:
    (home / "private-seed.txt").write_text("2")


def other_settings(home: Path) -> None:
    (home / "nbgrader_config.py").open("a").write("\nc.Execute.timeout = 60\n")


def other_solution(home: Path) -> None:
    (home.parents[1] / "solutions" / "en" / NAME / "data.csv").write_text("1,2")


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (as_it_is, ""),
        (handed_in_again, "b"),
        (file_added, "b"),
        (notebook_lost, "b"),
        (notebook_cut, "b"),
        (gradebook_of_before, "b"),
        (scores_of_before, "b"),
        (extension, "ab"),
        (other_seed, "ab"),
        (other_settings, "ab"),
        (other_solution, "ab"),
    ],
)
def test_only_what_is_new_or_has_changed_is_marked_again(
    home: Path, mark: Mark, change: Callable[[Path], None], again: str
) -> None:
    lay_out(home, {"ada": {}, "ben": {}})
    lines = mark()[1:]
    before = marked_at(home)
    change(home)
    said = mark()
    after = marked_at(home)
    assert {name[0] for name in after if after[name] != before.get(name)} == set(again)
    if not again:
        assert said == lines


def test_all_is_marked_again_where_that_is_asked_for(home: Path, mark: Mark) -> None:
    lay_out(home, {"ada": {}, "ben": {}})
    mark()
    before = marked_at(home)
    mark(again=True)
    assert all(before[name] != time for name, time in marked_at(home).items())


def test_other_graders_mark_again(home: Path, mark: Mark, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(home, {"ada": {}})
    mark()
    before = marked_at(home)
    for module in ("marked", "handover", "submission"):
        monkeypatch.setattr(f"lr_grading.{module}.graders", lambda: "of the next version")
    mark()
    assert marked_at(home) != before


# What a teacher has done


def by_hand(home: Path) -> None:
    """What a teacher does in formgrader: points and a comment for the reflection and a check."""
    with open_class("en", home.parents[1]).gradebook as gradebook:
        for cell in ("reflection", checks(home)):
            grade = gradebook.find_grade(cell, NAME, NAME, "ada")
            grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.find_comment("reflection", NAME, NAME, "ada").manual_comment = "Good."
        gradebook.db.commit()


def checks(home: Path) -> str:
    return f"{QUESTIONS[0].metadata.nbgrader.grade_id}-checks"


def grades(home: Path) -> dict[str, tuple[float, bool]]:
    found = {name: (manual, needs) for _, name, _, manual, _, needs in rows(home)["grades"]}
    return {name: found[name] for name in ("reflection", checks(home))}


def test_what_is_marked_by_hand_stays_marked(home: Path, mark: Mark) -> None:
    lay_out(home, {"ada": {}})
    mark()
    by_hand(home)
    mark(again=True)
    assert grades(home) == {"reflection": (1.5, False), checks(home): (1.5, False)}
    assert "Good." in str(rows(home)["comments"])


def text_changed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = answered(0)
    (reflection,) = (cell for cell in notebook.cells if grade_id(cell) == "reflection")
    reflection.source += " And more."
    (home / "submitted" / "ada" / NAME / f"{NAME}.ipynb").write_text(json.dumps(notebook))


def code_changed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cell,) = (cell for cell in WHOLE.cells if grade_id(cell) == checks(home))
    same_score = answered(1 + int(cell.metadata.nbgrader.points))
    (home / "submitted" / "ada" / NAME / f"{NAME}.ipynb").write_text(json.dumps(same_score))


def score_changed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.marking.quick_run.len", lambda _: 1, raising=False)


@pytest.mark.parametrize(
    ("change", "cell"),
    [(text_changed, "reflection"), (code_changed, "checks"), (score_changed, "checks")],
)
def test_what_is_no_longer_what_the_teacher_saw_asks_for_another_look(
    home: Path,
    mark: Mark,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path, pytest.MonkeyPatch], None],
    cell: str,
) -> None:
    lay_out(home, {"ada": {}})
    mark()
    by_hand(home)
    change(home, monkeypatch)
    mark(again=True)
    expected = {"reflection": (1.5, cell == "reflection"), checks(home): (1.5, cell == "checks")}
    assert grades(home) == expected


# A check was mended


@pytest.mark.parametrize("may", [True, False])
def test_marks_that_would_change_are_said_before_they_are_written(
    home: Path, mark: Mark, monkeypatch: pytest.MonkeyPatch, may: bool
) -> None:
    lay_out(home, {"ada": {}, "ben": {}})
    mark()
    before, marked = rows(home)["grades"], marked_at(home)
    monkeypatch.setattr("tests.marking.quick_run.len", lambda _: 2, raising=False)
    asked = []

    def confirm() -> bool:
        assert (rows(home)["grades"], marked_at(home)) == (before, marked), "nothing is written yet"
        asked.append(True)
        return may

    said = mark(again=True, confirm=confirm)
    (heading,) = [number for number, line in enumerate(said) if "of 2 that were marked" in line]
    assert re.search(r"ada: [+-]\d.*\d → 2", said[heading + 1])
    assert asked == [True]
    assert (rows(home)["grades"] == before) is not may
    assert said[-1].startswith("[2/2] ben: ")


def test_where_no_mark_changes_nobody_is_asked(home: Path, mark: Mark) -> None:
    lay_out(home, {"ada": {}})
    mark()
    assert len(mark(again=True, confirm=lambda: pytest.fail("asked"))) == 2


def test_work_that_comes_late_loses_its_share(home: Path, mark: Mark) -> None:
    with (home / "nbgrader_config.py").open("a") as settings:
        settings.write("\nc.LatePenalty.per_day = 0.1\n")
    lay_out(home, {"ada": {}, "ben": {}})  # on the 1st and the 2nd of November, at 10
    set_due(NAME, in_utc("2026-11-01 12:00", "UTC", "en"), "en", home.parents[1])
    mark()
    penalties = {student: penalty for student, penalty, _ in rows(home)["notebooks"]}
    assert penalties["ada"] is None
    assert penalties["ben"] == pytest.approx(4)


# Nothing is lost


PROGRAM = """
import sys
from functools import partial
from pathlib import Path
from unittest.mock import patch
from lr_grading import __main__
from tests.marking.quick_run import quick_run

if __name__ == "__main__":
    with patch("lr_grading.classroom.run_submission", quick_run), \\
            patch.object(__main__, "ROOT", Path({root!r})):
        sys.exit(__main__.main(["autograde", {name!r}, "--workers", "2", "--without-sandbox"]))
"""


def start(home: Path) -> "subprocess.Popen[str]":
    """Mark the class in a process of its own."""
    program = home / "program.py"
    program.write_text(PROGRAM.format(root=str(home.parents[1]), name=NAME))
    return subprocess.Popen(
        [sys.executable, program],
        env=ENVIRONMENT | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf8",
    )


def still_run(notes: list[Path]) -> list[int]:
    """The processes of workers that are still there some seconds later."""
    pids = [int(note.read_text()) for note in notes if note.exists()]
    end = time.monotonic() + 10
    while (left := list(filter(psutil.pid_exists, pids))) and time.monotonic() < end:
        time.sleep(0.05)
    assert pids
    return left


def test_a_run_that_is_killed_in_the_middle_loses_nothing(
    home: Path, mark: Mark, tmp_path: Path
) -> None:
    notes = [tmp_path / f"note-{n}" for n in range(8)]
    lay_out(home, {f"s{n}": {"sleep": 0.1 * n, "note": str(notes[n])} for n in range(8)})
    process = start(home)
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(4)][1:]
    process.kill()
    process.communicate(timeout=20)
    done = marked_at(home)
    assert 3 <= len(done) < 8, said
    assert still_run(notes) == []
    lines = [line for line in mark() if line[0] == "["]
    after = marked_at(home)
    assert len(after) == 8
    assert {name: after[name] for name in done} == done
    assert len(lines) == 8
    assert lines[:3] == said


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell lets what it starts in the background ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_stops_at_once_and_says_how_to_go_on(
    home: Path, mark: Mark, tmp_path: Path, interruptible: None
) -> None:
    notes = [tmp_path / f"note-{n}" for n in range(3)]
    happens: list[dict[str, Any]] = [{}, {"interrupt": os.getpid()}, {"sleep": 60}]
    lay_out(home, {f"s{n}": {"note": str(notes[n])} | happens[n] for n in range(3)})
    with pytest.raises(KeyboardInterrupt) as stopped:
        mark(workers=2)
    done = marked_at(home)
    said = f"Stopped: {len(done)} of 3 are marked. The same command goes on with the others."
    assert str(stopped.value) == said
    assert still_run(notes) == []
    for student in ("s1", "s2"):
        (home / "submitted" / student / NAME / DO).write_text("{}")
    mark()
    assert len(marked_at(home)) == 3


LAST_STEP = "nbgrader.preprocessors.AssignLatePenalties.preprocess"


def test_ctrl_c_lets_the_submission_be_written_down(
    home: Path,
    mark: Mark,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    interruptible: None,
) -> None:
    def interrupted(_: Any, notebook: Any, resources: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return notebook, resources

    lay_out(home, {"ada": {}, "ben": {}})
    mark()
    monkeypatch.setattr(LAST_STEP, interrupted)
    monkeypatch.setattr(__main__, "ROOT", tmp_path)
    before = marked_at(home)
    assert __main__.main(["autograde", NAME, "--without-sandbox", "--again"]) == 130
    printed = capsys.readouterr()
    assert "[1/2] ada: " in printed.out
    assert printed.err.endswith(
        "Stopped: 1 of 2 are marked. The same command goes on with the others.\n"
    )
    assert marked_at(home)["ada"] != before["ada"]


def test_what_cannot_be_written_down_leaves_all_as_it_was(
    home: Path, mark: Mark, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_: Any, notebook: Any, resources: Any) -> Any:
        if resources["nbgrader"]["student"] == "ada":
            raise OSError("no space left on the disk")
        return notebook, resources

    def of(student: str) -> list[Any]:
        found = [row for table in rows(home).values() for row in table if row[0] == student]
        return [found, marked_at(home)[student]]

    lay_out(home, {"ada": {}, "ben": {}})
    mark()
    before = of("ada"), of("ben")
    for student in ("ada", "ben"):
        handed_in_again(home, student)
    with monkeypatch.context() as patch:
        patch.setattr(LAST_STEP, no_space)
        _, line, reason, _ = mark()
    assert line == "[1/2] ada: no mark; the reason:"
    assert reason.strip() == "OSError: no space left on the disk"
    assert of("ada") == before[0]
    assert of("ben") != before[1]
    mark()
    assert of("ada") != before[0]


def test_two_do_not_mark_the_same_class(home: Path, mark: Mark) -> None:
    lay_out(home, {"ada": {}})
    with (
        FileLock(home / ".autograde.lock"),
        pytest.raises(RuntimeError, match="Another process is marking the class"),
    ):
        mark()
    assert mark()


def test_the_gradebook_is_copied_before_it_is_written_to(home: Path, mark: Mark) -> None:
    lay_out(home, {"ada": {}})
    first = rows(home)
    (said, _) = mark()
    (copy,) = (home / "backups").iterdir()
    assert said == f"The gradebook as it was is kept in {copy}"
    copy.rename(home / "gradebook.db")
    assert rows(home) == first
    for _ in range(KEPT + 1):
        mark(again=True)
    copies = sorted((home / "backups").iterdir())
    assert len(copies) == KEPT
    mark()
    assert sorted((home / "backups").iterdir()) == copies, "nothing was to be marked"


# Several machines


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of two worker processes on this machine."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.mark.slow
def test_a_cluster_gives_the_same_marks_though_one_of_its_workers_is_killed(
    home: Path, mark: Mark, cluster: Any, tmp_path: Path
) -> None:
    names = [f"s{number}" for number in range(6)]
    lay_out(home, {name: {} for name in names})
    here = mark()[1:]
    worker = cluster.workers[0].pid
    for name in names:
        does = {"sleep": 0.3, "kill": worker} if name == "s2" else {"sleep": 0.3}
        (home / "submitted" / name / NAME / DO).write_text(json.dumps(does))
    assert mark(scheduler=cluster.scheduler_address, again=True)[1:] == here
    assert not psutil.pid_exists(worker)


@pytest.mark.slow
def test_a_process_that_dies_on_a_cluster_is_reported(home: Path, mark: Mark, cluster: Any) -> None:
    lay_out(home, {"ada": {"die": True}, "ben": {}})
    _, ada, reason, ben = mark(scheduler=cluster.scheduler_address)
    assert ada == "[1/2] ada: no mark; the reason:"
    assert "was killed, twice" in reason
    assert "/ 40" in ben


@pytest.mark.slow
def test_a_worker_of_a_cluster_refuses_to_mark_for_other_graders(
    home: Path, mark: Mark, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(home, {"ada": {}})
    monkeypatch.setattr("lr_grading.handover.graders", lambda: "of another version")
    assert "another version of the course" in mark(scheduler=cluster.scheduler_address)[-1]


def test_a_scheduler_that_does_not_answer_is_named(
    home: Path, mark: Mark, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(home, {"ada": {}})
    monkeypatch.setattr("lr_grading.cluster.PATIENCE", 0.1)
    with pytest.raises(RuntimeError, match="No scheduler of Dask answers"):
        mark(scheduler="tcp://127.0.0.1:9")


def test_where_nothing_was_handed_in_the_place_is_named(home: Path, mark: Mark) -> None:
    with pytest.raises(FileNotFoundError, match=f"expected .*submitted/STUDENT/{NAME}"):
        mark()


def test_a_submission_that_cannot_be_marked_is_named_and_the_others_are_tried(
    home: Path, mark: Mark, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(home, "ada", NAME, "")
    (home / "submitted" / "bob").symlink_to(home / "submitted" / "ada")
    hand_in(home, "eve", NAME, "")
    (home / "submitted" / "eve" / NAME / "more.ipynb").symlink_to(home / "gradebook.db")
    failure = {"success": False, "log": "a remark\nthe disk is full\n"}
    monkeypatch.setattr("lr_grading.record.capture_log", lambda _: failure)
    _, ada, reason, bob, other_reason, eve, moved, _ = mark()
    assert ada.startswith("[1/3] ada: no mark")
    assert reason.strip() == "the disk is full"
    assert bob.startswith("[2/3] bob: no mark")
    assert "bob is a link" in other_reason
    assert eve.startswith("[3/3] eve: no mark")
    assert "more.ipynb is neither a file nor a folder" in moved
