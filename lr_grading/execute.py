"""nbgrader's step that runs a notebook, done by ``lr_grading.marker``."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum, Float, Integer, Unicode

from lr_grading import limits
from lr_grading.assignments import ROOT, read, solution_file, trusted_sources
from lr_grading.limits import FILE_MEGABYTES
from lr_grading.messages import LANGUAGES
from lr_grading.release import pristine
from lr_grading.sandbox import SANDBOXES

if TYPE_CHECKING:
    from lr_grading.marker import Marker


class Execute(NbGraderPreprocessor):
    """Runs a submission, so that whatever happens in it, the marks survive."""

    timeout = Integer(limits.CELL_SECONDS, help="Seconds that a cell may take.").tag(config=True)
    check_seconds = Float(limits.CHECK_SECONDS, help="Seconds that a check may compute.").tag(
        config=True
    )
    total = Integer(
        limits.SUBMISSION_SECONDS,
        help="Seconds that a notebook may take; then the rest is not run.",
    ).tag(config=True)
    memory = Float(limits.MEMORY_GIGABYTES, help="Gigabytes that a notebook may take.").tag(
        config=True
    )
    output_limit = Integer(
        limits.OUTPUT_CHARACTERS, help="Characters of output that a cell may have."
    ).tag(config=True)
    language = Enum(LANGUAGES, "en", help="Language of the reasons given.").tag(config=True)
    sandbox = Enum(SANDBOXES, "none", help="What keeps the code in.").tag(config=True)
    seed = Unicode("", help="The private seed of the hidden checks.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        name = resources["nbgrader"]["notebook"]
        root = Path(self.parent.coursedir.root) if self.parent is not None else ROOT
        files = files_beside(Path(resources["metadata"]["path"]), name)
        trusted = trusted_sources(course_notebook(self.language, name, root))
        marker = marker_of(
            self.language,
            sandbox=self.sandbox,
            timeout=self.timeout,
            check_seconds=self.check_seconds,
            total=self.total,
            memory=self.memory,
            output_limit=self.output_limit,
        )
        return marker.run(nb, trusted, seed=self.seed, files=files), resources


@cache
def marker_of(language: str, **settings: Any) -> "Marker":
    """A marker, which stays for the next submissions: to start one takes seconds."""
    from lr_grading.marker import Marker  # needs PyTorch; who only names this step does without

    return Marker(language, **settings)


def course_notebook(language: str, name: str, root: Path = ROOT) -> NotebookNode:
    """The solution, or the release where solutions are withheld."""
    solution = root / solution_file(language, name).relative_to(ROOT)
    return read(solution) if solution.exists() else pristine(language, name, root)


def files_beside(folder: Path, name: str) -> dict[str, bytes]:
    """The files that were handed in beside a notebook, by name; links and large ones stay out."""
    return {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir())
        if file.is_file()
        and not file.is_symlink()
        and file.name != f"{name}.ipynb"
        and file.stat().st_size <= FILE_MEGABYTES * 2**20
    }
