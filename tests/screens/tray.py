"""A mailbox on a real store with the app open on it, for tests of the mail screen's keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.app import PostkorbApp
from app.domain.mail.messages import MailRow, Role
from app.mail.mime import pack
from app.screens.desk import Desk
from app.services.reading.reader import MailReader
from app.settings import Settings
from app.store.database import Store
from tests.screens.conftest import Seat
from tests.screens.fake import NOW
from tests.store.build import add_folder, add_mail, add_mailbox
from tests.store.empty import new_store
from tests.store.leads import let_in

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


@asynccontextmanager
async def open_tray(tmp_path: Path, size: tuple[int, int] = (80, 24), mails: int = 3) -> AsyncIterator[Tray]:
    """The app on three mails of one sender in an inbox."""
    store = new_store(tmp_path / "postkorb.db")
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
            tx.run("INSERT INTO message_source (raw) VALUES (?)", (pack(SOURCE % n),))
            tx.run(
                "UPDATE message SET source_id = (SELECT max(id) FROM message_source) WHERE id = ?",
                (copy.message,),
            )
    let_in(store, "berg", "A. Berg")
    desk = Desk(
        MailReader(store),
        Settings(),
        store=store,
        clock=lambda: NOW.astimezone(),
        author="berg",
        name="A. Berg",
        downloads=tmp_path / "Downloads",
    )
    app = PostkorbApp(desk)
    async with app.run_test(size=size) as pilot:
        seat = Tray(app, pilot, desk.reader)  # type: ignore[arg-type]
        seat.store = store
        await seat.until(lambda: seat.screen.mails.total == mails)
        yield seat
    store.close()
