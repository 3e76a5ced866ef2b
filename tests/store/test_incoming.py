"""Mail that arrives becomes rows: once each, in its thread, with what a person did to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.mail.messages import Flags, Role
from app.domain.mail.operations import FlagsChange, Move
from app.store.connection import Connection
from app.store.database import Store
from app.store.mail import copies
from app.store.mail.incoming import Taken, take_in
from app.store.mail.processed import refresh_processed
from app.store.sync import sync_state
from tests.store.invariants import check
from tests.store.mails import START, arrived, parsed

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def inbox(store: Store) -> int:
    with store.write() as tx:
        box = tx.value(
            "INSERT INTO mailbox (name, address) VALUES ('vertrieb', 'v@nordholz.example') RETURNING id"
        )
        return int(_folder(tx, box, "INBOX", Role.INBOX))


@pytest.fixture
def sent(store: Store, inbox: int) -> int:
    with store.write() as tx:
        box = tx.value("SELECT mailbox_id FROM folder WHERE id = ?", (inbox,))
        return int(_folder(tx, box, "Gesendet", Role.SENT))


def _folder(tx: Connection, mailbox: int, path: str, role: Role) -> int:
    sql = "INSERT INTO folder (mailbox_id, path, name, role) VALUES (?, ?, ?, ?) RETURNING id"
    return int(tx.value(sql, (mailbox, path, path, role.value)))


def take(store: Store, folder: int, role: Role, *mails: object) -> Taken:
    with store.write() as tx:
        taken = take_in(tx, folder, role, mails, NOW)  # type: ignore[arg-type]
    check(store)
    return taken


def counters(store: Store, folder: int) -> tuple[int, ...]:
    row = store.read.row("SELECT total, unread, unprocessed FROM folder WHERE id = ?", (folder,))
    assert row is not None
    return tuple(row)


def test_a_batch_is_stored_counted_and_numbered_by_date(store: Store, inbox: int) -> None:
    taken = take(store, inbox, Role.INBOX, arrived(2, parsed(2)), arrived(1, parsed(1), seen=True))
    assert taken == Taken(new=2, linked=0)
    assert counters(store, inbox) == (2, 1, 2)
    numbers = [row[0] for row in store.read.rows("SELECT id FROM message ORDER BY date")]
    assert numbers == sorted(numbers)
    assert numbers[0] >> 20 == int(parsed(1).date.timestamp())


def test_the_same_batch_again_changes_nothing(store: Store, inbox: int) -> None:
    mails = [arrived(n, parsed(n)) for n in range(1, 6)]
    take(store, inbox, Role.INBOX, *mails)
    assert take(store, inbox, Role.INBOX, *mails) == Taken(0, 0)
    assert counters(store, inbox) == (5, 5, 5)


def test_a_second_copy_is_the_same_message(store: Store, inbox: int, sent: int) -> None:
    take(store, inbox, Role.INBOX, arrived(1, parsed(1)))
    take(store, sent, Role.SENT, arrived(9, parsed(1)))
    assert store.read.value("SELECT count(*) FROM message") == 1
    assert store.read.value("SELECT count(*) FROM mail_copy") == 2


def test_a_reused_message_id_does_not_make_two_mails_one(store: Store, inbox: int) -> None:
    take(
        store,
        inbox,
        Role.INBOX,
        arrived(1, parsed(1, message_id="<same@vogel.example>")),
        arrived(2, parsed(2, message_id="<same@vogel.example>")),
    )
    assert store.read.value("SELECT count(*) FROM message") == 2


def test_mails_of_one_second_get_numbers_of_their_own(store: Store, inbox: int) -> None:
    mails = [arrived(n, parsed(n, date=START)) for n in range(1, 40)]
    take(store, inbox, Role.INBOX, *mails)
    assert store.read.value("SELECT count(DISTINCT id) FROM message") == 39


def test_sent_mail_is_never_unprocessed(store: Store, sent: int) -> None:
    take(store, sent, Role.SENT, arrived(1, parsed(1)))
    assert counters(store, sent) == (1, 1, 0)


def test_answers_join_the_thread_whatever_order_they_come_in(store: Store, inbox: int) -> None:
    first, second, third = "<1@vogel.example>", "<2@vogel.example>", "<3@vogel.example>"
    take(store, inbox, Role.INBOX, arrived(3, parsed(3, references=(first, second))))
    take(store, inbox, Role.INBOX, arrived(1, parsed(1)), arrived(7, parsed(7)))
    take(store, inbox, Role.INBOX, arrived(2, parsed(2, references=(first,))))
    rows = dict(store.read.rows("SELECT header_message_id, thread_id FROM message"))
    assert rows[first] == rows[second] == rows[third]
    assert rows["<7@vogel.example>"] != rows[first]


def test_a_mail_that_names_two_threads_joins_them(store: Store, inbox: int) -> None:
    take(store, inbox, Role.INBOX, arrived(1, parsed(1)), arrived(2, parsed(2)))
    take(
        store, inbox, Role.INBOX, arrived(3, parsed(3, references=("<1@vogel.example>", "<2@vogel.example>")))
    )
    assert store.read.value("SELECT count(DISTINCT thread_id) FROM message") == 1
    assert store.read.value("SELECT count(DISTINCT thread_id) FROM thread_reference") == 1


def test_a_later_mail_of_a_linked_thread_is_linked_with_it(store: Store, inbox: int) -> None:
    take(store, inbox, Role.INBOX, arrived(1, parsed(1)))
    message = store.read.value("SELECT id FROM message")
    with store.write() as tx:
        tx.run("INSERT INTO contact (last_name) VALUES ('Berger')")
        tx.run(
            "INSERT INTO link (message_id, kind, record_id, origin) VALUES (?, 'contact', 1, 'person')",
            (message,),
        )
        refresh_processed(tx, [message])
    assert counters(store, inbox) == (1, 1, 0)
    taken = take(store, inbox, Role.INBOX, arrived(2, parsed(2, references=("<1@vogel.example>",))))
    assert taken == Taken(new=1, linked=1)
    assert counters(store, inbox) == (2, 2, 0)
    assert store.read.value("SELECT count(*) FROM link WHERE origin = 'thread'") == 1


def test_a_copy_without_uid_is_bound_with_its_waiting_flags(store: Store, inbox: int) -> None:
    take(store, inbox, Role.INBOX, arrived(1, parsed(1)))
    copy = store.read.value("SELECT id FROM mail_copy")
    with store.write() as tx:
        sync_state.forget_uids(tx, inbox, 10)
        tx.run("UPDATE mail_copy SET flagged = 1 WHERE id = ?", (copy,))
        tx.run(
            """INSERT INTO operation (mailbox_id, folder_id, copy_id, kind, arguments) SELECT mailbox_id, id, ?, 'flags', ?
  FROM folder WHERE id = ?""",
            (copy, FlagsChange(add=("\\Flagged",)).to_json(), inbox),
        )
    take(store, inbox, Role.INBOX, arrived(77, parsed(1), seen=True))
    assert store.read.rows("SELECT id, uid, seen, flagged FROM mail_copy") == [(copy, 77, 1, 1)]


def test_a_mail_whose_move_away_waits_does_not_appear_again(store: Store, inbox: int, sent: int) -> None:
    take(store, inbox, Role.INBOX, arrived(1, parsed(1)))
    copy, message = store.read.rows("SELECT id, message_id FROM mail_copy")[0]
    with store.write() as tx:
        tx.run("UPDATE mail_copy SET folder_id = ?, uid = NULL WHERE id = ?", (sent, copy))
        tx.run(
            """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, kind, arguments)
  SELECT mailbox_id, id, ?, ?, 'move', ? FROM folder WHERE id = ?""",
            (copy, message, Move(sent).to_json(), inbox),
        )
        refresh_processed(tx, [message])
    take(store, inbox, Role.INBOX, arrived(31, parsed(1)))
    assert store.read.rows("SELECT folder_id FROM mail_copy") == [(sent,)]
    assert store.read.value("SELECT uid FROM operation") == 31


def test_what_the_server_says_of_flags_does_not_overwrite_what_waits(store: Store, inbox: int) -> None:
    take(store, inbox, Role.INBOX, arrived(1, parsed(1)), arrived(2, parsed(2)))
    copy = store.read.value("SELECT id FROM mail_copy WHERE uid = 1")
    with store.write() as tx:
        tx.run("UPDATE mail_copy SET seen = 1 WHERE id = ?", (copy,))
        tx.run(
            """INSERT INTO operation (mailbox_id, folder_id, copy_id, kind, arguments) SELECT mailbox_id, id, ?, 'flags', ?
  FROM folder WHERE id = ?""",
            (copy, FlagsChange(add=("\\Seen",)).to_json(), inbox),
        )
    assert copies.apply_flags(store, inbox, {1: Flags(flagged=True), 2: Flags(seen=True)}) == 2
    assert store.read.rows("SELECT uid, seen, flagged FROM mail_copy ORDER BY uid") == [(1, 1, 1), (2, 1, 0)]
    check(store)


def test_correspondents_are_counted_once_a_mail(store: Store, inbox: int) -> None:
    take(store, inbox, Role.INBOX, arrived(1, parsed(1)), arrived(2, parsed(2)))
    rows = store.read.rows("SELECT address, name, uses FROM correspondent ORDER BY address")
    assert rows == [("silke@vogel.example", "Silke Berger", 2), ("vertrieb@nordholz.example", "Vertrieb", 2)]
