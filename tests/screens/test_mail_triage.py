"""Triage on the mail screen, on a real store: what a key does is in the store afterwards, and u takes it back."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.app import PostkorbApp
from app.domain.crm import Kind
from app.domain.mail import MailRow, Role
from app.domain.sync import FolderReport
from app.mail.errors import CommandRefused
from app.screens.desk import Desk
from app.screens.dialogs.boxes import Confirm, MessageBox, Picker
from app.services.crm import records as crm
from app.services.reading.reader import MailReader
from app.settings import Settings
from app.store.database import Store
from app.store.sync import sync_state
from app.widgets.choices import Choice, Choices
from tests.screens.conftest import Seat
from tests.screens.fake import NOW
from tests.store.build import add_folder, add_mail, add_mailbox

SOURCE = b"""From: Silke Berger <silke.berger@vogel.example>\r
To: vertrieb@haus.example\r
Subject: Anfrage Rahmenvertrag\r
Date: Fri, 20 Nov 2026 09:41:00 +0100\r
Message-ID: <%d@vogel.example>\r
Content-Type: multipart/mixed; boundary=x\r
\r
--x\r
Content-Type: text/plain; charset=utf-8\r
\r
Guten Tag,\r
bitte ein Angebot.\r
--x\r
Content-Type: text/plain; name="Liste.csv"\r
Content-Disposition: attachment; filename="Liste.csv"\r
\r
Pumpe;3\r
--x--\r
"""


class Tray(Seat):
    """A seat at a store of its own."""

    store: Store

    async def row(self, place: int) -> MailRow:
        """The mail on this line, as the list shows it."""
        await self.until(lambda: len(self.screen.mails.held) > place)
        return self.screen.mails.held[place]

    @property
    def told(self) -> str:
        """The bottom line."""
        return str(self.screen.query_one("#keys").text)

    async def said(self, words: str) -> None:
        await self.until(lambda: words in self.told)

    def value(self, sql: str) -> Any:
        return self.store.read.value(sql)


TrayOpener = Callable[..., AbstractAsyncContextManager[Tray]]


@pytest.fixture
def tray(tmp_path: Path) -> TrayOpener:
    """Opens the app on three mails of one sender in an inbox."""

    @asynccontextmanager
    async def open_tray(size: tuple[int, int] = (80, 24), mails: int = 3) -> AsyncIterator[Tray]:
        store = Store(tmp_path / "postkorb.db")
        box = add_mailbox(store)
        inbox = add_folder(store, box)
        for name, role in (
            ("Kunden", Role.NONE),
            ("Archiv", Role.ARCHIVE),
            ("Papierkorb", Role.TRASH),
            ("Junk", Role.JUNK),
        ):
            add_folder(store, box, name, role)
        now = int((NOW - timedelta(hours=5)).timestamp())
        for n in range(mails):
            copy = add_mail(store, inbox, subject=f"Anfrage {n}", date=now - n * 600, thread=n % 2 + 1)
            with store.write() as tx:
                tx.run("INSERT INTO message_source (raw) VALUES (?)", (_packed(SOURCE % n),))
                tx.run(
                    "UPDATE message SET source_id = (SELECT max(id) FROM message_source) WHERE id = ?",
                    (copy.message,),
                )
        desk = Desk(
            MailReader(store),
            Settings(),
            store=store,
            clock=lambda: NOW.astimezone(),
            author="A. Berg",
            downloads=tmp_path / "Downloads",
        )
        app = PostkorbApp(desk)
        async with app.run_test(size=size) as pilot:
            seat = Tray(app, pilot, desk.reader)  # type: ignore[arg-type]
            seat.store = store
            await seat.until(lambda: seat.screen.mails.total == mails)
            yield seat
        store.close()

    return open_tray


def _packed(raw: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor().compress(raw)


async def test_a_known_sender_is_linked_with_two_keys(tray: TrayOpener):
    async with tray() as seat:
        values = {"first_name": "Silke", "last_name": "Berger", "emails": "silke.berger@vogel.example"}
        crm.create(seat.store, Kind.CONTACT, values, author="A. Berg", now=NOW)
        await seat.press("l", "enter")
        await seat.said("1 Mail mit")
        await seat.until(lambda: seat.screen.mails.held[0].links)
        assert not seat.screen.mails.held[0].unprocessed
        assert "2 nicht verarbeitet" in seat.screen.query_one("#top").text
        await seat.press("u")
        await seat.until(lambda: not seat.screen.mails.held[0].links)


async def test_a_dialog_that_was_left_does_not_mind_what_was_still_on_its_way_to_it(
    tray: TrayOpener, monkeypatch: pytest.MonkeyPatch
):
    held, asked, given = threading.Event(), threading.Event(), threading.Event()

    def slow(*_args: object) -> list[object]:
        asked.set()
        assert held.wait(30)
        given.set()
        return []

    monkeypatch.setattr("app.services.crm.suggest.suggest", slow)
    async with tray() as seat:
        await seat.press("l")
        await seat.until(lambda: isinstance(seat.app.screen, Picker) and asked.is_set())
        box = seat.app.screen
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is seat.screen and not box.children)
        held.set()
        await seat.until(given.is_set)
        await seat.quiet()
        await seat.press("N")
        await seat.until(lambda: seat.screen.wanted.unprocessed)


async def test_two_keys_that_come_together_close_one_dialog_and_nothing_under_it(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("g", "c")
        await seat.until(lambda: len(seat.app.screen_stack) == 2)
        under = seat.app.screen
        box = MessageBox("Hinweis")
        seat.app.push_screen(box)
        await seat.until(lambda: box.is_mounted and box.is_open)
        box.leave(True)
        box.leave(True)
        await seat.until(lambda: not box.children)
        assert seat.app.screen is under


async def test_the_rest_of_the_thread_is_one_key_more(tray: TrayOpener):
    async with tray() as seat:
        values = {"first_name": "Silke", "last_name": "Berger", "emails": "silke.berger@vogel.example"}
        crm.create(seat.store, Kind.CONTACT, values, author="A. Berg", now=NOW)
        await seat.press("l", "enter")
        await seat.said("T 1 weitere im Faden")
        await seat.press("T")
        await seat.until(lambda: seat.value("SELECT count(*) FROM link") == 2)


async def test_an_unknown_sender_becomes_a_contact_by_way_of_the_same_key(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("l", "enter")
        await seat.until(lambda: seat.app.screen.query("#field-emails"))
        await seat.press("enter")
        await seat.until(lambda: seat.value("SELECT count(*) FROM link WHERE kind = 'contact'") == 1)
        assert seat.value("SELECT last_name FROM contact") == "Berger"


async def test_a_lead_is_made_of_the_selected_mails_in_one_step(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("*")
        await seat.until(lambda: len(seat.screen.mails.selection) == 3)
        await seat.press("L")
        await seat.until(lambda: seat.app.screen.query("#field-title"))
        await seat.press("tab", "tab", *"1200,50", "enter")
        await seat.until(lambda: seat.value("SELECT count(*) FROM link WHERE kind = 'lead'") == 3)
        assert seat.value("SELECT value FROM lead") == 120_050
        assert not seat.screen.mails.selection
        await seat.press("u")
        await seat.until(lambda: seat.value("SELECT count(*) FROM lead") == 0)
        assert seat.value("SELECT count(*) FROM link") == 0


async def test_the_contact_of_a_form_can_be_declined(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("L")
        await seat.until(lambda: seat.app.screen.query("#field-with_sender"))
        await seat.press("up", "space", "enter")
        await seat.until(lambda: seat.value("SELECT count(*) FROM lead") == 1)
        assert seat.value("SELECT count(*) FROM contact") == 0
        assert seat.value("SELECT contact_id FROM lead") is None


async def offered(seat: Tray) -> Sequence[Choice]:
    """What the picker that is opening offers."""
    await seat.until(lambda: isinstance(seat.app.screen, Picker))
    picker = seat.app.screen.query_one(Choices)
    await seat.until(lambda: picker.choices)
    return picker.choices


async def test_what_is_proposed_comes_from_the_selected_mails_not_from_the_one_under_the_cursor(
    tray: TrayOpener,
):
    async with tray() as seat:
        for name, address in (("Berger", "silke.berger@vogel.example"), ("Vogt", "vogt@adler.example")):
            values = {"last_name": name, "emails": address}
            crm.create(seat.store, Kind.CONTACT, values, author="A. Berg", now=NOW)
        with seat.store.write() as tx:
            tx.run("UPDATE message SET sender_address = 'vogt@adler.example' WHERE subject = 'Anfrage 1'")
        await seat.press("space", "down", "space", "home", "down", "l")
        assert [choice.title for choice in await offered(seat)] == ["Berger"]
        await seat.press("escape", "space", "l")
        likely = [(choice.title, choice.detail.partition("  ")[0]) for choice in await offered(seat)]
        assert likely == [("Berger", "passt zu 2 von 3"), ("Vogt", "passt zu 1 von 3")]


async def test_a_form_tells_what_cannot_be_used_and_stays(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("t")
        await seat.until(lambda: seat.app.screen.query("#field-due_on"))
        await seat.press("tab", *"demnächst", "enter")
        await seat.until(lambda: "demnächst" in str(seat.app.screen.query_one("#line").content))
        await seat.press("escape")
        assert seat.value("SELECT count(*) FROM task") == 0


async def test_a_comment_and_a_mark_show_in_the_list(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("c", *"Angerufen", "enter")
        await seat.until(lambda: seat.screen.mails.held[0].comments == 1)
        await seat.press("m", *"gelb", "enter")
        await seat.until(lambda: seat.screen.mails.held[0].mark == "yellow")
        await seat.press("enter")
        await seat.until(
            lambda: any("Angerufen" in s.text for line in seat.screen.reading.lines for s in line)
        )


async def test_a_mail_that_is_opened_is_read(tray: TrayOpener):
    async with tray() as seat:
        assert not seat.screen.mails.held[0].seen
        await seat.press("enter")
        await seat.until(lambda: seat.screen.mails.held[0].seen)
        await seat.press("q", "U")
        await seat.until(lambda: not seat.screen.mails.held[0].seen)


@pytest.mark.parametrize(
    ("key", "folder"), [("e", "Archiv"), ("d", "Papierkorb"), ("exclamation_mark", "Junk")]
)
async def test_filing_takes_the_mail_out_of_the_list_and_undo_brings_it_back(
    tray: TrayOpener, key: str, folder: str
):
    async with tray() as seat:
        await seat.press(key)
        await seat.until(lambda: seat.screen.mails.total == 2)
        assert seat.value(f"SELECT total FROM folder WHERE name = '{folder}'") == 1
        assert seat.screen.mails.current.subject == "Anfrage 1"
        await seat.press("u")
        await seat.until(lambda: seat.screen.mails.total == 3)


async def test_a_mail_moves_into_the_folder_that_was_typed(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("v", *"kund", "enter")
        await seat.until(lambda: seat.value("SELECT total FROM folder WHERE name = 'Kunden'") == 1)


async def test_what_lies_in_the_trash_is_deleted_for_good_only_when_asked(tray: TrayOpener):
    async with tray(mails=1) as seat:
        await seat.press("d")
        await seat.until(lambda: seat.screen.mails.total == 0)
        await seat.press("left", "end", "enter")
        await seat.until(lambda: seat.screen.mails.total == 1)
        await seat.press("d")
        await seat.until(lambda: len(seat.app.screen_stack) == 2)
        await seat.press("escape")
        assert seat.value("SELECT count(*) FROM mail_copy") == 1


async def test_with_the_last_mail_dealt_with_the_tray_is_empty(tray: TrayOpener):
    async with tray(mails=1) as seat:
        await seat.press("N")
        await seat.until(lambda: seat.screen.wanted.unprocessed)
        await seat.press("t")
        await seat.until(lambda: seat.app.screen.query("#field-title"))
        await seat.press("enter")
        await seat.until(lambda: any("Der Postkorb ist leer." in line for line in seat.shown))
        assert "alles verarbeitet" in seat.screen.query_one("#top").text


async def test_nothing_to_undo_is_told_in_one_line(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("u")
        await seat.said("Nichts rückgängig zu machen")
        assert len(seat.app.screen_stack) == 1


async def test_the_cursor_stands_on_what_undo_brought_back(tray: TrayOpener):
    async with tray(mails=60) as seat:
        mails = seat.screen.mails
        await seat.press(*"jj", "e")
        await seat.until(lambda: mails.total == 59)
        await seat.press("end")
        await seat.until(lambda: mails.current and mails.current.subject == "Anfrage 0")
        await seat.press("u")
        await seat.until(lambda: mails.current and mails.current.subject == "Anfrage 57")
        assert mails.total == 60
        assert mails.top <= mails.cursor < mails.top + mails.height


async def test_undo_leaves_the_screen_where_it_is_when_the_mail_is_on_it(tray: TrayOpener):
    async with tray(mails=60) as seat:
        mails = seat.screen.mails
        await seat.press("pagedown", *"jjj", "e")
        await seat.until(lambda: mails.total == 59)
        gone, top = mails.cursor, mails.held[mails.top].subject
        await seat.press(*"jjjj", "u")
        await seat.until(lambda: mails.total == 60 and mails.cursor == gone)
        assert mails.held[mails.top].subject == top


async def test_undo_says_where_a_mail_is_that_the_list_does_not_show(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("e")
        await seat.until(lambda: seat.screen.mails.total == 2)
        await seat.press("left", "down", "enter")
        await seat.until(lambda: seat.screen.wanted.folder_id == 2)
        await seat.press("u")
        await seat.said("liegt in „Posteingang“")
        assert seat.screen.wanted.folder_id == 2


async def test_all_mails_that_pass_the_filter_are_selected_and_the_same_key_clears(tray: TrayOpener):
    async with tray(mails=30) as seat:
        mails = seat.screen.mails
        with seat.store.write() as tx:
            tx.run("UPDATE mail_copy SET flagged = 1 WHERE id % 3 = 0")
        await seat.press("F", "j", "j", "space", "enter")
        await seat.until(lambda: mails.total == 10)
        await seat.press("*")
        await seat.said("10 Mails gewählt")
        assert len(mails.selection) == 10
        await seat.press("*")
        await seat.said("Nichts mehr gewählt")
        assert not mails.selection


@pytest.mark.parametrize(
    ("key", "question"),
    [("e", "archivieren?"), ("d", "löschen?"), ("exclamation_mark", "Spam ablegen?")],
)
async def test_many_mails_are_filed_only_after_a_question(tray: TrayOpener, key: str, question: str):
    async with tray(mails=21) as seat:
        mails = seat.screen.mails
        await seat.press("*")
        await seat.until(lambda: len(mails.selection) == 21)
        await seat.press(key)
        await seat.until(lambda: isinstance(seat.app.screen, Confirm))
        assert question in str(seat.app.screen.query_one(".title").content)
        await seat.press("escape")
        await seat.until(lambda: len(seat.app.screen_stack) == 1)
        assert len(mails.selection) == 21
        assert seat.value("SELECT count(*) FROM operation") == 0
        await seat.press(key, "enter")
        await seat.until(lambda: mails.total == 0)
        await seat.press("u")
        await seat.until(lambda: mails.total == 21)


async def test_a_search_that_is_not_understood_lists_nothing_and_says_why(tray: TrayOpener):
    async with tray(mails=3) as seat:
        await seat.press("/", *"vor:quatsch", "enter")
        await seat.until(lambda: any("„quatsch“ ist kein Datum" in line for line in seat.shown))
        assert seat.screen.mails.total == 0
        await seat.press("/", *"ist:wichtig", "enter")
        await seat.until(lambda: any("Nichts gefunden." in line for line in seat.shown))
        await seat.press("escape", "i", "/", *"ist:wichtig", "enter")
        await seat.until(lambda: seat.screen.wanted.query == "ist:wichtig" and seat.screen.mails.total == 1)


async def test_the_way_through_the_unprocessed_mails_begins_with_the_first(tray: TrayOpener):
    async with tray(mails=3) as seat:
        await seat.press("n")
        await seat.said("beginnen Sie mit ihr")
        assert seat.screen.mails.cursor == 0
        await seat.press("n")
        await seat.until(lambda: seat.screen.mails.cursor == 1)


async def test_a_key_without_a_use_says_so(tray: TrayOpener):
    async with tray(mails=1) as seat:
        await seat.press("B")
        await seat.said("B ist hier nicht belegt, ? zeigt alle Tasten")


async def test_leaving_a_search_leads_back_to_the_mail_it_began_at(tray: TrayOpener):
    async with tray(mails=60) as seat:
        mails = seat.screen.mails
        await seat.press("end")
        await seat.until(lambda: mails.current and mails.current.subject == "Anfrage 0")
        for leave in (("escape",), ("enter", "escape")):
            await seat.press("/", *"quatsch")
            await seat.until(lambda: seat.screen.wanted.query and mails.total == 0)
            await seat.press(*leave)
            await seat.until(lambda: mails.current and mails.current.subject == "Anfrage 0")


async def test_the_last_unprocessed_mail_is_not_an_empty_tray(tray: TrayOpener):
    async with tray(mails=1) as seat:
        await seat.press("n", "n")
        await seat.said("Das ist die letzte nicht verarbeitete Mail.")


async def test_the_next_unprocessed_mail_may_lie_in_another_folder(tray: TrayOpener):
    async with tray(mails=1) as seat:
        add_mail(seat.store, 2, subject="Bei den Kunden", date=int(NOW.timestamp()) - 90_000)
        await seat.until(lambda: seat.screen.folders[1].unprocessed == 1)
        await seat.press("n", "n")
        await seat.until(lambda: seat.screen.mails.current and seat.screen.mails.current.folder_id == 2)
        await seat.said("in „Kunden“")
        await seat.press("n")
        await seat.until(lambda: seat.screen.mails.current and seat.screen.mails.current.folder_id == 1)


async def test_the_next_unprocessed_mail_is_looked_for_in_this_list_before_any_other(tray: TrayOpener):
    async with tray(mails=3) as seat:
        between = int(NOW.timestamp()) - 5 * 3600 - 300
        add_mail(seat.store, 2, subject="Bei den Kunden", date=between)
        await seat.until(lambda: seat.screen.folders[1].unprocessed == 1)
        await seat.press("n")
        for place in (1, 2):
            await seat.press("n")
            await seat.until(lambda p=place: seat.screen.mails.cursor == p)
        assert seat.screen.wanted.folder_id == 1
        await seat.press("n")
        await seat.said("wieder von oben")
        assert seat.screen.mails.cursor == 0


async def test_the_bottom_line_offers_no_key_that_means_something_else_here(tray: TrayOpener):
    async with tray() as seat:
        assert "l verknüpfen" in seat.screen.query_one("#keys").text
        await seat.press("left")
        await seat.until(lambda: "Enter öffnen" in seat.screen.query_one("#keys").text)
        assert "verknüpfen" not in seat.screen.query_one("#keys").text


async def test_a_folder_without_unprocessed_mail_does_not_call_the_tray_empty(tray: TrayOpener):
    async with tray(mails=2) as seat:
        await seat.press("left", "down", "enter")
        await seat.until(lambda: seat.screen.wanted.folder_id == 2)
        await seat.press("N")
        await seat.until(lambda: any("Hier ist alles verarbeitet." in line for line in seat.shown))
        assert any("n führt zu 2 nicht verarbeiteten Mails" in line for line in seat.shown)
        await seat.press("n")
        await seat.until(lambda: seat.screen.mails.current and seat.screen.wanted.folder_id == 1)
        assert seat.screen.wanted.unprocessed


async def test_the_list_comes_back_from_reading_as_it_was(tray: TrayOpener):
    async with tray(mails=60) as seat:
        mails = seat.screen.mails
        await seat.press("pagedown", *"jjjjj")
        await seat.until(lambda: mails.current is not None)
        top, cursor = mails.top, mails.cursor
        assert 0 < top < cursor
        await seat.press("enter")
        await seat.until(lambda: mails.current.seen and seat.screen.reading.reading)
        await seat.press("J", "K")
        await seat.until(lambda: mails.cursor == cursor)
        add_mail(seat.store, 1, subject="Neu", date=int(NOW.timestamp()))
        await seat.until(lambda: mails.total == 61)
        await seat.press("q")
        await seat.until(lambda: mails.display and mails.size.height)
        assert (mails.top, mails.cursor) == (top + 1, cursor + 1)


async def test_escape_leaves_the_raw_source_and_not_the_mail(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("enter")
        await seat.until(lambda: seat.screen.is_reading())
        for key in ("escape", "q"):
            await seat.press("#")
            await seat.until(lambda: seat.screen.reading.shows_source)
            await seat.press(key)
            await seat.until(lambda: not seat.screen.reading.shows_source)
            assert seat.screen.reading_open
        await seat.press("escape")
        await seat.until(lambda: not seat.screen.reading_open)


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
            tx.run("UPDATE message_source SET raw = ?", (_packed(b"Subject: Ohne\r\n\r\nText\r\n"),))
        await seat.press("J")
        await seat.until(lambda: seat.screen.reading.reading.mail.subject == "Ohne")
        await seat.press("a")
        await seat.said("Diese Mail hat keine Anhänge.")


async def test_an_attachment_is_saved_beside_another_of_its_name(tray: TrayOpener, tmp_path: Path):
    folder = tmp_path / "Downloads"
    folder.mkdir()
    (folder / "Liste.csv").write_text("alt")
    async with tray() as seat:
        await seat.press("enter")
        await seat.until(lambda: seat.screen.has_attachments())
        await seat.press("a", *"sichern", "enter")
        await seat.until(lambda: len(seat.app.screen_stack) == 2 and seat.app.screen.query("Field"))
        await seat.until(lambda: "Liste.csv" in str(seat.app.screen.query_one("#line").content))
        await seat.press("enter")
        await seat.said("1 Datei gesichert")
        assert (folder / "Liste.csv").read_text() == "alt"
        assert (folder / "Liste (2).csv").read_bytes().strip() == b"Pumpe;3"


async def test_an_attachment_is_read_in_place_and_left_again(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("enter")
        await seat.until(lambda: seat.screen.has_attachments())
        await seat.press("a", *"lesen", "enter")
        await seat.until(lambda: seat.screen.reading.is_nested)
        assert any("Pumpe;3" in s.text for line in seat.screen.reading.lines for s in line)
        await seat.press("q")
        await seat.until(lambda: not seat.screen.reading.is_nested)
        assert any("Guten Tag" in s.text for line in seat.screen.reading.lines for s in line)


async def test_the_raw_source_is_one_key_away(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("enter")
        await seat.until(lambda: seat.screen.is_reading())
        await seat.press("#")
        await seat.until(
            lambda: any("boundary=x" in s.text for line in seat.screen.reading.lines for s in line)
        )
        await seat.press("#")
        await seat.until(
            lambda: any("Guten Tag" in s.text for line in seat.screen.reading.lines for s in line)
        )


async def test_what_another_process_writes_is_seen(tray: TrayOpener, tmp_path: Path):
    async with tray() as seat:
        other = Store(tmp_path / "postkorb.db")
        add_mail(other, 1, subject="Gerade eben", date=int(NOW.timestamp()))
        other.close()
        await seat.until(lambda: seat.screen.mails.total == 4)


async def test_another_mail_of_the_thread_is_chosen_from_a_list(tray: TrayOpener):
    async with tray() as seat:
        await seat.press("enter")
        await seat.until(lambda: seat.screen.is_reading() and seat.screen.has_thread_mates())
        assert "2. von 2 im Faden" in seat.screen.query_one("#reading-head").text
        await seat.press("y")
        await seat.until(lambda: len(seat.app.screen_stack) == 2)
        await seat.press("enter")
        await seat.until(lambda: seat.screen.current.subject == "Anfrage 0")
        await seat.until(lambda: seat.screen.reading.reading.row.subject == "Anfrage 0")


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


async def test_a_mail_that_its_thread_linked_says_so_on_arrival_and_above_its_text(tray: TrayOpener):
    async with tray(mails=1) as seat:
        lead = crm.create(seat.store, Kind.LEAD, {"title": "Vogel 2027"}, author="A. Berg", now=NOW)
        add_mail(seat.store, 1, subject="Nachtrag", date=int(NOW.timestamp()), thread=1)
        link = "INSERT INTO link (message_id, kind, record_id, origin, created_at) SELECT id, 'lead', ?, 'thread', ? FROM message"
        await seat.until(lambda: seat.screen._last_link is not None)
        with seat.store.write() as tx:
            tx.run(f"{link} WHERE subject = 'Nachtrag'", (lead.id, int(NOW.timestamp())))
            tx.run("UPDATE message SET source_id = 1")
        await seat.said("1 neue Mail über ihren Faden verknüpft: Lead Vogel 2027")
        await seat.press("home", "enter")
        await seat.until(
            lambda: any(
                "Lead Vogel 2027 (über den Faden)" in s.text
                for line in seat.screen.reading.lines
                for s in line
            )
        )


async def test_a_long_title_does_not_take_the_room_of_the_keys_that_follow(tray: TrayOpener):
    async with tray() as seat:
        crm.create(seat.store, Kind.LEAD, {"title": "Sonderausführung " * 8}, author="A. Berg", now=NOW)
        await seat.press("l", *"sonder")
        await seat.until(lambda: "Sonderausführung" in str(seat.app.screen.query_one("Choices").choices))
        await seat.press("enter")
        await seat.said("u rückgängig")
        assert "T 1 weitere im Faden" in seat.told
        assert "1 Mail mit „Sonderausführung" in seat.told
