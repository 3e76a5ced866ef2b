"""Only active members of the team write, and privacy officers only what is theirs to write: asked of every service that is told
who does it, also of those that are yet to come.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import zstandard

from app import services
from app.domain.crm.agenda import EntryKind
from app.domain.crm.calls import CallOutcome
from app.domain.crm.kinds import Kind, MarkColour
from app.domain.crm.record_input import INPUTS, ContactInput, LeadInput, TaskInput
from app.domain.due import Due
from app.domain.errors import Refused
from app.domain.leads.distribution import Share
from app.domain.mail.messages import Role
from app.domain.mail.triage import Selection
from app.domain.team.members import NotAMember
from app.services import triage
from app.services.crm import merging, records
from app.services.team.membership import MemberChange
from app.store.database import Store
from tests.services.leads.team import furnish
from tests.store.build import add_folder, add_mail, add_mailbox
from tests.store.content import content
from tests.store.leads import add_lead

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = Due(date(2026, 12, 24), time(9))

#: What is told who asks, and only reads: when that is, makes no difference.
READS = {
    "crm.page.read_page",
    "crm.from_mail.contact_from_mail",
    "crm.from_mail.lead_from_mail",
    "crm.from_mail.task_from_mail",
    "crm.new_contact.contact_from_card",
    "opportunities.asking.asked",
    "outbox.about.mail_about",
}
#: What a privacy officer does: handle mail, make and correct contacts, keep filters of their own.
OF_PRIVACY_OFFICERS = {
    "crm.changing.change contact",
    "crm.from_mail.new_contact_from_mail",
    "crm.records.create contact",
    "crm.records.create_many contact",
    "team.looks.keep_look",
    "team.saved_filters.delete_filter",
    "team.saved_filters.store_filter",
    "triage.filing.archive",
    "triage.filing.delete",
    "triage.filing.delete_forever",
    "triage.filing.move",
    "triage.filing.set_flagged",
    "triage.filing.set_seen",
    "triage.filing.spam",
    "triage.linking.link",
    "triage.linking.unlink",
    "triage.notes.comment",
    "triage.notes.mark",
    "undo.undoing.undo",
}


def told_who() -> dict[str, Callable[..., Any]]:
    """The public functions of all services that take a store and an author, by room and name."""
    found: dict[str, Callable[..., Any]] = {}
    for info in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        module = importlib.import_module(info.name)
        own = {
            name: each
            for name, each in inspect.getmembers(module, inspect.isfunction)
            if each.__module__ == info.name and not name.startswith("_")
        }
        for name, each in own.items():
            if {"store", "author"} <= inspect.signature(each).parameters.keys():
                found[f"{info.name.removeprefix('app.services.')}.{name}"] = each
    return found


@dataclass(frozen=True)
class House:
    """A store in which everything is there that services are about."""

    store: Store
    values: dict[str, Any]
    others: dict[str, dict[str, Any]]

    def calls(self) -> Iterator[tuple[str, Callable[[str], None]]]:
        """Every service that writes, for each kind of record that it may be about, to be called with an author."""
        for name, service in told_who().items():
            if name in READS:
                continue
            asked = inspect.signature(service).parameters
            if {"changes", "inputs"} & asked.keys() or name == "crm.records.create":
                kinds = tuple(Kind)
            else:
                kinds = (None,)
            for kind in kinds:
                more = {} if kind is None else self.of_kind(kind)
                values = self.values | more | self.others.get(name, {})
                words = {
                    each: values[each]
                    for each, parameter in asked.items()
                    if each in values or (parameter.default is inspect.Parameter.empty and each != "author")
                }
                yield name if kind is None else f"{name} {kind}", self._call(service, words)

    def of_kind(self, kind: Kind) -> dict[str, Any]:
        named = {"last_name" if kind is Kind.CONTACT else "title": "Neu"}
        given = named | ({"stage": "Angebot"} if kind is Kind.OPPORTUNITY else {})
        inputs = [INPUTS[kind].model_validate(given)]
        return {"kind": kind, "record_id": 1, "values": given, "changes": named, "inputs": inputs}

    @staticmethod
    def _call(service: Callable[..., Any], words: dict[str, Any]) -> Callable[[str], None]:
        def call(author: str) -> None:
            done = service(**words, author=author)
            if hasattr(done, "__enter__"):
                with done:
                    pass

        return call


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    store = sqlite_store
    furnish(store)
    by: dict[str, Any] = {"author": "cleo", "now": NOW}
    inbox, *others = (
        add_folder(store, mailbox, role.value or "Angebote", role)
        for mailbox in [add_mailbox(store)]
        for role in (Role.INBOX, Role.NONE, Role.ARCHIVE, Role.TRASH, Role.JUNK)
    )
    mail, deleted, undone = (add_mail(store, folder) for folder in (inbox, others[2], inbox))
    with store.write() as tx:
        tx.run(
            "INSERT INTO message_source (id, raw) VALUES (1, ?)",
            (zstandard.compress(b"Subject: Pumpen\n\nHallo"),),
        )
        tx.run("UPDATE message SET source_id = 1")
    records.create(store, Kind.CONTACT, {"last_name": "Berger"}, **by)
    lead = add_lead(store, assignee="cleo")
    records.create(store, Kind.TASK, {"title": "Anrufen", "lead_id": lead}, **by)
    records.create(store, Kind.OPPORTUNITY, {"title": "Pumpen", "stage": "Angebot"}, **by)
    step = merging.merge(store, Kind.LEAD, add_lead(store), add_lead(store), **by).step
    for who in ("dora", "emil"):
        with store.write() as tx:
            tx.run(
                "INSERT INTO saved_filter (owner, place, name, query) VALUES (?, 'leads', 'Messe', '{}')",
                (who,),
            )
    triage.mark(store, Selection(messages=(undone.message,)), MarkColour.RED, author="dora", now=NOW)
    with store.write() as tx:  # something that each of them would take back
        for who in ("emil", "nobody", ""):
            tx.run(
                "INSERT INTO undo_step (author, title, inverse, created_at)"
                " SELECT ?, title, inverse, created_at FROM undo_step WHERE author = 'dora'",
                (who,),
            )
    file = tmp_path / "angebot.txt"
    file.write_text("Pumpen")
    mails = Selection(messages=(mail.message,))
    values: dict[str, Any] = {
        "store": store, "now": NOW, "kind": Kind.LEAD, "record_id": lead, "number": lead, "ids": [lead],
        "mails": mails, "of": (mail.message,), "folder_id": others[0], "seen": True, "flagged": True, "text": "x",
        "colour": MarkColour.GREEN, "path": file, "outcome": CallOutcome.REACHED, "due": LATER,
        "values": {"title": "Neu"}, "changes": {"title": "Neu"}, "inputs": [LeadInput(title="Neu")],
        "survivor_id": lead, "other_id": lead + 1, "step_id": step, "contact": ContactInput(last_name="Neu"),
        "lead": LeadInput(title="Neu"), "task": TaskInput(title="Neu"), "shares": [Share("anna")], "steps": [],
        "to": "ben", "name": "Neu", "login": "ben", "change": MemberChange(name="Ben Neu"), "place": "leads",
        "query": {}, "kept": {}, "filter_id": 1, "reason": "competitor", "stage": "Angebot", "percent": 5, "active": False,
        "needs_text": False,
    }  # fmt: skip
    in_tasks = {"kind": EntryKind.TASK, "number": 1}
    return House(
        store,
        values,
        {
            **{f"tasks.steps.{verb}": in_tasks for verb in ("finish", "reopen", "postpone", "pass_on")},
            "leads.distributing.distribute": {"seen": None},
            "leads.working.assign": {"seen": None},
            **{f"opportunities.working.{verb}": {"seen": None} for verb in ("win", "reopen", "lose", "move")},
            "opportunities.working.win": {"stage": "", "seen": None},
            "opportunities.working.lose": {"stage": "", "seen": None},
            "opportunities.working.pass_on": {"seen": None},
            "opportunities.making.create": {"stage": ""},
            **{
                f"opportunities.stages.{verb}": {"name": "Angebot", "place": 1}
                for verb in ("rename", "reorder", "set_probability", "set_active", "remove")
            },
            **{
                f"team.reasons.{verb}": {"name": "competitor", "to": "Preis", "steps": 1}
                for verb in ("change_reason", "set_active", "reorder")
            },
            "team.membership.add_member": {"login": "gerd"},
            "triage.filing.delete_forever": {"mails": Selection(copies=(deleted.id,))},
            "crm.merging.merge": {"seen": None},
            "opportunities.working.pass_all_on": {"which": [(1, None)]},
        },
    )


def test_what_is_told_who_asks_but_not_when_only_reads() -> None:
    without_now = {
        name for name, each in told_who().items() if "now" not in inspect.signature(each).parameters
    }
    assert without_now == READS


@pytest.mark.parametrize("author", ["emil", "nobody", ""])
def test_nobody_writes_who_is_no_active_member(house: House, author: str) -> None:
    before = content(house.store)
    calls = list(house.calls())
    assert len(calls) > 60
    for name, call in calls:
        with pytest.raises(NotAMember):
            call(author)
        assert content(house.store) == before, name


def test_a_privacy_officer_handles_mail_and_corrects_contacts_and_does_nothing_else(house: House) -> None:
    admitted: set[str] = set()
    for name, call in house.calls():
        before = content(house.store)
        try:
            call("dora")
        except Refused:
            assert content(house.store) == before, name
        else:
            admitted.add(name)
    assert admitted == OF_PRIVACY_OFFICERS
