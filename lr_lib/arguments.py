"""What the functions of the library ask of their arguments, said once, in the annotations.

``batch_size: PositiveWhole`` is an int for mypy and the reader. For ``checked`` it is an int
that keeps the rule ``positive_whole``. A rule is a function of the name and the value of one
argument. A relation compares several arguments and has their names. What only one module
needs is defined there, in front of the function that needs it. A rule or a relation that is
broken raises an error in the chosen language, which says which argument is wrong, what was
given, what was expected, and what to do.
"""

import functools
import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, ParamSpec, TypeVar, get_origin

import torch
from torch import Generator, Tensor

from lr_lib.language import either

P = ParamSpec("P")
T = TypeVar("T")
Check = tuple[Callable[..., None], list[str]]  # what is called, with which arguments


def checked(*relations: Callable[..., None]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make a decorator that checks the arguments of a call before the function runs.

    First come the rules in the annotations, then the relations, each in the order in which
    they are written. Defaults are checked as well. A relation gets the arguments that have
    the names of its parameters. A parameter that has a default keeps it. A generator
    function is checked when it is called, not when its first item is asked for.

    The annotations are read when the function is defined. Then they lose their rules, so that
    Jupyter and ``help`` show the types alone.

    Args:
        relations: What the arguments of this function have to do with each other.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        hints = inspect.get_annotations(function, eval_str=True)
        checks = [(rule, [repr(name), name]) for name in hints for rule in _rules(hints[name])]
        checks += [(relation, _compared(relation)) for relation in relations]
        call = _compiled(function, checks)
        function.__annotations__ = {name: _plain(hint) for name, hint in hints.items()}
        return functools.wraps(function)(call)

    return decorate


def _rules(hint: Any) -> tuple[Callable[..., None], ...]:
    return hint.__metadata__ if get_origin(hint) is Annotated else ()


def _plain(hint: Any) -> Any:
    return hint.__origin__ if get_origin(hint) is Annotated else hint


def _compared(relation: Callable[..., None]) -> list[str]:
    parameters = inspect.signature(relation).parameters.values()
    return [p.name for p in parameters if p.default is p.empty]


def _compiled(function: Any, checks: list[Check]) -> Any:
    """Write a function with the same parameters that runs ``checks``, then ``function``.

    A training loop makes several calls for each batch. Written out, the checks take a third
    less time than in a loop over them, and Python itself says which argument is missing. For
    ``squared_loss`` the text is

        def squared_loss(y_hat, y):
            check_0('y_hat', y_hat)
            check_1('y', y)
            check_2(y_hat, y)
            return function(y_hat, y)
    """
    name, parameters = function.__name__, inspect.signature(function).parameters.values()
    bare = [p.replace(annotation=p.empty, default=p.empty) for p in parameters]
    passed = [f"{p}={p}" if p.kind is p.KEYWORD_ONLY else f"{p}" for p in bare]
    lines = [
        f"def {name}{inspect.Signature(bare)}:",
        *[f"check_{i}({', '.join(arguments)})" for i, (_, arguments) in enumerate(checks)],
        f"return function({', '.join(passed)})",
    ]
    scope = {f"check_{i}": check for i, (check, _) in enumerate(checks)} | {"function": function}
    exec(compile("\n    ".join(lines), f"<checks of {name}>", "exec"), scope)
    call: Any = scope[name]
    call.__defaults__, call.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    return call


# Numbers


def positive_whole(name: str, value: Any) -> None:
    if not isinstance(value, int) or value is True or not 1 <= value <= sys.maxsize:
        raise ValueError(
            either(
                f"{name} is {kind(value)}; expected an int, 1 or more.",
                f"{name}为{kind(value)}，应为不小于1的整数（int）。",
            )
        )


def whole(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(
            either(
                f"{name} is {kind(value)}; expected an int, 0 or more.",
                f"{name}为{kind(value)}，应为不小于0的整数（int）。",
            )
        )


def not_negative(name: str, value: Any) -> None:
    if not isinstance(value, (int, float)) or not 0 <= value <= sys.float_info.max:
        raise ValueError(
            either(
                f"{name} is {kind(value)}; expected a float or an int, 0 or more.",
                f"{name}为{kind(value)}，应为不小于0的浮点数（float）或整数（int）。",
            )
        )


def number_or_tensor(name: str, value: Any) -> None:
    if not isinstance(value, (int, float, Tensor)):
        raise TypeError(
            either(
                f"{name} is {kind(value)}; expected a number or a torch.Tensor.",
                f"{name}为{kind(value)}，应为一个数或torch.Tensor。",
            )
        )


PositiveWhole = Annotated[int, positive_whole]
Whole = Annotated[int, whole]
NotNegative = Annotated[float, not_negative]
NumberOrTensor = Annotated[float | Tensor, number_or_tensor]


# Tensors


def dense(name: str, value: Any) -> None:
    if not isinstance(value, Tensor):
        of_type, cure = type(value).__name__, _made_a_tensor(name, value)
        raise TypeError(
            either(
                f"{name} is of type {of_type}; expected a torch.Tensor."
                + (f" Write {cure}." if cure else ""),
                f"{name}为{of_type}类型，应为torch.Tensor。"
                + (f"请改写为{cure}。" if cure else ""),
            )
        )
    if value.layout != torch.strided:
        raise TypeError(
            either(
                f"{name} is a sparse tensor; expected a dense one. Write {name}.to_dense().",
                f"{name}是稀疏张量，应为稠密张量。请改写为{name}.to_dense()。",
            )
        )


def _made_a_tensor(name: str, value: Any) -> str:
    """Write the code that makes a tensor of ``value``, or nothing where none does."""
    dtype = torch.get_default_dtype()
    if not (name.isidentifier() and name.isascii()):  # "model的返回值" could be an identifier
        return ""
    if hasattr(value, "to_numpy"):  # a table or a column of pandas or Polars
        return f"torch.as_tensor({name}.to_numpy().astype(float), dtype={dtype})"
    if hasattr(value, "astype"):  # an array of NumPy, be it of Python's objects
        return f"torch.as_tensor({name}.astype(float), dtype={dtype})"
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], Tensor):
        return f"torch.stack({name})"
    if isinstance(value, (list, tuple, int, float)):
        return f"torch.as_tensor({name}, dtype={dtype})"
    return ""


