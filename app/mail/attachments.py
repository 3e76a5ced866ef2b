"""Attachments opened one at a time: their bytes, saved into a folder, or read in place; listing them is `mime.reading`.

An attachment is named by its index in `ReadableMail.attachments` of the same raw message.
"""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path

from app.domain.errors import AttachmentNotFound, PostkorbError
from app.domain.mail.cards import Card
from app.domain.mail.messages import Address
from app.domain.mail.reading import Attachment, ReadableMail, TextBlock
from app.domain.text import clean_block
from app.language import _
from app.mail.calendars import NotACalendar, calendar_lines
from app.mail.cards import read_cards
from app.mail.lines import blocks_of, plain_lines
from app.mail.mime.charset import decode_text
from app.mail.mime.contents import contents_of
from app.mail.mime.defects import Defect
from app.mail.mime.names import file_name
from app.mail.mime.parts import Part, parse_parts
from app.mail.mime.reading import note, part_blocks, read_mail, read_parts
from app.mail.saving import save_new

_TEXT_ENDINGS = frozenset(
    {"txt", "csv", "log", "md", "json", "xml", "yaml", "yml", "ini", "conf", "tsv", "diff", "patch"}
)
_TEXT_TYPES = frozenset(
    {"application/json", "application/xml", "message/delivery-status", "message/disposition-notification"}
)


class NotReadable(PostkorbError):
    title = "This attachment cannot be read here"
    next_step = "Save it and open it with another program."


def attachment_bytes(raw: bytes, index: int) -> bytes:
    """The decoded bytes of one attachment, as far as they could be decoded. Raises NotFound."""
    return _part(raw, index).payload()[0]


def save_attachment(raw: bytes, index: int, folder: Path) -> Path:
    """Writes one attachment into `folder` and returns the new file's path.

    Raises NotFound, and NotSaved as `app.mail.saving.save_new` does.
    """
    part = _part(raw, index)
    return save_new(file_name(part), part.payload()[0], folder)


def can_read(attachment: Attachment) -> bool:
    """True if `read_attachment` will show it."""
    return bool(_kind(attachment.content_type, attachment.name))


def is_text(content_type: str, name: str) -> bool:
    """Whether a file is plain text, by its type, and by its ending where the type says nothing."""
    return _kind(content_type, name) == "text"


def read_attachment(raw: bytes, index: int, zone: tzinfo | None = None) -> ReadableMail:
    """One attachment to read in place, as a mail of its own: a mail inside the mail, or an invitation, cards or a text
    under the file's name.

    `zone`: where times are shown; None: the machine's. Raises NotFound, NotReadable.
    """
    part = _part(raw, index)
    match _kind(part.content_type, file_name(part)):
        case "mail":
            return read_parts(part.children[0]) if part.children else read_mail(part.payload()[0])
        case "calendar":
            return _file(part, _calendar(part, zone))
        case "card":
            return _cards(part)
        case "text":
            return _file(part, _plain(part))
    raise NotReadable(file_name(part))


def _part(raw: bytes, index: int) -> Part:
    files = contents_of(parse_parts(raw)).files
    if not 0 <= index < len(files):
        raise AttachmentNotFound(str(index + 1))
    return files[index].part


def _kind(content_type: str, name: str) -> str:
    """How an attachment is read, empty if it is not: by its type, and by its ending where the type says nothing."""
    ending = name.rpartition(".")[2].lower()
    if content_type in ("message/rfc822", "message/global") or ending == "eml":
        return "mail"
    if content_type == "text/calendar" or ending == "ics":
        return "calendar"
    if content_type in ("text/vcard", "text/x-vcard", "text/directory") or ending == "vcf":
        return "card"
    if content_type.startswith("text/") or content_type in _TEXT_TYPES or ending in _TEXT_ENDINGS:
        return "text"
    return ""


def _file(
    part: Part, blocks: list[TextBlock], cards: tuple[Card, ...] = (), notes: tuple[str, ...] = ()
) -> ReadableMail:
    return ReadableMail(
        sender=Address("", ""),
        to=(),
        cc=(),
        reply_to=(),
        date=None,
        subject=file_name(part),
        headers=(),
        blocks=tuple(blocks),
        notes=notes,
        cards=cards,
    )


def _cards(part: Part) -> ReadableMail:
    found = read_cards(_text(part))
    if not found.total:
        return _file(part, _plain(part))
    notes: tuple[str, ...] = ()
    if found.total > len(found.people):
        words = _("{n} of {of} visiting cards are shown")
        notes = (words.format(n=len(found.people), of=found.total),)
    elif found.total > 1:
        notes = (_("{n} visiting cards").format(n=found.total),)
    if found.is_cut:
        notes += (_("This file is too long: only its beginning was read."),)
    return _file(part, _lines(found.lines), found.people, notes)


def _calendar(part: Part, zone: tzinfo | None) -> list[TextBlock]:
    try:
        return _lines(calendar_lines(_text(part).encode(), zone))
    except NotACalendar:
        return [*_plain(part), note(_("This invitation is damaged; it is shown as it came."))]


def _text(part: Part) -> str:
    data = part.payload()[0]
    return decode_text(data, part.params.get("charset", "") or "utf-8")[0]


def _lines(lines: list[str]) -> list[TextBlock]:
    return blocks_of(plain_lines(clean_block("\n".join(lines))))


def _plain(part: Part) -> list[TextBlock]:
    defects: list[Defect] = []
    blocks = part_blocks(part, defects)
    return blocks + [note(_(defect.value)) for defect in dict.fromkeys(defects)]
