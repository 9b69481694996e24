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
from lr_grading.marker import Marker
from lr_grading.runner import Runner
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
    server = socket.create_server(("127.0.0.1", 0))
    yield {"folder": str(folder), "port": str(server.getsockname()[1])}
    server.close()


@pytest.fixture(scope="module")
def marker() -> Iterator[Marker]:
    with Marker("en", sandbox="bubblewrap") as made:
        yield made


def run(marker: Marker, *sources: str) -> list[NotebookNode]:
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    done: list[NotebookNode] = marker.run(notebook, {}, seed=1, files={"data.csv": b"1,2"}).cells
    return done


def said(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") + output.get("evalue", "") for output in cell.outputs)


@pytest.fixture(scope="module")
def seen(outside: dict[str, str], marker: Marker) -> dict[str, str]:
    """What each cell said."""
    folder, own = outside["folder"], Path(sandbox.__file__).parent
    places = [folder, str(ROOT / "solutions"), str(ROOT / "calibration"), str(ROOT / "tests")]
    read_only = ["/x", "/dev/x", "/usr/x", f"{sys.prefix}/x", f"{own}/sandbox.py"]
    cells = {
        "places": f"import os\nprint([p for p in {places} if os.path.exists(p) and os.listdir(p)])",
        "course": f"print(sorted(os.listdir({str(ROOT)!r})))",
        "home": f"home = {str(Path.home())!r}\nprint(os.path.exists(home) and os.listdir(home))",
        "handed in": "print(open('data.csv').read())",
        "writes": WRITE + f"print({{write(path) for path in {read_only}}})",
        "scratch": "print(write('x'), write('/tmp/x'))",
        "too much": "open('big', 'wb').write(bytes(300_000_000))",
        "freed": "os.remove('big')",
        "network": f"import socket\nsocket.create_connection(('127.0.0.1', {outside['port']}), 1)",
        "processes": "print(os.listdir('/proc'), os.getpid())",
        "signals": "import signal\nfor pid in range(2, 99):\n    try:\n        os.kill(pid, 9)\n"
        "        print(pid)\n    except ProcessLookupError:\n        pass",
        "namespaces": "import subprocess\nmount = ['mount', '-t', 'tmpfs', 'x', '/tmp']\n"
        "print(subprocess.run(mount, capture_output=True).returncode != 0)",
        "environment": "print(sorted(os.environ))",
        "course's packages": "import torch, lr_lib, lr_grading; print(torch.ones(2).sum().item())",
        "terminal": "print(os.isatty(1), os.isatty(2))",
        "daemon": f"import subprocess\nsubprocess.Popen(['sleep', '{LEFT_BEHIND}'],"
        " start_new_session=True)",
        # Last: it may arrive in the middle of what a later print says.
        "past Jupyter": "os.write(1, b'past Jupyter')",
    }  # fmt: skip
    executed = run(marker, *cells.values())
    return {name: said(cell) for name, cell in zip(cells, executed, strict=True)}


@sandboxed
def test_nothing_of_the_class_the_teacher_or_the_solutions_can_be_seen(
    seen: dict[str, str],
) -> None:
    assert seen["places"] == "[]\n"
    assert set(eval(seen["course"])) <= {".venv", "lr_grading", "lr_lib"}
    # Python itself may be in somebody's home.
    python = {part for path in sandbox.python_folders() for part in Path(path).parts}
    assert set(eval(seen["home"]) or []) <= python


@sandboxed
def test_what_was_handed_in_is_there(seen: dict[str, str]) -> None:
    assert seen["handed in"] == "1,2\n"


@sandboxed
def test_nothing_can_be_written_but_into_the_scratch_folders(seen: dict[str, str]) -> None:
    assert seen["writes"] == "{'OSError 30'}\n"
    assert seen["scratch"] == "written written\n"
    assert "No space left on device" in seen["too much"]
    assert seen["freed"] == ""


@sandboxed
def test_there_is_no_network_and_no_other_process(seen: dict[str, str]) -> None:
    assert "Connection refused" in seen["network"]
    assert seen["processes"] == "[] 1\n"
    assert seen["signals"] == ""
    assert seen["namespaces"] == "True\n"
    ours = ("LR_GRADING_", "OMP_", "MPL", "TORCHINDUCTOR_")
    system = {"HOME", "PATH", "LANG", "PWD"}
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
    "memory of several": "import subprocess, sys, time\n"
    "code = 'x = b\"x\" * 150_000_000; input()'\n"
    "for _ in range(7):\n    subprocess.Popen([sys.executable, '-c', code],"
    " stdin=subprocess.PIPE)\ntime.sleep(9)",
}


# tests/teaching/test_hostile.py has two of this kind.
@pytest.mark.slow
@sandboxed
def test_what_takes_too_much_in_all_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "PROCESSES", 10)
    # The limit of each process would be too low for Python itself.
    watch = sandbox.watch
    monkeypatch.setattr("lr_grading.runner.watch", lambda pid, _: watch(pid, 1.0))
    sources = [part for source in TAKES.values() for part in (source, "print('goes on')")]
    with Marker("en", sandbox="bubblewrap") as marker:
        run(marker, "")
        forked = marker.runner._process
        cells = run(marker, *sources)
        assert marker.runner._process is forked, "to start another one takes seconds"
    for taker, after in zip(cells[::2], cells[1::2], strict=True):
        assert "Python ended while this cell ran" in said(taker)
        assert said(after) == "goes on\n"


@sandboxed
def test_one_submission_leaves_nothing_to_the_next(marker: Marker) -> None:
    leaves = "import os, builtins, torch\nopen('/tmp/left', 'w').write('x')\n"
    leaves += "os.environ['LEFT'] = '1'\nbuiltins.left = torch.left = 1"
    finds = "import builtins, os, torch\nprint(os.path.exists('/tmp/left'), os.listdir('.'),"
    finds += " 'LEFT' in os.environ, hasattr(builtins, 'left'), hasattr(torch, 'left'))"
    run(marker, leaves)
    notebook = new_notebook(cells=[new_code_cell(finds)])
    (cell,) = marker.run(notebook, {}, seed=1).cells
    assert said(cell) == "False [] False False False\n"


@pytest.mark.slow
@sandboxed
def test_where_no_fork_is_allowed_each_submission_has_a_sandbox_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Runner, "_fork", lambda _: None)
    with Marker("en", sandbox="bubblewrap") as marker:
        for _ in range(2):
            cell, other = run(marker, "print(open('data.csv').read())", "open('/usr/x', 'w')")
            assert said(cell) == "1,2\n"
            assert "Read-only" in said(other)


@sandboxed
def test_a_sandbox_does_not_outlive_what_marks() -> None:
    command = sandbox.Bubblewrap().command(["-c", f"import time; time.sleep({LEFT_BEHIND})"], {})
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.run({command})"]
    )
    deadline = time.monotonic() + 10
    # bubblewrap, its first process in the sandbox, and Python.
    while len(children := psutil.Process(parent.pid).children(recursive=True)) < 3:
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
    monkeypatch.setattr("lr_grading.sandbox.trial", lambda engine: "")  # nor any engine
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
    with pytest.raises(RuntimeError, match=r"does not start.*no permission to make a namespace"):
        sandbox.find("en", "bubblewrap")
