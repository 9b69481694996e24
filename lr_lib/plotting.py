"""The plots that several chapters share. Importing this module needs matplotlib.

Every helper draws on the axes it is given, or on a new figure, and returns the
axes. Curves differ in marker and line style as well as in color.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from lr_lib.functional import squared_loss

MARKERS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", "-.", ":")


def loss_curve(
    losses: Mapping[str, Sequence[float]],
    *,
    floor: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw mean losses by epoch on a logarithmic scale.

    Args:
        losses: For each label of the legend, the losses from epoch 0 on.
        floor: The loss that the noise alone would leave, drawn as a dotted line.
        ax: Axes to draw on; new ones by default.
    """
    ax = ax or plt.subplots()[1]
    for (label, values), marker, line in zip(losses.items(), cycle(MARKERS), cycle(LINES)):
        ax.plot(range(len(values)), values, marker=marker, linestyle=line, label=label)
    if floor is not None:
        ax.axhline(floor, color="black", linestyle=":", label="noise floor")
    ax.set(xlabel="epoch", ylabel="mean loss", yscale="log")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    ax.legend()
    return ax


def loss_surface(
    features: Tensor,
    labels: Tensor,
    b: float,
    *,
    w1: tuple[float, float],
    w2: tuple[float, float],
    paths: Mapping[str, Tensor] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the mean squared loss over two weights as contours, with paths on it.

    Args:
        features: Shape (n, 2).
        labels: Shape (n, 1).
        b: The bias, the same all over the plot.
        w1: Lower and upper end of the axis of the first weight.
        w2: Lower and upper end of the axis of the second weight.
        paths: For each label of the legend, the weights step by step, shape (steps, 2);
            an open circle marks where a path starts.
        ax: Axes to draw on; new ones by default.
    """

    def mean_loss(w_1: Tensor, w_2: Tensor) -> Tensor:
        weights = torch.stack([w_1.ravel(), w_2.ravel()]).to(features)
        predictions = features @ weights + b
        losses = squared_loss(predictions, labels.expand_as(predictions))
        return losses.mean(0).reshape(w_1.shape)

    ax = contours(mean_loss, w1, w2, paths=paths, ax=ax)
    ax.set(xlabel="$w_1$", ylabel="$w_2$")
    return ax


def contours(
    height: Callable[[Tensor, Tensor], Tensor],
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    paths: Mapping[str, Tensor] | None = None,
    num_levels: int = 12,
    ax: Axes | None = None,
) -> Axes:
    """Draw a positive function of two numbers as contours at logarithmic levels, with paths.

    Args:
        height: Called once with two tensors of shape (81, 81), all points of a grid;
            returns the heights there in the same shape.
        x: Lower and upper end of the horizontal axis.
        y: Lower and upper end of the vertical axis.
        paths: For each label of the legend, points step by step, shape (steps, 2); an
            open circle marks where a path starts.
        num_levels: How many contours to draw.
        ax: Axes to draw on; new ones by default.
    """
    ax = ax or plt.subplots(figsize=(5.4, 4.6))[1]
    grid_x, grid_y = torch.linspace(*x, 81), torch.linspace(*y, 81)
    with torch.no_grad():
        heights = height(*torch.meshgrid(grid_x, grid_y, indexing="xy")).cpu()
    highest = heights.max()
    lowest = heights.min().clamp(min=highest * 1e-4)  # without noise the lowest point is at 0
    levels = torch.logspace(lowest.log10(), highest.log10(), num_levels)
    heights = heights.clamp(min=torch.finfo(heights.dtype).tiny)  # log 0 is infinite
    lines = ax.contour(grid_x, grid_y, heights, levels, norm=LogNorm(), cmap="cividis_r")
    # Around the lowest point there is no room for labels.
    ax.clabel(lines, levels[3::2].tolist(), fontsize=8, fmt="%.2g", colors="0.2")
    for (label, path), marker, line in zip((paths or {}).items(), cycle(MARKERS), cycle(LINES)):
        steps = path.detach().cpu()
        (drawn,) = ax.plot(*steps.T, marker=marker, markersize=3, linestyle=line, label=label)
        ax.plot(*steps[0], marker="o", markersize=9, fillstyle="none", color=drawn.get_color())
    ax.set(xlim=x, ylim=y)
    if paths:
        ax.legend()
    return ax
