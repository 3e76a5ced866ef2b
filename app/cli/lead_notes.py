"""`postkorb lead call` and `document`: what is put into the history of a lead beside notes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.front import front_of
from app.cli.lead_steps import tell
from app.cli.options import Id, Json
from app.cli.parser import Verb
from app.cli.references import needed_number
from app.cli.wrong_usage import wrong_values
from app.domain.crm.kinds import Kind
from app.language import _


def call(
    ctx: typer.Context,
    id: Id,
    outcome: Annotated[
        str,
        typer.Option("--outcome", metavar="OUTCOME", help="reached, not-reached or call-again."),
    ],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What was said.")] = "",
    again: Annotated[
        str,
        typer.Option("--again", metavar="DAY", help="When to call again; a follow-up is due then."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Log a call in its history."""
    from app.domain.crm.calls import CallOutcome
    from app.domain.due import parse_due
    from app.services.crm import history

    front = front_of(ctx)
    number = needed_number(front, Kind.LEAD, id)
    if outcome not in list(CallOutcome):
        may = _("only {values} may stand here").format(values=", ".join(CallOutcome))
        raise typer.BadParameter(f"--outcome: {may}")
    try:
        due = parse_due(again, front.now().astimezone().date()) if again.strip() else None
    except ValueError as error:
        raise typer.BadParameter(f"--again: {error}") from None
    with wrong_values():
        history.log_call(
            front.store, Kind.LEAD, number, CallOutcome(outcome), text=text, again=due, **front.at_work()
        )
    tell(front, number, as_json)


def document(
    ctx: typer.Context,
    id: Id,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file; a copy of it is kept, up to 25 MB.")],
    as_json: Json = False,
) -> None:
    """Keep a copy of a file with it."""
    from app.services.crm import documents

    front = front_of(ctx)
    number = needed_number(front, Kind.LEAD, id)
    with wrong_values():
        documents.add_document(front.store, Kind.LEAD, number, Path(file), **front.at_work())
    tell(front, number, as_json)


def register(app: typer.Typer) -> None:
    """Add both verbs."""
    app.command("call", cls=Verb)(call)
    app.command("document", cls=Verb)(document)
