"""One site in two languages from one ``jupyter-book build .``.

Sphinx knows one language per build: it decides the words of the theme, of "Fig."
and of "Exercise", the way in which text is cut for the search, and labels must be
unique in it. So each edition is a build of its own:

* The build that jupyter-book starts makes only the landing page, ``book/index.md``.
* When it is done, ``build_editions`` builds every folder named in the setting
  ``editions`` with the same configuration and its own part of ``_toc.yml``, in a
  fresh process each, into a folder of the same name in the site.

An edition is built from a copy of its sources, where its chapters, the solutions and
the notebooks that can be downloaded lie in one folder, as Sphinx wants them. What of it
a second build builds again, ``incremental.py`` says.
"""

import dataclasses
import multiprocessing
import os
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import incremental
import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError, ExtensionError
from sphinx.search.zh import SearchChinese
from sphinx.util.logging import getLogger

BOOK = Path(__file__).resolve().parents[1]
ROOT = BOOK.parent
SOLUTIONS = "solutions/"  # of an edition, where its pages of solutions are
DOWNLOADS = "exercises/"  # and its notebooks to download
NOTEBOOKS = "notebooks/"  # and its chapters to download
# And what pages show pieces of: programs, and the library.
SHOWN = ("frameworks", "lr_lib")
# Extensions that jupyter-book always loads and that fetch from other hosts.
UNWANTED = {"sphinx_thebe", "sphinx_togglebutton"}
# A browser would break a line behind a formula even before a comma.
PUNCTUATED_MATH = re.compile(
    r'<span class="math [^>]*>(?:(?!</span>).)*</span>[-,.;:!?)\]’”，。、；：！？）》”]+'
)
GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)/?(?:\.git)?")
# A line cannot begin with a dot, so code such as `.grad` needs a place to break before it.
DOTTED_CODE = re.compile(r'<code class="[^"]*literal[^"]*"><span class="pre">\.')
logger = getLogger(__name__)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("editions", {}, "env")  # name -> settings of its own
    app.add_config_value("edition", "", "html")  # the one that is being built
    app.add_config_value("announce", False, "")  # whether to name the pages written
    app.add_config_value("publish_solutions", True, "env")
    app.add_config_value("repository", "", "html")  # of the course, on GitHub
    app.add_config_value(
        "solution_warning", ["", ""], "html"
    )  # what it says, and the button
    app.add_search_language(SearchChineseByVocabulary)
    app.connect("config-inited", check_repository)
    app.connect("config-inited", prepare_landing_page, priority=1)
    app.connect("builder-inited", begin_landing_page)
    app.connect("env-get-outdated", read_landing_page)
    app.connect("builder-inited", keep_outputs_apart, priority=900)
    app.connect("html-page-context", add_edition_to_page)
    app.connect("html-page-context", announce_page)
    app.connect("build-finished", offer_notebooks)
    app.connect("build-finished", build_editions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


# The table of contents


def edition_toc(
    toc: dict[str, Any], edition: str, publish_solutions: bool = True
) -> dict[str, Any]:
    """Cut the part of one edition out of the table of contents of the site.

    An edition has the parts whose files lie in its folders; its front page is the
    root, so that the sidebar starts there. Solutions that are not to be published
    are left out.
    """
    parts = []
    for part in toc["parts"]:
        files = [entry["file"] for entry in part["chapters"]]
        pages = [page for file in files if (page := page_name(file, edition))]
        if pages and len(pages) != len(files):
            raise ExtensionError(
                f"_toc.yml: the part {part.get('caption')!r} mixes editions ({', '.join(files)}); "
                f"expected every file of it to lie in book/{edition}/ or solutions/{edition}/"
            )
        if not publish_solutions:
            pages = [page for page in pages if not page.startswith(SOLUTIONS)]
        if pages and pages != ["index"]:
            parts.append({**part, "chapters": [{"file": page} for page in pages]})
    if not parts:
        raise ExtensionError(f"_toc.yml: no part has files in book/{edition}/")
    return {"format": "jb-book", "root": "index", "parts": parts}


def page_name(file: str, edition: str) -> str | None:
    """The page of an edition that a file of _toc.yml becomes; None for another edition's."""
    if file.startswith(f"book/{edition}/"):
        return file.removeprefix(f"book/{edition}/")
    if file.startswith(f"solutions/{edition}/"):
        return SOLUTIONS + Path(file).name
    return None


def gather_sources(
    edition: str, publish_solutions: bool, destination: Path
) -> None:
    """Let one folder hold copies of what an edition is built from."""
    pages = BOOK / edition
    files = {
        file.relative_to(pages).as_posix(): file
        for file in pages.rglob("[!.]*.*")
        if file.is_file() and ".ipynb_checkpoints" not in file.parts
    }
    folders = {DOWNLOADS: "exercises"}
    if publish_solutions:
        folders[SOLUTIONS] = "solutions"
    for folder, origin in folders.items():
        for file in (ROOT / origin / edition).glob("*/*.ipynb"):
            if file.stem == file.parent.name:  # not what a student has set aside
                files[folder + file.name] = file
    for folder in SHOWN:
        for file in (ROOT / folder).glob("*.py"):
            files[f"{folder}/{file.name}"] = file
    incremental.update_copies(files, destination)
    # No page shows what is downloaded, so its change is no reason to read one again.
    for file in (destination / DOWNLOADS).iterdir():
        os.utime(file, (0, 0))


def write_toc(app: Sphinx, name: str, toc: dict[str, Any]) -> str:
    path = Path(app.doctreedir) / f"{name}-toc.yml"
    text = yaml.safe_dump(toc, allow_unicode=True, sort_keys=False)
    # An unchanged file keeps its time, so that nothing is built again.
    if not path.exists() or path.read_text("utf8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return path.as_posix()


# The landing page


def prepare_landing_page(app: Sphinx, config: Config) -> None:
    """Let the build of jupyter-book itself make the landing page and nothing else."""
    if config.edition:
        return
    app.srcdir = type(app.srcdir)(BOOK)
    landing = {"format": "jb-book", "root": "index"}
    config.external_toc_path = write_toc(app, "landing", landing)
    config.templates_path = [str(BOOK / "_templates")]
    config.bibtex_bibfiles = []


def begin_landing_page(app: Sphinx) -> None:
    """Remove what lies beside the editions; the landing page is built anew each time."""
    if app.config.edition:
        return
    app.builder.search = False  # type: ignore[attr-defined]
    for entry in Path(app.outdir).glob("*"):
        if entry.is_file():
            entry.unlink()
        elif entry.name not in app.config.editions:
            shutil.rmtree(entry)


def read_landing_page(app: Sphinx, *_: object) -> list[str]:
    """Take the landing page for changed, so that its warnings are said each time."""
    return [] if app.config.edition else ["index"]


# The editions


def build_editions(app: Sphinx, exception: Exception | None) -> None:
    """Build each edition with the configuration of this build, side by side."""
    if app.config.edition or exception:
        return
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    published = app.config.publish_solutions
    overrides = {**app.config.overrides, "extensions": list(app.config.extensions)}
    names = list(app.config.editions)
    failed = []
    # The main module of jupyter-book must not run again in the new processes.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(names), mp_context=spawn) as pool:
        builds = {}
        for name in names:
            toc_path = write_toc(app, name, edition_toc(toc, name, published))
            sources = Path(app.doctreedir).parent / "sources" / name
            gather_sources(name, published, sources)
            arguments = {
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
            logger.info("building the edition %s ...", name)
            builds[name] = pool.submit(
                build_edition, names, bool(app.fresh_env_used), arguments
            )
        for name, build in builds.items():
            if result := build.result():
                failed.append(f"building the edition {name} failed: {result}")
            else:
                logger.info(
                    "the edition %s is in %s", name, Path(app.outdir) / name
                )
    if failed:
        raise ExtensionError("\n".join(failed))


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


def add_edition_to_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document,
) -> str | None:
    """Mend where lines may break; tell the templates of the other edition."""
    if not app.config.edition:
        return "landing.html" if pagename == "index" else None
    up = "../" * (pagename.count("/") + 1)
    if "body" in context:
        context["body"] = PUNCTUATED_MATH.sub(
            r'<span class="nobreak">\g<0></span>', context["body"]
        )
        context["body"] = DOTTED_CODE.sub("\u200b\\g<0>", context["body"])
        # The list of references has items, for which ARIA has given up a name of their own.
        context["body"] = context["body"].replace('"doc-biblioentry"', '"listitem"')
    if pagename.startswith(SOLUTIONS) and "body" in context:
        context["body"] = behind_a_warning(
            context["body"], *app.config.solution_warning
        )
    context["edition"] = app.config.edition
    source = BOOK / app.config.edition / f"{pagename}.ipynb"
    if source.exists() and pagename != "index":
        box = app.builder.templates.render(
            "run-chapter.html", running(app.config, pagename)
        )
        context["body"] = context["body"].replace("</h1>", "</h1>" + box, 1)
    context["editions"] = [
        {
            "name": name,
            "lang": own["language"].replace("_", "-"),
            "url": f"{up}{name}/{pagename}.html",
        }
        for name, own in app.config.editions.items()
    ]
    return None


def behind_a_warning(body: str, warning: str, button: str) -> str:
    """Fold a page away below its title, so that nobody sees a solution by accident."""
    title, rest = body.split("</h1>", maxsplit=1)
    content, end = rest.rsplit("</section>", maxsplit=1)
    return (
        f'{title}</h1><details class="solution"><summary><span>{warning}</span> '
        f"<b>{button}</b></summary>{content}</details></section>{end}"
    )


# To run a chapter


def check_repository(app: Sphinx, config: Config) -> None:
    if config.repository and not GITHUB.fullmatch(config.repository):
        raise ConfigError(
            f"_config.yml: repository is {config.repository!r}; expected the address of a "
            "repository on GitHub, such as https://github.com/owner/course, or nothing"
        )


def running(config: Config, chapter: str) -> dict[str, Any]:
    """What the box below the title of a chapter says of running it."""
    notebook = f"book/{config.edition}/{chapter}.ipynb"
    launches = []
    if found := GITHUB.fullmatch(config.repository):
        name = found[1]
        colab = (
            f"https://colab.research.google.com/github/{name}/blob/main/{notebook}"
        )
        binder = (
            f"https://mybinder.org/v2/gh/{name}/main?urlpath=lab/tree/{notebook}"
        )
        launches = [
            {"name": "Binder", "url": binder},
            {"name": "Colab", "url": colab},
        ]
    return {
        "edition": config.edition,
        "chapter": chapter,
        "notebook": f"{NOTEBOOKS}{chapter}.ipynb",
        "repository": config.repository,
        "launches": launches,
    }


def offer_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Lay the notebooks of an edition beside its pages, as they are."""
    if exception or not app.config.edition or app.builder.format != "html":
        return
    notebooks = (BOOK / app.config.edition).glob("*.ipynb")
    incremental.update_copies(
        {file.name: file for file in notebooks}, Path(app.outdir) / NOTEBOOKS
    )


# The Chinese search


class SearchChineseByVocabulary(SearchChinese):
    """Sphinx's Chinese search, mended so that whole terms are found.

    The terms of the course's glossary count as words. Chinese is written without
    spaces, so in the browser the query is cut, too: at each place the longest word
    that the index knows is taken.
    """

    js_splitter_code = """
function splitQuery(query) {
  const index = Search._index;
  const known = new Set([...Object.keys(index.terms), ...Object.keys(index.titleterms)]);
  const cut = (han) => {
    const words = [];
    for (let start = 0; start < han.length; ) {
      let end = han.length;
      while (end > start + 1 && !known.has(han.slice(start, end))) end -= 1;
      if (end > start + 1) words.push(han.slice(start, end));
      start = end;
    }
    return words.length ? words : [han];
  };
  const runs = query.toLowerCase().match(/[\\p{Script=Han}]+|[^\\p{Script=Han}]+/gu) || [];
  return runs.flatMap((run) =>
    /\\p{Script=Han}/u.test(run) ? cut(run) : run.split(/[^\\p{Letter}\\p{Number}_]+/u)
  ).filter((word) => word);
}
"""

    def init(self, options: dict[str, str]) -> None:
        import jieba

        super().init(options)
        jieba.setLogLevel("ERROR")
        # The dictionary of the course is its glossary: each entry is one word.
        glossary = (BOOK / "zh" / "glossary.md").read_text("utf8")
        self.terms = re.findall(r"^(\S.*)\n:", glossary, re.MULTILINE)
        for term in self.terms:
            jieba.add_word(term, freq=1_000_000)

    def split(self, input: str) -> list[str]:
        # jieba gives the longest words; a term inside a longer one is found, too.
        return super().split(input) + [term for term in self.terms if term in input]

    def stem(self, word: str) -> str:
        # As in Sphinx, which looks for each word in a list of all Latin ones of the book.
        word = word.lower()
        stemmed = str(self.stemmer.stemWord(word))
        return word if len(stemmed) < 3 <= len(word) else stemmed
