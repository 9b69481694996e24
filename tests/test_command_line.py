"""`make check` and its kin, as a student uses them."""

from pathlib import Path

import nbformat
import pytest

from lr_grading import __main__ as command_line
from lr_grading.assignments import ROOT, read, release_file
from lr_grading.bank import read_answer
from lr_grading.marking import mark
from lr_grading.messages import LANGUAGES
from tests.classroom import completed, new_class

NAME = "from-scratch"
WRONG = read_answer(ROOT / "calibration" / NAME / "wrong" / "gradients-not-cleared.py")


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    code = command_line.main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A student's notebook with one mistake."""
    file = tmp_path / "mine.ipynb"
    nbformat.write(completed("en", NAME, WRONG.answers), file)
    return file


def test_check_prints_a_line_for_each_question_and_what_is_wrong(capsys, work: Path) -> None:
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
    assert "--seed 1 repeats them" in said


def test_check_speaks_chinese_and_gives_the_same_marks(capsys, tmp_path: Path) -> None:
    file = tmp_path / "mine.ipynb"
    nbformat.write(completed("zh", NAME, WRONG.answers), file)
    code, said = run(capsys, "check", NAME, "--file", file, "--language", "zh", "--seed", "1")
    assert code == 0
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert "总分 21 / 36" in lines
    assert "由教师评分" in said


def test_what_is_not_written_yet_takes_one_line(capsys) -> None:
    _, said = run(capsys, "check", NAME, "--file", release_file("en", NAME))
    assert said.count("still to be written") == 7
    assert "look at" not in said
    assert "0 / 36" in said


def test_check_says_what_it_repaired(capsys, tmp_path: Path) -> None:
    notebook = completed("en", NAME)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "sgd-checks"]
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    _, said = run(capsys, "check", NAME, "--file", tmp_path / "mine.ipynb")
    assert "! sgd-checks: the checks were missing; they were put back." in said
    assert "36 / 36" in said


def test_work_in_exercises_is_repaired_against_the_release_not_against_itself(
    tmp_path: Path, monkeypatch
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
    work: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("lr_grading.marking.solution_file", lambda *_: tmp_path / "none.ipynb")
    marks = mark(work, NAME, "en")
    assert not marks.hidden
    assert (marks.earned, marks.points) == (1 + 2 + 3 + 1 + 2 + 1, 15)


def test_a_fresh_copy_loses_no_work(capsys, tmp_path: Path, monkeypatch) -> None:
    mine = tmp_path / NAME / f"{NAME}.ipynb"
    mine.parent.mkdir()
    mine.write_text("my work")
    monkeypatch.setattr(command_line, "release_file", lambda *_: mine)
    code, said = run(capsys, "fresh", NAME)
    assert code == 0
    assert read(mine) == read(release_file("en", NAME))
    (kept,) = mine.parent.glob("*.saved.ipynb")
    assert kept.read_text() == "my work"
    assert kept.name in said


def test_preflight_says_whether_a_file_can_be_marked(capsys, tmp_path: Path) -> None:
    good, bad = tmp_path / f"{NAME}.ipynb", tmp_path / "ohm.ipynb"
    nbformat.write(completed("en", NAME), good)
    bad.write_text("")
    assert run(capsys, "preflight", good) == (0, "Nothing had to be repaired.\n")
    code, said = run(capsys, "preflight", bad)
    assert code == 1
    assert "The notebook is empty" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", NAME, "--file", "nowhere.ipynb"], "there is no notebook nowhere.ipynb"),
        (["preflight", "essay.ipynb"], "essay.ipynb is not named as an assignment"),
        (["preflight", "ohm.ipynb"], "there is no file ohm.ipynb"),
    ],
)
def test_a_wrong_call_is_explained(capsys, tmp_path, monkeypatch, arguments, message) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run(capsys, *arguments)
    assert code == 2
    assert message in said


def test_an_unknown_assignment_is_answered_with_those_that_there_are(capsys) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["check", "algebra"])
    error = capsys.readouterr().err
    assert "algebra" in error
    assert "second-derivatives" in error


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
    code, said = run(capsys, "autograde", NAME, "--language", "zh")
    assert code == 2
    assert f"nothing was handed in of {NAME}" in said


def test_progress_is_one_line_that_goes_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command_line._progress() is None, "nobody watches"
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    show = command_line._progress()
    assert show is not None
    for done in range(2):
        show(done, 2)
    assert capsys.readouterr().err == "  1 / 2\r  2 / 2\r\033[K"
