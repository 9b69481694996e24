"""The result of a check, and the way that it takes from the kernel to what marks.

For people a check prints. Where something marks, the kernel also sends the result as data of a
type of its own, and ``lr_grading.execute`` keeps it in the metadata of the cell: nothing has to
be read out of printed words, which are in two languages.
"""

import os
import sys
from dataclasses import asdict, dataclass, fields
from typing import Any

from nbformat import NotebookNode

from lr_grading.messages import text

TYPE = "application/vnd.lr-grading.result+json"
SEED_VARIABLE = "LR_GRADING_SEED"  # the private seed, where something that marks has set one
METADATA = "lr_grading"  # where the metadata of a cell have what the graders know of it
# Why a check failed, where it says nothing about the answer that it is for.
UNWRITTEN = "unwritten"  # what the check calls ends at raise NotImplementedError
ELSEWHERE = "elsewhere"  # the error has been met before, in the checks of another question


@dataclass(frozen=True)
class Result:
    """What one check has given. The texts are in the language of the notebook.

    Attributes:
        name: What was asked, in short.
        points: What passing it is worth.
        earned: What it has given.
        asked: What was expected, of a failed check.
        got: What came back.
        cause: What is likely wrong, if what came back shows it.
        hint: What to look at.
        reason: ``UNWRITTEN``, ``ELSEWHERE`` or nothing.
        subject: What is unwritten, or the question to mend first.
    """

    name: str
    points: float
    earned: float
    asked: str = ""
    got: str = ""
    cause: str = ""
    hint: str = ""
    reason: str = ""
    subject: str = ""

    @property
    def passed(self) -> bool:
        return not self.asked

    def lines(self, language: str) -> list[str]:
        """The result as a person reads it."""
        sign = "✓" if self.passed else "✗"
        first = f"{sign} {self.earned:g}/{self.points:g}  {self.name}"
        separator = "：" if language == "zh" else ": "
        said = {key: getattr(self, key) for key in ("asked", "got", "cause", "hint")}
        return [first] + [
            f"       {text(language, key)}{separator}{words}"
            for key, words in said.items()
            if words
        ]


def send(result: Result) -> None:
    """Send a result to what marks; where nothing does, do nothing."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    if SEED_VARIABLE in os.environ and shell:
        shell.display_pub.publish({TYPE: asdict(result)})


def keep(data: Any, cell: NotebookNode) -> None:
    """Keep a result that has come in the metadata of its cell."""
    cell.metadata.setdefault(METADATA, NotebookNode()).setdefault("results", []).append(data)


def results_of(cell: NotebookNode) -> list[Result]:
    """The results of a cell of checks that was run; none where it ended before."""
    kept = cell.metadata.get(METADATA, {}).get("results", [])
    return [result for result in map(_read, kept) if result is not None]


def _read(data: Any) -> Result | None:
    """A result out of data, which a student's code may have sent."""
    wanted = {field.name: field.type for field in fields(Result)}
    if not isinstance(data, dict) or set(data) != set(wanted):
        return None
    if not all(
        isinstance(data[name], str if kind is str else (int, float))
        for name, kind in wanted.items()
    ):
        return None
    return Result(**data)
