"""A raw message made ready for the store: identity, list fields, search words; the hot path of a first sync.

It shows nothing and cleans nothing for drawing; texts only lose NUL and lone surrogates, which no store takes.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from app.domain.folding import fold
from app.domain.mail.messages import Address, Bounce, ParsedMail
from app.mail.html import html_words
from app.mail.mime.contents import Body, Contents, contents_of
from app.mail.mime.dates import plausible_date
from app.mail.mime.defects import SEPARATOR, Defect
from app.mail.mime.digest import digest
from app.mail.mime.fields import NO_FIELDS
from app.mail.mime.message_ids import message_id, message_ids
from app.mail.mime.packing import pack
from app.mail.mime.parts import Part, parse_parts
from app.mail.mime.people import NOBODY, field_addresses, first_address
from app.mail.mime.words import decode_field

#: Characters of text that are indexed of one message, and encoded bytes that are looked at for them.
MAX_INDEXED = 256_000
MAX_DECODED = 2_000_000
MAX_SUBJECT = 2_000
MAX_NESTED = 3
#: Shorter plain texts are often "Please view this mail in a browser"; the HTML is indexed too.
SHORT_TEXT = 200

_log = logging.getLogger(__name__)


def parse_for_store(raw: bytes, arrived: datetime) -> ParsedMail:
    """Everything the store keeps of a message. `arrived`: when the server got it, aware.

    Takes any bytes and never raises: what could not be read is said in `defect` (values of `Defect`, joined by "; "),
    and everything else is there as far as it could be read.
    """
    try:
        return _parse(raw, arrived)
    except Exception as error:  # noqa: BLE001 - one mail that nobody foresaw must not stop a sync of a million
        _log.exception("A message of %d bytes could not be taken apart", len(raw))
        return _unreadable(raw, arrived, f"{Defect.UNREADABLE} ({type(error).__name__})")


def _parse(raw: bytes, arrived: datetime) -> ParsedMail:
    root = parse_parts(raw)
    fields = root.fields
    contents = contents_of(root)
    sender = first_address(fields.first(b"from") or fields.first(b"sender"))
    to = field_addresses(fields.all(b"to"))
    cc = field_addresses(fields.all(b"cc"))
    answers_to = field_addresses(fields.all(b"reply-to"))
    bcc = field_addresses(fields.all(b"bcc"))
    subject = decode_field(fields.first(b"subject"))[:MAX_SUBJECT]
    body = _Indexed()
    body.add(contents, 0)
    return ParsedMail(
        digest=digest(fields, raw[root.start :]),
        message_id=message_id(fields.first(b"message-id")),
        in_reply_to=message_id(fields.first(b"in-reply-to")),
        references=message_ids(fields.first(b"references")),
        date=plausible_date(fields.first(b"date"), arrived),
        sender=sender,
        to=to,
        cc=cc,
        subject=subject,
        size=len(raw),
        attachments=sum(not file.inline for file in contents.files),
        raw=pack(raw),
        search_sender=fold(_people((sender, *answers_to))),
        search_recipients=fold(_people((*to, *cc, *bcc))),
        search_subject=fold(subject),
        search_body=fold(body.text()),
        search_files=fold(" ".join([file.part.file_name for file in contents.files])),
        defect=SEPARATOR.join(dict.fromkeys(contents.defects + body.defects)),
        bounces=_bounces(root) if root.content_type == "multipart/report" else (),
    )


def _bounces(root: Part) -> tuple[Bounce, ...]:
    from app.mail.bounces import bounces_of  # which is needed for few mails

    return bounces_of(root)


def _people(addresses: tuple[Address, ...]) -> str:
    return " ".join([f"{a.name} {a.address}" if a.name else a.address for a in addresses])


class _Indexed:
    """Collects the words of a message and of those inside it, up to the limit."""

    def __init__(self) -> None:
        self.defects: list[Defect] = []
        self._pieces: list[str] = []
        self._room = MAX_INDEXED

    def text(self) -> str:
        return "\n".join(self._pieces)

    def add(self, contents: Contents, depth: int) -> None:
        for body in contents.bodies:
            self._body(body)
        for file in contents.files:
            if file.part.is_message and file.part.children:
                self._message(file.part.children[0], depth)

    def _message(self, root: Part, depth: int) -> None:
        if depth >= MAX_NESTED:
            self.defects.append(Defect.DEPTH)
            return
        author = first_address(root.fields.first(b"from"))
        self._keep(f"{author.name} {author.address} {decode_field(root.fields.first(b'subject'))}")
        contents = contents_of(root)
        self.defects += contents.defects
        self.add(contents, depth + 1)

    def _body(self, body: Body) -> None:
        length = sum([self._keep(self._text(part)) for part in body.plain])
        if length < SHORT_TEXT:
            for part in body.html:
                self._keep(html_words(self._text(part)))

    def _text(self, part: Part) -> str:
        if self._room <= 0:
            return ""
        text, defects = part.text(MAX_DECODED)
        self.defects += defects
        return text

    def _keep(self, text: str) -> int:
        piece = text[: max(0, self._room)]
        self._room -= len(piece)
        if piece:
            self._pieces.append(piece)
        return len(piece)


def _unreadable(raw: bytes, arrived: datetime, defect: str) -> ParsedMail:
    text = raw[:MAX_INDEXED].decode("utf-8", "replace").replace("\0", "")
    return ParsedMail(
        digest=digest(NO_FIELDS, raw),
        message_id="",
        in_reply_to="",
        references=(),
        date=arrived.astimezone(UTC),
        sender=NOBODY,
        to=(),
        cc=(),
        subject="",
        size=len(raw),
        attachments=0,
        raw=pack(raw),
        search_sender="",
        search_recipients="",
        search_subject="",
        search_body=fold(text),
        search_files="",
        defect=defect,
    )
