"""The five programs of the chapter on frameworks: what is stored, and what the page shows.

`make frameworks` runs them; here, of the five, only PyTorch is run.
"""

import ast
import copy
import importlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.course import EDITIONS, ROOT, code_cells, output_text, prose

FRAMEWORKS = ROOT / "frameworks"
PARTS = ("synthetic_data", "data_iter", "linreg", "squared_loss", "sgd", "train")
IN_JAX = {"linreg": ["LinReg"], "sgd": ["TrainState", "train_step"]}  # under other names

sys.path.append(str(FRAMEWORKS))
compare = importlib.import_module("compare")
problem = importlib.import_module("problem")

STORED = json.loads((FRAMEWORKS / "results.json").read_text("utf8"))
every_framework = pytest.mark.parametrize("name", compare.NAMES)


def test_results_are_those_of_the_five_programs_as_they_are() -> None:
    assert list(STORED["frameworks"]) == list(compare.NAMES)
    for key, value in STORED["setting"].items():
        if key != "batches_per_epoch":
            assert getattr(problem, key) == value
    assert STORED["setting"]["batches_per_epoch"] * problem.batch_size == problem.num_examples
    for found in STORED["frameworks"].values():
        assert len(found["losses"]) == problem.num_epochs
        truth = [*problem.true_w, problem.true_b]
        errors = np.subtract([*found["w"], found["b"]], truth)
        np.testing.assert_allclose(found["errors"], errors, atol=1e-7)


def test_nothing_stored_tells_of_the_machine() -> None:
    assert set(STORED["machine"]) == {"device", "cores", "python"}
    assert "/" not in (FRAMEWORKS / "results.json").read_text("utf8")


def test_all_agree_with_float64_and_with_least_squares() -> None:
    assert compare.complaints(STORED) == []
    assert compare.changes(STORED, STORED) == []


def test_the_references_are_those_of_the_shared_problem() -> None:
    shared = problem.shared_problem(compare.SEED)
    for key, compute in (
        ("sgd_in_float64", compare.sgd_in_float64),
        ("least_squares", compare.least_squares),
    ):
        for name, value in compute(shared).items():
            np.testing.assert_allclose(STORED[key][name], value, rtol=1e-7)


def test_float64_follows_pytorch_and_ends_near_least_squares() -> None:
    shared = {
        name: array.astype(float) if array.dtype == "float32" else array
        for name, array in problem.shared_problem(1).items()
    }
    record = problem.Record()
    w, b = importlib.import_module("with_pytorch").train(**shared, record=record)
    exact, best = compare.sgd_in_float64(shared), compare.least_squares(shared)
    np.testing.assert_allclose(record.losses, exact["losses"], rtol=1e-9)
    np.testing.assert_allclose([*w.ravel(), *b], [*exact["w"], exact["b"]], rtol=1e-12)
    assert best["loss"] < exact["losses"][-1] < 1.1 * best["loss"]


@every_framework
@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda found: found["losses"].__setitem__(1, found["losses"][1] * 1.01), "epoch 2"),
        (lambda found: found["losses"].__setitem__(2, float("nan")), "epoch 3"),
        (lambda found: found["losses"].pop(), "2 losses came; expected 3"),
        (lambda found: found["w"].__setitem__(1, -3.4), r"w\[1\] is -3.4; expected -3.399"),
        (lambda found: found.update(b=4.25), "b is 4.25; expected 4.1995.* least squares"),
        (lambda found: found.update(b=float("nan")), "b is nan; expected 4.1989.* float64"),
    ],
)
def test_a_complaint_names_the_framework_what_was_expected_and_what_came(
    name: str, damage: Callable[[dict[str, Any]], object], what: str
) -> None:
    results = copy.deepcopy(STORED)
    damage(results["frameworks"][name])
    said = compare.complaints(results)
    assert said
    assert all(line.startswith(f"{name}: ") and "expected" in line for line in said)
    assert re.search(what, "\n".join(said))


@pytest.mark.parametrize(
    ("name", "key", "value", "what"),
    [
        ("jax", "version", "0.1", "version 0.1 ran; expected"),
        ("paddle", "losses", [1.0, 1.0, 1.0], "losses are"),
        ("mxnet", "errors", [0.0, 0.0, 0.0], "errors are"),
        ("jax", "variants", {"batch normalization": [1.0, 1.0, 1.0]}, "batch normalization"),
    ],
)
def test_what_differs_from_the_stored_results_is_said(
    name: str, key: str, value: object, what: str
) -> None:
    results = copy.deepcopy(STORED)
    results["frameworks"][name][key] = value
    (line,) = compare.changes(results, STORED)
    assert line.startswith(f"{name}: ")
    assert what in line


@pytest.mark.skipif(sys.platform == "win32", reason="make frameworks needs make")
def test_a_program_that_fails_is_named_with_its_message(tmp_path: Path) -> None:
    (tmp_path / "nowhere" / "bin").mkdir(parents=True)
    (tmp_path / "nowhere" / "bin" / "python").symlink_to(sys.executable)
    with pytest.raises(SystemExit, match=r"(?s)^nowhere: .*expected to run.*with_nowhere\.py"):
        compare.run("nowhere", "problem.npz", "report.json", environments=tmp_path)


def test_the_table_has_a_row_for_each_framework_and_its_variants() -> None:
    text = compare.table(STORED)
    for name, found in STORED["frameworks"].items():
        assert re.search(rf"^{name} +{found['losses'][0]:.6f}", text, re.MULTILINE)
    assert "with batch normalization" in text


