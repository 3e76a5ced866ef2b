"""Takes a message apart into its MIME parts (RFC 2046) without decoding or copying them; what they mean is not decided here.

It splits in one pass over the bytes and refuses nothing: a mail that no parser likes still has its parts. The two parsers
tried before it refuse or silently lose what is common in the wild (docs/decisions/0006).
"""

from __future__ import annotations

import re

from app.mail.mime.charset import decode_text, html_charset
from app.mail.mime.defects import Defect
from app.mail.mime.fields import NO_FIELDS, Fields, split_header
from app.mail.mime.transfer import decode_transfer, decoded_size
from app.mail.mime.words import content_field, decode_field

MAX_DEPTH = 40
MAX_PARTS = 5_000
_LEADING_BLANKS = 64
_NEWLINE = 10
_RETURN = 13
_DELIMITER = re.compile(rb"^--([!-~]{1,200})[ \t]*\r?\n(?:content-|\r?\n)", re.MULTILINE | re.IGNORECASE)


class Part:
    """One node of the tree: a stretch of `raw`, its header from `head`, its body from `start` to `end`.

    Containers have `children`; a nested message has one.
    """

    __slots__ = (
        "_disposition",
        "children",
        "content_type",
        "defects",
        "end",
        "fields",
        "head",
        "params",
        "raw",
        "start",
    )

    def __init__(self, raw: bytes, fields: Fields, start: int, end: int, head: int | None = None) -> None:
        self.raw = raw
        self.fields = fields
        self.head = start if head is None else head
        self.start = start
        self.end = end
        self.children: list[Part] = []
        self.defects: list[Defect] = []
        value = fields.first(b"content-type")
        self.content_type, self.params = content_field(value) if value else ("text/plain", {})
        if "/" not in self.content_type or " " in self.content_type:
            self.content_type = _repaired(self.content_type)
        value = fields.first(b"content-disposition")
        self._disposition: tuple[str, dict[str, str]] = content_field(value) if value else ("", {})

    @property
    def is_message(self) -> bool:
        return self.content_type in ("message/rfc822", "message/global")

    @property
    def disposition(self) -> str:
        """ "inline", "attachment" or what else stands there; empty without the field (RFC 2183)."""
        return self._disposition[0]

    @property
    def file_name(self) -> str:
        """The name the sender gave it, decoded and hostile; empty if none."""
        return self._disposition[1].get("filename") or self.params.get("name") or ""

    @property
    def encoding(self) -> str:
        value = self.fields.first(b"content-transfer-encoding")
        return decode_field(value).partition(";")[0].strip().lower() if value else ""

    @property
    def size(self) -> int:
        """Bytes it will have decoded, without decoding it; an estimate where the encoding does not tell."""
        blanks = 0
        if self.encoding == "base64":
            blanks = self.raw.count(b"\n", self.start, self.end) + self.raw.count(b"\r", self.start, self.end)
            blanks += self.raw.count(b"=", max(self.start, self.end - 4), self.end)
        return decoded_size(self.end - self.start, blanks, self.encoding)

    def payload(self) -> tuple[bytes, Defect | None]:
        """The decoded bytes and what was wrong with them."""
        return decode_transfer(self.raw[self.start : self.end], self.encoding)

    def text(self, limit: int | None = None) -> tuple[str, list[Defect]]:
        """The content as text and what could not be decoded. `limit`: give up exactness beyond so many encoded bytes."""
        end = self.end if limit is None else min(self.end, self.start + limit)
        data, defect = decode_transfer(self.raw[self.start : end], self.encoding)
        defects = [defect] if defect and end == self.end else []
        charset = self.params.get("charset", "").partition(" ")[0]
        if not charset and self.content_type == "text/html":
            charset = html_charset(data)
        text, exact = decode_text(data, charset)
        if not exact and end == self.end:
            defects.append(Defect.CHARSET)
        return text, defects


def _repaired(content_type: str) -> str:
    """A type for what is none (RFC 2045 section 5.2)."""
    first = content_type.partition(" ")[0]
    if first in ("html", "text/html"):
        return "text/html"
    return first if first.count("/") == 1 and len(first) > 3 else "text/plain"


