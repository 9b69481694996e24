"""Which submissions look alike: pairs for a person to look at, never a verdict.

An answer is compared line by line, wherever a line is in it. Comments, docstrings, layout and the
names that the answer itself gives do not count, so that a copy with other names in another order
is found. Lines that anybody may have do not count either: those of the release, short ones of the
solution, and those that many of the class have, from a chapter for example.

RapidFuzz compares two lines. copydetect was measured on the same answers: it compares runs of
characters, and answers of a few lines lose these when the lines are moved. At best it found 0.39
of a disguised copy, where independent answers reached 0.58. Here copies have more than 0.9 and
independent answers less than 0.5; the tests compare both with the bounds below.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from itertools import combinations

from nbformat import NotebookNode
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from lr_grading.assignments import grade_id, kind
from lr_grading.recognition import definitions

REPORTED = 0.6  # a pair is reported from this share on. Independent answers had at most 0.5,
LEAST = 100  # and from so many characters on that are alike: less can happen by chance.
ALIKE = 0.8  # two lines count as one from this similarity on
SHORT = 40  # characters; a shorter line of the solution is taken to be forced
COMMON = 0.25  # of the class: a line that more have is nobody's own,
FEW = 4  # but so many students can always be a pair or two
SENTENCE = 20  # characters; a shorter sentence is anybody's
OWN = "v"  # in place of each name that an answer gives
SENTENCES = re.compile(r"(?<=[.!?。！？])\s*|\n+")


@dataclass(frozen=True)
class Line:
    """A statement of an answer, or a sentence.

    Attributes:
        text: What is compared.
        first: The number of its first line in the answer, from 0.
        last: That of its last line.
    """

    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Alike:
    """An answer of two students.

    Attributes:
        question: The question.
        written: Whether it is text; otherwise it is code.
        alike: The characters in lines that are alike, of both students together.
        compared: All characters that were compared.
        marked: For each of the two, the numbers of the source lines that are alike, from 0.
    """

    question: str
    written: bool
    alike: int
    compared: int
    marked: tuple[frozenset[int], frozenset[int]]

    @property
    def share(self) -> float:
        return self.alike / self.compared


@dataclass(frozen=True)
class Pair:
    """Two submissions that look alike.

    Attributes:
        students: Who handed them in.
        share: What is alike of all that was compared: of the code or of the texts, whichever
            is more.
        answers: The answers of which something is alike, in the order of the notebook.
    """

    students: tuple[str, str]
    share: float
    answers: tuple[Alike, ...]


def similar(
    answers: Mapping[str, Mapping[str, str]], release: NotebookNode, solution: NotebookNode
) -> list[Pair]:
    """The pairs of submissions that look alike, the most similar first.

    Args:
        answers: By student, what the answers say, by question.
        release: The assignment as it was handed out.
        solution: The assignment with its solution, or the release again.
    """
    comparisons = [
        _Comparison(cell, sources.get(grade_id(cell), ""), answers)
        for sources in [{grade_id(cell): cell.source for cell in solution.cells}]
        for cell in release.cells
        if kind(cell) in ("answer", "written")
    ]
    found = []
    for one, other in combinations(answers, 2):
        alike = [comparison.of(one, other) for comparison in comparisons]
        share = max(_share(alike, written=written) for written in (False, True))
        if share >= REPORTED:
            found.append(Pair((one, other), share, tuple(a for a in alike if a.alike)))
    return sorted(found, key=lambda pair: -pair.share)


def _share(answers: list[Alike], *, written: bool) -> float:
    """What is alike of the code or of the texts; nothing where it is too little to say."""
    chosen = [answer for answer in answers if answer.written == written]
    alike, compared = (
        sum(answer.alike for answer in chosen),
        sum(answer.compared for answer in chosen),
    )
    return alike / compared if alike >= 2 * LEAST else 0.0


def code_lines(source: str, given: Collection[str] = ()) -> list[Line]:
    """The statements of code, with one name in place of all that the code itself gives.

    A compound statement is its first line; what is in it are statements of their own. Code that
    Python cannot read is taken as it is, without its comments.

    Args:
        source: The code.
        given: Names that are kept: those of the course.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        lines = [line.partition("#")[0].strip() for line in source.split("\n")]
        return [Line(text, n, n) for n, text in enumerate(lines) if text]
    own = _own_names(tree) - set(given)
    _Renaming(own).visit(tree)
    return list(_statements(tree))


