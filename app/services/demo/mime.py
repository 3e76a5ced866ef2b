"""Writes a mail byte by byte, in the manners of many mail programs; knows nothing of who writes to whom.

The standard library's generator is not used: it takes several times as long, and it cannot be told to vary.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from app.domain.mail.messages import Address

_ATOMS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_Q_SAFE = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/")


@dataclass(frozen=True, slots=True)
class Style:
    """How somebody's mail program writes. `wrap`: columns, 0 for one line a paragraph; `html`: both text and HTML."""

    charset: str = "utf-8"
    encoding: str = "quoted-printable"
    wrap: int = 0
    html: bool = False
    outlook: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part with a name. `kind` is the media type; `params` are further parameters of the Content-Type field."""

    name: str
    kind: str
    data: bytes
    params: str = ""


def encode(text: str, charset: str) -> tuple[bytes, str]:
    """The text in the wanted charset, or in the next larger one that can hold it; and that charset's name."""
    for name in (charset, "windows-1252", "utf-8"):
        try:
            return text.encode(name), name
        except UnicodeEncodeError:
            continue
    raise ValueError(text)  # pragma: no cover - UTF-8 holds everything but lone surrogates


def encoded_words(text: str, charset: str = "utf-8", form: str = "q") -> str:
    """RFC 2047 encoded words of at most 75 characters, or the text itself if it is ASCII."""
    if text.isascii():
        return text
    _, charset = encode(text, charset)
    words = []
    for start in range(0, len(text), 18):
        data = text[start : start + 18].encode(charset)
        if form == "b":
            body = base64.b64encode(data).decode()
        else:
            body = "".join(chr(b) if b in _Q_SAFE else "_" if b == 32 else f"={b:02X}" for b in data)
        words.append(f"=?{charset}?{form}?{body}?=")
    return " ".join(words)


def address(who: Address, charset: str = "utf-8", form: str = "q") -> str:
    """A mailbox of RFC 5322 section 3.4, its name encoded or quoted where it must be."""
    if not who.name:
        return who.address
    if not who.name.isascii():
        return f"{encoded_words(who.name, charset, form)} <{who.address}>"
    name = who.name if _ATOMS.fullmatch(who.name) else '"' + who.name.replace('"', r"\"") + '"'
    return f"{name} <{who.address}>"


def date_field(moment: datetime) -> str:
    """RFC 5322 section 3.3, without the locale."""
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day} {month} {moment:%Y %H:%M:%S %z}"


def header(name: str, value: str) -> str:
    """One field, folded before column 78 where there is a space."""
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + len(word) > 76 and line.strip() and not line.endswith(":"):
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\n".join([*lines, line]) + "\n"


def text_part(text: str, subtype: str, charset: str, encoding: str) -> bytes:
    """Content fields and body of a text, in a charset that can hold it."""
    data, charset = encode(text if text.endswith("\n") else text + "\n", charset)
    if encoding == "quoted-printable":
        data = binascii.b2a_qp(data, istext=True)
    elif encoding == "base64":
        data = base64.encodebytes(data)
    head = header("Content-Type", f"text/{subtype}; charset={charset}") + header(
        "Content-Transfer-Encoding", encoding
    )
    return head.encode() + b"\n" + data


def multipart(subtype: str, parts: list[bytes], boundary: str, params: str = "") -> bytes:
    """Content fields and body of several parts (RFC 2046 section 5.1)."""
    head = header("Content-Type", f'multipart/{subtype}; boundary="{boundary}"{params}').encode()
    mark = b"--" + boundary.encode()
    body = b"".join(mark + b"\n" + part + (b"" if part.endswith(b"\n") else b"\n") for part in parts)
    return head + b"\n" + body + mark + b"--\n"


def attachment_part(attached: Attachment, old_manner: bool = False) -> bytes:
    """A part for the reader to save. `old_manner`: names with umlauts as encoded words in quotes, which no RFC
    allows and half of all programs write; else RFC 2231."""
    name = attached.name
    if name.isascii():
        shown = f'filename="{name}"'
    elif old_manner:
        shown = f'filename="{encoded_words(name, form="b")}"'
    else:
        shown = "filename*=utf-8''" + "".join(
            chr(b) if b in _Q_SAFE - set(b"!*+/") or b in b"._" else f"%{b:02X}" for b in name.encode()
        )
    head = header("Content-Type", attached.kind + attached.params)
    head += header("Content-Disposition", f"attachment; {shown}")
    if attached.kind == "message/rfc822":
        return head.encode() + b"\n" + attached.data
    return (
        (head + header("Content-Transfer-Encoding", "base64")).encode()
        + b"\n"
        + base64.encodebytes(attached.data)
    )
