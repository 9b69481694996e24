"""The parts of a quiz as docutils nodes: each one names the macro of ``quiz.html`` that it is.

To the builders of other formats they are what they are called. A part without a macro is its
content alone.
"""

from functools import cache
from typing import Any

from docutils import nodes
from jinja2.environment import TemplateModule
from markupsafe import Markup
from templates import TEMPLATES

from .words import WORDS, words_of


class Box(nodes.container): ...


class Title(nodes.rubric): ...


class List(nodes.enumerated_list): ...


class Item(nodes.list_item): ...


class Line(nodes.paragraph): ...


PARTS = (Box, Title, List, Item, Line)


def html(macro: str, **values: object) -> dict[str, Any]:
    """The attributes of a part: its macro, and what that gets besides the content."""
    return {"macro": macro, "values": values}


@cache
def macros(edition: str) -> TemplateModule:
    words = words_of(WORDS, edition)
    return TEMPLATES.get_template("quiz.html").make_module({"words": words})


def visit_part(translator: Any, node: Any) -> None:
    node.begin = len(translator.body)


def depart_part(translator: Any, node: Any) -> None:
    if "macro" in node:
        macro = getattr(macros(translator.config.edition), node["macro"])
        content = Markup("".join(translator.body[node.begin :]))
        translator.body[node.begin :] = [macro(content=content, **node["values"])]
