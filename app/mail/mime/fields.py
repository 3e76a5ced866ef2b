"""The header section of a message or part as raw fields (RFC 5322 section 2.2); values are not decoded here."""

from __future__ import annotations

import re

_SECTION_END = re.compile(rb"\n\r?\n")
_FIELD_BREAK = re.compile(rb"\n(?![ \t])")
_FIELD_START = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")


class Fields:
    """Raw values by lower-case name, each as often as it occurs, in order. `well_formed`: every line was a field."""

    __slots__ = ("_values", "well_formed")

    def __init__(self, values: dict[bytes, list[bytes]], well_formed: bool = True) -> None:
        self._values = values
        self.well_formed = well_formed

    def first(self, name: bytes) -> bytes:
        """The value of the first field with this lower-case name, or empty."""
        values = self._values.get(name)
        return values[0] if values else b""

    def all(self, name: bytes) -> list[bytes]:
        return self._values.get(name, [])


NO_FIELDS = Fields({})


def split_header(raw: bytes, start: int, end: int) -> tuple[Fields, int]:
    """The fields of `raw[start:end]` and where the body begins.

    Lines that are no fields are passed over while fields follow. Where the empty line is missing, the body begins at
    the first line after which no field follows.
    """
    if raw.startswith((b"\n", b"\r\n"), start):
        return NO_FIELDS, min(end, start + (1 if raw.startswith(b"\n", start) else 2))
    empty = _SECTION_END.search(raw, start, end)
    stop, body = (empty.start(), empty.end()) if empty else (end, end)
    values: dict[bytes, list[bytes]] = {}
    for line in _FIELD_BREAK.split(raw[start : stop + 1].rstrip(b"\r\n")):
        name, colon, value = line.partition(b":")
        if not colon or b" " in name or b"\t" in name:
            return _split_malformed(raw, start, stop, body)
        name = name.lower()
        if name in values:
            values[name].append(value)
        else:
            values[name] = [value]
    return Fields(values), body


def listed_fields(header: bytes) -> list[tuple[bytes, bytes]]:
    """All fields of a header section as they stand there, names in the author's spelling."""
    lines = (line.partition(b":") for line in _FIELD_BREAK.split(header))
    return [(name.strip(), value) for name, colon, value in lines if colon]


def _split_malformed(raw: bytes, start: int, stop: int, body: int) -> tuple[Fields, int]:
    """The slow way, line by line, for a section with lines that are no fields."""
    values: dict[bytes, list[bytes]] = {}
    lines = raw[start:stop].split(b"\n")
    last_field = max((i for i, line in enumerate(lines) if _FIELD_START.match(line)), default=-1)
    at = start
    field: list[bytes] = []
    for number, line in enumerate(lines):
        folded = line[:1] in (b" ", b"\t")
        if number > last_field and not folded:
            _keep(field, values)
            return Fields(values, well_formed=False), at
        at += len(line) + 1
        if _FIELD_START.match(line):
            _keep(field, values)
            field = [line]
        elif folded and field:
            field.append(line)
        else:
            _keep(field, values)
            field = []
    _keep(field, values)
    return Fields(values, well_formed=False), body


def _keep(field: list[bytes], values: dict[bytes, list[bytes]]) -> None:
    if field:
        name, _, value = b"\n".join(field).partition(b":")
        values.setdefault(name.strip().lower(), []).append(value.rstrip(b"\r"))
