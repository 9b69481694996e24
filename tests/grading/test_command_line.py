"""`make check` and its kin, as a student uses them."""

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import nbformat
import pytest

from lr_grading import __main__ as command_line
from lr_grading.assignments import NAMES, ROOT, read, release_file
from lr_grading.calibration_bank import read_answer
from lr_grading.marking import Marks, QuestionMarks, _shorten, mark
from lr_grading.messages import LANGUAGES, text
from lr_grading.release import pristine
from lr_grading.results import ELSEWHERE, Result
from lr_grading.submitted import Findings
from tests.classroom import completed, new_class, shared_marker

NAME = "from-scratch"
WRONG = read_answer(ROOT / "calibration" / NAME / "wrong" / "gradients-not-cleared.py")


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    code = command_line.main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


@pytest.fixture(autouse=True)
def one_marker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all commands in this process share a marker, where each would start one of its own."""
    monkeypatch.setattr(
        "lr_grading.marking.Marker", lambda language: nullcontext(shared_marker(language))
    )


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A student's notebook with one mistake."""
    file = tmp_path / "mine.ipynb"
    nbformat.write(completed("en", NAME, WRONG.answers), file)
    return file


def test_check_prints_a_line_for_each_question_and_what_is_wrong(
    capsys: pytest.CaptureFixture[str], work: Path
) -> None:
    before = work.read_bytes()
    code, said = run(capsys, "check", NAME, "--file", work, "--seed", "1")
    assert code == 0
    assert work.read_bytes() == before, "the student's file is only read"
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert "linreg 3 / 3" in lines
    assert "sgd 2 / 5" in lines
    assert "reflection – / 4 marked by your teacher" in lines
    assert "total 21 / 36" in lines
    assert "backward() adds to .grad" in said
    assert "SEED=1 after make check, or --seed 1, repeats them" in said
    assert f"Marking {os.path.relpath(work)}: " in said, "also where nobody watches"


def test_check_speaks_chinese_and_gives_the_same_marks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "mine.ipynb"
    nbformat.write(completed("zh", NAME, WRONG.answers), file)
    code, said = run(capsys, "check", NAME, "--file", file, "--edition", "zh", "--seed", "1")
    assert code == 0
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert "总分 21 / 36" in lines
    assert "由教师评分" in said


def test_what_is_not_written_yet_takes_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    nbformat.write(pristine("en", NAME), tmp_path / "mine.ipynb")
    _, said = run(capsys, "check", NAME, "--file", tmp_path / "mine.ipynb")
    assert said.count("still to be written") == 8
    assert "still to be written: squared_loss" in said
    assert "still to be written: reflection" in said
    assert "look at" not in said
    assert "0 / 36" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_that_another_one_stops_takes_one_line(language: str) -> None:
    stopped = Result("three epochs", 1.0, 0.0, "to run", reason=ELSEWHERE, subject="sgd")
    question = QuestionMarks("train", results=[stopped] * 6, complaints=["✗ 0/1  three epochs"] * 6)
    _shorten(question, None, ["synthetic-data", "data-iter", "sgd"], language)
    assert question.complaints == [
        f"✗ {text(language, 'mend_first_by_number', number=3, question='sgd')}"
    ]
    wrong = Result("a mistake of its own", 1.0, 0.0, "a number", "nan")
    question = QuestionMarks("train", results=[stopped, wrong], complaints=["✗ one", "✗ two"])
    _shorten(question, None, ["sgd"], language)
    assert question.complaints == ["✗ one", "✗ two"]


def test_check_says_what_it_repaired(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    notebook = completed("en", NAME)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "sgd-checks"]
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    _, said = run(capsys, "check", NAME, "--file", tmp_path / "mine.ipynb")
    assert "! sgd-checks: the checks were missing; they were put back." in said
    assert "36 / 36" in said


def test_work_in_exercises_is_repaired_against_the_release_not_against_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = completed("en", NAME)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "train"]
    file = tmp_path / f"{NAME}.ipynb"
    nbformat.write(notebook, file)
    monkeypatch.setattr("lr_grading.release.release_file", lambda *_: file)
    marks = mark(file, NAME, "en")
    assert marks.points == 36
    assert marks.earned == 36 - 7 - 6  # train, and recover, which needs it


