"""What a worker does: it runs one submission, and hands back the notebook as text."""

import json
import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from traitlets.config import Config

from lr_grading.execute import Execute
from lr_grading.submission import Assignment, Submission, notebook_to_run, notebooks


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
    with tempfile.TemporaryDirectory(prefix="submission-") as folder:
        for path, content in files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        execute = Execute(config=Config({"Execute": settings}))
        executed, _ = execute.preprocess(notebook, {"metadata": {"path": folder}})
    return executed
