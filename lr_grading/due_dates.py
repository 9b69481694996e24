"""When an assignment is due: said in the teacher's time zone, kept in UTC as nbgrader does."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lr_grading.coursework import open_class
from lr_grading.messages import text

FORMAT = "%Y-%m-%d %H:%M"


def in_utc(when: str, zone: str | None, language: str) -> datetime:
    """A time on the wall as a time in UTC.

    Args:
        when: As "2026-12-10 23:59"; without a time, the end of that day.
        zone: As "Asia/Shanghai"; by default that of this machine.
        language: The language of the messages.

    Raises:
        RuntimeError: There is no such time, or no such zone.
    """
    try:
        wall = datetime.strptime(when if ":" in when else f"{when} 23:59", FORMAT)
    except ValueError:
        raise RuntimeError(text(language, "no_date", given=when)) from None
    try:
        local = wall.replace(tzinfo=ZoneInfo(zone)) if zone else wall.astimezone()
    except (ZoneInfoNotFoundError, ValueError):
        raise RuntimeError(text(language, "no_zone", given=zone)) from None
    return local.astimezone(UTC)


def set_due(name: str, when: datetime, language: str, root: Path) -> None:
    """Write the due date of an assignment into the gradebook of a class.

    Work that is marked already gets its penalty with the next ``make autograde``.
    """
    with open_class(language, root).gradebook as gradebook:
        gradebook.update_or_create_assignment(name, duedate=when.replace(tzinfo=None))
