"""How long it takes to make a mail ready for the store, as a whole and by step, on one core.

    python -m benchmarks.parse [--mails N] [--maildir DIR] [--profile]

Without a Maildir it makes German business mails of about 14 kB: plain text with HTML beside it, quoted-printable, one in
seven with an attachment. Times are processor time, the best of five passes, in microseconds a mail.
"""

from __future__ import annotations

import argparse
import cProfile
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from itertools import accumulate
from pathlib import Path

from app.domain.folding import fold
from app.mail.html import html_words
from app.mail.mime import pack, parse_for_store
from app.mail.mime.contents import contents_of
from app.mail.mime.dates import plausible_date
from app.mail.mime.digest import digest
from app.mail.mime.fields import Fields, split_header
from app.mail.mime.parts import parse_parts
from app.mail.mime.people import field_addresses, first_address
from app.mail.mime.reading import read_mail
from app.mail.mime.words import decode_field
from benchmarks.synthetic import vocabulary

ARRIVED = datetime(2026, 11, 20, tzinfo=UTC)
PASSES = 5
WORDS = 420


def made_mails(count: int) -> list[bytes]:
    """The same mails every time."""
    rng = random.Random("parse")
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    files = rng.randbytes(60_000)
    mails = []
    for number in range(count):
        text = [" ".join(rng.choices(words, cum_weights=weights, k=12)) + "." for _ in range(WORDS // 12)]
        mail = EmailMessage(policy=SMTP)
        for hop in range(4):
            mail["Received"] = (
                f"from mx{hop}.example ([192.0.2.{hop}]) by mail.nordholz.example with ESMTPS id {number:08}"
            )
        mail["From"] = f"Jörg Weiß {number % 97} <weiss{number % 97}@vogel-pumpen.example>"
        mail["To"] = "Anna Berg <berg@nordholz.example>, einkauf@nordholz.example"
        mail["Subject"] = "AW: " + " ".join(rng.choices(words, cum_weights=weights, k=6))
        mail["Date"] = "Thu, 19 Nov 2026 09:41:00 +0100"
        mail["Message-ID"] = f"<{number}.{rng.getrandbits(60)}@vogel-pumpen.example>"
        mail["References"] = " ".join(f"<{number}.{old}@nordholz.example>" for old in range(3))
        mail["DKIM-Signature"] = "v=1; a=rsa-sha256; d=vogel-pumpen.example; b=" + "QUJD" * 80
        mail.set_content("\n\n".join(text), cte="quoted-printable")
        style = "font-family:Calibri,sans-serif;font-size:11.0pt;margin:0cm"
        html = "".join(
            f'<p class="MsoNormal" style="{style}"><span lang="DE">{line}</span></p>\n' for line in text
        )
        mail.add_alternative(f"<html><body>{html}</body></html>", subtype="html", cte="quoted-printable")
        if number % 7 == 0:
            start = rng.randrange(20_000)
            mail.add_attachment(
                files[start : start + 12_000], maintype="application", subtype="pdf", filename="Größe.pdf"
            )
        mails.append(bytes(mail))
    return mails


def timed(name: str, mails: list[bytes], step: Callable[[bytes], object]) -> None:
    best = float("inf")
    for _ in range(PASSES):
        start = time.process_time()
        for raw in mails:
            step(raw)
        best = min(best, time.process_time() - start)
    print(f"{name:<34}{best / len(mails) * 1e6:8.1f} µs{len(mails) / best:10.0f}/s")


def measure(mails: list[bytes]) -> None:
    roots = {raw: parse_parts(raw) for raw in mails}
    found = {raw: contents_of(root) for raw, root in roots.items()}
    plain = {raw: [p for body in found[raw].bodies for p in body.plain] for raw in mails}
    texts = {raw: "\n".join(part.text()[0] for part in plain[raw]) for raw in mails}
    html = {raw: [p.text()[0] for body in found[raw].bodies for p in body.html] for raw in mails}
    timed("header section", mails, lambda raw: split_header(raw, 0, len(raw)))
    timed("header section and parts", mails, parse_parts)
    timed("texts and files among the parts", mails, lambda raw: contents_of(roots[raw]))
    timed("decoding of the plain text", mails, lambda raw: [part.text() for part in plain[raw]])
    timed("subject, people", mails, lambda raw: _people(roots[raw].fields))
    timed("date", mails, lambda raw: plausible_date(roots[raw].fields.first(b"date"), ARRIVED))
    timed("digest", mails, lambda raw: digest(roots[raw].fields, raw[roots[raw].start :]))
    timed("folding of the text for search", mails, lambda raw: fold(texts[raw]))
    timed("zstd", mails, pack)
    timed("everything (parse_for_store)", mails, lambda raw: parse_for_store(raw, ARRIVED))
    timed("not in it: words of the HTML", mails, lambda raw: [html_words(text) for text in html[raw]])
    some = mails[:200]
    timed("not in it: reading (plain)", some, read_mail)
    timed("not in it: reading (HTML)", some, lambda raw: read_mail(raw, prefer_html=True))


def _people(fields: Fields) -> None:
    decode_field(fields.first(b"subject"))
    first_address(fields.first(b"from"))
    for name in (b"to", b"cc", b"bcc", b"reply-to"):
        field_addresses(fields.all(name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--mails", type=int, default=1_000)
    parser.add_argument("--maildir", type=Path)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    if options.maildir:
        files = (
            path
            for path in options.maildir.rglob("*")
            if path.parent.name in ("cur", "new") and path.is_file()
        )
        mails = [path.read_bytes() for path, _ in zip(files, range(options.mails), strict=False)]
    else:
        mails = made_mails(options.mails)
    size = sum(map(len, mails)) / len(mails)
    print(
        f"{len(mails)} mails of {size:,.0f} bytes, packed {sum(len(pack(raw)) for raw in mails) / len(mails):,.0f}"
    )
    measure(mails)
    if options.profile:
        cProfile.runctx(
            "for raw in mails: parse_for_store(raw, ARRIVED)", globals(), {"mails": mails}, sort="tottime"
        )


if __name__ == "__main__":
    main()
