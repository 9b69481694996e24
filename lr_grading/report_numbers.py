"""The numbers of the report: of the marks, of each question, of each check, and as a table."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lr_grading.class_results import ClassResults, MarkedWork
from lr_grading.item_analysis import FAIR, GOOD, POOR, Spread, discrimination, spread
from lr_grading.results import ELSEWHERE, UNWRITTEN, Result

SAME = 1e-9  # points; sums of fractions of points differ by less
DIGITS = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")
MOST_FREQUENT = 3  # of what came back


@dataclass(frozen=True)
class Item:
    """A question in numbers.

    Attributes:
        question: Its name.
        points: What it is worth.
        students: How many answers are marked.
        solved: How many of these have all points.
        mean_share: What they have of the points, on average; None where none is marked.
        discrimination: See ``lr_grading.item_analysis.discrimination``.
    """

    question: str
    points: float
    students: int
    solved: int
    mean_share: float | None
    discrimination: float | None

    @property
    def solved_share(self) -> float | None:
        return self.solved / self.students if self.students else None

    @property
    def remark(self) -> str:
        """The key of the words that say what the discrimination means."""
        if self.discrimination is None:
            return "no_value"
        if self.discrimination < 0:
            return "negative"
        bounds = {"good": GOOD, "fair": FAIR, "weak": POOR}
        return next((key for key, low in bounds.items() if self.discrimination >= low), "poor")


def items(results: ClassResults, works: Sequence[MarkedWork]) -> list[Item]:
    """The questions in numbers, for the whole class or some of it.

    Totals are of the questions that are marked for all, so that they can be compared.
    """
    for_all = [name for name in results.points if all(name in one.scores for one in works)]
    return [_item(name, results.points[name], works, for_all) for name in results.points]


def _item(name: str, points: float, works: Sequence[MarkedWork], for_all: list[str]) -> Item:
    marked = [one.scores for one in works if name in one.scores]
    scores = [each[name] for each in marked]
    totals = [sum(each[other] for other in {*for_all, name}) for each in marked]
    return Item(
        question=name,
        points=points,
        students=len(scores),
        solved=sum(score >= points - SAME for score in scores),
        mean_share=sum(scores) / len(scores) / points if scores and points else None,
        discrimination=discrimination(scores, totals),
    )


@dataclass(frozen=True)
class CameBack:
    """What several students got from a check.

    Attributes:
        what: Its likely cause, or else what came back.
        example: What came back of one of them, where ``what`` is the cause.
        count: How many students.
    """

    what: str
    example: str
    count: int


@dataclass
class CheckCount:
    """How a check went.

    Attributes:
        question: The question that it belongs to.
        name: What it asks.
        points: What it is worth.
        passed: How many students passed it.
        failures: Those that failed for a reason of the answer's.
        unwritten: How many have not written the answer.
        elsewhere: How many were stopped by an error of another question.
    """

    question: str
    name: str
    points: float
    passed: int = 0
    failures: list[Result] = field(default_factory=list)
    unwritten: int = 0
    elsewhere: int = 0

    @property
    def failed(self) -> int:
        return len(self.failures)

    def add(self, result: Result) -> None:
        if result.passed:
            self.passed += 1
        elif result.reason == UNWRITTEN:
            self.unwritten += 1
        elif result.reason == ELSEWHERE:
            self.elsewhere += 1
        else:
            self.failures.append(result)

    def unreached(self, students: int) -> int:
        """How many of the students have no result: their cell ended before."""
        return students - self.passed - self.failed - self.unwritten - self.elsewhere

    def came_back(self) -> list[CameBack]:
        """What came back most often. What differs only in its numbers counts as the same."""
        groups: dict[str, list[Result]] = {}
        for result in self.failures:
            groups.setdefault(DIGITS.sub("#", result.cause or result.got), []).append(result)
        largest = sorted(groups.values(), key=len, reverse=True)[:MOST_FREQUENT]
        return [_came_back(group) for group in largest]


def _came_back(group: list[Result]) -> CameBack:
    (got, _), *_ = Counter(result.got for result in group).most_common(1)
    (cause, _), *_ = Counter(result.cause for result in group).most_common(1)
    return CameBack(cause or got, got if cause else "", len(group))


def checks(results: ClassResults) -> list[CheckCount]:
    """How the checks went, in the order of the notebook."""
    found: dict[tuple[str, str, int], CheckCount] = {}
    for one in results.marked:
        seen: Counter[tuple[str, str]] = Counter()  # a name can come twice in a question
        for question, given in one.results.items():
            for result in given:
                seen[question, result.name] += 1
                key = (question, result.name, seen[question, result.name])
                found.setdefault(key, CheckCount(question, result.name, result.points)).add(result)
    order = {name: place for place, name in enumerate(results.points)}
    return sorted(found.values(), key=lambda check: order.get(check.question, len(order)))


SPREAD = ("mean", "lowest", "lower_quartile", "median", "upper_quartile", "highest")
COLUMNS = (
    *("level", "section", "question", "check", "points", "students", "solved", "mean_share"),
    *("discrimination", "failed", "unwritten", "elsewhere", *SPREAD),
)


def table(results: ClassResults) -> Iterator[dict[str, object]]:
    """The numbers as rows: of the assignment and its questions, in all and by section; of checks.

    What a row has no number for is missing in it. Of ``level`` there are "assignment", "question"
    and "check".
    """
    for section, works in {"": results.marked, **results.sections()}.items():
        found = spread([one.mark for one in works])
        row: dict[str, object] = {"level": "assignment", "section": section}
        yield {**row, "points": sum(results.points.values()), "students": len(works), **_of(found)}
        for item in items(results, works):
            yield {
                "level": "question",
                "section": section,
                "question": item.question,
                "points": item.points,
                "students": item.students,
                "solved": item.solved,
                "mean_share": item.mean_share,
                "discrimination": item.discrimination,
            }
    for check in checks(results):
        yield {
            "level": "check",
            "question": check.question,
            "check": check.name,
            "points": check.points,
            "students": len(results.marked),
            "solved": check.passed,
            "failed": check.failed,
            "unwritten": check.unwritten,
            "elsewhere": check.elsewhere,
        }


def _of(found: Spread | None) -> dict[str, object]:
    return {name: getattr(found, name) for name in SPREAD} if found else {}
