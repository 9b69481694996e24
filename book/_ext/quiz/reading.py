"""Reading the quizzes: one file of ``book/quizzes`` for each chapter, both languages in it.

``schema.json`` beside them says what a quiz is, to editors, too. Here its ``description``
of a part becomes the error message, and what a schema cannot say is checked.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from reprlib import repr as short
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError
from places import BOOK
from sphinx.errors import ExtensionError

QUIZZES = BOOK / "quizzes"
SCHEMA = Draft202012Validator(
    json.loads((QUIZZES / "schema.json").read_text("utf8"))
)
KINDS = ("choose", "number", "order")
# What an entry of these lists is called.
ENTRIES = {"choose": "option", "wrong": "wrong number", "order": "item"}

Question = dict[str, Any]


def read_quizzes(folder: Path, chapters: set[str]) -> dict[str, list[Question]]:
    """Read the quizzes of the chapters.

    Args:
        folder: Where their files are.
        chapters: The names that a file may have, without ``.yml``.

    Returns:
        The questions of each chapter that has a quiz.

    Raises:
        ExtensionError: Something is wrong with a file. The message lists all of it.
    """
    quizzes, errors = {}, []
    for file in sorted(folder.glob("*.yml")):
        if file.stem not in chapters:
            errors.append(f"{file.name}: expected the name of a chapter")
        try:
            quizzes[file.stem] = yaml.safe_load(file.read_text("utf8"))
        except yaml.YAMLError as error:
            errors.append(f"{file.name}: this is not YAML: {error}")
            continue
        errors += [f"{file.name}: {e}" for e in problems(quizzes[file.stem])]
    if errors:
        raise ExtensionError(f"in {folder}:\n" + "\n".join(errors))
    return quizzes


def kind_of(question: Question) -> str:
    return next(kind for kind in KINDS if kind in question)


def problems(content: Any) -> list[str]:
    """Say what is wrong with the content of a file; a well-formed one is looked at closer."""
    found = [
        place(content, error.absolute_path) + problem
        for error in SCHEMA.iter_errors(content)
        for problem in problems_of(error)
    ]
    return list(dict.fromkeys(found)) or list(problems_of_quiz(content))


# What the schema says


def place(content: Any, path: Sequence[str | int]) -> str:
    """Where a problem is, such as ``an-order: item 2, next, en: ``."""
    if not path:
        return ""
    number, *way = path
    question, parts = content[number], list[str]()
    for step in way:
        if isinstance(step, int):
            parts = [f"{ENTRIES[parts[-1]]} {step + 1}"]
        else:
            parts.append(step)
    name = question.get("id") if isinstance(question, dict) else None
    named = name if isinstance(name, str) else f"question {int(number) + 1}"
    return f"{named}: {', '.join(parts)}: " if parts else f"{named}: "


def problems_of(error: ValidationError) -> Iterator[str]:
    given, asked = error.instance, error.validator_value
    if error.validator == "required":
        yield from (f"{key} is missing" for key in asked if key not in given)
    elif error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in given.keys() - known.keys():
            yield f"unknown key {key!r}; expected {', '.join(sorted(known))}"
    else:
        yield f"expected {error.schema['description']}; got {got(error)}"


def got(error: ValidationError) -> str:
    """What was given, as far as it matters."""
    given = error.instance
    if error.validator == "oneOf" and isinstance(given, dict):
        return " and ".join(kind for kind in KINDS if kind in given) or "none"
    if error.validator in {"contains", "maxContains"}:
        options = [option for option in given if isinstance(option, dict)]
        return str(sum("right" in option for option in options))
    if error.validator == "not":
        found = re.search(error.validator_value["pattern"], given)
        assert found
        return repr(found.group())
    return short(given)


# What it cannot say


def problems_of_quiz(questions: list[Question]) -> Iterator[str]:
    names = [question["id"] for question in questions]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name}: there are two of this id; expected a unique one"
    checks = {"number": problems_of_number, "order": problems_of_order}
    for question in questions:
        if check := checks.get(kind_of(question)):
            yield from (f"{question['id']}: {p}" for p in check(question))


def problems_of_number(question: Question) -> Iterator[str]:
    number = question["number"]
    values = [number["value"], *(wrong["value"] for wrong in number["wrong"])]
    for place, value in enumerate(values):
        for earlier in values[:place]:
            if abs(value - earlier) <= number["tolerance"]:
                yield (
                    f"wrong: {value} is within the tolerance of {earlier}; "
                    "expected numbers that can be told apart"
                )


def problems_of_order(question: Question) -> Iterator[str]:
    *items, last = question["order"]
    for place, item in enumerate(items, 1):
        if "next" not in item:
            yield f"item {place}: next is missing"
    if "next" in last:
        yield f"item {len(items) + 1}: unknown key 'next'; expected text"
