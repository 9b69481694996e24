"""Submissions as they come: what the pre-flight check makes of them, and what it says."""

import json
from copy import deepcopy
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from lr_grading.assignments import grade_id, kind
from lr_grading.messages import LANGUAGES
from lr_grading.recognition import recognize
from lr_grading.release import pristine
from lr_grading.repair import repair, reported, with_report
from lr_grading.submitted import edition_of

NAME = "from-scratch"
ANSWER = "def linreg(X, w, b):\n    return X @ w + b"


@pytest.fixture(scope="module")
def release() -> NotebookNode:
    return pristine("en", NAME)


@pytest.fixture
def submission(release: NotebookNode) -> NotebookNode:
    """A submission as most are: the release, with some answers written."""
    notebook = deepcopy(release)
    find(notebook, "linreg").source = ANSWER
    find(notebook, "reflection").source = "My own words."
    return notebook


def find(notebook: NotebookNode, name: str) -> NotebookNode:
    cell: NotebookNode = next(cell for cell in notebook.cells if grade_id(cell) == name)
    return cell


def index(notebook: NotebookNode, name: str) -> int:
    place: int = notebook.cells.index(find(notebook, name))
    return place


def repaired(
    submission: NotebookNode | str | bytes, release: NotebookNode, language: str = "en", **more: Any
) -> tuple[NotebookNode, list[str]]:
    content = submission if isinstance(submission, str | bytes) else json.dumps(submission)
    notebook, findings = repair(content, release, name=NAME, language=language, **more)
    nbformat.validate(notebook)
    assert [c.id for c in notebook.cells if grade_id(c)] == [
        c.id for c in release.cells if grade_id(c)
    ], "the cells of the release, each once, in its order"
    for cell in release.cells:
        if kind(cell) == "checks":
            assert find(notebook, str(grade_id(cell))).source == cell.source
    return notebook, findings.lines


def test_a_submission_that_needs_nothing_is_left_as_it_is(
    submission: NotebookNode, release: NotebookNode
) -> None:
    notebook, said = repaired(submission, release)
    assert said == []
    assert notebook.cells == submission.cells


def test_repairing_twice_changes_nothing_more(
    submission: NotebookNode, release: NotebookNode
) -> None:
    submission.cells = [cell for cell in submission.cells if grade_id(cell) != "sgd-checks"]
    notebook, findings = repair(json.dumps(submission), release, name=NAME, language="en")
    again, said = repaired(with_report(notebook, findings), release)
    assert said == []
    assert again.cells == notebook.cells


def test_the_files_content_and_the_release_are_not_changed(
    submission: NotebookNode, release: NotebookNode
) -> None:
    before = deepcopy(release)
    repaired(submission, release)
    assert release == before


# Cells


@pytest.mark.parametrize("name", ["linreg-checks", "linreg-hidden", "setup"])
def test_a_deleted_locked_cell_is_put_back(
    name: str, submission: NotebookNode, release: NotebookNode
) -> None:
    del submission.cells[index(submission, name)]
    _, said = repaired(submission, release)
    assert said == [f"{name}: the checks were missing; they were put back."]


def test_a_deleted_answer_is_put_back_empty_and_the_others_are_kept(
    submission: NotebookNode, release: NotebookNode
) -> None:
    del submission.cells[index(submission, "sgd")]
    notebook, said = repaired(submission, release)
    assert find(notebook, "sgd").source == find(release, "sgd").source
    assert find(notebook, "linreg").source == ANSWER
    assert said == ["sgd: the answer was missing; the empty cell was put back."]


def test_a_duplicated_answer_counts_once(submission: NotebookNode, release: NotebookNode) -> None:
    submission.cells.append(deepcopy(find(submission, "linreg")))
    notebook, said = repaired(submission, release)
    assert find(notebook, "linreg").source == ANSWER
    assert said == [
        "The cells were in another order; they were put back into the order of the assignment."
    ]


