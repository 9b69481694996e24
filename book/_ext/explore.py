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

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.directives.patches import Figure

STATIC = Path(__file__).resolve().parents[1] / "_static"
FOLDER = STATIC / "explore"
SHARED = ["explore", "mathematics"]  # the scripts that every figure needs, in this order
FIGURES = sorted(path.stem for path in FOLDER.glob("*.js") if path.stem not in SHARED)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("explore", Explore)
    app.connect("html-page-context", load_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Explore(Figure):
    """A figure whose image is the still of an interactive one, in the edition's language."""

    option_spec = {
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
                raise self.error(f"the interactive figure {name!r} needs the option :{option}:")
        edition = self.config.edition
        self.arguments[0] = f"/stills/{name}.{edition}.svg"
        width, height = still_size(FOLDER / "stills" / f"{name}.{edition}.svg")
        self.options |= {"width": f"{width}px", "height": f"{height}px"}
        self.options["figclass"] = ["explore", name]
        return super().run()


def still_size(path: Path) -> tuple[int, int]:
    """The width and height that a still says it has."""
    if not path.is_file():
        raise FileNotFoundError(f"the still {path} is missing; run: make stills")
    head = path.read_text("utf8")[:500]
    found = re.search(r'<svg [^>]*width="(\d+)" height="(\d+)"', head)
    if not found:
        raise ValueError(f"{path} does not say its width and height; run: make stills")
    return int(found[1]), int(found[2])


def load_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
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
