"""Address fields as they arrive (RFC 5322 section 3.4, and what is written instead); what a person types is `domain.mail.addresses`."""

from __future__ import annotations

import re
from functools import lru_cache

from app.domain.mail.messages import Address
from app.mail.mime.words import decode_words, field_text

#: Enough for any mail that people send; beyond, the raw source still has them all.
MAX_ADDRESSES = 20_000
MAX_NAME = 500

# One usual mailbox up to its comma: Name <a@b>, "Name" <a@b>, <a@b>, a@b.
_USUAL = re.compile(
    r'[\s,]*(?:(?:"([^"\\]*)"|([^"<>@,;:()\\]*))\s*<([^<>()"\s]+)>|([^\s"<>@,;:()\\]+@[^\s"<>@,;:()\\]+))\s*(?:,|$)'
)
# Any token, so that structure inside quotes, comments and brackets is not taken for structure.
_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.){0,1000}+)"|\(((?:[^()\\]|\\.){0,1000}+)\)|<([^<>]*)>?|([,;:])|([^"(<,;:\\]+|\\.|.)',
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
NOBODY = Address("", "")


def field_addresses(values: list[bytes]) -> tuple[Address, ...]:
    """All mailboxes of all fields of one name; groups are dissolved, hidden recipients are none."""
    found: list[Address] = []
    for value in values:
        text = field_text(value)
        at = 0
        while at < len(text) and len(found) < MAX_ADDRESSES:
            usual = _USUAL.match(text, at)
            if usual is None:
                _unusual(text[at:], found)
                break
            quoted, name, angle, bare = usual.groups()
            found.append(_address(quoted or name or "", angle or bare))
            at = usual.end()
    return tuple(found[:MAX_ADDRESSES])


def first_address(value: bytes) -> Address:
    """The author; a field without any address gives its text as the name."""
    found = field_addresses([value]) if value else ()
    return found[0] if found else NOBODY


def _address(name: str, address: str) -> Address:
    name = name.strip()
    if name and ("=?" in name or not name.isprintable()):
        name = _decoded(name)
    if name[:1] in ("'", '"') and len(name) > 1 and name[-1] == name[0]:
        name = name[
            1:-1
        ]  # Outlook puts apostrophes, careless encoders put the quotes inside the encoded word
    return Address(name[:MAX_NAME], address.strip().removeprefix("mailto:")[:MAX_NAME])


@lru_cache(maxsize=4096)
def _decoded(name: str) -> str:
    """A name's encoded words; the same people write again and again."""
    return decode_words(name).strip()


class _Piece:
    """What stands between two commas."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comment = ""
        self.angle: str | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.angle is not None)


def _unusual(text: str, found: list[Address]) -> None:
    """Reads on where the quick pattern does not fit, token by token to the end of the field."""
    piece = _Piece()
    before = ""
    for token in _TOKEN.finditer(text):
        quoted, comment, angle, separator, words = token.groups()
        if separator == ":" and piece.angle is None and not any("@" in word for word in piece.words):
            piece = _Piece()  # the name of a group
        elif separator in (",", ";"):
            before = _finish(piece, before if separator == "," else "", found)
            piece = _Piece()
            if len(found) >= MAX_ADDRESSES:
                return
        elif comment is not None:
            piece.comment = piece.comment or comment
        elif angle is not None:
            piece.angle = angle
        else:
            word = _ESCAPE.sub(r"\1", quoted) if quoted is not None else separator or words
            if word.strip():
                piece.words.append(word)
    before = _finish(piece, before, found)
    if before:
        found.append(_address(before, ""))


def _finish(piece: _Piece, before: str, found: list[Address]) -> str:
    """Adds the piece as a mailbox. What has no address is handed back: `Berger, Silke <s@b>` was meant as one name."""
    if not piece:
        return before
    name = " ".join(word.strip() for word in piece.words)
    if piece.angle is None and "@" not in name:
        if len(before) < MAX_NAME:
            return f"{before}, {name}" if before else name
        found.append(_address(before, ""))
        return name
    if piece.angle is not None:
        name = f"{before}, {name}" if before and name else before or name
        found.append(_address(name or piece.comment, "".join(piece.angle.split())))
    else:
        if before:
            found.append(_address(before, ""))
        words = name.split()
        address = next(word for word in words if "@" in word)
        words.remove(address)
        found.append(_address(" ".join(words) or piece.comment, address.strip("<>")))
    return ""
