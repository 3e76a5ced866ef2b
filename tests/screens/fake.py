"""A reader with as many made-up mails as wanted, in memory, for tests of screens without a store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from app.domain.mail.listing import Hits, ListFilter, MailboxRow, Position, Totals
from app.domain.mail.messages import Address, FolderRow, LinkLabel, MailRow, Role
from app.domain.mail.reading import Attachment, BlockKind, Link, ReadableMail, TextBlock

NOW = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
PEOPLE = (
    ("Silke Berger", "silke.berger@vogel.example"),
    ("Vogel Maschinenbau", "einkauf@vogel.example"),
    ("Nordholz GmbH", "rechnung@nordholz.example"),
    ("Dr. Jürgen Süß-Mühlbacher", "j.suess@pumpen.example"),
    ("", "info@ganz-lange-adresse.example"),
)
SUBJECTS = (
    "Anfrage Rahmenvertrag 2027",
    "Re: Lieferzeit Pumpen",
    "Rechnung 2026-118",
    "Terminvorschlag für die Abnahme der Anlage in Öhringen",
    "",
    "AW: Angebot 4711, Rückfragen zu Position 3 und 7",
)
LINKS = (
    (),
    (LinkLabel("lead", 3, "Vogel 2027"),),
    (LinkLabel("contact", 1, "Silke Berger"), LinkLabel("task", 4, "Angebot nachfassen")),
)


class FakeReader:
    """`total` mails in one inbox, newest first; ids count down with the place."""

    def __init__(self, total: int = 4079) -> None:
        self.arrived = 0
        self.total = total
        self.gone: set[int] = set()
        self.number = 1

    def arrive(self, count: int) -> None:
        """New mail on top."""
        self.arrived += count
        self.number += 1

    def _ids(self, wanted: ListFilter) -> range:
        ids = range(self.total + self.arrived, 0, -1)
        return range(ids.start - ids.start % 3, 0, -3) if wanted.unprocessed else ids

    def row(self, n: int) -> MailRow:
        """The mail with this id."""
        name, address = PEOPLE[n * 7 % 5]
        return MailRow(
            copy_id=n,
            message_id=n,
            folder_id=1,
            date=NOW - timedelta(minutes=37) * (self.total - n),
            sender_name=name,
            sender_address=address,
            to="vertrieb@haus.example",
            subject=SUBJECTS[n * 5 % 6],
            size=n * 977 % 90_000,
            attachments=int(n % 4 == 0),
            seen=n % 5 > 1,
            flagged=n % 17 == 0,
            answered=n % 6 == 0,
            unprocessed=n % 3 == 0,
            mark=("", "", "", "red", "", "", "blue", "")[n % 8],
            comments=int(n % 9 == 0),
            links=LINKS[n % 3],
        )

    def window(
        self, wanted: ListFilter, *, after: Position | None = None, before: Position | None = None, limit: int
    ) -> list[MailRow]:
        ids = self._ids(wanted)
        if before is not None:
            end = self.offset_of(wanted, before)
            return [self.row(n) for n in ids[max(0, end - limit) : end]]
        start = 0 if after is None else self.offset_of(wanted, (after[0] - 1, 0))
        return [self.row(n) for n in ids[start : start + limit]]

    def window_at(self, wanted: ListFilter, offset: int, limit: int) -> list[MailRow]:
        return [self.row(n) for n in self._ids(wanted)[offset : offset + limit]]

    def positions(self, wanted: ListFilter, limit: int) -> list[Position]:
        return [(n, n) for n in self._ids(wanted)[:limit]]

    def first_of(self, wanted: ListFilter, message_ids: Sequence[int]) -> tuple[MailRow | None, bool]:
        return self.row(max(message_ids)), True

    def count(self, wanted: ListFilter) -> int:
        return len(self._ids(wanted))

    def offset_of(self, wanted: ListFilter, position: Position) -> int:
        ids = self._ids(wanted)
        return max(0, min(len(ids), -((position[0] - ids.start) // -ids.step)))

    def search(
        self,
        wanted: ListFilter,
        *,
        after: Position | None = None,
        limit: int = 50,
        seconds: float | None = 0.15,
        stop: Callable[[], bool] = lambda: False,
    ) -> Hits:
        """Every mail whose subject has the query in it."""
        start = self.total + self.arrived if after is None else after[0] - 1
        found = []
        for n in range(start, 0, -1):
            row = self.row(n)
            if wanted.query.casefold().removesuffix("*") in row.subject.casefold() and (
                row.unprocessed or not wanted.unprocessed
            ):
                found.append(row)
                if len(found) > limit:
                    break
        last = found[limit - 1] if len(found) > limit else None
        return Hits(tuple(found[:limit]), last is not None, resume=(last.message_id, 0) if last else None)

    def rows_of(self, copy_ids: Sequence[int]) -> list[MailRow]:
        return [self.row(n) for n in copy_ids]

    def folders(self) -> list[FolderRow]:
        total = self.total + self.arrived
        sizes = {Role.INBOX: (total, 12, total // 3)}
        names = (
            ("INBOX", Role.INBOX),
            ("Angebote", Role.NONE),
            ("Kunden", Role.NONE),
            ("Kunden/Vogel", Role.NONE),
            ("Gesendet", Role.SENT),
            ("Papierkorb", Role.TRASH),
        )
        return [
            FolderRow(i, 1, "vertrieb@haus.example", name, role, *sizes.get(role, (4, 0, 0)), True)
            for i, (name, role) in enumerate(names, 1)
        ]

    def mailboxes(self) -> list[MailboxRow]:
        return [MailboxRow(1, "vertrieb", "vertrieb@haus.example", 12, self.total // 3, NOW)]

    def totals(self, mailbox_id: int | None = None) -> Totals:
        return Totals(self.total, 12, self.total // 3)

    def next_unprocessed(self, wanted: ListFilter, after: Position | None = None) -> MailRow | None:
        return next(iter(self.window(ListFilter(unprocessed=True), after=after, limit=1)), None)

    def thread(self, message_id: int) -> list[MailRow]:
        return [self.row(message_id)]

    def source(self, message_id: int) -> bytes:
        return f"Subject: {SUBJECTS[message_id * 5 % 6]}\r\n\r\nGuten Tag\r\n".encode()

    def readable(self, message_id: int) -> ReadableMail:
        """Text, a long quote, a signature, now and then files."""
        return mail_with(message_id)

    def get_ready(self) -> None:
        """Nothing is needed."""

    def get_ready_for_records(self) -> None:
        """Nothing is needed."""

    def linked_by_thread(self, after: int, since: datetime) -> tuple[int, int, LinkLabel | None]:
        return 0, 0, None

    def version(self) -> int:
        return self.number


BODY = """Guten Tag Frau Berg,

