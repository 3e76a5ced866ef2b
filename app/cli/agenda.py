"""`postkorb agenda`: the personal task list, as the app shows it; it changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.front import front_of
from app.cli.options import Json
from app.cli.output import Column, print_json_rows, print_table, say
from app.cli.parser import Verb, alone
from app.cli.references import assignee_login
from app.language import _

if TYPE_CHECKING:
    from app.domain.crm.agenda import Entry

app = alone()


@app.command(cls=Verb)
def agenda(
    ctx: typer.Context,
    assignee: Annotated[
        str, typer.Option("--assignee", metavar="LOGIN", help="Whose; yours, if nobody is named.")
    ] = "",
    as_json: Json = False,
) -> None:
    """List leads, tasks, follow-ups and mentions of one person by their day."""
    from app.domain.crm.agenda import Wish
    from app.services.tasks.agenda import entries, entry_json, entry_keys

    front = front_of(ctx)
    whose = assignee_login(front, assignee) if assignee else front.author
    now = front.now().astimezone()
    found = entries(front.store, entry_keys(front.store, Wish(whose), now))
    if as_json:
        print_json_rows(entry_json(entry, now) for entry in found)
    elif found:
        columns = (
            Column(_("Kind"), 13),
            Column(_("Id"), 6, right=True),
            Column(_("Due"), 16),
            Column(_("What"), 36),
            Column(_("About"), 0),
        )
        print_table(columns, (_cells(entry) for entry in found))
    else:
        say(_("There is none."))


def _cells(entry: Entry) -> tuple[str, ...]:
    from app.domain.crm.agenda import EntryKind
    from app.domain.due import format_due

    kind = {
        EntryKind.LEAD: _("Lead"),
        EntryKind.TASK: _("Task"),
        EntryKind.FOLLOW_UP: _("Follow-up"),
        EntryKind.MENTION: _("Mention"),
    }[entry.kind]
    due = format_due(entry.due) if entry.due else ""
    title = " ".join(entry.title.split())
    return (
        kind,
        str(entry.key.id),
        due,
        f"{entry.next_step}: {title}" if entry.next_step else title,
        entry.about,
    )
