"""Forty students in three sections: from the archives of Canvas and Moodle to the files that they
import, and back for second attempts. In the slow part; the notebooks are not run, which other
tests do.
"""

import csv
import io
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from lr_grading import exports
from lr_grading.assignments import grade_id
from lr_grading.class_list import Member
from lr_grading.class_marks import Marks, marks_of_class
from lr_grading.classroom import autograde_all
from lr_grading.collect import collect
from lr_grading.coursework import Coursework, open_class
from lr_grading.due_dates import in_utc, set_due
from lr_grading.report import write_report
from tests.classroom import completed, mark_by_hand, new_class
from tests.marking.quick_run import ThisProcess, quick_run

pytestmark = pytest.mark.slow
NAME = "mechanics"
Time = tuple[int, int, int, int, int, int]
CLASS = [
    Member(f"s{n:02}", f"Given{n:02} Family{n:02}", "ABC"[n % 3], f"s{n:02}@example.edu")
    for n in range(40)
]
ON_CANVAS, ON_MOODLE, MISSING = CLASS[:20], CLASS[20:38], CLASS[38:]
LATE, AGAIN = CLASS[3], CLASS[4]
DAY = (2026, 12, 1, 12, 0, 0)  # when all but one hand in
NEXT_DAYS = (2026, 12, 3, 13, 0, 0)
DUE = "2026-12-02 12:00"


def notebook(sign: str) -> bytes:
    """Finished work, whose first answer is as long as the sign makes it."""
    made = completed("en", NAME)
    first = next(cell for cell in made.cells if grade_id(cell) == "model")
    first.source += f"\n# {sign}"
    made.cells.append(new_markdown_cell(sign))
    return str(nbformat.writes(made)).encode()


def archive(files: Mapping[str, tuple[bytes, Time]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, (content, when) in files.items():
            file.writestr(zipfile.ZipInfo(name, when), content)
    return made.getvalue()


def of_canvas(member: Member, ending: str = "") -> str:
    given, family = member.name.lower().split()
    late = "_LATE" if member == LATE else ""
    return f"{family}{given}{late}_{member.id[1:]}1_{member.id[1:]}2_{NAME}{ending}.ipynb"


class Teacher:
    """A teacher at work."""

    def __init__(self, root: Path) -> None:
        self.root, self.home = root, new_class(root, "en", [NAME])
        with (self.home / "nbgrader_config.py").open("a") as settings:
            settings.write("\nc.LatePenalty.per_day = 0.1\n")
        lines = [f"{m.id},{m.name},{m.section},{m.email}" for m in CLASS]
        (self.home / "students.csv").write_text("\n".join(["id,name,section,email", *lines]))
        set_due(NAME, in_utc(DUE, "UTC", "en"), "en", root)

    def collect(self, *downloads: tuple[str, bytes]) -> str:
        for name, content in downloads:
            (self.root / name).write_bytes(content)
        said: list[str] = []
        sources = [self.root / name for name, _ in downloads]
        assert collect(NAME, "en", self.root, sources, said.append, lambda _: True) == 0
        return "\n".join(said)

    def mark(self) -> str:
        said: list[str] = []
        assert autograde_all(NAME, "en", self.root, said.append, sandboxed=False) == 0
        return "\n".join(said)

    def marks(self) -> dict[str, Marks]:
        return {each.student.id: each for each in marks_of_class(NAME, "en", self.root)}


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has no zone for one process")
def test_from_the_archives_to_the_files_that_are_imported_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr("lr_grading.classroom.run_submission", quick_run)
    monkeypatch.setattr("lr_grading.classroom.LocalWorkers", lambda *_: ThisProcess())
    teacher = Teacher(tmp_path)

    # Collect.
    canvas = {
        of_canvas(member): (notebook(member.id), NEXT_DAYS if member == LATE else DAY)
        for member in ON_CANVAS
    }
    moodle = {
        f"{member.name}_{member.id[1:]}9_assignsubmission_file_/{NAME}.ipynb": (
            notebook(member.id),
            DAY,
        )
        for member in ON_MOODLE
    }
    said = teacher.collect(
        ("submissions.zip", archive(canvas)), (f"COURSE-{NAME}-4711.zip", archive(moodle))
    )
    assert "38 to collect" in said
    assert "Nothing yet from 2 of 40 in the list" in said

    # Mark, by hand too.
    assert "[38/38]" in teacher.mark()
    for member in [*ON_CANVAS, *ON_MOODLE[:-1]]:
        mark_by_hand(tmp_path, "en", NAME, member.id, 3.0)
        confirm_by_hand(tmp_path, member.id)
    marks = teacher.marks()
    assert list(marks) == [member.id for member in CLASS]
    assert marks[LATE.id].penalty == pytest.approx(0.2 * marks[LATE.id].of)
    assert sum(each.penalty > 0 for each in marks.values()) == 1

    # Report and export.
    work = Coursework(open_class("en", tmp_path), NAME, "en", tmp_path)
    page = write_report(work)[0].read_text("utf8")
    assert MISSING[0].name in page
    rows = exports.canvas(marks.values(), NAME)[1]
    assert [row["SIS Login ID"] for row in rows[1:]] == [m.id for m in CLASS[:37]], (
        "without the one whose reflection is still to be marked"
    )
    assert len(exports.moodle(marks.values(), NAME)[1]) == 37
    template = tmp_path / "gradebook.csv"
    with template.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ID number", "Email address", NAME])
        writer.writerows([m.id, m.email, ""] for m in CLASS)
    _, filled, lost = exports.filled(template, marks.values(), NAME, "en")
    assert lost == []
    by_id = {row["ID number"]: row[NAME] for row in filled}
    assert by_id[AGAIN.id] == f"{marks[AGAIN.id].total:g}"
    assert by_id[MISSING[0].id] == ""

    # A second attempt, in an archive with everything once more.
    canvas[of_canvas(AGAIN, "-1")] = notebook("a longer answer than before"), (2026, 12, 2, 9, 0, 0)
    said = teacher.collect(("submissions (1).zip", archive(canvas)))
    assert "1 to collect" in said
    before, marked = teacher.marks(), marked_at(teacher.home)
    teacher.mark()
    changed = [name for name, at in marked_at(teacher.home).items() if at != marked[name]]
    assert changed == [AGAIN.id]
    after = teacher.marks()
    assert after[AGAIN.id].handed_in != before[AGAIN.id].handed_in
    assert {name: each for name, each in after.items() if name != AGAIN.id} == {
        name: each for name, each in before.items() if name != AGAIN.id
    }


def confirm_by_hand(root: Path, student: str) -> None:
    """Formgrader does so when a score is saved."""
    with open_class("en", root).gradebook as gradebook:
        gradebook.find_grade("reflection", NAME, NAME, student).needs_manual_grade = False
        gradebook.db.commit()


def marked_at(home: Path) -> dict[str, int]:
    files = home.glob(f"autograded/*/{NAME}/{NAME}.ipynb")
    return {file.parents[1].name: file.stat().st_mtime_ns for file in files}
