"""Transfer encodings of MIME bodies (RFC 2045 section 6), read as far as they go; charsets are not its business."""

from __future__ import annotations

import binascii
import re

from app.mail.mime.defects import Defect

_BLANKS = b" \t\r\n"
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)
_PLAIN = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "plain", "text"})
_QUOTED = frozenset({"quoted-printable", "quoted_printable", "quotedprintable"})
_UU = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def decode_transfer(data: bytes, encoding: str) -> tuple[bytes, Defect | None]:
    """The decoded bytes, and what was wrong with them if anything was. `encoding`: lower case."""
    if encoding in _PLAIN:
        return data, None
    if encoding in _QUOTED:
        return binascii.a2b_qp(data), None
    if encoding == "base64":
        return _base64(data)
    if encoding in _UU:
        return _uu(data)
    return data, Defect.ENCODING


def decoded_size(data_size: int, blanks: int, encoding: str) -> int:
    """Bytes after decoding, told from the encoded ones (`blanks` of them line breaks): exact for sound base64."""
    return max(0, (data_size - blanks) * 3 // 4) if encoding == "base64" else data_size


def _base64(data: bytes) -> tuple[bytes, Defect | None]:
    data = data.translate(None, _BLANKS)
    try:
        return binascii.a2b_base64(data, strict_mode=True), None
    except binascii.Error:
        pass
    # Several encoded pieces one after the other, stray characters, or an end that was cut off.
    out = []
    for piece in data.split(b"="):
        piece = _NOT_BASE64.sub(b"", piece)
        piece = piece[:-1] if len(piece) % 4 == 1 else piece
        out.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return b"".join(out), Defect.TRANSFER


def _uu(data: bytes) -> tuple[bytes, Defect | None]:
    begin = _UU_BEGIN.search(data)
    if begin is None:
        return data, Defect.TRANSFER
    out = []
    defect: Defect | None = Defect.TRANSFER
    for line in data[begin.end() :].splitlines():
        if line.strip() == b"end":
            defect = None
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Encoders that pad too much: the first character tells how many bytes count (as uuencode itself reads it).
            count = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:count]))
            except binascii.Error:
                break
    return b"".join(out), defect
