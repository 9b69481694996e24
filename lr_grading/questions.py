"""A question of an assignment: the checks of an answer, and the points that they give.

A cell of checks reads

    question = Question("linreg", language="en")
    with question.check("one prediction per example", points=1, hint="…") as check:
        check.shape("linreg(X, w, b)", linreg(X, w, b), (4, 1))
    question.score()

Each check passes or fails on its own; a failed one says what was asked, what came
back and what to look at. ``score`` ends the cell, as its value is what nbgrader
takes for the points.
"""

import hashlib
import linecache
import os
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import FrameType, TracebackType
from typing import Any, TypeGuard

import torch
from torch import Tensor

from lr_grading.messages import text

PUBLIC_SEED = 0
SEED_VARIABLE = "LR_GRADING_SEED"  # the private seed, where something that marks has set one
LIMIT_VARIABLE = "LR_GRADING_CHECK_LIMIT"  # seconds, where something that marks has set them
# Seconds of computing for a check, so that a busy machine costs no points; the slowest
# check of the solutions takes about half a second. A student gains nothing by another limit:
# that of the cell stays.
TIME_LIMIT = float(os.environ.get(LIMIT_VARIABLE, 10))
IMPATIENT_LIMIT = TIME_LIMIT / 5  # while the check before has run into its limit
CELL_NAMES = ("<ipython-input", "ipykernel_", "<cell ")  # how the code of a cell calls its file
SHOWN = 6  # numbers of a tensor that a message shows


class Question:
    """The checks of one cell.

    Args:
        name: The ``grade_id`` of the cell, without its ending.
        language: The language of the messages, "en" or "zh".
        hidden: Whether the inputs are to stay unknown: they are drawn from the
            private seed, and messages do not say which values were expected.
    """

    def __init__(self, name: str, *, language: str, hidden: bool = False) -> None:
        text(language, "asked")  # an unknown language is refused here
        self.name = name
        self.language = language
        self.hidden = hidden
        self.points = 0.0
        self.earned = 0.0
        self.complaints: list[str] = []
        seed = os.environ.get(SEED_VARIABLE, PUBLIC_SEED) if hidden else PUBLIC_SEED
        digest = hashlib.sha256(f"{seed}/{name}/{hidden}".encode()).digest()
        self.seed = int.from_bytes(digest[:4], "big")
        self.generator = torch.Generator().manual_seed(self.seed)

    def check(self, name: str, *, points: float, hint: str) -> "Check":
        """Begin a check, for use with ``with``.

        Args:
            name: What is asked, as the student reads it.
            points: What passing it is worth.
            hint: What to look at when it fails.
        """
        return Check(self, name, points, hint)

    def integer(self, low: int, high: int) -> int:
        """Draw a whole number from low to high, both included."""
        return int(torch.randint(low, high + 1, (), generator=self.generator))

    def uniform(self, low: float, high: float) -> float:
        """Draw a number between low and high."""
        return low + (high - low) * float(torch.rand((), generator=self.generator))

    def normal(self, *shape: int) -> Tensor:
        """Draw standard normal numbers, in PyTorch's default dtype."""
        return torch.randn(*shape, generator=self.generator)

    def score(self) -> float:
        """Say how many points the checks gave, and return them for nbgrader."""
        if self.complaints and os.environ.get("NBGRADER_EXECUTION") == "validate":
            # JupyterLab's Validate button shows errors and stderr, but no other output.
            print("\n".join(self.complaints), file=sys.stderr)
        print(text(self.language, "score", name=self.name, score=self.earned, points=self.points))
        # nbgrader reads this value; a plain float is the only kind that it reads right.
        return float(self.earned)


class CheckFailed(Exception):  # noqa: N818 - it is no error of the program
    """A check found something else than it asked for."""

    def __init__(self, asked: str, got: str) -> None:
        super().__init__(asked, got)
        self.asked = asked
        self.got = got


