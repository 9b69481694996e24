"""What nbgrader is given of ours: how it reads a submission, and what its feedback shows.

``lr_grading.nbgrader_settings`` names these classes; ``lr_grading.execute`` has the step that runs
a notebook.
"""

import re
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum

from lr_grading.assignments import HIDDEN, VISIBLE, grade_id
from lr_grading.messages import LANGUAGES, text
from lr_grading.nbgrader_settings import SECRET, TIMESTAMP
from lr_grading.release import pristine, pristine_others
from lr_grading.repair import repair, with_report


class RepairingExporter(NotebookExporter):
    """Reads a submission through the pre-flight check, so that anything can be autograded."""

    language = Enum(LANGUAGES, "en").tag(config=True)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        autograde: Any = self.parent
        if not autograde._sanitizing:  # the second pass reads what the first one wrote
            return super().from_filename(filename, resources, **kw)
        marks, root = resources["nbgrader"], Path(autograde.coursedir.root)
        name, file = marks["notebook"], Path(filename)
        try:
            content = file.read_bytes()
        except OSError:
            content = b""  # a folder of that name, for example
        notebook, findings = repair(
            content,
            pristine(self.language, name, root),
            name=name,
            language=self.language,
            others=pristine_others(self.language, name, root),
            found=sorted(
                {other.name for other in file.parent.iterdir()} - {file.name, TIMESTAMP, SECRET}
            ),
        )
        for line in findings.lines:
            self.log.warning("%s, %s: %s", marks["student"], name, line)
        resources.setdefault("metadata", {}).update(name=name, path=str(file.parent.resolve()))
        return self.from_notebook_node(with_report(notebook, findings), resources, **kw)


class NamingExporter(HTMLExporter):
    """Lists the graded cells of the feedback by name, where nbgrader calls each "Test cell"."""

    language = Enum(LANGUAGES, "en").tag(config=True)

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        page, resources = super().from_notebook_node(nb, resources, **kw)
        entry = r'(<a href="#([a-z0-9-]+)">)(?:Test cell|Written response)(?=</a>)'
        return re.sub(entry, lambda found: found[1] + self._name(found[2]), page), resources

    def _name(self, cell: str) -> str:
        for ending, key in ((HIDDEN, "hidden_checks_of"), (VISIBLE, "visible_checks_of")):
            if cell.endswith(ending):
                return text(self.language, key, question=cell.removesuffix(ending))
        return cell


class HideHiddenChecks(NbGraderPreprocessor):
    """Shows of a hidden check in the feedback what it said, and not how it was made."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        begin = "### BEGIN HIDDEN TESTS"
        if grade_id(cell) is not None and begin in cell.source:
            cell.source = cell.source[: cell.source.index(begin)].rstrip()
            for output in cell.outputs:
                if output.output_type == "error":  # a traceback quotes the code
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources
