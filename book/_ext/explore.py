"""Interactive figures: the directive ``explore``.

::

    ```{explore} descend
    :name: fig-sgd-descend
    :alt: What is to be seen.

    The caption.
    ```

is a figure like any other, numbered, with a still image that print, PDF and readers
without scripts see. The script of the same name brings it to life; what the scripts
are to each other says the head of ``_static/explore/explore.js``. Only pages with such
a figure load them.
"""

import os
import re
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from places import BOOK
from sphinx.application import Sphinx
from sphinx.directives.patches import Figure
from sphinx.util.docutils import SphinxDirective

FOLDER = BOOK / "_static" / "explore"
SHARED = ["explore", "mathematics"]  # what every figure needs, in this order
SIZE = r'<svg [^>]*width="(\d+)" height="(\d+)"'
FIGURES = sorted(
    path.stem for path in FOLDER.glob("*.js") if path.stem not in SHARED
)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("explore", Explore)
    app.connect("html-page-context", load_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Explore(Figure, SphinxDirective):
    """A figure whose image is the still of an interactive one, in the edition's language."""

    option_spec: ClassVar = {
        "name": directives.unchanged_required,
        "alt": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in FIGURES:
            raise self.error(
                f"there is no interactive figure {name!r}; expected one of "
                f"{', '.join(FIGURES)}, as in book/_static/explore"
            )
        for option in self.option_spec:
            if option not in self.options:
                raise self.error(
                    f"the interactive figure {name!r} needs :{option}:"
                )
        still = still_of(name, self.config.edition)
        size = re.match(SIZE, still.read_text("utf8")) if still.is_file() else None
        if not size:
            raise self.error(f"{still} is missing or has no size; run: make stills")
        # An edition is built from a copy of its pages; the way to the still leads out of it.
        here = Path(self.env.doc2path(self.env.docname)).parent
        self.arguments[0] = Path(os.path.relpath(still, here)).as_posix()
        self.options |= {"width": f"{size[1]}px", "height": f"{size[2]}px"}
        self.options["figclass"] = ["explore", name]
        return super().run()


def still_of(name: str, edition: str) -> Path:
    """The still image of an interactive figure, in the language of an edition."""
    return FOLDER / "stills" / f"{name}.{edition}.svg"


def load_scripts(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Let a page load what its interactive figures need; other pages load nothing."""
    if doctree is None:
        return
    classes = [node["classes"] for node in doctree.findall(nodes.figure)]
    names = [name for name in FIGURES if ["explore", name] in classes]
    if not names:
        return
    app.add_css_file("explore/explore.css")
    for name in [*SHARED, *names]:
        app.add_js_file(f"explore/{name}.js", loading_method="defer")
