"""Folder names between the wire (modified UTF-7, RFC 3501 section 5.1.3) and people. Pure.

Not IMAPClient's codec: that one costs a Maildir the import of the whole library, and takes lone surrogates for text.
"""

from __future__ import annotations

import binascii
import re

from app.domain.errors import BadInput
from app.domain.text import clean_line

_SHIFTED = re.compile(rb"&([A-Za-z0-9+,]*)-")
_TO_SHIFT = re.compile(r"&|[^ -~]+")


def to_utf7(text: str) -> bytes:
    """Text in modified UTF-7. Raises UnicodeEncodeError for lone surrogates."""

    def shift(found: re.Match[str]) -> str:
        if found[0] == "&":
            return "&-"
        coded = binascii.b2a_base64(found[0].encode("utf-16-be"), newline=False)
        return "&" + coded.rstrip(b"=").replace(b"/", b",").decode() + "-"

    return _TO_SHIFT.sub(shift, text).encode("ascii")


def from_utf7(wire: bytes) -> str:
    """The text of a name in modified UTF-7. Raises ValueError for what is none."""

    def unshift(found: re.Match[bytes]) -> bytes:
        coded = found[1].replace(b",", b"/")
        if not coded:
            return b"&"
        return binascii.a2b_base64(coded + b"=" * (-len(coded) % 4)).decode("utf-16-be").encode()

    if b"&" in _SHIFTED.sub(b"", wire):
        raise ValueError("an ampersand without its end")
    return _SHIFTED.sub(unshift, wire).decode("utf-8" if b"&" in wire else "ascii")


def decode_level(wire: bytes) -> str:
    """One level of a wire name as a person reads it; never fails, and holds nothing that a terminal obeys.

    What is not modified UTF-7 is read as UTF-8, which some servers send, or shown as it is.
    """
    try:
        text = from_utf7(wire) if wire.isascii() else wire.decode()
    except ValueError:
        text = wire.decode("ascii", "replace")
    return clean_line(text)


def check_level(level: str) -> str:
    """The level itself. Raises BadInput for what no folder should be called."""
    if not level.strip() or clean_line(level) != level:
        raise BadInput(f"this is no name of a folder: {level!r}")
    return level


def decode_name(wire: bytes, delimiter: bytes, prefix: bytes = b"") -> str:
    """A whole wire name with `/` between levels, without the namespace's `prefix`."""
    if prefix and wire.startswith(prefix) and len(wire) > len(prefix):
        wire = wire[len(prefix) :]
    levels = wire.split(delimiter) if delimiter else [wire]
    if levels[0].upper() == b"INBOX":
        levels[0] = b"INBOX"
    return "/".join(decode_level(level) for level in levels)


def encode_name(name: str, delimiter: bytes, prefix: bytes = b"") -> bytes:
    """The wire name for a name with `/` between levels. Raises BadInput where a level holds the delimiter."""
    levels = [to_utf7(check_level(level)) for level in name.split("/")]
    if any(delimiter in level for level in levels if delimiter) or (len(levels) > 1 and not delimiter):
        raise BadInput(f"the sign that separates levels cannot be in the name of a folder: {name!r}")
    return prefix + delimiter.join(levels)
