"""The numbers of the report on a class, and how its students are called, without any class."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lr_grading.class_list import Member
from lr_grading.class_results import ClassResults, MarkedWork
from lr_grading.names import Names
from lr_grading.report_numbers import CameBack, Item, checks, items, table
from lr_grading.results import ELSEWHERE, UNWRITTEN, Result

FAILED = Result("same shape", 1, 0, asked="(2, 1)", got="a tensor of shape (2,)")


def work(
    student: str, scores: dict[str, float], *results: Result, penalty: float = 0
) -> MarkedWork:
    waiting = frozenset({"a", "b", "words"} - scores.keys())
    return MarkedWork(student, scores, waiting, penalty, 0.0, {"a": list(results)}, [], {})


def results(*works: MarkedWork, members: list[Member] | None = None) -> ClassResults:
    listed = members or [Member(one.student) for one in works]
    points = {"a": 2.0, "b": 1.0, "words": 4.0}
    return ClassResults(points, frozenset({"words"}), listed, True, list(works), ["late"])


def test_a_question_in_numbers() -> None:
    """b is solved by those who have 2 points for a: 1 by all who are strong, 0 by the others."""
    works = [work(str(n), {"a": 2.0 * (n < 5), "b": 1.0 * (n < 5)}) for n in range(10)]
    first, second, words = items(results(*works), works)
    assert replace(first, discrimination=None) == Item("a", 2.0, 10, 5, 0.5, None)
    assert first.discrimination == pytest.approx(1.0)
    assert second.remark == "good"
    assert words == Item("words", 4.0, 0, 0, None, None)
    assert words.remark == "no_value"


def test_what_waits_for_some_is_in_nobodys_total() -> None:
    """Otherwise those whose words are marked would be the strong ones."""
    works = [work(str(n), {"a": 2.0 * (n % 2), "b": 1.0 * (n // 2 % 2)}) for n in range(12)]
    some = [
        replace(w, scores={**w.scores, "words": 4.0}) if n < 6 else w for n, w in enumerate(works)
    ]
    before, after = (items(results(*each), each)[0].discrimination for each in (works, some))
    assert before == after == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("value", "remark"),
    [(0.4, "good"), (0.3, "fair"), (0.2, "weak"), (0.1, "poor"), (-0.1, "negative")],
)
def test_remarks_follow_the_bounds_of_ebel_and_frisbie(value: float, remark: str) -> None:
    assert Item("a", 1, 10, 5, 0.5, value).remark == remark


def test_what_came_back_is_grouped_by_its_cause_and_without_its_numbers() -> None:
    given = [
        FAILED,
        replace(FAILED, got="a tensor of shape (3,)"),
        replace(FAILED, got="4.0", cause="twice the right value"),
        replace(FAILED, reason=UNWRITTEN),
        replace(FAILED, reason=ELSEWHERE),
        Result("same shape", 1, 1),
    ]
    (check,) = checks(results(*[work(str(n), {}, one) for n, one in enumerate(given)]))
    assert (check.failed, check.unwritten, check.elsewhere, check.passed) == (3, 1, 1, 1)
    assert check.unreached(8) == 2
    assert check.came_back() == [
        CameBack("a tensor of shape (2,)", "", 2),
        CameBack("twice the right value", "4.0", 1),
    ]


def test_two_checks_of_one_name_are_two() -> None:
    both = work("1", {}, FAILED, Result("same shape", 1, 1))
    assert [check.failed for check in checks(results(both, both))] == [2, 0]


SCORES = st.tuples(st.sampled_from([0.0, 1.0, 2.0]), st.sampled_from([0.0, 0.5, 1.0]))


@given(st.lists(SCORES, min_size=1, max_size=30), st.randoms())
def test_the_order_of_the_students_changes_no_number(
    scores: list[tuple[float, float]], random: object
) -> None:
    works = [work(str(n), {"a": a, "b": b}, FAILED) for n, (a, b) in enumerate(scores)]
    shuffled = list(works)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for one, other in zip(table(results(*works)), table(results(*shuffled)), strict=True):
        assert one.keys() == other.keys()
        for key, value in one.items():
            numeric = isinstance(value, float)
            assert other[key] == (pytest.approx(value, abs=1e-9) if numeric else value)


def test_who_is_missing_who_is_not_in_the_list_and_the_sections() -> None:
    members = [Member("1", section="A"), Member("2", section="B"), Member("3", section="B")]
    found = results(work("1", {}), work("2", {}), work("9", {}), members=members)
    assert found.missing == ["3"]
    assert found.unlisted == ["9", "late"]
    assert {name: [w.student for w in works] for name, works in found.sections().items()} == {
        "A": ["1"],
        "B": ["2"],
    }
    assert not results(work("1", {}), members=[Member("1", section="A")]).sections()


def test_a_penalty_takes_no_more_than_there_is() -> None:
    assert work("1", {"a": 2.0, "b": 1.0}, penalty=1.5).mark == 1.5
    assert work("1", {"a": 1.0}, penalty=1.5).mark == 0.0


CLASS = [Member("20231", "Ada Lovelace", "", "ada@example.edu"), Member("20232", "李雷")]


def test_students_are_called_by_their_names() -> None:
    names = Names([*CLASS, Member("id-alone")], "en", hidden=False)
    assert names.label("20231") == "Ada Lovelace (20231)"
    assert names.label("id-alone") == "id-alone"
    assert Names(CLASS, "zh", hidden=False).label("20232") == "李雷（20232）"
    assert names.masked("by Ada") == "by Ada"
    assert names.sorted(["20232", "20231"]) == ["20231", "20232"]


def test_hidden_names_are_hidden_in_what_students_wrote_too() -> None:
    names = Names(CLASS, "en", hidden=True)
    ada, li = names.label("20231"), names.label("20232")
    assert {ada, li} == {"1", "2"}
    said = names.masked("# ADA, ada@example.edu, 20231, Lovelace Ada, 作者是李雷。 adapt 202310")
    assert said == f"# {ada}, {ada}, {ada}, {ada} {ada}, 作者是{li}。 adapt 202310"
    assert names.sorted(["20231", "20232"]) == sorted(["20231", "20232"], key=names.label)


def test_hidden_names_come_in_another_order_each_time() -> None:
    members = [Member(f"{number:03}") for number in range(40)]
    orders = {
        tuple(names.label(member.id) for member in members)
        for names in (Names(members, "en", hidden=True) for _ in range(3))
    }
    assert len(orders) == 3
    assert tuple(map(str, range(1, 41))) not in orders
