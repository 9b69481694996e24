"""What the name of a file says: whether it is a notebook, of which assignment, and which copy."""

import re

NOTEBOOK = re.compile(r"(.+)\.(ipynb|json|ipynb\.txt|ipynb\.json)", re.IGNORECASE)
# What browsers, Jupyter, Windows and macOS add to the name of a copy,
COPY = r"(?:[-_ ]*[(（]\d{1,2}[)）]|-Copy\d*|[-_ ]+copy ?\d*|[-_ ]*副本 ?\d*)"
# and what else is a number where it follows the name of the assignment: Canvas' second attempt.
COPY_OF_ASSIGNMENT = rf"(?:{COPY}|[- ]\d{{1,2}})"

# How Colab calls a copy.
COLAB_COPY = re.compile(r"Copy of (.+)|“(.+)”的副本", re.IGNORECASE)


def notebook_stem(file_name: str) -> str | None:
    """The name of a notebook without its ending; None for another file.

    Some browsers and mail programs add ``.txt`` or ``.json``, or take it for ``.ipynb``.
    """
    found = NOTEBOOK.fullmatch(file_name)
    if found is None:
        return None
    copy = COLAB_COPY.fullmatch(found[1])
    stem = (copy[1] or copy[2]) if copy else found[1]
    return re.sub(r"\.ipynb$", "", stem, flags=re.IGNORECASE)


def copy_number(stem: str) -> int:
    """Which copy or attempt a file is: 0 for ``ohm``, 1 for ``ohm - Copy``, 2 for ``ohm (2)``."""
    found = re.search(rf"{COPY_OF_ASSIGNMENT}$", stem, re.IGNORECASE)
    if found is None:
        return 0
    digits = re.search(r"\d+", found[0])
    return int(digits[0]) if digits else 1


def original(stem: str) -> str:
    """A name without what a copy adds to it."""
    return re.sub(rf"{COPY}+$", "", stem, flags=re.IGNORECASE)


class AssignmentName:
    """The name of an assignment in names of files, be it ``ohm``, ``Ohm-1`` or ``ohm - 副本``.

    Args:
        name: The assignment. Students write its hyphens in other ways, too.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        words = "[-_ ]?".join(map(re.escape, name.split("-")))
        self._alone = _compiled(rf"{words}{COPY_OF_ASSIGNMENT}*")
        self._last = _compiled(rf"(?P<rest>.+)_{words}{COPY_OF_ASSIGNMENT}*")
        self._first = _compiled(rf"{words}_(?P<rest>.+?){COPY}*")
        # As in mechanics_ada-1, where only a list of the class knows that ada-1 is nobody's id.
        before, after = (
            r"((?P<before>.+?)[-_ ]+)?",
            rf"([-_ ]+(?P<after>.+?){COPY_OF_ASSIGNMENT}*)?",
        )
        self._anywhere = _compiled(f"{before}{words}{COPY_OF_ASSIGNMENT}*{after}")

    def is_all_of(self, stem: str) -> bool:
        return self._alone.fullmatch(stem) is not None

    def is_in(self, stem: str) -> bool:
        return self._anywhere.fullmatch(stem) is not None

    def student(self, stem: str) -> str | None:
        """STUDENT of ``STUDENT_NAME`` or ``NAME_STUDENT``, and of their copies."""
        if self.is_all_of(stem):
            return None
        found = self._last.fullmatch(stem) or self._first.fullmatch(stem)
        return found["rest"].strip() if found else None

    def rest(self, stem: str) -> str:
        """What else a name says, however it is joined to the name of the assignment."""
        found = self._anywhere.fullmatch(stem)
        if found is None:
            return original(stem)
        return " ".join(filter(None, (found["before"], found["after"])))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)
