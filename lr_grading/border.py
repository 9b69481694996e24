"""What crosses the border between the process that marks and the one that runs answers.

Both sides use this module. The side that marks sends what it likes; the side that runs answers
cannot be trusted, and sends data of a fixed form: numbers, texts, lists, the bytes of tensors. It
is read by ``msgpack`` and by ``Decoder``, never unpickled and never evaluated. What has no such
form, a function or an object of a class, stays where it is and crosses as a number.

A tensor that one side has passed to the other has a twin there. Each message says what has changed
since the last one: their values and their gradients.
"""

import math
import os
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

import msgpack
import numpy
import torch
from torch import Tensor

from lr_grading.values import cut, is_tensor, text_of

DEPTH = 50  # of lists in lists
PLAIN = (type(None), bool, float, str, bytes)
NUMBERS = "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64 complex128"
DTYPES: dict[str, torch.dtype] = {name: getattr(torch, name) for name in NUMBERS.split()}
ARRAYS = {"b", "i", "u", "f", "c"}  # the kinds of numpy that are numbers
HEADER = struct.Struct(">Q")


class BorderError(Exception):
    """What came is not of the fixed form, or too large."""


class Channel:
    """Whole messages over two streams of bytes."""

    def __init__(self, reader: BinaryIO, writer: BinaryIO) -> None:
        self._reader, self._writer = reader, writer

    def send(self, message: bytes) -> None:
        self._writer.write(HEADER.pack(len(message)) + message)
        self._writer.flush()

    def receive(self, limit: float = math.inf) -> bytes | None:
        """The next message; None at the end.

        Raises:
            BorderError: It has more bytes than the limit.
        """
        header = self._reader.read(HEADER.size)
        if len(header) < HEADER.size:
            return None
        (size,) = HEADER.unpack(header)
        if size > limit:
            raise BorderError(f"a message of {size} bytes")
        message = self._reader.read(size)
        return message if len(message) == size else None

    def abandon(self) -> None:
        """Leave the other end to the process that this one was forked from."""
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (self._reader, self._writer):
            os.dup2(nothing, stream.fileno())
        os.close(nothing)

    def close(self) -> None:
        self._writer.close()
        self._reader.close()


def pack(message: Any) -> bytes:
    """The bytes of a message that is made of plain data."""
    packed: bytes = msgpack.packb(message, unicode_errors="replace")
    return packed


def unpack(message: bytes) -> Any:
    """The plain data of a message.

    Raises:
        BorderError: It has another form.
    """
    try:
        return msgpack.unpackb(message, strict_map_key=False, unicode_errors="replace")
    except (ValueError, RecursionError, msgpack.UnpackException) as error:
        raise BorderError(str(error)) from error


class Twins:
    """The tensors that both sides have.

    Args:
        side: What the names of tensors begin with that this side has shared first.
    """

    def __init__(self, side: str) -> None:
        self._side = side
        self._tensors: dict[str, Tensor] = {}
        self._names: dict[int, str] = {}
        self._known: dict[str, list[Any]] = {}  # as the other side has them
        self._fixed: set[str] = set()

    def name_of(self, tensor: Tensor) -> str | None:
        """The name of a tensor that is shared."""
        return self._names.get(id(tensor))

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def named(self, name: str) -> Tensor:
        """The tensor of a name.

        Raises:
            BorderError: There is none.
        """
        if name not in self._tensors:
            raise BorderError(f"no tensor {name!r}")
        return self._tensors[name]

    def share(self, tensor: Tensor) -> str:
        """The name of a tensor, which the next message brings to the other side."""
        name = self.name_of(tensor)
        if name is None:
            name = f"{self._side}{len(self._tensors)}"
            self._add(name, tensor)
        return name

    def add_fixed(self, name: str, tensor: Tensor) -> None:
        """Share a result of a computation: only its gradient function matters."""
        self._add(name, tensor)
        self._fixed.add(name)

    def _add(self, name: str, tensor: Tensor) -> None:
        self._tensors[name] = tensor
        self._names[id(tensor)] = name

    def changes(self) -> list[list[Any]]:
        """What has changed since the last exchange, of each tensor."""
        changed = []
        for name, tensor in self._tensors.items():
            if name in self._fixed:
                continue
            state = _state(tensor)
            if state != self._known.get(name):
                self._known[name] = state
                changed.append([name, *state])
        return changed

    def apply(self, changes: Any) -> None:
        """Take over what the other side has changed.

        Raises:
            BorderError: It has another form.
        """
        for change in _list(changes):
            name, data, requires_grad, gradient = _list(change, 4)
            values = read_tensor(data)
            slope = None if gradient is None else read_tensor(gradient)
            if not isinstance(name, str):
                raise BorderError(f"a tensor named {name!r}")
            tensor = self._tensors.get(name)
            if tensor is None:
                tensor = values.requires_grad_(bool(requires_grad))
                self._add(name, tensor)
            elif tensor.shape == values.shape and tensor.dtype == values.dtype:
                tensor.data.copy_(values)
            else:
                tensor.data = values
            if tensor.is_leaf:
                if tensor.requires_grad != bool(requires_grad):
                    tensor.requires_grad_(bool(requires_grad))
                _set_gradient(tensor, slope)
            self._known[name] = _state(tensor)


