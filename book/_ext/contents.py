"""What an edition consists of: its table of contents, and its sources in one folder.

Sphinx wants one folder, so the chapters, the solutions and the notebooks that can be
downloaded are copied into one.
"""

import os
from pathlib import Path
from typing import Any

import incremental
import yaml
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

BOOK = Path(__file__).resolve().parents[1]
ROOT = BOOK.parent
SOLUTIONS = "solutions/"  # of an edition, where its pages of solutions are
DOWNLOADS = "exercises/"  # and its notebooks to download
PROGRAMS = "frameworks"  # and the programs of which a chapter shows pieces


# The table of contents


def edition_toc(
    toc: dict[str, Any], edition: str, publish_solutions: bool = True
) -> dict[str, Any]:
    """Cut the part of one edition out of the table of contents of the site.

    An edition has the parts whose files lie in its folders; its front page is the
    root, so that the sidebar starts there. Solutions that are not to be published
    are left out.
    """
    parts = []
    for part in toc["parts"]:
        files = [entry["file"] for entry in part["chapters"]]
        pages = [page for file in files if (page := page_name(file, edition))]
        if pages and len(pages) != len(files):
            raise ExtensionError(
                f"_toc.yml: the part {part.get('caption')!r} mixes editions ({', '.join(files)}); "
                f"expected every file of it to lie in book/{edition}/ or solutions/{edition}/"
            )
        if not publish_solutions:
            pages = [page for page in pages if not page.startswith(SOLUTIONS)]
        if pages and pages != ["index"]:
            parts.append({**part, "chapters": [{"file": page} for page in pages]})
    if not parts:
        raise ExtensionError(f"_toc.yml: no part has files in book/{edition}/")
    return {"format": "jb-book", "root": "index", "parts": parts}


def page_name(file: str, edition: str) -> str | None:
    """The page of an edition that a file of _toc.yml becomes; None for another edition's."""
    if file.startswith(f"book/{edition}/"):
        return file.removeprefix(f"book/{edition}/")
    if file.startswith(f"solutions/{edition}/"):
        return SOLUTIONS + Path(file).name
    return None


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
    for file in (ROOT / PROGRAMS).glob("*.py"):
        files[f"{PROGRAMS}/{file.name}"] = file
    incremental.update_copies(files, destination)
    # No page shows what is downloaded, so its change is no reason to read one again.
    for file in (destination / DOWNLOADS).iterdir():
        os.utime(file, (0, 0))