def test_where_solutions_are_withheld_the_visible_checks_are_marked(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lr_grading.marking.solution_file", lambda *_: tmp_path / "none.ipynb")
    marks = mark(work, NAME, "en")
    assert not marks.hidden
    assert (marks.earned, marks.points) == (1 + 2 + 3 + 1 + 2 + 1, 15)


def put_exercise(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the exercise of a course in another folder is."""
    file = home / "exercises" / NAME / f"{NAME}.ipynb"
    file.parent.mkdir(parents=True)
    monkeypatch.setattr(command_line, "release_file", lambda *_: file)
    return file


def test_a_fresh_copy_loses_no_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = put_exercise(tmp_path, monkeypatch)
    mine.write_text("my work")
    code, said = run(capsys, "fresh", NAME)
    assert code == 0
    assert read(mine) == pristine("en", NAME)
    (kept,) = mine.parent.glob("*.saved.ipynb")
    assert kept.read_text() == "my work"
    assert kept.name in said


def test_without_the_solution_there_is_no_fresh_copy_and_nothing_is_touched(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = put_exercise(tmp_path, monkeypatch)
    mine.write_text("my work")
    monkeypatch.setattr(command_line, "solution_file", lambda *_: tmp_path / "none.ipynb")
    code, said = run(capsys, "fresh", NAME)
    assert (code, mine.read_text()) == (2, "my work")
    assert "There is no fresh copy" in said


def test_nothing_is_kept_of_a_notebook_in_which_nothing_was_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = put_exercise(tmp_path, monkeypatch)
    run_only = pristine("en", NAME)
    run_only.cells[1].execution_count = 7
    nbformat.write(run_only, mine)
    _, said = run(capsys, "fresh", NAME)
    assert "is kept as" not in said
    assert list(mine.parent.iterdir()) == [mine]
    run_only.cells[2].source += "\nA note."
    nbformat.write(run_only, mine)
    _, said = run(capsys, "fresh", NAME)
    assert "is kept as" in said


def test_progress_is_one_line_in_a_terminal_and_a_line_now_and_then_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for watched, expected in ((True, "\rMarking: 2 / 3\r"), (False, "Marking: 1 / 3\n")):
        monkeypatch.setattr(sys.stderr, "isatty", lambda watched=watched: watched)
        show = command_line._progress("Marking")
        for done in range(3):
            show(done, 3)
        said = capsys.readouterr().err
        assert expected in said
        assert said.count("\n") == (0 if watched else 1)
    monkeypatch.setattr(command_line, "PATIENCE", 0.0)
    show = command_line._progress("Marking")
    for done in range(3):
        show(done, 3)
    assert capsys.readouterr().err.count("\n") == 3


# Which notebook, and which edition


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The files that were marked, with the edition; nothing is run."""
    calls: list[tuple[str, str]] = []

    def note(file: Path, name: str, language: str, **_: object) -> Marks:
        calls.append((os.path.relpath(file), language))
        return Marks([QuestionMarks("linreg")], Findings(language), 1, True)

    monkeypatch.setattr("lr_grading.marking.mark", note)
    return calls


@pytest.mark.parametrize("place", [f"{NAME}.ipynb", f"{NAME}/{NAME}.ipynb"])
def test_the_notebook_in_the_folder_is_marked_and_it_is_said_why(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    marked: list[tuple[str, str]],
    place: str,
) -> None:
    nbformat.write(pristine("en", NAME), put_exercise(tmp_path, monkeypatch))
    folder = tmp_path / "fetched"
    (folder / place).parent.mkdir(parents=True)
    monkeypatch.chdir(folder)
    _, said = run(capsys, "check", NAME)
    exercise = f"../exercises/{NAME}/{NAME}.ipynb"
    assert f"Marks of {exercise}, the copy in the exercises of the course" in said
    nbformat.write(pristine("en", NAME), folder / place)
    _, said = run(capsys, "check", NAME)
    assert f"Marks of {place}, which is in this folder" in said
    assert [file for file, _ in marked] == [exercise, place]


def test_a_notebook_of_the_other_edition_is_marked_as_what_it_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, marked: list[tuple[str, str]]
) -> None:
    mine = tmp_path / "mine.ipynb"
    for edition, asked, line in (
        ("zh", "en", "is of the Chinese edition and is marked as such"),
        ("en", "zh", "是英文版的笔记本，按英文版评分"),
        ("zh", "zh", None),
    ):
        nbformat.write(pristine(edition, NAME), mine)
        _, said = run(capsys, "check", NAME, "--file", mine, "--edition", asked)
        assert marked.pop()[1] == edition
        assert (line or "edition") in said if line else "edition" not in said


def test_a_file_may_be_in_the_home_folder(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    marked: list[tuple[str, str]],
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    nbformat.write(pristine("en", NAME), tmp_path / "mine.ipynb")
    code, _ = run(capsys, "check", NAME, "--file", "~/mine.ipynb")
    assert code == 0


@pytest.mark.parametrize("command", [["check", NAME, "--file"], ["check", "ohm", "--file"]])
def test_an_unreadable_file_is_answered_with_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str]
) -> None:
    mine = tmp_path / "mine.ipynb"
    mine.write_text("half a note" if NAME in command else nbformat.writes(pristine("en", NAME)))
    code, said = run(capsys, *command, mine)
    assert code == 2
    (line,) = said.splitlines()
    assert ("is not a notebook" if NAME in command else f"is the assignment {NAME}") in line


