"""`postkorb contact`, `lead`, `task`, `opportunity`: make, list and show the records that mail is linked to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import front_of
from app.cli.output import Column, print_json, print_json_rows, print_table, say, write_line
from app.cli.parser import Verb, verbs
from app.cli.references import record_number
from app.domain.crm import Kind, LeadResult, LeadState, TaskState
from app.language import _

if TYPE_CHECKING:
    from app.services.crm.records import Record

contact = verbs("Contacts: make, list, show.")
lead = verbs("Leads: make, list, show.")
task = verbs("Tasks: make, list, show.")
opportunity = verbs("Opportunities: make, list, show.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Assignee = Annotated[
    str, typer.Option(metavar="N", help="Who takes care of it; you, unless another is named.")
]
Note = Annotated[str, typer.Option(metavar="T", help="A note.")]
Title = Annotated[str, typer.Option(metavar="T", help="The title.")]
ContactRef = Annotated[str, typer.Option("--contact", metavar="REF", help="Number or name of its contact.")]
LeadRef = Annotated[str, typer.Option("--lead", metavar="REF", help="Number or title of its lead.")]
Due = Annotated[str, typer.Option(metavar="DAY", help="When it is due: 2026-12-24, 24.12., morgen.")]
Value = Annotated[str, typer.Option(metavar="EUR", help="What it is worth, in euros.")]


@contact.command("new", cls=Verb)
def new_contact(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Option(metavar="N", help="First and last name, or last name, first name.")
    ] = "",
    email: Annotated[
        list[str] | None, typer.Option(metavar="A", help="E-mail address; may be repeated.")
    ] = None,
    phone: Annotated[
        list[str] | None, typer.Option(metavar="N", help="Phone number; may be repeated.")
    ] = None,
    company: Annotated[str, typer.Option(metavar="C", help="The company.")] = "",
    customer_number: Annotated[str, typer.Option(metavar="N", help="The customer number.")] = "",
    salutation: Annotated[str, typer.Option(metavar="S", help="The salutation, such as Frau.")] = "",
    title: Annotated[str, typer.Option(metavar="T", help="The academic title.")] = "",
    street: Annotated[str, typer.Option(metavar="S", help="Street and number.")] = "",
    postal_code: Annotated[str, typer.Option(metavar="P", help="The postal code.")] = "",
    city: Annotated[str, typer.Option(metavar="C", help="The city.")] = "",
    country: Annotated[str, typer.Option(metavar="C", help="The country.")] = "",
    trait: Annotated[list[str] | None, typer.Option(metavar="T", help="A trait; may be repeated.")] = None,
    assignee: Assignee = "",
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Make a contact."""
    first, last = _names(name)
    values = {
        "first_name": first,
        "last_name": last,
        "emails": tuple(email or ()),
        "phones": tuple(phone or ()),
        "company": company,
        "customer_number": customer_number,
        "salutation": salutation,
        "title": title,
        "street": street,
        "postal_code": postal_code,
        "city": city,
        "country": country,
        "traits": tuple(trait or ()),
        "assignee": assignee,
        "note": note,
    }
    _make(ctx, Kind.CONTACT, values, as_json)


