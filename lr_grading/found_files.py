"""Files as they come: in folders, and in archives that may lie in archives.

Nothing is unpacked without end, and nothing outside of what was named is read. What cannot be read
is named with the reason, and the others are found.
"""

import bz2
import gzip
import lzma
import os
import re
import stat
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from lr_grading.limits import ARCHIVE_DEPTH, ARCHIVE_MEGABYTES, FILE_MEGABYTES

ARCHIVE = re.compile(r"(.+?)(\.zip|\.tgz|\.tar(\.gz|\.bz2|\.xz)?)", re.IGNORECASE)
COMPRESSED: dict[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}
# What the standard library raises at files that are no archives, or are encrypted.
BROKEN = (
    *(OSError, EOFError, ValueError, RuntimeError),
    *(zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError),
)
# Left beside notebooks by macOS, Windows and Jupyter.
LITTER = re.compile(
    r"(.*/)?((__MACOSX|\.ipynb_checkpoints)(/.*)?|\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)",
    re.IGNORECASE,
)
UTF8_NAME = 0x800  # the flag of an archive's entry whose name is in UTF-8
EXTENDED_TIME = 0x5455  # the extra field with the time in UTC
FIRST_YEAR = 1980  # the year of a zip archive's entry that has no time

Places = tuple[PurePosixPath, ...]


class Skip(Protocol):
    """Is told of what cannot be read: where it is, and the message that says why."""

    def __call__(self, where: str, why: str, **values: object) -> object: ...


@dataclass(frozen=True)
class Found:
    """A file.

    Attributes:
        places: Its path; in archives, the path of the outermost archive comes first, then the path
            of each one in the one before it, and then its own.
        time: When it was last changed, in UTC.
        content: What is in it. Of a file that is too large, enough to see that it is.
    """

    places: Places
    time: datetime
    content: bytes

    @property
    def where(self) -> str:
        return shown(self.places)


def shown(places: Places) -> str:
    return ": ".join(map(str, places))


class TooLargeError(ValueError):
    """An archive unpacks to more than is taken."""


@dataclass
class Ration:
    """How many bytes an archive, and the archives in it, may still unpack to."""

    left: int


@dataclass
class Rationed:
    """A stream that takes what is read of it from a ration."""

    stream: IO[bytes]
    ration: Ration

    def read(self, size: int = -1) -> bytes:
        content = self.stream.read(min(size, self.ration.left + 1) if size >= 0 else -1)
        self.ration.left -= len(content)
        if self.ration.left < 0:
            raise TooLargeError
        return content


def plain_files(base: Path, start: PurePosixPath, skip: Skip) -> Iterator[PurePosixPath]:
    """The plain files in the folder ``base / start``, by their paths from ``base``, in order.

    No link is followed.
    """
    waiting = [start]
    while waiting:
        place = waiting.pop(0)
        try:
            entries = sorted(os.scandir(base / place), key=lambda entry: entry.name)
        except OSError as error:
            skip(str(place), "unreadable_file", error=error)
            continue
        for entry in entries:
            path = place / entry.name
            if LITTER.fullmatch(str(path)):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif entry.is_file(follow_symlinks=False):
                yield path
            else:
                skip(str(path), "no_plain_file")


def contents(
    file: Path, place: PurePosixPath, wanted: Callable[[Places], bool], skip: Skip
) -> Iterator[Found]:
    """What a file is, or what an archive holds.

    Args:
        file: The file.
        place: What it is called in what is found.
        wanted: Whether a file is to be read. It is not asked of archives.
        skip: Is told of what cannot be read.
    """
    try:
        time = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
        with file.open("rb") as stream:
            if ARCHIVE.fullmatch(place.name):
                ration = Ration(ARCHIVE_MEGABYTES * 10**6)
                yield from _unpacked(stream, (place,), time, wanted, skip, ration)
            elif wanted((place,)):
                yield Found((place,), time, _read(stream))
    except OSError as error:
        skip(str(place), "unreadable_file", error=error)


def read_start(file: Path) -> bytes:
    """What is in a file, or as much of it as shows that it is too large; nothing of a folder."""
    try:
        with file.open("rb") as stream:
            return _read(stream)
    except OSError:
        return b""


def _read(stream: Any) -> bytes:
    content: bytes = stream.read(FILE_MEGABYTES * 10**6 + 1)
    return content


def _unpacked(
    stream: IO[bytes],
    places: Places,
    time: datetime,
    wanted: Callable[[Places], bool],
    skip: Skip,
    ration: Ration,
) -> Iterator[Found]:
    """What an archive holds, and what the archives in it hold."""
    if len(places) > ARCHIVE_DEPTH:
        skip(shown(places), "archive_depth", limit=ARCHIVE_DEPTH)
        return
    try:
        for member in _members(stream, time, ration):
            yield from _member(member, places, wanted, skip, ration)
    except TooLargeError:
        skip(shown(places), "archive_size", limit=ARCHIVE_MEGABYTES)
        if len(places) > 1:
            raise
    except BROKEN as error:
        skip(shown(places), "archive_broken", error=f"{type(error).__name__}: {error}")


