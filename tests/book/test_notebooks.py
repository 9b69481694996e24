"""What every notebook of the book keeps to, beside what nbval compares."""

import math
import re

import nbformat
import pytest

import lr_lib.functional
from tests.course import (
    BOOK,
    CHAPTERS,
    EDITIONS,
    ROOT,
    code_cells,
    definitions,
    notebook,
    notebook_names,
    numbers,
    output_text,
    prose,
    without_code,
)
from tools.notebooks import KEPT_CELL_METADATA, METADATA

NOTEBOOKS = [(edition, name) for edition in EDITIONS for name in notebook_names()]
every_notebook = pytest.mark.parametrize(("edition", "name"), NOTEBOOKS)

# The cells whose outputs nbval does not compare: the only ones, and why.
NOT_COMPARED = {
    "data-iter-15": "times of the predictions of one minibatch",
    "data-iter-chunk-times": "times of one pass for chunks of several sizes",
    "data-iter-47": "times of one pass",
    "concise-31": "ratios of the times of two versions",
    "second-derivatives-23": "ratios of the times of a Hessian matrix and a gradient",
}

# What each chapter builds, and the module of lr_lib that has it. Later chapters import it.
BUILT_IN = [
    ("synthetic-data", "functional", ["synthetic_data"]),
    ("data-iter", "functional", ["rows_per_chunk", "data_iter"]),
    ("linreg", "functional", ["linreg"]),
    ("squared-loss", "functional", ["squared_loss"]),
    ("sgd", "functional", ["sgd"]),
    ("training", "training", ["TrainingRecord", "DivergenceError", "train"]),
    (
        "mechanics",
        "mechanics",
        ["model", "loss_fn", "dloss_fn", "dmodel_dw", "dmodel_db", "grad_fn", "training_loop"],
    ),
    ("concise", "concise", ["RandomOrder", "train_concise"]),
    ("objects", "hyperparameters", ["HyperParameters", "add_to_class"]),
    ("objects", "data_modules", ["TensorLoader", "DataModule", "SyntheticRegressionData"]),
    ("objects", "models", ["SGD", "Module", "LinearRegressionScratch"]),
    ("objects", "trainer", ["Trainer"]),
]
BUILT = [(chapter, module, name) for chapter, module, names in BUILT_IN for name in names]


@every_notebook
def test_notebook_is_valid_and_was_executed_in_order(edition: str, name: str) -> None:
    nbformat.validate(notebook(edition, name))
    counts = [cell.execution_count for cell in code_cells(edition, name)]
    assert counts == list(range(1, len(counts) + 1)), "run: make notebooks"


@every_notebook
def test_no_cell_failed_or_warned(edition: str, name: str) -> None:
    for cell in code_cells(edition, name):
        for output in cell.outputs:
            assert output.output_type != "error", f"{cell.id}: {output.get('evalue')}"
            assert output.get("name") != "stderr", f"{cell.id}: {output.get('text')}"


@every_notebook
def test_nothing_tells_of_the_machine(edition: str, name: str) -> None:
    content = notebook(edition, name)
    assert content.metadata == METADATA
    for cell in content.cells:
        assert set(cell.metadata) <= KEPT_CELL_METADATA, cell.id
    text = (BOOK / edition / f"{name}.ipynb").read_text("utf8")
    traces = re.findall(r"(?:/home/|/root|/tmp/|/Users/|[A-Z]:\\\\|ipykernel_\d+)\S*", text)
    assert not traces


@every_notebook
def test_cell_ids_are_unique(edition: str, name: str) -> None:
    ids = [cell.id for cell in notebook(edition, name).cells]
    assert len(set(ids)) == len(ids)


def test_only_the_listed_cells_escape_the_comparison() -> None:
    tagged = {
        cell.id
        for edition, name in NOTEBOOKS
        for cell in code_cells(edition, name)
        if cell.metadata.get("tags")
    }
    assert tagged == set(NOT_COMPARED)
    # nbval would obey a comment, too.
    for edition, name in NOTEBOOKS:
        assert not [cell.id for cell in code_cells(edition, name) if "NBVAL" in cell.source]


