"""Copies of messages in folders: what the server said of them, with the changes laid over that still wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from app.domain.mail.messages import Flags
from app.domain.mail.operations import FlagsChange
from app.store.connection import Connection, rows_in, run_in, time_of
from app.store.database import Store

_FIELDS = {
    "\\Seen": "seen",
    "\\Flagged": "flagged",
    "\\Answered": "answered",
    "\\Draft": "draft",
    "\\Deleted": "deleted",
}

#: Whether the mail of a copy still lies in another folder on the server.
_COMES_FROM_ELSEWHERE = """EXISTS (SELECT 1 FROM operation
  WHERE operation.copy_id = mail_copy.id AND operation.folder_id <> mail_copy.folder_id)"""

#: Whether no command went out yet that could have brought it into the folder in which it is shown.
_NOT_HERE_YET = f"""({_COMES_FROM_ELSEWHERE} AND NOT EXISTS (SELECT 1 FROM operation
  WHERE operation.copy_id = mail_copy.id AND operation.kind = 'move' AND operation.tried = 1))"""


def flag_columns(flags: Flags) -> tuple[int, int, int, int]:
    """The flags in the order of the columns seen, flagged, answered, draft."""
    return int(flags.seen), int(flags.flagged), int(flags.answered), int(flags.draft)


def with_pending(flags: Flags, changes: Iterable[FlagsChange]) -> Flags:
    """The flags after the changes that the server has not heard of yet."""
    for change in changes:
        flags = flags._replace(
            **{_FIELDS[name]: True for name in change.add if name in _FIELDS},
            **{_FIELDS[name]: False for name in change.remove if name in _FIELDS},
        )
    return flags


def pending_flags(tx: Connection, folder_id: int) -> dict[int, list[FlagsChange]]:
    """Waiting flag changes of the copies in a folder, by copy, in order. A refused one does not count any more."""
    rows = tx.rows(
        """SELECT operation.copy_id, operation.arguments FROM operation JOIN mail_copy ON mail_copy.id = operation.copy_id
  WHERE mail_copy.folder_id = ? AND operation.kind = 'flags' AND operation.state <> 'failed' ORDER BY operation.id""",
        (folder_id,),
    )
    pending: dict[int, list[FlagsChange]] = {}
    for copy, arguments in rows:
        pending.setdefault(copy, []).append(FlagsChange.from_json(arguments))
    return pending


def flag_changes(read: Connection, folder_id: int, told: Mapping[int, Flags]) -> list[tuple[int, ...]]:
    """(seen, flagged, answered, draft, copy id) of the copies whose flags differ from what the server tells by UID,
    once the changes that still wait are laid over it."""
    sql = "SELECT uid, id, seen, flagged, answered, draft FROM mail_copy WHERE folder_id = ? AND uid IN "
    pending = pending_flags(read, folder_id)
    changed: list[tuple[int, ...]] = []
    for uid, copy, *columns in rows_in(read, sql, list(told), [folder_id]):
        new = flag_columns(with_pending(told[uid], pending.get(copy, ())))
        if new != tuple(columns):
            changed.append((*new, copy))
    return changed


def apply_flags(store: Store, folder_id: int, told: Mapping[int, Flags]) -> int:
    """Take over what the server says of flags, by UID; the number of copies that changed. Writes only if any did."""
    if not flag_changes(store.read, folder_id, told):
        return 0
    with store.write(durable=False) as tx:
        changed = flag_changes(tx, folder_id, told)
        tx.run_many(
            "UPDATE mail_copy SET seen = ?, flagged = ?, answered = ?, draft = ? WHERE id = ?", changed
        )
    return len(changed)


def remove_gone(tx: Connection, folder_id: int, uids: Sequence[int]) -> int:
    """Take away the copies that are no longer on the server; how many there were.

    A copy that is shown here because its move waits lies elsewhere on the server: it only loses the UID, which was that
    of an identical mail, or of a copy that the move had made by half.
    """
    sql = f"SELECT id, {_COMES_FROM_ELSEWHERE} FROM mail_copy WHERE folder_id = ? AND uid IN "
    found = list(rows_in(tx, sql, uids, [folder_id]))
    gone, waiting = ([row[0] for row in found if bool(row[1]) == comes] for comes in (False, True))
    run_in(tx, "UPDATE mail_copy SET uid = NULL WHERE id IN ", waiting)
    run_in(tx, "DELETE FROM operation WHERE copy_id IN ", gone)
    run_in(tx, "DELETE FROM mail_copy WHERE id IN ", gone)
    return len(gone)


def unbound(read: Connection, folder_id: int) -> list[int]:
    """The copies in a folder that have no UID and that no operation is about."""
    return [
        row[0]
        for row in read.rows(
            """SELECT id FROM mail_copy WHERE folder_id = ? AND uid IS NULL
  AND NOT EXISTS (SELECT 1 FROM operation WHERE operation.copy_id = mail_copy.id)""",
            (folder_id,),
        )
    ]


def remove_unbound(tx: Connection, folder_id: int, sought: Sequence[int]) -> None:
    """Of the copies that a whole pass over their folder sought, take away those that it did not find and that no operation
    is about. A copy that came while the pass went on is not among them: the next one seeks it. One that was moved on meanwhile
    is sought in its new folder."""
    run_in(
        tx,
        """DELETE FROM mail_copy WHERE uid IS NULL AND folder_id = ?
  AND NOT EXISTS (SELECT 1 FROM operation WHERE operation.copy_id = mail_copy.id) AND id IN """,
        sought,
        [folder_id],
    )


def settle_twins(store: Store, folder_id: int) -> None:
    """Let copies whose mail may lie in a folder have the UIDs of identical ones that cannot be there yet: mail that arrives is
    given to any copy of its message that waits for a UID."""
    if not _twins(store.read, folder_id):
        return
    with store.write(durable=False) as tx:
        for here, waiting in _twins(tx, folder_id).items():
            columns = tx.row(
                "SELECT uid, seen, flagged, answered, draft FROM mail_copy WHERE id = ?", (waiting,)
            )
            tx.run("UPDATE mail_copy SET uid = NULL WHERE id = ?", (waiting,))
            tx.run(
                "UPDATE mail_copy SET uid = ?, seen = ?, flagged = ?, answered = ?, draft = ? WHERE id = ?",
                (*(columns or ()), here),
            )
            show_flags(tx, here, pending_flags(tx, folder_id).get(here, ()))


def _twins(read: Connection, folder_id: int) -> dict[int, int]:
    """From each copy without UID that may be in a folder to an identical one with a UID that cannot be there yet."""
    sql = f"SELECT message_id, id, uid IS NULL, {_NOT_HERE_YET} FROM mail_copy WHERE folder_id = ? AND message_id IN "
    unbound = f"SELECT message_id FROM mail_copy WHERE folder_id = ? AND uid IS NULL AND NOT {_NOT_HERE_YET}"
    messages = [row[0] for row in read.rows(unbound, (folder_id,))]
    here: dict[int, list[int]] = {}
    waiting: dict[int, list[int]] = {}
    for message, copy, is_unbound, is_waiting in rows_in(read, sql, sorted(set(messages)), [folder_id]):
        if bool(is_unbound) != bool(is_waiting):
            (here if is_unbound else waiting).setdefault(message, []).append(copy)
    return {
        copy: other
        for message in here
        for copy, other in zip(here[message], waiting.get(message, ()), strict=False)
    }


def known_uids(tx: Connection, folder_id: int) -> set[int]:
    """UIDs of the folder that need no fetching: copies here, and copies whose move away waits."""
    return {
        row[0]
        for row in tx.rows(
            """SELECT uid FROM mail_copy WHERE folder_id = ? AND uid IS NOT NULL
  UNION ALL SELECT uid FROM operation WHERE folder_id = ? AND uid IS NOT NULL AND kind IN ('move', 'delete')""",
            (folder_id, folder_id),
        )
    }


def bound_uids(read: Connection, folder_id: int) -> set[int]:
    """UIDs of the copies in a folder."""
    return {
        row[0]
        for row in read.rows(
            "SELECT uid FROM mail_copy WHERE folder_id = ? AND uid IS NOT NULL", (folder_id,)
        )
    }


def bound_from(read: Connection, folder_id: int, lowest: int) -> set[int]:
    """UIDs, from the lowest on, of the copies in a folder."""
    sql = "SELECT uid FROM mail_copy WHERE folder_id = ? AND uid >= ?"
    return {row[0] for row in read.rows(sql, (folder_id, lowest))}


def message_of(read: Connection, copy_id: int) -> int | None:
    found = read.value("SELECT message_id FROM mail_copy WHERE id = ?", (copy_id,))
    return None if found is None else int(found)


def bind(store: Store, copy_id: int, folder_id: int, uid: int) -> bool:
    """Give a copy in a folder the UID under which it was found; False if another copy bears it already."""
    with store.write() as tx:
        if tx.value("SELECT 1 FROM mail_copy WHERE folder_id = ? AND uid = ?", (folder_id, uid)) is not None:
            return False
        tx.run(
            "UPDATE mail_copy SET uid = ? WHERE id = ? AND folder_id = ? AND uid IS NULL",
            (uid, copy_id, folder_id),
        )
    return True


def oldest_unbound(read: Connection, folder_id: int) -> datetime | None:
    """The date of the oldest message in a folder whose copy has no UID."""
    seconds = read.value(
        """SELECT min(message.date) FROM mail_copy JOIN message ON message.id = mail_copy.message_id
  WHERE mail_copy.folder_id = ? AND mail_copy.uid IS NULL""",
        (folder_id,),
    )
    return time_of(seconds)


def show_flags(tx: Connection, copy_id: int, changes: Sequence[FlagsChange]) -> None:
    """Lay these changes over the flags that a copy is shown with; nothing if it is gone."""
    row = tx.row("SELECT seen, flagged, answered, draft FROM mail_copy WHERE id = ?", (copy_id,))
    if row is not None:
        flags = with_pending(Flags(*map(bool, row)), changes)
        tx.run(
            "UPDATE mail_copy SET seen = ?, flagged = ?, answered = ?, draft = ? WHERE id = ?",
            (*flag_columns(flags), copy_id),
        )


def waits_in(tx: Connection, copy_id: int, folder_id: int) -> bool:
    """Whether a copy is shown in this folder and was not found there on the server yet."""
    sql = "SELECT 1 FROM mail_copy WHERE id = ? AND folder_id = ? AND uid IS NULL"
    return tx.value(sql, (copy_id, folder_id)) is not None


def put_back(tx: Connection, copy_id: int, folder_id: int, uid: int | None) -> None:
    """Show a copy where the server has it; it goes if another copy stands for that mail already.

    The caller refreshes what depends on the folder (`app.store.mail.processed`).
    """
    sql = "SELECT id FROM mail_copy WHERE folder_id = ? AND uid = ? AND id <> ?"
    other = None if uid is None else tx.value(sql, (folder_id, uid, copy_id))
    if other is None:
        tx.run("UPDATE mail_copy SET folder_id = ?, uid = ? WHERE id = ?", (folder_id, uid, copy_id))
    else:
        tx.run("UPDATE operation SET copy_id = ? WHERE copy_id = ?", (other, copy_id))
        tx.run("DELETE FROM mail_copy WHERE id = ?", (copy_id,))


def bring_back(tx: Connection, folder_id: int, message_id: int, uid: int | None) -> bool:
    """Make a copy anew that was taken away here only; False if the message is not here, or a copy stands for it already.

    The caller refreshes what depends on the folder (`app.store.mail.processed`).
    """
    made = tx.run(
        """INSERT INTO mail_copy (folder_id, message_id, uid) SELECT ?, id, ? FROM message WHERE id = ?
  AND NOT EXISTS (SELECT 1 FROM mail_copy WHERE folder_id = ? AND uid = ?)""",
        (folder_id, uid, message_id, folder_id, uid),
    )
    return made > 0


def remove(tx: Connection, copy_id: int) -> None:
    """Take a copy away, with what waits to be done to it."""
    tx.run("DELETE FROM operation WHERE copy_id = ?", (copy_id,))
    tx.run("DELETE FROM mail_copy WHERE id = ?", (copy_id,))
