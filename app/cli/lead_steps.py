"""The verbs of `postkorb lead` that work on leads: assign, take-back, distribute, finish, reopen; the rules are the services'."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import Front, front_of
from app.cli.options import Id, Ids, Json
from app.cli.output import print_json, say, write_line
from app.cli.parser import Verb
from app.cli.references import meant_login, needed_number
from app.cli.wrong_usage import wrong_record_values
from app.domain.crm.kinds import Kind
from app.domain.crm.record_words import word_of
from app.language import _, ngettext

if TYPE_CHECKING:
    from app.services.leads.steps import NotDone, Progress


#: How a lead is finished, and what becomes of it.
Success = Annotated[bool, typer.Option("--success", help="It becomes an opportunity.")]
Failure = Annotated[bool, typer.Option("--failure", help="It comes to nothing.")]
Reason = Annotated[
    str | None,
    typer.Option("--reason", metavar="TEXT", help="Why: one of the reasons that the team keeps."),
]
MoreText = Annotated[str | None, typer.Option("--text", metavar="TEXT", help="What more there is to say.")]
OpportunityTitle = Annotated[
    str | None, typer.Option("--opportunity-title", metavar="TEXT", help="The title of the opportunity.")
]
OpportunityValue = Annotated[
    str | None, typer.Option("--value", metavar="EUR", help="What it is worth, in euros.")
]
OpportunityProbability = Annotated[
    str | None, typer.Option("--probability", metavar="PERCENT", help="How likely it is, in percent.")
]
OpportunityExpected = Annotated[
    str | None,
    typer.Option("--expected", metavar="DAY", help="When it is expected to be decided: a day or a month."),
]
OpportunityAssignee = Annotated[
    str | None, typer.Option("--to", metavar="LOGIN", help="Who works on the opportunity.")
]


def register(app: typer.Typer) -> None:
    """Add the verbs to `postkorb lead`."""
    app.command(cls=Verb)(assign)
    app.command("take-back", cls=Verb)(take_back)
    app.command(cls=Verb)(distribute)
    app.command(cls=Verb)(finish)
    app.command(cls=Verb)(reopen)


def assign(
    ctx: typer.Context,
    ids: Ids,
    to: Annotated[str, typer.Option("--to", metavar="LOGIN", help="Who works on them from now on.")],
    as_json: Json = False,
) -> None:
    """Give them to an assignee; those that somebody has are passed on."""
    from app.services.leads import working
    from app.services.leads.lists import lead_rows

    front = front_of(ctx)
    numbers, to = _numbers(front, ids), meant_login(front, to)
    seen = {row.id: row.assignee for row in lead_rows(front.store, numbers)}
    with wrong_record_values(), _progress(as_json) as progress:
        worked = working.assign(front.store, numbers, to, **front.at_work(), seen=seen, progress=progress)
    _tell_assigned(front, {to: len(worked.done)}, worked.refused, as_json)


def take_back(ctx: typer.Context, ids: Ids, as_json: Json = False) -> None:
    """Take them back from their assignee: they are new again."""
    from app.services.leads import working

    front = front_of(ctx)
    with _progress(as_json) as progress:
        worked = working.take_back(front.store, _numbers(front, ids), **front.at_work(), progress=progress)
    if as_json:
        print_json({"taken_back": list(worked.done), "refused": _refused_json(worked.refused)})
    else:
        n = len(worked.done)
        write_line(ngettext("{n} lead taken back", "{n} leads taken back", n).format(n=n))
    _tell_refused(worked.refused)


def distribute(
    ctx: typer.Context,
    to: Annotated[
        list[str],
        typer.Option(
            "--to", metavar="LOGIN", help="Who gets some of them, with a weight as LOGIN=2; may be repeated."
        ),
    ],
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="RECORD", help="Numbers, or words that only one is found by."),
    ] = None,
    all_new: Annotated[bool, typer.Option("--all-new", help="All leads that nobody has.")] = False,
    round_robin: Annotated[
        bool,
        typer.Option("--round-robin", help="One after the other in turn, not one share after the other."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Share new leads out among assignees."""
    from app.domain.leads.distribution import read_share
    from app.services.leads import distributing

    front = front_of(ctx)
    if bool(ids) == all_new:
        raise typer.BadParameter(_("name either leads or --all-new"))
    with wrong_record_values(), _progress(as_json) as progress:
        shares = [replace(share, login=meant_login(front, share.login)) for share in map(read_share, to)]
        numbers = (
            distributing.new_leads(front.store, front.now().astimezone())
            if all_new
            else _numbers(front, ids or ())
        )
        given = distributing.distribute(
            front.store, numbers, shares, **front.at_work(), in_turn=round_robin, progress=progress
        )
    _tell_assigned(front, given.assigned, given.refused, as_json)


