"""The report on a class: one page that needs nothing else, and a table of the same numbers.

What students wrote is shown as text alone: the template escapes it, and the page's policy lets
nothing run or load.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from lr_grading.class_list import FILE, Member
from lr_grading.class_results import ClassResults, MarkedWork, read_class_results
from lr_grading.coursework import Coursework
from lr_grading.execute import course_notebook
from lr_grading.item_analysis import FEWEST, chance, spread
from lr_grading.messages import text
from lr_grading.names import Names
from lr_grading.release import pristine
from lr_grading.report_numbers import COLUMNS, CheckCount, Item, checks, items, table
from lr_grading.report_plots import bars, histogram
from lr_grading.report_words import word
from lr_grading.similarity import Alike, Pair, similar
from lr_grading.spreadsheet import no_formula
from lr_grading.terminal import one_line

FOLDER = "reports"  # of a class
MOST_CHECKS, MOST_PAIRS = 12, 20  # that the page shows
LONGEST = 300  # characters of what came back


def write_report(work: Coursework, *, without_names: bool = False) -> tuple[Path, Path]:
    """Write the report on an assignment of a class.

    Args:
        work: The assignment of the class.
        without_names: Whether students are numbers in a random order.

    Returns:
        The page and the table; what was there is replaced.

    Raises:
        RuntimeError: Nothing is marked yet, or the list of the class cannot be read.
    """
    results = read_class_results(work)
    people = [*results.members, *map(Member, results.unlisted)]
    names = Names(people, work.language, hidden=without_names)
    page = work.home / FOLDER / f"{work.name}.html"
    page.parent.mkdir(exist_ok=True)
    page.write_text(_Page(work, results, names, nameless=without_names).html(), encoding="utf8")
    numbers = page.with_suffix(".csv")
    _write_table(numbers, results, work.language)
    return page, numbers


def _write_table(file: Path, results: ClassResults, language: str) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(word(language, f"column_{name}") for name in COLUMNS)
        for row in table(results):
            shown = {**row, "level": word(language, f"level_{row['level']}")}
            writer.writerow(no_formula(_rounded(shown.get(name))) for name in COLUMNS)


def _rounded(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value


class _Page:
    """The page, part by part."""

    def __init__(
        self, work: Coursework, results: ClassResults, names: Names, *, nameless: bool
    ) -> None:
        self._work, self._results, self._names = work, results, names
        self._nameless = nameless
        self._say: Callable[..., str] = partial(word, work.language)
        self._marked = {one.student: one for one in results.marked}

    def html(self) -> str:
        environment = Environment(
            loader=PackageLoader("lr_grading"), autoescape=True, undefined=StrictUndefined
        )
        results, say = self._results, self._say
        count = len(results.marked)
        found = items(results, results.marked)
        sections = results.sections()
        pairs = self._similar()
        return environment.get_template("report.html").render(
            say=say,
            percent=_percent,
            tongue="zh-CN" if self._work.language == "zh" else "en",
            name=self._work.name,
            time=f"{datetime.now():%Y-%m-%d %H:%M}",
            nameless=self._nameless,
            handing_in=list(self._handing_in()),
            listed=results.listed,
            list_file=f"classroom/{self._work.language}/{FILE}",
            marks_said=self._marks_said(),
            waiting=any(one.waiting for one in results.marked),
            histogram=self._histogram(),
            items=found,
            count=count,
            chance=chance(count) if count >= FEWEST else None,
            fewest=FEWEST,
            plots=list(self._plots(found)),
            failing=list(self._failing()),
            repairs=list(self._repairs()),
            suspicions=list(self._suspicions()),
            sections=list(sections),
            section_rows=list(self._section_rows(sections)),
            pairs=list(map(self._shown, pairs[:MOST_PAIRS])),
            pair_count=len(pairs),
        )

    def _people(self, students: Iterable[str]) -> str:
        labels = map(self._names.label, self._names.sorted(students))
        return self._say("comma").join(labels)

    def _handing_in(self) -> Iterator[tuple[str, str]]:
        """Titles, and what is said of each: numbers, then who."""
        results, say = self._results, self._say
        late = [one.student for one in results.marked if one.seconds_late > 0]
        waiting = {
            name: sum(name in one.waiting for one in results.marked) for name in results.points
        }
        comma = say("comma")
        if results.listed:
            yield "in_list", str(len(results.members))
        yield "handed_in", str(len(results.marked) + len(results.unmarked))
        if results.listed:
            yield "missing", self._counted(results.missing, self._people(results.missing))
        yield "late", self._counted(late, comma.join(map(self._late, self._names.sorted(late))))
        if results.listed and results.unlisted:
            yield "unlisted", self._counted(results.unlisted, self._people(results.unlisted))
        if results.unmarked:
            yield "unmarked", self._counted(results.unmarked, self._people(results.unmarked))
        by_hand = [say("waiting", question=q, count=n) for q, n in waiting.items() if n]
        yield "by_hand", comma.join(by_hand) or say("nobody")

    def _counted(self, students: Sequence[str], who: str) -> str:
        return self._say("counted", count=len(students), who=who) if who else self._say("nobody")

    def _late(self, student: str) -> str:
        one, say = self._marked[student], self._say
        hours, minutes = divmod(int(one.seconds_late) // 60, 60)
        if hours >= 24:
            time = say("days", days=hours // 24, hours=hours % 24)
        else:
            time = say("minutes", hours=hours, minutes=minutes)
        said = say("late_by", student=self._names.label(student), time=time)
        return said + (say("penalty", points=one.penalty) if one.penalty else "")

    def _marks_said(self) -> str:
        found = spread([one.mark for one in self._results.marked])
        points = sum(self._results.points.values())
        return self._say("marks_said", points=points, **vars(found))

    def _histogram(self) -> Any:
        say = self._say
        return histogram(
            [one.mark for one in self._results.marked],
            sum(self._results.points.values()),
            say("axis_points"),
            say("axis_students"),
            say("histogram", said=self._marks_said()),
        )

    def _plots(self, found: list[Item]) -> Iterator[Any]:
        """A plot of each number that a question has."""
        for key, form in (("mean_share", "{:.0%}"), ("discrimination", "{:.2f}")):
            values: dict[str, float | None] = {item.question: getattr(item, key) for item in found}
            if all(value is None for value in values.values()):
                continue
            said = self._say("comma").join(
                f"{question} {'–' if value is None else form.format(value)}"
                for question, value in values.items()
            )
            alt = self._say(f"bars_{key.removeprefix('mean_')}", values=said)
            yield bars(values, form, self._say(key), alt, key)

    def _failing(self) -> Iterator[dict[str, Any]]:
        students = len(self._results.marked)
        failing = [check for check in checks(self._results) if check.failures]
        for check in sorted(failing, key=lambda check: -check.failed)[:MOST_CHECKS]:
            came_back = [
                {
                    "what": self._shortened(came.what),
                    "example": self._shortened(came.example),
                    "count": came.count,
                }
                for came in check.came_back()
            ]
            said = self._said_of(check, students)
            yield {
                "question": check.question,
                "name": check.name,
                "said": said,
                "came_back": came_back,
            }

    def _said_of(self, check: CheckCount, students: int) -> str:
        apart = {
            "unwritten": check.unwritten,
            "elsewhere": check.elsewhere,
            "unreached": check.unreached(students),
        }
        said = [self._say("failed", count=check.failed, all=students)]
        said += [self._say(key, count=count) for key, count in apart.items() if count]
        return self._say("clause").join(said)

    def _shortened(self, said: str) -> str:
        said = one_line(self._names.masked(said))
        return said if len(said) <= LONGEST else said[:LONGEST] + "…"

    def _repairs(self) -> Iterator[dict[str, Any]]:
        """What the pre-flight check found, by its messages, the most frequent first."""
        kinds: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for student in self._names.sorted(self._marked):
            for noted in self._marked[student].noted:
                if noted["message"] != "suspicious":
                    kinds.setdefault(noted["message"], []).append((student, noted))
        for message, found in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
            questions: dict[str, list[str]] = {}
            for student, noted in found:
                questions.setdefault(student, []).extend(filter(None, [noted.get("name")]))
            who = [
                self._labelled(student, list(dict.fromkeys(names)))
                for student, names in questions.items()
            ]
            yield {
                "what": self._shortened(self._in_common(message, [noted for _, noted in found])),
                "count": len(found),
                "students": self._say("comma").join(who),
            }

    def _labelled(self, student: str, questions: list[str]) -> str:
        label = self._names.label(student)
        if not questions or questions == [self._work.name]:
            return label
        return self._say("labelled", name=label, id=self._say("comma").join(questions))

    def _in_common(self, message: str, found: list[dict[str, Any]]) -> str:
        """A message with the values that all have in common, and … for the others."""
        values = {
            key: value if all(noted[key] == value for noted in found) else "…"
            for key, value in found[0].items()
            if key != "message"
        }
        said = re.sub("^…[:：] *", "", text(self._work.language, message, **values))
        return said[:1].upper() + said[1:]

    def _suspicions(self) -> Iterator[dict[str, str]]:
        for student in self._names.sorted(self._marked):
            for noted in self._marked[student].noted:
                if noted["message"] == "suspicious":
                    line = self._shortened(noted["line"])
                    yield {
                        "student": self._names.label(student),
                        "question": noted["question"],
                        "line": line,
                        "what": self._shortened(noted["what"]),
                    }

    def _section_rows(
        self, sections: dict[str, list[MarkedWork]]
    ) -> Iterator[tuple[str, list[str]]]:
        """A row of the table of sections: its title, and a cell for each section."""
        say = self._say
        spreads = [spread([one.mark for one in works]) for works in sections.values()]
        yield say("marked_count"), [str(len(works)) for works in sections.values()]
        yield say("median"), [f"{each.median:.1f}" if each else "–" for each in spreads]
        yield (
            say("quartiles"),
            [
                say("between", low=each.lower_quartile, high=each.upper_quartile) if each else "–"
                for each in spreads
            ],
        )
        by_section = [items(self._results, works) for works in sections.values()]
        for same in zip(*by_section):
            title = say("solved_of", question=same[0].question)
            yield title, [_percent(item.solved_share) for item in same]

    def _similar(self) -> list[Pair]:
        work = self._work
        answers = {
            student: self._marked[student].answers for student in self._names.sorted(self._marked)
        }
        release = pristine(work.language, work.name, work.root)
        return similar(answers, release, course_notebook(work.language, work.name, work.root))

    def _shown(self, pair: Pair) -> dict[str, Any]:
        return {
            "students": [self._names.label(student) for student in pair.students],
            "share": pair.share,
            "answers": [
                {
                    "question": answer.question,
                    "share": answer.share,
                    "sides": [
                        (self._names.label(student), list(self._source(student, answer, side)))
                        for side, student in enumerate(pair.students)
                    ],
                }
                for answer in pair.answers
            ],
        }

    def _source(self, student: str, answer: Alike, side: int) -> Iterator[tuple[bool, str]]:
        """The lines of an answer, each with whether it is alike."""
        source = self._names.masked(self._marked[student].answers[answer.question])
        for number, line in enumerate(source.split("\n")):
            yield number in answer.marked[side], one_line(line.expandtabs())


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