@every_notebook
def test_every_figure_has_a_name_a_caption_and_alternative_text(edition: str, name: str) -> None:
    for cell in code_cells(edition, name):
        images = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        if not images:
            continue
        assert len(images) == len(cell.outputs) == 1, f"{cell.id}: one figure and nothing else"
        settings = cell.metadata["mystnb"]
        assert settings["figure"]["name"].startswith("fig-")
        for text in (settings["figure"]["caption"], settings["image"]["alt"]):
            assert bool(re.search("[\u4e00-\u9fff]", text)) == (edition == "zh"), cell.id
        assert len(settings["image"]["alt"]) > 30, f"{cell.id}: says what is to be seen"


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_what_a_chapter_has(name: str) -> None:
    text = prose("en", name)
    headings = re.findall(r"^## (.*)", text, re.MULTILINE)
    assert headings[0] == "What you will learn"
    assert headings[-3:] == ["Summary", "Exercises", "Assignments"]
    assert any(heading.startswith("A common mistake") for heading in headings)
    assert 3 <= len(re.findall(r"^```\{exercise\}", text, re.MULTILINE)) <= 5
    assert re.search(r"^\$\$ \(eq-", text, re.MULTILINE)
    assert any(cell.metadata.get("mystnb") for cell in code_cells("en", name))


# Numbers in the prose


@every_notebook
def test_every_number_in_the_prose_comes_from_the_run(edition: str, name: str) -> None:
    """A number that prose states stands in the code or in an output of the notebook.

    Whole numbers up to 10 are words, not results. Exercises ask for what the
    notebook has not done; citations, the reading time and the version of Python have
    numbers of their own.
    """
    text = re.sub(r"^```\{exercise\}.*?^```", "", prose(edition, name), flags=re.S | re.M)
    text = re.sub(r"^(Reading time:|阅读时间：).*|Python 3\.11", "", text, flags=re.M)
    stated = {x for x in numbers(without_code(text)) if not (x <= 10 and x == int(x))}
    run = set()
    for cell in code_cells(edition, name):
        run |= numbers(re.sub(r"#.*", "", cell.source)) | numbers(output_text(cell))
    unfounded = {x for x in stated if not any(math.isclose(x, y) for y in run)}
    assert not unfounded, f"found in no cell of the notebook: {sorted(unfounded)}"


def test_numbers_are_read_from_prose() -> None:
    """The test above can fail: it reads what people write."""
    assert numbers("about 1,000 or 0.03; 1e-5, w_1, x2, 3.4, and 10_000.") == {
        1000, 0.03, 1e-5, 3.4, 10000,
    }  # fmt: skip
    assert numbers("共1000个样本，误差0.0025。") == {1000, 0.0025}


# The chapters and the library


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(("chapter", "module", "name"), BUILT)
def test_the_code_of_the_chapter_is_that_of_the_library(
    chapter: str, module: str, name: str, edition: str
) -> None:
    """Apart from docstrings, annotations and the check in front, statement for statement.

    Messages are compared as well, with those that the library has in the language of the edition.
    """
    source = (ROOT / "lr_lib" / f"{module}.py").read_text("utf8")
    library = dict(definitions(source, edition))
    assert bodies(edition, chapter, name) == [library[name]]
    if name in lr_lib.__all__:
        again = [other for other in CHAPTERS if other != chapter and bodies(edition, other, name)]
        assert not again, f"{name} is defined again in {again} instead of imported"


def bodies(edition: str, chapter: str, name: str) -> list[str]:
    """The normalized bodies of everything of this name that a chapter defines."""
    return [
        body
        for cell in code_cells(edition, chapter)
        for defined, body in definitions(cell.source)
        if defined == name
    ]


@pytest.mark.parametrize("limit", ["CHUNK_BATCHES", "CHUNK_BYTES"])
def test_the_size_of_a_chunk_is_that_of_the_library(limit: str) -> None:
    for edition in EDITIONS:
        code = "\n".join(cell.source for cell in code_cells(edition, "data-iter"))
        (size,) = re.findall(rf"^{limit} = (.*)$", code, re.MULTILINE)
        assert eval(size) == getattr(lr_lib.functional, limit)
