"""What each function asks of its arguments before it computes anything.

One check per function, under the same name and with the same arguments, put in
front of it by ``validated``. A message says which argument is wrong, what was
given, what was expected, and what to do.
"""

import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar

import torch
from torch import Generator, Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import TensorDataset

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
    for X, y in ((features, labels), *([] if validation is None else [validation])):
        if model is DEFAULT and loss is DEFAULT:
            _linear_regression(X, y, params)
        else:
            _first_step(X, y, params, model, loss)


def train_concise(net: nn.Module, loader: Any, optimizer: Optimizer, num_epochs: int) -> None:
    """Check the arguments of ``lr_lib.concise.train_concise``."""
    dataset = getattr(loader, "dataset", None)
    if not isinstance(dataset, TensorDataset) or len(dataset.tensors) != 2:
        given = "" if dataset is None else f" over a {type(dataset).__name__}"
        raise TypeError(
            f"loader is a {type(loader).__name__}{given}; expected a DataLoader over "
            "TensorDataset(features, labels)."
        )
    if not torch.is_grad_enabled():
        raise RuntimeError(
            "train_concise was called where PyTorch records no gradients; call it outside "
            "torch.no_grad() and torch.inference_mode()."
        )
    features, labels = dataset.tensors
    _dataset(features, labels)
    if len(loader) == 0:
        raise ValueError(
            f"loader has no batches of the {len(features)} examples, so training would change "
            "nothing; expected at least one. Choose a smaller batch_size, or drop_last=False."
        )
    with torch.no_grad():
        y_hat = net(features[:2])
    if y_hat.shape != labels[:2].shape:
        raise ValueError(
            f"labels has shape {_shape(labels)}, but net predicts {_shape(y_hat)} for two "
            "examples; expected one label for each prediction. Labels of shape (n,) need "
            ".reshape(-1, 1)."
        )
    held = {id(param) for group in optimizer.param_groups for param in group["params"]}
    if not held & {id(param) for param in net.parameters()}:
        raise ValueError(
            "optimizer holds no parameter of net, so training would change nothing; expected "
            "one made from net.parameters()."
        )
    _positive_whole("num_epochs", num_epochs)


def torsion_reading(length: Tensor, a: float | Tensor, b: float | Tensor) -> None:
    """Check the arguments of ``lr_lib.physics.torsion_reading``."""
    _floating_tensor("length", length)
    if not (length >= 0).all():
        raise ValueError(
            "length has values that are negative or NaN; expected the lengths of wires, "
            "0 or more. Remove or mend them."
        )
    for name, value in (("a", a), ("b", b)):
        if not isinstance(value, (int, float, Tensor)):
            raise TypeError(f"{name} is {_kind(value)}; expected a number or a torch.Tensor.")


def log_planck_shape(x: Tensor) -> None:
    """Check the arguments of ``lr_lib.physics.log_planck_shape``."""
    _floating_tensor("x", x)
    good = (x > 0) & x.isfinite()
    if not good.all():
        raise ValueError(
            f"x has {int((~good).sum())} values that are not positive and finite; expected "
            "photon energies divided by kT. Are all wavelengths and temperatures positive? "
            "A fit of ln T, with T = exp(ln T), cannot make T negative."
        )


def tensor_loader(
    self: Any,
    tensors: Sequence[Tensor],
    batch_size: int,
    shuffle: bool,
    generator: Generator | None = None,
) -> None:
    """Check the arguments of ``lr_lib.objects.TensorLoader``."""
    if not isinstance(tensors, (list, tuple)) or not tensors:
        raise TypeError(
            f"tensors is of type {type(tensors).__name__}; expected a list or a tuple with at "
            "least one tensor, such as (X, y)."
        )
    for i, tensor in enumerate(tensors):
        _tensor(f"tensors[{i}]", tensor)
        if tensor.dim() == 0 or len(tensor) != len(tensors[0]):
            raise ValueError(
                f"tensors[{i}] has shape {_shape(tensor)} but tensors[0] {_shape(tensors[0])}; "
                "expected one row for each example in all of them."
            )
        if tensor.requires_grad:
            raise ValueError(
                f"tensors[{i}] requires a gradient; data are not trained. Make them from tensors "
                "that require none, or write .detach()."
            )
        _finite(f"tensors[{i}]", tensor)
    if len(tensors[0]) > 0 and not any(tensor.numel() for tensor in tensors):
        raise ValueError(
            f"tensors[0] has shape {_shape(tensors[0])} and the others have no values either; "
            "expected at least one value in a row."
        )
    _positive_whole("batch_size", batch_size)
    _true_or_false("shuffle", shuffle)
    _generator(generator)


