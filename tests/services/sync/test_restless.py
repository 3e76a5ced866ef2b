"""A server whose folders are never what they were a moment ago: nothing spins, what waits goes on waiting and says why."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.mail.operations import FlagsChange, Move
from app.mail.imap.source import ImapSource
from app.mail.source import Selected, Since
from app.services.sync import worker as mailbox_worker
from app.services.sync.worker import MailboxWorker
from app.store.database import Store
from app.store.sync import operations
from tests.services.sync.conftest import Desk, mail
from tests.services.sync.test_liars import Say, honest, sync
from tests.services.sync.test_watch import SECONDS, until, watching
from tests.store.build import add_folder, add_mail, add_mailbox
from tests.store.invariants import check


def flapping(commands: list[bytes]) -> Callable[[bytes], bytes]:
    """Another UIDVALIDITY each time that the folder is opened."""
    numbers = itertools.count(100)

    def say(rest: bytes) -> bytes:
        commands.append(rest)
        return honest(rest).replace(b"UIDVALIDITY 7", b"UIDVALIDITY %d" % next(numbers))

    return say


def test_a_change_in_a_folder_that_is_another_one_each_time_waits_and_says_why(
    store: Store, tmp_path: Path
) -> None:
    sync(store, tmp_path, {})
    with store.write() as tx:
        tx.run(
            """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, uid, kind, arguments)
  SELECT 1, folder_id, id, message_id, uid, 'flags', ? FROM mail_copy WHERE uid = 1""",
            (FlagsChange(("\\Flagged",)).to_json(),),
        )
    opened: list[bytes] = []
    lies: dict[bytes, Say] = {b"SELECT": flapping(opened), b"EXAMINE": flapping(opened)}
    sync(store, tmp_path, lies)
    state, error = store.read.row("SELECT state, error FROM operation") or ()
    assert state != "failed"
    assert "each time" in error
    assert len(opened) < 20
    sync(store, tmp_path, {})
    with store.write() as tx:
        tx.run("UPDATE operation SET due_at = 0")
    sync(store, tmp_path, {})
    assert store.read.value("SELECT count(*) FROM operation") == 0


def always_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImapSource, "idle", lambda *_: True)


def always_different(monkeypatch: pytest.MonkeyPatch) -> None:
    select, numbers = ImapSource.select, itertools.count(1000)

    def differently(
        self: ImapSource, path: str, since: Since | None = None, *, readonly: bool = False
    ) -> Selected:
        told = select(self, path, since, readonly=readonly)
        return replace(told, status=replace(told.status, uidnext=next(numbers)))

    monkeypatch.setattr(ImapSource, "select", differently)


@pytest.mark.parametrize("restless", [always_news, always_different])
def test_an_inbox_that_has_news_for_ever_is_looked_at_with_pauses(
    bare: Desk, monkeypatch: pytest.MonkeyPatch, restless: Callable[[pytest.MonkeyPatch], None]
) -> None:
    bare.deliver(mail(1))
    bare.sync()
    restless(monkeypatch)
    pauses: list[float] = []
    paused = threading.Event()

    def rest(worker: MailboxWorker, seconds: float) -> None:
        pauses.append(seconds)
        paused.set()
        worker._ended.wait(SECONDS)

    monkeypatch.setattr(MailboxWorker, "_rest", rest)
    with watching(bare):
        until(paused.is_set)
    assert pauses == [mailbox_worker.AFTER_HASTE]


def test_a_told_uid_that_another_mail_bears_is_not_believed(store: Store) -> None:
    box = add_mailbox(store)
    inbox, other = add_folder(store, box), add_folder(store, box, "Archiv")
    first, second = add_mail(store, inbox, subject="A"), add_mail(store, other, subject="B", uid=9)
    with store.write() as tx:
        tx.run("UPDATE mail_copy SET folder_id = ?, uid = NULL WHERE id = ?", (other, first.id))
        for effect in (Move(other), FlagsChange(("\\Seen",))):
            kind = "move" if isinstance(effect, Move) else "flags"
            tx.run(
                """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, uid, kind, arguments)
  VALUES (?, ?, ?, ?, ?, ?, ?)""",
                (box, inbox, first.id, first.message, first.uid, kind, effect.to_json()),
            )
    (job,) = operations.next_jobs(store.read, box, datetime.now(UTC), limit=1)
    with store.write() as tx:
        operations.note_moved(tx, job, other, 9)
    check(store)
    rows = store.read.rows("SELECT id, message_id, uid FROM mail_copy ORDER BY id")
    assert rows == [(first.id, first.message, None), (second.id, second.message, 9)]
    assert store.read.rows("SELECT copy_id, uid FROM operation") == [(first.id, None)]
