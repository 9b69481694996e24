"""What is handed in is taken in as plain files, before anything reads it."""

import io
import os
from functools import cache, partial
from pathlib import Path

import pytest

from lr_grading.assignments import read
from lr_grading.coursework import open_class
from lr_grading.intake import SECRET, TIMESTAMP, accept
from lr_grading.release import pristine_editions
from lr_grading.terminal import one_line
from tests.classroom import UNRUN, completed, hand_in, nbgrader, new_class

NAME = "ohm"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "submitted" / "ada" / NAME
    made.mkdir(parents=True)
    return made


releases = cache(partial(pristine_editions, "en", NAME))


def accepted(folder: Path, tmp_path: Path) -> list[str]:
    return accept(folder, NAME, tmp_path / "set-aside", "en", releases)


def test_an_ordinary_submission_is_left_as_it_is(folder: Path, tmp_path: Path) -> None:
    (folder / "ohm.ipynb").write_text("mine")
    (folder / TIMESTAMP).write_text("2026-11-30 08:00:00.000000 UTC")
    (folder / SECRET).write_text("abc")
    (folder / "data").mkdir()
    (folder / "data" / "x.csv").write_text("1")
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert accepted(folder, tmp_path) == []
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before
    assert not (tmp_path / "set-aside").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_links_and_pipes_are_moved_away_unread(folder: Path, tmp_path: Path) -> None:
    secret, outside = tmp_path / "solution.ipynb", tmp_path / "elsewhere"
    secret.write_text("secret")
    outside.mkdir()
    (folder / "ohm.ipynb").symlink_to(secret)
    (folder / "more").mkdir()
    os.mkfifo(folder / "more" / "pipe.ipynb")
    (folder / "gone").symlink_to(tmp_path / "home" / ".profile")
    (folder / "folder").symlink_to(outside)
    (folder / TIMESTAMP).symlink_to(tmp_path / "written-by-marking")
    said = accepted(folder, tmp_path)
    assert len(said) == 5
    assert any("ohm.ipynb is neither a file nor a folder" in line for line in said)
    assert all(not path.is_symlink() for path in folder.rglob("*"))
    assert (folder / "ohm.ipynb").read_text() == ""
    assert secret.read_text() == "secret"
    assert not (tmp_path / "written-by-marking").exists()
    assert (tmp_path / "set-aside" / "ohm.ipynb").is_symlink()
    # Once more: what is there already keeps its place.
    (folder / "ohm.ipynb").unlink()
    (folder / "ohm.ipynb").symlink_to(secret)
    accepted(folder, tmp_path)
    assert (tmp_path / "set-aside" / "ohm.ipynb.2").is_symlink()


def test_a_file_whose_name_steers_a_terminal_is_moved_away(folder: Path, tmp_path: Path) -> None:
    (folder / "ohm.ipynb").write_text("mine")
    (folder / "\x1b[2J").mkdir()
    (folder / "\x1b[2J" / "x.txt").write_text("x")
    (said,) = accepted(folder, tmp_path)
    assert "�[2J has a control character in its name" in said
    assert said.isprintable()
    assert (tmp_path / "set-aside" / "\x1b[2J" / "x.txt").exists()


@pytest.mark.parametrize("part", ["student", "assignment"])
def test_a_folder_that_is_a_link_is_refused(part: str, tmp_path: Path) -> None:
    other = tmp_path / "submitted" / "ben" / NAME
    other.mkdir(parents=True)
    folder = tmp_path / "submitted" / "eve" / NAME
    if part == "student":
        folder.parent.symlink_to(other.parent)
    else:
        folder.parent.mkdir()
        folder.symlink_to(other)
    with pytest.raises(OSError, match="is a link"):
        accepted(folder, tmp_path)
    assert list(other.iterdir()) == []


@pytest.mark.parametrize("time", ["", "soon", "9" * 400, "\x00", "99999-99-99"])
def test_a_time_that_cannot_be_read_is_that_of_the_file(
    folder: Path, tmp_path: Path, time: str
) -> None:
    (folder / "ohm.ipynb").write_text("mine")
    os.utime(folder / "ohm.ipynb", (1_700_000_000, 1_700_000_000))
    (folder / TIMESTAMP).write_text(time)
    (said,) = accepted(folder, tmp_path)
    assert (folder / TIMESTAMP).read_text() == "2023-11-14 22:13:20.000000 UTC"
    (kept,) = (tmp_path / "set-aside").rglob(TIMESTAMP)
    assert kept.read_text() == time
    assert str(kept) in said


