"""What the lines around the list say: keys that hold, why a key does nothing, how the folders stand."""

from __future__ import annotations

from pathlib import Path

from app.domain.crm.kinds import Kind
from app.domain.mail.sync import FolderReport
from app.mail.errors import CommandRefused
from app.mail.mime import pack
from app.screens.ledger.screen import LedgerScreen
from app.services.crm import records as crm
from app.store.database import Store
from app.store.sync import sync_state
from app.widgets.bar import Bar
from tests.screens.fake import NOW
from tests.screens.tray import Tray, TrayOpener
from tests.store.build import add_mail


async def test_a_key_without_a_use_says_so(tray: TrayOpener):
    async with tray(mails=1) as seat:
        await seat.press("V")
        await seat.said("V ist hier nicht belegt, ? zeigt alle Tasten")


async def test_the_bottom_line_offers_no_key_that_means_something_else_here(tray: TrayOpener):
    async with tray() as seat:
        assert "l verknüpfen" in seat.screen.query_one("#keys").text
        await seat.press("left")
        await seat.until(lambda: "Enter öffnen" in seat.screen.query_one("#keys").text)
        assert "verknüpfen" not in seat.screen.query_one("#keys").text


async def test_a_key_that_has_nothing_to_do_says_why(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("a")
        await seat.said("Nur wenn eine Mail offen ist: Enter öffnet sie.")
        await seat.press("X")
        await seat.said("Diese Mail ist nicht verknüpft.")
        await seat.press("j", "enter")
        await seat.until(lambda: seat.screen.is_reading())
        await seat.press("y")
        await seat.said("Diese Mail ist die einzige ihres Fadens.")
        with seat.store.write() as tx:
            tx.run("UPDATE message_source SET raw = ?", (pack(b"Subject: Ohne\r\n\r\nText\r\n"),))
        await seat.press("J")
        await seat.until(lambda: seat.screen.reading.reading.mail.subject == "Ohne")
        await seat.press("a")
        await seat.said("Diese Mail hat keine Anhänge.")


async def test_what_another_process_writes_is_seen(tray: TrayOpener, tmp_path: Path):
    async with tray() as seat:
        other = Store(tmp_path / "postkorb.db")
        add_mail(other, 1, subject="Gerade eben", date=int(NOW.timestamp()))
        other.close()
        await seat.until(lambda: seat.screen.mails.total == 4)


async def test_a_folder_that_could_not_be_read_says_why(tray: TrayOpener):
    async with tray() as seat:
        with seat.store.write() as tx:
            tx.run("UPDATE folder SET last_error = 'The server said \x1b[31mno' WHERE id = 1")
        await seat.until(lambda: "The server said" in seat.screen.query_one("#headline").text)
        assert "\x1b" not in seat.screen.query_one("#headline").text


async def test_why_a_folder_could_not_be_read_is_told_in_german(tray: TrayOpener):
    noted = str(CommandRefused("the server counts 5 mails and names none"))
    async with tray() as seat:
        with seat.store.write() as tx:
            sync_state.note_report(tx, 1, FolderReport("INBOX", error=noted), NOW)
        told = "Der Server hat den Befehl abgelehnt: der Server zählt 5 Mails und nennt keine"
        await seat.until(lambda: told in [item.text for item in seat.screen.headline_items()])


async def test_a_long_title_does_not_take_the_room_of_the_keys_that_follow(tray: TrayOpener):
    async with tray() as seat:
        crm.create(seat.store, Kind.LEAD, {"title": "Sonderausführung " * 8}, author="berg", now=NOW)
        await seat.press("l", *"sonder")
        await seat.until(lambda: "Sonderausführung" in str(seat.app.screen.query_one("Choices").choices))
        await seat.press("enter")
        await seat.said("u rückgängig")
        assert "T 1 weitere im Faden" in seat.told
        assert "1 Mail mit „Sonderausführung" in seat.told


async def test_an_empty_list_says_that_the_server_does_not_answer_and_where_to_look(tray: TrayOpener) -> None:
    async with tray(mails=0) as seat:
        with seat.store.write() as tx:
            why = "The server cannot be reached: imap.haus.example: [Errno 111] Connection refused"
            tx.run("UPDATE mailbox SET sync_error = ?", (why,))
        await seat.until(lambda: "Die Mails von vertrieb können nicht geholt werden." in listed(seat))
        assert "Der Server ist nicht erreichbar: imap.haus.example" in listed(seat)
        assert "Connection refused" in " ".join(listed(seat).split())  # broken between two words
        assert "g s zeigt, wie es steht." in listed(seat)
        with seat.store.write() as tx:
            sync_state.note_answer(tx, 1)
        await seat.until(lambda: "Die ersten Mails werden geholt." in listed(seat))
        with seat.store.write() as tx:
            sync_state.note_mailbox(tx, 1, "", 0, NOW)
        await seat.until(lambda: "Dieser Ordner ist leer." in listed(seat))


async def test_a_tray_is_not_called_empty_while_its_mail_cannot_be_fetched(tray: TrayOpener) -> None:
    async with tray(mails=0) as seat:
        await seat.press("N")
        await seat.until(lambda: "Die ersten Mails werden geholt." in listed(seat))
        with seat.store.write() as tx:
            sync_state.note_mailbox(tx, 1, "The server cannot be reached: imap.haus.example", 0, NOW)
        await seat.until(lambda: "können nicht geholt werden" in listed(seat))
        with seat.store.write() as tx:
            sync_state.note_mailbox(tx, 1, "", 0, NOW)
        await seat.until(lambda: "Der Postkorb ist leer." in listed(seat))


async def test_an_empty_list_says_that_its_folder_cannot_be_read(tray: TrayOpener) -> None:
    async with tray(mails=0) as seat:
        with seat.store.write() as tx:
            sync_state.note_report(tx, 1, FolderReport("INBOX", error=str(CommandRefused("no rights"))), NOW)
        await seat.until(lambda: "Dieser Ordner kann nicht gelesen werden." in listed(seat))
        assert "Der Server hat den Befehl abgelehnt: no rights" in listed(seat)


async def test_where_no_mailbox_can_be_kept_the_keys_that_connect_one_say_so(tray: TrayOpener) -> None:
    async with tray() as seat:
        await seat.press("g", "a")
        await seat.said("Die Demo behält nichts, auch kein Postfach")
        await seat.press("g", "s")
        await seat.until(lambda: isinstance(seat.app.screen, LedgerScreen))
        for key in ("a", "E", "D"):
            await seat.press("down")
            await seat.until(lambda: not seat.app.screen.is_telling)
            await seat.press(key)
            bottom = seat.app.screen.query_one("#keys", Bar)
            await seat.until(lambda bottom=bottom: "Die Demo behält nichts" in bottom.text)


def listed(seat: Tray) -> str:
    """What stands in the list."""
    return "\n".join(seat.shown)
