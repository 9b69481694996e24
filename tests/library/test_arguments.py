"""Every kind of bad input gets an error that names the argument and what to do.

At the end: what ``checked`` makes of rules and relations.
"""

# mypy: disable-error-code="arg-type, list-item"
# Wrong arguments are what is tested.
# ruff: noqa: E501  (a table, one case a line)

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Annotated, Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import example, given
from hypothesis import strategies as st

import lr_lib
from lr_lib import arguments, data_iter, linreg, sgd, squared_loss, synthetic_data, train
from lr_lib.arguments import PositiveWhole, checked

NAN = float("nan")
w = torch.tensor([2.0, -3.4])
b = torch.zeros(1, requires_grad=True)
X = torch.ones(4, 2)
y = torch.ones(4, 1)


def parameter(*, grad: bool) -> torch.Tensor:
    p = torch.ones(2, 1, requires_grad=True)
    if grad:
        p.grad = torch.ones(2, 1)
    return p


def trained(**changes: Any) -> Callable[[], object]:
    def call() -> object:
        arguments = {
            "features": X, "labels": y, "params": [parameter(grad=False), torch.zeros(1, requires_grad=True)],
            "lr": 0.1, "batch_size": 2, "num_epochs": 1, **changes,
        }  # fmt: skip
        return train(**arguments)

    return call


