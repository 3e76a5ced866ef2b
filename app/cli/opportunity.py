"""`postkorb opportunity`: make, change, list, show opportunities, and work on them; the rules are the services'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import Front, front_of
from app.cli.opportunity_rows import print_opportunities, print_opportunity
from app.cli.opportunity_stages import app as stages_app
from app.cli.options import Id, Json, Of, Text
from app.cli.output import print_json, write_line
from app.cli.parser import Verb, verbs
from app.cli.record_options import values_of, with_options
from app.cli.references import assignee_login, meant_login, needed_number
from app.cli.wrong_usage import wrong_record_values, wrong_values
from app.domain.crm.kinds import Kind
from app.domain.opportunities.stages import stage_word
from app.language import _

if TYPE_CHECKING:
    from app.domain.opportunities.pipeline import OpportunityFilter
    from app.domain.opportunities.rules import Opportunity

app = verbs("Opportunities: make, change, list, show, move, pass on, win, lose.")
app.add_typer(stages_app, name="stages")


@app.command("new", cls=Verb)
@with_options(Kind.OPPORTUNITY, new=True)
def new(ctx: typer.Context, as_json: Json = False, **options: Any) -> None:
    """Make one."""
    from app.services.opportunities.making import create

    front = front_of(ctx)
    with wrong_record_values():
        made = create(front.store, values_of(front, options), **front.at_work())
    _tell(made, as_json)


@app.command("change", cls=Verb)
@with_options(Kind.OPPORTUNITY, new=False)
def change(ctx: typer.Context, id: Id, as_json: Json = False, **options: Any) -> None:
    """Change what is named; an empty text ("") empties it, the rest stays."""
    from app.services.opportunities import making

    front = front_of(ctx)
    values = values_of(front, options)
    if not values:
        raise typer.BadParameter(_("name what to change with one of the options"))
    number = needed_number(front, Kind.OPPORTUNITY, id)
    with wrong_values():
        changed = making.change(front.store, number, values, **front.at_work())
    _tell(changed, as_json)


@app.command("list", cls=Verb)
def list_opportunities(
    ctx: typer.Context,
    text: Text = "",
    stage: Annotated[str, typer.Option("--stage", metavar="TEXT", help="Only at this stage.")] = "",
    assignee: Of = "",
    month: Annotated[
        str,
        typer.Option(
            "--month", metavar="MONTH", help="Only what is expected then: 2027-01, next month, overdue, none."
        ),
    ] = "",
    is_open: Annotated[bool, typer.Option("--open", help="Only what is open.")] = False,
    won: Annotated[bool, typer.Option("--won", help="Only what is won.")] = False,
    lost: Annotated[bool, typer.Option("--lost", help="Only what is lost.")] = False,
    as_json: Json = False,
) -> None:
    """List them, and what they come to: what is open and expected first."""
    from app.domain.opportunities.stages import Outcome

    front = front_of(ctx)
    named = dict(zip(Outcome, (is_open, won, lost), strict=True))
    outcomes = [outcome for outcome, is_named in named.items() if is_named]
    if len(outcomes) > 1:
        raise typer.BadParameter(_("only one of --open, --won and --lost may be named"))
    wanted = _filter(front, text, stage, assignee, month)
    print_opportunities(front, wanted, outcomes[0] if outcomes else None, as_json)


@app.command(cls=Verb)
def show(ctx: typer.Context, id: Id, as_json: Json = False) -> None:
    """Show one with everything in it, the mails linked to it, and its history."""
    front = front_of(ctx)
    print_opportunity(front, needed_number(front, Kind.OPPORTUNITY, id), as_json)


@app.command(cls=Verb)
def move(
    ctx: typer.Context,
    id: Id,
    stage: Annotated[str, typer.Option("--stage", metavar="TEXT", help="Where it has come to.")],
    as_json: Json = False,
) -> None:
    """Move one to a stage, whose probability it gets."""
    from app.services.opportunities import working

    front = front_of(ctx)
    number = needed_number(front, Kind.OPPORTUNITY, id)
    with wrong_values():
        moved = working.move(front.store, number, stage, **front.at_work())
    _tell(moved, as_json)


@app.command(cls=Verb)
def win(ctx: typer.Context, id: Id, as_json: Json = False) -> None:
    """It is won."""
    from app.services.opportunities import working

    front = front_of(ctx)
    number = needed_number(front, Kind.OPPORTUNITY, id)
    _tell(working.win(front.store, number, **front.at_work()), as_json)


@app.command(cls=Verb)
def lose(
    ctx: typer.Context,
    id: Id,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why: one of the reasons that the team keeps.")
    ],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What more there is to say.")] = "",
    as_json: Json = False,
) -> None:
    """It is lost, for a reason."""
    from app.services.opportunities import working

    front = front_of(ctx)
    number = needed_number(front, Kind.OPPORTUNITY, id)
    with wrong_record_values():
        lost = working.lose(front.store, number, reason, text=text, **front.at_work())
    _tell(lost, as_json)


@app.command(cls=Verb)
def reopen(ctx: typer.Context, id: Id, as_json: Json = False) -> None:
    """It is open again, at the stage it was at."""
    from app.services.opportunities import working

    front = front_of(ctx)
    number = needed_number(front, Kind.OPPORTUNITY, id)
    _tell(working.reopen(front.store, number, **front.at_work()), as_json)


@app.command("pass", cls=Verb)
def pass_on(
    ctx: typer.Context,
    id: Id,
    to: Annotated[str, typer.Option("--to", metavar="LOGIN", help="Who works on it from now on.")],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What they must know.")] = "",
    as_json: Json = False,
) -> None:
    """Pass one on to somebody else."""
    from app.services.opportunities import working

    front = front_of(ctx)
    number = needed_number(front, Kind.OPPORTUNITY, id)
    with wrong_record_values():
        passed = working.pass_on(front.store, number, meant_login(front, to), note=note, **front.at_work())
    _tell(passed, as_json)


def _filter(front: Front, text: str, stage: str, assignee: str, month: str) -> OpportunityFilter:
    """What was asked for. Raises typer.BadParameter naming what may stand there."""
    from app.domain.opportunities.pipeline import OpportunityFilter, read_month_wish
    from app.services.opportunities.stages import list_stages

    if stage.strip():
        known = {each.name.casefold(): each.name for each in list_stages(front.store)}
        if stage.strip().casefold() not in known:
            may = _("only {values} may stand here").format(values=", ".join(known.values()))
            raise typer.BadParameter(f"--stage: {may}")
        stage = known[stage.strip().casefold()]
    login = assignee_login(front, assignee) if assignee else ""
    try:
        month = read_month_wish(month, front.now().astimezone().date())
    except ValueError as error:
        raise typer.BadParameter(f"--month: {error}") from None
    return OpportunityFilter(assignee=login, stage=stage, month=month, text=text)


def _tell(found: Opportunity, as_json: bool) -> None:
    """What it is now."""
    from app.services.opportunities.lists import opportunity_json

    if as_json:
        print_json(opportunity_json(found))
    else:
        words = (str(found.id), found.title, stage_word(found.stage), found.assignee_name)
        write_line("  ".join(filter(None, words)))