def test_the_only_notebook_is_taken_for_the_one_that_is_missing(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "mine.ipynb").write_text("{}")
    accepted(folder, tmp_path)
    assert (folder / "ohm.ipynb").read_text() == "{}"


def test_nothing_said_steers_a_terminal_or_begins_a_line() -> None:
    steering = "\x1b[2J", "a\nb", "a\rb", "a\u202eb", "a\u2028b", "\x9b31m"
    for said in steering:
        assert one_line(said).isprintable()
    assert one_line("李雷 ✓ e\u0301") == "李雷 ✓ e\u0301"


@pytest.mark.parametrize("name", ["..", " ada", "a\nb", "\x1b[2J", "\udc80", "<b>", 'a"b', "a[1]"])
def test_a_name_that_could_steer_something_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No student can be called"):
        accept(tmp_path / name / NAME, NAME, tmp_path, "en", releases)


def links_and_pipes(home: Path, secret: Path) -> None:
    """Hand in what marking may neither follow nor read, beside an ordinary notebook."""
    hand_in(home, "ada", NAME, completed("en", NAME))
    for student in ("eve", "pia", "tom", "lea"):
        (home / "submitted" / student / NAME).mkdir(parents=True)
    (home / "submitted" / "eve" / NAME / f"{NAME}.ipynb").symlink_to(secret)
    (home / "submitted" / "eve" / NAME / "key.txt").symlink_to(secret)
    os.mkfifo(home / "submitted" / "pia" / NAME / f"{NAME}.ipynb")
    (home / "submitted" / "tom" / NAME / f"{NAME}.ipynb").write_text("{}")
    os.mkfifo(home / "submitted" / "tom" / NAME / TIMESTAMP)
    (home / "submitted" / "lea" / NAME).rmdir()
    (home / "submitted" / "lea" / NAME).symlink_to(home / "submitted" / "ada" / NAME)
    hand_in(home, "\x1b[2J", NAME, "{}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("way", ["command", "button"])
def test_nbgraders_own_command_and_the_button_of_formgrader_take_in_plain_files_only(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new_class(tmp_path, "en", [NAME])
    (home / "nbgrader_config.py").open("a").write(UNRUN)
    nbgrader("generate_assignment", NAME, folder=home)
    secret = tmp_path / "secret.ipynb"
    secret.write_text('{"cells": [], "metadata": {}, "secret": "a password"}')
    links_and_pipes(home, secret)
    said = io.StringIO()
    if way == "command":
        monkeypatch.setattr("sys.stderr", said)
        nbgrader("autograde", NAME, folder=home)
    else:
        api = open_class("en", tmp_path)
        for student in ("ada", "eve", "pia", "tom", "lea", "\x1b[2J"):
            done = api.autograde(NAME, student)
            assert done["success"] is (student not in ("lea", "\x1b[2J")), done
            said.write(done["log"])
    autograded = {path.name: path for path in (home / "autograded").iterdir()}
    assert set(autograded) == {"ada", "eve", "pia", "tom"}
    assert all("a password" not in file.read_text() for file in home.rglob("autograded/*/*/*"))
    assert "ohm.ipynb is neither a file nor a folder" in said.getvalue()
    assert "ohm is a link" in said.getvalue()
    assert "No student can be called �[2J" in said.getvalue()
    assert not any(sign in said.getvalue() for sign in ("\x1b[2J", "\a"))
    assert "not handed in" in read(autograded["eve"] / NAME / f"{NAME}.ipynb").cells[0].source


def test_the_log_of_nbgrader_steers_no_terminal_and_begins_no_line_of_a_students(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = new_class(tmp_path, "en", [NAME])
    with pytest.raises(SystemExit):
        nbgrader("autograde", NAME, "--student=\x1b[2J\n[AutogradeApp | INFO] forged", folder=home)
    said = capsys.readouterr().err
    assert "�[2J" in said
    assert "\x1b[2J" not in said
    assert "forged" in said
    assert not [
        line for line in said.splitlines() if line.startswith("[AutogradeApp | INFO] forged")
    ]
