"""What the cells of a student showed, as outputs of a notebook: shortened, and of a known form."""

import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from lr_grading.messages import text


def read_outputs(shown: object, limit: int, language: str, count: int) -> list[NotebookNode]:
    """The outputs of a cell.

    Args:
        shown: What the process of the answers says that it showed; of any form.
        limit: The characters that a cell may show.
        language: The language of the note on what was left out.
        count: The number of the cell.
    """
    return list(_read(shown if isinstance(shown, list) else [], limit, language, count))


# What steers a terminal, but for colors, which pages show, and for the ends of lines.
STEERING = re.compile(r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]")


def _harmless(words: str) -> str:
    return STEERING.sub("�", words)


def _read(shown: list[Any], limit: int, language: str, count: int) -> Iterator[NotebookNode]:
    note = text(language, "cell_cut", limit=limit)
    left = limit
    for item in shown:
        match item:
            case {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": lines}:
                # Always shown: it says why the cell has stopped.
                parts = (ename, evalue, "\n".join(map(str, lines)))
                said = [_harmless(str(part)[:limit]) for part in parts]
                yield new_output("error", ename=said[0], evalue=said[1], traceback=[said[2]])
            case {"output_type": "stream", "name": name, "text": str(words)} if left > 0:
                cut = _harmless(words[:left]) + (note if len(words) > left else "")
                left -= len(words)
                name = "stderr" if name == "stderr" else "stdout"
                yield new_output("stream", name=name, text=cut)
            case {"output_type": "display_data" | "execute_result" as kind, "data": dict(data)}:
                if left <= 0:
                    continue
                size = sum(len(str(value)) for value in data.values())
                left -= size
                if size > limit:
                    yield new_output("stream", name="stdout", text=note)
                    continue
                data = {
                    str(form): _harmless(value) if isinstance(value, str) else value
                    for form, value in data.items()
                }
                more = {"execution_count": count} if kind == "execute_result" else {}
                yield new_output(kind, data=data, **more)
