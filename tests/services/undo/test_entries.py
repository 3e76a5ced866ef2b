"""What is written into a history is taken back: notes, calls, documents, and whom they name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.crm.agenda import EntryKind
from app.domain.crm.calls import CallOutcome
from app.domain.crm.kinds import Kind
from app.domain.due import Due
from app.domain.undo import Done
from app.language import use_language
from app.services.crm import documents, history, merging
from app.services.crm import records as crm
from app.services.tasks import steps
from app.services.undo.undoing import undo
from app.store.database import Store
from tests.services.opportunities.chances import NOW, add_chance, add_team, entries
from tests.store.build import steps_of
from tests.store.invariants import check

BY = {"author": "anna", "now": NOW}
TOMORROW = Due(date(2026, 11, 23))


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    use_language("en")
    add_team(store)
    yield store
    check(store)
    use_language("de")


@pytest.fixture
def chance(store: Store) -> int:
    return add_chance(store).id


def note(store: Store, chance: int, text: str, author: str = "anna") -> None:
    history.note(store, Kind.OPPORTUNITY, chance, text, author=author, now=NOW)


def call(store: Store, chance: int, again: Due | None = None, text: str = "") -> int | None:
    outcome = CallOutcome.CALL_AGAIN
    return history.log_call(store, Kind.OPPORTUNITY, chance, outcome, text=text, again=again, **BY)


def back(store: Store, author: str = "anna") -> Done:
    return undo(store, author=author, now=NOW + timedelta(minutes=1))


def told(store: Store, chance: int) -> list[str]:
    """What was written by hand."""
    return [f"{by}: {text}" for event, by, text in entries(store, chance) if event != "created"]


def count(store: Store, table: str) -> int:
    return int(store.read.value(f"SELECT count(*) FROM {table}"))


def test_a_note_is_taken_back_and_no_other(store: Store, chance: int) -> None:
    note(store, chance, "eins")
    note(store, chance, "von Ben", "ben")
    note(store, chance, "eins")
    done = back(store)
    assert (done.text, done.count, done.left_out) == ("Undone: Note on “Pumpen”", 1, 0)
    assert told(store, chance) == ["anna: eins", "ben: von Ben"]
    assert steps_of(store, "anna") == ["Note on “Pumpen”", "“Pumpen” made"]
    assert back(store, "ben").count == 1
    assert told(store, chance) == ["anna: eins"]


def test_whom_it_named_is_not_told_any_more_but_for_other_notes_of_the_same_second(
    store: Store, chance: int
) -> None:
    note(store, chance, "@ben eilt")
    note(store, chance, "@ben @emil eilt sehr")
    back(store)
    assert store.read.rows("SELECT login, text FROM mention") == [("ben", "@ben eilt")]


def test_a_mention_that_was_read_stays_and_it_is_said_so(store: Store, chance: int) -> None:
    note(store, chance, "@ben @emil eilt")
    number = store.read.value("SELECT id FROM mention WHERE login = 'ben'")
    steps.finish(store, EntryKind.MENTION, number, author="ben", now=NOW)
    done = back(store)
    assert (done.text, done.count) == ("Undone: Note on “Pumpen” (read or put off by a colleague already)", 1)
    assert told(store, chance) == []
    assert store.read.rows("SELECT login FROM mention") == [("ben",)]


def test_a_call_goes_with_its_follow_up_and_its_mentions(store: Store, chance: int) -> None:
    call(store, chance, TOMORROW, "fragt nach @ben")
    assert (count(store, "task"), count(store, "mention")) == (1, 1)
    done = back(store)
    assert (done.text, done.left_out) == ("Undone: Call on “Pumpen”", 0)
    assert (told(store, chance), count(store, "task"), count(store, "mention")) == ([], 0, 0)


def test_a_follow_up_on_which_somebody_worked_stays(store: Store, chance: int) -> None:
    task = call(store, chance, TOMORROW)
    assert task is not None
    steps.finish(store, EntryKind.TASK, task, author="ben", now=NOW)
    done = back(store)
    assert done.text == "Undone: Call on “Pumpen” (1 was changed since and stays)"
    assert (done.count, done.left_out, count(store, "task")) == (1, 1, 1)
    assert told(store, chance) == ["ben: Call: Pumpen"]  # that it is done


def test_a_document_goes_with_its_content(store: Store, chance: int, tmp_path: Path) -> None:
    for name in ("plan.txt", "angebot.txt"):
        (tmp_path / name).write_text("x")
        documents.add_document(store, Kind.OPPORTUNITY, chance, tmp_path / name, **BY)
    assert back(store).text == "Undone: Document “angebot.txt”"
    assert store.read.rows("SELECT name FROM document") == [("plan.txt",)]
    assert told(store, chance) == ["anna: plan.txt"]


def test_a_note_follows_its_record_into_another_one(store: Store) -> None:
    one, other = (crm.create(store, Kind.CONTACT, {"last_name": name}, **BY).id for name in ("A", "B"))
    history.note(store, Kind.CONTACT, other, "eilt", **BY)
    merging.merge(store, Kind.CONTACT, one, other, author="ben", now=NOW)
    assert back(store).count == 1
    assert store.read.value("SELECT count(*) FROM history_entry WHERE event = 'note'") == 0


def test_what_was_only_written_about_is_as_it_was_made(store: Store, chance: int, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("x")
    documents.add_document(store, Kind.OPPORTUNITY, chance, tmp_path / "plan.txt", **BY)
    call(store, chance, TOMORROW, "@ben")
    for _step in range(3):
        assert back(store).left_out == 0
    assert count(store, "opportunity") == 0


def test_ids_are_not_given_anew(store: Store, chance: int) -> None:
    note(store, chance, "@ben eins")
    first = store.read.row("SELECT max(history_entry.id), max(mention.id) FROM history_entry, mention")
    back(store)
    note(store, chance, "@ben zwei")
    then = store.read.row("SELECT max(history_entry.id), max(mention.id) FROM history_entry, mention")
    assert first is not None
    assert then is not None
    assert all(now > before for before, now in zip(first, then, strict=True))


def test_who_only_reads_by_now_takes_no_note_back(store: Store, chance: int) -> None:
    note(store, chance, "eins")
    with store.write() as tx:
        tx.run("UPDATE member SET role = 'privacy' WHERE login = 'anna'")
    assert back(store).count == 0
    assert told(store, chance) == ["anna: eins"]
