"""No module of a package needs, by whatever way round, one that needs it."""

import ast
from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.course import ROOT

PACKAGES = ["lr_grading", "lr_lib"]


def imported(source: str, modules: Collection[str]) -> set[str]:
    """Which of ``modules`` a piece of code imports, be it at the top or in a function."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write the whole name of the module"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                names.add(whole if whole in modules else str(node.module))
    return names & set(modules)


def needs(package: str) -> dict[str, set[str]]:
    """The modules of a package, the package itself among them, and what each imports of it."""
    files = (ROOT / package).glob("*.py")
    sources = {f"{package}.{file.stem}": file.read_text("utf8") for file in files}
    sources[package] = sources.pop(f"{package}.__init__")
    return {name: imported(source, sources) for name, source in sources.items()}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_modules_import_each_other(package: str) -> None:
    graph = needs(package)
    assert graph[package], "the package imports its modules"
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" needs ".join(reversed(error.args[1])))


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("import a.b", "a.b"),
        ("from a import b", "a.b"),
        ("from a.b import f", "a.b"),
        ("from a import f", "a"),
        ("from c import b", None),
        ("def f():\n    from a import b", "a.b"),
    ],
)
def test_an_import_is_seen_however_it_is_written(source: str, module: str | None) -> None:
    """The test above can fail."""
    assert imported(source, {"a", "a.b"}) == ({module} if module else set())
