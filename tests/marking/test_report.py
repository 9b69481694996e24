"""The report on a class: its page in a browser, its table, and what is left out of both.

The notebooks are not run here: each gets the results that its student is to have.
"""

import csv
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_output
from playwright.sync_api import Browser

from lr_grading import __main__
from lr_grading.assignments import grade_id, graded_cells, kind
from lr_grading.class_results import read_class_results
from lr_grading.classroom import autograde_all
from lr_grading.coursework import Coursework, open_class
from lr_grading.report import write_report
from lr_grading.results import ELSEWHERE, Result, keep
from lr_grading.submission import Assignment, Submission, notebook_to_run
from tests.classroom import completed, hand_in, new_class
from tests.marking.quick_run import ThisProcess, scored

NAME = "mechanics"
HOSTILE = "</pre><script>document.title = 'taken over'</script>"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf8")
# Of each student: the results of the first check, and whether the answers are the solution's.
STUDENTS = {f"2026{number:03}": f"Student No{number} Family{number}" for number in range(12)}
FIRST, COPY, WITHOUT_CHECKS, REACHING, UNFINISHED, STOPPED, BROKEN = list(STUDENTS)[:7]
SECTIONS = ("A", "=B")  # which a spreadsheet would take for a formula
MISSING, UNMARKED = "2026100", "2026101"


def results_of(student: str, points: float) -> Result:
    """What a check gives a student: three kinds of failure, and successes."""
    failed = Result("the check", points, 0.0, asked="w equal to 2", got=f"{HOSTILE} 1.5")
    match int(student) % 100:
        case 1 | 2 | 3:
            return failed
        case 4:
            return failed  # but its answer ends at the stub's error
        case 5:
            return replace(failed, reason=ELSEWHERE, subject="model")
        case 6 | 7:
            return replace(failed, got="2.5", cause="twice the right value")
    return Result("the check", points, points)


def run(assignment: Assignment, handed_in: Submission) -> str:
    """Stands in for ``run_submission`` in a worker."""
    notebook = scored(notebook_to_run(assignment, handed_in))
    for cell in notebook.cells:
        if kind(cell) == "answer" and handed_in.student == UNFINISHED:
            cell.outputs = [new_output("error", ename="NotImplementedError", evalue="")]
        if kind(cell) == "checks" and not str(grade_id(cell)).endswith("hidden"):
            result = results_of(handed_in.student, float(cell.metadata.nbgrader.points))
            keep(result, cell)
            data = {"text/plain": str(float(result.earned))}
            cell.outputs[0].data = data
    return json.dumps(notebook)


@dataclass
class Class:
    work: Coursework
    language: str

    @property
    def page(self) -> Path:
        return self.work.home / "reports" / f"{NAME}.html"

    def report(self, *, without_names: bool = False) -> str:
        page, _ = write_report(self.work, without_names=without_names)
        return page.read_text("utf8")

    def table(self) -> list[dict[str, str]]:
        with self.page.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


def laid_out(root: Path, language: str) -> Path:
    """A class with its list, in two sections, with what the students have handed in."""
    home = new_class(root, language, [NAME])
    (home / "private-seed.txt").write_text("1")
    rows = ["id,name,section,email"]
    for number, (student, name) in enumerate(STUDENTS.items()):
        rows.append(f"{student},{name},{SECTIONS[number % 2]},{student}@example.edu")
        notebook = completed(language, NAME)
        answers = [cell for cell in notebook.cells if kind(cell) in ("answer", "written")]
        for cell in answers if student not in (FIRST, COPY) else []:
            long = f"# {student} {name}\n{chr(97 + number) * 40} = {number}"
            cell.source = f"{cell.source.splitlines()[0]}\n    pass\n{long}"
        for cell in answers if student in (FIRST, COPY) else []:
            cell.source += f"\n# of {name}, {student} {HOSTILE}"
        if student == REACHING:
            answers[0].source += f"\nimport gc  # {HOSTILE}"
        if student == WITHOUT_CHECKS:
            notebook.cells = [cell for cell in notebook.cells if kind(cell) != "checks"]
        hand_in(home, student, NAME, notebook if student != BROKEN else "half a file {")
        late = "5 10" if student == FIRST else "1 10"
        stamp = home / "submitted" / student / NAME / "timestamp.txt"
        stamp.write_text(f"2026-11-0{late}:00:00 UTC")
    rows.append(f"{MISSING},<b>Nobody</b> Absent,A,")
    (home / "students.csv").write_text("\n".join(rows), "utf8")
    return home


@pytest.fixture(scope="module", params=["en", pytest.param("zh", marks=pytest.mark.slow)])
def marked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Class:
    language: str = request.param
    root = tmp_path_factory.mktemp(language)
    home = laid_out(root, language)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lr_grading.classroom.run_submission", run)
        patch.setattr("lr_grading.classroom.LocalWorkers", lambda *_: ThisProcess())
        autograde_all(NAME, language, root, lambda _: None, sandboxed=False)
    work = Coursework(open_class(language, root), NAME, language, root)
    with work.api.gradebook as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-11-03 08:00:00 UTC")
    hand_in(home, UNMARKED, NAME, completed(language, NAME))
    return Class(work, language)


def shown(page: str) -> str:
    return BeautifulSoup(page, "html.parser").get_text(" ")


def test_who_handed_in(marked: Class) -> None:
    page = BeautifulSoup(marked.report(), "html.parser")
    said = [entry.get_text() for entry in page.select("dd")]
    one = "1人：" if marked.language == "zh" else "1: "
    assert said[0] == "13"
    assert said[1] == "13"
    assert said[2].startswith(f"{one}<b>Nobody</b> Absent")
    assert said[3].startswith(f"{one}Student No0 Family0")
    assert re.search(r"\D2\D+2\D", said[3].partition(FIRST)[2]), "2 days and 2 hours"
    assert said[4] == f"{one}{UNMARKED}", "not in the list"
    assert said[5] == f"{one}{UNMARKED}", "not marked"
    assert said[6].startswith("reflection")
    assert "11" in said[6], "one has written nothing"


