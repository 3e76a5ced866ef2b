"""The verbs of `postkorb mail` that change something: link, unlink, move, delete, comment."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.front import Front, front_of
from app.cli.options import Json
from app.cli.output import print_json, say
from app.cli.parser import BIGGEST, Verb
from app.language import _

if TYPE_CHECKING:
    from app.domain.crm.kinds import Kind
    from app.domain.undo import Done

Ids = Annotated[
    list[int],
    typer.Argument(metavar="NUMBER", max=BIGGEST, help="Numbers of mails, as mail list prints them."),
]
Ref = Annotated[
    list[str] | None, typer.Option(metavar="RECORD", help="Number or title of the record; may be repeated.")
]


def register(app: typer.Typer) -> None:
    """Add the verbs to `postkorb mail`."""
    for verb in (link, unlink, move, delete, comment, follow_up):
        app.command(cls=Verb)(verb)


def link(
    ctx: typer.Context,
    ids: Ids,
    contact: Ref = None,
    lead: Ref = None,
    task: Ref = None,
    opportunity: Ref = None,
    whole_thread: Annotated[
        bool, typer.Option("--whole-thread", help="Link the unprocessed mails of their threads too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Link mails to contacts, leads, tasks or opportunities."""
    from app.domain.mail.triage import Selection
    from app.services import triage

    front = front_of(ctx)
    records = _records(front, contact, lead, task, opportunity)
    if not records:
        raise typer.BadParameter(_("name a record with --contact, --lead, --task or --opportunity"))
    mails = Selection(messages=tuple(ids))
    _finish(
        [
            triage.link(
                front.store,
                mails,
                kind,
                record,
                author=front.author,
                now=front.now(),
                whole_thread=whole_thread,
            )
            for kind, record in records
        ],
        as_json,
    )


def unlink(
    ctx: typer.Context,
    ids: Ids,
    contact: Ref = None,
    lead: Ref = None,
    task: Ref = None,
    opportunity: Ref = None,
    as_json: Json = False,
) -> None:
    """Take links away from mails: those to the named records, or all of them."""
    from app.domain.mail.triage import Selection
    from app.services import triage

    front = front_of(ctx)
    records = _records(front, contact, lead, task, opportunity) or _links_of(front, ids)
    mails = Selection(messages=tuple(ids))
    _finish(
        [
            triage.unlink(front.store, mails, kind, record, author=front.author, now=front.now())
            for kind, record in records
        ],
        as_json,
    )


def move(
    ctx: typer.Context,
    ids: Ids,
    to: Annotated[str, typer.Option("--to", "--folder", metavar="FOLDER", help="The folder's name.")],
    as_json: Json = False,
) -> None:
    """Move mails to another folder of their account."""
    from app.domain.errors import FolderNotFound
    from app.domain.mail.roles import folders_meant
    from app.domain.mail.triage import Selection
    from app.services import triage
    from app.services.reading.reader import MailReader

    front = front_of(ctx)
    reader = MailReader(front.store)
    folders = {row.id: row for row in reader.folders()}
    targets = {row.mailbox_id: row.id for row in folders_meant(to, folders.values())}
    by_mailbox: dict[int, list[int]] = {}
    for number in dict.fromkeys(ids):
        by_mailbox.setdefault(folders[reader.row(number).folder_id].mailbox_id, []).append(number)
    if not targets.keys() >= by_mailbox.keys():
        raise FolderNotFound(to)
    done = [
        triage.move(
            front.store,
            Selection(messages=tuple(mails)),
            targets[mailbox],
            author=front.author,
            now=front.now(),
        )
        for mailbox, mails in by_mailbox.items()
    ]
    _finish(done, as_json)


def delete(
    ctx: typer.Context,
    ids: Ids,
    forever: Annotated[
        bool, typer.Option("--forever", help="Take mail out of the trash for good. This cannot be undone.")
    ] = False,
    without_trash: Annotated[
        bool,
        typer.Option("--without-trash", help="With --forever: also where the account has no trash at all."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Move mails to the trash."""
    from app.domain.mail.triage import Selection
    from app.services import triage

    front = front_of(ctx)
    mails = Selection(messages=tuple(ids))
    if without_trash and not forever:
        raise typer.BadParameter(_("--without-trash goes with --forever only"))
    if forever:
        done = triage.delete_forever(
            front.store, mails, author=front.author, now=front.now(), without_trash=without_trash
        )
    else:
        done = triage.delete(front.store, mails, author=front.author, now=front.now())
    _finish([done], as_json)


def comment(
    ctx: typer.Context,
    ids: Ids,
    text: Annotated[
        str, typer.Option(metavar="TEXT", help="The comment; without it standard input is read.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write a comment on mails."""
    from app.domain.mail.triage import Selection
    from app.services import triage

    front = front_of(ctx)
    words = text or sys.stdin.read()
    mails = Selection(messages=tuple(ids))
    _finish([triage.comment(front.store, mails, words, author=front.author, now=front.now())], as_json)


def follow_up(
    ctx: typer.Context,
    ids: Ids,
    on: Annotated[
        str,
        typer.Option(
            "--on", metavar="DAY", help="When they come back: 24.12., +3, tomorrow; with a time: +2 9:00."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Put mails on follow-up: one task of yours that is due then, linked with them."""
    from app.cli.task_steps import due_typed
    from app.domain.mail.triage import Selection
    from app.services.tasks import making

    front = front_of(ctx)
    due = due_typed(front, "--on", on)
    mails, now = Selection(messages=tuple(ids)), front.now().astimezone()
    done = making.follow_up(front.store, mails, due, of=tuple(ids), author=front.author, now=now)
    _finish([done], as_json)


def _records(
    front: Front,
    contact: list[str] | None,
    lead: list[str] | None,
    task: list[str] | None,
    opportunity: list[str] | None,
) -> list[tuple[Kind, int]]:
    """The records that the options name. Raises NotFound and BadInput."""
    from app.cli.references import record_number
    from app.domain.crm.kinds import Kind

    named = {Kind.CONTACT: contact, Kind.LEAD: lead, Kind.TASK: task, Kind.OPPORTUNITY: opportunity}
    numbers = [(kind, record_number(front, kind, ref)) for kind, refs in named.items() for ref in refs or ()]
    return [(kind, number) for kind, number in numbers if number is not None]


def _links_of(front: Front, ids: list[int]) -> list[tuple[Kind, int]]:
    """Every record that one of the mails is linked to."""
    from app.domain.crm.kinds import Kind
    from app.services.reading.reader import MailReader

    reader = MailReader(front.store)
    labels = (label for number in ids for label in reader.row(number).links)
    return list(dict.fromkeys((Kind(label.kind), label.id) for label in labels))


def _finish(done: list[Done], as_json: bool) -> None:
    """Tell what was done; some of it left out is partly failed."""
    left_out = max((step.left_out for step in done), default=0)
    if as_json:
        print_json({"changed": sum(step.count for step in done), "left_out": left_out})
    elif not done:
        say(_("Linked with nothing."))
    for step in done if not as_json else ():
        say(step.text)
    if left_out:
        raise typer.Exit(1)
