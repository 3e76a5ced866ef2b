"""A file that came with a mail, read in its place: visiting cards, which `C` makes contacts, and invitations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from email.message import EmailMessage

from app.domain.crm.kinds import Kind
from app.screens.dialogs.boxes import Picker
from app.screens.mail.screen import MailScreen
from app.screens.records.form import RecordForm
from app.screens.records.page import RecordPage
from app.services.crm import records as crm
from app.store.database import Store
from app.widgets.choices import Choices
from app.widgets.field import Field
from tests.screens.busy_day import INVITATION
from tests.screens.card_index import shown, type_into
from tests.screens.conftest import Seat
from tests.screens.fake import NOW
from tests.screens.rooms import opened_on, put_mail, put_raw, texts
from tests.store.build import add_folder, add_mailbox

CONTACTS = "SELECT count(*) FROM contact"


def card(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))


MAX = card(
    "N:Vogel;Max;;Dr.;",
    "ORG:Vogel Maschinenbau",
    "TITLE:Leiter Einkauf",
    "TEL;TYPE=CELL:+49 171 555",
    "EMAIL:max@vogel.example",
    "ADR:;;Werkstraße 3;Öhringen;;74613;Deutschland",
)
NINA = card("FN:Nina Sommer", "ORG:Sommer KG", "EMAIL:nina@sommer.example")


@asynccontextmanager
async def reading_file(
    store: Store, file: str, kind: str = "vcard", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Seat]:
    """The app with this file open that came with the newest mail."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Silke Berger <silke.berger@vogel.example>", "vertrieb@haus.example"
    mail["Subject"], mail["Message-ID"] = "Unterlagen", "<1@vogel.example>"
    mail.set_content("Anbei.")
    mail.add_attachment(file, kind, filename="Datei.vcf" if kind == "vcard" else "Datei.ics")
    inbox = add_folder(store, add_mailbox(store))
    put_mail(store, inbox, 2)
    put_raw(store, inbox, 1, mail.as_bytes())
    async with opened_on(store, size) as seat:
        await seat.press("enter")
        await seat.until(lambda: seat.screen.has_attachments())
        await seat.press("a")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press("enter")
        await seat.until(lambda: seat.screen.reading.is_nested)
        await seat.quiet()
        yield seat


def head(seat: Seat) -> str:
    return str(seat.screen.query_one("#reading-head").text)


def links(store: Store) -> Sequence[tuple[str, int]]:
    """Which mails are linked, and to which contact."""
    sql = "SELECT m.subject, l.record_id FROM link l JOIN message m ON m.id = l.message_id WHERE l.kind = 'contact'"
    return [(row[0], row[1]) for row in store.read.rows(sql)]


async def test_a_contact_is_made_of_the_card_that_is_read(store: Store):
    async with reading_file(store, MAX) as seat:
        assert head(seat).split()[:4] == ["Anhang", "C", "neuer", "Kontakt"]
        await seat.press("C")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        await seat.press("enter")
        await seat.until(lambda: links(store))
        await seat.until(lambda: "Max Vogel" in "\n".join(texts(seat, "#reading")))
        assert seat.screen.reading.is_nested
    (number,) = crm.record_ids(store, Kind.CONTACT)
    data = crm.show(store, Kind.CONTACT, number).data
    assert links(store) == [("Unterlagen", number)]
    assert data.model_dump(exclude_defaults=True) == {
        "title": "Dr.",
        "first_name": "Max",
        "last_name": "Vogel",
        "company": "Vogel Maschinenbau",
        "emails": ({"value": "max@vogel.example"},),
        "phones": ({"value": "+49 171 555", "label": "mobil"},),
        "street": "Werkstraße 3",
        "postal_code": "74613",
        "city": "Öhringen",
        "country": "Deutschland",
        "assignee": "berg",
        "note": "Position: Leiter Einkauf",
    }


