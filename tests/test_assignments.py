"""The assignments: two languages with the same questions, releases as nbgrader makes them."""

import ast
import re
from copy import deepcopy
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from lr_grading.assignments import (
    HIDDEN,
    NAMES,
    grade_id,
    graded_cells,
    kind,
    read,
    release_file,
    solution_file,
)
from lr_grading.messages import LANGUAGES
from lr_grading.release import generate, pristine
from tests.course import ROOT, statements

POINTS = 40
REFLECTION = 4
HAN = "[\u4e00-\u9fff]"
every_edition = pytest.mark.parametrize("language", LANGUAGES)
every_assignment = pytest.mark.parametrize("name", NAMES)


def solution(language: str, name: str) -> NotebookNode:
    return read(solution_file(language, name))


@pytest.mark.parametrize("folder", ["solutions", "exercises"])
@every_edition
def test_there_is_a_folder_for_each_assignment_and_no_other(folder: str, language: str) -> None:
    found = {path.name for path in (ROOT / folder / language).iterdir() if path.is_dir()}
    assert found == set(NAMES)


@every_edition
def test_the_releases_are_what_nbgrader_makes_of_the_solutions(
    language: str, tmp_path: Path
) -> None:
    generate(language, NAMES, tmp_path)
    for name in NAMES:
        made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.glob(f"{name}/**/*.*")}
        folder = release_file(language, name).parents[1]
        kept = {
            p.relative_to(folder): p.read_bytes()
            for p in folder.glob(f"{name}/**/*.*")
            if not p.name.endswith(".saved.ipynb")
        }
        assert kept == made, f"{name} is not up to date; run: make release"


def test_a_release_without_a_solution_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no solution in .*algebra"):
        generate("en", ["algebra"], tmp_path)


def test_a_release_that_nbgrader_cannot_make_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = solution("en", "ohm")
    twice = deepcopy(next(cell for cell in broken.cells if kind(cell) == "checks"))
    broken.cells.append(NotebookNode(twice, id="twice"))
    nbformat.write(broken, tmp_path / "ohm.ipynb")
    monkeypatch.setattr("lr_grading.release.solution_file", lambda *_: tmp_path / "ohm.ipynb")
    with pytest.raises(RuntimeError, match=r"(?s)could not release ohm:.*uplicate"):
        generate("en", ["ohm"], tmp_path / "exercises")


@every_edition
@every_assignment
def test_the_model_for_repairs_is_the_release(language: str, name: str) -> None:
    assert pristine(language, name) == read(release_file(language, name))


@every_edition
@every_assignment
def test_a_release_has_nothing_of_the_solution(language: str, name: str) -> None:
    text = release_file(language, name).read_text("utf8")
    for mark in ("BEGIN SOLUTION", "HIDDEN TESTS", "MARK SCHEME"):
        assert mark not in text
    answers = {c.id: c.source for c in read(release_file(language, name)).cells}
    for cell in solution(language, name).cells:
        if kind(cell) == "written":
            assert cell.source[:40] not in text
        if kind(cell) == "answer":
            assert "raise NotImplementedError" in answers[cell.id]


@every_assignment
def test_both_languages_have_the_same_cells_grade_ids_and_points(name: str) -> None:
    english, chinese = (solution(language, name).cells for language in LANGUAGES)
    assert [(c.cell_type, c.id) for c in english] == [(c.cell_type, c.id) for c in chinese]
    for en, zh in zip(english, chinese, strict=True):
        assert en.metadata.get("nbgrader") == zh.metadata.get("nbgrader"), en.id


