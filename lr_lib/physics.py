"""The laws of physics that the chapters on real measurements fit, and their constants.

Every function takes and returns tensors, so that PyTorch can differentiate it.
"""

from typing import Annotated

import torch
from torch import Tensor

from lr_lib.arguments import Floats, NumberOrTensor, checked
from lr_lib.language import either

# The exact values of the SI since 2019 (Bureau international des poids et mesures, *The
# International System of Units*, 9th edition, https://doi.org/10.59161/AUEZ1291).
SPEED_OF_LIGHT = 299_792_458.0
"""The speed of light in vacuum, c, in m/s."""
PLANCK_CONSTANT = 6.626_070_15e-34
"""The Planck constant, h, in J s."""
BOLTZMANN_CONSTANT = 1.380_649e-23
"""The Boltzmann constant, k, in J/K."""


def _lengths(name: str, length: Tensor) -> None:
    if not (length >= 0).all():
        raise ValueError(
            either(
                f"{name} has values that are negative or NaN; expected the lengths of wires, "
                "0 or more. Remove or correct them.",
                f"{name}中有负数或NaN，应为导线的长度，即不小于0的数。请删除或更正这些值。",
            )
        )


@checked()
def torsion_reading(
    length: Annotated[Floats, _lengths], a: NumberOrTensor, b: NumberOrTensor
) -> Tensor:
    """Ohm's law as Ohm wrote it in 1826: the reading of his torsion balance, a / (b + x).

    A battery of voltage V drives the current I = V / (R + r) through a wire of resistance
    R and the rest of the circuit, of resistance r. If each unit of length of the wire
    resists by q and the balance shows c per unit of current, then a = cV / q and b = r / q.

    Args:
        length: Length x of the wire, 0 or more, any shape.
        a: The exciting force, in units of the reading times units of the length.
        b: The resistance of the rest of the circuit, as the length of the same wire that
            would resist as much, in units of the length.

    Returns:
        The reading, proportional to the current, in the shape to which ``length``, ``a``
        and ``b`` broadcast; infinite where b + x is 0.

    Raises:
        TypeError: ``length`` is not a tensor of floating-point numbers, or ``a`` or ``b``
            neither a number nor a tensor.
        ValueError: A length is negative or NaN.

    Source: G. S. Ohm, *Journal für Chemie und Physik* 46 (1826) 137-166.
    """
    return a / (b + length)


def planck_shape(x: Tensor) -> Tensor:
    """The shape of every black body's spectrum: S(x) = x³ / (exp(x) - 1).

    The photon energy is x = hν/(kT) = hc/(λkT), in units of the thermal energy. At frequency
    ν the spectral radiance of a black body is 2 (kT)³ / (hc)² · S(x), in W m⁻² sr⁻¹ Hz⁻¹.

    Args:
        x: Photon energy divided by kT, positive and finite, any shape.

    Returns:
        The shape, a pure number, in the shape and the dtype of ``x``. It is x² where x is
        small, at most 1.42, and 0 where it is too small for the dtype. Its derivative is
        also finite everywhere.

    Raises:
        TypeError: ``x`` is not a tensor of floating-point numbers.
        ValueError: A value of ``x`` is not positive, or not finite.

    Source: M. Planck, *Annalen der Physik* 309 (1901) 553-563,
    https://doi.org/10.1002/andp.19013090310.
    """
    return torch.exp(log_planck_shape(x))


def _photon_energies(name: str, x: Tensor) -> None:
    good = (x > 0) & x.isfinite()
    if not good.all():
        bad = int((~good).sum())
        raise ValueError(
            either(
                f"{name} has {bad} values that are not positive and finite; expected photon "
                "energies divided by kT. Are all wavelengths and temperatures positive? A fit "
                "of ln T, with T = exp(ln T), cannot make T negative.",
                f"{name}中有{bad}个值不是有限的正数，应为光子能量除以kT。"
                "波长和温度都是正数吗？如果改为拟合ln T，令T = exp(ln T)，T就不会变成负数。",
            )
        )


@checked()
def log_planck_shape(x: Annotated[Floats, _photon_energies]) -> Tensor:
    """The natural logarithm of ``planck_shape``, where nothing overflows or vanishes.

    From exp(x) - 1 = (exp(x) + 1) · tanh(x/2), with each factor as a logarithm.

    Args:
        x: Photon energy divided by kT, positive and finite, any shape.

    Returns:
        ln(x³ / (exp(x) - 1)), in the shape and the dtype of ``x``. It and its derivative
        are accurate to a few roundings of the largest term.

    Raises:
        TypeError: ``x`` is not a tensor of floating-point numbers.
        ValueError: A value of ``x`` is not positive, or not finite.
    """
    log_sum = torch.logaddexp(x, torch.zeros_like(x))
    return 3 * torch.log(x) - log_sum - torch.log(torch.tanh(x / 2))
