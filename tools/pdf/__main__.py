"""Print the book: `make pdf`.

python -m tools.pdf       both editions
python -m tools.pdf zh
"""

import sys
from pathlib import Path

from tools.pdf import settings
from tools.pdf.book import assemble
from tools.pdf.finish import finish
from tools.pdf.printing import print_book


def main() -> None:
    if not (settings.SITE / "index.html").exists():
        raise SystemExit("The book is not built yet. Run: make book")
    for edition in sys.argv[1:] or settings.EDITIONS:
        path, pages = make(edition)
        print(f"  {path.relative_to(settings.ROOT)}: {pages} pages")


def make(edition: str) -> tuple[Path, int]:
    """Write the PDF of one edition; returns where it is and how many pages it has."""
    settings.OUTPUT.mkdir(parents=True, exist_ok=True)
    printed = settings.OUTPUT / f"{edition}.printed.pdf"
    print_book(assemble(edition), settings.OUTPUT / f"{edition}.html", printed)
    path = settings.path_of(edition)
    pages = finish(printed, path, edition)
    printed.unlink()
    return path, pages


if __name__ == "__main__":
    main()
