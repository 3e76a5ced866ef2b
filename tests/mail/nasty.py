"""Mails as they should not be, written by hand for the tests of parsing, reading and saving."""

from __future__ import annotations

from base64 import b64encode
from email.message import EmailMessage

HEAD = b"From: Silke Berger <silke@vogel.example>\r\nTo: a@nordholz.example\r\nSubject: Anfrage\r\n"
MIXED = HEAD + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="B"\r\n\r\n'


def text_mail(text: bytes, content_type: bytes = b"text/plain", encoding: bytes = b"8bit") -> bytes:
    return (
        HEAD
        + b"Content-Type: "
        + content_type
        + b"\r\nContent-Transfer-Encoding: "
        + encoding
        + b"\r\n\r\n"
        + text
    )


def mixed(*parts: bytes) -> bytes:
    return MIXED + b"".join(b"--B\r\n" + part + b"\r\n" for part in parts) + b"--B--\r\n"


def text_part(text: bytes) -> bytes:
    return b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text


def file_part(name: bytes, data: bytes = b"data", content_type: bytes = b"application/pdf") -> bytes:
    return (
        b"Content-Type: " + content_type + b"\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="' + name + b'"\r\n\r\n' + b64encode(data)
    )


def nested(inner: bytes) -> bytes:
    return b"Content-Type: message/rfc822\r\n\r\n" + inner


def sound_mail() -> EmailMessage:
    """A well-formed mail with everything in it, made by the standard library."""
    mail = EmailMessage()
    mail["From"] = "Silke Bärger <silke@vogel.example>"
    mail["To"] = "Jörg Weiß <j@nordholz.example>, einkauf@nordholz.example"
    mail["Subject"] = "Angebot für Pumpen – Größe 5"
    mail["Date"] = "Fri, 20 Nov 2026 09:41:00 +0100"
    mail["Message-ID"] = "<1@vogel.example>"
    mail.set_content("Guten Tag,\n\nhier das Angebot über 5 €.\n")
    mail.add_alternative("<p>Guten Tag,</p><p>hier das <b>Angebot</b>.</p>", subtype="html")
    mail.add_attachment(
        b"%PDF-1.7 \x00\xff", maintype="application", subtype="pdf", filename="Angebot Größe 5.pdf"
    )
    return mail


#: Every one of these must be read without an exception, and its text must not be lost.
NASTY: dict[str, bytes] = {
    "nothing": b"",
    "line ends only": b"\r\n\r\n\r\n",
    "no header": b"\r\njust a body",
    "no separator": b"Subject: Anfrage\r\nplain words\r\nmore words",
    "no header at all": b"Guten Tag, Frau Berg,\r\n\r\nIhr Angebot.",
    "header begins with a blank": b" folded: nothing\r\n" + HEAD + b"\r\nbody",
    "header with a lost line": HEAD + b"lost words here\r\nDate: x\r\n\r\nbody",
    "mbox line": b"From silke@vogel.example Fri Nov 20 09:41:00 2026\n"
    + HEAD.replace(b"\r", b"")
    + b"\nbody\n",
    "NUL and controls": b"Sub\0ject: x\0y\x1b[31m\r\nFrom: a\0 <a@b\0.example>\r\n\r\nbo\0dy\x1b]0;x\x07",
    "8-bit Windows header": b"From: J\xf6rg <j@x.example>\r\nSubject: 5 \x80 f\xfcr Gr\xfc\xdfe\r\n\r\nbody",
    "8-bit UTF-8 header": "From: Jörg <j@x.example>\r\nSubject: 5 € für Grüße\r\n\r\nbody".encode(),
    "broken words": b"Subject: =?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9F?= =?x-none?b?w7w?= =?utf-8?q?\r\n\r\nbody",
    "unknown charset": text_mail("Grüße".encode(), b"text/plain; charset=x-klingon"),
    "wrong charset": text_mail(b"Gr\xfc\xdfe 5 \x80", b"text/plain; charset=utf-8"),
    "no charset": text_mail("Grüße".encode()),
    "codec that is no charset": text_mail(b"\xffxn--", b"text/plain; charset=punycode"),
    "UTF-16": text_mail("Grüße".encode("utf-16-le"), b"text/plain; charset=utf-16le"),
    "UTF-7 with surrogates": text_mail(b"a+2ADcAA-b", b"text/plain; charset=utf-7"),
    "cut base64": text_mail(b"R3LDvMOfZSBhdXMgSGFtYnVy", b"text/plain; charset=utf-8", b"base64")[:-1],
    "dirty base64": text_mail(b"R3L!DvM\x00OfZQ==\r\nR3J1c3M=\r\n-- \r\nfooter", b"text/plain", b"base64"),
    "dirty quoted-printable": text_mail(b"a=ZZ =C3=BC =\r\nb=", b"text/plain", b"quoted-printable"),
    "unknown encoding": text_mail(b"words", b"text/plain", b"x-secret"),
    "uuencode": text_mail(b"begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n", b"text/plain", b"x-uuencode"),
    "no end": mixed(text_part(b"first"), text_part(b"second")).removesuffix(b"--B--\r\n"),
    "no parts": MIXED + b"words without parts",
    "wrong boundary": MIXED.replace(b'"B"', b'"C"') + b"--B\r\n" + text_part(b"found") + b"\r\n--B--\r\n",
    "no boundary": MIXED.replace(b'; boundary="B"', b"")
    + b"--B\r\n"
    + text_part(b"found")
    + b"\r\n--B--\r\n",
    "empty parts": mixed(b"", b"\r\n", b"Content-Type: text/html\r\n\r\n"),
    "footer behind the end": mixed(text_part(b"first")) + b"list footer\r\n",
    "no type": text_mail(b"words", b""),
    "half a type": text_mail(b"words", b"text"),
    "boundary prefix": mixed(
        b'Content-Type: multipart/mixed; boundary="B2"\r\n\r\n--B2\r\n\r\ninner\r\n--B2--'
    ),
    "nested message": mixed(text_part(b"outer"), nested(HEAD + b"\r\ninner words")),
    "nested message in base64": mixed(
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b64encode(HEAD + b"\r\ninner")
    ),
    "nested hundred times": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 100 + b"inner",
    "deep multiparts": b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (i, i) for i in range(300)
    ),
    "20,000 parts": MIXED + b"--B\r\n\r\nx\r\n" * 20_000,
    "10,000 recipients": b"To: "
    + b",\r\n ".join(b"Name %d <n%d@x.example>" % (i, i) for i in range(10_000))
    + b"\r\n\r\nx",
    "addresses gone wrong": b'From: "unclosed <a@b>, ((((, <<<c@d>>> : ; , "\\\r\nTo: ,,;:<>()@@\r\n\r\nx',
    "group": b"From: x@y.example\r\nTo: undisclosed-recipients:;\r\nCc: Team: a@x.example, b@x.example;\r\n\r\nx",
    "bad dates": b"Date: 32 Foo 99999999999 25:61:61 +9999\r\n\r\nx",
    "path as file name": mixed(text_part(b"x"), file_part(b"..\\\\..\\\\etc/pass\x1bwd")),
    "winmail.dat": mixed(
        text_part(b"x"), file_part(b"winmail.dat", b"\x78\x9f\x3e\x22", b"application/ms-tnef")
    ),
    "HTML alone": text_mail(b"<p>nur <b>HTML</b></p>", b"text/html; charset=utf-8"),
    "sound": sound_mail().as_bytes(),
}
