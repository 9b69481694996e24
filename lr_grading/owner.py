"""Whose a file is, by the names that platforms, teachers and students give to files and folders.

Canvas:  lovelaceada_LATE_102_2002_ohm-1.ipynb
Moodle:  Ada Lovelace_12345_assignsubmission_file_/ohm.ipynb
others:  ada_ohm.ipynb, ohm_ada.ipynb, ada/ohm.ipynb, ada.zip with ohm.ipynb in it

Where the class has a list, whatever in the path is an id, a name or an address of the list leads
to the student, and the file is nobody's if two of them lead to different students. Without a list
the name as it is given becomes the id of the student.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from lr_grading.class_list import Member
from lr_grading.file_names import AssignmentName, notebook_stem
from lr_grading.found_files import ARCHIVE, Places
from lr_grading.intake import usable
from lr_grading.messages import text
from lr_grading.terminal import one_line

MOODLE = re.compile(
    r"(?P<who>.+?)_(?P<account>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)", re.DOTALL
)
CANVAS = re.compile(r"(?P<who>[^_]+)(_LATE)?_(?P<account>\d+)_\d+_(?P<rest>.+)", re.DOTALL)


@dataclass(frozen=True)
class Owner:
    """Whose a file is.

    Attributes:
        student: The id of the student.
        why: What led to the student, for the teacher.
        account: The platform that the file comes from, and the student's number there; else
            nothing.
    """

    student: str
    why: str
    account: tuple[str, str] = ("", "")


class NobodysError(ValueError):
    """The names lead to no student, or to several; the message says why."""


class Roster:
    """The list of a class, to look up what a file or folder is called."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._by_id: dict[str, list[Member]] = {}
        self._by_key: dict[str, list[Member]] = {}
        for member in members:
            self._by_id.setdefault(member.id.casefold(), []).append(member)
            for key in _keys(member):
                self._by_key.setdefault(key, []).append(member)

    def find(self, label: str) -> list[Member]:
        """The students who can be meant: an id comes before a name that reads the same."""
        return self._by_id.get(label.casefold(), []) or self._by_key.get(_key(label), [])


def _keys(member: Member) -> set[str]:
    """All that leads to a student. In China files are often called by id and name."""
    words = re.split(r"[\s,，]+", member.name)
    names = {_key("".join(words[n:] + words[:n])) for n in range(len(words))} - {""}
    number = _key(member.id)
    both = {number + name for name in names} | {name + number for name in names}
    return ({number, _key(member.email)} | names | both) - {""}


def _key(name: str) -> str:
    """A name without case, accents, spaces and punctuation."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", name.casefold())))


@dataclass(frozen=True)
class _Clue:
    """A part of a path that may name a student.

    Attributes:
        how: The message that says what it is.
        label: The name in it.
        loose: Whether it counts only where it is in the list of the class.
        account: The number of the student's account, where a platform gave the name.
    """

    how: str
    label: str
    loose: bool = False
    account: tuple[str, str] = ("", "")


def owner(places: Places, name: AssignmentName, roster: Roster | None, language: str) -> Owner:
    """Whose a notebook is.

    Args:
        places: Where it was found.
        name: The name of the assignment.
        roster: The list of the class, if there is one.
        language: The language of what is said.

    Raises:
        NobodysError: The student cannot be told.
    """
    clues = [clue for clue in _clues(places, name) if clue.label]
    if not any(not clue.loose or roster for clue in clues):
        raise NobodysError(text(language, "nobodys_notebook", name=name.name))
    return _by_name(clues, language) if roster is None else _by_list(clues, roster, language)


def _by_name(clues: list[_Clue], language: str) -> Owner:
    clue = next(clue for clue in clues if not clue.loose)
    if not usable(clue.label):
        raise NobodysError(text(language, "unusable_name", name=one_line(clue.label)))
    return Owner(clue.label, text(language, clue.how, label=clue.label), clue.account)


def _by_list(clues: list[_Clue], roster: Roster, language: str) -> Owner:
    led = [(clue, found) for clue in clues if (found := roster.find(clue.label))]
    if not led:
        raise NobodysError(text(language, "not_in_list", label=one_line(clues[0].label)))
    meant = [member for member in led[0][1] if all(member in found for _, found in led)]
    if len(meant) != 1:
        students = ", ".join(sorted({member.id for _, found in led for member in found}))
        why = "several_students" if meant else "different_students"
        raise NobodysError(text(language, why, label=one_line(led[0][0].label), students=students))
    # Of two students of one name, the file may name one by the id, too.
    clue = next((clue for clue, found in led if len(found) == 1), led[0][0])
    listed = meant[0].name or meant[0].id
    said = text(language, clue.how, label=one_line(clue.label))
    if clue.label != listed:
        said = text(language, "is_in_list", clue=said, name=listed)
    return Owner(meant[0].id, said, clues[0].account)  # a platform's clue comes first


def _clues(places: Places, name: AssignmentName) -> Iterator[_Clue]:
    """What may name the student, the surest first.

    The folder or file of a platform comes first, then what is named for student and assignment,
    the outermost before what lies in it, then the nearest folder or archive.
    """
    *folders, file = _stems(places)
    for stem in (*folders, file):
        for how, pattern in (("by_moodle", MOODLE), ("by_canvas", CANVAS)):
            if found := pattern.fullmatch(stem):
                yield _Clue(how, found["who"].strip(), account=(how, found["account"]))
                yield _Clue("by_name", name.rest(found["rest"]), loose=True)
    for stem in (*folders, file):
        if student := name.student(stem):
            yield _Clue("by_name", student)
    nearest = [stem for stem in folders[::-1] if not name.is_all_of(stem)]
    yield from (_Clue("by_folder", stem) for stem in nearest[:1])
    yield _Clue("by_name", name.rest(file), loose=True)
    yield from (_Clue("by_folder", name.rest(stem), loose=True) for stem in nearest)


def _stems(places: Places) -> Iterator[str]:
    """The names of the folders, archives and the file, without endings."""
    for place in places:
        yield from place.parts[:-1]
        yield _stem(place)


def _stem(file: PurePosixPath) -> str:
    archive = ARCHIVE.fullmatch(file.name)
    return archive[1] if archive else notebook_stem(file.name) or file.stem
