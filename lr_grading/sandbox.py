"""A sandbox for code that nobody has read: what it can see, change and leave behind.

bubblewrap gives a kernel namespaces of its own: no network, no other processes, and a file system
that holds Python, the two packages of the course and what was handed in, all of it read-only. It
writes into a scratch folder in memory. When the kernel ends, everything that it has started or
written is gone. The kernel is spoken to through sockets in a folder that both sides see; what
comes from there is parsed as JSON, and nothing else.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

import lr_grading
import lr_lib
from lr_grading.limits import PROCESSES, SCRATCH_MEGABYTES
from lr_grading.messages import text

BUBBLEWRAP = "bwrap"
SCRATCH = "/scratch"
HANDED_IN = "/handed-in"
# Of the system: what Python and its libraries load, and nothing that belongs to a person.
SYSTEM = ("/usr", "/etc/alternatives", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime")
MERGED = ("/bin", "/lib", "/lib64", "/sbin")  # links into /usr on most systems
LOOK_EVERY = 0.2  # seconds


def require(language: str) -> None:
    """Make sure that there is a sandbox on this machine.

    Raises:
        RuntimeError: There is none; the message says what to install, or why it does not start.
    """
    if shutil.which(BUBBLEWRAP) is None:
        raise RuntimeError(text(language, "no_sandbox"))
    answer = _trial()
    if answer:
        raise RuntimeError(text(language, "sandbox_fails", answer=answer))


@cache
def _trial() -> str:
    """What bubblewrap says where the system does not let it work; nothing where it works."""
    command = [BUBBLEWRAP, "--unshare-all", "--ro-bind", "/", "/", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stderr.strip() or str(done.returncode)) if done.returncode else ""


@dataclass(frozen=True)
class Sandbox:
    """What a kernel in a sandbox gets.

    Attributes:
        folder: What was handed in, readable as ``/handed-in`` and linked in the working folder.
        sockets: The folder of the sockets.
        environment: All environment variables, but for those of the system.
    """

    folder: Path
    sockets: Path
    environment: Mapping[str, str]

    def command(self, argv: list[str]) -> list[str]:
        """The command that runs a command in the sandbox."""
        return [BUBBLEWRAP, *self._options(), "--", *argv]

    def _options(self) -> Iterator[str]:
        yield from ("--unshare-all", "--die-with-parent", "--new-session", "--clearenv")
        yield from (
            "--cap-drop",
            "ALL",
            "--hostname",
            "sandbox",
            "--proc",
            "/proc",
            "--dev",
            "/dev",
        )
        for path in ("/tmp", "/dev/shm", SCRATCH):  # first: what follows may lie in there
            yield from ("--size", str(SCRATCH_MEGABYTES * 2**20), "--tmpfs", path)
        for path in (*SYSTEM, *_python()):
            yield from ("--ro-bind-try", path, path)
        for path in MERGED:
            if os.path.islink(path):
                yield from ("--symlink", os.readlink(path), path)
            else:
                yield from ("--ro-bind-try", path, path)
        yield from ("--ro-bind", str(self.folder), HANDED_IN)
        yield from ("--bind", str(self.sockets), str(self.sockets))
        for file in sorted(self.folder.iterdir()):
            if file.is_file() and not file.is_symlink():
                yield from ("--symlink", f"{HANDED_IN}/{file.name}", f"{SCRATCH}/{file.name}")
        for path in ("/dev", "/"):
            yield from ("--remount-ro", path)
        path = os.pathsep.join((sysconfig.get_path("scripts"), "/usr/bin", "/bin"))
        system = {"HOME": SCRATCH, "PATH": path, "LANG": "C.UTF-8"}
        for name, value in {**system, **self.environment}.items():
            yield from ("--setenv", name, value)
        yield from ("--chdir", SCRATCH)


def _python() -> Iterator[str]:
    """This environment, the Python that it was made of, and the packages of the course."""
    yield sys.prefix
    yield os.path.realpath(sys.base_prefix)
    yield str(Path(sys.executable).resolve().parents[1])
    for package in (lr_grading, lr_lib):
        yield str(Path(str(package.__file__)).parent)


def watch(pid: int, sockets: Path, gigabytes: float) -> None:
    """Kill a sandbox that takes too much in all; end with it.

    The kernel bounds the memory of each process, but not of all of them together, nor what is
    laid beside the sockets.

    Args:
        pid: The process of bubblewrap.
        sockets: The folder that the sandbox can write into.
        gigabytes: The memory for all of its processes.
    """

    def look() -> None:
        try:
            sandbox = psutil.Process(pid)
            while sandbox.is_running():
                if _too_much(sandbox, sockets, gigabytes):
                    sandbox.kill()
                time.sleep(LOOK_EVERY)
        except psutil.NoSuchProcess:
            return

    threading.Thread(target=look, daemon=True).start()


def _too_much(sandbox: psutil.Process, sockets: Path, gigabytes: float) -> bool:
    memory, processes = 0, 0
    for process in sandbox.children(recursive=True):
        try:
            memory += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
        processes += 1
    try:
        beside = sum(file.lstat().st_size for file in sockets.rglob("*"))
    except OSError:  # it is being removed
        beside = 0
    return memory > gigabytes * 2**30 or processes > PROCESSES or beside > SCRATCH_MEGABYTES * 2**20
