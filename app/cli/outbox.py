"""`postkorb outbox`: mail on its way out, and what a person decides about it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import front_of
from app.cli.options import Json
from app.cli.output import Column, print_json, print_table, say
from app.cli.parser import BIGGEST, Verb, verbs
from app.domain.moments import iso
from app.language import _

if TYPE_CHECKING:
    from app.domain.mail.outbox import OutboxRow
    from app.services.outbox.sending import Attempt, Sender

app = verbs("Outbox: what waits, what was sent, what failed.")

_OTHER_SENDER_SECONDS = 60.0

Id = Annotated[int, typer.Argument(metavar="NUMBER", max=BIGGEST, help="The number that outbox list prints.")]


@app.command("list", cls=Verb)
def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """List drafts and mails on their way out."""
    from app.services.outbox.drafts import Outbox

    front = front_of(ctx)
    _print(Outbox(front.store, front.now).rows(), as_json=as_json)


@app.command(cls=Verb)
def send(ctx: typer.Context, as_json: Json = False) -> None:
    """Send what is due, and print how all that is on its way stands."""
    from app.domain.mail.outbox import OutState
    from app.services.outbox.drafts import Outbox
    from app.services.outbox.sending import Sender

    front = front_of(ctx)
    attempts = _send(Sender(front.store, front.secrets.secret_of, front.now))
    tried = {attempt.id for attempt in attempts}
    over = (OutState.DRAFT, OutState.SENT)
    rows = [row for row in Outbox(front.store, front.now).rows() if row.id in tried or row.state not in over]
    _print(rows, as_json=as_json)
    if any(
        row.state is OutState.UNCERTAIN or (row.id in tried and row.state is not OutState.SENT)
        for row in rows
    ):
        raise typer.Exit(1)


def _send(sender: Sender) -> Sequence[Attempt]:
    """Send, once another process that is sending has done. Raises Refused if that takes too long."""
    from app.domain.errors import Refused

    end = time.monotonic() + _OTHER_SENDER_SECONDS
    while (attempts := sender.send_due()) is None:
        if time.monotonic() > end:
            raise Refused("another Postkorb is sending")
        time.sleep(0.2)
    return attempts


def _print(rows: Sequence[OutboxRow], *, as_json: bool) -> None:

    if as_json:
        print_json([_row(row) for row in rows])
    elif rows:
        columns = (
            Column(_("Id"), 6, right=True),
            Column(_("State"), 15),
            Column(_("To"), 22),
            Column(_("Subject"), 0),
        )
        print_table(columns, ((str(row.id), row.state_word, row.to, _subject(row)) for row in rows))
    else:
        say(_("The outbox is empty."))


@app.command(cls=Verb)
def retry(ctx: typer.Context, id: Id) -> None:
    """Let a mail that failed or whose outcome is uncertain wait again, for those who have not got it."""
    from app.services.outbox.drafts import Outbox

    front = front_of(ctx)
    Outbox(front.store, front.now).retry(id)
    say(_("Mail {id} waits again.").format(id=id))


@app.command(cls=Verb)
def drop(ctx: typer.Context, id: Id) -> None:
    """Remove a draft, or a mail that shall not be sent."""
    from app.services.outbox.drafts import Outbox

    front = front_of(ctx)
    Outbox(front.store, front.now).drop(id)
    say(_("Mail {id} is removed from the outbox.").format(id=id))


def _subject(row: OutboxRow) -> str:
    from app.domain.mail.delivery import reason_text

    return f"{row.subject}  ({reason_text(row.error)})" if row.error else row.subject


def _row(row: OutboxRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "mailbox": row.mailbox,
        "state": row.state.value,
        "from": row.sender,
        "to": row.to,
        "subject": row.subject,
        "due": iso(row.due),
        "sent": iso(row.sent) if row.sent else None,
        "attempts": row.attempts,
        "error": row.error or None,
        "recipients": [
            {"address": r.address, "state": r.state.value, "reply": r.reply or None} for r in row.recipients
        ],
    }
