"""Starts and ends the processes in which answers run, and watches what they take."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any, BinaryIO, cast

import psutil

from lr_grading.border import Channel
from lr_grading.container import Container
from lr_grading.limits import IMPATIENCE
from lr_grading.process_limits import MEMORY_VARIABLE
from lr_grading.sandbox import Bubblewrap, find, watch
from lr_grading.time_limit import LIMIT_VARIABLE

START_SECONDS = 120  # to load PyTorch on a busy machine
END_SECONDS = 10
LOOK_EVERY = 0.5
IDLE = 0.1  # of the time that has gone by: who computes less is waiting for something


class Runner:
    """A process that has PyTorch loaded and is forked for each submission.

    Where the system does not allow the namespaces that a fork needs, or without a sandbox, a
    process is started for each submission: it takes a second more.

    Args:
        language: The language of what is said where there is no sandbox.
        sandbox: "none", "bubblewrap", "podman", "docker", or "auto" for the first that works.
        memory: Gigabytes that a submission may take.
        check_seconds: Seconds that a check may compute.

    Raises:
        RuntimeError: There is no sandbox on this machine.
    """

    def __init__(self, language: str, sandbox: str, memory: float, check_seconds: float) -> None:
        self._memory, self._check_seconds = memory, check_seconds
        self._sandbox: Bubblewrap | Container | None = None
        if sandbox != "none":
            name = find(language, sandbox)
            self._sandbox = Bubblewrap() if name == "bubblewrap" else Container(name, memory)
        self._forks = self._sandbox is not None and self._sandbox.forks
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._connection: socket.socket | None = None
        self._channel: Channel | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        if self._forks:
            self._start_forking()

    def open(self) -> Channel:
        """A way to a process for one submission, in which nothing was run."""
        self.end()
        if self._forks:
            self._channel = self._fork() or self._fork()  # the second one in a new sandbox
        if self._channel is None:
            self._channel = self._start()
        return self._channel

    def end(self) -> None:
        """The submission is over: what it has left behind ends with it."""
        if self._channel is None:
            return
        if self._control is None:
            self.kill()
            return
        self._hang_up()
        try:
            self._control.settimeout(END_SECONDS)
            self._control.send(b".")
            ended = self._control.recv(1) == b"."
        except OSError:
            ended = False
        if not ended:
            self.kill()

    def kill(self) -> None:
        """End a process that does not end by itself; the next one is started anew."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            if self._sandbox is not None:
                self._sandbox.end()
        self._hang_up()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _hang_up(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)  # wakes who reads
            self._connection.close()
            self._connection = None
        if self._channel is not None:
            with contextlib.suppress(OSError):
                self._channel.close()
            self._channel = None

    def _fork(self) -> Channel | None:
        """A way to a new fork; None if the sandbox has ended, or the system allows no fork."""
        if not self._forks:
            return None
        if self._control is None:
            self._start_forking()
        assert self._control is not None
        ours, theirs = socket.socketpair()
        answer = b""
        with contextlib.suppress(OSError):
            self._control.settimeout(START_SECONDS)
            socket.send_fds(self._control, [b"+"], [theirs.fileno()])
            answer = self._control.recv(1)
        theirs.close()
        if answer != b"+":
            ours.close()
            self.kill()
            self._forks = answer != b"-"
            return None
        self._connection = ours
        return Channel(ours.makefile("rb"), ours.makefile("wb"))

    def _start_forking(self) -> None:
        ours, theirs = socket.socketpair()
        number = theirs.fileno()
        self._control = ours
        self._launch(["--control", str(number)], pass_fds=[number], stdin=subprocess.DEVNULL)
        theirs.close()

    def _start(self) -> Channel:
        """Start a process for one submission alone."""
        process = self._launch([], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return Channel(cast(BinaryIO, process.stdout), cast(BinaryIO, process.stdin))

    def _launch(self, arguments: list[str], **streams: Any) -> subprocess.Popen[bytes]:
        arguments = ["-P", "-c", "from lr_grading.inside import main; main()", *arguments]
        environment = {
            MEMORY_VARIABLE: str(int(self._memory * 2**30)),
            LIMIT_VARIABLE: str(self._check_seconds),
            "OMP_NUM_THREADS": "1",  # the marks may not depend on how many cores there are
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "LANG": "C.UTF-8",
        }
        folder = None
        if self._sandbox is not None:
            command = self._sandbox.command(arguments, environment)
            environment = dict(os.environ)
        else:
            command = [sys.executable, *arguments]
            self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
            folder = self._folder.name
            environment = {**os.environ, **environment, "IPYTHONDIR": folder}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(
            command, env=environment, cwd=folder, start_new_session=True, **{**quiet, **streams}
        )
        self._process = process
        if isinstance(self._sandbox, Bubblewrap):
            watch(process.pid, self._memory)
        return process

    def computed(self) -> float:
        """The seconds that the process and those that it has started have computed.

        In a container they cannot be seen: there, all time counts.
        """
        if isinstance(self._sandbox, Container):
            return time.monotonic()
        if self._process is None:
            return 0.0
        seconds = 0.0
        with contextlib.suppress(psutil.Error):
            parent = psutil.Process(self._process.pid)
            for process in (parent, *parent.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    times = process.cpu_times()
                    seconds += times.user + times.system
        return seconds


class Patience:
    """Waits for a call of a student's code, which may neither compute nor wait for too long.

    Args:
        computed: Says how many seconds the code has computed.
        seconds: How many it may compute.
    """

    def __init__(self, computed: Callable[[], float], seconds: float) -> None:
        self._computed, self._seconds = computed, seconds
        self.limit = seconds

    def lose(self) -> None:
        """Be less patient, as ``lr_grading.time_limit`` is where a function was too slow."""
        self.limit = self._seconds / IMPATIENCE

    def regain(self) -> None:
        self.limit = self._seconds

    def wait(self, came: Callable[[float], bool]) -> bool:
        """Wait.

        Args:
            came: Waits some seconds, and says whether the answer has come.

        Returns:
            Whether it has come in time. The process itself counts too, and ends most calls that
            take too long by an error: this is for code that cannot be interrupted.
        """
        if came(LOOK_EVERY):
            return True
        start, before = time.monotonic(), self._computed()
        while not came(LOOK_EVERY):
            passed, used = time.monotonic() - start, self._computed() - before
            waits = passed > self.limit and used < IDLE * passed
            if waits or used > 1.5 * self.limit or passed > 3 * self.limit:
                return False
        return True