def finish(
    ctx: typer.Context,
    id: Id,
    success: Success = False,
    failure: Failure = False,
    reason: Reason = None,
    text: MoreText = None,
    opportunity_title: OpportunityTitle = None,
    value: OpportunityValue = None,
    probability: OpportunityProbability = None,
    expected: OpportunityExpected = None,
    to: OpportunityAssignee = None,
    as_json: Json = False,
) -> None:
    """Finish one: it was successful and becomes an opportunity, or it was not, for a reason."""
    front = front_of(ctx)
    if success == failure:
        raise typer.BadParameter(_("name either --success or --failure"))
    why = {"reason": reason, "text": text}
    what = {"title": opportunity_title, "value": value, "probability": probability}
    what |= {"expected_on": expected, "assignee": meant_login(front, to) if to else to}
    if any(given is not None for given in (why if success else what).values()):
        raise typer.BadParameter(
            _("--reason and --text belong to --failure, what is said of the opportunity to --success")
        )
    number = needed_number(front, Kind.LEAD, id)
    if success:
        _succeed(front, number, {name: given for name, given in what.items() if given is not None})
    else:
        _fail(front, number, reason, text or "")
    tell(front, number, as_json)


def reopen(ctx: typer.Context, id: Id, as_json: Json = False) -> None:
    """Work on a finished one goes on."""
    from app.services.leads import working

    front = front_of(ctx)
    number = needed_number(front, Kind.LEAD, id)
    working.reopen(front.store, number, **front.at_work())
    tell(front, number, as_json)


def tell(front: Front, number: int, as_json: bool) -> None:
    """What a lead is now."""
    from app.services.leads.printing import lead_json

    found = lead_json(front.store, number)
    if as_json:
        print_json(found)
    else:
        write_line(f"{number}  {found['title']}  {word_of(found['result'] or found['state'])}")


def _numbers(front: Front, references: Sequence[str]) -> list[int]:
    """Raises NotFound, and BadInput when several are meant."""
    return [needed_number(front, Kind.LEAD, reference) for reference in references]


def _succeed(front: Front, number: int, values: dict[str, str]) -> None:
    from app.services.leads.finishing import succeed

    with wrong_record_values():
        found = succeed(front.store, number, values, **front.at_work())
    if found.kept:
        text = _("It keeps opportunity {id}, which it had already, as it is.")
        say(text.format(id=found.opportunity))


def _fail(front: Front, number: int, reason: str | None, text: str) -> None:
    from app.domain.crm.reasons import meant_reason
    from app.services.leads.finishing import fail, finish_reasons

    with wrong_record_values():
        chosen, said = meant_reason(reason or "", finish_reasons(front.store))
        fail(front.store, number, chosen.name, text or said, **front.at_work())


def _tell_assigned(front: Front, assigned: dict[str, int], refused: Sequence[NotDone], as_json: bool) -> None:
    from app.services.team.acting import team

    if as_json:
        print_json({"assigned": assigned, "refused": _refused_json(refused)})
    else:
        names = {member.login: member.name for member in team(front.store)}
        for login, n in assigned.items():
            text = ngettext("{n} lead goes to {name}", "{n} leads go to {name}", n)
            write_line(text.format(n=n, name=names.get(login, login)))
    _tell_refused(refused)


def _refused_json(refused: Sequence[NotDone]) -> list[dict[str, Any]]:
    return [{"id": one.id, "reason": one.reason} for one in refused]


def _tell_refused(refused: Sequence[NotDone]) -> None:
    """Each on standard error; then it failed partly."""
    for one in refused:
        say(_("Lead {id}: {reason}").format(id=one.id, reason=one.told))
    if refused:
        raise typer.Exit(1)


@contextmanager
def _progress(as_json: bool) -> Iterator[Progress | None]:
    """Tells a terminal how many leads of how many are dealt with, on one line; a script nothing."""
    if as_json or not sys.stderr.isatty():
        yield None
        return

    def show(done: int, of: int) -> None:
        sys.stderr.write("\r" + _("{n} of {of} leads").format(n=done, of=of) + "\x1b[K")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
