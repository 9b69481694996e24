"""Processes that work side by side on this machine.

A process may die at any time: of what a student's code does to the memory of the machine, or
with its machine. What it was at is done again once by another one.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

ATTEMPTS = 2
Job = TypeVar("Job")
Done = TypeVar("Done")


class Workers(Protocol):
    """Processes that take work."""

    @property
    def deaths(self) -> tuple[type[Exception], ...]:
        """The errors that say that a process has died."""

    @property
    def capacity(self) -> int:
        """How many pieces of work are taken at a time."""

    def submit(self, work: Callable[..., Done], *arguments: Any) -> "Future[Done]":
        """Have some process call a function of a module."""

    def close(self) -> None:
        """Stop all work at once."""


def usable_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def each_done(
    workers: Workers, work: Callable[[Job], Done], jobs: Iterable[Job]
) -> Iterator[tuple[Job, Done | Exception]]:
    """Have each piece of work done, in whatever order they come to an end.

    A piece is taken from ``jobs`` when a process is free for it.

    Yields:
        The piece, and what it has given or the error in which it ended.
    """
    coming, again = iter(jobs), deque[Job]()
    running: dict[Future[Done], tuple[Job, int]] = {}
    while True:
        while len(running) < workers.capacity:
            attempt = ATTEMPTS if again else 1
            job = again.popleft() if again else next(coming, None)
            if job is None:
                break
            running[workers.submit(work, job)] = job, attempt
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            job, attempt = running.pop(future)
            try:
                result: Done | Exception = future.result()
            except workers.deaths as error:
                if attempt < ATTEMPTS:
                    again.append(job)
                    continue
                result = error
            except Exception as error:
                result = error
            yield job, result


class LocalWorkers:
    """Processes of this machine, one for each core by default.

    They end with this process, however it ends.

    Args:
        count: How many.
        modules: What they load before the first work comes. It is loaded once for all of them.
    """

    deaths: tuple[type[Exception], ...] = (BrokenExecutor,)

    def __init__(self, count: int | None, modules: Sequence[str]) -> None:
        # A copy of this process would inherit open connections and threads half-way.
        methods = multiprocessing.get_all_start_methods()
        method = "forkserver" if "forkserver" in methods else "spawn"
        self._context: Any = multiprocessing.get_context(method)
        if method == "forkserver":
            self._context.set_forkserver_preload(list(modules))
        self.capacity = count or usable_cores()
        self._ear, self._life = self._context.Pipe(duplex=False)
        # One process each: where a shared executor would fail as a whole, one of these does.
        self._free: SimpleQueue[ProcessPoolExecutor] = SimpleQueue()
        for _ in range(self.capacity):
            self._free.put(self._new())

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, self._context, _follow, (self._ear,))

    def submit(self, work: Callable[..., Done], *arguments: Any) -> "Future[Done]":
        executor = self._free.get()
        future = executor.submit(work, *arguments)
        future.add_done_callback(lambda future: self._free.put(self._usable(executor, future)))
        return future

    def _usable(self, executor: ProcessPoolExecutor, future: "Future[Any]") -> ProcessPoolExecutor:
        if isinstance(future.exception(), BrokenExecutor):
            executor.shutdown(wait=False)
            return self._new()
        return executor

    def close(self) -> None:
        self._life.close()


def _follow(ear: Connection) -> None:
    """Let this worker end when the process that has started it ends, or hangs up."""

    def listen() -> None:
        ear.poll(None)
        os._exit(0)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal
    threading.Thread(target=listen, daemon=True).start()
