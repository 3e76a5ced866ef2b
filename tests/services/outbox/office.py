"""A store with one mailbox that sends to a given address, and a clock that is set by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain.mail.accounts import Mailbox
from app.domain.mail.compose import Draft
from app.domain.mail.messages import Address, ArrivedMail, Flags, Role
from app.domain.mail.outbox import OutboxRow, OutState
from app.mail.mime import parse_for_store
from app.services.outbox.drafts import Outbox
from app.services.outbox.sending import Attempt, Sender
from app.store.database import Store
from app.store.mail.incoming import take_in
from app.store.mail.mailboxes import add_mailbox
from tests.store.empty import new_store

BERG = Address("A. Berg", "berg@nordholz.example")
SILKE = Address("Silke Berger", "silke@vogel.example")
MAX = Address("Max Vogel", "max@vogel.example")
START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
REQUEST = b"""From: Silke Berger <silke@vogel.example>
To: berg@nordholz.example
Cc: Max Vogel <max@vogel.example>
Subject: Anfrage Pumpen
Message-ID: <anfrage@vogel.example>
Date: Fri, 20 Nov 2026 07:41:00 +0000

Guten Tag,
was kosten die Pumpen?
-- \nSilke Berger
"""


@dataclass
class Office:
    store: Store
    outgoing: str
    now: datetime = START
    mailbox_id: int = 0
    folders: dict[Role, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.store.write() as tx:
            wanted = Mailbox(
                "vertrieb", BERG.address, "imap://x.example", self.outgoing, BERG.name, signature="A. Berg"
            )
            self.mailbox_id = add_mailbox(tx, wanted)
        for role in (Role.INBOX, Role.SENT):
            self.add_folder(role)

    @classmethod
    def at(cls, path: Path, outgoing: str) -> Office:
        return cls(new_store(path / "postkorb.db"), outgoing)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.store, self.clock)

    def clock(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def add_folder(self, role: Role) -> int:
        with self.store.write() as tx:
            folder = tx.value(
                "INSERT INTO folder (mailbox_id, path, name, role) VALUES (?, ?, ?, ?) RETURNING id",
                (self.mailbox_id, role.value, role.value, role.value),
            )
        self.folders[role] = int(folder)
        return int(folder)

    def receive(self, raw: bytes = REQUEST, uid: int = 1, role: Role = Role.INBOX) -> int:
        """A mail as the sync brings it; its message id."""
        mail = parse_for_store(raw, self.now)
        with self.store.write() as tx:
            take_in(tx, self.folders[role], role, [ArrivedMail(uid, Flags(), mail)], self.now)
        return int(self.store.read.value("SELECT id FROM message WHERE digest = ?", (mail.digest,)))

    def queue(self, *to: Address, subject: str = "Angebot", undo: int = 0) -> int:
        draft = Draft(sender=BERG, to=to or (SILKE,), subject=subject, body="Guten Tag\n")
        saved = self.outbox.save(self.mailbox_id, draft)
        self.outbox.queue(saved.id, undo)
        return saved.id

    def sender(self) -> Sender:
        return Sender(self.store, lambda mailbox: "", self.clock)

    def send(self) -> list[Attempt]:
        sent = self.sender().send_due()
        assert sent is not None
        return sent

    def row(self, outbox_id: int) -> OutboxRow:
        (row,) = [row for row in self.outbox.rows() if row.id == outbox_id]
        return row

    def state(self, outbox_id: int) -> OutState:
        return self.row(outbox_id).state

    def sent_copies(self) -> list[tuple[str, int | None]]:
        """(Message-ID, UID) of what lies in the folder for sent mail here."""
        return [
            (message_id, uid)
            for message_id, uid in self.store.read.rows(
                """SELECT message.header_message_id, mail_copy.uid FROM mail_copy JOIN message
  ON message.id = mail_copy.message_id WHERE folder_id = ? ORDER BY mail_copy.id""",
                (self.folders[Role.SENT],),
            )
        ]

    def operations(self) -> list[tuple[str, str]]:
        """(kind, arguments) of what the postman still has to do."""
        found = self.store.read.rows("SELECT kind, arguments FROM operation ORDER BY id")
        return [(kind, arguments) for kind, arguments in found]
