"""Leads are assigned, taken back and reopened, with their times and their history; refusals say why and leave the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.domain.leads.rules import InactiveAssignee, NoAssignee, NotFinished, ReadsOnly, UnknownAssignee
from app.domain.team.members import NotAMember
from app.services.leads import steps
from app.services.leads.working import assign, reopen, take_back
from app.store.database import Store
from tests.services.leads.team import AT, NOW, add_leads, broken_leads, furnish, history, standing
from tests.store.leads import add_lead


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    furnish(store)
    yield store
    assert broken_leads(store) == []


def test_a_rep_gives_new_leads_to_a_colleague(store: Store) -> None:
    ids = add_leads(store, 3)
    worked = assign(store, [ids[2], ids[0]], "ben", author="anna", now=NOW)
    assert (worked.done, worked.refused) == ((ids[2], ids[0]), ())
    assert [standing(store, lead) for lead in ids] == [("active", "ben"), ("new", ""), ("active", "ben")]
    assert history(store, ids[0]) == [("assigned", "anna", "", {"assignee": ["", "ben"]})]
    assert store.read.value("SELECT activated_at FROM lead WHERE id = ?", (ids[0],)) == AT


def test_each_step_is_a_later_version_of_the_lead(store: Store) -> None:
    lead = add_lead(store, changed_at=AT + 100)
    versions = []
    for login in ("anna", "ben", "anna"):
        assign(store, [lead], login, author="cleo", now=NOW)
        versions.append(store.read.value("SELECT changed_at FROM lead WHERE id = ?", (lead,)))
    assert versions == [AT + 101, AT + 102, AT + 103]


def test_a_lead_named_twice_is_assigned_once(store: Store) -> None:
    lead = add_lead(store)
    assert assign(store, [lead, lead], "ben", author="anna", now=NOW).done == (lead,)
    assert len(history(store, lead)) == 1


def test_what_is_refused_says_why_and_the_others_are_done(store: Store) -> None:
    new, own = add_lead(store), add_lead(store, assignee="anna")
    colleagues, done = add_lead(store, assignee="ben"), add_lead(store, assignee="anna", result="success")
    with store.write() as tx:
        tx.run("INSERT INTO opportunity (title, lead_id) VALUES ('Pumpen', ?)", (done,))
    worked = assign(store, [new, own, colleagues, done, 99], "anna", author="anna", now=NOW)
    assert worked.done == (new,)
    assert [(refused.id, refused.reason) for refused in worked.refused] == [
        (own, "Anna Berg (anna) has it already."),
        (colleagues, "Only Ben Kurz (ben), who has it, or an admin may do that."),
        (done, "It is finished; reopen it first."),
        (99, "There is no such lead: 99"),
    ]
    assert [standing(store, lead)[1] for lead in (own, colleagues, done)] == ["anna", "ben", "anna"]


@pytest.mark.parametrize(
    ("to", "refused"), [("nobody", UnknownAssignee), ("emil", InactiveAssignee), ("dora", NoAssignee)]
)
def test_who_can_have_no_leads_is_told_at_once_and_nothing_is_done(
    store: Store, to: str, refused: type[Exception]
) -> None:
    lead = add_lead(store)
    for ids in ([lead], []):
        with pytest.raises(refused):
            assign(store, ids, to, author="cleo", now=NOW)
    assert standing(store, lead) == ("new", "")


@pytest.mark.parametrize(
    ("author", "refused"), [("nobody", NotAMember), ("emil", NotAMember), ("dora", ReadsOnly)]
)
def test_who_may_not_work_on_leads_is_told_at_once(
    store: Store, author: str, refused: type[Exception]
) -> None:
    lead = add_lead(store, assignee="anna")
    for step in (
        lambda: assign(store, [lead], "ben", author=author, now=NOW),
        lambda: take_back(store, [lead], author=author, now=NOW),
        lambda: reopen(store, lead, author=author, now=NOW),
    ):
        with pytest.raises(refused):
            step()
    assert history(store, lead) == []


def test_whoever_looked_earlier_is_told_who_was_faster(store: Store) -> None:
    lead = add_lead(store)
    seen = {lead: ""}
    assert assign(store, [lead], "ben", author="anna", now=NOW, seen=seen).done == (lead,)
    late = assign(store, [lead], "anna", author="cleo", now=NOW, seen=seen)
    assert [refused.reason for refused in late.refused] == ["Ben Kurz (ben) has it already."]
    assert assign(store, [lead], "anna", author="cleo", now=NOW).done == (lead,)


def test_a_lead_that_is_taken_back_is_new_again(store: Store) -> None:
    own, colleagues, new = add_lead(store, assignee="anna"), add_lead(store, assignee="ben"), add_lead(store)
    worked = take_back(store, [own, colleagues, new], author="anna", now=NOW)
    assert worked.done == (own,)
    assert [refused.id for refused in worked.refused] == [colleagues, new]
    assert standing(store, own) == ("new", "")
    assert history(store, own) == [("taken back", "anna", "", {"assignee": ["anna", ""]})]


def test_a_finished_lead_is_worked_on_again_by_whoever_had_it(store: Store) -> None:
    lead = add_lead(store, assignee="anna", result="failure", reason="other", reason_text="zu weit")
    found = reopen(store, lead, author="anna", now=NOW)
    assert (found.assignee, found.reason, found.reason_text) == ("anna", "", "")
    assert standing(store, lead) == ("active", "anna")
    assert history(store, lead) == [("reopened", "anna", "", {"result": ["failure", ""]})]
    with pytest.raises(NotFinished):
        reopen(store, lead, author="anna", now=NOW)


def test_a_lead_of_somebody_who_has_left_is_new_when_it_is_reopened(store: Store) -> None:
    lead = add_lead(store, assignee="emil", result="failure", reason="competitor")
    reopen(store, lead, author="cleo", now=NOW)
    assert standing(store, lead) == ("new", "")
    assert history(store, lead)[0][3] == {"assignee": ["emil", ""], "result": ["failure", ""]}


def test_progress_counts_leads_that_are_dealt_with(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PORTION", 2)
    told: list[tuple[int, int]] = []
    ids = add_leads(store, 5)
    counted: list[int] = []

    def progress(done: int, of: int) -> None:
        told.append((done, of))
        counted.append(store.read.value("SELECT count(*) FROM lead WHERE state = 'active'"))

    assign(store, ids, "anna", author="anna", now=NOW, progress=progress)
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert counted == [2, 4, 5]


def test_who_is_dismissed_halfway_is_told_for_the_rest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PORTION", 2)
    ids = add_leads(store, 4)

    def dismiss(done: int, _of: int) -> None:
        if done == 2:
            with store.write() as tx:
                tx.run("UPDATE member SET active = 0 WHERE login = 'anna'")

    worked = assign(store, ids, "ben", author="anna", now=NOW + timedelta(days=1), progress=dismiss)
    assert worked.done == tuple(ids[:2])
    assert [refused.id for refused in worked.refused] == ids[2:]
    assert all("not in the team" in refused.reason for refused in worked.refused)
