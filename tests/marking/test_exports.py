"""The marks as files: a table, and what Canvas and Moodle import. Under a second."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from lr_grading import exports
from lr_grading.class_list import Member
from lr_grading.class_marks import Marks, marks_of_class
from lr_grading.coursework import open_class
from lr_grading.due_dates import in_utc, set_due
from lr_grading.late_penalty import LatePenalty
from lr_grading.messages import LANGUAGES
from tests.classroom import new_class

NAME = "ohm"
TIME = datetime(2026, 12, 1, 9, 30)
ADA = Marks(
    Member("2023", "Lovelace, Ada", "1", "ada@example.edu"),
    handed_in=TIME,
    seconds_late=7200.0,
    questions={"fit": 7.5, "descend": 2.0, "reflection": 3.0},
    penalty=1.0,
    of=40.0,
)
LI = Marks(
    Member("李雷"),
    handed_in=TIME,
    questions={"fit": 10.0, "descend": 0.0, "reflection": None},
    of=40.0,
    by_hand=4.0,
)
EVE = Marks(Member("=1+1", "Eve\nX", "2"))
CLASS = [ADA, LI, EVE]


def read(file: Path, encoding: str = "utf-8") -> list[list[str]]:
    with file.open(encoding=encoding, newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_a_column_for_each_question(language: str, tmp_path: Path) -> None:
    file = tmp_path / "exports" / "ohm.csv"
    exports.write(file, *exports.table(CLASS, language), mark=True)
    titles, ada, li, eve = read(file, "utf-8-sig")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel asks for it"
    assert titles[0] == {"en": "id", "zh": "学号"}[language]
    assert titles[6:9] == ["fit", "descend", "reflection"]
    assert ada == [
        *("2023", "Lovelace, Ada", "1", "ada@example.edu", "2026-12-01 09:30:00", "2"),
        *("7.5", "2", "3", "1", "0", "11.5", "40"),
    ]
    assert li[8] == "", "what nobody has marked is not 0"
    assert li[10] == "4"
    assert eve[0] == "'=1+1"
    assert eve[4:] == [""] * 9


def test_canvas_gets_the_columns_of_its_own_export(tmp_path: Path) -> None:
    exports.write(tmp_path / "x.csv", *exports.canvas(CLASS, NAME), mark=False)
    assert read(tmp_path / "x.csv") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "ohm"],
        ["Points Possible", "", "", "", "", "40"],
        ["Lovelace, Ada", "", "", "2023", "1", "11.5"],
    ]


def test_moodle_gets_what_finds_a_student_and_the_marks(tmp_path: Path) -> None:
    exports.write(tmp_path / "x.csv", *exports.moodle(CLASS, NAME), mark=False)
    assert read(tmp_path / "x.csv") == [
        ["ID number", "Email address", "Full name", "ohm"],
        ["2023", "ada@example.edu", "Lovelace, Ada", "11.5"],
    ]


TEMPLATES = {
    "of Canvas": (
        "Student,ID,SIS User ID,SIS Login ID,Section,Ohm (77),Current Score\n"
        "Points Possible,,,,,40,(read only)\n"
        '"Lovelace, Ada",11,2023,ada,1,,12\n"King, Ben",12,2029,ben,1,5,13\n',
        "Ohm (77)",
    ),
    "worksheet of Moodle": (
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade\n"
        "Participant 5,Ada L.,ADA@example.edu,Submitted,,40\nParticipant 6,Ben,,,5,40\n",
        "Grade",
    ),
    "gradebook of Moodle": (
        "\ufeffID number,Email address\n 2023 ,\n2029,ben@example.edu\n",
        "ohm",
    ),
}


@pytest.mark.parametrize(("content", "column"), TEMPLATES.values(), ids=TEMPLATES)
def test_a_file_that_they_have_exported_is_filled(
    content: str, column: str, tmp_path: Path
) -> None:
    template = tmp_path / "template.csv"
    template.write_text(content, "utf8")
    columns, rows, lost = exports.filled(template, [*CLASS, done("Nobody")], NAME, "en")
    assert column in columns
    assert [row.get(column) for row in rows if "11.5" in row.values()] == ["11.5"]
    assert [row.get(column) for row in rows if "5" in row.values()] in ([], ["5"])
    assert lost == ["Nobody"]


def done(name: str) -> Marks:
    return Marks(Member(name), TIME, 0.0, {"fit": 1.0}, 0.0, 40.0)


def test_who_could_be_two_is_lost(tmp_path: Path) -> None:
    template = tmp_path / "template.csv"
    template.write_text("Full name,Grade,Maximum Grade\nAda,,1\nada,,1\n", "utf8")
    _, rows, lost = exports.filled(template, [done("Ada")], NAME, "en")
    assert lost == ["Ada"]
    assert [row["Grade"] for row in rows] == ["", ""]


def test_a_file_that_names_nobody_is_refused(tmp_path: Path) -> None:
    template = tmp_path / "template.csv"
    template.write_text("a,b\n1,2\n", "utf8")
    with pytest.raises(RuntimeError, match="no column that says who"):
        exports.filled(template, CLASS, NAME, "en")


# Due dates and penalties


@pytest.mark.parametrize(
    ("when", "zone", "expected"),
    [
        ("2026-12-10 23:59", "Asia/Shanghai", "2026-12-10 15:59"),
        ("2026-07-01 12:00", "Europe/Berlin", "2026-07-01 10:00"),  # in summer
        ("2026-12-01 12:00", "Europe/Berlin", "2026-12-01 11:00"),
        ("2026-12-10", "UTC", "2026-12-10 23:59"),
    ],
)
def test_a_time_on_the_wall_is_kept_in_utc(when: str, zone: str, expected: str) -> None:
    assert f"{in_utc(when, zone, 'en'):%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    ("when", "zone", "message"),
    [("tomorrow", None, "2026-12-10 23:59"), ("2026-12-10", "Mars/Olympus", "Europe/Berlin")],
)
def test_a_time_that_cannot_be_is_refused(when: str, zone: str | None, message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        in_utc(when, zone, "en")


@pytest.mark.parametrize(
    ("hours", "share"), [(0.2, 0.0), (0.3, 0.1), (24, 0.1), (24.1, 0.2), (240, 0.5)]
)
def test_each_day_that_has_begun_costs_the_same(hours: float, share: float) -> None:
    plugin = LatePenalty(per_day=0.1, grace_minutes=15, at_most=0.5)
    assert plugin.share(hours * 3600) == pytest.approx(share)
    assert LatePenalty().share(hours * 3600) == 0


def test_the_marks_of_a_class_come_from_gradebook_and_list(tmp_path: Path) -> None:
    home = new_class(tmp_path, "en", [NAME])
    (home / "students.csv").write_text("id,name\nben,King\nada,Lovelace\n", "utf8")
    with open_class("en", tmp_path).gradebook as gradebook:
        gradebook.add_student("eve")
        gradebook.add_student("ada")
        gradebook.add_assignment(NAME)
        gradebook.add_submission(NAME, "ada", timestamp="2026-12-11 00:00 UTC")
    set_due(NAME, in_utc("2026-12-10 23:00", "UTC", "en"), "en", tmp_path)
    marks = {each.student.id: each for each in marks_of_class(NAME, "en", tmp_path)}
    assert list(marks) == ["ben", "ada", "eve"]
    assert marks["ada"].seconds_late == 3600
    assert marks["ada"].handed_in
    assert marks["ben"].handed_in is None
