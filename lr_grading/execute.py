"""Run what a student has handed in, so that whatever happens in it, the marks survive.

A cell that never ends, that kills its kernel or that fills the memory costs the marks
of that cell. The kernel is started again, with the state that the cells before had
made, and the rest is run.
"""

import os
import sys
import tempfile
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import preprocessors
from traitlets import Bool, Enum, Float, Integer, Unicode, default

from lr_grading.assignments import kind
from lr_grading.limited_kernel import MEMORY_VARIABLE
from lr_grading.limits import CELL_SECONDS, MEMORY_GIGABYTES, OUTPUT_CHARACTERS, RESTARTS
from lr_grading.messages import LANGUAGES, text
from lr_grading.results import METADATA, SEED_VARIABLE, TYPE, keep
from lr_grading.sandbox import Sandbox, require, watch

QUIET = ["--log-level=ERROR"]  # no remarks on encryption: the kernel is on this machine


class GradingKernelManager(AsyncKernelManager):
    """Starts ``lr_grading.limited_kernel``, whatever kernel a notebook names."""

    @property
    def kernel_spec(self) -> KernelSpec:
        module = ["-P", "-m", "lr_grading.limited_kernel", "-f", "{connection_file}", *QUIET]
        argv = [sys.executable, *module]
        return KernelSpec(
            argv=self.sandbox.command(argv) if self.sandbox else argv,
            display_name="Python 3",
            language="python",
            env=dict(self.environment),
        )

    environment: dict[str, str] = {}  # noqa: RUF012 - replaced for each manager
    sandbox: Sandbox | None = None


