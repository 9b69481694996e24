"""What a student wrote, on its way to a terminal: it steers none, and begins no line of its own."""

import logging
import unicodedata
from copy import copy

from tornado.log import LogFormatter

# Control characters, invisible ones that turn the direction of writing, separators of lines and
# paragraphs, and halves of characters.
STEERING = ("Cc", "Cf", "Zl", "Zp", "Cs")


def one_line(said: str) -> str:
    """A text on one line, with a sign in place of everything that steers a terminal."""
    return "".join("�" if unicodedata.category(sign) in STEERING else sign for sign in said)


class SafeLogFormatter(LogFormatter):
    """The format of nbgrader's log, whose lines name files and quote errors."""

    def format(self, record: logging.LogRecord) -> str:
        safe = copy(record)
        if record.exc_info and not record.exc_text:
            safe.exc_text = self.formatException(record.exc_info)
        safe.exc_text = _lines(safe.exc_text) if safe.exc_text else None
        safe.msg, safe.args = _lines(record.getMessage()), ()
        return super().format(safe)


def _lines(said: str) -> str:
    return "\n".join(map(one_line, said.expandtabs().split("\n")))
