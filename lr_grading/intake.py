"""What was handed in, made ready for nbgrader: plain files only, and what it needs beside them."""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import parse_utc

from lr_grading.choice import state
from lr_grading.file_names import copy_number, notebook_stem
from lr_grading.found_files import LITTER, read_start
from lr_grading.messages import text
from lr_grading.terminal import one_line

TIMESTAMP = "timestamp.txt"  # what nbgrader adds to a submission: when it was handed in,
SET_ASIDE = "set-aside"  # the folder of a class for what is no plain file
SECRET = "submission_secret.txt"  # and what only its student can find the feedback by
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def accept(
    folder: Path, name: str, aside: Path, language: str, releases: Callable[[], list[NotebookNode]]
) -> list[str]:
    """Make one submission ready to be marked.

    A link may lead to the solution or to a file of the teacher's, a pipe never ends, and a control
    character in a name steers a terminal: these are moved away, before nbgrader copies or reads
    them. In place of a notebook that is missing, or untouched, or cannot be read, another one is
    taken that is worked on; where there is none, a missing notebook is an empty file. A time is
    added where there is none that can be read, and a secret where there is none. What is replaced
    is moved away, too.

    Args:
        folder: ``submitted/STUDENT/NAME`` of the class.
        name: The assignment.
        aside: The folder that takes what is moved away.
        language: The language of what is said.
        releases: Makes the notebook as it was handed out, in each language. It is called only
            where there are several files to choose from.

    Returns:
        What was done, a line each.

    Raises:
        OSError: The folder is a link itself, or cannot be read, or nobody can be called so.
    """
    if not usable(folder.parent.name):
        raise OSError(text(language, "unusable_name", name=one_line(folder.parent.name)))
    refuse_links(folder, language)
    said = []
    for path, why in list(_unfit(folder)):
        said.append(_move(path.relative_to(folder), folder, aside, language, why))
    notebook = folder / f"{name}.ipynb"
    better = _better(folder, notebook, releases)
    if better is not None:
        said += _take(better, notebook, aside, language)
    elif not notebook.exists():
        notebook.write_bytes(b"")
    # Time and secret are in work from the exchange; feedback cannot be released without them.
    if not _has_time(folder / TIMESTAMP):
        if (folder / TIMESTAMP).exists():
            said.append(_move(TIMESTAMP, folder, aside, language, "no_time"))
        write_time(folder, modified(notebook))
    elif _is_ours(folder / TIMESTAMP):
        write_time(folder, modified(notebook))  # another version may have been laid over it
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


def refuse_links(folder: Path, language: str) -> None:
    """Raise an OSError where ``submitted/STUDENT/NAME`` leads elsewhere."""
    for part in (folder.parent, folder):
        if part.is_symlink():
            raise OSError(text(language, "folder_is_link", folder=part))


def modified(file: Path) -> datetime:
    """When a file was last changed."""
    return datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)


def set_modified(file: Path, time: datetime) -> None:
    """Give a file the time of the one that it was taken from, to the microsecond."""
    nanoseconds = (time - EPOCH) // timedelta(microseconds=1) * 1000
    os.utime(file, ns=(nanoseconds, nanoseconds))


def write_time(folder: Path, time: datetime) -> None:
    """Note when a submission was handed in.

    The file has that time itself, too, which one from the exchange never has to the microsecond.
    It may be renewed from the time of the notebook; the one from the exchange may not.
    """
    (folder / TIMESTAMP).write_text(_written(time), encoding="utf8")
    set_modified(folder / TIMESTAMP, time)


def time_of(folder: Path, notebook: Path) -> datetime:
    """When a submission was handed in: as it is noted, or the time of its notebook."""
    if (folder / TIMESTAMP).is_file() and _has_time(folder / TIMESTAMP):  # a pipe never ends
        noted: datetime = parse_utc((folder / TIMESTAMP).read_text(encoding="utf8").strip())
        return noted.replace(tzinfo=UTC)
    return modified(notebook)


def _written(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S.%f} UTC"


def _is_ours(file: Path) -> bool:
    return file.read_text(encoding="utf8") == _written(modified(file))


def _better(
    folder: Path, notebook: Path, releases: Callable[[], list[NotebookNode]]
) -> Path | None:
    """The notebook to take in place of one that is missing, untouched, or cannot be read."""
    others = [
        file
        for file in folder.rglob("*")
        if file != notebook and file.is_file() and notebook_stem(file.name)
        if not LITTER.fullmatch(file.relative_to(folder).as_posix())
    ]
    if not others:
        return None
    handed_out = releases()
    states = {file: state(read_start(file), handed_out) for file in others}
    best = max(others, key=lambda f: (states[f], modified(f), copy_number(f.stem), str(f)))
    if states[best] > state(read_start(notebook), handed_out):
        return best
    named = [file for file in others if ".ipynb" in file.name.lower()]
    missing = not notebook.exists() or notebook.stat().st_size == 0
    return named[0] if missing and len(named) == 1 else None


def _take(other: Path, notebook: Path, aside: Path, language: str) -> list[str]:
    """Put a copy of another file in the place of the notebook, and say so."""
    folder, content, time = notebook.parent, other.read_bytes(), modified(other)
    file = one_line(other.relative_to(folder).as_posix())
    said = [text(language, "other_taken", file=file, notebook=notebook.name)]
    if notebook.exists() and notebook.stat().st_size:
        said.append(_move(notebook.name, folder, aside, language, "unworked"))
    notebook.write_bytes(content)
    set_modified(notebook, time)
    return said


def move_aside(file: Path | str, folder: Path, aside: Path) -> Path:
    """Move a file of a folder away; where it is then is returned."""
    place = _free(aside / file)
    place.parent.mkdir(parents=True, exist_ok=True)
    (folder / file).rename(place)
    return place


def _move(file: Path | str, folder: Path, aside: Path, language: str, why: str) -> str:
    """Move a file away, and say why."""
    place = move_aside(file, folder, aside)
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
