"""A second `make book`: what it builds again, and that the site is as if built from nothing."""

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import incremental
import pytest
from docutils import nodes
from sphinx.search import js_index

from tests.course import CHAPTERS, EDITIONS, ROOT

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
    "book/_static/explore/tug.js": "x = 1",
    "book/_locale/zh_CN/LC_MESSAGES/sphinx.po": "msgid",
    "book/zh/glossary.md": "回归",
}
PAGES = {
    "book/index.md": "# Landing",
    "book/en/sgd.ipynb": "{}",
    "book/zh/sgd.ipynb": "{}",
    "book/en/figures/tug.svg": "<svg>",
    "book/quizzes/sgd.yml": "[]",
    "book/_ext/__pycache__/editions.cpython-311.pyc": "code",
    "book/_locale/zh_CN/LC_MESSAGES/sphinx.mo": "catalog",
    "book/.ruff_cache/0.14.0/1": "cache",
    "book/_static/.DS_Store": "cache",
    "exercises/en/ohm/ohm.ipynb": "{}",
    "frameworks/with_jax.py": "x = 1",
    "lr_lib/functional.py": "x = 1",
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


def test_a_word_of_the_search_that_comes_is_noticed(course: Path) -> None:
    before = state(course)
    (course / "book/zh/sgd.ipynb").write_text("这就是**过拟合**。", "utf8")
    assert state(course) != before
    (course / "book/zh/sgd.ipynb").write_text("这就是过拟合。", "utf8")
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
        'Search.setIndex({"terms": {"first": 0, "gone": [], "two": [0, 1]}, '
        '"titleterms": {"gone": []}})',
        "utf8",
    )
    incremental.drop_words(index)
    kept = 'Search.setIndex({"terms": {"first": 0, "two": [0, 1]}, "titleterms": {}})'
    assert index.read_text("utf8") == kept


# The whole course, built again and again

WORD = {"en": "zyzzyva", "zh": "貔貅"}  # that no page has


