"""Bytes to text by a charset label that may be missing, unknown or wrong (WHATWG Encoding for what labels mean in the wild).

It always gives a text; where a byte fits nowhere it says so. It knows nothing of headers and parts.
"""

from __future__ import annotations

import codecs
import re

# What senders write, and what they mean. Labels are compared in lower case.
_MEANT = {
    "ansi": "cp1252",
    "ansi_x3.4-1968": "",
    "ascii": "",
    "big5": "big5hkscs",
    "cp-850": "cp850",
    "default": "",
    "default_charset": "",
    "dos-874": "cp874",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-11": "cp874",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso8859-1": "cp1252",
    "iso8859_1": "cp1252",
    "iso_8859-1": "cp1252",
    "ks_c_5601-1987": "cp949",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "macintosh": "mac_roman",
    "none": "",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "unknown": "",
    "unknown-8bit": "",
    "us-ascii": "",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "windows-1252": "cp1252",
    "windows-874": "cp874",
    "x-mac-roman": "mac_roman",
    "x-unknown": "",
}
# Codecs of Python that are no charsets; some take quadratic time.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "palmos"}
)
# ASCII bytes mean something else here, so that pure ASCII input needs the codec too.
_NOT_ASCII = re.compile(
    r"utf-?_?(7|16|32)|iso-?2022|iso2022|hz|unicode|ucs|cp(037|1026|1140|273|424|500|875)|ibm"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)


def _stray_bytes(error: UnicodeError) -> tuple[str, int]:
    """Reads each byte that is no UTF-8 as Windows-1252: the usual cause is text pasted from two sources."""
    assert isinstance(error, UnicodeDecodeError)
    stray = error.object[error.start : error.end]
    return bytes(stray).decode("cp1252", "replace"), error.end


codecs.register_error("postkorb_stray_bytes", _stray_bytes)


def decode_text(data: bytes, label: str = "") -> tuple[str, bool]:
    """The text, and whether every byte was decoded by the rules. Without NUL and lone surrogates, so any store takes it."""
    label = label.strip().strip("'\"").lower()
    name = _MEANT.get(label, label)
    if data.isascii() and not _NOT_ASCII.match(name):
        return data.decode("ascii").replace("\0", ""), True
    text, exact = _decode(data, name)
    return text.removeprefix("\ufeff").replace("\0", ""), exact


def _decode(data: bytes, name: str) -> tuple[str, bool]:
    if name in ("", "utf-8", "cp1252"):
        # UTF-8 hardly ever happens by accident, so it wins over the label Latin-1.
        try:
            return data.decode("utf-8"), True
        except UnicodeDecodeError:
            if name == "utf-8":
                return data.decode("utf-8", "postkorb_stray_bytes"), False
        return _windows(data)
    try:
        codec = codecs.lookup(name)
        if codec.name.replace("-", "_") in _NO_CHARSETS:
            return _unlabelled(data)
        try:
            text, exact = data.decode(name), True
        except UnicodeDecodeError:
            text, exact = data.decode(name, "replace"), False
    except (LookupError, ValueError):
        return _unlabelled(data)
    return _SURROGATES.sub("\ufffd", text), exact


def _unlabelled(data: bytes) -> tuple[str, bool]:
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return _windows(data)[0], False


def _windows(data: bytes) -> tuple[str, bool]:
    try:
        return data.decode("cp1252"), True
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), False


def html_charset(data: bytes) -> str:
    """The charset that an HTML text names for itself, or empty."""
    found = _META_CHARSET.search(data[:2048])
    return found[1].decode("ascii") if found else ""


def plain_str(text: str) -> str:
    """Without NUL and lone surrogates."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return _SURROGATES.sub("\ufffd", text).replace("\0", "")