def test_preflight_says_whether_a_file_can_be_marked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    good, bad = tmp_path / f"{NAME}.ipynb", tmp_path / "ohm.ipynb"
    nbformat.write(completed("en", NAME), good)
    bad.write_text("")
    assert run(capsys, "preflight", good) == (0, "Nothing had to be repaired.\n")
    code, said = run(capsys, "preflight", bad)
    assert code == 1
    assert "The notebook is empty" in said


def test_preflight_recognizes_a_notebook_of_any_name_in_any_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    nbformat.write(completed("zh", NAME), tmp_path / "我的作业.ipynb")
    code, said = run(capsys, "preflight", "我的作业.ipynb", "--edition", "zh")
    assert (code, said) == (0, "没有需要修复之处。\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", NAME, "--file", "nowhere.ipynb"], "There is no notebook nowhere.ipynb"),
        (["preflight", "essay.ipynb"], "essay.ipynb is none of the assignments"),
        (["preflight", "ohm.ipynb"], "There is no notebook ohm.ipynb"),
        (["check", "--edition", "zh"], "要哪个作业？"),
        (["check"], "Which assignment?"),
        (["check", "Ohm"], "There is no assignment Ohm. Did you mean ohm?"),
        (["check", "ohm.ipynb"], "Did you mean ohm?"),
        (["fresh", "robust"], "Did you mean robust-loss?"),
        (["autograde", "robust", "--edition", "zh"], "是不是robust-loss？"),
        (["check", "algebra"], "There is no assignment algebra. The assignments: from-scratch,"),
    ],
)
def test_a_wrong_call_is_explained(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "essay.ipynb").write_text("{}")
    code, said = run(capsys, *arguments)
    assert code == 2
    assert message in said


def test_a_wrong_name_is_answered_before_anything_is_installed() -> None:
    """With Python alone: -S leaves out every package that is installed."""
    for name, code in (("ohm", 0), ("Ohm", 2)):
        command = [sys.executable, "-S", "-m", "lr_grading", "name", name]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
    assert "Did you mean ohm?" in done.stderr
    assert all(name in done.stderr for name in NAMES)


def test_an_interrupt_ends_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lr_grading.marking.mark", interrupted)
    assert run(capsys, "check", NAME) == (130, "\n")


def test_release_makes_both_languages_anew(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    code, said = run(capsys, "release", NAME)
    assert code == 0
    for language, line in zip(LANGUAGES, said.splitlines(), strict=True):
        made = release_file(language, NAME).relative_to(ROOT)
        assert line.endswith(str(made))
        assert (tmp_path / made).read_bytes() == (ROOT / made).read_bytes()


def test_autograde_says_where_it_looked_for_submissions(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_class(tmp_path, "zh", [NAME])
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    code, said = run(capsys, "autograde", NAME, "--edition", "zh")
    assert code == 2
    assert f"没有人提交{NAME}" in said


@pytest.mark.parametrize("watched", [True, False])
def test_progress_is_one_line_where_somebody_watches_and_a_line_now_and_then_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, watched: bool
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: watched)
    show = command_line._progress("Marking")
    for done in range(2):
        show(done, 2)
    once = "Marking: 1 / 2\rMarking: 2 / 2\r\033[K"
    assert capsys.readouterr().err == (once if watched else "Marking: 1 / 2\n")
