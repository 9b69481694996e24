"""What was handed in, made ready for nbgrader: plain files only, and what it needs beside them."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from lr_grading.messages import text
from lr_grading.terminal import one_line

TIMESTAMP = "timestamp.txt"  # what nbgrader adds to a submission: when it was handed in,
SET_ASIDE = "set-aside"  # the folder of a class for what is no plain file
SECRET = "submission_secret.txt"  # and what only its student can find the feedback by


def accept(folder: Path, name: str, aside: Path, language: str) -> list[str]:
    """Make one submission ready to be marked.

    A link may lead to the solution or to a file of the teacher's, a pipe never ends, and a control
    character in a name steers a terminal: these are moved away, before nbgrader copies or reads
    them. A notebook that is missing is the only one that is there, or else an empty file. A time
    is added where there is none that can be read, and a secret where there is none. What is
    replaced is moved away, too.

    Args:
        folder: ``submitted/STUDENT/NAME`` of the class.
        name: The assignment.
        aside: The folder that takes what is moved away.
        language: The language of what is said.

    Returns:
        What was done, a line each.

    Raises:
        OSError: The folder is a link itself, or cannot be read, or nobody can be called so.
    """
    if not usable(folder.parent.name):
        raise OSError(text(language, "unusable_name", name=one_line(folder.parent.name)))
    for part in (folder.parent, folder):
        if part.is_symlink():
            raise OSError(text(language, "folder_is_link", folder=part))
    said = []
    for path, why in list(_unfit(folder)):
        said.append(_move(path.relative_to(folder), folder, aside, language, why))
    notebook = folder / f"{name}.ipynb"
    if not notebook.exists() or notebook.stat().st_size == 0:
        others = sorted(set(folder.glob("*.ipynb")) - {notebook})
        notebook.write_bytes(others[0].read_bytes() if len(others) == 1 else b"")
    modified = datetime.fromtimestamp(notebook.stat().st_mtime, tz=UTC)
    # Both are in work from the exchange; feedback cannot be released without them.
    if not _has_time(folder / TIMESTAMP):
        if (folder / TIMESTAMP).exists():
            said.append(_move(TIMESTAMP, folder, aside, language, "no_time"))
        (folder / TIMESTAMP).write_text(f"{modified:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf8")
    if not (folder / SECRET).exists():
        (folder / SECRET).write_text(secrets.token_hex(64), encoding="utf8")
    return said


def usable(student: str) -> bool:
    """Whether a student can be called so: on a page, in a path and in a terminal.

    formgrader writes the name into its pages as it is, between quotes and tags. nbgrader takes it
    for a pattern of file names: it does not find the folder of one with a bracket.
    """
    told_apart = student == one_line(student).strip() and student not in ("", ".", "..")
    return told_apart and not set(student) & set('<>"\\/[')


def _move(file: Path | str, folder: Path, aside: Path, language: str, why: str) -> str:
    """Move a file away, and say why."""
    place = _free(aside / file)
    place.parent.mkdir(parents=True, exist_ok=True)
    (folder / file).rename(place)
    return text(language, why, file=one_line(str(file)), place=one_line(str(place)))


def _unfit(folder: Path) -> Iterator[tuple[Path, str]]:
    """What is to be moved away, and the message that says why."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name != one_line(entry.name):  # nbgrader logs the names of all files
                yield Path(entry.path), "set_aside_name"
            elif entry.is_dir(follow_symlinks=False):
                yield from _unfit(Path(entry.path))
            elif not entry.is_file(follow_symlinks=False):
                yield Path(entry.path), "set_aside"


def _free(place: Path) -> Path:
    """The place itself, or the next one that nothing has."""
    number = 1
    free = place
    while os.path.lexists(free):
        number += 1
        free = place.with_name(f"{place.name}.{number}")
    return free


def _has_time(file: Path) -> bool:
    with contextlib.suppress(OSError, ValueError, OverflowError, TypeError):
        return parse_utc(file.read_text(encoding="utf8").strip()) is not None
    return False
