"""The book on paper (tools/pdf), as a PDF reader finds it. Needs `make book` and a browser."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml
from bs4 import BeautifulSoup
from contents import edition_toc
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from pypdf.generic import ArrayObject, Destination, DictionaryObject, IndirectObject, PdfObject

from tests.course import CHAPTERS, EDITIONS
from tools import browser as browsers
from tools.pdf import __main__, article, printing, settings

MILLIMETRE = 72 / 25.4
MARGIN = 20 * MILLIMETRE  # of the page; book.css
FOOT = 24 * MILLIMETRE  # where the page number is
HYPHEN = "\ufffe"  # what PDFium makes of a hyphen at the end of a line
# Fonts that the project or a package of .ci/run brings.
FONTS = (
    "STIXTwo",
    "TeXGyreTermesMath",
    "NotoSerifCJKsc",
    "NotoSansCJKsc",
    "NotoSansMonoCJKsc",
    "DejaVu",
)
Box = tuple[float, float, float, float]  # of a piece of text: left, bottom, right, top
OWN_PAGES = {"index", "assignments", "teaching", "glossary", "notation", "reference", "references"}


@dataclass
class PrintedText:
    """The text of a page: all of it, what is at the foot, and the boxes of its pieces."""

    whole: str
    foot: str
    boxes: list[Box]


@dataclass
class Book:
    edition: str
    path: Path
    reader: PdfReader
    source: BeautifulSoup

    @cached_property
    def pages(self) -> list[PrintedText]:
        with pypdfium2.PdfDocument(self.path) as document:
            return [read(page) for page in document]

    @cached_property
    def texts(self) -> list[str]:
        """What can be searched and copied, page by page, without blanks."""
        return [blank_free(page.whole) for page in self.pages]

    @cached_property
    def destinations(self) -> dict[str, int]:
        """The number of the page on which each place is that a link leads to."""
        return printing.page_numbers(settings.path_of(self.edition))

    @cached_property
    def entries(self) -> list[tuple[str, str, int]]:
        """The contents: the place, its title, and the page number that is printed."""
        return [
            (
                str(link["href"])[1:],
                link.select("span")[0].get_text(),
                int(link.select(".page-number")[0].get_text()),
            )
            for link in self.source.select("nav.contents a")
        ]

    def chapters(self) -> list[str]:
        return [str(tag["id"]) for tag in self.source.select("article.chapter")]


def blank_free(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b]+", "", text)


def read(page: pypdfium2.PdfPage) -> PrintedText:
    text = page.get_textpage()
    boxes = [text.get_rect(number) for number in range(text.count_rects())]
    whole = text.get_text_range().replace(HYPHEN, "-")
    return PrintedText(whole, text.get_text_bounded(top=FOOT), boxes)


def printed_edition(edition: str) -> Any:
    """An edition as a parameter: printing takes long, and the two go on side by side."""
    return pytest.param(
        edition, marks=[pytest.mark.slow, pytest.mark.xdist_group(f"pdf-{edition}")]
    )


@pytest.fixture(scope="session", params=map(printed_edition, EDITIONS))
def book(request: pytest.FixtureRequest, built_site: None) -> Book:
    path = settings.path_of(request.param)
    made_by = [settings.SITE / "index.html", *settings.ROOT.glob("tools/pdf/*.*")]
    newest = max(path.stat().st_mtime for path in made_by)
    if not path.exists() or path.stat().st_mtime < newest:
        try:
            browsers.find_browser()
        except SystemExit as error:
            pytest.skip(str(error))
        # In a process of its own: in this one playwright may be at work already.
        subprocess.run(
            [sys.executable, "-m", "tools.pdf", request.param], cwd=settings.ROOT, check=True
        )
    source = (settings.OUTPUT / f"{request.param}.html").read_text("utf8")
    return Book(request.param, path, PdfReader(path), BeautifulSoup(source, "html.parser"))


# What is in it


def test_the_book_has_every_page_of_the_site_but_the_solutions(book: Book) -> None:
    assert set(book.chapters()) == {*CHAPTERS} | OWN_PAGES
    assert 300 < len(book.reader.pages) < 500


def pages_in_order(edition: str) -> list[str]:
    toc = yaml.safe_load((settings.ROOT / "_toc.yml").read_text("utf8"))
    parts = edition_toc(toc, edition, publish_solutions=False)["parts"]
    return ["index"] + [chapter["file"] for part in parts for chapter in part["chapters"]]


def test_the_chapters_follow_the_table_of_contents_in_both_editions(book: Book) -> None:
    assert book.chapters() == pages_in_order(book.edition) == pages_in_order("en")
    pages = [book.destinations[name] for name in book.chapters()]
    assert pages == sorted(set(pages))


def test_the_title_page_says_what_the_book_is(book: Book) -> None:
    own = settings.EDITIONS[book.edition]
    for words in (
        own["html_title"],
        own.get("author", settings.CONFIG["author"]),
        "CC BY 4.0",
        settings.ADDRESS,
    ):
        assert blank_free(words) in book.texts[0]


@pytest.mark.slow
@pytest.mark.xdist_group("pdf-en")
def test_the_same_sources_give_the_same_file(built_site: None) -> None:
    """Of the introduction and a chapter with everything: figures, code, formulas."""
    program = (
        "import dataclasses; from tools.pdf import __main__, book, settings;"
        "introduction, part, *_ = book.parts_of('en');"
        "book.parts_of = lambda _: [introduction, dataclasses.replace(part, pages=['sgd'])];"
        "settings.OUTPUT = settings.SITE.parent / 'pdf-twice'; print(*__main__.make('en'))"
    )
    files = []
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", program]
        subprocess.run(command, cwd=settings.ROOT, env=environment, check=True)
        (path,) = (settings.SITE.parent / "pdf-twice").glob("*.pdf")
        files.append(path.read_bytes())
    shutil.rmtree(path.parent)
    assert files[0] == files[1]


def test_the_file_says_its_title_author_and_language(book: Book) -> None:
    own = settings.EDITIONS[book.edition]
    assert book.reader.metadata is not None
    assert book.reader.metadata.title == own["html_title"]
    assert book.reader.metadata.author == own.get("author", settings.CONFIG["author"])
    assert book.reader.metadata.creation_date is None  # the same sources, the same book
    assert book.reader.root_object["/Lang"] == own["language"].replace("_", "-")


# Text


def test_titles_and_captions_can_be_searched(book: Book) -> None:
    text = "".join(book.texts)
    titles = book.source.select("article :is(h2, h3), figcaption .caption-number, .eqno")
    assert len(titles) > 300
    missing = [t.get_text() for t in titles if blank_free(t.get_text()) not in text]
    assert not missing


def test_code_can_be_searched(book: Book) -> None:
    text = "".join(book.texts)
    missing = [
        line
        for block in book.source.select("article pre")
        for line in block.get_text().splitlines()
        if blank_free(line) not in text
    ]
    # Where a page ends within code, its foot stands between two lines, never within one.
    assert not missing


def test_every_font_is_embedded_and_comes_from_the_project_or_its_packages(book: Book) -> None:
    # In an SVG file the browser may draw letters, such as those with a halo.
    drawings = book.source.select("figure:has(img[src$='.svg'])")
    drawn = {book.destinations[str(figure["id"])] for figure in drawings}
    fonts = {}
    for number, page in enumerate(book.reader.pages, 1):
        resources = page["/Resources"]
        assert isinstance(resources, DictionaryObject)
        for font in resources.get("/Font", {}).values():
            font = font.get_object()
            if font["/Subtype"] == "/Type3":
                assert number in drawn, f"page {number} has letters that are drawings"
                continue
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            fonts[font["/BaseFont"].split("+")[1]] = "/FontFile2" in descriptor
    assert all(fonts.values()), fonts
    foreign = {name for name in fonts if not name.startswith(FONTS)}
    assert not foreign
    assert len(fonts) >= 5


# Contents, bookmarks, links


def test_the_contents_name_the_pages_on_which_things_are(book: Book) -> None:
    assert len(book.entries) > 100
    for place, title, page in book.entries:
        assert book.destinations[place] == page, title
        assert blank_free(title) in book.texts[page - 1]


def test_the_page_numbers_at_the_foot_count_the_pages(book: Book) -> None:
    for name in CHAPTERS:
        number = book.destinations[name]
        assert str(number) in book.pages[number - 1].foot.split()


def test_the_bookmarks_are_the_headings_of_the_book(book: Book) -> None:
    def tree(items: list[Any], depth: int = 1) -> list[tuple[int, str, int]]:
        found = []
        for item in items:
            if isinstance(item, Destination):
                page = book.reader.get_destination_page_number(item)
                assert page is not None
                found.append((depth, blank_free(str(item.title)), page))
            else:
                found += tree(item, depth + 1)
        return found

    bookmarks = tree(book.reader.outline)
    headings = book.source.select("h1, h2, h3, h4")
    assert [title for _, title, _ in bookmarks] == [blank_free(h.get_text()) for h in headings]
    parts = [title for depth, title, _ in bookmarks if depth == 1]
    assert len(parts) == len(book.source.select("h1")) + 2  # the contents, the introduction
    pages = [page for _, _, page in bookmarks]
    assert pages == sorted(pages)
    nested = {title: depth for depth, title, _ in bookmarks}
    for heading in book.source.select("article.chapter:not(#index) > section > h2"):
        assert nested[blank_free(heading.get_text())] == 2


def test_links_lead_to_places_of_the_book_or_to_the_web(book: Book) -> None:
    inside, outside = 0, 0
    for page in book.reader.pages:
        for annotation in page.get("/Annots", []):
            annotation = annotation.get_object()
            if "/Dest" in annotation:
                assert str(annotation["/Dest"]).removeprefix("/") in book.destinations
                inside += 1
            else:
                address = str(annotation["/A"]["/URI"])
                assert re.match("https?://", address), address
                outside += address.startswith(f"{settings.ADDRESS}{book.edition}/")
    assert inside > 500
    assert outside > 20
    anchors = {tag["id"] for tag in book.source.find_all(id=True)}
    assert len(anchors) == len(book.source.find_all(id=True))
    assert {a["href"][1:] for a in book.source.select('a[href^="#"]')} <= anchors


def test_downloads_and_solutions_lead_to_files_of_the_site(book: Book) -> None:
    links = {
        str(a["href"])
        for a in book.source.find_all("a", href=True)
        if str(a["href"]).startswith(settings.ADDRESS)
    }
    assert len(links) > 9
    for link in links:
        assert (settings.SITE / link.removeprefix(settings.ADDRESS).split("#")[0]).is_file(), link


# Nothing cut off


def test_every_figure_is_there_and_says_what_it_shows(book: Book) -> None:
    images = book.source.select("article img")
    assert len(images) >= 50
    for image in images:
        assert (settings.OUTPUT / str(image["src"])).is_file()
    told = alternative_texts(book.reader.root_object["/StructTreeRoot"])
    assert {image["alt"] for image in images} <= told


def alternative_texts(root: PdfObject) -> set[str]:
    texts: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            item = item.get_object()
        if isinstance(item, ArrayObject):
            waiting += item
        elif isinstance(item, DictionaryObject):
            if "/Alt" in item:
                texts.add(str(item["/Alt"]))
            if "/K" in item:
                waiting.append(item.raw_get("/K"))
    return texts


@pytest.fixture(scope="module")
def printed(book: Book, browser: Browser) -> Iterator[Page]:
    """The document as the browser lays it out on paper, but without ends of pages."""
    page = browser.new_page(viewport={"width": width_of_print(), "height": 900})
    page.emulate_media(media="print")
    page.goto((settings.OUTPUT / f"{book.edition}.html").as_uri())
    page.wait_for_function("document.fonts.status === 'loaded'")
    yield page
    page.close()


def test_nothing_is_wider_than_the_page(printed: Page) -> None:
    wide = printed.evaluate(
        """() => {
          const margin = parseFloat(getComputedStyle(document.body).paddingRight);
          const end = document.body.getBoundingClientRect().right - margin;
          return [...document.querySelectorAll("article *")].filter((element) => {
            const paper = element.closest("pre") ? margin : 0;
            return element.getBoundingClientRect().right > end + paper + 1
              || (element.tagName === "PRE" && element.scrollWidth > element.clientWidth + 1);
          }).map((element) => element.closest("article").id + ": " + element.textContent);
        }"""
    )
    assert not wide


def test_code_keeps_its_columns(printed: Page) -> None:
    """Each letter is half as wide as the size of the font, a Chinese character as wide."""
    crooked = printed.evaluate(
        """() => [...document.querySelectorAll("article pre")].flatMap((block) => {
          const first = document.createTreeWalker(block, NodeFilter.SHOW_TEXT).nextNode();
          const line = first.data.split("\\n")[0];
          if (!/^[ -~\\u4e00-\\u9fff]+$/.test(line)) return [];
          const range = document.createRange();
          range.setStart(first, 0);
          range.setEnd(first, line.length);
          const columns = [...line].reduce((sum, letter) => sum + 1 + (letter > "~"), 0);
          const size = parseFloat(getComputedStyle(block).fontSize);
          const width = range.getBoundingClientRect().width;
          return Math.abs(width - columns * size / 2) > 1 ? [line] : [];
        })"""
    )
    assert not crooked


def test_quotation_marks_are_as_wide_as_the_language_has_them(book: Book, printed: Page) -> None:
    """The Chinese fonts have both kinds, so captions and titles could get the wrong one."""
    widths = printed.evaluate(
        """() => {
          const text = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const widths = [];
          while (text.nextNode()) {
            const node = text.currentNode, place = node.data.search("[’”]");
            if (place < 0 || node.parentElement.closest("pre, code, .citation, :lang(en) [lang]")) {
              continue;
            }
            const range = document.createRange();
            range.setStart(node, place);
            range.setEnd(node, place + 1);
            const size = parseFloat(getComputedStyle(node.parentElement).fontSize);
            widths.push([range.getBoundingClientRect().width / size, node.data]);
          }
          return widths;
        }"""
    )
    assert len(widths) > 20
    if book.edition == "en":
        assert not [text for width, text in widths if width > 0.6]


def width_of_print() -> int:
    """Of the page between its margins, in the pixels of a style sheet."""
    sheet = (settings.ROOT / "tools" / "pdf" / "book.css").read_text("utf8")
    size = re.search(r"size: (\d+)mm", sheet)
    margin = re.search(r"margin: \d+mm (\d+)mm", sheet)
    assert size
    assert margin
    return round((int(size[1]) - 2 * int(margin[1])) / 25.4 * 96)


def test_all_text_lies_in_the_type_area(book: Book) -> None:
    width, height = 185 * MILLIMETRE, 260 * MILLIMETRE
    for number, page in enumerate(book.reader.pages, 1):
        assert [round(side / MILLIMETRE) for side in page.mediabox[2:]] == [185, 260]
        boxes = book.pages[number - 1].boxes
        assert boxes, f"page {number} is empty"
        outside = [
            (left, bottom, right, top)
            for left, bottom, right, top in boxes
            if not (
                left > MARGIN and right < width - MARGIN and bottom > 0 and top < height - MARGIN
            )
        ]
        assert not outside, f"page {number}"


# Pieces


def test_long_lines_are_folded_behind_a_space() -> None:
    line = "word " * 30
    places = list(article.folds(line + "\nshort"))
    pieces = [line[a:b] for a, b in zip([0, *places], [*places, len(line)])]
    assert len(pieces) == 2
    assert all(article.width(piece.rstrip()) <= article.COLUMNS for piece in pieces)
    assert pieces[0].endswith(" ")


def test_a_line_without_spaces_is_folded_too_and_chinese_counts_double() -> None:
    assert list(article.folds("x" * (article.COLUMNS + 1))) == [article.COLUMNS]
    assert list(article.folds("字" * (article.COLUMNS // 2))) == []
    assert list(article.folds("字" * (article.COLUMNS // 2 + 1))) == [article.COLUMNS // 2]


def test_links_know_what_is_in_the_book() -> None:
    names = ["linreg", "glossary"]
    assert article.target("#a", "en", "linreg", names) == "#linreg--a"
    assert article.target("glossary.html#b", "en", "linreg", names) == "#glossary--b"
    assert article.target("glossary.html", "en", "linreg", names) == "#glossary"
    assert (
        article.target("solutions/ohm.html#c", "zh", "linreg", names)
        == f"{settings.ADDRESS}zh/solutions/ohm.html#c"
    )
    assert article.target("https://example.org", "en", "linreg", names) == "https://example.org"


def test_errors_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(SystemExit, match="Install Chromium or Chrome"):
        browsers.find_browser()
    monkeypatch.setattr(settings, "SITE", settings.ROOT / "nowhere")
    with pytest.raises(SystemExit, match="make book"):
        __main__.main()