def test_a_program_gets_the_shared_problem_and_writes_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = problem.shared_problem(5)
    np.savez(tmp_path / "problem.npz", **shared)
    got = []

    def train(features, labels, w, b, orders, record):  # type: ignore[no-untyped-def]
        got.append((features, labels, w, b, orders))
        for i, _ in enumerate(orders):
            with record.epoch():
                pass
            record.loss(i)
        return w + 1, b + 1

    files = [str(tmp_path / "problem.npz"), str(tmp_path / "report.json")]
    monkeypatch.setattr(sys, "argv", ["with_numpy.py", *files])
    problem.main(np, lambda: pytest.fail("drew its own data"), train, {"a variant": train})
    for given in got:
        for name, array in zip(("features", "labels", "w", "b", "orders"), given, strict=True):
            np.testing.assert_array_equal(array, shared[name])
    report = json.loads((tmp_path / "report.json").read_text("utf8"))
    assert report["losses"] == report["variants"]["a variant"] == [0, 1, 2]
    assert len(report["seconds"]) == 3
    np.testing.assert_allclose(report["w"], shared["w"].ravel() + 1)
    assert report["b"] == 1

    monkeypatch.setattr(sys, "argv", ["with_numpy.py"])
    problem.main(np, lambda: (None, None, np.zeros(2), np.zeros(1)), train)
    assert got[-1][-1] == [None] * 3
    assert "error of b:  -3.2" in capsys.readouterr().out


# The locks and the chapter


@every_framework
def test_the_locked_versions_are_those_that_ran(name: str) -> None:
    package = {"pytorch": "torch", "tensorflow": "tensorflow-cpu", "paddle": "paddlepaddle"}
    lock = (FRAMEWORKS / "requirements" / f"{name}.txt").read_text("utf8")
    found = STORED["frameworks"][name]
    for what, version in ((package.get(name, name), found["version"]), ("numpy", found["numpy"])):
        assert re.search(rf"^{what}=={re.escape(version)}\b", lock, re.MULTILINE)


def definition(name: str, piece: str) -> str:
    """The source of a function or class of a program, with its decorators."""
    source = (FRAMEWORKS / f"with_{name}.py").read_text("utf8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == piece:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            return "\n".join(source.splitlines()[first - 1 : node.end_lineno])
    raise LookupError(f"frameworks/with_{name}.py has no {piece}, which the chapter shows")


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_chapter_shows_each_part_in_five_synchronized_tabs(edition: str) -> None:
    text = prose(edition, "frameworks")
    sets = re.findall(r"^::::\{tab-set\}\n(.*?)^::::$", text, re.DOTALL | re.MULTILINE)
    assert len(sets) == len(PARTS)
    for part, tabs in zip(PARTS, sets):
        assert tabs.startswith(":sync-group: framework\n")
        tab = r"^:::\{tab-item\} \w+\n:sync: (\w+)\n\n(.*?)\n:::$"
        shown = re.findall(tab, tabs, re.DOTALL | re.MULTILINE)
        assert [name for name, _ in shown] == list(compare.NAMES)
        for name, code in shown:
            pieces = IN_JAX.get(part, [part]) if name == "jax" else [part]
            expected = "\n\n".join(f"```python\n{definition(name, p)}\n```" for p in pieces)
            assert code == expected, (
                f"book/{edition}/frameworks.ipynb: the tab {name} does not show {pieces} as "
                f"frameworks/with_{name}.py has it; copy this into the tab:\n\n{expected}"
            )


@every_framework
def test_a_program_fits_the_page(name: str) -> None:
    source = (FRAMEWORKS / f"with_{name}.py").read_text("utf8")
    assert max(map(len, source.splitlines())) <= 84, "wider than the page"


def test_the_chapter_shows_the_stored_results() -> None:
    text = "\n".join(output_text(cell) for cell in code_cells("en", "frameworks"))
    for name, found in STORED["frameworks"].items():
        losses = "  ".join(f"{loss:.8f}" for loss in found["losses"])
        assert f"{name:11}{losses}  {max(map(abs, found['errors'])):.5f}" in text
        assert re.search(rf"{name} .*first +{found['first_epoch_seconds'] * 1000:.0f} ms", text)


def test_what_the_chapter_says_of_the_stored_results_holds() -> None:
    for name, found in STORED["frameworks"].items():
        ratio = found["first_epoch_seconds"] / found["later_epoch_seconds"]
        assert (ratio > 2.5) == (name in {"jax", "tensorflow"}), (name, ratio)
        three_epochs = found["first_epoch_seconds"] + 2 * found["later_epoch_seconds"]
        assert three_epochs < 10, "seconds, not minutes"
    exact = STORED["sgd_in_float64"]
    bound = 2**-22 / problem.lr
    for found in STORED["frameworks"].values():
        assert np.abs(np.subtract(found["w"], exact["w"])).max() < bound < 1e-5
        assert abs(found["b"] - exact["b"]) < bound
    jax = STORED["frameworks"]["jax"]
    assert jax["variants"]["batch normalization"][-1] > 100 * jax["losses"][-1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tabs_follow_one_another_with_the_mouse_and_the_keyboard(
    browser: Browser, site: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}/en/frameworks.html")

    def open_tabs() -> list[str]:
        return [label.strip() for label in page.locator("input:checked + label").all_inner_texts()]

    assert open_tabs() == ["PyTorch"] * len(PARTS)
    page.locator(".sd-tab-set").nth(2).get_by_text("JAX", exact=True).click()
    assert open_tabs() == ["JAX"] * len(PARTS)
    assert page.get_by_text("class LinReg").is_visible()
    page.locator(".sd-tab-set").first.locator("input:checked").focus()
    page.keyboard.press("ArrowRight")
    assert open_tabs() == ["TensorFlow"] * len(PARTS)
    text, paper = page.locator(".sd-tab-set input:checked + label").first.evaluate(
        "e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert text != paper
    context.close()
