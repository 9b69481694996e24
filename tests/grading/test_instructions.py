"""What the README and the pages tell people to type is there, and means what they say."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from lr_grading import limits
from lr_grading.__main__ import _parser
from tests.course import BOOK, CHAPTERS, EDITIONS, ROOT

PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh.md",
    ROOT / "exercises" / "README.md",
    *(
        BOOK / edition / f"{page}.md"
        for edition in EDITIONS
        for page in ("assignments", "teaching")
    ),
]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
MAKEFILE = (ROOT / "Makefile").read_text("utf8")


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What make would do, whatever make has started these tests."""
    inherited = {name: os.environ[name] for name in os.environ.keys() - {"MAKEFLAGS", "EDITION"}}
    return subprocess.run(
        ["make", "--dry-run", *arguments],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def commands(page: Path, program: str) -> list[list[str]]:
    """The commands of a page that begin with a program, word by word."""
    text = page.read_text("utf8")
    lines = [line for block in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
             for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", text)  # fmt: skip
    found = [re.split(f"{re.escape(program)} ", line, maxsplit=1) for line in lines]
    return [
        shlex.split(rest[0], comments=True)
        for before, *rest in found
        if rest and (not before or before.endswith("/bin/"))
    ]


# make


def test_the_language_of_the_system_chooses_no_edition() -> None:
    for target in ("check", "fresh", "autograde", "lab", "formgrader"):
        said = make(target, "ASSIGNMENT=ohm", "CHAPTER=sgd", LANGUAGE="en_US:en")
        assert said.returncode == 0, said.stderr
        assert "en_US" not in said.stdout


@pytest.mark.parametrize("target", ["check", "fresh", "autograde"])
def test_the_edition_is_passed_on(target: str) -> None:
    for edition in EDITIONS:
        assert f"--edition {edition}" in make(target, f"EDITION={edition}", "ASSIGNMENT=ohm").stdout
    assert "--edition en" in make(target, "ASSIGNMENT=ohm").stdout


@pytest.mark.parametrize(
    ("argument", "answer"),
    [("EDITION=zh_CN", "EDITION is"), ("LANGUAGE=zh", "Write EDITION=zh in place of LANGUAGE=zh")],
)
def test_a_wrong_edition_is_explained(argument: str, answer: str) -> None:
    said = make("check", "ASSIGNMENT=ohm", argument)
    assert said.returncode != 0
    assert answer in said.stderr
    assert "EDITION=zh" in said.stderr


def test_a_seed_and_a_file_reach_the_check() -> None:
    said = make("check", "ASSIGNMENT=ohm", "SEED=123", "FILE=~/my work.ipynb").stdout
    assert "--seed 123" in said
    assert '--file "~/my work.ipynb"' in said


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_lab_opens_the_chapter_with_everything_in_reach(edition: str) -> None:
    said = make("lab", "CHAPTER=sgd", f"EDITION={edition}").stdout
    (root, path) = re.findall(r'jupyter lab --ServerApp.root_dir="(.*)" (\S+)', said)[0]
    assert Path(root) == ROOT
    assert Path(path) == Path("book", edition, "sgd.ipynb")
    assert (ROOT / path).is_file()
    assert "sgd" in CHAPTERS


def test_a_name_is_looked_at_before_anything_is_installed() -> None:
    said = make("check", "ASSIGNMENT=ohm", "--always-make").stdout
    assert said.index("lr_grading name") < said.index("requirements/student.txt")


# The pages


@every_page
def test_every_make_command_of_a_page_is_one(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M))
    variables = set(re.findall(r"\$\((?:if \$\()?([A-Z]+)\)", MAKEFILE))
    found = commands(page, "make")
    assert found
    for command in found:
        given = {word.partition("=")[0] for word in command if "=" in word}
        assert given <= variables, command
        assert {word for word in command if "=" not in word} <= targets, command


@every_page
def test_every_command_of_the_graders_on_a_page_is_understood(page: Path) -> None:
    for command in commands(page, "lr-grading"):
        options = _parser().parse_args(command)
        if options.command == "preflight":
            assert (ROOT / options.file).is_file()


def test_both_editions_have_the_same_commands() -> None:
    for english, chinese in ((PAGES[0], PAGES[1]), (PAGES[3], PAGES[5]), (PAGES[4], PAGES[6])):
        for program in ("make", "lr-grading", "nbgrader", "git", ".venv/bin/uv"):
            here, there = (
                {tuple(word.replace("/zh/", "/en/") for word in command
                       if word not in ("EDITION=zh", "--edition", "zh")) for command in
                 commands(page, program)}
                for page in (english, chinese)
            )  # fmt: skip
            assert here - {()} == there - {()}, program


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_limits_on_the_pages_are_those_of_the_graders(edition: str) -> None:
    units = {
        "s": " ?seconds?|秒",
        "GB": " GB",
        "MB": " MB",
        "characters": " characters|个字符",
        "processes": " processes|个",
    }

    def named(page: str) -> set[str]:
        """The numbers with a unit that a page names, written alike in both languages."""
        words = (BOOK / edition / f"{page}.md").read_text("utf8")
        for unit, pattern in units.items():
            words = re.sub(rf"([\d,]+)(?:{pattern})", rf"\1~{unit} ", words)
        return set(re.findall(r"[\d,]+~\w+", words))

    checks = {f"{limits.CHECK_SECONDS}~s", f"{limits.CHECK_SECONDS // limits.IMPATIENCE}~s"}
    assert checks <= named("assignments")
    assert named("teaching") >= {
        f"{limits.CHECK_SECONDS}~s",
        f"{limits.CELL_SECONDS}~s",
        f"{limits.MEMORY_GIGABYTES:g}~GB",
        f"{limits.OUTPUT_CHARACTERS:,}~characters",
        f"{limits.SUBMISSION_SECONDS}~s",
        f"{limits.FILE_MEGABYTES}~MB",
        f"{limits.SCRATCH_MEGABYTES}~MB",
        f"{limits.PROCESSES}~processes",
    }


def test_the_places_that_the_architecture_names_are_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf8")
    places = set(re.findall(r"`([\w.-]*/[\w./-]+)`", text))
    assert len(places) > 20
    for place in places:
        assert [*ROOT.glob(place.replace("NAME", "*"))], place


# The environments


def pins(name: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text("utf8").splitlines()
    return {line.partition("  #")[0].strip() for line in lines}


def test_students_get_part_of_the_whole_at_the_same_versions_and_no_tools() -> None:
    assert pins("student") < pins("test")
    packages = {pin.partition("==")[0] for pin in pins("student")}
    assert packages >= {"torch", "matplotlib", "jupyterlab", "nbgrader", "ipykernel"}
    tools = {
        "ruff",
        "mypy",
        "pytest",
        "playwright",
        "axe-playwright-python",
        "jupyter-book",
        "pypdf",
    }
    assert not packages & tools
