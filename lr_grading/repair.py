"""Repair what a student has handed in, as far as it can be, and say what was done.

The release is the model: its cells come in its order, with its checks and its
metadata, and only the answers, and cells that the student has added, are taken from
the submission. A cell is recognized by nbgrader's name for it, else by the notebook's
own id for it, else by its content, else by the place between its neighbours.
"""

import ast
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from lr_grading.assignments import grade_id, kind
from lr_grading.limits import FILE_MEGABYTES
from lr_grading.messages import LANGUAGES, text
from lr_grading.results import METADATA

REPORT_ID = "preflight-report"


@dataclass
class Cell:
    """A cell of a submission, as it came."""

    cell_type: str
    source: str
    id: str
    grade_id: str | None
    name: str | None = None  # of the release's cell that it was recognized as
    how: str = ""


@dataclass
class Findings:
    """What the pre-flight check has found, in the language of the edition."""

    language: str
    lines: list[str] = field(default_factory=list)
    unanswered: bool = False  # nothing of the file could be used
    other_edition: bool = False  # its cells are those of the other language

    def add(self, message: str, **values: object) -> None:
        self.lines.append(text(self.language, message, **values))


def repair(
    content: str | bytes,
    release: NotebookNode,
    *,
    name: str,
    language: str,
    others: Mapping[str, NotebookNode] | None = None,
    found: list[str] | None = None,
) -> tuple[NotebookNode, Findings]:
    """Make a notebook that can be marked out of whatever was handed in.

    Args:
        content: The file; empty where there is none.
        release: The notebook as it was handed out.
        name: The assignment.
        language: The language of the report, "en" or "zh".
        others: Releases of the other assignments, to recognize a mix-up.
        found: Names of other files that were handed in, to name where the notebook is missing.

    Returns:
        The release with the answers of the submission filled in, and the findings. The
        notebook is new; nothing is changed in place.
    """
    findings = Findings(language)
    cells = _read(content, findings, found or [])
    if cells is not None:
        _recognize(cells, release)
        recognized = {kind(cell) for cell in release.cells if cell.id in {c.name for c in cells}}
        if "answer" not in recognized:
            other = _belongs_to(cells, others or {})
            if other:
                findings.add("other_assignment", other=other, name=name)
                cells = None
            elif "written" not in recognized:
                findings.add("nothing_matched")
                cells = None
    if cells is None:
        findings.unanswered = True
        return deepcopy(release), findings
    if edition_of(content) not in (None, language):
        findings.add("other_edition")
        findings.other_edition = True
    return _rebuild(cells, release, findings), findings


def edition_of(content: str | bytes) -> str | None:
    """The language that the checks of a notebook speak; None where it has none."""
    if isinstance(content, bytes):
        content = content.decode("utf8", errors="replace")
    spoken = re.findall(r'Question\([^)]{1,60}language=\\?"(\w+)', content)
    counted = Counter(language for language in spoken if language in LANGUAGES)
    return counted.most_common(1)[0][0] if counted else None


def recognize(content: bytes, releases: Mapping[str, NotebookNode]) -> str | None:
    """The assignment that a file is, by the names of its answers."""
    cells = _read(content, Findings(LANGUAGES[0]), [])
    return _belongs_to(cells, releases) if cells else None


def with_report(notebook: NotebookNode, findings: Findings) -> NotebookNode:
    """The notebook with the findings as its first cell, for the teacher and the feedback."""
    if not findings.lines:
        return notebook
    title = text(findings.language, "preflight")
    body = "\n".join(f"- {line}" for line in findings.lines)
    metadata = {METADATA: {"findings": findings.lines}}
    report = new_markdown_cell(f"**{title}**\n\n{body}", id=REPORT_ID, metadata=metadata)
    copy = deepcopy(notebook)
    copy.cells.insert(0, report)
    return copy


def reported(notebook: NotebookNode) -> list[str]:
    """The findings that were added to a notebook."""
    (first, *_) = notebook.cells
    if first.get("id") != REPORT_ID:
        return []
    return list(first.metadata.get(METADATA, {}).get("findings", []))


