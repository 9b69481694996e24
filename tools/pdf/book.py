"""The whole book as one document, without page numbers: ``book.html`` says how it is made."""

import subprocess
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tools.pdf import settings
from tools.pdf.article import give_font, make_article
from tools.pdf.subset_fonts import make_fonts

SOLUTIONS = "solutions/"  # where their pages are in an edition
INTRODUCTION = {"en": "Introduction", "zh": "引言"}  # the title of the front page
COMMON = 8  # a section that so many chapters have is no help in the contents
DIGITS = "0123456789"  # of the page numbers
STYLES = ("pygments", "formulas", "quiz")  # of the site; book.css has the rest


@dataclass
class Part:
    """A part of the book; the front page is one without a title."""

    title: str
    numbered: bool
    pages: list[str]


@dataclass
class Heading:
    """A heading as the contents name it, and its text without the number."""

    anchor: str
    title: Markup
    plain: str


@dataclass
class Chapter:
    """A page of the site as a chapter: the text of its title, its sections, all of it."""

    name: str
    title: Markup
    plain: str
    sections: list[Heading]
    html: Markup


# Which pages there are


def parts_of(edition: str) -> list[Part]:
    """The parts, as the sidebar of the site has them. The solutions stay on the site:
    whoever holds the book in hand should not come upon one by leafing through."""
    front = read(settings.SITE / edition / "index.html")
    parts = [Part("", False, ["index"])]
    for caption in front.select("nav.bd-links p.caption"):
        links = caption.find_next("ul").select("a")  # type: ignore[union-attr]
        pages = [str(link["href"]).removesuffix(".html") for link in links]
        numbered = links[0].get_text().strip()[0].isdigit()
        if not pages[0].startswith(SOLUTIONS):
            parts.append(Part(caption.get_text().strip(), numbered, pages))
    return parts


def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf8"), "html.parser")


# The document


def assemble(edition: str) -> BeautifulSoup:
    """The document of an edition, with its fonts beside it."""
    parts = parts_of(edition)
    names = [name for part in parts for name in part.pages]
    chapters = {name: make_chapter(edition, name, names) for name in names}
    own = {**settings.CONFIG, **settings.EDITIONS[edition]}
    sections = Counter(s.plain for chapter in chapters.values() for s in chapter.sections)
    html = (
        environment()
        .get_template("book.html")
        .render(
            edition=edition,
            language=own["language"].replace("_", "-"),
            title=own["html_title"],
            subtitle=subtitle(edition),
            author=own["author"],
            copyright=own["copyright"],
            version=version(),
            date=date_of_sources(),
            address=settings.ADDRESS,
            sheets=sheets(edition),
            parts=[as_printed(number, part, chapters) for number, part in enumerate(parts)],
            common={plain for plain, count in sections.items() if count >= COMMON},
        )
    )
    book = BeautifulSoup(html, "html.parser")
    add_fonts(book, edition)
    return book


def environment() -> Environment:
    """Jinja for the template beside this file."""
    loader = FileSystemLoader(Path(__file__).parent)
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    found.filters["css"] = css
    return found


def css(text: str) -> Markup:
    """A string of a style sheet."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\u200b", "")
    return Markup(f'"{escaped}"')


def make_chapter(edition: str, name: str, names: list[str]) -> Chapter:
    article = make_article(edition, name, names)
    heading = article.find("h2")
    assert isinstance(heading, Tag), name
    if name == "index":
        heading.string = INTRODUCTION[edition]
    sections = []
    for section in article.find_all("h3"):
        sections.append(Heading(str(section["id"]), inner(section), plain(section)))
    text = heading.get_text().strip()
    return Chapter(name, inner(heading), text, sections, Markup(article))


def inner(tag: Tag) -> Markup:
    return Markup(tag.decode_contents())


def plain(heading: Tag) -> str:
    """The text of a heading without its number."""
    copy = BeautifulSoup(str(heading), "html.parser")
    for number in copy.select(".section-number"):
        number.decompose()
    return copy.get_text().strip()


def as_printed(number: int, part: Part, chapters: dict[str, Chapter]) -> dict[str, object]:
    """What the template shows of a part; the front page comes before the first one."""
    return {
        "anchor": f"part-{number}",
        "title": part.title,
        "numbered": part.numbered,
        "roman": ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII")[number],
        "chinese": "零一二三四五六七八"[number],
        "chapters": [chapters[name] for name in part.pages],
    }


def sheets(edition: str) -> list[str]:
    """The style sheets, as the document sees them."""
    static = f"../html/{edition}/_static"
    return [*(f"{static}/{name}.css" for name in STYLES), "../../tools/pdf/book.css"]


def add_fonts(book: BeautifulSoup, edition: str) -> None:
    """Make the fonts with the letters of the book, and let its drawings use them, too."""
    drawings = book.select('img[src$=".svg"]')
    letters = [(settings.OUTPUT / str(image["src"])).read_text("utf8") for image in drawings]
    text = book.get_text() + DIGITS + "".join(letters)
    assert book.style is not None
    book.style.insert(0, make_fonts(text, settings.OUTPUT / f"{edition}.fonts"))
    for image in drawings:
        give_font(image, edition)


# What the title page says


def subtitle(edition: str) -> Markup:
    """What the landing page of the site says of an edition."""
    card = read(settings.SITE / "index.html").select_one(
        f'section:has(a[data-edition="{edition}"]) > p'
    )
    assert card is not None
    return inner(card)


def version() -> str:
    with (settings.ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def date_of_sources() -> str:
    """The day of the last commit, so that the same sources give the same book."""
    command = ["git", "log", "-1", "--format=, %cs"]
    done = subprocess.run(command, cwd=settings.ROOT, capture_output=True, text=True, check=False)
    return str(done.stdout).strip()
