"""What a wrong result, or an error, tells about its cause.

A check knows what it asked for; the hint that it comes with is about that. This module
looks at what came back, and recognizes what goes wrong most often, whatever was asked.
Nothing here says which values were expected.
"""

import ast
import linecache
import re
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from lr_grading.stand_in import RaisedInside
from lr_grading.values import is_tensor, numbers, plain

CELL_NAMES = ("<ipython-input", "ipykernel_", "<cell ")  # how the code of a cell calls its file
DIVERGED = 1e6  # how many times as large as expected a result of training can hardly be
SAME = 2e-3  # the relative difference between two factors that are taken for one


@dataclass(frozen=True)
class Diagnosis:
    """A cause that was recognized.

    Attributes:
        key: Its message; None where what came back says it all.
        values: What the message fills in.
        hint_fits: Whether the hint of the check is still of use beside it.
    """

    key: str | None
    values: Mapping[str, object] = field(default_factory=dict)
    hint_fits: bool = True


# Results


def of_numbers(actual: object, size: float, *, training: bool) -> Diagnosis | None:
    """Recognize numbers that have grown without limit, or are none.

    Args:
        actual: What came back.
        size: How large the numbers should be, at most.
        training: Whether they come out of a training.
    """
    found = numbers(actual)
    if found is None or found.numel() == 0:
        return None
    finite = bool(found.isfinite().all())
    if training and not (finite and found.abs().max() <= DIVERGED * max(size, 1.0)):
        return Diagnosis("diverged", hint_fits=False)
    return None if finite else Diagnosis("not_finite")


def of_shape(found: Sequence[int], wanted: Sequence[int]) -> Diagnosis | None:
    """Recognize what has become of a shape."""
    found, wanted = tuple(found), tuple(wanted)
    sizes = [torch.Size(shape).numel() for shape in (found, wanted)]
    if found == wanted:
        return None
    if len(found) == 2 and found[::-1] == wanted:
        return Diagnosis("transposed")
    if sizes[0] == sizes[1]:
        return Diagnosis("reshaped")
    if sizes[1] > 1 and found == (sizes[1], sizes[1]):
        return Diagnosis("broadcast", {"n": sizes[1]})
    if wanted == () and sizes[0] > 1:
        return Diagnosis("several_for_one")
    return Diagnosis("one_for_several") if found == () and sizes[1] > 1 else None


def of_dtype(actual: object, expected: Tensor) -> Diagnosis | None:
    """Recognize a tensor of whole numbers where fractions are expected."""
    if not is_tensor(actual) or actual.is_floating_point() or actual.is_complex():
        return None
    if torch.equal(expected, expected.round()):
        return None
    return Diagnosis("whole_numbers", {"dtype": str(actual.dtype).removeprefix("torch.")})


def of_values(
    found: Tensor,
    expected: Tensor,
    passes: Callable[[Tensor], bool],
    *,
    sizes: Collection[int],
    hidden: bool,
) -> Diagnosis | None:
    """Recognize numbers of the right shape that are off by a factor.

    Args:
        found: What came back, as float64.
        expected: What was expected, as float64.
        passes: Whether some numbers would have passed the check.
        sizes: Numbers of examples, and the like, that a factor may come from.
        hidden: Whether the factor would give away what was expected.
    """
    if passes(torch.zeros_like(expected)):
        return None  # anything small is right: no factor can be told
    factor = _factor(found, expected, sizes)
    if factor is None or not passes(found / factor):
        return None
    return Diagnosis("factor_hidden") if hidden else _of_factor(factor, sizes)


def _factor(found: Tensor, expected: Tensor, sizes: Collection[int]) -> float | None:
    """The factor by which numbers are off, if it is one that mistakes have.

    One number alone is off by some factor in any case: there, 0.4 for 0.8 may be an accident.
    """
    ratio = float((found * expected).sum() / (expected * expected).sum())
    if not 1e-12 < abs(ratio) < 1e12:
        return None
    nearest = float(round(ratio)) if abs(ratio) >= 1 else 1 / round(1 / ratio)
    if nearest == 1.0 or (nearest < 0 and nearest != -1.0) or abs(ratio / nearest - 1) > SAME:
        return None
    if len(expected[expected != 0].unique()) > 1:
        return nearest
    size = round(max(abs(nearest), 1 / abs(nearest)))
    if size > 2:
        return nearest if size in sizes or _is_of_units(size) else None
    by_hand = all(f"{float(number):.2g}" == f"{float(number):.6g}" for number in found.unique())
    return None if by_hand else nearest


def _is_of_units(size: int) -> bool:
    return size >= 100 and set(str(size)) == {"1", "0"}


def _of_factor(factor: float, sizes: Collection[int]) -> Diagnosis:
    named = {-1.0: "wrong_sign", 2.0: "twice", 0.5: "half"}
    if factor in named:
        return Diagnosis(named[factor])
    size = round(max(factor, 1 / factor))
    if _is_of_units(size) and size not in sizes:
        return Diagnosis("unit", {"factor": size if factor > 1 else f"1/{size}"})
    return Diagnosis("multiple" if factor > 1 else "fraction", {"size": size})


