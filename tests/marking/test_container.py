"""Containers as sandboxes: how an engine is called.

The engine here is a script that runs the command without a container. What a real one keeps in was
tried by hand.
"""

import os
import sys
from pathlib import Path

import pytest

from lr_grading import container, sandbox
from lr_grading.marker import Marker
from tests.marking.test_marker import run, said

ENGINE = """#!{python}
import os, sys
with open({log!r}, "a") as log:
    print(*sys.argv[1:], file=log)
if sys.argv[1] == "run":
    command = sys.argv[sys.argv.index("lr-grading") + 1 :]
    os.execv(sys.executable, [sys.executable, *command[1:]])
sys.exit({status} if sys.argv[1] == "image" else 0)
"""


def engine(folder: Path, monkeypatch: pytest.MonkeyPatch, status: int = 0) -> Path:
    """A program named podman, and the file that it writes its arguments to."""
    program, log = folder / "podman", folder / "log"
    program.write_text(ENGINE.format(python=sys.executable, log=str(log), status=status))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    container.trial.cache_clear()
    return log


@pytest.mark.skipif(sys.platform == "win32", reason="the script needs a POSIX system")
def test_each_submission_has_a_container_that_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = engine(tmp_path, monkeypatch)
    with Marker("en", sandbox="podman") as marker:
        for _ in range(2):
            (cell,) = run(marker, "print(1)")
            assert said(cell) == "1\n"
    inspect, *calls = log.read_text().splitlines()
    assert inspect == "image inspect lr-grading"
    started, ended = calls[::2], calls[1::2]
    assert len(started) == len(ended) == 2
    for first, last in zip(started, ended, strict=True):
        wanted = ("--network=none", "--read-only", "--cap-drop=ALL", "--pids-limit=32")
        assert all(option in first.split() for option in wanted)
        assert "--memory=4g" in first
        (name,) = [word[7:] for word in first.split() if word.startswith("--name=")]
        assert last == f"kill {name}"
    assert started[0] != started[1]


def test_without_its_image_an_engine_is_no_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(tmp_path, monkeypatch, status=1)
    with pytest.raises(RuntimeError, match=r"podman says: .*make sandbox builds the image"):
        sandbox.find("en", "podman")
    container.trial.cache_clear()