def sentences(source: str) -> list[Line]:
    """The sentences of a text that are long enough to be somebody's own."""
    found, position = [], 0
    for sentence in filter(None, SENTENCES.split(source)):
        position = source.index(sentence, position)
        first = source.count("\n", 0, position)
        text = " ".join(sentence.split())
        if len(text) >= SENTENCE:
            found.append(Line(text, first, first))
        position += len(sentence)
    return found


def _own_names(tree: ast.AST) -> set[str]:
    own: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                own.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                own.add(name)
            case ast.alias(asname=str(name)):
                own.add(name)
    return own


class _Renaming(ast.NodeTransformer):
    """Gives all names of an answer's own one name, and takes away what does not run."""

    def __init__(self, own: set[str]) -> None:
        self._own = own

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._renamed(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg, node.annotation = self._renamed(node.arg), None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name, node.returns = self._renamed(node.name), None
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant):  # a docstring
            return None
        return self.generic_visit(node)

    def _renamed(self, name: str) -> str:
        return OWN if name in self._own else name


def _statements(tree: ast.AST) -> Iterator[Line]:
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = (node.end_lineno or node.lineno) - 1
            if body is not None:
                last = max(node.lineno - 1, min([last, *(part.lineno - 2 for part in body)]))
            yield Line(_head(node), node.lineno - 1, last)


def _head(node: ast.stmt) -> str:
    """A statement without the statements in it."""
    head = copy(node)
    for name in ("body", "orelse", "handlers", "finalbody"):
        if hasattr(head, name):
            setattr(head, name, [])
    return ast.unparse(head).strip()


class _Comparison:
    """One answer of all students, compared with each other's.

    Args:
        cell: The answer as it was handed out.
        solution: Its solution.
        answers: By student, what the answers say, by question.
    """

    def __init__(
        self, cell: NotebookNode, solution: str, answers: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._question, self._written = str(grade_id(cell)), kind(cell) == "written"
        given = definitions(cell.source)
        read: Callable[[str], list[Line]] = (
            sentences if self._written else lambda source: code_lines(source, given)
        )
        forced = {line.text for line in read(cell.source)}
        if not self._written:
            forced |= {line.text for line in read(solution) if len(line.text) < SHORT}
        lines = {one: read(said.get(self._question, "")) for one, said in answers.items()}
        have = Counter(text for found in lines.values() for text in {line.text for line in found})
        most = max(FEW, COMMON * len(answers))
        forced |= {text for text, count in have.items() if count > most}
        self._lines = {
            student: [line for line in found if line.text not in forced]
            for student, found in lines.items()
        }
        self._size = {
            student: sum(len(line.text) for line in found) for student, found in self._lines.items()
        }
        self._like = _alike(sorted({line.text for found in self._lines.values() for line in found}))

    def of(self, one: str, other: str) -> Alike:
        """What two students have alike."""
        matched = list(self._matches(one, other))
        marked = tuple(
            frozenset(n for pair in matched for n in range(pair[side].first, pair[side].last + 1))
            for side in (0, 1)
        )
        alike = sum(len(mine.text) + len(theirs.text) for mine, theirs in matched)
        compared = self._size[one] + self._size[other]
        return Alike(self._question, self._written, alike, compared, (marked[0], marked[1]))

    def _matches(self, one: str, other: str) -> Iterator[tuple[Line, Line]]:
        """Lines that are alike, each with one of the other's; equal ones are matched first."""
        left, unmatched = defaultdict(list), []
        for line in self._lines[other]:
            left[line.text].append(line)
        for line in self._lines[one]:
            if left.get(line.text):
                yield line, left[line.text].pop(0)
            else:
                unmatched.append(line)
        for line in unmatched:
            for text in self._like[line.text]:
                if left.get(text):
                    yield line, left[text].pop(0)
                    break


def _alike(texts: list[str]) -> dict[str, list[str]]:
    """By text, the others that count as the same, the most similar first."""
    if not texts:
        return {}
    scores = cdist(texts, texts, scorer=Indel.normalized_similarity, score_cutoff=ALIKE)
    return {
        text: [texts[n] for n in row.argsort()[::-1] if row[n] and texts[n] != text]
        for text, row in zip(texts, scores)
    }
