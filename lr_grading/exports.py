"""Files of marks for other programs: a table for a spreadsheet, and what Canvas and Moodle import.

Canvas: the columns of its own export, see "How do I import grades in the Gradebook?" of the Canvas
Instructor Guide. Moodle: columns that its import can map, see "Grade import" in the Moodle Docs, or
its own grading worksheet, see "Offline grading" there.
"""

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from lr_grading.class_marks import Marks
from lr_grading.messages import text
from lr_grading.spreadsheet import no_formula
from lr_grading.terminal import one_line

CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
MOODLE = ["ID number", "Email address", "Full name"]
WORKSHEET = ("Grade", "Maximum Grade")  # columns of Moodle's own file that tell it from others
# Where a program's own file may say who somebody is, with what of the list it is compared.
KEYS = ("SIS Login ID", "SIS User ID", "ID number", "Email address", "Full name", "Student")
Row = dict[str, object]


def table(marks: Iterable[Marks], language: str) -> tuple[list[str], list[Row]]:
    """One line for each student, with a column for each question."""
    marks = list(marks)
    questions = list(dict.fromkeys(name for each in marks for name in each.questions))
    titles = {key: text(language, f"column_{key}") for key in TABLE}
    rows = []
    for each in marks:
        member, handed_in = each.student, each.handed_in
        values: Row = {
            "id": member.id,
            "name": member.name,
            "section": member.section,
            "email": member.email,
            "handed_in": f"{handed_in:%Y-%m-%d %H:%M:%S}" if handed_in else "",
            "late": _number(each.seconds_late / 3600) if handed_in else "",
            "penalty": _number(each.penalty) if handed_in else "",
            "by_hand": _number(each.by_hand) if handed_in else "",
            "total": _number(each.total) if handed_in else "",
            "of": _number(each.of) if handed_in else "",
        }
        row = {titles[key]: value for key, value in values.items()}
        rows.append(row | {name: _number(each.questions.get(name)) for name in questions})
    first, last = [titles[key] for key in TABLE[:6]], [titles[key] for key in TABLE[6:]]
    return [*first, *questions, *last], rows


TABLE = ("id", "name", "section", "email", "handed_in", "late", "penalty", "by_hand", "total", "of")


def canvas(marks: Iterable[Marks], name: str) -> tuple[list[str], list[Row]]:
    """What Canvas imports. It finds a student by the login, and makes the assignment if needed."""
    marks = list(marks)
    full = max((each.of for each in marks), default=0.0)
    rows: list[Row] = [{"Student": "Points Possible", name: _number(full)}]
    for each in _complete(marks):
        member = each.student
        rows.append(
            {
                "Student": member.name or member.id,
                "SIS Login ID": member.id,
                "Section": member.section,
                name: _number(each.total),
            }
        )
    return [*CANVAS, name], rows


def moodle(marks: Iterable[Marks], name: str) -> tuple[list[str], list[Row]]:
    """What Moodle imports: the teacher says there which column finds the student."""
    rows: list[Row] = [
        {
            "ID number": each.student.id,
            "Email address": each.student.email,
            "Full name": each.student.name,
            name: _number(each.total),
        }
        for each in _complete(marks)
    ]
    return [*MOODLE, name], rows


def filled(
    template: Path, marks: Iterable[Marks], name: str, language: str
) -> tuple[list[str], list[Row], list[str]]:
    """A file that Canvas or Moodle has exported, with the marks filled in.

    Args:
        template: The file: a gradebook, or a worksheet for grading offline.
        marks: Of the class.
        name: The assignment. In Moodle's worksheet the column is "Grade"; elsewhere it is the one
            that begins with this name, or a new one.
        language: The language of the messages.

    Returns:
        The columns, the rows, and the students whose row was not found.

    Raises:
        RuntimeError: No column of the file says who somebody is.
    """
    with io.StringIO(template.read_text("utf-8-sig"), newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or []), list(reader)
    keys = [key for key in KEYS if key in columns]
    if not keys:
        raise RuntimeError(text(language, "no_key", file=template, keys=", ".join(KEYS)))
    column = _column(columns, name)
    by_key: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        for value in {_plain(row[key] or "") for key in keys} - {""}:
            by_key.setdefault(value, []).append(row)
    lost = []
    for each in _complete(marks):
        member = each.student
        names = [_plain(value) for value in (member.id, member.email, member.name) if value]
        found = next((by_key[key] for key in names if len(by_key.get(key, [])) == 1), None)
        if found is None:
            lost.append(member.id)
        else:
            found[0][column] = _number(each.total)
    filled_rows: list[Row] = [dict(row) for row in rows]
    return [*columns, *([] if column in columns else [column])], filled_rows, lost


def _column(columns: list[str], name: str) -> str:
    """The column for the marks of an assignment."""
    if all(title in columns for title in WORKSHEET):
        return WORKSHEET[0]
    return next((title for title in columns if title.lower().startswith(name.lower())), name)


def _plain(value: str) -> str:
    return " ".join(value.split()).casefold()


def _complete(marks: Iterable[Marks]) -> list[Marks]:
    """Those whose marks are done: the others would be uploaded without what is still to come."""
    return [each for each in marks if each.handed_in is not None and not each.by_hand]


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, 2):g}"


def write(file: Path, columns: list[str], rows: Iterable[Row], *, mark: bool) -> None:
    """Write a CSV file.

    Args:
        file: Where; its folder is made.
        columns: The titles.
        rows: By title; a missing cell is empty.
        mark: Whether the file begins with the mark of UTF-8, without which Excel guesses. For a
            person's spreadsheet, texts that it would compute are marked as texts, too.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    as_text: Callable[[object], object] = no_formula if mark else str
    with file.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {title: as_text(one_line(str(row.get(title, "")))) for title in columns}
            )
