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

import contextlib
import hashlib
import linecache
import os
import re
import sys
import traceback
from collections.abc import Sequence
from traceback import FrameSummary
from types import FrameType, TracebackType
from typing import ClassVar, NoReturn

import torch
from torch import Tensor

from lr_grading import diagnosis
from lr_grading.assignments import HIDDEN
from lr_grading.diagnosis import Diagnosis
from lr_grading.messages import text
from lr_grading.results import ELSEWHERE, UNWRITTEN, Result
from lr_grading.stand_in import AnswersEnded, type_name
from lr_grading.time_limit import Alarm, OutOfTime
from lr_grading.values import cut, is_tensor, numbers, plain, shown

PUBLIC_SEED = 0


class Place:
    """Where checks run, and what happens around them there: here, in a student's notebook.

    ``lr_grading.marker`` has the place where submissions are marked.

    Attributes:
        seed: The private seed of the hidden checks.
    """

    seed: int | str = PUBLIC_SEED

    def begin(self, seed: int, file: str) -> None:
        """A check of a cell begins, with a seed for its random numbers."""
        self._alarm = Alarm()
        self._alarm.set(file)

    def end(self) -> None:
        """It has come to its end, and what it found is known."""
        self._alarm.clear()

    def keep(self, result: Result) -> None:
        """Take its result."""


class Question:
    """The checks of one cell.

    Args:
        name: The ``grade_id`` of the cell, without its ending.
        language: The language of the messages, "en" or "zh".
        hidden: Whether the inputs are to stay unknown: they are drawn from the
            private seed, and messages do not say which values were expected.
        training: Whether what is checked comes out of a training, which may diverge.
    """

    place: ClassVar[Place] = Place()
    # Which cell of checks has met an error first, by its type, function and line.
    met: ClassVar[dict[tuple[str, str, str], str]] = {}

    def __init__(
        self, name: str, *, language: str, hidden: bool = False, training: bool = False
    ) -> None:
        text(language, "asked")  # an unknown language is refused here
        self.name = name
        self.language = language
        self.hidden = hidden
        self.training = training
        self.results: list[Result] = []
        seed = self.place.seed if hidden else PUBLIC_SEED
        digest = hashlib.sha256(f"{seed}/{name}/{hidden}".encode()).digest()
        self.seed = int.from_bytes(digest[:4], "big")
        self.generator = torch.Generator().manual_seed(self.seed)
        for met in [met for met, first in self.met.items() if first == name]:
            del self.met[met]  # the cell runs again

    @property
    def title(self) -> str:
        """The name of the question, which its visible and its hidden checks share."""
        return self.name.removesuffix(HIDDEN)

    @property
    def points(self) -> float:
        """What the checks so far are worth."""
        return sum(result.points for result in self.results)

    @property
    def earned(self) -> float:
        """What they have given."""
        return sum(result.earned for result in self.results)

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
        if os.environ.get("NBGRADER_EXECUTION") == "validate":
            # JupyterLab's Validate button shows errors and stderr, but no other output.
            for result in self.results:
                if not result.passed:
                    print("\n".join(result.lines(self.language)), file=sys.stderr)
        print(text(self.language, "score", name=self.name, score=self.earned, points=self.points))
        # nbgrader reads this value; a plain float is the only kind that it reads right.
        return float(self.earned)

    def met_before(self, error: BaseException, function: str, line: str) -> str | None:
        """The question whose checks have met an error before, if it is not the first time."""
        met = type(error).__name__, function, line
        if met in self.met:
            return self.met[met].removesuffix(HIDDEN)
        self.met[met] = self.name
        return None


class CheckFailed(Exception):  # noqa: N818 - it is no error of the program
    """A check found something else than it asked for."""

    def __init__(
        self,
        asked: str,
        got: str,
        diagnosis: Diagnosis | None = None,
        *,
        reason: str = "",
        subject: str = "",
    ) -> None:
        super().__init__(asked, got)
        self.asked = asked
        self.got = got
        self.diagnosis = diagnosis
        self.reason = reason
        self.subject = subject


NO_HINT = Diagnosis(None, hint_fits=False)


