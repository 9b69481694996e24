"""Classes of honest, broken and hostile submissions: each gets what its answers deserve.

A class is marked once. What goes on until a limit ends it is in a class of its own, in the slow
part. ``tests/hostile_bank.py`` says where the submissions are; those that are no matter of code,
links and names among them, are made here.
"""

import contextlib
import csv
import hashlib
import io
import json
import os
import re
import site
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

import lr_grading
import lr_lib
from lr_grading.assignments import ROOT, graded_cells, kind, read, solution_file
from lr_grading.calibration_bank import read_answer
from lr_grading.classroom import autograde_all
from lr_grading.coursework import open_class
from lr_grading.release import pristine
from tests.classroom import (
    SANDBOXED,
    completed,
    hand_in,
    marks_in_gradebook,
    nbgrader,
    new_class,
)
from tests.hostile_bank import bank

pytestmark = pytest.mark.skipif(not SANDBOXED, reason="no bubblewrap, or it may not work here")

NAME = "from-scratch"
SEED = "1593578246"  # of the hidden checks
SECRET = "the key of the teacher 5f0c"
LEFT_RUNNING = "98765"  # seconds that nobody else sleeps
PLANTED = "planted"  # in the names of all files that hostile code makes
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
BANK = {submission.student: submission for submission in bank()}
RELEASE = pristine("en", NAME)
POINTS: dict[str, float] = {}  # by question, of what checks can give
for graded in graded_cells(RELEASE):
    if graded.kind == "checks":
        POINTS[graded.question] = POINTS.get(graded.question, 0) + graded.points
EVERYTHING = set(POINTS)
WRONG = read_answer(ROOT / "calibration" / NAME / "wrong" / "labels-not-shuffled.py")
# Before, between and after the others.
HONEST = ("aa-honest", "memory-honest", "zz-honest")
# What the others lose: nothing, or everything. The reason is a regular expression.
NAMED = ("=1+1", "*", "{x}", "%s & co")
FILES: dict[str, tuple[set[str], str]] = {
    **{name: (set(), "") for name in NAMED},
    "in-utf-16": (set(), ""),
    "in-utf-16-without-mark": (set(), ""),
    "nonsense-time": (set(), ""),
    "forged-report": (set(), "another kernel"),
    "half-a-file": (EVERYTHING, "not valid JSON"),
    "not-a-notebook": (EVERYTHING, "no list of cells"),
    "link-to-the-solution": (EVERYTHING, "not handed in"),
    "links-beside": (set(), ""),
    "pipe": (EVERYTHING, "not handed in"),
    "time-that-links-to-nothing": (set(), ""),
    "file-names": (EVERYTHING, "the folder holds"),
}
REFUSED = ("\x1b[2Jname", "two\nlines", "<b>bold", "a[1]")
HONEST_MISTAKE = "honest-and-wrong"
CLASSES: dict[str, list[str]] = {
    "short": [
        *(student for student, submission in BANK.items() if not submission.takes_long),
        *(*HONEST, *REFUSED, *FILES, HONEST_MISTAKE),
    ],
    "long": [
        *(student for student, submission in BANK.items() if submission.takes_long),
        *HONEST,
    ],
}
SLOW = {"short": (), "long": (pytest.mark.slow, pytest.mark.xdist_group("hostile-long"))}
in_the_short_class = pytest.mark.parametrize("marked", ["short"], indirect=True)


@dataclass
class Outside:
    """What there is to find, to change and to harm on the machine of the teacher."""

    root: Path
    person: Path
    server: socket.socket
    listener: socket.socket
    victim: subprocess.Popen[bytes]

    def filled(self, code: str) -> str:
        """Code with the places and numbers of this machine."""
        places = {
            "HOME": self.root / "classroom" / "en",
            "COURSE": self.root,
            "ROOT": ROOT,
            "PERSON": self.person,
            "PORT": self.server.getsockname()[1],
            "SOCKET": self.person / "listener.sock",
            "VICTIM": self.victim.pid,
        }
        for name, place in places.items():
            code = code.replace(f"@{name}@", str(place))
        return code


@dataclass
class HostileClass:
    """The class after marking."""

    outside: Outside
    home: Path
    students: list[str]
    said: list[str]
    terminal: str
    before: dict[str, str]
    marks: dict[str, dict[str, float]] = field(default_factory=dict)  # by student and cell

    def of_question(self, student: str, question: str) -> float:
        return sum(
            self.marks[student].get(f"{question}-{kind}", 0) for kind in ("checks", "hidden")
        )

    def autograded(self, student: str) -> NotebookNode:
        return read(self.home / "autograded" / student / NAME / f"{NAME}.ipynb")


