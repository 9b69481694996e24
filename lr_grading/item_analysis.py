"""What the marks of a class say about its questions: pure functions, as item analysis has them.

Ebel, R. L., and Frisbie, D. A. (1991), Essentials of Educational Measurement, 5th ed.,
Prentice Hall, chapter 13. Scores come as lists with one value for each student.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 10  # students; with fewer, chance alone gives a correlation of 0.6 and more
POOR, FAIR, GOOD = 0.20, 0.30, 0.40  # Ebel and Frisbie's bounds
QUARTERS = (0, 25, 50, 75, 100)  # percent
SAME = 1e-9  # points; sums of fractions of points differ by less


@dataclass(frozen=True)
class Spread:
    """How values are distributed; quartiles are interpolated linearly."""

    count: int
    mean: float
    lowest: float
    lower_quartile: float
    median: float
    upper_quartile: float
    highest: float


def spread(values: Sequence[float]) -> Spread | None:
    """How values are distributed; None where there are none."""
    if not values:
        return None
    return Spread(len(values), float(np.mean(values)), *map(float, np.percentile(values, QUARTERS)))


def discrimination(scores: Sequence[float], totals: Sequence[float]) -> float | None:
    """The corrected item-total correlation: how well a question separates strong from weak.

    Pearson's correlation of the scores with the totals of all other questions. Where a question is
    right or wrong, without points between, it is the point-biserial correlation.

    Args:
        scores: The points for the question.
        totals: The points for all questions, this one among them.

    Returns:
        From -1 to 1. None for fewer than ``FEWEST`` students, and where all have the same score
        or the same rest: then there is nothing to separate.

    Raises:
        ValueError: The lists differ in length.
    """
    if len(scores) != len(totals):
        raise ValueError(
            f"there are {len(scores)} scores and {len(totals)} totals; expected one of each "
            "for every student."
        )
    if len(scores) < FEWEST:
        return None
    item = np.asarray(scores, dtype=float)
    rest = np.asarray(totals, dtype=float) - item
    if np.ptp(item) < SAME or np.ptp(rest) < SAME:
        return None
    return float(np.corrcoef(item, rest)[0, 1])


def chance(count: int) -> float:
    """The size that the correlation of unrelated scores exceeds in 5 of 100 classes, about.

    The standard error of a correlation of zero is 1/√(n - 1).
    """
    return 1.96 / math.sqrt(count - 1)