def test_a_copy_that_was_worked_on_beside_the_untouched_one_is_taken(
    submission: NotebookNode, release: NotebookNode
) -> None:
    place = index(submission, "sgd")
    copy = deepcopy(submission.cells[place])
    copy.source = "def sgd(params, lr, batch_size):\n    pass"
    submission.cells.insert(place + 1, copy)
    notebook, said = repaired(submission, release)
    assert find(notebook, "sgd").source == copy.source
    assert said == []


@pytest.mark.parametrize("keeps_metadata", [True, False])
def test_a_split_answer_is_joined(
    keeps_metadata: bool, submission: NotebookNode, release: NotebookNode
) -> None:
    place = index(submission, "linreg")
    first, second = ANSWER.split("\n")
    submission.cells[place].source = first
    half = new_code_cell(second)
    if keeps_metadata:
        half.metadata = deepcopy(submission.cells[place].metadata)
    submission.cells.insert(place + 1, half)
    notebook, said = repaired(submission, release)
    assert find(notebook, "linreg").source == ANSWER
    assert said == ["linreg: the answer was in 2 cells; they were joined in their order."]


def test_several_attempts_stay_apart_and_the_last_one_counts(
    submission: NotebookNode, release: NotebookNode
) -> None:
    place = index(submission, "linreg")
    attempt = deepcopy(submission.cells[place])
    attempt.source = "def linreg(X, w, b)\n    return X"
    submission.cells.insert(place, attempt)
    notebook, _ = repaired(submission, release)
    assert find(notebook, "linreg").source == ANSWER
    sources = [cell.source for cell in notebook.cells]
    assert sources.index(attempt.source) == sources.index(ANSWER) - 1


def test_an_import_in_a_locked_cell_is_kept_after_it(
    submission: NotebookNode, release: NotebookNode
) -> None:
    find(submission, "setup").source += "\nimport math"
    notebook, said = repaired(submission, release)
    place = index(notebook, "setup")
    assert notebook.cells[place + 1].source.endswith("import math")
    assert said == ["setup: the cell had been changed; the original was put back."]


def test_answers_that_all_stand_in_one_cell_are_not_undone(
    submission: NotebookNode, release: NotebookNode
) -> None:
    find(submission, "linreg").source = ANSWER + "\n\ndef sgd(params, lr, batch_size):\n    pass"
    del submission.cells[index(submission, "sgd")]
    notebook, _ = repaired(submission, release)
    assert find(notebook, "sgd").source == ""


def test_reordered_cells_are_put_back_into_their_order(
    submission: NotebookNode, release: NotebookNode
) -> None:
    submission.cells.reverse()
    notebook, said = repaired(submission, release)
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in release.cells]
    assert find(notebook, "linreg").source == ANSWER
    assert said == [
        "The cells were in another order; they were put back into the order of the assignment."
    ]


@pytest.mark.parametrize("cell_type", ["markdown", "raw"])
def test_an_answer_that_was_turned_into_text_is_code_again(
    cell_type: str, submission: NotebookNode, release: NotebookNode
) -> None:
    find(submission, "linreg").cell_type = cell_type
    notebook, said = repaired(submission, release)
    assert (find(notebook, "linreg").cell_type, find(notebook, "linreg").source) == ("code", ANSWER)
    assert said == ["linreg: the answer had become a cell of another type; it is code again."]


def test_a_written_answer_that_was_turned_into_code_is_text_again(
    submission: NotebookNode, release: NotebookNode
) -> None:
    find(submission, "reflection").cell_type = "code"
    notebook, said = repaired(submission, release)
    assert find(notebook, "reflection").cell_type == "markdown"
    assert find(notebook, "reflection").source == "My own words."
    assert said == ["reflection: the answer had become a cell of another type; it is text again."]


def test_edited_checks_are_replaced_by_the_originals(
    submission: NotebookNode, release: NotebookNode
) -> None:
    find(submission, "linreg-checks").source = "1.0"
    find(submission, "sgd-checks").metadata.nbgrader.points = 100
    notebook, said = repaired(submission, release)
    assert said == ["linreg-checks: the cell had been changed; the original was put back."]
    assert find(notebook, "sgd-checks").metadata.nbgrader.points == 2


