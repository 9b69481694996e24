"""The result of a check, as data: for people a check prints.

What marks keeps it in the metadata of the cell. Nothing has to be read out of printed words, which
are in two languages.
"""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from lr_grading.messages import text

if TYPE_CHECKING:  # a student's notebook and the process with the answers do without
    from nbformat import NotebookNode

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


def keep(result: Result, cell: "NotebookNode") -> None:
    """Keep a result in the metadata of its cell."""
    if METADATA not in cell.metadata:
        cell.metadata[METADATA] = {}
    cell.metadata[METADATA].setdefault("results", []).append(asdict(result))


def results_of(cell: "NotebookNode") -> list[Result]:
    """The results of a cell of checks that was run; none where it ended before."""
    return [Result(**data) for data in cell.metadata.get(METADATA, {}).get("results", [])]