@dataclass
class Course:
    """A copy of the course, and what each build of it has said and left."""

    root: Path
    said: list[str] = field(default_factory=list)
    sites: list[dict[str, bytes]] = field(default_factory=list)

    def make_book(self) -> int:
        """Build without installing anything; returns the exit status."""
        command = ["make", "book", "--old-file=.venv/.book", f"BIN={Path(sys.executable).parent}"]
        # A make that runs these tests would tell this one to name its folders.
        alone = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
        done = subprocess.run(command, cwd=self.root, env=alone, capture_output=True, text=True)
        self.said.append(done.stdout + done.stderr)
        site = self.root / "_build" / "html"
        files = [path for path in site.rglob("*") if path.is_file()]
        self.sites.append({path.relative_to(site).as_posix(): path.read_bytes() for path in files})
        return done.returncode

    def written(self, build: int) -> set[str]:
        """The pages that a build has written. Lines of the two editions may run together."""
        return set(re.findall(r" {2}((?:en|zh)/[\w/-]+)", self.said[build]))

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text("utf8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), "utf8")

    @contextmanager
    def cells(self, page: str) -> Iterator[list[dict[str, Any]]]:
        """The cells of a chapter, to be changed; the source of the first becomes one text."""
        path = self.root / "book" / f"{page}.ipynb"
        notebook = json.loads(path.read_text("utf8"))
        first = notebook["cells"][0]
        first["source"] = "".join(first["source"])
        yield notebook["cells"]
        path.write_text(json.dumps(notebook, ensure_ascii=False), "utf8")


def figure(cells: list[dict[str, Any]]) -> dict[str, str]:
    """The first output that is a figure."""
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return next(data for data in outputs if "image/png" in data)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course after these builds:

    0. from nothing, with a word that no page has;
    1. with other titles, and without the quiz of a chapter;
    2. without the word, with other figures, drawings, quizzes, docstrings and exercises;
    3. with an error in both editions;
    4. with the error in the last edition alone; the other one is built from nothing, as its last
       build did not end well;
    5. without an error: the last edition is built from nothing, too. The sources are those of
       build 2.
    """
    course = Course(tmp_path_factory.mktemp("again") / "course")
    course.root.mkdir()
    for name in ("Makefile", "_config.yml", "_toc.yml"):
        shutil.copy2(ROOT / name, course.root)
    ignored = shutil.ignore_patterns(".*", "__pycache__", "*.saved.ipynb")
    for name in ("book", "exercises", "lr_lib", "requirements", "solutions"):
        shutil.copytree(ROOT / name, course.root / name, ignore=ignored)
    for edition, word in WORD.items():
        with course.cells(f"{edition}/squared-loss") as cells:
            cells[0]["source"] += f"\n\n{word}\n"
    assert course.make_book() == 0, course.said[-1]

    for edition in EDITIONS:
        with course.cells(f"{edition}/sgd") as cells:
            cells[0]["source"] = cells[0]["source"].replace("\n# ", "\n# RETITLED ", 1)
    (course.root / "book/quizzes/mechanics.yml").unlink()
    assert course.make_book() == 0, course.said[-1]

    for edition, word in WORD.items():
        with course.cells(f"{edition}/squared-loss") as cells:
            cells[0]["source"] = cells[0]["source"].replace(word, "")
        with course.cells(f"{edition}/ohm") as cells:
            data = figure(cells)
            data["image/png"] = b64encode(b64decode(data["image/png"]) + b"\n").decode()
        course.replace(f"book/{edition}/figures/tug.svg", 'height="', 'height="1')
        (course.root / "book" / edition / "concise.ipynb").touch()  # newer, but the same
    course.replace("book/quizzes/linreg.yml", "- id: ", "- id: renamed-")
    course.replace("lr_lib/functional.py", "Predict with", "Predict labels with")
    course.replace("exercises/en/ohm/ohm.ipynb", "{", "{ ")
    assert course.make_book() == 0, course.said[-1]

    pages = [course.root / "book" / edition / "training.ipynb" for edition in EDITIONS]
    good = [page.read_bytes() for page in pages]
    for edition in EDITIONS:
        with course.cells(f"{edition}/training") as cells:
            cells[0]["source"] += "\n\n[](nowhere.md)\n"
    assert course.make_book() != 0
    pages[0].write_bytes(good[0])
    assert course.make_book() != 0
    pages[1].write_bytes(good[1])
    assert course.make_book() == 0, course.said[-1]
    return course


@pytest.mark.slow
@pytest.mark.xdist_group("incremental")
class TestBuiltAgain:
    def test_the_site_is_as_if_built_from_nothing(self, built: Course) -> None:
        for edition, build in zip(EDITIONS, (4, 5), strict=True):
            chapters = {f"{edition}/{chapter}" for chapter in CHAPTERS}
            assert chapters <= built.written(build), "not built from nothing"
        again, anew = built.sites[2], built.sites[5]
        assert again.keys() == anew.keys()
        assert not [name for name, content in again.items() if content != anew[name]]

    def test_only_pages_that_changed_or_show_it_are_written(self, built: Course) -> None:
        changed = {"squared-loss", "ohm", "linreg", "robust-losses", "reference"}
        always = {"index", "glossary", "search"}
        assert built.written(2) == {f"{e}/{page}" for e in EDITIONS for page in changed | always}

    def test_a_title_reaches_the_sidebar_of_other_pages(self, built: Course) -> None:
        for edition in EDITIONS:
            assert b"RETITLED" not in built.sites[0][f"{edition}/planck.html"]
            assert b"RETITLED" in built.sites[1][f"{edition}/planck.html"]

    def test_a_quiz_that_is_gone_is_on_no_page(self, built: Course) -> None:
        for edition in EDITIONS:
            for page in ("mechanics", "index"):
                quiz = b'class="quiz"' if page == "mechanics" else b"&#34;mechanics&#34;"
                assert quiz in built.sites[0][f"{edition}/{page}.html"]
                assert quiz not in built.sites[1][f"{edition}/{page}.html"]

    def test_what_is_gone_is_nowhere(self, built: Course) -> None:
        before, after = built.sites[0], built.sites[2]
        for edition, word in WORD.items():
            index = f"{edition}/searchindex.js"
            assert word in js_index.loads(before[index].decode())["terms"]
            assert word not in js_index.loads(after[index].decode())["terms"]
        figures = [{name for name in site if "/_images/" in name} for site in (before, after)]
        assert len(figures[0]) == len(figures[1])
        assert len(figures[0] - figures[1]) == len(EDITIONS)

    def test_an_error_is_found_each_time(self, built: Course) -> None:
        first, last = EDITIONS
        for build, editions in (3, [first, last]), (4, [last]):
            for edition in EDITIONS:
                said = re.search(rf"{edition}/training.*nowhere", built.said[build])
                assert bool(said) == (edition in editions)
            assert not {".built", ".pages"} & built.sites[build].keys()

    def test_the_last_words_are_those_of_make(self, built: Course) -> None:
        assert "Finished generating HTML" not in built.said[0]
        assert built.said[0].rstrip().endswith("_build/html/zh/index.html")

    def test_nothing_is_done_twice_and_an_exercise_is_only_copied(self, built: Course) -> None:
        assert built.make_book() == 0
        built.replace("exercises/zh/planck/planck.ipynb", "{", "{ ")
        assert built.make_book() == 0
        for said in built.said[-2:]:
            assert "jupyter-book" not in said
        changed = {
            name for name, content in built.sites[-1].items() if content != built.sites[-2][name]
        }
        assert [Path(name).name for name in changed] == ["planck.ipynb"]
