"""The pages of reference: all that the library offers, as Python itself sees it."""

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from functools import cache
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from reference import Reference

import lr_lib
import lr_lib.physics
from tests.course import EDITIONS, ROOT, SITE

# In what words and in which language the library refuses arguments. Readers import none of it but
# ``set_language``, which ``lr_lib`` offers.
FOR_MAINTAINERS = {"arguments", "language"}
pytestmark = pytest.mark.usefixtures("built_site")


def modules() -> list[ModuleType]:
    names = [module.name for module in pkgutil.iter_modules(lr_lib.__path__)]
    return [importlib.import_module(f"lr_lib.{n}") for n in names if n not in FOR_MAINTAINERS]


def public() -> dict[str, Any]:
    """The functions and classes that readers import, and the methods of these classes."""
    found = {f"lr_lib.{name}": getattr(lr_lib, name) for name in lr_lib.__all__}
    for module in modules():
        for name, thing in own(module).items():
            if getattr(lr_lib, name, None) is not thing:
                found[f"{module.__name__}.{name}"] = thing
    for name, thing in list(found.items()):
        if isinstance(thing, type):
            members = vars(thing).items()
            methods = {m: f for m, f in members if isinstance(f, FunctionType) and m[0] != "_"}
            found |= {f"{name}.{method}": function for method, function in methods.items()}
    return found


def own(module: ModuleType) -> dict[str, Any]:
    return {
        name: thing
        for name, thing in vars(module).items()
        if isinstance(thing, FunctionType | type)
        and thing.__module__ == module.__name__
        and not name.startswith("_")
    }


CONSTANTS = {f"lr_lib.physics.{name}" for name in vars(lr_lib.physics) if name.isupper()}
PUBLIC = public()
every_edition = pytest.mark.parametrize("edition", EDITIONS)
every_name = pytest.mark.parametrize("name", PUBLIC)


@cache
def page(edition: str) -> BeautifulSoup:
    return BeautifulSoup((SITE / edition / "reference.html").read_text("utf8"), "html.parser")


def entry(edition: str, name: str) -> tuple[Tag, Tag]:
    """The signature and the description of a name."""
    head = page(edition).find("dt", id=name)
    assert isinstance(head, Tag), f"{name} is not on the page"
    body = head.find_next_sibling("dd")
    assert isinstance(body, Tag)
    return head, body


@every_edition
def test_the_page_has_every_public_name_and_no_other(edition: str) -> None:
    assert {str(head["id"]) for head in page(edition).select("dt.sig")} == PUBLIC.keys() | CONSTANTS


@every_edition
@every_name
def test_the_first_line_of_the_docstring_is_there(edition: str, name: str) -> None:
    docstring = inspect.cleandoc(PUBLIC[name].__doc__)
    paragraph = entry(edition, name)[1].p
    assert isinstance(paragraph, Tag)
    assert paragraph["lang"] == "en"
    # The page has typographic quotation marks, and no marks around code.
    first, shown = (
        re.sub(r"[`*'’\s-]|–", "", text)
        for text in (docstring.split("\n")[0], paragraph.get_text())
    )
    assert shown.startswith(first)


@every_edition
@every_name
def test_the_signature_is_the_one_of_the_library(edition: str, name: str) -> None:
    thing = PUBLIC[name]
    shown, real = signature_shown(edition, name), inspect.signature(thing)
    expected = [p for p in real.parameters.values() if p.name != "self"]
    assert [(p.name, p.kind) for p in shown.parameters.values()] == [
        (p.name, p.kind) for p in expected
    ]
    for parameter in expected:
        on_page = shown.parameters[parameter.name]
        assert same_default(on_page.default, parameter.default), parameter
        assert short(on_page.annotation) == short(parameter.annotation), parameter
    if isinstance(thing, FunctionType):
        assert short(shown.return_annotation) == short(real.return_annotation)


def signature_shown(edition: str, name: str) -> inspect.Signature:
    """The signature on the page, as Python reads it."""
    head, _ = entry(edition, name)
    parameters = ", ".join(parameter.get_text() for parameter in head.select(".sig-param"))
    returned = "".join(hint.get_text() for hint in head.select(".sig-return-typehint"))
    arrow = f" -> {returned}" if returned else ""
    scope = dict(vars(sys.modules[PUBLIC[name].__module__]))
    future = "from __future__ import annotations"
    exec(f"{future}\ndef shown({parameters}){arrow}: ...", scope)
    return inspect.signature(scope["shown"])


def same_default(shown: Any, real: Any) -> bool:
    """Whether two defaults are the same; that of a dataclass may be made anew each time."""
    return bool(shown == real or (shown == [] and repr(real) == "<factory>"))


def short(annotation: Any) -> str:
    """A type without the modules from which its parts come."""
    if annotation is inspect.Signature.empty:
        return ""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"(?:\w+\.)+|[~']", "", text)


def test_fields_are_named_in_the_language_of_the_edition() -> None:
    labels = {
        edition: {
            label.find(string=True, recursive=False)
            for label in page(edition).select(".field-list dt")
        }
        for edition in EDITIONS
    }
    assert labels["en"] == {"Parameters", "Variables", "Returns", "Raises", "Yields"}
    assert labels["zh"] == {"参数", "变量", "返回", "抛出", "生成器"}


def test_the_pages_are_made_without_torch() -> None:
    program = (
        "import sys; sys.modules['torch'] = None; import reference;"
        "print(reference.describe(reference.library('.')['mechanics.model'], 'mechanics.model'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "book" / "_ext")},
        capture_output=True,
        text=True,
    )
    assert "model(t_u: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor" in done.stdout


@pytest.mark.parametrize("name", ["lr_lib.nothing", "lr_lib.Trainer.nothing", "nothing.sgd"])
def test_an_unknown_name_is_named(name: str) -> None:
    directive: Any = SimpleNamespace(env=SimpleNamespace(srcdir=ROOT), error=ValueError)
    with pytest.raises(ValueError, match=f"there is no '{name}'; expected .* lr_lib.sgd"):
        Reference.find(directive, name)
