"""The raw source of a mail as text that can be drawn; it draws nothing."""

from __future__ import annotations

from app.domain.text import clean_block
from app.language import _
from app.widgets.words import number

#: Bytes that are shown.
SOURCE_SHOWN = 400_000


def source_text(raw: bytes) -> str:
    """The beginning of it; octets beyond ASCII as UTF-8 if they are, else one by one."""
    cut = raw[:SOURCE_SHOWN]
    text = clean_block(cut.decode("utf-8", "replace") if _is_utf8(cut) else cut.decode("latin-1"))
    if len(raw) > SOURCE_SHOWN:
        text += "\n\n" + _("{n} more bytes are not shown.").format(n=number(len(raw) - SOURCE_SHOWN))
    return text


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(raw) - 3  # a character that the cut went through
    return True
