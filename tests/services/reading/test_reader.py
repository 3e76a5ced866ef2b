"""What screens and the command line read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import zstandard

from app.domain.errors import NotFound
from app.domain.mail.listing import ListFilter, Position, SortOrder
from app.domain.mail.messages import MailRow, Role
from app.domain.mail.query import Hint
from app.language import _, use_language
from app.services.reading.reader import MailReader
from app.store.fulltext import search
from tests.store.empty import new_store
from tests.store.filling import Copy, Filling
from tests.store.mails import parsed

MONTH = 30 * 86_400


@pytest.fixture
def filling(tmp_path: Path) -> Iterator[Filling]:
    store = new_store(tmp_path / "postkorb.db")
    yield Filling(store, step=MONTH)
    store.close()


@pytest.fixture
def reader(filling: Filling) -> MailReader:
    return MailReader(filling.store, today=lambda: date(2026, 11, 20))


@pytest.fixture
def inbox(filling: Filling) -> int:
    return filling.folder(filling.mailbox("vertrieb"), "INBOX", Role.INBOX)


def say(filling: Filling, number: int, words: str) -> None:
    mail = parsed(1)._replace(search_sender="", search_recipients="", search_subject="", search_body=words)
    with filling.store.write() as tx:
        search.index(tx, [(filling.message_id(number), mail)])


def at(row: MailRow) -> Position:
    return row.message_id, row.copy_id


def numbers(rows: list[MailRow] | tuple[MailRow, ...]) -> list[int]:
    return [int(row.subject.split()[1]) for row in rows]


@pytest.mark.parametrize(
    "wanted",
    [
        ListFilter(),
        ListFilter(order=SortOrder.OLDEST),
        ListFilter(order=SortOrder.SENDER),
        ListFilter(order=SortOrder.SUBJECT),
        ListFilter(order=SortOrder.SIZE, unread=True),
        ListFilter(query="pumpe"),
        ListFilter(query="pum", typing=True),
        ListFilter(query="pumpe", order=SortOrder.OLDEST),
        ListFilter(query="pumpe -zahn*", order=SortOrder.SIZE),
        ListFilter(query="ist:ungelesen"),
    ],
    ids=str,
)
def test_every_way_into_a_list_shows_the_same_rows(
    filling: Filling, reader: MailReader, inbox: int, wanted: ListFilter
) -> None:
    filling.copies([Copy(number, inbox, seen=number % 3 == 0) for number in range(40)])
    for number in range(40):
        say(filling, number, "pumpe" if number % 2 else "pumpe zahnrad")
    whole = list(reader.every(wanted))
    assert len(whole) == reader.count(wanted) > 10
    assert reader.window(wanted, limit=100) == whole
    assert reader.window_at(wanted, 3, 5) == whole[3:8]
    assert reader.window(wanted, after=at(whole[4]), limit=4) == whole[5:9]
    assert reader.window(wanted, before=at(whole[4]), limit=3) == whole[1:4]
    assert reader.window(wanted, before=at(whole[2]), limit=30) == whole[:2]
    assert [reader.offset_of(wanted, at(row)) for row in whole] == list(range(len(whole)))


def test_mail_that_arrives_enters_sorted_lists_and_searches(
    filling: Filling, reader: MailReader, inbox: int
) -> None:
    filling.copies([Copy(1, inbox)])
    say(filling, 1, "pumpe")
    wanted = [ListFilter(query="pumpe"), ListFilter(order=SortOrder.SUBJECT)]
    assert [reader.count(each) for each in wanted] == [1, 1]
    filling.copies([Copy(4, inbox)])
    say(filling, 4, "pumpe")

    def seen() -> list[list[int]]:
        return [numbers(reader.window(each, limit=5)) for each in wanted]

    end = time.monotonic() + 20
    while seen() != [[4, 1], [1, 4]]:  # a list that took long to sort is kept for a moment
        assert time.monotonic() < end


def test_a_search_gives_a_page_and_where_the_next_one_begins(
    filling: Filling, reader: MailReader, inbox: int
) -> None:
    filling.copies([Copy(number, inbox) for number in range(0, 36, 3)])
    for number in range(0, 36, 3):
        say(filling, number, "pumpe")
    wanted = ListFilter(query="pumpe")
    first = reader.search(wanted, limit=5)
    assert (numbers(first.rows), first.more, first.partial) == ([33, 30, 27, 24, 21], True, False)
    second = reader.search(wanted, after=first.resume, limit=50)
    assert (numbers(second.rows), second.more, second.resume) == ([18, 15, 12, 9, 6, 3, 0], False, None)


def test_a_search_that_is_stopped_tells_how_far_it_looked(
    filling: Filling, reader: MailReader, inbox: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", 0)
    filling.copies([Copy(number, inbox) for number in range(0, 36, 3)])
    for number in range(0, 36, 3):
        say(filling, number, "pumpe")
    wanted = ListFilter(query="pumpe")
    found = reader.search(wanted, stop=lambda: True)
    assert found.partial
    assert found.searched_to is not None
    assert all(row.date >= found.searched_to for row in found.rows)
    rest = reader.search(wanted, after=found.resume)
    assert numbers(found.rows + rest.rows) == list(range(33, -1, -3))
    assert not rest.partial


def test_hints_are_told_in_the_reps_language(reader: MailReader) -> None:
    use_language("de")
    found = reader.search(ListFilter(query="vor:neulich"))
    assert found.hint == Hint.NO_DATE
    assert _(found.hint).format(about=found.hint_about).startswith("„neulich“ ist kein Datum")
    missing = reader.search(ListFilter(query="in:Verträge"))
    assert (missing.hint, missing.hint_about) == (Hint.NO_FOLDER, "Verträge")
    assert all(_(hint) != hint for hint in Hint)


def test_next_unprocessed_goes_through_all_mailboxes_and_begins_anew(
    filling: Filling, reader: MailReader
) -> None:
    first = filling.folder(filling.mailbox("a"), "INBOX", Role.INBOX)
    second = filling.folder(filling.mailbox("b"), "INBOX", Role.INBOX)
    assert reader.next_unprocessed(ListFilter()) is None
    filling.copies([Copy(0, first, unprocessed=1), Copy(3, second, unprocessed=1), Copy(6, first)])
    newest = reader.next_unprocessed(ListFilter())
    assert newest is not None
    older = reader.next_unprocessed(ListFilter(), at(newest))
    assert older is not None
    assert numbers([newest, older]) == [3, 0]
    assert reader.next_unprocessed(ListFilter(), at(older)) == newest
    with filling.store.write() as tx:
        tx.run("UPDATE mail_copy SET unprocessed = 0 WHERE id = ?", (newest.copy_id,))
    assert reader.next_unprocessed(ListFilter(), at(older)) is None


def test_a_thread_shows_each_message_once_oldest_first(
    filling: Filling, reader: MailReader, inbox: int
) -> None:
    sent = filling.folder(1, "Gesendet", Role.SENT)
    trash = filling.folder(1, "Papierkorb", Role.TRASH)
    for number in (0, 3, 6, 9):
        filling.message(number, thread=0)
    filling.copies([Copy(0, inbox), Copy(3, sent), Copy(6, inbox), Copy(6, trash), Copy(12, inbox)])
    thread = reader.thread(filling.message_id(3))
    assert numbers(thread) == [0, 3, 6]
    assert [row.folder_id for row in thread] == [inbox, sent, inbox]
    assert reader.row(filling.message_id(6)).folder_id == inbox


def test_the_source_comes_back_byte_for_byte(filling: Filling, reader: MailReader) -> None:
    raw = b"Subject: x\r\n\r\n" + bytes(range(256)) * 100
    message = filling.message(1, raw=zstandard.compress(raw))
    assert reader.source(message) == raw
    assert reader.readable(message).subject == "x"
    with pytest.raises(NotFound):
        reader.source(12345)
    with pytest.raises(NotFound):
        reader.row(message)