# What is called, the error, and what the message must say: the argument first.
BAD = {
    "w is a list": (lambda: synthetic_data([2.0], 0, 5), TypeError, r"^w is of type list.*torch.as_tensor"),
    "w is whole numbers": (lambda: synthetic_data(torch.tensor([2]), 0, 5), TypeError, r"^w has dtype torch.int64"),
    "w is a scalar": (lambda: synthetic_data(torch.tensor(2.0), 0, 5), ValueError, r"^w has shape \(\)"),
    "w is empty": (lambda: synthetic_data(torch.ones(0), 0, 5), ValueError, r"^w has shape \(0,\)"),
    "w has 3 dimensions": (lambda: synthetic_data(torch.ones(1, 1, 1), 0, 5), ValueError, r"^w has shape"),
    "b is a string": (lambda: synthetic_data(w, "4.2", 5), TypeError, r"^b is '4.2' of type str"),
    "b per example": (lambda: synthetic_data(w, torch.ones(5), 5), ValueError, r"^b has shape \(5,\).*broadcast"),
    "w is NaN": (lambda: synthetic_data(w * NAN, 0, 5), ValueError, r"^w has 2 values that are NaN"),
    "b is infinite": (lambda: synthetic_data(w, float("inf"), 5), ValueError, r"^b has 1 values that are NaN"),
    "b of another dtype": (lambda: synthetic_data(w, torch.ones(1).double(), 5), ValueError, r"^b has dtype torch.float64 but w torch.float32"),
    "seed, not generator": (lambda: synthetic_data(w, 0, 5, generator=0), TypeError, r"^generator is 0 of type int.*manual_seed"),
    "no examples": (lambda: synthetic_data(w, 0, 0), ValueError, r"^num_examples is 0 of type int"),
    "half an example": (lambda: synthetic_data(w, 0, 2.5), ValueError, r"^num_examples is 2.5"),
    "negative noise": (lambda: synthetic_data(w, 0, 5, noise=-1), ValueError, r"^noise is -1"),
    "noise is NaN": (lambda: synthetic_data(w, 0, 5, noise=NAN), ValueError, r"^noise is nan"),
    "batch size 0": (lambda: data_iter(0, X, y), ValueError, r"^batch_size is 0"),
    "batch size negative": (lambda: data_iter(-3, X, y), ValueError, r"^batch_size is -3"),
    "batch size 2.0": (lambda: data_iter(2.0, X, y), ValueError, r"^batch_size is 2.0 of type float"),
    "batch size huge": (lambda: data_iter(10**30, X, y), ValueError, r"^batch_size is 10+ of type int"),
    "batch size of numpy": (lambda: data_iter(np.int64(2), X, y), ValueError, r"^batch_size is .* of type int64; expected an int"),
    "batch size a tensor": (lambda: data_iter(X, 2, y), ValueError, r"^batch_size is of type Tensor"),
    "data_iter seed": (lambda: data_iter(2, X, y, generator=0), TypeError, r"^generator is 0 of type int"),
    "more labels": (lambda: data_iter(2, X[:3], y), ValueError, r"^features has 3 examples.*labels has 4"),
    "no features": (lambda: data_iter(2, X[:, :0], y), ValueError, r"^features has shape \(4, 0\).*empty"),
    "sparse features": (lambda: data_iter(2, X.to_sparse(), y), TypeError, r"^features is a sparse tensor.*to_dense"),
    "trainable labels": (lambda: data_iter(2, X, y.clone().requires_grad_()), ValueError, r"^labels requires a gradient"),
    "trainable features": (lambda: data_iter(2, X.clone().requires_grad_(), y), ValueError, r"^features requires a gradient.*detach"),
    "batch size True": (lambda: data_iter(True, X, y), ValueError, r"^batch_size is True of type bool"),
    "lengths differ": (lambda: data_iter(2, X, y[:3]), ValueError, r"^features has 4 examples.*labels has 3"),
    "empty dataset": (lambda: data_iter(2, X[:0], y[:0]), ValueError, r"^features has shape \(0, 2\).*empty"),
    "features a scalar": (lambda: data_iter(2, torch.tensor(1.0), y), ValueError, r"^features has shape \(\)"),
    "features a list": (lambda: data_iter(2, [[1.0]], y), TypeError, r"^features is of type list"),
    "NaN in features": (lambda: data_iter(2, X * NAN, y), ValueError, r"^features has 8 values.*first at index \(0, 0\)"),
    "infinite label": (lambda: data_iter(2, X, y / 0), ValueError, r"^labels has 4 values"),
    "X is a vector": (lambda: linreg(X[:, 0], w, 0.0), ValueError, r"^X has shape \(4,\).*\(n, 1\)"),
    "w is a scalar in linreg": (lambda: linreg(X, torch.tensor(1.0), 0.0), ValueError, r"^w has shape \(\)"),
    "X is whole numbers": (lambda: linreg(X.long(), w, 0.0), TypeError, r"^X has dtype torch.int64"),
    "w is whole numbers in linreg": (lambda: linreg(X, w.long(), 0.0), TypeError, r"^w has dtype torch.int64"),
    "b is a string in linreg": (lambda: linreg(X, w, "0"), TypeError, r"^b is '0' of type str; expected a number"),
    "w does not fit X": (lambda: linreg(X, torch.ones(3, 1), 0.0), ValueError, r"^X has 2 features.*w has 3 rows"),
    "dtypes differ": (lambda: linreg(X, w.double(), 0.0), ValueError, r"^X is torch.float32 on cpu but w is torch.float64"),
    "devices differ": (lambda: linreg(X.to("meta"), w, 0.0), ValueError, r"^X is torch.float32 on meta but w is .* on cpu"),
    "b broadcasts": (lambda: linreg(X, w, torch.ones(4, 1)), ValueError, r"^b has shape \(4, 1\)"),
    "b of too few outputs": (lambda: linreg(X, torch.ones(2, 3), torch.ones(2)), ValueError, r"^b has shape \(2,\); expected \(\), \(1,\) or \(3,\)"),
    "b is a row": (lambda: linreg(X, w, torch.ones(1, 1)), ValueError, r"^b has shape \(1, 1\)"),
    "labels would broadcast": (lambda: squared_loss(y, torch.ones(3)), ValueError, r"^y has shape \(3,\) and y_hat \(4, 1\)"),
    "one label for all": (lambda: squared_loss(y, torch.ones(1)), ValueError, r"^y has shape \(1,\)"),
    "labels transposed": (lambda: squared_loss(torch.ones(4, 2), torch.ones(2, 4)), ValueError, r"^y has shape \(2, 4\)"),
    "y is whole numbers": (lambda: squared_loss(y, y.long()), TypeError, r"^y has dtype torch.int64"),
    "y_hat is a number": (lambda: squared_loss(1.0, y), TypeError, r"^y_hat is of type float"),
    "no gradient": (lambda: sgd([parameter(grad=False)], 0.1, 1), ValueError, r"^params\[0\] .*no gradient.*backward"),
    "params an iterator": (lambda: sgd(iter([]), 0.1, 1), TypeError, r"^params is of type list_iterator.*list\(params\)"),
    "params empty": (lambda: sgd([], 0.1, 1), TypeError, r"^params .*at least one"),
    "params one tensor": (lambda: sgd(w, 0.1, 1), TypeError, r"^params is of type Tensor"),
    "params of whole numbers": (lambda: sgd([torch.ones(1).long()], 0.1, 1), TypeError, r"^params\[0\] has dtype torch.int64"),
    "second without gradient": (lambda: sgd([parameter(grad=True), parameter(grad=False)], 0.1, 1), ValueError, r"^params\[1\] .*no gradient"),
    "params of numbers": (lambda: sgd([1.0], 0.1, 1), TypeError, r"^params\[0\] is of type float"),
    "lr negative": (lambda: sgd([parameter(grad=True)], -0.1, 1), ValueError, r"^lr is -0.1"),
    "lr infinite": (lambda: sgd([parameter(grad=True)], float("inf"), 1), ValueError, r"^lr is inf"),
    "lr huge": (lambda: sgd([parameter(grad=True)], 10**400, 1), ValueError, r"^lr is of type int"),
    "lr a string": (lambda: sgd([parameter(grad=True)], "0.1", 1), ValueError, r"^lr is '0.1' of type str"),
    "sgd batch size 0": (lambda: sgd([parameter(grad=True)], 0.1, 0), ValueError, r"^batch_size is 0"),
    "train: lengths": (trained(labels=y[:2]), ValueError, r"^features has 4 examples.*labels has 2"),
    "train: no gradient": (trained(params=[w.clone()]), ValueError, r"^params\[0\].*requires_grad=True"),
    "train: not a leaf": (trained(params=[parameter(grad=False) * 2]), ValueError, r"^params\[0\].*not the result"),
    "train: second not a leaf": (trained(params=[parameter(grad=False), torch.zeros(1)]), ValueError, r"^params\[1\].*requires_grad=True"),
    "train: params NaN": (trained(params=[(w * NAN).requires_grad_(), b]), ValueError, r"^params\[0\] has 2 values that are NaN"),
    "train: params an iterator": (trained(params=iter([w])), TypeError, r"^params is of type list_iterator"),
    "train: seed": (trained(generator=0), TypeError, r"^generator is 0 of type int"),
    "train: loss a mean": (trained(loss=F.mse_loss), ValueError, r'^loss gave shape \(\) for predictions of shape \(2, 1\).*reduction="none"'),
    "train: loss a number": (trained(loss=lambda y_hat, y: 1.0), ValueError, r"^loss gave 1.0 of type float"),
    "train: loss broadcasts": (trained(labels=y[:, 0], loss=lambda y_hat, y: y_hat - y), ValueError, r"^loss gave shape \(2, 2\)"),
    "train: labels broadcast": (trained(labels=y[:, 0], loss=torch.nn.MSELoss(reduction="none")), ValueError, r"^loss gave shape \(2, 2\) for predictions of shape \(2, 1\), because labels of shape \(2,\) .*Write labels\.reshape\(-1, 1\)"),
    "train: predictions broadcast": (trained(params=[torch.ones(2, requires_grad=True), b], loss=torch.nn.MSELoss(reduction="none")), ValueError, r"^loss gave shape \(2, 2\) .*Write labels\.reshape\(-1,\)"),
    "train: validation labels broadcast": (trained(loss=torch.nn.MSELoss(reduction="none"), validation=(X, y[:, 0])), ValueError, r"^loss gave .*Write validation\[1\]\.reshape\(-1, 1\)"),
    "train: loss expands": (trained(loss=lambda y_hat, y: y_hat - y.T), ValueError, r"^loss gave shape \(2, 2\) .*; expected one loss for each prediction"),
    "train: model detached": (trained(model=lambda X, w, b: (X @ w + b).detach()), ValueError, r"^loss gave losses that do not depend on params"),
    "train: report": (trained(report=True), TypeError, r"^report is True of type bool; expected a function"),
    "train: features too wide": (trained(features=torch.ones(4, 3)), ValueError, r"^X has 3 features \(shape \(4, 3\)\) but w has 2 rows"),
    "train: labels too wide": (trained(labels=torch.ones(4, 3)), ValueError, r"^y has shape \(4, 3\) and y_hat \(4, 1\)"),
    "train: validation too wide": (trained(validation=(torch.ones(3, 5), y[:3])), ValueError, r"^X has 5 features \(shape \(3, 5\)\) but w has 2 rows"),
    "train: validation too wide, own loss": (trained(loss=lambda y_hat, y: (y_hat - y).abs(), validation=(torch.ones(3, 5), y[:3])), ValueError, r"^X has 5 features"),
    "train: parameter unused": (trained(model=lambda X, w, b: X @ w), ValueError, r"^params\[1\] \(shape \(1,\)\) has no gradient.*Leave it out"),
    "train: model a string": (trained(model="linreg"), TypeError, r"^model is 'linreg' of type str"),
    "train: model None": (trained(model=None), TypeError, r"^model is None of type NoneType; expected a function"),
    "train: loss None": (trained(loss=None), TypeError, r"^loss is None of type NoneType; expected a function"),
    "train: model a pair": (trained(model=lambda X, w, b: (X @ w, b)), TypeError, r"^the result of model is of type tuple; expected a torch.Tensor.$"),
    "train: loss averages": (trained(features=X[:, :1].repeat(1, 2), loss=lambda y_hat, y: (y_hat - y).mean(0)), ValueError, r"^loss gave shape \(1,\)"),
    "train: validation short": (trained(validation=(X,)), TypeError, r"^validation is of type tuple"),
    "train: validation a list": (trained(validation=[X, y]), TypeError, r"^validation is of type list"),
    "train: epochs": (trained(num_epochs=0), ValueError, r"^num_epochs is 0"),
    "train: batch size": (trained(batch_size="10"), ValueError, r"^batch_size is '10'"),
    "train: lr": (trained(lr=NAN), ValueError, r"^lr is nan"),
    "train: validation": (trained(validation=X), TypeError, r"^validation is of type Tensor; expected a tuple"),
    "train: bad validation": (trained(validation=(X, y * NAN)), ValueError, r"^validation labels has 4 values"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Using a target size")  # PyTorch warns, and goes on
@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case: str) -> None:
    call, error, message = BAD[case]
    with pytest.raises(error, match=f"(?s){message}"):
        call()


class Table:
    """What a table of pandas and one of Polars have in common."""

    def __init__(self, columns: Any) -> None:
        self.columns = columns

    def to_numpy(self) -> Any:
        return np.asarray(self.columns)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(
    "given",
    [
        Table([[1.0, 2.0], [3.0, 4.0]]),
        Table(np.array([[1, 2.0], [3, 4]], dtype=object)),
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[1, 2.0], [3, 4]], dtype=object),
        np.array([[1, 2], [3, 4]]),
        [[1, 2], [3, 4]],
        ((1.0, 2.0), (3.0, 4.0)),
        [torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])],
    ],
)
def test_the_advice_for_data_of_another_type_works(given: Any, dtype: torch.dtype) -> None:
    torch.set_default_dtype(dtype)
    try:
        with pytest.raises(TypeError) as error:
            data_iter(2, given, y)
        (advice,) = re.findall(r"Write (.*)\.$", str(error.value))
        features = eval(advice, {"torch": torch, "features": given})
    finally:
        torch.set_default_dtype(torch.float32)
    assert features.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert features.dtype == (torch.float32 if "stack" in advice else dtype)
    linreg(features, torch.ones(2, dtype=features.dtype), 0.0)


