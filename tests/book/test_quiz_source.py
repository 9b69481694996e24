"""The quizzes "Check yourself" of the chapters: their source, and what is wrong with one."""

import copy
import functools
import json
import operator
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from quiz import add_section
from quiz.directive import shuffled
from quiz.reading import SCHEMA, kind_of, read_quizzes
from quiz.words import WORDS
from sphinx.errors import ExtensionError

from tests.book.test_parity import MISTAKES
from tests.course import (
    BOOK,
    CHAPTERS,
    EDITIONS,
    code_cells,
    files,
    notebook,
    numbers,
    output_text,
)

QUIZZES = read_quizzes(BOOK / "quizzes", set(CHAPTERS))
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


def texts(part: object, language: str) -> Iterator[str]:
    """All texts of a question in one language."""
    if isinstance(part, dict) and language in part:
        yield part[language]
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from texts(inner, language)


# The source. That both languages and all explanations are there, read_quizzes() has checked.


@every_chapter
def test_every_chapter_has_six_questions_of_more_than_one_kind(chapter: str) -> None:
    kinds = [kind_of(question) for question in QUIZZES[chapter]]
    assert len(kinds) == 6
    assert len(set(kinds)) > 1


@every_chapter
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_question_asks_to_read_a_plot_and_another_one_an_output(
    chapter: str, edition: str
) -> None:
    asked = [question["ask"][edition] for question in QUIZZES[chapter]]
    assert any("{numref}`fig-" in text for text in asked)
    printed = set().union(*(numbers(output_text(cell)) for cell in code_cells(edition, chapter)))
    quoting = [text for text in asked if re.search("print|打印|输出|显示", text)]
    assert any(x for text in quoting for x in numbers(text) & printed if x != int(x))


@every_chapter
def test_both_languages_name_the_same_code(chapter: str) -> None:
    for question in QUIZZES[chapter]:
        english, chinese = (
            set(re.findall("`[^`]+`", " ".join(texts(question, language))))
            for language in ("en", "zh")
        )
        assert english == chinese, question["id"]


@every_chapter
def test_the_chinese_is_set_as_in_the_chapters(chapter: str) -> None:
    for text in texts(QUIZZES[chapter], "zh"):
        assert not [name for name, mistake in MISTAKES.items() if re.search(mistake, text)], text


@pytest.mark.parametrize("count", [3, 4, 5, 6])
def test_an_order_is_never_shown_as_it_should_be(count: int) -> None:
    for name in range(200):
        places = shuffled({"id": f"question-{name}", "order": ["item"] * count})
        assert sorted(places) == list(range(count))
        assert places != sorted(places)


# What is wrong with a source is said


def both(text: str = "text") -> dict[str, str]:
    return {"en": text, "zh": text}


VALID = [
    {
        "id": "a-choice",
        "ask": both(),
        "choose": [
            {"text": both(), "why": both()},
            {"text": both(), "why": both(), "right": True},
            {"text": both(), "why": both()},
        ],
    },
    {
        "id": "a-number",
        "ask": both(),
        "number": {
            "value": 4.5,
            "tolerance": 0.1,
            "why": both(),
            "wrong": [{"value": 9, "why": both()}, {"value": 3, "why": both()}],
            "otherwise": both(),
        },
    },
    {
        "id": "an-order",
        "ask": both(),
        "order": [
            {"text": both(), "next": both()},
            {"text": both(), "next": both()},
            {"text": both()},
        ],
        "why": both(),
    },
]


def read(folder: Path, content: object) -> None:
    (folder / "sgd.yml").write_text(yaml.safe_dump(content), "utf8")
    read_quizzes(folder, {"sgd"})


def test_editors_find_the_schema() -> None:
    SCHEMA.check_schema(SCHEMA.schema)
    for file in files(BOOK / "quizzes", "*.yml"):
        assert file.read_text("utf8").startswith("# yaml-language-server: $schema=schema.json\n")


def test_a_source_without_mistakes_is_read(tmp_path: Path) -> None:
    read(tmp_path, VALID)


