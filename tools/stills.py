"""Draw the still figures that stand for the interactive ones in print and without scripts.

    python -m tools.stills              every figure, in both languages
    python -m tools.stills descend

Chromium opens each figure of ``book/_static/explore`` on a page of its own. What it draws
before anybody has touched it becomes one SVG file among the drawings of an edition, which needs
nothing else. Made again from the same scripts, it is the same byte for byte.
"""

import argparse
import tempfile
from pathlib import Path

from jinja2 import Template
from playwright.sync_api import Browser, Page, sync_playwright

from lr_grading.assignments import ROOT
from tools.browser import OPTIONS, find_browser

EXPLORE = ROOT / "book" / "_static" / "explore"
SHARED = ("explore", "mathematics")  # the scripts that every figure needs, in this order
FIGURES = sorted(path.stem for path in EXPLORE.glob("*.js") if path.stem not in SHARED)
LANGUAGES = {"en": "en", "zh": "zh-CN"}
WIDTH = 680  # CSS pixels: the column of a desktop window
PAGE = Path(__file__).with_suffix(".html").read_text("utf8")  # a template
DRAW = Path(__file__).with_suffix(".js").read_text("utf8")  # defines drawStill

FONTS = {
    "en": "sans-serif",
    "zh": "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif",
}


def still_file(name: str, edition: str) -> Path:
    """Where the still of a figure is."""
    return ROOT / "book" / edition / "figures" / f"{name}.svg"


def figure_page(name: str, edition: str) -> str:
    """The HTML of a page with one figure and nothing else."""
    html: str = Template(PAGE).render(
        name=name,
        language=LANGUAGES[edition],
        folder=EXPLORE.as_uri(),
        width=WIDTH,
        scripts=[*SHARED, name],
    )
    return html


def draw(page: Page, edition: str) -> str:
    """The figure that a page shows now, as the text of an SVG file."""
    page.evaluate(DRAW)
    drawing: str = page.evaluate("(fonts) => drawStill(fonts)", FONTS[edition])
    return drawing.replace("><", ">\n<") + "\n"  # a line for each part, for those who compare


def still(browser: Browser, name: str, edition: str) -> str:
    """The text of one SVG file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.html"
        file.write_text(figure_page(name, edition), "utf8")
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        page.goto(file.as_uri())
        page.wait_for_selector("figure.live")
        text = draw(page, edition)
        page.close()
    return text


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("figures", nargs="*", help=f"default: all of {', '.join(FIGURES)}")
    names = parser.parse_args().figures or FIGURES
    if unknown := sorted(set(names) - set(FIGURES)):
        parser.error(f"no such figure: {', '.join(unknown)}; known are {', '.join(FIGURES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=OPTIONS)
        for name in names:
            for edition in LANGUAGES:
                file = still_file(name, edition)
                file.write_text(still(browser, name, edition), "utf8")
                print(f"{file.relative_to(ROOT)} ({file.stat().st_size} bytes)")
        browser.close()


if __name__ == "__main__":
    main()