def test_duplicated_checks_count_once(submission: NotebookNode, release: NotebookNode) -> None:
    place = index(submission, "linreg-checks")
    submission.cells.insert(place, deepcopy(submission.cells[place]))
    _, said = repaired(submission, release)
    assert said == ["linreg-checks: the cell was there 2 times; one was kept."]


@pytest.mark.parametrize("keeps_ids", [True, False])
def test_stripped_metadata_are_restored(
    keeps_ids: bool, submission: NotebookNode, release: NotebookNode
) -> None:
    for number, cell in enumerate(submission.cells):
        cell.metadata = NotebookNode()
        if not keeps_ids:
            cell.id = f"cell-{number}"
    notebook, said = repaired(submission, release)
    assert find(notebook, "linreg").source == ANSWER
    assert find(notebook, "reflection").source == "My own words."
    assert find(notebook, "linreg").metadata == find(release, "linreg").metadata
    assert not any("missing; the empty cell" in line for line in said)


def test_an_answer_is_found_by_what_it_defines_in_another_place(
    submission: NotebookNode, release: NotebookNode
) -> None:
    cell = find(submission, "linreg")
    submission.cells.remove(cell)
    submission.cells.append(new_code_cell("import math\n\n" + ANSWER))
    notebook, said = repaired(submission, release)
    assert ANSWER in find(notebook, "linreg").source
    assert "linreg: its metadata were missing; the cell was recognized by its content." in said


def test_cells_of_the_students_own_stay_where_they_were(
    submission: NotebookNode, release: NotebookNode
) -> None:
    place = index(submission, "linreg")
    submission.cells.insert(place, new_code_cell("helper = 1", id="mine"))
    submission.cells.insert(0, new_markdown_cell("My notes"))
    notebook, said = repaired(submission, release)
    assert notebook.cells[0].source == "My notes"
    sources = [cell.source for cell in notebook.cells]
    assert sources.index("helper = 1") < sources.index(ANSWER)
    assert said == []


def test_two_cells_with_one_id_become_two(submission: NotebookNode, release: NotebookNode) -> None:
    submission.cells.insert(0, new_code_cell("a = 1", id="twin"))
    submission.cells.insert(0, new_code_cell("b = 1", id="twin"))
    notebook, _ = repaired(submission, release)
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("strange", [["linreg"], {"a": 1}, 5, None])
def test_strange_metadata_and_half_characters_are_no_obstacle(
    strange: object, submission: NotebookNode, release: NotebookNode
) -> None:
    find(submission, "linreg").metadata.nbgrader.grade_id = strange
    submission.cells.insert(0, new_code_cell("'\ud83d'"))
    notebook, _ = repaired(submission, release)
    assert ANSWER in [cell.source for cell in notebook.cells]
    nbformat.writes(notebook).encode("utf8")


def test_a_broken_cell_is_left_out_and_named(
    submission: NotebookNode, release: NotebookNode
) -> None:
    submission.cells.insert(0, "no cell")
    submission.cells.insert(0, {"cell_type": "code", "source": 5})
    notebook, said = repaired(submission, release)
    assert find(notebook, "linreg").source == ANSWER
    assert said == [f"Cell {n} could not be read and was left out." for n in (1, 2)]


# Notebooks


def test_another_kernels_name_is_noted_and_replaced(
    submission: NotebookNode, release: NotebookNode
) -> None:
    submission.metadata.kernelspec = {"name": "julia-1.9", "display_name": "Julia"}
    notebook, said = repaired(submission, release)
    assert notebook.metadata.kernelspec.name == "python3"
    assert said == ["The notebook named another kernel, julia-1.9; it is run with Python 3."]


def test_an_old_format_is_read(submission: NotebookNode, release: NotebookNode) -> None:
    old = nbformat.convert(submission, 3)
    notebook, _ = repaired(nbformat.writes(old, version=3), release)
    assert find(notebook, "linreg").source == ANSWER


def test_a_byte_order_mark_is_no_obstacle(submission: NotebookNode, release: NotebookNode) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(submission).encode()
    assert repaired(content, release)[1] == []


