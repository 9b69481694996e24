"""The laws of physics: what each predicts, and which arguments it refuses."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from lr_lib import datasets, squared_loss, train
from lr_lib.physics import (
    BOLTZMANN_CONSTANT,
    PLANCK_CONSTANT,
    SPEED_OF_LIGHT,
    log_planck_shape,
    planck_shape,
    torsion_reading,
)


def test_torsion_reading_is_the_law_of_a_series_circuit() -> None:
    """V = I (R + r), with q ohms an inch, and c divisions of the scale an ampere."""
    volts, rest, per_inch, scale = 0.5, 3.0, 0.25, 40.0
    length = torch.tensor([0.0, 2.0, 20.0])
    current = volts / (rest + per_inch * length)
    reading = torsion_reading(length, scale * volts / per_inch, rest / per_inch)
    torch.testing.assert_close(reading, scale * current)


def test_a_wire_like_the_rest_of_the_circuit_halves_the_reading() -> None:
    whole, half = torsion_reading(torch.tensor([0.0, 20.0]), 7000.0, 20.0).tolist()
    assert whole == 350
    assert half == whole / 2


def test_torsion_reading_does_not_depend_on_the_units() -> None:
    length = torch.tensor([2.0, 34.0, 130.0], dtype=torch.float64)
    inches = torsion_reading(length, 7285.0, 20.25)
    metres = torsion_reading(0.0254 * length, 0.0254 * 7285.0, 0.0254 * 20.25)
    torch.testing.assert_close(inches, metres)


def test_torsion_reading_can_be_differentiated() -> None:
    length = torch.tensor([2.0, 34.0, 130.0], dtype=torch.float64)
    a, b = (torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in (7285.0, 20.25))
    assert torch.autograd.gradcheck(lambda a, b: torsion_reading(length, a, b), (a, b))


def test_parameters_broadcast_against_the_lengths() -> None:
    a, b = torch.tensor([7000.0, 7500.0]), torch.tensor([20.0, 21.0])
    table = torsion_reading(torch.tensor([[2.0], [4.0], [6.0]]), a, b)
    assert table.shape == (3, 2)
    assert table[2, 1] == 7500 / 27
    assert torsion_reading(torch.tensor([2]).half(), 4, 2).tolist() == [1.0]


def test_ohm_s_own_parameters_explain_his_readings() -> None:
    """He published a = 7285 and b = 20 1/4 inches; his readings go from 48.5 to 326.75."""
    length, reading = datasets.ohm_1826()
    residual = torsion_reading(length, 7285.0, 20.25) - reading
    assert residual.abs().max() < 3


def test_training_in_units_of_the_data_finds_the_least_squares_fit() -> None:
    """The reference fit of another program: a = 7243, b = 20.14, RMS residual 0.96."""
    length, reading = (column.double() for column in datasets.ohm_1826())
    s, t = length.mean(), reading.max()
    a, b = (torch.ones((), dtype=torch.float64, requires_grad=True) for _ in range(2))
    u, v = length / s, reading / t
    train(u, v, [a, b], lr=1.0, batch_size=8, num_epochs=800, model=torsion_reading)
    assert (a * s * t).item() == pytest.approx(7243, abs=1)
    assert (b * s).item() == pytest.approx(20.14, abs=0.01)
    rms = (2 * squared_loss(torsion_reading(u, a, b), v).mean()).sqrt() * t
    assert rms.item() == pytest.approx(0.96, abs=0.005)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([2.0], 7285.0, 20.25), TypeError, r"^length is of type list"),
        ((torch.tensor([2]), 7285.0, 20.25), TypeError, r"^length has dtype torch.int64"),
        ((torch.tensor([-2.0]), 7285.0, 20.25), ValueError, r"^length has values .* negative"),
        ((torch.tensor([2.0]) / 0 * 0, 7285.0, 20.25), ValueError, r"^length has .* NaN"),
        ((torch.ones(2), "7285", 20.25), TypeError, r"^a is '7285' of type str"),
        ((torch.ones(2), 7285.0, None), TypeError, r"^b is None of type NoneType"),
    ],
)
def test_torsion_reading_names_bad_arguments(
    arguments: tuple[torch.Tensor, float, float], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        torsion_reading(*arguments)


# Planck's law


def test_planck_shape_is_the_formula_as_written() -> None:
    x = torch.logspace(-3, 2.8, 500, dtype=torch.float64)
    torch.testing.assert_close(planck_shape(x), x**3 / torch.expm1(x), rtol=1e-12, atol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_planck_shape_has_the_limits_of_rayleigh_jeans_and_of_wien(dtype: torch.dtype) -> None:
    small = torch.logspace(-15, -6, 50, dtype=dtype)
    torch.testing.assert_close(log_planck_shape(small), 2 * small.log() - small / 2)
    large = torch.logspace(1.5, 10, 50, dtype=dtype)
    torch.testing.assert_close(log_planck_shape(large), 3 * large.log() - large)
    assert planck_shape(torch.tensor(800.0, dtype=dtype)) == 0


def test_float32_agrees_with_float64() -> None:
    """Where exp(x) - 1 keeps no digit of float32, and where exp(x) overflows it."""
    x = torch.logspace(-7, 5, 500)
    exact = x.double()
    exact = 3 * exact.log() - exact - torch.log(-torch.expm1(-exact))
    torch.testing.assert_close(log_planck_shape(x).double(), exact, rtol=1e-6, atol=2e-6)
    torch.testing.assert_close(planck_shape(x).double(), exact.exp(), rtol=1e-5, atol=1e-37)


@pytest.mark.parametrize("function", [planck_shape, log_planck_shape])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_derivative_of_planck_shape_is_finite_everywhere(
    function: Callable[[Tensor], Tensor], dtype: torch.dtype
) -> None:
    x = torch.logspace(-30, 30, 601, dtype=dtype, requires_grad=True)
    (slope,) = torch.autograd.grad(function(x).sum(), x)
    assert slope.isfinite().all()


def test_the_derivative_of_the_logarithm_of_planck_shape() -> None:
    """3/x - exp(x) / (exp(x) - 1): 2/x where x is small, -1 where it is large."""
    x = torch.logspace(-6, 6, 200, requires_grad=True)
    (slope,) = torch.autograd.grad(log_planck_shape(x).sum(), x)
    exact = x.detach().double()
    exact = 3 / exact + 1 / torch.expm1(-exact)
    torch.testing.assert_close(slope.double(), exact, rtol=1e-5, atol=1e-5)


def test_planck_shape_integrates_to_the_law_of_stefan_and_boltzmann() -> None:
    x = torch.logspace(-5, 3, 4001, dtype=torch.float64)
    integral = torch.trapezoid(planck_shape(x), x).item()
    assert integral == pytest.approx(math.pi**4 / 15, rel=1e-5)
    per_area = 2 * math.pi * BOLTZMANN_CONSTANT**4 / PLANCK_CONSTANT**3 / SPEED_OF_LIGHT**2
    assert per_area * integral == pytest.approx(5.670374419e-8, rel=1e-5)  # CODATA 2018


def test_planck_shape_has_its_maximum_where_wien_says() -> None:
    x = torch.linspace(2.5, 3.1, 6001, dtype=torch.float64)
    assert x[planck_shape(x).argmax()].item() == pytest.approx(2.821439, abs=1e-4)


def test_a_spectrum_without_noise_gives_its_temperature_back() -> None:
    energy = torch.linspace(0.5, 4.0, 20, dtype=torch.float64)
    log_T = torch.zeros((), dtype=torch.float64, requires_grad=True)
    labels = log_planck_shape(energy / 1.7)
    train(
        energy, labels, [log_T], lr=0.3, batch_size=20, num_epochs=200,
        model=lambda e, p: log_planck_shape(e / p.exp()),
    )  # fmt: skip
    assert log_T.exp().item() == pytest.approx(1.7, rel=1e-6)


@pytest.mark.parametrize("function", [planck_shape, log_planck_shape])
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (2.0, TypeError, r"^x is of type float"),
        (torch.tensor([2]), TypeError, r"^x has dtype torch.int64"),
        (torch.tensor([1.0, -1.0, 0.0]), ValueError, r"^x has 2 values .* not positive"),
        (torch.tensor([math.inf]), ValueError, r"^x has 1 values .* finite; expected photon"),
        (torch.tensor([math.nan, 1.0]), ValueError, r"^x has 1 values .* not positive"),
    ],
)
def test_planck_shape_names_bad_arguments(
    function: Callable[[Tensor], Tensor], x: Tensor, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        function(x)