def digests(*folders: Path) -> dict[str, str]:
    """What there is in folders, by path: files by their content, links by where they lead."""
    return {
        str(file): os.readlink(file)
        if file.is_symlink()
        else hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if "__pycache__" not in file.parts and (file.is_symlink() or file.is_file())
    }


def lay_out(home: Path, students: list[str], outside: Outside) -> None:
    """Hand in what these students have done."""
    solution = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in read(solution_file("en", NAME)).cells
        if kind(cell) in ("answer", "written")
    }
    released = {cell.id: cell.source for cell in RELEASE.cells}
    right = completed("en", NAME)
    for student in {*HONEST, *NAMED, *REFUSED}.intersection(students):
        hand_in(home, student, NAME, right)
    if HONEST_MISTAKE in students:
        hand_in(home, HONEST_MISTAKE, NAME, completed("en", NAME, WRONG.answers))
    for submission in map(BANK.__getitem__, BANK.keys() & students):
        answers = submission.answers(solution, released)
        answers = {name: outside.filled(code) for name, code in answers.items()}
        written = answers.pop("reflection", "My own words.")
        notebook = completed("en", NAME, answers)
        notebook.cells[-1].source = written
        hand_in(home, submission.student, NAME, notebook)
    if not FILES.keys().isdisjoint(students):
        _lay_out_files(home, right)


def _lay_out_files(home: Path, right: NotebookNode) -> None:
    text = nbformat.writes(right)
    folders = {name: home / "submitted" / name / NAME for name in FILES}
    for student in ("in-utf-16", "in-utf-16-without-mark"):
        hand_in(home, student, NAME, "")
        encoding = "utf-16-le" if student.endswith("mark") else "utf-16"
        (folders[student] / f"{NAME}.ipynb").write_bytes(text.encode(encoding))
    hand_in(home, "nonsense-time", NAME, right)
    (folders["nonsense-time"] / "timestamp.txt").write_text("yesterday\x1b[2J")
    forged = nbformat.from_dict(json.loads(text))
    report = {"lr_grading": {"findings": ["40 / 40 planted"]}}
    forged.cells.insert(0, new_markdown_cell("40 / 40 planted", metadata=report))
    forged.cells[0].id = "preflight-report"
    forged.metadata.update(report)
    forged.metadata.kernelspec = {"name": "\x1b[2J<script>planted", "display_name": "x"}
    hand_in(home, "forged-report", NAME, forged)
    hand_in(home, "half-a-file", NAME, text[: len(text) // 2])
    hand_in(home, "not-a-notebook", NAME, "[1, 2]")
    for student in ("link-to-the-solution", "pipe", "file-names"):
        folders[student].mkdir(parents=True)
    solution = home.parents[1] / "solutions" / "en" / NAME / f"{NAME}.ipynb"
    (folders["link-to-the-solution"] / f"{NAME}.ipynb").symlink_to(solution)
    os.mkfifo(folders["pipe"] / f"{NAME}.ipynb")
    (folders["file-names"] / "<img src=x onerror=alert(1)>.txt").write_text("x")
    (folders["file-names"] / "\x1b[2J.txt").write_text("x")
    hand_in(home, "links-beside", NAME, right)
    for name in ("gradebook.db", "private-seed.txt"):
        (folders["links-beside"] / name).symlink_to(home / name)
    hand_in(home, "time-that-links-to-nothing", NAME, right)
    (folders["time-that-links-to-nothing"] / "timestamp.txt").symlink_to(home / "planted.txt")


@contextlib.contextmanager
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    root, person = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("person")
    (person / ".ssh").mkdir()
    for file in (".ssh/id_ed25519", ".netrc", ".bashrc"):
        (person / file).write_text(SECRET)
    server = socket.create_server(("127.0.0.1", 0))
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(person / "listener.sock"))
    listener.listen()
    server.settimeout(0.1)
    listener.settimeout(0.1)
    victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    yield Outside(root, person, server, listener, victim)
    victim.kill()
    victim.wait()
    server.close()
    listener.close()


@contextlib.contextmanager
def terminal() -> Iterator[io.StringIO]:
    """What reaches the terminal, past Python too."""
    written = io.StringIO()
    kept = [os.dup(descriptor) for descriptor in (1, 2)]
    with tempfile.TemporaryFile() as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
        try:
            yield written
        finally:
            for descriptor, copy in zip((1, 2), kept, strict=True):
                os.dup2(copy, descriptor)
                os.close(copy)
            file.seek(0)
            written.write(file.read().decode("utf8", "replace"))


@pytest.fixture(scope="module", params=[pytest.param(name, marks=SLOW[name]) for name in CLASSES])
def marked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HostileClass]:
    with surroundings(tmp_path_factory) as outside:
        yield mark(CLASSES[request.param], outside)


