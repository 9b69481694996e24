"""Mark an assignment, or look after its files.

lr-grading check ohm                  what would my notebook get?
lr-grading check ohm --edition zh     the Chinese edition
lr-grading fresh ohm                  start again; the old file is kept
lr-grading preflight FILE             would my file be read as it is?
lr-grading release                    for maintainers: make exercises/ anew
lr-grading collect ohm DOWNLOADS      for teachers: take what was handed in
lr-grading autograde ohm              for teachers: mark what was handed in
lr-grading export ohm --to canvas     for teachers: the marks as a file
lr-grading due ohm "2026-12-10 23:59" for teachers: when it has to be handed in
lr-grading report ohm                 for teachers: how did the class do?

``python -m lr_grading`` is the same command.

The exit status is 0 when the work was done, whatever the marks, 2 when it could not be.
"""

import argparse
import difflib
import io
import os
import sys
import time
import warnings
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from lr_grading.assignments import NAMES, ROOT, release_file, solution_file
from lr_grading.messages import LANGUAGES, text

PATIENCE = 5.0  # seconds without a word, where nobody watches a terminal


def main(arguments: list[str] | None = None) -> int:
    warnings.filterwarnings("ignore")  # of nbgrader's own dependencies; not for students
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no ✓
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt as interrupt:
        print(f"\n{interrupt}".rstrip(), file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lr-grading",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(run.__name__, help=about, description=run.__doc__)
        added.add_argument(
            "--edition", dest="language", choices=LANGUAGES, default="en", help="English or Chinese"
        )
        added.set_defaults(run=run)
        return added

    def assignment(parser: argparse.ArgumentParser) -> None:
        names = " ".join(NAMES)
        parser.add_argument("assignment", nargs="?", default="", metavar="ASSIGNMENT", help=names)

    assignment(command(name, "say whether there is such an assignment"))
    parser_check = command(check, "mark a notebook and say what is wrong")
    assignment(parser_check)
    parser_check.add_argument(
        "--file", type=Path, help="default: the one in this folder, else the one in exercises/"
    )
    parser_check.add_argument("--seed", type=int, help="of the hidden checks; default: a new one")
    assignment(command(fresh, "put a fresh copy in place; keep the old one"))
    parser_preflight = command(preflight, "say whether a file can be marked as it is")
    parser_preflight.add_argument("file", type=Path, help="a notebook")
    parser_release = command(release, "generate exercises/ from solutions/")
    parser_release.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="default: all")
    parser_collect = command(collect, "collect the notebooks of a class")
    assignment(parser_collect)
    parser_collect.add_argument(
        "sources", nargs="*", metavar="SOURCE", type=Path, help="a folder, a file or an archive"
    )
    answer = parser_collect.add_mutually_exclusive_group()
    answer.add_argument("--yes", action="store_true", help="collect without asking")
    answer.add_argument("--dry-run", action="store_true", help="say what would be collected")
    parser_autograde = command(autograde, "mark every submission of a class")
    assignment(parser_autograde)
    parser_autograde.add_argument(
        "--without-sandbox",
        action="store_true",
        help="run the code of students with your own rights",
    )
    parser_autograde.add_argument(
        "--workers", type=_positive, metavar="N", help="processes; default: one for each core"
    )
    parser_autograde.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask cluster that is to do the work"
    )
    parser_autograde.add_argument(
        "--again", action="store_true", help="mark also what is marked already"
    )
    parser_autograde.add_argument(
        "--yes", action="store_true", help="write changed marks of unchanged answers without asking"
    )
    parser_export = command(export, "write the marks of a class into a file")
    assignment(parser_export)
    parser_export.add_argument(
        "--to", choices=("table", "canvas", "moodle"), default="table", help="default: table"
    )
    parser_export.add_argument(
        "--template", type=Path, metavar="FILE", help="what Canvas or Moodle has exported, to fill"
    )
    parser_due = command(due, "set the time when an assignment is due")
    assignment(parser_due)
    parser_due.add_argument("time", help='for example "2026-12-10 23:59"')
    parser_due.add_argument("--zone", help="for example Asia/Shanghai; default: this machine's")
    parser_report = command(report, "write a page on how a class did")
    assignment(parser_report)
    parser_report.add_argument(
        "--without-names", action="store_true", help="numbers in a random order for the students"
    )
    return parser


def name(options: argparse.Namespace) -> int:
    """Say whether there is an assignment of this name. It needs nothing but Python."""
    _assignment(options)
    return 0


