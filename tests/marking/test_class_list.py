"""The list of a class, as spreadsheets save it."""

from pathlib import Path

import pytest

from lr_grading.class_list import Member, read_class_list

ADA = Member("2023", "Lovelace, Ada", "1", "ada@example.edu")
LI = Member("2024", "李雷", "2", "")
ROWS = [("id", "name", "section", "email"), ("2023", "Lovelace, Ada", "1", "ada@example.edu")]
ROWS.append(("2024", "李雷", "2", ""))


def written(separator: str, titles: tuple[str, ...], end: str = "\n") -> str:
    lines = [titles, *ROWS[1:]]
    return "".join(
        separator.join(f'"{value}"' if "," in value else value for value in line) + end
        for line in lines
    )


READ: dict[str, bytes] = {
    "plain": written(",", ROWS[0]).encode(),
    "Excel": ("\ufeff" + written(";", ("ID", "Name", "Group", "E-mail"), "\r\n")).encode(),
    "tabs": written("\t", ROWS[0]).replace("\n2024", "\n\n2024").encode(),
    "Chinese": written(",", ("学号", "姓名", "班级", "邮箱")).encode("gb18030"),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_it_is_read_as_spreadsheets_save_it(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "students.csv"
    file.write_bytes(content)
    assert read_class_list(file, "en") == [ADA, LI]


def test_only_the_ids_are_needed(tmp_path: Path) -> None:
    file = tmp_path / "students.csv"
    file.write_text("id\nada\n ben \n", "utf8")
    assert read_class_list(file, "en") == [Member("ada"), Member("ben")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no column id"),
        ("name,section\nAda,1\n", "first line is: name, section"),
        ("id,name\nada,A\n,B\n", "line 3: no student can be called ''"),
        ("id\n<b>\n", "line 2: no student can be called '<b>'"),
        ("id\nada\nada\n", "line 3: ada is in the list already"),
    ],
)
def test_what_cannot_be_a_list_is_named(content: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "students.csv"
    file.write_text(content, "utf8")
    with pytest.raises(RuntimeError, match=message):
        read_class_list(file, "en")
    with pytest.raises(RuntimeError, match="学号"):
        read_class_list(file, "zh")
