"""`postkorb contact`: make, change, list and show contacts; the rules are the services'."""

from __future__ import annotations

from typing import Any

import typer

from app.cli.front import Front, front_of
from app.cli.merging import add_merging
from app.cli.options import Id, Json, Of, Text
from app.cli.output import Column, print_json, print_json_rows, print_table, say, write_line
from app.cli.parser import Verb, verbs
from app.cli.record_options import values_of, with_options
from app.cli.record_rows import listed, print_record
from app.cli.references import assignee_login, needed_number
from app.cli.wrong_usage import wrong_record_values
from app.domain.crm.kinds import Kind
from app.language import _

app = verbs("Contacts: make, change, list, show.")
add_merging(app, Kind.CONTACT)


@app.command("new", cls=Verb)
@with_options(Kind.CONTACT, new=True)
def new(ctx: typer.Context, as_json: Json = False, **options: Any) -> None:
    """Make one."""
    from app.services.crm import records as crm

    front = front_of(ctx)
    values = values_of(front, options)
    with wrong_record_values():
        row = crm.create(front.store, Kind.CONTACT, values, **front.at_work())
    _tell(front, row.id, as_json)


@app.command("change", cls=Verb)
@with_options(Kind.CONTACT, new=False)
def change(ctx: typer.Context, id: Id, as_json: Json = False, **options: Any) -> None:
    """Change what is named; an empty text ("") empties it, the rest stays."""
    from app.services.crm import changing

    front = front_of(ctx)
    values = values_of(front, options)
    if not values:
        raise typer.BadParameter(_("name what to change with one of the options"))
    number = needed_number(front, Kind.CONTACT, id)
    with wrong_record_values():
        changing.change(front.store, Kind.CONTACT, number, values, **front.at_work())
    _tell(front, number, as_json)


@app.command("list", cls=Verb)
def list_contacts(
    ctx: typer.Context,
    text: Text = "",
    assignee: Of = "",
    as_json: Json = False,
) -> None:
    """List them by name."""
    from app.services.crm import records as crm

    front = front_of(ctx)
    store, whose = front.store, assignee_login(front, assignee) if assignee else ""
    if as_json and not text:
        print_json_rows(map(listed, crm.every_record(store, Kind.CONTACT, assignee=whose)))
        return
    rows = crm.list_records(store, Kind.CONTACT, text=text, assignee=whose)
    if as_json:
        print_json_rows(listed(crm.show(store, Kind.CONTACT, row.id)) for row in rows)
    elif rows:
        columns = (Column(_("Id"), 6, right=True), Column(_("Name"), 40), Column(_("E-mail"), 0))
        print_table(columns, ((str(row.id), row.title, row.detail) for row in rows))
    else:
        say(_("There is none."))


@app.command("show", cls=Verb)
def show(ctx: typer.Context, id: Id, as_json: Json = False) -> None:
    """Show one with everything in it and the mails linked to it."""
    from app.services.crm import records as crm
    from app.services.crm.printing import record_json

    front = front_of(ctx)
    record = crm.show(front.store, Kind.CONTACT, needed_number(front, Kind.CONTACT, id))
    if as_json:
        print_json(record_json(record))
    else:
        print_record(record, front.settings.date_format)


def _tell(front: Front, number: int, as_json: bool) -> None:
    """What a contact is now, and that another one has its address."""
    from app.domain.crm.record_input import ContactInput
    from app.services.crm import records as crm
    from app.services.crm.printing import record_json

    record = crm.show(front.store, Kind.CONTACT, number)
    if as_json:
        print_json(record_json(record))
    else:
        write_line(f"{number}  {record.row.title}")
    assert isinstance(record.data, ContactInput), "it is a contact"
    for other in crm.contacts_with(front.store, [entry.value for entry in record.data.emails]):
        if other.id != number:
            text = _("The same e-mail address is that of contact {id}, {title}, too.")
            say(text.format(id=other.id, title=other.title))
