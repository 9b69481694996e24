"""Lint the prose of the course: by proselint in English, by rules of our own in both languages.

    python -m tools.prose                      everything
    python -m tools.prose book/en/sgd.ipynb    these files

Prose is what a reader reads: paragraphs, headings, captions, alternative text, questions and
answers. Code, formulas and the options of directives are left out.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from proselint.checks import __register__ as proselint_checks
from proselint.config import DEFAULT
from proselint.registry import CheckRegistry
from proselint.registry.checks import Check
from proselint.registry.checks.engine import Fancy
from proselint.registry.checks.types import Existence, Padding
from proselint.tools import LintFile

from lr_grading.assignments import ROOT
from tools.prose_rules import CHINESE, ENGLISH

SOURCES = {
    "en": (
        "README.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "book/en/*.*",
        "solutions/en/*/*.ipynb",
    ),
    "zh": ("README.zh.md", "book/zh/*.*", "solutions/zh/*/*.ipynb"),
}
BOTH = "book/quizzes/*.yml"
# Directives whose text is code, or something else that is no prose.
NO_PROSE = {"code-block", "code", "math", "quiz", "reference", "bibliography"}
SHOWN = {"figure", "image"}  # directives that are given the name of what they show
# Rules of proselint that do not fit a course with formulas and code.
OFF = {"typography": False, "dates_times": False, "restricted": False}


class Passage(NamedTuple):
    """A piece of prose, without markup, and where it is."""

    place: str
    text: str


def passages(path: Path, language: str) -> Iterator[Passage]:
    """The prose of a notebook, of a page or of the questions of a chapter, in one language."""
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
    if path.suffix == ".ipynb":
        for cell in nbformat.read(path, as_version=4).cells:
            for text in _texts_of_cell(cell):
                yield Passage(f"{name}, cell {cell.id}", text)
    elif path.suffix == ".yml":
        for question in yaml.safe_load(path.read_text("utf8")):
            for source in _strings(question, language):
                for text in readable(source):
                    yield Passage(f"{name}, question {question['id']}", text)
    else:
        for text in readable(path.read_text("utf8")):
            yield Passage(name, text)


def _texts_of_cell(cell: Any) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield from readable(cell.source)
    settings = cell.metadata.get("mystnb", {})
    for source in (
        settings.get("figure", {}).get("caption", ""),
        settings.get("image", {}).get("alt", ""),
    ):
        yield from readable(source)


def _strings(part: Any, language: str) -> Iterator[str]:
    """All texts of one language below a part of a quiz."""
    if isinstance(part, list):
        for item in part:
            yield from _strings(item, language)
    elif isinstance(part, dict):
        if isinstance(part.get(language), str):
            yield part[language]
        for item in part.values():
            yield from _strings(item, language)


@cache
def _parser() -> MarkdownIt:
    extensions = {"amsmath", "attrs_block", "colon_fence", "deflist", "dollarmath"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)


def readable(markdown: str) -> list[str]:
    """The prose of a piece of Markdown, a string for each paragraph, heading or cell of a table."""
    found = []
    for token in _parser().parse(markdown):
        if token.type == "inline":
            found.append(_sentence(token))
        elif token.type in ("fence", "colon_fence"):
            found += _directive(token)
    return [text for text in found if text.strip()]


def _sentence(inline: Token) -> str:
    parts: list[str] = []
    for token in inline.children or []:
        if token.type in ("text", "image"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "myst_role" and token.meta["name"] == "term":
            parts.append(token.content.split("<")[0].strip())
        elif token.type in ("code_inline", "math_inline", "myst_role"):
            parts.append(f"X{len(parts)}")  # no two are the same: nothing is said twice
    return "".join(parts)


def _directive(fence: Token) -> list[str]:
    match = re.match(r"\{([\w-]+)\}\s*(.*)", fence.info)
    if match is None or match[1] in NO_PROSE:
        return []
    title, options, body = match[2], [], fence.content.split("\n")
    if match[1] in SHOWN:
        title = ""
    while body and body[0].startswith(":"):
        options.append(body.pop(0))
    alt = [line.removeprefix(":alt:") for line in options if line.startswith(":alt:")]
    return [text for source in (title, *alt, "\n".join(body)) for text in readable(source)]


@cache
def rules(language: str) -> list[Check]:
    """The course's own rules of a language, as checks of proselint."""
    patterns = ENGLISH if language == "en" else CHINESE
    return [
        Check(
            check_type=Existence((pattern,), Padding.RAW),
            engine=Fancy(),
            path=f"course.{language}",
            message=advice,
        )
        for pattern, advice in patterns.items()
    ]


def lint(passage: Passage, language: str) -> list[str]:
    """What is wrong with a passage, a line for each fault."""
    content = LintFile(passage.place, passage.text)
    checks = rules(language) + (_stock_checks() if language == "en" else [])
    faults = []
    for check in checks:
        for result in check.check_with_flags(content.content):
            words = content.content[slice(*result.span)].strip()
            faults.append(f"{passage.place}: “{words}”. {result.message}")
    return faults


@cache
def _stock_checks() -> list[Check]:
    registry = CheckRegistry()
    if not registry.checks:
        registry.register_many(proselint_checks)
    enabled: list[Check] = registry.get_all_enabled(DEFAULT["checks"] | OFF)
    return enabled


def files(language: str) -> list[Path]:
    """All files with prose in a language; questions have both."""
    found = [path for pattern in (*SOURCES[language], BOTH) for path in ROOT.glob(pattern)]
    return sorted(path for path in found if path.suffix in (".md", ".ipynb", ".yml"))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, help="default: all prose of the course")
    asked = [path.resolve() for path in parser.parse_args().files]
    missing = [path for path in asked if not path.is_file()]
    if missing:
        parser.error(f"no such file: {', '.join(map(str, missing))}")
    faults, known = [], set()
    for language in SOURCES:
        for path in files(language):
            known.add(path)
            if asked and path not in asked:
                continue
            for passage in passages(path, language):
                faults += lint(passage, language)
    if unknown := set(asked) - known:
        parser.error(f"no prose of the course: {', '.join(map(str, unknown))}")
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
