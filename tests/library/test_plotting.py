"""The shared plots draw the numbers they are given."""

from collections.abc import Iterator
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.axes import Axes

from lr_lib import plotting, synthetic_data

matplotlib.use("agg")


# Matplotlib's own types for what was drawn are too wide to look into.


def lines(ax: Axes) -> list[Any]:
    return list(ax.get_lines())


def contours_of(ax: Axes) -> Any:
    return next(drawn for drawn in ax.collections if hasattr(drawn, "levels"))


def legend(ax: Axes) -> list[str]:
    shown = ax.get_legend()
    assert shown
    return [text.get_text() for text in shown.get_texts()]


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_loss_curve_draws_each_record_and_the_floor() -> None:
    ax = plotting.loss_curve({"a": [8, 4, 2], "b": [8, 1]}, floor=0.5)
    a, b, floor = lines(ax)
    assert list(a.get_xdata()) == [0, 1, 2]
    assert list(a.get_ydata()) == [8, 4, 2]
    assert list(b.get_ydata()) == [8, 1]
    assert floor.get_ydata()[0] == 0.5
    assert ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "mean loss")
    assert legend(ax) == ["a", "b", "noise floor"]
    # Told apart without colour.
    assert a.get_marker() != b.get_marker()
    assert a.get_linestyle() != b.get_linestyle()


def test_loss_curve_uses_the_axes_it_is_given() -> None:
    ax = plt.subplots()[1]
    assert plotting.loss_curve({"a": [1.0]}, ax=ax) is ax
    assert len(ax.get_lines()) == 1


@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_loss_surface_has_its_lowest_contour_around_the_solution(
    dtype: torch.dtype, noise: float
) -> None:
    w = torch.tensor([2, -3], dtype=dtype)
    X, y = synthetic_data(w, 4.2, 500, noise=noise, generator=torch.Generator().manual_seed(0))
    ax = plotting.loss_surface(X, y, 4.2, w1=(0, 4), w2=(-5, -1))
    contours = contours_of(ax)
    drawn = [path for path in contours.get_paths() if len(path.vertices)]
    center = drawn[0].vertices.mean(0)
    assert np.abs(center - np.array([2, -3])).max() < 0.15
    assert ax.get_legend() is None
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$w_1$", "$w_2$")
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 4), (-5, -1))
    # Each level is the mean loss where it is drawn: compared at one vertex of each.
    levels = [lv for lv, path in zip(contours.levels, contours.get_paths()) if len(path.vertices)]
    for level, path in list(zip(levels, drawn))[-3:]:
        weights = torch.tensor(path.vertices[0], dtype=dtype)
        loss = ((X @ weights + 4.2 - y.ravel()) ** 2 / 2).mean().item()
        assert loss == pytest.approx(level, rel=0.02)


def test_loss_surface_draws_paths_from_their_start() -> None:
    X, y = synthetic_data(torch.tensor([2.0, -3.0]), 0, 50)
    ax = plt.subplots()[1]
    steps = torch.tensor([[0.0, 0.0], [1.0, -1.0]], requires_grad=True)
    assert plotting.loss_surface(X, y, 0, w1=(-1, 4), w2=(-5, 1), paths={"gd": steps}, ax=ax) is ax
    two = plotting.loss_surface(X, y, 0, w1=(-1, 4), w2=(-5, 1), paths={"a": steps, "b": steps})
    first, _, second, _ = lines(two)
    # Told apart without colour.
    assert first.get_marker() != second.get_marker()
    assert first.get_linestyle() != second.get_linestyle()
    path, start = lines(ax)
    assert path.get_xydata().tolist() == [[0, 0], [1, -1]]
    assert start.get_xydata().tolist() == [[0, 0]]
    assert legend(ax)[0] == "gd"


def test_contours_lie_where_the_function_has_their_heights() -> None:
    def height(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        assert x.shape == y.shape == (81, 81)
        return 1 + (x - 1) ** 2 + 4 * (y - 2) ** 2

    ax = plotting.contours(height, (-2, 4), (0, 3), num_levels=6)
    drawn = contours_of(ax)
    assert len(drawn.levels) == 6
    assert (ax.get_xlim(), ax.get_ylim()) == ((-2, 4), (0, 3))
    for level, path in list(zip(drawn.levels, drawn.get_paths()))[1:-1]:
        x, y = torch.as_tensor(path.vertices[0])
        assert 1 + (x - 1) ** 2 + 4 * (y - 2) ** 2 == pytest.approx(level, rel=0.02)
