"""The pages of both editions, as the tests look at them."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from lr_grading.assignments import ROOT as ROOT  # for those that use these places, too
from lr_grading.messages import LANGUAGES

BOOK = ROOT / "book"
SITE = ROOT / "_build" / "html"
EDITIONS = LANGUAGES


def files(folder: Path, pattern: str = "**/*.*") -> list[Path]:
    """The files of a folder, without what lies around and git ignores.

    JupyterLab leaves ``.ipynb_checkpoints``, Python ``__pycache__``, macOS ``.DS_Store``,
    and ``make fresh`` what a student has set aside.
    """
    found = (path for path in folder.glob(pattern) if path.is_file())
    return sorted(path for path in found if not _lies_around(path.relative_to(folder)))


def _lies_around(path: Path) -> bool:
    ignored = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    return ignored or path.name.endswith(".saved.ipynb")


def in_turn(names: Sequence[str]) -> list[Any]:
    """Each name with an edition, in turn; with the other edition in the slow part.

    For tests of what the editions have in common, which take long.
    """
    return [
        pytest.param(
            name,
            edition,
            id=f"{name}-{edition}",
            marks=[pytest.mark.slow] * (number % len(EDITIONS) != position),
        )
        for number, name in enumerate(names)
        for position, edition in enumerate(EDITIONS)
    ]


def notebook_names() -> list[str]:
    return [path.stem for path in files(BOOK / "en", "*.ipynb")]


CHAPTERS = tuple(name for name in notebook_names() if name != "index")


def pages(edition: str) -> list[str]:
    """The pages that the built site has of an edition, as its sources promise them."""
    chapters = [path.stem for path in files(BOOK / edition, "*.*")]
    solutions = [path.stem for path in files(ROOT / "solutions" / edition, "*/*.ipynb")]
    names = [*chapters, *(f"solutions/{name}" for name in solutions), "search"]
    return [f"{edition}/{name}.html" for name in names]


def notebook(edition: str, name: str) -> NotebookNode:
    content: NotebookNode = nbformat.read(BOOK / edition / f"{name}.ipynb", as_version=4)
    return content


def code_cells(edition: str, name: str) -> list[NotebookNode]:
    return [cell for cell in notebook(edition, name).cells if cell.cell_type == "code"]


def prose(edition: str, name: str) -> str:
    """The Markdown of a page, be it a notebook or a Markdown file."""
    file = BOOK / edition / f"{name}.md"
    if file.exists():
        return file.read_text("utf8")
    cells = notebook(edition, name).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def output_text(cell: NotebookNode) -> str:
    """What a cell printed or returned, as text."""
    texts = []
    for output in cell.get("outputs", []):
        texts.append(output.get("text", ""))
        texts.append(output.get("data", {}).get("text/plain", ""))
    return "\n".join(texts)


def statements(source: str, *, only_code: bool = True) -> ast.Module:
    """Parse code; without its docstrings, and without annotations and decorators if asked."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
        if not only_code:
            if isinstance(node, ast.FunctionDef):
                node.decorator_list, node.returns = [], None
            if isinstance(node, ast.arg):
                node.annotation = None
            if isinstance(node, ast.ClassDef):  # `lr: float` tells the type of an attribute
                node.body = [item for item in node.body if not _is_type_only(item)]
    return tree


def _is_type_only(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and node.value is None


def definitions(source: str) -> Iterator[tuple[str, str]]:
    """Name and normalized body of each function and class at the top of a piece of code."""
    for node in statements(source, only_code=False).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, ast.dump(node)


def without_code(markdown: str) -> str:
    """Prose without fenced code, inline code, roles and labels, whose text nobody reads."""
    markdown = re.sub(r"^```text\n.*?^```", "", markdown, flags=re.S | re.M)
    markdown = re.sub(r"\{[a-z]+\}`[^`]*`|:label:.*|`[^`]*`", "", markdown)
    return re.sub(r"\]\([^)]*\)", "]", markdown)


def numbers(text: str) -> set[float]:
    """The values of all numbers in a text, without sign: 0.03, 10000, 1e-05."""
    found = re.findall(r"(?<![A-Za-z0-9_.])(?:\d+(?:[,_]\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?", text)
    return {float(re.sub("[,_]", "", number)) for number in found}
