"""`postkorb mail`: the verbs that read; those that change something are in `mail_triage`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import mail_send, mail_show, mail_triage
from app.cli.front import front_of
from app.cli.options import Json
from app.cli.output import say
from app.cli.parser import BIGGEST, Verb, verbs
from app.language import _

if TYPE_CHECKING:
    from app.domain.mail.listing import ListFilter
    from app.domain.mail.messages import FolderRow, MailRow
    from app.services.reading.reader import MailReader

app = verbs("Mails: list, search, show, link, file.")
_PAGE = 200

Limit = Annotated[
    int | None, typer.Option(metavar="COUNT", min=0, max=BIGGEST, help="At most this many, newest first.")
]


@app.command("list", cls=Verb)
def list_(
    ctx: typer.Context,
    mailbox: Annotated[str, typer.Option(metavar="NAME", help="Only this account.")] = "",
    folder: Annotated[str, typer.Option(metavar="FOLDER", help="Only this folder.")] = "",
    unprocessed: Annotated[
        bool, typer.Option("--unprocessed", help="Only received mail that is linked to nothing yet.")
    ] = False,
    unread: Annotated[bool, typer.Option("--unread", help="Only unread mail.")] = False,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """List mails, newest first; without a folder those of all folders but junk and trash."""
    from itertools import islice

    from app.cli.mail_rows import print_mails
    from app.domain.mail.listing import ListFilter
    from app.services.reading.reader import MailReader

    front = front_of(ctx)
    reader = MailReader(front.store)
    folders = reader.folders()
    wanted = ListFilter(unprocessed=unprocessed, unread=unread)
    rows = islice(_rows(reader, folders, wanted, mailbox, folder), limit)
    by_id = {row.id: row for row in folders}
    if not print_mails(rows, by_id, front.settings.date_format, as_json=as_json):
        _tell_why_none(reader)


@app.command(cls=Verb)
def search(
    ctx: typer.Context,
    query: Annotated[
        str,
        typer.Argument(
            metavar="WORDS",
            help="Words, phrases in quotes, from: to: subject: before: after: has:attachment is:unread is:unprocessed, "
            "- to exclude (first of all: -- -word), * for a prefix.",
        ),
    ],
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """Find mails by their words, newest first."""
    from itertools import islice

    from app.cli.mail_rows import print_mails
    from app.services.reading.reader import MailReader

    front = front_of(ctx)
    reader = MailReader(front.store)
    folders = {row.id: row for row in reader.folders()}
    rows = islice(_hits(reader, query), limit)
    if not print_mails(rows, folders, front.settings.date_format, as_json=as_json):
        say(_("Nothing was found."))


def _tell_why_none(reader: MailReader) -> None:
    """Say what to do when a list is empty."""
    if not reader.mailboxes():
        say(_("There is no account yet. postkorb account add sets one up."))
    elif not reader.totals().total:
        say(_("No mail has been fetched yet. postkorb sync fetches it."))
    else:
        say(_("No mail is like that; postkorb mail list without options names all."))


def _hits(reader: MailReader, query: str) -> Iterator[MailRow]:
    """Every hit, a page at a time; what was not understood is told first. Raises typer.BadParameter for a query that
    nothing can be searched for."""
    from app.domain.mail.listing import ListFilter

    wanted = ListFilter(query=query)
    hits = reader.search(wanted, limit=_PAGE, seconds=None)
    if hits.unclear:
        raise typer.BadParameter(_(hits.hint).format(about=hits.hint_about))
    if hits.hint:
        say(_(hits.hint).format(about=hits.hint_about))
    yield from hits.rows
    while hits.resume is not None:
        hits = reader.search(wanted, after=hits.resume, limit=_PAGE, seconds=None)
        yield from hits.rows


def _rows(
    reader: MailReader, folders: list[FolderRow], wanted: ListFilter, mailbox: str, folder: str
) -> Iterator[MailRow]:
    """The mails of the named mailbox or folder. Raises NotFound."""
    from dataclasses import replace
    from heapq import merge

    from app.domain.errors import AccountNotFound, FolderNotFound
    from app.domain.mail.roles import folders_meant

    mailbox_id = None
    if mailbox:
        mailbox_id = next((row.id for row in reader.mailboxes() if row.name == mailbox), None)
        if mailbox_id is None:
            raise AccountNotFound(mailbox)
    if not folder:
        return reader.every(replace(wanted, mailbox_id=mailbox_id))
    chosen = [row.id for row in folders_meant(folder, folders) if mailbox_id in (None, row.mailbox_id)]
    if not chosen:
        raise FolderNotFound(folder)
    lists = (reader.every(replace(wanted, folder_id=id)) for id in chosen)
    return merge(*lists, key=lambda row: (row.message_id, row.copy_id), reverse=True)


mail_show.register(app)
mail_triage.register(app)
mail_send.register(app)
