"""Steps on opportunities are taken back, and those of records of any kind: made, changed, merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.crm.kinds import Kind
from app.domain.opportunities.rules import Opportunity
from app.domain.undo import Done
from app.language import use_language
from app.services.crm import merging
from app.services.crm.changing import change
from app.services.crm.records import create, show
from app.services.opportunities import making, working
from app.services.opportunities.finding import found_opportunity
from app.services.undo.undoing import undo
from app.store.database import Store
from tests.services.opportunities.chances import NOW, add_chance, add_team, entries
from tests.store.build import steps_of
from tests.store.invariants import check

BY = {"author": "anna", "now": NOW}


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    use_language("en")
    add_team(store)
    yield store
    check(store)
    use_language("de")


def back(store: Store, author: str = "anna") -> Done:
    return undo(store, author=author, now=NOW)


def facts(chance: Opportunity) -> tuple[Any, ...]:
    closed = chance.closed_at is not None
    return chance.stage, chance.probability, chance.assignee, chance.reason, chance.reason_text, closed


def test_each_step_on_an_opportunity_is_taken_back_told_of_and_named(store: Store) -> None:
    number = add_chance(store, value="500").id
    stood = [facts(found_opportunity(store.read, number))]
    for step in (
        lambda: working.move(store, number, "Angebot", **BY),
        lambda: making.change(store, number, {"probability": "60"}, **BY),
        lambda: working.lose(store, number, "other", text="zu weit", **BY),
        lambda: working.reopen(store, number, **BY),
        lambda: working.win(store, number, **BY),
        lambda: working.reopen(store, number, **BY),
        lambda: working.pass_on(store, number, "emil", note="eilt", **BY),
    ):
        stood.append(facts(step()))
    told = [
        "passed on to Emil Voss",
        "opened again",
        "won",
        "opened again",
        "lost",
        "changed",
        "moved to “Angebot”",
    ]
    stood.pop()
    for text in told:
        done = back(store)
        assert (done.text, done.left_out) == (f"Undone: “Pumpen” {text}", 0)
        assert done.records == ((Kind.OPPORTUNITY, number),)
        assert facts(found_opportunity(store.read, number)) == stood.pop()
    undone = [event for event, _by, _text in entries(store, number)][8:]
    assert undone == ["assigned", "won", "reopened", "lost", "reopened", "changed", "stage"]
    assert back(store).text == "Undone: “Pumpen” made"
    assert store.read.value("SELECT count(*) FROM opportunity") == 0


def test_what_a_colleague_did_with_it_since_stays(store: Store) -> None:
    number = add_chance(store).id
    working.move(store, number, "Angebot", **BY)
    working.move(store, number, "Verhandlung", author="ben", now=NOW)
    working.move(store, number, "Angebot", author="ben", now=NOW)
    assert back(store).left_out == 1
    assert found_opportunity(store.read, number).stage == "Angebot"


def test_it_comes_back_neither_to_whoever_has_left_nor_to_a_stage_that_is_gone(store: Store) -> None:
    passed, moved = add_chance(store, author="emil").id, add_chance(store, author="emil").id
    working.pass_on(store, passed, "anna", author="emil", now=NOW)
    working.move(store, moved, "Angebot", author="emil", now=NOW)
    with store.write() as tx:
        tx.run("DELETE FROM stage WHERE name = 'Qualifiziert'")
        tx.run("INSERT INTO member (login, name) VALUES ('eva', 'Eva')")
        tx.run("UPDATE undo_step SET author = 'eva'")
        tx.run("UPDATE history_entry SET author = 'eva'")
        tx.run("UPDATE member SET active = 0 WHERE login = 'emil'")
    assert [back(store, "eva").left_out for _step in range(2)] == [1, 1]
    assert found_opportunity(store.read, passed).assignee == "anna"
    assert found_opportunity(store.read, moved).stage == "Angebot"


def test_several_that_were_passed_on_together_come_back_together(store: Store) -> None:
    several = [add_chance(store, title).id for title in ("Pumpen", "Ventile", "Rohre")]
    theirs = add_chance(store, author="ben").id
    refused = working.pass_all_on(store, [(n, None) for n in (*several, theirs)], "emil", **BY)
    assert [number for number, _why in refused] == [theirs]
    done = back(store)
    assert (done.text, done.count) == ("Undone: 3 opportunities passed on to Emil Voss", 3)
    assert {found_opportunity(store.read, number).assignee for number in several} == {"anna"}


# -- records of any kind


def test_a_contact_gets_its_addresses_back(store: Store) -> None:
    made = create(store, Kind.CONTACT, {"last_name": "Berger", "emails": "s@vogel.example"}, **BY).id
    before = show(store, Kind.CONTACT, made).data
    change(
        store, Kind.CONTACT, made, {"emails": "t@vogel.example", "traits": "Messe", "company": "Vogel"}, **BY
    )
    assert back(store).text == "Undone: “Berger, Vogel” changed"
    assert show(store, Kind.CONTACT, made).data == before


def test_a_merge_is_taken_back_like_every_step(store: Store) -> None:
    one, two = (create(store, Kind.CONTACT, {"last_name": name}, **BY).id for name in ("Eins", "Zwei"))
    merging.merge(store, Kind.CONTACT, one, two, **BY)
    done = back(store)
    assert done.text == "Undone: “Zwei” is a record of its own again"
    assert (done.left_out, done.records) == (0, ((Kind.CONTACT, one), (Kind.CONTACT, two)))
    assert [back(store).left_out for _step in range(2)] == [0, 0]
    assert store.read.value("SELECT count(*) FROM contact") == 0


def test_a_merge_that_was_undone_otherwise_is_no_step_any_more(store: Store) -> None:
    one, two = (create(store, Kind.CONTACT, {"last_name": name}, **BY).id for name in ("Eins", "Zwei"))
    step = merging.merge(store, Kind.CONTACT, one, two, **BY).step
    merging.undo_merge(store, step, author="ben", now=NOW)
    assert steps_of(store, "anna")[0] == "“Zwei” made"
