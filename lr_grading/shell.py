"""IPython without Jupyter: runs a cell of a notebook and keeps what it shows."""

import base64
import io
import os
import tempfile
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

Output = dict[str, Any]


class Shown:
    """What was shown: the outputs of a notebook's format, and the limit to their size."""

    def __init__(self) -> None:
        self.limit = 0
        self.take()

    def take(self) -> list[Output]:
        """All that was shown since the last time."""
        outputs = getattr(self, "_outputs", [])
        self._outputs: list[Output] = []
        self._by_name: dict[Any, list[Output]] = {}
        self._size = 0
        return outputs

    def write(self, stream: str, text: str) -> None:
        """A text on a stream. What is far over the limit is left out here already."""
        if self._size > 2 * self.limit:
            return
        self._size += len(text)
        last = self._outputs[-1] if self._outputs else {}
        if last.get("output_type") == "stream" and last["name"] == stream:
            last["text"] += text
        else:
            self._outputs.append({"output_type": "stream", "name": stream, "text": text})

    def add(self, output: Output, name: object = None) -> None:
        """An output, which may have a name to be replaced by."""
        if "data" in output:
            output["data"] = {kind: _text(value) for kind, value in output["data"].items()}
            output["metadata"] = {}
        self._outputs.append(output)
        if name is not None:
            self._by_name.setdefault(name, []).append(output)

    def replace(self, data: dict[str, Any], name: object) -> None:
        for output in self._by_name.get(name, []):
            output["data"] = {kind: _text(value) for kind, value in data.items()}

    def clear(self) -> None:
        self._outputs.clear()


def _text(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


class Stream(io.TextIOBase):
    """What ``print`` writes to."""

    encoding = "utf-8"

    def __init__(self, name: str, shown: Shown) -> None:
        self.name, self._shown = name, shown

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._shown.write(self.name, text)
        return len(text)


class Descriptors:
    """What is written past Python, to the file descriptors 1 and 2."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        for number in (1, 2):
            os.dup2(self._file.fileno(), number)

    def take(self, limit: int) -> str:
        """All that was written since the last time, up to a limit."""
        self._file.seek(0)
        text = self._file.read(limit).decode(errors="replace")
        self._file.seek(0)
        self._file.truncate()
        return text


class _Compiler(CachingCompiler):
    """Gives the code of a cell the name that is asked for."""

    file = "<cell>"

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return self.file


class _Results(DisplayHook):
    """Keeps the value of a cell."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        shell: Any = self.shell
        shell.shown.add(
            {
                "output_type": "execute_result",
                "execution_count": shell.execution_count,
                "data": dict(format_dict),
            }
        )

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Publisher(DisplayPublisher):
    """Keeps what is displayed."""

    def publish(self, data: Any, metadata: Any = None, *_: Any, **options: Any) -> None:
        shell: Any = self.shell
        name = (options.get("transient") or {}).get("display_id")
        if options.get("update"):
            shell.shown.replace(dict(data), name)
        else:
            shell.shown.add({"output_type": "display_data", "data": dict(data)}, name)

    def clear_output(self, wait: bool = False) -> None:
        shell: Any = self.shell
        shell.shown.clear()


class Shell(InteractiveShell):
    """Runs cells. ``shown`` has what they show."""

    displayhook_class = Type(_Results)
    display_pub_class = Type(_Publisher)
    compiler_class = Type(_Compiler)

    def __init__(self, **options: Any) -> None:
        self.shown = Shown()
        super().__init__(**options)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.shown.add(
            {
                "output_type": "error",
                "ename": str(getattr(etype, "__name__", etype)),
                "evalue": _said(evalue),
                "traceback": list(stb),
            }
        )

    def ask_exit(self) -> None:
        """Ignore ``exit`` and ``quit`` in a cell: there is no session to leave."""

    def enable_gui(self, gui: Any = None) -> None:
        """Nothing to do: figures are drawn into the notebook."""

    def run(self, source: str, file: str) -> None:
        """Run a cell whose code is to be known by a name."""
        self.compile.file = file  # type: ignore[attr-defined]
        self.run_cell(source, store_history=True)


def _said(error: Any) -> str:
    try:
        return str(error)
    except Exception:  # an error of the student's whose text fails
        return ""


def new_shell() -> Shell:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell: Shell = Shell.instance(config=config)
    return shell
