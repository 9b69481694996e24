"""One PDF for each edition: the pages of the built site as a book, printed by Chromium.

The articles of an edition are put into one document, in the order of its sidebar, and the
browser that the tests use prints it with `pdf.css`. The page numbers of the contents are
those of a draft, which the printing itself has to confirm. Needs `make book`.
"""

import logging
import os
import posixpath
import re
import subprocess
import sys
import tomllib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urldefrag, urljoin

import yaml
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from tools.browser import OPTIONS, find_browser
from tools.pdf_fonts import make_fonts

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
OUTPUT = ROOT / "_build" / "pdf"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
SETTINGS = CONFIG["sphinx"]["config"]
EDITIONS: dict[str, dict[str, Any]] = SETTINGS["editions"]
# Where the parts of the course that paper cannot hold are.
ADDRESS: str = SETTINGS.get("html_baseurl", "http://127.0.0.1:8000/")

SOLUTIONS = "solutions/"  # where their pages are in an edition
COLUMNS = 86  # that a line of code has room for; pdf.css sets its size by it
LONG = 14  # lines of code: more may be torn apart at the end of a page, between blank lines
SHORT = 12  # characters of a formula or of code in a sentence that stay on one line
DOTS_PER_INCH = 200  # of the figures; lr_lib/course.mplstyle
COMMON = 8  # a section that so many chapters have is no help in the contents
DIGITS = "0123456789"  # of the page numbers
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
WORDS = {
    "en": {
        "contents": "Contents",
        "introduction": "Introduction",
        "part": "Part {roman}",
        "version": "Version {version}",
        "license": "Text and figures: CC BY 4.0. Code: MIT License.",
        "site": "On the site are the solutions, the notebooks of the assignments and the "
        "figures that can be moved:",
    },
    "zh": {
        "contents": "目录",
        "introduction": "引言",
        "part": "第{chinese}部分",
        "version": "版本{version}",
        "license": "文字和插图：CC BY 4.0。代码：MIT许可证。",
        "site": "解答、作业的笔记本和可以拖动的图在网站上：",
    },
}


@dataclass
class Part:
    """A part of the book; the front page is one without a title."""

    title: str
    numbered: bool
    pages: list[str]


# Chromium counts its objects wrongly, which does no harm.
logging.getLogger("pypdf").setLevel(logging.ERROR)


def main() -> None:
    if not (SITE / "index.html").exists():
        raise SystemExit("The book is not built yet. Run: make book")
    for edition in sys.argv[1:] or EDITIONS:
        path, pages = make(edition)
        print(f"  {path.relative_to(ROOT)}: {pages} pages")