def check(options: argparse.Namespace) -> int:
    """Mark a notebook with all its checks and print a table. The notebook is only read."""
    from lr_grading.marking import mark

    name = _assignment(options)
    file, why = _notebook(name, options)
    language = _edition(file, options.language)
    say = _words(language)
    progress = _progress(say("marking", file=_shown(file)))
    marks = mark(file, name, language, seed=options.seed, progress=progress)
    print(say("marks_of", file=_shown(file), why=say(why)))
    for line in marks.findings.lines:
        print(f"  ! {line}")
    print()
    width = max(len(question.name) for question in marks.questions) + 2
    for question in marks.questions:
        if question.by_hand:
            points = say("by_hand", points=question.points)
        else:
            points = f"{question.earned:>4g} / {question.points:g}"
        print(f"{question.name:<{width}}{points}")
        for line in question.complaints:
            print(f"    {line}")
    print("─" * (width + 12))
    print(f"{say('total'):<{width}}{marks.earned:>4g} / {marks.points:g}")
    print(say("seed", seed=marks.seed) if marks.hidden else say("no_hidden"))
    return 0


def fresh(options: argparse.Namespace) -> int:
    """Put a fresh copy of an assignment in place. What you have written is kept beside it."""
    import nbformat

    from lr_grading.release import pristine, untouched

    name, language = _assignment(options), options.language
    file, say = release_file(language, name), _words(language)
    if not solution_file(language, name).exists():
        raise FileNotFoundError(say("no_fresh", name=name))
    release = pristine(language, name)
    if file.exists() and not untouched(file, release):
        kept = file.with_name(f"{name}.{datetime.now():%Y-%m-%d-%H%M%S}.saved.ipynb")
        file.rename(kept)
        print(say("kept", file=_shown(kept)))
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(release, file)
    print(say("fresh", file=_shown(file)))
    return 0


def preflight(options: argparse.Namespace) -> int:
    """Say whether a file can be marked as it is, and what would be repaired."""
    from lr_grading.recognition import recognize
    from lr_grading.release import pristine_others
    from lr_grading.repair import repair

    file = _existing(options.file, options.language)
    language = _edition(file, options.language)
    content = file.read_bytes()
    releases = pristine_others(language, "")
    name = file.stem if file.stem in NAMES else recognize(content, releases)
    if name is None:
        names = ", ".join(NAMES)
        raise RuntimeError(text(language, "not_an_assignment", file=_shown(file), names=names))
    _, findings = repair(content, releases[name], name=name, language=language, others=releases)
    for line in findings.lines or [text(language, "nothing_found")]:
        print(line)
    return 1 if findings.unanswered else 0


def release(options: argparse.Namespace) -> int:
    """Generate the releases in exercises/ from solutions/, in both languages."""
    from lr_grading.release import generate

    for language in LANGUAGES:
        for file in generate(language, options.assignments or NAMES, ROOT / "exercises" / language):
            print(_shown(file))
    return 0


def collect(options: argparse.Namespace) -> int:
    """Collect the notebooks of an assignment from what was downloaded: folders, files, archives."""
    from lr_grading.collect import collect

    name, say = _assignment(options), _words(options.language)
    if not options.sources:
        raise RuntimeError(say("which_source"))

    def agree(count: int) -> bool:
        if options.dry_run:
            return False
        if not options.yes and not sys.stdin.isatty():
            raise RuntimeError(say("say_yes"))
        return _asked(say("collect_question", count=count), yes=options.yes)

    sources = [source.expanduser() for source in options.sources]
    return collect(name, options.language, ROOT, sources, partial(print, flush=True), agree)


def autograde(options: argparse.Namespace) -> int:
    """Mark every submission of an assignment that is new or has changed."""
    from lr_grading.classroom import autograde_all

    return autograde_all(
        _assignment(options),
        options.language,
        ROOT,
        partial(print, flush=True),
        sandboxed=not options.without_sandbox,
        workers=options.workers,
        scheduler=options.scheduler,
        again=options.again,
        confirm=partial(_asked, text(options.language, "may_change"), yes=options.yes),
    )


def _asked(question: str, *, yes: bool) -> bool:
    """Ask whoever sits at the terminal; where nobody does, the answer is yes."""
    if yes or not sys.stdin.isatty():
        return True
    try:
        return input(question).strip().lower() in ("y", "yes", "是")
    except EOFError:  # Ctrl-D
        return False


