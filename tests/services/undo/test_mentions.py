"""Whom a step mentioned is told no more when it is taken back, and nobody else; what somebody has dealt with stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from app.domain.crm.agenda import EntryKind
from app.domain.crm.kinds import Kind
from app.domain.due import Due
from app.domain.mail.triage import Selection
from app.domain.undo import Done
from app.language import use_language
from app.services import triage
from app.services.crm import history
from app.services.opportunities import working
from app.services.opportunities.finding import found_opportunity
from app.services.tasks import steps
from app.services.undo.undoing import undo
from app.store.database import Store
from tests.services.opportunities.chances import NOW, add_chance, add_team
from tests.store.build import add_folder, add_mail, add_mailbox
from tests.store.invariants import check

BY = {"author": "anna", "now": NOW}
STAYS = "(read or put off by a colleague already)"


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    use_language("en")
    add_team(store)
    yield store
    check(store)
    use_language("de")


def back(store: Store, author: str = "anna") -> Done:
    return undo(store, author=author, now=NOW)


def mentions(store: Store) -> list[tuple[str, bool, str]]:
    """Of each: for whom, whether it was read, and to when it was put off."""
    rows = store.read.rows("SELECT login, done_at IS NOT NULL, due_on FROM mention ORDER BY id")
    return [(login, bool(read), due_on) for login, read, due_on in rows]


def mention_of(store: Store, login: str) -> int:
    return int(store.read.value("SELECT id FROM mention WHERE login = ?", (login,)))


def _read(store: Store, number: int) -> None:
    steps.finish(store, EntryKind.MENTION, number, author="emil", now=NOW)


def _put_off(store: Store, number: int) -> None:
    steps.postpone(store, EntryKind.MENTION, number, Due(date(2026, 11, 27)), author="emil", now=NOW)


def _pass_on(store: Store, number: int) -> None:
    steps.pass_on(store, EntryKind.MENTION, number, "ben", author="emil", now=NOW)


DEALINGS: list[Callable[[Store, int], None]] = [_read, _put_off, _pass_on]


def test_an_opportunity_taken_back_leaves_what_a_note_of_the_same_second_mentions(store: Store) -> None:
    chance = add_chance(store).id
    history.note(store, Kind.OPPORTUNITY, chance, "@ben @emil Frist morgen", **BY)
    working.pass_on(store, chance, "emil", note="mach du", **BY)
    assert len(mentions(store)) == 3
    back(store)
    assert mentions(store) == [("ben", False, ""), ("emil", False, "")]


@pytest.mark.parametrize("deal", DEALINGS)
def test_an_opportunity_comes_back_and_the_mention_that_was_dealt_with_stays(
    store: Store, deal: Callable[[Store, int], None]
) -> None:
    chance = add_chance(store).id
    working.pass_on(store, chance, "emil", note="mach du", **BY)
    deal(store, mention_of(store, "emil"))
    before = mentions(store)
    assert back(store).text == f"Undone: “Pumpen” passed on to Emil Voss {STAYS}"
    assert found_opportunity(store.read, chance).assignee == "anna"
    assert mentions(store) == before


def test_a_comment_taken_back_leaves_what_another_one_of_the_same_second_mentions(store: Store) -> None:
    mail = add_mail(store, add_folder(store, add_mailbox(store)))
    mails = Selection(copies=(mail.id,))
    triage.comment(store, mails, "@ben eilt", **BY)
    triage.comment(store, mails, "@ben @emil eilt sehr", **BY)
    back(store)
    assert mentions(store) == [("ben", False, "")]
    back(store)
    assert mentions(store) == []


def test_a_mention_that_was_passed_on_comes_back(store: Store) -> None:
    history.note(store, Kind.OPPORTUNITY, add_chance(store).id, "@anna bitte", author="ben", now=NOW)
    steps.pass_on(store, EntryKind.MENTION, mention_of(store, "anna"), "emil", **BY)
    assert mentions(store) == [("anna", True, ""), ("emil", False, "")]
    assert back(store).count == 1
    assert mentions(store) == [("anna", False, "")]


@pytest.mark.parametrize("deal", DEALINGS)
def test_a_mention_that_was_passed_on_and_dealt_with_stays_whole_where_it_is(
    store: Store, deal: Callable[[Store, int], None]
) -> None:
    history.note(store, Kind.OPPORTUNITY, add_chance(store).id, "@anna bitte", author="ben", now=NOW)
    steps.pass_on(store, EntryKind.MENTION, mention_of(store, "anna"), "emil", **BY)
    deal(store, mention_of(store, "emil"))
    before = mentions(store)
    done = back(store)
    assert (done.count, done.left_out, done.text.endswith(STAYS)) == (0, 1, True)
    assert mentions(store) == before
