"""Copies are found and independent answers are not: measured with the bank of right answers."""

import ast
import random
from itertools import combinations

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lr_grading.assignments import NAMES, grade_id, kind, read, solution_file
from lr_grading.calibration_bank import bank
from lr_grading.release import pristine
from lr_grading.similarity import FEW, REPORTED, Line, code_lines, sentences, similar

STATEMENTS = ("body", "orelse")


def disguised(source: str) -> str:
    """A copy with other names, without comments, and with its lines in another order.

    It need not run: to move lines that depend on each other only makes it harder to find.
    """
    tree = ast.parse(source)
    top = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and is_set(node)
    } - top
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    new = {name: f"other_{number}" for number, name in enumerate(sorted(names))}
    dice = random.Random(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        if isinstance(node, ast.arg):
            node.arg = new.get(node.arg, node.arg)
        for block in (getattr(node, name, None) for name in STATEMENTS):
            if isinstance(block, list) and node is not tree:
                dice.shuffle(block)
    return ast.unparse(tree)


def is_set(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def ways_to_solve(name: str) -> dict[str, dict[str, str]]:
    """The answers of the solution, and those of each right file of the bank, by question."""
    cells = read(solution_file("en", name)).cells
    ways = {"solution": {str(grade_id(c)): c.source for c in cells if kind(c) == "answer"}}
    return ways | {one.file.stem: one.answers for one in bank(name) if one.right}


@pytest.mark.parametrize("name", NAMES)
def test_a_disguised_copy_is_reported_and_independent_answers_are_not(name: str) -> None:
    release, solution = pristine("en", name), read(solution_file("en", name))
    ways = ways_to_solve(name)
    for way, answers in ways.items():
        copied = {question: disguised(source) for question, source in answers.items()}
        (pair,) = similar({way: answers, "copy": copied}, release, solution)
        assert pair.share > 0.9, way
    for one, other in combinations(ways, 2):
        both = ways[one].keys() & ways[other].keys()
        pair_of_ways = {way: {q: ways[way][q] for q in both} for way in (one, other)}
        assert not similar(pair_of_ways, release, solution), (one, other)


RELEASE = new_notebook(
    cells=[
        new_code_cell("def f(x):\n    raise NotImplementedError\n"),
        new_markdown_cell("Your answer here, in about a hundred words, please."),
    ]
)
for made, question, grade in zip(RELEASE.cells, ("f", "reflection"), (False, True)):
    made.metadata["nbgrader"] = {"grade_id": question, "solution": True, "grade": grade}

LONG = "\n".join(f"    y{n} = torch.linalg.solve(x.T @ x + {n}, x.T @ x * {n})" for n in (3, 5, 8))
CODE = f"def f(x):\n{LONG}\n    return y3\n"
OTHER = "def f(x):\n" + "\n".join(f"    x = (x - {n}).pow({n}).cumsum(0).exp()" for n in (1, 4, 6))
TEXT = "The units decide how steep the loss is. " + "A rate that suits one does not suit another. "


def test_a_pair_says_which_lines_are_alike() -> None:
    longer = CODE.replace(
        "    return y3", "    print('something of one student alone')\n    return y3"
    )
    (pair,) = similar({"a": {"f": CODE}, "b": {"f": longer}}, RELEASE, RELEASE)
    (answer,) = pair.answers
    assert pair.students == ("a", "b")
    assert REPORTED < answer.share < 1
    lines = tuple(map(sorted, answer.marked))
    assert lines == ([1, 2, 3, 4], [1, 2, 3, 5]), "the first line is the release's"


def test_texts_are_compared_apart_from_code() -> None:
    said = 3 * TEXT
    (pair,) = similar(
        {"a": {"f": CODE, "reflection": said}, "b": {"f": OTHER, "reflection": said}},
        RELEASE,
        RELEASE,
    )
    assert [answer.question for answer in pair.answers if answer.share == 1] == ["reflection"]
    assert pair.share == 1


def test_what_everybody_has_is_nobodys() -> None:
    few = {str(n): {"f": CODE} for n in range(FEW)}
    assert len(similar(few, RELEASE, RELEASE)) == FEW * (FEW - 1) / 2
    assert not similar({**few, "one more": {"f": CODE}}, RELEASE, RELEASE)
    assert not similar({"a": {"f": RELEASE.cells[0].source}, "b": {}}, RELEASE, RELEASE)


def test_short_lines_of_the_solution_are_forced() -> None:
    short = "".join(f"    x = x.roll({n}).cumsum(0)\n" for n in range(9))
    forced = f"def f(x):\n{short}    return x\n"
    both = {"a": {"f": forced}, "b": {"f": forced}}
    solution = new_notebook(cells=[new_code_cell(forced, metadata=RELEASE.cells[0].metadata)])
    assert len(similar(both, RELEASE, RELEASE)) == 1
    assert not similar(both, RELEASE, solution)


def test_too_little_is_no_pair() -> None:
    short = "def f(x):\n    return torch.linalg.norm(x - x.mean(0)) ** 2 / len(x)\n"
    assert not similar({"a": {"f": short}, "b": {"f": short}}, RELEASE, RELEASE)


def test_names_comments_layout_and_docstrings_do_not_count() -> None:
    one = code_lines(
        'def f(a: int) -> int:\n    """What."""\n    b = a+1  # more\n    return b', {"f"}
    )
    other = code_lines("def f(x):\n    total = (x\n        + 1)\n    return total", {"f"})
    assert [line.text for line in one] == [line.text for line in other]
    assert [line.text for line in one] == ["def f(v):", "v = v + 1", "return v"]
    assert other[1] == Line("v = v + 1", 1, 2)


def test_a_compound_statement_is_its_first_line() -> None:
    source = (
        "for i in range(3):\n    try:\n        g(i)\n    except E:\n        pass\nelse:\n    h()"
    )
    assert [(line.text, line.first, line.last) for line in code_lines(source)] == [
        ("for v in range(3):", 0, 0),
        ("try:", 1, 1),
        ("h()", 6, 6),
        ("g(v)", 2, 2),
        ("pass", 4, 4),
    ]


def test_code_that_python_cannot_read_is_compared_as_it_is() -> None:
    assert code_lines("def f(:\n  x = 1  # one\n\n") == [Line("def f(:", 0, 0), Line("x = 1", 1, 1)]


def test_sentences_end_in_both_languages() -> None:
    chinese = "学习率太大时训练会发散，太小时又收敛得太慢，因此要先看二阶导数。"
    found = sentences(f"Short.\n{TEXT}{chinese}{chinese}")
    assert [line.text for line in found] == [
        "The units decide how steep the loss is.",
        "A rate that suits one does not suit another.",
        chinese,
        chinese,
    ]
    assert {line.first for line in found} == {1}
