"""Take the pictures of the READMEs: a part of a chapter, and an interactive figure.

    python -m tools.pictures

Chromium opens pages of the built book in both languages and stores what it shows in
``pictures``. Take them again when the look of the pages has changed.
"""

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from lr_grading.assignments import ROOT
from tools.browser import OPTIONS, find_browser
from tools.serve import SiteServer

PICTURES = ROOT / "pictures"
EDITIONS = ("en", "zh")
WINDOW = ViewportSize(width=1120, height=720)  # CSS pixels


def chapter(page: Page) -> bytes:
    """The window on the chapter about the optimizer, where it shows a plot."""
    page.locator("figure img").first.scroll_into_view_if_needed()
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(500)  # until the page has stopped scrolling
    return page.screenshot()


def figure(page: Page) -> bytes:
    """The interactive figure about the order of the examples, after some epochs."""
    live = page.locator("figure.live").first
    run = live.get_by_role("button").first
    for _ in range(12):
        run.click()
    return live.screenshot()


PAGES = {"chapter": ("sgd", chapter), "figure": ("order-matters", figure)}


def take(browser: Browser, address: str, edition: str) -> None:
    for name, (chapter_name, picture) in PAGES.items():
        page = browser.new_page(viewport=WINDOW, color_scheme="light", reduced_motion="reduce")
        page.goto(f"{address}/{edition}/{chapter_name}.html")
        page.wait_for_load_state("networkidle")
        file = PICTURES / f"{name}-{edition}.png"
        file.write_bytes(picture(page))
        page.close()
        print(f"{file.relative_to(ROOT)} ({file.stat().st_size} bytes)")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    server = SiteServer()
    server.serve_in_background()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=OPTIONS)
        for edition in EDITIONS:
            take(browser, server.url, edition)
        browser.close()


if __name__ == "__main__":
    main()