class Execute(preprocessors.Execute):
    """nbgrader's step that runs a notebook, with limits and a second chance for the rest."""

    timeout = Integer(CELL_SECONDS, help="Seconds that a cell may take.").tag(config=True)
    memory = Float(
        MEMORY_GIGABYTES, help="Gigabytes of address space that a notebook may take."
    ).tag(config=True)
    output_limit = Integer(
        OUTPUT_CHARACTERS, help="Characters of output that a cell may have."
    ).tag(config=True)
    max_restarts = Integer(
        RESTARTS, help="Cells that may hang or die before the rest is given up."
    ).tag(config=True)
    language = Enum(LANGUAGES, "en", help="Language of the reasons given.").tag(config=True)
    sandbox = Enum(("none", "bubblewrap"), "none", help="What keeps the code in.").tag(config=True)
    seed = Unicode("", help="The private seed of the hidden checks.").tag(config=True)
    interrupt_on_timeout = Bool(False)  # a loop may swallow the interrupt: the kernel goes
    raise_on_iopub_timeout = Bool(True)
    coalesce_streams = Bool(True)  # the results between them would cut what is printed to pieces

    @default("shutdown_kernel")
    def _shutdown_kernel_default(self) -> str:
        return "immediate"

    def create_kernel_manager(self) -> GradingKernelManager:
        environment = {
            MEMORY_VARIABLE: str(int(self.memory * 2**30)),
            SEED_VARIABLE: self.seed,
            # The marks may not depend on how many cores the machine has.
            "OMP_NUM_THREADS": "1",
        }
        if self.sandbox == "none":
            self.km = GradingKernelManager()
        else:
            self.km = self._sandboxed(environment)
        self.km.environment = environment
        return self.km

    def _sandboxed(self, environment: dict[str, str]) -> GradingKernelManager:
        """A manager whose kernel runs in a sandbox, and speaks through files."""
        require(self.language)
        self._sockets = tempfile.TemporaryDirectory(prefix="kernel-")
        manager = GradingKernelManager(
            transport="ipc",
            ip=f"{self._sockets.name}/socket",
            connection_file=f"{self._sockets.name}/connection.json",
        )
        ours = {name: os.environ[name] for name in os.environ if name.startswith("LR_GRADING_")}
        folder = Path(self.resources["metadata"]["path"])
        manager.sandbox = Sandbox(folder, Path(self._sockets.name), ours | environment)
        return manager

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel. What it writes past Jupyter reaches no terminal."""
        super().start_new_kernel(stdout=DEVNULL, stderr=DEVNULL, **kwargs)
        if self.km.sandbox is not None:
            provisioner: Any = self.km.provisioner
            watch(provisioner.pid, self.km.sandbox.sockets, self.memory)

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: Any = None
    ) -> tuple[NotebookNode, Any]:
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = []  # what was handed in as output is none
        self._restarts = 0
        self._skipped: set[int] = set()
        self._alive = True
        return super().preprocess(nb, resources, km)  # type: ignore[no-any-return]

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        if cell.cell_type != "code":
            return cell, resources
        if not self._alive:
            self._give_reason(cell, "cell_unrun", restarts=self._restarts)
            return cell, resources
        self._written = 0
        self._exits = False
        cell.metadata.pop(METADATA, None)
        try:
            super().preprocess_cell(cell, resources, index)
        except CellTimeoutError:
            self._give_reason(cell, "cell_late", timeout=self.timeout)
            self._revive(index)
        except DeadKernelError:
            self._give_reason(cell, "cell_died")
            self._revive(index)
        else:
            if self._exits:
                self._give_reason(cell, "cell_died")
                self._revive(index)
        if kind(cell) == "checks":
            _keep_warnings_harmless(cell)
            self._settle_score(cell)
        return cell, resources

    def on_cell_executed(self, **kwargs: Any) -> None:
        super().on_cell_executed(**kwargs)
        payload = kwargs["execute_reply"]["content"].get("payload", [])
        self._exits = any(item.get("source") == "ask_exit" for item in payload)

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: Any, cell_index: int
    ) -> NotebookNode | None:
        """Keep the result of a check as data, and an output if there is room for it."""
        content = msg["content"]
        if TYPE in content.get("data", {}):
            keep(content["data"][TYPE], self.nb.cells[cell_index])
            return None
        content["metadata"] = {}  # which templates write into attributes
        if msg["msg_type"] == "error" or _score(content) is not None:
            return super().output(outs, msg, display_id, cell_index)  # type: ignore[no-any-return]
        if self._written > self.output_limit:
            return None
        if msg["msg_type"] == "stream":
            size = len(content["text"])
            content["text"] = content["text"][: self.output_limit - self._written + 1]
        else:
            size = sum(len(str(value)) for value in content.get("data", {}).values())
        self._written += size
        if self._written > self.output_limit:
            note = text(self.language, "cell_cut", limit=self.output_limit)
            if msg["msg_type"] == "stream":
                content["text"] += note
            elif size > self.output_limit:
                outs.append(new_output("stream", name="stdout", text=note))
                return None
        return super().output(outs, msg, display_id, cell_index)  # type: ignore[no-any-return]

    def _settle_score(self, cell: NotebookNode) -> None:
        """Leave exactly one score: nbgrader takes none for full marks, and the first of several."""
        scores = [out for out in cell.outputs if out.output_type == "execute_result"]
        cell.outputs = [out for out in cell.outputs if out.output_type != "execute_result"]
        if any(out.output_type == "error" for out in cell.outputs):
            return
        score = _score(scores[-1]) if scores else None
        if score is None:
            self._give_reason(cell, "cell_scoreless")
            return
        score = min(max(score, 0.0), float(cell.metadata.nbgrader.points))
        cell.outputs.append(new_output("execute_result", data={"text/plain": str(score)}))

    def _give_reason(self, cell: NotebookNode, reason: str, **values: object) -> None:
        message = text(self.language, reason, **values)
        cell.outputs = [out for out in cell.outputs if out.output_type == "stream"]
        cell.outputs.append(
            new_output("error", ename="NotFinished", evalue=message, traceback=[message])
        )

    def _revive(self, index: int) -> None:
        """Start a new kernel and bring it to where the last one was before cell ``index``."""
        self._restarts += 1
        self._skipped.add(index)
        if self._restarts > self.max_restarts:
            self._alive = False
            return
        self._cleanup_kernel()
        self.create_kernel_manager()
        self.start_new_kernel()
        self.start_new_kernel_client()
        for number, cell in enumerate(self.nb.cells[:index]):
            if cell.cell_type != "code" or number in self._skipped or kind(cell) == "checks":
                continue
            self._written, self._exits = self.output_limit + 1, False
            try:
                self.execute_cell(NotebookNode(cell), number, store_history=True)
            except (CellTimeoutError, DeadKernelError):
                self._revive(index)
                return
            self.nb.cells[number] = cell  # what it showed the first time


def _score(content: Any) -> float | None:
    """The number that an output shows as the value of its cell, if it is one."""
    if "execution_count" not in content:
        return None
    try:
        return float(content.get("data", {}).get("text/plain", ""))
    except ValueError:
        return None


def _keep_warnings_harmless(cell: NotebookNode) -> None:
    """Show what was written to stderr as ordinary output: nbgrader gives 0 points for it."""
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            output.name = "stdout"
