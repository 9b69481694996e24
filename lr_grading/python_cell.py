"""Run the code of a cell that is the course's own."""

import ast
import builtins
import linecache
import symtable
from collections.abc import Container
from typing import Any


def run_source(source: str, file: str, space: dict[str, Any]) -> Any:
    """Run the code of a cell.

    Args:
        source: The code.
        file: What messages and tracebacks call it.
        space: The names that it knows, and that it defines.

    Returns:
        The value of its last line if that is an expression, otherwise None.
    """
    remember(source, file)
    tree = ast.parse(source, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec"), space)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), file, "eval"), space)  # type: ignore[attr-defined]


def remember(source: str, file: str) -> None:
    """Let tracebacks and messages quote the lines of a cell."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)


def unknown_names(source: str, known: Container[str]) -> list[str]:
    """The names that a cell uses and that neither Python nor ``known`` has."""
    names = dict.fromkeys(_global_names(symtable.symtable(source, "<cell>", "exec")))
    return [name for name in names if name not in known and not hasattr(builtins, name)]


def _global_names(table: symtable.SymbolTable) -> list[str]:
    top = table.get_type() == "module"
    names = [
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (top or symbol.is_global())
    ]
    return names + [name for child in table.get_children() for name in _global_names(child)]
