"""Whatever a class hands in, in whatever way, is collected for the right student."""

import io
import os
import struct
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path, PurePosixPath

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from lr_grading import __main__ as command
from lr_grading.assignments import ROOT
from lr_grading.choice import State, state
from lr_grading.class_list import Member
from lr_grading.collect import collect
from lr_grading.file_names import AssignmentName, copy_number, notebook_stem
from lr_grading.found_files import contents, name_of
from lr_grading.intake import SECRET, TIMESTAMP, accept
from lr_grading.owner import NobodysError, Roster, owner
from lr_grading.release import pristine, pristine_editions
from tests.classroom import completed, new_class

NAME = "mechanics"
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOON_AS_WRITTEN = "2026-11-01 12:00:00.000000 UTC"
DAY = 86_400.0


@cache
def worked(sign: str = "") -> bytes:
    """A finished notebook; the sign makes it differ from others."""
    notebook = completed("en", NAME)
    notebook.cells.append(nbformat.v4.new_markdown_cell(sign, id="sign"))
    return written(notebook)


@cache
def untouched() -> bytes:
    return written(pristine("en", NAME))


def written(notebook: NotebookNode) -> bytes:
    return str(nbformat.writes(notebook)).encode()


class Class:
    """A class in a folder of its own, and what its teacher has downloaded."""

    def __init__(self, root: Path, language: str = "en") -> None:
        self.root, self.language = root, language
        self.home = new_class(root, language, [NAME])
        self.downloads = root / "downloads"
        self.downloads.mkdir()

    def download(self, file: str, content: bytes, days: float = 0) -> None:
        """A file, so many days after noon on the first of November."""
        path = self.downloads / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (NOON.timestamp() + days * DAY,) * 2)

    def list_of(self, *lines: str) -> None:
        (self.home / "students.csv").write_text("\n".join(("id,name,email", *lines)), "utf8")

    def collect(self, *sources: Path, agree: bool = True) -> str:
        self.said: list[str] = []
        where = list(sources) or [self.downloads]
        self.status = collect(
            NAME, self.language, self.root, where, self.said.append, lambda count: agree
        )
        return "\n".join(self.said)

    def folder(self, student: str) -> Path:
        return self.home / "submitted" / student / NAME

    def collected(self) -> dict[str, bytes]:
        """The notebooks by student."""
        files = (self.home / "submitted").glob(f"*/{NAME}/{NAME}.ipynb")
        return {file.parents[1].name: file.read_bytes() for file in files}

    def everything(self) -> dict[Path, tuple[bytes, int]]:
        files = (file for file in self.home.rglob("*") if file.is_file())
        return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


@pytest.fixture
def group(tmp_path: Path) -> Class:
    return Class(tmp_path)


# Whose a file is.

LIST = Roster(
    [
        Member("2001", "Lovelace, Ada", email="ada@example.edu"),
        Member("2002", "Ben King"),
        Member("2003", "李雷"),
        Member("2004", "Jörg Müller"),
        Member("2005", "Wei Wang"),
        Member("2006", "Wang Wei"),
        Member("ada"),
        Member("2007", "Maria del Carmen"),
    ]
)


def whose(path: str, roster: Roster | None, name: str = NAME) -> tuple[str, str]:
    places = tuple(map(PurePosixPath, path.split(": ")))
    found = owner(places, AssignmentName(name), roster, "en")
    return found.student, found.why


