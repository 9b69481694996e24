"""The plots of the report, as SVG inside its page, drawn at the width of a phone."""

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from markupsafe import Markup, escape
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

WIDTH = 4.4  # inches; a phone shows it in its own size
COLOR, LINE = "#9dbfe0", "#1b1b1b"
# Text stays text: it is read, found and printed in the fonts of the page.
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "lr_grading",  # the same numbers make the same page
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def histogram(
    marks: Sequence[float], points: float, x_label: str, y_label: str, alt: str
) -> Markup:
    """How many students have how many points, with a dashed line at the median.

    Args:
        marks: The points of each student.
        points: All that can be had.
        x_label: What the points are called.
        y_label: What the students are called.
        alt: What the plot shows, in words.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 2.6), layout="constrained")
        axes = figure.subplots()
        edges = np.linspace(0, points, 11).tolist()
        axes.hist(marks, bins=edges, color=COLOR, edgecolor=LINE, linewidth=0.8)
        axes.axvline(float(np.median(marks)), color=LINE, linestyle="--")
        axes.set(xlabel=x_label, ylabel=y_label, xlim=(0, points), xticks=edges[::2])
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        return _inline(figure, "marks", alt)


def bars(values: Mapping[str, float | None], form: str, label: str, alt: str, name: str) -> Markup:
    """A bar for each question; where there is no value, no bar.

    Args:
        values: The values by question, from -1 to 1.
        form: How a value is written.
        label: What the values are.
        alt: What the plot shows, in words.
        name: That of the plot, which is unlike those of the others in its page.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 0.7 + 0.3 * len(values)), layout="constrained")
        axes = figure.subplots()
        widths = [value or 0.0 for value in values.values()]
        axes.barh(list(values), widths, color=COLOR, edgecolor=LINE, linewidth=0.8, height=0.6)
        for place, value in enumerate(values.values()):
            if value is not None:
                # Beside the bar, on the side that is always free.
                axes.text(max(value, 0) + 0.03, place, form.format(value), va="center")
        axes.axvline(0, color=LINE, linewidth=0.8)
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: form.format(value)))
        low = -1.0 if min(widths) < 0 else 0.0
        axes.set(xlabel=label, xticks=np.linspace(low, 1, 5), xlim=(low, 1.2))
        return _inline(figure, name, alt)


def _inline(figure: Figure, name: str, alt: str) -> Markup:
    """A figure as an element of a page: it takes the width that there is."""
    file = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of glyphs that matplotlib's own font lacks
        figure.savefig(file, format="svg", metadata={"Date": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)  # each id once in a page
    svg = re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
    start = f'<svg role="img" aria-label="{escape(alt)}" '
    return Markup(start + svg.removeprefix("<svg "))