class Check(contextlib.AbstractContextManager["Check"]):
    """One check. An error in its block, of whatever kind, fails this check alone.

    The block may replace ``hint`` where it knows better what came back.
    """

    def __init__(self, question: Question, name: str, points: float, hint: str) -> None:
        self.question = question
        self.name = name
        self.points = points
        self.hint = hint
        # Anything on stderr, be it a warning, would make nbgrader's Validate refuse the cell.
        self._stderr = contextlib.redirect_stderr(sys.stdout)

    def __enter__(self) -> "Check":
        torch.manual_seed(self.question.seed)  # the same mark at every run
        torch.set_grad_enabled(True)  # whatever the answer before has left behind
        self._stderr.__enter__()
        self.question.place.begin(self.question.seed, sys._getframe(1).f_code.co_filename)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        try:
            failure = None if error is None else self._explain(error)
        except BaseException:  # an error whose own text fails, or never ends
            raised = self._say("raised", error=type(error).__name__)
            failure = CheckFailed(self._say("run"), raised)
        self.question.place.end()
        self._stderr.__exit__(None, None, None)
        self._report(self._result(failure))
        return True

    def number(self, value: object) -> float:
        """Ask for one number, and take it: one of Python's, or a tensor with one element.

        ``float`` would warn of a tensor that requires gradients.
        """
        found = numbers(value)
        if found is None or found.numel() != 1:
            shape = None if found is None else diagnosis.of_shape(found.shape, ())
            self._fail("number", value, shape)
        return float(found)

    def shape(self, what: str, actual: object, expected: Sequence[int]) -> None:
        """Ask for a tensor of a shape."""
        if not is_tensor(actual) or tuple(actual.shape) != tuple(expected):
            found = diagnosis.of_shape(actual.shape, expected) if is_tensor(actual) else None
            self._fail("shape", actual, found, what=what, expected=tuple(expected))

    def close(
        self, what: str, actual: object, expected: object, *, rtol: float = 1e-4, atol: float = 1e-6
    ) -> None:
        """Ask for numbers, in the same shape, that are equal but for rounding.

        Any dtype will do, and Python's numbers for a tensor without dimensions.
        """
        wanted, found = numbers(expected), numbers(actual)
        hidden = self.question.hidden
        tolerance = self._say("tolerance", atol=atol, rtol=rtol)
        key = "close_hidden" if hidden else "close"
        asked = self._say(key, what=what, expected=shown(expected), tolerance=tolerance)
        got = self._describe(actual, what)
        cause = self._of_numbers(actual, wanted)
        if found is None or wanted is None:
            raise CheckFailed(asked, got, cause)
        if found.shape != wanted.shape:
            raise CheckFailed(asked, got, cause or diagnosis.of_shape(found.shape, wanted.shape))
        too_far = _too_far(found, wanted, rtol, atol)
        if not too_far.any():
            return

        def passes(values: Tensor) -> bool:
            return not _too_far(values, wanted, rtol, atol).any()

        if not hidden:
            got += self._worst(found, wanted, too_far)
        sizes = _sizes(sys._getframe(1))
        cause = cause or diagnosis.of_dtype(actual, wanted)
        cause = cause or diagnosis.of_values(found, wanted, passes, sizes=sizes, hidden=hidden)
        raise CheckFailed(asked, got, cause)

    def equal(self, what: str, actual: object, expected: object) -> None:
        """Ask for exactly this: numbers (of any dtype), a text, None, or a list of such."""
        wanted, found = plain(expected), plain(actual)
        if type(wanted) is not type(found) or wanted != found:
            hidden = self.question.hidden
            cause = self._of_numbers(actual, numbers(expected))
            if not hidden:
                cause = cause or diagnosis.of_kind(actual, expected)
            key = "equal_hidden" if hidden else "equal"
            self._fail(key, actual, cause, what=what, expected=shown(expected))

    def between(self, what: str, actual: object, low: float, high: float) -> None:
        """Ask for one number between two limits, both included."""
        number = numbers(actual)
        if number is None or number.numel() != 1 or not low <= float(number) <= high:
            cause = self._of_numbers(actual, torch.tensor([float(low), float(high)]))
            if number is not None:
                cause = cause or diagnosis.of_shape(number.shape, ())
            self._fail("between", actual, cause, what=what, low=low, high=high)

    def that(self, asked: str, condition: object, got: object) -> None:
        """Ask for anything else: a condition, in words, and what was found instead."""
        if plain(condition) is not True:
            found = got if type(got) is str else self._describe(got)
            raise CheckFailed(asked, found, self._of_numbers(got, None))

    def _of_numbers(self, actual: object, wanted: Tensor | None) -> Diagnosis | None:
        """Whether numbers have grown without limit, compared with those that were expected."""
        size = torch.inf if wanted is None or not wanted.numel() else float(wanted.abs().max())
        return diagnosis.of_numbers(actual, size, training=self.question.training)

    def _worst(self, found: Tensor, wanted: Tensor, too_far: Tensor) -> str:
        """By how much the worst number is off, and where it is."""
        error = (found - wanted).abs()
        worst = int(torch.where(too_far, error.nan_to_num(torch.inf), -1.0).argmax())
        largest = float(error.reshape(-1)[worst])
        if not largest < torch.inf:
            return ""
        index = tuple(int(i) for i in torch.unravel_index(torch.tensor(worst), error.shape))
        return self._say("worst" if index else "off", error=largest, index=index)

    def _fail(
        self, key: str, actual: object, cause: Diagnosis | None, **values: object
    ) -> NoReturn:
        got = self._describe(actual, str(values.get("what", "")))
        raise CheckFailed(self._say(key, **values), got, cause)

    def _say(self, key: str, **values: object) -> str:
        return text(self.question.language, key, **values)

    def _describe(self, value: object, what: str = "") -> str:
        if value is None:
            gradient = re.search("grad|derivative|梯度|导数", what)
            return self._say("none_gradient" if gradient else "none")
        if is_tensor(value):
            shape, dtype = tuple(value.shape), str(value.dtype).removeprefix("torch.")
            return self._say("tensor", shape=shape, dtype=dtype, values=shown(value))
        return self._say("object", value=shown(value), kind=type_name(value))

    def _result(self, failure: CheckFailed | None) -> Result:
        if failure is None:
            return Result(self.name, self.points, self.points)
        cause = failure.diagnosis or Diagnosis(None)
        return Result(
            self.name,
            self.points,
            0.0,
            asked=failure.asked,
            got=failure.got,
            cause="" if cause.key is None else self._say(cause.key, **cause.values),
            hint=self.hint if cause.hint_fits else "",
            reason=failure.reason,
            subject=failure.subject,
        )

    def _report(self, result: Result) -> None:
        self.question.results.append(result)
        print("\n".join(result.lines(self.question.language)))
        self.question.place.keep(result)

    def _explain(self, error: BaseException) -> CheckFailed:
        """What was asked and what came back, for any way in which a check can end."""
        if isinstance(error, CheckFailed):
            return error
        run = self._say("run")
        frames = diagnosis.students_frames(error)
        if isinstance(error, OutOfTime):
            return CheckFailed(run, self._say("late", limit=error.limit), NO_HINT)
        if isinstance(error, KeyboardInterrupt):
            return CheckFailed(run, self._say("stopped"), NO_HINT)
        if isinstance(error, AnswersEnded):
            return CheckFailed(run, self._say("ended"), NO_HINT)
        if _is_unwritten(error, frames):
            name = frames[-1].name
            if diagnosis.goes_on(frames[-1]):
                where = {"name": name, "line": frames[-1].lineno}
                return CheckFailed(run, self._say("in_the_way", **where), NO_HINT)
            nothing = self._say("nothing", name=name)
            return CheckFailed(run, nothing, NO_HINT, reason=UNWRITTEN, subject=name)
        if isinstance(error, NameError) and error.name and _in_check(error):
            return CheckFailed(run, self._say("missing", name=error.name), NO_HINT)
        described = f"{type(error).__name__}: {cut(str(error).strip(), 300)}"
        line = linecache.getline(frames[-1].filename, frames[-1].lineno or 0) if frames else ""
        cause = diagnosis.of_error(error)
        if not line.strip():
            return CheckFailed(run, self._say("raised", error=described), cause)
        function, line = frames[-1].name, line.strip()
        first = self.question.met_before(error, function, line)
        if first is not None:
            met = {"error": type(error).__name__, "function": function}
            if first == self.question.title:
                return CheckFailed(run, self._say("same_error", **met), NO_HINT)
            got = self._say("error_again", **met) + self._say("mend_first", question=first)
            return CheckFailed(run, got, NO_HINT, reason=ELSEWHERE, subject=first)
        got = self._say("raised_at", error=described, function=function, line=line)
        return CheckFailed(run, got, cause)


