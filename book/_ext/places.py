"""Where the extensions find what they read."""

from pathlib import Path

BOOK = Path(__file__).resolve().parents[1]
ROOT = BOOK.parent
