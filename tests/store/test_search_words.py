"""Whatever the mails and the words are, a search finds what the query says, whichever side it starts from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.mail.listing import ListFilter
from app.domain.mail.messages import ParsedMail, Role
from app.domain.mail.query import Part, Query, Term
from app.domain.mail.query_language import parse
from app.store.database import Store
from app.store.fulltext import search
from app.store.lists.scope import scope_of
from tests.conftest import DIALECTS, OpenStore
from tests.store.filling import Copy, Filling
from tests.store.mails import indexed_as

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
        self.indexed = {self.filling.message(n): indexed_as(document) for n, document in enumerate(drawn)}
        with self.filling.store.write() as tx:
            search.index(tx, self.indexed.items())
        return list(self.indexed)


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
