"""A step leaves alone what somebody else has worked with since, even if it stands again as the step left it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from app.domain.crm.agenda import EntryKind
from app.domain.crm.kinds import Kind
from app.domain.due import Due
from app.domain.undo import Done
from app.language import use_language
from app.services.crm import history as notes
from app.services.crm import merging
from app.services.crm.changing import change
from app.services.crm.records import create, show
from app.services.leads.working import assign
from app.services.opportunities import making, working
from app.services.opportunities.finding import found_opportunity
from app.services.opportunities.stages import set_active
from app.services.tasks import steps as tasks
from app.services.undo.undoing import undo
from app.store.database import Store
from tests.services.leads.team import NOW, add_leads, furnish, standing
from tests.store.invariants import check
from tests.store.leads import add_lead

STAYS = "(1 was changed since and stays)"


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    use_language("en")
    furnish(store)
    yield store
    check(store)
    use_language("de")


def back(store: Store, author: str = "anna") -> Done:
    return undo(store, author=author, now=NOW + timedelta(days=9))


def note(store: Store, kind: Kind, number: int) -> None:
    notes.note(store, kind, number, "ruft an", author="ben", now=NOW)


def task(store: Store, kind: Kind, number: int) -> None:
    values = {"title": "Angebot", f"{kind.value}_id": number}
    create(store, Kind.TASK, values, author="ben", now=NOW)


def field(store: Store, kind: Kind, number: int) -> None:
    change(store, kind, number, {"note": "eilt"}, author="ben", now=NOW)


@pytest.mark.parametrize("work", [note, task, field])
def test_a_lead_stays_with_whoever_worked_with_it_since(
    store: Store, work: Callable[[Store, Kind, int], None]
) -> None:
    worked, rest = leads = add_leads(store, 2, assignee="anna")
    assign(store, leads, "ben", author="anna", now=NOW)
    work(store, Kind.LEAD, worked)
    assert back(store).text == f"Undone: 2 leads go to Ben Kurz {STAYS}"
    assert [standing(store, lead)[1] for lead in (worked, rest)] == ["ben", "anna"]


@pytest.mark.parametrize("work", [note, task, field])
def test_an_opportunity_stays_with_whoever_worked_with_it_since(
    store: Store, work: Callable[[Store, Kind, int], None]
) -> None:
    chance = making.create(store, {"title": "Pumpen"}, author="anna", now=NOW).id
    working.pass_on(store, chance, "ben", author="anna", now=NOW)
    work(store, Kind.OPPORTUNITY, chance)
    assert back(store).text == f"Not undone: “Pumpen” passed on to Ben Kurz {STAYS}"
    assert found_opportunity(store.read, chance).assignee == "ben"


def test_what_others_did_with_a_lead_before_the_step_does_not_hold_it_back(store: Store) -> None:
    lead = add_lead(store, "Pumpen", assignee="anna")
    note(store, Kind.LEAD, lead)
    field(store, Kind.LEAD, lead)
    assign(store, [lead], "ben", author="anna", now=NOW)
    notes.note(store, Kind.LEAD, lead, "für Ben", author="anna", now=NOW + timedelta(hours=1))
    back(store)
    assert back(store).left_out == 0
    assert standing(store, lead) == ("active", "anna")


def test_that_another_lead_came_out_of_it_again_is_no_work_with_a_lead(store: Store) -> None:
    kept, lead = add_leads(store, 2, assignee="anna")
    assign(store, [lead], "ben", author="anna", now=NOW)
    step = merging.merge(store, Kind.LEAD, kept, lead, author="cleo", now=NOW).step
    merging.undo_merge(store, step, author="cleo", now=NOW)
    assert back(store).left_out == 0
    assert standing(store, lead) == ("active", "anna")


def test_a_task_that_a_colleague_finished_and_opened_again_stays_theirs(store: Store) -> None:
    made = create(store, Kind.TASK, {"title": "Anrufen", "assignee": "anna"}, author="anna", now=NOW).id
    tasks.pass_on(store, EntryKind.TASK, made, "ben", author="anna", now=NOW)
    tasks.finish(store, EntryKind.TASK, made, author="ben", now=NOW)
    tasks.reopen(store, EntryKind.TASK, made, author="ben", now=NOW)
    assert back(store).text == f"Not undone: “Anrufen” passed on to Ben Kurz {STAYS}"
    assert store.read.row("SELECT state, assignee FROM task") == ("open", "ben")


def test_a_lead_that_was_given_away_since_keeps_its_day(store: Store) -> None:
    lead = add_lead(store, "Pumpen", assignee="anna")
    tasks.postpone(store, EntryKind.LEAD, lead, Due(date(2026, 11, 26)), author="anna", now=NOW)
    assign(store, [lead], "ben", author="cleo", now=NOW)
    assert back(store).count == 0
    assert store.read.value("SELECT due_on FROM lead") == "2026-11-26"


def test_a_field_that_a_colleague_wrote_back_stays_and_the_others_come_back(store: Store) -> None:
    lead = create(store, Kind.LEAD, {"title": "Pumpen"}, author="anna", now=NOW).id
    change(store, Kind.LEAD, lead, {"note": "x", "next_step": "anrufen"}, author="anna", now=NOW)
    for text in ("y", "x"):
        change(store, Kind.LEAD, lead, {"note": text}, author="ben", now=NOW)
    assert back(store).text == f"Undone: “Pumpen” changed {STAYS}"
    assert store.read.row("SELECT note, next_step FROM lead") == ("x", "")


# -- what the verbs would refuse


def test_an_opportunity_comes_back_to_no_stage_that_is_used_no_more(store: Store) -> None:
    chance = making.create(store, {"title": "Pumpen"}, author="anna", now=NOW).id
    working.move(store, chance, "Angebot", author="anna", now=NOW)
    set_active(store, "Qualifiziert", False, author="cleo", now=NOW)
    why = "(The stage “Qualifiziert” is no longer used as it was.)"
    assert back(store).text == f"Not undone: “Pumpen” moved to “Angebot” {why}"
    assert found_opportunity(store.read, chance).stage == "Angebot"


def test_a_contact_gets_no_address_back_that_another_one_has_by_now(store: Store) -> None:
    one = create(
        store, Kind.CONTACT, {"last_name": "Berger", "emails": "s@vogel.example"}, author="anna", now=NOW
    )
    values = {"emails": "t@vogel.example", "company": "Vogel"}
    change(store, Kind.CONTACT, one.id, values, author="anna", now=NOW)
    create(store, Kind.CONTACT, {"last_name": "Abel", "emails": "S@vogel.example"}, author="ben", now=NOW)
    done = back(store)
    assert done.text == "Undone: “Berger, Vogel” changed (“Abel” has the address by now)"
    assert (done.count, done.left_out) == (1, 1)
    contact = show(store, Kind.CONTACT, one.id).data.model_dump()
    assert (contact["company"], [each["value"] for each in contact["emails"]]) == ("", ["t@vogel.example"])


def test_nothing_comes_back_to_whoever_is_given_no_work_and_it_is_said_why(store: Store) -> None:
    lead = add_lead(store, "Pumpen", assignee="ben")
    made = create(store, Kind.TASK, {"title": "Anrufen", "assignee": "ben"}, author="cleo", now=NOW).id
    assign(store, [lead], "anna", author="cleo", now=NOW)
    tasks.pass_on(store, EntryKind.TASK, made, "anna", author="cleo", now=NOW)
    with store.write() as tx:
        tx.run("UPDATE member SET active = 0 WHERE login = 'ben'")
    why = "(Ben Kurz (ben) is no longer active.)"
    assert back(store, "cleo").text == f"Not undone: “Anrufen” passed on to Anna Berg {why}"
    assert back(store, "cleo").text == f"Not undone: “Pumpen” passed on to Anna Berg {why}"