NOT_NOTEBOOKS = {
    "": "The notebook is empty, or was not handed in.",
    "  \n": "The notebook is empty, or was not handed in.",
    '{"cells": [': "The file is not a notebook: it is not valid JSON",
    "[" * 100_000: "The file is not a notebook: it is not valid JSON",
    "<html></html>": "The file is not a notebook: it is not valid JSON",
    "\ufffd\x00": "The file is not a notebook: it is not valid JSON",
    "[1, 2]": "The file holds JSON, but no notebook",
    '{"cells": {"a": 1}}': "The file holds JSON, but no notebook",
    '{"worksheets": 3}': "The file holds JSON, but no notebook",
    '{"cells": []}': "No cell of this assignment was recognized.",
}


@pytest.mark.parametrize("content", NOT_NOTEBOOKS, ids=lambda content: content[:12])
def test_what_is_no_notebook_counts_as_unanswered(content: str, release: NotebookNode) -> None:
    notebook, said = repaired(content, release)
    assert notebook == release
    assert said[0].startswith(NOT_NOTEBOOKS[content])
    assert said[0].endswith("Every question counts as unanswered.")


def test_where_the_notebook_is_missing_the_other_files_are_named(release: NotebookNode) -> None:
    _, said = repaired("", release, found=["notes.txt", "ohm.pdf"])
    assert "the folder holds: notes.txt, ohm.pdf" in said[0]


