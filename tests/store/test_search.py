"""A search finds what is asked for, newest first, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.domain.mail.listing import ListFilter, SortOrder
from app.domain.mail.messages import Role
from app.domain.mail.query_language import parse
from app.store.database import Store
from app.store.fulltext import search
from app.store.lists.scope import scope_of
from tests.store.filling import Copy, Filling
from tests.store.mails import indexed_as

TODAY = date(2026, 11, 20)
MONTH = 30 * 86_400


@pytest.fixture
def filling(store: Store) -> Filling:
    return Filling(store, step=MONTH)


def put(filling: Filling, folder: int, *bodies: str, **flags: int) -> list[int]:
    """Messages with these words in the body, a month apart, in one folder; their ids, oldest first."""
    first = len(filling.messages)
    numbers = range(first * 3, (first + len(bodies)) * 3, 3)
    filling.copies([Copy(number, folder, **flags) for number in numbers])
    ids = [filling.message_id(number) for number in numbers]
    with filling.store.write() as tx:
        search.index(tx, zip(ids, (indexed_as(("", "", "", body, "")) for body in bodies), strict=True))
    return ids


def find(filling: Filling, text: str, wanted: ListFilter | None = None) -> list[int]:
    query = parse(text, TODAY)
    read = filling.store.read
    scope = scope_of(read, wanted or ListFilter(), query)
    return [message for message, _ in search.find(read, scope, query, limit=50).positions]


def test_umlauts_and_their_transcriptions_find_each_other(filling: Filling) -> None:
    from app.domain.folding import fold

    inbox = filling.folder(filling.mailbox("a"), "INBOX", Role.INBOX)
    ids = put(filling, inbox, *(fold(f"Herr {name} kommt") for name in ("Müller", "Mueller", "Muller")))
    for spelling in ("müller", "MUELLER", "muller", '"Herr Müller"', "mülle*", "mue*"):
        assert find(filling, spelling) == ids[::-1], spelling


def test_a_search_goes_through_junk_and_trash_only_when_they_are_named(filling: Filling) -> None:
    box = filling.mailbox("a")
    inbox, trash = (
        filling.folder(box, "INBOX", Role.INBOX),
        filling.folder(box, "Gelöschte Elemente", Role.TRASH),
    )
    (kept,), (thrown,) = put(filling, inbox, "pumpe"), put(filling, trash, "pumpe")
    assert find(filling, "pumpe") == [kept]
    assert find(filling, "pumpe in:papierkorb") == find(filling, "pumpe in:trash") == [thrown]
    assert (
        find(filling, "pumpe in:geloschte") == find(filling, "pumpe", ListFilter(folder_id=trash)) == [thrown]
    )
    assert find(filling, "pumpe -in:inbox") == []


def test_an_unknown_folder_finds_nothing_and_is_named(filling: Filling) -> None:
    put(filling, filling.folder(filling.mailbox("a"), "INBOX", Role.INBOX), "pumpe")
    assert find(filling, "pumpe in:Verträge") == []
    query = parse("in:Verträge", TODAY)
    assert scope_of(filling.store.read, ListFilter(), query).no_folder == "Verträge"


def test_a_mail_in_several_folders_is_shown_once_by_its_ordinary_copy(filling: Filling) -> None:
    box = filling.mailbox("a")
    inbox, everything = filling.folder(box, "INBOX", Role.INBOX), filling.folder(box, "Alle", Role.ALL)
    (message,) = put(filling, inbox, "pumpe")
    filling.copies([Copy(0, everything)])
    (archived,) = put(filling, everything, "pumpe")
    query = parse("pumpe", TODAY)
    scope = scope_of(filling.store.read, ListFilter(), query)
    found = search.find(filling.store.read, scope, query, limit=10).positions
    folders = dict(filling.store.read.rows("SELECT id, folder_id FROM mail_copy"))
    assert [(mail, folders[copy]) for mail, copy in found] == [(archived, everything), (message, inbox)]


def test_signs_and_days_hold_together_with_words(filling: Filling) -> None:
    inbox = filling.folder(filling.mailbox("a"), "INBOX", Role.INBOX)
    (read_one,) = put(filling, inbox, "pumpe", seen=1, answered=1)
    (unread,) = put(filling, inbox, "pumpe", unprocessed=1)
    (flagged,) = put(filling, inbox, "pumpe", seen=1, flagged=1)
    (marked,) = put(filling, inbox, "pumpe", seen=1)
    with filling.store.write() as tx:
        tx.run("INSERT INTO mark (message_id, colour) VALUES (?, 'red')", (marked,))
        tx.run("INSERT INTO link (message_id, kind, record_id) VALUES (?, 'lead', 1)", (read_one,))
    assert find(filling, "pumpe ist:ungelesen") == find(filling, "ist:ungelesen") == [unread]
    assert find(filling, "pumpe ist:gelesen") == [marked, flagged, read_one]
    assert find(filling, "pumpe ist:unverarbeitet") == [unread]
    assert find(filling, "pumpe ist:verarbeitet") == [read_one]
    assert find(filling, "ist:markiert") == [marked, flagged]
    assert find(filling, "-ist:markiert pumpe") == [unread, read_one]
    assert find(filling, "ist:beantwortet") == [read_one]
    assert find(filling, "ist:unbeantwortet -ist:ungelesen") == [marked, flagged]
    assert find(filling, "hat:anhang") == [marked, unread]
    assert find(filling, "-hat:anhang") == [flagged, read_one]
    day = datetime.fromtimestamp(flagged >> 20, UTC).astimezone().date()
    assert find(filling, f"nach:{day}") == [marked, flagged]
    assert find(filling, f"vor:{day}") == [unread, read_one]
    assert find(filling, f"pumpe am:{day}") == [flagged]
    assert find(filling, "pumpe", ListFilter(unread=True)) == [unread]


def test_a_search_that_is_stopped_says_how_far_it_came_and_goes_on_from_there(filling: Filling) -> None:
    inbox = filling.folder(filling.mailbox("a"), "INBOX", Role.INBOX)
    ids = put(filling, inbox, *["pumpe"] * 24)
    read = filling.store.read
    query = parse("pumpe", TODAY)
    scope = scope_of(read, ListFilter(), query)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "FEW", 0)
        patch.setattr(search.postgresql, "RECENT", 5)
        first = search.find(read, scope, query, limit=50, stop=lambda: True)
        assert 0 < len(first.positions) < 24
        rest = search.find(read, scope, query, limit=50, below=first.down_to)
    assert [message for message, _ in first.positions + rest.positions] == ids[::-1]
    assert rest.down_to == 0


def test_mail_from_before_and_after_the_calendar_of_the_index_is_found(filling: Filling) -> None:
    inbox = filling.folder(filling.mailbox("a"), "INBOX", Role.INBOX)
    for start in (0, 4_200_000_000, 8_000_000_000):
        filling.start = start
        put(filling, inbox, "pumpe")
    assert len(find(filling, "pumpe")) == 3


def test_orders_other_than_by_date_are_sorted_whole(filling: Filling) -> None:
    from app.store.lists import windows

    inbox = filling.folder(filling.mailbox("a"), "INBOX", Role.INBOX)
    filling.copies([Copy(number, inbox) for number in range(5)])
    names = ["Zoe", "ähnlich", "Anna", "", "Öl"]
    subjects = ["Zusage", "Re: angebot", "AW: Bestellung", "Änderung", "Öl"]
    with filling.store.write() as tx:
        for number, (name, subject) in enumerate(zip(names, subjects, strict=True)):
            tx.run(
                "UPDATE message SET sender_name = ?, sender_address = 'm@x.example', subject = ?, size = ? WHERE id = ?",
                (name, subject, number * 10, filling.message_id(number)),
            )
    read = filling.store.read

    def order(by: SortOrder) -> list[int]:
        copies = windows.sorted_copies(read, ListFilter(order=by))
        return [int(row.size) // 10 for row in windows.rows_of(read, copies)]

    assert order(SortOrder.SENDER) == [1, 2, 3, 4, 0]
    assert order(SortOrder.SUBJECT) == [3, 1, 2, 4, 0]
    assert order(SortOrder.SIZE) == [4, 3, 2, 1, 0]
    messages = sorted(filling.message_id(number) for number in range(5))
    by_sender = windows.sorted_messages(read, messages, SortOrder.SENDER)
    assert list(by_sender) == [filling.message_id(number) for number in (1, 2, 3, 4, 0)]
