"""What a student's code can see, change and leave behind while a class is marked: nothing.

One kernel in a sandbox runs all cells that leave it alive; to start another takes seconds.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from lr_grading import sandbox
from lr_grading.assignments import ROOT
from lr_grading.classroom import _Marking, autograde_all
from lr_grading.execute import Execute
from tests.classroom import SANDBOXED, hand_in, new_class

sandboxed = pytest.mark.skipif(not SANDBOXED, reason="no bubblewrap, or it may not work here")
LEFT_BEHIND = "123456.789"  # seconds that nobody else sleeps
WRITE = """
def write(path):
    try:
        open(path, "w").write("x")
        return "written"
    except OSError as error:
        return type(error).__name__ + " " + str(error.errno)
"""


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What there is to find on the machine: files of a class, a server, a process."""
    folder = tmp_path_factory.mktemp("classroom")
    for name in ("gradebook.db", "private-seed.txt", "of-another-student.ipynb"):
        (folder / name).write_text("secret")
    handed_in = folder / "autograded"
    handed_in.mkdir()
    (handed_in / "data.csv").write_text("1,2")
    (handed_in / "link.txt").symlink_to(folder / "private-seed.txt")
    server = socket.create_server(("127.0.0.1", 0))
    yield {
        "folder": str(folder),
        "handed_in": str(handed_in),
        "port": str(server.getsockname()[1]),
    }
    server.close()


def run(outside: dict[str, str], *sources: str) -> list[NotebookNode]:
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    execute = Execute(sandbox="bubblewrap")
    executed, _ = execute.preprocess(notebook, {"metadata": {"path": outside["handed_in"]}})
    done: list[NotebookNode] = executed.cells
    return done


