"""What an answer gave, in terms of Python's own types and as a text.

Types are compared exactly: a class of the student's own could compare as it likes.
"""

from typing import Any, TypeGuard

import torch
from torch import Tensor

SHOWN = 6  # numbers of a tensor that a message shows


def is_tensor(value: object) -> TypeGuard[Tensor]:
    return type(value) in (Tensor, torch.nn.Parameter)


def plain(value: object) -> Any:
    """The value in terms of Python's own types; what is not known stays as it is."""
    if is_tensor(value):
        return value.detach().to("cpu").tolist()
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return value.tolist()
    if type(value) in (list, tuple):
        return [plain(item) for item in value]  # type: ignore[attr-defined]
    return value


def numbers(value: object) -> Tensor | None:
    """The value as a float64 tensor, or None where it is not made of numbers."""
    value = plain(value)
    if type(value) not in (bool, int, float, list):
        return None
    try:
        return torch.tensor(value, dtype=torch.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return None


def shown(value: object) -> str:
    """The first few numbers of a value, as a text of one line."""
    value = plain(value)
    if type(value) is float:
        return f"{value:.6g}"
    if type(value) is list:
        items = ", ".join(shown(item) for item in value[:SHOWN])
        return f"[{items}, …]" if len(value) > SHOWN else f"[{items}]"
    return text_of(value)


def text_of(value: object) -> str:
    """How a value shows itself, in one line."""
    try:
        return cut(repr(value), 200)
    except Exception:  # a class of the student's own
        return "?"


def cut(line: str, length: int) -> str:
    line = " ".join(line.split())
    return line if len(line) <= length else line[: length - 1] + "…"
