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
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}  # nothing that could run


@dataclass
class Cell:
    """A cell of a submission, as it came."""

    cell_type: str
    source: str
    id: str
    grade_id: str | None
    name: str | None = None  # of the release's cell that it was recognized as
    how: str = ""
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)  # pictures pasted into it


@dataclass
class Findings:
    """What the pre-flight check has found, in the language of the edition."""

    language: str
    lines: list[str] = field(default_factory=list)
    unanswered: bool = False  # nothing of the file could be used
    other_edition: bool = False  # its cells are those of the other language

    def add(self, message: str, **values: object) -> None:
        """Note something. What a student wrote of it neither steers a terminal nor ends a line."""
        said = {key: one_line(v) if isinstance(v, str) else v for key, v in values.items()}
        self.lines.append(text(self.language, message, **said))


def read_cells(content: str | bytes, findings: Findings, found: list[str]) -> list[Cell] | None:
    """The cells of a file, or None with the reason why there are none."""
    if len(content) > FILE_MEGABYTES * 10**6:
        findings.add("too_large", size=len(content) // 10**6, limit=FILE_MEGABYTES)
        return None
    if isinstance(content, bytes):
        content, encoding = _decoded(content)
        if encoding:
            findings.add("encoding", encoding=encoding)
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


def _decoded(content: bytes) -> tuple[str, str | None]:
    """A file as text, and its encoding where that is none of Unicode.

    It is in UTF-8, or in UTF-16 or UTF-32 as some editors save it, with a mark or without. Editors
    on Windows may save it in the system's own encoding: a Chinese notebook in GB 18030, others in
    Windows-1252.
    """
    try:
        return content.decode(json.detect_encoding(content)), None
    except UnicodeDecodeError:
        encoding = "gb18030" if _edition(content.decode("latin-1")) == "zh" else "cp1252"
        return content.decode(encoding, errors="replace"), encoding


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
    source = source.replace("\r\n", "\n").replace("\r", "\n")  # ends of lines of other systems
    name = name if isinstance(name, str) else None
    pictures = _pictures(raw.get("attachments"))
    return Cell(str(raw.get("cell_type")), source, str(raw.get("id")), name, attachments=pictures)


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    """Of what was attached to a cell, the pictures that a browser shows."""
    found: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for kind, data in bundle.items() if isinstance(bundle, dict) else ():
            data = "".join(map(str, data)) if isinstance(data, list) else data
            if kind in PICTURES and isinstance(data, str) and BASE64.fullmatch(data):
                found.setdefault(str(name), {})[kind] = data
    return found


def edition_of(content: str | bytes) -> str | None:
    """The language that the checks of a notebook speak; None where it has none."""
    return _edition(_decoded(content)[0] if isinstance(content, bytes) else content)


def _edition(content: str) -> str | None:
    spoken = re.findall(r'Question\([^)]{1,60}language=\\?"(\w+)', content)
    counted = Counter(language for language in spoken if language in LANGUAGES)
    return counted.most_common(1)[0][0] if counted else None
