"""Opportunities are made, changed, moved, passed on, decided and reopened, each step with its entry in the history."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from app.domain.crm.kinds import Kind
from app.domain.crm.reasons import UnknownReason
from app.domain.due import DuePast
from app.domain.errors import BadInput, NotFound, PostkorbError, Refused
from app.domain.leads.rules import ReasonNeedsText
from app.domain.opportunities.rules import MovedMeanwhile
from app.domain.opportunities.stages import Outcome
from app.domain.team.members import NotAMember
from app.services.crm import records as crm
from app.services.crm.changing import ChangedMeanwhile
from app.services.opportunities import lists, making, stages, working
from app.store.database import Store
from tests.services.opportunities.chances import NOW, add_chance, add_team, entries
from tests.store.invariants import check
from tests.store.leads import add_contact, add_lead


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    add_team(store)
    yield store
    check(store)


def test_a_new_one_is_its_authors_and_begins_at_the_first_stage(store: Store) -> None:
    contact, lead = add_contact(store, "Silke", "Berger", "Vogel"), add_lead(store, "Vogel 2027")
    made = add_chance(
        store, contact_id=contact, lead_id=lead, value="12.500,50", expected_on="2027-01", note="eilt"
    )
    assert (made.stage, made.probability, made.assignee, made.assignee_name) == (
        *("Qualifiziert", 25, "anna"),
        "Anna Berg",
    )
    assert (made.value, made.weighted, made.expected_on) == (1_250_050, 312_513, date(2027, 1, 31))
    assert made.contact is not None
    assert made.lead is not None
    assert (made.contact.title, made.lead.title, made.note) == ("Silke Berger, Vogel", "Vogel 2027", "eilt")
    assert entries(store, made.id) == [("created", "anna", "")]


def test_what_was_said_of_a_new_one_counts(store: Store) -> None:
    made = add_chance(store, stage="angebot", probability="80", assignee="emil")
    assert (made.stage, made.probability, made.assignee) == ("Angebot", 80, "emil")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"title": " "}, BadInput),
        ({"stage": "Quark"}, BadInput),
        ({"stage": "Gewonnen"}, BadInput),
        ({"value": "-1"}, BadInput),
        ({"probability": "101"}, BadInput),
        ({"expected_on": "21.11.2026"}, DuePast),
        ({"assignee": "niemand"}, Refused),
        ({"assignee": "cem"}, Refused),
        ({"assignee": "dora"}, Refused),
        ({"contact_id": 99}, NotFound),
        ({"lead_id": 99}, NotFound),
    ],
)
def test_what_cannot_be_used_makes_nothing(
    store: Store, values: dict[str, Any], error: type[PostkorbError]
) -> None:
    with pytest.raises(error):
        add_chance(store, **values)
    assert store.read.value("SELECT count(*) FROM opportunity") == 0
    assert store.read.value("SELECT count(*) FROM history_entry") == 0


def test_it_is_changed_and_the_history_tells_what_was_and_what_is(store: Store) -> None:
    made = add_chance(store, value="100")
    changed = making.change(store, made.id, {"value": "250", "title": "Ventile"}, author="anna", now=NOW)
    assert (changed.value, changed.title) == (25_000, "Ventile")
    assert changed.changed_at > made.changed_at
    sql = "SELECT details FROM history_entry WHERE event = 'changed'"
    assert store.read.rows(sql) == [('{"title": ["Pumpen", "Ventile"], "value": [10000, 25000]}',)]


def test_a_change_that_changes_nothing_leaves_no_trace(store: Store) -> None:
    made = add_chance(store, value="100")
    assert making.change(store, made.id, {"value": "100,00 €"}, author="anna", now=NOW) == made
    assert len(entries(store, made.id)) == 1


def test_two_who_change_the_same_field_are_told_and_different_ones_go_together(store: Store) -> None:
    made = add_chance(store, value="100")
    seen = crm.show(store, Kind.OPPORTUNITY, made.id)
    making.change(store, made.id, {"value": "200"}, author="ben", now=NOW + timedelta(minutes=1))
    later = {"author": "anna", "now": NOW + timedelta(minutes=2), "based_on": seen}
    with pytest.raises(ChangedMeanwhile):
        making.change(store, made.id, {"value": "300"}, **later)
    after = making.change(store, made.id, {"title": "Ventile"}, **later)
    assert (after.value, after.title) == (20_000, "Ventile")


def test_it_moves_to_another_stage_and_gets_its_probability(store: Store) -> None:
    made = add_chance(store)
    moved = working.move(store, made.id, "verhandlung", author="anna", now=NOW, seen="Qualifiziert")
    assert (moved.stage, moved.probability, moved.outcome) == ("Verhandlung", 75, Outcome.OPEN)
    assert entries(store, made.id)[1:] == [("stage", "anna", "")]
    for stage in ("Verhandlung", "Verloren"):
        with pytest.raises(Refused):
            working.move(store, made.id, stage, author="anna", now=NOW)
    with pytest.raises(BadInput):
        working.move(store, made.id, "Quark", author="anna", now=NOW)


def test_moved_to_a_stage_that_means_won_it_is_won(store: Store) -> None:
    made = add_chance(store)
    won = working.move(store, made.id, "Gewonnen", author="anna", now=NOW)
    assert (won.outcome, won.probability, won.closed_at) == (Outcome.WON, 100, NOW.replace(microsecond=0))
    assert [event for event, _author, _text in entries(store, made.id)] == ["created", "won"]


def test_it_is_won_and_reopened_where_it_was(store: Store) -> None:
    made = add_chance(store, stage="Verhandlung", value="100")
    won = working.win(store, made.id, author="anna", now=NOW)
    assert (won.stage, won.outcome, won.weighted) == ("Gewonnen", Outcome.WON, 10_000)
    open_again = working.reopen(store, made.id, author="anna", now=NOW + timedelta(days=1))
    assert (open_again.stage, open_again.probability, open_again.closed_at) == ("Verhandlung", 75, None)
    assert [event for event, _author, _text in entries(store, made.id)] == ["created", "won", "reopened"]


def test_that_of_somebody_who_has_left_goes_to_whoever_reopens_it(store: Store) -> None:
    made = add_chance(store)
    working.win(store, made.id, author="anna", now=NOW)
    with store.write() as tx:
        tx.run("UPDATE member SET active = 0 WHERE login = 'anna'")
    again = working.reopen(store, made.id, author="ben", now=NOW)
    assert (again.stage, again.assignee) == ("Qualifiziert", "ben")
    details = store.read.value("SELECT details FROM history_entry WHERE event = 'reopened'")
    assert json.loads(details)["assignee"] == ["anna", "ben"]


def test_it_is_lost_with_a_reason_that_reopening_takes_away(store: Store) -> None:
    made = add_chance(store, value="100")
    lost = working.lose(store, made.id, "other", text="zu weit weg", author="anna", now=NOW)
    assert (lost.outcome, lost.probability, lost.weighted) == (Outcome.LOST, 0, 0)
    assert lists.opportunity_json(lost)["reason"] == "other: zu weit weg"
    assert entries(store, made.id)[1:] == [("lost", "anna", "zu weit weg")]
    again = working.reopen(store, made.id, author="anna", now=NOW)
    assert (again.stage, again.reason, again.reason_text) == ("Qualifiziert", "", "")


def test_a_loss_without_a_reason_that_says_why_is_none(store: Store) -> None:
    made = add_chance(store)
    with pytest.raises(UnknownReason):
        working.lose(store, made.id, "quark", author="anna", now=NOW)
    with pytest.raises(ReasonNeedsText):
        working.lose(store, made.id, "other", author="anna", now=NOW)
    assert lists.show(store, made.id) == made


def test_reopened_when_its_stage_is_no_longer_used_it_begins_at_the_first(store: Store) -> None:
    made = add_chance(store, stage="Angebot")
    working.win(store, made.id, author="anna", now=NOW)
    stages.set_active(store, "Angebot", False, author="ben", now=NOW)
    assert working.reopen(store, made.id, author="anna", now=NOW).stage == "Qualifiziert"


def test_it_is_passed_on_with_a_note(store: Store) -> None:
    made = add_chance(store)
    given = working.pass_on(store, made.id, "emil", note="bitte anrufen\x1b[2J", author="anna", now=NOW)
    assert (given.assignee, given.assignee_name) == ("emil", "Emil Voss")
    ((_event, _author, text),) = entries(store, made.id)[1:]
    assert text.startswith("bitte anrufen")
    assert "\x1b" not in text
    with pytest.raises(Refused):
        working.pass_on(store, made.id, "anna", author="anna", now=NOW)
    for to in ("emil", "niemand", "cem", "dora"):
        with pytest.raises(Refused):
            working.pass_on(store, made.id, to, author="emil", now=NOW)


def mentions(store: Store) -> list[tuple[str, str, str, int]]:
    """Who is told what, by whom, about which opportunity."""
    sql = "SELECT login, text, author, record_id FROM mention WHERE kind = 'opportunity' ORDER BY id"
    return [(row[0], row[1], row[2], row[3]) for row in store.read.rows(sql)]


def test_whoever_gets_it_is_told_with_the_note_if_there_is_one(store: Store) -> None:
    one, two = add_chance(store), add_chance(store)
    working.pass_on(store, one.id, "emil", note="@ben weiß mehr, @emil", author="anna", now=NOW)
    working.pass_on(store, two.id, "emil", author="anna", now=NOW)
    assert mentions(store) == [
        ("emil", "@ben weiß mehr, @emil", "anna", one.id),
        ("ben", "@ben weiß mehr, @emil", "anna", one.id),
        ("emil", "An Sie weitergegeben", "anna", two.id),
    ]


def test_who_takes_it_is_not_told_and_a_refused_step_tells_nobody(store: Store) -> None:
    made = add_chance(store)
    working.pass_on(store, made.id, "emil", author="anna", now=NOW)
    with pytest.raises(Refused):
        working.pass_on(store, made.id, "niemand", note="@ben", author="emil", now=NOW)
    working.pass_on(store, made.id, "ben", author="ben", now=NOW)
    assert [login for login, *_rest in mentions(store)] == ["emil"]


STEPS: dict[str, Callable[..., Any]] = {
    "change": lambda store, number, **who: making.change(store, number, {"title": "B"}, **who),
    "move": lambda store, number, **who: working.move(store, number, "Angebot", **who),
    "win": lambda store, number, **who: working.win(store, number, **who),
    "lose": lambda store, number, **who: working.lose(store, number, "competitor", **who),
    "pass on": lambda store, number, **who: working.pass_on(store, number, "ben", **who),
    "reopen": lambda store, number, **who: working.reopen(store, number, **who),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("author", ["emil", "cem", "dora", "niemand"])
def test_who_may_not_do_it_changes_nothing(store: Store, step: str, author: str) -> None:
    made = add_chance(store)
    if step == "reopen":
        made = working.win(store, made.id, author="anna", now=NOW)
    before = entries(store, made.id)
    with pytest.raises((Refused, NotAMember)):
        STEPS[step](store, made.id, author=author, now=NOW)
    assert (lists.show(store, made.id), entries(store, made.id)) == (made, before)


@pytest.mark.parametrize("step", STEPS)
def test_what_is_gone_is_told(store: Store, step: str) -> None:
    with pytest.raises(NotFound):
        STEPS[step](store, 99, author="ben", now=NOW)


def test_the_second_of_two_desks_is_told_who_was_faster(store: Store) -> None:
    made = add_chance(store, assignee="emil")
    working.move(store, made.id, "Angebot", author="emil", now=NOW, seen="Qualifiziert")
    for late in (
        lambda: working.move(store, made.id, "Verhandlung", author="ben", now=NOW, seen="Qualifiziert"),
        lambda: working.win(store, made.id, author="ben", now=NOW, seen="Qualifiziert"),
        lambda: working.lose(store, made.id, "competitor", author="ben", now=NOW, seen="Qualifiziert"),
    ):
        with pytest.raises(MovedMeanwhile, match=r"Emil Voss.*Angebot"):
            late()
    working.pass_on(store, made.id, "anna", author="emil", now=NOW, seen="emil")
    with pytest.raises(MovedMeanwhile, match=r"Emil Voss.*Anna Berg"):
        working.pass_on(store, made.id, "ben", author="ben", now=NOW, seen="emil")
    assert lists.show(store, made.id).stage == "Angebot"


def test_of_many_desks_that_move_it_at_once_one_succeeds(store: Store) -> None:
    made = add_chance(store, assignee="ben")

    def try_to_move(stage: str) -> str:
        try:
            return working.move(store, made.id, stage, author="ben", now=NOW, seen="Qualifiziert").stage
        except MovedMeanwhile:
            return ""
        finally:
            store.leave()

    with ThreadPoolExecutor(4) as desks:
        told = list(desks.map(try_to_move, ["Angebot", "Verhandlung", "Gewonnen", "Angebot"]))
    assert [stage for stage in told if stage] == [lists.show(store, made.id).stage]
    assert len(entries(store, made.id)) == 2


def test_each_change_grows_the_version_whatever_the_clock_says(store: Store) -> None:
    made = add_chance(store)
    versions = [made.changed_at]
    for stage, now in (("Angebot", NOW), ("Verhandlung", NOW - timedelta(days=2)), ("Qualifiziert", NOW)):
        versions.append(working.move(store, made.id, stage, author="anna", now=now).changed_at)
    assert versions == sorted(set(versions))


@pytest.mark.parametrize(
    ("author", "values", "told"),
    [
        ("dora", {"stage": "Angebot"}, "Privacy officers"),
        ("anna", {"stage": "Gewonnen"}, "offenen Phase"),
        ("anna", {"stage": "quark"}, "Qualifiziert"),
        ("anna", {"stage": "Angebot", "assignee": "cem"}, "no longer active"),
    ],
)
def test_a_new_one_keeps_the_rules_wherever_it_is_made(
    store: Store, author: str, values: dict[str, str], told: str
) -> None:
    for make in (partial(making.create, store), partial(crm.create, store, Kind.OPPORTUNITY)):
        with pytest.raises((Refused, BadInput), match=told):
            make({"title": "Pumpen", **values}, author=author, now=NOW)
    assert store.read.value("SELECT count(*) FROM opportunity") == 0