def of_kind(actual: object, expected: object) -> Diagnosis | None:
    """Recognize the right number in another type than was asked for."""
    found, wanted = plain(actual), plain(expected)
    kinds = [type(found), type(wanted)]
    if all(kind in (bool, int, float) for kind in kinds) and found == wanted:
        return Diagnosis("kind", {"found": kinds[0].__name__, "wanted": kinds[1].__name__})
    return None


# Errors

NONE = (
    "NoneType' object (has no attribute|is not)|unsupported operand.*'NoneType'"
    "|non-iterable NoneType|not '?NoneType|got NoneType"
)
SHAPES = (
    "shapes cannot be multiplied|must match|size mismatch|inconsistent tensor size"
    "|is invalid for input of size|expects each tensor to be equal size|must be a matrix"
)
# What an error says, the message that explains it, and whether the check's hint still fits.
_ERRORS = (
    ("does not require grad and does not have a grad_fn", "graph_missing", False),
    ("a leaf Variable that requires grad is being used", "leaf_in_place", False),
    ("through the graph a second time", "graph_used", False),
    ("modified by an inplace operation", "overwritten", False),
    ("grad can be implicitly created only for scalar", "not_scalar", False),
    ("Can't call numpy", "still_recorded", False),
    ("cannot be converted to Scalar|only one element tensors|more than one value is", "many", True),
    ("same dtype|expected scalar type", "dtypes", False),
    (SHAPES, "shapes", True),
    (NONE, "none_value", False),
    (r"values to unpack|non-iterable|iteration over a 0-d tensor", "unpacked", False),
    (r"positional argument|unexpected keyword|multiple values for argument", "called", False),
)
# Such an error is about the code, not about its result, which is what a hint is about.
_OF_CODE = (NameError, AttributeError, ImportError, SyntaxError, RecursionError, MemoryError)


def of_error(error: BaseException) -> Diagnosis | None:
    """Recognize the cause of an error that an answer, or the check that called it, has raised."""
    for pattern, key, hint_fits in _ERRORS:
        if not re.search(pattern, str(error)):
            continue
        in_answer = bool(students_frames(error))
        if key == "none_value" and in_answer:
            return _of_gradient(error)
        if key in ("none_value", "shapes") and not in_answer:
            key = f"{key}_returned"
        return Diagnosis(key, hint_fits=hint_fits)
    explains_itself = isinstance(error, _OF_CODE) or _raised_by_library(error)
    return Diagnosis(None, hint_fits=False) if explains_itself else None


def _raised_by_library(error: BaseException) -> bool:
    """Whether ``lr_lib`` has refused an argument, with a message that says all."""
    return "lr_lib" in Path(_frames(error)[-1].filename).parts


def _of_gradient(error: BaseException) -> Diagnosis:
    """Tell a gradient that is None from other values that are."""
    for frame in reversed(students_frames(error)):
        if ".grad" in linecache.getline(frame.filename, frame.lineno or 0):
            name = _rebound(frame)
            if name is None:
                return Diagnosis("gradient_missing", hint_fits=False)
            return Diagnosis("rebound", {"name": name}, hint_fits=False)
    return Diagnosis("none_value", hint_fits=False)


def _rebound(frame: traceback.FrameSummary) -> str | None:
    """The parameter to which the function of a frame gives a new tensor: p = p - lr * p.grad."""
    try:
        cell = ast.parse("".join(linecache.getlines(frame.filename)))
    except SyntaxError:  # a line that only a notebook understands
        return None
    functions = (f for f in ast.walk(cell) if isinstance(f, ast.FunctionDef))
    for function in functions:
        if function.name != frame.name:
            continue
        for step in ast.walk(function):
            if not isinstance(step, ast.Assign):
                continue
            read = {ast.unparse(node) for node in ast.walk(step.value)}
            for target in ast.walk(step.targets[0]):
                name = ast.unparse(target)
                if {name, f"{name}.grad"} <= read:
                    return name
    return None


def goes_on(frame: traceback.FrameSummary) -> bool:
    """Whether code follows the line at which a function ended: a stub's, left above an answer."""
    source = "".join(linecache.getlines(frame.filename))
    try:
        blocks = [vars(node).get("body", []) for node in ast.walk(ast.parse(source))]
    except SyntaxError:
        return False
    before_last = [part for block in blocks if isinstance(block, list) for part in block[:-1]]
    return any(part.lineno == frame.lineno for part in before_last)


def students_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The functions of the student's that an error passed, outermost first.

    The first frame is that of the check, whose own lines are left out: they may be hidden.
    """
    check, *frames = _frames(error)
    return [
        frame for frame in frames if frame.filename != check.filename and of_a_cell(frame.filename)
    ]


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """All functions that an error passed, outermost first, also where answers run elsewhere."""
    frames = list(traceback.extract_tb(error.__traceback__))
    return [*frames, *error.frames] if isinstance(error, RaisedInside) else frames


def of_a_cell(filename: str) -> bool:
    """Whether a piece of code came from a cell of a notebook."""
    return any(name in filename for name in CELL_NAMES)