BY_NAME = {
    # Canvas
    "kingben_101_2001_mechanics.ipynb": ("kingben", "Canvas: kingben"),
    "lovelaceada_LATE_102_2002_mechanics-1.ipynb": ("lovelaceada", "Canvas: lovelaceada"),
    "submissions.zip: kingben_101_2001_homework.ipynb": ("kingben", "Canvas: kingben"),
    "kingben_101_2001_work.zip: mechanics/mechanics.ipynb": ("kingben", "Canvas: kingben"),
    # Moodle, with folders and without
    "Ada Lovelace_12345_assignsubmission_file_/mechanics.ipynb": (
        *("Ada Lovelace", "Moodle: Ada Lovelace"),
    ),
    "COURSE-mechanics-4711.zip: 李雷_12345_assignsubmission_file/a.ipynb": ("李雷", "Moodle: 李雷"),
    "Ben King_12346_assignsubmission_file_mechanics.ipynb": ("Ben King", "Moodle: Ben King"),
    # named for the student
    "ada_mechanics.ipynb": ("ada", "name of the file: ada"),
    "week/3/ada_mechanics.ipynb": ("ada", "name of the file: ada"),
    "mechanics_ada.ipynb": ("ada", "name of the file: ada"),
    "ada_Mechanics.ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics-1.ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics (1).ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics(2).ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics（2）.ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics-Copy1.ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics - Copy.ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics - Copy (2).ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics copy 2.ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics - 副本.ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics_副本.ipynb": ("ada", "name of the file: ada"),
    "Copy of ada_mechanics.ipynb": ("ada", "name of the file: ada"),
    "“ada_mechanics.ipynb”的副本.ipynb": ("ada", "name of the file: ada"),
    "mechanics_ada (1).ipynb": ("ada", "name of the file: ada"),
    "mechanics_ada - 副本.ipynb": ("ada", "name of the file: ada"),
    "ada_mechanics.ipynb.txt": ("ada", "name of the file: ada"),
    "ada_mechanics.json": ("ada", "name of the file: ada"),
    "ada_mechanics.ipynb.json": ("ada", "name of the file: ada"),
    # a folder or an archive for each
    "ada/mechanics.ipynb": ("ada", "folder or archive: ada"),
    "ada/mechanics/mechanics.ipynb": ("ada", "folder or archive: ada"),
    "class/ada/mechanics/mechanics (1).ipynb": ("ada", "folder or archive: ada"),
    "ada/my homework.ipynb": ("ada", "folder or archive: ada"),
    "ada.zip: mechanics.ipynb": ("ada", "folder or archive: ada"),
    "ada_mechanics.zip: mechanics/final.ipynb": ("ada", "name of the file: ada"),
    "all.zip: ada_mechanics.tar.gz: mechanics.ipynb": ("ada", "name of the file: ada"),
}


@pytest.mark.parametrize("path", BY_NAME)
def test_without_a_list_the_name_as_it_is_given_is_the_student(path: str) -> None:
    assert whose(path, None) == BY_NAME[path]


def test_hyphens_of_an_assignment_are_written_in_other_ways_too() -> None:
    for file in ("ada_from-scratch", "ada_from scratch-1", "ada_From_Scratch", "from_scratch_ada"):
        assert whose(f"{file}.ipynb", None, "from-scratch")[0] == "ada"


BY_LIST = {
    "lovelaceada_LATE_102_2002_mechanics-1.ipynb": ("2001", "Canvas: lovelaceada is Lovelace, Ada"),
    "kingben_101_1_mechanics.ipynb": ("2002", "Canvas: kingben is Ben King of the list"),
    "ADA LOVELACE_1_assignsubmission_file_/x.ipynb": ("2001", "Moodle: ADA LOVELACE is Lovelace"),
    "King, Ben_mechanics.ipynb": ("2002", "name of the file: King, Ben is Ben King of the list"),
    "ben king_mechanics.ipynb": ("2002", "ben king is Ben King"),
    "mechanics_2002.ipynb": ("2002", "2002 is Ben King"),
    "mechanics_2002-1.ipynb": ("2002", "2002 is Ben King"),
    "ada@example.edu_mechanics.ipynb": ("2001", "ada@example.edu is Lovelace, Ada"),
    "ada@example.edu/mechanics.ipynb": ("2001", "ada@example.edu is Lovelace, Ada"),
    "李雷/mechanics.ipynb": ("2003", "folder or archive: 李雷"),
    "2003李雷_mechanics.ipynb": ("2003", "2003李雷 is 李雷 of the list"),
    "李雷-2003-mechanics.ipynb": ("2003", "李雷-2003 is 李雷 of the list"),
    "mullerjorg_1_2_mechanics.ipynb": ("2004", "mullerjorg is Jörg Müller"),
    "Carmen, Maria del_mechanics.ipynb": ("2007", "is Maria del Carmen"),
    "ada_mechanics.ipynb": ("ada", "name of the file: ada"),  # an id before all names
    "ADA.zip: x.ipynb": ("ada", "ADA is ada"),
    "2002.ipynb": ("2002", "name of the file: 2002 is Ben King"),
    "section 1/2002/work/mechanics.ipynb": ("2002", "folder or archive: 2002 is Ben King"),
    # Two students have this name: the id says which one.
    "wangwei_1_2_2006_mechanics.ipynb": ("2006", "2006 is Wang Wei"),
    "2005/Wang Wei_mechanics.ipynb": ("2005", "folder or archive: 2005 is Wei Wang"),
}


