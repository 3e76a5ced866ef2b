"""What is told of a step taken back is what became of it, and none that stays bars the way to those before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.crm.kinds import Kind, MarkColour
from app.domain.mail.triage import Selection
from app.domain.undo import Done
from app.language import use_language
from app.services import triage
from app.services.crm import history as notes
from app.services.crm import merging
from app.services.crm.changing import change
from app.services.crm.records import create
from app.services.leads.finishing import fail
from app.services.leads.working import assign, reopen
from app.services.undo import undoing
from app.services.undo.undoing import undo
from app.store.connection import Connection
from app.store.database import Store
from app.store.undo import StepPart
from tests.services.leads.team import NOW, add_leads, furnish, standing
from tests.store.build import add_folder, add_mail, add_mailbox, steps_of
from tests.store.invariants import check
from tests.store.leads import add_lead

OFFICERS = "Privacy officers read; reps and admins do the work."


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    use_language("en")
    furnish(store)
    yield store
    check(store)
    use_language("de")


def back(store: Store, author: str = "anna") -> Done:
    return undo(store, author=author, now=NOW)


def mark(store: Store, author: str) -> None:
    copy = add_mail(store, add_folder(store, add_mailbox(store)))
    triage.mark(store, Selection(copies=(copy.id,)), MarkColour.RED, author=author, now=NOW)


def marks(store: Store) -> int:
    return int(store.read.value("SELECT count(*) FROM mark"))


def test_a_privacy_officer_takes_back_what_they_made_and_corrected(store: Store) -> None:
    mark(store, "dora")
    made = create(store, Kind.CONTACT, {"last_name": "Bergr"}, author="dora", now=NOW).id
    change(store, Kind.CONTACT, made, {"last_name": "Berger"}, author="dora", now=NOW)
    assert back(store, "dora").text == "Undone: “Berger” changed"
    assert store.read.value("SELECT last_name FROM contact") == "Bergr"
    assert back(store, "dora").text == "Undone: “Bergr” made"
    assert back(store, "dora").count == 1
    assert (marks(store), steps_of(store, "dora")) == (0, [])


def test_what_somebody_may_take_back_no_longer_stays_and_bars_no_step_before_it(store: Store) -> None:
    mark(store, "anna")
    contact = create(store, Kind.CONTACT, {"last_name": "Berger"}, author="anna", now=NOW).id
    other = create(store, Kind.CONTACT, {"last_name": "Vogel"}, author="ben", now=NOW).id
    lead, given = add_lead(store, "Pumpen"), add_leads(store, 2)
    assign(store, [lead, *given], "ben", author="anna", now=NOW)
    notes.note(store, Kind.CONTACT, contact, "ruft an", author="anna", now=NOW)
    merging.merge(store, Kind.CONTACT, contact, other, author="anna", now=NOW)
    with store.write() as tx:
        tx.run("UPDATE member SET role = 'privacy' WHERE login = 'anna'")
    for step, left in (("Merged: Berger", 1), ("Note on “Berger”", 1), ("3 leads go to Ben Kurz", 3)):
        done = back(store)
        assert done.text == f"Not undone: {step} ({OFFICERS})"
        assert (done.count, done.left_out) == (0, left)
    assert standing(store, lead) == ("active", "ben")
    assert back(store).text == "Not undone: “Berger” made (1 was changed since and stays)"
    assert back(store).count == 1
    assert (marks(store), steps_of(store, "anna")) == (0, [])


def test_a_step_of_which_nothing_was_taken_back_is_not_told_as_undone(store: Store) -> None:
    lead = add_lead(store, "Pumpen", assignee="anna")
    fail(store, lead, "competitor", author="anna", now=NOW)
    reopen(store, lead, author="cleo", now=NOW)
    done = back(store)
    assert done.text == "Not undone: “Pumpen” finished: unsuccessful (1 was changed since and stays)"
    assert (done.count, done.left_out) == (0, 1)


def test_a_merge_that_waits_for_another_one_to_be_undone_is_still_a_step(store: Store) -> None:
    one, two, three = (
        create(store, Kind.CONTACT, {"last_name": name}, author="anna", now=NOW).id
        for name in ("Eins", "Zwei", "Drei")
    )
    merging.merge(store, Kind.CONTACT, one, two, author="anna", now=NOW)
    merging.merge(store, Kind.CONTACT, three, one, author="ben", now=NOW)
    done = back(store)
    assert done.text == "Not undone: Merged: Eins (It went on into “Drei”; undo that merge first.)"
    assert (done.count, done.left_out) == (0, 1)
    back(store, "ben")
    assert back(store).text == "Undone: “Zwei” is a record of its own again"


def test_a_merge_whose_record_is_gone_bars_no_step_before_it(store: Store) -> None:
    one, two = (
        create(store, Kind.CONTACT, {"last_name": name}, author="anna", now=NOW).id
        for name in ("Eins", "Zwei")
    )
    merging.merge(store, Kind.CONTACT, one, two, author="anna", now=NOW)
    with store.write() as tx:
        tx.run("DELETE FROM contact WHERE id = ?", (one,))
    assert back(store).text == "Not undone: Merged: Eins (The record that it went into is gone.)"
    assert steps_of(store, "anna") == ["“Zwei” made", "“Eins” made"]


def test_the_step_that_is_told_is_the_one_taken_back_when_another_process_was_faster(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = add_leads(store, 2)
    for lead in (first, second):
        assign(store, [lead], "ben", author="anna", now=NOW)
    look, others = undoing.last_part, []

    def looked(read: Connection, step: int) -> StepPart | None:
        part = look(read, step)
        if not others:
            others.append("at work")
            others[0] = back(store).text
        return part

    monkeypatch.setattr(undoing, "last_part", looked)
    assert back(store).text == "Undone: “Lead 0” passed on to Ben Kurz"
    assert others == ["Undone: “Lead 1” passed on to Ben Kurz"]
