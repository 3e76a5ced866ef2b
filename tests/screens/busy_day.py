"""A store as a rep has it in the middle of a day: mail in threads and with files, records, a search to narrow it down."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from app.domain.crm.kinds import Kind
from app.domain.mail.messages import ArrivedMail, Flags, Role
from app.domain.mail.triage import Selection
from app.mail.mime.parsed import parse_for_store
from app.services import triage
from app.store.database import Store
from app.store.mail.incoming import take_in
from tests.screens.card_index import fill
from tests.screens.fake import NOW
from tests.store.build import Copy

INVITATION = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Vogel//DE
BEGIN:VEVENT
UID:abnahme@vogel.example
DTSTAMP:20261119T080000Z
DTSTART:20261203T090000Z
DTEND:20261203T110000Z
SUMMARY:Abnahme der Pumpen in Öhringen
LOCATION:Werkstraße 3, Öhringen
ORGANIZER;CN=Silke Berger:mailto:silke.berger@vogel.example
DESCRIPTION:Bitte Sicherheitsschuhe mitbringen.
END:VEVENT
END:VCALENDAR
"""
CARD = """BEGIN:VCARD
VERSION:3.0
N:Berger;Silke;;;
FN:Silke Berger
ORG:Vogel Maschinenbau
TITLE:Leiterin Einkauf
TEL;TYPE=WORK:+49 711 555 01
EMAIL:silke.berger@vogel.example
END:VCARD
"""


def busy_day(store: Store) -> dict[str, Copy]:
    """Mailbox and records of `card_index.fill`; on top of its inbox a thread of three mails and a mail with files."""
    fill(store)
    mails = {
        "first": _mail(store, 101, "Lieferzeit der Pumpen", "Wie lange ist die Lieferzeit der Pumpen?"),
        "second": _mail(
            store, 102, "Re: Lieferzeit der Pumpen", "Wir brauchen die Antwort noch heute.", after=101
        ),
        "third": _mail(store, 103, "Re: Lieferzeit der Pumpen", "Danke, das passt uns.", after=102),
        "files": _mail(store, 104, "Abnahme und Unterlagen", "Anbei der Termin und meine Karte.", files=True),
    }
    ours = Selection(copies=(mails["files"].id,))
    triage.comment(store, ours, "Rückruf bis Montag zugesagt", author="A. Berg", now=NOW)
    triage.link(store, ours, Kind.LEAD, 1, author="A. Berg", now=NOW)
    return mails


def _mail(store: Store, uid: int, subject: str, text: str, *, after: int = 0, files: bool = False) -> Copy:
    """A mail on top of the inbox, the higher its number the newer."""
    mail, date = EmailMessage(), NOW - timedelta(minutes=110 - uid)
    mail["From"] = "Silke Berger <silke.berger@vogel.example>"
    mail["To"] = "vertrieb@haus.example"
    mail["Cc"] = "Max Vogel <max@vogel.example>"
    mail["Subject"], mail["Date"], mail["Message-ID"] = (
        subject,
        format_datetime(date),
        f"<{uid}@vogel.example>",
    )
    if after:
        mail["In-Reply-To"] = mail["References"] = f"<{after}@vogel.example>"
    mail.set_content(f"Guten Tag Frau Berg,\n\n{text}\n\nMit freundlichen Grüßen\nSilke Berger\n")
    if files:
        mail.add_attachment(INVITATION, "calendar", filename="Abnahme.ics")
        mail.add_attachment(CARD, "vcard", filename="Silke Berger.vcf")
        mail.add_attachment(bytes(48_000), "application", "pdf", filename="Datenblatt.pdf")
        mail.set_boundary("Grenze")
    inbox = int(store.read.value("SELECT id FROM folder WHERE role = 'inbox'"))
    arrived = ArrivedMail(uid, Flags(), parse_for_store(mail.as_bytes(), date))
    with store.write() as tx:
        take_in(tx, inbox, Role.INBOX, [arrived], NOW)
        row = tx.row("SELECT id, message_id FROM mail_copy WHERE folder_id = ? AND uid = ?", (inbox, uid))
    assert row is not None
    return Copy(row[0], row[1], inbox, uid)
