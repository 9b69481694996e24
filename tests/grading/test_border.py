"""What crosses between the process that marks and that of the answers: data, and nothing else."""

import io
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lr_grading.border import (
    DTYPES,
    BorderError,
    Channel,
    Decoder,
    Encoder,
    Twins,
    leaves_of,
    pack,
    read_tensor,
    tensor_data,
    unpack,
)


class Sides:
    """Two sides with their twins: what one encodes, the other decodes."""

    def __init__(self) -> None:
        self.here, self.there = Twins("m"), Twins("s")
        self.kept: list[object] = []
        self.encoder = Encoder(self.there, self._keep)
        self.decoder = Decoder(self.here, lambda *stand_in: stand_in, self._graph)

    def _keep(self, value: object) -> int:
        self.kept.append(value)
        return len(self.kept) - 1

    def _graph(self, name: str, values: torch.Tensor, leaves: list[torch.Tensor]) -> torch.Tensor:
        self.leaves = leaves
        return values

    def cross(self, value: object) -> Any:
        data = unpack(pack([self.encoder.encode(value), self.there.changes()]))
        self.here.apply(data[1])
        return self.decoder.decode(data[0])


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.binary()
    | st.text(st.characters(exclude_categories=["Cs"])) | st.complex_numbers(allow_nan=False),
    lambda items: st.lists(items) | st.tuples(items, items)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(), items)
    | st.sets(st.integers()) | st.frozensets(st.integers()),
)  # fmt: skip


def same(a: object, b: object) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


@given(plain)
def test_plain_values_come_back_as_they_were(value: object) -> None:
    assert same(Sides().cross(value), value)


@pytest.mark.parametrize("name", DTYPES)
def test_tensors_come_back_bit_by_bit(name: str) -> None:
    values = torch.tensor([[0, 1, 3], [7, 2, 5]]).to(DTYPES[name])
    for tensor in (values, values[0, 0], values[:0], values.T, values[:1].expand(4, 3)):
        found = read_tensor(unpack(pack(tensor_data(tensor))))
        assert found.dtype == tensor.dtype
        assert torch.equal(found, tensor)


@pytest.mark.parametrize("value", [np.float32(0.5), np.int64(3), np.eye(2), np.bool_(True)])
def test_numbers_of_numpy_come_back(value: Any) -> None:
    found = Sides().cross(value)
    assert type(found) is type(value)
    assert np.array_equal(found, value)


def test_other_things_stay_where_they_are() -> None:
    class Own(float):
        def __repr__(self) -> str:
            raise ValueError

    sides = Sides()
    strange = torch.zeros(2, dtype=torch.uint16)
    for value in (Own(1.0), len, np.array(["a"]), torch.eye(2).to_sparse(), strange, type):
        number, kind, text = sides.cross(value)
        assert sides.kept[number] is value
        assert kind == type(value).__name__
        assert "\n" not in text
    assert sides.cross(Own(1.0))[2] == "?"


def test_a_list_without_end_ends_somewhere() -> None:
    endless: list[object] = []
    endless.append(endless)
    found = Sides().cross(endless)
    while isinstance(found, list):
        (found,) = found
    assert found[1] == "list"


def test_twins_follow_each_other_in_both_directions() -> None:
    here, there = Twins("m"), Twins("s")
    mine = torch.ones(2, requires_grad=True)
    name = here.share(mine)
    there.apply(here.changes())
    twin = there.named(name)
    assert twin.requires_grad
    assert there.changes() == here.changes() == []
    with torch.no_grad():
        twin.mul_(3)
    twin.grad = torch.full((2,), 5.0)
    view = mine.detach()
    here.apply(there.changes())
    assert view.tolist() == [3.0, 3.0], "in place"
    assert mine.grad is not None
    assert mine.grad.tolist() == [5.0, 5.0]
    mine.grad.zero_()
    mine.requires_grad_(False)
    there.apply(here.changes())
    assert twin.grad is not None
    assert twin.grad.tolist() == [0.0, 0.0]
    assert not twin.requires_grad
    twin.data = torch.zeros(3)
    twin.grad = None
    here.apply(there.changes())
    assert mine.shape == (3,)
    assert mine.grad is None


def test_a_result_names_the_leaves_that_it_was_computed_from() -> None:
    sides = Sides()
    a, b, other = (torch.ones(2, requires_grad=True) for _ in range(3))
    result = (a * b).sum() + a.sum()
    assert {id(leaf) for leaf in leaves_of(result)} == {id(a), id(b)}
    assert sides.cross(result) == 4.0
    assert len(sides.leaves) == 2
    assert sides.there.name_of(other) is None


FORGED = [
    ["unknown", 1],
    [],
    [1],
    ["list", 3],
    ["int", "zz"],
    ["dict", [[1]]],
    ["set", [["list", []]]],
    ["dtype", "no"],
    ["values", ["float32", [2], b"1234"]],
    ["values", ["float32", [-1], b""]],
    ["values", ["float32", [2**50], b""]],
    ["values", ["object", [1], b"12345678"]],
    ["values", ["qint8", [1], b"1"]],
    ["values", ["float32", [1], "text"]],
    ["tensor", "m9"],
    ["tensor", ["m9"]],
    ["graph", "g1", ["float32", [], b"1234"], ["m9"]],
    ["numpy", "O", [1], b"12345678"],
    ["numpy", "<f4", [3], b"1234"],
    ["object", 1],
    ["__class__"],
    {"a": 1},
]


@pytest.mark.parametrize("data", FORGED, ids=str)
def test_what_has_another_form_is_refused(data: object) -> None:
    with pytest.raises(BorderError):
        Sides().decoder.decode(unpack(pack(data)))


@pytest.mark.parametrize("changes", [3, [1], [["m", 1]], [[1, ["float32", [], b"1234"], 0, None]]])
def test_changes_of_another_form_are_refused(changes: object) -> None:
    with pytest.raises(BorderError):
        Twins("m").apply(changes)


@pytest.mark.parametrize("message", [b"", b"\xc1", b"\x91", b"\x91" * 5000, b"\x01\x01"])
def test_bytes_that_are_no_data_are_refused(message: bytes) -> None:
    with pytest.raises(BorderError):
        unpack(message)


def test_a_channel_brings_whole_messages_up_to_a_limit() -> None:
    stream = io.BytesIO()
    channel = Channel(stream, stream)
    for message in (b"one", b"", b"three"):
        channel.send(message)
    stream.seek(0)
    assert [channel.receive(math.inf) for _ in range(4)] == [b"one", b"", b"three", None]
    stream.seek(0)
    with pytest.raises(BorderError, match="3 bytes"):
        channel.receive(2)
    stream.seek(0)
    stream.truncate(9)
    assert channel.receive() is None, "half a message"
