"""The real measurements of the course: each function reads one table of ``lr_lib/data``.

The values come as PyTorch tensors of shape (n,) in the default dtype, in the
order and the units of the publication.
"""

import csv
from importlib import resources

import torch
from torch import Tensor


def thermometer() -> tuple[Tensor, Tensor]:
    """Eleven readings of a thermometer without a label of its unit.

    Returns:
        The readings in the unknown unit, and the same temperatures in degrees Celsius.

    Source: Stevens, Antiga and Viehmann, *Deep Learning with PyTorch* (2020), chapter 5.
    """
    unknown_unit, celsius = _columns("thermometer", "unknown_unit", "celsius")
    return unknown_unit, celsius


def ohm_1826() -> tuple[Tensor, Tensor]:
    """Ohm's first series of 8 January 1826: copper wires in a thermoelectric circuit.

    Returns:
        Length of the wire in inches, and the reading of the torsion balance, which
        is proportional to the current.

    Source: G. S. Ohm, *Journal für Chemie und Physik* 46 (1826) 137-166.
    """
    length, reading = _columns("ohm_1826", "wire_length_in", "torsion_reading")
    return length, reading


def cosmic_background_firas() -> tuple[Tensor, Tensor, Tensor]:
    """The cosmic microwave background as COBE/FIRAS measured it, at 43 wavenumbers.

    Returns:
        Wavenumber in 1/cm (the frequency is 100 · c · wavenumber, in Hz), intensity in
        MJy/sr (1 MJy = 1e-20 W m^-2 Hz^-1), and its uncertainty, one standard
        deviation, in kJy/sr.

    Source: Fixsen et al., *ApJ* 473 (1996) 576, https://doi.org/10.1086/178173; Fixsen
    and Mather, *ApJ* 581 (2002) 817, https://doi.org/10.1086/344402; NASA LAMBDA,
    monopole spectrum v1.
    """
    columns = ("wavenumber_per_cm", "intensity_MJy_per_sr", "uncertainty_kJy_per_sr")
    wavenumber, intensity, uncertainty = _columns("cosmic_background_firas", *columns)
    return wavenumber, intensity, uncertainty


def belgian_phone_calls() -> tuple[Tensor, Tensor]:
    """Telephone calls from Belgium, 1950 to 1973.

    From 1964 to 1969 minutes were recorded by mistake instead of calls, with 1963 and
    1970 partly affected.

    Returns:
        The year, and the calls in millions.

    Source: Rousseeuw and Leroy, *Robust Regression and Outlier Detection* (1987), p. 26,
    https://doi.org/10.1002/0471725382.
    """
    year, calls = _columns("belgian_phone_calls", "year", "calls_millions")
    return year, calls


def _columns(table: str, *names: str) -> list[Tensor]:
    with (resources.files("lr_lib") / "data" / f"{table}.csv").open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    return [torch.tensor([float(row[name]) for row in rows]) for name in names]
