"""Header values to text: unfolding, raw 8-bit, encoded words (RFC 2047) and parameters (RFC 2231), as broken as they come.

It neither knows which fields exist nor cleans for drawing.
"""

from __future__ import annotations

import binascii
import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from app.mail.mime.charset import decode_text, plain_str

_FOLD = re.compile(rb"[ \t]*\r?\n[ \t]*")
_BREAKS = str.maketrans({"\r": " ", "\n": " ", "\t": " ", "\0": None})
# Broken encoders leave blanks and question marks in the text; the bound keeps hostile fields linear.
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?(.{0,4000}?)\?=", re.DOTALL)
_JUNK = re.compile(rb"[^A-Za-z0-9+/]+")
# Its boundary is another in every mail, so that remembering the field would be no help.
_USUAL_MULTIPART = re.compile(
    rb'\s*(multipart/[a-z-]{1,20});\s*boundary="?([0-9a-z\'()+_,./:=?-]{1,80})"?\s*', re.IGNORECASE
)
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SECTION = re.compile(r"(.+?)(?:\*(\d{1,4}))?(\*)?$")
_SECTIONS = 1000


def field_text(value: bytes) -> str:
    """A field's value on one line, encoded words left as they are; for structured fields."""
    if not value.isascii():
        value = plain_str(decode_text(value)[0]).encode()
    elif b"\0" in value:
        value = value.replace(b"\0", b"")
    if b"\n" in value:
        value = _FOLD.sub(b" ", value)
    return value.decode().strip()


def decode_field(value: bytes) -> str:
    """An unstructured field's value (RFC 5322 section 2.2.1) as one line of text."""
    return decode_words(field_text(value))


def decode_words(text: str) -> str:
    """`text` with its encoded words decoded; what cannot be decoded stays as it is. One line, no NUL."""
    if "=?" not in text:
        return text if text.isprintable() else text.translate(_BREAKS)
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    at = 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        if between.strip() or not pending:
            _flush(pending, out)
            out.append(between)
        label = word[1].partition("*")[0].lower()
        data = _word_bytes(word[2], word[3])
        # A character may be cut in two by the end of a word (against RFC 2047 section 5, and common).
        if pending and pending[-1][0] == label:
            pending[-1] = (label, pending[-1][1] + data)
        else:
            pending.append((label, data))
        at = word.end()
    _flush(pending, out)
    out.append(text[at:])
    return plain_str("".join(out)).translate(_BREAKS)


def _flush(pending: list[tuple[str, bytes]], out: list[str]) -> None:
    out.extend(decode_text(data, label)[0] for label, data in pending)
    pending.clear()


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data.replace(b"_", b" "), header=False)
    data = _JUNK.sub(b"", data)
    if len(data) % 4 == 1:
        data = data[:-1]
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def content_field(value: bytes) -> tuple[str, dict[str, str]]:
    """The lower-case value and the parameters of a Content-Type or Content-Disposition field (RFC 2045 section 5.1).

    The parameters are shared between callers: read only.
    """
    usual = _USUAL_MULTIPART.fullmatch(value)
    if usual:
        return usual[1].decode("ascii").lower(), {"boundary": usual[2].decode("ascii")}
    return _content_field(value)


@lru_cache(maxsize=256)
def _content_field(value: bytes) -> tuple[str, dict[str, str]]:
    text = field_text(value)
    return text.partition(";")[0].strip().lower(), parameters(text)


def parameters(text: str) -> dict[str, str]:
    """The parameters after the first semicolon by their lower-case names, continued and encoded ones put together."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(text):
        name, quoted, bare = match.groups()
        value = _ESCAPE.sub(r"\1", quoted) if quoted is not None else bare.strip()
        found = _SECTION.match(name.lower())
        if found is None or "*" not in name:
            plain.setdefault(name.lower(), decode_words(value))
            continue
        base, number, encoded = found.groups()
        pieces = sections.setdefault(base, {})
        if len(pieces) < _SECTIONS:
            pieces.setdefault(int(number or 0), (value, encoded is not None))
    for name, pieces in sections.items():
        plain[name] = _joined(pieces)
    return plain


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """Sections in order (RFC 2231 sections 3 and 4); charset and language stand in the first one."""
    charset = "utf-8"
    data = b""
    for place, number in enumerate(sorted(pieces)):
        value, encoded = pieces[number]
        if encoded and place == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw = value.encode("utf-8", "replace")
        data += unquote_to_bytes(raw) if encoded else raw
    return decode_words(decode_text(data, charset or "utf-8")[0])
