"""Filing on the mail screen, on a real store, and `u`, which takes it back and shows what came back."""

from __future__ import annotations

import pytest

from app.screens.dialogs.boxes import Confirm
from tests.screens.rooms import texts
from tests.screens.test_mail_dialogs import open_folder
from tests.screens.tray import Tray, TrayOpener


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


async def change_under_the_dialog(seat: Tray) -> None:
    """The mail that a dialog is about goes elsewhere, so that the list has another one under its cursor."""
    screen = seat.app.screen_stack[0]
    asked, left = screen.current.copy_id, screen.mails.total - 1
    with seat.store.write() as tx:
        tx.run("DELETE FROM mail_copy WHERE id = ?", (asked,))
    screen.follow_store()
    await seat.until(lambda: screen.mails.total == left and screen.current.copy_id != asked)


@pytest.mark.parametrize("before_the_question", [False, True])
async def test_only_the_mail_that_was_named_is_deleted_for_good(
    tray: TrayOpener, monkeypatch: pytest.MonkeyPatch, before_the_question: bool
):
    async with tray() as seat:
        with seat.store.write() as tx:
            tx.run("UPDATE mail_copy SET folder_id = (SELECT id FROM folder WHERE role = 'trash')")
        await open_folder(seat, "Papierkorb")
        screen = seat.screen
        await seat.until(lambda: screen.mails.total == 3)
        named = screen.current.subject
        if before_the_question:
            write, answers = screen.write, []
            monkeypatch.setattr(
                screen,
                "write",
                lambda work, after: write(work, lambda found: answers.append(lambda: after(found))),
            )
            await seat.press("d")
            await seat.until(lambda: answers)
            await change_under_the_dialog(seat)
            monkeypatch.undo()
            answers[0]()
        else:
            await seat.press("d")
        await seat.until(lambda: isinstance(seat.app.screen, Confirm))
        await seat.quiet()
        assert named in "\n".join(texts(seat, "#line"))
        if not before_the_question:
            await change_under_the_dialog(seat)
        dialog = seat.app.screen
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is not dialog)
        await seat.quiet()
        assert seat.value("SELECT count(*) FROM mail_copy") == 2


@pytest.mark.parametrize(
    ("keys", "done"),
    [
        (("v", *"kund"), "SELECT count(*) FROM mail_copy WHERE folder_id > 1"),
        (("m",), "SELECT count(*) FROM mark"),
        (("c", *"ja"), "SELECT count(*) FROM comment"),
    ],
)
async def test_a_dialog_works_on_the_mail_it_was_opened_for(
    tray: TrayOpener, keys: tuple[str, ...], done: str
):
    async with tray() as seat:
        screen = seat.screen
        await seat.press(*keys)
        await seat.until(lambda: seat.app.screen is not screen)
        await change_under_the_dialog(seat)
        dialog = seat.app.screen
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is not dialog)
        await seat.quiet()
        assert seat.value(done) == 0
