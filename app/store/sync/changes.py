"""What a person changes about copies, here at once and as a waiting operation for the server; plain SQL in bulk.

`domain.mail.operations` says how the rows find their mail on the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from app.domain.mail.messages import NOT_RECEIVED, Role
from app.domain.mail.operations import (
    ANSWERED,
    FLAGGED,
    SEEN,
    Append,
    Delete,
    Effect,
    FlagsChange,
    Move,
    OperationState,
    kind_of,
    read_effect,
)
from app.domain.mail.triage import Selection
from app.store.connection import Connection, Row, rows_in, run_in
from app.store.mail.processed import refresh_processed
from app.store.sync.sync_state import compare_again

_COPIES = """SELECT mail_copy.id, mail_copy.message_id, mail_copy.folder_id, mail_copy.uid, mail_copy.seen,
  mail_copy.flagged, mail_copy.answered, folder.mailbox_id, folder.role
  FROM mail_copy JOIN folder ON folder.id = mail_copy.folder_id WHERE """


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, and the UID of a copy there as far as it is known."""

    folder_id: int
    uid: int | None


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy as it is shown. `flags`: those of its flags that a person can change, by their IMAP names."""

    id: int
    message_id: int
    shown: Place
    mailbox_id: int
    role: Role
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An operation row. `mutable`: no command went out, or it was refused, so it may be changed or taken back."""

    id: int
    place: Place
    effect: Effect
    mutable: bool
    refused: bool


def copies_of(tx: Connection, selection: Selection, *, received: bool = False) -> list[Copy]:
    """The copies that a selection stands for; `received`: of a message rather those in folders of received mail."""
    found = [_copy(row) for row in rows_in(tx, f"{_COPIES}mail_copy.id IN ", selection.copies)]
    by_message: dict[int, list[Copy]] = {}
    for row in rows_in(tx, f"{_COPIES}mail_copy.message_id IN ", selection.messages):
        by_message.setdefault(int(row[1]), []).append(_copy(row))
    for copies in by_message.values():
        rather = [copy for copy in copies if copy.role not in NOT_RECEIVED] if received else []
        found += rather or copies
    return list({copy.id: copy for copy in found}.values())


def change_flags(
    tx: Connection, copies: Sequence[Copy], change: FlagsChange, now: datetime
) -> list[tuple[Copy, FlagsChange]]:
    """Set and take away flags; the copies that changed, each with what changed about it."""
    changed = [
        (copy, effective)
        for copy in copies
        if (effective := FlagsChange(_not_in(change.add, copy), _in(change.remove, copy)))
    ]
    waiting = _waiting(tx, [copy.id for copy, _ in changed])
    book = _Book(tx, now)
    by_flags: dict[frozenset[str], list[int]] = {}
    for copy, effective in changed:
        flags = (copy.flags | set(effective.add)) - set(effective.remove)
        by_flags.setdefault(flags, []).append(copy.id)
        rows = waiting.get(copy.id, [])
        earlier = next((row for row in rows if _can_join(row)), None)
        if earlier is None or not isinstance(earlier.effect, FlagsChange):
            book.add(copy, _server_place(copy, rows), effective)
        elif joined := earlier.effect.then(effective):
            book.change(earlier, joined)
        else:
            book.remove(earlier)
    for flags, ids in by_flags.items():
        show_flags(tx, flags, ids)
    book.write()
    return changed


def show_flags(tx: Connection, flags: Set[str], copy_ids: Sequence[int]) -> None:
    """Let copies have exactly these of the flags that a person can change, here only."""
    sql = "UPDATE mail_copy SET seen = ?, flagged = ?, answered = ? WHERE id IN "
    run_in(tx, sql, copy_ids, [int(SEEN in flags), int(FLAGGED in flags), int(ANSWERED in flags)])


def move(tx: Connection, copies: Sequence[Copy], folder_id: int, now: datetime) -> list[Copy]:
    """Show the copies in a folder of their mailbox and let the postman move them; those that lay elsewhere before."""
    moved = [copy for copy in copies if copy.shown.folder_id != folder_id]
    waiting = _waiting(tx, [copy.id for copy in moved])
    book = _Book(tx, now)
    uids = []
    for copy in moved:
        rows = waiting.get(copy.id, [])
        place = _server_place(copy, rows)
        last, before = _last_move(place, rows)
        if last is None or not last.mutable:
            book.add(copy, place, Move(folder_id))
        elif before.folder_id == folder_id:
            book.remove(last)
            uids.append((before.uid, copy.id))
        else:
            book.change(last, Move(folder_id))
    sql = "UPDATE mail_copy SET folder_id = ?, uid = NULL WHERE id IN "
    run_in(tx, sql, [copy.id for copy in moved], [folder_id])
    tx.run_many("UPDATE mail_copy SET uid = ? WHERE id = ?", uids)
    book.write()
    _leave_to_others(tx, moved, waiting)
    refresh_processed(tx, [copy.message_id for copy in moved])
    return moved


