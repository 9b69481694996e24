"""The interactive figures, in a real browser: what they compute, and that all can use them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.course import BOOK

EXPLORE = BOOK / "_static" / "explore"
SHARED = ("explore", "mathematics")
FIGURES = sorted(path.stem for path in EXPLORE.glob("*.js") if path.stem not in SHARED)
LANGUAGES = {"en": "en", "zh": "zh-CN"}

PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{name}</title>
<link rel="stylesheet" href="{folder}/explore.css">
<style>
  html {{ --pst-color-text-base: #222; --pst-color-text-muted: #555; --pst-color-border: #ccc;
    --pst-color-background: white; --pst-color-surface: #eee; }}
  body {{ font-family: sans-serif; }}
</style>
{scripts}</head>
<body><main><figure class="explore {name}"><figcaption>The caption.</figcaption></figure></main>
</body></html>"""

OpenFigure = Callable[..., Page]


@pytest.fixture
def open_figure(browser: Browser, tmp_path: Path) -> Iterator[OpenFigure]:
    """Open one figure on a page of its own: ``open_figure("descend", "zh", reduced_motion=...)``.

    Whatever the page complains about fails the test.
    """
    pages, complaints = [], []

    def open_figure(name: str, edition: str = "en", **context: Any) -> Page:
        scripts = "".join(
            f'<script defer src="{(EXPLORE / script).as_uri()}.js"></script>\n'
            for script in (*SHARED, name)
        )
        file = tmp_path / f"{name}.{edition}.html"
        file.write_text(
            PAGE.format(
                language=LANGUAGES[edition],
                name=name,
                folder=EXPLORE.as_uri(),
                scripts=scripts,
            ),
            "utf8",
        )
        page = browser.new_page(**context)
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        page.goto(file.as_uri())
        return page

    yield open_figure
    for page in pages:
        page.close()
    assert complaints == []
