"""Changes are noted with what was there before, and two people who change one record lose nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.crm.kinds import Kind
from app.domain.team.members import Member, MemberRole, NotAMember
from app.services.crm import records as crm
from app.services.crm.changing import Changed, ChangedMeanwhile, change
from app.services.crm.checks import ContactKnown
from app.store.database import Store
from app.store.team.members import put_member
from tests.store.invariants import check

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)
NEW: dict[Kind, dict[str, Any]] = {
    Kind.CONTACT: {"last_name": "Berger", "note": "alt"},
    Kind.LEAD: {"title": "Pumpen", "note": "alt"},
    Kind.TASK: {"title": "Anrufen", "note": "alt"},
    Kind.OPPORTUNITY: {"title": "Rahmen", "stage": "Angebot"},
}
#: Of each kind two fields, each with a value to write.
FIELDS: dict[Kind, tuple[tuple[str, Any, Any], tuple[str, Any]]] = {
    Kind.CONTACT: (("note", "von anna", "von bert"), ("city", "Bremen")),
    Kind.LEAD: (("next_step", "von anna", "von bert"), ("note", "ruft zurück")),
    Kind.TASK: (("title", "von anna", "von bert"), ("note", "ruft zurück")),
    Kind.OPPORTUNITY: (("title", "von anna", "von bert"), ("probability", 40)),
}


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    with store.write() as tx:
        for login in ("anna", "bert"):
            put_member(tx, Member(login, login.title(), MemberRole.ADMIN), 0)  # for records of either
    yield store
    check(store)


def made(store: Store, kind: Kind) -> crm.Record:
    number = crm.create(store, kind, NEW[kind], author="anna", now=NOW).id
    return crm.show(store, kind, number)


def changed(store: Store, record: crm.Record, author: str, minutes: int = 0, **values: Any) -> Changed:
    now = NOW + timedelta(minutes=minutes)
    return change(store, record.row.kind, record.row.id, values, author=author, now=now, based_on=record)


def entries(store: Store, record: crm.Record) -> list[tuple[str, str, dict[str, Any]]]:
    rows = store.read.rows(
        "SELECT event, author, details FROM history_entry WHERE kind = ? AND record_id = ? ORDER BY at, id",
        (record.row.kind.value, record.row.id),
    )
    return [(event, author, json.loads(details) if details else {}) for event, author, details in rows]


@pytest.mark.parametrize("kind", Kind)
def test_what_a_change_changed_is_noted_with_what_was_there_before(store: Store, kind: Kind) -> None:
    record = made(store, kind)
    (name, first, _second), (other, value) = FIELDS[kind]
    changed(store, record, "bert", **{name: first, other: value})
    before = record.data.model_dump(mode="json")
    assert entries(store, record) == [
        ("created", "anna", {}),
        (
            "changed",
            "bert",
            {
                each: [before[each], new]
                for each, new in crm.show(store, kind, record.row.id).data.model_dump(mode="json").items()
                if each in (name, other)
            },
        ),
    ]


@pytest.mark.parametrize("kind", Kind)
def test_a_change_that_changes_nothing_leaves_no_trace(store: Store, kind: Kind) -> None:
    record = made(store, kind)
    changed(store, record, "bert", 5, **NEW[kind])
    assert len(entries(store, record)) == 1
    assert crm.show(store, kind, record.row.id).changed_at == record.changed_at


@pytest.mark.parametrize("kind", Kind)
def test_changes_of_different_fields_go_together_and_the_second_is_told(store: Store, kind: Kind) -> None:
    record = made(store, kind)
    (name, first, _second), (other, value) = FIELDS[kind]
    changed(store, record, "anna", **{name: first})
    answer = changed(store, record, "bert", 1, **{other: value})
    assert [(each.name, each.value) for each in answer.merged] == [(name, first)]
    assert answer.merged[0].by is not None
    assert answer.merged[0].by.author == "anna"
    data = crm.show(store, kind, record.row.id).data
    assert (getattr(data, name), getattr(data, other)) == (first, value)


@pytest.mark.parametrize("kind", Kind)
def test_the_second_of_two_who_change_one_field_sees_both_and_chooses(store: Store, kind: Kind) -> None:
    record = made(store, kind)
    (name, first, second), (other, value) = FIELDS[kind]
    changed(store, record, "anna", **{name: first})
    with pytest.raises(ChangedMeanwhile) as raised:
        changed(store, record, "bert", 1, **{name: second, other: value})
    (clash,) = raised.value.clashes
    assert (clash.name, clash.theirs, clash.mine) == (name, first, second)
    assert clash.by is not None
    assert (clash.by.author, clash.by.at >= NOW) == ("anna", True)
    as_it_stands = crm.show(store, kind, record.row.id)
    assert getattr(as_it_stands.data, name) == first
    changed(store, raised.value.record, "bert", 1, **{name: second, other: value})
    assert getattr(crm.show(store, kind, record.row.id).data, name) == second
    assert [(author, fields.get(name)) for _event, author, fields in entries(store, record)][-1] == (
        "bert",
        [first, second],
    )


def test_both_typing_the_same_is_no_clash(store: Store) -> None:
    record = made(store, Kind.LEAD)
    changed(store, record, "anna", value="1.000")
    answer = changed(store, record, "bert", 1, value="1000,00")
    assert answer.merged == ()
    assert [event for event, *_rest in entries(store, record)] == ["created", "changed"]


def test_only_members_change_records(store: Store) -> None:
    record = made(store, Kind.LEAD)
    with pytest.raises(NotAMember):
        changed(store, record, "carl", value="1.000")
    with pytest.raises(NotAMember):
        crm.create(store, Kind.LEAD, {"title": "Rohre"}, author="carl", now=NOW)
    assert store.read.value("SELECT count(*) FROM lead") == 1


def test_a_new_address_that_another_contact_has_is_asked_about_and_an_old_one_is_not(store: Store) -> None:
    values = {"last_name": "Berger", "emails": "berger@vogel.example"}
    other = crm.create(store, Kind.CONTACT, values, author="anna", now=NOW)
    record = made(store, Kind.CONTACT)

    def give(emails: str, beside: tuple[int, ...]) -> None:
        change(store, Kind.CONTACT, record.row.id, {"emails": emails}, author="anna", now=NOW, beside=beside)

    with pytest.raises(ContactKnown) as raised:
        give("neu@vogel.example, Berger@vogel.example", ())
    assert [row.id for row in raised.value.known] == [other.id]
    assert crm.show(store, Kind.CONTACT, record.row.id).changed_at == record.changed_at
    give("berger@vogel.example", (other.id,))
    give("berger@vogel.example, zweite@vogel.example", ())
