"""`postkorb lead`: make, change, list, show leads and note something; what is done with them is `lead_steps`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import lead_notes
from app.cli.front import Front, front_of
from app.cli.lead_rows import print_lead, print_leads
from app.cli.lead_steps import register, tell
from app.cli.merging import add_merging
from app.cli.options import Id, Json, Of, Text
from app.cli.output import say
from app.cli.parser import Verb, verbs
from app.cli.record_options import values_of, with_options
from app.cli.references import assignee_login, campaign_number, needed_number
from app.cli.wrong_usage import wrong_record_values, wrong_values
from app.domain.crm.kinds import Kind, LeadState
from app.domain.crm.record_words import meant
from app.language import _

if TYPE_CHECKING:
    from app.domain.leads.filter import LeadFilter

app = verbs("Leads: make, change, list, show, assign, take back, distribute, finish, reopen.")

register(app)
lead_notes.register(app)
add_merging(app, Kind.LEAD)


@app.command("new", cls=Verb)
@with_options(Kind.LEAD, new=True)
def new(ctx: typer.Context, as_json: Json = False, **options: Any) -> None:
    """Make one."""
    from app.services.crm import records as crm

    front = front_of(ctx)
    values = values_of(front, options)
    with wrong_record_values():
        made = crm.create(front.store, Kind.LEAD, values, **front.at_work())
    tell(front, made.id, as_json)
    _say_others(front, made.id)


@app.command("change", cls=Verb)
@with_options(Kind.LEAD, new=False)
def change(ctx: typer.Context, id: Id, as_json: Json = False, **options: Any) -> None:
    """Change what is named; an empty text ("") empties it, the rest stays."""
    from app.services.crm import changing

    front = front_of(ctx)
    values = values_of(front, options)
    if not values:
        raise typer.BadParameter(_("name what to change with one of the options"))
    number = needed_number(front, Kind.LEAD, id)
    with wrong_record_values():
        changing.change(front.store, Kind.LEAD, number, values, **front.at_work())
    tell(front, number, as_json)


@app.command("list", cls=Verb)
def list_leads(
    ctx: typer.Context,
    text: Text = "",
    state: Annotated[
        str, typer.Option("--state", metavar="STATE", help="Only new, active or done ones.")
    ] = "",
    assignee: Of = "",
    campaign: Annotated[str, typer.Option("--campaign", metavar="NAME", help="Only of this campaign.")] = "",
    as_json: Json = False,
) -> None:
    """List them: what is open and due first."""
    front = front_of(ctx)
    print_leads(front, _filter(front, text, state, assignee, campaign), as_json)


@app.command(cls=Verb)
def show(ctx: typer.Context, id: Id, as_json: Json = False) -> None:
    """Show one with everything in it, the mails linked to it, and its history."""
    front = front_of(ctx)
    print_lead(front, needed_number(front, Kind.LEAD, id), as_json)


@app.command(cls=Verb)
def note(
    ctx: typer.Context,
    id: Id,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="The note; without it standard input is read.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write a note into its history."""
    from app.services.crm import history
    from app.services.crm.mentions import named_in_vain

    front = front_of(ctx)
    number = needed_number(front, Kind.LEAD, id)
    words = text or sys.stdin.read()
    with wrong_values():
        history.note(front.store, Kind.LEAD, number, words, **front.at_work())
    if in_vain := named_in_vain(front.store, words):
        say(in_vain)
    tell(front, number, as_json)


def _say_others(front: Front, number: int) -> None:
    """That the contact of a new lead has other open ones."""
    from app.services.crm import records as crm

    contact = crm.show(front.store, Kind.LEAD, number).contact
    for other in crm.open_leads_of(front.store, contact.id) if contact else ():
        if other.id != number:
            text = _("Lead {id}, {title}, is open for the same contact, too.")
            say(text.format(id=other.id, title=other.title))


def _filter(front: Front, text: str, state: str, assignee: str, campaign: str) -> LeadFilter:
    """What was asked for. Raises typer.BadParameter naming what may stand there."""
    from app.domain.leads.filter import LeadFilter

    try:
        states = (meant(LeadState, state),) if state.strip() else ()
    except ValueError as error:
        raise typer.BadParameter(f"--state: {error}") from None
    login = assignee_login(front, assignee) if assignee else None
    number = campaign_number(front, campaign) if campaign.strip() else None
    return LeadFilter(text=text, states=states, assignee=login, campaign_id=number)