def floating(name: str, value: Any) -> None:
    dense(name, value)
    if not value.is_floating_point():
        raise TypeError(
            either(
                f"{name} has dtype {value.dtype}; expected floating-point numbers. "
                f"Write {name}.float(), or 2.0 instead of 2.",
                f"{name}的dtype为{value.dtype}，应为浮点数。请改写为{name}.float()，"
                "或者把2写成2.0。",
            )
        )


def finite(name: str, value: float | Tensor) -> None:
    values = value if isinstance(value, Tensor) else torch.as_tensor(value)
    if not values.is_floating_point() or values.numel() == 0:
        return
    # The extremes carry NaN and infinity along, without a temporary copy of the data.
    extremes = torch.stack(torch.aminmax(values.detach()))
    if not extremes.isfinite().all():
        bad = (~values.isfinite()).nonzero()
        first = tuple(bad[0].tolist())
        raise ValueError(
            either(
                f"{name} has {len(bad)} values that are NaN or infinite, the first at index "
                f"{first}; expected finite numbers. Remove or correct them.",
                f"{name}中有{len(bad)}个值是NaN或无穷大，第一个的下标为{first}，应为有限值。"
                "请删除或更正这些值。",
            )
        )


def one_row_per_feature(name: str, w: Tensor) -> None:
    if w.dim() not in (1, 2) or w.numel() == 0:
        raise ValueError(
            either(
                f"{name} has shape {shape(w)}; expected (d,) or (d, k): "
                "one row of weights for each of d features.",
                f"{name}的形状为{shape(w)}，应为(d,)或(d, k)：d个特征各对应一行权重。",
            )
        )


