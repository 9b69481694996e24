"""A board that draws curves while they are being computed.

Where it draws depends on where the program runs. In Jupyter it is one figure, updated in
place. In a terminal it is a progress bar with the latest values. Elsewhere, as in a script
whose output goes to a file, it shows nothing. Matplotlib, IPython and tqdm are imported only
where they are needed. The name and the arguments are those of the library of Zhang, Lipton,
Li and Smola, *Dive into Deep Learning* (2023).
"""

import io
import sys
import time
from collections.abc import Sequence
from itertools import cycle
from typing import Annotated, Any

from lr_lib.arguments import NotNegative, PositiveWhole, checked, kind, shape
from lr_lib.language import either

MARKERS = ("o", "s", "^", "D")
SECONDS_BETWEEN = 0.2  # fast enough to watch
SHARE_OF_TIME = 0.1  # of the run at most, for drawing


def _one_number(name: str, value: Any) -> None:
    if not (isinstance(value, (int, float)) or hasattr(value, "item")):
        raise TypeError(
            either(
                f"{name} is {kind(value)}; expected a number or a tensor with one element.",
                f"{name}为{kind(value)}，应为一个数或只有一个元素的张量。",
            )
        )
    if getattr(value, "numel", lambda: 1)() != 1:
        raise ValueError(
            either(
                f"{name} has shape {shape(value)}; expected one number, such as a mean.",
                f"{name}的形状为{shape(value)}，应为一个数，例如平均值。",
            )
        )


def _one_loss(name: str, value: Any) -> None:
    try:
        _one_number(name, value)
    except (TypeError, ValueError) as error:
        cure = either(
            " If it is the loss of a model, let loss(self, y_hat, y) return a mean.",
            "如果它是模型的损失，请让loss(self, y_hat, y)返回平均值。",
        )
        raise type(error)(f"{error}{cure}") from None


def _not_zero(name: str, value: float) -> None:
    if value == 0:
        raise ValueError(
            either(
                f"{name} is 0; expected more, such as the number of examples of a batch. A batch "
                "without examples has no mean.",
                f"{name}为0，应大于0，例如小批量的样本数。没有样本的小批量没有平均值。",
            )
        )


class ProgressBoard:
    """Curves that get a point with each call of ``draw``.

    ``data`` holds the points of each curve: a list of pairs (x, y) for each label.

    Args:
        xlabel: Label of the horizontal axis.
        ylabel: Label of the vertical axis.
        xlim: Lower and upper end of the horizontal axis. The progress bar of a terminal
            also ends at the upper one.
        ylim: Lower and upper end of the vertical axis.
        xscale: "linear" or "log".
        yscale: "linear" or "log".
        ls: Line styles of the curves, in the order in which they appear.
        colors: Colors of the curves, in the same order.
        fig: A figure to draw on; a new one by default.
        axes: Axes to draw on; those of ``fig`` by default.
        figsize: Width and height of a new figure, in inches.
        display: Whether to show anything. The points are kept either way.
    """

    def __init__(
        self,
        xlabel: str | None = None,
        ylabel: str | None = None,
        xlim: Sequence[float] | None = None,
        ylim: Sequence[float] | None = None,
        xscale: str = "linear",
        yscale: str = "linear",
        ls: Sequence[str] = ("-", "--", "-.", ":"),
        colors: Sequence[str] = ("C0", "C1", "C2", "C3"),
        fig: Any = None,
        axes: Any = None,
        figsize: tuple[float, float] = (6.0, 3.8),
        display: bool = True,
    ) -> None:
        self.xlabel, self.ylabel, self.xlim, self.ylim = xlabel, ylabel, xlim, ylim
        self.xscale, self.yscale, self.ls, self.colors = xscale, yscale, ls, colors
        self.fig, self.axes, self.figsize, self.display = fig, axes, figsize, display
        self._screen: _Figure | _Bar | None = None
        self.clear()

    @checked()
    def draw(
        self,
        x: Annotated[Any, _one_number],
        y: Annotated[Any, _one_loss],
        label: str,
        every_n: PositiveWhole = 1,
        weight: Annotated[NotNegative, _not_zero] = 1,
    ) -> None:
        """Add a value to a curve, and show it unless the display was updated just before.

        Args:
            x: Where the value belongs, a number or a tensor with one element.
            y: The value, a number or a tensor with one element.
            label: The name of the curve.
            every_n: How many values make one point, which is their mean.
            weight: How much this value counts in that mean, such as the number of examples
                from which it comes.

        Raises:
            TypeError: ``x`` or ``y`` is neither a number nor a tensor.
            ValueError: ``x`` or ``y`` has more than one element, or ``every_n`` or ``weight``
                is out of range.
        """
        waiting = self._waiting.setdefault(label, [])
        # Of a tensor, without its record.
        x, y = (value.item() if hasattr(value, "item") else value for value in (x, y))
        waiting.append((x, float(y), weight))
        if len(waiting) < every_n:
            return
        total = sum(weight for _, _, weight in waiting)
        mean_y = sum(y * weight for _, y, weight in waiting) / total
        mean_x = sum(x for x, _, _ in waiting) / len(waiting)
        waiting.clear()
        self.data.setdefault(label, []).append((mean_x, mean_y))
        if self.display:
            self._show()

    def clear(self) -> None:
        """Delete the points, for a new run."""
        self.finish()
        self.data: dict[str, list[tuple[float, float]]] = {}
        self._waiting: dict[str, list[tuple[float, float, float]]] = {}

    def finish(self) -> None:
        """Show the last points, and leave the display as it is from then on."""
        screen, self._screen, self._next_look = self._screen, None, 0.0
        if screen is None:
            return
        try:
            screen.show()
        finally:  # what cannot be drawn must not come back after every later cell
            screen.close()

    def _show(self) -> None:
        start = time.monotonic()
        if start < self._next_look:
            return
        if self._screen is None:
            self._screen = _screen(self)
        if self._screen is not None:
            self._screen.show()
        now = time.monotonic()
        self._next_look = now + max(SECONDS_BETWEEN, (now - start) / SHARE_OF_TIME)