class Check(AbstractContextManager["Check"]):
    """One check. An error in its block, of whatever kind, fails this check alone."""

    _in_time = True  # whether the check before was

    def __init__(self, question: Question, name: str, points: float, hint: str) -> None:
        self.question = question
        self.name = name
        self.points = points
        self.hint = hint
        self._alarm: Any = None
        self.limit = TIME_LIMIT if Check._in_time else IMPATIENT_LIMIT

    def __enter__(self) -> "Check":
        self.question.points += self.points
        torch.manual_seed(self.question.seed)  # the same mark at every run
        torch.set_grad_enabled(True)  # whatever the answer before has left behind
        self._set_alarm()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        try:
            explained = None if error is None else self._explain(error)
        except BaseException:  # an error whose own text fails, or never ends
            explained = self._say("run"), self._say("raised", error=type(error).__name__)
        self._clear_alarm()
        Check._in_time = not isinstance(error, OutOfTime | KeyboardInterrupt)
        if explained is None:
            self.question.earned += self.points
        self._report(explained)
        return True

    def shape(self, what: str, actual: object, expected: Sequence[int]) -> None:
        """Ask for a tensor of a shape."""
        if not _is_tensor(actual) or tuple(actual.shape) != tuple(expected):
            self._fail("shape", actual, what=what, expected=tuple(expected))

    def close(
        self, what: str, actual: object, expected: object, *, rtol: float = 1e-4, atol: float = 1e-6
    ) -> None:
        """Ask for numbers, in the shape of ``expected``, within atol + rtol · \\|expected\\|.

        Any dtype will do; the comparison is made in float64. NaN is close to nothing.
        """
        wanted = _numbers(expected)
        numbers = _numbers(actual)
        error, worst = None, 0
        if numbers is not None and numbers.shape == wanted.shape:
            error = (numbers - wanted).abs()
            error[numbers == wanted] = 0.0  # infinities of the same sign
            limit = torch.where(wanted.isinf(), 0.0, atol + rtol * wanted.abs())
            too_far = ~(error <= limit)  # true for NaN, too
            if not too_far.any():
                return
            worst = int(torch.where(too_far, error.nan_to_num(torch.inf), -1.0).argmax())
        tolerance = self._say("tolerance", atol=atol, rtol=rtol)
        key = "close_hidden" if self.question.hidden else "close"
        asked = self._say(key, what=what, expected=_values(expected), tolerance=tolerance)
        got = self._describe(actual)
        if error is not None and not self.question.hidden:
            largest = float(error.reshape(-1)[worst])
            index = tuple(int(i) for i in torch.unravel_index(torch.tensor(worst), error.shape))
            got += self._say("worst" if index else "off", error=largest, index=index)
        raise CheckFailed(asked, got)

    def equal(self, what: str, actual: object, expected: object) -> None:
        """Ask for exactly this: numbers (of any dtype), a text, None, or a list of such."""
        wanted, found = _plain(expected), _plain(actual)
        if type(wanted) is not type(found) or wanted != found:
            key = "equal_hidden" if self.question.hidden else "equal"
            self._fail(key, actual, what=what, expected=_values(expected))

    def between(self, what: str, actual: object, low: float, high: float) -> None:
        """Ask for one number between two limits, both included."""
        number = _numbers(actual)
        if number is None or number.numel() != 1 or not low <= float(number) <= high:
            self._fail("between", actual, what=what, low=low, high=high)

    def that(self, asked: str, condition: object, got: object) -> None:
        """Ask for anything else: a condition, in words, and what was found instead."""
        if _plain(condition) is not True:
            raise CheckFailed(asked, got if type(got) is str else self._describe(got))

    def _fail(self, key: str, actual: object, **values: object) -> None:
        raise CheckFailed(self._say(key, **values), self._describe(actual))

    def _say(self, key: str, **values: object) -> str:
        return text(self.question.language, key, **values)

    def _describe(self, value: object) -> str:
        if value is None:
            return self._say("none")
        if _is_tensor(value):
            shape, dtype = tuple(value.shape), str(value.dtype).removeprefix("torch.")
            return self._say("tensor", shape=shape, dtype=dtype, values=_values(value))
        return self._say("object", value=_values(value), kind=type(value).__name__)

    def _report(self, failure: tuple[str, str] | None) -> None:
        if failure is None:
            print(f"✓ {self.points:g}/{self.points:g}  {self.name}")
            return
        asked, got = failure
        separator = "：" if self.question.language == "zh" else ": "
        lines = [f"✗ 0/{self.points:g}  {self.name}"]
        for key, line in (("asked", asked), ("got", got), ("hint", self.hint)):
            lines.append(f"       {self._say(key)}{separator}{line}")
        print("\n".join(lines))
        self.question.complaints += lines

    def _explain(self, error: BaseException) -> tuple[str, str]:
        """What was asked and what came back, for any way in which a check can end."""
        if isinstance(error, CheckFailed):
            return error.asked, error.got
        run = self._say("run")
        if isinstance(error, OutOfTime):
            return run, self._say("late", limit=self.limit)
        if isinstance(error, KeyboardInterrupt):
            return run, self._say("stopped")
        if isinstance(error, NotImplementedError):
            return run, self._say("nothing")
        if isinstance(error, NameError) and error.name and _in_check(error):
            return run, self._say("missing", name=error.name)
        described = f"{type(error).__name__}: {_cut(str(error).strip(), 300)}"
        place = _place(error)
        if place is None:
            return run, self._say("raised", error=described)
        return run, self._say("raised_at", error=described, function=place[0], line=place[1])

    def _set_alarm(self) -> None:
        if not hasattr(signal, "setitimer") or not _in_main_thread():
            return  # Windows: what runs the notebook has a limit of its own
        self._alarm = signal.signal(signal.SIGPROF, _out_of_time)
        # It rings again and again, for code that swallows errors.
        signal.setitimer(signal.ITIMER_PROF, self.limit, 0.5)

    def _clear_alarm(self) -> None:
        if self._alarm is not None:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._alarm)


