"""What a page loads: that it is little, and that nothing of what it uses was dropped."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from assets import used_rules
from bs4 import BeautifulSoup
from bs4.filter import SoupStrainer

from tests.course import EDITIONS, SITE


def kept(css: str, *mentioned: str) -> str:
    return used_rules(css, set(mentioned)).replace(" ", "")


@pytest.mark.parametrize(
    ("css", "mentioned", "expected"),
    [
        ("a{color:red}", [], "a{color:red}"),  # elements are always kept
        (".used{color:red}", ["used"], ".used{color:red}"),
        (".unused{color:red}", ["used"], ""),
        (".used,.unused{top:0}", ["used"], ".used{top:0}"),
        ("#part .used{top:0}", ["used"], ""),
        (".used:not(.unused){top:0}", ["used"], ".used:not(.unused){top:0}"),
        (".used:is(.a,.b){top:0}", ["used"], ".used:is(.a,.b){top:0}"),
        ('a[href^=".x"]{top:0}', [], 'a[href^=".x"]{top:0}'),
        ("@media print{.used{top:0}.unused{top:0}}", ["used"], "@mediaprint{.used{top:0}}"),
        ("@media print{.unused{top:0}}", ["used"], ""),
        ("@font-face{font-family:A}", [], "@font-face{font-family:A}"),
        ("@keyframes turn{to{top:0}}", [], "@keyframesturn{to{top:0}}"),
        ("/* why */ a{top:0}", [], "a{top:0}"),
    ],
)
def test_only_what_no_page_can_use_is_dropped(
    css: str, mentioned: list[str], expected: str
) -> None:
    assert kept(css, *mentioned) == expected


@cache
def loads(file: Path) -> BeautifulSoup:
    """The tags of a page that load something."""
    wanted = SoupStrainer(["link", "script"])
    return BeautifulSoup(file.read_text("utf8"), "html.parser", parse_only=wanted)


@cache
def compressed(file: Path) -> int:
    """The bytes of a file as any web server sends it."""
    return len(gzip.compress(file.read_bytes()))


@pytest.mark.usefixtures("built_site")
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_page_loads_one_style_sheet_of_the_theme_and_no_script_before_the_text(
    edition: str,
) -> None:
    for file in (SITE / edition).glob("*.html"):
        page = loads(file)
        sheets = [str(tag["href"]) for tag in page.select("link[rel=stylesheet]")]
        assert sheets[0] == "_static/site.css"
        assert all(re.match(r"_static/explore/", sheet) for sheet in sheets[1:]), sheets
        if file.stem != "search":
            assert not page.select("script[src]:not([defer])"), file
        assert "document.write" not in str(page)


@pytest.mark.usefixtures("built_site")
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_first_view_of_a_chapter_is_small(edition: str) -> None:
    # Figures come on top.
    for file in (SITE / edition).glob("*.html"):
        page = loads(file)
        parts = [file]
        for tag in page.select("link[rel=stylesheet], link[rel=preload], script[src]"):
            name = str(tag.get("href") or tag.get("src")).split("?")[0]
            parts.append(file.parent / name)
        size = sum(map(compressed, parts))
        assert size < 500_000, f"{file}: {size:,} bytes"