def erase(tx: Connection, copies: Sequence[Copy], now: datetime) -> None:
    """Take the copies away for good, here and on the server. One whose UID is not known goes there as soon as it is."""
    waiting = _waiting(tx, [copy.id for copy in copies])
    book = _Book(tx, now)
    for copy in copies:
        rows = waiting.get(copy.id, [])
        for row in rows:
            if row.mutable:
                book.remove(row)
        if not any(isinstance(row.effect, Append) and row.mutable for row in rows):
            book.add(copy, _server_place(copy, rows), Delete())
    book.write()
    _leave_to_others(tx, copies, waiting)
    run_in(tx, "DELETE FROM mail_copy WHERE id IN ", [copy.id for copy in copies])


def _leave_to_others(
    tx: Connection, copies: Sequence[Copy], waiting: Mapping[int, Sequence[Waiting]]
) -> None:
    """A copy that is shown in a folder before its mail was moved there may bear the UID of an identical mail, or of a move
    that was half done: it gives it back, and the folder is compared to see what lies there."""
    odd = {
        copy.shown.folder_id
        for copy in copies
        if copy.shown.uid is not None
        and any(row.place.folder_id != copy.shown.folder_id for row in waiting.get(copy.id, ()))
    }
    for folder_id in sorted(odd):
        compare_again(tx, folder_id)


class _Book:
    """Collects what becomes of the operation rows, and writes it in bulk."""

    def __init__(self, tx: Connection, now: datetime) -> None:
        self._tx = tx
        self._at = int(now.timestamp())
        self._new: list[tuple[object, ...]] = []
        self._changed: list[tuple[object, ...]] = []
        self._removed: set[int] = set()

    def add(self, copy: Copy, place: Place, effect: Effect) -> None:
        self._new.append(
            (
                copy.mailbox_id,
                place.folder_id,
                copy.id,
                copy.message_id,
                place.uid,
                kind_of(effect).value,
                effect.to_json(),
                self._at,
                self._at,
            )
        )

    def change(self, row: Waiting, effect: Effect) -> None:
        self._changed.append((effect.to_json(), self._at if row.refused else 0, row.id))

    def remove(self, row: Waiting) -> None:
        self._removed.add(row.id)

    def write(self) -> None:
        run_in(self._tx, "DELETE FROM operation WHERE id IN ", sorted(self._removed))
        self._tx.run_many(
            """UPDATE operation SET arguments = ?, due_at = ?, state = 'waiting', attempts = 0, tried = 0, error = '',
  target_uidvalidity = 0, target_uidnext = 0 WHERE id = ?""",
            self._changed,
        )
        self._tx.run_many(
            """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, uid, kind, arguments, due_at,
  created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            self._new,
        )


def _copy(row: Row) -> Copy:
    number, message, folder, uid, seen, flagged, answered, mailbox, role = row
    signs = ((SEEN, seen), (FLAGGED, flagged), (ANSWERED, answered))
    flags = frozenset(name for name, on in signs if on)
    return Copy(number, message, Place(folder, uid), mailbox, Role(role), flags)


def _waiting(tx: Connection, copy_ids: Sequence[int]) -> dict[int, list[Waiting]]:
    """The operations about these copies, by copy, in order."""
    sql = "SELECT copy_id, id, folder_id, uid, kind, arguments, state, tried FROM operation WHERE copy_id IN "
    found: dict[int, list[Waiting]] = {}
    for copy, number, folder, uid, kind, arguments, state, tried in rows_in(tx, sql, copy_ids):
        refused = state == OperationState.FAILED
        mutable = refused or (state == OperationState.WAITING and not tried)
        row = Waiting(number, Place(folder, uid), read_effect(kind, arguments), mutable, refused)
        found.setdefault(copy, []).append(row)
    return {copy: sorted(rows, key=lambda row: row.id) for copy, rows in found.items()}


def _server_place(copy: Copy, rows: Sequence[Waiting]) -> Place:
    return rows[0].place if rows else copy.shown


def _last_move(place: Place, rows: Sequence[Waiting]) -> tuple[Waiting | None, Place]:
    """The last waiting move, and where the mail will lie before it."""
    moves = [(row, row.effect) for row in rows if isinstance(row.effect, Move)]
    if not moves:
        return None, place
    before = place if len(moves) == 1 else Place(moves[-2][1].target_folder_id, None)
    return moves[-1][0], before


def _can_join(row: Waiting) -> bool:
    """A refused change of flags is left for the rep to decide: the server's flags count again."""
    return isinstance(row.effect, FlagsChange) and row.mutable and not row.refused


def _not_in(flags: Iterable[str], copy: Copy) -> tuple[str, ...]:
    return tuple(flag for flag in flags if flag not in copy.flags)


def _in(flags: Iterable[str], copy: Copy) -> tuple[str, ...]:
    return tuple(flag for flag in flags if flag in copy.flags)
