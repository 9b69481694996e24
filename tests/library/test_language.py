"""Each message of the library is in both languages, and says the same in both."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

import lr_lib
from lr_lib import DivergenceError, TrainingRecord, mechanics, progress
from tests.course import numbers
from tests.library.test_arguments import BAD, trained

SOURCES = sorted(Path(lr_lib.__file__).parent.glob("*.py"))
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def chinese() -> Iterator[None]:
    lr_lib.set_language("zh")
    yield
    lr_lib.set_language("en")


@pytest.mark.parametrize("language", ["xx", "ZH", "", None, 1])
def test_another_language_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match=r'^language is .*expected "en" or "zh".*应为') as error:
        lr_lib.set_language(language)
    assert repr(language) in str(error.value)


# The source of the library


def pairs(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls ``either(english, chinese)`` in a piece of code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "either":
            yield node


def words(tree: ast.AST) -> str:
    """The text of all strings in a piece of code, without what is filled in."""
    return " ".join(text(node).replace("{}", " ") for node in strings(tree))


def filled_in(tree: ast.AST) -> set[str]:
    """The names of the variables that a message shows."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def only_english(tree: ast.Module) -> Iterator[str]:
    """The strings for a reader that are in English alone.

    These are all strings of an error, or of what is printed or reported; elsewhere all with at
    least two words that are no docstring. A string may itself be in both languages.
    """
    translated = {id(node) for pair in pairs(tree) for node in ast.walk(pair)}
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    spoken = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "report"))
        for part in ast.walk(node)
    }
    for node in strings(tree):
        if id(node) in translated | docstrings or CHINESE.search(text(node)):
            continue
        enough = r"[A-Za-z]{2}" if id(node) in spoken else r"[A-Za-z]{2,},? [A-Za-z]{2,}"
        if re.search(enough, text(node)):
            yield text(node)


def strings(tree: ast.AST) -> Iterator[ast.expr]:
    """The strings of a piece of code, each formatted one as a whole."""
    formatted = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    parts = {id(part) for node in formatted for part in node.values}
    yield from formatted
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node


def text(string: ast.expr) -> str:
    parts = string.values if isinstance(string, ast.JoinedStr) else [string]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)


# Labels of plots, and the text of a function that is never shown.
NOT_MESSAGES = {"noise floor", "mean loss", "<checks of {}>", "return function({})"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_message_has_its_chinese(source: Path) -> None:
    assert set(only_english(ast.parse(source.read_text("utf8")))) <= NOT_MESSAGES


@pytest.mark.parametrize(
    "code",
    [
        'raise ValueError("wrong")',
        'raise ValueError(f"{name} is {kind(value)}")',
        'print(f"epoch {epoch}")',
        'form = "{desc} left of it"',
        'raise ValueError(either("a cat", "一只猫") + " cured")',
    ],
)
def test_a_message_in_english_alone_is_found(code: str) -> None:
    """The test above can fail."""
    assert list(only_english(ast.parse(code)))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_both_texts_say_the_same(source: Path) -> None:
    """They show the same variables and numbers, and name the same things of the code."""
    for pair in pairs(ast.parse(source.read_text("utf8"))):
        english, chinese = pair.args
        assert CHINESE.search(words(chinese)), ast.unparse(pair)
        assert not CHINESE.search(words(english)), ast.unparse(pair)
        assert filled_in(english) == filled_in(chinese), ast.unparse(pair)
        assert numbers(words(english)) == numbers(words(chinese)), ast.unparse(pair)
        assert names(words(english)) == names(words(chinese)), ast.unparse(pair)


def names(text: str) -> set[str]:
    """What can only be code: self.w, num_gpus, detach(), reduction="none"."""
    return set(
        re.findall(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+|[a-z]+_\w+|\w+\(\)|\w+=\S\w*", text, re.A)
    )


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_chinese_is_set_as_chinese(source: Path) -> None:
    """Full-width punctuation beside Chinese, and no space between Chinese and other words."""
    han = "[\u4e00-\u9fff]"
    wrong = re.compile(rf"{han}([,;:!?]|\.(?!\w)| \w)|([,;:!?.]|\w ){han}")
    for pair in pairs(ast.parse(source.read_text("utf8"))):
        for string in strings(pair.args[1]):
            assert not wrong.search(text(string)), ast.unparse(pair)


# Messages as a reader gets them


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize("case", BAD)
def test_an_error_has_the_same_values_in_both_languages(case: str, chinese: None) -> None:
    call, kind, _ = BAD[case]
    with pytest.raises(kind) as in_chinese:
        call()
    lr_lib.set_language("en")
    with pytest.raises(kind) as in_english:
        call()
    ours, theirs = str(in_chinese.value), str(in_english.value)
    assert CHINESE.search(ours)
    assert not CHINESE.search(theirs)
    assert numbers(ours) == numbers(theirs)
    assert names(ours) == names(theirs)
    assert shapes(ours) == shapes(theirs)
    argument = theirs.removeprefix("the result of ").split()[0].strip(",")
    assert argument in ours


def shapes(text: str) -> set[str]:
    return set(re.findall(r"\([\dndk, ]*,[\dndk ]*\)", text))


def test_a_training_reports_in_chinese(chinese: None) -> None:
    lines: list[str] = []
    trained(lr=0.0, report=lines.append)()
    assert lines == ["迭代周期1，损失0.5"]


def test_divergence_is_explained_in_chinese(chinese: None) -> None:
    error = DivergenceError(TrainingRecord([16.4, 2e5]), 10)
    assert str(error) == (
        "训练发散：平均损失在训练前为16.4，现为2e+05（第1个迭代周期之后，lr = 10）。"
        "请将学习率除以10，即lr = 1，或者缩放特征，使其大致在-1与1之间。"
    )
    lr_lib.set_language("en")
    assert str(error).startswith("training diverged"), "the language of the moment"


def test_the_training_loop_prints_in_chinese(
    chinese: None, capsys: pytest.CaptureFixture[str]
) -> None:
    readings = torch.tensor([1.0, 2.0])
    mechanics.training_loop(1, 0.0, torch.tensor([1.0, 0.0]), readings, readings + 1)
    assert capsys.readouterr().out == "迭代周期1：损失为1，参数为1和0，梯度为-3和-2\n"


def test_a_terminal_shows_what_is_left_in_chinese(chinese: None) -> None:
    bar = progress._Bar(lr_lib.ProgressBoard("epoch", xlim=(0, 3), display=False))
    assert "剩余" in bar.bar.bar_format
    bar.close()
