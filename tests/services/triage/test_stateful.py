"""Random triage against a server that is slow, with undo: the store stays whole, undo restores, the server follows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.domain.crm.kinds import Kind, MarkColour
from app.domain.errors import PostkorbError
from app.domain.mail.messages import Role
from app.domain.mail.operations import Append, Delete, FlagsChange, Move
from app.domain.mail.triage import Selection
from app.domain.undo import KEPT_STEPS, Done
from app.services import triage
from app.services.undo.undoing import undo
from app.store.connection import Connection
from app.store.mail.processed import refresh_processed
from app.store.sync import operations
from tests.store.build import add_folder, add_mail, add_mailbox
from tests.store.empty import new_store
from tests.store.invariants import check
from tests.store.leads import add_member

AUTHORS = ("anna", "bert")
Snapshot = dict[str, Any]


@dataclass
class Server:
    """What a mail server holds: mails by (folder, UID), and whether it tells new UIDs."""

    mails: dict[tuple[int, int], tuple[int, frozenset[str]]] = field(default_factory=dict)
    next_uid: int = 1000

    def change(self, place: tuple[int, int], change: FlagsChange) -> None:
        message, flags = self.mails[place]
        self.mails[place] = (message, (flags | set(change.add)) - set(change.remove))

    def move(self, place: tuple[int, int], target: int) -> int:
        self.next_uid += 1
        self.mails[(target, self.next_uid)] = self.mails.pop(place)
        return self.next_uid


class Triage(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = new_store(Path(self.folder.name) / "postkorb.db")
        self.server = Server()
        self.now = datetime(2026, 11, 18, tzinfo=UTC)
        self.copies: list[int] = []
        self.history: dict[str, list[Snapshot]] = {author: [] for author in AUTHORS}

    def teardown(self) -> None:
        while self._postman(tells_uid=True):
            self._bind()
        self._bind()
        assert self._server_view() == self._store_view()
        check(self.store)
        self.store.close()
        self.folder.cleanup()

    @initialize()
    def fill(self) -> None:
        self.folders = []
        add_member(self.store, AUTHORS[0], role="admin")
        add_member(self.store, AUTHORS[1])
        for name in ("vertrieb", "service"):
            mailbox = add_mailbox(self.store, name)
            for role in (Role.INBOX, Role.NONE, Role.ARCHIVE, Role.TRASH, Role.JUNK):
                self.folders.append(add_folder(self.store, mailbox, f"{name} {role}", role))
        with self.store.write() as tx:
            tx.run("INSERT INTO contact (first_name, last_name) VALUES ('Silke', 'Berger')")
            tx.run("INSERT INTO lead (title) VALUES ('Rahmenvertrag'), ('Pumpen')")
        first = self._arrive(self.folders[0], thread=7)
        for number in range(4):
            self._arrive(self.folders[0], thread=number % 2 + 7)
        self._arrive(self.folders[5], message=first)
        self._arrive(self.folders[3], thread=7)

    def _arrive(self, folder: int, *, thread: int = 0, message: int = 0) -> int:
        self.server.next_uid += 1
        copy = add_mail(self.store, folder, thread=thread, message=message, uid=self.server.next_uid)
        self.server.mails[(folder, copy.uid)] = (copy.message, frozenset())
        self.copies.append(copy.id)
        return copy.message

    def _step(self, author: str, step: Callable[..., Done], *args: Any, **more: Any) -> None:
        """One step; what it leaves behind can be taken back by its author."""
        self.now += timedelta(seconds=5)
        before = self._snapshot()
        try:
            done = step(self.store, *args, author=author, now=self.now, **more)
        except PostkorbError:
            assert self._snapshot() == before
            return
        assert done.undoable == (before != self._snapshot()) == (done.count > 0)
        if done.undoable:
            self.history = {name: (steps if name == author else []) for name, steps in self.history.items()}
            self.history[author] = [*self.history[author], before][-KEPT_STEPS:]

    def _snapshot(self) -> Snapshot:
        read = self.store.read
        return {
            "links": set(
                read.rows("SELECT message_id, kind, record_id, origin, author, created_at FROM link")
            ),
            "marks": set(read.rows("SELECT message_id, colour FROM mark")),
            "comments": set(read.rows("SELECT id, message_id, text, author FROM comment")),
            "copies": set(read.rows("SELECT id, folder_id, seen, flagged, unprocessed FROM mail_copy")),
            "counters": set(read.rows("SELECT id, total, unread, unprocessed FROM folder")),
        }

    # What a rep does. Steps of both authors may hit the same mail, so only an uninterrupted run of one author's steps
    # must be restored exactly.

    authors = st.sampled_from(AUTHORS)
    picks = st.lists(st.integers(0, 30), min_size=1, max_size=4)
    records = st.sampled_from([(Kind.CONTACT, 1), (Kind.LEAD, 1), (Kind.LEAD, 2), (Kind.TASK, 9)])

    def _mails(self, picks: list[int], *, by_message: bool = False) -> Selection:
        copies = tuple(dict.fromkeys(self.copies[pick % len(self.copies)] for pick in picks))
        if not by_message:
            return Selection(copies=copies)
        return Selection(
            messages=tuple(
                row[0]
                for row in self.store.read.rows(
                    f"SELECT DISTINCT message_id FROM mail_copy WHERE id IN {(*copies, 0)}"
                )
            )
        )

    @rule(author=authors, picks=picks, by_message=st.booleans(), record=records, whole_thread=st.booleans())
    def link(
        self, author: str, picks: list[int], by_message: bool, record: tuple[Kind, int], whole_thread: bool
    ) -> None:
        mails = self._mails(picks, by_message=by_message)
        self._step(author, triage.link, mails, *record, whole_thread=whole_thread)

    @rule(author=authors, picks=picks, record=records)
    def unlink(self, author: str, picks: list[int], record: tuple[Kind, int]) -> None:
        self._step(author, triage.unlink, self._mails(picks), *record)

    @rule(author=authors, picks=picks, text=st.sampled_from(["ruft an", " ", "Preis\nfolgt"]))
    def comment(self, author: str, picks: list[int], text: str) -> None:
        self._step(author, triage.comment, self._mails(picks), text)

    @rule(author=authors, picks=picks, colour=st.sampled_from(MarkColour))
    def mark(self, author: str, picks: list[int], colour: MarkColour) -> None:
        self._step(author, triage.mark, self._mails(picks), colour)

    @rule(author=authors, picks=picks, on=st.booleans(), by_message=st.booleans())
    def set_seen(self, author: str, picks: list[int], on: bool, by_message: bool) -> None:
        self._step(author, triage.set_seen, self._mails(picks, by_message=by_message), on)

    @rule(author=authors, picks=picks, on=st.booleans())
    def set_flagged(self, author: str, picks: list[int], on: bool) -> None:
        self._step(author, triage.set_flagged, self._mails(picks), on)

    @rule(author=authors, picks=picks, to=st.integers(0, 9), by_message=st.booleans())
    def move(self, author: str, picks: list[int], to: int, by_message: bool) -> None:
        self._step(author, triage.move, self._mails(picks, by_message=by_message), self.folders[to])

    @rule(author=authors, picks=picks, verb=st.sampled_from([triage.archive, triage.delete, triage.spam]))
    def file(self, author: str, picks: list[int], verb: Callable[..., Done]) -> None:
        self._step(author, verb, self._mails(picks))

    @rule(number=st.integers(0, 30))
    def delete_forever(self, number: int) -> None:
        sql = """SELECT mail_copy.id FROM mail_copy JOIN folder ON folder.id = mail_copy.folder_id
  WHERE folder.role = 'trash' ORDER BY mail_copy.id"""
        trash = [row[0] for row in self.store.read.rows(sql)]
        if trash and len(self.copies) > 4:
            gone = trash[number % len(trash)]
            triage.delete_forever(self.store, Selection(copies=(gone,)), author=AUTHORS[0], now=self.now)
            self.copies.remove(gone)
            self.history = {author: [] for author in AUTHORS}

    @rule(author=authors)
    def undo(self, author: str) -> None:
        self.now += timedelta(seconds=5)
        try:
            done = undo(self.store, author=author, now=self.now)
        except PostkorbError:
            assert not self.history[author]
            return
        if not self.history[author]:
            self.history = {author: [] for author in AUTHORS}
            return
        assert not done.left_out
        assert self._snapshot() == self.history[author].pop()
        self.history = {name: (steps if name == author else []) for name, steps in self.history.items()}

    # What happens meanwhile.

    @rule(thread=st.sampled_from([7, 8]))
    def arrive(self, thread: int) -> None:
        """As the sync does it: the thread's links are those of the new mail."""
        message = self._arrive(self.folders[0], thread=thread)
        with self.store.write() as tx:
            tx.run(
                """INSERT INTO link (message_id, kind, record_id, origin, created_at)
  SELECT DISTINCT ?, kind, record_id, 'thread', ? FROM link JOIN message ON message.id = link.message_id
  WHERE message.thread_id = ?""",
                (message, int(self.now.timestamp()), thread),
            )
            refresh_processed(tx, [message])
        self.history = {author: [] for author in AUTHORS}

    @rule()
    def postman_starts(self) -> None:
        with self.store.write() as tx:
            tx.run("UPDATE operation SET state = 'running' WHERE id = (SELECT min(id) FROM operation)")

    @rule(tells_uid=st.booleans())
    def postman_finishes(self, tells_uid: bool) -> None:
        self._postman(tells_uid=tells_uid)

    @rule()
    def sync_binds(self) -> None:
        self._bind()

    def _postman(self, *, tells_uid: bool) -> bool:
        """Carry out the first operation as `domain.mail.operations` says."""
        first = self.store.read.value("SELECT min(id) FROM operation")
        job = operations.job(self.store.read, first) if first else None
        if job is None or job.message_id is None:
            return False
        uid = job.uid or self._unbound_uid(self.store.read, job.folder_id, job.message_id)
        place = (job.folder_id, uid)
        with self.store.write() as tx:
            match job.effect:
                case FlagsChange() as change:
                    self.server.change(place, change)
                case Delete():
                    del self.server.mails[place]
                case Move(target):
                    new = self.server.move(place, target)
                    operations.note_moved(tx, job, target, new if tells_uid else None)
                case Append():
                    raise AssertionError("nothing here appends")
            operations.remove(tx, [job.id])
        return True

    def _bind(self) -> None:
        """Find the UIDs of copies that have none and about which nothing waits."""
        with self.store.write() as tx:
            for copy, folder, message in tx.rows(
                """SELECT id, folder_id, message_id FROM mail_copy WHERE uid IS NULL
  AND id NOT IN (SELECT copy_id FROM operation) ORDER BY id"""
            ):
                uid = self._unbound_uid(tx, folder, message)
                tx.run("UPDATE mail_copy SET uid = ? WHERE id = ?", (uid, copy))

    def _unbound_uid(self, tx: Connection, folder: int, message: int) -> int:
        """A mail of the folder that is this message and that no other copy or operation names."""
        sql = "SELECT uid FROM mail_copy WHERE folder_id = ? UNION SELECT uid FROM operation WHERE folder_id = ?"
        named = {row[0] for row in tx.rows(sql, (folder, folder))}
        return min(
            uid
            for (where, uid), mail in self.server.mails.items()
            if where == folder and mail[0] == message and uid not in named
        )

    @invariant()
    def the_store_is_whole(self) -> None:
        check(self.store)

    def _server_view(self) -> list[tuple[int, int, bool, bool]]:
        return sorted(
            (folder, message, "\\Seen" in flags, "\\Flagged" in flags)
            for (folder, _uid), (message, flags) in self.server.mails.items()
        )

    def _store_view(self) -> list[tuple[int, int, bool, bool]]:
        rows = self.store.read.rows("SELECT folder_id, message_id, seen, flagged FROM mail_copy")
        return sorted((folder, message, bool(seen), bool(flagged)) for folder, message, seen, flagged in rows)


TestTriage = Triage.TestCase
TestTriage.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
