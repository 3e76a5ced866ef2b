"""The history of a record: everything in time order, notes and calls by whom and when, and whom they name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from app.domain.crm.calls import CallOutcome
from app.domain.crm.history import Event, HistoryLine
from app.domain.crm.history_words import told, word_for
from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import TaskInput
from app.domain.due import Due, DuePast
from app.domain.errors import BadInput, NotFound
from app.domain.leads.rules import ReadsOnly
from app.domain.mail.triage import Selection
from app.domain.team.members import Member, MemberRole
from app.language import in_english
from app.services import triage
from app.services.crm import history
from app.services.crm import records as crm
from app.services.crm.changing import change
from app.services.undo.undoing import undo
from app.store.database import Store
from app.store.team.members import put_member
from tests.store.build import add_folder, add_mail, add_mailbox
from tests.store.invariants import check

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)
#: A text that would turn a terminal red, clear it and name its window.
HOSTILE = "\x1b[31mrot\x1b[2J\x1b]0;Fenster\x07 \u202egnp.exe"


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    with store.write() as tx:
        put_member(tx, Member("anna", "Anna Berg", MemberRole.ADMIN), 0)
        put_member(tx, Member("bert", "Bert Meier"), 0)
        put_member(tx, Member("paula", "Paula Privat", MemberRole.PRIVACY), 0)
        put_member(tx, Member("gone", "Gustav Gone", active=False), 0)
    yield store
    check(store)


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def make(store: Store, kind: Kind, minutes: int = 0, **values: Any) -> int:
    return crm.create(store, kind, values, author="anna", now=at(minutes)).id


def note(
    store: Store, number: int, text: str, author: str = "anna", minutes: int = 1, kind: Kind = Kind.LEAD
) -> None:
    history.note(store, kind, number, text, author=author, now=at(minutes))


def read(store: Store, kind: Kind, number: int) -> list[HistoryLine]:
    """Newest first, as the page shows it."""
    return history.lines(store, kind, number, history.timeline(store, kind, number))


def shown(store: Store, kind: Kind, number: int) -> list[str]:
    with in_english():
        return [f"{word_for(line)} {line.name}: {told(line)}" for line in read(store, kind, number)]


def test_everything_about_a_lead_stands_in_time_order_with_who_did_it(store: Store) -> None:
    contact = make(store, Kind.CONTACT, last_name="Berger", company="Vogel")
    lead = make(store, Kind.LEAD, title="Pumpen", contact_id=contact)
    inbox = add_folder(store, add_mailbox(store))
    mail = add_mail(store, inbox, subject="Anfrage", date=int(at(2).timestamp()))
    triage.link(store, Selection(copies=(mail.id,)), Kind.LEAD, lead, author="anna", now=at(3))
    triage.comment(store, Selection(copies=(mail.id,)), "eilig", author="bert", now=at(4))
    change(store, Kind.LEAD, lead, {"value": "12.500", "due_on": "+3"}, author="bert", now=at(5))
    note(store, lead, "will Angebot", minutes=6)
    history.log_call(store, Kind.LEAD, lead, CallOutcome.REACHED, text="passt", author="bert", now=at(7))
    chance = make(store, Kind.OPPORTUNITY, 8, title="Rahmen 2027", stage="Angebot", lead_id=lead)
    note(store, chance, "Budget steht", "bert", 9, Kind.OPPORTUNITY)
    change(store, Kind.OPPORTUNITY, chance, {"probability": 60}, author="anna", now=at(10))
    lines = shown(store, Kind.LEAD, lead)
    assert lines[:4] == [
        "Note Bert Meier: Opportunity “Rahmen 2027”: Budget steht",
        "created Anna Berg: Opportunity “Rahmen 2027”",
        "Call Bert Meier: reached: passt",
        "Note Anna Berg: will Angebot",
    ]
    assert lines[4] == "changed Bert Meier: Value: 12,500 €; Due: 2026-11-24"
    assert lines[5] == "Comment Bert Meier: eilig"
    assert lines[6].startswith("E-mail ")
    assert lines[6].endswith(": Anfrage")
    assert lines[7:] == ["created Anna Berg: "]
    times = [line.at for line in read(store, Kind.LEAD, lead)]
    assert times == sorted(times, reverse=True)


def test_a_contact_tells_of_its_leads_their_opportunities_and_the_mails_of_all_once(store: Store) -> None:
    contact = make(store, Kind.CONTACT, last_name="Berger")
    lead = make(store, Kind.LEAD, 1, title="Pumpen", contact_id=contact)
    chance = make(store, Kind.OPPORTUNITY, 2, title="Rahmen", stage="Angebot", lead_id=lead)
    make(store, Kind.LEAD, 3, title="Fremd")
    mail = add_mail(
        store, add_folder(store, add_mailbox(store)), subject="Anfrage", date=int(at(4).timestamp())
    )
    for kind, number in ((Kind.CONTACT, contact), (Kind.LEAD, lead), (Kind.OPPORTUNITY, chance)):
        triage.link(store, Selection(copies=(mail.id,)), kind, number, author="anna", now=at(5))
    lines = shown(store, Kind.CONTACT, contact)
    assert [line.partition(": ")[2] for line in lines] == [
        "Anfrage",
        "Opportunity “Rahmen”",
        "Lead “Pumpen”",
        "",
    ]


def test_a_change_names_members_and_records_and_what_was_there_before(store: Store) -> None:
    first, second = (make(store, Kind.CONTACT, last_name=name) for name in ("Berger", "Süß"))
    lead = make(store, Kind.TASK, title="Anrufen", contact_id=first)
    change(store, Kind.TASK, lead, {"contact_id": second, "assignee": "bert"}, author="anna", now=at(1))
    assert shown(store, Kind.TASK, lead)[0] == (
        "changed Anna Berg: Contact: Süß (was Berger); Assignee: Bert Meier (was Anna Berg)"
    )


def test_thousands_of_lines_are_listed_at_once_and_read_by_the_screenful(store: Store) -> None:
    lead = make(store, Kind.LEAD, title="Pumpen")
    with store.write() as tx:
        tx.run_many(
            "INSERT INTO history_entry (kind, record_id, at, author, event, text) VALUES ('lead', ?, ?, 'anna', 'note', ?)",
            [(lead, int(NOW.timestamp()) + n, "x" * 700 + str(n)) for n in range(1, 5001)],
        )
    keys = history.timeline(store, Kind.LEAD, lead)
    assert len(keys) == 5001
    page = history.lines(store, Kind.LEAD, lead, keys[100:150])
    assert [line.key for line in page] == keys[100:150]
    assert all(line.is_cut and len(line.text) < 700 for line in page)
    assert history.whole_line(store, Kind.LEAD, lead, keys[100]).text.endswith("x4900")


def test_a_long_note_with_escape_sequences_is_kept_and_harmless(store: Store) -> None:
    lead = make(store, Kind.LEAD, title="Pumpen")
    text = f"Erste Zeile\n{HOSTILE}\n" + "ä" * 10_000
    note(store, lead, text)
    line = history.whole_line(store, Kind.LEAD, lead, history.timeline(store, Kind.LEAD, lead)[0])
    assert line.text.endswith("ä" * 10_000)
    assert line.text.startswith("Erste Zeile\n")
    assert "rot" in line.text
    assert not {"\x1b", "\x07", "\u202e"} & set(line.text)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 50_001], ids=["empty", "blank", "endless"])
def test_a_note_says_something_and_comes_to_an_end(store: Store, text: str) -> None:
    lead = make(store, Kind.LEAD, title="Pumpen")
    with pytest.raises(BadInput, match="50000"):
        note(store, lead, text)
    assert len(history.timeline(store, Kind.LEAD, lead)) == 1


def test_only_those_who_work_write_and_only_about_what_is_there(store: Store) -> None:
    lead = make(store, Kind.LEAD, title="Pumpen")
    with pytest.raises(ReadsOnly):
        note(store, lead, "x", "paula")
    with pytest.raises(NotFound):
        note(store, 99, "x")
    with pytest.raises(NotFound):
        history.log_call(store, Kind.TASK, 99, CallOutcome.REACHED, author="anna", now=NOW)


def test_a_call_again_makes_a_follow_up_of_the_one_who_called(store: Store) -> None:
    contact = make(store, Kind.CONTACT, last_name="Berger")
    lead = make(store, Kind.LEAD, title="Pumpen", contact_id=contact)
    due = Due(date(2026, 11, 24), time(14, 30))
    task = history.log_call(
        store,
        Kind.LEAD,
        lead,
        CallOutcome.CALL_AGAIN,
        text="im Haus unterwegs",
        again=due,
        author="bert",
        now=at(1),
    )
    assert task is not None
    data = crm.show(store, Kind.TASK, task).data
    assert isinstance(data, TaskInput)
    assert (data.kind, data.due_on, data.remind_at) == ("follow_up", due.day, due.remind_at)
    assert (data.lead_id, data.contact_id, data.assignee) == (lead, contact, "bert")
    assert "Pumpen" in data.title
    assert shown(store, Kind.LEAD, lead)[0] == (
        "Call Bert Meier: call again, again 24.11.2026 14:30: im Haus unterwegs"
    )


def test_a_call_again_in_the_past_is_refused_and_nothing_is_noted(store: Store) -> None:
    lead = make(store, Kind.LEAD, title="Pumpen")
    with pytest.raises(DuePast):
        history.log_call(
            store,
            Kind.LEAD,
            lead,
            CallOutcome.CALL_AGAIN,
            again=Due(date(2026, 11, 20)),
            author="bert",
            now=NOW,
        )
    assert [line.event for line in read(store, Kind.LEAD, lead)] == [Event.CREATED]
    assert store.read.value("SELECT count(*) FROM task") == 0


def mentions(store: Store) -> list[tuple[Any, ...]]:
    return store.read.rows("SELECT login, author, kind, record_id FROM mention ORDER BY id")


def test_whom_a_note_or_a_call_names_is_written_down_if_they_work_here(store: Store) -> None:
    lead = make(store, Kind.LEAD, title="Pumpen")
    note(store, lead, "@bert und @gone und @niemand: bitte anrufen, an info@bert.example")
    history.log_call(store, Kind.LEAD, lead, CallOutcome.REACHED, text="frag @anna", author="bert", now=NOW)
    assert mentions(store) == [("bert", "anna", "lead", lead), ("anna", "bert", "lead", lead)]


def test_a_comment_on_a_mail_mentions_too_until_it_is_taken_back(store: Store) -> None:
    inbox = add_folder(store, add_mailbox(store))
    one, two = (add_mail(store, inbox, subject=subject) for subject in ("A", "B"))
    mails = Selection(copies=(one.id, two.id))
    triage.comment(store, mails, "@bert übernimmst du?", author="anna", now=NOW)
    assert sorted(mentions(store)) == sorted(
        [("bert", "anna", "mail", one.message), ("bert", "anna", "mail", two.message)]
    )
    undo(store, author="anna", now=at(1))
    assert mentions(store) == []


def test_lines_are_printed_for_scripts(store: Store) -> None:
    lead = make(store, Kind.LEAD, title="Pumpen")
    note(store, lead, "will Angebot", "bert")
    first, second = (history.history_json(line) for line in history.history(store, Kind.LEAD, lead))
    assert (first["event"], first["author"]) == ("created", "anna")
    assert (second["event"], second["author"], second["text"]) == ("note", "bert", "will Angebot")
    assert second["at"] == "2026-11-21T09:42:00Z"
