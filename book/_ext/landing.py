"""The page where a reader lands who has not chosen a language yet: ``book/index.md``.

It is all that the build makes which jupyter-book starts; ``editions.py`` makes the rest.
"""

import shutil
from pathlib import Path

from contents import write_toc
from places import BOOK
from sphinx.application import Sphinx
from sphinx.config import Config


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", prepare, priority=1)
    app.connect("builder-inited", begin)
    app.connect("env-get-outdated", read_again)
    app.connect("html-page-context", choose_template)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def prepare(app: Sphinx, config: Config) -> None:
    """Let the build of jupyter-book itself make the landing page and nothing else."""
    if config.edition:
        return
    app.srcdir = type(app.srcdir)(BOOK)
    landing = {"format": "jb-book", "root": "index"}
    config.external_toc_path = write_toc(app, "landing", landing)
    config.templates_path = [str(BOOK / "_templates")]
    config.bibtex_bibfiles = []


def begin(app: Sphinx) -> None:
    """Remove what lies beside the editions; the landing page is built anew each time."""
    if app.config.edition:
        return
    app.builder.search = False  # type: ignore[attr-defined]
    for entry in Path(app.outdir).glob("*"):
        if entry.is_file():
            entry.unlink()
        elif entry.name not in app.config.editions:
            shutil.rmtree(entry)


def read_again(app: Sphinx, *_: object) -> list[str]:
    """Take the landing page for changed, so that its warnings are said each time."""
    return [] if app.config.edition else ["index"]


def choose_template(app: Sphinx, pagename: str, *_: object) -> str | None:
    landing = pagename == "index" and not app.config.edition
    return "landing.html" if landing else None
