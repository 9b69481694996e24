"""What a worker does: it runs one submission, and hands back the notebook as text."""

import json
import logging
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from lr_grading.assignments import trusted_sources
from lr_grading.submission import Assignment, Submission, notebook_to_run, notebooks

if TYPE_CHECKING:
    from lr_grading.marker import Marker

# What a worker loads before its first submission. Who hands out the work needs no PyTorch. The
# last one is what PyTorch would load, in each worker, when it first computes gradients.
MODULES = ("lr_grading.worker", "lr_grading.marker", "torch._dynamo")
# Of c.Execute, what a marker is made with.
LIMITS = ("language", "sandbox", "timeout", "check_seconds", "total", "memory", "output_limit")


def run_submission(assignment: Assignment, submission: Submission) -> str:
    """Repair a submission, put its checks back and run it.

    Returns:
        The notebook that was run, as JSON.

    Raises:
        RuntimeError: This machine has other graders, or no sandbox.
    """
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    notebook = notebook_to_run(assignment, submission)
    _, locked, _ = notebooks(assignment)
    settings = json.loads(assignment.settings)
    return json.dumps(run_notebook(notebook, locked, settings, submission.files))


def run_notebook(
    notebook: NotebookNode,
    locked: NotebookNode,
    settings: dict[str, Any],
    files: Mapping[str, bytes],
) -> NotebookNode:
    """Run a notebook.

    Args:
        notebook: The notebook.
        locked: The assignment, with the cells of checks that are the course's own.
        settings: What the class has set for it (``c.Execute``).
        files: What lies beside it, by path.
    """
    marker = _marker(tuple((name, settings[name]) for name in LIMITS if name in settings))
    return marker.run(notebook, trusted_sources(locked), seed=settings["seed"], files=files)


@cache
def _marker(limits: tuple[tuple[str, Any], ...]) -> "Marker":
    """It stays for the next submissions: to start one takes seconds."""
    from lr_grading.marker import Marker

    return Marker(**dict(limits))
