"""Collect what a class has handed in, as platforms, shared drives and mail leave it.

What is to be done is planned and said first. Then the notebooks are laid where nbgrader expects
them, each with the time of its file. What was collected before is replaced only by what is newer
or has more in it, and is kept in ``set-aside``.
"""

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from lr_grading.choice import State, state
from lr_grading.class_list import Member, members_of
from lr_grading.coursework import Coursework, open_class
from lr_grading.file_names import AssignmentName, copy_number, notebook_stem
from lr_grading.found_files import Found, Places, contents, plain_files, read_start, shown
from lr_grading.intake import (
    TIMESTAMP,
    move_aside,
    refuse_links,
    set_modified,
    time_of,
    write_time,
)
from lr_grading.messages import text
from lr_grading.owner import NobodysError, Owner, Roster, owner
from lr_grading.recognition import recognize
from lr_grading.release import pristine_editions, pristine_others
from lr_grading.terminal import one_line

CLOSED_ARCHIVES = (".rar", ".7z")  # which Python does not open
NAMED = 10  # files that are no notebooks, of all that there are


def collect(
    name: str,
    language: str,
    root: Path,
    sources: list[Path],
    say: Callable[[str], object],
    agree: Callable[[int], bool],
) -> int:
    """Collect the notebooks of an assignment from files, folders and archives.

    Args:
        name: The assignment.
        language: The language of the class, "en" or "zh".
        root: The folder that holds ``classroom``.
        sources: Files, folders and archives.
        say: Takes a line of the report.
        agree: Is asked, after the plan was said, whether so many notebooks are to be collected.

    Returns:
        0 if what was agreed on is done, 1 if some notebook could not be laid in its place.

    Raises:
        FileNotFoundError: There is no such file or folder, or no notebook of the assignment in it.
        RuntimeError: The list of the class cannot be read.
    """
    for source in sources:
        if not source.exists():
            raise FileNotFoundError(text(language, "no_such_source", file=source))
    work = Coursework(open_class(language, root), name, language, root)
    with tempfile.TemporaryDirectory() as scratch:
        plan = make_plan(work, sources, Path(scratch))
        for line in plan.lines():
            say(line)
        if not plan.candidates:
            raise FileNotFoundError(text(language, "no_notebooks", name=name))
        if not plan.chosen:
            return 0
        if not agree(len(plan.chosen)):
            say(text(language, "nothing_collected"))
            return 0
        return _carry_out(plan, say)


@dataclass(frozen=True)
class Candidate:
    """A notebook that somebody has handed in.

    Attributes:
        owner: Whose it is.
        where: Where it was found.
        time: When it was last changed, in UTC.
        state: How much of the assignment is in it.
        copy: The number of the copy or attempt in its name.
        file: What is in it, in a folder for the time of the command.
    """

    owner: Owner
    where: str
    time: datetime
    state: State
    copy: int
    file: Path

    @property
    def rank(self) -> tuple[State, datetime, int, str]:
        """Of several, the highest counts. The place decides where nothing else does."""
        return self.state, self.time, self.copy, self.where

    def is_same(self, file: Path) -> bool:
        return self.file.read_bytes() == file.read_bytes()


@dataclass
class Plan:
    """What is to be done.

    Attributes:
        work: The assignment of the class.
        candidates: All notebooks whose owner is known.
        chosen: Those that are to be collected, in the order of the students.
        replaced: By student: when what was collected before was handed in.
        same: The students whose notebook was collected before.
        skipped: What is not collected, and why.
        others: Where the files are that are no notebooks.
        missing: Those of the list who have handed in nothing.
        listed: How many students are in the list.
    """

    work: Coursework
    candidates: list[Candidate] = field(default_factory=list)
    chosen: list[Candidate] = field(default_factory=list)
    replaced: dict[str, datetime] = field(default_factory=dict)
    same: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    missing: list[Member] = field(default_factory=list)
    listed: int = 0

    def skip(self, where: str, why: str, **values: object) -> None:
        said = {key: one_line(str(value)) for key, value in values.items()}
        self.skipped.append((where, text(self.work.language, why, **said)))

    def lines(self) -> Iterator[str]:
        """The plan, for the teacher to read."""
        say = partial(text, self.work.language)
        yield say("to_collect", name=self.work.name, count=len(self.chosen))
        for candidate in self.chosen:
            student, why = candidate.owner.student, candidate.owner.why
            yield f"  {student}  {_local(candidate.time)}  {one_line(candidate.where)}"
            before = self.replaced.get(student)
            yield f"      {why}" + (say("replaces", time=_local(before)) if before else "")
        if self.same:
            yield say("collected_already", count=len(self.same))
        for where, reason in sorted(self.skipped):
            yield say("skipped", file=one_line(where), reason=reason)
        if self.others:
            named = [one_line(other) for other in sorted(self.others)[:NAMED]]
            more = ["…"] if len(self.others) > NAMED else []
            yield say("no_notebook_files", count=len(self.others), names=", ".join(named + more))
        if self.missing:
            names = ", ".join(_named(member) for member in self.missing)
            yield say("nothing_from", count=len(self.missing), total=self.listed, names=names)


def _local(time: datetime) -> str:
    return f"{time.astimezone():%Y-%m-%d %H:%M}"


def _named(member: Member) -> str:
    return f"{member.id} ({one_line(member.name)})" if member.name else member.id


