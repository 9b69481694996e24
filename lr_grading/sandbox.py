"""A sandbox for code that nobody has read: what it can see, change and leave behind.

bubblewrap gives a process namespaces of its own: no network, no other processes, and a file system
that holds Python and the two packages of the course, all of it read-only. It writes into scratch
folders in memory. When the process ends, everything that it has started or written is gone.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import psutil

from lr_grading.container import package_folders, trial
from lr_grading.limits import PROCESSES, SCRATCH_MEGABYTES
from lr_grading.messages import text

SANDBOXES = ("none", "auto", "bubblewrap", "podman", "docker")
BUBBLEWRAP = "bwrap"
SCRATCH = "/scratch"
SCRATCH_FOLDERS = ("/tmp", "/dev/shm", SCRATCH)
# Of the system: what Python and its libraries load, and nothing that belongs to a person.
SYSTEM = ("/usr", "/etc/alternatives", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime")
MERGED = ("/bin", "/lib", "/lib64", "/sbin")  # links into /usr on most systems
LOOK_EVERY = 0.1  # seconds


def find(language: str, wanted: str = "auto") -> str:
    """The sandbox to use.

    Args:
        language: The language of the message.
        wanted: "bubblewrap", "podman" or "docker"; "auto" for the first of them that works here.

    Raises:
        RuntimeError: It is not there; the message says what to install, or why it does not start.
    """
    wished = SANDBOXES[2:] if wanted == "auto" else (wanted,)
    tried = {name: _trial(BUBBLEWRAP) if name == "bubblewrap" else trial(name) for name in wished}
    for name, answer in tried.items():
        if answer is None:
            return name
    for name, answer in tried.items():
        if answer:
            raise RuntimeError(text(language, "sandbox_fails", name=name, answer=answer))
    raise RuntimeError(text(language, "no_sandbox"))


@cache
def _trial(program: str) -> str | None:
    """Why bubblewrap cannot be used, as ``lr_grading.container.trial``."""
    if shutil.which(program) is None:
        return ""
    command = [program, "--unshare-all", "--ro-bind", "/", "/", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stderr.strip() or str(done.returncode)) if done.returncode else None


class Bubblewrap:
    """What a process in a sandbox of bubblewrap gets."""

    forks = True  # each submission gets namespaces within this one

    def command(self, arguments: list[str], environment: Mapping[str, str]) -> list[str]:
        """The command that starts Python in the sandbox."""
        return [BUBBLEWRAP, *self._options(environment), "--", sys.executable, *arguments]

    def end(self) -> None:
        """Nothing is left of it."""

    def _options(self, environment: Mapping[str, str]) -> Iterator[str]:
        yield from ("--unshare-all", "--die-with-parent", "--new-session", "--clearenv")
        yield from ("--cap-drop", "ALL", "--hostname", "sandbox", "--proc", "/proc")
        if os.getuid() == 0:  # who may not map itself into further namespaces without
            yield from ("--cap-add", "CAP_SETFCAP")
        yield from ("--dev", "/dev")
        for path in SCRATCH_FOLDERS:  # first: what follows may lie in there
            yield from ("--size", str(SCRATCH_MEGABYTES * 2**20), "--tmpfs", path)
        for path in (*SYSTEM, *python_folders()):
            yield from ("--ro-bind-try", path, path)
        for path in MERGED:
            if os.path.islink(path):
                yield from ("--symlink", os.readlink(path), path)
            else:
                yield from ("--ro-bind-try", path, path)
        for path in ("/dev", "/"):
            yield from ("--remount-ro", path)
        path = os.pathsep.join((sysconfig.get_path("scripts"), "/usr/bin", "/bin"))
        system = {"HOME": SCRATCH, "PATH": path, "LANG": "C.UTF-8"}
        for name, value in {**system, **environment}.items():
            yield from ("--setenv", name, value)
        yield from ("--chdir", SCRATCH)


def python_folders() -> Iterator[str]:
    """This environment, the Python that it was made of, and the packages of the course."""
    yield sys.prefix
    yield os.path.realpath(sys.base_prefix)
    yield str(Path(sys.executable).resolve().parents[1])
    yield from map(str, package_folders())


def watch(pid: int, gigabytes: float) -> None:
    """Kill what runs in a sandbox that takes too much in all; end with the sandbox.

    The limits of the system are for each process, and not for all of them together. The copy that
    serves a submission is killed first, and all that it has started with it: the process that is
    copied stays, as to start another one takes seconds.

    Args:
        pid: The process of bubblewrap.
        gigabytes: The memory for all of its processes.
    """

    def look() -> None:
        while sandbox.is_running():
            with contextlib.suppress(psutil.Error):  # of what ends meanwhile
                if _too_much(sandbox, gigabytes):
                    for process in _copies(sandbox) or [sandbox]:
                        process.kill()
            time.sleep(LOOK_EVERY)

    with contextlib.suppress(psutil.NoSuchProcess):
        sandbox = psutil.Process(pid)  # and no other one that gets its number later
        threading.Thread(target=look, daemon=True).start()


def _copies(sandbox: psutil.Process) -> list[psutil.Process]:
    """bubblewrap has a first process in there, which starts Python, which forks a guard each."""
    level = [sandbox]
    for _ in range(4):
        level = [child for process in level for child in process.children()]
    return level


def _too_much(sandbox: psutil.Process, gigabytes: float) -> bool:
    processes = sandbox.children(recursive=True)
    if len(processes) > PROCESSES:
        return True
    if _memory(processes, "rss") <= gigabytes * 2**30:
        return False
    # Forks share most of it. To find out how much takes time, in which many could become more.
    return len(processes) > PROCESSES / 4 or _memory(processes, "pss") > gigabytes * 2**30


def _memory(processes: list[psutil.Process], kind: str) -> int:
    """The bytes of memory of some processes: "rss" counts what they share several times."""
    found = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            if kind == "rss":
                found += process.memory_info().rss
            else:
                found += process.memory_full_info().pss
    return found
