"""The process in which the code of one submission runs, and nothing else.

``main`` serves one submission on its streams. With ``--control N`` it forks for each submission
that socket N brings.

It runs the cells of a notebook, and calls what they have defined, as the side that marks asks for
(``lr_grading.answers``). Nothing here decides a mark: whatever a student's code does to this
process, it can only change what its own answers give.
"""

import argparse
import builtins
import contextlib
import importlib
import io
import os
import pickle
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch

from lr_grading.border import Channel, Encoder, Twins, pack
from lr_grading.enclosure import enclosed
from lr_grading.limits import SCRATCH_MEGABYTES
from lr_grading.process_limits import limit_memory, limit_processes
from lr_grading.sandbox import SCRATCH, SCRATCH_FOLDERS, python_folders
from lr_grading.shell import Descriptors, Shell, Stream, new_shell
from lr_grading.time_limit import Alarm, OutOfTime
from lr_grading.values import cut

FRAMES = 50  # of an error, at each end

_objects: dict[int, Any] = {}  # what has been sent here with a state of its own, by its number


def restore(number: int, kind: type) -> Any:
    """An empty object of a class, whose state the pickle that calls this brings next."""
    made: Any = kind
    _objects[number] = made.__new__(made)
    return _objects[number]


class StoppedError(Exception):
    """The side that marks has stopped what it was asked for."""


class _Unpickler(pickle.Unpickler):
    """Reads an order, which names what is here already."""

    def __init__(self, data: bytes, student: "Student") -> None:
        super().__init__(io.BytesIO(data))
        self._student = student

    def persistent_load(self, name: Any) -> Any:
        kind, key = name
        return self._student.found(kind, key)