def _is_unwritten(error: BaseException, frames: Sequence[FrameSummary]) -> bool:
    """Whether an error is that of a stub: PyTorch has the same one for other uses."""
    if not isinstance(error, NotImplementedError) or not frames or str(error):
        return False
    line = linecache.getline(frames[-1].filename, frames[-1].lineno or 0)
    return line.strip() == "raise NotImplementedError"


def _in_check(error: BaseException) -> bool:
    """Whether an error came from the lines of the check itself, not from an answer."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    return all(file == files[0] for file in files)


def _sizes(check: FrameType) -> set[int]:
    """The lengths of the tensors, and the whole numbers, that the code of a check names."""
    names = {**check.f_globals, **check.f_locals}
    values = [names[name] for name in check.f_code.co_names if name in names]
    lengths = [len(value) for value in values if is_tensor(value) and value.dim() > 0]
    return {*lengths, *(value for value in values if type(value) is int)}


def _too_far(found: Tensor, wanted: Tensor, rtol: float, atol: float) -> Tensor:
    """True where a number is not the one that was asked for."""
    error = (found - wanted).abs()
    error[found == wanted] = 0.0  # infinities of the same sign
    limit = torch.where(wanted.isinf(), 0.0, atol + rtol * wanted.abs())
    return ~(error <= limit)  # true for NaN, too