def _screen(board: ProgressBoard) -> "_Figure | _Bar | None":
    """Return what shows the curves where the program runs, or None."""
    shell = _shell()
    if hasattr(shell, "kernel"):
        return _Figure(board, shell)
    if sys.stderr.isatty():
        return _Bar(board)
    return None


def _shell() -> Any:
    """Return the shell of IPython that runs this program, or None."""
    IPython = sys.modules.get("IPython")  # without it, no shell of it runs
    return IPython.get_ipython() if IPython is not None else None


class _Figure:
    """One figure in the output of a cell, updated in place."""

    def __init__(self, board: ProgressBoard, shell: Any) -> None:
        self.board, self.shell, self.handle = board, shell, None
        # The cell ends before the program can know that no point follows.
        shell.events.register("post_run_cell", self.end_of_cell)
        if board.fig is not None and "matplotlib.pyplot" in sys.modules:
            # A figure of the caller's, made with pyplot, would be shown a second time.
            sys.modules["matplotlib.pyplot"].close(board.fig)

    def end_of_cell(self, *_: Any) -> None:
        self.board.finish()

    def show(self) -> None:
        from IPython.display import Image, display

        image = Image(_png(self.board))
        if self.handle is None:
            self.handle = display(image, display_id=True)
        else:
            self.handle.update(image)

    def close(self) -> None:
        self.shell.events.unregister("post_run_cell", self.end_of_cell)


class _Bar:
    """A progress bar in a terminal, with the latest value of each curve."""

    def __init__(self, board: ProgressBoard) -> None:
        from tqdm import tqdm

        self.board = board
        if board.xlim is None:
            self.bar = tqdm(desc=board.xlabel, bar_format="{desc} {n:.1f}{postfix}")
        else:
            form = either(
                "{desc} {n:.1f} of {total:.1f} |{bar:20}| {remaining} left{postfix}",
                "{desc} {n:.1f}/{total:.1f} |{bar:20}| 剩余{remaining}{postfix}",
            )
            self.bar = tqdm(total=board.xlim[1], desc=board.xlabel, bar_format=form)

    def show(self) -> None:
        latest = {label: points[-1] for label, points in self.board.data.items()}
        self.bar.n = max(x for x, _ in latest.values())
        self.bar.set_postfix({label: f"{y:.3g}" for label, (_, y) in latest.items()})

    def close(self) -> None:
        self.bar.close()


def _png(board: ProgressBoard) -> bytes:
    """Draw the curves of a board, each with its own line style, marker and color."""
    from matplotlib.figure import Figure

    if board.axes is None:
        # Not by pyplot, which would open a window, or show the figure once more.
        board.fig = board.fig or Figure(figsize=board.figsize)
        board.axes = board.fig.gca()
    board.fig, axes = board.axes.figure, board.axes
    axes.clear()
    styles = zip(cycle(board.ls), cycle(board.colors), cycle(MARKERS))
    for (label, points), (line, color, marker) in zip(board.data.items(), styles):
        often = max(1, len(points) // 20)  # more markers than that would hide the line
        look = {"linestyle": line, "color": color, "marker": marker, "markevery": often}
        axes.plot(*zip(*points), label=label, **look)
    axes.set(xscale=board.xscale, yscale=board.yscale, xlim=board.xlim, ylim=board.ylim)
    axes.set(xlabel=board.xlabel or "", ylabel=board.ylabel or "")
    axes.legend()
    file = io.BytesIO()
    board.fig.savefig(file, format="png")
    return file.getvalue()
