"""Paths as people type them, with `~` for a home folder; it looks at no file."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import BadInput


def expanded(path: str | Path) -> Path:
    """The path with the home folder in place of `~` or `~name`. Raises BadInput when nobody knows that folder."""
    try:
        found = Path(path).expanduser()
    except RuntimeError:
        raise BadInput("{where}: {reason}", where=path, reason="the home folder in it is unknown") from None
    if "\0" in str(found):
        raise BadInput("{where}: {reason}", where=path, reason="no path may hold NUL")
    return found
