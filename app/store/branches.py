"""Which copies a list shows and which index holds them in order; it builds SQL and fetches nothing but folder ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from app.domain.listing import ListFilter
from app.domain.mail import Role
from app.store.connection import Connection, places

#: Folders that a list without a folder leaves out.
APART = (Role.JUNK, Role.TRASH, Role.ALL)
#: More branches than this are not merged; one index over all copies is walked instead.
MAX_BRANCHES = 100


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a list that one index holds in order of dates."""

    sql: str
    params: tuple[int | str, ...]


def folder_ids(read: Connection, wanted: ListFilter) -> list[int]:
    """The folders that a list covers, without those that hold nothing for it."""
    holding = "unprocessed" if wanted.unprocessed else "unread" if wanted.unread else "total"
    if wanted.folder_id is not None:
        found = read.rows(f"SELECT id FROM folder WHERE id = ? AND {holding} > 0", (wanted.folder_id,))
    else:
        mailbox = "" if wanted.mailbox_id is None else f"AND mailbox_id = {int(wanted.mailbox_id)}"
        found = read.rows(
            f"SELECT id FROM folder WHERE {holding} > 0 AND role NOT IN {places(APART)} {mailbox} ORDER BY id",
            APART,
        )
    return [folder for (folder,) in found]


def conditions(wanted: ListFilter) -> tuple[str, tuple[int | str, ...]]:
    """What must hold of a row of `mail_copy` beside its folder: SQL that begins with AND, or nothing."""
    parts: list[str] = []
    params: list[int | str] = []
    for on, sql in (
        (wanted.unprocessed, "unprocessed = 1"),
        (wanted.unread, "seen = 0"),
        (wanted.flagged, "flagged = 1"),
        (wanted.answered, "answered = 1"),
        (
            wanted.with_attachment,
            "EXISTS (SELECT 1 FROM message w WHERE w.id = message_id AND w.attachments > 0)",
        ),
    ):
        if on:
            parts.append(sql)
    if wanted.after is not None:
        parts.append("message_id >= ?")
        params.append(first_id_of(wanted.after))
    if wanted.before is not None:
        parts.append("message_id < ?")
        params.append(first_id_of(wanted.before))
    if wanted.thread_id is not None:
        parts.append("message_id IN (SELECT t.id FROM message t WHERE t.thread_id = ?)")
        params.append(wanted.thread_id)
    if wanted.linked is not None:
        parts.append("message_id IN (SELECT l.message_id FROM link l WHERE l.kind = ? AND l.record_id = ?)")
        params.extend(wanted.linked)
    return "".join(f" AND {part}" for part in parts), tuple(params)


def first_id_of(day: date) -> int:
    """The smallest message id that a mail of this day, or a later one, can have; the day begins in the local zone."""
    try:
        begin = datetime.combine(day, time()).astimezone().timestamp()
    except (OverflowError, ValueError):  # the calendar's first and last days in zones that lead out of it
        begin = datetime.combine(day, time(), UTC).timestamp()
    return max(0, int(begin)) << 20


def _index(read: Connection, wanted: ListFilter, *, of_folder: bool) -> str:
    """SQLite is told which index holds the order; its planner has no figures to see it by."""
    if read.dialect != "sqlite" or wanted.thread_id is not None or wanted.linked is not None:
        return ""
    if wanted.unprocessed:
        return "INDEXED BY mail_copy_folder_unprocessed" if of_folder else "INDEXED BY mail_copy_unprocessed"
    if not of_folder:
        return "INDEXED BY mail_copy_message"
    if wanted.flagged:
        return "INDEXED BY mail_copy_flagged"
    return "INDEXED BY mail_copy_unread" if wanted.unread else "INDEXED BY mail_copy_list"


def branches(read: Connection, wanted: ListFilter, *, merge: bool = True) -> list[Branch]:
    """The list as branches to be merged, or as one walk over the copies of all folders when there are too many."""
    folders = folder_ids(read, wanted)
    more, params = conditions(wanted)
    narrow = wanted.thread_id is not None or wanted.linked is not None
    if len(folders) > 1 and (narrow or not merge or len(folders) > MAX_BRANCHES):
        source = f"mail_copy {_index(read, wanted, of_folder=False)}"
        some = ", ".join(str(folder) for folder in folders)
        return [Branch(f"FROM {source} WHERE folder_id IN ({some}){more}", params)]
    source = f"mail_copy {_index(read, wanted, of_folder=True)}"
    return [Branch(f"FROM {source} WHERE folder_id = {folder}{more}", params) for folder in folders]
