"""One assignment of one class: its settings, and where its things are."""

from dataclasses import dataclass
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from lr_grading.assignments import ROOT, solution_file
from lr_grading.intake import SET_ASIDE


def open_class(language: str, root: Path) -> NbGraderAPI:
    """nbgrader's interface to the class of a language, as its nbgrader_config.py sets it up."""
    folder = root / "classroom" / language
    config = Config()
    config.merge(PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config())
    return NbGraderAPI(CourseDirectory(config=config), config=config)


@dataclass(frozen=True)
class Coursework:
    """An assignment of a class.

    Attributes:
        api: nbgrader's interface to the class.
        name: The assignment.
        language: The language of the class, "en" or "zh".
        root: The folder that holds ``classroom`` and ``solutions``.
    """

    api: NbGraderAPI
    name: str
    language: str
    root: Path

    @property
    def home(self) -> Path:
        return self.root / "classroom" / self.language

    @property
    def source(self) -> Path:
        """The folder of the solution."""
        return self.root / solution_file(self.language, self.name).parent.relative_to(ROOT)

    def students(self) -> list[str]:
        """Those who have handed something in, in their order."""
        folders = (self.home / "submitted").glob(f"*/{self.name}")
        return sorted(folder.parent.name for folder in folders if folder.is_dir())

    def submitted(self, student: str) -> Path:
        return self.home / "submitted" / student / self.name

    def autograded(self, student: str) -> Path:
        return self.home / "autograded" / student / self.name

    def set_aside(self, student: str) -> Path:
        return self.home / SET_ASIDE / student / self.name
