"""Linking, making records, comments and marks on the mail screen, on a real store: what a key does is in the store."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from app.domain.crm.kinds import Kind
from app.screens.dialogs.boxes import MessageBox, Picker
from app.services.crm import records as crm
from app.widgets.choices import Choice, Choices
from tests.screens.fake import NOW
from tests.screens.test_mail_filing import change_under_the_dialog
from tests.screens.tray import Tray, TrayOpener


async def test_a_known_sender_is_linked_with_two_keys(tray: TrayOpener):
    async with tray() as seat:
        values = {"first_name": "Silke", "last_name": "Berger", "emails": "silke.berger@vogel.example"}
        crm.create(seat.store, Kind.CONTACT, values, author="berg", now=NOW)
        await seat.press("l", "enter")
        await seat.said("1 Mail mit")
        await seat.until(lambda: seat.screen.mails.held[0].links)
        assert not seat.screen.mails.held[0].unprocessed
        assert "2 nicht verarbeitet" in seat.screen.query_one("#top").text
        await seat.press("u")
        await seat.until(lambda: not seat.screen.mails.held[0].links)


async def test_the_mail_that_was_asked_about_is_linked_although_the_list_changed(tray: TrayOpener):
    async with tray() as seat:
        values = {"first_name": "Silke", "last_name": "Berger", "emails": "silke.berger@vogel.example"}
        crm.create(seat.store, Kind.CONTACT, values, author="berg", now=NOW)
        await seat.press("l")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.quiet()
        await change_under_the_dialog(seat)
        dialog = seat.app.screen
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is not dialog)
        await seat.quiet()
        assert (
            seat.value("SELECT count(*) FROM link WHERE message_id IN (SELECT message_id FROM mail_copy)")
            == 0
        )


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
        crm.create(seat.store, Kind.CONTACT, values, author="berg", now=NOW)
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
            crm.create(seat.store, Kind.CONTACT, values, author="berg", now=NOW)
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
