"""Mark an assignment, or look after its files.

python -m lr_grading check ohm                  what would my notebook get?
python -m lr_grading check ohm --language zh    the Chinese edition
python -m lr_grading fresh ohm                  start again; the old file is kept
python -m lr_grading preflight FILE             would my file be read as it is?
python -m lr_grading release                    for maintainers: make exercises/ anew
python -m lr_grading autograde ohm              for teachers: mark what was handed in
"""

import argparse
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from lr_grading.assignments import NAMES, ROOT, release_file
from lr_grading.messages import LANGUAGES, text


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
        print(f"{options.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lr_grading",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        name = run.__name__
        added = commands.add_parser(name, help=about, description=run.__doc__)
        added.add_argument("--language", choices=LANGUAGES, default="en", help="the edition")
        added.set_defaults(run=run)
        return added

    def assignment(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("assignment", choices=NAMES, metavar="ASSIGNMENT", help=" ".join(NAMES))

    parser_check = command(check, "mark a notebook and say what is wrong")
    assignment(parser_check)
    parser_check.add_argument("--file", type=Path, help="default: the one in exercises/")
    parser_check.add_argument("--seed", type=int, help="of the hidden checks; default: a new one")
    assignment(command(fresh, "put a fresh copy in place; keep the old one"))
    parser_preflight = command(preflight, "say whether a file can be marked as it is")
    parser_preflight.add_argument("file", type=Path, help="a notebook, named as its assignment")
    parser_release = command(release, "generate exercises/ from solutions/")
    parser_release.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="default: all")
    assignment(command(autograde, "mark every submission of a class"))
    return parser


def check(options: argparse.Namespace) -> int:
    """Mark a notebook with all its checks and print a table. The notebook is only read."""
    from lr_grading.marking import mark

    name, language = options.assignment, options.language
    file = options.file or release_file(language, name)
    if not file.is_file():
        raise FileNotFoundError(f"there is no notebook {file}; name another one with --file")
    marks = mark(file, name, language, seed=options.seed, progress=_progress())
    say = _words(language)
    print(say("marks_of", file=_shown(file)))
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
    """Put a fresh copy of an assignment in place. Your file is kept, under another name."""
    from lr_grading.release import generate

    name, language = options.assignment, options.language
    file = release_file(language, name)
    say = _words(language)
    with tempfile.TemporaryDirectory() as folder:
        (made,) = generate(language, [name], Path(folder))
        new = made.read_bytes()
    if file.exists():
        kept = file.with_name(f"{name}.{datetime.now():%Y-%m-%d-%H%M%S}.saved.ipynb")
        file.rename(kept)
        print(say("kept", file=_shown(kept)))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(new)
    print(say("fresh", file=_shown(file)))
    return 0


def preflight(options: argparse.Namespace) -> int:
    """Say whether a file can be marked as it is, and what would be repaired."""
    from lr_grading.preflight import repair
    from lr_grading.release import pristine, pristine_others

    name, language = options.file.stem, options.language
    if name not in NAMES:
        raise FileNotFoundError(
            f"{options.file} is not named as an assignment; expected one of: {', '.join(NAMES)}"
        )
    if not options.file.is_file():
        raise FileNotFoundError(f"there is no file {options.file}")
    others = pristine_others(language, name)
    release = pristine(language, name)
    _, findings = repair(
        options.file.read_bytes(), release, name=name, language=language, others=others
    )
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


def autograde(options: argparse.Namespace) -> int:
    """Mark every submission of an assignment with nbgrader, one after another."""
    from lr_grading.classroom import autograde_all

    return autograde_all(options.assignment, options.language, ROOT, print)


def _words(language: str) -> Callable[..., str]:
    return lambda key, **values: text(language, key, **values)


def _shown(file: Path) -> str:
    return os.path.relpath(file)


def _progress() -> Callable[[int, int], object] | None:
    """A line that counts the cells, where somebody watches."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        end = "\r" if done < total - 1 else "\r\033[K"
        print(f"  {done + 1} / {total}", end=end, file=sys.stderr, flush=True)

    return show


if __name__ == "__main__":
    sys.exit(main())
