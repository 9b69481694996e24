"""The linter of prose, which `make lint` runs; and what is counted over whole chapters."""

import re

import pytest

from tests.course import CHAPTERS, EDITIONS, ROOT, code_cells, prose
from tools import prose as linter
from tools.prose_rules import CHINESE, ENGLISH, OPENINGS, SEMICOLONS

WORDS_PER_MINUTE = 150  # of an explanation with formulas, which one stops to follow
CODE_LINES_PER_MINUTE = 15


def faults(text: str, language: str) -> list[str]:
    return linter.lint(linter.Passage("here", text), language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The neighbouring minibatch is next."),
        ("en", "How they mark themselves, says the page on assignments."),
        ("en", "The the loss falls."),  # proselint's
        ("en", "Somebody left the raise where it was."),
        ("zh", "次序不含任何信息。"),
        ("zh", "病根在于数据表所用的单位。"),
        ("zh", "讲优化器的一章说明了原因。"),
    ],
)
def test_the_linter_names_the_words_and_says_what_to_write(language: str, text: str) -> None:
    (fault,) = faults(text, language)
    assert re.fullmatch(r"here: “.+”\. .+", fault)


@pytest.mark.parametrize("rules", [ENGLISH, CHINESE])
def test_every_rule_says_what_to_write(rules: dict[str, str]) -> None:
    assert all(re.compile(pattern) and advice for pattern, advice in rules.items())


def test_code_formulas_and_options_are_not_prose() -> None:
    page = """
# A `title` of $x$

Words and {term}`weights <weight>`.

```python
nobody = 1
```

```{figure} nobody.svg
:name: nobody
:alt: A line.
The caption.
```

$$
nobody
$$
"""
    assert linter.readable(page)[0] == "A X1 of X3"
    text = " ".join(linter.readable(page))
    assert "nobody" not in text
    for words in ("weights", "A line.", "The caption."):
        assert words in text


@pytest.mark.parametrize(("pattern", "limit"), [(OPENINGS, 24), (SEMICOLONS, 79)])
def test_habits_stay_rare(pattern: str, limit: int) -> None:
    counts = {
        name: sum(len(re.findall(pattern, text)) for text in english(name)) for name in CHAPTERS
    }
    assert sum(counts.values()) <= limit, counts


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", CHAPTERS)
def test_the_reading_time_follows_from_words_and_lines(edition: str, name: str) -> None:
    words = sum(len(text.split()) for text in linter.readable(prose("en", name)))
    cells = code_cells("en", name)
    lines = sum(len(re.findall(r"^.*\S", cell.source, re.MULTILINE)) for cell in cells)
    minutes = 5 * round((words / WORDS_PER_MINUTE + lines / CODE_LINES_PER_MINUTE) / 5)
    sentence = {
        "en": f"Reading time: about {minutes} minutes.",
        "zh": f"阅读时间：约{minutes}分钟。",
    }
    assert sentence[edition] in prose(edition, name)


def english(name: str) -> list[str]:
    return [p.text for p in linter.passages(ROOT / "book" / "en" / f"{name}.ipynb", "en")]
