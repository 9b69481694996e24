"""What a worker is given: read from the gradebook and the folders of a class."""

import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.utils import find_all_files
from traitlets.utils.importstring import import_item

from lr_grading.assignments import kind
from lr_grading.coursework import Coursework
from lr_grading.fingerprint import graders
from lr_grading.found_files import read_start
from lr_grading.intake import SECRET, TIMESTAMP
from lr_grading.limits import FILE_MEGABYTES
from lr_grading.release import pristine, pristine_others
from lr_grading.submission import Assignment, Submission


def assignment_of(work: Coursework) -> Assignment:
    """The assignment as the gradebook has it."""
    name, language, root = work.name, work.language, work.root
    release = pristine(language, name, root)
    others = pristine_others(language, name, root)
    return Assignment(
        name=name,
        language=language,
        release=json.dumps(release),
        locked=json.dumps(_with_locked_cells(work, release)),
        others=json.dumps({other: _answers(notebook) for other, notebook in others.items()}),
        settings=json.dumps(work.api.config.Execute),
        graders=graders(),
    )


def _with_locked_cells(work: Coursework, release: NotebookNode) -> NotebookNode:
    """A release after nbgrader's steps that put back what students may not change."""
    notebook, api = release, work.api
    marks = {"notebook": work.name, "assignment": work.name, "db_url": api.coursedir.db_url}
    for step in Autograde(coursedir=api.coursedir, parent=api).sanitize_preprocessors:
        made: Any = (import_item(step) if isinstance(step, str) else step)(parent=api)
        notebook, _ = made(notebook, {"nbgrader": marks})
    return notebook


def _answers(notebook: NotebookNode) -> NotebookNode:
    """What another assignment is recognized by: the names of its answers."""
    cells = [NotebookNode(cell, source="") for cell in notebook.cells if kind(cell) == "answer"]
    return NotebookNode(notebook, cells=cells)


def submission_of(work: Coursework, student: str) -> Submission:
    """What a student has handed in, with the files of the assignment that replace the student's."""
    course, folder = work.api.coursedir, work.submitted(student)
    ignored = [*course.ignore, "*.ipynb"]
    kept = Autograde(coursedir=course, parent=work.api).exclude_overwriting.get(work.name, [])
    files = _contents(folder, ignored)
    ours = _contents(work.source, ignored)
    files |= {path: content for path, content in ours.items() if path not in kept}
    notebook = folder / f"{work.name}.ipynb"
    beside = {file.name for file in folder.iterdir()} - {notebook.name, TIMESTAMP, SECRET}
    return Submission(student, read_start(notebook), files, tuple(sorted(beside)))


def _contents(folder: Path, ignored: list[str]) -> dict[str, bytes]:
    """The files below a folder that are not too large."""
    files = (Path(file) for file in find_all_files(str(folder), ignored))
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in files
        if file.stat().st_size <= FILE_MEGABYTES * 10**6
    }
