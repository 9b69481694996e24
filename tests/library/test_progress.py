"""The board keeps the right points, and shows them where somebody can see them."""

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
import torch
from nbclient import NotebookClient

from lr_lib import ProgressBoard, progress

matplotlib.use("agg")


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


class Shell:
    """A stand-in for the shell of a Jupyter kernel."""

    kernel = "any"

    def __init__(self) -> None:
        self.hooks: list[Any] = []
        self.events = SimpleNamespace(
            register=lambda name, hook: self.hooks.append((name, hook)),
            unregister=lambda name, hook: self.hooks.remove((name, hook)),
        )


class Display:
    """Notes what IPython would display and update."""

    def __init__(self) -> None:
        self.images: list[bytes] = []
        self.updates: list[bytes] = []

    def __call__(self, image: Any, display_id: bool) -> Any:
        assert display_id
        self.images.append(image.data)
        return SimpleNamespace(update=lambda image: self.updates.append(image.data))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell()
    monkeypatch.setattr(progress, "_shell", lambda: shell)
    return shell


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Display:
    shown = Display()
    monkeypatch.setattr("IPython.display.display", shown)
    return shown


# The points


def test_every_n_values_make_one_point() -> None:
    board = ProgressBoard(display=False)
    for x, y in ((0, 1.0), (1, 3.0), (2, 5.0)):
        board.draw(x, y, "a", every_n=2)
        board.draw(x, torch.tensor(y, requires_grad=True), "b")
    assert board.data == {"a": [(0.5, 2.0)], "b": [(0, 1.0), (1, 3.0), (2, 5.0)]}


def test_points_are_kept_as_numbers() -> None:
    board = ProgressBoard(display=False)
    for x in torch.arange(0, 1, 0.5, requires_grad=True):  # which matplotlib could not draw
        board.draw(x, x**2, "a")
    assert board.data == {"a": [(0.0, 0.0), (0.5, 0.25)]}
    assert {type(x) for x, _ in board.data["a"]} == {float}


def test_a_point_is_the_mean_by_weight() -> None:
    board = ProgressBoard(display=False)
    for y, weight in ((2.0, 3), (6.0, 1)):
        board.draw(0, y, "a", every_n=2, weight=weight)
    assert board.data["a"] == [(0.0, 3.0)]


