"""A raw message made ready to read: clean fields, blocks of text, links, a list of attachments, notes on what is missing.

Attachments are listed without being decoded; to open or save one see `app.mail.attachments`.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.mail.messages import Address
from app.domain.mail.reading import Attachment, BlockKind, ReadableMail, TextBlock
from app.domain.text import clean_block, clean_line
from app.language import _
from app.mail.html import html_words
from app.mail.html_text import html_lines
from app.mail.lines import blocks_of, plain_lines
from app.mail.mime.contents import Body, Contents, File, contents_of
from app.mail.mime.dates import parse_date
from app.mail.mime.defects import Defect
from app.mail.mime.fields import listed_fields
from app.mail.mime.names import file_name
from app.mail.mime.parts import Part, parse_parts
from app.mail.mime.people import field_addresses, first_address
from app.mail.mime.words import decode_field

#: Characters of one body that are shown, and encoded bytes that are looked at for them.
MAX_SHOWN = 400_000
MAX_DECODED = 4_000_000
MAX_HEADER_FIELDS = 2_000
MAX_HEADER_VALUE = 20_000
#: Below this share of the HTML's words a plain text is taken for a stand-in.
STAND_IN = 0.2


def read_mail(raw: bytes, *, prefer_html: bool = False) -> ReadableMail:
    """The message as it is read. `prefer_html`: where a text is there in both forms, show the HTML.

    Takes any bytes. May take a second for the most hostile HTML, so call it away from the screens.
    """
    root = parse_parts(raw)
    return read_parts(root, prefer_html=prefer_html)


def read_parts(root: Part, *, prefer_html: bool = False) -> ReadableMail:
    """The same for a message that is already taken apart, such as one inside another."""
    fields = root.fields
    contents = contents_of(root)
    defects = list(contents.defects)
    blocks = _reported(root) if root.content_type == "multipart/report" else []
    for body in contents.bodies:
        blocks += _body(body, defects, prefer_html=prefer_html)
    attachments = [attachment_of(index, file) for index, file in enumerate(contents.files)]
    blocks += [
        nested_line(a.index, file.part)
        for a, file in zip(attachments, contents.files, strict=True)
        if file.part.is_message
    ]
    return ReadableMail(
        sender=_clean_address(first_address(fields.first(b"from") or fields.first(b"sender"))),
        to=_clean_addresses(fields.all(b"to")),
        cc=_clean_addresses(fields.all(b"cc")),
        reply_to=_clean_addresses(fields.all(b"reply-to")),
        date=parse_date(fields.first(b"date")),
        subject=clean_line(decode_field(fields.first(b"subject"))),
        headers=_headers(root),
        blocks=tuple(blocks),
        attachments=tuple(attachments),
        notes=_notes(contents, defects),
    )


def _reported(root: Part) -> list[TextBlock]:
    """What a delivery report says to machines, in words."""
    from app.mail.bounces import report_lines  # which is needed for few mails

    return [note(line) for line in report_lines(root)]


def attachment_of(index: int, file: File) -> Attachment:
    part = file.part
    return Attachment(index, file_name(part), clean_line(part.content_type), part.size, file.inline)


def nested_line(index: int, part: Part) -> TextBlock:
    """One line about a mail inside a mail."""
    fields = part.children[0].fields if part.children else part.fields
    author = _clean_address(first_address(fields.first(b"from")))
    subject = clean_line(decode_field(fields.first(b"subject")))
    words = [word for word in (author.name or author.address, subject) if word]
    return TextBlock(BlockKind.NESTED, ": ".join(words) or file_name(part), attachment=index)


def note(text: str) -> TextBlock:
    return TextBlock(BlockKind.NOTE, text)


def part_blocks(part: Part, defects: list[Defect]) -> list[TextBlock]:
    """A text part as blocks; what went wrong is added to `defects`."""
    text, found = part.text(MAX_DECODED)
    defects += found
    cut = part.end - part.start > MAX_DECODED or len(text) > MAX_SHOWN
    if part.content_type == "text/html":
        html = html_lines(text)
        blocks = blocks_of(html.lines, html.urls, from_html=True)
        cut = cut or html.cut
    else:
        flowed = part.params.get("format", "").lower() == "flowed"
        delsp = part.params.get("delsp", "").lower() == "yes"
        blocks = blocks_of(plain_lines(clean_block(text[:MAX_SHOWN]), flowed=flowed, delsp=delsp))
    if cut:
        blocks.append(note(_("The text is longer than can be shown here; the raw source holds all of it.")))
    return blocks


def _body(body: Body, defects: list[Defect], *, prefer_html: bool) -> list[TextBlock]:
    """One of the two forms of a text: the plain one unless it only stands in for the other."""
    html = body.html and (prefer_html or not body.plain or _is_stand_in(body))
    blocks: list[TextBlock] = []
    for part in body.html if html else body.plain:
        blocks += part_blocks(part, defects)
    if not blocks and html and body.plain:
        for part in body.plain:
            blocks += part_blocks(part, defects)
    return blocks


def _is_stand_in(body: Body) -> bool:
    """True if the plain text says next to nothing of what the HTML says."""
    plain = sum(len(part.text(MAX_DECODED)[0].split()) for part in body.plain)
    words = sum(len(html_words(part.text(MAX_DECODED)[0]).split()) for part in body.html)
    return plain < words * STAND_IN


def _headers(root: Part) -> tuple[tuple[str, str], ...]:
    return tuple(
        (clean_line(decode_field(name)), clean_line(decode_field(value[:MAX_HEADER_VALUE])))
        for name, value in listed_fields(root.raw[root.head : root.start])[:MAX_HEADER_FIELDS]
    )


def _clean_addresses(values: list[bytes]) -> tuple[Address, ...]:
    return tuple(_clean_address(address) for address in field_addresses(values))


def _clean_address(address: Address) -> Address:
    return Address(clean_line(address.name), clean_line(address.address))


def _notes(contents: Contents, defects: Iterable[Defect]) -> tuple[str, ...]:
    notes = [_(defect.value) for defect in dict.fromkeys(defects)]
    if contents.encrypted:
        notes.append(_("This mail is encrypted; Postkorb cannot open it."))
    return tuple(notes)
