"""Writes a Maildir of any size for the measures: German sales mail of about 14 kB, the same every time; no real mail."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import accumulate
from pathlib import Path

from benchmarks.synthetic import END, vocabulary

FOLDERS = (("INBOX", 55), ("Gesendet", 18), ("Kunden", 12), ("Angebote", 10), ("Archiv", 5))
YEARS = 5
_STYLE = (
    "<style>p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:Calibri,sans-serif}\na:link {color:#0563C1}</style>"
    * 8
)


def write_maildir(root: Path, mails: int) -> None:
    """A Maildir++ with so many mails at `root`, about 1,500 a second."""
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 2.7) ** 1.02 for rank in range(len(words))))
    shares = list(accumulate(share for _, share in FOLDERS))
    places = []
    for name, _ in FOLDERS:
        place = root if name == "INBOX" else root / f".{name}"
        for part in ("cur", "new", "tmp"):
            (place / part).mkdir(parents=True)
        places.append(place)
    for number in range(mails):
        rng = random.Random(number)
        place = rng.choices(places, cum_weights=shares)[0]
        seen = "S" if rng.random() < 0.9 else ""
        text = " ".join(
            rng.choices(words, cum_weights=weights, k=min(1_500, max(12, int(rng.lognormvariate(4.9, 0.8)))))
        )
        at = END - YEARS * 365 * 86_400 * (mails - number) // mails
        raw = message(number, text, rng, datetime.fromtimestamp(at, UTC))
        (place / "cur" / f"{at}.M{number}P1.bench:2,{seen}").write_bytes(raw)


def message(number: int, text: str, rng: random.Random, date: datetime) -> bytes:
    """One mail with plain text, mostly HTML too, and in one of nine a file."""
    mail = EmailMessage(policy=SMTP.clone(linesep="\n"))
    who = rng.randrange(400)
    mail["Received"] = (
        f"from mx.kunde{who}.example by mail.haus.example with ESMTPS id {rng.getrandbits(40):010X}; {format_datetime(date)}"
    )
    mail["DKIM-Signature"] = f"v=1; a=rsa-sha256; d=kunde{who}.example; s=mail; b={rng.randbytes(256).hex()}"
    mail["Date"] = date
    mail["From"] = f"Kundin Nr. {who} Jäger <kontakt@kunde{who}.example>"
    mail["To"] = "Vertrieb <vertrieb@haus.example>"
    mail["Subject"] = " ".join(text.split()[:4])
    mail["Message-ID"] = f"<{number}@kunde{who}.example>"
    if number and rng.random() < 0.5:
        mail["In-Reply-To"] = mail["References"] = f"<{number - 1}@kunde{who}.example>"
    mail.set_content(f"Guten Tag,\n\n{text}\n\nMit freundlichen Grüßen\nKundin Nr. {who}\n")
    if rng.random() < 0.75:
        rows = "".join(
            f"<p class='MsoNormal'><span style='font-size:11.0pt'>{line}</span></p>\n"
            for line in text.split(" und ")
        )
        mail.add_alternative(f"<html><head>{_STYLE}</head><body>{rows}</body></html>", subtype="html")
    if rng.random() < 0.115:
        mail.add_attachment(
            rng.randbytes(int(5_000 * 16 ** rng.random())),
            maintype="application",
            subtype="pdf",
            filename=f"Angebot_{number}.pdf",
        )
    return mail.as_bytes()
