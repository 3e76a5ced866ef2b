"""Puts small mailboxes straight into a store, for tests of what reads from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from app.domain.mail.messages import Role
from app.store.database import Store


@dataclass
class Copy:
    """A copy to be: which message (by a number that also makes its date) in which folder, with its flags."""

    message: int
    folder: int
    seen: int = 0
    flagged: int = 0
    answered: int = 0
    unprocessed: int = 0


@dataclass
class Filling:
    """Writes mailboxes, folders, messages and copies, and remembers the ids it gave."""

    store: Store
    start: int = 1_700_000_000
    step: int = 3600  # seconds between messages of different dates
    messages: set[int] = field(default_factory=set)

    def mailbox(self, name: str, position: int = 0) -> int:
        with self.store.write() as tx:
            tx.run("INSERT INTO mailbox (name, position) VALUES (?, ?)", (name, position))
            return int(tx.value("SELECT id FROM mailbox WHERE name = ?", (name,)))

    def folder(self, mailbox: int, name: str, role: Role = Role.NONE) -> int:
        with self.store.write() as tx:
            tx.run(
                "INSERT INTO folder (mailbox_id, path, name, role) VALUES (?, ?, ?, ?)",
                (mailbox, name, name, role),
            )
            return int(tx.value("SELECT id FROM folder WHERE mailbox_id = ? AND path = ?", (mailbox, name)))

    def message_id(self, number: int) -> int:
        """Several numbers share a second, so that the lower bits of an id matter too."""
        digest = int.from_bytes(hashlib.blake2b(str(number).encode(), digest_size=3).digest()) & 0xFFFFF
        return (self.start + number // 3 * self.step) << 20 | digest

    def message(
        self, number: int, *, attachments: int = 0, thread: int | None = None, raw: bytes = b""
    ) -> int:
        key = self.message_id(number)
        if number in self.messages:
            return key
        self.messages.add(number)
        with self.store.write() as tx:
            tx.run("INSERT INTO message_source (raw) VALUES (?)", (raw,))
            tx.run(
                """INSERT INTO message (id, digest, header_message_id, thread_id, date, sender_name, sender_address,
                     recipients, subject, size, attachments, source_id)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT max(id) FROM message_source))""",
                (
                    key,
                    hashlib.blake2b(str(number).encode(), digest_size=16).digest(),
                    f"{number}@mail.example",
                    thread if thread is not None else number,
                    key >> 20,
                    f"Sender {number % 7}",
                    f"s{number % 7}@firm.example",
                    "team@house.example",
                    f"Subject {number}",
                    1000 + number % 50,
                    attachments,
                ),
            )
        return key

    def copies(self, wanted: list[Copy]) -> list[int]:
        """The copies' ids; their messages are made when missing."""
        keys = [self.message(copy.message, attachments=copy.message % 2) for copy in wanted]
        ids = []
        with self.store.write() as tx:
            for copy, key in zip(wanted, keys, strict=True):
                tx.run(
                    """INSERT INTO mail_copy (folder_id, message_id, seen, flagged, answered, unprocessed)
                       VALUES (?, ?, ?, ?, ?, ?)""",
                    (copy.folder, key, copy.seen, copy.flagged, copy.answered, copy.unprocessed),
                )
                ids.append(int(tx.value("SELECT max(id) FROM mail_copy")))
        return ids
