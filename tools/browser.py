"""The browser that prints the book and opens its pages for the tests: Chromium or Chrome."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# What a container or a machine without a network needs.
OPTIONS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


def find_browser() -> str:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise SystemExit(
            f"No browser on this machine: none of {', '.join(NAMES)} was found. "
            "Install Chromium or Chrome."
        )
    return program
