"""nbgrader's ``zip_collect`` and ``collect``, made to take plain files only, one by one.

From archives, nbgrader's own ``zip_collect`` unpacks what they say, and it stops at the first file
that it cannot use, for the whole class. From the exchange, its ``collect`` copies what a link leads
to, with the teacher's rights. Here a file that cannot be taken is named, and the others are
collected. ``lr_grading.collect`` is the course's own command.
"""

import glob
import re
import stat
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins import ExtractorPlugin
from traitlets import Enum

from lr_grading.found_files import ARCHIVE, Found, Places, contents, plain_files
from lr_grading.intake import usable
from lr_grading.messages import LANGUAGES, text
from lr_grading.terminal import one_line


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
        archive = Path(archive_path)
        files = plain_files(archive, PurePosixPath(), self._skip)
        for place in sorted(files, key=self._order):
            for found in contents(archive / place, place, _is_notebook, self._skip):
                self._take(found)

    def _order(self, file: PurePosixPath) -> tuple[bool, bool, str]:
        """Files come first, then the archives of students."""
        return ARCHIVE.fullmatch(file.name) is not None, self._owner(file) is None, str(file)

    def _take(self, found: Found) -> None:
        """Lay out one notebook."""
        stem = found.places[-1].stem
        owner = next(filter(None, map(self._owner, found.places[:-1])), None)
        student = self._student(stem)
        if owner is not None and stem == self._name:
            student = owner
        if student is None:
            self._skip(found.where, "nobodys_file", name=self._name)
        elif owner not in (None, student):
            self._skip(found.where, "others_file", owner=owner)
        elif not usable(student):
            self._skip(found.where, "unusable_name", name=student)
        elif (target := self._target / f"{student}_{self._name}.ipynb").exists():
            self._skip(found.where, "second_file", student=student)
        else:
            target.write_bytes(found.content)

    def _owner(self, archive: PurePosixPath) -> str | None:
        found = ARCHIVE.fullmatch(archive.name)
        return self._student(found[1]) if found else None

    def _student(self, stem: str) -> str | None:
        """Whose work a file called so is."""
        found = re.fullmatch(f"(.*)_{re.escape(self._name)}", stem, re.DOTALL)
        return found[1] if found else None

    def _skip(self, where: str, why: str, **values: object) -> None:
        said = {key: one_line(str(value)) for key, value in values.items()}
        reason = text(self.language, why, **said)
        self.log.warning(text(self.language, "skipped", file=one_line(where), reason=reason))


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


def _is_notebook(places: Places) -> bool:
    return places[-1].suffix == ".ipynb"