@pytest.mark.parametrize("given", [None, "features.csv", {"a": [1.0]}, (x for x in [1.0])])
def test_there_is_no_advice_where_none_would_work(given: Any) -> None:
    with pytest.raises(TypeError, match=r"^features is of type \w+; expected a torch\.Tensor\.$"):
        data_iter(2, given, y)


@pytest.mark.filterwarnings("ignore:Using a target size")
def test_the_advice_on_labels_that_broadcast_works() -> None:
    pytorch = torch.nn.MSELoss(reduction="none")
    with pytest.raises(ValueError, match="Write labels") as error:
        trained(labels=y[:, 0], loss=pytorch)()
    (advice,) = re.findall(r"Write (.*\)) if", str(error.value))
    trained(labels=eval(advice, {"labels": y[:, 0]}), loss=pytorch)()


def test_training_checks_its_arguments_once_and_not_in_each_step() -> None:
    def calls(num_epochs: int) -> int:
        called = 0

        def count(frame: FrameType, event: str, argument: object) -> None:
            nonlocal called
            called += event == "call" and frame.f_code.co_filename == arguments.__file__

        run = trained(num_epochs=num_epochs)
        sys.setprofile(count)
        try:
            run()
        finally:
            sys.setprofile(None)
        return called

    assert calls(num_epochs=9) == calls(num_epochs=1) > 0


