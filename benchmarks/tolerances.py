"""How often do the solutions pass each check? Always, is the target.

    python benchmarks/tolerances.py                      all: about 200 runs of each, four ways
    python benchmarks/tolerances.py ohm --seeds 20       one assignment, quickly

Each run takes another private seed, and so other inputs to the hidden checks, and
starts PyTorch's own random numbers elsewhere; in float32 and in float64; with one
thread and with two. Both languages have the same code, so one is measured.
"""

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import torch

from lr_grading.assignments import NAMES, graded_cells, read, solution_file
from lr_grading.judge import marks

DTYPES = {"float32": torch.float32, "float64": torch.float64}
THREADS = (1, 2)


def passes(name: str, dtype: str, threads: int, seeds: int) -> Counter[str]:
    """For each cell of checks, the number of seeds for which the solution gets all points."""
    torch.set_num_threads(1)  # a fork must not inherit a pool of threads
    solution = read(solution_file("en", name))
    full = {cell.name: cell.points for cell in graded_cells(solution)}
    passed: Counter[str] = Counter()
    for seed in range(seeds):
        found = marks(solution, seed=seed, threads=threads, dtype=DTYPES[dtype])
        passed.update({cell: int(earned == full[cell]) for cell, (earned, _) in found.items()})
    return passed


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help=" ".join(NAMES))
    parser.add_argument("--seeds", type=int, default=200)
    options = parser.parse_args()
    unknown = set(options.assignments) - set(NAMES)
    if unknown:
        parser.error(f"no such assignment: {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    ways = [(dtype, threads) for dtype in DTYPES for threads in THREADS]
    print("cell of checks".ljust(40) + "".join(f"{d}, {t} thr.".rjust(18) for d, t in ways))
    always = True
    with ProcessPoolExecutor(2) as pool:
        for name in options.assignments or NAMES:
            runs = [pool.submit(passes, name, *way, options.seeds) for way in ways]
            found = [run.result() for run in runs]
            for cell in found[0]:
                rates = [passed[cell] / options.seeds for passed in found]
                always = always and min(rates) == 1
                print(
                    f"{name}/{cell}".ljust(40) + "".join(f"{rate:18.1%}" for rate in rates),
                    flush=True,
                )
    print("Every check was always passed." if always else "Some checks were not always passed.")
    return 0 if always else 1


if __name__ == "__main__":
    sys.exit(main())
