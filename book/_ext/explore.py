"""Interactive figures: figures of the class ``explore``.

::

    ```{figure} figures/descend.svg
    :name: fig-sgd-descend
    :alt: What is to be seen.
    :class: explore descend

    The caption.
    ```

is a figure like any other, with a still image that print, PDF, JupyterLab and readers
without scripts see. The script of the same name brings it to life; what the scripts
are to each other says the head of ``_static/explore/explore.js``. Only pages with such
a figure load them.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from places import BOOK
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

FOLDER = BOOK / "_static" / "explore"
SHARED = ["explore", "mathematics"]  # what every figure needs, in this order
SIZE = r'<svg [^>]*width="(\d+)" height="(\d+)"'
FIGURES = sorted(
    path.stem for path in FOLDER.glob("*.js") if path.stem not in SHARED
)


def setup(app: Sphinx) -> dict[str, bool]:
    # Before Sphinx looks for the images, which would only say that one is missing.
    app.connect("doctree-read", prepare_figures, priority=400)
    app.connect("html-page-context", load_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def prepare_figures(app: Sphinx, doctree: nodes.document) -> None:
    """Give the interactive figures of a page the class and the size that their scripts expect.

    Raises:
        ExtensionError: A figure has no script, no name, no text for those who do not see it, or
            no still.
    """
    page = f"{app.config.edition}/{app.env.docname}"
    for figure in doctree.findall(nodes.figure):
        for image in figure.findall(nodes.image):
            if "explore" in image["classes"]:
                prepare(figure, image, app, page)


def prepare(
    figure: nodes.figure, image: nodes.image, app: Sphinx, page: str
) -> None:
    address, classes = image["uri"], image["classes"]
    name = Path(address).stem
    if name not in FIGURES or classes != ["explore", name]:
        raise ExtensionError(
            f"{page}: a figure shows {address} and has :class: {' '.join(classes)}; expected "
            f"figures/NAME.svg and :class: explore NAME, NAME one of {', '.join(FIGURES)}"
        )
    for option, given in ("name", figure["names"]), ("alt", image.get("alt")):
        if not given:
            raise ExtensionError(
                f"{page}: the interactive figure {name!r} needs :{option}:"
            )
    still = Path(app.env.relfn2path(address)[1])
    size = re.match(SIZE, still.read_text("utf8")) if still.is_file() else None
    if not size:
        raise ExtensionError(
            f"{page}: the still {address} is missing or has no size; run: make stills"
        )
    image["width"], image["height"] = f"{size[1]}px", f"{size[2]}px"
    figure["classes"], image["classes"] = classes, []


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
