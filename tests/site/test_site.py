"""The built site, page by page: links, images, hosts, words. Needs `make book`."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from lr_grading.assignments import NAMES
from tests.course import BOOK, CHAPTERS, EDITIONS, SITE, files, notebook_names, pages

CONFIG = yaml.safe_load((BOOK.parent / "_config.yml").read_text("utf8"))["sphinx"]["config"]
ADDRESS = CONFIG["html_baseurl"]
HAN = re.compile("[\u4e00-\u9fff]")
# What stays in Latin letters in the Chinese edition: names, keys, and the switch.
LATIN_IN_CHINESE = {"English", "Ctrl", "K", "CC", "BY"}

PAGES = [SITE / name for name in ("index.html", *pages("en"), *pages("zh"))]
CONTENT = [page for page in PAGES if page.stem not in {"search"}]
pytestmark = pytest.mark.usefixtures("built_site")
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(SITE).as_posix())


def pages_of(edition: str) -> list[Path]:
    return [page for page in PAGES if SITE / edition in page.parents]


@cache
def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text("utf8"), "html.parser")


@cache
def places(page: Path) -> set[str]:
    """The places in a page that a link can lead to."""
    return {str(tag["id"]) for tag in soup(page).find_all(id=True)}


def read(tag: Tag, unread: list[Tag]) -> Iterator[Tag | str]:
    """The tags and texts in a tag, in their order, without some tags and what is in them."""
    skipped = {id(tag) for tag in unread}  # equal tags are not the same tag

    def walk(tag: Tag) -> Iterator[Tag | str]:
        for part in tag.children:
            if isinstance(part, Tag) and id(part) not in skipped:
                yield part
                yield from walk(part)
            elif type(part) is NavigableString:  # not a comment
                yield part

    return walk(tag)


def resources(page: BeautifulSoup) -> list[str]:
    """The addresses that a browser fetches by itself: no links to click on."""
    found = [tag["src"] for tag in page.find_all(src=True)]
    for link in page.find_all("link", href=True):
        if {"stylesheet", "icon", "preload", "preconnect"} & set(link.get_attribute_list("rel")):
            found.append(link["href"])
    return [str(address) for address in found]


def test_there_is_a_page_for_every_source() -> None:
    built = {page for page in SITE.rglob("*.html") if "_static" not in page.parts}
    assert built == set(PAGES)
    assert len(notebook_names()) >= 7


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for tag in soup(page).find_all("a", href=True):
        address, fragment = urldefrag(str(tag["href"]))
        if re.match(r"[a-z]+:", address):
            continue
        target = (page.parent / unquote(address)).resolve() if address else page
        if not target.is_file() or (
            # "#" alone leads to the top of any page.
            fragment and target.suffix == ".html" and unquote(fragment) not in places(target)
        ):  # fmt: skip
            broken.append(tag["href"])
    assert not broken


@every_page
def test_images_exist_and_say_what_they_show(page: Path) -> None:
    for image in soup(page).find_all("img"):
        source, told = str(image["src"]), str(image.get("alt", ""))
        assert (page.parent / unquote(source)).is_file(), source
        assert told.strip(), f"{source} has no alternative text"
        assert not told.endswith(".png"), f"{source}: a file name says nothing"


@every_page
def test_nothing_is_fetched_from_another_host(page: Path) -> None:
    foreign = [a for a in resources(soup(page)) if re.match(r"(https?:)?//", a)]
    assert not foreign
    for address in resources(soup(page)):
        if not address.startswith("data:"):
            assert (page.parent / address.split("?")[0]).is_file(), address


def test_no_style_sheet_fetches_from_another_host() -> None:
    for sheet in SITE.rglob("*.css"):
        foreign = re.findall(
            r"url\([\"']?(?:https?:)?//[^)]*|@import[^;]*//", sheet.read_text("utf8")
        )
        assert not foreign, sheet


@pytest.mark.parametrize("page", CONTENT, ids=lambda p: p.relative_to(SITE).as_posix())
def test_nothing_of_the_source_format_is_left_over(page: Path) -> None:
    body = soup(page).find("main") or soup(page).body
    assert body is not None
    unread = body.select("pre, code, script, style, .math")
    text = " ".join(part for part in read(body, unread) if isinstance(part, str))
    leftovers = re.findall(r".{0,20}(?:\{[a-z]+\}|\*\*|\$\$|\]\(|:label:|:::).{0,20}", text)
    assert not leftovers


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_page_says_its_language_and_has_a_switch(edition: str) -> None:
    lang = {"en": "en", "zh": "zh-CN"}
    other = {"en": "zh", "zh": "en"}[edition]
    for page in pages_of(edition):
        html = soup(page).html
        assert isinstance(html, Tag)
        assert html["lang"] == lang[edition]
        (switch,) = soup(page).select("a.language-switch")
        twin = SITE / other / page.relative_to(SITE / edition)
        assert (page.parent / str(switch["href"])).resolve() == twin
        assert switch["hreflang"] == lang[other]


# Addresses of sections


def addresses(page: Path) -> list[str]:
    """Those of the sections of a page, in their order."""
    return [str(section["id"]) for section in soup(page).find_all("section", id=True)]


def test_sections_have_the_same_addresses_in_both_editions() -> None:
    for page in pages_of("en"):
        twin = SITE / "zh" / page.relative_to(SITE / "en")
        assert addresses(page) == addresses(twin), page.name


@every_page
def test_addresses_of_sections_are_words(page: Path) -> None:
    assert not [name for name in addresses(page) if re.fullmatch(r"id\d+", name)]


@pytest.mark.parametrize("edition", EDITIONS)
def test_marks_of_headings_say_what_they_are(edition: str) -> None:
    for page in pages_of(edition):
        for mark in soup(page).select("a.headerlink"):
            said = {"en": "Link to this [a-z]+", "zh": "此[\u4e00-\u9fff]+的链接"}[edition]
            assert re.fullmatch(said, str(mark["aria-label"]))


# For search engines and previews


def test_every_page_says_what_it_is() -> None:
    told = set()
    for edition in EDITIONS:
        for page in pages_of(edition):
            head = soup(page).head
            assert isinstance(head, Tag)
            about = {
                str(tag.get("name") or tag.get("property")): str(tag.get("content"))
                for tag in head.find_all("meta")
            }
            place = ADDRESS + page.relative_to(SITE).as_posix()
            assert about["og:url"] == place
            preview = SITE / unquote(about["og:image"]).removeprefix(ADDRESS)
            assert preview.is_file(), preview
            if page in CONTENT:
                assert 10 < len(about["description"]) <= 160, page
                assert about["og:description"] == about["description"]
                told.add((edition, about["og:title"]))
            twins = {
                tag["hreflang"]: str(tag["href"]) for tag in head.find_all("link", rel="alternate")
            }
            assert twins == {
                "en": ADDRESS + f"en/{page.relative_to(SITE / edition).as_posix()}",
                "zh-CN": ADDRESS + f"zh/{page.relative_to(SITE / edition).as_posix()}",
            }
    assert len(told) == len([page for page in CONTENT if page.parent != SITE])  # no title twice


def test_the_site_map_lists_every_page_with_its_twin() -> None:
    names = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "x": "http://www.w3.org/1999/xhtml",
    }
    urls = ElementTree.parse(SITE / "sitemap.xml").getroot().findall("s:url", names)
    listed = {url.findtext("s:loc", namespaces=names) for url in urls}
    assert listed == {
        ADDRESS + page.relative_to(SITE).as_posix() for page in CONTENT if page.parent != SITE
    }
    for url in urls:
        twins = {str(link.get("href")) for link in url.findall("x:link", names)}
        assert len(twins) == 2
        assert twins <= listed
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (SITE / "robots.txt").read_text("utf8")


# To run a chapter


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_chapter_offers_its_notebook_and_a_command(edition: str) -> None:
    for chapter in CHAPTERS:
        (box,) = soup(SITE / edition / f"{chapter}.html").select("details.run-chapter")
        (link,) = box.select("a[download]")
        assert SITE / edition / str(link["href"]) == offered(edition, chapter)
        assert box.pre is not None
        command = box.pre.get_text()
        assert command.startswith(f"make lab CHAPTER={chapter}")
        assert ("EDITION=zh" in command) == (edition == "zh")
        assert not box.select("a[href*=colab], a[href*=binder]")  # no repository is set


def offered(edition: str, chapter: str) -> Path:
    return SITE / edition / "notebooks" / f"{chapter}.ipynb"


@pytest.mark.parametrize("edition", EDITIONS)
def test_code_and_outputs_of_an_offered_notebook_are_the_chapters(edition: str) -> None:
    for chapter in CHAPTERS:
        plain = json.loads(offered(edition, chapter).read_text("utf8"))
        source = json.loads((BOOK / edition / f"{chapter}.ipynb").read_text("utf8"))
        for name in ("metadata", "nbformat", "nbformat_minor"):
            assert plain[name] == source[name]
        code = [
            [json.dumps(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
            for notebook in (plain, source)
        ]
        assert code[0] == code[1], chapter
        nbformat.validate(nbformat.from_dict(plain))


# What a program without MyST would show as it is written.
RAW = re.compile(
    r"\{[\w:-]+\}`|^ *(?:`{3,}|:{3,}) *\{|^:{3,}|^\([\w-]+\)=$|\$\$ *\([\w-]+\)|\[\]\(", re.M
)


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_offered_notebook_says_in_plain_markdown_what_the_page_says(edition: str) -> None:
    for chapter in CHAPTERS:
        cells = json.loads(offered(edition, chapter).read_text("utf8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        text = "\n\n".join(texts)
        assert not RAW.findall(text), chapter
        page = soup(SITE / edition / f"{chapter}.html")
        numbers = [tag.get_text().strip() for tag in page.select("article .caption-number")]
        named = re.findall(r"^\*\*(\w+\.? [\d.]+)\*\*", text, re.M)
        assert sorted(named) == sorted(numbers), chapter
        equations = [tag.get_text().strip("()") for tag in page.select("article a.eqno")]
        assert re.findall(r"\\tag\{([\d.]+)\}", text) == equations, chapter
        for figure in page.select("article figure.explore"):
            image = f"![{figure.img['alt']}](data:image/svg+xml;base64," if figure.img else None
            assert image is not None
            assert image in text, chapter


@pytest.mark.parametrize("edition", EDITIONS)
def test_sidebar_and_neighbours_stay_in_the_edition(edition: str) -> None:
    for page in pages_of(edition):
        for link in soup(page).select(".bd-sidebar-primary a, .prev-next-footer a"):
            address = urldefrag(str(link["href"])).url or page.name
            assert SITE / edition in (page.parent / address).resolve().parents


def test_the_next_links_lead_through_all_pages_in_the_same_order() -> None:
    def walk(edition: str) -> list[str]:
        pages = [SITE / edition / "index.html"]
        while link := soup(pages[-1]).select_one("a.right-next"):
            pages.append((pages[-1].parent / str(link["href"])).resolve())
        return [page.relative_to(SITE / edition).as_posix() for page in pages]

    assert walk("en") == walk("zh")
    assert len(walk("en")) == len(files(BOOK / "en", "*.*")) + len(NAMES)


def test_everything_around_the_chinese_text_is_chinese() -> None:
    for page in pages_of("zh"):
        unread = soup(page).select(
            "article, script, style, title, .bd-toc-nav, #jb-print-toc nav, .bd-links a, "
            ".prev-next-footer .prev-next-title"  # titles of chapters, which may name code
        )
        said = []
        for part in read(soup(page), unread):
            if isinstance(part, Tag):
                spoken = ("title", "aria-label", "placeholder")
                said += [str(part[name]) for name in spoken if name in part.attrs]
            else:
                said.append(part.strip())
        foreign = {
            text for text in said
            if set(re.findall("[A-Za-z]+", text)) - LATIN_IN_CHINESE and not HAN.search(text)
        }  # fmt: skip
        assert not foreign, page.name


def test_figures_and_exercises_are_named_in_the_language_of_the_edition() -> None:
    for edition, figure, exercise in (("en", "Fig. 1.1", "Exercise 1"), ("zh", "图 1.1", "练习 1")):
        page = soup(SITE / edition / "synthetic-data.html")
        captions = [tag.get_text() for tag in page.select(".caption-number")]
        assert captions[0].strip() == figure
        titles = [tag.get_text() for tag in page.select(".exercise .admonition-title")]
        assert titles[0].startswith(exercise)


# Assignments and their solutions


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_assignment_can_be_downloaded_as_it_is_handed_out(edition: str) -> None:
    page = SITE / edition / "assignments.html"
    links = [str(tag["href"]) for tag in soup(page).select("a.download")]
    assert sorted(Path(link).stem for link in links) == sorted(NAMES)
    for link in links:
        name = Path(link).name
        release = BOOK.parent / "exercises" / edition / Path(name).stem / name
        assert (page.parent / link).read_bytes() == release.read_bytes()


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_chapter_links_to_an_assignment(edition: str) -> None:
    for chapter in CHAPTERS:
        assert soup(SITE / edition / f"{chapter}.html").select("a.download"), chapter


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", NAMES)
def test_a_solution_is_folded_away_behind_a_warning(edition: str, name: str) -> None:
    page = soup(SITE / edition / "solutions" / f"{name}.html")
    (fold,) = page.select("article details.solution")
    assert fold.get("open") is None
    assert fold.summary is not None
    assert fold.summary.get_text().strip()
    for cell in page.select("article .cell"):
        assert fold in cell.parents, "code outside of the fold"
    assert "BEGIN SOLUTION" in fold.get_text()