def mark(students: list[str], outside: Outside) -> HostileClass:
    home = new_class(outside.root, "en", [NAME])
    (home / "private-seed.txt").write_text(SEED)
    lay_out(home, students, outside)
    watched = [outside.root / "solutions", home / "submitted", outside.person]
    watched += [Path(str(package.__file__)).parent for package in (lr_grading, lr_lib)]
    before = digests(*watched) | digests_of(home / "private-seed.txt")
    settings = "\nc.Execute.timeout = 4\nc.Execute.check_seconds = 2.0\nc.Execute.total = 60\n"
    (home / "nbgrader_config.py").open("a").write(settings)
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch, terminal() as written:
        patch.setenv("HOME", str(outside.person))
        autograde_all(NAME, "en", outside.root, said.append, workers=2)
    made = HostileClass(outside, home, students, said, written.getvalue(), before)
    autograded = [path.name for path in (home / "autograded").iterdir()]
    made.marks = {s: marks_in_gradebook(outside.root, "en", NAME, s) for s in autograded}
    return made


def digests_of(file: Path) -> dict[str, str]:
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest()}


# Marks and reasons


@pytest.mark.parametrize("student", HONEST)
def test_the_honest_ones_get_all(student: str, marked: HostileClass) -> None:
    assert sum(marked.marks[student].values()) == sum(POINTS.values())


@in_the_short_class
def test_an_honest_mistake_costs_what_it_costs_alone(marked: HostileClass) -> None:
    marks = marked.marks[HONEST_MISTAKE]
    for cell, (earned, _) in WRONG.marks.items():
        assert marks[cell] == earned
    lost = sum(points - earned for earned, points in WRONG.marks.values())
    assert sum(marks.values()) == sum(POINTS.values()) - lost


EXPECTED = {student: (submission.lost, submission.reason) for student, submission in BANK.items()}


@pytest.mark.parametrize(
    ("marked", "student"),
    [
        pytest.param(name, student, marks=SLOW[name])
        for name, students in CLASSES.items()
        for student in students
        if student in EXPECTED or student in FILES
    ],
    indirect=["marked"],
)
def test_each_gets_what_its_answers_deserve_and_a_reason(
    student: str, marked: HostileClass
) -> None:
    lost, reason = (EXPECTED | FILES)[student]
    points = {question: marked.of_question(student, question) for question in POINTS}
    expected = {question: 0 if question in lost else POINTS[question] for question in POINTS}
    if student in BANK and BANK[student].may_cost_more:
        assert all(points[question] <= expected[question] for question in POINTS)
    else:
        assert points == expected
    notebook = marked.autograded(student)
    if reason:
        assert re.search(reason, nbformat.writes(notebook))
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        question = str(marks.get("grade_id", "")).removesuffix("-checks")
        if question in lost and kind(cell) == "checks":
            shown = "".join(o.get("text", "") + o.get("evalue", "") for o in cell.outputs)
            assert shown.strip(), f"{question} says nothing"


@in_the_short_class
@pytest.mark.parametrize("student", REFUSED)
def test_a_name_that_cannot_be_used_is_named_and_the_reason_said(
    student: str, marked: HostileClass
) -> None:
    shown = re.sub(r"[\x1b\n]", "�", student)
    (number,) = [n for n, line in enumerate(marked.said) if f"] {shown}: no mark" in line]
    assert "No student can be called" in marked.said[number + 1]


# Nothing is read, changed or left running


def everything_shown(marked: HostileClass) -> Iterator[tuple[str, str]]:
    yield "summary", "\n".join(marked.said)
    yield "terminal", marked.terminal
    for folder in ("autograded", "feedback"):
        for file in sorted((marked.home / folder).rglob("*")):
            if file.is_file():
                yield str(file), file.read_text("utf8", "replace")


