"""What the pages of an edition have besides their text.

Each page knows its counterpart in the other edition, a chapter says below its title how to
run it, a solution is folded away, and lines break where they may.
"""

import re
from pathlib import Path
from typing import Any

import incremental
from contents import SOLUTIONS
from docutils import nodes
from markupsafe import Markup
from places import BOOK
from plain_notebooks import plain_notebook
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from templates import TEMPLATES

NOTEBOOKS = "notebooks/"  # of an edition, where its chapters to download are
# A browser would break a line behind a formula even before a comma.
PUNCTUATED_MATH = re.compile(
    r'<span class="math [^>]*>(?:(?!</span>).)*</span>[-,.;:!?)\]’”，。、；：！？）》”]+'
)
# A line cannot begin with a dot, so code such as `.grad` needs a place to break before it.
DOTTED_CODE = re.compile(r'<code class="[^"]*literal[^"]*"><span class="pre">\.')
# The mark # that links to a heading says what it is only where a pointer rests on it.
MARK = re.compile(r'(<a class="headerlink" href="[^"]*") (title="([^"]*)")')
GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)/?(?:\.git)?")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("repository", "", "html")  # of the course, on GitHub
    # The warning above a solution, and the words of the button that shows it.
    app.add_config_value("solution_warning", ["", ""], "html")
    app.connect("config-inited", check_repository)
    app.connect("html-page-context", complete_page)
    app.connect("build-finished", offer_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def complete_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document,
) -> None:
    """Mend the body of a page of an edition, and tell the templates of its counterparts."""
    config = app.config
    if not config.edition:
        return
    context["edition"] = config.edition
    context["editions"] = counterparts(config, pagename)
    if "body" not in context:
        return
    body = mended(context["body"])
    if pagename.startswith(SOLUTIONS):
        body = behind_a_warning(body, *config.solution_warning)
    source = BOOK / config.edition / f"{pagename}.ipynb"
    if source.exists() and pagename != "index":
        box = app.builder.templates.render(
            "run-chapter.html", running(config, pagename)
        )
        body = body.replace("</h1>", "</h1>" + box, 1)
    context["body"] = body


def counterparts(config: Config, pagename: str) -> list[dict[str, str]]:
    """The same page in all editions, for the links between them."""
    up = "../" * (pagename.count("/") + 1)
    return [
        {
            "name": name,
            "lang": own["language"].replace("_", "-"),
            "url": f"{up}{name}/{pagename}.html",
        }
        for name, own in config.editions.items()
    ]


def mended(body: str) -> str:
    """Say where lines may break, name the marks of headings, and correct a role."""
    body = PUNCTUATED_MATH.sub(r'<span class="nobreak">\g<0></span>', body)
    body = DOTTED_CODE.sub("\u200b\\g<0>", body)
    body = MARK.sub(r'\1 aria-label="\3" \2', body)
    # The list of references has items, for which ARIA has given up a name of their own.
    return body.replace('"doc-biblioentry"', '"listitem"')


def behind_a_warning(body: str, warning: str, button: str) -> str:
    """Fold a page away below its title, so that nobody sees a solution by accident."""
    title, rest = body.split("</h1>", maxsplit=1)
    content, end = rest.rsplit("</section>", maxsplit=1)
    folded = TEMPLATES.get_template("solution.html").render(
        warning=warning, button=button, content=Markup(content)
    )
    return f"{title}</h1>{folded}</section>{end}"


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
    """Lay the notebooks of an edition, in plain Markdown, beside its pages."""
    if exception or not app.config.edition or app.builder.format != "html":
        return
    folder = Path(app.outdir) / NOTEBOOKS
    folder.mkdir(exist_ok=True)
    incremental.keep_files(folder, [f"{name}.ipynb" for name in notebooks(app)])
    for name in notebooks(app):
        (folder / f"{name}.ipynb").write_text(plain_notebook(app, name), "utf8")


def notebooks(app: Sphinx) -> list[str]:
    return [path.stem for path in (BOOK / app.config.edition).glob("*.ipynb")]
