"""What a page loads: one small style sheet, and scripts and figures that let the text come first.

The theme and the extensions bring a dozen style sheets and half a megabyte of icons, of
which the pages use little. Here the style sheets become one, ``site.css``, without the
rules that no page can use; the few icons are shapes in ``course.css``.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import tinycss2
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.images import get_image_size
from tinycss2.ast import AtRule, Node, QualifiedRule

FIGURE = re.compile(r'<img (?=[^>]*\bsrc="(?:\.\./)*_images/([^"]+)")')
SITE_SHEET = "site.css"
# What it is made of, in this order, which decides between rules of equal weight.
SHEETS = (
    "styles/bootstrap.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "copybutton.css",
    "mystnb.*.css",
    "exercise.css",
    "sphinx-design.min.css",
    "formulas.css",
    "quiz.css",
    "quiz-progress.css",
    "course.css",
)
GROUPS = {"media", "supports"}  # rules that hold rules
NAME = re.compile(r"[A-Za-z_][\w-]*")
# The classes and ids that a selector asks for; but not what it must not find, one of
# several alternatives, or the value of an attribute.
WANTED = re.compile(r"[.#]([A-Za-z_][\w-]*)")
NOT_WANTED = re.compile(
    r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]"
)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", load_less, priority=900)
    app.connect("build-finished", write_site_sheet, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def load_less(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document,
) -> None:
    """Name the one style sheet instead of its parts; let scripts wait for the text."""
    static = {f"_static/{sheet}" for sheet in SHEETS}
    context["css_files"] = [
        sheet
        for sheet in context["css_files"]
        if not any(Path(sheet.filename).match(part) for part in static)
    ]
    context["script_files"] = [
        script
        for script in context["script_files"]
        # Of use for a list of versions only, and in need of a script that waits.
        if "DOCUMENTATION_OPTIONS.pagename" not in script.attributes.get("body", "")
    ]
    context["body"] = FIGURE.sub(partial(later, app), context.get("body", ""))
    # The scripts of the search run one after another, as they stand.
    if pagename != "search":
        context["script_files"] = [waiting(s) for s in context["script_files"]]


def waiting(script: Any) -> Any:
    """The script, but run when the text is there. (Pages share what is not a copy.)"""
    if not script.filename:
        return script
    attributes = {"defer": "defer"} | script.attributes
    return type(script)(script.filename, priority=script.priority, **attributes)


def later(app: Sphinx, figure: re.Match[str]) -> str:
    """Load a figure when it comes near, into a space that is kept for it."""
    sources = {name: source for source, name in app.builder.images.items()}
    size = get_image_size(str(Path(app.srcdir) / sources[unquote(figure[1])]))
    space = f'width="{size[0]}" height="{size[1]}" ' if size else ""
    return f'{figure[0]}loading="lazy" decoding="async" {space}'


def write_site_sheet(app: Sphinx, exception: Exception | None) -> None:
    """Join the style sheets, without what neither a page nor a script mentions."""
    if exception or not app.config.edition:
        return
    static = Path(app.outdir) / "_static"
    mentioned: set[str] = set()
    for file in [*Path(app.outdir).rglob("*.html"), *static.rglob("*.js")]:
        mentioned.update(NAME.findall(file.read_text("utf8")))
    joined = []
    for pattern in SHEETS:
        (sheet,) = static.glob(pattern)
        joined.append(used_rules(sheet.read_text("utf8"), mentioned))
    (static / SITE_SHEET).write_text("\n".join(joined), "utf8")


def used_rules(css: str, mentioned: set[str]) -> str:
    """Drop comments, and the rules whose classes or ids nothing mentions.

    Args:
        css: A style sheet.
        mentioned: All names that occur in the pages and in the scripts, whatever for:
            what is kept in vain costs little, what is missing would show.
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(used(rules, mentioned))


def used(rules: list[Node], mentioned: set[str]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = tinycss2.serialize(rule.prelude).strip()
            kept = [
                s for s in split_selectors(selectors) if can_match(s, mentioned)
            ]
            if kept:
                yield f"{','.join(kept)}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in GROUPS:
            inner = tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            if kept_inside := "".join(used(inner, mentioned)):
                condition = tinycss2.serialize(rule.prelude).strip()
                yield f"@{rule.at_keyword} {condition}{{{kept_inside}}}"
        elif isinstance(rule, AtRule) and rule.lower_at_keyword != "charset":
            yield rule.serialize()


def split_selectors(selectors: str) -> list[str]:
    """Split at the commas that are not inside of parentheses or brackets."""
    return [
        part.strip()
        for part in re.split(r",(?![^()]*\)|[^\[\]]*\])", selectors)
        if part.strip()
    ]


def can_match(selector: str, mentioned: set[str]) -> bool:
    """Whether every class and id that a selector wants is mentioned somewhere."""
    names = WANTED.findall(NOT_WANTED.sub("", selector))
    return all(name in mentioned for name in names)