def export(options: argparse.Namespace) -> int:
    """Write the marks of a class into a file: a table, or what Canvas or Moodle imports."""
    from lr_grading import exports
    from lr_grading.class_marks import marks_of_class

    name, language, say = _assignment(options), options.language, _words(options.language)
    marks = marks_of_class(name, language, ROOT)
    if not any(each.handed_in for each in marks):
        command = f"make autograde ASSIGNMENT={name} EDITION={language}"
        raise RuntimeError(say("nothing_marked", name=name, command=command))
    lost: list[str] = []
    if options.template:
        columns, rows, lost = exports.filled(options.template.expanduser(), marks, name, language)
    elif options.to == "table":
        columns, rows = exports.table(marks, language)
    else:
        columns, rows = getattr(exports, options.to)(marks, name)
    to = "filled" if options.template else options.to
    file = ROOT / "classroom" / language / "exports" / f"{name}-{to}.csv"
    exports.write(file, columns, rows, mark=to == "table")
    print(say("exported", file=_shown(file)))
    waiting = [each.student.id for each in marks if each.by_hand]
    missing = [each.student.id for each in marks if each.handed_in is None]
    for key, students in (("left_out", waiting), ("no_row", lost), ("missing_students", missing)):
        if students and (key != "left_out" or to != "table"):
            print(say(key, count=len(students), students=", ".join(students)))
    return 0


def due(options: argparse.Namespace) -> int:
    """Set the time when an assignment is due. Work that comes later may cost points."""
    from lr_grading.due_dates import in_utc, set_due

    name, language = _assignment(options), options.language
    when = in_utc(options.time, options.zone, language)
    set_due(name, when, language, ROOT)
    zone = options.zone or text(language, "zone_of_machine")
    print(
        text(language, "due", name=name, time=options.time, zone=zone, utc=f"{when:%Y-%m-%d %H:%M}")
    )
    return 0


def report(options: argparse.Namespace) -> int:
    """Write a page on how a class did, and a table of the same numbers."""
    from lr_grading.coursework import Coursework, open_class
    from lr_grading.report import write_report

    name, language = _assignment(options), options.language
    work = Coursework(open_class(language, ROOT), name, language, ROOT)
    page, table = write_report(work, without_names=options.without_names)
    print(text(language, "report_written", page=_shown(page), table=_shown(table)))
    return 0


def _positive(value: str) -> int:
    """A number of processes."""
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value} given; expected a whole number from 1 up")
    return int(value)


def _assignment(options: argparse.Namespace) -> str:
    """The assignment that was named, or an error that says which ones there are."""
    name, say, names = str(options.assignment), _words(options.language), ", ".join(NAMES)
    if name in NAMES:
        return name
    if not name:
        raise RuntimeError(say("which_assignment", names=names))
    near = difflib.get_close_matches(Path(name).stem.lower(), NAMES, n=1, cutoff=0.4)
    meant = say("did_you_mean", near=near[0]) if near else ""
    raise RuntimeError(say("no_assignment", name=name, meant=meant, names=names))


def _notebook(name: str, options: argparse.Namespace) -> tuple[Path, str]:
    """The notebook to mark, and the message that says why this one.

    A folder that nbgrader has fetched an assignment into holds ``ohm/ohm.ipynb``.
    """
    if options.file:
        return _existing(options.file, options.language), "why_named"
    for file in (Path(f"{name}.ipynb"), Path(name, f"{name}.ipynb")):
        if file.is_file():
            return file, "why_here"
    return _existing(release_file(options.language, name), options.language), "why_exercises"


def _existing(file: Path, language: str) -> Path:
    file = file.expanduser()
    if not file.is_file():
        raise FileNotFoundError(text(language, "no_notebook", file=_shown(file)))
    return file


def _edition(file: Path, asked: str) -> str:
    """The edition of a notebook; it is said if another one was asked for."""
    from lr_grading.submitted import edition_of

    language = edition_of(file.read_bytes()) or asked
    if language != asked:
        print(text(asked, "read_as_other_edition", file=_shown(file)), file=sys.stderr)
    return language


def _words(language: str) -> Callable[..., str]:
    return lambda key, **values: text(language, key, **values)


def _shown(file: Path) -> str:
    return os.path.relpath(file)


def _progress(heading: str) -> Callable[[int, int], object]:
    """Count the cells: on one line where somebody watches, elsewhere on a line now and then."""
    watched, said = sys.stderr.isatty(), -PATIENCE

    def show(done: int, total: int) -> None:
        nonlocal said
        if watched:
            end = "\r" if done < total - 1 else "\r\033[K"
            print(f"{heading}: {done + 1} / {total}", end=end, file=sys.stderr, flush=True)
        elif time.monotonic() - said >= PATIENCE:
            said = time.monotonic()
            print(f"{heading}: {done + 1} / {total}", file=sys.stderr, flush=True)

    return show


if __name__ == "__main__":
    sys.exit(main())
