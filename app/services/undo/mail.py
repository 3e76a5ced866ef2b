"""Takes back what was done with mails: links, comments, marks, flags, folders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.crm.kinds import Kind
from app.domain.mail.operations import FlagsChange
from app.domain.mail.triage import Selection
from app.domain.undo import (
    MailInverse,
    PutBack,
    RemoveComments,
    RemoveLinks,
    RestoreLinks,
    RestoreMarks,
    TurnFlags,
)
from app.services.undo.ground import Back, Ground
from app.services.undo.mentions import forget
from app.store.connection import Connection
from app.store.crm import triage
from app.store.crm.records import record_row
from app.store.mail.processed import refresh_processed
from app.store.sync import changes


def take_back(ground: Ground, inverse: MailInverse) -> Back:
    """Restore what the step changed, as far as it is still as the step left it."""
    tx = ground.tx
    match inverse:
        case RemoveLinks(links, since):
            return _back(links, _remove_links(tx, links, since))
        case RestoreLinks(links):
            return _back(links, _restore_links(tx, links))
        case RemoveComments(comments, mentions):
            messages = tuple(message for _comment, message, _at in comments)
            removed = triage.remove_comments(tx, comments)
            return Back(len(comments), removed, messages, note=forget(tx, mentions))
        case RestoreMarks(marks):
            return _back(marks, _restore_marks(tx, marks))
        case TurnFlags(add, remove, copies):
            found = changes.copies_of(tx, Selection(copies=copies))
            changed = changes.change_flags(tx, found, FlagsChange(add, remove), ground.now)
            return Back(len(copies), len(changed), _messages(tx, copies))
        case PutBack(folder, found_in, copies):
            return Back(len(copies), _put_back(ground, folder, found_in, copies), _messages(tx, copies))


def _back(things: Sequence[tuple[Any, ...]], restored: int) -> Back:
    """Of things that name their message first."""
    return Back(len(things), restored, tuple(thing[0] for thing in things))


def _messages(tx: Connection, copies: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(triage.messages_of(tx, Selection(copies=copies))[0])


def _remove_links(tx: Connection, links: tuple[tuple[int, str, int], ...], since: int) -> int:
    removed = triage.remove_links(tx, links)
    followers = triage.linked_by_thread(tx, links, since)
    triage.remove_links(tx, followers)
    refresh_processed(tx, [link[0] for link in (*links, *followers)])
    return removed


def _restore_links(tx: Connection, links: tuple[tuple[int, str, int, str, str, int], ...]) -> int:
    here = _still_here(tx, [link[0] for link in links])
    records = {(kind, record) for _message, kind, record, *_by in links}
    alive = {key for key in records if record_row(tx, Kind(key[0]), key[1]) is not None}
    kept = [link for link in links if link[0] in here and (link[1], link[2]) in alive]
    triage.restore_links(tx, kept)
    refresh_processed(tx, [link[0] for link in kept])
    return len(kept)


def _restore_marks(tx: Connection, marks: tuple[tuple[int, str, str], ...]) -> int:
    found = triage.marks_of(tx, [message for message, _set, _before in marks])
    here = _still_here(tx, list(found))
    kept = [
        (message, before)
        for message, was_set, before in marks
        if message in here and found[message] == was_set
    ]
    triage.set_marks(tx, kept)
    return len(kept)


def _put_back(ground: Ground, folder_id: int, found_in: int, copy_ids: tuple[int, ...]) -> int:
    tx = ground.tx
    if triage.folder_name(tx, folder_id) is None:
        return 0
    copies = changes.copies_of(tx, Selection(copies=copy_ids))
    there = [copy for copy in copies if copy.shown.folder_id == found_in]
    return len(changes.move(tx, there, folder_id, ground.now))


def _still_here(tx: Connection, messages: list[int]) -> set[int]:
    return set(triage.messages_of(tx, Selection(messages=tuple(messages)))[0])