class OutOfTime(BaseException):
    """A check took too long. Not an ``Exception``, so that few answers catch it."""


def _out_of_time(number: int, frame: FrameType | None) -> None:
    raise OutOfTime


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _is_tensor(value: object) -> TypeGuard[Tensor]:
    # Exact types, here and below: a class of the student's own could compare as it likes.
    return type(value) in (Tensor, torch.nn.Parameter)


def _numbers(value: object) -> Any:
    """The value as a float64 tensor, or None where it is not made of numbers."""
    value = _plain(value)
    if type(value) not in (bool, int, float, list):
        return None
    try:
        return torch.tensor(value, dtype=torch.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return None


def _plain(value: object) -> Any:
    """The value in terms of Python's own types; what is not known stays as it is."""
    if _is_tensor(value):
        return value.detach().to("cpu").tolist()
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return value.tolist()
    if type(value) in (list, tuple):
        return [_plain(item) for item in value]  # type: ignore[attr-defined]
    return value


def _values(value: object) -> str:
    """The first few numbers of a value, as a text of one line."""
    value = _plain(value)
    if type(value) is float:
        return f"{value:.6g}"
    if type(value) is list:
        shown = ", ".join(_values(item) for item in value[:SHOWN])
        return f"[{shown}, …]" if len(value) > SHOWN else f"[{shown}]"
    try:
        return _cut(repr(value), 200)
    except Exception:  # a class of the student's own
        return "?"


def _cut(line: str, length: int) -> str:
    line = " ".join(line.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _in_check(error: BaseException) -> bool:
    """Whether an error came from the lines of the check itself, not from an answer."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    return all(file == files[0] for file in files)


def _place(error: BaseException) -> tuple[str, str] | None:
    """The innermost function of the student's that an error passed, and its line.

    The first file is that of the check, whose own lines are not shown: they may be hidden.
    """
    check, *frames = traceback.extract_tb(error.__traceback__)
    frames = [
        frame
        for frame in frames
        if frame.filename != check.filename and any(name in frame.filename for name in CELL_NAMES)
    ]
    if not frames:
        return None
    line = linecache.getline(frames[-1].filename, frames[-1].lineno or 0).strip()
    return (frames[-1].name, line) if line else None
