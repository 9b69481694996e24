"""Workers on several machines, by Dask (``distributed``).

What they do, they do in a process of their own (``lr_grading.workers``), as on one machine.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from functools import cache
from typing import Any

from lr_grading.messages import text
from lr_grading.workers import Done, LocalWorkers

PATIENCE = 10  # seconds for a scheduler to answer


class Cluster:
    """A running cluster of Dask.

    Args:
        address: Of its scheduler.
        modules: What its workers load before they begin.
        language: The language of what is said.

    Raises:
        RuntimeError: There is no such cluster, or Dask is not installed here.
    """

    def __init__(self, address: str, modules: Sequence[str], language: str) -> None:
        try:
            from distributed import Client, KilledWorker
        except ImportError:
            raise RuntimeError(text(language, "no_distributed")) from None
        try:
            self._client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise RuntimeError(
                text(language, "no_scheduler", address=address, error=error)
            ) from error
        self.deaths: tuple[type[Exception], ...] = (KilledWorker, CancelledError, BrokenExecutor)
        self._modules = tuple(modules)
        self._executor = self._client.get_executor(pure=False)

    @property
    def capacity(self) -> int:
        """Some more than there are workers for, so that none of them waits."""
        return 1 + 2 * sum(map(int, self._client.nthreads().values()))

    def submit(self, work: Callable[..., Done], *arguments: Any) -> "Future[Done]":
        future: Future[Done] = self._executor.submit(
            _in_own_process, self._modules, work, *arguments
        )
        return future

    def close(self) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()


def _in_own_process(modules: tuple[str, ...], work: Callable[..., Done], *arguments: Any) -> Done:
    """Do a piece of work on a worker of a cluster.

    Dask calls in a thread. A process of its own does the work as on one machine, where time can be
    limited and nothing is shared with what Dask does.
    """
    return _own_process(modules).submit(work, *arguments).result()


@cache
def _own_process(modules: tuple[str, ...]) -> LocalWorkers:
    # Python would not wait for what a worker of Dask's nanny has started, and forbids it to start
    # anything. This process needs no waiting: it ends with the worker.
    vars(multiprocessing.current_process())["_config"]["daemon"] = False
    return LocalWorkers(1, modules)
