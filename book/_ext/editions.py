"""One site in two languages from one ``jupyter-book build .``.

Sphinx knows one language per build: it decides the words of the theme, of "Fig."
and of "Exercise", the way in which text is cut for the search, and labels must be
unique in it. So each edition is a build of its own:

* The build that jupyter-book starts makes only the landing page (``landing.py``).
* When it is done, ``build_editions`` builds every folder named in the setting
  ``editions`` with the same configuration and the pages of ``_toc.yml``, in a fresh
  process each, into a folder of the same name in the site.

What an edition consists of, ``contents.py`` says; what its pages have besides their text,
``pages.py``; what a second build builds again, ``incremental.py``.
"""

import dataclasses
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import incremental
import yaml
from contents import edition_toc, gather_sources, write_toc
from places import BOOK, ROOT
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.logging import getLogger

# Extensions that jupyter-book always loads and that fetch from other hosts.
UNWANTED = {"sphinx_thebe", "sphinx_togglebutton"}
logger = getLogger(__name__)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("editions", {}, "env")  # name -> settings of its own
    app.add_config_value("edition", "", "html")  # the one that is being built
    app.add_config_value("announce", False, "")  # whether to name the pages written
    app.add_config_value("publish_solutions", True, "env")
    app.connect("builder-inited", keep_outputs_apart, priority=900)
    app.connect("html-page-context", announce_page)
    app.connect("build-finished", build_editions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def build_editions(app: Sphinx, exception: Exception | None) -> None:
    """Build each edition with the configuration of this build, side by side."""
    if app.config.edition or exception:
        return
    names = list(app.config.editions)
    # The main module of jupyter-book must not run again in the new processes.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(names), mp_context=spawn) as pool:
        builds = {}
        for name in names:
            logger.info("building the edition %s ...", name)
            fresh, arguments = bool(app.fresh_env_used), prepare_edition(app, name)
            builds[name] = pool.submit(build_edition, names, fresh, arguments)
        failed = []
        for name, build in builds.items():
            if result := build.result():
                failed.append(f"building the edition {name} failed: {result}")
            else:
                logger.info(
                    "the edition %s is in %s", name, Path(app.outdir) / name
                )
    if failed:
        raise ExtensionError("\n".join(failed))


def prepare_edition(app: Sphinx, name: str) -> dict[str, Any]:
    """Gather what an edition is built from; returns the arguments of its build."""
    published = app.config.publish_solutions
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    toc_path = write_toc(app, name, edition_toc(toc, name, published))
    sources = Path(app.doctreedir).parent / "sources" / name
    gather_sources(name, published, sources)
    overrides = {**app.config.overrides, "extensions": list(app.config.extensions)}
    return {
        "builder": app.builder.name,
        "sourcedir": sources,
        "outputdir": Path(app.outdir) / name,
        "doctreedir": Path(app.doctreedir) / name,
        "confoverrides": {
            **edition_settings(overrides, name, toc_path),
            "announce": not app.quiet,
        },
        "warningiserror": app.warningiserror or app.keep_going,
        "keep_going": app.keep_going,
    }


def edition_settings(
    overrides: dict[str, Any], name: str, toc_path: str
) -> dict[str, Any]:
    """Merge the settings of one edition over those of the site."""
    own = overrides["editions"][name]
    settings = {**overrides, **own, "edition": name, "external_toc_path": toc_path}
    settings["extensions"] = [
        e for e in overrides["extensions"] if e not in UNWANTED
    ]
    settings["html_theme_options"] = {
        **overrides.get("html_theme_options", {}),
        **own.get("html_theme_options", {}),
    }
    # Sphinx looks below the folder of the edition; these are shared.
    settings["html_static_path"] = [str(BOOK / "_static")]
    settings["html_favicon"] = str(BOOK / "_static" / "favicon.svg")
    settings["templates_path"] = [str(BOOK / "_templates")]
    settings["locale_dirs"] = [str(BOOK / "_locale")]
    settings["bibtex_bibfiles"] = [str(BOOK / "references.bib")]
    settings["latex_individualpages"] = False  # jupyter-book wants to be told
    return settings


def keep_outputs_apart(app: Sphinx) -> None:
    """Let each edition write the figures of its notebooks to a folder of its own."""
    folder = str(Path(app.doctreedir) / "outputs")
    config = app.env.mystnb_config  # type: ignore[attr-defined]
    app.env.mystnb_config = dataclasses.replace(config, output_folder=folder)  # type: ignore[attr-defined]


def build_edition(names: list[str], fresh: bool, arguments: dict[str, Any]) -> str:
    """Run in a process of its own; returns what went wrong, or an empty string."""
    from jupyter_book.sphinx import build_sphinx

    sys.stdout.reconfigure(encoding="utf8")  # type: ignore[union-attr]
    state = incremental.state(arguments, names)
    doctreedir = arguments["doctreedir"]
    incremental.begin(state, arguments["outputdir"], doctreedir, fresh=fresh)
    if result := build_sphinx(noconfig=True, quiet=True, **arguments):
        return str(result)
    incremental.end(state, doctreedir)
    return ""


def announce_page(app: Sphinx, pagename: str, *_: object) -> None:
    """Show that a long build goes on, and what a short one has done."""
    if app.config.announce:
        print(f"  {app.config.edition}/{pagename}", flush=True)
