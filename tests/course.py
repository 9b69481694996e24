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


SECTION = re.compile(r"^\(([a-z0-9-]+)\)=\n(?=#+ )", re.MULTILINE)


def sections(edition: str, name: str) -> dict[str, str]:
    """The sections of a page by their labels, each with its own heading; first what has none."""
    first, *rest = SECTION.split(prose(edition, name))
    return {"": first, **dict(zip(rest[::2], rest[1::2], strict=True))}


def code_by_section(edition: str, name: str) -> list[tuple[str, str]]:
    """The code cells of a notebook, each with the label of the section that it is in."""
    label, found = "", []
    for cell in notebook(edition, name).cells:
        if cell.cell_type == "markdown":
            label = (SECTION.findall(cell.source) or [label])[-1]
        elif cell.cell_type == "code":
            found.append((label, cell.id))
    return found


class WithoutLanguage(ast.NodeTransformer):
    """Leaves out that a Chinese notebook asks for Chinese messages: English is the default."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom:
        node.names = [alias for alias in node.names if alias.name != "set_language"]
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        asks = isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "set_language"
        return None if asks else self.generic_visit(node)


class _Wordless(WithoutLanguage):
    """Takes the words out of code. What a formatted string fills in is code."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str):
            self.words.append(node.value)
            return ast.Constant("")
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        fields: list[ast.expr] = []
        self.words.append("")
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.value = self.visit(part.value)
                fields.append(part)
            elif isinstance(part, ast.Constant):
                self.words[-1] += str(part.value)
        return ast.JoinedStr(fields)


def wordless(source: str) -> tuple[str, list[str]]:
    """Code without its words, comments and docstrings; and the words of each of its strings."""
    transformer = _Wordless()
    return ast.dump(transformer.visit(statements(source))), transformer.words


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


def definitions(source: str, edition: str = "en") -> Iterator[tuple[str, str]]:
    """Name and normalized body of each function and class at the top of a piece of code.

    The library says ``either("English", "中文")`` where a chapter has the text of its edition.
    """
    for node in statements(source, only_code=False).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, ast.dump(_InOneLanguage(edition).visit(node))


class _InOneLanguage(ast.NodeTransformer):
    """Puts the text of one edition in the place of ``either(english, chinese)``."""

    def __init__(self, edition: str) -> None:
        self.edition = edition

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if ast.unparse(node.func) == "either":
            return node.args[EDITIONS.index(self.edition)]
        return self.generic_visit(node)


def without_code(markdown: str) -> str:
    """Prose without fenced code, inline code, roles and labels, whose text nobody reads."""
    markdown = re.sub(r"^```text\n.*?^```", "", markdown, flags=re.S | re.M)
    markdown = re.sub(r"\{[a-z]+\}`[^`]*`|:label:.*|`[^`]*`", "", markdown)
    return re.sub(r"\]\([^)]*\)", "]", markdown)


def numbers(text: str) -> set[float]:
    """The values of all numbers in a text, without sign: 0.03, 10000, 1e-05."""
    found = re.findall(r"(?<![A-Za-z0-9_.])(?:\d+(?:[,_]\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?", text)
    return {float(re.sub("[,_]", "", number)) for number in found}