def examples(name: str, values: Any) -> None:
    dense(name, values)
    if values.dim() == 0 or values.numel() == 0:
        raise ValueError(
            either(
                f"{name} has shape {shape(values)}, so the dataset is empty; "
                "expected at least one example along the first dimension.",
                f"{name}的形状为{shape(values)}，数据集为空，应至少有一个样本（沿第一维排列）。",
            )
        )
    if values.requires_grad:
        raise ValueError(
            either(
                f"{name} requires a gradient; data are not trained. Write {name}.detach().",
                f"{name}需要求梯度，而数据不参与训练。请改写为{name}.detach()。",
            )
        )
    finite(name, values)


Floats = Annotated[Tensor, floating]
Weights = Annotated[Floats, one_row_per_feature]
Examples = Annotated[Tensor, examples]


# What else a function of training takes


def list_of_tensors(name: str, params: Any) -> None:
    # An iterator such as module.parameters() would be used up by looking at it.
    if not isinstance(params, (list, tuple)) or not params:
        of_type = type(params).__name__
        raise TypeError(
            either(
                f"{name} is of type {of_type} and must be a list or a tuple with at least one "
                "tensor, such as [w, b]; write list(params) for an iterator.",
                f"{name}为{of_type}类型，应为至少含一个张量的列表或元组，例如[w, b]。"
                "如果是迭代器，请改写为list(params)。",
            )
        )
    for i, param in enumerate(params):
        if not isinstance(param, Tensor) or not param.is_floating_point():
            floating(f"{name}[{i}]", param)  # names it only if it has to


def generator_or_none(name: str, value: Any) -> None:
    if not isinstance(value, Generator | None):
        raise TypeError(
            either(
                f"{name} is {kind(value)}; expected a torch.Generator, such as "
                "torch.Generator().manual_seed(0).",
                f"{name}为{kind(value)}，应为torch.Generator，"
                "例如torch.Generator().manual_seed(0)。",
            )
        )


Parameters = Annotated[Sequence[Tensor], list_of_tensors]
OptionalGenerator = Annotated[Generator | None, generator_or_none]


# Relations that several modules need


def one_label_each(features: Tensor, labels: Tensor, of: str = "") -> None:
    """Compare the lengths of examples; ``of`` tells which of several datasets they are."""
    if features.shape[0] != labels.shape[0]:
        raise ValueError(
            either(
                f"{of}features has {len(features)} examples (shape {shape(features)}) but "
                f"{of}labels has {len(labels)} (shape {shape(labels)}); expected one label "
                "row for each example.",
                f"{of}features有{len(features)}个样本（形状为{shape(features)}），"
                f"{of}labels却有{len(labels)}个（形状为{shape(labels)}），"
                "应为每个样本对应一行标签。",
            )
        )


def one_label_each_prediction(y_hat: Tensor, y: Tensor) -> None:
    if y_hat.shape != y.shape and y_hat.squeeze().shape != y.squeeze().shape:
        raise ValueError(
            either(
                f"y has shape {shape(y)} and y_hat {shape(y_hat)}; expected the same shape, "
                "apart from dimensions of size 1: one label for each prediction.",
                f"y的形状为{shape(y)}，y_hat的形状为{shape(y_hat)}，除大小为1的维外，"
                "两者应相同：每个预测值对应一个标签。",
            )
        )


def gradients_recorded(caller: str) -> Callable[[], None]:
    """Make a relation of no arguments: ``caller`` can train where it was called."""

    def relation() -> None:
        if not torch.is_grad_enabled():
            raise RuntimeError(
                either(
                    f"{caller} was called where PyTorch records no gradients; call it outside "
                    "torch.no_grad() and torch.inference_mode().",
                    f"调用{caller}时PyTorch没有记录梯度，请不要在torch.no_grad()或"
                    "torch.inference_mode()中调用。",
                )
            )

    return relation


# Words of the messages


def shape(tensor: Tensor) -> tuple[int, ...]:
    return tuple(tensor.shape)


def kind(value: object) -> str:
    text, of_type = "" if isinstance(value, Tensor) else repr(value), type(value).__name__
    if text and len(text) < 60:
        return either(f"{text} of type {of_type}", f"{text}（{of_type}类型）")
    return either(f"of type {of_type}", f"{of_type}类型的对象")
