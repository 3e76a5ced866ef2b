"""Leaving the app: mail that waits is asked about, and what was written is kept however the app ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.domain.mail.outbox import OutState
from app.screens.dialogs.boxes import Confirm, MessageBox
from app.screens.dialogs.leaving import LeaveBox, SendingBox
from app.screens.mail.screen import MailScreen
from tests.screens.conftest import SIZES, Pictured
from tests.screens.office_desk import OfficeSeat, seated, writing
from tests.services.outbox.office import Office


async def asked(seat: OfficeSeat, *keys: str) -> None:
    """Leave, and wait until the mail that waits is asked about."""
    await seat.press(*keys)
    await seat.until(lambda: seat.shows(LeaveBox))
    await seat.pilot.pause()


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_leaving_while_a_mail_waits_is_asked_and_escape_stays(office: Office, key: str):
    outbox_id = office.queue(undo=600)
    async with seated(office) as seat:
        await seat.until(lambda: seat.app.news.mails_waiting)
        await asked(seat, key)
        await seat.press("escape")
        await seat.until(lambda: seat.shows(MailScreen))
        assert seat.app.is_running
        assert office.state(outbox_id) is OutState.WAITING


async def test_a_mail_that_was_put_into_the_outbox_a_moment_ago_is_asked_about(office: Office):
    async with writing(office, "r") as seat:
        await seat.press(*"Gern", "f2", "ctrl+q")
        await seat.until(lambda: seat.shows(LeaveBox))
        assert seat.states == [OutState.WAITING]


async def test_textual_s_own_key_in_a_dialog_asks_too(office: Office):
    office.queue(undo=600)
    async with seated(office) as seat:
        await seat.until(lambda: seat.screen.current is not None)
        await seat.press("c")
        await seat.until(lambda: not seat.shows(MailScreen))
        await asked(seat, "ctrl+q")


async def test_quitting_all_the_same_leaves_the_mail_waiting(office: Office):
    outbox_id = office.queue(undo=600)
    async with seated(office) as seat:
        await asked(seat, "ctrl+q")
        await seat.press("up", "enter")
        await seat.until(lambda: not seat.app.is_running)
    assert office.state(outbox_id) is OutState.WAITING


async def test_what_waits_is_sent_before_the_app_ends(office: Office, tmp_path: Path):
    outbox_id = office.queue(undo=600)
    with office.store.write() as tx:
        tx.run("UPDATE mailbox SET outgoing = ?", (f"maildir://{tmp_path}/out",))
    async with seated(office) as seat:
        await asked(seat, "ctrl+q")
        assert await asyncio.to_thread(office.send) == []
        await seat.press("enter")
        await seat.until(lambda: seat.shows(SendingBox))
        assert seat.app.is_running
        await asyncio.to_thread(office.send)
        await seat.until(lambda: not seat.app.is_running)
    assert office.state(outbox_id) is OutState.SENT


async def test_what_cannot_be_sent_is_told_and_the_app_stays(office: Office):
    outbox_id = office.queue(undo=600)
    async with seated(office) as seat:
        await asked(seat, "ctrl+q")
        await seat.press("enter")
        await seat.until(lambda: seat.shows(SendingBox))
        await asyncio.to_thread(office.send)  # nobody answers there
        await seat.until(lambda: seat.shows(MessageBox))
        assert "Angebot: " in str(seat.app.screen.query_one("#line").content)
        assert office.row(outbox_id).attempts == 1
        await seat.press("enter")
        await seat.until(lambda: seat.shows(MailScreen))
        await asked(seat, "ctrl+q")


async def test_whoever_does_not_want_to_wait_for_the_sending_stays(office: Office, tmp_path: Path):
    office.queue(undo=600)
    with office.store.write() as tx:
        tx.run("UPDATE mailbox SET outgoing = ?", (f"maildir://{tmp_path}/out",))
    async with seated(office) as seat:
        await asked(seat, "ctrl+q")
        await seat.press("enter")
        await seat.until(lambda: seat.shows(SendingBox))
        await seat.press("escape")
        await seat.until(lambda: seat.shows(MailScreen))
        await asyncio.to_thread(office.send)
        await seat.until(lambda: not seat.app.news.mails_waiting)
        assert seat.app.is_running
        await seat.press("q")
        await seat.until(lambda: seat.shows(Confirm))


async def test_an_app_that_breaks_keeps_what_was_just_typed(office: Office):
    def burst() -> None:
        raise RuntimeError("odd")

    async def broken() -> None:
        async with writing(office, "r") as seat:
            await seat.press(*"Noch da")
            seat.app.call_later(burst)
            await seat.until(lambda: not seat.app.is_running)

    with pytest.raises(RuntimeError, match="odd"):
        await broken()
    (row,) = office.outbox.rows()
    assert office.outbox.load(row.id)[1].body.startswith("Noch da\n")


@pytest.mark.parametrize("size", SIZES)
async def test_leaving_looks_like_this(pictured: Pictured, office: Office, size: str):
    office.queue(undo=600)
    async with seated(office, SIZES[size]) as seat:
        await seat.until(lambda: seat.app.news.mails_waiting)
        await asked(seat, "q")
        await pictured(seat, "asked")
        await seat.press("enter")
        await seat.until(lambda: seat.shows(SendingBox))
        await pictured(seat, "sending")
        await asyncio.to_thread(office.send)
        await seat.until(lambda: seat.shows(MessageBox))
        await pictured(seat, "not-sent")
