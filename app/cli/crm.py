"""`postkorb contact`, `lead`: make, change, list and show the records that mail is linked to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import Front, front_of
from app.cli.merging import add_merging
from app.cli.output import Column, print_json, print_json_rows, print_table, say, write_line
from app.cli.parser import Verb, verbs
from app.cli.record_options import values_of, with_options
from app.cli.references import needed_number
from app.domain.crm import Kind, LeadState
from app.domain.due import Due, format_day, format_due
from app.domain.record_words import meant, word_of
from app.language import _

if TYPE_CHECKING:
    from app.services.crm.records import Record

contact = verbs("Contacts: make, change, list, show.")
lead = verbs("Leads: make, change, list, show.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Id = Annotated[str, typer.Argument(metavar="RECORD", help="Number, or words that only one is found by.")]
Text = Annotated[str, typer.Argument(metavar="TEXT", help="Only those found by these words.")]
State = Annotated[str, typer.Option("--state", metavar="STATE", help="Only in this state.")]
Of = Annotated[str, typer.Option("--assignee", metavar="NAME", help="Only of this assignee.")]


def _add_new(group: typer.Typer, kind: Kind) -> None:
    def new(ctx: typer.Context, as_json: Json = False, **options: Any) -> None:
        """Make one."""
        from app.services.crm import records as crm

        front = front_of(ctx)
        values = values_of(front, options)
        row = crm.create(front.store, kind, values, author=front.author, now=front.now().astimezone())
        _tell(front, kind, row.id, as_json, is_new=True)

    group.command("new", cls=Verb)(with_options(kind, new, new=True))


def _add_change(group: typer.Typer, kind: Kind) -> None:
    def change_one(ctx: typer.Context, id: Id, as_json: Json = False, **options: Any) -> None:
        """Change what is named; an empty text ("") empties it, the rest stays."""
        from app.services.crm.changing import change

        front = front_of(ctx)
        values = values_of(front, options)
        if not values:
            raise typer.BadParameter(_("name what to change with one of the options"))
        number, now = needed_number(front, kind, id), front.now().astimezone()
        change(front.store, kind, number, values, author=front.author, now=now)
        _tell(front, kind, number, as_json)

    group.command("change", cls=Verb)(with_options(kind, change_one, new=False))


def _tell(front: Front, kind: Kind, number: int, as_json: bool, *, is_new: bool = False) -> None:
    """What a record is now, and that another contact has its address, or its contact another open lead."""
    from app.domain.record_input import ContactInput
    from app.services.crm import records as crm

    record = crm.show(front.store, kind, number)
    if as_json:
        print_json(crm.record_json(record))
    else:
        write_line(f"{number}  {record.row.title}")
    if isinstance(record.data, ContactInput):
        for other in crm.contacts_with(front.store, [entry.value for entry in record.data.emails]):
            if other.id != number:
                text = _("The same e-mail address is that of contact {id}, {title}, too.")
                say(text.format(id=other.id, title=other.title))
    if kind is Kind.LEAD and is_new and record.contact is not None:
        for other in crm.open_leads_of(front.store, record.contact.id):
            if other.id != number:
                text = _("Lead {id}, {title}, is open for the same contact, too.")
                say(text.format(id=other.id, title=other.title))


def _add_list(group: typer.Typer, kind: Kind) -> None:
    def contacts(ctx: typer.Context, text: Text = "", assignee: Of = "", as_json: Json = False) -> None:
        """List them by name."""
        _list(ctx, kind, text, "", assignee, as_json)

    def by_state(
        ctx: typer.Context, text: Text = "", state: State = "", assignee: Of = "", as_json: Json = False
    ) -> None:
        """List them: what is open and due first."""
        _list(ctx, kind, text, _state(state), assignee, as_json)

    group.command("list", cls=Verb)(contacts if kind is Kind.CONTACT else by_state)


def _state(typed: str) -> str:
    """The state that is meant. Raises typer.BadParameter, naming all there are."""
    try:
        return meant(LeadState, typed).value if typed.strip() else ""
    except ValueError as error:
        raise typer.BadParameter(f"--state: {error}") from None


def _list(ctx: typer.Context, kind: Kind, text: str, state: str, assignee: str, as_json: bool) -> None:
    from app.services.crm import records as crm

    store = front_of(ctx).store
    if as_json and not text:
        whole = crm.every_record(store, kind, state=state, assignee=assignee)
        print_json_rows(listed(record) for record in whole)
        return
    rows = crm.list_records(store, kind, text=text, state=state, assignee=assignee)
    if as_json:
        print_json_rows(listed(crm.show(store, kind, row.id)) for row in rows)
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


def listed(record: Record) -> dict[str, Any]:
    """A record in a list: all but its mails."""
    from app.services.crm.records import record_json

    return {name: value for name, value in record_json(record).items() if name != "mails"}


def _add_show(group: typer.Typer, kind: Kind) -> None:
    @group.command("show", cls=Verb)
    def show(ctx: typer.Context, id: Id, as_json: Json = False) -> None:
        """Show one with everything in it and the mails linked to it."""
        from app.services.crm import records as crm

        front = front_of(ctx)
        record = crm.show(front.store, kind, needed_number(front, kind, id))
        if as_json:
            print_json(crm.record_json(record))
        else:
            print_record(record, front.settings.date_format)


def print_record(record: Record, date_format: str) -> None:
    """Print a record with everything in it, for people."""
    from app.domain.record_input import FIELD_NAMES
    from app.services.crm.records import record_json

    names = {"id": "Id", "name": "Name", "contact": "Contact", "lead": "Lead"} | FIELD_NAMES
    names["opportunity"] = "Opportunity"
    fields = record_json(record)
    for field, value in fields.items():
        if field in names and field not in ("kind", "remind_at") and value not in ("", None, [], {}):
            write_line(f"{_(names[field]) + ':':<16} {_told(record, field, value)}")
    for mail in record.mails:
        when = f"{mail.date.astimezone():{date_format}}"
        write_line(f"{_('Mail') + ':':<16} {mail.id}  {when}  {mail.sender}  {mail.subject}")


def _told(record: Record, field: str, value: Any) -> str:
    """A field as the app shows it."""
    from app.domain.money import format_euros

    if field in ("state", "result"):
        return word_of(value)
    if field == "value":  # that of the JSON is in euros
        return format_euros(getattr(record.data, field))
    if field == "due_on":
        due = Due.of(value, getattr(record.data, "remind_at", None))
        return format_due(due) if due else ""
    return _plain(value)


def shown_day(written: str) -> str:
    """A day for people; ISO is for the store and for JSON."""
    return format_day(date.fromisoformat(written)) if written else ""


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value)
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part != "")
    return str(value)


for _group, _kind in (
    (contact, Kind.CONTACT),
    (lead, Kind.LEAD),
):
    _add_new(_group, _kind)
    _add_change(_group, _kind)
    _add_list(_group, _kind)
    _add_show(_group, _kind)
add_merging(contact, Kind.CONTACT)
add_merging(lead, Kind.LEAD)
