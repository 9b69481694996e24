"""The assignments: two languages with the same questions, releases as nbgrader makes them."""

import ast
import re
import subprocess
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
from tests.course import ROOT, WithoutLanguage, files, statements

POINTS = 40
REFLECTION = 4
HAN = "[\u4e00-\u9fff]"
every_edition = pytest.mark.parametrize("language", LANGUAGES)
every_assignment = pytest.mark.parametrize("name", NAMES)


def solution(language: str, name: str) -> NotebookNode:
    return read(solution_file(language, name))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The releases as nbgrader makes them of the solutions, in both languages."""
    folder = tmp_path_factory.mktemp("exercises")
    for language in LANGUAGES:
        generate(language, NAMES, folder / language)
    return folder


def committed(file: Path) -> bytes | None:
    """A file as the last commit has it; None outside of a repository."""
    command = ["git", "show", f"HEAD:./{file.name}"]
    shown = subprocess.run(command, cwd=file.parent, capture_output=True, check=False)
    return shown.stdout if shown.returncode == 0 else None


@pytest.mark.parametrize("folder", ["solutions", "exercises"])
@every_edition
def test_there_is_a_folder_for_each_assignment_and_no_other(folder: str, language: str) -> None:
    home = ROOT / folder / language
    assert {path.relative_to(home).parts[0] for path in files(home)} == set(NAMES)


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
def test_the_releases_are_what_nbgrader_makes_of_the_solutions(
    language: str, name: str, made: Path
) -> None:
    new, kept = made / language / name, release_file(language, name).parent
    paths = [path.relative_to(new) for path in files(new)]
    assert paths == [path.relative_to(kept) for path in files(kept)]
    for path in paths:
        # In its place, a student may have worked on it.
        stored = (kept / path).read_bytes(), committed(kept / path)
        assert (new / path).read_bytes() in stored, f"{kept / path} is old; run: make release"


@pytest.mark.parametrize(
    "litter",
    [
        "ohm/.ipynb_checkpoints/ohm-checkpoint.ipynb",
        ".ipynb_checkpoints/ohm-checkpoint.ipynb",
        "ohm/__pycache__/helper.cpython-311.pyc",
        "ohm/.DS_Store",
        "ohm/ohm.2026-11-30-120000.saved.ipynb",
    ],
)
def test_what_lies_around_is_no_part_of_the_course(litter: str, tmp_path: Path) -> None:
    for file in ("ohm/ohm.ipynb", litter):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    assert files(tmp_path) == [tmp_path / "ohm" / "ohm.ipynb"]


@every_edition
@every_assignment
def test_the_model_for_repairs_is_the_release(
    language: str, name: str, made: Path, tmp_path: Path
) -> None:
    release = made / language / name / f"{name}.ipynb"
    assert pristine(language, name) == read(release)
    nbformat.write(pristine(language, name), tmp_path / "fresh.ipynb")  # as `make fresh` does
    assert (tmp_path / "fresh.ipynb").read_bytes() == release.read_bytes()


@every_edition
@every_assignment
def test_a_release_has_nothing_of_the_solution(language: str, name: str) -> None:
    release = pristine(language, name)
    text = nbformat.writes(release)
    for mark in ("BEGIN SOLUTION", "HIDDEN TESTS", "MARK SCHEME"):
        assert mark not in text
    answers = {c.id: c.source for c in release.cells}
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


class WithoutWords(WithoutLanguage, ast.NodeTransformer):
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
def test_the_questions_are_numbered_in_their_order(language: str, name: str) -> None:
    """`make check` says which one to mend first by its number."""
    cells = solution(language, name).cells
    headings = [re.search(r"^## (?:Question |第)(\d+)", cell.source, re.M) for cell in cells]
    numbers = [int(heading[1]) for heading in headings if heading]
    questions = {cell.question for cell in graded_cells(solution(language, name))}
    assert numbers == list(range(1, len(questions)))  # the reflection has none


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
        expected += ", hidden=True" if hidden else ""
        assert re.search(re.escape(expected) + r"(, training=True)?\)", cell.source), cell_name
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
    for cell in pristine(language, name).cells:
        marks = cell.metadata.get("nbgrader")
        if marks is None:
            continue
        assert re.fullmatch(r"[a-z0-9-]+", marks.grade_id)
        assert marks.locked == (not marks.solution)
        if marks.grade and cell.cell_type == "code":
            assert not marks.solution


def names_in(tree: ast.AST) -> set[str]:
    """The names that code uses when it runs, outside of what it defines."""
    if isinstance(tree, ast.FunctionDef | ast.ClassDef | ast.Lambda):
        return set()
    found = {tree.id} if isinstance(tree, ast.Name) else set()
    return found.union(*(names_in(child) for child in ast.iter_child_nodes(tree)))


@every_assignment
def test_run_all_goes_on_after_a_cell_that_an_unwritten_answer_makes_fail(name: str) -> None:
    answers: set[str] = set()
    for cell in pristine("en", name).cells:
        if cell.cell_type != "code" or kind(cell) == "checks":
            continue
        code = ast.parse(cell.source)
        if kind(cell) == "answer":
            answers |= {node.name for node in code.body if hasattr(node, "name")}
        fails = names_in(code) & (answers | {"NotImplementedError"})
        goes_on = "raises-exception" in cell.metadata.get("tags", [])
        assert goes_on == bool(fails), f"{cell.id}: {fails}"


@every_edition
@every_assignment
def test_no_cell_of_a_solution_failed(language: str, name: str) -> None:
    """`make notebooks` does not stop at a cell that may fail while an answer is unwritten."""
    for cell in solution(language, name).cells:
        kinds = [output.output_type for output in cell.get("outputs", [])]
        assert "error" not in kinds, cell.id


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
                if (isinstance(node, ast.keyword) and node.arg == "hint") or (
                    isinstance(node, ast.Assign)
                    and any("hint" in ast.unparse(target) for target in node.targets)
                ):
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
