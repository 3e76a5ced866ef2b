"""`postkorb outbox`: mail on its way out, and what a person decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import front_of
from app.cli.output import Column, iso, print_json, print_table, say
from app.cli.parser import Verb, verbs
from app.language import _

if TYPE_CHECKING:
    from app.domain.outbox import OutboxRow

app = verbs("Outbox: what waits, what was sent, what failed.")

Id = Annotated[int, typer.Argument(metavar="ID", help="The number that outbox list prints.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list", cls=Verb)
def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """List drafts and mails on their way out."""
    from app.services.outbox.drafts import Outbox

    front = front_of(ctx)
    rows = Outbox(front.store, front.now).rows()
    if as_json:
        print_json([_row(row) for row in rows])
    elif rows:
        columns = (
            Column(_("Id"), 6, right=True),
            Column(_("State"), 15),
            Column(_("To"), 22),
            Column(_("Subject"), 0),
        )
        print_table(columns, ((str(row.id), _state(row.state), row.to, _subject(row)) for row in rows))
    else:
        say(_("The outbox is empty."))


@app.command(cls=Verb)
def send(ctx: typer.Context, as_json: Json = False) -> None:
    """Send what is due, and what pauses after a failed attempt; print what became of it."""
    from app.domain.delivery import reason_text
    from app.domain.errors import Refused
    from app.domain.outbox import OutState
    from app.services.outbox.drafts import Outbox
    from app.services.outbox.sending import Sender

    front = front_of(ctx)
    Outbox(front.store, front.now).hurry()
    attempts = Sender(front.store, front.secrets.secret_of, front.now).send_due()
    if attempts is None:
        raise Refused("another Postkorb is sending at the moment")
    if as_json:
        print_json([{"id": a.id, "state": a.state.value, "reason": a.reason or None} for a in attempts])
    else:
        for attempt in attempts:
            reason = f": {reason_text(attempt.reason)}" if attempt.reason else ""
            say(f"{attempt.id}  {_state(attempt.state)}{reason}")
        if not attempts:
            say(_("Nothing is due."))
    if any(attempt.state is not OutState.SENT for attempt in attempts):
        raise typer.Exit(1)


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


def _state(state: str) -> str:
    return {
        "draft": _("draft"),
        "waiting": _("waiting"),
        "sending": _("sending"),
        "sent": _("sent"),
        "failed": _("failed"),
        "uncertain": _("uncertain"),
    }[state]


def _subject(row: OutboxRow) -> str:
    from app.domain.delivery import reason_text

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