def test_a_refused_training_leaves_the_parameters_as_they_are() -> None:
    params = [parameter(grad=True), torch.zeros(1, requires_grad=True)]
    with pytest.raises(ValueError, match="no gradient"):
        trained(params=params, model=lambda X, w, b: X @ w)()
    assert torch.equal(params[0].detach(), torch.ones(2, 1))
    assert torch.equal(params[0].grad, torch.ones(2, 1))


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_training_without_gradients_is_named(mode: Callable[[], Any]) -> None:
    with mode(), pytest.raises(RuntimeError, match=r"^train was called .* no gradients"):
        trained(params=[w.clone().requires_grad_(), b])()


@pytest.mark.parametrize(
    "changes",
    [{"features": X / 0}, {"labels": y / 0}, {"lr": -1}, {"batch_size": 0}, {"generator": 0}],
)
def test_training_that_is_refused_has_not_begun(changes: dict[str, Any]) -> None:
    """What ``data_iter`` and ``sgd`` would refuse, ``train`` refuses before its first step."""
    params: list[Any] = [parameter(grad=True), b]
    with pytest.raises((TypeError, ValueError), match=f"^{next(iter(changes))} "):
        trained(params=params, **changes)()
    assert torch.equal(params[0].grad, torch.ones(2, 1)), "train begins by clearing the gradients"


