"""Two records become one and two again; what hung on them is never lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from app.domain.crm.history_words import told as told_line
from app.domain.crm.history_words import word_for
from app.domain.crm.kinds import Kind
from app.domain.crm.merging import Side
from app.domain.errors import BadInput, NotFound, Refused
from app.domain.leads.rules import ReadsOnly
from app.domain.mail.triage import Selection
from app.domain.team.members import NotAMember
from app.services import triage
from app.services.crm import changing, merging
from app.services.crm import records as crm
from app.services.crm.history import history
from app.services.crm.merging import MergeNotFound, MergeRefused
from app.store import tables  # noqa: F401 - so that the metadata knows them
from app.store.database import Store
from tests.conftest import DIALECTS, OpenStore
from tests.store.build import NOON, add_folder, add_mail, add_mailbox, steps_of
from tests.store.invariants import check
from tests.store.leads import add_campaign, add_lead, add_member

NOW = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ANNA = {"author": "anna", "now": NOW}


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    add_member(store, "anna", "Anna Berg", "admin")
    add_member(store, "bert", "Bert Tal")
    yield store
    check(store)


def contact(store: Store, **values: Any) -> int:
    return crm.create(store, Kind.CONTACT, values, author="anna", now=NOW).id


def dump(store: Store, kind: Kind, survivor: int) -> dict[str, list[Any]]:
    """All that is in the store but what a merge is expected to leave: its steps, what the history tells of it, a later
    version of the survivor, and numbers of rows that nobody refers to."""
    content: dict[str, list[Any]] = {}
    for name, table in SQLModel.metadata.tables.items():
        if name in ("merge_step", "undo_step", "store_version"):
            continue
        names = [column.name for column in table.columns]
        rows = [
            dict(zip(names, row, strict=True))
            for row in store.read.rows(f"SELECT {', '.join(names)} FROM {name}")
        ]
        if name == "history_entry":
            rows = [row for row in rows if row["event"] not in ("merged", "unmerged")]
        for row in rows:
            if name in ("contact_email", "contact_phone", "link"):
                del row["id"]
            if name == kind.value and row["id"] == survivor:
                del row["changed_at"]
        content[name] = sorted(map(repr, rows))
    return content


def test_all_that_hangs_on_a_contact_goes_with_it(store: Store) -> None:
    one = contact(store, last_name="Berger", emails="s@vogel.example", phones="0421 5550")
    two = contact(store, last_name="Berger", company="Vogel", emails="berger@vogel.example", traits="Messe")
    folder = add_folder(store, add_mailbox(store))
    both, alone = add_mail(store, folder), add_mail(store, folder)
    for record, mail in ((one, both), (two, both), (two, alone)):
        triage.link(store, Selection(copies=(mail.id,)), Kind.CONTACT, record, **ANNA)
    lead = add_lead(store, contact_id=two)
    done = merging.merge(store, Kind.CONTACT, one, two, **ANNA)
    assert done.row.id == one
    record = crm.show(store, Kind.CONTACT, one)
    data = record.data.model_dump()
    assert (data["company"], data["traits"]) == ("Vogel", ("Messe",))
    assert [each["value"] for each in data["emails"]] == ["s@vogel.example", "berger@vogel.example"]
    assert sorted(mail.id for mail in record.mails) == sorted([both.message, alone.message])
    assert store.read.value("SELECT contact_id FROM lead WHERE id = ?", (lead,)) == one
    with pytest.raises(NotFound):
        crm.show(store, Kind.CONTACT, two)
    assert [row.id for row in crm.find_records(store, "berger@vogel")] == [one, lead]


def test_the_history_of_both_is_that_of_the_survivor_and_tells_of_the_merge(store: Store) -> None:
    one, two = contact(store, last_name="Berger"), contact(store, last_name="Bergers", city="Bremen")
    merging.merge(store, Kind.CONTACT, one, two, author="bert", now=LATER)
    sql = "SELECT event, author, text, details FROM history_entry WHERE kind = 'contact' AND record_id = ? ORDER BY id"
    *created, (event, author, text, details) = store.read.rows(sql, (one,))
    assert [row[0] for row in created] == ["created", "created"]
    assert (event, author, text) == ("merged", "bert", "Bergers")
    told = json.loads(details)
    assert (told["city"], told["removed"]) == (["", "Bremen"], two)
    assert "created_at" not in told
    newest = history(store, Kind.CONTACT, one)[-1]
    assert (word_for(newest), told_line(newest)) == ("vereint", "Bergers; Ort: Bremen")


def test_the_history_of_a_lead_names_the_campaign_that_it_got(store: Store) -> None:
    one = add_lead(store, created_at=NOON)
    two = add_lead(store, "Pumpen", created_at=NOON - 9, campaign_id=add_campaign(store, "Messe"))
    step = merging.merge(store, Kind.LEAD, one, two, **ANNA).step
    assert told_line(history(store, Kind.LEAD, one)[-1]) == "Pumpen; Kampagne: Messe"
    merging.undo_merge(store, step, author="anna", now=LATER)
    newest = history(store, Kind.LEAD, one)[-1]
    assert (word_for(newest), told_line(newest)) == ("getrennt", "Pumpen; Kampagne: – (vorher Messe)")
    assert told_line(history(store, Kind.LEAD, two)[-1]) == "Anfrage"


def test_each_field_is_taken_from_whom_was_chosen(store: Store) -> None:
    one, two = contact(store, last_name="Berger", note="eins"), contact(store, last_name="Meier", note="zwei")
    choices = {"last_name": Side.OTHER, "note": Side.KEEP}
    row = merging.merge(store, Kind.CONTACT, one, two, choices, **ANNA).row
    assert row.title == "Meier"
    data = crm.show(store, Kind.CONTACT, one).data.model_dump()
    assert data["note"] == "eins"
    assert [found.id for found in crm.find_records(store, "meier")] == [one]
    assert crm.find_records(store, "berger") == []


def test_two_leads_become_one_with_the_tasks_and_the_opportunity_of_both(store: Store) -> None:
    person = contact(store, last_name="Berger")
    new = add_lead(store, "Pumpen", created_at=NOON - 9)
    campaign = add_campaign(store, "Messe")
    active = add_lead(store, "Pumpe", assignee="anna", contact_id=person, campaign_id=campaign, value=500)
    for title, lead in (("eins", new), ("zwei", active)):
        crm.create(store, Kind.TASK, {"title": title, "lead_id": lead}, **ANNA)
    row = merging.merge(store, Kind.LEAD, new, active, **ANNA).row
    assert (row.title, row.state) == ("Pumpen", "active")
    sql = "SELECT assignee, contact_id, campaign_id, value, created_at, activated_at FROM lead"
    assert store.read.rows(sql) == [("anna", person, campaign, 500, NOON - 9, NOON)]
    assert store.read.rows("SELECT DISTINCT lead_id FROM task") == [(new,)]


def test_what_was_changed_since_stays_and_is_named_when_a_merge_is_undone(store: Store) -> None:
    one = contact(store, last_name="Berger", emails="s@vogel.example")
    two = contact(store, last_name="Berger", company="Vogel", city="Bremen", emails="b@vogel.example")
    lead = add_lead(store, contact_id=two)
    step = merging.merge(store, Kind.CONTACT, one, two, **ANNA).step
    changing.change(store, Kind.CONTACT, one, {"company": "Vogel Pumpen"}, **ANNA)
    changing.change(store, Kind.LEAD, lead, {"contact_id": None}, **ANNA)
    undone = merging.undo_merge(store, step, author="anna", now=LATER)
    assert (undone.row.id, undone.survivor.id, undone.left) == (two, one, 1)
    assert [field.name for field in undone.stay] == ["company"]
    kept, back = (crm.show(store, Kind.CONTACT, number).data.model_dump() for number in (one, two))
    assert (kept["company"], kept["city"], len(kept["emails"])) == ("Vogel Pumpen", "", 1)
    assert (back["company"], back["city"], len(back["emails"])) == ("Vogel", "Bremen", 1)
    assert [row.id for row in crm.find_records(store, "pumpen")] == [one]


def test_what_came_since_stays_with_the_survivor(store: Store) -> None:
    one, two = contact(store, last_name="Berger"), contact(store, last_name="Meier")
    step = merging.merge(store, Kind.CONTACT, one, two, **ANNA).step
    lead = add_lead(store, contact_id=one)
    merging.undo_merge(store, step, **ANNA)
    assert store.read.value("SELECT contact_id FROM lead WHERE id = ?", (lead,)) == one


def test_a_merge_is_undone_once_and_the_last_one_first(store: Store) -> None:
    one, two, three = (contact(store, last_name=name) for name in ("Eins", "Zwei", "Drei"))
    first = merging.merge(store, Kind.CONTACT, two, three, **ANNA).step
    second = merging.merge(store, Kind.CONTACT, one, two, author="bert", now=NOW).step
    assert steps_of(store, "anna")[0].startswith("Zusammengeführt")
    assert merging.last_merge_into(store, Kind.CONTACT, one) == second
    with pytest.raises(MergeRefused, match="Eins"):
        merging.undo_merge(store, first, **ANNA)
    merging.undo_merge(store, second, **ANNA)
    merging.undo_merge(store, first, **ANNA)
    with pytest.raises(MergeRefused, match="already"):
        merging.undo_merge(store, first, **ANNA)
    assert not [title for title in steps_of(store, "anna") if title.startswith("Zusammengeführt")]
    with pytest.raises(MergeNotFound):
        merging.last_merge_into(store, Kind.CONTACT, two)
    assert [row.title for row in crm.list_records(store, Kind.CONTACT)] == ["Drei", "Eins", "Zwei"]


def test_a_lead_comes_back_to_the_contact_that_its_own_went_into(store: Store) -> None:
    one, two = contact(store, last_name="Eins"), contact(store, last_name="Zwei")
    kept, gone = add_lead(store, "bleibt"), add_lead(store, "geht", contact_id=two)
    step = merging.merge(store, Kind.LEAD, kept, gone, {"contact": Side.KEEP}, **ANNA).step
    merging.merge(store, Kind.CONTACT, one, two, **ANNA)
    merging.undo_merge(store, step, **ANNA)
    assert store.read.value("SELECT contact_id FROM lead WHERE id = ?", (gone,)) == one


@pytest.mark.parametrize("other", [0, 99])
def test_what_is_not_there_cannot_be_merged(store: Store, other: int) -> None:
    with pytest.raises(NotFound):
        merging.merge(store, Kind.CONTACT, contact(store, last_name="Berger"), other, **ANNA)


def test_a_record_cannot_go_into_itself_and_a_task_into_none(store: Store) -> None:
    one = contact(store, last_name="Berger")
    with pytest.raises(MergeRefused):
        merging.merge(store, Kind.CONTACT, one, one, **ANNA)
    with pytest.raises(BadInput):
        merging.merge(store, Kind.TASK, 1, 2, **ANNA)


def test_nobody_merges_what_somebody_else_has_changed_since_they_looked(store: Store) -> None:
    one, two = contact(store, last_name="Berger"), contact(store, last_name="Meier")
    seen = tuple(
        int(store.read.value("SELECT changed_at FROM contact WHERE id = ?", (number,)))
        for number in (one, two)
    )
    changing.change(store, Kind.CONTACT, two, {"company": "Vogel"}, **ANNA)
    with pytest.raises(MergeRefused):
        merging.merge(store, Kind.CONTACT, one, two, seen=(seen[0], seen[1]), **ANNA)
    assert len(crm.list_records(store, Kind.CONTACT)) == 2


def test_who_may_not_change_records_may_not_merge_them(store: Store) -> None:
    one, two = contact(store, last_name="Berger"), contact(store, last_name="Meier")
    add_member(store, "petra", role="privacy")
    for author, error in (("petra", ReadsOnly), ("niemand", NotAMember)):
        with pytest.raises(error):
            merging.merge(store, Kind.CONTACT, one, two, author=author, now=NOW)


def test_only_an_admin_merges_a_lead_that_a_colleague_has(store: Store) -> None:
    mine, hers = add_lead(store, assignee="bert"), add_lead(store, assignee="anna")
    with pytest.raises(Refused, match="anna"):
        merging.merge(store, Kind.LEAD, mine, hers, author="bert", now=NOW)
    step = merging.merge(store, Kind.LEAD, hers, mine, **ANNA).step
    with pytest.raises(Refused):
        merging.undo_merge(store, step, author="bert", now=NOW)


def test_a_lead_whose_assignee_has_left_meanwhile_comes_back_as_a_new_one(store: Store) -> None:
    hers, his = add_lead(store, assignee="anna"), add_lead(store, assignee="bert")
    step = merging.merge(store, Kind.LEAD, hers, his, **ANNA).step
    with store.write() as tx:
        tx.run("UPDATE member SET active = 0 WHERE login = 'bert'")
    merging.undo_merge(store, step, **ANNA)
    sql = "SELECT state, assignee, activated_at FROM lead WHERE id = ?"
    assert store.read.row(sql, (his,)) == ("new", "", None)


# -- undoing brings everything back

_names = st.sampled_from(["", "Berger", "Vogel"])
_contact = st.fixed_dictionaries(
    {
        "first_name": _names,
        "last_name": st.sampled_from(["Berger", "Müller"]),
        "company": _names,
        "customer_number": st.sampled_from(["", "10023"]),
        "city": st.sampled_from(["", "Bremen"]),
        "note": st.sampled_from(["", "eins", "zwei\nDrei"]),
        "emails": st.lists(
            st.sampled_from(["a@vogel.example", "b@vogel.example", "c@c.example"]), max_size=2
        ),
        "phones": st.lists(st.sampled_from(["0421 555", "0421 556"]), unique=True),
        "traits": st.lists(st.sampled_from(["Messe", "Brief"]), unique=True),
    }
)
_lead = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Pumpen", "Ventile"]),
        "assignee": st.sampled_from(["", "anna", "bert"]),
        "value": st.none() | st.integers(0, 5),
        "next_step": _names,
        "due_on": st.sampled_from(["", "2026-12-01"]),
        "note": st.sampled_from(["", "eins"]),
        "created_at": st.integers(NOON - 3, NOON),
        "result": st.sampled_from(["", "failure"]),
    }
)
#: Which of the two records each of some tasks, opportunities, mails, documents, entries and mentions belongs to.
_hanging = st.lists(st.sampled_from([(), (0,), (1,), (0, 1)]), min_size=3, max_size=3)


@pytest.fixture(params=DIALECTS, scope="module")
def furnished(request: pytest.FixtureRequest, open_store: OpenStore) -> Iterator[Store]:
    with open_store(request.param) as store:
        add_member(store, "anna", "Anna Berg", "admin")
        add_member(store, "bert", "Bert Tal")
        folder = add_folder(store, add_mailbox(store))
        for _ in range(3):
            add_mail(store, folder)
        yield store


def hang(store: Store, kind: Kind, records: tuple[int, int], hanging: list[tuple[int, ...]]) -> None:
    """Let mails, tasks, opportunities, documents and mentions hang on the records."""
    messages = [row[0] for row in store.read.rows("SELECT id FROM message ORDER BY id")]
    field = f"{kind.value}_id"
    for message, which in zip(messages, hanging, strict=True):
        for number in (records[each] for each in which):
            triage.link(store, Selection(messages=(message,)), kind, number, **ANNA)
            crm.create(store, Kind.TASK, {"title": "x", field: number}, **ANNA)
            chance = {"title": "x", "stage": "Angebot", field: number}
            crm.create(store, Kind.OPPORTUNITY, chance, **ANNA)
            with store.write() as tx:
                sql = "INSERT INTO document (kind, record_id, name, data) VALUES (?, ?, 'Angebot.pdf', ?)"
                tx.run(sql, (kind.value, number, b"%PDF"))
                tx.run(
                    "INSERT INTO mention (kind, record_id, login) VALUES (?, ?, 'bert')", (kind.value, number)
                )
                mailbox = tx.value("SELECT id FROM mailbox")
                sql = "INSERT INTO outbox (mailbox_id, subject) VALUES (?, 'x') RETURNING id"
                letter = tx.value(sql, (mailbox,))
                for each in which:
                    sql = "INSERT INTO outbox_link (outbox_id, kind, record_id) VALUES (?, ?, ?)"
                    tx.run(sql, (letter, kind.value, records[each]))


def clear(store: Store) -> None:
    with store.write() as tx:
        for table in (
            "link",
            "outbox",
            "task",
            "opportunity",
            "lead",
            "contact",
            "document",
            "history_entry",
        ):
            tx.run(f"DELETE FROM {table}")
        tx.run("UPDATE mail_copy SET unprocessed = 1")
        tx.run("DELETE FROM mention")
        tx.run("DELETE FROM undo_step")


def round_trip(store: Store, kind: Kind, records: tuple[int, int], choose: Callable[[Any], Any]) -> None:
    before = dump(store, kind, records[0])
    choices = choose(merging_choices(store, kind, records))
    step = merging.merge(store, kind, *records, choices, **ANNA).step
    check(store)
    merging.undo_merge(store, step, author="anna", now=LATER)
    assert dump(store, kind, records[0]) == before
    check(store)


def merging_choices(store: Store, kind: Kind, records: tuple[int, int]) -> list[Any]:
    from app.domain.crm.merging import differences
    from app.store.crm.merging import snapshot

    kept, other = (snapshot(store.read, kind, number) for number in records)
    assert kept is not None
    assert other is not None
    return differences(kind, kept[0], other[0])


@given(st.tuples(_contact, _contact), _hanging, st.data())
@settings(max_examples=10)
def test_merging_contacts_and_undoing_it_leaves_the_store_as_it_was(
    furnished: Store, contacts: Any, hanging: Any, data: st.DataObject
) -> None:
    clear(furnished)
    records = (contact(furnished, **contacts[0]), contact(furnished, **contacts[1]))
    hang(furnished, Kind.CONTACT, records, hanging)
    for number in records:
        add_lead(furnished, contact_id=number)
    round_trip(
        furnished,
        Kind.CONTACT,
        records,
        lambda found: {each.field.name: data.draw(st.sampled_from(each.sides)) for each in found},
    )


@given(st.tuples(_lead, _lead), _hanging, st.data())
@settings(max_examples=10)
def test_merging_leads_and_undoing_it_leaves_the_store_as_it_was(
    furnished: Store, leads: Any, hanging: Any, data: st.DataObject
) -> None:
    clear(furnished)
    person = contact(furnished, last_name="Berger")
    records = (add_lead(furnished, **leads[0]), add_lead(furnished, **leads[1], contact_id=person))
    hang(furnished, Kind.LEAD, records, hanging)
    round_trip(
        furnished,
        Kind.LEAD,
        records,
        lambda found: {each.field.name: data.draw(st.sampled_from(each.sides)) for each in found},
    )
