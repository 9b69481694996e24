"""What is said while a class is marked: a line for each student, in their order, and a bar."""

from collections.abc import Callable, Iterable
from types import TracebackType

from tqdm import tqdm

from lr_grading.terminal import one_line

BAR = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}]"  # done, time so far, time left


class Report:
    """Says the lines of each student as soon as those of the students before are said.

    While it is entered, a bar shows how many are done and the time left, if somebody watches.

    Args:
        students: The students, in their order.
        say: Takes a line.
    """

    def __init__(self, students: list[str], say: Callable[[str], object]) -> None:
        self._students, self.say = students, say
        self.failed = 0
        self._lines: dict[str, list[str]] = {}
        self._said = 0
        self._ran: set[str] = set()
        self._bar: tqdm[None] | None = None

    def __enter__(self) -> "Report":
        left = len(self._students) - len(self._lines)
        self._bar = tqdm(total=left, disable=None, leave=False, bar_format=BAR)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    @property
    def done(self) -> int:
        """How many students have their marks."""
        return len(self._lines) - self.failed

    def ran(self, student: str) -> None:
        """The work of a student was run: the bar goes on."""
        if self._bar is not None and student not in self._ran:
            self._ran.add(student)
            self._bar.update()

    def add_failure(self, student: str, line: str, more: Iterable[str]) -> None:
        """A student has no marks: that, and why."""
        self.failed += 1
        self.add(student, line, more)

    def add(self, student: str, line: str, more: Iterable[str] = ()) -> None:
        """A student is done: a line, and what else there is to say."""
        self._lines[student] = [line, *more]
        self.ran(student)
        with tqdm.external_write_mode():
            while self._said < len(self._students):
                student = self._students[self._said]
                if student not in self._lines:
                    break
                self._said += 1
                first, *others = self._lines[student]
                number = f"[{self._said}/{len(self._students)}]"
                self.say(f"{number} {one_line(student)}: {one_line(first)}")
                for other in others:
                    self.say(f"      {one_line(other)}")
