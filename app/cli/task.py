"""`postkorb task`: make, change, list, show tasks and follow-ups, and work on them; the rules are the services'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from app.cli.front import Front, front_of
from app.cli.options import Id, Json, Of, Text
from app.cli.output import Column, print_json, print_json_rows, print_table, say, write_line
from app.cli.parser import Verb, verbs
from app.cli.record_options import values_of, with_options
from app.cli.record_rows import listed, print_record, shown_day
from app.cli.references import assignee_login, needed_number
from app.cli.task_steps import register
from app.cli.wrong_usage import wrong_record_values
from app.domain.crm.kinds import Kind, TaskState
from app.domain.crm.record_words import meant, word_of
from app.language import _

app = verbs("Tasks and follow-ups: make, change, list, show, finish, put off, pass on.")

register(app)


@app.command("new", cls=Verb)
@with_options(Kind.TASK, new=True)
def new(ctx: typer.Context, as_json: Json = False, **options: Any) -> None:
    """Make one."""
    from app.services.crm import records as crm

    front = front_of(ctx)
    kind = "follow_up" if options.pop("follow_up") else "task"
    with wrong_record_values():
        values = values_of(front, options) | {"kind": kind}
        made = crm.create(front.store, Kind.TASK, values, **front.at_work())
    _tell(front, made.id, as_json)


@app.command("change", cls=Verb)
@with_options(Kind.TASK, new=False)
def change(ctx: typer.Context, id: Id, as_json: Json = False, **options: Any) -> None:
    """Change what is named; an empty text ("") empties it, the rest stays."""
    from app.services.crm import changing

    front = front_of(ctx)
    number = needed_number(front, Kind.TASK, id)
    values = values_of(front, options)
    if not values:
        raise typer.BadParameter(_("name what to change with one of the options"))
    with wrong_record_values():
        changing.change(front.store, Kind.TASK, number, values, **front.at_work())
    _tell(front, number, as_json)


@app.command("list", cls=Verb)
def list_tasks(
    ctx: typer.Context,
    text: Text = "",
    mine: Annotated[bool, typer.Option("--mine", help="Only your own.")] = False,
    state: Annotated[str, typer.Option("--state", metavar="STATE", help="Only in this state.")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what should have been done.")] = False,
    assignee: Of = "",
    as_json: Json = False,
) -> None:
    """List them: what is open and due first."""
    from app.services.crm import records as crm

    front = front_of(ctx)
    if mine and assignee:
        raise typer.BadParameter(_("only one of --mine and --assignee may be named"))
    wanted = _state(state) or (TaskState.OPEN.value if overdue else "")
    whose = front.author if mine else assignee_login(front, assignee) if assignee else ""
    rows = crm.list_records(front.store, Kind.TASK, text=text, state=wanted, assignee=whose)
    if overdue:
        today = front.now().astimezone().date().isoformat()
        rows = [row for row in rows if "" < row.due < today]
    if as_json:
        print_json_rows(listed(record) for record in _whole(front, [row.id for row in rows]))
    elif rows:
        columns = (
            Column(_("Id"), 6, right=True),
            Column(_("State"), 8),
            Column(_("Due"), 10),
            Column(_("Title"), 30),
            Column(_("Belongs to"), 0),
        )
        print_table(
            columns, ((str(r.id), word_of(r.state), shown_day(r.due), r.title, r.detail) for r in rows)
        )
    else:
        say(_("There is none."))


@app.command(cls=Verb)
def show(ctx: typer.Context, id: Id, as_json: Json = False) -> None:
    """Show one with everything in it and the mails linked to it."""
    from app.services.crm import records as crm
    from app.services.crm.printing import record_json

    front = front_of(ctx)
    record = crm.show(front.store, Kind.TASK, needed_number(front, Kind.TASK, id))
    if as_json:
        print_json(record_json(record))
    else:
        print_record(record, front.settings.date_format)


def _state(typed: str) -> str:
    """The state that is meant. Raises typer.BadParameter, naming all there are."""
    try:
        return meant(TaskState, typed).value if typed.strip() else ""
    except ValueError as error:
        raise typer.BadParameter(f"--state: {error}") from None


def _whole(front: Front, ids: Sequence[int]) -> Iterator[Any]:
    from app.services.crm.records import records_with

    for start in range(0, len(ids), 500):
        yield from records_with(front.store, Kind.TASK, ids[start : start + 500])


def _tell(front: Front, number: int, as_json: bool) -> None:
    """What a task is now."""
    from app.services.crm import records as crm
    from app.services.crm.printing import record_json

    record = crm.show(front.store, Kind.TASK, number)
    if as_json:
        print_json(record_json(record))
    else:
        write_line(f"{number}  {record.row.title}")
