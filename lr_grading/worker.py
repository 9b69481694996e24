"""What a worker does: it runs one submission, and hands back the notebook as text."""

import json
import logging
import tempfile
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from traitlets.config import Config

from lr_grading.execute import Execute
from lr_grading.submission import Assignment, Submission, notebook_to_run


def run_submission(assignment: Assignment, submission: Submission) -> str:
    """Repair a submission, put its checks back and run it.

    Returns:
        The notebook that was run, as JSON.

    Raises:
        RuntimeError: This machine has other graders, or no sandbox.
    """
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    notebook = notebook_to_run(assignment, submission)
    with tempfile.TemporaryDirectory(prefix="submission-") as folder:
        for path, content in submission.files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return json.dumps(run_notebook(notebook, json.loads(assignment.settings), Path(folder)))


def run_notebook(notebook: NotebookNode, settings: dict[str, Any], folder: Path) -> NotebookNode:
    """Run a notebook with the files of a folder at hand.

    Args:
        notebook: The notebook.
        settings: What the class has set for it (``c.Execute``).
        folder: The files.
    """
    execute = Execute(config=Config({"Execute": settings}))
    executed, _ = execute.preprocess(notebook, {"metadata": {"path": str(folder)}})
    return executed