class _Splitter:
    """One message being taken apart; counts its parts."""

    def __init__(self) -> None:
        self.parts = 0

    def part(self, raw: bytes, start: int, end: int, depth: int, inside: str = "") -> Part:
        self.parts += 1
        fields, body = split_header(raw, start, end)
        part = Part(raw, fields, body, end, start)
        if inside == "multipart/digest" and not fields.first(b"content-type"):
            part.content_type = "message/rfc822"
        if not fields.well_formed:
            part.defects.append(Defect.HEADER)
        multipart = part.content_type.startswith("multipart/")
        if depth >= MAX_DEPTH and (multipart or part.is_message):
            part.defects.append(Defect.DEPTH)
            part.content_type = "application/octet-stream"
        elif multipart:
            self._split(part, depth)
        elif part.is_message:
            self._nested(part, depth)
        return part

    def _nested(self, part: Part, depth: int) -> None:
        raw, start, end = part.raw, part.start, part.end
        if part.encoding not in ("", "7bit", "8bit", "binary"):
            raw, defect = part.payload()
            start, end = 0, len(raw)
            if defect:
                part.defects.append(defect)
        part.children.append(self.part(raw, start, end, depth + 1))

    def _split(self, part: Part, depth: int) -> None:
        raw = part.raw
        stretches, closed = _stretches(raw, part.start, part.end, part.params.get("boundary", ""))
        if not stretches:
            stretches, closed = _stretches(raw, part.start, part.end, _guessed_boundary(part))
            part.defects.append(Defect.BOUNDARY)
        for start, end in stretches:
            if self.parts >= MAX_PARTS:
                part.defects.append(Defect.PARTS)
                part.children.append(Part(raw, NO_FIELDS, start, part.end))
                return
            part.children.append(self.part(raw, start, end, depth + 1, part.content_type))
        if not stretches:
            part.children.append(Part(raw, NO_FIELDS, part.start, part.end))
        elif closed < part.end and raw[closed : part.end].strip():
            # After the last part nothing should stand; some list servers put their footer there.
            part.children.append(Part(raw, NO_FIELDS, closed, part.end))


def _stretches(raw: bytes, start: int, end: int, boundary: str) -> tuple[list[tuple[int, int]], int]:
    """Where the parts between the delimiter lines begin and end, and where the closing line ends (RFC 2046 section 5.1.1)."""
    found: list[tuple[int, int]] = []
    boundary = boundary.rstrip()
    if not boundary:
        return found, end
    delimiter = b"--" + boundary.encode("utf-8", "replace")
    opened = -1
    at = raw.find(delimiter, start, end)
    while at >= 0 and len(found) <= MAX_PARTS:
        after = at + len(delimiter)
        if at == start or raw[at - 1] == _NEWLINE:
            line_end = raw.find(b"\n", after, end)
            line_end = end if line_end < 0 else line_end
            rest = raw[after:line_end].strip()
            if rest in (b"", b"--"):
                if opened >= 0:
                    found.append((opened, _without_line_end(raw, opened, at)))
                after = opened = min(line_end + 1, end)
                if rest:
                    return found, opened
        at = raw.find(delimiter, after, end)
    if opened >= 0:
        found.append((opened, end))
    return found, end


def _without_line_end(raw: bytes, start: int, end: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    if end > start and raw[end - 1] == _NEWLINE:
        end -= 1
        if end > start and raw[end - 1] == _RETURN:
            end -= 1
    return end


def _guessed_boundary(part: Part) -> str:
    """The first line that looks like a delimiter, for a boundary that is missing or wrong."""
    found = _DELIMITER.search(part.raw, part.start, part.end)
    return found[1].decode("ascii") if found else ""


def parse_parts(raw: bytes) -> Part:
    """The tree of a message; its root holds the message's own header. Takes any bytes, never raises."""
    start = 0
    while raw.startswith((b"\n", b"\r\n"), start) and start < _LEADING_BLANKS:
        start += 1 if raw.startswith(b"\n", start) else 2
    if raw.startswith((b"From ", b">From "), start):
        start = raw.find(b"\n", start) + 1  # the line that mbox files put above a message
    return _Splitter().part(raw, start, len(raw), 0)
