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
from sphinx.errors import ConfigError
from sphinx.search.zh import SearchChinese

from lr_grading.assignments import NAMES

# How _toc.yml is cut


def part(*files: str) -> dict[str, object]:
    return {"caption": "a part", "chapters": [{"file": file} for file in files]}


def test_an_edition_gets_its_own_part_of_the_contents() -> None:
    toc = {
        "parts": [
            part("book/en/index"),
            part("book/en/a"),
            part("book/zh/index"),
            part("book/zh/b"),
        ]
    }
    assert edition_toc(toc, "zh") == {"format": "jb-book", "root": "index", "parts": [part("b")]}


@pytest.mark.parametrize(
    ("toc", "message"),
    [
        ({"parts": [part("book/en/a", "book/zh/a")]}, "'a part' mixes editions"),
        ({"parts": [part("book/zh/a")]}, "no part has files in book/en/"),
    ],
)
def test_a_wrong_table_of_contents_is_an_error(toc: dict[str, object], message: str) -> None:
    with pytest.raises(Exception, match=message):
        edition_toc(toc, "en")


def test_solutions_that_are_not_published_are_nowhere(tmp_path: Path) -> None:
    toc = {"parts": [part("book/en/a"), part("solutions/en/ohm/ohm")]}
    assert edition_toc(toc, "en")["parts"] == [part("a"), part("solutions/ohm")]
    assert edition_toc(toc, "en", publish_solutions=False)["parts"] == [part("a")]
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
