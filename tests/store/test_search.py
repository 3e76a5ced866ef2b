"""A search finds what the query says, newest first, whichever side it starts from, on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.listing import ListFilter, SortOrder
from app.domain.mail import ParsedMail, Role
from app.domain.query import Part, Query, Term
from app.domain.query_language import parse
from app.store.database import Store
from app.store.fulltext import search
from app.store.lists.scope import scope_of
from tests.conftest import DIALECTS, OpenStore
from tests.store.filling import Copy, Filling
from tests.store.mails import parsed

TODAY = date(2026, 11, 20)
MONTH = 30 * 86_400
WORDS = ("angebot", "angebote", "rechnung", "rech", "0042")
ROLES = (Role.INBOX, Role.NONE, Role.TRASH, Role.ALL)
QUIET = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
documents = st.lists(st.tuples(texts, texts, texts, texts, texts), min_size=1, max_size=12)
terms = st.builds(
    Term,
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(tuple),
    part=st.none() | st.sampled_from([Part.SENDER, Part.RECIPIENTS, Part.SUBJECT]),
    prefix=st.booleans(),
    excluded=st.sampled_from([False, False, True]),
)


@dataclass
class House:
    """A store whose mails are replaced for each example."""

    filling: Filling
    folders: list[int]
    indexed: dict[int, ParsedMail]

    def put(self, drawn: Sequence[tuple[str, ...]], places: Sequence[int]) -> list[int]:
        """Index these documents, one message each, with copies in the folders; the message ids."""
        with self.filling.store.write() as tx:
            search.unindex(tx, self.indexed, self.indexed.__getitem__)
            tx.run("DELETE FROM mail_copy")
        self.filling.copies(
            [Copy(n % max(1, len(drawn)), self.folders[f]) for n, f in enumerate(places) if drawn]
        )
        self.indexed = {self.filling.message(n): mail_of(document) for n, document in enumerate(drawn)}
        with self.filling.store.write() as tx:
            search.index(tx, self.indexed.items())
        return list(self.indexed)


def mail_of(document: tuple[str, ...]) -> ParsedMail:
    sender, recipients, subject, body, files = document
    return parsed(1)._replace(
        search_sender=sender,
        search_recipients=recipients,
        search_subject=subject,
        search_body=body,
        search_files=files,
    )


@pytest.fixture(scope="module", params=DIALECTS)
def house(request: pytest.FixtureRequest, open_store: OpenStore) -> Iterator[House]:
    with open_store(request.param) as store:
        filling = Filling(store, step=MONTH)
        box = filling.mailbox("a")
        yield House(filling, [filling.folder(box, str(role) or "Angebote", role) for role in ROLES], {})


def columns(document: tuple[str, ...], dialect: str) -> list[list[tuple[str, Part]]]:
    """The words that can stand side by side: SQLite's columns, or PostgreSQL's one row of words."""
    split = [[(word, part) for word in text.split()] for text, part in zip(document, Part, strict=True)]
    return split if dialect == "sqlite" else [[word for line in split for word in line]]


def holds(term: Term, lines: list[list[tuple[str, Part]]]) -> bool:
    def same(word: str, other: str, *, last: bool) -> bool:
        return other.startswith(word) if last and term.prefix else word == other

    count = len(term.words)
    return any(
        all(
            same(word, line[at + n][0], last=n == count - 1) and term.part in (None, line[at + n][1])
            for n, word in enumerate(term.words)
        )
        for line in lines
        for at in range(len(line) - count + 1)
    )


@QUIET
@given(
    drawn=documents,
    places=st.lists(st.integers(0, 3), min_size=1, max_size=20),
    asked=st.lists(terms, max_size=2).map(tuple),
    few=st.sampled_from([0, 10_000]),
    page=st.integers(1, 3),
    recent=st.integers(1, 5),
    limit=st.integers(1, 5),
    folder=st.sampled_from([None, None, 0, 2, 3]),
)
def test_a_search_finds_what_the_words_say(
    house: House,
    drawn: list[tuple[str, ...]],
    places: list[int],
    asked: tuple[Term, ...],
    few: int,
    page: int,
    recent: int,
    limit: int,
    folder: int | None,
) -> None:
    messages = house.put(drawn, places)
    store = house.filling.store
    query = Query(terms=asked)
    covered = {0, 1, 3} if folder is None else {folder}
    there = {messages[n % len(drawn)] for n, place in enumerate(places) if drawn and place in covered}
    expected = [
        message
        for message, document in sorted(zip(messages, drawn, strict=True), reverse=True)
        if message in there
        and all(holds(term, columns(document, store.dialect)) != term.excluded for term in asked)
    ]
    scope = scope_of(
        store.read, ListFilter(folder_id=None if folder is None else house.folders[folder]), query
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "FEW", few)
        patch.setattr(search.postgresql, "RECENT", recent)
        patch.setattr(search, "_FIRST_PAGE", page)
        patch.setattr(search, "_LARGEST_PAGE", page)
        assert list(search.every(store.read, scope, query)) == expected
        paged: list[int] = []
        while True:
            below = {"below": paged[-1]} if paged else {}
            found = search.find(store.read, scope, query, limit=limit, **below)
            paged += [message for message, _ in found.positions]
            if len(found.positions) < limit:
                break
    assert found.down_to == 0
    assert paged == expected


@settings(QUIET, max_examples=200)
@given(
    text=st.text(max_size=20) | st.text(alphabet="\"*-:()^{}+ANDORTE a1ü\\\0'", max_size=30),
    typing=st.booleans(),
)
def test_no_input_breaks_the_search(house: House, text: str, typing: bool) -> None:
    if not house.indexed:
        house.put([("angebot", "a", "rechnung 0042", "not or and", "")] * 3, [0, 0, 0])
    query = parse(text, TODAY, typing=typing)
    read = house.filling.store.read
    scope = scope_of(read, ListFilter(), query)
    for few in (0, 10_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search, "FEW", few)
            found = search.find(read, scope, query, limit=10)
            assert {message for message, _ in found.positions} <= set(house.indexed)


# --- single cases ---------------------------------------------------------------------------------------------------


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
        search.index(tx, zip(ids, (mail_of(("", "", "", body, "")) for body in bodies), strict=True))
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


def test_the_index_forgets_without_a_trace(sqlite_store: Store) -> None:
    house = House(Filling(sqlite_store, step=MONTH), [], {})
    house.folders = [house.filling.folder(house.filling.mailbox("a"), "INBOX", Role.INBOX)]
    house.put([("angebot", "berger", "rechnung", "geheimnis", "plan")] * 12, [0] * 12)
    house.put([], [])
    for (number,) in sqlite_store.read.rows("SELECT number FROM message_fts_quarter"):
        table = search.sqlite.Quarter(number).table
        with sqlite_store.write() as tx:
            tx.run(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        blocks: list[Any] = sqlite_store.read.rows(f"SELECT block FROM {table}_data")
        assert not any(b"geheimnis" in block for (block,) in blocks)


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
