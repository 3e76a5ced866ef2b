"""How mails are printed: the JSON that scripts rely on, and a line of a table for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from app.cli.output import Column, print_json_rows, print_table
from app.domain.mail.messages import FolderRow, LinkLabel, MailRow
from app.domain.moments import iso
from app.language import _

Folders = dict[int, FolderRow]
_A_DAY = datetime(2026, 12, 24, 20, 15, tzinfo=UTC)


def mail_json(row: MailRow, folders: Folders) -> dict[str, Any]:
    """A mail by the names that the documentation promises. `id` names the message, whichever folder it lies in."""
    folder = folders.get(row.folder_id)
    return {
        "id": row.message_id,
        "mailbox": folder.mailbox if folder else None,
        "folder": folder.name if folder else None,
        "from": f"{row.sender_name} <{row.sender_address}>" if row.sender_name else row.sender_address,
        "to": row.to,
        "subject": row.subject,
        "date": iso(row.date),
        "unread": not row.seen,
        "flagged": row.flagged,
        "answered": row.answered,
        "processed": not row.unprocessed,
        "size": row.size,
        "attachments": row.attachments,
        "links": links_json(row.links),
    }


def links_json(links: Iterable[LinkLabel]) -> list[dict[str, Any]]:
    return [{"kind": link.kind, "id": link.id, "title": link.title} for link in links]


def kind_name(kind: str) -> str:
    """The word for a kind of record."""
    return {
        "contact": _("Contact"),
        "lead": _("Lead"),
        "task": _("Task"),
        "opportunity": _("Opportunity"),
    }.get(kind, kind)


def print_mails(rows: Iterable[MailRow], folders: Folders, date_format: str, *, as_json: bool) -> bool:
    """A list of mails, written while it is read; whether people are told of any. JSON is always printed."""
    if as_json:
        print_json_rows(mail_json(row, folders) for row in rows)
        return True
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return False
    columns = (
        Column(_("Id"), 16),
        Column(_("Date"), len(f"{_A_DAY:{date_format}}")),
        Column("", 5),
        Column(_("From"), 20),
        Column(_("Subject"), 0),
    )
    print_table(columns, _lines(chain((first,), rows), date_format))
    return True


def _lines(rows: Iterable[MailRow], date_format: str) -> Iterator[Sequence[str]]:
    for row in rows:
        yield (
            str(row.message_id),
            f"{row.date.astimezone():{date_format}}",
            signs(row),
            row.sender_name or row.sender_address,
            row.subject,
        )


def signs(row: MailRow) -> str:
    """`*` unread, `o` not processed, `!` flagged, `r` answered, `@` with attachments."""
    return "".join(
        sign if shown else " "
        for sign, shown in (
            ("*", not row.seen),
            ("o", row.unprocessed),
            ("!", row.flagged),
            ("r", row.answered),
            ("@", row.attachments > 0),
        )
    )
