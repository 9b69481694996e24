"""The Chinese search of Sphinx, which misses most terms of more than two characters."""

import re
from pathlib import Path

from places import ROOT
from sphinx.application import Sphinx
from sphinx.search.zh import SearchChinese

SPLITTER = Path(__file__).with_suffix(".js")
EMPHASIZED = re.compile(
    r"\*\*([\u4e00-\u9fff]{2,8})\*\*"
)  # where a page introduces a word


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_search_language(SearchChineseByVocabulary)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def glossary(root: Path) -> set[str]:
    """The entries of the Chinese glossary."""
    text = (root / "book" / "zh" / "glossary.md").read_text("utf8")
    return set(re.findall(r"^(\S.*)\n:", text, re.MULTILINE))


def emphasized(root: Path) -> set[str]:
    """The words that the Chinese pages emphasize, as they do where they introduce one."""
    pages = [
        *(root / "book" / "zh").glob("*.ipynb"),
        *(root / "book" / "zh").glob("*.md"),
    ]
    return {
        word
        for page in pages
        for word in EMPHASIZED.findall(page.read_text("utf8"))
    }


class SearchChineseByVocabulary(SearchChinese):
    """Finds whole terms.

    The terms of the course's glossary and the words that its pages emphasize count as
    words. Chinese is written without spaces, so in the browser the query is cut, too: at
    each place the longest word that the index knows is taken.
    """

    js_splitter_code = SPLITTER.read_text("utf8")

    def init(self, options: dict[str, str]) -> None:
        import jieba

        super().init(options)
        jieba.setLogLevel("ERROR")
        # The dictionary of the course is its glossary: each entry is one word.
        terms = glossary(ROOT)
        for term in terms:
            jieba.add_word(term, freq=1_000_000)
        self.terms = terms | emphasized(ROOT)

    def split(self, input: str) -> list[str]:
        # jieba gives the longest words; a term inside a longer one is found, too.
        return super().split(input) + [term for term in self.terms if term in input]

    def stem(self, word: str) -> str:
        # As in Sphinx, which looks for each word in a list of all Latin ones of the book.
        word = word.lower()
        stemmed = str(self.stemmer.stemWord(word))
        return word if len(stemmed) < 3 <= len(word) else stemmed
