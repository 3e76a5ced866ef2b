"""`postkorb opportunity stages`: the stages that opportunities go through; the rules are the services'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.front import Front, front_of
from app.cli.options import Json
from app.cli.output import Column, print_json_rows, print_table
from app.cli.parser import Verb, verbs
from app.cli.wrong_usage import wrong_values
from app.domain.opportunities.stages import stage_word
from app.domain.opportunities.words import outcome_word
from app.language import _

if TYPE_CHECKING:
    from app.domain.opportunities.stages import Stage

app = verbs("The stages of opportunities: list, add, rename, put in order, deactivate, remove.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a stage.")]
Percent = typer.Option("--probability", metavar="PERCENT", help="How likely is what comes there, in percent.")


@app.command("list", cls=Verb)
def list_all(ctx: typer.Context, as_json: Json = False) -> None:
    """List them in their order."""
    from app.services.opportunities.stages import list_stages

    front = front_of(ctx)
    _print(front, list_stages(front.store), as_json)


@app.command(cls=Verb)
def add(
    ctx: typer.Context,
    name: Name,
    probability: Annotated[int | None, Percent] = None,
    won: Annotated[bool, typer.Option("--won", help="What comes there is won.")] = False,
    lost: Annotated[bool, typer.Option("--lost", help="What comes there is lost.")] = False,
    as_json: Json = False,
) -> None:
    """Add one, behind the last of its kind."""
    from app.domain.opportunities.stages import Outcome
    from app.services.opportunities.stages import add_stage

    if won and lost:
        raise typer.BadParameter(_("only one of --won and --lost may be named"))
    front = front_of(ctx)
    outcome = Outcome.WON if won else Outcome.LOST if lost else Outcome.OPEN
    with wrong_values():
        stages = add_stage(
            front.store, name, author=front.author, now=front.now(), outcome=outcome, probability=probability
        )
    _print(front, stages, as_json)


@app.command(cls=Verb)
def rename(
    ctx: typer.Context,
    name: Name,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="What it is called from now on.")],
    as_json: Json = False,
) -> None:
    """Give one another name, also for what is at it."""
    from app.services.opportunities import stages

    front = front_of(ctx)
    with wrong_values():
        found = stages.rename(front.store, name, to, author=front.author, now=front.now())
    _print(front, found, as_json)


@app.command(cls=Verb)
def reorder(
    ctx: typer.Context,
    name: Name,
    place: Annotated[int, typer.Option("--place", metavar="NUMBER", help="Its place in the list, from 1.")],
    as_json: Json = False,
) -> None:
    """Put one at another place."""
    from app.services.opportunities import stages

    front = front_of(ctx)
    with wrong_values():
        found = stages.reorder(front.store, name, place, author=front.author, now=front.now())
    _print(front, found, as_json)


@app.command(cls=Verb)
def change(
    ctx: typer.Context, name: Name, probability: Annotated[int, Percent], as_json: Json = False
) -> None:
    """Change the probability of what comes to one from now on."""
    from app.services.opportunities.stages import set_probability

    front = front_of(ctx)
    with wrong_values():
        found = set_probability(front.store, name, probability, author=front.author, now=front.now())
    _print(front, found, as_json)


@app.command(cls=Verb)
def deactivate(ctx: typer.Context, name: Name, as_json: Json = False) -> None:
    """Let nothing new come to one; what is there stays."""
    _set_active(ctx, name, False, as_json)


@app.command(cls=Verb)
def activate(ctx: typer.Context, name: Name, as_json: Json = False) -> None:
    """Let something come to one again."""
    _set_active(ctx, name, True, as_json)


@app.command(cls=Verb)
def remove(
    ctx: typer.Context,
    name: Name,
    move_to: Annotated[
        str, typer.Option("--move-to", metavar="NAME", help="The stage to which goes what is there.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Remove one at which nothing is."""
    from app.services.opportunities import stages

    front = front_of(ctx)
    found = stages.remove(front.store, name, author=front.author, now=front.now(), move_to=move_to)
    _print(front, found, as_json)


def _set_active(ctx: typer.Context, name: str, active: bool, as_json: bool) -> None:
    from app.services.opportunities.stages import set_active

    front = front_of(ctx)
    found = set_active(front.store, name, active, author=front.author, now=front.now())
    _print(front, found, as_json)


def _print(front: Front, stages: list[Stage], as_json: bool) -> None:
    """The list as it is now."""
    from app.services.opportunities.stages import uses

    used = uses(front.store)
    if as_json:
        print_json_rows(
            {
                "name": stage.name,
                "outcome": stage.outcome.value,
                "probability": stage.probability,
                "active": stage.active,
                "opportunities": used.get(stage.name, 0),
            }
            for stage in stages
        )
        return
    columns = (
        Column(_("Place"), 6, right=True),
        Column(_("Stage"), 24),
        Column(_("Means"), 9),
        Column(_("Probability"), 12, right=True),
        Column(_("Opportunities"), 15, right=True),
        Column(_("Active"), 0),
    )
    print_table(
        columns,
        (
            (
                str(stage.position),
                stage_word(stage.name),
                outcome_word(stage.outcome),
                f"{stage.probability} %",
                str(used.get(stage.name, 0)),
                _("yes") if stage.active else _("no"),
            )
            for stage in stages
        ),
    )
