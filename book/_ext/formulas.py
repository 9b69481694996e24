"""Formulas as MathML, typeset while the book is built.

A page needs no script for its formulas, and a screen reader reads them. Temml turns
LaTeX into MathML; it is JavaScript, kept beside this file (version 0.13.5, MIT
License), and runs here in V8, through mini-racer. The notebooks keep their LaTeX, which
Jupyter shows in its own way.
"""

import atexit
from functools import cache
from pathlib import Path

from docutils import nodes
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.logging import getLogger
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

TEMML = Path(__file__).parent / "temml" / "temml.min.js"
logger = getLogger(__name__)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


@cache
def temml() -> MiniRacer:
    """The engine, started at the first formula and kept for the others."""
    engine = MiniRacer()
    atexit.register(engine.close)  # or its thread may keep Python from ending
    engine.eval(TEMML.read_text("utf8"))
    return engine


@cache
def mathml(latex: str, *, block: bool = False) -> str:
    """Typeset a formula.

    Args:
        latex: The formula without dollar signs.
        block: Whether it stands on a line of its own.

    Returns:
        A ``<math>`` element that is valid in HTML and in XHTML.

    Raises:
        ValueError: The formula is not what Temml knows of LaTeX.
    """
    options = {
        "displayMode": block,
        "throwOnError": True,
        "xml": True,
        "wrap": "tex",
    }
    try:
        typeset = str(temml().call("temml.renderToString", latex, options))
    except JSEvalException as error:
        said = str(error).partition("ParseError:")[2].strip().splitlines()
        raise ValueError(
            f"this formula cannot be typeset: {latex!r} ({' '.join(said[:2])})"
        ) from None
    # A bar above a letter: fonts have the macron rather than the overline.
    return typeset.replace("\u203e", "\u00af")


def typeset_node(node: nodes.math | nodes.math_block, *, block: bool) -> str:
    """The formula of a node; a wrong one is a warning of the build, which is an error here."""
    try:
        return mathml(node.astext().strip(), block=block)
    except ValueError as error:
        logger.warning("%s", error, location=node)
        return ""


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate"))
    self.body.append(typeset_node(node, block=False) + "</span>")
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math notranslate"))
    if node["number"]:
        # The number itself is what one copies a link to the equation from.
        number, link = get_node_equation_number(self, node), node["ids"][0]
        title = _("Link to this equation")
        self.body.append(
            f'<a class="eqno" href="#{link}" title="{title}">({number})</a>'
        )
    self.body.append(typeset_node(node, block=True) + "</div>\n")
    raise nodes.SkipNode