class Student:
    """What a submission has defined, at the service of the side that marks."""

    def __init__(self, channel: Channel, shell: Shell) -> None:
        self._channel, self._shell = channel, shell
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=channel.abandon)
        self._given: dict[str, Any] = {"__name__": "__main__"}
        self._kept: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._counted = 0
        self._begin()
        self._descriptors = Descriptors()
        self._alarm = Alarm()
        self._folder = os.getcwd()
        self._builtins = dict(vars(builtins))

    def _begin(self) -> None:
        """Forget what the checks before have shared."""
        self._kept.clear()
        self._numbers.clear()
        _objects.clear()
        self._twins = Twins("s")
        self._encoder = Encoder(self._twins, self._keep)

    def _keep(self, value: object) -> int:
        if id(value) not in self._numbers:
            self._counted += 1
            self._numbers[id(value)] = self._counted
            self._kept[self._counted] = value
        return self._numbers[id(value)]

    def serve(self) -> None:
        """Obey until the other side hangs up."""
        self._say({})  # it is there
        while (message := self._channel.receive()) is not None:
            self._say(self._obey(message))

    def _obey(self, message: bytes) -> dict[str, Any]:
        self._tidy()
        envelope = pickle.loads(message)
        self._given_state(envelope["given"])
        self._twins.apply(envelope["changes"])
        self._shell.shown.limit = envelope["output_limit"]
        order = _Unpickler(envelope["order"], self).load()
        do = order.pop("do")
        work = getattr(self, f"_{do}")
        return work(**order) if do in ("lay", "run", "names") else self._watched(work, **order)

    def _tidy(self) -> None:
        """Undo what would keep right answers from being run."""
        vars(builtins).update(self._builtins)
        torch.set_default_device(None)
        sys.stdout, sys.stderr = (Stream(name, self._shell.shown) for name in ("stdout", "stderr"))
        with contextlib.suppress(OSError):
            os.makedirs(self._folder, exist_ok=True)
            os.chdir(self._folder)

    def _say(self, answer: dict[str, Any]) -> None:
        shown = self._shell.shown.take()
        if "outputs" not in answer:
            answer["printed"] = [
                [output["name"], output["text"]]
                for output in shown
                if output["output_type"] == "stream"
            ]
        answer["objects"] = [[n, self._state(vars(item))] for n, item in _objects.items()]
        answer["given"] = {name: numbers_of(kind) for name, kind in self._classes()}
        answer["changes"] = self._twins.changes()
        self._channel.send(pack(answer))

    def _state(self, attributes: dict[str, Any]) -> list[Any]:
        """Of the attributes of an object, those that are data."""
        encoded = [[name, self._encoder.encode(value)] for name, value in attributes.items()]
        return [[name, value] for name, value in encoded if not _has_object(value)]

    def _classes(self) -> Iterator[tuple[str, type]]:
        return ((name, kind) for name, kind in self._given.items() if isinstance(kind, type))

    def _given_state(self, states: dict[str, dict[str, float]]) -> None:
        for name, state in states.items():
            for attribute, value in state.items():
                setattr(self._given[name], attribute, value)

    def found(self, kind: str, key: Any) -> Any:
        """What an order means: a tensor, an object that is kept here, a function to call back."""
        if kind == "tensor":
            return self._twins.named(key)
        if kind == "object":
            return self._kept[key]
        if kind == "given":
            return self._given[key]
        return partial(self._call_back, key)

    def _call_back(self, number: int, *arguments: Any, **named: Any) -> Any:
        """Have the side that marks call one of its functions."""
        with _no_alarm():
            value = self._encoder.encode([list(arguments), named])
            self._say({"call": number, "value": value})
            message = self._channel.receive()
            if message is None:
                os._exit(0)
            envelope = pickle.loads(message)
            self._twins.apply(envelope["changes"])
            answer = _Unpickler(envelope["order"], self).load()
        if "raised" in answer:
            raise StoppedError(answer["raised"])
        return answer["value"]

    # What can be asked for

    def _lay(self, files: dict[str, bytes]) -> dict[str, Any]:
        """Lay the files that were handed in into the working folder."""
        for name, content in files.items():
            with contextlib.suppress(OSError):
                place = Path(self._folder, name)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        return {}

    def _run(self, source: str, file: str, given: bool) -> dict[str, Any]:
        """Run a cell. What cells of the course define, later cells cannot change."""
        if given:
            self._run_given(source, file)
        else:
            self._shell.run(source, file)
            if self._shell.user_ns.get("range") is torch.range:
                del self._shell.user_ns["range"]  # from torch import * hides Python's
        outputs = self._shell.shown.take()
        past = self._descriptors.take(self._shell.shown.limit)
        if past:
            outputs.append({"output_type": "stream", "name": "stdout", "text": past})
        return {"outputs": outputs, "dtype": str(torch.get_default_dtype()).removeprefix("torch.")}

    def _run_given(self, source: str, file: str) -> None:
        before = dict(self._given)
        try:
            exec(compile(source, file, "exec"), self._given)
        except Exception:
            self._shell.showtraceback()
        for name, value in self._given.items():
            if before.get(name, self) is not value and not name.startswith("__"):
                self._shell.user_ns[name] = value

    def _names(self, names: list[str]) -> dict[str, Any]:
        """A new cell of checks: what it can know of these names."""
        self._begin()
        space = self._shell.user_ns
        found = [[name, self._encoder.encode(space[name])] for name in names if name in space]
        return {"value": ["dict", found]}

    def _watched(
        self,
        work: Callable[..., Any],
        *,
        seed: int | None,
        grad: bool,
        file: str,
        used: float,
        **order: Any,
    ) -> dict[str, Any]:
        """Do something that runs a student's code.

        Args:
            work: What to do.
            seed: What PyTorch's random numbers are to begin from, at the first call of a check.
            grad: Whether operations are recorded.
            file: The cell of the check, whose functions are not to blame for the time.
            used: Seconds that the check has computed so far.
            order: The arguments.
        """
        if seed is not None:
            torch.manual_seed(seed)
        torch.set_grad_enabled(grad)
        start = time.process_time()
        try:
            self._alarm.set(file, used)
            try:
                answer = {"value": self._encoder.encode(work(**order))}
            finally:
                self._alarm.clear()
        except BaseException as error:
            answer = {"raised": raised(error)}
        self._descriptors.take(0)
        answer["seconds"] = time.process_time() - start
        return answer

    def _call(self, function: Any, arguments: Any, named: Any) -> Any:
        return function(*arguments, **named)

    def _get(self, target: Any, name: str) -> Any:
        value = getattr(target, name)
        if isinstance(value, torch.Tensor) and value.is_leaf:
            with contextlib.suppress(RuntimeError, TypeError, NotImplementedError):
                self._twins.share(value)
        return value

    def _set(self, target: Any, name: str, value: Any) -> None:
        setattr(target, name, value)

    def _item(self, target: Any, key: Any) -> Any:
        return target[key]

    def _length(self, target: Any) -> Any:
        return len(target)

    def _iterate(self, target: Any) -> Any:
        return _Iterator(target)

    def _next(self, target: Any) -> Any:
        return target.next()

    def _backward(self, name: str, gradient: Any, leaves: list[str]) -> Any:
        """The gradients of a result with respect to the leaves it was computed from."""
        return list(
            torch.autograd.grad(
                self._twins.named(name),
                [self._twins.named(leaf) for leaf in leaves],
                gradient,
                retain_graph=True,
                allow_unused=True,
            )
        )


