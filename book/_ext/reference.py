"""The pages of reference: the directive ``reference``, which shows what ``lr_lib`` offers.

::

    .. reference::
       lr_lib.sgd
       lr_lib.train

shows the signature and the docstring of each name. griffe reads them in the source, so that
building the book needs no PyTorch. Of the annotations the types are shown, without the rules
that ``lr_lib.arguments`` adds to them.
"""

from functools import cache
from pathlib import Path
from textwrap import indent
from typing import Any

import griffe
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import GoogleDocstring
from sphinx.util.docutils import SphinxDirective

LIBRARY = "lr_lib"
# Attributes are fields of a class, as parameters are.
DOCSTRINGS: Any = Config(napoleon_use_ivar=True)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("reference", Reference)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Reference(SphinxDirective):
    """Functions, classes and constants, as the domain of Python describes them."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        for file in sorted((Path(self.env.srcdir) / LIBRARY).glob("*.py")):
            self.env.note_dependency(str(file))
        texts = [
            describe(self.find(name), name) for name in self.arguments[0].split()
        ]
        found = self.parse_text_to_nodes(
            f".. py:currentmodule:: {LIBRARY}\n\n" + "\n".join(texts)
        )
        for node in found:
            for paragraph in node.findall(nodes.paragraph):
                paragraph["classes"].append("language-en")  # in every edition
        return found

    def find(self, name: str) -> Any:
        """What the source says of a name that readers can import."""
        try:
            thing = library(str(self.env.srcdir))[name.removeprefix(f"{LIBRARY}.")]
        except KeyError:
            raise self.error(
                f"there is no {name!r}; expected a name that can be imported, such as {LIBRARY}.sgd"
            ) from None
        return thing.final_target if thing.is_alias else thing


@cache
def library(folder: str) -> Any:
    """What the source of the library in a folder says."""
    return griffe.load(LIBRARY, search_paths=[folder])


def describe(thing: Any, name: str, *, method: bool = False) -> str:
    """The reStructuredText that describes a thing and, of a class, its methods.

    Args:
        thing: What griffe has read.
        name: The name under which readers import it; of a method, its name alone.
        method: Whether it is one.
    """
    module, _, short = name.rpartition(".")
    options = [":no-index-entry:", *([f":module: {module}"] if module else [])]
    docstring = thing.docstring.value if thing.docstring else ""
    content = [str(GoogleDocstring(docstring, DOCSTRINGS))]
    if thing.is_class:
        content += [
            describe(member, member.name, method=True) for member in methods(thing)
        ]
    below = indent("\n".join(options) + "\n\n" + "\n\n".join(content), "   ")
    return (
        f".. py:{role(thing, method=method)}:: {signature(thing, short)}\n{below}\n"
    )


def methods(thing: Any) -> list[Any]:
    """The public methods that a class itself defines and describes."""
    members = thing.members.values()
    return [m for m in members if m.is_function and m.is_public and m.docstring]


def role(thing: Any, *, method: bool) -> str:
    """What Sphinx' domain of Python calls it."""
    if method:
        return "method"
    if thing.is_class:
        return "exception" if thing.name.endswith("Error") else "class"
    return "function" if thing.is_function else "data"


def signature(thing: Any, name: str) -> str:
    if thing.is_attribute:
        return name
    for parameter in thing.parameters:
        parameter.annotation = without_rules(parameter.annotation)
    return thing.signature(name=name) or name


def without_rules(annotation: Any) -> Any:
    """The type in an annotation: ``int`` in ``Annotated[int, ...]`` and in ``PositiveWhole``."""
    path = getattr(annotation, "canonical_path", "")
    if path == "typing.Annotated":
        return without_rules(annotation.slice.elements[0])
    if path.startswith(f"{LIBRARY}."):
        named = annotation.parent.modules_collection[path]
        return without_rules(named.value) if named.is_attribute else annotation
    return annotation