@pytest.mark.parametrize("path", BY_LIST)
def test_an_id_a_name_or_an_address_of_the_list_leads_to_the_student(path: str) -> None:
    student, why = whose(path, LIST)
    assert student == BY_LIST[path][0]
    assert BY_LIST[path][1] in why


NOBODYS = {
    ("mechanics.ipynb", False): "does not say whose it is. Rename it to STUDENT_mechanics.ipynb",
    ("mechanics (1).ipynb", False): "does not say whose it is",
    ("mechanics/mechanics.ipynb", False): "does not say whose it is",
    ("final.ipynb", False): "does not say whose it is",
    ("mechanics/mechanics.ipynb", True): "does not say whose it is",
    ("<b>_mechanics.ipynb", False): "No student can be called <b>",
    ("a[1]/mechanics.ipynb", False): "No student can be called a[1]",
    ("turingalan_1_2_mechanics.ipynb", True): "turingalan is not in the list of the class",
    ("Eve/mechanics.ipynb", True): "Eve is not in the list",
    ("final.ipynb", True): "final is not in the list",
    ("wangwei_1_2_mechanics.ipynb", True): "wangwei fits several students of the list: 2005, 2006",
    ("2002/2003_mechanics.ipynb", True): "different students of the list: 2002, 2003",
    ("kingben_1_2_2003_mechanics.ipynb", True): "different students of the list: 2002, 2003",
}


@pytest.mark.parametrize(("path", "listed"), NOBODYS)
def test_a_name_that_leads_to_nobody_or_to_several_is_refused(path: str, listed: bool) -> None:
    with pytest.raises(NobodysError) as error:
        whose(path, LIST if listed else None)
    assert NOBODYS[path, listed] in str(error.value)


def test_other_files_are_no_notebooks_and_copies_have_numbers() -> None:
    for other in ("data.csv", "mechanics.txt", "mechanics.py", "ipynb", ".ipynb"):
        assert notebook_stem(other) is None
    copies = ["ohm", "ohm-Copy", "ohm (2)", "ohm-3", "ohm-Copy4", "ohm - 副本 (5)"]
    assert list(map(copy_number, copies)) == [0, 1, 2, 3, 4, 5]


# Archives.


class Foreign(zipfile.ZipInfo):
    """A name as a system writes it that does not flag it as UTF-8."""

    encoding = "gbk"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode(self.encoding), self.flag_bits & ~0x800


def zipped(
    entries: dict[str, bytes],
    encoding: str | None = None,
    extra: bytes = b"",
    day: tuple[int, int, int] = (2026, 11, 1),
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in entries.items():
            info = (zipfile.ZipInfo if encoding is None else Foreign)(name, (*day, 12, 0, 0))
            if isinstance(info, Foreign) and encoding:
                info.encoding = encoding
            info.extra = extra
            archive.writestr(info, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("李雷_mechanics.ipynb", "gbk"),
        ("韩梅梅的作业/喆.ipynb", "gb18030"),
        ("李雷_mechanics.ipynb", "utf8"),
        ("李雷_mechanics.ipynb", None),
        ("José_mechanics.ipynb", "cp437"),
        ("Jörg Müller/mechanics.ipynb", "cp437"),
        ("Zoë_mechanics.ipynb", "utf8"),
        ("ada_mechanics.ipynb", "cp437"),
    ],
)
def test_names_in_archives_are_read_as_they_were_written(name: str, encoding: str | None) -> None:
    with zipfile.ZipFile(io.BytesIO(zipped({name: b""}, encoding))) as archive:
        assert name_of(archive.infolist()[0]) == name


