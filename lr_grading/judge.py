"""Mark answers in a process that already has PyTorch loaded: a tenth of the time of a kernel.

For calibration, where hundreds of answers are marked whose code is known. What a
student hands in is marked by ``lr_grading.execute``, in a kernel with limits.

Versions of a notebook that begin with the same cells share them: the process that has
run them forks where the versions part, once for each way to go on.
"""

import contextlib
import io
import os
import pickle
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import torch
from nbformat import NotebookNode

from lr_grading.assignments import grade_id, kind
from lr_grading.python_cell import run_source
from lr_grading.questions import Question

Found = dict[str, tuple[float, str]]  # by cell of checks: its points and what it printed
Versions = dict[int, list[str]]  # by number of the version: the sources of its cells


def marks(
    notebook: NotebookNode,
    *,
    seed: int = 1,
    threads: int = 1,
    dtype: torch.dtype = torch.float32,
) -> Found:
    """Run a notebook in a copy of this process.

    Args:
        notebook: Its answers may be replaced before, see ``with_answers``.
        seed: The private seed of the hidden checks, and PyTorch's own at the start.
        threads: How many threads PyTorch uses.
        dtype: PyTorch's default dtype.

    Returns:
        For each cell of checks its points and what it printed.

    Raises:
        RuntimeError: An answer ended the process.
    """
    (found,) = _marks([notebook], seed, threads, dtype)
    if found is None:
        raise RuntimeError("the process that ran the answer ended before it was done.")
    return found


def marks_of_each(
    notebook: NotebookNode, answers: Sequence[Mapping[str, str]], *, seed: int = 1
) -> list[Found | None]:
    """Run a notebook once for each set of answers, as ``marks(with_answers(...))`` does.

    Returns:
        For each set of answers its marks, or None where an answer ended the process.

    Raises:
        KeyError: The notebook has no answer of that name.
    """
    versions = [with_answers(notebook, changed) for changed in answers]
    return _marks(versions, seed, 1, torch.float32)


def _marks(
    versions: list[NotebookNode], seed: int, threads: int, dtype: torch.dtype
) -> list[Found | None]:
    _load_modules()

    def run() -> dict[int, Found]:
        torch.set_num_threads(threads)
        torch.set_default_dtype(dtype)
        torch.manual_seed(seed)
        Question.place.seed = seed
        sources = {n: [cell.source for cell in nb.cells] for n, nb in enumerate(versions)}
        return _run(versions[0].cells, sources, 0, {"__name__": "__main__"}, {})

    found = _in_fork(run)
    return [found.get(number) for number in range(len(versions))]


def _in_fork(work: Callable[[], dict[int, Found]]) -> dict[int, Found]:
    """What ``work`` returns in a copy of this process; nothing if the copy ended before.

    A fork starts with all that its parent has loaded and computed, and whatever an answer
    breaks ends with it.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe, contextlib.suppress(BaseException):
            pickle.dump(work(), pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        result = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(result) if result else {}


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


def _run(
    cells: Sequence[NotebookNode],
    versions: Versions,
    start: int,
    namespace: dict[str, Any],
    found: Found,
) -> dict[int, Found]:
    """Run what is left of versions that are the same so far.

    Args:
        cells: The cells of all of them, but for the sources.
        versions: By number, the sources of its cells.
        start: The place of the first cell that was not run.
        namespace: The names that the cells before have defined.
        found: What their checks have given.

    Returns:
        By number, what the checks of the version have given.
    """
    for place, cell in enumerate(cells[start:], start):
        if cell.cell_type != "code" or grade_id(cell) is None:
            continue  # cells without a name draw figures; no check builds on them
        ways: dict[str, Versions] = defaultdict(dict)
        for number, sources in versions.items():
            ways[sources[place]][number] = sources
        if len(ways) > 1:
            parted: dict[int, Found] = {}
            for way in ways.values():
                parted |= _in_fork(partial(_run, cells, way, place, namespace, found))
            return parted
        (source,) = ways
        value, printed = _run_cell(source, f"<cell {place}>", namespace)
        if kind(cell) == "checks":
            points = float(cell.metadata.nbgrader.points)
            found[str(grade_id(cell))] = (value if isinstance(value, float) else points, printed)
    return dict.fromkeys(versions, found)


def _run_cell(source: str, name: str, namespace: dict[str, Any]) -> tuple[Any, str]:
    """Run a cell; its value, which is 0.0 after an error, and what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        try:
            value = run_source(source, name, namespace)
        except Exception as error:  # as in a kernel, the next cells still run
            value = 0.0
            print(f"{type(error).__name__}: {error}")
    return value, printed.getvalue()
