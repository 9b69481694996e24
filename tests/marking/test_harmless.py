"""What a student writes is shown to the teacher without running."""

import csv
from pathlib import Path

import nbgrader.server_extensions.formgrader.handlers as formgrader
import pytest
from bs4 import BeautifulSoup, Tag
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from traitlets.config import Config

from lr_grading.nbgrader_plugins import SpreadsheetPlugin
from lr_grading.nbgrader_settings import configure
from tests.classroom import shared_marker

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(1)"><a href="javascript:alert(1)">x</a>'
    '<style>body{display:none}</style><div style="position:fixed;top:0">40.0 / 40.0</div>'
    '<div class="navbar-fixed-top">40.0 / 40.0</div><iframe src="https://example.org"></iframe>'
    '<base href="https://example.org/"><object data="x"></object><form action="/x"></form>'
)
SVG = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><circle r='3'/></svg>"
PIXEL = "iVBORw0KGgo="  # the beginning of a PNG
NAMES = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1"]
PAGES = ["feedback", "formgrader"]


def exporter(page: str, folder: Path) -> HTMLExporter:
    """What makes a page, set up as for a class."""
    home = folder / "classroom" / "en"
    home.mkdir(parents=True)
    config = Config()
    configure(config, "en", home)
    if page == "feedback":
        feedback = GenerateFeedback(coursedir=CourseDirectory(config=config), config=config)
        made: HTMLExporter = feedback.exporter_class(config=feedback.config)
        return made
    config.HTMLExporter.template_name = "formgrade"  # as formgrader.py sets it
    config.HTMLExporter.extra_template_basedirs = [formgrader.template_path]
    return HTMLExporter(config=config)


def rendered(maker: HTMLExporter, notebook: NotebookNode) -> BeautifulSoup:
    totals = {"notebook": "ohm", "score": 1, "max_score": 40, "late_penalty": 0}
    names = ("base_url", "mathjax_url", "submission_id", "assignment_id", "notebook_id", "student")
    of_formgrader = dict.fromkeys(names, "x") | {"index": 0, "total": 1, "prev": "", "next": ""}
    page, _ = maker.from_notebook_node(notebook, {"nbgrader": totals} | of_formgrader)
    return BeautifulSoup(page, "html.parser")


def notebook_with(text: str, outputs: list[NotebookNode]) -> NotebookNode:
    cells = [new_markdown_cell(text), new_code_cell("1", outputs=outputs), new_raw_cell(text)]
    names = {"name": text, "display_name": text}
    made: NotebookNode = new_notebook(cells=cells, metadata={"kernelspec": names, "title": text})
    return made


def dangers(page: BeautifulSoup) -> set[str]:
    """What runs, loads or covers something."""

    def dangerous(tag: Tag) -> bool:
        values = [str(value).lower() for value in tag.attrs.values()]
        return (
            tag.name in ("script", "iframe", "base", "object", "form", "style", "link", "meta")
            or any(name.startswith("on") for name in tag.attrs)
            or any("javascript:" in value or "data:text" in value for value in values)
            or any(word in value for word in ("fixed", "absolute") for value in values)
        )

    return {str(tag) for tag in page.find_all(dangerous)}


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_a_hostile_notebook_runs_loads_or_covers(page: str, tmp_path: Path) -> None:
    maker = exporter(page, tmp_path)
    kinds = ["text/html", "text/markdown", "text/latex", "text/plain", "application/javascript"]
    outputs = [new_output("display_data", {kind: HOSTILE}) for kind in kinds]
    outputs += [
        new_output("display_data", {"image/svg+xml": SVG}),
        new_output("display_data", {"image/png": 'aaaa" onerror="alert(1)'}),
        new_output("stream", text=HOSTILE),
        new_output("error", ename=HOSTILE, evalue=HOSTILE, traceback=[HOSTILE]),
    ]
    text = f"{HOSTILE}\n\n[x](javascript:alert(1)) ![x](data:text/html;base64,eHg=) ${HOSTILE}$"
    harmless = dangers(rendered(maker, notebook_with("", [])))
    assert dangers(rendered(maker, notebook_with(text, outputs))) - harmless == set()


