"""Where the book comes from and goes to, and what the course says of itself."""

from pathlib import Path
from typing import Any

import yaml

from lr_grading.assignments import ROOT as ROOT  # for those that use these places, too

SITE = ROOT / "_build" / "html"
OUTPUT = ROOT / "_build" / "pdf"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
SETTINGS = CONFIG["sphinx"]["config"]
EDITIONS: dict[str, dict[str, Any]] = SETTINGS["editions"]
# Where the parts of the course that paper cannot hold are.
ADDRESS: str = SETTINGS.get("html_baseurl", "http://127.0.0.1:8000/")


def path_of(edition: str) -> Path:
    return OUTPUT / f"linear-regression-from-scratch.{edition}.pdf"