def test_what_came_back_is_grouped_and_the_unwritten_is_apart(marked: Class) -> None:
    page = BeautifulSoup(marked.report(), "html.parser")
    check = page.select("section.check")[0]
    words = check.select("p")[0].get_text()
    assert [int(number) for number in re.findall(r"\d+", words)] in (
        [5, 12, 1, 1],  # failed, of all, unwritten, elsewhere
        [12, 5, 1, 1],
    )
    first, second = (item.get_text() for item in check.select("li"))
    assert first.startswith("3")
    assert f"{HOSTILE} 1.5" in first
    assert second.startswith("2")
    assert "twice the right value" in second
    assert "2.5" in second


def test_repairs_and_suspicious_lines_name_their_students(marked: Class) -> None:
    page = BeautifulSoup(marked.report(), "html.parser")
    tables = [table.get_text(" ") for table in page.select("table")]
    (broken,) = [line for table in tables for line in table.split("\n") if BROKEN in line]
    assert "JSON" in broken
    (suspicious,) = [table for table in tables if "import gc" in table]
    assert REACHING in suspicious
    assert HOSTILE in suspicious
    assert any(WITHOUT_CHECKS in table for table in tables)


def test_a_copy_is_shown_side_by_side(marked: Class) -> None:
    page = BeautifulSoup(marked.report(), "html.parser")
    titles = [title.get_text() for title in page.select("h3")]
    assert any(FIRST in title and COPY in title and "100%" in title for title in titles)
    sides = page.select("details .sides")[0].select("section")
    assert len(sides) == 2
    assert all(side.select("mark") for side in sides)


def test_what_students_wrote_is_text(marked: Class) -> None:
    page = marked.report()
    assert HOSTILE not in page
    assert not BeautifulSoup(page, "html.parser").select("script, b, img, link, iframe")
    assert HOSTILE in shown(page)
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page), "it needs nothing else"
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids)) > 0


def test_the_table_has_the_numbers_of_the_page(marked: Class) -> None:
    marked.report()
    rows = [list(row.values()) for row in marked.table()]
    results = read_class_results(marked.work)
    level = {"en": "question", "zh": "题目"}[marked.language]
    for section, count in ("", 12), ("A", 6), ("'=B", 6):
        questions = [row for row in rows if row[0] == level and row[1] == section]
        assert [row[2] for row in questions] == list(results.points)
        assert {row[5] for row in questions} == {str(count), "1" if section in ("", "A") else "0"}
    marks = [one.mark for one in results.marked]
    (whole, *_) = rows
    assert float(whole[12]) == pytest.approx(sum(marks) / 12, abs=1e-4)
    assert float(whole[4]) == sum(cell.points for cell in graded_cells(completed("en", NAME)))
    checks = [row for row in rows if row[3] == "the check"]
    assert {tuple(row[9:12]) for row in checks} == {("5", "1", "1")}
    assert {row[6] for row in checks} == {"5"}


def test_names_can_be_left_out_everywhere(marked: Class) -> None:
    orders = set()
    for _ in range(3):
        page = marked.report(without_names=True) + marked.page.with_suffix(".csv").read_text("utf8")
        for student, name in STUDENTS.items():
            for known in (student, name, *name.split()[1:]):
                assert known not in page
        for known in (MISSING, UNMARKED, "Nobody", "Absent"):
            assert known not in page
        rows = BeautifulSoup(page, "html.parser").select("dd")
        orders.add(tuple(row.get_text() for row in rows))
    assert len(orders) > 1, "the numbers follow from nothing that is known"


@pytest.mark.slow
def test_the_page_is_accessible_and_fits_a_phone(marked: Class, browser: Browser) -> None:
    marked.report()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(marked.page.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
    assert NAME in page.title()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found: dict[str, Any] = page.evaluate(f"() => {{ {AXE}; return axe.run(); }}")
        assert [violation["id"] for violation in found["violations"]] == []
    assert asked == [marked.page.as_uri()]
    page.close()


def test_without_a_list_nobody_is_missing(marked: Class) -> None:
    class_list = marked.work.home / "students.csv"
    aside = class_list.rename(class_list.with_suffix(".aside"))
    page = BeautifulSoup(marked.report(), "html.parser")
    aside.rename(class_list)
    assert page.select("dd")[0].get_text() == "13"
    assert f"classroom/{marked.language}/students.csv" in page.get_text()
    assert "Nobody" not in page.get_text()
    assert not any(cell.get_text().split()[-1] == "A" for cell in page.select("thead th"))


def test_nothing_is_marked_yet(tmp_path: Path) -> None:
    home = new_class(tmp_path, "en", [NAME])
    work = Coursework(open_class("en", tmp_path), NAME, "en", tmp_path)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="First run: make autograde ASSIGNMENT=mechanics"):
            write_report(work)
        hand_in(home, FIRST, NAME, completed("en", NAME)) if not work.students() else None
    assert not (home / "gradebook.db").exists()


def test_the_command_says_where_the_page_is(
    marked: Class, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("lr_grading.__main__.ROOT", marked.work.root)
    monkeypatch.chdir(marked.work.root)
    status = __main__.main(["report", NAME, "--edition", marked.language, "--without-names"])
    assert status == 0
    said = capsys.readouterr().out
    for name in (f"{NAME}.html", f"{NAME}.csv"):
        assert str(Path("classroom", marked.language, "reports", name)) in said
