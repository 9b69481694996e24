"""Namespaces for a process that already runs: what one submission does, the next cannot see.

To load PyTorch costs more than to mark. A sandbox therefore holds one process that has it loaded,
and forks it for each submission. The copy comes into namespaces of its own within the sandbox: it
sees no other process, its folders are empty, and all that it has started ends with it. bubblewrap
cannot do this to a process that runs; Python 3.12 has ``os.unshare``, and these are the same
system calls. See the manual pages namespaces(7), user_namespaces(7) and capset(2).
"""

import ctypes
import os
import struct
from collections.abc import Callable, Collection, Iterable
from typing import NoReturn

NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_PROCESSES = 0x20000, 0x8000000, 0x10000000, 0x20000000
# Options of mount(2).
READ_ONLY, NO_SETUID, NO_DEVICES, BIND, WITH_ALL_BELOW = 0x1, 0x2, 0x4, 0x1000, 0x4000
CAPABILITIES_VERSION = 0x20080522


def enclosed(
    work: Callable[[], None], folders: Iterable[str], megabytes: int, kept: Iterable[str]
) -> tuple[int, int] | None:
    """Fork, and do some work in namespaces of its own.

    Args:
        work: What the copy does. The copy ends when it returns, or when its folders cannot be made.
        folders: The folders that the copy sees empty, and can write to.
        megabytes: The size of each.
        kept: Folders that it sees nevertheless, where they lie in these.

    Returns:
        The number of the process that ends with the copy, and that of the copy, to be killed; None
        where the system allows no namespaces.
    """
    reader, writer = os.pipe()
    guard = os.fork()
    if guard == 0:
        os.close(reader)
        _guard(work, lambda: _furnish(folders, megabytes, set(kept)), writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    if not said:
        os.waitpid(guard, 0)
        return None
    return guard, struct.unpack("q", said)[0]


def _guard(work: Callable[[], None], furnish: Callable[[], None], writer: int) -> NoReturn:
    """Fork the copy into new namespaces, say its number, and wait for its end."""
    try:
        _unshare()
        copy = os.fork()
        if copy == 0:
            os.close(writer)
            furnish()
            work()
        else:
            os.write(writer, struct.pack("q", copy))
            os.close(writer)
            os.waitpid(copy, 0)
    finally:
        os._exit(0)


def _unshare() -> None:
    user, group = os.getuid(), os.getgid()
    _call("unshare", NEW_USER | NEW_MOUNTS | NEW_PROCESSES | NEW_IPC)
    maps = {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}
    for name, content in maps.items():
        with open(f"/proc/self/{name}", "w") as file:
            file.write(content)


def _furnish(folders: Iterable[str], megabytes: int, kept: Collection[str]) -> None:
    """Lay empty folders over the old ones and over /proc; then give up the right to do so."""
    for folder in folders:
        covered = [path for path in kept if path.startswith(f"{folder}/")]
        opened = {path: os.open(path, os.O_PATH) for path in sorted(covered)}
        options = f"size={megabytes}m,mode=700".encode()
        _call("mount", b"tmpfs", folder.encode(), b"tmpfs", NO_SETUID | NO_DEVICES, options)
        for path, handle in opened.items():
            os.makedirs(path, exist_ok=True)
            source = f"/proc/self/fd/{handle}".encode()
            _call("mount", source, path.encode(), None, BIND | WITH_ALL_BELOW, None)
            os.close(handle)
    _call("mount", b"tmpfs", b"/proc", b"tmpfs", NO_SETUID | NO_DEVICES | READ_ONLY, b"size=4k")
    header = struct.pack("Ii", CAPABILITIES_VERSION, 0)
    _call("capset", header, bytes(24))


def _call(name: str, *arguments: int | bytes | None) -> None:
    """A function of the C library, which says why it fails."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
