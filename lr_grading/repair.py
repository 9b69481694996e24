"""Repair what a student has handed in, as far as it can be, and say what was done.

The release is the model: its cells come in its order, with its checks and its
metadata, and only the answers, and cells that the student has added, are taken from
the submission. ``lr_grading.recognition`` says which cell is which.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from copy import deepcopy

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from lr_grading.assignments import grade_id, kind, trusted_sources
from lr_grading.messages import text
from lr_grading.recognition import belongs_to, definitions, recognize_cells
from lr_grading.results import METADATA
from lr_grading.submitted import REPORT_ID, Cell, Findings, edition_of, read_cells
from lr_grading.suspicion import suspicions

SUSPICIONS = 10  # that a report names


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
    cells = read_cells(content, findings, found or [])
    if cells is not None:
        recognize_cells(cells, release)
        recognized = {kind(cell) for cell in release.cells if cell.id in {c.name for c in cells}}
        if "answer" not in recognized:
            other = belongs_to(cells, others or {})
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
    notebook = _rebuild(cells, release, findings)
    for suspicion in suspicions(notebook, trusted_sources(release))[:SUSPICIONS]:
        question = suspicion.question or text(language, "own_cell")
        findings.add("suspicious", question=question, line=suspicion.line, what=suspicion.what)
    return notebook, findings


def with_report(notebook: NotebookNode, findings: Findings) -> NotebookNode:
    """The notebook with the findings as its first cell, for the teacher and the feedback."""
    copy = deepcopy(notebook)
    copy.metadata[METADATA] = {"findings": findings.lines}
    if findings.lines:
        title = text(findings.language, "preflight")
        body = "\n".join(f"- {_not_markdown(line)}" for line in findings.lines)
        copy.cells.insert(0, new_markdown_cell(f"**{title}**\n\n{body}", id=REPORT_ID))
    return copy


def _not_markdown(line: str) -> str:
    """A line that may name a student's files or kernel, as text alone."""
    return re.sub(r"([\\`*_\[\]<>&$!|~])", r"\\\1", line)


def reported(notebook: NotebookNode) -> list[str]:
    """The findings that ``with_report`` noted: its metadata are ours, not the student's."""
    return list(notebook.metadata.get(METADATA, {}).get("findings", []))


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

    _take_over_beside(pieces, added, release, findings)
    defined = set().union(*(definitions(cell.source) for cell in cells))
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


def _take_over_beside(
    pieces: dict[str, list[Cell]],
    added: dict[str | None, list[Cell]],
    release: NotebookNode,
    findings: Findings,
) -> None:
    """Where the place for words was left as it was: take the words in new cells beside it."""
    for number, original in enumerate(release.cells):
        parts = pieces[original.id]
        if kind(original) != "written" or any(_worked_on(part, original) for part in parts):
            continue
        for place in (original.id, release.cells[number - 1].id):
            beside = [cell for cell in added[place] if cell.cell_type == "markdown"]
            if any(cell.source.strip() for cell in beside):
                added[place] = [cell for cell in added[place] if cell not in beside]
                pieces[original.id] = beside
                findings.add("written_beside", name=grade_id(original))
                break


def _worked_on(part: Cell, original: NotebookNode) -> bool:
    return part.source.strip() not in ("", original.source.strip())


def _defined_elsewhere(original: NotebookNode, defined: set[str]) -> bool:
    wanted = definitions(original.source)
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
        return _with_pictures(cell, parts)
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


def _with_pictures(cell: NotebookNode, parts: list[Cell]) -> NotebookNode:
    pictures = {name: picture for part in parts for name, picture in part.attachments.items()}
    if pictures and cell.cell_type == "markdown":
        cell.attachments = pictures
    return cell


def _joined(original: NotebookNode, parts: list[Cell], findings: Findings) -> str:
    """One answer out of its pieces: repeated and untouched ones count once."""
    sources = list(dict.fromkeys(part.source for part in parts))
    worked_on = [source for source in sources if source.strip() != original.source.strip()]
    if len(worked_on) > 1:
        findings.add("answer_joined", name=grade_id(original), count=len(worked_on))
    gap = "\n\n" if kind(original) == "written" else "\n"  # paragraphs, or lines of code
    return gap.join(worked_on or sources)


def _note_order(cells: list[Cell], release: NotebookNode, findings: Findings) -> None:
    place = {cell.id: number for number, cell in enumerate(release.cells)}
    places = [place[cell.name] for cell in cells if cell.name is not None]
    if places != sorted(places):
        findings.add("reordered")


def _new_cell(cell: Cell) -> NotebookNode:
    make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    return _with_pictures(make(cell.source), [cell])


def _make_ids_unique(notebook: NotebookNode) -> None:
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        seen[cell.id] += 1
        if seen[cell.id] > 1:
            cell.id = f"{cell.id}-{seen[cell.id]}"
