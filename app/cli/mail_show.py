"""`postkorb mail show`: one mail with its text, headers and comments, or its source as it came."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import front_of
from app.cli.mail_rows import kind_name, mail_json
from app.cli.options import Json
from app.cli.output import print_json, write, write_line
from app.cli.parser import BIGGEST, Verb
from app.domain.due import format_day
from app.domain.moments import iso
from app.domain.text import clean_block
from app.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.mail.messages import Address, MailRow
    from app.domain.mail.reading import ReadableMail
    from app.domain.mail.triage import Comment


def register(app: typer.Typer) -> None:
    """Add the verb to `postkorb mail`."""
    app.command(cls=Verb)(show)


def show(
    ctx: typer.Context,
    id: Annotated[
        int, typer.Argument(metavar="NUMBER", max=BIGGEST, help="The number that mail list prints.")
    ],
    raw: Annotated[bool, typer.Option("--raw", help="Print the source, byte for byte.")] = False,
    as_json: Json = False,
) -> None:
    """Show a mail: who, when, text, attachments, comments."""
    from app.services.reading.reader import MailReader
    from app.services.triage import comments_on

    store = front_of(ctx).store
    reader = MailReader(store)
    if raw:
        sys.stdout.flush()
        sys.stdout.buffer.write(reader.source(id))
        return
    row = reader.row(id)
    mail, comments = reader.readable(id), comments_on(store, id)
    if as_json:
        folders = {folder.id: folder for folder in reader.folders()}
        print_json(mail_json(row, folders) | _whole(mail, comments))
    else:
        _print(row, mail, comments)


def _whole(mail: ReadableMail, comments: Sequence[Comment]) -> dict[str, Any]:
    """What `mail show` knows more than a list. A field that stands in the mail more than once has a line for each."""
    headers: dict[str, str] = {}
    for name, value in mail.headers:
        headers[name] = f"{headers[name]}\n{value}" if name in headers else value
    return {
        "text": mail.text,
        "headers": headers,
        "comments": [{"text": c.text, "author": c.author, "at": iso(c.at)} for c in comments],
    }


def _print(row: MailRow, mail: ReadableMail, comments: Sequence[Comment]) -> None:
    for name, value in (
        (_("From"), _people([mail.sender])),
        (_("To"), _people(mail.to)),
        (_("Copy"), _people(mail.cc)),
        (_("Date"), f"{format_day(row.date.astimezone())} {row.date.astimezone():%H:%M}"),
        (_("Subject"), mail.subject),
        (_("Linked"), ", ".join(f"{kind_name(link.kind)} {link.id} {link.title}" for link in row.links)),
        (_("Attachments"), ", ".join(f"{file.name} ({file.size} B)" for file in mail.attachments)),
    ):
        if value:
            write_line(f"{name + ':':<10} {value}")
    write("\n" + clean_block(mail.text).rstrip("\n") + "\n")
    for note in mail.notes:
        write_line(f"[{note}]")
    for comment in comments:
        write(
            f"\n-- {clean_block(comment.written_by)}, {format_day(comment.at.astimezone())} {comment.at.astimezone():%H:%M}\n"
        )
        write(clean_block(comment.text) + "\n")


def _people(people: Sequence[Address]) -> str:
    return ", ".join(f"{who.name} <{who.address}>" if who.name else who.address for who in people)
