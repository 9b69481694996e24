"""The list of a class: who is in it, and in which section.

A file ``students.csv`` in the folder of the class, as a spreadsheet saves it. The first line names
the columns; ``id`` is needed, the others may be missing or empty:

    id,name,section,email
    20231001,Ada Lovelace,1,ada@example.edu

In Chinese the columns may be called 学号, 姓名, 班级 and 邮箱.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from lr_grading.intake import usable
from lr_grading.messages import text
from lr_grading.terminal import one_line

FILE = "students.csv"
COLUMNS = {
    "id": ("id", "student_id", "student id", "学号"),
    "name": ("name", "student", "full name", "姓名"),
    "section": ("section", "group", "班级", "班"),
    "email": ("email", "e-mail", "email address", "邮箱", "电子邮件"),
}


@dataclass(frozen=True)
class Member:
    """A student of the class."""

    id: str
    name: str = ""
    section: str = ""
    email: str = ""


def read_class_list(file: Path, language: str) -> list[Member]:
    """Read the list of a class.

    Args:
        file: A CSV file in UTF-8, or in GB 18030 as Excel saves it on Chinese systems. Commas,
            semicolons or tabs divide its columns.
        language: The language of the messages.

    Returns:
        The students in the order of the file.

    Raises:
        FileNotFoundError: There is no such file.
        RuntimeError: It cannot be read as a list of a class; the message names the line.
    """
    lines = list(csv.reader(io.StringIO(_decoded(file), newline=""), delimiter=_delimiter(file)))
    found = _columns(lines[0] if lines else [])
    if "id" not in found:
        given = ", ".join(one_line(title) for title in lines[0]) if lines else ""
        raise RuntimeError(text(language, "list_without_id", file=file, given=given))
    members: dict[str, Member] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        values = {name: line[n].strip() for name, n in found.items() if n < len(line)}
        student = values.get("id", "")
        where = {"file": file, "line": number, "student": one_line(student)}
        if not usable(student):
            raise RuntimeError(text(language, "list_unusable_id", **where))
        if student in members:
            raise RuntimeError(text(language, "list_second_id", **where))
        members[student] = Member(**values)
    return list(members.values())


def members_of(home: Path, language: str) -> list[Member] | None:
    """The list of the class in a folder, as ``read_class_list``; None where there is none."""
    file = home / FILE
    return read_class_list(file, language) if file.exists() else None


def _decoded(file: Path) -> str:
    content = file.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _delimiter(file: Path) -> str:
    first = _decoded(file).partition("\n")[0]
    return max(",;\t", key=first.count)


def _columns(titles: list[str]) -> dict[str, int]:
    """Where the columns are, by our names for them."""
    lower = [title.strip().lower() for title in titles]
    return {
        name: lower.index(title)
        for name, known in COLUMNS.items()
        for title in known[::-1]
        if title in lower
    }