def test_good_input_next_to_the_bad_passes() -> None:
    """The checks refuse nothing that makes sense."""
    assert linreg(X, w, torch.ones(1)).shape == (4,)
    assert linreg(X, torch.ones(2, 3), torch.ones(3)).shape == (4, 3)
    assert linreg(X, torch.ones(2, 3), torch.ones(1)).shape == (4, 3)
    assert len(list(data_iter(9, X, y))) == 1
    assert len(list(data_iter(2, X.long(), y.bool()))) == 2
    sgd((parameter(grad=True),), 0, 1)
    trained(validation=(X, y))()
    trained(loss=torch.nn.HuberLoss(reduction="none"))()
    trained(features=X[:1], labels=y[:1], loss=lambda y_hat, y: (y_hat - y).abs())()


def test_large_finite_values_are_not_taken_for_infinite() -> None:
    huge = torch.full((4, 2), torch.finfo(torch.float32).max)
    assert sum(len(batch) for batch, _ in data_iter(2, huge, y)) == 4


# The decorator


def test_each_checked_function_looks_as_if_it_were_not() -> None:
    """Shift+Tab in Jupyter shows the types and the defaults of the function, and no rules."""
    found = list(checked_functions())
    assert len(found) > 20
    for function in found:
        bare = function.__wrapped__
        assert inspect.signature(function) == inspect.signature(bare)
        assert "Annotated" not in str(inspect.signature(function))
        assert (function.__name__, function.__doc__) == (bare.__name__, bare.__doc__)
    assert str(inspect.signature(linreg)) == (
        "(X: torch.Tensor, w: torch.Tensor, b: float | torch.Tensor) -> torch.Tensor"
    )
    assert inspect.signature(sgd).parameters["lr"].annotation is float


