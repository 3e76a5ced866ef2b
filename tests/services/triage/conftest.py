"""A mailbox, a lead and a rep, for the steps of triage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from app.domain.mail.messages import Role
from app.domain.mail.operations import Effect, read_effect
from app.domain.mail.triage import Selection
from app.domain.undo import Done
from app.language import use_language
from app.services.undo.undoing import undo
from app.store.database import Store
from tests.store.build import Copy, add_folder, add_mail, add_mailbox
from tests.store.invariants import check
from tests.store.leads import add_member

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    yield store
    check(store)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("de")


@dataclass
class Desk:
    """A mailbox with its folders, a lead, and a rep."""

    store: Store
    mailbox: int
    inbox: int
    offers: int
    archive: int
    trash: int
    junk: int
    lead: int

    def mail(self, folder: int = 0, **more: object) -> Copy:
        return add_mail(self.store, folder or self.inbox, **more)  # type: ignore[arg-type]

    def do(self, step: Callable[..., Done], mails: Selection, *args: object, **more: object) -> Done:
        return step(self.store, mails, *args, author="anna", now=NOW, **more)

    def undo(self, author: str = "anna") -> Done:
        return undo(self.store, author=author, now=NOW)

    def counters(self, folder: int = 0) -> tuple[int, int, int]:
        sql = "SELECT total, unread, unprocessed FROM folder WHERE id = ?"
        row = self.store.read.row(sql, (folder or self.inbox,))
        assert row is not None
        return row[0], row[1], row[2]

    def waiting(self) -> list[tuple[int, int | None, Effect]]:
        rows = self.store.read.rows("SELECT folder_id, uid, kind, arguments FROM operation ORDER BY id")
        return [(folder, uid, read_effect(kind, arguments)) for folder, uid, kind, arguments in rows]

    def shown(self, copy: Copy) -> tuple[int, int | None]:
        row = self.store.read.row("SELECT folder_id, uid FROM mail_copy WHERE id = ?", (copy.id,))
        assert row is not None
        return row[0], row[1]

    def linked(self) -> set[tuple[int, str, int]]:
        return set(self.store.read.rows("SELECT message_id, kind, record_id FROM link"))


@pytest.fixture
def desk(store: Store) -> Desk:
    add_member(store, "anna", role="admin")
    add_member(store, "bert")
    mailbox = add_mailbox(store)
    roles = (Role.INBOX, Role.NONE, Role.ARCHIVE, Role.TRASH, Role.JUNK)
    folders = [add_folder(store, mailbox, role.value or "Angebote", role) for role in roles]
    with store.write() as tx:
        lead = int(tx.value("INSERT INTO lead (title) VALUES ('Rahmenvertrag') RETURNING id"))
    return Desk(store, mailbox, *folders, lead)


def copies(*wanted: Copy) -> Selection:
    return Selection(copies=tuple(copy.id for copy in wanted))
