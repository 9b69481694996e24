"""What stands for a function, a class or an object of a student's in the process that marks."""

from collections.abc import Iterator, Sequence
from traceback import FrameSummary
from typing import Any, Protocol


class AnswersEnded(Exception):  # noqa: N818 - what it says is what has happened
    """The process with the answers has ended, or what it says makes no sense."""


class RaisedInside(Exception):  # noqa: N818
    """An error of a student's code. What is raised is also of the built-in type that it has.

    Attributes:
        text: What it said.
        frames: The functions that it passed, outermost first.
    """

    text = ""
    frames: Sequence[FrameSummary] = ()

    def __str__(self) -> str:
        return self.text


class Asked(Protocol):
    """Has something done where the object is."""

    def ask(self, do: str, **order: object) -> Any: ...


class StandIn:
    """An object that is elsewhere. To use it is to ask for it there.

    Args:
        answers: What is asked.
        number: The number of the object there.
        kind: The name of its type.
        text: How it shows itself.
    """

    def __init__(self, answers: Asked, number: int, kind: str, text: str) -> None:
        vars(self).update(_answers=answers, _number=number, _kind=kind, _text=text)

    def __call__(self, *arguments: object, **named: object) -> Any:
        return self._answers.ask("call", function=self, arguments=arguments, named=named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._answers.ask("get", target=self, name=name)

    def __setattr__(self, name: str, value: object) -> None:
        self._answers.ask("set", target=self, name=name, value=value)

    def __getitem__(self, key: object) -> Any:
        return self._answers.ask("item", target=self, key=key)

    def __len__(self) -> int:
        return int(self._answers.ask("length", target=self))

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        iterator = self._answers.ask("iterate", target=self)
        while found := self._answers.ask("next", target=iterator):
            yield found[0]

    def __repr__(self) -> str:
        text: str = self._text
        return text


def number_of(stand_in: StandIn) -> int:
    """The number of the object that a stand-in stands for."""
    return int(vars(stand_in)["_number"])


def type_name(value: object) -> str:
    """The name of the type of a value, also of one that is elsewhere."""
    return str(vars(value)["_kind"]) if type(value) is StandIn else type(value).__name__
