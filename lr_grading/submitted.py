"""What was handed in, read as far as it can be: its cells, and what is wrong with the file."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import nbformat

from lr_grading.limits import FILE_MEGABYTES
from lr_grading.messages import LANGUAGES, text
from lr_grading.terminal import one_line

REPORT_ID = "preflight-report"  # of the cell that the report of an earlier repair is in


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
    noted: list[dict[str, Any]] = field(default_factory=list)  # the same as data
    unanswered: bool = False  # nothing of the file could be used
    other_edition: bool = False  # its cells are those of the other language

    def add(self, message: str, **values: object) -> None:
        """Note something. What a student wrote of it neither steers a terminal nor ends a line."""
        said = {key: one_line(v) if isinstance(v, str) else v for key, v in values.items()}
        self.lines.append(text(self.language, message, **said))
        self.noted.append({"message": message, **said})


def read_cells(content: str | bytes, findings: Findings, found: list[str]) -> list[Cell] | None:
    """The cells of a file, or None with the reason why there are none."""
    if len(content) > FILE_MEGABYTES * 10**6:
        findings.add("too_large", size=len(content) // 10**6, limit=FILE_MEGABYTES)
        return None
    if isinstance(content, bytes):
        content = _decoded(content)
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


def _decoded(content: bytes) -> str:
    """Text in UTF-8, or in UTF-16 or UTF-32 as some editors save it, with a mark or without."""
    return content.decode(json.detect_encoding(content), errors="replace")


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


def edition_of(content: str | bytes) -> str | None:
    """The language that the checks of a notebook speak; None where it has none."""
    if isinstance(content, bytes):
        content = _decoded(content)
    spoken = re.findall(r'Question\([^)]{1,60}language=\\?"(\w+)', content)
    counted = Counter(language for language in spoken if language in LANGUAGES)
    return counted.most_common(1)[0][0] if counted else None
