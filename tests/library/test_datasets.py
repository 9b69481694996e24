"""The real data: as published, and fitted as others have fitted them."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from lr_lib import datasets


def line(x: Tensor, y: Tensor) -> tuple[float, float]:
    """Slope and intercept of the least-squares line."""
    X = torch.stack([x, torch.ones_like(x)], 1).double()
    slope, intercept = torch.linalg.lstsq(X, y.double()[:, None], driver="gelsd").solution
    return float(slope), float(intercept)


@pytest.mark.parametrize(
    ("table", "columns", "rows"),
    [
        (datasets.thermometer, 2, 11),
        (datasets.ohm_1826, 2, 8),
        (datasets.cosmic_background_firas, 3, 43),
        (datasets.belgian_phone_calls, 2, 24),
    ],
)
def test_each_table_is_complete(
    table: Callable[[], tuple[Tensor, ...]], columns: int, rows: int
) -> None:
    read = table()
    assert len(read) == columns
    for column in read:
        assert column.shape == (rows,)
        assert column.dtype == torch.get_default_dtype()
        assert column.isfinite().all()


def test_the_thermometer_was_in_fahrenheit() -> None:
    unknown, celsius = datasets.thermometer()
    slope, intercept = line(0.1 * unknown, celsius)
    assert slope == pytest.approx(5.36772, abs=1e-4)
    assert intercept == pytest.approx(-17.30479, abs=1e-4)


def test_ohms_readings_follow_his_law() -> None:
    length, reading = (column.double() for column in datasets.ohm_1826())
    residual = reading - 7243 / (20.14 + length)
    assert float(residual.square().mean().sqrt()) == pytest.approx(0.96, abs=0.01)


def test_the_background_has_the_temperature_of_its_publication() -> None:
    wavenumber, intensity, sigma = (c.double() for c in datasets.cosmic_background_firas())
    h, c, k = 6.62607015e-34, 299792458.0, 1.380649e-23
    nu = 100 * c * wavenumber
    T = torch.arange(2.724, 2.726, 1e-6, dtype=torch.float64)[:, None]
    planck = 2 * h * nu**3 / c**2 / torch.expm1(h * nu / (k * T)) / 1e-20
    chi_squared = ((1000 * (intensity - planck) / sigma) ** 2).sum(1)
    best = int(chi_squared.argmin())
    assert float(T[best]) == pytest.approx(2.72502, abs=1e-5)
    assert float(chi_squared[best]) / 42 == pytest.approx(1.07, abs=0.02)


def test_the_telephone_calls_have_the_fit_of_the_book_with_and_without_the_wrong_years() -> None:
    year, calls = datasets.belgian_phone_calls()
    assert line(year - 1950, calls) == pytest.approx((5.04, -7.99), abs=0.01)
    good = (year < 1964) | (year > 1970)
    assert line(year[good] - 1950, calls[good]) == pytest.approx((1.105, 2.66), abs=0.01)


def test_values_come_in_the_default_dtype() -> None:
    torch.set_default_dtype(torch.float64)
    try:
        assert datasets.thermometer()[0].dtype == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
