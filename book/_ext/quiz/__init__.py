"""The quiz with which a reader checks what a chapter has taught.

``book/quizzes/CHAPTER.yml`` holds it in both languages. Here it becomes a section before the
exercises of the chapter, and the front page counts what is answered. ``reading`` checks the
file, ``directive`` makes questions and answers of it, ``parts`` and the template ``quiz.html``
turn these into HTML, ``words`` holds what they say in every chapter, and ``quiz.js`` judges
the answers in the browser.

The notebooks do not mention it, so that nobody sees a directive in JupyterLab: the section
is added to the source of a chapter when Sphinx reads it.
"""

import json
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from .directive import QuizDirective
from .parts import PARTS, Box, depart_part, html, visit_part
from .reading import QUIZZES, read_quizzes
from .words import WORDS, WORDS_OF_THE_FRONT_PAGE, in_json, words_of

# The section of the front page that lists the chapters.
CONTENTS = "index-what-the-course-is"
# The heading of the exercises, with its label.
EXERCISES = re.compile(r"^(?:\([\w-]+\)=\n)?## (?:Exercises|练习)$", re.MULTILINE)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("quizzes", {}, "")  # chapter -> the questions of its quiz
    app.connect("config-inited", load_quizzes)
    app.connect("env-get-outdated", pages_with_changed_quizzes)
    app.connect("source-read", add_section)
    app.add_directive("quiz", QuizDirective)
    app.connect("doctree-read", add_progress)
    app.connect("html-page-context", add_script_to_page)
    for node in PARTS:
        app.add_node(node, html=(visit_part, depart_part))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def load_quizzes(app: Sphinx, config: Config) -> None:
    pages = QUIZZES.with_name("en").glob("*.ipynb")
    quizzes = read_quizzes(QUIZZES, {page.stem for page in pages} - {"index"})
    if config.edition:  # the landing page has none
        config.quizzes = quizzes


def pages_with_changed_quizzes(
    app: Sphinx, env: BuildEnvironment, *_: object
) -> list[str]:
    """The chapters whose quiz differs from that of the last build, and what counts the answers."""
    before, now = getattr(env, "quizzes", {}), app.config.quizzes
    env.quizzes = now  # type: ignore[attr-defined]
    chapters = before.keys() | now.keys()
    changed = [name for name in chapters if before.get(name) != now.get(name)]
    return [*changed, "index"] if changed else []


def add_section(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the section with the quiz before the exercises of a chapter."""
    if docname not in app.config.quizzes:
        return
    title = WORDS["title"][app.config.edition]
    section = f"({docname}-check-yourself)=\n## {title}\n\n```{{quiz}}\n```\n\n"
    notebook, places = json.loads(source[0]), 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            cell["source"], found = EXERCISES.subn(rf"{section}\g<0>", text)
            places += found
    if places != 1:
        raise ExtensionError(
            f"{docname}: its quiz comes before its section of exercises; "
            f"expected one such section, found {places}"
        )
    source[0] = json.dumps(notebook)


def add_progress(app: Sphinx, doctree: nodes.document) -> None:
    """Put the place for what has been answered below the chapters on the front page."""
    if app.env.docname != "index" or not app.config.quizzes:
        return
    chapters = {
        chapter: [question["id"] for question in questions]
        for chapter, questions in app.config.quizzes.items()
    }
    words = words_of(WORDS_OF_THE_FRONT_PAGE, app.config.edition)
    section = next(
        s for s in doctree.findall(nodes.section) if CONTENTS in s["ids"]
    )
    lists = [place for place, part in enumerate(section) if is_list(part)]
    said, forget = in_json(words), words["forget"]
    progress = html(
        "progress", chapters=in_json(chapters), said=said, forget=forget
    )
    section.insert(lists[-1] + 1, Box("", **progress))


def is_list(node: nodes.Node) -> bool:
    return isinstance(node, nodes.bullet_list)


def add_script_to_page(
    app: Sphinx, pagename: str, template: str, context: Any, doctree: nodes.document
) -> None:
    if pagename in {"index", *app.config.quizzes} and app.config.quizzes:
        app.add_js_file("quiz.js", loading_method="defer")
