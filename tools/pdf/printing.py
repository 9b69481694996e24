"""Printing with Chromium, and the page numbers of the contents.

They are those of a draft, which the next printing has to confirm.
"""

import logging
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader

from tools.browser import OPTIONS, find_browser

PRINTINGS = 3  # the numbers may need a line more than the draft had

# Chromium counts its objects wrongly, which does no harm.
logging.getLogger("pypdf").setLevel(logging.ERROR)


def print_book(book: BeautifulSoup, source: Path, printed: Path) -> None:
    """Print a document until its contents name the pages on which things are.

    Args:
        book: The document.
        source: The file to which it is written, for the browser.
        printed: The PDF.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=OPTIONS)
        page = browser.new_context(java_script_enabled=False).new_page()
        numbers: dict[str, int] = {}
        for _ in range(PRINTINGS):
            number_pages(book, numbers)
            source.write_text(str(book), "utf8")
            print_page(page, source, printed, draft=not numbers)
            before, numbers = numbers, page_numbers(printed)
            if numbers == before:
                break
        else:
            raise SystemExit(f"{source}: the page numbers of the contents do not settle")
        browser.close()


def print_page(page: Page, source: Path, printed: Path, *, draft: bool) -> None:
    """Print the document; a draft, in half the time, has the page numbers alone."""
    page.goto(source.as_uri())
    page.pdf(path=printed, outline=not draft, tagged=not draft, prefer_css_page_size=True)


def number_pages(book: BeautifulSoup, numbers: dict[str, int]) -> None:
    """Write the page numbers into the contents; unknown ones are as wide as known ones."""
    for place in book.select(".page-number"):
        place.string = str(numbers.get(str(place["data-of"]), "000"))


def page_numbers(printed: Path) -> dict[str, int]:
    reader = PdfReader(printed)
    numbers = {}
    for name, place in reader.named_destinations.items():
        page = reader.get_destination_page_number(place)
        assert page is not None, name
        numbers[name.removeprefix("/")] = page + 1
    return numbers
