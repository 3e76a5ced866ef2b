"""Names for the files of a mail: what the sender called them, made harmless; where they are saved is not decided here."""

from __future__ import annotations

import re

from app.domain.text import BIDI_SIGNS, clean_line
from app.mail.mime.parts import Part
from app.mail.mime.words import decode_field

#: Bytes of a name in UTF-8; file systems take 255, and " (2)" must still fit.
MAX_BYTES = 200
_MAX_EXTENSION = 16

_EDGES = re.compile(r"^[\s.]+|[\s.]+$")
_SEPARATORS = re.compile(r"[/\\]")
# Refused by Windows, or read as something else by shells and the file systems of others.
_FORBIDDEN = re.compile('[<>:"|?*\ufffd]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\.|$)", re.IGNORECASE)
_EXTENSIONS = {
    "application/json": "json",
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/pgp-signature": "asc",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s",
    "application/pkcs7-mime": "p7m",
    "application/ms-tnef": "dat",
    "application/zip": "zip",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/svg+xml": "svg",
    "image/tiff": "tif",
    "message/delivery-status": "txt",
    "message/rfc822": "eml",
    "message/global": "eml",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/html": "html",
    "text/plain": "txt",
    "text/rfc822-headers": "txt",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "text/xml": "xml",
}


def file_name(part: Part) -> str:
    """The name under which a part is listed and saved."""
    name = safe_name(part.file_name)
    if name:
        return name
    extension = _EXTENSIONS.get(part.content_type, "bin")
    if part.is_message and part.children:
        subject = decode_field(part.children[0].fields.first(b"subject"))
        return safe_name(f"{_SEPARATORS.sub('_', subject).strip() or 'mail'}.{extension}")
    return f"attachment.{extension}"


def safe_name(name: str) -> str:
    """`name` as a file name that stays in its folder on every system, or empty if nothing is left of it.

    Only what follows the last separator, one clean line without characters that change the direction of writing, not
    hidden, not a device of Windows, at most `MAX_BYTES` long with its extension kept.
    """
    for sign in BIDI_SIGNS:
        name = name.replace(sign, "")
    name = _SEPARATORS.split(name)[-1]
    name = _EDGES.sub("", _FORBIDDEN.sub("_", clean_line(name)))
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name)


def numbered(name: str, number: int) -> str:
    """The name for the next try when the one before is taken: `Angebot (2).pdf`."""
    stem, extension = _split(name)
    return f"{stem} ({number}){extension}"


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > _MAX_EXTENSION:
        return name, ""
    return stem, dot + extension


def _shortened(name: str) -> str:
    stem, extension = _split(name)
    room = MAX_BYTES - len(extension.encode())
    data = stem.encode()
    if len(data) <= room:
        return name
    return data[:room].decode("utf-8", "ignore").rstrip(". ") + extension
