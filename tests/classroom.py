"""A class in a folder of its own: the course's settings, real nbgrader, made-up students."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.apps import NbGraderApp
from traitlets.config import Application

from lr_grading.assignments import ROOT, kind, read, release_file, solution_file
from lr_grading.coursework import open_class
from lr_grading.judge import with_answers
from lr_grading.marker import Marker
from lr_grading.release import pristine
from lr_grading.sandbox import find

try:
    find("en", "bubblewrap")
    SANDBOXED = True
except RuntimeError:  # tests/marking/test_sandbox.py says so
    SANDBOXED = False
# A setting for tests of what is around a notebook, which need not run: it takes seconds.
UNRUN = '\nc.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.SaveAutoGrades"]\n'
SANDBOX = "bubblewrap" if SANDBOXED else "none"
ENVIRONMENT = os.environ | {
    "PATH": sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"],
    "PYTHONWARNINGS": "ignore",
}


@cache
def shared_marker(language: str) -> Marker:
    """A marker for all tests of a process: to start one takes seconds."""
    return Marker(language, sandbox=SANDBOX)


def new_class(root: Path, language: str, assignments: list[str]) -> Path:
    """Set up a class below ``root``; its home is returned."""
    home = root / "classroom" / language
    home.mkdir(parents=True)
    shutil.copy(ROOT / "classroom" / language / "nbgrader_config.py", home)
    for name in assignments:
        for path in (solution_file(language, name), release_file(language, name)):
            shutil.copytree(path.parent, root / path.parent.relative_to(ROOT))
    return home


def command(*arguments: str, folder: Path) -> str:
    """Run a command as a person would, in a folder; its output is returned."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        encoding="utf8",
        timeout=300,
    )
    assert done.returncode == 0, f"{arguments} failed:\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def nbgrader(*arguments: str, folder: Path) -> None:
    """Run a command of nbgrader in a folder, in this process: to start another takes seconds."""
    with contextlib.chdir(folder):
        try:
            NbGraderApp.launch_instance(list(arguments))
        finally:
            Application.instance().clear_instance()


def completed(language: str, name: str, answers: dict[str, str] | None = None) -> NotebookNode:
    """The release with all answers of the solution, but for those given."""
    notebook = deepcopy(pristine(language, name))
    sources = {cell.id: cell.source for cell in read(solution_file(language, name)).cells}
    for cell in notebook.cells:
        if kind(cell) in ("answer", "written"):
            cell.source = sources[cell.id]
    return with_answers(notebook, answers or {})


def hand_in(home: Path, student: str, name: str, content: NotebookNode | str) -> None:
    """Lay a notebook where nbgrader collects to."""
    folder = home / "submitted" / student / name
    folder.mkdir(parents=True)
    text = content if isinstance(content, str) else nbformat.writes(content)
    (folder / f"{name}.ipynb").write_text(text, encoding="utf8")


def marks_in_gradebook(root: Path, language: str, name: str, student: str) -> dict[str, float]:
    """Points by cell of checks, as the gradebook has them."""
    with open_class(language, root).gradebook as gradebook:
        submission = gradebook.find_submission(name, student)
        return {
            grade.name: grade.auto_score
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.cell.cell_type == "code"
        }


def mark_by_hand(root: Path, language: str, name: str, student: str, points: float) -> None:
    """Give points for the reflection, as a teacher does in formgrader."""
    with open_class(language, root).gradebook as gradebook:
        gradebook.find_grade("reflection", name, name, student).manual_score = points
        gradebook.db.commit()


@contextlib.contextmanager
def served(program: str, root: Path, home: Path) -> Iterator[str]:
    """Jupyter's server or lab over a class, without a password; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (root / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", program, "--no-browser", "--allow-root",
             f"--port={port}", "--ServerApp.token=", f"--ServerApp.root_dir={root}"],
            cwd=home, env=ENVIRONMENT, stdout=log, stderr=log,
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api/status", timeout=1)
                break
            except OSError:
                time.sleep(0.25)
        yield address
        server.terminate()
        server.wait(timeout=20)