def _set_gradient(tensor: Tensor, gradient: Tensor | None) -> None:
    """Give a tensor a gradient, in place where it has one."""
    if gradient is None or tensor.grad is None or tensor.grad.shape != gradient.shape:
        tensor.grad = gradient
    else:
        tensor.grad.data.copy_(gradient)


def _state(tensor: Tensor) -> list[Any]:
    gradient = tensor.grad if tensor.is_leaf else None
    slope = None if gradient is None else tensor_data(gradient)
    return [tensor_data(tensor), tensor.requires_grad, slope]


def tensor_data(tensor: Tensor) -> list[Any]:
    """The dtype, the shape and the bytes of a tensor.

    Raises:
        TypeError: It is not made of numbers.
    """
    dtype = str(tensor.dtype).removeprefix("torch.")
    if dtype not in DTYPES:
        raise TypeError(f"a tensor of {dtype}")
    dense = tensor.detach().to("cpu").resolve_conj().resolve_neg().contiguous()
    flat = dense.as_strided((dense.numel(),), (1,))  # also where one number has stride 0
    return [
        dtype,
        list(tensor.shape),
        flat.view(torch.uint8).numpy().tobytes(),
    ]


def read_tensor(data: Any) -> Tensor:
    """The tensor of ``tensor_data``.

    Raises:
        BorderError: It has another form.
    """
    dtype, shape, content = _list(data, 3)
    if dtype not in DTYPES or not isinstance(content, bytes):
        raise BorderError(f"a tensor of {dtype!r}")
    size = math.prod(_sizes(shape)) * DTYPES[dtype].itemsize
    if size != len(content):
        raise BorderError(f"{len(content)} bytes for a tensor of shape {shape}")
    if not content:
        return torch.empty(shape, dtype=DTYPES[dtype])
    return torch.frombuffer(bytearray(content), dtype=DTYPES[dtype]).reshape(shape)


def _sizes(shape: Any) -> list[int]:
    sizes = _list(shape)
    if len(sizes) > DEPTH or not all(type(size) is int and 0 <= size < 2**40 for size in sizes):
        raise BorderError(f"a shape {shape!r}")
    return sizes


def _list(data: Any, length: int | None = None) -> list[Any]:
    if not isinstance(data, list) or (length is not None and len(data) != length):
        raise BorderError(f"{cut(repr(data), 80)} where a list was expected")
    return data


class Encoder:
    """Turns what an answer gave into plain data.

    Args:
        twins: The tensors that both sides have.
        keep: Keeps a value that has no plain form, and returns its number.
    """

    def __init__(self, twins: Twins, keep: Callable[[object], int]) -> None:
        self._twins, self._keep = twins, keep

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Types are compared exactly: a class of the student's could pretend to be anything."""
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is int:
            return value if abs(value) < 2**63 else ["int", hex(value)]
        if depth < DEPTH:
            if kind in (list, tuple, set, frozenset, torch.Size):
                name = "tuple" if kind is torch.Size else kind.__name__
                return [name, [self.encode(item, depth + 1) for item in value]]
            if kind is dict:
                pairs = [[self.encode(part, depth + 1) for part in item] for item in value.items()]
                return ["dict", pairs]
        if kind is complex:
            return ["complex", value.real, value.imag]
        if kind is torch.dtype:
            return ["dtype", str(value).removeprefix("torch.")]
        if is_tensor(value):
            return self._tensor(value)
        return self._array(value) if kind.__module__ == "numpy" else self._object(value)

    def _array(self, value: Any) -> Any:
        single = isinstance(value, numpy.generic)
        if not (single or type(value) is numpy.ndarray) or value.dtype.kind not in ARRAYS:
            return self._object(value)
        return ["numpy", value.dtype.str, None if single else list(value.shape), value.tobytes()]

    def _tensor(self, value: Tensor) -> Any:
        try:
            name = self._twins.name_of(value)
            if name is None and not value.requires_grad:
                return ["values", tensor_data(value)]
            if value.is_leaf:
                tensor_data(value)
                return ["tensor", name or self._twins.share(value)]
            return self._graph(value)
        except (RuntimeError, TypeError, NotImplementedError):  # sparse, on no device, …
            return self._object(value)

    def _graph(self, value: Tensor) -> Any:
        """A result with gradients: its values, and the leaves that it was computed from."""
        name = self._twins.name_of(value)
        if name is None:
            name = f"g{self._keep(value)}"
            self._twins.add_fixed(name, value)
        leaves = [self._twins.share(leaf) for leaf in leaves_of(value)]
        return ["graph", name, tensor_data(value), leaves]

    def _object(self, value: Any) -> Any:
        return ["object", self._keep(value), type(value).__name__, text_of(value)]


