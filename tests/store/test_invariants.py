"""The invariants hold for a store that was filled properly, and each breach is named."""

from __future__ import annotations

import pytest

from app.domain.mail.messages import Role
from app.domain.mail.operations import FlagsChange, Move
from app.store.database import Store
from tests.store.build import Copy, add_folder, add_mail, add_mailbox
from tests.store.invariants import check


@pytest.fixture
def copy(store: Store) -> Copy:
    mailbox = add_mailbox(store)
    add_folder(store, mailbox, "Papierkorb", Role.TRASH)
    return add_mail(store, add_folder(store, mailbox))


def operation(copy: Copy, kind: str, arguments: str, **columns: object) -> tuple[str, list[object]]:
    row = {
        "mailbox_id": 1,
        "folder_id": copy.folder,
        "uid": copy.uid,
        "copy_id": copy.id,
        "message_id": copy.message,
        "kind": kind,
        "arguments": arguments,
        **columns,
    }
    return f"INSERT INTO operation ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(
        row.values()
    )


def breaches(copy: Copy) -> dict[str, tuple[str, list[object]]]:
    flags = FlagsChange(("\\Seen",)).to_json()
    return {
        "counts total": ("UPDATE folder SET unread = 7", []),
        "says unprocessed": ("UPDATE mail_copy SET unprocessed = 0", []),
        "refers to no record": (
            "INSERT INTO link (message_id, kind, record_id) VALUES (?, 'lead', 5)",
            [copy.message],
        ),
        "unknown kind": (
            "INSERT INTO link (message_id, kind, record_id) VALUES (?, 'order', 5)",
            [copy.message],
        ),
        "lost its source": ("UPDATE message SET source_id = 99", []),
        "refers to no copy": operation(copy, "flags", flags, copy_id=99),
        "refers to no message": operation(copy, "flags", flags, message_id=99),
        "unknown state": operation(copy, "flags", flags, state="dreaming"),
        "is shown in": operation(copy, "move", Move(1).to_json()),
        "out of its mailbox": operation(copy, "move", Move(99).to_json()),
        "a second one": operation(copy, "delete", "{}", copy_id=99),
        "anna has 21 undo steps": (
            "INSERT INTO undo_step (author) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 21) SELECT 'anna' FROM n",
            [],
        ),
    }


def test_a_properly_filled_store_is_whole(store: Store, copy: Copy) -> None:
    check(store)


@pytest.mark.parametrize("words", list(breaches(Copy(1, 1, 1, 1))))
def test_a_breach_is_named(store: Store, copy: Copy, words: str) -> None:
    with store.write() as tx:
        tx.run(*breaches(copy)[words])
    with pytest.raises(AssertionError, match=words):
        check(store)
