"""Writes header fields for the wire (RFC 5322, 2047, 2231, 6532); refuses whatever could break out of one.

Written by hand because the folding of Python's `email` package changed between patch releases and let line breaks and
separators through in several of them (CVE-2024-6923, CVE-2025-1795); this is the place where injection must end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.errors import BadInput
from app.domain.mail.addresses import is_hostile, wire_address
from app.domain.mail.messages import Address

LINE = 76  # columns to fold at; RFC 5322 section 2.1.1 asks for at most 78
_WORD = 75  # RFC 2047 section 2: the longest encoded word
_PLAIN_WORD = 60  # an ASCII word longer than this is encoded, so that it can be folded

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_ATTRIBUTE_SAFE = _Q_SAFE - frozenset(b"*/") | frozenset(b".$&^_`|~#")


class HostileHeader(BadInput):
    """Something in a header field holds control characters: somebody tries to smuggle in another field."""

    title = "Control characters are not allowed in the head of a mail"


def text_field(name: str, value: str) -> str:
    """A field of free text such as Subject, folded, with its line end. Raises HostileHeader."""
    _refuse(value)
    words = value.split(" ")
    if value.isascii() and "=?" not in value and all(0 < len(word) <= _PLAIN_WORD for word in words):
        return _folded(name, words)
    return _folded(name, _encoded_words(value, len(name) + 2)) if value else f"{name}: \r\n"


def token_field(name: str, values: Sequence[str]) -> str:
    """A field of ASCII tokens such as msg-ids, one a line if needed. Raises HostileHeader."""
    for value in values:
        _refuse(value)
        if not value.isascii() or " " in value or not value:
            raise HostileHeader(value)
    return _folded(name, values)


def address_field(name: str, people: Sequence[Address]) -> str:
    """An address list. A local part outside ASCII stays UTF-8 (RFC 6532). Raises HostileHeader or BadInput."""
    words: list[str] = []
    for number, person in enumerate(people):
        comma = "," if number < len(people) - 1 else ""
        address = wire_address(person.address)
        words += [*_phrase(person.name), f"<{address}>{comma}"] if person.name else [f"{address}{comma}"]
    return _folded(name, words)


def parameter_field(name: str, value: str, parameters: Sequence[tuple[str, str]]) -> str:
    """A MIME field such as Content-Type; long or non-ASCII values go by RFC 2231. Raises HostileHeader."""
    _refuse(value)
    pieces = [piece for key, text in parameters for piece in _parameter(key, text)]
    return f"{name}: " + ";\r\n ".join([value, *pieces]) + "\r\n"


def _refuse(value: str) -> None:
    if is_hostile(value):
        raise HostileHeader(value)


def _folded(name: str, words: Sequence[str]) -> str:
    """The words joined by blanks, with line breaks before those that would stand too far right."""
    line = f"{name}:"
    out = ""
    for word in words:
        if len(line) + 1 + len(word) > LINE and not line.endswith(":"):
            out += line + "\r\n"
            line = ""
        line += f" {word}"
    return out + line + "\r\n"


def _phrase(name: str) -> list[str]:
    """A display name as atoms, quoted string or encoded words (RFC 5322 section 3.2.5)."""
    _refuse(name)
    if len(name) > _PLAIN_WORD or not name.isascii() or "=?" in name:
        return _encoded_words(name, len("Reply-To: "))
    if _ATOMS.fullmatch(name):
        return [name]
    return ['"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"']


def _encoded_words(text: str, column: int) -> list[str]:
    """Encoded words in the Q encoding, each of whole characters; the first stands at `column`. The blanks between
    them vanish when decoded (RFC 2047 section 6.2)."""
    head, tail = "=?utf-8?q?", "?="
    words: list[str] = []
    room = 0
    for char in text:
        piece = "".join(_q(byte) for byte in char.encode("utf-8"))
        if len(piece) > room:
            room = _WORD - len(head) - len(tail) - (0 if words else column)
            words.append(head)
        words[-1] += piece
        room -= len(piece)
    return [word + tail for word in words]


def _q(byte: int) -> str:
    return chr(byte) if byte in _Q_SAFE else "_" if byte == ord(" ") else f"={byte:02X}"


def _parameter(key: str, text: str) -> list[str]:
    _refuse(text)
    if text.isascii() and len(text) <= _PLAIN_WORD:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return [f'{key}="{escaped}"']
    pieces: list[str] = []
    room = 0
    for char in text:
        piece = "".join(chr(b) if b in _ATTRIBUTE_SAFE else f"%{b:02X}" for b in char.encode("utf-8"))
        if len(piece) > room:
            pieces.append("" if pieces else "utf-8''")
            room = LINE - len(f" {key}*999*={pieces[-1]};")
        pieces[-1] += piece
        room -= len(piece)
    if len(pieces) == 1:
        return [f"{key}*={pieces[0]}"]
    return [f"{key}*{number}*={piece}" for number, piece in enumerate(pieces)]
