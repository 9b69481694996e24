"""The answers of a submission, as the process that marks sees them.

The code of a student's runs elsewhere (``lr_grading.inside``). Here each of its functions, classes
and objects is a ``StandIn``: it sends its arguments there, has the call made, and hands back the
result and what has changed in the arguments. The cells of checks call stand-ins as they would call
the functions themselves. A result with gradients is a node of PyTorch's graph, whose backward pass
goes on at the other side.
"""

import builtins
import contextlib
import io
import queue
import sys
import threading
import time
import types
from collections.abc import Iterator, Mapping
from traceback import FrameSummary
from typing import Any

import cloudpickle
import torch
from torch import Tensor

from lr_grading import inside
from lr_grading.border import BorderError, Channel, Decoder, Twins, unpack
from lr_grading.limits import CELL_SECONDS, CHECK_MEGABYTES, MESSAGE_MEGABYTES
from lr_grading.questions import Check, Question
from lr_grading.runner import START_SECONDS, Patience
from lr_grading.stand_in import AnswersEnded, RaisedInside, StandIn, number_of
from lr_grading.time_limit import OutOfTime
from lr_grading.values import is_tensor


class _Result(torch.autograd.Function):
    """A result that was computed elsewhere from tensors which both sides have."""

    @staticmethod
    def forward(
        ctx: Any, answers: "Answers", name: str, values: Tensor, names: list[str], *leaves: Tensor
    ) -> Tensor:
        ctx.answers, ctx.name, ctx.names = answers, name, names
        return values

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Any:
        gradients = ctx.answers.ask(
            "backward", name=ctx.name, gradient=gradient.detach(), leaves=ctx.names
        )
        return None, None, None, None, *gradients


class _Pickler(cloudpickle.Pickler):
    """Writes an order. What the other side has is named; functions with checks in them stay."""

    def __init__(self, file: io.BytesIO, answers: "Answers") -> None:
        super().__init__(file)
        self._answers = answers

    def persistent_id(self, value: Any) -> Any:
        if is_tensor(value):
            return "tensor", self._answers.twins.share(value)
        if type(value) is StandIn:
            return "object", number_of(value)
        if id(value) in self._answers.given:
            return "given", self._answers.given[id(value)]
        if isinstance(value, types.FunctionType) and _refers_to_checks(value):
            return "call", self._answers.keep(value)
        return None

    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if kind is types.SimpleNamespace or kind.__module__ == "__main__":
            return inside.restore, (self._answers.keep(value), kind), vars(value).copy()
        return super().reducer_override(value)


def _refers_to_checks(function: types.FunctionType) -> bool:
    """Whether a function of a cell of checks uses the check itself: it is called back."""
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    named = [function.__globals__.get(name) for name in function.__code__.co_names]
    return any(isinstance(value, (Check, Question)) for value in cells + named)


