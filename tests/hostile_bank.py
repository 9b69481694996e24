"""The bank of submissions that are broken, or that want to cheat, to harm or to be misread.

``tests/hostile/*.md`` has a heading for each, what it is, and in blocks of code what is written
into the answers of *from-scratch*, which are otherwise those of the solution:

    ## name-of-the-student
    Loses recover, train: a regular expression for the reason
    Unanswered: recover
    May cost more
    Takes long

    ```python
    # before synthetic-data      in front of the right answer
    # after recover              after it
    # answer linreg              in place of it
    ```

``Loses`` names the questions that get nothing; those that are unanswered are lost as well. All
others keep all their points. ``May cost more`` allows less, never more. What takes long, because
it goes on until a limit ends it, is marked in the slow part.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "hostile"
PIECE = re.compile(r"^# (before|after|answer) ([a-z-]+)$", re.MULTILINE)


@dataclass
class HostileSubmission:
    """One submission of the bank."""

    group: str  # the file that it is in
    student: str
    pieces: list[tuple[str, str, str]]  # before, after or answer; the question; the code
    lost: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    reason: str = ""
    may_cost_more: bool = False
    takes_long: bool = False

    def answers(self, solution: dict[str, str], release: dict[str, str]) -> dict[str, str]:
        """The sources of its answers, where they are not those of the solution.

        Args:
            solution: The right answers, by question.
            release: What was handed out in their place.
        """
        made = {question: release[question] for question in self.unanswered}
        for how, question, code in self.pieces:
            right = made.get(question, solution[question])
            if how == "before":
                made[question] = f"{code}\n\n{right}"
            elif how == "after":
                made[question] = f"{right}\n\n{code}"
            else:
                made[question] = code
        return made


def bank() -> Iterator[HostileSubmission]:
    """All submissions, file by file."""
    for file in sorted(FOLDER.glob("*.md")):
        _, *sections = re.split(r"^## ", file.read_text("utf8"), flags=re.MULTILINE)
        yield from (_read(file.stem, section) for section in sections)


def _read(group: str, section: str) -> HostileSubmission:
    student, _, body = section.partition("\n")
    words, *blocks = re.split(r"^````?\w*\n", body, flags=re.MULTILINE)
    code = "".join(blocks[::2])
    _, *found = PIECE.split(code)
    pieces = [
        (how, question, source.strip())
        for how, question, source in zip(found[::3], found[1::3], found[2::3], strict=True)
    ]
    lost, reason = re.search(r"^Loses ([a-z, -]+)(?:: (.*))?$", words, re.M), ""
    unanswered = re.search(r"^Unanswered: (.*)$", words, re.M)
    if lost:
        reason = lost[2] or ""
    missing = set(unanswered[1].split(", ")) if unanswered else set()
    return HostileSubmission(
        group,
        student.strip(),
        pieces,
        missing | (set(lost[1].split(", ")) if lost else set()),
        missing,
        reason,
        "May cost more" in words,
        "Takes long" in words,
    )
