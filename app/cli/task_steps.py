"""The verbs of `postkorb task` that carry a step out on some tasks: done, reopen, postpone, pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import Front, front_of
from app.cli.options import Ids, Json
from app.cli.output import print_json, say, sentence, write_line
from app.cli.parser import BIGGEST, Verb
from app.cli.references import meant_login, needed_number
from app.cli.wrong_usage import wrong_record_values, wrong_values
from app.domain.crm.kinds import Kind
from app.domain.errors import PostkorbError, Refused
from app.language import _

if TYPE_CHECKING:
    from app.domain.due import Due
    from app.domain.undo import Done


def register(app: typer.Typer) -> None:
    """Add the verbs to `postkorb task`."""
    for verb in (done, reopen, postpone):
        app.command(cls=Verb)(verb)
    app.command("pass", cls=Verb)(pass_on)


def done(ctx: typer.Context, ids: Ids, as_json: Json = False) -> None:
    """They are done."""
    from app.domain.crm.agenda import EntryKind
    from app.services.tasks.steps import finish

    front = front_of(ctx)
    _each(front, ids, lambda number: finish(front.store, EntryKind.TASK, number, **front.at_work()), as_json)


def reopen(ctx: typer.Context, ids: Ids, as_json: Json = False) -> None:
    """They are to be done again."""
    from app.domain.crm.agenda import EntryKind
    from app.services.tasks import steps

    front = front_of(ctx)
    _each(
        front,
        ids,
        lambda number: steps.reopen(front.store, EntryKind.TASK, number, **front.at_work()),
        as_json,
    )


def postpone(
    ctx: typer.Context,
    ids: Ids,
    to: Annotated[
        str,
        typer.Option("--to", metavar="DAY", help="Until when: 24.12., +3, tomorrow; with a time: +2 9:00."),
    ],
    as_json: Json = False,
) -> None:
    """Put them off to another day."""
    from app.domain.crm.agenda import EntryKind
    from app.services.tasks import steps

    front = front_of(ctx)
    due = due_typed(front, "--to", to)
    _each(
        front,
        ids,
        lambda number: steps.postpone(front.store, EntryKind.TASK, number, due, **front.at_work()),
        as_json,
    )


def pass_on(
    ctx: typer.Context,
    ids: Ids,
    to: Annotated[str, typer.Option("--to", metavar="LOGIN", help="Who works on it from now on.")],
    as_json: Json = False,
) -> None:
    """Pass them on to somebody else."""
    from app.domain.crm.agenda import EntryKind
    from app.services.tasks import steps

    front = front_of(ctx)
    to = meant_login(front, to)
    with wrong_record_values():
        _each(
            front,
            ids,
            lambda number: steps.pass_on(front.store, EntryKind.TASK, number, to, **front.at_work()),
            as_json,
        )


def due_typed(front: Front, option: str, typed: str) -> Due:
    """The day and time that were typed. Raises typer.BadParameter for what is none, or over."""
    from app.domain.due import check_ahead, parse_due

    now = front.now().astimezone()
    try:
        due = parse_due(typed, now.date())
    except ValueError as error:
        raise typer.BadParameter(f"{option}: {error}") from None
    with wrong_values():
        check_ahead(due, now)
    return due


def _each(front: Front, ids: Sequence[str], step: Callable[[int], Done], as_json: bool) -> None:
    """Carry out a step on each of these tasks. What is refused for one leaves the others alone; then it failed partly.
    Raises what names a wrong value, which would be refused for all."""
    from app.domain.leads.rules import InactiveAssignee, NoAssignee, UnknownAssignee

    refused: list[dict[str, Any]] = []
    changed: list[int] = []
    for reference in dict.fromkeys(ids):
        try:
            number = needed_number(front, Kind.TASK, reference)
            done = step(number)
        except (UnknownAssignee, InactiveAssignee, NoAssignee):
            raise
        except PostkorbError as error:
            is_rule = isinstance(error, Refused)
            refused.append({"id": _number(reference), "reason": error.cause if is_rule else str(error)})
            told = error.told_cause if is_rule else sentence(error)
            say(_("Task {id}: {reason}").format(id=reference, reason=told))
        else:
            changed.append(number)
            if not as_json:
                write_line(f"{number}  {done.text}")
    if as_json:
        print_json({"changed": changed, "refused": refused})
    if refused:
        raise typer.Exit(1)


def _number(reference: str) -> int | str:
    """The number by which a task was named; what was typed if it was none."""
    typed = reference.strip()
    return int(typed) if typed.isdecimal() and len(typed) <= len(str(BIGGEST)) else reference