GONE = object()
BROKEN = [
    ([0, "hint"], both(), "a-choice: unknown key 'hint'; expected ask, choose, id"),
    ([0, "ask"], GONE, "a-choice: ask is missing"),
    ([0, "ask", "zh"], GONE, "a-choice: ask: zh is missing"),
    ([0, "ask", "fr"], "texte", "a-choice: ask: unknown key 'fr'; expected en, zh"),
    ([0, "ask", "en"], 8, "a-choice: ask, en: expected text (in quotes?); got 8"),
    (
        [0, "ask", "zh"],
        "[优化器](sgd.ipynb)",
        "a-choice: ask, zh: expected one paragraph without links and references; got ']('",
    ),
    ([0, "choose"], GONE, "a-choice: expected exactly one of choose, number, order; got none"),
    ([0, "number"], {}, "choose, number, order; got choose and number"),
    ([0, "id"], "A choice", "A choice: id: expected lower-case letters"),
    ([0, "id"], GONE, "question 1: id is missing"),
    ([0], "A choice", "question 1: expected exactly one of choose, number, order; got 'A choice'"),
    ([0, "choose", 0, "right"], False, "a-choice: option 1, right: expected true; got False"),
    ([1, "id"], "a-choice", "a-choice: there are two of this id"),
    ([0, "choose", 1, "right"], GONE, "a-choice: choose: expected right: true at exactly one"),
    ([0, "choose", 0, "right"], True, "at exactly one option; got 2"),
    ([0, "choose", 2], GONE, "a-choice: choose: expected a list of three or four options"),
    ([0, "choose"], [1, 2, 3], "right: true at exactly one option; got 0"),
    ([0, "choose", 2], "text", "a-choice: option 3: expected text and why; got 'text'"),
    ([0, "choose", 2, "why"], GONE, "a-choice: option 3: why is missing"),
    ([1, "number", "otherwise"], GONE, "a-number: number: otherwise is missing"),
    (
        [1, "number", "value"],
        "4.5",
        "a-number: number, value: expected a number without quotes; got '4.5'",
    ),
    (
        [1, "number", "tolerance"],
        -1,
        "number, tolerance: expected a number of 0 or more, without quotes; got -1",
    ),
    (
        [1, "number", "wrong"],
        {},
        "a-number: number, wrong: expected a list of numbers with reasons",
    ),
    ([1, "number", "wrong", 1, "why"], GONE, "a-number: wrong number 2: why is missing"),
    ([1, "number", "wrong", 1, "value"], 4.4, "wrong: 4.4 is within the tolerance of 4.5"),
    ([1, "number", "wrong", 1, "value"], 9.1, "wrong: 9.1 is within the tolerance of 9"),
    ([2, "order"], [{"text": both()}], "an-order: order: expected a list of 3 to 6 items"),
    ([2, "order", 0, "next"], GONE, "an-order: item 1: next is missing"),
    ([2, "order", 2, "next"], both(), "an-order: item 3: unknown key 'next'; expected text"),
    ([2, "why"], GONE, "an-order: why is missing"),
]


@pytest.mark.parametrize(("path", "value", "message"), BROKEN, ids=[case[-1] for case in BROKEN])
def test_an_error_names_the_file_the_question_and_what_was_expected(
    tmp_path: Path, path: list[Any], value: object, message: str
) -> None:
    content: Any = copy.deepcopy(VALID)
    *way, last = path
    part = functools.reduce(operator.getitem, way, content)
    if value is GONE:
        del part[last]
    else:
        part[last] = value
    with pytest.raises(ExtensionError, match=rf"sgd\.yml: .*{re.escape(message)}"):
        read(tmp_path, content)


def test_all_errors_are_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "adam.yml").write_text("- id: [", "utf8")
    with pytest.raises(ExtensionError) as error:
        read(tmp_path, {})
    said = str(error.value)
    assert "adam.yml: expected the name of a chapter" in said
    assert "adam.yml: this is not YAML" in said
    assert "sgd.yml: expected a list of questions; got {}" in said


def add_to(source: str) -> str:
    """The source of a chapter of one cell, with its quiz."""
    cells = [{"cell_type": "markdown", "source": source.splitlines(keepends=True)}]
    content = [json.dumps({"cells": cells})]
    config = SimpleNamespace(quizzes={"sgd": VALID}, edition="zh")
    add_section(SimpleNamespace(config=config), "sgd", content)  # type: ignore[arg-type]
    return str(json.loads(content[0])["cells"][0]["source"])


def test_the_quiz_comes_before_the_exercises() -> None:
    section = "(sgd-check-yourself)=\n## 自测\n\n```{quiz}\n```\n\n"
    added = add_to("text\n\n## 练习\n\nmore")
    assert added == f"text\n\n{section}## 练习\n\nmore"
    added = add_to("text\n\n(sgd-exercises)=\n## 练习\n\nmore")  # the label stays with its heading
    assert added == f"text\n\n{section}(sgd-exercises)=\n## 练习\n\nmore"
    with pytest.raises(ExtensionError, match=r"sgd: .*expected one such section, found 0"):
        add_to("## 练习题\n")


def test_the_notebooks_themselves_do_not_mention_the_quiz() -> None:
    for edition in EDITIONS:
        for chapter in CHAPTERS:
            for cell in notebook(edition, chapter).cells:
                assert "{quiz}" not in cell.source
                assert f"## {WORDS['title'][edition]}" not in cell.source