class _Iterator:
    """Something that is iterated from outside: a list of one item, or an empty one at the end."""

    def __init__(self, target: Any) -> None:
        self._iterator = iter(target)

    def next(self) -> list[Any]:
        for item in self._iterator:
            return [item]
        return []


def numbers_of(kind: type) -> dict[str, float]:
    """The attributes of a class that are numbers: what it counts."""
    return {
        name: value
        for name, value in vars(kind).items()
        if type(value) in (int, float) and not name.startswith("_")
    }


def _has_object(data: Any) -> bool:
    if not isinstance(data, list):
        return False
    return data[:1] == ["object"] or any(map(_has_object, data))


def raised(error: BaseException) -> dict[str, Any]:
    """An error as data."""
    try:
        text = str(error)
    except BaseException:  # whose own text fails, or never ends
        text = ""
    summary = [
        [frame.filename, frame.lineno or 0, frame.name]
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename != __file__
    ]
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    return {
        "type": type(error).__name__,
        "kinds": kinds,
        "text": cut(text, 2000),
        "name": str(getattr(error, "name", None) or ""),
        "late": error.limit if type(error) is OutOfTime else None,
        "frames": summary[:FRAMES] + summary[FRAMES:][-FRAMES:],
    }


@contextlib.contextmanager
def _no_alarm() -> Iterator[None]:
    """Keep the time limit from cutting a message in two."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def load() -> Shell:
    """Load what takes seconds, before any code of a student's runs."""
    shell = new_shell()  # before the figures, which are drawn into it
    for module in ("matplotlib_inline.backend_inline", "lr_grading.questions", "lr_lib.datasets"):
        importlib.import_module(module)

    torch.set_num_threads(1)
    torch.func.grad(torch.square)(torch.tensor(1.0))
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    return shell


def serve(shell: Shell, reader: int, writer: int) -> None:
    """Serve one submission over two file descriptors."""
    limit_memory()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    Student(Channel(os.fdopen(reader, "rb"), os.fdopen(writer, "wb")), shell).serve()


def serve_each(shell: Shell, control: socket.socket) -> None:
    """Fork for each submission, into namespaces of its own."""
    while True:
        order, connections, _, _ = socket.recv_fds(control, 1, 1)
        if not order:
            return
        (connection,) = connections
        work = partial(_alone, shell, connection, control)
        inside = enclosed(work, SCRATCH_FOLDERS, SCRATCH_MEGABYTES, python_folders())
        os.close(connection)
        if inside is None:
            control.send(b"-")
            continue
        control.send(b"+")
        guard, copy = inside
        control.recv(1)
        with contextlib.suppress(ProcessLookupError):
            os.kill(copy, signal.SIGKILL)
        os.waitpid(guard, 0)
        control.send(b".")


def _alone(shell: Shell, connection: int, control: socket.socket) -> None:
    control.close()
    os.chdir(SCRATCH)
    limit_processes()
    serve(shell, connection, os.dup(connection))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int)
    control = parser.parse_args().control
    if control is not None:
        serve_each(load(), socket.socket(fileno=control))
    else:
        reader, writer = os.dup(0), os.dup(1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        serve(load(), reader, writer)