def make_plan(work: Coursework, sources: list[Path], scratch: Path) -> Plan:
    """Find the notebooks, and decide which are to be collected.

    Args:
        work: The assignment of the class.
        sources: Files, folders and archives.
        scratch: An empty folder, which takes what is found.
    """
    plan = Plan(work)
    members = members_of(work.home, work.language)
    roster = None if members is None else Roster(members)
    releases = pristine_editions(work.language, work.name, work.root)
    for found in _found(plan, sources):
        _consider(plan, found, roster, releases, scratch)
    _choose(plan, releases)
    handed_in = {*work.students(), *(candidate.owner.student for candidate in plan.chosen)}
    plan.missing = [member for member in members or [] if member.id not in handed_in]
    plan.listed = len(members or [])
    return plan


def _found(plan: Plan, sources: list[Path]) -> Iterator[Found]:
    """The notebooks of all sources, with their places from the folder that has all sources."""

    def wanted(places: Places) -> bool:
        notebook = notebook_stem(places[-1].name) is not None
        if places[-1].suffix.lower() in CLOSED_ARCHIVES:
            plan.skip(shown(places), "closed_archive")
        elif not notebook:
            plan.others.append(shown(places))
        return notebook

    base = _base(sources)
    for source in sources:
        start = PurePosixPath(source.absolute().relative_to(base).as_posix())
        for place in plain_files(base, start, plan.skip) if source.is_dir() else [start]:
            yield from contents(base / place, place, wanted, plan.skip)


def _base(sources: list[Path]) -> Path:
    """The one source if it is a folder, else the folder that all sources lie in."""
    if len(sources) == 1 and sources[0].is_dir():
        return sources[0].absolute()
    return Path(os.path.commonpath([source.absolute().parent for source in sources]))


def _consider(
    plan: Plan, found: Found, roster: Roster | None, releases: list[NotebookNode], scratch: Path
) -> None:
    """Make a candidate of a notebook, or say why it is none."""
    work, name = plan.work, AssignmentName(plan.work.name)
    file_name = found.places[-1].name
    stem, known = notebook_stem(file_name) or "", state(found.content, releases)
    named = name.is_in(stem) and ".ipynb" in file_name.lower()
    if known is State.OTHER and not named:
        others = pristine_others(work.language, work.name, work.root)
        other = recognize(found.content, others)
        why = "not_of_assignment" if other is None else "of_other_assignment"
        plan.skip(found.where, why, name=work.name, other=other)
        return
    try:
        whose = owner(found.places, name, roster, work.language)
    except NobodysError as error:
        plan.skipped.append((found.where, str(error)))
        return
    file = scratch / str(len(plan.candidates))
    file.write_bytes(found.content)
    copy = copy_number(stem)
    plan.candidates.append(Candidate(whose, found.where, found.time, known, copy, file))


def _choose(plan: Plan, releases: list[NotebookNode]) -> None:
    """Of several notebooks of a student, choose the one that counts."""
    by_student = defaultdict(list)
    for candidate in plan.candidates:
        by_student[candidate.owner.student].append(candidate)
    for student, candidates in sorted(by_student.items()):
        best, *rest = sorted(candidates, key=lambda candidate: candidate.rank, reverse=True)
        if _several_accounts(candidates):
            for candidate in candidates:
                name = plan.work.name
                plan.skip(candidate.where, "several_accounts", student=student, name=name)
            continue
        for candidate in rest:
            same = candidate.is_same(best.file)
            why = "same_notebook" if same else _why_not(candidate, best.state)
            plan.skip(candidate.where, why, taken=best.where)
        _compare_with_collected(plan, best, releases)


def _several_accounts(candidates: list[Candidate]) -> bool:
    """Whether a platform has several students of this name."""
    accounts = sorted({candidate.owner.account for candidate in candidates} - {("", "")})
    return any(len(list(same)) > 1 for _, same in groupby(accounts, key=lambda account: account[0]))


def _why_not(candidate: Candidate, better: State) -> str:
    if candidate.state >= better:
        return "older_notebook"
    return "untouched_notebook" if candidate.state is State.UNTOUCHED else "other_notebook"


def _compare_with_collected(plan: Plan, best: Candidate, releases: list[NotebookNode]) -> None:
    """Take a notebook unless the one that was collected before is as good."""
    work, student = plan.work, best.owner.student
    folder = work.submitted(student)
    before = folder / f"{work.name}.ipynb"
    if not before.is_file() or before.is_symlink():
        plan.chosen.append(best)
        return
    if best.is_same(before):
        plan.same.append(student)
        return
    known, time = state(read_start(before), releases), time_of(folder, before)
    if (best.state, best.time) > (known, time):
        plan.chosen.append(best)
        plan.replaced[student] = time
    else:
        taken = text(work.language, "collected_before", time=_local(time))
        plan.skip(best.where, _why_not(best, known), taken=taken)


def _carry_out(plan: Plan, say: Callable[[str], object]) -> int:
    """Lay the chosen notebooks in their places. One that fails does not stop the others."""
    language, done = plan.work.language, 0
    for candidate in plan.chosen:
        try:
            _lay(plan.work, candidate)
            done += 1
        except OSError as error:
            say(text(language, "skipped", file=one_line(candidate.where), reason=error))
    say(text(language, "collected", count=done, folder=plan.work.home / "submitted"))
    return 0 if done == len(plan.chosen) else 1


def _lay(work: Coursework, candidate: Candidate) -> None:
    folder = work.submitted(candidate.owner.student)
    refuse_links(folder, work.language)
    folder.mkdir(parents=True, exist_ok=True)
    notebook, new = folder / f"{work.name}.ipynb", folder / f".{work.name}.new"
    new.unlink(missing_ok=True)  # a link of this name would be followed
    shutil.copyfile(candidate.file, new)
    aside = work.set_aside(candidate.owner.student)
    for old in (notebook, folder / TIMESTAMP):
        if old.exists() or old.is_symlink():
            move_aside(old.name, folder, aside)
    new.rename(notebook)
    set_modified(notebook, candidate.time)
    write_time(folder, candidate.time)
