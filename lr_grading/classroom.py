"""Mark a class: nbgrader's autograding, with progress, a reason for everything, and no loss."""

import glob
import logging
from collections.abc import Callable
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from lr_grading.assignments import read
from lr_grading.intake import SET_ASIDE, accept
from lr_grading.messages import text
from lr_grading.repair import reported
from lr_grading.sandbox import find
from lr_grading.terminal import one_line


def open_class(language: str, root: Path) -> NbGraderAPI:
    """nbgrader's interface to the class of a language, as its nbgrader_config.py sets it up."""
    folder = root / "classroom" / language
    config = Config()
    config.merge(PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config())
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def autograde_all(
    name: str,
    language: str,
    root: Path,
    say: Callable[[str], object],
    *,
    sandboxed: bool = True,
) -> int:
    """Mark what every student has handed in of an assignment.

    A submission whose notebook is missing gets an empty one, so that it is marked too;
    one from a folder gets the time of its file. No file that was handed in is changed; links
    and pipes are moved to ``classroom/<language>/set-aside``.

    Args:
        name: The assignment.
        language: The language of the class, "en" or "zh".
        root: The folder that holds ``classroom``.
        say: Takes a line of progress.
        sandboxed: Whether the code of students runs in a sandbox, or with the teacher's rights.

    Returns:
        0 if every submission has a mark, otherwise 1.

    Raises:
        FileNotFoundError: Nothing was handed in.
        RuntimeError: There is no sandbox on this machine.
    """
    api = open_class(language, root)
    submitted = root / "classroom" / language / "submitted"
    folders = [folder for folder in submitted.glob(f"*/{name}") if folder.is_dir()]
    students = sorted(folder.parent.name for folder in folders)
    if not students:
        raise FileNotFoundError(text(language, "nothing_handed_in", name=name, folder=submitted))
    if not sandboxed:
        api.config.Execute.sandbox = "none"
    if api.config.Execute.sandbox != "none":
        find(language, str(api.config.Execute.sandbox))
    _prepare(api, name)
    failures = 0
    for number, student in enumerate(students, start=1):
        try:
            aside = root / "classroom" / language / SET_ASIDE / student / name
            done = accept(submitted / student / name, name, aside, language)
            result = api.autograde(name, glob.escape(student), force=True)
        except OSError as error:
            done, result = [], {"success": False, "log": str(error)}
        if result["success"]:
            line = _marks(api, name, student, language)
            repairs = _repairs(root, language, student, name)
        else:
            failures += 1
            line, repairs = (
                text(language, "no_mark"),
                result.get("log", "").strip().splitlines()[-1:],
            )
        say(f"[{number}/{len(students)}] {one_line(student)}: {line}")
        for repair in (*done, *repairs):
            say(f"      {one_line(repair)}")
    return 1 if failures else 0


def _prepare(api: NbGraderAPI, name: str) -> None:
    """Put the assignment into the gradebook, if no release has been generated in this class."""
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    with api.gradebook as gradebook:
        known = any(assignment.name == name for assignment in gradebook.assignments)
    if not known:
        result = api.generate_assignment(name)
        if not result["success"]:
            raise RuntimeError(f"nbgrader could not release {name}:\n{result['log']}")


def _marks(api: NbGraderAPI, name: str, student: str, language: str) -> str:
    with api.gradebook as gradebook:
        submission = gradebook.find_submission(name, student)
        by_hand = sum(
            grade.max_score
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.needs_manual_grade
        )
        marks = f"{submission.score:g} / {submission.max_score:g}"
    return text(language, "to_mark", marks=marks, points=by_hand) if by_hand else marks


def _repairs(root: Path, language: str, student: str, name: str) -> list[str]:
    """What the pre-flight check wrote into the notebook that was marked."""
    file = root / "classroom" / language / "autograded" / student / name / f"{name}.ipynb"
    return reported(read(file))