def checked_functions() -> Iterator[Any]:
    """The functions and methods of the library that ``checked`` has wrapped."""
    for found in pkgutil.iter_modules(lr_lib.__path__, "lr_lib."):
        module = importlib.import_module(found.name)
        for thing in vars(module).values():
            if getattr(thing, "__module__", None) == module.__name__:
                members = vars(thing).values() if isinstance(thing, type) else [thing]
                yield from (member for member in members if hasattr(member, "__wrapped__"))


calls: list[object] = []


def first(name: str, value: object) -> None:
    calls.append(("first", name, value))


def second(name: str, value: object) -> None:
    calls.append(("second", name, value))


def all_of(e: object, a: object) -> None:
    calls.append(("all_of", e, a))


def one_of(c: object, scale: int = 7) -> None:
    calls.append(("one_of", c, scale))


Both = Annotated[object, first, second]


def bare(a: Both, b: object, c: Both = 3, *, d: "Both", e: Annotated[int, second] = 5) -> Any:
    calls.append("function")
    return a, b, c, d, e


spied = checked(all_of, one_of)(bare)
values = st.integers(0, 9)


@given(args=st.lists(values, max_size=4), kwargs=st.dictionaries(st.sampled_from("abcdex"), values))
@example(args=[1, 2, 3], kwargs={"d": 4, "e": 5})
@example(args=[1], kwargs={"b": 2, "d": 4})
@example(args=[], kwargs={"a": 1, "b": 2, "c": 3, "d": 4, "e": 5})
def test_however_the_arguments_are_given_each_is_checked_once(
    args: list[int], kwargs: dict[str, int]
) -> None:
    """Rules in the order of the arguments, then relations, then the function.

    What is missing, unknown or given twice, Python says, as it does without checks.
    """
    calls.clear()
    try:
        result = bare(*args, **kwargs)
    except TypeError as error:
        with pytest.raises(TypeError, match=f"^{re.escape(str(error))}$"):
            spied(*args, **kwargs)
        assert calls == []
    else:
        calls.clear()
        assert spied(*args, **kwargs) == result
        a, _, c, d, e = result
        assert calls == [
            ("first", "a", a), ("second", "a", a),
            ("first", "c", c), ("second", "c", c),
            ("first", "d", d), ("second", "d", d),
            ("second", "e", e),
            ("all_of", e, a), ("one_of", c, 7),
            "function",
        ]  # fmt: skip


def test_what_is_refused_does_not_run() -> None:
    ran = []

    def refuse(name: str, value: object) -> None:
        raise ValueError(f"{name} is {value}")

    @checked()
    def run(x: Annotated[int, refuse] = 1) -> None:
        ran.append(x)

    for call, text in ((run, "x is 1"), (lambda: run(2), "x is 2"), (lambda: run(x=3), "x is 3")):
        with pytest.raises(ValueError, match=f"^{text}$"):
            call()
    assert ran == []


def test_a_function_may_take_any_number_of_arguments() -> None:
    @checked()
    def collect(a: PositiveWhole, *rest: int, **more: int) -> object:
        return a, rest, more

    assert collect(1, 2, 3, x=4) == (1, (2, 3), {"x": 4})
    with pytest.raises(ValueError, match=r"^a is 0"):
        collect(0, 2)


def test_a_generator_function_is_checked_when_it_is_called() -> None:
    with pytest.raises(ValueError, match=r"^batch_size is 0"):
        data_iter(0, X, y)
    assert inspect.isgenerator(data_iter(2, X, y))
