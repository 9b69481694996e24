"""Speed and memory of lr_lib, as ratios of two things measured in one run.

    make bench

In each round the contestants run in turn, so that a machine whose speed drifts
slows all of them; a ratio is the median over the rounds of the ratios within a
round. What is measured is processor time on one core, so that other programs do not
count. "Target" is what the project promises.
"""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from statistics import median
from time import process_time

import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from lr_lib import data_iter, synthetic_data, train
from lr_lib.concise import train_concise

BATCH_SIZE = 10
MB = 2**20


def list_iter(features: Tensor, labels: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Shuffle a Python list of indices; gather each batch."""
    order = list(range(len(features)))
    random.shuffle(order)
    for start in range(0, len(order), BATCH_SIZE):
        rows = torch.tensor(order[start : start + BATCH_SIZE])
        yield features[rows], labels[rows]


def gather_iter(features: Tensor, labels: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Gather the whole shuffled dataset at once; split it into views."""
    order = torch.randperm(len(features))
    yield from zip(
        features.index_select(0, order).split(BATCH_SIZE),
        labels.index_select(0, order).split(BATCH_SIZE),
    )


def loader_iter(features: Tensor, labels: Tensor) -> Iterator[list[Tensor]]:
    """The framework's own iterator."""
    return iter(DataLoader(TensorDataset(features, labels), BATCH_SIZE, shuffle=True))


def our_iter(features: Tensor, labels: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    return data_iter(BATCH_SIZE, features, labels)


def consume(batches: Iterator[object]) -> None:
    for _ in batches:
        pass


def train_with_lr_lib(features: Tensor, labels: Tensor) -> None:
    w = torch.normal(0, 0.01, (2, 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    train(features, labels, [w, b], lr=0.03, batch_size=BATCH_SIZE, num_epochs=3)


def train_with_torch_nn(features: Tensor, labels: Tensor) -> None:
    loader = DataLoader(TensorDataset(features, labels), BATCH_SIZE, shuffle=True)
    net = torch.nn.Linear(2, 1)
    train_concise(net, loader, torch.optim.SGD(net.parameters(), lr=0.03), num_epochs=3)


def time_in_turn(contestants: dict[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each contestant in each round, after a warm-up that is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, run in contestants.items():
            start = process_time()
            run()
            if number > 0:
                seconds[name].append(process_time() - start)
        print(f"  round {number} of {rounds} done", file=sys.stderr, flush=True)
    return seconds


def print_ratios(seconds: dict[str, list[float]], targets: dict[str, float]) -> None:
    """One line per rival of the first contestant."""
    ours, *rivals = seconds
    print(f"  {ours}: {median(seconds[ours]):.3f} s")
    for rival in rivals:
        ratio = median(a / b for a, b in zip(seconds[ours], seconds[rival]))
        verdict = "met" if ratio <= targets[rival] else "NOT met"
        print(
            f"  {rival:44} {median(seconds[rival]):7.3f} s   ratio {ratio:5.3f}"
            f"   target {targets[rival]:.3f} {verdict}"
        )


MEMORY_PROBE = """
import resource, sys
import torch
sys.path.insert(0, "benchmarks")
import speed
features, labels = torch.ones(10_000_000, 2), torch.ones(10_000_000, 1)
{work}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_memory(work: str) -> float:
    """MB that a fresh process has needed at most when it has done ``work``."""
    probe = [sys.executable, "-c", MEMORY_PROBE.format(work=work)]
    peak = int(subprocess.run(probe, check=True, capture_output=True, text=True).stdout)
    return peak / MB if sys.platform == "darwin" else peak / 1024  # Linux counts in kB


def main() -> None:
    generator = torch.Generator().manual_seed(0)
    w = torch.tensor([2.0, -3.4])
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, one thread")

    features, labels = synthetic_data(w, 4.2, 1_000_000, generator=generator)
    print("One pass over 1,000,000 examples, 2 features, batch size 10: data_iter against")
    iterators: dict[str, Callable[[Tensor, Tensor], Iterator[object]]] = {
        "data_iter": our_iter,
        "a shuffled list of indices": list_iter,
        "DataLoader over a TensorDataset": loader_iter,
        "one gather of the shuffled dataset, in views": gather_iter,
    }
    seconds = time_in_turn(
        {name: lambda it=it: consume(it(features, labels)) for name, it in iterators.items()},  # type: ignore[misc]
        rounds=5,
    )
    print_ratios(seconds, dict(zip(list(iterators)[1:], (1 / 8, 1 / 20, 1))))

    print("Memory beyond the index of one pass over 10,000,000 examples")
    if sys.platform == "win32":
        print("  not measured: this system does not tell the peak of a process")
    else:
        index_alone = peak_memory("order = torch.randperm(10_000_000)")
        for name, target in (("our_iter", "target 64 MB at most"), ("gather_iter", "")):
            extra = peak_memory(f"speed.consume(speed.{name}(features, labels))") - index_alone
            print(f"  {name:44} {extra:7.1f} MB   {target}")

    features, labels = synthetic_data(w, 4.2, 1000, generator=generator)
    print("Three epochs on the data of the chapters: train against")
    seconds = time_in_turn(
        {
            "train": lambda: train_with_lr_lib(features, labels),
            "DataLoader, nn.Linear, nn.MSELoss, optim.SGD": lambda: train_with_torch_nn(
                features, labels
            ),
        },
        rounds=15,
    )
    print_ratios(seconds, {"DataLoader, nn.Linear, nn.MSELoss, optim.SGD": 0.5})


if __name__ == "__main__":
    main()