class Answers:
    """The process with the answers.

    Args:
        channel: The way to it.
        patience: How long to wait for a call.
        output_limit: The characters that a cell may show.
    """

    def __init__(
        self,
        channel: Channel,
        patience: Patience,
        output_limit: int,
    ) -> None:
        self.ended = False
        self._channel, self._patience, self._output_limit = channel, patience, output_limit
        self._received: queue.Queue[bytes | Exception | None] = queue.Queue(1)
        threading.Thread(target=self._receive, daemon=True).start()
        self.given: dict[int, str] = {}  # what the cells of the course have defined, by identity
        self._given_classes: dict[str, type] = {}
        self._printed = 0
        self._begin()
        self.begin_check(0, "")

    def _begin(self) -> None:
        self.twins = Twins("m")
        self._decoder = Decoder(self.twins, self._stand_in, self._graph)
        self._kept: dict[int, Any] = {}
        self._stand_ins: dict[int, StandIn] = {}

    def begin_check(self, seed: int, file: str) -> None:
        """A check begins, with its own time and its own random numbers."""
        self._seed: int | None = seed
        self._file, self._used, self._taken = file, 0.0, 0
        self._began = time.monotonic()
        self._raised: BaseException | None = None

    def keep(self, value: object) -> int:
        self._kept[id(value)] = value
        return id(value)

    def give(self, values: Mapping[str, Any]) -> None:
        """Say what cells of the course have defined on both sides."""
        for name, value in values.items():
            if isinstance(value, (type, types.FunctionType)) and value.__module__ == "__main__":
                self.given[id(value)] = name
                if isinstance(value, type):
                    self._given_classes[name] = value

    def start(self, files: Mapping[str, bytes]) -> None:
        """Wait until the process is there, and lay files where its code looks for them.

        Raises:
            AnswersEnded: It does not start.
        """
        self._wait(START_SECONDS)
        self._request({"do": "lay", "files": dict(files)}, START_SECONDS)

    def run(self, source: str, file: str, seconds: float, *, given: bool) -> tuple[Any, str]:
        """Run a cell.

        Args:
            source: Its code.
            file: What messages call it.
            seconds: How long it may take.
            given: Whether it is the course's own.

        Returns:
            What it showed, of any form, and the name of PyTorch's default dtype after it.

        Raises:
            AnswersEnded: The process has ended.
            OutOfTime: The cell took too long.
        """
        order = {"do": "run", "source": source, "file": file, "given": given}
        answer = self._request(order, seconds)
        return answer.get("outputs"), str(answer.get("dtype"))

    def names(self, names: list[str]) -> dict[str, Any]:
        """Begin a cell of checks: what there is of some names that it uses."""
        self._begin()
        self.begin_check(0, "")
        self._printed = 0
        found = self._value(self._request({"do": "names", "names": names}, START_SECONDS))
        with self._sense():
            return {name: value for name, value in found.items() if name in names}

    def close(self) -> None:
        """Take nothing more from the process."""
        self.ended = True
        with contextlib.suppress(queue.Empty):
            self._received.get_nowait()

    def ask(self, do: str, **order: object) -> Any:
        """Have something done that runs a student's code.

        Raises:
            RaisedInside: It ended in an error.
            OutOfTime: It took too long.
            AnswersEnded: The process has ended.
        """
        if time.monotonic() - self._began > CELL_SECONDS:  # a generator that never ends
            raise OutOfTime(CELL_SECONDS)
        order |= {"do": do, "seed": self._seed, "file": self._file, "used": self._used}
        order["grad"] = torch.is_grad_enabled()
        self._seed = None
        answer = self._request(order, 0.0)
        with self._sense():
            self._used += float(answer.get("seconds", 0.0))
        if self._raised is not None:
            raise self._raised
        if "raised" in answer:
            raise self._error(answer["raised"])
        return self._value(answer)

    def _request(self, order: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send an order, serve what is called back, and return the answer."""
        self._send(order)
        while True:
            answer = self._wait(seconds)
            if "call" not in answer:
                return answer
            self._send(self._called_back(answer))

    def _send(self, order: dict[str, Any]) -> None:
        file = io.BytesIO()
        _Pickler(file, self).dump(order)
        envelope = {
            "order": file.getvalue(),
            "changes": self.twins.changes(),
            "given": {name: inside.numbers_of(kind) for name, kind in self._given_classes.items()},
            "output_limit": self._output_limit,
        }
        try:
            self._channel.send(cloudpickle.dumps(envelope))
        except (OSError, ValueError) as error:
            self.ended = True
            raise AnswersEnded(str(error)) from error

    def _receive(self) -> None:
        """Take what comes, a message at a time, until the end."""
        message: bytes | Exception | None = b""
        while isinstance(message, bytes) and not self.ended:
            try:
                message = self._channel.receive(MESSAGE_MEGABYTES * 2**20)
            except (BorderError, OSError, ValueError) as error:
                message = error
            self._received.put(message)

    def _wait(self, seconds: float) -> dict[str, Any]:
        """The next answer.

        Args:
            seconds: How long to wait; 0 for as long as a call may take.
        """
        came: list[bytes | Exception | None] = []

        def comes(within: float) -> bool:
            with contextlib.suppress(queue.Empty):
                came.append(self._received.get(timeout=within))
            return bool(came)

        if not (comes(seconds) if seconds else self._patience.wait(comes)):
            self.ended = True
            raise OutOfTime(seconds or self._patience.limit)
        (message,) = came
        if not isinstance(message, bytes):
            self.ended = True
            raise AnswersEnded(str(message or "it ended"))
        self._taken += len(message)
        with self._sense():
            if self._taken > CHECK_MEGABYTES * 2**20:
                raise BorderError("too much data")
            answer: dict[str, Any] = unpack(message)
            self.twins.apply(answer["changes"])
            self._take_over(answer)
            self._print(answer.get("printed", ()))
        return answer

    def _print(self, printed: Any) -> None:
        """Show what the answers have printed, up to the limit of a cell."""
        for name, text in printed:
            left = max(self._output_limit - self._printed, 0)
            self._printed += len(text)
            (sys.stderr if name == "stderr" else sys.stdout).write(text[:left])

    def _take_over(self, answer: dict[str, Any]) -> None:
        """What has changed in the objects that were sent, and in classes of the course."""
        for number, attributes in answer["objects"]:
            target = self._kept[number]
            for name, data in attributes:
                setattr(target, name, self._decoder.decode(data))
        for name, kind in self._given_classes.items():
            for attribute, value in answer["given"].get(name, {}).items():
                if attribute in inside.numbers_of(kind) and type(value) in (int, float):
                    setattr(kind, attribute, value)

    def _called_back(self, answer: dict[str, Any]) -> dict[str, Any]:
        with self._sense():
            function = self._kept[answer["call"]]
            arguments, named = self._decoder.decode(answer["value"])
        try:
            return {"value": function(*arguments, **named)}
        except Exception as error:
            self._raised = error
            return {"raised": type(error).__name__}

    @contextlib.contextmanager
    def _sense(self) -> Iterator[None]:
        """What makes no sense is taken for the end of the process."""
        try:
            yield
        except (BorderError, LookupError, TypeError, ValueError, AttributeError) as error:
            self.ended = True
            raise AnswersEnded(str(error)) from error

    def _value(self, answer: dict[str, Any]) -> Any:
        with self._sense():
            return self._decoder.decode(answer["value"])

    def _stand_in(self, number: int, kind: str, text: str) -> StandIn:
        return self._stand_ins.setdefault(number, StandIn(self, number, kind, text))

    def _graph(self, name: str, values: Tensor, leaves: list[Tensor]) -> Tensor:
        names = [str(self.twins.name_of(leaf)) for leaf in leaves]
        with torch.enable_grad():
            result: Tensor = _Result.apply(self, name, values, names, *leaves)
        self.twins.add_fixed(name, result)
        return result

    def _error(self, data: Any) -> BaseException:
        with self._sense():
            if data["late"] is not None:
                return OutOfTime(float(data["late"]))
            kind = _built_in(data["kinds"])
            made: Any = type(str(data["type"]), (RaisedInside, kind), {})
            error: BaseException = made.__new__(made)
            vars(error).update(
                text=str(data["text"]),
                frames=[
                    FrameSummary(str(file), int(line), str(name), lookup_line=False)
                    for file, line, name in data["frames"]
                ],
            )
            if isinstance(error, NameError):
                error.name = str(data["name"])
            return error


def _built_in(names: list[str]) -> type[Exception]:
    """The first of some names that is an error of Python's."""
    for name in names:
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            return Exception if issubclass(kind, BaseExceptionGroup) else kind
    return Exception