def get_tensorloader(self: Any, tensors: Any, train: bool, indices: Any = DEFAULT) -> None:
    """Check what ``get_tensorloader`` of ``lr_lib.DataModule`` needs beyond ``TensorLoader``."""
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(
            f"tensors is of type {type(tensors).__name__}; expected a list or a tuple of tensors, "
            "such as (self.X, self.y)."
        )
    if not hasattr(self, "batch_size"):
        raise AttributeError(
            f"{type(self).__name__} has no batch_size; expected one. Write self.batch_size = 32, "
            "or call self.save_hyperparameters() in an __init__ with an argument batch_size."
        )


def synthetic_regression_data(
    self: Any,
    w: Tensor,
    b: float | Tensor,
    noise: float = 0.0,
    num_train: int = 1,
    num_val: int = 1,
    batch_size: int = 1,
    *,
    generator: Generator | None = None,
) -> None:
    """Check the arguments of ``lr_lib.SyntheticRegressionData`` beyond ``synthetic_data``."""
    _positive_whole("num_train", num_train)
    _whole("num_val", num_val)
    _positive_whole("batch_size", batch_size)


def module(self: Any, plot_train_per_epoch: int = 1, plot_valid_per_epoch: int = 1) -> None:
    """Check the arguments of ``lr_lib.Module``."""
    _positive_whole("plot_train_per_epoch", plot_train_per_epoch)
    _positive_whole("plot_valid_per_epoch", plot_valid_per_epoch)


def linear_regression_scratch(
    self: Any,
    num_inputs: int,
    lr: float,
    sigma: float = 0.0,
    *,
    generator: Generator | None = None,
) -> None:
    """Check the arguments of ``lr_lib.LinearRegressionScratch``."""
    _positive_whole("num_inputs", num_inputs)
    _not_negative("lr", lr)
    _not_negative("sigma", sigma)
    _generator(generator)


def sgd_object(self: Any, params: Any, lr: float) -> None:
    """Check the arguments of ``lr_lib.SGD``."""
    if isinstance(params, (Tensor, str, dict)) or not isinstance(params, Iterable):
        raise TypeError(
            f"params is of type {type(params).__name__}; expected a list such as [w, b], or "
            "model.parameters()."
        )
    if isinstance(params, (list, tuple)):
        _parameters(params)
    _not_negative("lr", lr)


def sgd_step(self: Any) -> None:
    """Check that ``lr_lib.SGD`` has something to change, now that it has a list of it."""
    if not self.params:
        raise ValueError(
            "the optimizer holds no parameters, so training would change nothing. In a model, "
            "write self.w = nn.Parameter(w); a plain tensor is not among its parameters()."
        )
    _parameters(self.params)


def trainer(self: Any, max_epochs: int, num_gpus: int = 0, gradient_clip_val: float = 0) -> None:
    """Check the arguments of ``lr_lib.Trainer``."""
    _positive_whole("max_epochs", max_epochs)
    _whole("num_gpus", num_gpus)
    _not_negative("gradient_clip_val", gradient_clip_val)
    found = torch.cuda.device_count()
    if num_gpus > found:
        raise RuntimeError(
            f"num_gpus is {num_gpus}, but PyTorch finds {found} GPUs here; expected at most "
            "that many. num_gpus=0 trains on the CPU."
        )


def trainer_fit(self: Any, model: Any, data: Any) -> None:
    """Check that ``lr_lib.Trainer`` is given a model and data with which it can work."""
    from lr_lib import objects  # which imports this module

    for name, value, kind in (
        ("model", model, objects.Module),
        ("data", data, objects.DataModule),
    ):
        if not isinstance(value, kind):
            raise TypeError(
                f"{name} is of type {type(value).__name__}; expected an instance of a class "
                f"made from lr_lib.{kind.__name__}. The order is fit(model, data)."
            )
    if not torch.is_grad_enabled():
        raise RuntimeError(
            "fit was called where PyTorch records no gradients; call it outside "
            "torch.no_grad() and torch.inference_mode()."
        )
    for name in ("train_dataloader", "val_dataloader"):
        loader = getattr(data, name)()
        if not (_countable(loader) or (loader is None and name == "val_dataloader")):
            raise TypeError(
                f"data.{name}() gives {_kind(loader)}, which has no length; expected minibatches "
                "that can be counted and gone through again, from get_tensorloader or a "
                "torch.utils.data.DataLoader. A generator can be gone through only once."
            )
        if name == "train_dataloader" and len(loader) == 0:
            raise ValueError("data.train_dataloader() has no batches; expected at least one.")


def _countable(loader: Any) -> bool:
    try:  # a DataLoader over an IterableDataset only seems to have a length
        len(loader)
    except TypeError:
        return False
    return True


