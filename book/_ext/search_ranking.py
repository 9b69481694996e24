"""What the search knows besides the words of each page.

Sphinx's index says which pages have a word, and no more. Here it learns

* how much each page has to say on a term (``about``), so that the page on overfitting comes
  before those that only mention it;
* in the Chinese edition, the traditional forms of its characters and words (``simplified``),
  which readers from Taiwan and Hong Kong type.

``_static/search.js`` uses both in the browser.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import opencc
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.search import js_index

# What a mention in these places counts for, in mentions in the text.
TITLE, HEADING, INTRODUCTION = 60, 20, 20
MOST_MENTIONS = 50  # more of them say nothing more
# In all pages together; less has what is emphasized in passing.
LEAST_WEIGHT = INTRODUCTION + 3
HAN = re.compile("[\u4e00-\u9fff]+")
# OpenCC's conversions of characters, from Taiwan and Hong Kong.
TRADITIONAL = ("tw2s", "hk2s")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", load_script)
    app.connect("build-finished", complete_index, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def load_script(app: Sphinx, pagename: str, *_: object) -> None:
    if pagename == "search":
        app.add_js_file("search.js", loading_method="defer")


def complete_index(app: Sphinx, exception: Exception | None) -> None:
    """Write what the search knows besides into the index, when Sphinx has written that."""
    if exception or not app.config.edition or app.builder.format != "html":
        return
    path = Path(app.outdir) / "searchindex.js"
    with path.open(encoding="utf8") as file:
        index = js_index.load(file)
    index["about"] = about(app.env, index["docnames"])
    if app.config.language.startswith("zh"):
        index["simplified"] = simplified([*index["terms"], *index["titleterms"]])
    with path.open("w", encoding="utf8") as file:
        js_index.dump(index, file)


# Which page is about a term


def about(env: BuildEnvironment, names: list[str]) -> dict[str, dict[int, int]]:
    """Weigh what the pages say on each function, term of the glossary, and emphasized word.

    Args:
        env: Holds the pages.
        names: Theirs, in the order of the index.

    Returns:
        For each term the places in ``names`` of the pages that have it, with weights.
    """
    pages = [env.get_doctree(name) for name in names]
    library = env.get_domain("py").objects  # type: ignore[attr-defined]
    terms = {name.split(".")[-1].lower() for name in library}
    terms |= {term for page in pages for term in texts(page, nodes.term)}
    introduced = [emphasized(page) for page in pages]
    weights: dict[str, dict[int, int]] = {}
    for place, page in enumerate(pages):
        text = plain(page.astext())
        title, *headings = texts(page, nodes.title)
        for term in terms.union(*introduced):
            if mentions := text.count(term):
                weight = min(mentions, MOST_MENTIONS)
                weight += TITLE * (term in title)
                weight += HEADING * any(term in heading for heading in headings)
                weight += INTRODUCTION * (term in introduced[place])
                weights.setdefault(term, {})[place] = weight
    return {
        term: weight
        for term, weight in weights.items()
        if term in terms or sum(weight.values()) >= LEAST_WEIGHT
    }


def emphasized(page: nodes.document) -> set[str]:
    """The words that a page emphasizes, as it does where it introduces one."""
    return {*texts(page, nodes.strong), *texts(page, nodes.emphasis)}


def texts(page: nodes.document, kind: type[nodes.Element]) -> list[str]:
    return [plain(node.astext()) for node in page.findall(kind)]


def plain(text: str) -> str:
    """A text as it is compared with a query: in small letters, with the apostrophe of the keys."""
    return " ".join(text.lower().replace("’", "'").split())


# Traditional characters


def simplified(words: Iterable[str]) -> dict[str, str]:
    """Map the traditional characters and words that become characters and words of the book.

    Args:
        words: All that the index has.
    """
    words = {run for word in words for run in HAN.findall(word)}
    known = set("".join(words))
    mapped = {}
    for conversion in map(opencc.OpenCC, TRADITIONAL):
        for character in map(chr, range(0x4E00, 0xA000)):
            simple = conversion.convert(character)
            if simple != character and simple in known:
                mapped[character] = simple
    to_taiwan, from_taiwan = opencc.OpenCC("s2twp"), opencc.OpenCC("tw2sp")
    for word in words:
        said = to_taiwan.convert(word)
        plain = "".join(mapped.get(character, character) for character in said)
        # Where the book has the word itself, such as 文件, a reader may mean that one.
        if (
            said not in words
            and plain != word
            and from_taiwan.convert(said) == word
        ):
            mapped[said] = word
    return mapped
