"""A Maildir is synced like a server: mail comes in, changes go out, what others do to it arrives."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.mail.accounts import Mailbox
from app.domain.mail.operations import FlagsChange, Move
from app.services.sync.run import sync_once
from app.settings import Home
from app.store.database import Store
from app.store.mail.mailboxes import add_mailbox
from app.store.mail.processed import refresh_processed
from tests.services.sync.conftest import mail
from tests.store.invariants import check


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    root = tmp_path / "Maildir"
    for folder in (root, root / ".Archiv"):
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True)
    for number in range(8):
        (root / "new" / f"17000000{number}.M1P1.host").write_bytes(mail(number).replace(b"\r\n", b"\n"))
    return root


@pytest.fixture
def home(tmp_path: Path, maildir: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    store = Store(home.database)
    with store.write() as tx:
        add_mailbox(tx, Mailbox("lokal", "anke@nordholz.example", f"maildir://{maildir}"))
    store.close()
    return home


def sync(store: Store, home: Home) -> dict[str, int]:
    (report,) = sync_once(store, home, lambda: datetime.now(UTC))
    assert report.done, report
    check(store)
    return {folder.name: folder.new for folder in report.folders}


def test_mail_comes_in_once_and_changes_go_out(home: Home, maildir: Path) -> None:
    store = Store(home.database)
    assert sync(store, home)["INBOX"] == 8
    assert sum(sync(store, home).values()) == 0
    copy, inbox, message, uid = (
        store.read.row("SELECT id, folder_id, message_id, uid FROM mail_copy ORDER BY id") or ()
    )
    archive = store.read.value("SELECT id FROM folder WHERE name = 'Archiv'")
    with store.write() as tx:
        for effect, kind in ((FlagsChange(("\\Seen",)), "flags"), (Move(archive), "move")):
            tx.run(
                """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, uid, kind, arguments)
  VALUES (1, ?, ?, ?, ?, ?, ?)""",
                (inbox, copy, message, uid, kind, effect.to_json()),
            )
        tx.run("UPDATE mail_copy SET seen = 1, folder_id = ?, uid = NULL WHERE id = ?", (archive, copy))
        refresh_processed(tx, [message])
    sync(store, home)
    assert store.read.value("SELECT count(*) FROM operation") == 0
    (filed,) = (maildir / ".Archiv" / "cur").iterdir()
    assert filed.name.endswith("S")
    assert sum(sync(store, home).values()) == 0
    store.close()


def test_what_another_program_does_to_the_maildir_arrives(home: Home, maildir: Path) -> None:
    store = Store(home.database)
    sync(store, home)
    first, second, *_ = sorted((maildir / "new").iterdir())
    first.rename(maildir / "cur" / f"{first.name}:2,SF")
    second.unlink()
    sync(store, home)
    assert store.read.row("SELECT count(*), sum(seen), sum(flagged) FROM mail_copy") == (7, 1, 1)
    store.close()