@dataclass(frozen=True)
class _Member:
    """A file in an archive; what opens it is None where it is no plain file."""

    name: str
    time: datetime
    open: Callable[[], Any] | None


def _member(
    member: _Member, archive: Places, wanted: Callable[[Places], bool], skip: Skip, ration: Ration
) -> Iterator[Found]:
    path = PurePosixPath(member.name.replace("\\", "/"))
    where = f"{shown(archive)}: {member.name}"
    if LITTER.fullmatch(str(path)):
        return
    if member.open is None or path.is_absolute() or ".." in path.parts:
        skip(where, "no_plain_file")
        return
    places = (*archive, path)
    try:
        if ARCHIVE.fullmatch(path.name):
            with tempfile.TemporaryFile() as copy:
                opened = member.open()
                while piece := opened.read(2**20):
                    copy.write(piece)
                yield from _unpacked(copy, places, member.time, wanted, skip, ration)
        elif wanted(places):
            yield Found(places, member.time, _read(member.open()))
    except TooLargeError:
        raise
    except BROKEN as error:
        skip(where, "archive_broken", error=f"{type(error).__name__}: {error}")


def _members(stream: IO[bytes], time: datetime, ration: Ration) -> Iterator[_Member]:
    """The files of an archive. One whose time cannot be read has that of the archive."""
    if zipfile.is_zipfile(stream):
        with zipfile.ZipFile(stream) as archive:
            for info in archive.infolist():
                link = stat.S_ISLNK(info.external_attr >> 16)
                if not info.is_dir():
                    unpack = None if link else _opener(archive, info, ration)
                    yield _Member(name_of(info), time_of(info) or time, unpack)
        return
    stream.seek(0)
    begin = stream.read(8)
    stream.seek(0)
    for mark, decompress in COMPRESSED.items():
        if begin.startswith(mark):
            stream = decompress(stream)
    rationed: Any = Rationed(stream, ration)
    with tarfile.open(fileobj=rationed, mode="r|") as tar:
        for member in tar:
            if not member.isdir():
                name = _decoded(member.name.encode("utf8", "surrogateescape"), member.name)
                extract = partial(tar.extractfile, member) if member.isreg() else None
                yield _Member(name, _from_seconds(member.mtime) or time, extract)


def _opener(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, ration: Ration
) -> Callable[[], Rationed]:
    return lambda: Rationed(archive.open(info), ration)


def name_of(info: zipfile.ZipInfo) -> str:
    """The name of an entry in a zip archive.

    Without the flag of UTF-8 it may still be in UTF-8, as macOS writes it, or in the code page of
    the Windows that wrote it: GBK on Chinese systems, else one like cp437, which Python takes.
    """
    if info.flag_bits & UTF8_NAME:
        return info.filename
    try:
        return _decoded(info.filename.encode("cp437"), info.filename)
    except UnicodeEncodeError:  # Python has it from an extra field in Unicode
        return info.filename


def _decoded(raw: bytes, western: str) -> str:
    """A name from bytes in UTF-8 or GBK, or as it reads in the West.

    Nearly every byte sequence is valid GBK, too. Where the Western reading has no other signs than
    Latin letters, it is right: of Chinese characters it makes frames and blocks.
    """
    with suppress(UnicodeDecodeError):
        return raw.decode("utf8")
    foreign = [sign for sign in western if not sign.isascii()]
    if all(unicodedata.name(sign, "").startswith("LATIN ") for sign in foreign):
        return western
    with suppress(UnicodeDecodeError):
        return raw.decode("gb18030")
    return western


def time_of(info: zipfile.ZipInfo) -> datetime | None:
    """The time of an entry in a zip archive, which is local, or in UTC where there is the field."""
    extra = info.extra
    while len(extra) >= 4:
        field, size = (int.from_bytes(extra[at : at + 2], "little") for at in (0, 2))
        value, extra = extra[4 : 4 + size], extra[4 + size :]
        if field == EXTENDED_TIME and len(value) >= 5 and value[0] & 1:
            return _from_seconds(int.from_bytes(value[1:5], "little", signed=True))
    with suppress(ValueError, OverflowError):
        local = datetime(*info.date_time)
        return local.astimezone(UTC) if local.year > FIRST_YEAR else None
    return None


def _from_seconds(seconds: float) -> datetime | None:
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(seconds, tz=UTC) if seconds > 0 else None
    return None
