"""Links, comments and marks of messages; plain SQL in bulk, no rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.domain.crm.kinds import Kind, LinkOrigin
from app.domain.mail.messages import Role
from app.domain.mail.triage import Comment, Selection
from app.store.connection import Connection, rows_in

#: (message, kind, record)
LinkKey = tuple[int, str, int]
#: (message, kind, record, origin, author, created_at)
LinkRow = tuple[int, str, int, str, str, int]


def messages_of(tx: Connection, selection: Selection) -> tuple[list[int], int]:
    """The messages that a selection stands for, as far as they are still here, and how many of it are gone."""
    sql = "SELECT id, message_id FROM mail_copy WHERE id IN "
    by_copy = {row[0]: row[1] for row in rows_in(tx, sql, selection.copies)}
    found = {row[0] for row in rows_in(tx, "SELECT id FROM message WHERE id IN ", selection.messages)}
    messages = [by_copy[copy] for copy in selection.copies if copy in by_copy]
    messages += [message for message in selection.messages if message in found]
    missing = len(set(selection.copies) - set(by_copy)) + len(set(selection.messages) - found)
    return list(dict.fromkeys(messages)), missing


def subject_of(read: Connection, message_id: int) -> str | None:
    """The subject of a message; None when it is gone."""
    return read.value("SELECT subject FROM message WHERE id = ?", (message_id,))  # type: ignore[no-any-return]


def unprocessed_in_threads(tx: Connection, message_ids: Sequence[int]) -> list[int]:
    """The unprocessed messages of the same threads, without these."""
    sql = "SELECT DISTINCT thread_id FROM message WHERE id IN "
    threads = list(dict.fromkeys(row[0] for row in rows_in(tx, sql, message_ids)))
    sql = """SELECT DISTINCT message.id FROM message JOIN mail_copy ON mail_copy.message_id = message.id
  WHERE mail_copy.unprocessed = 1 AND message.thread_id IN """
    given = set(message_ids)
    return [row[0] for row in rows_in(tx, sql, threads) if row[0] not in given]


def add_links(
    tx: Connection, message_ids: Sequence[int], kind: Kind, record_id: int, author: str, at: int
) -> list[int]:
    """Link messages to a record; those that were not linked to it before."""
    sql = "SELECT message_id FROM link WHERE kind = ? AND record_id = ? AND message_id IN "
    have = {row[0] for row in rows_in(tx, sql, message_ids, [kind.value, record_id])}
    new = [message for message in message_ids if message not in have]
    restore_links(
        tx, [(message, kind.value, record_id, LinkOrigin.PERSON.value, author, at) for message in new]
    )
    return new


def restore_links(tx: Connection, links: Sequence[LinkRow]) -> None:
    """Write links as they are; one that is there already stays."""
    tx.run_many(
        """INSERT INTO link (message_id, kind, record_id, origin, author, created_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING""",
        links,
    )


def links_to(tx: Connection, message_ids: Sequence[int], kind: Kind, record_id: int) -> list[LinkRow]:
    """The links of these messages to one record."""
    sql = """SELECT message_id, kind, record_id, origin, author, created_at FROM link
  WHERE kind = ? AND record_id = ? AND message_id IN """
    return [tuple(row) for row in rows_in(tx, sql, message_ids, [kind.value, record_id])]


def remove_links(tx: Connection, links: Sequence[LinkKey]) -> int:
    """Remove links; how many were there."""
    sql = "DELETE FROM link WHERE message_id = ? AND kind = ? AND record_id = ?"
    return sum(tx.run(sql, link) for link in links)


def linked_by_thread(tx: Connection, links: Sequence[LinkKey], since: int) -> list[LinkKey]:
    """The links that the thread rule made since then to the same records in threads of these messages, where no other
    message of the thread is linked to the record otherwise. To be asked when `links` are removed already."""
    found: list[LinkKey] = []
    for kind, record in dict.fromkeys((kind, record) for _, kind, record in links):
        messages = [message for message, *to in links if to == [kind, record]]
        sql = "SELECT DISTINCT thread_id FROM message WHERE id IN "
        threads = list({row[0] for row in rows_in(tx, sql, messages)})
        sql = """SELECT message.thread_id, link.message_id, link.origin, link.created_at
  FROM link JOIN message ON message.id = link.message_id
  WHERE link.kind = ? AND link.record_id = ? AND message.thread_id IN """
        rows = list(rows_in(tx, sql, threads, [kind, record]))
        kept = {row[0] for row in rows if row[2] != LinkOrigin.THREAD or row[3] < since}
        found += [(row[1], kind, record) for row in rows if row[0] not in kept]
    return found


def links_of_record(tx: Connection, kind: Kind, record_id: int) -> list[tuple[int, str]]:
    """(message, origin) of every link to a record."""
    sql = "SELECT message_id, origin FROM link WHERE kind = ? AND record_id = ?"
    return [(row[0], row[1]) for row in tx.rows(sql, (kind.value, record_id))]


def add_comments(tx: Connection, message_ids: Sequence[int], text: str, author: str, at: int) -> list[int]:
    """One comment on each message; their ids."""
    sql = "INSERT INTO comment (message_id, text, author, created_at) VALUES (?, ?, ?, ?) RETURNING id"
    return [int(tx.value(sql, (message, text, author, at))) for message in message_ids]


def comments_on(read: Connection, message_id: int) -> list[Comment]:
    """The comments on a message, oldest first."""
    sql = """SELECT comment.text, comment.author, comment.created_at, coalesce(member.name, '')
  FROM comment LEFT JOIN member ON member.login = comment.author WHERE message_id = ?
  ORDER BY comment.created_at, comment.id"""
    return [
        Comment(text, author, datetime.fromtimestamp(at, UTC), name)
        for text, author, at, name in read.rows(sql, (message_id,))
    ]


def remove_comments(tx: Connection, comments: Sequence[tuple[int, int, int]]) -> int:
    """Remove comments given as (comment, message, created_at); how many were there."""
    sql = "DELETE FROM comment WHERE id = ? AND message_id = ? AND created_at = ?"
    return sum(tx.run(sql, comment) for comment in comments)


def marks_of(tx: Connection, message_ids: Sequence[int]) -> dict[int, str]:
    """The colours of these messages; no colour is the empty string."""
    sql = "SELECT message_id, colour FROM mark WHERE message_id IN "
    return dict.fromkeys(message_ids, "") | {row[0]: row[1] for row in rows_in(tx, sql, message_ids)}


def set_marks(tx: Connection, marks: Sequence[tuple[int, str]]) -> None:
    """Colours by message; the empty one takes the mark away."""
    tx.run_many("DELETE FROM mark WHERE message_id = ?", [(message,) for message, _ in marks])
    tx.run_many("INSERT INTO mark (message_id, colour) VALUES (?, ?)", [mark for mark in marks if mark[1]])


def folder_name(read: Connection, folder_id: int) -> tuple[str, Role, int] | None:
    """(name, role, mailbox) of a folder that mail can be moved to."""
    sql = "SELECT name, role, mailbox_id FROM folder WHERE id = ? AND selectable = 1 AND gone = 0"
    row = read.row(sql, (folder_id,))
    return None if row is None else (row[0], Role(row[1]), row[2])


def folders_by_role(read: Connection, role: Role) -> dict[int, int]:
    """From mailbox to its folder with this role."""
    sql = "SELECT mailbox_id, id FROM folder WHERE role = ? AND selectable = 1 AND gone = 0 ORDER BY id DESC"
    return {row[0]: row[1] for row in read.rows(sql, (role.value,))}


def mailbox_name(read: Connection, mailbox_id: int) -> str:
    return str(read.value("SELECT name FROM mailbox WHERE id = ?", (mailbox_id,)))
