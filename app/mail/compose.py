"""Renders a draft as a message for the wire (RFC 5322 and MIME); sends nothing and reads no file."""

from __future__ import annotations

import base64
import hashlib
import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from app.domain.errors import BadInput
from app.domain.mail.addresses import wire_address
from app.domain.mail.compose import Draft
from app.mail.fields import address_field, parameter_field, text_field, token_field
from app.mail.markdown import to_html

USER_AGENT = "Postkorb"
MAX_LINE = 998  # bytes without the line end, RFC 5322 section 2.1.1

_CONTENT_TYPE = re.compile(r"[A-Za-z0-9!#$&^_+-]{1,60}/[A-Za-z0-9!#$&^_.+-]{1,100}")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+>")
_NOT_IN_TEXT = {code: None for code in [*range(32), 127] if chr(code) not in "\t\n"}


@dataclass(frozen=True, slots=True)
class File:
    """An attachment with its bytes. `name` and `content_type` may come from outside."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Entity:
    """A MIME part: its header fields and its encoded body, both with CRLF."""

    head: str
    body: bytes

    @property
    def bytes(self) -> bytes:
        return self.head.encode("utf-8") + b"\r\n" + self.body


def make_message_id(sender: str, token: str) -> str:
    """A Message-ID at the sender's domain; `token` must be unique in the world and a dot-atom. Raises BadInput."""
    message_id = f"<{token}@{wire_address(sender).rpartition('@')[2]}>"
    if not _MESSAGE_ID.fullmatch(message_id):
        raise BadInput(sender)
    return message_id


def render(
    draft: Draft, message_id: str, date: datetime, files: Sequence[File] = (), forwarded: bytes | None = None
) -> bytes:
    """The message with CRLF line ends; Bcc stays out of it. `date` is aware; its zone becomes visible.

    `forwarded`: a message to attach untouched. Raises HostileHeader or BadInput when a header value could inject a
    field or an address is none.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise BadInput(message_id)
    head = text_field("Date", format_datetime(date))
    head += address_field("From", [draft.sender])
    if draft.to:
        head += address_field("To", draft.to)
    elif not draft.cc:
        head += "To: undisclosed-recipients:;\r\n"  # RFC 5322 section 3.4: an empty group
    if draft.cc:
        head += address_field("Cc", draft.cc)
    head += text_field("Subject", draft.subject)
    head += token_field("Message-ID", [message_id])
    if draft.in_reply_to:
        head += token_field("In-Reply-To", [draft.in_reply_to])
    if draft.references:
        head += token_field("References", draft.references)
    head += f"User-Agent: {USER_AGENT}\r\nMIME-Version: 1.0\r\n"
    content = _content(draft.body, [*files, *_forwarded(forwarded)], message_id)
    return _Entity(head + content.head, content.body).bytes


def _forwarded(raw: bytes | None) -> list[File]:
    return [] if raw is None else [File("", "message/rfc822", raw)]


def _content(body: str, files: Sequence[File], message_id: str) -> _Entity:
    text = body.replace("\r\n", "\n").replace("\r", "\n").translate(_NOT_IN_TEXT)
    text = text.strip("\n") + "\n"
    both = _multipart("alternative", [_text("plain", text), _text("html", to_html(text))], message_id)
    return _multipart("mixed", [both, *map(_file, files)], message_id) if files else both


def _text(subtype: str, text: str) -> _Entity:
    """Quoted-printable, which stays readable; base64 where most is not ASCII anyway."""
    data = text.encode("utf-8", "replace")
    head = parameter_field("Content-Type", f"text/{subtype}", [("charset", "utf-8")])
    if len(data) - len(text) > len(text) // 3:
        return _Entity(head + "Content-Transfer-Encoding: base64\r\n", _base64(data))
    encoded = quopri.encodestring(data).replace(b"\n", b"\r\n")
    return _Entity(head + "Content-Transfer-Encoding: quoted-printable\r\n", encoded)


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def _file(file: File) -> _Entity:
    if file.content_type.lower() == "message/rfc822":
        return _message(file)
    kind = file.content_type.lower()
    if not _CONTENT_TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    return _attached(kind, file.name or "datei", "base64", _base64(file.data))


def _message(file: File) -> _Entity:
    """A message within a message must not be base64 (RFC 2046 section 5.2.1); what no server takes is sent as a file."""
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", file.data)
    name = file.name or "nachricht.eml"
    if b"\0" in raw or any(len(line) > MAX_LINE for line in raw.split(b"\r\n")):
        return _attached("application/octet-stream", name, "base64", _base64(file.data))
    return _attached("message/rfc822", name, "7bit" if raw.isascii() else "8bit", raw)


def _attached(kind: str, name: str, encoding: str, body: bytes) -> _Entity:
    name = name.replace("/", "_").replace("\\", "_")
    head = parameter_field("Content-Type", kind, [("name", name)])
    head += parameter_field("Content-Disposition", "attachment", [("filename", name)])
    return _Entity(head + f"Content-Transfer-Encoding: {encoding}\r\n", body)


def _multipart(subtype: str, parts: Sequence[_Entity], message_id: str) -> _Entity:
    boundary = _boundary(subtype, parts, message_id)
    head = parameter_field("Content-Type", f"multipart/{subtype}", [("boundary", boundary)])
    if any(not part.body.isascii() for part in parts):
        head += "Content-Transfer-Encoding: 8bit\r\n"
    line = f"--{boundary}".encode("ascii")
    body = b"".join(line + b"\r\n" + part.bytes + b"\r\n" for part in parts)
    return _Entity(head, body + line + b"--\r\n")


def _boundary(subtype: str, parts: Sequence[_Entity], message_id: str) -> str:
    """The same for the same message; "=_" cannot stand in encoded text, in an attached message it is looked for."""
    number = 0
    while True:
        seed = f"{message_id} {subtype} {number}".encode("ascii")
        boundary = f"=_{hashlib.sha256(seed).hexdigest()[:32]}"
        if not any(boundary.encode("ascii") in part.body for part in parts):
            return boundary
        number += 1
