"""What a chapter says about chance rests on repetitions, and the text says on how many."""

import re

import pytest

from tests.course import CHAPTERS, code_by_section, code_cells, output_text, sections
from tools.prose import readable

COMPARISON = re.compile(
    r"\b(?:better|worse|closer|farther) than\b|\bas (?:good|bad|close) as\b"
    r"|\btimes as (?:far|close)\b"
)
SPREAD = re.compile(r"±|standard error")
REPETITIONS = re.compile(
    r"\b(?:\d[\d,]*|two|three|five|ten) (?:\w+ ){0,2}"
    r"(?:datasets|seeds|orders|problems|spectra|series|runs|fits|divisions|minibatches)\b"
)
# Sections whose comparison needs no repetition, and why.
CERTAIN = {
    "concise-what-is-gained": "it follows from the sizes of the gradients",
    "training-a-common-mistake-no-new-parameters": "it is the wrong conclusion that is shown",
}
every_chapter = pytest.mark.parametrize("name", CHAPTERS)


def printed(name: str) -> dict[str, str]:
    """What the cells of each section of an English chapter print."""
    found: dict[str, str] = {}
    cells = {cell.id: cell for cell in code_cells("en", name)}
    for label, cell in code_by_section("en", name):
        found[label] = found.get(label, "") + output_text(cells[cell])
    return found


def told(name: str) -> dict[str, str]:
    """The prose of the sections that a comparison could be in; exercises and summaries repeat."""
    repeated = ("-what-you-will-learn", "-summary", "-exercises")
    return {
        label: " ".join(readable(text))
        for label, text in sections("en", name).items()
        if not label.endswith(repeated)
    }


@every_chapter
def test_a_comparison_is_printed_with_its_spread(name: str) -> None:
    outputs = printed(name)
    bare = [
        label
        for label, text in told(name).items()
        if COMPARISON.search(text)
        and not SPREAD.search(outputs.get(label, ""))
        and label not in CERTAIN
    ]
    assert not bare, "repeat it with several seeds and print the standard error, or say less"


@every_chapter
def test_a_spread_comes_with_the_number_of_its_repetitions(name: str) -> None:
    silent = [
        label for label, text in told(name).items() if "±" in text and not REPETITIONS.search(text)
    ]
    assert not silent, "say how many datasets, seeds or runs the numbers come from"


def test_no_section_is_excused_that_compares_nothing() -> None:
    texts = {label: text for name in CHAPTERS for label, text in told(name).items()}
    assert all(COMPARISON.search(texts[label]) for label in CERTAIN)
