"""A second `make book`: what it builds again, and that the site is as if built from nothing."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from docutils import nodes

from book._ext import incremental
from tests.course import EDITIONS, ROOT

# What is not a page


COURSE = {
    "_config.yml": "title: a book",
    "_toc.yml": "root: index",
    "requirements/book.txt": "sphinx==7.4.7",
    "book/references.bib": "@book{a}",
    "book/_ext/editions.py": "x = 1",
    "book/_ext/temml/temml.min.js": "temml = 1",
    "book/_templates/layout.html": "<html>",
    "book/_static/course.css": "a {}",
    "book/_static/explore/stills/tug.en.svg": "<svg>",
    "book/_locale/zh_CN/LC_MESSAGES/sphinx.po": "msgid",
    "book/zh/glossary.md": "回归",
}
PAGES = {
    "book/index.md": "# Landing",
    "book/en/sgd.ipynb": "{}",
    "book/zh/sgd.ipynb": "{}",
    "book/questions/sgd.yml": "[]",
    "book/_ext/__pycache__/editions.cpython-311.pyc": "code",
    "book/_locale/zh_CN/LC_MESSAGES/sphinx.mo": "catalog",
    "exercises/en/ohm/ohm.ipynb": "{}",
    "frameworks/with_jax.py": "x = 1",
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for name, text in (COURSE | PAGES).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf8")
    return tmp_path


def state(course: Path, settings: object = "settings") -> str:
    return incremental.state(settings, EDITIONS, course)


@pytest.mark.parametrize("name", COURSE)
def test_what_counts_for_all_pages_is_noticed(course: Path, name: str) -> None:
    before = state(course)
    (course / name).write_text(COURSE[name] + " ", "utf8")
    assert state(course) != before
    (course / name).write_text(COURSE[name], "utf8")
    assert state(course) == before  # the content counts, not the time


@pytest.mark.parametrize("name", PAGES)
def test_what_counts_for_some_pages_is_left_to_them(course: Path, name: str) -> None:
    before = state(course)
    (course / name).write_text(PAGES[name] + " ", "utf8")
    assert state(course) == before


def test_files_that_come_and_go_and_settings_are_noticed(course: Path) -> None:
    before = state(course)
    added = course / "book/_static/new.css"
    added.write_text("", "utf8")
    with_one_more = state(course)
    added.rename(course / "book/_static/renamed.css")
    assert len({before, with_one_more, state(course), state(course, "other settings")}) == 4
    (course / "book/_static/renamed.css").unlink()
    assert state(course) == before


@pytest.mark.parametrize(
    ("ended_with", "now", "fresh", "kept"),
    [
        ("state", "state", False, True),
        ("state", "state", True, False),  # jupyter-book build --all
        ("another state", "state", False, False),
        (None, "state", False, False),  # interrupted, or with an error
    ],
)
def test_only_what_ended_well_is_built_upon(
    tmp_path: Path, ended_with: str | None, now: str, fresh: bool, kept: bool
) -> None:
    site, doctrees = tmp_path / "html", tmp_path / "doctrees"
    for folder in (site, doctrees):
        folder.mkdir()
        (folder / "removed-chapter").write_text("", "utf8")
    if ended_with:
        incremental.end(ended_with, doctrees)
    incremental.begin(now, site, doctrees, fresh=fresh)
    assert (site / "removed-chapter").exists() == kept
    assert (doctrees / "removed-chapter").exists() == kept
    # This build has not ended yet.
    doctrees.mkdir(exist_ok=True)
    site.mkdir(exist_ok=True)
    incremental.begin(now, site, doctrees)
    assert not site.exists()


# The pages


def test_copies_follow_the_content_of_files_whatever_their_times(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    files = {}
    for name in ("same.md", "other.md", "gone.md", "exercises/new.ipynb"):
        files[name] = tmp_path / Path(name).name
        files[name].write_text("a", "utf8")
    incremental.update_copies(files, folder)
    for copy in folder.rglob("*.*"):
        os.utime(copy, (1, 1))
    os.utime(files["same.md"])
    files["other.md"].write_text("b", "utf8")
    os.utime(files["other.md"], (0, 0))  # as of a file that comes from elsewhere
    del files["gone.md"]
    incremental.update_copies(files, folder)
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.*")}
    assert found.keys() == files.keys()
    assert {name for name, path in found.items() if path.stat().st_mtime > 1} == {"other.md"}
    assert found["other.md"].read_text("utf8") == "b"


def test_the_order_of_reading_does_not_count_but_the_content_does() -> None:
    title = nodes.title("", "SGD", ids=["sgd"])
    one = {"a": [1, 2], "b": {title.astext()}, "c": title}
    assert incremental.in_order(one) == incremental.in_order(
        {"c": title.deepcopy(), "b": {"SGD"}, "a": [2, 1]}
    )
    assert incremental.in_order(one) != incremental.in_order(one | {"c": nodes.title("", "S")})
    assert incremental.in_order((1, 2)) != incremental.in_order((2, 1))  # section 2.1
    assert incremental.in_order({"a": object()}) == incremental.in_order({"a": object()})


def test_files_and_words_that_no_page_has_are_removed(tmp_path: Path) -> None:
    for name in ("used.png", "old.png", "a1/used.ipynb", "b2/old.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", "utf8")
    incremental.keep_files(tmp_path, ["used.png", "a1/used.ipynb"])
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert left == {"used.png", "a1", "a1/used.ipynb"}

    index = tmp_path / "searchindex.js"
    index.write_text(
        'Search.setIndex({"terms": {"first": 0, "gone": [], "two": [0, 1]}, "titleterms": {"x": []}})',
        "utf8",
    )
    incremental.drop_words(index)
    kept = 'Search.setIndex({"terms": {"first": 0, "two": [0, 1]}, "titleterms": {}})'
    assert index.read_text("utf8") == kept
