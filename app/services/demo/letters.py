"""A letter of the demo and how it becomes a mail: wrapping, quoting, HTML, header fields; decides no content."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zlib import crc32

from app.domain.mail.messages import Address
from app.services.demo.mime import (
    Attachment,
    Style,
    address,
    attachment_part,
    date_field,
    encoded_words,
    header,
    multipart,
    text_part,
)
from app.services.demo.template import DAYS, MONTHS

INBOX, SENT, DRAFTS, TRASH, JUNK, ARCHIVE = "INBOX", "Gesendet", "Entwürfe", "Papierkorb", "Spam", "Archiv"

_QUOTED_LINES = 70  # what is quoted of a long conversation, as many programs and people cut it


@dataclass
class Letter:
    """A mail before it is written. `own`: the text without quotes; `answers`: the letter that is quoted below.

    `raw` replaces everything else, for mails that no honest program would write.
    """

    id: str
    when: datetime
    folder: str
    sender: Address
    to: list[Address]
    subject: str
    own: str
    style: Style
    cc: list[Address] = field(default_factory=list)
    answers: Letter | None = None
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    seen: bool = True
    flagged: bool = False
    answered: bool = False
    draft: bool = False
    raw: bytes = b""

    @property
    def references(self) -> list[str]:
        return [*self.answers.references, self.answers.id] if self.answers else []

    @cached_property
    def text(self) -> str:
        """The whole plain text, with what it answers quoted below; kept, because answers to answers quote it."""
        own = wrapped(self.own, self.style.wrap)
        if self.answers is None:
            return own
        return f"{own}\n\n{_outlook_quote(self.answers) if self.style.outlook else _quote(self.answers)}"


def wrapped(text: str, width: int) -> str:
    """The text with lines of at most `width` columns where there is a space; 0 leaves it as it is."""
    if not width:
        return text
    return "\n".join(line if len(line) <= width else _wrap_line(line, width) for line in text.split("\n"))


def _wrap_line(text: str, width: int) -> str:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


def _cut(text: str) -> list[str]:
    lines = text.split("\n")
    return lines if len(lines) <= _QUOTED_LINES else [*lines[:_QUOTED_LINES], "[...]"]


def _quote(letter: Letter) -> str:
    when = letter.when
    intro = f"Am {when:%d.%m.%Y} um {when:%H:%M} schrieb {letter.sender.name}:"
    lines = _cut(wrapped(letter.text, 72))
    return "\n".join(
        [intro, *(">" + ("" if line.startswith(">") or not line else " ") + line for line in lines)]
    )


def _outlook_quote(letter: Letter) -> str:
    when = letter.when
    people = "; ".join(f"{who.name} <{who.address}>" for who in letter.to)
    head = [
        "-----Ursprüngliche Nachricht-----",
        f"Von: {letter.sender.name} <{letter.sender.address}>",
        f"Gesendet: {DAYS[when.weekday()]}, {when.day}. {MONTHS[when.month - 1]} {when:%Y %H:%M}",
        f"An: {people}",
        f"Betreff: {letter.subject}",
        "",
    ]
    return "\n".join(head + _cut(letter.text))


def _paragraphs(text: str) -> str:
    blocks = html.escape(text, quote=False).split("\n\n")
    return "\n".join(f"<p>{block.replace(chr(10), '<br>' + chr(10))}</p>" for block in blocks)


def html_of(letter: Letter) -> str:
    """The letter as an HTML page of the kind that office programs write, with a logo that lies on a web server."""
    domain = letter.sender.address.rpartition("@")[2]
    body = _paragraphs(letter.own)
    if letter.style.outlook:
        logo = f'<p><img src="https://www.{domain}/mail/logo.png" alt="Logo" width="120" height="40"></p>'
        body = f'<div style="font-family:Calibri,sans-serif;font-size:11pt">\n{body}\n{logo}\n</div>'
    if letter.answers is not None:
        quote = (
            _outlook_quote(letter.answers) if letter.style.outlook else "\n".join(_cut(letter.answers.text))
        )
        if letter.style.outlook:
            body += (
                f'\n<div style="border-top:1px solid #b5c4df;padding-top:3pt">\n{_paragraphs(quote)}\n</div>'
            )
        else:
            intro = html.escape(_quote(letter.answers).partition("\n")[0])
            body += f'\n<p>{intro}</p>\n<blockquote type="cite">\n{_paragraphs(quote)}\n</blockquote>'
    return f'<html><head><meta http-equiv="Content-Type" content="text/html"></head><body>\n{body}\n</body></html>\n'


def compose(letter: Letter) -> bytes:
    """The source of the mail, with LF line ends as a Maildir holds it."""
    if letter.raw:
        return letter.raw
    boundary = f"=_{crc32(letter.id.encode()):08x}"
    body = _body(letter, boundary)
    return _head(letter).encode() + body


def _head(letter: Letter) -> str:
    charset = letter.style.charset
    form = "b" if letter.style.encoding == "base64" else "q"
    fields = _trace(letter)
    fields += [
        ("Date", date_field(letter.when)),
        ("From", address(letter.sender, charset, form)),
        ("To", ", ".join(address(who, charset, form) for who in letter.to)),
    ]
    if letter.cc:
        fields.append(("Cc", ", ".join(address(who, charset, form) for who in letter.cc)))
    fields += [("Subject", encoded_words(letter.subject, charset, form)), ("Message-ID", letter.id)]
    if letter.answers is not None:
        fields += [("In-Reply-To", letter.answers.id), ("References", " ".join(letter.references))]
    fields += [*letter.headers, ("MIME-Version", "1.0")]
    return "".join(header(name, value) for name, value in fields)


def _trace(letter: Letter) -> list[tuple[str, str]]:
    """The fields that delivery adds; what the rep wrote herself has none."""
    if letter.folder in {SENT, DRAFTS}:
        return []
    host = letter.sender.address.rpartition("@")[2]
    by = letter.to[0].address.rpartition("@")[2]
    trace = f"from mail.{host} by mx.{by} with ESMTPS; {date_field(letter.when)}"
    return [("Return-Path", f"<{letter.sender.address}>"), ("Received", trace)]


def _body(letter: Letter, boundary: str) -> bytes:
    style = letter.style
    body = text_part(letter.text, "plain", style.charset, style.encoding)
    if style.html or letter.html:
        page = text_part(letter.html or html_of(letter), "html", "utf-8", _html_encoding(style))
        body = multipart("alternative", [body, page], boundary + "a")
    if letter.attachments:
        old = crc32(letter.id.encode()) % 2 == 0
        parts = [attachment_part(attached, old) for attached in letter.attachments]
        body = multipart("mixed", [body, *parts], boundary + "m")
    return body


def _html_encoding(style: Style) -> str:
    return "quoted-printable" if style.encoding == "8bit" else style.encoding
