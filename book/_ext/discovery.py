"""What search engines and previews ask of a page: its address, a description, a picture.

They want full addresses, which begin with the setting ``html_baseurl``: the place where
the site will stand.
"""

import re
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

LONGEST_DESCRIPTION = {"en": 160, "zh": 80}  # about what a page of results shows
FIRST_IMAGE = re.compile(r'<img\b[^>]*\bsrc="([^"]+\.png)"')
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", check_address)
    app.connect("html-page-context", describe_page, priority=800)
    app.connect("build-finished", write_sitemap, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def check_address(app: Sphinx, config: Config) -> None:
    if not re.fullmatch(r"https?://[^\s/]+/(\S*/)?", config.html_baseurl):
        raise ConfigError(
            f"_config.yml: html_baseurl is {config.html_baseurl!r}; expected the full address "
            "of the folder where the site stands, such as https://example.org/course/"
        )


def address(config: Config, edition: str, pagename: str) -> str:
    return f"{config.html_baseurl}{edition}/{pagename}.html"


def describe_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template what stands in the head of a page for other programs."""
    edition = app.config.edition
    if not edition:
        return
    # A wrong canonical address would do more harm than none.
    context["pageurl"] = None
    context["page_address"] = address(app.config, edition, pagename)
    context["description"] = description(doctree, LONGEST_DESCRIPTION[edition])
    image = FIRST_IMAGE.search(context.get("body", ""))
    folder = f"{app.config.html_baseurl}{edition}/"
    name = image[1].removeprefix("../") if image else "_static/preview.png"
    context["preview"] = folder + unescape(name)
    context["alternates"] = {
        other["language"].replace("_", "-"): address(app.config, name, pagename)
        for name, other in app.config.editions.items()
    }


def description(doctree: nodes.document | None, longest: int) -> str:
    """The first paragraph of a page, cut at the end of a sentence or of a word."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        text = " ".join(paragraph.astext().split())
        if len(text) <= longest:
            return text
        sentences = re.match(rf".{{1,{longest - 1}}}(?:[。！？]|[.!?](?=\s))", text)
        return (
            sentences[0]
            if sentences
            else text[: longest - 1].rsplit(" ", 1)[0] + "…"
        )
    return ""


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List the pages of all editions, when the last of them is there."""
    if app.config.edition or exception:
        return
    site = Path(app.outdir)
    ElementTree.register_namespace("", SITEMAP)
    ElementTree.register_namespace("xhtml", XHTML)
    urls = ElementTree.Element(f"{{{SITEMAP}}}urlset")
    for edition in app.config.editions:
        for page in sorted((site / edition).rglob("*.html")):
            pagename = page.relative_to(site / edition).with_suffix("").as_posix()
            if pagename == "search" or pagename.startswith("_"):
                continue
            url = ElementTree.SubElement(urls, f"{{{SITEMAP}}}url")
            place = ElementTree.SubElement(url, f"{{{SITEMAP}}}loc")
            place.text = address(app.config, edition, pagename)
            for name, own in app.config.editions.items():
                ElementTree.SubElement(
                    url,
                    f"{{{XHTML}}}link",
                    rel="alternate",
                    hreflang=own["language"].replace("_", "-"),
                    href=address(app.config, name, pagename),
                )
    ElementTree.indent(urls)
    tree = ElementTree.ElementTree(urls)
    tree.write(site / "sitemap.xml", encoding="utf-8", xml_declaration=True)
    robots = (
        f"User-agent: *\nAllow: /\nSitemap: {app.config.html_baseurl}sitemap.xml\n"
    )
    (site / "robots.txt").write_text(robots, "utf8")
