"""A mail opened from the list: read, its source, its attachments and thread; on a real store."""

from __future__ import annotations

from pathlib import Path

from app.domain.crm.kinds import Kind
from app.services.crm import records as crm
from tests.screens.fake import NOW
from tests.screens.tray import TrayOpener
from tests.store.build import add_mail


async def test_a_mail_that_is_opened_is_read(tray: TrayOpener):
    async with tray() as seat:
        assert not seat.screen.mails.held[0].seen
        await seat.press("enter")
        await seat.until(lambda: seat.screen.mails.held[0].seen)
        await seat.press("q", "U")
        await seat.until(lambda: not seat.screen.mails.held[0].seen)


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


async def test_a_mail_that_its_thread_linked_says_so_on_arrival_and_above_its_text(tray: TrayOpener):
    async with tray(mails=1) as seat:
        lead = crm.create(seat.store, Kind.LEAD, {"title": "Vogel 2027"}, author="berg", now=NOW)
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
