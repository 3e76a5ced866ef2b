"""The way through the mails: the next unprocessed one, all of a filter, out of a search; on a real store."""

from __future__ import annotations

from app.store.sync import sync_state
from tests.screens.fake import NOW
from tests.screens.tray import TrayOpener
from tests.store.build import add_mail


async def test_with_the_last_mail_dealt_with_the_tray_is_empty(tray: TrayOpener):
    async with tray(mails=1) as seat:
        with seat.store.write() as tx:
            sync_state.note_mailbox(tx, 1, "", 0, NOW)
        await seat.press("N")
        await seat.until(lambda: seat.screen.wanted.unprocessed)
        await seat.press("t")
        await seat.until(lambda: seat.app.screen.query("#field-title"))
        await seat.press("enter")
        await seat.until(lambda: any("Der Postkorb ist leer." in line for line in seat.shown))
        assert "alles verarbeitet" in seat.screen.query_one("#top").text


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
