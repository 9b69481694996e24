"""Make the releases: the notebooks that students get, without solutions and hidden checks.

nbgrader does the work, in a folder of its own and without a gradebook.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import preprocessors
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from lr_grading.assignments import NAMES, ROOT, read, release_file, solution_file
from lr_grading.messages import LANGUAGES
from lr_grading.nbgrader_settings import configure, stubs

# What nbgrader does to a solution, but for what it writes into the gradebook.
STEPS = (
    preprocessors.LockCells,
    preprocessors.ClearSolutions,
    preprocessors.ClearOutput,
    preprocessors.ClearHiddenTests,
    preprocessors.ComputeChecksums,
)


def pristine(language: str, name: str, root: Path = ROOT) -> NotebookNode:
    """The release as it was handed out, whatever has become of the file in exercises/.

    It is made from the solution; only where that is withheld, the file is all there is.

    Raises:
        FileNotFoundError: Neither is there.
    """
    solution = root / solution_file(language, name).relative_to(ROOT)
    if not solution.exists():
        release = root / release_file(language, name).relative_to(ROOT)
        if not release.exists():
            raise FileNotFoundError(
                f"Neither {solution} nor {release} is there. Marking needs a copy of the course: "
                "go into its folder and run make check."
            )
        return read(release)
    config = Config()
    stubs(config, language)
    notebook = read(solution)
    for step in STEPS:
        notebook, _ = step(config=config).preprocess(notebook, {})
    return notebook


def pristine_others(language: str, name: str, root: Path = ROOT) -> dict[str, NotebookNode]:
    """The releases of the other assignments, as far as they are there."""
    others = {}
    for other in NAMES:
        with contextlib.suppress(FileNotFoundError):
            if other != name:
                others[other] = pristine(language, other, root)
    return others


def pristine_editions(language: str, name: str, root: Path = ROOT) -> list[NotebookNode]:
    """The release in one language, then in the others, as far as they are there.

    Raises:
        FileNotFoundError: That of the first language is not there.
    """
    releases = [pristine(language, name, root)]
    for other in LANGUAGES:
        with contextlib.suppress(FileNotFoundError):
            if other != language:
                releases.append(pristine(other, name, root))
    return releases


def untouched(file: Path, release: NotebookNode) -> bool:
    """Whether nothing was written into a notebook, though its cells may have been run."""
    try:
        cells = read(file).cells
    except Exception:  # it is no notebook any more
        return False
    return _written(cells) == _written(release.cells)


def _written(cells: list[NotebookNode]) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in cells]


def generate(language: str, names: Iterable[str], destination: Path) -> list[Path]:
    """Generate releases from the solutions.

    Args:
        language: The edition, "en" or "zh".
        names: The assignments.
        destination: Each release becomes ``destination/<name>/<name>.ipynb``, with the
            other files of its solution's folder beside it. What is there is replaced.

    Returns:
        The notebooks that were written.

    Raises:
        FileNotFoundError: There is no solution of that name.
        RuntimeError: nbgrader could not make the release; its message says why.
    """
    written = []
    with tempfile.TemporaryDirectory() as folder:
        classroom = Path(folder, "classroom", language)
        classroom.mkdir(parents=True)
        config = Config()
        configure(config, language, classroom)
        config.GenerateAssignment.no_database = True  # a gradebook takes seconds to create
        config.SaveCells.enabled = False
        api = NbGraderAPI(CourseDirectory(config=config), config=config)
        for name in names:
            source = solution_file(language, name).parent
            if not source.is_dir():
                raise FileNotFoundError(f"there is no solution in {source}")
            copy = Path(folder, "solutions", language, name)
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
            result = api.generate_assignment(name)
            if not result["success"]:
                raise RuntimeError(f"nbgrader could not release {name}:\n{result['log']}")
            made = classroom / "release" / name
            shutil.copytree(made, destination / name, dirs_exist_ok=True)
            written.append(destination / name / f"{name}.ipynb")
    return written
