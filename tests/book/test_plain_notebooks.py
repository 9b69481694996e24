"""The plain Markdown of the notebooks for download: what a reference says, and what has no form.

tests/site/test_site.py compares the notebooks themselves with the pages.
"""

from base64 import b64encode
from types import SimpleNamespace

import pytest
from docutils import nodes
from plain_notebooks import Plain
from pybtex.database import parse_string
from sphinx.errors import ExtensionError

from tests.course import BOOK

SOURCES = parse_string(
    """
    @article{one, author = {Robbins, Herbert and Monro, Sutton}, year = {1951}}
    @article{many, author = {Bottou, Léon and Curtis, Frank and Nocedal, Jorge}, year = {2018}}
    """,
    "bibtex",
)


def writer(edition: str) -> Plain:
    """Of a page in a book of one figure and one equation."""
    numbers = {"figure": {"fig-a": (5, 1)}, "displaymath": {"equation-eq-a": (5, 2)}}
    domains = {
        "std": SimpleNamespace(anonlabels={"fig-a": ("sgd", "fig-a")}),
        "math": SimpleNamespace(equations={"eq-a": ("sgd", 2)}),
        "cite": SimpleNamespace(bibdata=SimpleNamespace(data=SOURCES)),
    }
    env = SimpleNamespace(
        toc_fignumbers={"sgd": numbers},
        get_domain=domains.get,
        titles={"training": nodes.title("", "Training")},
    )
    config = SimpleNamespace(
        edition=edition,
        numfig_format={"figure": {"en": "Fig. %s", "zh": "图 %s"}[edition]},
        html_baseurl="https://example.org/",
    )
    return Plain(SimpleNamespace(env=env, config=config), "sgd")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("edition", "source", "plain"),
    [
        ("en", "The {term}`weights <weight>` and {term}`bias`.", "The weights and bias."),
        ("zh", "见{numref}`fig-a`和式{eq}`eq-a`。", "见图 5.1和式(5.2)。"),
        ("en", "By {cite}`one,many`.", "By (Robbins and Monro, 1951; Bottou et al., 2018)."),
        ("en", "Robbins and Monro {cite}`one` gave it.", "Robbins and Monro (1951) gave it."),
        ("zh", "随机逼近{cite}`one`。", "随机逼近（Robbins与Monro，1951）。"),
        ("zh", "Bottou等人{cite}`many`指出。", "Bottou等人（2018）指出。"),
        ("en", "[](training.ipynb)", "[Training](https://example.org/en/training.html)"),
        ("en", "Code `{term}` and `` {eq}`eq-a` ``.", "Code `{term}` and `` {eq}`eq-a` ``."),
        ("en", "(a)=\n## A\n\n$$\nx\n$$ (eq-a)\n\nB", "## A\n\n$$\nx\n\\tag{5.2}\n$$\n\nB"),
        ("en", "```text\n{term}`a`\n```", "```text\n{term}`a`\n```"),
        ("en", ":::{note}\nSee {eq}`eq-a`.\n\n- a\n:::", "> See (5.2).\n>\n> - a"),
    ],
)  # fmt: skip
def test_plain_markdown_says_what_the_page_says(edition: str, source: str, plain: str) -> None:
    assert writer(edition).blocks(source) == plain


@pytest.mark.parametrize(
    ("edition", "classes", "online"),
    [
        ("en", "", ""),
        ("en", ":class: wide\n", ""),
        ("en", ":class: explore tug\n", " [Interactive on the page]({page})"),
        ("zh", ":class: explore tug\n", " [在网页上可以互动]({page})"),
    ],
    ids=["no class", "another class", "moves", "moves, in Chinese"],
)
def test_a_figure_holds_its_drawing_and_names_the_page_where_it_moves(
    edition: str, classes: str, online: str
) -> None:
    written = f"```{{figure}} figures/tug.svg\n:name: fig-a\n:alt: A.\n{classes}\nB.\n```"
    drawing = b64encode((BOOK / edition / "figures" / "tug.svg").read_bytes()).decode()
    number = {"en": "Fig. 5.1", "zh": "图 5.1"}[edition]
    page = f"https://example.org/{edition}/sgd.html#fig-a"
    assert writer(edition).blocks(written) == (
        f"![A.](data:image/svg+xml;base64,{drawing})\n\n**{number}** B.{online.format(page=page)}"
    )


@pytest.mark.parametrize("source", ["```{mystery} a\n```", "the {mystery}`a`"])
def test_what_has_no_plain_form_is_named(source: str) -> None:
    with pytest.raises(ExtensionError, match=r"en/sgd: .*'mystery'.*expected one of"):
        writer("en").blocks(source)