@lead.command("new", cls=Verb)
def new_lead(
    ctx: typer.Context,
    title: Title,
    contact: ContactRef = "",
    source: Annotated[str, typer.Option(metavar="S", help="Where it comes from.")] = "",
    value: Value = "",
    next_step: Annotated[str, typer.Option(metavar="T", help="What is to be done next.")] = "",
    due: Due = "",
    state: Annotated[str, typer.Option(metavar="S", help="new, active or done.")] = "new",
    result: Annotated[str, typer.Option(metavar="R", help="won or lost, for one that is done.")] = "",
    reason: Annotated[str, typer.Option(metavar="T", help="Why it was won or lost.")] = "",
    assignee: Assignee = "",
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Make a lead."""
    values = {
        "title": title,
        "contact_id": record_number(front_of(ctx), Kind.CONTACT, contact),
        "source": source,
        "value": value,
        "next_step": next_step,
        "due_on": due,
        "state": state,
        "result": result,
        "reason": reason,
        "assignee": assignee,
        "note": note,
    }
    _make(ctx, Kind.LEAD, values, as_json)


@task.command("new", cls=Verb)
def new_task(
    ctx: typer.Context,
    title: Title,
    due: Due = "",
    contact: ContactRef = "",
    lead: LeadRef = "",
    state: Annotated[str, typer.Option(metavar="S", help="open or done.")] = "open",
    assignee: Assignee = "",
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Make a task."""
    front = front_of(ctx)
    values = {
        "title": title,
        "due_on": due,
        "contact_id": record_number(front, Kind.CONTACT, contact),
        "lead_id": record_number(front, Kind.LEAD, lead),
        "state": state,
        "assignee": assignee,
        "note": note,
    }
    _make(ctx, Kind.TASK, values, as_json)


@opportunity.command("new", cls=Verb)
def new_opportunity(
    ctx: typer.Context,
    title: Title,
    contact: ContactRef = "",
    lead: LeadRef = "",
    value: Value = "",
    probability: Annotated[
        int | None, typer.Option(metavar="N", help="How likely it is, in percent.")
    ] = None,
    stage: Annotated[str, typer.Option(metavar="S", help="How far it has come.")] = "",
    expected: Annotated[str, typer.Option(metavar="DAY", help="When it is expected to be decided.")] = "",
    assignee: Assignee = "",
    as_json: Json = False,
) -> None:
    """Make an opportunity."""
    front = front_of(ctx)
    values = {
        "title": title,
        "contact_id": record_number(front, Kind.CONTACT, contact),
        "lead_id": record_number(front, Kind.LEAD, lead),
        "value": value,
        "probability": probability,
        "stage": stage,
        "expected_on": expected,
        "assignee": assignee,
    }
    _make(ctx, Kind.OPPORTUNITY, values, as_json)


def _make(ctx: typer.Context, kind: Kind, values: dict[str, Any], as_json: bool) -> None:
    from app.services.crm import records as crm

    front = front_of(ctx)
    given = {name: value for name, value in values.items() if value not in ("", None, ())}
    row = crm.create(front.store, kind, given, author=front.author, now=front.now().astimezone())
    if as_json:
        print_json(_record(crm.show(front.store, kind, row.id)))
    else:
        write_line(f"{row.id}  {row.title}")


def _add_list(group: typer.Typer, kind: Kind) -> None:
    @group.command("list", cls=Verb)
    def list_(
        ctx: typer.Context,
        text: Annotated[str, typer.Argument(metavar="[TEXT]", help="Only those found by these words.")] = "",
        state: Annotated[str, typer.Option(metavar="S", help="Only in this state.")] = "",
        assignee: Annotated[str, typer.Option(metavar="N", help="Only of this assignee.")] = "",
        as_json: Json = False,
    ) -> None:
        """List them: what is open and due first."""
        from app.services.crm import records as crm

        store = front_of(ctx).store
        if as_json and not text:
            whole = crm.every_record(store, kind, state=state, assignee=assignee)
            print_json_rows(_listed(record) for record in whole)
            return
        rows = crm.list_records(store, kind, text=text, state=state, assignee=assignee)
        if as_json:
            print_json_rows(_listed(crm.show(store, kind, row.id)) for row in rows)
        elif rows:
            columns = (
                Column(_("Id"), 6, right=True),
                Column(_("State"), 8),
                Column(_("Due"), 10),
                Column(_("Title"), 30),
                Column(_("Belongs to"), 0),
            )
            print_table(columns, ((str(r.id), _state_word(r.state), r.due, r.title, r.detail) for r in rows))
        else:
            say(_("There is none."))


def _add_show(group: typer.Typer, kind: Kind) -> None:
    @group.command("show", cls=Verb)
    def show(
        ctx: typer.Context,
        id: Annotated[str, typer.Argument(metavar="ID", help="Number, or words that only one is found by.")],
        as_json: Json = False,
    ) -> None:
        """Show one with everything in it and the mails linked to it."""
        from app.services.crm import records as crm

        front = front_of(ctx)
        number = record_number(front, kind, id)
        assert number is not None
        record = _record(crm.show(front.store, kind, number))
        if as_json:
            print_json(record)
        else:
            _print_record(record)


def _record(record: Record) -> dict[str, Any]:
    from app.services.crm.records import record_json

    return record_json(record)


def _listed(record: Record) -> dict[str, Any]:
    """A record in a list: all but its mails."""
    return {name: value for name, value in _record(record).items() if name != "mails"}


def _print_record(record: dict[str, Any]) -> None:
    from app.domain.record_input import FIELD_NAMES

    names = {"id": "Id", "name": "Name", "contact": "Contact", "lead": "Lead"} | FIELD_NAMES
    for field, value in record.items():
        if field in names and value not in ("", None, [], {}):
            shown = _state_word(value) if field in ("state", "result") else _plain(value)
            write_line(f"{_(names[field]) + ':':<16} {shown}")
    for mail in record["mails"]:
        write_line(
            f"{_('Mail') + ':':<16} {mail['id']}  {mail['date'][:10]}  {mail['from']}  {mail['subject']}"
        )


def _state_word(state: str) -> str:
    """The state or the result of a record as a person names it."""
    words: dict[str, str] = {
        LeadState.NEW: _("new"),
        LeadState.ACTIVE: _("active"),
        TaskState.OPEN: _("to do"),
        TaskState.DONE: _("done"),
        LeadResult.WON: _("won"),
        LeadResult.LOST: _("lost"),
    }
    return words.get(state, state)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value)
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part != "")
    return str(value)


def _names(name: str) -> tuple[str, str]:
    """First and last name out of "Silke Berger" or "Berger, Silke"."""
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _space, last = name.strip().rpartition(" ")
    return first, last


for _group, _kind in (
    (contact, Kind.CONTACT),
    (lead, Kind.LEAD),
    (task, Kind.TASK),
    (opportunity, Kind.OPPORTUNITY),
):
    _add_list(_group, _kind)
    _add_show(_group, _kind)