async def test_a_contact_with_an_address_of_the_card_is_opened(store: Store):
    values = {"last_name": "Vogel", "emails": "max@vogel.example", "customer_number": "K-7"}
    crm.create(store, Kind.CONTACT, values, author="berg", now=NOW)
    async with reading_file(store, MAX) as seat:
        await seat.press("C")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RecordPage) and "K-7" in shown(seat, "#fields"))
        await seat.press("q")
        await seat.until(lambda: isinstance(seat.app.screen, MailScreen))
        assert seat.screen.reading.is_nested
    assert store.read.value(CONTACTS) == 1


async def test_an_address_that_is_typed_into_the_form_of_a_card_is_looked_up_too(store: Store):
    crm.create(
        store, Kind.CONTACT, {"last_name": "Vogt", "emails": "v@adler.example"}, author="berg", now=NOW
    )
    async with reading_file(store, MAX) as seat:
        await seat.press("C")
        await type_into(seat, emails="V@adler.example")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        assert seat.app.screen.query_one(Choices).choices[0].title == "Öffnen: Vogt"
    assert store.read.value(CONTACTS) == 1


async def test_of_several_cards_one_is_chosen(store: Store):
    async with reading_file(store, MAX + NINA + card("TEL:+49 40 1")) as seat:
        assert "3 Visitenkarten" in "\n".join(texts(seat, "#reading"))
        await seat.press("C")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        found = [(choice.title, choice.detail) for choice in seat.app.screen.query_one(Choices).choices]
        assert found == [
            ("Max Vogel", "Vogel Maschinenbau"),
            ("Nina Sommer", "Sommer KG"),
            ("+49 40 1", ""),
        ]
        await seat.press("down", "enter")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        assert seat.app.screen.query_one("#field-emails", Field).value == "nina@sommer.example"
        await seat.press("escape")
        await seat.until(lambda: isinstance(seat.app.screen, MailScreen))
        await seat.press("C")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press("down", "down", "enter")
        await seat.until(lambda: "Diese Karte nennt weder Namen" in str(seat.screen.query_one("#keys").text))
    assert store.read.value(CONTACTS) == 0


async def test_a_hostile_card_fills_the_form_and_says_what_it_leaves_out(store: Store):
    many = [f"TEL:+49 40 {n}" for n in range(10_000)]
    async with reading_file(store, card("ORG:\x1b[2JBöse\u202e AG", "NOTE:\x1b]0;x\x07", *many)) as seat:
        assert "\x1b" not in "".join(texts(seat, "#reading"))
        await seat.press("C")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        assert "9.990 weitere Adressen und Nummern" in str(seat.app.screen.query_one("#line").content)
        await seat.press("enter")
        await seat.until(lambda: links(store))
    assert store.read.value("SELECT company FROM contact") == "\ufffd[2JBöse<RLO> AG"
    assert store.read.value("SELECT count(*) FROM contact_phone") == 10


async def test_an_open_invitation_is_no_mail_without_a_sender(store: Store):
    async with reading_file(store, INVITATION, "calendar") as seat:
        assert head(seat).strip().startswith("Anhang")
        assert "kein Absender" not in head(seat)
        await seat.press("C")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        assert seat.app.screen.query_one("#field-emails", Field).value == "silke.berger@vogel.example"


async def test_a_file_stays_open_when_its_mail_changes_and_closes_when_another_is_read(store: Store):
    async with reading_file(store, MAX, size=(200, 50)) as seat:
        with store.write() as tx:
            tx.run("UPDATE mail_copy SET flagged = 1")
        await seat.until(lambda: seat.screen.current.flagged and seat.screen.reading.reading.row.flagged)
        await seat.quiet()
        assert seat.screen.reading.is_nested
        assert "Anhang" in head(seat)
        await seat.press("J")
        await seat.until(lambda: "wir brauchen 2 Pumpen" in "\n".join(texts(seat, "#reading")))
        assert not seat.screen.reading.is_nested


async def test_the_raw_source_behind_an_open_file_is_that_of_its_mail(store: Store):
    async with reading_file(store, MAX) as seat:
        await seat.press("#")
        await seat.until(lambda: "Message-ID: <1@vogel.example>" in "\n".join(texts(seat, "#reading")))
        await seat.press("escape")
        await seat.until(lambda: not seat.screen.reading.shows_source)
        assert seat.screen.reading.is_nested
