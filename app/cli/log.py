"""The log file: what of it comes from outside hurts no terminal that shows it, and looks like no other entry."""

from __future__ import annotations

import copy
import logging
from pathlib import Path
from textwrap import indent
from typing import Any

from app.domain.text import clean_block, clean_line


class CleanFormatter(logging.Formatter):
    """An entry is one line; a traceback follows indented. Escape sequences, such as a server's words may hold, are made
    visible."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        own = copy.copy(record)
        own.exc_text = None  # may have been written by another formatter
        return super().format(own)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging calls
        return clean_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return indent(clean_block(super().formatException(ei)), "  ")


def log_handler(file: Path) -> logging.FileHandler:
    """Appends to the log file. Raises OSError."""
    handler = logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")
    handler.setFormatter(CleanFormatter())
    return handler


def log_unexpected(file: Path, error: Exception) -> None:
    """Write what nobody expected into the log file, whether anything else is logged or not. Raises OSError."""
    handler = log_handler(file)
    trouble = (type(error), error, error.__traceback__)
    handler.handle(logging.LogRecord("app", logging.ERROR, __file__, 0, "nobody expected this", (), trouble))
    handler.close()
