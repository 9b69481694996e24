"""An article of the site, made fit for paper: code, formulas, figures, links and headings."""

import os
import posixpath
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin

from bs4 import BeautifulSoup, Tag

from tools.pdf import settings

COLUMNS = 86  # that a line of code has room for; book.css sets its size by it
LONG = 14  # lines of code: more may be torn apart at the end of a page, between blank lines
SHORT = 12  # characters of a formula or of code in a sentence that stay on one line
DOTS_PER_INCH = 200  # of the figures; lr_lib/course.mplstyle


# What only a screen can show.
UNPRINTED = ".headerlink, .toctree-wrapper, .run-chapter, .quiz-progress, script, style"


def make_article(edition: str, name: str, names: list[str]) -> Tag:
    """The article of a page, as a chapter of the book.

    Args:
        edition: The edition that the page belongs to.
        name: The name of the page.
        names: Those of all pages in the book, to which its links can lead.
    """
    path = settings.SITE / edition / f"{name}.html"
    if not path.exists():
        raise SystemExit(f"{path} is missing. Build the book again: make book")
    article = BeautifulSoup(path.read_text("utf8"), "html.parser").select_one("article.bd-article")
    assert article is not None, path
    drop_what_paper_cannot(article)
    lead_to_headings(article)
    make_ids_unique(article, name)
    for link in article.find_all("a", href=True):
        link["href"] = target(str(link["href"]), edition, name, names)
    for image in article.find_all("img"):
        size_of_print(image, settings.SITE / edition)
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
    lower_headings(article)
    article["id"] = name
    article["class"] = "chapter"
    article["style"] = f"page: {name}"
    return article


# Links, headings, figures


def drop_what_paper_cannot(article: Tag) -> None:
    """Remove what only a screen can do, unfold what is folded, and what is black anyway."""
    for tag in article.select(f"{UNPRINTED}, .sd-tab-set > input"):
        tag.decompose()
    for tag in article.select("pre > span:empty, pre :is(.n, .p, .w)"):
        tag.unwrap()  # as black as the text around it
    article.smooth()
    for tag in article.find_all("details"):
        tag["open"] = ""


def lead_to_headings(article: Tag) -> None:
    """A section can begin at the end of a page whose foot has no room for its heading."""
    for section in article.select("section[id]"):
        heading = section.find(re.compile("^h[1-6]$"), recursive=False)
        if isinstance(heading, Tag):
            heading["id"] = section["id"]
            del section["id"]


def lower_headings(article: Tag) -> None:
    """A part is a heading of the first level, so that the bookmarks nest."""
    for level in (5, 4, 3, 2, 1):
        for heading in article.find_all(f"h{level}"):
            heading.name = f"h{level + 1}"
            for text in heading.find_all(string=re.compile("\u200b")):
                text.replace_with(text.replace("\u200b", ""))  # would stand in the bookmarks


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
    return urljoin(settings.ADDRESS, f"{edition}/{address}") + (f"#{fragment}" if fragment else "")


def size_of_print(image: Tag, folder: Path) -> None:
    """Print figures at the size at which they were drawn, letters as large as meant."""
    for attribute in ("loading", "decoding", "width", "height"):  # for a screen
        del image[attribute]
    path = folder / str(image["src"])
    image["src"] = quote(Path(os.path.relpath(path, settings.OUTPUT)).as_posix())
    if path.suffix == ".png":
        width = int.from_bytes(path.read_bytes()[16:20], "big")
        image["style"] = f"width: {width / DOTS_PER_INCH:.3f}in"


def give_font(image: Tag, edition: str) -> None:
    """Let a drawing use a font of the book: as an image it cannot see those of the page."""
    folder = settings.OUTPUT / f"{edition}.stills"
    folder.mkdir(exist_ok=True)
    drawing = (settings.OUTPUT / str(image["src"])).read_text("utf8")
    font = settings.OUTPUT / f"{edition}.fonts" / "book-sans-regular.ttf"
    data = b64encode(font.read_bytes()).decode()
    rule = f'@font-face {{ font-family: "Book Sans"; src: url("data:font/ttf;base64,{data}"); }}'
    head, rest = drawing.split(">", maxsplit=1)
    head = re.sub(r'font-family="[^"]*"', 'font-family="Book Sans"', head)
    path = folder / Path(str(image["src"])).name
    path.write_text(f"{head}><style>{rule}</style>{rest}", "utf8")
    image["src"] = path.relative_to(settings.OUTPUT).as_posix()


# Code


def fold_lines(block: Tag) -> None:
    """Break lines of code that are too long for the page, with a mark."""
    for place in reversed(list(folds(block.get_text()))):
        for piece in block.find_all(string=True):
            if place < len(piece):
                before, after = piece[:place], piece[place:]
                mark = new("span", "turn")
                mark.string = "↪ "
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


# Formulas


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


# Helpers


def new(name: str, classes: str = "") -> Tag:
    return BeautifulSoup("", "html.parser").new_tag(
        name, attrs={"class": classes} if classes else {}
    )


def width(text: str) -> int:
    """In columns: a Chinese character takes two."""
    return sum(1 + (character >= "\u2e80") for character in text)
