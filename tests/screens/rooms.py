"""The app on a real store, with a mailbox as a sync leaves it behind, for tests of the places beside the mail screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from app.app import PostkorbApp
from app.domain.mail.messages import ArrivedMail, Flags, Role
from app.domain.mail.triage import Selection
from app.mail.mime.parsed import parse_for_store
from app.screens.desk import Desk
from app.services import triage
from app.services.reading.reader import MailReader
from app.settings import Settings
from app.store.database import Store
from app.store.mail.incoming import take_in
from app.store.sync import operations
from tests.screens.conftest import Seat
from tests.screens.fake import NOW
from tests.store.build import Copy, add_folder, add_mailbox
from tests.store.leads import let_in

NOON = int(NOW.timestamp())


def furnished(store: Store) -> list[Copy]:
    """A mailbox with three folders, mails, a mail left out, and a change that waits and one that was refused."""
    mailbox = add_mailbox(store)
    inbox = add_folder(store, mailbox)
    trash = add_folder(store, mailbox, "Papierkorb", Role.TRASH)
    orders = add_folder(store, mailbox, "Aufträge", Role.NONE)
    add_folder(store, mailbox, "Alt", Role.NONE)
    mails = [put_mail(store, inbox, number) for number in range(1, 6)]
    with store.write() as tx:
        tx.run("UPDATE mailbox SET synced_at = ?", (NOON - 600,))
        tx.run(
            "UPDATE folder SET complete = 1, last_success = ?, last_new = 5, last_changed = 2 WHERE id = ?",
            (NOON - 600, inbox),
        )
        tx.run(
            "UPDATE folder SET last_error = ?, last_success = ? WHERE id = ?",
            ("There is no such folder on the server: Aufträge", NOON - 90_000, orders),
        )
        tx.run("UPDATE folder SET synced = 0 WHERE name = 'Alt'")
        tx.run(
            "INSERT INTO skipped_message (folder_id, uid, reason, at) VALUES (?, 77, 'The server refused the command: it keeps it back', ?)",
            (inbox, NOON - 600),
        )
    triage.move(store, Selection(copies=(mails[0].id,)), trash, author="berg", now=NOW)
    with store.write() as tx:
        operations.note_failed(tx, [1], "The server refused the command: over quota")
    triage.set_flagged(store, Selection(copies=(mails[1].id,)), True, author="berg", now=NOW)
    return mails


def put_mail(store: Store, folder: int, number: int) -> Copy:
    """A mail that can be read, the higher its number the older."""
    date = NOW - timedelta(hours=number)
    raw = (
        f"From: Silke Berger <silke.berger@vogel.example>\r\nTo: vertrieb@haus.example\r\n"
        f"Subject: Anfrage {number}\r\nDate: {format_datetime(date)}\r\nMessage-ID: <{number}@vogel.example>\r\n"
        f"\r\nGuten Tag Frau Berg,\r\nwir brauchen {number} Pumpen.\r\n"
    ).encode()
    return put_raw(store, folder, number, raw, date)


def put_raw(store: Store, folder: int, number: int, raw: bytes, date: datetime = NOW) -> Copy:
    """This mail, unread."""
    arrived = ArrivedMail(number, Flags(), parse_for_store(raw, date))
    with store.write() as tx:
        take_in(tx, folder, Role.INBOX, [arrived], NOW)
        sql = "SELECT id, message_id FROM mail_copy WHERE folder_id = ? AND uid = ?"
        found = tx.row(sql, (folder, number))
    assert found is not None
    return Copy(found[0], found[1], folder, number)


def now_here() -> datetime:
    """Always the same time, in the rep's zone."""
    return NOW.astimezone()


def make_app(
    store: Store, author: str = "berg", clock: Callable[[], datetime] = now_here, **more: Any
) -> PostkorbApp:
    """The app on this store; `author`: the login of who is at the keyboard."""
    let_in(store, author, "A. Berg" if author == "berg" else "")
    desk = Desk(
        MailReader(store),
        Settings(),
        store=store,
        clock=clock,
        author=author,
        name="A. Berg" if author == "berg" else author,
        **more,
    )
    return PostkorbApp(desk)


@asynccontextmanager
async def opened_on(store: Store, size: tuple[int, int] = (80, 24), **more: Any) -> AsyncIterator[Seat]:
    """The app on this store; its mail screen has listed what there is."""
    app = make_app(store, **more)
    async with app.run_test(size=size) as pilot:
        seat = Seat(app, pilot, app.desk.reader)  # type: ignore[arg-type]
        await seat.until(lambda: not store.read.rows("SELECT 1 FROM mailbox") or seat.screen.mails.total)
        yield seat


def texts(seat: Seat, name: str = "#table") -> list[str]:
    """The lines of a widget of the screen in front, as they are drawn."""
    widget: Any = seat.app.screen.query_one(name)
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