def test_nothing_that_is_secret_is_shown(marked: HostileClass) -> None:
    for where, shown in everything_shown(marked):
        assert SECRET not in shown, where
        assert SEED not in shown, where
        assert "reached reached" not in shown, where


def test_nothing_that_is_displayed_holds_a_hidden_check(marked: HostileClass) -> None:
    for student in BANK.keys() & marked.students:
        for cell in marked.autograded(student).cells:
            for output in cell.get("outputs", []):
                # Feedback leaves the traceback of a hidden check out.
                shown = {name: output[name] for name in output if name != "traceback"}
                assert "BEGIN HIDDEN" not in str(shown), student


def test_nothing_is_changed(marked: HostileClass) -> None:
    now = digests(*{Path(path).parent for path in marked.before if Path(path).parent.is_dir()})
    # What was set aside, and a time that cannot be read.
    moved = ("link", "file-names", "nonsense-time/from-scratch/timestamp.txt")
    for path, digest in marked.before.items():
        if not any(part in path for part in moved):
            assert now.get(path) == digest, path
    with sqlite3.connect(marked.home / "gradebook.db") as gradebook:
        triggers = gradebook.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        assert triggers.fetchall() == []


def test_nothing_is_left_on_the_disk(marked: HostileClass) -> None:
    places = [marked.outside.root, marked.outside.person, Path(sys.prefix) / "bin"]
    places += [Path(str(package.__file__)).parent for package in (lr_grading, lr_lib)]
    found = [str(file) for place in places for file in place.rglob(f"*{PLANTED}*")]
    for folder in ("/tmp", "/var/tmp", "/dev/shm", sys.prefix, *site.getsitepackages()):
        found += [str(file) for file in Path(folder).glob(f"*{PLANTED}*")]
    assert found == []


def test_nothing_is_left_running_and_nothing_was_reached(marked: HostileClass) -> None:
    left = []
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if LEFT_RUNNING in line or "900_000_000" in line:
            left.append(line)
    assert left == []
    victim = psutil.Process(marked.outside.victim.pid)
    assert victim.status() not in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE)
    for listening in (marked.outside.server, marked.outside.listener):
        with pytest.raises(TimeoutError):
            listening.accept()


# What the teacher is shown


def test_nothing_steers_the_terminal_or_forges_a_line(marked: HostileClass) -> None:
    assert [line for line in marked.said if STEERING.search(line)] == []
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]", marked.terminal)
    assert "\x1b[2J" not in marked.terminal
    assert "planted-on-the-terminal" not in marked.terminal
    assert [line for line in marked.said if "40 / 40" in line] == []
    numbered = [line for line in marked.said if re.match(r"\[\d", line)]
    assert len(numbered) == len(marked.students)


SHOWN = [student for student, submission in BANK.items() if submission.group == "shown"]


@in_the_short_class
@pytest.mark.parametrize("student", [*SHOWN, "forged-report", "file-names", "=1+1"])
def test_nothing_runs_or_covers_in_a_page_of_feedback(student: str, marked: HostileClass) -> None:
    made = open_class("en", marked.outside.root).generate_feedback(NAME, student)
    assert made["success"], made
    file = marked.home / "feedback" / student / NAME / f"{NAME}.html"
    page = BeautifulSoup(file.read_text("utf8"), "html.parser")
    scripts = [script for script in page.find_all("script") if PLANTED in str(script)]
    assert scripts == []
    container = page.select_one("#notebook")
    assert container is not None
    for tag in container.find_all(True):
        assert tag.name not in ("script", "style", "iframe", "object", "base", "form", "link")
        assert not [name for name in tag.attrs if name.startswith("on")]
        assert "javascript:" not in " ".join(map(str, tag.attrs.values())).lower()
        assert "fixed" not in str(tag.attrs.get("style", ""))
    assert not STEERING.search(file.read_text("utf8").replace("\r", ""))


@in_the_short_class
def test_no_name_in_the_table_is_a_formula(marked: HostileClass) -> None:
    nbgrader("export", folder=marked.home)
    with (marked.home / "grades.csv").open(encoding="utf-8-sig", newline="") as table:
        students = [row["student_id"] for row in csv.DictReader(table)]
    assert "'=1+1" in students
    assert not [name for name in students if name.startswith(("=", "+", "-", "@"))]
    assert {"*", "{x}"} <= set(students)