def make(edition: str) -> tuple[Path, int]:
    """Write the PDF of one edition; returns where it is and how many pages it has."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    book = assemble(edition)
    source = OUTPUT / f"{edition}.html"
    printed = OUTPUT / f"{edition}.printed.pdf"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=OPTIONS)
        page = browser.new_context(java_script_enabled=False).new_page()
        numbers: dict[str, int] = {}
        for _ in range(3):
            number_pages(book, numbers)
            source.write_text(str(book), "utf8")
            print_page(page, source, printed, draft=not numbers)
            before, numbers = numbers, page_numbers(printed)
            if numbers == before:
                break
        else:
            raise SystemExit(f"{source}: the page numbers of the contents do not settle")
        browser.close()
    path = path_of(edition)
    pages = finish(printed, path, edition)
    printed.unlink()
    return path, pages


def path_of(edition: str) -> Path:
    return OUTPUT / f"linear-regression-from-scratch.{edition}.pdf"


# From the pages of the site to one document


def parts_of(edition: str) -> list[Part]:
    """The parts, as the sidebar of the site has them. The solutions stay on the site:
    whoever holds the book in hand should not come upon one by leafing through."""
    front = BeautifulSoup((SITE / edition / "index.html").read_text("utf8"), "html.parser")
    parts = [Part("", False, ["index"])]
    for caption in front.select("nav.bd-links p.caption"):
        links = caption.find_next("ul").select("a")  # type: ignore[union-attr]
        pages = [str(link["href"]).removesuffix(".html") for link in links]
        numbered = links[0].get_text().strip()[0].isdigit()
        if not pages[0].startswith(SOLUTIONS):
            parts.append(Part(caption.get_text().strip(), numbered, pages))
    return parts


def assemble(edition: str) -> BeautifulSoup:
    """The whole book as one document, without page numbers."""
    parts = parts_of(edition)
    names = [name for part in parts for name in part.pages]
    chapters = {name: chapter(edition, name, names) for name in names}
    heading = chapters["index"].find("h2")
    assert isinstance(heading, Tag)
    heading.string = WORDS[edition]["introduction"]
    html = [title_page(edition), contents(edition, parts, chapters)]
    for number, part in enumerate(parts):
        if part.title:
            html.append(part_page(edition, number, part, chapters))
        html += [str(chapters[name]) for name in part.pages]
    book = BeautifulSoup(document(edition, html), "html.parser")
    assert book.style is not None
    stills = [OUTPUT / str(image["src"]) for image in book.select('img[src$=".svg"]')]
    letters = book.get_text() + DIGITS + "".join(still.read_text("utf8") for still in stills)
    fonts = make_fonts(letters, OUTPUT / f"{edition}.fonts")
    for image in book.select('img[src$=".svg"]'):
        give_font(image, edition)
    book.style.string = fonts + "\n" + running_titles(parts, chapters)
    return book


def document(edition: str, body: list[str]) -> str:
    static = f"../html/{edition}/_static"
    names = ("pygments", "formulas", "quiz")
    sheets = [*(f"{static}/{name}.css" for name in names), "../../tools/pdf.css"]
    links = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
    lang = EDITIONS[edition]["language"].replace("_", "-")
    return (
        f'<!DOCTYPE html><html lang="{lang}" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{escape(EDITIONS[edition]['html_title'])}</title>{links}"
        f"<style></style></head><body>{''.join(body)}</body></html>"
    )


def chapter(edition: str, name: str, names: list[str]) -> Tag:
    """The article of a page, as a chapter of the book."""
    path = SITE / edition / f"{name}.html"
    if not path.exists():
        raise SystemExit(f"{path} is missing. Build the book again: make book")
    article = BeautifulSoup(path.read_text("utf8"), "html.parser").select_one("article.bd-article")
    assert article is not None, path
    unprinted = ".headerlink, .toctree-wrapper, .run-chapter, .quiz-progress, script, style"
    for tag in article.select(f"{unprinted}, .sd-tab-set > input"):
        tag.decompose()
    for tag in article.select("pre > span:empty, pre :is(.n, .p, .w)"):
        tag.unwrap()  # as black as the text around it
    article.smooth()
    for tag in article.find_all("details"):
        tag["open"] = ""
    make_ids_unique(article, name)
    for link in article.find_all("a", href=True):
        link["href"] = target(str(link["href"]), edition, name, names)
    for image in article.find_all("img"):
        size_of_print(image, SITE / edition)
    for block in article.find_all("pre"):
        fold_lines(block)
        part_at_blank_lines(block)
    for code in article.select("code"):
        allow_breaks(code)
    for formula in article.select("span.math > math"):
        part_formula(formula)
    for formula in article.select("div.math"):
        if formula.get_text().rstrip()[-1:] not in ".。":
            formula["class"] = "math goes-on"
    # A part is a heading of the first level, so that the bookmarks nest.
    for level in (5, 4, 3, 2, 1):
        for heading in article.find_all(f"h{level}"):
            heading.name = f"h{level + 1}"
            for text in heading.find_all(string=re.compile("\u200b")):
                text.replace_with(text.replace("\u200b", ""))  # would stand in the bookmarks
    article["id"] = name
    article["class"] = "chapter"
    article["style"] = f"page: {name}"
    return article


def make_ids_unique(article: Tag, name: str) -> None:
    seen = set()
    for tag in article.select("[id]"):
        if tag["id"] in seen:
            del tag["id"]
            continue
        seen.add(tag["id"])
        tag["id"] = f"{name}--{tag['id']}"
    for attribute in ("for", "aria-controls", "aria-labelledby", "aria-describedby"):
        for tag in article.select(f"[{attribute}]"):
            tag[attribute] = f"{name}--{tag[attribute]}"


def target(href: str, edition: str, name: str, names: list[str]) -> str:
    """Where a link of a page leads in the book: within it, or to the site."""
    if re.match(r"[a-z]+:", href):
        return href
    address, fragment = urldefrag(href)
    address = posixpath.normpath(address) if address else f"{name}.html"
    other = address.removesuffix(".html")
    if other in names:
        return f"#{other}--{fragment}" if fragment else f"#{other}"
    return urljoin(ADDRESS, f"{edition}/{address}") + (f"#{fragment}" if fragment else "")


def size_of_print(image: Tag, folder: Path) -> None:
    """Print figures at the size at which they were drawn, letters as large as meant."""
    for attribute in ("loading", "decoding", "width", "height"):  # for a screen
        del image[attribute]
    path = folder / str(image["src"])
    image["src"] = quote(Path(os.path.relpath(path, OUTPUT)).as_posix())
    if path.suffix == ".png":
        width = int.from_bytes(path.read_bytes()[16:20], "big")
        image["style"] = f"width: {width / DOTS_PER_INCH:.3f}in"


def give_font(image: Tag, edition: str) -> None:
    """Let a drawing use a font of the book: as an image it cannot see those of the page."""
    folder = OUTPUT / f"{edition}.stills"
    folder.mkdir(exist_ok=True)
    drawing = (OUTPUT / str(image["src"])).read_text("utf8")
    font = OUTPUT / f"{edition}.fonts" / "book-sans-regular.ttf"
    data = b64encode(font.read_bytes()).decode()
    rule = f'@font-face {{ font-family: "Book Sans"; src: url("data:font/ttf;base64,{data}"); }}'
    head, rest = drawing.split(">", maxsplit=1)
    head = re.sub(r'font-family="[^"]*"', 'font-family="Book Sans"', head)
    path = folder / Path(str(image["src"])).name
    path.write_text(f"{head}><style>{rule}</style>{rest}", "utf8")
    image["src"] = path.relative_to(OUTPUT).as_posix()


def fold_lines(block: Tag) -> None:
    """Break lines of code that are too long for the page, with a mark."""
    for place in reversed(list(folds(block.get_text()))):
        for piece in block.find_all(string=True):
            if place < len(piece):
                before, after = piece[:place], piece[place:]
                mark = BeautifulSoup('<span class="turn">↪ </span>', "html.parser")
                piece.replace_with(before + "\n", mark, after)
                break
            place -= len(piece)


def folds(code: str) -> Iterator[int]:
    """The places at which lines break: after a space if there is one, else anywhere."""
    start = 0
    for line in code.splitlines(keepends=True):
        begin = 0
        while width(line[begin:].rstrip("\n")) > (room := COLUMNS - 2 * (begin > 0)):
            end = begin
            while width(line[begin : end + 1]) <= room:
                end += 1
            space = line.rfind(" ", begin, end) + 1
            begin = space if space > begin and line[begin:space].strip() else end
            yield start + begin
        start += len(line)


def part_at_blank_lines(block: Tag) -> None:
    """Wrap what stands between blank lines of long code, so that it stays together."""
    if block.get_text().count("\n") <= LONG:
        return
    chunks = [new("span", "lines")]
    for node in list(block.contents):
        node.extract()
        if isinstance(node, Tag):  # a coloured token; a docstring stays whole
            chunks[-1].append(node)
            continue
        for place, text in enumerate(re.split("\n\n+", str(node))):
            if place:
                chunks[-1].append("\n")
                chunks.append(new("span", "lines"))
            chunks[-1].append(text)
    block.extend(chunks)


def allow_breaks(code: Tag) -> None:
    """Let long code in a sentence break behind a dot, a comma or the like."""
    text = code.get_text()
    code.clear()
    for piece in re.split(r"(?<=\w{3}[._,(=/])(?=\w{3})", text) if len(text) > SHORT else [text]:
        code.extend([piece, new("wbr")])
    code.contents[-1].extract()


def part_formula(formula: Tag) -> None:
    """Let a long formula in a sentence break where the site lets it, on a narrow page.

    There its pieces are boxes in a row; here each becomes a formula, so that a line can
    be filled up. The last one stays with the punctuation behind it.
    """
    pieces = formula.find_all("mrow", recursive=False)
    if len(pieces) < max(2, len(formula.contents)) or len(formula.get_text()) <= SHORT:
        return
    place = formula.parent
    assert place is not None
    if place.parent is not None and place.parent.get("class") == ["nobreak"]:
        place = place.parent
    for piece in pieces[:-1]:
        box = new("span", "math piece")
        box.append(new("math"))
        box.math.append(piece.extract())  # type: ignore[union-attr]
        place.insert_before(box, new("wbr"))
    assert formula.parent is not None
    formula.parent["class"] = "math last-piece"


def new(name: str, classes: str = "") -> Tag:
    return BeautifulSoup("", "html.parser").new_tag(
        name, attrs={"class": classes} if classes else {}
    )


def width(text: str) -> int:
    """In columns: a Chinese character takes two."""
    return sum(1 + (character >= "\u2e80") for character in text)


# The pages that only the book has


def title_page(edition: str) -> str:
    own, words = {**CONFIG, **EDITIONS[edition]}, WORDS[edition]
    landing = BeautifulSoup((SITE / "index.html").read_text("utf8"), "html.parser")
    card = landing.select_one(f'section:has(a[data-edition="{edition}"]) > p')
    assert card is not None
    with (ROOT / "pyproject.toml").open("rb") as file:
        version = words["version"].format(version=tomllib.load(file)["project"]["version"])
    return (
        '<section class="title-page">'
        f'<p class="title">{escape(own["html_title"])}</p>'
        f'<p class="subtitle">{card.decode_contents()}</p>'
        f'<p class="author">{escape(own["author"])}</p>'
        f'<p class="imprint">{version}{date_of_sources()}<br>© {escape(own["copyright"])}<br>'
        f"{words['license']}<br>"
        f'{words["site"]} <a href="{ADDRESS}{edition}/index.html">{ADDRESS}</a></p></section>'
    )


def date_of_sources() -> str:
    """The day of the last commit, so that the same sources give the same book."""
    command = ["git", "log", "-1", "--format=, %cs"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return str(done.stdout).strip()


def contents(edition: str, parts: list[Part], chapters: dict[str, Tag]) -> str:
    sections = Counter(
        plain(heading) for article in chapters.values() for heading in article.find_all("h3")
    )
    rows = []
    for number, part in enumerate(parts):
        if part.title:
            rows.append(entry("part", f"part-{number}", part_title(edition, number, part)))
        for name in part.pages:
            rows.append(entry("chapter", name, title(chapters[name])))
            for heading in chapters[name].find_all("h3") if part.numbered else []:
                if sections[plain(heading)] < COMMON:
                    section = heading.find_parent("section")
                    assert section is not None
                    rows.append(entry("section", str(section["id"]), title_html(heading)))
    return (
        f'<nav class="contents" id="contents"><h2>{WORDS[edition]["contents"]}</h2>'
        f"<ul>{''.join(rows)}</ul></nav>"
    )


def entry(kind: str, anchor: str, name: str) -> str:
    return (
        f'<li class="{kind}"><a href="#{anchor}"><span>{name}</span>'
        f'<span class="page-number" data-of="{anchor}"></span></a></li>'
    )


def plain(heading: Tag) -> str:
    """The text of a heading without its number."""
    copy = BeautifulSoup(str(heading), "html.parser")
    for number in copy.select(".section-number"):
        number.decompose()
    return copy.get_text().strip()


def title(article: Tag) -> str:
    heading = article.find("h2")
    assert isinstance(heading, Tag)
    return title_html(heading)


def title_html(heading: Tag) -> str:
    return heading.decode_contents()


def part_title(edition: str, number: int, part: Part) -> str:
    if not part.numbered:
        return escape(part.title)
    label = WORDS[edition]["part"].format(
        roman=ROMAN[number - 1], chinese="零一二三四五六七八"[number]
    )
    return f'<span class="part-number">{label} </span>{escape(part.title)}'


def part_page(edition: str, number: int, part: Part, chapters: dict[str, Tag]) -> str:
    rows = "".join(entry("chapter", name, title(chapters[name])) for name in part.pages)
    return (
        f'<section class="part" id="part-{number}"><h1>{part_title(edition, number, part)}</h1>'
        f"<ul>{rows}</ul></section>"
    )


def running_titles(parts: list[Part], chapters: dict[str, Tag]) -> str:
    """At the foot of the pages: the part on the left ones, the chapter on the right ones."""
    rules = []
    for part in parts:
        for name in part.pages:
            heading = chapters[name].find("h2")
            assert isinstance(heading, Tag)
            right = heading.get_text().strip()
            rules.append(
                f"@page {name}:left {{ @bottom-right {{ content: {css(part.title or right)} }} }}"
                f"@page {name}:right {{ @bottom-left {{ content: {css(right)} }} }}"
            )
    return "\n".join(rules)


def css(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\u200b", "") + '"'


# Printing


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


def finish(printed: Path, path: Path, edition: str) -> int:
    """Say who wrote the book, open it with its bookmarks, and leave out the time of day."""
    writer = PdfWriter(clone_from=printed)
    writer.metadata = {
        "/Title": EDITIONS[edition]["html_title"],
        "/Author": EDITIONS[edition].get("author", CONFIG["author"]),
    }
    writer.page_mode = "/UseOutlines"
    fold_bookmarks(writer.root_object["/Outlines"])
    drop_spans(writer.root_object["/StructTreeRoot"])
    writer.compress_identical_objects(remove_duplicates=False)
    writer.write(path)
    return len(writer.pages)


def drop_spans(root: Any) -> None:
    """Take the elements without a meaning out of the tree that screen readers read.

    Chromium makes one for each run of letters and each token of code, sixty thousand in
    all, two thirds of the file. What they hold goes to the elements around them.
    """
    heirs: dict[int, Any] = {}
    adopt(root, heirs)
    for entry in root["/ParentTree"]["/Nums"][1::2]:
        elements = entry.get_object()
        if isinstance(elements, ArrayObject):  # those of a page, by the number of the piece
            for number, element in enumerate(elements):
                elements[number] = heirs.get(getattr(element, "idnum", 0), element)


def adopt(element: Any, heirs: dict[int, Any]) -> None:
    """Let an element hold what the spans below it hold, and theirs."""
    own = element.indirect_reference
    held = list(pieces(element, own, heirs))
    page = next((page for _, page in held if page is not None), None)
    if page is not None:
        element[NameObject("/Pg")] = page
    element[NameObject("/K")] = ArrayObject(
        piece if there in (None, page) else piece_of(there, piece) for piece, there in held
    )
    for piece, _ in held:
        child = piece.get_object()
        if isinstance(child, DictionaryObject) and "/S" in child:
            child[NameObject("/P")] = own
            adopt(child, heirs)


def pieces(element: Any, heir: Any, heirs: dict[int, Any]) -> Iterator[tuple[Any, Any]]:
    """What an element holds but for spans, and the page of each numbered piece of text."""
    held: Any = element.raw_get("/K") if "/K" in element else ArrayObject()
    for child in held.get_object() if isinstance(held.get_object(), ArrayObject) else [held]:
        target: Any = child.get_object()
        if isinstance(target, int):
            yield child, element.raw_get("/Pg")
        elif target.get("/S") == "/NonStruct":
            heirs[child.idnum] = heir
            yield from pieces(target, heir, heirs)
            target.clear()
        else:
            yield child, None


def piece_of(page: Any, number: Any) -> DictionaryObject:
    """A piece of text on another page than the first of its element."""
    names = {"/Type": NameObject("/MCR"), "/Pg": page, "/MCID": number}
    return DictionaryObject({NameObject(name): value for name, value in names.items()})


def fold_bookmarks(item: Any, depth: int = 0) -> None:
    """Show the chapters of each part, and their sections when a reader asks for them."""
    if depth == 2 and "/Count" in item:
        item[NameObject("/Count")] = NumberObject(-abs(item["/Count"]))
    child = item.get("/First")
    while child is not None:
        fold_bookmarks(child.get_object(), depth + 1)
        child = child.get_object().get("/Next")


if __name__ == "__main__":
    main()
