"""Which cell of the release each cell of a submission was, and of which assignment it is.

A cell is recognized by nbgrader's name for it, else by the notebook's own id for it, else by its
content, else by the place between its neighbours.
"""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from nbformat import NotebookNode

from lr_grading.assignments import grade_id, kind
from lr_grading.messages import LANGUAGES
from lr_grading.submitted import Cell, Findings, read_cells


def recognize(content: bytes, releases: Mapping[str, NotebookNode]) -> str | None:
    """The assignment that a file is, by the names of its answers."""
    cells = read_cells(content, Findings(LANGUAGES[0]), [])
    return belongs_to(cells, releases) if cells else None


def recognize_cells(cells: list[Cell], release: NotebookNode) -> None:
    """Find out which cell of the release each cell was; its ``name`` is that cell's id."""
    by_grade_id = {grade_id(cell): cell.id for cell in release.cells if grade_id(cell)}
    ids = {cell.id for cell in release.cells}
    for cell in cells:
        if cell.grade_id in by_grade_id:
            cell.name, cell.how = by_grade_id[cell.grade_id], "name"
        elif cell.id in ids:
            cell.name, cell.how = cell.id, "id"
    _cut_off_prose(cells, release)
    _recognize_by_content(cells, release)
    _recognize_by_place(cells, release)


def _cut_off_prose(cells: list[Cell], release: NotebookNode) -> None:
    """Where a cell was merged into the text above it, make it a cell again."""
    prose = {
        cell.id: cell.source.strip()
        for cell in release.cells
        if cell.cell_type == "markdown" and kind(cell) == "other" and cell.source.strip()
    }
    wanted = [definitions(cell.source) for cell in release.cells if kind(cell) == "answer"]
    for number, cell in reversed(list(enumerate(cells))):
        above = prose.get(cell.name or "")
        if above is None or not cell.source.strip().startswith(above):
            continue
        rest = cell.source.strip()[len(above) :].strip("\n")
        if rest.strip():
            code = any(names and names <= definitions(rest) for names in wanted)
            made = Cell("code" if code else cell.cell_type, rest, f"{cell.id}-rest", None)
            made.attachments = cell.attachments
            cell.source = above
            cells.insert(number + 1, made)


def _recognize_by_content(cells: list[Cell], release: NotebookNode) -> None:
    taken = {cell.name for cell in cells}
    for original in release.cells:
        if original.id in taken:
            continue
        same = [cell for cell in cells if cell.name is None and _resembles(cell, original)]
        for cell in same:
            cell.name, cell.how = original.id, "by_content"


def _resembles(cell: Cell, original: NotebookNode) -> bool:
    if kind(original) == "written":
        return False  # an answer in words can be anything
    if kind(original) == "answer":
        defined = definitions(original.source)
        return bool(defined) and defined <= definitions(cell.source)
    if not original.source.strip():
        return False
    if original.source.strip() == cell.source.strip():
        return True
    matcher = SequenceMatcher(None, original.source, cell.source, autojunk=False)
    return min(len(cell.source), len(original.source)) > 40 and (
        matcher.real_quick_ratio() > 0.9 and matcher.quick_ratio() > 0.9 and matcher.ratio() > 0.9
    )


def definitions(source: str) -> set[str]:
    """The functions and classes that a piece of code begins to define at its left edge."""
    return set(re.findall(r"^(?:def|class) +(\w+)", source, re.MULTILINE))


def _recognize_by_place(cells: list[Cell], release: NotebookNode) -> None:
    """Give nameless cells the name of the one answer that is missing between their neighbours."""
    places = {cell.id: place for place, cell in enumerate(release.cells)}
    taken = {places[cell.name] for cell in cells if cell.name is not None}
    for place, original in enumerate(release.cells):
        what = kind(original)
        if what not in ("answer", "written") or place in taken:
            continue
        before = max((other for other in taken if other < place), default=-1)
        after = min((other for other in taken if other > place), default=len(places))
        rivals = [c for c in release.cells[before + 1 : after] if kind(c) == what]
        if len(rivals) > 1:
            continue  # it could be any of them
        numbers = {places.get(cell.name or "", -1): i for i, cell in enumerate(cells) if cell.name}
        start, end = numbers.get(before, -1) + 1, numbers.get(after, len(cells))
        for cell in cells[start:end]:
            nameless = cell.name is None and cell.grade_id is None and cell.source.strip()
            if nameless and cell.cell_type == original.cell_type:
                cell.name, cell.how = original.id, "by_place"


def belongs_to(cells: list[Cell], others: Mapping[str, NotebookNode]) -> str | None:
    """The assignment whose answers these cells are."""
    for name, release in others.items():
        answers = {grade_id(cell) for cell in release.cells if kind(cell) == "answer"}
        if answers & {cell.grade_id for cell in cells}:
            return name
    return None
