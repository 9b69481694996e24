"""The bank of answers with known marks, by which the graders are calibrated.

``calibration/<assignment>/wrong/*.py`` and ``.../right/*.py``: what a student might
write instead of the solution. A file is a docstring that names the idea, then cells:

    # %% marks
    # sgd-checks 1 of 2
    # train-hidden 0 of 4

    # %% answer sgd
    def sgd(params, lr, batch_size):
        ...

``marks`` lists the cells of checks that must not give full marks; all others must. The
answers that a file does not have are those of the solution.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lr_grading.assignments import NAMES, ROOT

BANK = ROOT / "calibration"
CELL = re.compile(r"^# %% (.*)$", re.MULTILINE)
MARK = re.compile(r"^# (\S+) ([\d.]+) of ([\d.]+)$")


@dataclass(frozen=True)
class BankAnswer:
    """An answer of the bank."""

    file: Path
    assignment: str
    right: bool
    idea: str  # what is wrong, or different, in it
    answers: dict[str, str]  # source by grade id
    marks: dict[str, tuple[float, float]]  # earned and full points of the cells it does not pass


def bank(assignment: str) -> Iterator[BankAnswer]:
    """The bank of an assignment: the wrong answers, then the right ones."""
    for kind in ("wrong", "right"):
        for file in sorted((BANK / assignment / kind).glob("*.py")):
            yield read_answer(file)


def read_answer(file: Path) -> BankAnswer:
    """Read a file of the bank.

    Raises:
        ValueError: It is not in the format above; the message names the line.
    """
    assignment, kind = file.parts[-3], file.parts[-2]
    if assignment not in NAMES or kind not in ("right", "wrong"):
        raise ValueError(f"{file}: expected calibration/ASSIGNMENT/(right or wrong)/*.py")
    content = file.read_text(encoding="utf8")
    head, *cells = CELL.split(content)
    idea = ast.get_docstring(ast.parse(head))
    if not idea:
        raise ValueError(f"{file}: expected a docstring that says what the answer is")
    answers: dict[str, str] = {}
    marks: dict[str, tuple[float, float]] = {}
    for title, body in zip(cells[::2], cells[1::2], strict=True):
        match title.split():
            case ["marks"]:
                marks = _marks(file, body)
            case ["answer", name]:
                answers[name] = body.strip()
            case _:
                raise ValueError(f"{file}: expected a cell 'marks' or 'answer ID', not {title!r}")
    if bool(marks) == (kind == "right"):
        raise ValueError(f"{file}: wrong answers, and only those, have a cell of marks")
    return BankAnswer(file, assignment, kind == "right", idea, answers, marks)


def _marks(file: Path, body: str) -> dict[str, tuple[float, float]]:
    marks = {}
    for line in filter(None, map(str.strip, body.splitlines())):
        found = MARK.match(line)
        if not found:
            raise ValueError(f"{file}: expected '# CELL points of points', not {line!r}")
        marks[found[1]] = float(found[2]), float(found[3])
    return marks
