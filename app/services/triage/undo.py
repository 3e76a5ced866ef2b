"""Takes the last triage step of a person back: exactly what the step changed, and nothing that others did since."""

from __future__ import annotations

from datetime import datetime

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, LinkOrigin, TaskState
from app.domain.leads.rules import check_works, may_be_given
from app.domain.mail.messages import subject_word
from app.domain.mail.operations import FlagsChange
from app.domain.mail.triage import (
    Done,
    Inverse,
    NothingToUndo,
    PutBack,
    RemoveComments,
    RemoveLinks,
    RemoveMention,
    RemoveRecord,
    ReopenMention,
    RestoreLinks,
    RestoreMarks,
    RestoreRecord,
    Selection,
    TurnFlags,
    read_inverses,
)
from app.domain.text import clean_line, fit
from app.language import _, ngettext
from app.services.team.acting import acting, team_of
from app.services.triage.steps import seconds
from app.store.connection import Connection
from app.store.crm import tasks, triage
from app.store.crm.history import add_entry
from app.store.crm.records import is_used, record_row, remove_record
from app.store.database import Store
from app.store.mail.processed import refresh_processed
from app.store.sync import changes

#: Cells of a subject that are shown.
SUBJECT_SHOWN = 24
#: The state of leads and tasks with which nothing is done any more.
_FINISHED = TaskState.DONE.value


def undo(store: Store, *, author: str, now: datetime) -> Done:
    """Take back the author's last step that is not taken back yet. Raises NothingToUndo when there is none.

    What is no longer as the step left it stays as it is and is counted in `left_out`. Raises NotAMember and ReadsOnly for
    steps with leads and tasks.
    """
    with store.write() as tx:
        step = triage.pop_step(tx, author)
        if step is None:
            raise NothingToUndo
        title, inverses = step
        done = left_out = 0
        messages: list[int] = []
        for inverse in reversed(read_inverses(inverses)):
            messages += _messages(tx, inverse)
            wanted, restored = _apply(tx, inverse, author, now)
            done += restored
            left_out += wanted - restored
        subject = triage.subject_of(tx, messages[0]) if len(set(messages)) == 1 else None
    text = _("Undone: {step}").format(step=title)
    if subject is not None:
        text += f" – {_short(subject)}"
    if left_out:
        text += " " + ngettext(
            "({n} was changed since and stays)", "({n} were changed since and stay)", left_out
        ).format(n=left_out)
    return Done(text, done, False, left_out, messages=tuple(dict.fromkeys(messages)))


def _short(subject: str) -> str:
    """A subject in quotation marks, cut so that it leaves room on a line of 80."""
    name = subject_word(clean_line(subject)).strip()
    return _("“{name}”").format(name=fit(name, SUBJECT_SHOWN).rstrip())


def _messages(tx: Connection, inverse: Inverse) -> list[int]:
    """The messages that taking this back is about."""
    match inverse:
        case RemoveLinks(links) | RestoreLinks(links):
            return [link[0] for link in links]
        case RemoveComments(comments):
            return [message for _comment, message, _at in comments]
        case RestoreMarks(marks):
            return [message for message, _set, _before in marks]
        case TurnFlags(copies=copies) | PutBack(copies=copies):
            return triage.messages_of(tx, Selection(copies=copies))[0]
        case RemoveRecord(kind, number):
            return [message for message, _origin in triage.links_of_record(tx, Kind(kind), number)]
        case RestoreRecord() | ReopenMention() | RemoveMention():
            return []


def _apply(tx: Connection, inverse: Inverse, author: str, now: datetime) -> tuple[int, int]:
    """How many things were to be restored, and how many were."""
    match inverse:
        case RemoveLinks(links, since):
            return len(links), _remove_links(tx, links, since)
        case RestoreLinks(links):
            return len(links), _restore_links(tx, links)
        case RemoveComments(comments):
            return len(comments), triage.remove_comments(tx, comments)
        case RestoreMarks(marks):
            return len(marks), _restore_marks(tx, marks)
        case TurnFlags(add, remove, copies):
            found = changes.copies_of(tx, Selection(copies=copies))
            return len(copies), len(changes.change_flags(tx, found, FlagsChange(add, remove), now))
        case PutBack(folder, found_in, copies):
            return len(copies), _put_back(tx, folder, found_in, copies, now)
        case RemoveRecord(kind, number, changed_at):
            return 1, _remove_record(tx, Kind(kind), number, changed_at)
        case RestoreRecord():
            return 1, _restore_record(tx, inverse, author, now)
        case ReopenMention(number, done_at):
            return 1, int(tasks.reopen_mention(tx, number, done_at))
        case RemoveMention(number):
            return 1, int(tasks.remove_mention(tx, number))


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


def _put_back(tx: Connection, folder_id: int, found_in: int, copy_ids: tuple[int, ...], now: datetime) -> int:
    if triage.folder_name(tx, folder_id) is None:
        return 0
    copies = changes.copies_of(tx, Selection(copies=copy_ids))
    there = [copy for copy in copies if copy.shown.folder_id == found_in]
    return len(changes.move(tx, there, folder_id, now))


def _remove_record(tx: Connection, kind: Kind, number: int, changed_at: int) -> int:
    """Remove a record that the step made. One that was changed, or that others linked or refer to, stays."""
    links = triage.links_of_record(tx, kind, number)
    by_hand = any(origin != LinkOrigin.THREAD for _message, origin in links)
    if by_hand or is_used(tx, kind, number) or not remove_record(tx, kind, number, changed_at):
        return 0
    triage.remove_links(tx, [(message, kind.value, number) for message, _origin in links])
    refresh_processed(tx, [message for message, _origin in links])
    return 1


def _restore_record(tx: Connection, step: RestoreRecord, author: str, now: datetime) -> int:
    """Put back what the step changed, by the rules that hold for steps. A record of which that was changed since, that was
    finished since, or that would come to somebody who can do it no longer, stays as it is. Raises NotAMember and ReadsOnly."""
    check_works(acting(tx, author, now))
    kind, names = Kind(step.kind), tuple(name for name, _set, _before in step.values)
    found = tasks.columns_of(tx, kind, step.id, tuple({*names, "state"}))
    if found is None or any(found[name] != was_set for name, was_set, _before in step.values):
        return 0
    if "state" not in names and found["state"] == _FINISHED:
        return 0
    before = {name: old for name, _set, old in step.values}
    if before.get("assignee") and not may_be_given(str(before["assignee"]), team_of(tx)):
        return 0
    changed_at = tasks.change_columns(tx, kind, step.id, before, seconds(now))
    changed = {name: [was_set, old] for name, was_set, old in step.values if name != "finished_at"}
    add_entry(tx, kind, step.id, Event(step.event), author, changed_at, details={**changed, "undone": True})
    return 1


def _still_here(tx: Connection, messages: list[int]) -> set[int]:
    return set(triage.messages_of(tx, Selection(messages=tuple(messages)))[0])