def said(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") + output.get("evalue", "") for output in cell.outputs)


@pytest.fixture(scope="module")
def seen(outside: dict[str, str]) -> dict[str, str]:
    """What each cell said."""
    folder, own = outside["folder"], Path(sandbox.__file__).parent
    places = [folder, str(ROOT / "solutions"), str(ROOT / "calibration"), str(ROOT / "tests")]
    read_only = ["/x", "/dev/x", "/usr/x", "/handed-in/x", f"{sys.prefix}/x", f"{own}/sandbox.py"]
    cells = {
        "places": f"import os\nprint([p for p in {places} if os.path.exists(p) and os.listdir(p)])",
        "course": f"print(sorted(os.listdir({str(ROOT)!r})))",
        "home": f"home = {str(Path.home())!r}\nprint(os.path.exists(home) and os.listdir(home))",
        "handed in": "print(open('data.csv').read(), os.path.exists('link.txt'))",
        "writes": WRITE + f"print({{write(path) for path in {read_only}}})",
        "scratch": "print(write('x'), write('/tmp/x'))",
        "too much": "open('big', 'wb').write(bytes(300_000_000))",
        "freed": "os.remove('big')",
        "network": f"import socket\nsocket.create_connection(('127.0.0.1', {outside['port']}), 1)",
        "processes": "print([pid for pid in os.listdir('/proc') if pid.isdigit()])",
        "environment": "print(sorted(os.environ))",
        "course's packages": "import torch, lr_lib, lr_grading; print(torch.ones(2).sum().item())",
        "terminal": "print(os.isatty(1), os.isatty(2))",
        "daemon": f"import subprocess\nsubprocess.Popen(['sleep', '{LEFT_BEHIND}'],"
        " start_new_session=True)",
        # Last: it may arrive in the middle of what a later print says.
        "past Jupyter": "os.write(1, b'past Jupyter')",
    }  # fmt: skip
    executed = run(outside, *cells.values())
    return {name: said(cell) for name, cell in zip(cells, executed, strict=True)}


@sandboxed
def test_nothing_of_the_class_the_teacher_or_the_solutions_can_be_seen(
    seen: dict[str, str],
) -> None:
    assert seen["places"] == "[]\n"
    assert set(eval(seen["course"])) <= {".venv", "lr_grading", "lr_lib"}
    # Python itself may be in somebody's home.
    python = {part for path in sandbox._python() for part in Path(path).parts}
    assert set(eval(seen["home"]) or []) <= python


@sandboxed
def test_what_was_handed_in_is_there_but_for_links(seen: dict[str, str]) -> None:
    assert seen["handed in"] == "1,2 False\n"


@sandboxed
def test_nothing_can_be_written_but_into_the_scratch_folders(seen: dict[str, str]) -> None:
    assert seen["writes"] == "{'OSError 30'}\n"
    assert seen["scratch"] == "written written\n"
    assert "No space left on device" in seen["too much"]
    assert seen["freed"] == ""


@sandboxed
def test_there_is_no_network_and_no_other_process(seen: dict[str, str]) -> None:
    assert "Connection refused" in seen["network"]
    assert len(eval(seen["processes"])) <= 3
    ours = ("LR_GRADING_", "OMP_", "MPL", "PYDEVD", "GIT_PAGER", "PAGER", "TERM", "CLICOLOR")
    system = {"HOME", "PATH", "LANG", "PWD", "FORCE_COLOR"}
    assert {name for name in eval(seen["environment"]) if not name.startswith(ours)} <= system


@sandboxed
def test_the_packages_of_the_course_work_and_no_terminal_is_reached(
    seen: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert seen["course's packages"] == "2.0\n"
    assert seen["terminal"] == "False False\n"
    assert "past Jupyter" not in "".join(capfd.readouterr())


@sandboxed
def test_nothing_is_left_running(seen: dict[str, str]) -> None:
    assert "Error" not in seen["daemon"]
    command_lines = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert [line for line in command_lines if line and LEFT_BEHIND in line] == []


TAKES = {
    "processes": "import subprocess, time\n"
    "for _ in range(12):\n    subprocess.Popen(['sleep', '9'])\ntime.sleep(9)",
    "memory of several": "import subprocess, sys, time\ncode = 'x = b\"x\" * 80_000_000; input()'\n"
    "for _ in range(6):\n    subprocess.Popen([sys.executable, '-c', code],"
    " stdin=subprocess.PIPE)\ntime.sleep(9)",
    "space beside the sockets": "import glob, time\nfolder = glob.glob('/tmp/kernel-*')[0]\n"
    "open(folder + '/big', 'wb').write(bytes(300_000_000)); time.sleep(9)",
}


@sandboxed
def test_what_takes_too_much_in_all_is_ended(
    outside: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "PROCESSES", 10)
    # The limit of each process would be too low for Python itself.
    watch = sandbox.watch
    monkeypatch.setattr("lr_grading.execute.watch", lambda pid, folder, _: watch(pid, folder, 0.4))
    sources = [part for source in TAKES.values() for part in (source, "print('goes on')")]
    cells = run(outside, *sources)
    for taker, after in zip(cells[::2], cells[1::2], strict=True):
        assert "The kernel ended while this cell ran" in said(taker)
        assert said(after) == "goes on\n"


@sandboxed
def test_a_sandbox_does_not_outlive_what_marks(tmp_path: Path) -> None:
    sockets = tmp_path / "sockets"
    sockets.mkdir()
    command = sandbox.Sandbox(tmp_path, sockets, {}).command(["sleep", LEFT_BEHIND])
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.run({command})"]
    )
    deadline = time.monotonic() + 10
    while not (children := psutil.Process(parent.pid).children(recursive=True)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []


# Without a sandbox


def test_without_a_sandbox_nothing_is_marked_unless_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new_class(tmp_path, "en", ["mechanics"])
    hand_in(home, "ada", "mechanics", "{}")
    marked: list[str] = []

    def mark(marking: _Marking, *_: object) -> None:
        marked.append(marking.work.api.config.Execute.sandbox)

    monkeypatch.setattr("lr_grading.sandbox.BUBBLEWRAP", "no-such-program")
    monkeypatch.setattr(_Marking, "prepare", lambda _: None)
    monkeypatch.setattr(_Marking, "mark", mark)
    with pytest.raises(RuntimeError, match="Install bubblewrap"):
        autograde_all("mechanics", "en", tmp_path, print)
    assert marked == []
    autograde_all("mechanics", "en", tmp_path, print, sandboxed=False)
    assert marked == ["none"]


def test_a_sandbox_that_does_not_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'no permission to make a namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr("lr_grading.sandbox.BUBBLEWRAP", str(program))
    sandbox._trial.cache_clear()
    with pytest.raises(RuntimeError, match=r"does not start.*no permission to make a namespace"):
        sandbox.require("en")
    sandbox._trial.cache_clear()
