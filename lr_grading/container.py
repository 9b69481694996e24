"""A container of Docker or Podman as the sandbox, where there is no bubblewrap.

The image, which ``make sandbox`` builds, has Python and what the course needs; the two packages of
the course are those of this machine. A container serves one submission: it takes seconds to start,
and holds nothing of another one.
"""

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from lr_grading.limits import PROCESSES, SCRATCH_MEGABYTES

IMAGE = "lr-grading"
COURSE = "/course"  # where the image looks for the packages
USER = "1000:1000"
SCRATCH = "/scratch"
FOLDERS = ("/tmp", SCRATCH)


@cache
def trial(engine: str) -> str | None:
    """Why an engine cannot be used: what it says, None where it can, "" where it is not there."""
    if shutil.which(engine) is None:
        return ""
    done = subprocess.run(
        [engine, "image", "inspect", IMAGE], capture_output=True, text=True, check=False
    )
    return (done.stderr.strip() or str(done.returncode)) if done.returncode else None


class Container:
    """What a process in a container gets.

    Args:
        engine: The program, "docker" or "podman".
        memory: Gigabytes for all processes in it.
    """

    forks = False  # engines allow no namespaces within their own

    def __init__(self, engine: str, memory: float) -> None:
        self._engine, self._memory = engine, memory
        self._name = ""

    def command(self, arguments: list[str], environment: Mapping[str, str]) -> list[str]:
        """The command that starts Python in a new container."""
        self._name = f"{IMAGE}-{uuid4().hex}"
        return [
            *(self._engine, "run", "--rm", "--interactive", f"--name={self._name}"),
            *("--network=none", "--read-only", "--cap-drop=ALL", "--ipc=private"),
            *("--security-opt=no-new-privileges", f"--user={USER}", f"--workdir={SCRATCH}"),
            *(f"--pids-limit={PROCESSES}", f"--memory={self._memory:g}g"),
            *("--ulimit=nofile=1024:1024", f"--memory-swap={self._memory:g}g"),
            *(f"--tmpfs={folder}:size={SCRATCH_MEGABYTES}m,mode=1777" for folder in FOLDERS),
            *(f"--volume={folder}:{COURSE}/{folder.name}:ro" for folder in package_folders()),
            *(f"--env={name}={value}" for name, value in environment.items()),
            *(f"--env=HOME={SCRATCH}", f"--env=PYTHONPATH={COURSE}"),
            *(IMAGE, "python", *arguments),
        ]

    def end(self) -> None:
        """Kill the container, which goes on when the program that has started it ends."""
        if self._name:
            subprocess.run([self._engine, "kill", self._name], capture_output=True, check=False)
            self._name = ""


def package_folders() -> list[Path]:
    """The two packages of the course. To import them would load PyTorch."""
    found = (find_spec(name) for name in ("lr_grading", "lr_lib"))
    return [Path(spec.origin).parent for spec in found if spec is not None and spec.origin]