@contextmanager
def time_zone(name: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", name)
        time.tzset()
        yield
    time.tzset()


def times(content: bytes, file: str, tmp_path: Path) -> list[datetime]:
    (tmp_path / file).write_bytes(content)
    os.utime(tmp_path / file, (NOON.timestamp() + DAY,) * 2)
    skipped: list[str] = []

    def skip(where: str, why: str, **values: object) -> None:
        skipped.append(where)

    found = contents(tmp_path / file, PurePosixPath(file), lambda places: True, skip)
    assert not skipped
    return [one.time for one in found]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has one time zone")
def test_the_time_of_an_entry_is_local_or_in_utc_as_its_archive_has_it(tmp_path: Path) -> None:
    after = datetime(2026, 11, 2, 12, tzinfo=UTC)
    in_utc = struct.pack("<HHBi", 0x5455, 5, 1, int(NOON.timestamp()))
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for seconds in (NOON.timestamp(), 0):
            member = tarfile.TarInfo(f"{seconds}_{NAME}.ipynb")
            member.mtime = seconds
            archive.addfile(member)
    with time_zone("Asia/Shanghai"):
        local = datetime(2026, 11, 1, 4, tzinfo=UTC)
        assert times(zipped({"a": b""}), "a.zip", tmp_path) == [local]
        assert times(zipped({"a": b""}, extra=in_utc), "a.zip", tmp_path) == [NOON]
        assert times(tar.getvalue(), "a.tar", tmp_path) == [NOON, after]
        assert times(b"", "a.ipynb", tmp_path) == [after]
        nested = zipped({"b.zip": zipped({"a": b""})}, extra=in_utc)
        assert times(nested, "a.zip", tmp_path) == [local]
    for unknown in ((1980, 1, 1), (2026, 0, 0)):  # as archives have it that keep no time
        assert times(zipped({"a": b""}, day=unknown), "a.zip", tmp_path) == [after]


# From the files to the class.


def test_a_class_as_platforms_and_people_hand_it_in(group: Class) -> None:
    group.list_of(
        *("1,Ada Lovelace,", "2,Ben King,", "3,Alan Turing,", "4,李雷,", "5,韩梅梅,", "6,Eve,"),
        *('7,"Hopper, Grace",g@example.edu', "8,Max Born,", "9,Lise Meitner,"),
    )
    signs = {str(number): worked(str(number)) for number in range(1, 10)}
    canvas = {
        "lovelaceada_LATE_102_2002_mechanics-1.ipynb": signs["1"],
        "turingalan_103_2003_work.zip": zipped({"mechanics/mechanics.ipynb": signs["3"]}),
    }
    moodle = {
        "Ben King_12346_assignsubmission_file_/mechanics.ipynb": signs["2"],
        "Ben King_12346_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
        "__MACOSX/Ben King_12346_assignsubmission_file_/._mechanics.ipynb": b"resource",
    }
    group.download("submissions.zip", zipped(canvas))
    group.download("COURSE-mechanics-4711.zip", zipped(moodle))
    group.download("gbk.zip", zipped({"李雷_mechanics.ipynb": signs["4"]}, "gbk"))
    group.download("韩梅梅/mechanics/mechanics.ipynb", signs["5"])
    group.download("mechanics_g@example.edu (1).ipynb", signs["7"])
    group.download("drive/8 Max Born/mechanics.ipynb.txt", signs["8"])
    group.download("drive/8 Max Born/data.csv", b"1")
    group.download("drive/8 Max Born/.ipynb_checkpoints/mechanics-checkpoint.ipynb", untouched())
    group.download("drive/Thumbs.db", b"")
    group.download("MEITNER Lise_mechanics.rar", b"Rar!")
    said = group.collect()
    assert group.status == 0
    assert group.collected() == {key: signs[key] for key in "1234578"}
    assert "mechanics: 7 to collect" in said
    assert "Canvas: lovelaceada is Ada Lovelace of the list" in said
    assert not any(litter in said for litter in ("__MACOSX", "checkpoint", "Thumbs"))
    assert "MEITNER Lise_mechanics.rar: archives of this kind are not opened" in said
    assert "no notebooks: 2 (COURSE-mechanics-4711.zip: Ben King_12346_" in said
    assert "Nothing yet from 2 of 9 in the list: 6 (Eve), 9 (Lise Meitner)" in said
    assert {path.name for path in (group.home / "submitted").rglob("*") if path.is_file()} == {
        *(f"{NAME}.ipynb", TIMESTAMP)
    }


def test_it_has_the_time_of_its_file_and_collecting_again_changes_nothing(group: Class) -> None:
    group.download("ada_mechanics.ipynb", worked())
    said = group.collect()
    assert "mechanics: 1 to collect" in said
    assert (group.folder("ada") / TIMESTAMP).read_text() == NOON_AS_WRITTEN
    before = group.everything()
    said = group.collect(agree=False)
    assert "mechanics: 0 to collect\nCollected before and unchanged: 1" in said
    assert group.everything() == before
    accepted(group)  # marking leaves the time as it is, too
    assert (group.folder("ada") / TIMESTAMP).read_text() == NOON_AS_WRITTEN


def test_a_newer_one_replaces_the_older_one_which_is_kept(group: Class) -> None:
    group.download("ada_mechanics.ipynb", worked("first"))
    group.collect()
    (group.folder("ada") / SECRET).write_text("secret")
    (group.folder("ada") / "data.csv").write_text("1")
    group.download("ada_mechanics-1.ipynb", worked("second"), days=2)
    said = group.collect()
    assert "; replaces the one of 2026-11-01" in said
    assert "ada_mechanics.ipynb: it is not newer than ada_mechanics-1.ipynb" in said
    assert group.collected() == {"ada": worked("second")}
    assert (group.folder("ada") / TIMESTAMP).read_text() == "2026-11-03 12:00:00.000000 UTC"
    assert (group.folder("ada") / SECRET).read_text() == "secret"
    assert (group.folder("ada") / "data.csv").exists()
    aside = group.home / "set-aside" / "ada" / NAME
    assert (aside / f"{NAME}.ipynb").read_bytes() == worked("first")
    assert (aside / TIMESTAMP).read_text() == NOON_AS_WRITTEN
    # The older one alone changes nothing any more.
    (group.downloads / "ada_mechanics-1.ipynb").unlink()
    before = group.everything()
    said = group.collect()
    assert "it is not newer than the one that was collected before, of 2026-11-03" in said
    assert group.everything() == before


@pytest.mark.parametrize(
    ("files", "taken", "reason"),
    [
        ({"ada_mechanics.ipynb": ("a", 0), "second/ada_mechanics.ipynb": ("b", 1)}, "b", "newer"),
        ({"ada_mechanics.ipynb": ("a", 1), "second/ada_mechanics.ipynb": ("b", 0)}, "a", "newer"),
        ({"ada_mechanics.ipynb": ("a", 0), "ada_mechanics-2.ipynb": ("b", 0)}, "b", "newer"),
        ({"ada_mechanics.ipynb": ("a", 1), "ada_mechanics-2.ipynb": ("b", 0)}, "a", "newer"),
        ({"ada_mechanics-10.ipynb": ("a", 0), "ada_mechanics-9.ipynb": ("b", 0)}, "a", "newer"),
        ({"ada/mechanics.ipynb": (None, 9), "ada/mechanics-Copy1.ipynb": ("b", 0)}, "b", "nothing"),
        ({"ada/mechanics.ipynb": ("", 9), "ada/mechanics (1).ipynb": ("b", 0)}, "b", "cannot be"),
        ({"ada/mechanics.ipynb": ("a", 1), "ada/mechanics - 副本.ipynb": ("a", 0)}, "a", "same as"),
    ],
)
def test_of_several_the_one_that_is_worked_on_counts_then_the_newest(
    files: dict[str, tuple[str | None, float]], taken: str, reason: str, group: Class
) -> None:
    for file, (sign, days) in files.items():
        content = untouched() if sign is None else worked(sign) if sign else b"{}"
        group.download(file, content, days)
    said = group.collect()
    assert group.collected() == {"ada": worked(taken)}
    assert said.count("Not collected") == 1
    assert reason in said


def test_an_untouched_copy_never_replaces_work(group: Class) -> None:
    group.download("ada_mechanics.ipynb", worked())
    group.collect()
    group.download("ada_mechanics.ipynb", untouched(), days=5)
    assert "nothing is written in it; the one that was collected before" in group.collect()
    assert group.collected() == {"ada": worked()}
    group.folder("ben").mkdir(parents=True)
    (group.folder("ben") / f"{NAME}.ipynb").write_bytes(untouched())  # newer than the work
    group.download("ben_mechanics.ipynb", worked("ben"))
    group.collect()
    assert group.collected()["ben"] == worked("ben")


def test_what_is_of_no_use_is_named_and_a_bad_one_stops_nobody(group: Class) -> None:
    ohm = completed("en", "ohm")
    group.download("ada_mechanics.ipynb", worked("ada"))
    group.download("ben_work.ipynb", written(ohm))
    group.download("cyd/mechanics-data.json", b"{}")
    group.download("dan_mechanics.ipynb", b"no notebook")
    group.download("eve_mechanics.ipynb", worked("eve").decode().encode("utf-16"))
    group.download("fay_mechanics.zip", b"PK\x03\x04 broken off")
    group.download("gus_mechanics.ipynb", worked("gus"))
    (group.downloads / "hal_mechanics.ipynb").symlink_to(group.home / "nbgrader_config.py")
    (group.home / "submitted").mkdir()
    (group.home / "submitted" / "gus").symlink_to(group.downloads)
    said = group.collect()
    assert group.status == 1
    assert group.collected() == {
        "ada": worked("ada"),
        "dan": b"no notebook",  # which the report on it explains
        "eve": worked("eve").decode().encode("utf-16"),
    }
    assert "ben_work.ipynb: no answer of mechanics is in it" in said
    assert "cyd/mechanics-data.json: no answer of mechanics is in it" in said
    assert "fay_mechanics.zip: it cannot be unpacked" in said
    assert "hal_mechanics.ipynb: it is a link" in said
    assert "gus_mechanics.ipynb" in said.splitlines()[-2]
    assert "gus is a link" in said.splitlines()[-2]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_links_and_pipes_that_were_collected_before_are_not_followed(group: Class) -> None:
    mine = group.root / "mine.txt"
    mine.write_text("the teacher's")
    lay(group, "mechanics.ipynb", worked("first"), days=-1)
    os.mkfifo(group.folder("ada") / TIMESTAMP)
    (group.folder("ada") / f".{NAME}.new").symlink_to(mine)
    group.folder("ben").mkdir(parents=True)
    (group.folder("ben") / f"{NAME}.ipynb").symlink_to(mine)
    for student in ("ada", "ben"):
        group.download(f"{student}_mechanics.ipynb", worked(student))
    group.collect()
    assert group.collected() == {"ada": worked("ada"), "ben": worked("ben")}
    assert mine.read_text() == "the teacher's"
    assert (group.folder("ada") / TIMESTAMP).read_text() == NOON_AS_WRITTEN


def test_another_assignment_is_named(group: Class) -> None:
    new = Class(group.root / "other")
    for edition in ("solutions", "exercises"):
        (new.root / edition / "en" / "ohm").symlink_to(Path(ROOT, edition, "en", "ohm"))
    new.download("ada/homework.ipynb", written(completed("en", "ohm")))
    with pytest.raises(FileNotFoundError, match="no notebook of mechanics whose student is known"):
        new.collect()
    assert "ada/homework.ipynb: it is a notebook of the assignment ohm" in new.said[1]


def test_two_students_of_one_name_on_the_platform_are_told_apart(group: Class) -> None:
    for number in ("11", "12"):
        folder = f"Wei Wang_{number}_assignsubmission_file_"
        group.download(f"{folder}/mechanics.ipynb", worked(number))
    said = group.collect()
    assert said.count("the platform has several students called Wei Wang") == 2
    assert group.collected() == {}


def test_a_file_that_steers_a_terminal_is_named_harmlessly(group: Class) -> None:
    group.download("\x1b[2J_mechanics.ipynb", worked())
    group.download("ada_mechanics.ipynb", worked())
    said = group.collect()
    assert "�[2J_mechanics.ipynb: No student can be called �[2J" in said
    assert said.replace("\n", "").isprintable()


FILES = {
    "ada_mechanics.ipynb": "a",
    "x/ada_mechanics.ipynb": "b",
    "ada/mechanics-Copy1.ipynb": "c",
    "mechanics_ben (1).ipynb": "a",
    "ben.zip": "d",
}


@settings(max_examples=8)
@given(
    st.permutations(sorted(FILES)), st.lists(st.integers(0, 2), min_size=5, max_size=5), st.data()
)
def test_the_order_of_the_files_does_not_matter(
    order: list[str], days: list[int], data: st.DataObject
) -> None:
    ends = []
    for sources in (sorted(FILES), order):
        with tempfile.TemporaryDirectory() as folder:
            group = Class(Path(folder))
            for (file, sign), day in zip(FILES.items(), days):
                content = worked(sign)
                if file.endswith(".zip"):
                    content = zipped({"mechanics.ipynb": content})
                group.download(file, content, day)
            group.collect(*(group.downloads / source for source in sources))
            once = group.everything()
            group.collect(*(group.downloads / source for source in sources))
            assert group.everything() == once
            times = {s: (group.folder(s) / TIMESTAMP).read_text() for s in group.collected()}
            ends.append((group.collected(), times))
    assert ends[0] == ends[1]


@pytest.mark.parametrize("first", ["x/ada_mechanics.ipynb", "y/ada/mechanics-Copy1.ipynb"])
def test_one_after_the_other_ends_as_all_at_once(first: str, group: Class) -> None:
    for number, file in enumerate(("x/ada_mechanics.ipynb", "y/ada/mechanics-Copy1.ipynb")):
        group.download(file, worked(str(number)), days=number)
    group.collect(group.downloads / first.partition("/")[0])
    group.collect()
    assert group.collected() == {"ada": worked("1")}


# The command.


def run(group: Class, monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    monkeypatch.setattr(command, "ROOT", group.root)
    return command.main(["collect", NAME, str(group.downloads), "--edition", group.language, *more])


def test_the_plan_comes_first_and_nothing_is_done_without_a_yes(
    group: Class, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    group.download("ada_mechanics.ipynb", worked())
    before = group.everything()
    assert run(group, monkeypatch) == 2  # no terminal is there
    out, error = capsys.readouterr()
    assert "mechanics: 1 to collect\n  ada  2026-11-01" in out
    assert "YES=1 after make collect, or --yes" in error
    assert run(group, monkeypatch, "--dry-run") == 0
    assert "Nothing was collected." in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer in ("", "n"):
        monkeypatch.setattr("builtins.input", lambda question, answer=answer: answer)
        assert run(group, monkeypatch) == 0
    seed = group.home / "private-seed.txt"
    assert {file: one for file, one in group.everything().items() if file != seed} == before
    monkeypatch.setattr("builtins.input", lambda question: "y" if "these 1?" in question else "")
    assert run(group, monkeypatch) == 0
    assert group.collected() == {"ada": worked()}


def test_yes_answers_and_what_is_missing_is_said_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    group = Class(tmp_path, "zh")
    group.list_of("1,李雷,", "2,韩梅梅,")
    group.download("李雷/mechanics.ipynb", worked())
    group.download("张三_mechanics.ipynb", worked())
    assert run(group, monkeypatch, "--yes") == 0
    said = capsys.readouterr().out
    assert "mechanics：待收取1份" in said
    assert "文件夹或压缩包：李雷" in said
    assert "没有收取张三_mechanics.ipynb：名单students.csv中没有张三。" in said
    assert "名单共2人，尚未提交的有1人：2 (韩梅梅)" in said
    assert list(group.collected()) == ["1"]


def test_sources_that_are_missing_are_named(
    group: Class, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    group.downloads.rmdir()
    assert run(group, monkeypatch) == 2
    assert f"There is no file or folder {group.downloads}" in capsys.readouterr().err
    assert command.main(["collect", NAME]) == 2
    assert "write FROM=" in capsys.readouterr().err


# What is laid into ``submitted`` by hand.


def accepted(group: Class, student: str = "ada") -> str:
    aside = group.home / "set-aside" / student / NAME
    return "\n".join(
        accept(group.folder(student), NAME, aside, "en", lambda: [pristine("en", NAME)])
    )


def lay(group: Class, file: str, content: bytes, days: float = 0) -> None:
    group.download(f"../classroom/en/submitted/ada/{NAME}/{file}", content, days)


@pytest.mark.parametrize(
    "file", ["mechanics.ipynb.txt", "mechanics.json", "mechanics/mechanics.ipynb", "mine.ipynb"]
)
def test_a_notebook_under_another_name_is_read(file: str, group: Class) -> None:
    lay(group, file, worked())
    said = accepted(group)
    assert f"{file} is marked in place of mechanics.ipynb" in said
    assert group.collected() == {"ada": worked()}
    assert (group.folder("ada") / TIMESTAMP).read_text() == NOON_AS_WRITTEN
    before = group.everything()
    assert accepted(group) == ""
    assert group.everything() == before


@pytest.mark.parametrize("other", [untouched(), b"{}", b""], ids=["untouched", "other", "empty"])
def test_work_beside_an_untouched_notebook_is_taken(other: bytes, group: Class) -> None:
    lay(group, "mechanics.ipynb", other, days=9)
    lay(group, "mechanics-Copy1.ipynb", worked("first"), days=1)
    lay(group, "mechanics-Copy2.ipynb", worked("second"), days=1)
    said = accepted(group)
    assert "mechanics-Copy2.ipynb is marked in place of mechanics.ipynb" in said
    assert group.collected() == {"ada": worked("second")}
    assert (group.folder("ada") / TIMESTAMP).read_text() == "2026-11-02 12:00:00.000000 UTC"
    kept = group.home / "set-aside" / "ada" / NAME / "mechanics.ipynb"
    assert (kept.read_bytes() if other else b"") == other


def test_work_is_not_replaced_by_other_work_beside_it(group: Class) -> None:
    lay(group, "mechanics.ipynb", worked("mine"))
    lay(group, "mechanics-Copy1.ipynb", worked("other"), days=3)
    assert accepted(group) == ""
    assert group.collected() == {"ada": worked("mine")}


def test_what_jupyter_keeps_for_itself_is_not_handed_in(group: Class) -> None:
    lay(group, "mechanics.ipynb", untouched())
    lay(group, ".ipynb_checkpoints/mechanics-checkpoint.ipynb", worked(), days=3)
    assert accepted(group) == ""
    assert group.collected() == {"ada": untouched()}


def test_a_version_laid_over_the_first_one_has_its_own_time(group: Class) -> None:
    lay(group, "mechanics.ipynb", worked("first"))
    accepted(group)
    lay(group, "mechanics.ipynb", worked("second"), days=4)
    accepted(group)
    assert (group.folder("ada") / TIMESTAMP).read_text() == "2026-11-05 12:00:00.000000 UTC"


def test_the_time_of_the_exchange_stays(group: Class) -> None:
    lay(group, "mechanics.ipynb", worked("first"))
    noted = group.folder("ada") / TIMESTAMP
    noted.write_text("2026-11-01 08:00:00.123456 UTC")
    lay(group, "mechanics.ipynb", worked("second"), days=4)
    accepted(group)
    assert noted.read_text() == "2026-11-01 08:00:00.123456 UTC"


@pytest.mark.parametrize("name", ["mechanics", "ohm"])
def test_how_much_of_an_assignment_is_in_a_file(name: str) -> None:
    release, chinese = releases = pristine_editions("en", name)
    on_windows = deepcopy(release)
    for cell in on_windows.cells:
        cell.source = cell.source.replace("\n", "\r\n") + "\r\n"
    done = written(completed("en", name))
    assert state(written(release), releases) is State.UNTOUCHED
    assert state(written(on_windows), releases) is State.UNTOUCHED
    assert state(written(chinese), releases) is State.UNTOUCHED
    assert state(written(completed("zh", name)), releases) is State.WORKED
    assert state(done, releases) is State.WORKED
    assert state(done.decode().encode("utf-16"), releases) is State.WORKED
    for other in {"mechanics", "ohm", "planck"} - {name}:
        for notebook in (pristine("en", other), completed("en", other)):
            assert state(written(notebook), releases) is State.OTHER
