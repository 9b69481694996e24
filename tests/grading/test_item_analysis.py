"""Item analysis against values computed by hand, by numpy's own routines, and by its properties."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lr_grading.item_analysis import FEWEST, Spread, chance, discrimination, spread

POINTS = st.integers(0, 5).map(float)
CLASSES = st.lists(st.tuples(POINTS, st.integers(0, 40).map(float)), min_size=FEWEST, max_size=40)


def test_a_spread_by_hand() -> None:
    assert spread([4.0, 1.0, 2.0, 3.0]) == Spread(4, 2.5, 1.0, 1.75, 2.5, 3.25, 4.0)
    assert spread([7.0]) == Spread(1, 7.0, 7.0, 7.0, 7.0, 7.0, 7.0)
    assert spread([]) is None


def test_a_point_biserial_correlation_by_hand() -> None:
    """r = (M₁ - M₀) / s · √(p q): five solved it with rests 6 to 10, five did not, with 1 to 5."""
    rests = [float(rest) for rest in range(1, 11)]
    scores = [0.0] * 5 + [1.0] * 5
    totals = [rest + score for rest, score in zip(rests, scores)]
    by_hand = (8 - 3) / math.sqrt(8.25) * math.sqrt(0.5 * 0.5)
    assert discrimination(scores, totals) == pytest.approx(by_hand)


def test_the_question_itself_is_no_part_of_the_rest() -> None:
    """With the question in the total, even an unrelated one would seem to separate."""
    scores = [0.0, 5.0] * 10
    rests = [float(place // 2 % 2) for place in range(20)]
    totals = [rest + score for rest, score in zip(rests, scores)]
    assert discrimination(scores, totals) == pytest.approx(0.0)
    assert np.corrcoef(scores, totals)[0, 1] > 0.9


@given(CLASSES)
def test_it_is_the_correlation_with_the_rest(scored: list[tuple[float, float]]) -> None:
    scores, rests = [score for score, _ in scored], [rest for _, rest in scored]
    found = discrimination(scores, [score + rest for score, rest in scored])
    if len(set(scores)) == 1 or len(set(rests)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(np.corrcoef(scores, rests)[0, 1])


@given(CLASSES, st.randoms())
def test_the_order_of_the_students_changes_nothing(
    scored: list[tuple[float, float]], random: object
) -> None:
    shuffled = list(scored)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    before, after = (
        discrimination([score for score, _ in each], [score + rest for score, rest in each])
        for each in (scored, shuffled)
    )
    assert after == (None if before is None else pytest.approx(before, abs=1e-9))
    assert spread([rest for _, rest in shuffled]) == spread(sorted(rest for _, rest in scored))


@given(st.lists(st.integers(0, 40).map(float), min_size=FEWEST), POINTS)
def test_a_question_that_all_answer_alike_separates_nobody(
    rests: list[float], score: float
) -> None:
    assert discrimination([score] * len(rests), [rest + score for rest in rests]) is None


def test_a_small_class_has_no_number() -> None:
    scores = [0.0, 1.0] * FEWEST
    totals = [2 * score for score in scores]
    assert discrimination(scores[: FEWEST - 1], totals[: FEWEST - 1]) is None
    assert discrimination(scores[:FEWEST], totals[:FEWEST]) == pytest.approx(1.0)


def test_lists_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="10 scores and 9 totals"):
        discrimination([1.0] * 10, [1.0] * 9)


def test_unrelated_scores_exceed_the_bound_of_chance_in_5_of_100_classes() -> None:
    random = np.random.default_rng(1)
    scores, rests = random.random((2, 2000, 30))
    found = [np.corrcoef(one, other)[0, 1] for one, other in zip(scores, rests)]
    assert np.mean(np.abs(found) > chance(30)) == pytest.approx(0.05, abs=0.015)
