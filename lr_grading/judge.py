"""Mark an answer in a process that already has PyTorch loaded: a tenth of the time of a kernel.

For calibration, where hundreds of answers are marked whose code is known. What a
student hands in is marked by ``lr_grading.execute``, in a kernel with limits.
"""

import ast
import contextlib
import io
import linecache
import os
import pickle
from collections.abc import Mapping
from functools import cache
from typing import Any

import torch
from nbformat import NotebookNode

from lr_grading.assignments import grade_id, kind
from lr_grading.questions import SEED_VARIABLE


def marks(
    notebook: NotebookNode,
    *,
    seed: int = 1,
    threads: int = 1,
    dtype: torch.dtype = torch.float32,
) -> dict[str, tuple[float, str]]:
    """Run a notebook in a copy of this process.

    Args:
        notebook: Its answers may be replaced before, see ``with_answers``.
        seed: The private seed of the hidden checks, and PyTorch's own at the start.
        threads: How many threads PyTorch uses.
        dtype: PyTorch's default dtype.

    Returns:
        For each cell of checks its points and what it printed.
    """
    _load_modules()
    # A fork starts with all modules loaded, and whatever the answer breaks ends with it.
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe, contextlib.suppress(BaseException):
            torch.set_num_threads(threads)
            torch.set_default_dtype(dtype)
            torch.manual_seed(seed)
            os.environ[SEED_VARIABLE] = str(seed)
            pickle.dump(_run(notebook), pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        result = pipe.read()
    os.waitpid(child, 0)
    if not result:
        raise RuntimeError("the process that ran the answer ended before it was done.")
    return pickle.loads(result)  # type: ignore[no-any-return]


@cache
def _load_modules() -> None:
    """Load what PyTorch loads at the first use of torch.func and torch.optim: it takes seconds."""
    torch.func.grad(torch.square)(torch.tensor(1.0))
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)


def with_answers(notebook: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """A copy of a notebook in which some answers are replaced, by grade id.

    Raises:
        KeyError: The notebook has no answer of that name.
    """
    copy = NotebookNode(notebook)
    copy.cells = [NotebookNode(cell) for cell in notebook.cells]
    cells = {grade_id(cell): cell for cell in copy.cells if kind(cell) == "answer"}
    for name, source in answers.items():
        if name not in cells:
            raise KeyError(f"there is no answer {name!r}; there are: {', '.join(map(str, cells))}.")
        cells[name].source = source
    return copy


def _run(notebook: NotebookNode) -> dict[str, tuple[float, str]]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    found = {}
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or grade_id(cell) is None:
            continue  # cells without a name draw figures; no check builds on them
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            try:
                value = _run_cell(cell.source, f"<cell {number}>", namespace)
            except Exception as error:  # as in a kernel, the next cells still run
                value = 0.0
                print(f"{type(error).__name__}: {error}")
        if kind(cell) == "checks":
            points = float(cell.metadata.nbgrader.points)
            score = value if isinstance(value, float) else points
            found[str(grade_id(cell))] = (score, printed.getvalue())
    return found


def _run_cell(source: str, name: str, namespace: dict[str, Any]) -> Any:
    """Run the code of a cell, and return the value of its last line if that is an expression."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), namespace)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), name, "eval"), namespace)  # type: ignore[attr-defined]