def leaves_of(tensor: Tensor) -> list[Tensor]:
    """The tensors at which a backward pass from a result arrives, in a fixed order."""
    leaves: dict[int, Tensor] = {}
    seen, waiting = set(), [tensor.grad_fn]
    while waiting:
        node: Any = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            leaves[id(node.variable)] = node.variable
        waiting += [following for following, _ in node.next_functions]
    return list(leaves.values())


class Decoder:
    """Reads what an ``Encoder`` has made, whoever has sent it.

    Args:
        twins: The tensors that both sides have.
        stand_in: What stands here for an object of the other side: of its number, the name of
            its type, and a text.
        graph: What stands here for a result with gradients: of its name, values and leaves.
    """

    def __init__(
        self,
        twins: Twins,
        stand_in: Callable[[int, str, str], object],
        graph: Callable[[str, Tensor, list[Tensor]], Tensor],
    ) -> None:
        self._twins, self._stand_in, self._graph = twins, stand_in, graph

    def decode(self, data: Any) -> Any:
        """The value of some data.

        Raises:
            BorderError: It has another form.
        """
        if type(data) in (*PLAIN, int):
            return data
        tag, *rest = _list(data) or [None]
        read = getattr(self, f"_read_{tag}", None) if isinstance(tag, str) else None
        if read is None:
            raise BorderError(f"{cut(repr(data), 80)} is no data of a known form")
        try:
            return read(*rest)
        except (TypeError, ValueError, KeyError, OverflowError, RuntimeError) as error:
            raise BorderError(str(error)) from error

    def _read_int(self, digits: str) -> int:
        return int(digits, 16)

    def _read_list(self, items: list[Any]) -> list[Any]:
        return [self.decode(item) for item in _list(items)]

    def _read_tuple(self, items: list[Any]) -> tuple[Any, ...]:
        return tuple(self._read_list(items))

    def _read_set(self, items: list[Any]) -> set[Any]:
        return set(self._read_list(items))

    def _read_frozenset(self, items: list[Any]) -> frozenset[Any]:
        return frozenset(self._read_list(items))

    def _read_dict(self, items: list[Any]) -> dict[Any, Any]:
        return dict(self._read_list(_list(item, 2)) for item in _list(items))

    def _read_complex(self, real: float, imaginary: float) -> complex:
        return complex(real, imaginary)

    def _read_dtype(self, name: str) -> torch.dtype:
        return DTYPES[name]

    def _read_values(self, data: list[Any]) -> Tensor:
        return read_tensor(data)

    def _read_tensor(self, name: str) -> Tensor:
        return self._twins.named(name)

    def _read_graph(self, name: str, data: Any, leaves: list[str]) -> Tensor:
        if name in self._twins:
            return self._twins.named(name)
        return self._graph(name, read_tensor(data), [self._twins.named(leaf) for leaf in leaves])

    def _read_numpy(self, dtype: str, shape: list[int] | None, content: bytes) -> Any:
        if numpy.dtype(dtype).kind not in ARRAYS:
            raise BorderError(f"an array of {dtype!r}")
        array = numpy.frombuffer(content, dtype=dtype)
        return array[0] if shape is None else array.reshape(_sizes(shape)).copy()

    def _read_object(self, number: int, kind: str, text: str) -> object:
        return self._stand_in(int(number), str(kind), str(text))