def clip_gradients(self: Any, grad_clip_val: float, model: nn.Module) -> None:
    """Check the arguments of ``clip_gradients`` of ``lr_lib.Trainer``."""
    _not_negative("grad_clip_val", grad_clip_val)
    if all(param.grad is None for param in model.parameters()):
        raise ValueError(
            "none of model.parameters() has a gradient, so there is nothing to clip. In a model, "
            "write self.w = nn.Parameter(w); a plain tensor is not among its parameters()."
        )


def draw(self: Any, x: Any, y: Any, label: str, every_n: int = 1, weight: float = 1) -> None:
    """Check the arguments of ``draw`` of ``lr_lib.ProgressBoard``."""
    hint = " If it is the loss of a model, let loss(self, y_hat, y) return a mean."
    for name, value, cure in (("x", x, ""), ("y", y, hint)):
        if not (isinstance(value, (int, float)) or hasattr(value, "item")):
            raise TypeError(
                f"{name} is {_kind(value)}; expected a number or a tensor with one element.{cure}"
            )
        if getattr(value, "numel", lambda: 1)() != 1:
            raise ValueError(
                f"{name} has shape {_shape(value)}; expected one number, such as a mean.{cure}"
            )
    _positive_whole("every_n", every_n)
    _not_negative("weight", weight)
    if weight == 0:
        raise ValueError(
            "weight is 0; expected more, such as the number of examples of a batch. A batch "
            "without examples has no mean."
        )


def _linear_regression(features: Tensor, labels: Tensor, params: Sequence[Tensor]) -> None:
    """Check what ``linreg`` and ``squared_loss`` will ask, without computing anything."""
    linreg(features, *params)
    y_hat = torch.empty(len(features), *params[0].shape[1:], device="meta")
    squared_loss(y_hat, labels)


def _first_step(
    features: Tensor,
    labels: Tensor,
    params: Sequence[Tensor],
    model: Callable[..., Tensor] | None,
    loss: Callable[[Tensor, Tensor], Tensor] | None,
) -> None:
    """Try a model or a loss of the caller's own, and its gradients, on the first examples."""
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
    gradients = torch.autograd.grad(losses.sum(), params, allow_unused=True)
    for i, gradient in enumerate(gradients):
        if gradient is None:
            raise ValueError(
                f"params[{i}] (shape {_shape(params[i])}) has no gradient, because the losses "
                "do not depend on it; expected parameters that the model uses. Leave it out, or "
                "mend the model."
            )


def loss_fn(t_p: Tensor, t_c: Tensor) -> None:
    """Check the arguments of ``lr_lib.mechanics.loss_fn`` and of ``dloss_fn``."""
    _readings(t_p=t_p, t_c=t_c)


def grad_fn(t_u: Tensor, t_c: Tensor, t_p: Tensor, w: float | Tensor, b: float | Tensor) -> None:
    """Check the arguments of ``lr_lib.mechanics.grad_fn``."""
    _readings(t_u=t_u, t_c=t_c, t_p=t_p)


def training_loop(
    n_epochs: int,
    learning_rate: float,
    params: Tensor,
    t_u: Tensor,
    t_c: Tensor,
    print_detail: bool = True,
) -> None:
    """Check the arguments of ``lr_lib.mechanics.training_loop``."""
    _positive_whole("n_epochs", n_epochs)
    _not_negative("learning_rate", learning_rate)
    _floating_tensor("params", params)
    if params.shape != (2,):
        raise ValueError(
            f"params has shape {_shape(params)}; expected (2,): the weight, then the bias, "
            "such as torch.tensor([1.0, 0.0])."
        )
    if params.requires_grad:
        raise ValueError(
            "params requires a gradient, but here every derivative is taken by hand. "
            "Write params.detach()."
        )
    _readings(t_u=t_u, t_c=t_c)
    for name, value in (("params", params), ("t_u", t_u), ("t_c", t_c)):
        _finite(name, value)


def _readings(**columns: Any) -> None:
    """Check the columns of readings that belong together, row by row."""
    for name, value in columns.items():
        _floating_tensor(name, value)
        if value.dim() != 1 or value.numel() == 0:
            raise ValueError(
                f"{name} has shape {_shape(value)}; expected (n,), one number for each of "
                f"n readings. Write {name}.flatten() for a column."
            )
    if len({len(value) for value in columns.values()}) > 1:
        given = ", ".join(f"{name} {len(value)}" for name, value in columns.items())
        raise ValueError(
            f"{' and '.join(columns)} belong together row by row but differ in length "
            f"({given}); expected the same number of readings."
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


def _whole(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} is {_kind(value)}; expected an int, 0 or more.")


def _true_or_false(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{name} is {_kind(value)}; expected True or False.")


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
