"""Makes a home for the demo: a Maildir as its server, synced once, and records, links, comments and marks in the store."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import ContactInput, EmailEntry, PhoneEntry
from app.domain.mail.accounts import Mailbox
from app.services.accounts.accounts import add_account
from app.services.accounts.secrets import Secrets
from app.services.crm.records import create_many
from app.services.demo.build import write_demo_maildir
from app.services.demo.data import DemoComment, DemoContact, DemoLink, DemoMail, DemoMark
from app.services.demo.playing import let_go, make_team, play_leads, play_tasks
from app.services.sync.run import sync_once
from app.settings import Home
from app.store.crm import triage
from app.store.database import Store
from app.store.mail import messages
from app.store.mail.processed import refresh_processed
from app.store.undo import clear_steps

NAME = "vertrieb"
#: How long before now the team began to work; before the first lead of the demo.
BEFORE_ALL = timedelta(days=200)


def furnish(store: Store, home: Home, now: datetime) -> DemoMail:
    """Fill an empty store. Mail goes out into the folder `gesendet` of the home. Raises PostkorbError and OSError."""
    demo = write_demo_maildir(home.data / "server", now)
    mailbox = Mailbox(
        name=NAME,
        address=demo.own_address,
        display_name=demo.own_name,
        source=f"maildir://{home.data / 'server'}",
        outgoing=f"maildir://{home.data / 'gesendet'}",
        signature=f"Mit freundlichen Grüßen\n{demo.own_name}",
    )
    add_account(store, Secrets(home), mailbox, "", now)
    for report in sync_once(store, home, lambda: now):
        if report.error:
            raise OSError(report.error)
    make_team(store, demo.members, now - BEFORE_ALL)
    records = _make_records(store, demo, now)
    let_go(store, demo.members, now)
    _deal_with_mails(store, demo, records, now)
    with store.write() as tx:
        clear_steps(tx)  # `u` takes nothing back that the rep has not done
    return demo


def _make_records(store: Store, demo: DemoMail, now: datetime) -> dict[Kind, list[int]]:
    """The ids of contacts, leads and tasks, in the order of the demo's lists."""
    inputs = [_contact(contact) for contact in demo.contacts]
    began = now - BEFORE_ALL
    contacts = create_many(store, Kind.CONTACT, inputs, author=demo.own_login, now=began)
    leads = play_leads(store, demo, contacts)
    tasks = play_tasks(store, demo, contacts, leads, now)
    return {Kind.CONTACT: contacts, Kind.LEAD: leads, Kind.TASK: tasks}


def _contact(contact: DemoContact) -> ContactInput:
    return ContactInput(
        salutation=contact.salutation,
        title=contact.title,
        first_name=contact.first_name,
        last_name=contact.last_name,
        company=contact.company,
        customer_number=contact.customer_number,
        emails=tuple(EmailEntry(value=address) for address in contact.emails),
        phones=tuple(PhoneEntry(value=number) for number in contact.phones),
        street=contact.street,
        postal_code=contact.postcode,
        city=contact.city,
        country=contact.country,
        assignee=contact.assignee,
        traits=contact.traits,
        note=contact.function,
    )


def _deal_with_mails(store: Store, demo: DemoMail, records: dict[Kind, list[int]], now: datetime) -> None:
    """Links, comments and marks, without a step that `u` would take back: the rep has not done them."""
    with store.write() as tx:
        items: tuple[DemoLink | DemoComment | DemoMark, ...] = (*demo.links, *demo.comments, *demo.marks)
        ids = messages.ids_by_header(tx, [item.message_id for item in items])
        grouped: dict[tuple[Kind, int], list[int]] = {}
        for link in demo.links:
            grouped.setdefault((link.kind, records[link.kind][link.index]), []).extend(ids[link.message_id])
        for (kind, record), linked in grouped.items():
            triage.add_links(tx, linked, kind, record, demo.own_login, int(now.timestamp()))
        for comment in demo.comments:
            triage.add_comments(
                tx, ids[comment.message_id], comment.text, comment.author, int(comment.at.timestamp())
            )
        triage.set_marks(tx, [(id, mark.colour.value) for mark in demo.marks for id in ids[mark.message_id]])
        refresh_processed(tx, [message for linked in grouped.values() for message in linked])
