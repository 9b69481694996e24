"""Train one model in five frameworks, on the same data, and see whether they agree.

    make frameworks                  compare, and write _build/frameworks/results.json
    make frameworks STORE=--store    also renew the results that the chapter shows

Every program gets the same dataset, the same initial parameters and the same batches.
Each runs in a process and an environment of its own, three times; a time is the
smallest of the three, because other work on the machine can only add to it.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import problem as setting

HERE = Path(__file__).resolve().parent
STORED = HERE / "results.json"
WRITTEN = HERE.parent / "_build" / "frameworks" / "results.json"
ENVIRONMENTS = HERE.parent / ".venv-frameworks"
NAMES = ("pytorch", "jax", "tensorflow", "paddle", "mxnet")
SEED, ROUNDS = 0, 3

# Float32 numbers between 4 and 8 lie 4.8e-7 apart, so storing the bias after a step errs by
# up to 2.4e-7. A step shrinks older errors by 1 - lr = 0.97: at most 1 / 0.03 = 33 roundings
# are alive at a time, together less than 8e-6.
PARAMETER_TOLERANCE = 1e-5
# A prediction near 10 errs by 5e-7 or so, a hundred-thousandth of a residual of size 0.01;
# the loss is its square, and the parameters bring errors of their own.
LOSS_TOLERANCE = 1e-3  # relative
# Three epochs come near the minimum but not to it: of the start, at most 4.2 away, a share of
# 0.97**300 = 1.1e-4 is left, and the noise of the batches moves each parameter by about
# noise * sqrt(lr / (2 * batch_size)) = 4e-4 about the minimum. Here are four times the two.
LEAST_SQUARES_TOLERANCE = 0.0035


def sgd_in_float64(problem):
    """Do the same steps in numpy and in float64: what all would find without rounding."""
    X, y, w, b = (
        problem[name].astype(float) for name in ("features", "labels", "w", "b")
    )
    losses = []
    for order in problem["orders"]:
        for start in range(0, len(order), setting.batch_size):
            rows = order[start : start + setting.batch_size]
            residual = X[rows] @ w + b - y[rows]
            w -= setting.lr * X[rows].T @ residual / len(rows)
            b -= setting.lr * residual.mean(axis=0)
        losses.append(float(((X @ w + b - y) ** 2).mean() / 2))
    return {"losses": losses, "w": w.ravel().tolist(), "b": float(b[0])}


def least_squares(problem):
    """The parameters of least mean loss, and that loss, in float64."""
    X, y = problem["features"].astype(float), problem["labels"].astype(float)
    A = np.hstack([X, np.ones((len(X), 1))])
    theta = np.linalg.lstsq(A, y, rcond=None)[0]
    loss = float(((A @ theta - y) ** 2).mean() / 2)
    return {
        "loss": loss,
        "w": theta[:-1].ravel().tolist(),
        "b": float(theta[-1, 0]),
    }


def run(name, problem_file, report_file, environments=ENVIRONMENTS):
    """Run the program of one framework on the shared problem, and return its report."""
    python = environments / name / "bin" / "python"
    program = [
        str(python),
        str(HERE / f"with_{name}.py"),
        problem_file,
        report_file,
    ]
    only_cpu = {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run(
        program, env={**os.environ, **only_cpu}, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(
            f"{name}: with_{name}.py was expected to run, but ended with status "
            f"{done.returncode} and this message:\n{done.stderr}"
        )
    return json.loads(Path(report_file).read_text("utf8"))


def measure():
    """Run all programs, and put together what results.json holds."""
    problem = setting.shared_problem(SEED)
    reports = {name: [] for name in NAMES}
    with tempfile.TemporaryDirectory() as folder:
        problem_file = os.path.join(folder, "problem.npz")
        np.savez(problem_file, **problem)
        for i in range(1, ROUNDS + 1):
            for name in NAMES:
                print(f"run {i} of {ROUNDS}: {name}", flush=True)
                report_file = os.path.join(folder, f"{name}.json")
                reports[name].append(run(name, problem_file, report_file))
    return {
        "machine": {
            "device": "CPU",
            "cores": os.cpu_count(),
            "python": reports["pytorch"][0]["python"],
        },
        "setting": {
            "true_w": setting.true_w,
            "true_b": setting.true_b,
            "noise": setting.noise,
            "num_examples": setting.num_examples,
            "batch_size": setting.batch_size,
            "batches_per_epoch": math.ceil(
                setting.num_examples / setting.batch_size
            ),
            "lr": setting.lr,
            "num_epochs": setting.num_epochs,
        },
        "least_squares": least_squares(problem),
        "sgd_in_float64": sgd_in_float64(problem),
        "frameworks": {name: summary(runs) for name, runs in reports.items()},
    }


def summary(runs):
    """What several runs of one program found: the numbers of the first, and the shortest times."""
    first, kept = runs[0], ("version", "numpy", "losses", "w", "b", "variants")
    truth = [*setting.true_w, setting.true_b]
    later = [seconds for one in runs for seconds in one["seconds"][1:]]
    return {
        **{key: first[key] for key in kept},
        "errors": [x - y for x, y in zip([*first["w"], first["b"]], truth)],
        "first_epoch_seconds": min(one["seconds"][0] for one in runs),
        "later_epoch_seconds": min(later),
    }


def rounded(value, digits=9):
    """Numbers at 9 significant digits, which tell float32 numbers apart; times at 3."""
    if isinstance(value, dict):
        return {
            k: rounded(v, 3 if k.endswith("_seconds") else 9)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [rounded(item, digits) for item in value]
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def complaints(results):
    """Say of each program that is not where it should be what was expected and what came."""
    exact, best = results["sgd_in_float64"], results["least_squares"]
    said = []
    for name, found in results["frameworks"].items():
        for i, (loss, expected) in enumerate(
            zip(found["losses"], exact["losses"]), start=1
        ):
            if not math.isclose(loss, expected, rel_tol=LOSS_TOLERANCE):
                said.append(
                    f"{name}: the loss after epoch {i} is {loss:.7g}; expected {expected:.7g} "
                    f"as in float64, to within a relative {LOSS_TOLERANCE:g}"
                )
        for key in ("w[0]", "w[1]", "b"):
            value, expected, minimum = (
                parameter(of, key) for of in (found, exact, best)
            )
            if not abs(value - expected) <= PARAMETER_TOLERANCE:
                said.append(
                    f"{name}: {key} is {value:.8g}; expected {expected:.8g} as in float64, "
                    f"to within {PARAMETER_TOLERANCE:g}"
                )
            if not abs(value - minimum) <= LEAST_SQUARES_TOLERANCE:
                said.append(
                    f"{name}: {key} is {value:.8g}; expected {minimum:.8g} as least squares "
                    f"has it, to within {LEAST_SQUARES_TOLERANCE:g}"
                )
        if len(found["losses"]) != len(exact["losses"]):
            said.append(
                f"{name}: {len(found['losses'])} losses came; expected {len(exact['losses'])}, "
                "one after each epoch"
            )
    return said


def changes(results, stored):
    """Say where new results are not those that the chapter shows; times may differ."""
    said = []
    for name, new in results["frameworks"].items():
        old = stored["frameworks"][name]
        if new["version"] != old["version"]:
            said.append(
                f"{name}: version {new['version']} ran; expected {old['version']}"
            )
        rows = [("losses", new["losses"], old["losses"])]
        rows += [
            (f"losses with {v}", x, old["variants"][v])
            for v, x in new["variants"].items()
        ]
        for what, came, expected in rows:
            if not np.allclose(came, expected, rtol=LOSS_TOLERANCE, atol=0):
                said.append(
                    f"{name}: {what} are {came}; expected {expected}, as stored"
                )
        if not np.allclose(
            new["errors"], old["errors"], rtol=0, atol=PARAMETER_TOLERANCE
        ):
            said.append(
                f"{name}: errors are {new['errors']}; expected {old['errors']}, as stored"
            )
    return said


def parameter(found, key):
    return found["b"] if key == "b" else found["w"][int(key[2])]


def table(results):
    """The results as lines of text, one for each framework."""
    lines = [
        f"{'':12}{'loss after epoch 1':>20}{'2':>12}{'3':>12}{'largest error':>15}"
        f"{'first epoch':>14}{'later':>9}"
    ]
    for name, found in results["frameworks"].items():
        first, *others = found["losses"]
        lines.append(
            f"{name:12}{first:20.6f}"
            + "".join(f"{loss:12.8f}" for loss in others)
            + f"{max(map(abs, found['errors'])):15.5f}"
            + f"{found['first_epoch_seconds']:12.2f} s{found['later_epoch_seconds']:7.3f} s"
        )
        for variant, losses in found["variants"].items():
            lines.append(
                f"  with {variant}: losses " + ", ".join(f"{x:.6f}" for x in losses)
            )
    exact, best = results["sgd_in_float64"], results["least_squares"]
    lines.append(
        "in float64: losses " + ", ".join(f"{x:.8f}" for x in exact["losses"])
    )
    lines.append(f"least squares: loss {best['loss']:.8f}")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--store", action="store_true", help="renew frameworks/results.json"
    )
    arguments = parser.parse_args()
    results = rounded(measure())
    print(table(results))
    WRITTEN.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=2) + "\n"
    WRITTEN.write_text(text, "utf8")
    said = complaints(results)
    if not said and arguments.store:
        STORED.write_text(text, "utf8")
    elif not said:
        said = changes(results, json.loads(STORED.read_text("utf8")))
    if said:
        sys.exit("The frameworks do not agree.\n" + "\n".join(said))
    print(
        "All agree: with float64 to float32 rounding, with least squares, with the chapter."
    )


if __name__ == "__main__":
    main()
