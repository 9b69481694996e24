"""What a teacher has downloaded is collected file by file, whatever one of them is."""

import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from lr_grading import found_files
from lr_grading.limits import ARCHIVE_DEPTH
from tests.classroom import nbgrader, new_class

NAME = "ohm"
MINE = '{"cells": [], "whose": "%s"}'


def zipped(members: dict[str, str | bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_link(name: str, to: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo(name)
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, to)
    return made.getvalue()


def tarred(members: dict[str, str], links: dict[str, str], mode: str = "w:gz") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content.encode()))
        for name, to in links.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, to
            archive.addfile(member)
    return made.getvalue()


def mine(student: str) -> str:
    return MINE % student


DOWNLOADED: dict[str, bytes] = {
    f"ada_{NAME}.ipynb": mine("ada").encode(),
    f"李雷_{NAME}.ipynb": mine("李雷").encode(),
    f"=1+1_{NAME}.ipynb": mine("=1+1").encode(),
    f"a[1]_{NAME}.ipynb": mine("a[1]").encode(),
    f"*_{NAME}.ipynb": mine("*").encode(),
    f"bob_{NAME}.zip": zipped(
        {
            f"work/{NAME}.ipynb": mine("bob"),
            f"ada_{NAME}.ipynb": "in place of Ada's",
            f"cyd_{NAME}.ipynb": "in place of Cyd's",
            f"__MACOSX/._{NAME}.ipynb": "litter",
            f".ipynb_checkpoints/{NAME}.ipynb": "litter",
        }
    ),
    f"cyd_{NAME}.tar.gz": tarred({f"cyd_{NAME}.ipynb": mine("cyd")}, {"data.csv": "/etc/passwd"}),
    f"dan_{NAME}.tar.xz": tarred({f"{NAME}.ipynb": mine("dan")}, {}, "w:xz"),
    "all.zip": zipped(
        {
            f"eve_{NAME}.ipynb": mine("eve"),
            "..": "up",
            f"../../../out_{NAME}.ipynb": "out",
            f"/abs_{NAME}.ipynb": "absolute",
            f"..\\win_{NAME}.ipynb": "out",
            f"cyd_{NAME}.ipynb": "in place of Cyd's",
            "nobody.ipynb": "whose?",
            f"fay_{NAME}.zip": zipped({f"{NAME}.ipynb": mine("fay")}),
            f"gus_{NAME}.zip": b"no archive",
        }
    ),
    f"hal_{NAME}.zip": with_link(f"{NAME}.ipynb", "../../../private-seed.txt"),
    f"ivy_{NAME}.tar": tarred({}, {f"ivy_{NAME}.ipynb": "/etc/passwd"}, "w"),
    "damaged.zip": zipped(
        {f"kim_{NAME}.ipynb": "as it was", f"max_{NAME}.ipynb": mine("max")}, zipfile.ZIP_STORED
    ).replace(b"as it was", b"as it is "),
    f"joe_{NAME}.zip": b"PK\x03\x04 broken off",
    f".._{NAME}.ipynb": b"out of the folder",
    f"_{NAME}.ipynb": b"nobody",
    f"a\nb_{NAME}.ipynb": b"two lines",
    f"\x1b[2J_{NAME}.ipynb": b"clears the screen",
    "<b>_ohm.ipynb": b"a tag",
    "big.zip": zipped({f"big{number}_{NAME}.ipynb": bytes(300_000) for number in range(9)}),
    "big.tar.gz": tarred({"a.bin": "\0" * 5_000_000, f"lou_{NAME}.ipynb": "after it"}, {}),
}  # fmt: skip
COLLECTED = {"ada", "李雷", "=1+1", "*", "bob", "cyd", "dan", "eve", "fay", "max"}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The home of a class after collecting, and what was said."""
    root = tmp_path_factory.mktemp("course")
    home = new_class(root, "en", [NAME])
    archive = home / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    for name, content in DOWNLOADED.items():
        (archive / name).write_bytes(content)
    (archive / f"link_{NAME}.ipynb").symlink_to(home / "nbgrader_config.py")
    os.mkfifo(archive / f"pipe_{NAME}.ipynb")
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found_files, "ARCHIVE_MEGABYTES", 1)
        patch.setattr("sys.stderr", said)
        nbgrader("zip_collect", NAME, folder=home)
    return home, said.getvalue()


def test_the_good_ones_are_collected_each_for_its_student(collected: tuple[Path, str]) -> None:
    home, said = collected
    found = {path.name for path in (home / "submitted").iterdir()}
    assert found - {"big0", "big1", "big2"} == COLLECTED, said
    for student in COLLECTED:
        notebook = home / "submitted" / student / NAME / f"{NAME}.ipynb"
        assert notebook.read_text("utf8") == mine(student)


@pytest.mark.parametrize(
    "reason",
    [
        "bob_ohm.zip: ada_ohm.ipynb: it is named for another student than bob",
        "bob_ohm.zip: cyd_ohm.ipynb: it is named for another student than bob",
        "cyd_ohm.tar.gz: data.csv: it is a link",
        "all.zip: ..: it is a link or a pipe, or its path leads out",
        "all.zip: ../../../out_ohm.ipynb: it is a link or a pipe, or its path leads out",
        "all.zip: /abs_ohm.ipynb: it is a link or a pipe, or its path leads out",
        r"all.zip: ..\win_ohm.ipynb: it is a link or a pipe, or its path leads out",
        "all.zip: cyd_ohm.ipynb: there is another notebook of cyd",
        "all.zip: nobody.ipynb: its name does not say whose it is; expected STUDENT_ohm.ipynb",
        "all.zip: gus_ohm.zip: it cannot be unpacked",
        "hal_ohm.zip: ohm.ipynb: it is a link",
        "ivy_ohm.tar: ivy_ohm.ipynb: it is a link",
        "damaged.zip: kim_ohm.ipynb: it cannot be unpacked",
        "joe_ohm.zip: it cannot be unpacked",
        ".._ohm.ipynb: No student can be called ..:",
        "Not collected: _ohm.ipynb: No student can be called",
        "a�b_ohm.ipynb: No student can be called a�b",
        "�[2J_ohm.ipynb: No student can be called",
        "a[1]_ohm.ipynb: No student can be called a[1]",
        "<b>_ohm.ipynb: No student can be called <b>",
        "big.zip: it unpacks to more than 1 MB",
        "big.tar.gz: it unpacks to more than 1 MB",
        "link_ohm.ipynb: it is a link",
        "pipe_ohm.ipynb: it is a link",
    ],
)
def test_each_of_the_others_is_named_with_the_reason(
    collected: tuple[Path, str], reason: str
) -> None:
    assert reason in collected[1]


def test_nothing_was_written_elsewhere_and_nothing_steers_the_terminal(
    collected: tuple[Path, str],
) -> None:
    home, said = collected
    outside = {path.name for path in home.rglob("*") if "downloaded" not in path.parts}
    assert not outside & {"out_ohm.ipynb", "win_ohm.ipynb", "abs_ohm.ipynb", "data.csv"}
    assert {path.name for path in home.iterdir()} <= {
        *("downloaded", "submitted", "nbgrader_config.py", "private-seed.txt", "gradebook.db")
    }
    assert "\x1b[2J" not in said


def test_nothing_is_unpacked_without_end(tmp_path: Path) -> None:
    home = new_class(tmp_path, "en", [NAME])
    archive = home / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    content = zipped({f"ada_{NAME}.ipynb": mine("ada")})
    for _ in range(ARCHIVE_DEPTH):
        content = zipped({"again.zip": content})
    (archive / "all.zip").write_bytes(content)
    (archive / f"ben_{NAME}.ipynb").write_text(mine("ben"))
    nbgrader("zip_collect", NAME, folder=home)
    assert {path.name for path in (home / "submitted").iterdir()} == {"ben"}


def test_from_the_exchange_no_link_and_no_pipe_is_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = new_class(tmp_path, "en", [NAME])
    key = tmp_path / "key"
    key.mkdir()
    (key / "id").write_text("secret")
    inbound = tmp_path / "classroom" / "exchange" / "linear-regression-en" / "inbound"
    time = "2026-11-30 08:00:00.000000 UTC"
    for student in ("ada", "eve"):
        (inbound / f"{student}+{NAME}+{time}+x").mkdir(parents=True)
        (inbound / f"{student}+{NAME}+{time}+x" / f"{NAME}.ipynb").write_text(mine(student))
    (inbound / f"max+{NAME}+{time}+x").symlink_to(key)
    handed_in = inbound / f"eve+{NAME}+{time}+x"
    (handed_in / "id").symlink_to(key / "id")
    (handed_in / "folder").symlink_to(key)
    os.mkfifo(handed_in / "pipe")
    nbgrader("collect", NAME, folder=home)
    said = capsys.readouterr().err
    collected = sorted(path for path in (home / "submitted").rglob("*") if not path.is_dir())
    assert [path.relative_to(home / "submitted").parts[0] for path in collected] == ["ada", "eve"]
    assert [path.read_text() for path in collected] == [mine("ada"), mine("eve")]
    assert [
        said.count(f"/{name}: it is a link or a pipe") for name in ("id", "folder", "pipe")
    ] == [*(1, 1, 1)]
