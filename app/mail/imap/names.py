"""Folder names between the wire (modified UTF-7, RFC 3501 section 5.1.3) and people. Pure."""

from __future__ import annotations

from imapclient.imap_utf7 import decode, encode

from app.domain.errors import BadInput
from app.domain.text import clean_line


def decode_level(wire: bytes) -> str:
    """One level of a wire name as a person reads it; never fails, and holds nothing that a terminal obeys.

    What is not modified UTF-7 is read as UTF-8, which some servers send, or shown as it is.
    """
    try:
        text = decode(wire) if wire.isascii() else wire.decode()
        text.encode()
    except UnicodeError:
        text = wire.decode("ascii", "replace")
    return clean_line(text)


def encode_level(level: str) -> bytes:
    """One level of a name for the wire. Raises BadInput for what no folder should be called."""
    if not level.strip() or clean_line(level) != level:
        raise BadInput(f"{level!r} is no folder name")
    return bytes(encode(level))


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
    levels = [encode_level(level) for level in name.split("/")]
    if any(delimiter in level for level in levels if delimiter) or (len(levels) > 1 and not delimiter):
        raise BadInput(
            f"{name!r} cannot be a folder on this server, which separates levels by {delimiter.decode()!r}"
        )
    return prefix + delimiter.join(levels)