def _read(content: str | bytes, findings: Findings, found: list[str]) -> list[Cell] | None:
    """The cells of a file, or None with the reason why there are none."""
    if len(content) > FILE_MEGABYTES * 10**6:
        findings.add("too_large", size=len(content) // 10**6, limit=FILE_MEGABYTES)
        return None
    if isinstance(content, bytes):
        content = content.decode("utf-8-sig", errors="replace")
    if not content.strip():
        names = text(findings.language, "found_files", names=", ".join(found)) if found else ""
        findings.add("empty", found=names)
        return None
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError) as error:
        findings.add("not_json", error=str(error)[:100])
        return None
    cells = loaded.get("cells") if isinstance(loaded, dict) else None
    if cells is None and isinstance(loaded, dict):  # a notebook of before 2015
        try:
            cells = nbformat.convert(nbformat.from_dict(loaded), 4).get("cells")
        except Exception:
            cells = None
    if not isinstance(cells, list):
        findings.add("not_notebook")
        return None
    _note_kernel(loaded, findings)
    read = []
    for number, cell in enumerate(cells, start=1):
        known = _cell(cell)
        if known is None:
            findings.add("unreadable_cell", number=number)
        elif known.id != REPORT_ID:
            read.append(known)
    return read


def _note_kernel(loaded: dict[str, Any], findings: Findings) -> None:
    metadata = loaded.get("metadata")
    kernelspec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    kernel = kernelspec.get("name") if isinstance(kernelspec, dict) else None
    if kernel not in (None, "python3"):
        findings.add("kernel", kernel=str(kernel)[:60])


def _cell(raw: object) -> Cell | None:
    if not isinstance(raw, dict):
        return None
    source = raw.get("source", "")
    if isinstance(source, list):
        source = "".join(map(str, source))
    if not isinstance(source, str):
        return None
    metadata = raw.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    source = source.encode("utf8", "replace").decode("utf8")  # half of a surrogate pair
    name = name if isinstance(name, str) else None
    return Cell(str(raw.get("cell_type")), source, str(raw.get("id")), name)


def _recognize(cells: list[Cell], release: NotebookNode) -> None:
    """Find out which cell of the release each cell was; its ``name`` is that cell's id."""
    by_grade_id = {grade_id(cell): cell.id for cell in release.cells if grade_id(cell)}
    ids = {cell.id for cell in release.cells}
    for cell in cells:
        if cell.grade_id in by_grade_id:
            cell.name, cell.how = by_grade_id[cell.grade_id], "name"
        elif cell.id in ids:
            cell.name, cell.how = cell.id, "id"
    _recognize_by_content(cells, release)
    _recognize_by_place(cells, release)


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
        defined = _definitions(original.source)
        return bool(defined) and defined <= _definitions(cell.source)
    if not original.source.strip():
        return False
    if original.source.strip() == cell.source.strip():
        return True
    matcher = SequenceMatcher(None, original.source, cell.source, autojunk=False)
    return min(len(cell.source), len(original.source)) > 40 and (
        matcher.real_quick_ratio() > 0.9 and matcher.quick_ratio() > 0.9 and matcher.ratio() > 0.9
    )


def _definitions(source: str) -> set[str]:
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


def _belongs_to(cells: list[Cell], others: Mapping[str, NotebookNode]) -> str | None:
    """The assignment whose answers these cells are."""
    for name, release in others.items():
        answers = {grade_id(cell) for cell in release.cells if kind(cell) == "answer"}
        if answers & {cell.grade_id for cell in cells}:
            return name
    return None


def _rebuild(cells: list[Cell], release: NotebookNode, findings: Findings) -> NotebookNode:
    pieces: dict[str, list[Cell]] = defaultdict(list)
    added: dict[str | None, list[Cell]] = defaultdict(list)
    last: str | None = None
    originals = {cell.id: cell for cell in release.cells}
    for cell in cells:
        if cell.name is not None:
            pieces[cell.name].append(cell)
            last = cell.name
        elif last is not None and _continues(pieces[last], cell, originals[last]):
            pieces[last].append(cell)  # the second half of an answer that was split
        else:
            added[last].append(cell)
    _note_order(cells, release, findings)

    defined = set().union(*(_definitions(cell.source) for cell in cells))
    notebook = deepcopy(release)
    notebook.cells = [_new_cell(cell) for cell in added[None]]
    for original in release.cells:
        parts = pieces[original.id]
        if kind(original) == "answer":
            earlier, parts = _attempts(original, parts)
            notebook.cells.extend(_new_cell(cell) for cell in earlier)
        restored = _restored(original, parts, findings)
        if kind(original) == "answer" and not parts and _defined_elsewhere(original, defined):
            restored.source = ""  # the empty cell would undo the answer
        notebook.cells.append(restored)
        if kind(original) == "other" and grade_id(original) is not None:
            # An import that was added to a locked cell may be needed further on.
            notebook.cells.extend(
                _new_cell(part)
                for part in parts
                if part.source.strip() != original.source.strip() and part.cell_type == "code"
            )
        notebook.cells.extend(_new_cell(cell) for cell in added[original.id])
    _make_ids_unique(notebook)
    return notebook


