"""What the side that marks takes from a process that says whatever it wants: nothing but data.

Under a second; no process is started.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

import pytest

from lr_grading import answers as module
from lr_grading.answers import Answers
from lr_grading.border import Channel, pack
from lr_grading.limits import CHECK_SECONDS, MESSAGE_MEGABYTES
from lr_grading.runner import Patience
from lr_grading.stand_in import AnswersEnded
from lr_grading.time_limit import OutOfTime

NOTHING_NEW: dict[str, Any] = {"changes": [], "objects": [], "given": {}}


class Streams:
    """What was written, and what is still to be read: chunks as they come."""

    def __init__(self, *chunks: bytes) -> None:
        self.content, self.broken = b"".join(chunks), False

    def read(self, size: int) -> bytes:
        taken, self.content = self.content[:size], self.content[size:]
        return taken

    def write(self, _: bytes) -> int:
        if self.broken:
            raise BrokenPipeError("nobody reads")
        return 0

    def flush(self) -> None:
        """All is written."""

    def close(self) -> None:
        """There is nothing to close."""


def framed(message: bytes) -> bytes:
    return struct.pack(">Q", len(message)) + message


@pytest.fixture
def answering() -> Iterator[Callable[..., Answers]]:
    made: list[Answers] = []

    def answering(*messages: Any, broken: bool = False) -> Answers:
        """A process that has answered before it was asked."""
        packed = (m if isinstance(m, bytes) else framed(pack(NOTHING_NEW | m)) for m in messages)
        streams = Streams(*packed)
        streams.broken = broken
        stream = cast(BinaryIO, streams)
        patience = Patience(lambda: 0.0, CHECK_SECONDS)
        made.append(Answers(Channel(stream, stream), patience, output_limit=10))
        return made[-1]

    yield answering
    for each in made:
        each.close()


FORGED = {
    "nothing": b"",
    "half a message": framed(pack(NOTHING_NEW))[:-1],
    "no data": framed(b"\xc1\xff"),
    "a list": framed(pack([1])),
    "without changes": framed(pack({"value": 1})),
    "too long": struct.pack(">Q", 2**20 * MESSAGE_MEGABYTES + 1),
    "no value": {},
    "an unknown form": {"value": ["program", "x"]},
    "an unknown object": {"value": 1, "objects": [[5, []]]},
    "an unknown function": {"call": 5, "value": ["list", []]},
    "printed nonsense": {"value": 1, "printed": [[1]]},
    "an error without a form": {"raised": {"type": "x"}},
}


@pytest.mark.parametrize("message", FORGED.values(), ids=FORGED)
def test_what_makes_no_sense_is_taken_for_the_end(
    message: Any, answering: Callable[..., Answers]
) -> None:
    answers = answering(message)
    with pytest.raises(AnswersEnded):
        answers.ask("call", function=None, arguments=(), named={})
    assert answers.ended


def test_who_does_not_listen_has_ended(answering: Callable[..., Answers]) -> None:
    answers = answering(broken=True)
    with pytest.raises(AnswersEnded, match="nobody reads"):
        answers.ask("call", function=None, arguments=(), named={})


def test_the_data_of_a_check_are_limited(
    answering: Callable[..., Answers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_MEGABYTES", 1e-4)
    answers = answering({"value": 1}, {"value": "x" * 100})
    assert answers.ask("call", function=None, arguments=(), named={}) == 1
    with pytest.raises(AnswersEnded, match="too much data"):
        answers.ask("call", function=None, arguments=(), named={})


def test_a_check_that_goes_on_without_end_is_over(
    answering: Callable[..., Answers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CELL_SECONDS", -1)
    with pytest.raises(OutOfTime):
        answering({"value": 1}).ask("next", target=None)


def test_what_is_printed_is_cut_at_the_limit_of_a_cell(
    answering: Callable[..., Answers], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = answering({"value": 1, "printed": [["stdout", "x" * 8], ["stderr", "y" * 8]]})
    answers.ask("call", function=None, arguments=(), named={})
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("x" * 8, "y" * 2)
