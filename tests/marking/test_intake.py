"""What is handed in is taken in as plain files, before anything reads it."""

import os
from pathlib import Path

import pytest

from lr_grading.intake import SECRET, TIMESTAMP, accept
from lr_grading.report import one_line

NAME = "ohm"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "submitted" / "ada" / NAME
    made.mkdir(parents=True)
    return made


def accepted(folder: Path, tmp_path: Path) -> list[str]:
    return accept(folder, NAME, tmp_path / "set-aside", "en")


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