vielen Dank für Ihr Angebot vom 12. November. Bevor wir bestellen, hätten wir noch drei Fragen, die Sie uns sicher \
schnell beantworten können:

1. Gilt der Preis auch bei Abnahme in zwei Losen?
2. Wie lange ist die Lieferzeit der Pumpen ab Bestellung?
3. Können Sie die Inbetriebnahme in Öhringen bis Ende Januar zusagen?

Das Datenblatt finden Sie unter https://vogel.example/datenblatt [vogel.example]."""


def mail_with(n: int) -> ReadableMail:
    """The mail with this number, made up."""
    name, address = PEOPLE[n * 7 % 5]
    start = BODY.index("https://")
    link = Link(
        "datenblatt",
        "https://vogel.example/datenblatt",
        start,
        start + len("https://vogel.example/datenblatt"),
    )
    files = (
        Attachment(0, "Angebot 4711.pdf", "application/pdf", 310_000),
        Attachment(1, "Abnahme.ics", "text/calendar", 2_000),
    )
    return ReadableMail(
        sender=Address(name, address),
        to=(Address("Vertrieb", "vertrieb@haus.example"), Address("", "a.berg@haus.example")),
        cc=tuple(Address(f"Person {i}", f"p{i}@vogel.example") for i in range(n % 3 * 20)),
        reply_to=(),
        date=NOW - timedelta(minutes=37),
        subject=SUBJECTS[n * 5 % 6],
        headers=(("From", address), ("Subject", SUBJECTS[n * 5 % 6]), ("X-Mailer", "Brieftaube 3")),
        blocks=(
            TextBlock(BlockKind.TEXT, BODY, links=(link,)),
            TextBlock(BlockKind.QUOTE, "\n".join(f"Zeile {i} des Angebots" for i in range(12)), depth=1),
            TextBlock(BlockKind.SIGNATURE, "Vogel Maschinenbau\nWerkstraße 3\n74613 Öhringen"),
        ),
        attachments=files if n % 4 == 0 else (),
        notes=("Ein Teil der Mail ist beschädigt und wird gezeigt, so weit er reicht.",)
        if n % 10 == 0
        else (),
    )
