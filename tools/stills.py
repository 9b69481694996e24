"""Draw the still figures that stand for the interactive ones in print and without scripts.

    python -m tools.stills              every figure, in both languages
    python -m tools.stills descend

Chromium opens each figure of ``book/_static/explore`` on a page of its own. What it draws
before anybody has touched it becomes one SVG file that needs nothing else. Made again from
the same scripts, it is the same byte for byte.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools.browser import OPTIONS, find_browser

EXPLORE = Path(__file__).resolve().parents[1] / "book" / "_static" / "explore"
STILLS = EXPLORE / "stills"
SHARED = ("explore", "mathematics")  # the scripts that every figure needs, in this order
FIGURES = sorted(path.stem for path in EXPLORE.glob("*.js") if path.stem not in SHARED)
LANGUAGES = {"en": "en", "zh": "zh-CN"}
WIDTH = 680  # CSS pixels: the column of a desktop window

# The colours are those of the theme, by light.
PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{name}</title>
<link rel="stylesheet" href="{folder}/explore.css">
<style>
  html {{ --pst-color-text-base: #222832; --pst-color-text-muted: #48566b;
    --pst-color-border: #d1d5da; --pst-color-background: white; --pst-color-surface: #f3f4f5; }}
  body {{ margin: 0; font-family: sans-serif; }}
  figure {{ max-width: {width}px; margin: 0; }}
</style>
{scripts}
</head><body><main><figure class="explore {name}">
<figcaption>{name}</figcaption></figure></main></body></html>
"""

# Turns the plots into one drawing: styles become attributes, and what only a living
# figure needs is left out.
DRAW = """([fonts]) => {
  const DEFAULTS = {
    fill: "rgb(0, 0, 0)", "fill-opacity": "1", stroke: "none", "stroke-width": "1px",
    "stroke-opacity": "1", "stroke-dasharray": "none", "stroke-linecap": "butt",
    "stroke-linejoin": "miter", opacity: "1", "font-size": "16px", "font-weight": "400",
    "font-style": "normal", "text-anchor": "start",
  };
  const GEOMETRY = ["x", "y", "width", "height", "viewBox", "d", "r", "cx", "cy", "id", "transform",
    "clip-path", "dx", "dy"];
  const SHOWN = ["path", "circle", "rect", "text", "tspan"];
  const UNSEEN = ".surface, .reach, .focus-ring";
  const hex = (color) => color.replace(/rgb\\((\\d+), (\\d+), (\\d+)\\)/, (_, ...parts) =>
    "#" + parts.slice(0, 3).map((part) => Number(part).toString(16).padStart(2, "0")).join(""));
  const make = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const attributesOf = (element) => {
    const attributes = {};
    for (const name of GEOMETRY) {
      if (element.hasAttribute(name)) attributes[name] = element.getAttribute(name);
    }
    if (!SHOWN.includes(element.tagName)) return attributes;
    const style = getComputedStyle(element);
    const words = element.closest("text");
    for (const [name, usual] of Object.entries(DEFAULTS)) {
      const value = style.getPropertyValue(name);
      if (value !== usual && (words || !/^(font|text)/.test(name))) {
        attributes[name] = hex(value).replace(/(\\d)px/g, "$1");
      }
    }
    if (style.stroke === "none") {
      for (const name of Object.keys(attributes)) {
        if (name.startsWith("stroke-")) delete attributes[name];
      }
    }
    return attributes;
  };
  const still = (element) => {
    if (element.matches(UNSEEN) || getComputedStyle(element).display === "none") return [];
    const copy = make(element.tagName, attributesOf(element));
    for (const child of element.childNodes) {
      copy.append(...(child.nodeType === Node.TEXT_NODE ? [child.data] : still(child)));
    }
    if (element.tagName === "g" && !copy.childNodes.length) return [];
    if (element.tagName !== "text" || !copy.hasAttribute("stroke")) return [copy];
    // Not every program knows paint-order: the rim is drawn below the words.
    const words = copy.cloneNode(true);
    for (const name of copy.getAttributeNames()) {
      if (name.startsWith("stroke")) words.removeAttribute(name);
    }
    return [copy, words];
  };
  const plots = [...document.querySelectorAll(".explore-plot svg")];
  const row = document.querySelector(".explore-plots").getBoundingClientRect();
  const [width, height] = [row.width, row.height].map(Math.ceil);
  const viewBox = `0 0 ${width} ${height}`;
  const drawing = make("svg", { width, height, viewBox, "font-family": fonts });
  drawing.append(make("rect", { width, height, fill: "#ffffff" }));
  for (const plot of plots) {
    const box = plot.getBoundingClientRect();
    const [drawn] = still(plot);
    const place = { x: box.x - row.x, y: box.y - row.y, width: box.width, height: box.height };
    for (const [name, value] of Object.entries(place)) drawn.setAttribute(name, Math.round(value));
    drawing.append(drawn);
  }
  return new XMLSerializer().serializeToString(drawing);
}"""

FONTS = {
    "en": "sans-serif",
    "zh": "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif",
}


def figure_page(name: str, edition: str) -> str:
    """The HTML of a page with one figure and nothing else."""
    scripts = "\n".join(
        f'<script defer src="{(EXPLORE / script).as_uri()}.js"></script>'
        for script in (*SHARED, name)
    )
    return PAGE.format(
        name=name,
        language=LANGUAGES[edition],
        folder=EXPLORE.as_uri(),
        width=WIDTH,
        scripts=scripts,
    )


def draw(page: Page, edition: str) -> str:
    """The figure that a page shows now, as the text of an SVG file."""
    drawing: str = page.evaluate(DRAW, [FONTS[edition]])
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
    STILLS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=OPTIONS)
        for name in names:
            for edition in LANGUAGES:
                file = STILLS / f"{name}.{edition}.svg"
                file.write_text(still(browser, name, edition), "utf8")
                print(f"{file.relative_to(EXPLORE.parents[2])} ({file.stat().st_size} bytes)")
        browser.close()


if __name__ == "__main__":
    main()