def test_a_file_that_is_too_large_is_not_read(
    release: NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lr_grading.submitted.FILE_MEGABYTES", 1)
    _, said = repaired("x" * 1_000_001, release)
    assert "more than the 1 MB that are read" in said[0]


def test_another_assignment_is_called_by_its_name(release: NotebookNode) -> None:
    ohm = pristine("en", "ohm")
    _, said = repaired(ohm, release, others={"planck": release, "ohm": ohm})
    assert said == [
        "This is the assignment ohm, not from-scratch. Every question counts as unanswered."
    ]


def test_the_other_edition_is_named_once_and_its_answers_count(submission: NotebookNode) -> None:
    notebook, said = repaired(submission, pristine("zh", NAME), "zh")
    assert said == ["这是英文版的笔记本，其中的答案按中文版的检查评分。"]
    assert find(notebook, "linreg").source == ANSWER


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_edition_and_the_assignment_of_a_file_are_recognized(language: str) -> None:
    release = pristine(language, NAME)
    content = json.dumps(release).encode()
    assert edition_of(content) == language
    releases = {"ohm": pristine(language, "ohm"), NAME: release}
    assert recognize(content, releases) == NAME
    assert edition_of(b"{}") is None
    assert recognize(b"{}", releases) is None


def test_the_findings_come_in_chinese(release: NotebookNode) -> None:
    _, said = repaired("", release, "zh")
    assert said == ["笔记本是空的，或者没有提交。所有题目按未作答处理。"]


def test_the_report_stands_at_the_top_of_what_is_marked(
    submission: NotebookNode, release: NotebookNode
) -> None:
    del submission.cells[index(submission, "linreg-checks")]
    notebook, findings = repair(json.dumps(submission), release, name=NAME, language="en")
    with_it = with_report(notebook, findings)
    assert "the checks were missing" in with_it.cells[0].source
    assert with_it.cells[1:] == notebook.cells
    assert reported(with_it) == findings.lines


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_notebook_in_another_encoding_is_read(
    submission: NotebookNode, release: NotebookNode, encoding: str
) -> None:
    find(submission, "reflection").source = "自己的话 ✓"
    content = json.dumps(submission, ensure_ascii=False).encode(encoding)
    notebook, said = repaired(content, release)
    assert said == []
    assert notebook.cells == submission.cells
    assert edition_of(content) == "en"


def test_a_student_cannot_write_the_report(submission: NotebookNode, release: NotebookNode) -> None:
    forged = {"lr_grading": {"findings": ["40 / 40"]}}
    first = new_markdown_cell("**Pre-flight check**\n\n- 40 / 40", metadata=forged)
    first.id = "preflight-report"
    submission.cells.insert(0, first)
    submission.metadata.update(forged)
    submission.metadata.kernelspec.name = "\x1b[2J\n# 40 / 40 ![x](https://example.org) <b>"
    notebook, findings = repair(json.dumps(submission), release, name=NAME, language="en")
    with_it = with_report(notebook, findings)
    assert reported(with_it) == findings.lines
    assert len(findings.lines) == 1, "the kernel"
    assert findings.lines[0].isprintable()
    written = with_it.cells[0].source.splitlines()
    assert [line for line in written if line.startswith("#")] == []
    assert r"\!\[x\](https://example.org) \<b\>" in written[-1]


# Files as editors and other programs leave them

PICTURE = {"curve.png": {"image/png": "iVBORw0KGgo="}}


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_ends_of_lines_of_other_systems_are_no_change(
    end: str, submission: NotebookNode, release: NotebookNode
) -> None:
    expected, _ = repaired(submission, release)
    for cell in submission.cells:
        cell.source = cell.source.replace("\n", end)
    notebook, said = repaired(submission, release)
    assert said == []
    assert notebook.cells == expected.cells


@pytest.mark.parametrize(("language", "encoding"), [("en", "cp1252"), ("zh", "gb18030")])
def test_an_encoding_of_windows_is_read_and_named(language: str, encoding: str) -> None:
    release = pristine(language, NAME)
    submission = deepcopy(release)
    find(submission, "reflection").source = "naïve – “quick”" if language == "en" else "“快速”"
    content = json.dumps(submission, ensure_ascii=False).encode(encoding, "replace")
    notebook, said = repaired(content, release, language)
    assert find(notebook, "reflection").source == find(submission, "reflection").source
    assert encoding in said[0]


def test_pictures_are_kept_in_the_answer_and_in_cells_of_ones_own(
    submission: NotebookNode, release: NotebookNode
) -> None:
    find(submission, "reflection").attachments = PICTURE
    submission.cells.insert(1, new_markdown_cell("![](attachment:curve.png)", attachments=PICTURE))
    notebook, said = repaired(submission, release)
    assert said == []
    assert find(notebook, "reflection").attachments == PICTURE
    assert notebook.cells[1].attachments == PICTURE


@pytest.mark.parametrize(
    "attachments",
    [
        [],
        {"a.png": 1},
        {"a.svg": {"image/svg+xml": "<svg onload='x'/>"}},
        {"a.png": {"image/png": '"><script>'}},
        {"a.html": {"text/html": "PHNjcmlwdD4="}},
    ],
)
def test_what_is_no_picture_is_left_out(
    attachments: object, submission: NotebookNode, release: NotebookNode
) -> None:
    find(submission, "reflection")["attachments"] = attachments
    notebook, _ = repaired(submission, release)
    assert "attachments" not in find(notebook, "reflection")


@pytest.mark.parametrize("place", [0, 1])
def test_words_in_a_new_cell_beside_the_place_for_them_are_the_answer(
    place: int, submission: NotebookNode, release: NotebookNode
) -> None:
    find(submission, "reflection").source = find(release, "reflection").source
    words = [new_markdown_cell("My own words."), new_markdown_cell("And more.")]
    number = index(submission, "reflection") + place
    submission.cells[number:number] = words
    notebook, said = repaired(submission, release)
    assert find(notebook, "reflection").source == "My own words.\n\nAnd more."
    assert "reflection: the answer was written in a new cell beside" in said[0]


def test_an_answer_that_was_merged_into_the_text_above_is_an_answer_again(
    submission: NotebookNode, release: NotebookNode
) -> None:
    number = index(submission, "linreg")
    above = submission.cells[number - 1]
    above.source += "\n\n" + submission.cells.pop(number).source
    notebook, _ = repaired(submission, release)
    assert find(notebook, "linreg").source == ANSWER
    assert notebook.cells[index(notebook, "linreg") - 1].source == release.cells[number - 1].source


def test_words_that_were_added_to_the_text_of_the_course_are_kept(
    submission: NotebookNode, release: NotebookNode
) -> None:
    submission.cells[0].source += "\n\nMy note."
    notebook, _ = repaired(submission, release)
    assert [cell.source for cell in notebook.cells[:2]] == [release.cells[0].source, "My note."]