def test_clear_forgets_points_and_values_that_wait_for_others() -> None:
    board = ProgressBoard(display=False)
    board.draw(0, 1.0, "a")
    board.draw(0, 1.0, "b", every_n=2)
    board.clear()
    board.draw(1, 5.0, "b", every_n=2)
    assert board.data == {}


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (
            ValueError,
            {"y": torch.zeros(2)},
            r"y has shape \(2,\); expected one number.*return a mean",
        ),
        (ValueError, {"x": torch.zeros(2)}, r"x has shape \(2,\); expected one number"),
        (TypeError, {"y": None}, "y is None of type NoneType; expected a number or a tensor"),
        (TypeError, {"x": "1"}, "x is '1' of type str; expected a number or a tensor"),
        (ValueError, {"every_n": 0}, "every_n is 0 of type int; expected an int, 1 or more"),
        (ValueError, {"weight": -1}, "weight is -1"),
        (ValueError, {"weight": 0}, "weight is 0; expected more"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    kind: type[Exception], arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(kind, match=message):
        ProgressBoard(display=False).draw(**{"x": 0, "y": 1.0, "label": "a", **arguments})


# Jupyter


def test_a_figure_is_displayed_once_and_updated_now_and_then(
    clock: Clock, shell: Shell, shown: Display
) -> None:
    board = ProgressBoard()
    for i in range(100):
        clock.now += 0.01
        board.draw(i, i, "a")
    assert len(shown.images) == 1
    assert 3 <= len(shown.updates) <= 5  # one second, in steps of 0.2
    board.finish()
    assert shown.updates[-1].startswith(b"\x89PNG")
    assert shell.hooks == []
    board.finish()
    assert len(shown.updates) <= 6


def test_drawing_takes_a_small_share_of_the_time(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, shell: Shell, shown: Display
) -> None:
    def slow_png(board: ProgressBoard) -> bytes:
        clock.now += 1.0
        return b"\x89PNG"

    monkeypatch.setattr(progress, "_png", slow_png)
    board, start = ProgressBoard(), clock.now
    for i in range(1000):
        clock.now += 0.1
        board.draw(i, i, "a")
    spent = len(shown.images) + len(shown.updates)
    assert 5 <= spent <= 0.12 * (clock.now - start)


def test_the_end_of_a_cell_shows_the_last_points(
    clock: Clock, shell: Shell, shown: Display
) -> None:
    board = ProgressBoard()
    board.draw(0, 0.0, "a")
    board.draw(1, 1.0, "a")  # too early for another look
    assert shown.updates == []
    ((event, hook),) = shell.hooks
    assert event == "post_run_cell"
    hook("the result of the cell")
    assert len(shown.updates) == 1
    assert shell.hooks == []


@pytest.mark.usefixtures("clock")
def test_a_later_cell_shows_its_points_at_once(shell: Shell, shown: Display) -> None:
    board = ProgressBoard()
    board.draw(0, 0.0, "a")
    board.finish()
    board.draw(1, 1.0, "a")  # soon after, and perhaps the only one of its cell
    assert len(shown.images) == 2
    assert len(shell.hooks) == 1


def test_a_figure_that_cannot_be_drawn_fails_once_and_not_after_every_later_cell(
    clock: Clock, shell: Shell, shown: Display
) -> None:
    board = ProgressBoard(xscale="logg")
    with pytest.raises(ValueError, match="logg"):
        board.draw(0, 1.0, "a")
    ((_, hook),) = shell.hooks
    with pytest.raises(ValueError, match="logg"):
        hook("the result of the cell")
    assert shell.hooks == []
    board.xscale = "linear"
    board.clear()
    clock.now += 1
    board.draw(0, 1.0, "a")
    assert len(shown.images) == 1


@pytest.mark.usefixtures("clock", "shell")
def test_nothing_is_displayed_if_not_wanted(shown: Display) -> None:
    board = ProgressBoard(display=False)
    board.draw(0, 1.0, "a")
    board.finish()
    assert shown.images == []
    assert board.fig is None


@pytest.mark.usefixtures("clock", "shell", "shown")
def test_the_figure_has_what_the_arguments_say() -> None:
    board = ProgressBoard("x", "y", (0, 4), (1, 9), "linear", "log", figsize=(4.0, 3.0))
    for x in range(3):
        board.draw(x, x + 1, "a")
        board.draw(x, x + 2, "b")
    board.finish()
    a, b = board.axes.get_lines()
    assert list(a.get_xdata()) == [0, 1, 2]
    assert list(b.get_ydata()) == [2, 3, 4]
    # Told apart without colour.
    assert a.get_marker() != b.get_marker()
    assert a.get_linestyle() != b.get_linestyle()
    assert [text.get_text() for text in board.axes.get_legend().get_texts()] == ["a", "b"]
    assert (board.axes.get_xlabel(), board.axes.get_ylabel()) == ("x", "y")
    assert (board.axes.get_xlim(), board.axes.get_ylim()) == ((0, 4), (1, 9))
    assert (board.axes.get_xscale(), board.axes.get_yscale()) == ("linear", "log")
    assert tuple(board.fig.get_size_inches()) == (4.0, 3.0)
    assert plt.get_fignums() == []  # no window, and nothing for Jupyter to show again


@pytest.mark.usefixtures("clock", "shell", "shown")
def test_the_board_draws_on_what_it_is_given() -> None:
    other = plt.figure()
    figure = plt.figure()
    board = ProgressBoard(fig=figure)
    board.draw(0, 1.0, "a")
    assert board.axes.figure is figure
    assert plt.get_fignums() == [other.number]  # Jupyter would show the given one again
    plt.close("all")

    figure, (left, right) = plt.subplots(1, 2)
    board = ProgressBoard(axes=right)
    board.draw(0, 1.0, "a")
    assert board.fig is figure
    assert (len(left.get_lines()), len(right.get_lines())) == (0, 1)
    plt.close("all")


@pytest.mark.usefixtures("clock", "shell", "shown")
def test_an_existing_figure_of_pyplot_stays_open() -> None:
    other = plt.figure()
    ProgressBoard().draw(0, 1.0, "a")
    assert plt.get_fignums() == [other.number]
    plt.close("all")


def test_an_executed_notebook_stores_one_figure_in_its_last_state() -> None:
    draw = """if True:
        import time
        from lr_lib import ProgressBoard
        board = ProgressBoard("x")
        for i in range(4):
            board.draw(i, i, "a")
            time.sleep(0.15)
        board.draw(9, 9, "a")
    """
    ask = "board.axes.get_lines()[0].get_xdata().tolist()"
    cells = [nbformat.v4.new_code_cell(source) for source in (draw, ask)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "display_data"
    assert "image/png" in output.data
    assert notebook.cells[1].outputs[0].data["text/plain"] == "[0.0, 1.0, 2.0, 3.0, 9.0]"


# Elsewhere


class Bar:
    """A stand-in for tqdm's."""

    made: "list[Bar]"

    def __init__(self, **settings: Any) -> None:
        self.settings, self.n, self.closed = settings, 0, False
        self.postfix: dict[str, str] = {}
        Bar.made.append(self)

    def set_postfix(self, values: dict[str, str]) -> None:
        self.postfix = values

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("xlim", [None, (0, 5)])
def test_a_terminal_gets_a_bar(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, xlim: tuple[int, int] | None
) -> None:
    Bar.made = []
    monkeypatch.setattr("tqdm.tqdm", Bar)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    board = ProgressBoard("epoch", xlim=xlim)
    board.draw(1, 0.25, "a")
    board.draw(2, 0.125, "b")
    (bar,) = Bar.made
    assert (bar.n, bar.postfix) == (1, {"a": "0.25"})
    board.finish()
    assert (bar.n, bar.postfix, bar.closed) == (2, {"a": "0.25", "b": "0.125"}, True)
    assert bar.settings.get("total") == (xlim and 5)


def test_a_real_bar_can_be_drawn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    for xlim in (None, (0, 2)):
        board = ProgressBoard("epoch", xlim=xlim)
        board.draw(2, 0.125, "loss")
        board.finish()
    text = capsys.readouterr().err
    assert "epoch 2.0, loss=0.125" in text
    assert "epoch 2.0 of 2.0 |" in text


def test_a_script_says_nothing_and_loads_no_matplotlib() -> None:
    code = """if True:
        import sys
        import lr_lib
        board = lr_lib.ProgressBoard()
        board.draw(0, 1.0, "a")
        board.finish()
        print("matplotlib" in sys.modules, "IPython" in sys.modules)
    """
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True
    )
    assert (run.stdout, run.stderr) == ("False False\n", "")


def test_the_shell_is_that_of_ipython_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: "a shell"))
    assert progress._shell() == "a shell"
    monkeypatch.delitem(sys.modules, "IPython")
    assert progress._shell() is None
