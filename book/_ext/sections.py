"""Addresses of sections that are words and the same in both editions.

A section's address is the label above its heading. Where there is none, docutils makes one of
the heading, which gives ``id14`` for a Chinese heading. The solutions have no labels, because
students get these notebooks as exercises: in both editions their sections are called by the
English headings.
"""

import json
import re
from pathlib import Path

from contents import SOLUTIONS
from docutils import nodes
from docutils.transforms.references import PropagateTargets
from places import ROOT
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform

HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_transform(SectionAddresses)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class SectionAddresses(SphinxTransform):
    """Puts the address of each section first among its ids, before others read them."""

    default_priority = (
        PropagateTargets.default_priority + 1
    )  # then sections have their labels

    def apply(self, **_: object) -> None:
        sections = list(self.document.findall(nodes.section))
        if self.config.edition and self.env.docname.startswith(SOLUTIONS):
            self.name_by_headings(sections)
        for section in sections:
            labels = [
                name
                for name in section["names"]
                if self.document.nametypes.get(name)
            ]
            ids = [self.document.nameids[label] for label in labels]
            section["ids"].sort(key=lambda name: name not in ids)

    def name_by_headings(self, sections: list[nodes.section]) -> None:
        name = Path(self.env.docname).name
        english = ROOT / "solutions" / "en" / name / f"{name}.ipynb"
        self.env.note_dependency(str(english))
        addresses = [nodes.make_id(heading) for heading in headings(english)]
        if len(addresses) != len(sections):
            raise ExtensionError(
                f"{self.env.docname}: it has {len(sections)} headings; "
                f"expected {len(addresses)}, as in {english.relative_to(ROOT)}"
            )
        for section, address in zip(sections, addresses, strict=True):
            section["ids"] = [address]
            self.document.ids[address] = section


def headings(path: Path) -> list[str]:
    """The headings of a notebook."""
    cells = json.loads(path.read_text("utf8"))["cells"]
    texts = (
        "".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"
    )
    return [heading for text in texts for heading in HEADING.findall(text)]