class WithoutWords(ast.NodeTransformer):
    """Blanks what is written for people: every text that has a space or is in Chinese."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str) and re.search(rf"\s|{HAN}", node.value):
            return ast.Constant("…")
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        if node.arg in ("hint", "language") and isinstance(node.value, ast.Constant):
            return ast.keyword(node.arg, ast.Constant("…"))
        self.generic_visit(node)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        # The words around the values may be in another order.
        values = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        return ast.Tuple(sorted(values, key=ast.dump), ast.Load())


def code(source: str) -> str:
    return ast.dump(WithoutWords().visit(statements(source)))


def test_nothing_but_words_may_differ() -> None:
    """The test below can fail."""
    assert code("check('a sum', hint='Add.')  # now") == code("check('总和', hint='相加。')")
    assert code("f'{a} of {b}'") == code("f'{b}中的{a}'")
    drifts = [("f(1)", "f(2)"), ("d['°N']", "d['°F']"), ("f('a b', 1)", "f('甲乙', 2)")]
    drifts += [("f'{a:.2f} s'", "f'{a:.3f}秒'"), ("f(hint=g())", "f(hint=h())")]
    for english, chinese in drifts:
        assert code(english) != code(chinese), english


@every_assignment
def test_both_languages_have_the_same_code(name: str) -> None:
    english, chinese = (solution(language, name).cells for language in LANGUAGES)
    for en, zh in zip(english, chinese, strict=True):
        if en.cell_type == "code":
            assert code(en.source) == code(zh.source), en.id


@every_assignment
def test_both_languages_show_the_same_figures(name: str) -> None:
    pictures = [
        [
            output.data["image/png"]
            for cell in solution(language, name).cells
            for output in cell.get("outputs", [])
            if "image/png" in output.get("data", {})
        ]
        for language in LANGUAGES
    ]
    assert pictures[0] == pictures[1]


@every_edition
@every_assignment
def test_the_points_are_as_promised(language: str, name: str) -> None:
    cells = list(graded_cells(solution(language, name)))
    assert sum(cell.points for cell in cells) == POINTS
    (written,) = (cell for cell in cells if cell.kind == "written")
    assert (written.name, written.points) == ("reflection", REFLECTION)
    hidden = sum(cell.points for cell in cells if cell.hidden)
    assert 0.35 <= hidden / (POINTS - REFLECTION) <= 0.65
    table = re.findall(
        r"^\| ([a-z0-9-]+) \|[^|]*\| *(\d+) *\|$",
        solution(language, name).cells[0].source,
        re.MULTILINE,
    )
    points: dict[str, float] = {}
    for cell in cells:
        points[cell.question] = points.get(cell.question, 0) + cell.points
    assert [(row, float(number)) for row, number in table] == list(points.items())


@every_edition
@every_assignment
def test_every_cell_of_checks_is_built_alike(language: str, name: str) -> None:
    for cell in solution(language, name).cells:
        if kind(cell) != "checks":
            continue
        cell_name = str(grade_id(cell))
        hidden = cell_name.endswith(HIDDEN)
        assert hidden or cell_name.endswith("-checks"), cell_name
        expected = f'Question("{cell_name.removesuffix("-checks")}", language="{language}"'
        expected += ", hidden=True)" if hidden else ")"
        assert expected in cell.source, cell_name
        last = cell.source.rstrip().removesuffix("### END HIDDEN TESTS").rstrip()
        assert last.endswith("question.score()"), cell_name
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if hidden:
            assert lines[0].startswith("# "), f"{cell_name}: say what is checked, and the points"
            code_lines = [i for i, line in enumerate(lines) if not line.startswith("# ")]
            assert lines[code_lines[0]] == "### BEGIN HIDDEN TESTS", cell_name
            assert lines[-1] == "### END HIDDEN TESTS", cell_name
            assert f"{cell.metadata.nbgrader.points}" in lines[0], cell_name


@every_edition
@every_assignment
def test_what_can_be_graded_is_locked_as_nbgrader_needs_it(language: str, name: str) -> None:
    for cell in read(release_file(language, name)).cells:
        marks = cell.metadata.get("nbgrader")
        if marks is None:
            continue
        assert re.fullmatch(r"[a-z0-9-]+", marks.grade_id)
        assert marks.locked == (not marks.solution)
        if marks.grade and cell.cell_type == "code":
            assert not marks.solution


@every_assignment
def test_the_chinese_is_chinese(name: str) -> None:
    for cell in solution("zh", name).cells:
        if cell.cell_type == "markdown":
            for title in re.findall(r"^#+ (.*)", cell.source, re.MULTILINE):
                assert re.search(HAN, title), title
            # Not in code, formulas or tables, whose cells are bounded by spaces.
            text = re.sub(r"^\|.*$|^\$\$.*?\$\$$", "", cell.source, flags=re.M | re.S)
            assert not re.search(rf"{HAN} +[\w$`(]|[\w$`)] +{HAN}|{HAN}[,;:?!]", text), cell.id
        elif kind(cell) == "checks":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.keyword) and node.arg == "hint":
                    assert re.search(HAN, ast.unparse(node.value)), ast.unparse(node.value)


@every_edition
@every_assignment
def test_figures_say_what_they_show(language: str, name: str) -> None:
    for cell in solution(language, name).cells:
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
            figure = cell.metadata.get("mystnb", {})
            assert figure.get("image", {}).get("alt"), cell.id
            assert figure.get("figure", {}).get("caption"), cell.id


@every_edition
@every_assignment
def test_stored_outputs_are_those_of_one_run_from_top_to_bottom(language: str, name: str) -> None:
    counts = [
        cell.execution_count for cell in solution(language, name).cells if cell.cell_type == "code"
    ]
    assert counts[0] == 1, "run: make notebooks"
    assert all(later == earlier + 1 for earlier, later in pairwise(counts))
