"""What an edition consists of: its table of contents, and its sources in one folder.

Sphinx wants one folder, so the chapters, the solutions and the notebooks that can be
downloaded are copied into one.
"""

import os
from pathlib import Path
from typing import Any

import incremental
import yaml
from places import BOOK, ROOT
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

SOLUTIONS = "solutions/"  # of an edition, where its pages of solutions are
DOWNLOADS = "exercises/"  # and its notebooks to download
LIBRARY = "lr_lib"  # whose source the pages of reference read


# The table of contents


def edition_toc(
    toc: dict[str, Any], edition: str, publish_solutions: bool = True
) -> dict[str, Any]:
    """Make the table of contents of an edition.

    Args:
        toc: That of the course, as in ``_toc.yml``: each part has ``captions``, one for each
            edition.
        edition: Its name.
        publish_solutions: Whether its pages of solutions are in it.

    Raises:
        ExtensionError: A part has no caption for this edition.
    """
    parts = []
    for part in toc["parts"]:
        captions, chapters = part.get("captions", {}), part["chapters"]
        if edition not in captions:
            files = ", ".join(chapter["file"] for chapter in chapters)
            raise ExtensionError(
                f"_toc.yml: the part of {files} has no caption for the edition {edition}; "
                f"expected one in captions, got {captions}"
            )
        if not publish_solutions:
            chapters = [c for c in chapters if not c["file"].startswith(SOLUTIONS)]
        if chapters:
            own = {"caption": captions[edition], "chapters": chapters}
            parts.append({k: v for k, v in part.items() if k != "captions"} | own)
    return {"format": "jb-book", "root": toc["root"], "parts": parts}


def write_toc(app: Sphinx, name: str, toc: dict[str, Any]) -> str:
    path = Path(app.doctreedir) / f"{name}-toc.yml"
    text = yaml.safe_dump(toc, allow_unicode=True, sort_keys=False)
    # An unchanged file keeps its time, so that nothing is built again.
    if not path.exists() or path.read_text("utf8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return path.as_posix()


# The sources


def gather_sources(
    edition: str, publish_solutions: bool, destination: Path
) -> None:
    """Let one folder hold copies of what an edition is built from."""
    pages = BOOK / edition
    files = {
        file.relative_to(pages).as_posix(): file
        for file in pages.rglob("[!.]*.*")
        if file.is_file() and ".ipynb_checkpoints" not in file.parts
    }
    folders = {DOWNLOADS: "exercises"}
    if publish_solutions:
        folders[SOLUTIONS] = "solutions"
    for folder, origin in folders.items():
        for file in (ROOT / origin / edition).glob("*/*.ipynb"):
            if file.stem == file.parent.name:  # not what a student has set aside
                files[folder + file.name] = file
    for file in (ROOT / LIBRARY).glob("*.py"):
        files[f"{LIBRARY}/{file.name}"] = file
    incremental.update_copies(files, destination)
    # No page shows what is downloaded, so its change is no reason to read one again.
    for file in (destination / DOWNLOADS).iterdir():
        os.utime(file, (0, 0))
