"""Copies of a class's gradebook as it was before it was written to."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

KEPT = 5


def back_up(db_url: str, folder: Path) -> Path | None:
    """Copy a gradebook. The last five copies are kept.

    Args:
        db_url: The gradebook, as nbgrader's settings name it.
        folder: Where the copies are.

    Returns:
        The copy; None where there is no gradebook yet, or a database server has it.
    """
    url = make_url(db_url)
    if url.get_backend_name() != "sqlite" or not url.database or not Path(url.database).exists():
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"gradebook-{datetime.now():%Y-%m-%d-%H%M%S-%f}.db"
    with closing(sqlite3.connect(url.database)) as gradebook, closing(sqlite3.connect(copy)) as to:
        gradebook.backup(to)
    for old in sorted(folder.glob("gradebook-*.db"))[:-KEPT]:
        old.unlink()
    return copy
