"""What each function asks of its arguments before it computes anything.

One check per function, under the same name and with the same arguments, put in
front of it by ``validated``. A message says which argument is wrong, what was
given, what was expected, and what to do.
"""

import functools
import sys
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

import torch
from torch import Generator, Tensor

P = ParamSpec("P")
T = TypeVar("T")
DEFAULT: Any = None  # stands for a default that only the checked function knows


def validated(check: Callable[P, None]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make a decorator that runs ``check`` on the arguments of every call.

    A generator function is checked when it is called, not when its first item is
    asked for.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> T:
            check(*args, **kwargs)
            return function(*args, **kwargs)

        return checked

    return decorate


def synthetic_data(
    w: Tensor,
    b: float | Tensor,
    num_examples: int,
    *,
    noise: float = 0.01,
    generator: Generator | None = None,
) -> None:
    """Check the arguments of ``lr_lib.synthetic_data``."""
    _weights("w", w)
    _finite("w", w)
    _bias("b", b, w)
    _finite("b", torch.as_tensor(b))
    _positive_whole("num_examples", num_examples)
    _not_negative("noise", noise)
    _generator(generator)


def data_iter(
    batch_size: int,
    features: Tensor,
    labels: Tensor,
    *,
    generator: Generator | None = None,
) -> None:
    """Check the arguments of ``lr_lib.data_iter``."""
    _positive_whole("batch_size", batch_size)
    _dataset(features, labels)
    _generator(generator)


def linreg(X: Tensor, w: Tensor, b: float | Tensor) -> None:
    """Check the arguments of ``lr_lib.linreg``."""
    _floating_tensor("X", X)
    _weights("w", w)
    if X.dim() != 2:
        raise ValueError(
            f"X has shape {_shape(X)}; expected 2 dimensions, (n examples, d features). "
            "Reshape one feature of n examples to (n, 1)."
        )
    if X.shape[1] != len(w):
        raise ValueError(
            f"X has {X.shape[1]} features (shape {_shape(X)}) but w has {len(w)} rows "
            f"(shape {_shape(w)}); expected one row of w for each feature."
        )
    if X.dtype != w.dtype or X.device != w.device:
        raise ValueError(
            f"X is {X.dtype} on {X.device} but w is {w.dtype} on {w.device}; expected "
            "the same. Convert one of them with .to()."
        )
    _bias("b", b, w)


def squared_loss(y_hat: Tensor, y: Tensor) -> None:
    """Check the arguments of ``lr_lib.squared_loss``."""
    _floating_tensor("y_hat", y_hat)
    _floating_tensor("y", y)
    if y_hat.shape != y.shape and y_hat.squeeze().shape != y.squeeze().shape:
        raise ValueError(
            f"y has shape {_shape(y)} and y_hat {_shape(y_hat)}; expected the same shape, "
            "apart from dimensions of size 1: one label for each prediction."
        )


def sgd(params: Sequence[Tensor], lr: float, batch_size: int) -> None:
    """Check the arguments of ``lr_lib.sgd``."""
    _parameters(params)
    for i, param in enumerate(params):
        if param.grad is None:
            raise ValueError(
                f"params[{i}] (shape {_shape(param)}) has no gradient; expected one. Create "
                "the parameter with requires_grad=True, and call backward() on a loss that "
                "depends on it before sgd."
            )
    _not_negative("lr", lr)
    _positive_whole("batch_size", batch_size)


def train(
    features: Tensor,
    labels: Tensor,
    params: Sequence[Tensor],
    *,
    lr: float,
    batch_size: int,
    num_epochs: int,
    model: Callable[..., Tensor] = DEFAULT,
    loss: Callable[[Tensor, Tensor], Tensor] = DEFAULT,
    validation: tuple[Tensor, Tensor] | None = None,
    generator: Generator | None = None,
    report: Callable[[str], object] | None = None,
) -> None:
    """Check the arguments of ``lr_lib.train``."""
    if not torch.is_grad_enabled():
        raise RuntimeError(
            "train was called where PyTorch records no gradients; call it outside "
            "torch.no_grad() and torch.inference_mode()."
        )
    _dataset(features, labels)
    if validation is not None:
        if not isinstance(validation, tuple) or len(validation) != 2:
            raise TypeError(
                f"validation is of type {type(validation).__name__}; expected a tuple "
                "(features, labels)."
            )
        _dataset(*validation, "validation features", "validation labels")
    _parameters(params)
    for i, param in enumerate(params):
        _finite(f"params[{i}]", param)
        if not param.requires_grad or not param.is_leaf:
            raise ValueError(
                f"params[{i}] (shape {_shape(param)}) cannot be trained: expected a tensor "
                "made with requires_grad=True, not the result of a computation."
            )
    _not_negative("lr", lr)
    _positive_whole("batch_size", batch_size)
    _positive_whole("num_epochs", num_epochs)
    _generator(generator)
    if not (report is None or callable(report)):
        raise TypeError(f"report is {_kind(report)}; expected a function such as print.")
    if model is not DEFAULT or loss is not DEFAULT:
        _first_losses(features, labels, params, model, loss)


def _first_losses(
    features: Tensor,
    labels: Tensor,
    params: Sequence[Tensor],
    model: Callable[..., Tensor] | None,
    loss: Callable[[Tensor, Tensor], Tensor] | None,
) -> None:
    """Try a model or a loss of the caller's own on the first examples."""
    from lr_lib import functional  # which imports this module

    for name, function in (("model", model), ("loss", loss)):
        if not (function is DEFAULT or callable(function)):
            raise TypeError(f"{name} is {_kind(function)}; expected a function.")
    y_hat = (model or functional.linreg)(features[:2], *params)
    _tensor("the result of model", y_hat)
    losses = (loss or functional.squared_loss)(y_hat, labels[:2])
    if (
        not isinstance(losses, Tensor)
        or losses.dim() == 0
        or len(losses) != len(labels[:2])
        or losses.numel() > y_hat.numel()
    ):
        given = f"shape {_shape(losses)}" if isinstance(losses, Tensor) else _kind(losses)
        raise ValueError(
            f"loss gave {given} for predictions of shape {_shape(y_hat)}; expected one loss "
            "for each prediction, neither summed nor averaged nor broadcast. A loss of "
            'PyTorch needs reduction="none".'
        )
    if not losses.requires_grad:
        raise ValueError(
            "loss gave losses that do not depend on params as PyTorch records it, so there is "
            "no gradient; use no torch.no_grad(), .detach(), .item() or .numpy() in model "
            "and loss."
        )


def _shape(tensor: Tensor) -> tuple[int, ...]:
    return tuple(tensor.shape)


def _kind(value: object) -> str:
    text = "" if isinstance(value, Tensor) else f"{value!r} "
    return f"{text if len(text) < 60 else ''}of type {type(value).__name__}"


def _tensor(name: str, value: Any) -> None:
    if not isinstance(value, Tensor):
        cure = f" Write torch.as_tensor({name})." if name.isidentifier() else ""
        raise TypeError(f"{name} is of type {type(value).__name__}; expected a torch.Tensor.{cure}")
    if value.layout != torch.strided:
        raise TypeError(
            f"{name} is a sparse tensor; expected a dense one. Write {name}.to_dense()."
        )


def _floating_tensor(name: str, value: Any) -> None:
    _tensor(name, value)
    if not value.is_floating_point():
        raise TypeError(
            f"{name} has dtype {value.dtype}; expected floating-point numbers. "
            f"Write {name}.float(), or 2.0 instead of 2."
        )


def _weights(name: str, w: Any) -> None:
    _floating_tensor(name, w)
    if w.dim() not in (1, 2) or w.numel() == 0:
        raise ValueError(
            f"{name} has shape {_shape(w)}; expected (d,) or (d, k): "
            "one row of weights for each of d features."
        )


def _bias(name: str, b: Any, w: Tensor) -> None:
    if isinstance(b, Tensor):
        outputs = 1 if w.dim() == 1 else w.shape[1]
        if b.dim() > 1 or b.numel() not in (1, outputs):
            shapes = "() or (1,)" if outputs == 1 else f"(), (1,) or ({outputs},)"
            raise ValueError(
                f"{name} has shape {_shape(b)}; expected {shapes}, to match w of shape "
                f"{_shape(w)}. Any other shape would broadcast across the examples."
            )
        if b.dtype != w.dtype:
            raise ValueError(
                f"{name} has dtype {b.dtype} but w {w.dtype}; expected the same. "
                "Convert one of them with .to()."
            )
    elif not isinstance(b, (int, float)):
        raise TypeError(f"{name} is {_kind(b)}; expected a number or a torch.Tensor.")


def _positive_whole(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= sys.maxsize:
        raise ValueError(f"{name} is {_kind(value)}; expected an int, 1 or more.")


def _not_negative(name: str, value: Any) -> None:
    if not isinstance(value, (int, float)) or not 0 <= value <= sys.float_info.max:
        raise ValueError(f"{name} is {_kind(value)}; expected a float or an int, 0 or more.")


def _generator(generator: Any) -> None:
    if not isinstance(generator, Generator | None):
        raise TypeError(
            f"generator is {_kind(generator)}; expected a torch.Generator, such as "
            "torch.Generator().manual_seed(0)."
        )


def _parameters(params: Any) -> None:
    # An iterator such as module.parameters() would be used up by looking at it.
    if not isinstance(params, (list, tuple)) or not params:
        raise TypeError(
            f"params is of type {type(params).__name__} and must be a list or a tuple "
            "with at least one tensor, such as [w, b]; write list(params) for an iterator."
        )
    for i, param in enumerate(params):
        if not isinstance(param, Tensor) or not param.is_floating_point():
            _floating_tensor(f"params[{i}]", param)  # names it only if it has to


def _dataset(
    features: Any,
    labels: Any,
    features_name: str = "features",
    labels_name: str = "labels",
) -> None:
    for name, value in ((features_name, features), (labels_name, labels)):
        _tensor(name, value)
        if value.dim() == 0 or value.numel() == 0:
            raise ValueError(
                f"{name} has shape {_shape(value)}, so the dataset is empty; "
                "expected at least one example along the first dimension."
            )
        if value.requires_grad:
            raise ValueError(
                f"{name} requires a gradient; data are not trained. Write {name}.detach()."
            )
        _finite(name, value)
    if len(features) != len(labels):
        raise ValueError(
            f"{features_name} has {len(features)} examples (shape {_shape(features)}) but "
            f"{labels_name} has {len(labels)} (shape {_shape(labels)}); expected one label "
            "row for each example."
        )


def _finite(name: str, values: Tensor) -> None:
    if not values.is_floating_point() or values.numel() == 0:
        return
    # The extremes carry NaN and infinity along, without a temporary copy of the data.
    extremes = torch.stack(torch.aminmax(values.detach()))
    if not extremes.isfinite().all():
        bad = (~values.isfinite()).nonzero()
        raise ValueError(
            f"{name} has {len(bad)} values that are NaN or infinite, the first at index "
            f"{tuple(bad[0].tolist())}; expected finite numbers. Remove or mend them."
        )
