"""Find code that reaches for what decides marks, before it is run.

Nearly all marks are decided where no answer can reach (``lr_grading.marker``). A few checks have to
look at what went on inside: how a trainer used a model, how many products a computation took. Who
wants to, could forge that. No honest answer needs what is listed here.
"""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from lr_grading.assignments import grade_id, kind

# Questions with a check that decides by what went on inside: in *objects*, a Probe notes there when
# a trainer calls it; in *second-derivatives*, CountedProduct counts the products with the features.
DECIDED_INSIDE = {"trainer", "hvp"}

MODULES = {"builtins", "ctypes", "gc", "inspect", "lr_grading", "msgpack", "pickle", "cloudpickle"}
ATTRIBUTES = {
    "__builtins__", "__closure__", "__code__", "__globals__", "__subclasses__", "_getframe",
    "ag_frame", "cell_contents", "cr_frame", "f_back", "f_builtins", "f_globals", "f_locals",
    "gi_frame", "meta_path", "modules", "setprofile", "settrace", "tb_frame", "_current_frames",
}  # fmt: skip
NAMES = {"__import__", "compile", "eval", "exec", "get_ipython", "globals"}
LIBRARIES = {"torch", "numpy", "np", "math", "lr_lib", "nn", "F"}
COMMAND = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)  # what only a notebook understands


@dataclass(frozen=True)
class Suspicion:
    """A line of an answer that reaches for what it does not need.

    Attributes:
        question: The question whose answer the cell is; nothing for a cell of the student's own.
        line: The line.
        what: What it touches.
    """

    question: str
    line: str
    what: str


def suspicions(notebook: NotebookNode, given: Collection[str]) -> list[Suspicion]:
    """The lines of a submission that reach for what decides marks.

    Args:
        notebook: The submission, repaired.
        given: The names of the cells that are the course's own.
    """
    noted = _noted(notebook, given)
    found = []
    for cell in notebook.cells:
        name = grade_id(cell)
        if cell.cell_type != "code" or name in given:
            continue
        lines = cell.source.splitlines()
        for line, what in _touched(cell.source, noted):
            text = lines[line - 1].strip() if line <= len(lines) else ""
            found.append(Suspicion(name or "", text, what))
    return found


def _noted(notebook: NotebookNode, given: Collection[str]) -> set[str]:
    """The attributes in which classes of the course note what goes on."""
    cells = [cell for cell in notebook.cells if grade_id(cell) in given and kind(cell) == "other"]
    classes = [
        node
        for cell in cells
        for node in ast.walk(_parsed(cell.source))
        if isinstance(node, ast.ClassDef)
    ]
    return {name for made in classes for name in _noted_by(made)}


def _noted_by(made: ast.ClassDef) -> Iterator[str]:
    for node in ast.walk(made):
        match node:
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=ast.List()
            ):
                yield name
    for node in made.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()):
                yield name


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(COMMAND.sub(r"\1pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])  # Python will not run it either


def _touched(source: str, noted: Collection[str]) -> Iterator[tuple[int, str]]:
    """The numbers of suspicious lines, and what they touch."""
    for node in ast.walk(_parsed(source)):
        what = _of_node(node, noted)
        if what:
            yield getattr(node, "lineno", 1), what


def _of_node(node: ast.AST, noted: Collection[str]) -> str:
    """What a piece of code touches; nothing if it is like that of any answer."""
    match node:
        case ast.Import(names=names):
            modules = {name.name.split(".")[0] for name in names}
            return ", ".join(sorted(modules & MODULES))
        case ast.ImportFrom(module=str(module), names=names):
            if module == "lr_grading" and [name.name for name in names] == ["Question"]:
                return ""
            return module if module.split(".")[0] in MODULES else ""
        case ast.Attribute(attr=name) if name in ATTRIBUTES:
            return name
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            return name
        case ast.Name(id="Question", ctx=ast.Store()) | ast.ClassDef(name="Question"):
            return "Question"
        case ast.Attribute(value=target, attr=name, ctx=ast.Store() | ast.Del()):
            return _written(target, name, noted)
        case ast.Subscript(
            value=ast.Attribute(value=target, attr=name), ctx=ast.Store() | ast.Del()
        ) if name in noted:
            return _written(target, name, noted)
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=target, attr=name))):
            return _written(target, name, noted) if name in noted else ""
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[target, *_]):
            return _written(target, "", noted)
    return ""


def _written(target: ast.expr, name: str, noted: Collection[str]) -> str:
    """What an assignment to an attribute changes, if it is no object of the student's own."""
    owner = ast.unparse(target)
    if owner.split(".")[0] in LIBRARIES:
        return f"{owner}.{name}".rstrip(".")
    return name if name in noted and owner != "self" else ""
