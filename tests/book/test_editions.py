"""How the site is put together of two editions: settings, contents, addresses, folds."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from chinese_search import SearchChineseByVocabulary
from contents import edition_toc, gather_sources
from discovery import check_address, description
from docutils import nodes
from docutils.utils import new_document
from pages import behind_a_warning, check_repository, running
from sphinx.errors import ConfigError, ExtensionError
from sphinx.search.zh import SearchChinese

from lr_grading.assignments import NAMES

# The contents


def contents(*files: str) -> list[dict[str, str]]:
    return [{"file": file} for file in files]


TOC = {
    "root": "index",
    "parts": [
        {"captions": {"en": "A", "zh": "甲"}, "numbered": True, "chapters": contents("a", "b")},
        {"captions": {"en": "Solutions", "zh": "解答"}, "chapters": contents("solutions/ohm")},
    ],
}


def test_an_edition_has_all_pages_below_captions_in_its_language() -> None:
    parts = [
        {"caption": "甲", "numbered": True, "chapters": contents("a", "b")},
        {"caption": "解答", "chapters": contents("solutions/ohm")},
    ]
    assert edition_toc(TOC, "zh") == {"format": "jb-book", "root": "index", "parts": parts}


@pytest.mark.parametrize("part", [{"captions": {"en": "A"}}, {"caption": "A"}])
def test_a_part_without_a_caption_for_an_edition_is_an_error(part: dict[str, object]) -> None:
    toc = {"root": "index", "parts": [part | {"chapters": contents("a", "b")}]}
    with pytest.raises(ExtensionError, match="the part of a, b has no caption for the edition zh"):
        edition_toc(toc, "zh")


def test_solutions_that_are_not_published_are_nowhere(tmp_path: Path) -> None:
    parts = edition_toc(TOC, "en", publish_solutions=False)["parts"]
    assert [part["chapters"] for part in parts] == [contents("a", "b")]
    gather_sources("en", False, tmp_path / "sources")
    assert not list((tmp_path / "sources").glob("solutions*"))
    assert len(list((tmp_path / "sources" / "exercises").iterdir())) == len(NAMES)


# Settings


@pytest.mark.parametrize("wrong", ["", "example.org", "https://example.org/course", "/course/"])
def test_a_wrong_address_of_the_site_is_an_error(wrong: str) -> None:
    with pytest.raises(ConfigError, match="expected the full address"):
        check_address(None, SimpleNamespace(html_baseurl=wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["https://github.com/o/c", "https://github.com/o/c.git"])
def test_with_a_repository_there_are_launch_buttons(address: str) -> None:
    config = SimpleNamespace(repository=address, edition="zh")
    check_repository(None, config)  # type: ignore[arg-type]
    urls = {launch["name"]: launch["url"] for launch in running(config, "sgd")["launches"]}  # type: ignore[arg-type]
    assert urls == {
        "Binder": "https://mybinder.org/v2/gh/o/c/main?urlpath=lab/tree/book/zh/sgd.ipynb",
        "Colab": "https://colab.research.google.com/github/o/c/blob/main/book/zh/sgd.ipynb",
    }


def test_a_repository_elsewhere_is_an_error() -> None:
    with pytest.raises(ConfigError, match="expected the address of a repository on GitHub"):
        check_repository(None, SimpleNamespace(repository="git@github.com:o/c"))  # type: ignore[arg-type]


# Pages


def test_what_is_folded_keeps_the_page_whole() -> None:
    page = "<section><h1>A</h1><p>x</p><section><h2>B</h2></section>\n</section>\n"
    folded = BeautifulSoup(behind_a_warning(page, "Careful.", "Show"), "html.parser")
    assert folded.select_one("section > h1")
    assert folded.select_one("section > details > section > h2")
    assert folded.summary is not None
    assert folded.summary.get_text() == "Careful. Show"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Short.", "Short."),
        ("One sentence. Another one that is far too long for this.", "One sentence."),
        ("Words without an end that go on and on", "Words without an end that go…"),
        ("第一句话。第二句话说得实在是太长太长太长太长太长太长太长太长了。", "第一句话。"),
    ],
)
def test_a_description_ends_with_a_sentence_or_a_word(text: str, expected: str) -> None:
    document = new_document("")
    document += nodes.paragraph("", text)
    assert description(document, 30) == expected


# The Chinese search


@pytest.mark.parametrize("word", ["functions", "Gradients", "uses", "is", "x", "SGD", "回归"])
def test_words_are_stemmed_as_by_sphinx(word: str) -> None:
    search = SearchChineseByVocabulary({})
    search.split(word)
    assert search.stem(word) == SearchChinese.stem(search, word)
