"""How the students are called in a report: by their names, or by numbers."""

import random
import re
from collections.abc import Iterable, Sequence

from lr_grading.class_list import Member
from lr_grading.report_words import word
from lr_grading.terminal import one_line

LEAST = 3  # letters of a part of a name, and digits of an id, that are looked for in texts


class Names:
    """The names of a class.

    Args:
        members: The class, with all who have handed in.
        language: The language of the report.
        hidden: Whether numbers in a random order take the place of names, in texts too.
    """

    def __init__(self, members: Sequence[Member], language: str, *, hidden: bool) -> None:
        self._language = language
        self._labels = {member.id: self._name(member) for member in members}
        self._known: dict[str, str] = {}
        if hidden:
            shuffled = random.SystemRandom().sample(list(members), len(members))
            self._labels = {member.id: str(n) for n, member in enumerate(shuffled, start=1)}
            for member in members:
                for known in _known_by(member):
                    self._known[known.lower()] = self._labels[member.id]
        # A longer name first: it may hold a shorter one. Chinese has no spaces around words.
        longest = sorted(self._known, key=len, reverse=True)
        parts = (rf"\b{re.escape(k)}\b" if k.isascii() else re.escape(k) for k in longest)
        self._pattern = re.compile("|".join(parts), re.IGNORECASE) if longest else None

    def _name(self, member: Member) -> str:
        if not member.name:
            return one_line(member.id)
        name, student = one_line(member.name), one_line(member.id)
        return word(self._language, "labelled", name=name, id=student)

    def label(self, student: str) -> str:
        return self._labels[student]

    def sorted(self, students: Iterable[str]) -> list[str]:
        """In an order that gives away no names where they are left out."""
        if self._pattern is None:
            return sorted(students)
        return sorted(students, key=lambda student: int(self._labels[student]))

    def masked(self, said: str) -> str:
        """What a student wrote, without names if they are left out."""
        if self._pattern is None:
            return said
        return self._pattern.sub(lambda found: self._known[found[0].lower()], said)


def _known_by(member: Member) -> set[str]:
    """What gives a student away in a text: id, address, name and its parts."""
    known = {member.id, member.email, member.name, *member.name.split()}
    return {text for text in known if len(text) >= (LEAST if text.isascii() else 2)}
