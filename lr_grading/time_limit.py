"""The limit to the time that a check may compute, also for code that swallows errors."""

import os
import signal
import threading
import time
from types import CodeType, FrameType
from typing import Any, ClassVar

from lr_grading import diagnosis
from lr_grading.limits import CHECK_SECONDS, IMPATIENCE

LIMIT_VARIABLE = "LR_GRADING_CHECK_LIMIT"  # seconds, where something that marks has set them
# Seconds of computing, so that a busy machine costs no points. A student gains nothing by
# another limit: that of the cell stays.
TIME_LIMIT = float(os.environ.get(LIMIT_VARIABLE, CHECK_SECONDS))
IMPATIENT_LIMIT = TIME_LIMIT / IMPATIENCE


class OutOfTime(BaseException):
    """A check took too long. Not an ``Exception``, so that few answers catch it."""

    def __init__(self, limit: float) -> None:
        super().__init__()
        self.limit = limit


class Alarm:
    """Rings when a check has computed too long. Windows has none: the limit of the cell stays."""

    _slow: ClassVar[set[CodeType]] = set()  # the functions that have run out of time

    def __init__(self) -> None:
        self._before: Any = None  # what answered the signal before
        self._out_of_time: OutOfTime | None = None

    def set(self, file: str, used: float = 0.0) -> None:
        """Begin to count.

        Args:
            file: The cell of the check itself, whose functions are not to blame.
            used: Seconds that the check has computed before.
        """
        in_main_thread = threading.current_thread() is threading.main_thread()
        if not hasattr(signal, "setitimer") or not in_main_thread:
            return
        self._file, self._start = file, time.process_time() - used
        self._out_of_time = None
        self._before = signal.signal(signal.SIGPROF, self._ring)
        # It rings again and again, for code that swallows errors.
        first = max(IMPATIENT_LIMIT - used, IMPATIENT_LIMIT / 100)
        signal.setitimer(signal.ITIMER_PROF, first, IMPATIENT_LIMIT / 4)

    def clear(self) -> None:
        if self._before is not None:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._before)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        """End the check if its time is up: sooner where a function is at work that was too slow."""
        functions = []
        while frame is not None:
            file = frame.f_code.co_filename
            if diagnosis.of_a_cell(file) and file != self._file:
                functions.append(frame.f_code)
            frame = frame.f_back
        limit = IMPATIENT_LIMIT if self._slow.intersection(functions) else TIME_LIMIT
        if self._out_of_time is None and time.process_time() - self._start >= limit:
            self._out_of_time = OutOfTime(limit)
            self._slow.update(functions[-1:])  # the one that the check has called
        if self._out_of_time is not None:
            raise self._out_of_time
