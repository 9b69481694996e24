"""Execute notebooks in place and store their outputs without a trace of the machine.

    python tools/notebooks.py             every chapter and every solution, in both editions
    python tools/notebooks.py book/en/sgd.ipynb book/zh/sgd.ipynb

Run it after every change to a notebook: the stored outputs are what the book
shows and what the tests compare with.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from lr_grading.assignments import ROOT

KEPT_CELL_METADATA = {"mystnb", "nbgrader", "tags"}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def normalize(notebook: NotebookNode) -> None:
    """Keep what the book needs; drop what tells of the machine, the time or the editor."""
    notebook.metadata = NotebookNode(METADATA)
    for cell in notebook.cells:
        cell.metadata = NotebookNode(
            {key: value for key, value in cell.metadata.items() if key in KEPT_CELL_METADATA}
        )
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = NotebookNode()


def execute(path: Path) -> None:
    """Run a notebook from top to bottom, in its own folder, and write it back."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        coalesce_streams=True,  # the pieces in which a text arrives depend on timing
        extra_arguments=["--log-level=ERROR"],
    )
    client.execute()
    normalize(notebook)
    nbformat.write(notebook, path)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "notebooks", nargs="*", type=Path, help="default: all of book/ and solutions/"
    )
    paths = parser.parse_args().notebooks or sorted(
        [*ROOT.glob("book/*/*.ipynb"), *ROOT.glob("solutions/*/*/*.ipynb")]
    )
    missing = [path for path in paths if not path.is_file()]
    if missing:
        parser.error(f"no such notebook: {', '.join(map(str, missing))}")
    failures = 0
    with ProcessPoolExecutor(max_workers=min(len(paths), os.cpu_count() or 1)) as pool:
        runs = {pool.submit(execute, path): path for path in paths}
        for done, run in enumerate(as_completed(runs), start=1):
            name = os.path.relpath(runs[run])
            try:
                run.result()
                print(f"[{done}/{len(paths)}] {name}", flush=True)
            except Exception as error:  # a cell, a kernel or a file: the others go on
                failures += 1
                print(f"[{done}/{len(paths)}] {name} FAILED, left as it was\n{error}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
