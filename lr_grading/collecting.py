"""Collect what students have handed in: the plain files, one by one.

From archives, nbgrader's own ``zip_collect`` unpacks what they say, and it stops at the first file
that it cannot use, for the whole class. From the exchange, its ``collect`` copies what a link leads
to, with the teacher's rights. Here a file that cannot be taken is named, and the others are
collected.
"""

import bz2
import glob
import gzip
import lzma
import os
import re
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins import ExtractorPlugin
from traitlets import Enum

from lr_grading.intake import usable
from lr_grading.limits import ARCHIVE_DEPTH, ARCHIVE_MEGABYTES, FILE_MEGABYTES
from lr_grading.messages import LANGUAGES, text
from lr_grading.terminal import one_line

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
# Left beside notebooks by macOS and Jupyter.
LITTER = re.compile(r"(.*/)?(__MACOSX|\.ipynb_checkpoints)/.*|(.*/)?\._[^/]*")


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


class Extractor(ExtractorPlugin):
    """Lays the notebooks of ``archive`` side by side in ``extracted``, each named for its student.

    ``STUDENT_NAME.ipynb`` is the work of STUDENT, wherever it lies. All that an archive
    ``STUDENT_NAME.zip`` holds is, too; there it may be called ``NAME.ipynb``. Of several, that
    which lies there as a file counts, then that of the student's own archive.
    """

    language = Enum(LANGUAGES, "en").tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        self._name = str(self.parent.coursedir.assignment_id)
        self._target = Path(extracted_path)
        archives = []
        for folder, _, names in os.walk(archive_path):
            for file in (Path(folder, name) for name in sorted(names)):
                where, path = str(file.relative_to(archive_path)), PurePosixPath(file.name)
                if file.is_symlink() or not file.is_file():
                    self._skip(where, "no_plain_file")
                elif ARCHIVE.fullmatch(file.name):
                    archives.append((self._owner(path) is None, where, file))
                else:
                    with file.open("rb") as stream:
                        self._take(path, stream, where, None)
        for _, where, file in sorted(archives):
            ration = Ration(ARCHIVE_MEGABYTES * 10**6)
            with file.open("rb") as stream:
                self._unpack(stream, where, self._owner(PurePosixPath(file.name)), ration, 1)

    def _unpack(
        self, stream: IO[bytes], where: str, owner: str | None, ration: Ration, depth: int
    ) -> None:
        """Take what an archive holds, and what the archives in it hold."""
        if depth > ARCHIVE_DEPTH:
            self._skip(where, "archive_depth", limit=ARCHIVE_DEPTH)
            return
        try:
            for name, opened in _members(stream, ration):
                self._unpack_member(name, opened, where, owner, ration, depth)
        except TooLargeError:
            self._skip(where, "archive_size", limit=ARCHIVE_MEGABYTES)
            if depth > 1:
                raise
        except BROKEN as error:
            self._skip(where, "archive_broken", error=f"{type(error).__name__}: {error}")

    def _unpack_member(
        self,
        name: str,
        opened: Callable[[], Any] | None,
        archive: str,
        owner: str | None,
        ration: Ration,
        depth: int,
    ) -> None:
        where, path = f"{archive}: {name}", PurePosixPath(name.replace("\\", "/"))
        if LITTER.fullmatch(str(path)):
            return
        if opened is None or path.is_absolute() or ".." in path.parts:
            self._skip(where, "no_plain_file")
            return
        try:
            if ARCHIVE.fullmatch(path.name):
                with tempfile.TemporaryFile() as copy:
                    member = opened()
                    while piece := member.read(2**20):
                        copy.write(piece)
                    self._unpack(copy, where, owner or self._owner(path), ration, depth + 1)
            else:
                self._take(path, opened(), where, owner)
        except TooLargeError:
            raise
        except BROKEN as error:
            self._skip(where, "archive_broken", error=f"{type(error).__name__}: {error}")

    def _take(self, path: PurePosixPath, file: Any, where: str, owner: str | None) -> None:
        """Lay out one notebook; other files are not collected."""
        if path.suffix != ".ipynb":
            return
        student = self._student(path.stem)
        if owner is not None and path.stem == self._name:
            student = owner
        if student is None:
            self._skip(where, "nobodys_file", name=self._name)
        elif owner not in (None, student):
            self._skip(where, "others_file", owner=owner)
        elif not usable(student):
            self._skip(where, "unusable_name", name=student)
        elif (target := self._target / f"{student}_{self._name}.ipynb").exists():
            self._skip(where, "second_file", student=student)
        else:
            # Of a file that is too large, enough for the pre-flight check to say so.
            target.write_bytes(file.read(FILE_MEGABYTES * 10**6 + 1))

    def _owner(self, archive: PurePosixPath) -> str | None:
        found = ARCHIVE.fullmatch(archive.name)
        return self._student(found[1]) if found else None

    def _student(self, stem: str) -> str | None:
        """Whose work a file called so is."""
        found = re.fullmatch(f"(.*)_{re.escape(self._name)}", stem, re.DOTALL)
        return found[1] if found else None

    def _skip(self, file: str, why: str, **values: object) -> None:
        said = {key: one_line(str(value)) for key, value in values.items()}
        reason = text(self.language, why, **said)
        self.log.warning(text(self.language, "skipped", file=one_line(file), reason=reason))


class Collect(ExchangeCollect):
    """Copies from the exchange what is a plain file."""

    language = Enum(LANGUAGES, "en").tag(config=True)

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        special = [path for path in (Path(src), *Path(src).rglob("*")) if not _plain(path)]
        for path in special:
            file, reason = one_line(str(path)), text(self.language, "no_plain_file")
            self.log.warning(text(self.language, "skipped", file=file, reason=reason))
        if Path(src) not in special:
            ignored = self.coursedir.ignore
            self.coursedir.ignore = [*ignored, *(glob.escape(path.name) for path in special)]
            try:
                super().do_copy(src, dest, log)
            finally:
                self.coursedir.ignore = ignored


def _plain(path: Path) -> bool:
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _members(stream: IO[bytes], ration: Ration) -> Iterator[tuple[str, Callable[[], Any] | None]]:
    """The names of an archive's files, each with what opens it; None where it is no plain file."""
    if zipfile.is_zipfile(stream):
        with zipfile.ZipFile(stream) as archive:
            for info in archive.infolist():
                link = stat.S_ISLNK(info.external_attr >> 16)
                if not info.is_dir():
                    yield info.filename, None if link else _opener(archive, info, ration)
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
                yield member.name, partial(tar.extractfile, member) if member.isreg() else None


def _opener(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, ration: Ration
) -> Callable[[], Rationed]:
    return lambda: Rationed(archive.open(info), ration)