def _defined_elsewhere(original: NotebookNode, defined: set[str]) -> bool:
    wanted = _definitions(original.source)
    return bool(wanted) and wanted <= defined


def _attempts(original: NotebookNode, parts: list[Cell]) -> tuple[list[Cell], list[Cell]]:
    """Keep several attempts at an answer apart: each ran in a cell of its own, the last one counts.

    Pieces that are code only together are one answer that was split.
    """
    worked_on = [part for part in parts if part.source.strip() != original.source.strip()]
    whole = all(_parses(part.source) for part in worked_on)
    together = _parses("\n".join(part.source for part in worked_on))
    if len(worked_on) > 1 and (whole or not together) and _parses(worked_on[-1].source):
        earlier = [part for part in worked_on[:-1] if part.source != worked_on[-1].source]
        return earlier, [worked_on[-1]]
    return [], parts


def _continues(parts: list[Cell], cell: Cell, original: NotebookNode) -> bool:
    """Whether a cell completes code that is no code without it."""
    if kind(original) != "answer" or cell.cell_type != "code":
        return False
    before = "\n".join(part.source for part in parts)
    indented = cell.source[:1] in (" ", "\t")
    return (indented or not _parses(before)) and _parses(before + "\n" + cell.source)


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _restored(original: NotebookNode, parts: list[Cell], findings: Findings) -> NotebookNode:
    """A cell of the release, with the answer filled in if it is there for one."""
    cell = deepcopy(original)
    what = kind(original)
    if what == "other" and grade_id(original) is None:
        # Prose is the assignment's; in a cell to try things out, the student's code stays.
        if parts and original.cell_type == "code" and parts[0].cell_type == "code":
            cell.source = parts[0].source
        return cell
    name = grade_id(original)
    if what in ("answer", "written"):
        if not parts:
            findings.add("answer_missing", name=name)
            return cell
        if any(part.how in ("by_content", "by_place") for part in parts):
            how = text(findings.language, parts[0].how)
            findings.add("recognized", name=name, how=how)
        if any(part.cell_type != original.cell_type for part in parts):
            findings.add("answer_type" if what == "answer" else "written_type", name=name)
        cell.source = _joined(original, parts, findings)
        return cell
    if not parts:
        findings.add("checks_missing", name=name)
    elif len(parts) > 1:
        findings.add("checks_twice", name=name, count=len(parts))
    changed = any(
        part.source.strip() != original.source.strip() or part.cell_type != original.cell_type
        for part in parts
    )
    if changed and not findings.other_edition:
        findings.add("checks_changed", name=name)
    return cell


def _joined(original: NotebookNode, parts: list[Cell], findings: Findings) -> str:
    """One answer out of its pieces: repeated and untouched ones count once."""
    sources = list(dict.fromkeys(part.source for part in parts))
    worked_on = [source for source in sources if source.strip() != original.source.strip()]
    if len(worked_on) > 1:
        findings.add("answer_joined", name=grade_id(original), count=len(worked_on))
    return "\n".join(worked_on or sources)


def _note_order(cells: list[Cell], release: NotebookNode, findings: Findings) -> None:
    place = {cell.id: number for number, cell in enumerate(release.cells)}
    places = [place[cell.name] for cell in cells if cell.name is not None]
    if places != sorted(places):
        findings.add("reordered")


def _new_cell(cell: Cell) -> NotebookNode:
    make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    made: NotebookNode = make(cell.source)
    return made


def _make_ids_unique(notebook: NotebookNode) -> None:
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        seen[cell.id] += 1
        if seen[cell.id] > 1:
            cell.id = f"{cell.id}-{seen[cell.id]}"
