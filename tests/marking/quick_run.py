"""Mark a class without running its notebooks, for tests of all that is around that."""

import json
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import nbformat
import psutil
from nbformat import NotebookNode
from nbformat.v4 import new_output

from lr_grading.assignments import HIDDEN, VISIBLE, grade_id, kind
from lr_grading.submission import Assignment, Submission, notebook_to_run

DO = "do.json"  # a file beside a notebook: what happens to the process that runs it


def quick_run(assignment: Assignment, handed_in: Submission) -> str:
    """Stands in for ``run_submission`` in a worker: only running the notebook is left out."""
    do = json.loads(handed_in.files.get(DO, b"{}"))
    if "note" in do:
        Path(do["note"]).write_text(str(os.getpid()))
    if "interrupt" in do:
        os.kill(do["interrupt"], signal.SIGINT)
    if "kill" in do and psutil.pid_exists(do["kill"]):
        os.kill(do["kill"], signal.SIGKILL)
    time.sleep(do.get("sleep", 0))
    if "die" in do or ("die-once" in do and not Path(do["die-once"]).exists()):
        Path(do.get("die-once", os.devnull)).touch()
        os.kill(os.getpid(), signal.SIGKILL)  # as the system does where there is no memory
    return json.dumps(scored(notebook_to_run(assignment, handed_in)))


def quick_execute(_: Any, notebook: NotebookNode, resources: Any, *__: Any) -> Any:
    """Stands in for ``Execute.preprocess`` in nbgrader."""
    return scored(notebook), resources


def scored(notebook: NotebookNode) -> NotebookNode:
    """Give each cell of checks a score that follows from the length of the answer."""
    answers = {grade_id(cell): cell.source for cell in notebook.cells}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
        if kind(cell) == "checks":
            question = str(grade_id(cell)).removesuffix(HIDDEN).removesuffix(VISIBLE)
            score = len(answers[question]) % (1 + int(cell.metadata.nbgrader.points))
            data = {"text/plain": f"{score}.0"}
            cell.outputs = [new_output("execute_result", data=data, execution_count=1)]
    return nbformat.from_dict(json.loads(json.dumps(notebook)))  # type: ignore[no-any-return]


class ThisProcess:
    """Workers that are this process."""

    deaths: tuple[type[Exception], ...] = ()
    capacity = 1

    def submit(self, work: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def close(self) -> None:
        """There is nothing to stop."""
