"""The problem that the five programs solve, and how they report. It needs numpy alone.

Run as it stands, a program draws all that is random with its own framework. With two
arguments, `python with_jax.py problem.npz results.json`, it takes the dataset, the
initial parameters and the order of the examples from the first file and writes what
it found to the second; compare.py runs all five in this way.
"""

import json
import sys
from contextlib import contextmanager
from time import perf_counter

import numpy as np

true_w, true_b = [2.0, -3.4], 4.2
num_examples, noise = 1000, 0.01
batch_size, lr, num_epochs = 10, 0.03, 3


def shared_problem(seed):
    """Draw what is random about a run: float32 data and parameters, one order an epoch."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(num_examples, len(true_w)))
    epsilon = rng.normal(size=(num_examples, 1))
    labels = features @ np.array(true_w).reshape(-1, 1) + true_b + noise * epsilon
    w = rng.normal(scale=0.01, size=(len(true_w), 1))
    arrays = {"features": features, "labels": labels, "w": w, "b": np.zeros(1)}
    problem = {name: array.astype("float32") for name, array in arrays.items()}
    problem["orders"] = np.stack(
        [rng.permutation(num_examples) for _ in range(num_epochs)]
    )
    return problem


class Record:
    """The mean loss after each epoch, and the seconds that the epoch took."""

    def __init__(self):
        self.losses, self.seconds = [], []

    @contextmanager
    def epoch(self):
        """Time what stands in the `with` block."""
        start = perf_counter()
        yield
        self.seconds.append(perf_counter() - start)

    def loss(self, value):
        self.losses.append(float(value))
        print(f"epoch {len(self.losses)}, loss {self.losses[-1]:.6f}")


def main(framework, draw, train, variants=None):
    """Train on one's own random data, or, with two arguments, on the shared problem.

    `draw()` returns features, labels, w and b; `train(features, labels, w, b, orders,
    record)` returns the trained w and b as numpy arrays. An order of None leaves the
    shuffling to the program. Of a variant of `train`, the losses alone are reported.
    """
    if len(sys.argv) == 3:
        with np.load(sys.argv[1]) as file:
            problem = [file[name] for name in ("features", "labels", "w", "b")]
            orders = file["orders"]
    else:
        problem, orders = draw(), [None] * num_epochs

    record = Record()
    w, b = (array.ravel().tolist() for array in train(*problem, orders, record))
    print("errors of w:", [f"{x - y:+.5f}" for x, y in zip(w, true_w)])
    print(f"error of b:  {b[0] - true_b:+.5f}")

    version = framework.__version__.split("+")[0]  # without "+cpu"
    report = {"version": version, "numpy": np.__version__}
    report |= {"python": sys.version.split()[0], "w": w, "b": b[0]}
    report |= {"losses": record.losses, "seconds": record.seconds, "variants": {}}
    for name, variant in (variants or {}).items():
        print(f"with {name}:")
        record = Record()
        variant(*problem, orders, record)
        report["variants"][name] = record.losses
    if len(sys.argv) == 3:
        with open(sys.argv[2], "w", encoding="utf8") as file:
            json.dump(report, file)
