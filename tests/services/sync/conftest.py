"""A store beside a real Dovecot, in three kinds: with QRESYNC, with CONDSTORE only, with hardly any extension."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.mail.accounts import Mailbox, SecretPlace
from app.domain.mail.sync import FolderReport, MailboxReport
from app.services.sync.run import sync_once
from app.settings import Home
from app.store.database import Store
from app.store.mail.mailboxes import add_mailbox
from tests.servers.dovecot import Dovecot, dovecot
from tests.store.empty import new_store
from tests.store.invariants import check

KINDS = {
    "qresync": (),
    "condstore": ("QRESYNC",),
    "plain": ("QRESYNC", "CONDSTORE", "LIST-STATUS", "MOVE", "UIDPLUS", "SPECIAL-USE", "IDLE"),
}


@dataclass
class Desk:
    """A rep's store and the server that its one mailbox lies on."""

    store: Store
    home: Home
    server: Dovecot
    user: str

    def sync(self) -> dict[str, FolderReport]:
        """One pass that must go well; reports by folder name."""
        report = self.pass_over()
        assert not report.error
        assert check(self.store) is None
        return {folder.name: folder for folder in report.folders}

    def pass_over(self) -> MailboxReport:
        (report,) = sync_once(self.store, self.home, lambda: datetime.now(UTC))
        return report

    def deliver(self, *messages: bytes, folder: str = "INBOX", flags: tuple[str, ...] = ()) -> None:
        self.server.deliver(*messages, folder=folder, flags=flags, user=self.user)

    def subjects(self, folder: str = "INBOX") -> list[str]:
        """Subjects in a folder as the store has them, sorted."""
        rows = self.store.read.rows(
            """SELECT message.subject FROM mail_copy JOIN message ON message.id = mail_copy.message_id
  JOIN folder ON folder.id = mail_copy.folder_id WHERE folder.name = ?""",
            (folder,),
        )
        return sorted(row[0] for row in rows)

    def point_at(self, port: int) -> None:
        """Reach the server through another port from now on."""
        with self.store.write() as tx:
            tx.run("UPDATE mailbox SET source = ?", (f"imap+insecure://{self.user}@localhost:{port}",))


def mail(number: int, *, references: str = "", body: str = "Guten Tag") -> bytes:
    """Message `number`, small and complete."""
    extra = f"References: {references}\r\nIn-Reply-To: {references.split()[-1]}\r\n" if references else ""
    return (
        f"From: Silke Berger <silke@vogel.example>\r\nTo: vertrieb@nordholz.example\r\n"
        f"Subject: Anfrage {number:04}\r\nDate: Fri, 20 Nov 2026 09:{number % 60:02}:00 +0100\r\n"
        f"Message-ID: <{number}@vogel.example>\r\n{extra}\r\n{body} {number}\r\n"
    ).encode()


@pytest.fixture(scope="session", params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[Dovecot]:
    with dovecot(without=KINDS[request.param]) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, server: Dovecot) -> Iterator[Desk]:
    yield from open_desk(tmp_path, server)


@pytest.fixture(scope="session")
def bare_server() -> Iterator[Dovecot]:
    """The one with hardly any extension, for what goes wrong on such servers only."""
    with dovecot(without=KINDS["plain"]) as running:
        yield running


@pytest.fixture
def bare(tmp_path: Path, bare_server: Dovecot) -> Iterator[Desk]:
    yield from open_desk(tmp_path, bare_server)


def open_desk(folder: Path, server: Dovecot) -> Iterator[Desk]:
    home = Home(folder)
    store = new_store(home.database)
    user = server.new_user()
    with store.write() as tx:
        add_mailbox(
            tx,
            Mailbox(
                "vertrieb",
                "vertrieb@nordholz.example",
                server.url(user=user),
                secret=SecretPlace.COMMAND,
                password_command=f"echo {server.password}",
            ),
        )
    yield Desk(store, home, server, user)
    store.close()
