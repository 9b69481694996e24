"""What the process with the answers may take of the machine."""

import os
import sys

from lr_grading.limits import PROCESSES

MEMORY_VARIABLE = "LR_GRADING_MEMORY"  # bytes of address space


def limit_memory() -> None:
    """Take the limit from the environment; without one, or on Windows, do nothing.

    A computation that asks for more gets a MemoryError, as any other error, where it would
    otherwise take the machine down. macOS does not enforce the limit.
    """
    if sys.platform == "win32":
        return
    import resource

    limit = int(os.environ.get(MEMORY_VARIABLE, 0))
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if limit and (hard == resource.RLIM_INFINITY or limit < hard):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def limit_processes() -> None:
    """Let forks without end fail: in namespaces of its own a process counts from none.

    Linux counts so since 5.14, and never for root, whom ``lr_grading.sandbox.watch`` stops.
    """
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, hard))
    try:
        child = os.fork()
    except OSError:  # an older system counts all of the user's
        resource.setrlimit(resource.RLIMIT_NPROC, (hard, hard))
        return
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))