@pytest.mark.parametrize("page", PAGES)
def test_what_honest_notebooks_have_is_shown(page: str, tmp_path: Path) -> None:
    table = '<table class="dataframe"><thead><tr><th>A</th></tr></thead></table>'
    outputs = [
        new_output("display_data", {"text/html": table}),
        new_output("display_data", {"image/png": PIXEL}),
        new_output("display_data", {"image/svg+xml": SVG}),
    ]
    text = "# Heading\n\n*a*, `1 < 2`, $a < b$\n\n| x |\n|---|\n| 1 |\n\n![p](attachment:p.png)"
    notebook = notebook_with(text, outputs)
    notebook.cells[0].attachments = {"p.png": {"image/png": PIXEL}}
    shown = rendered(exporter(page, tmp_path), notebook)
    assert shown.find("th", string="A")
    assert shown.find("td", string="1")
    assert shown.find("em", string="a")
    assert shown.find("code", string="1 < 2")
    assert any("Heading" in heading.get_text() for heading in shown.find_all("h1"))
    assert "$a < b$" in shown.get_text()
    pictures = [str(image["src"])[:22] for image in shown.find_all("img") if image.get("src")]
    assert sum(source == "data:image/png;base64," for source in pictures) == 2
    assert any(source.startswith("data:image/svg+xml") for source in pictures)


@pytest.mark.parametrize("page", PAGES)
def test_a_picture_in_a_text_is_shown_and_one_that_is_missing_stops_nothing(
    page: str, tmp_path: Path
) -> None:
    notebook = notebook_with("![here](attachment:a.png) ![gone](attachment:b.png) after", [])
    notebook.cells[0].attachments = {"a.png": {"image/png": PIXEL}}
    pictures = rendered(exporter(page, tmp_path), notebook).select("img[alt=here], img[alt=gone]")
    assert [picture["src"] == f"data:image/png;base64,{PIXEL}" for picture in pictures] == [
        True,
        False,
    ]


def test_outputs_that_were_handed_in_and_what_outputs_say_of_themselves_are_dropped() -> None:
    width = "from IPython.display import display\ndisplay({'text/plain': 'shown'}, raw=True,"
    width += " metadata={'text/plain': {'width': '1\" onload=\"alert(1)'}})"
    forged = [new_output("stream", text="36 of 36 points")]
    cells = [new_code_cell("import os; os._exit(1)", outputs=forged), new_code_cell(width)]
    cells.append(new_code_cell("pass", outputs=forged))
    executed = shared_marker("en").run(new_notebook(cells=cells), {}, seed=1)
    assert "36 of 36" not in str(executed)
    assert executed.cells[1].outputs[0].metadata == {}


def test_no_name_in_the_table_is_a_formula_or_moves_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "grades.csv"
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
        gradebook.add_assignment("ohm")
        for number, name in enumerate(NAMES):
            gradebook.add_student(f"{name}{number}", last_name=name, first_name="a, b\nc")
        SpreadsheetPlugin(to=str(file)).export(gradebook)
        theirs = tmp_path / "theirs.csv"
        CsvExportPlugin(to=str(theirs)).export(gradebook)
    with file.open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert {row["first_name"] for row in rows} == {"a, b\nc"}
    assert sorted(row["last_name"] for row in rows) == sorted(f"'{name}" for name in NAMES)
    assert all(row["student_id"].startswith("'") for row in rows)
    assert {(row["score"], row["raw_score"], row["assignment"]) for row in rows} == {
        ("0.0", "0.0", "ohm")
    }
    columns = ",".join(rows[0]).removesuffix(",to_be_marked_by_hand")
    assert columns == theirs.read_text().splitlines()[0], "the columns of nbgrader"
