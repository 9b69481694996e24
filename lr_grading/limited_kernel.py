"""A Python kernel with a limit to its memory, for code that nobody has read.

    python -m lr_grading.limited_kernel -f CONNECTION_FILE

A computation that asks for more gets a MemoryError, as any other error, where it
would otherwise take the machine down. Windows and macOS do not enforce the limit.
"""

import os
import sys

MEMORY_VARIABLE = "LR_GRADING_MEMORY"  # bytes of address space


def limit_memory() -> None:
    """Take the limit from the environment; without one, or on Windows, do nothing."""
    if sys.platform == "win32":
        return
    import resource

    limit = int(os.environ.get(MEMORY_VARIABLE, 0))
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if limit and (hard == resource.RLIM_INFINITY or limit < hard):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    limit_memory()
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()
