"""Speed of marking a class, as ratios to nbgrader as it comes, measured in one run.

    make bench

The classes are made of the answers of the calibration bank. nbgrader as it comes is
``nbgrader autograde`` with its own ``Execute`` and nothing of ours: one submission after another,
each in a kernel of its own and without a sandbox. It marks a few of each class; the time for the
whole class is computed from that: the time for the first one, which holds the start, and that for
each further one. All times are those of a clock. "Target" is what the project promises.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for the class of the tests

from lr_grading.assignments import NAMES
from lr_grading.calibration_bank import bank
from lr_grading.workers import usable_cores
from tests.classroom import completed, hand_in, nbgrader, new_class

MARK = """
if __name__ == "__main__":
    import sys
    from pathlib import Path
    from lr_grading.classroom import autograde_all

    name, root, workers = sys.argv[1:]
    sys.exit(autograde_all(name, "en", Path(root), print, workers=int(workers)))
"""
PLAIN = """
del c.Autograde.exporter_class
del c.Autograde.autograde_preprocessors
del c.Execute
"""


def main() -> None:
    print(f"{usable_cores()} cores")
    with tempfile.TemporaryDirectory() as folder:
        ratios("from-scratch alone", ["from-scratch"], 60, 4, {1: None, 2: 10}, Path(folder, "one"))
        ratios("All nine assignments", list(NAMES), 60, 2, {2: 5}, Path(folder, "nine"))


def ratios(
    title: str,
    names: list[str],
    size: int,
    further: int,
    targets: dict[int, float | None],
    root: Path,
) -> None:
    """Print how much faster than nbgrader classes are marked.

    Args:
        title: What is marked.
        names: The assignments.
        size: Submissions for each of them.
        further: Submissions that nbgrader marks besides the first.
        targets: Workers, and the ratio that is promised for so many.
        root: Where the classes are laid out.
    """
    print(f"{title}: {size} submissions each")
    stock = sum(stock_seconds(name, size, further, root / "stock" / name) for name in names)
    counted = f"computed from {(1 + further) * len(names)} of {size * len(names)}"
    print(f"  {'nbgrader as it comes':44} {stock:7.1f} s   {counted}")
    for workers, target in targets.items():
        ours = sum(our_seconds(name, size, workers, root / str(workers) / name) for name in names)
        verdict = ""
        if target is not None:
            verdict = f"   target {target} " + ("met" if stock / ours >= target else "NOT met")
        said = f"make autograde, workers: {workers}"
        print(f"  {said:44} {ours:7.1f} s   ratio {stock / ours:5.1f}{verdict}", flush=True)


def stock_seconds(name: str, size: int, further: int, root: Path) -> float:
    """Seconds for a class, computed from some of it."""
    first = stock_run(name, 1, root / "first")
    each = (stock_run(name, 1 + further, root / "further") - first) / further
    return first + (size - 1) * each


def stock_run(name: str, size: int, root: Path) -> float:
    home = lay_out(name, size, root)
    with (home / "nbgrader_config.py").open("a") as settings:
        settings.write(PLAIN)
    return seconds(["nbgrader", "autograde", name], home)


def our_seconds(name: str, size: int, workers: int, root: Path) -> float:
    home = lay_out(name, size, root)
    program = home / "mark.py"
    program.write_text(MARK)
    return seconds([sys.executable, str(program), name, str(root), str(workers)], home)


def lay_out(name: str, size: int, root: Path) -> Path:
    """A class that has handed in the answers of the bank, in turn."""
    home = new_class(root, "en", list(NAMES))
    nbgrader("generate_assignment", name, "--log-level=ERROR", folder=home)
    for number, answer in enumerate(islice(cycle(bank(name)), size)):
        hand_in(home, f"student-{number:02}", name, completed("en", name, answer.answers))
    return home


def seconds(command: list[str], folder: Path) -> float:
    path = sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"]
    start = perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PATH": path, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stdout}{done.stderr}")
    return perf_counter() - start


if __name__ == "__main__":
    main()
