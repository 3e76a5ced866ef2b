"""Windows into lists show what a plain sorted list would show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.mail.listing import ListFilter, Position, SortOrder
from app.domain.mail.messages import MailRow, Role
from app.store.database import Store
from app.store.lists import windows
from tests.conftest import DIALECTS, OpenStore
from tests.store.filling import Copy, Filling

ROLES = (Role.INBOX, Role.NONE, Role.SENT, Role.TRASH, Role.ALL)
APART = {Role.JUNK, Role.TRASH, Role.ALL}

copies = st.lists(
    st.tuples(
        st.integers(0, 40),  # message
        st.integers(0, 9),  # folder: five in each of two mailboxes
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(0, 1),
    ),
    max_size=60,
)
filters = st.builds(
    ListFilter,
    mailbox_id=st.sampled_from([None, 0, 1]),
    folder_id=st.sampled_from([None, None, *range(10)]),
    unprocessed=st.booleans(),
    unread=st.booleans(),
    flagged=st.booleans(),
    answered=st.booleans(),
    with_attachment=st.booleans(),
    after=st.none() | st.just(datetime.fromtimestamp(1_700_000_000 + 3600 * 5).date()),
    before=st.none() | st.just(datetime.fromtimestamp(1_700_000_000 + 3600 * 5).date()),
    thread_id=st.none() | st.none() | st.integers(0, 3),
    order=st.sampled_from([SortOrder.NEWEST, SortOrder.OLDEST]),
)


@pytest.fixture(scope="module", params=DIALECTS)
def house(
    request: pytest.FixtureRequest, open_store: OpenStore
) -> Iterator[tuple[Filling, list[int], list[int]]]:
    with open_store(request.param) as store:
        yield furnished(store)


def furnished(store: Store) -> tuple[Filling, list[int], list[int]]:
    """Two mailboxes with a folder of each role, and messages without copies."""
    filling = Filling(store)
    boxes = [filling.mailbox("a"), filling.mailbox("b")]
    folders = [filling.folder(box, str(role) or "Angebote", role) for box in boxes for role in ROLES]
    for number in range(41):
        filling.message(number, attachments=number % 2, thread=number % 5)
    return filling, boxes, folders


def expected(wanted: ListFilter, rows: list[MailRow], place: dict[int, tuple[int, Role]]) -> list[Position]:
    def shown(row: MailRow) -> bool:
        mailbox, role = place[row.folder_id]
        number = int(row.subject.split()[1])
        local = row.date.astimezone().date()
        return (
            (row.folder_id == wanted.folder_id if wanted.folder_id else role not in APART)
            and (wanted.folder_id is not None or wanted.mailbox_id in (None, mailbox))
            and (not wanted.unprocessed or row.unprocessed)
            and (not wanted.unread or not row.seen)
            and (not wanted.flagged or row.flagged)
            and (not wanted.answered or row.answered)
            and (not wanted.with_attachment or row.attachments > 0)
            and (wanted.after is None or local >= wanted.after)
            and (wanted.before is None or local < wanted.before)
            and (wanted.thread_id is None or number % 5 == wanted.thread_id)
        )

    found = sorted((row.message_id, row.copy_id) for row in rows if shown(row))
    return found if wanted.order == SortOrder.OLDEST else found[::-1]


def positions(rows: list[MailRow]) -> list[Position]:
    return [(row.message_id, row.copy_id) for row in rows]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), wanted=filters, drawn=copies)
def test_every_way_into_a_list_shows_the_sorted_list(
    data: Any, wanted: ListFilter, drawn: list[tuple[int, ...]], house: tuple[Filling, list[int], list[int]]
) -> None:
    filling, boxes, folders = house
    read = filling.store.read
    with filling.store.write() as tx:
        tx.run("DELETE FROM mail_copy")
    ids = filling.copies([Copy(m, folders[f], *flags) for m, f, *flags in drawn])
    wanted = replace(
        wanted,
        mailbox_id=None if wanted.mailbox_id is None else boxes[wanted.mailbox_id],
        folder_id=None if wanted.folder_id is None else folders[wanted.folder_id],
    )
    place = {folder: (boxes[i // 5], ROLES[i % 5]) for i, folder in enumerate(folders)}
    whole = expected(wanted, windows.rows_of(read, ids), place)

    limit = data.draw(st.integers(1, 12))
    paged: list[Position] = []
    while page := positions(windows.window(read, wanted, after=paged[-1] if paged else None, limit=limit)):
        paged += page
    assert paged == whole
    assert windows.count(read, wanted) == len(whole)

    near = data.draw(st.integers(1, 5))
    offset = data.draw(st.integers(0, len(whole) + 2))
    assert positions(windows.window_at(read, wanted, offset, limit)) == whole[offset : offset + limit]

    if whole:
        at = data.draw(st.integers(0, len(whole) - 1))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(windows, "NEAR", near)
            assert windows.offset_of(read, wanted, whole[at]) == at
        back = windows.window(read, wanted, before=whole[at], limit=limit)
        assert positions(back) == whole[max(0, at - limit) : at]


@pytest.fixture
def filling(store: Store) -> Filling:
    return Filling(store)


def test_a_row_tells_links_marks_comments_and_waiting_changes(filling: Filling) -> None:
    box = filling.mailbox("vertrieb")
    inbox = filling.folder(box, "INBOX", Role.INBOX)
    plain, busy = filling.copies([Copy(1, inbox), Copy(2, inbox, seen=1)])
    message = filling.message_id(2)
    with filling.store.write() as tx:
        tx.run("INSERT INTO lead (id, title) VALUES (5, 'Vogel 2027')")
        tx.run("INSERT INTO contact (id, first_name, last_name, company) VALUES (6, '', '', 'Vogel GmbH')")
        tx.run(
            "INSERT INTO contact (id, first_name, last_name, company) VALUES (7, 'Silke', 'Berger', 'Vogel GmbH')"
        )
        for kind, record in (("lead", 5), ("contact", 6), ("contact", 7), ("task", 99)):
            tx.run("INSERT INTO link (message_id, kind, record_id) VALUES (?, ?, ?)", (message, kind, record))
        tx.run("INSERT INTO mark (message_id, colour) VALUES (?, 'red')", (message,))
        tx.run("INSERT INTO comment (message_id, text) VALUES (?, 'a')", (message,))
        tx.run("INSERT INTO comment (message_id, text) VALUES (?, 'b')", (message,))
        tx.run(
            "INSERT INTO operation (mailbox_id, folder_id, copy_id, kind) VALUES (?, ?, ?, 'flags')",
            (box, inbox, busy),
        )
    linked, bare = windows.rows_of(filling.store.read, [busy, plain])
    assert [(label.kind, label.title) for label in linked.links] == [
        ("lead", "Vogel 2027"),
        ("contact", "Vogel GmbH"),
        ("contact", "Silke Berger"),
        ("task", ""),
    ]
    assert (linked.mark, linked.comments, linked.waiting, linked.seen) == ("red", 2, True, True)
    assert (bare.mark, bare.comments, bare.waiting, bare.seen, bare.links) == ("", 0, False, False, ())
    about_lead = windows.window(filling.store.read, ListFilter(linked=("lead", 5)), limit=10)
    assert [row.copy_id for row in about_lead] == [busy]


def test_rows_of_many_copies_keep_their_order_and_leave_out_what_is_gone(filling: Filling) -> None:
    inbox = filling.folder(filling.mailbox("vertrieb"), "INBOX", Role.INBOX)
    ids = filling.copies([Copy(number, inbox) for number in range(30)])
    wanted = [*ids[::2], 10_000, *(ids * 20)]
    assert [row.copy_id for row in windows.rows_of(filling.store.read, wanted)] == [*ids[::2], *(ids * 20)]


def test_very_many_folders_are_still_one_list(filling: Filling) -> None:
    box = filling.mailbox("vertrieb")
    folders = [filling.folder(box, f"Kunden/{n}") for n in range(150)]
    filling.copies([Copy(number, folders[number % 150]) for number in range(300)])
    rows = windows.window(filling.store.read, ListFilter(mailbox_id=box), limit=400)
    assert positions(rows) == sorted(positions(rows), reverse=True)
    assert len(rows) == 300


def test_folders_come_by_mailbox_with_the_inbox_first(filling: Filling) -> None:
    second, first = filling.mailbox("zentrale", 1), filling.mailbox("vertrieb", 0)
    for box in (second, first):
        for name, role in (
            ("Papierkorb", Role.TRASH),
            ("Angebote", Role.NONE),
            ("Äpfel", Role.NONE),
            ("INBOX", Role.INBOX),
        ):
            filling.folder(box, name, role)
    filling.copies([Copy(1, windows.folders(filling.store.read)[0].id, unprocessed=1)])
    found = windows.folders(filling.store.read)
    assert [(row.mailbox, row.name) for row in found[:4]] == [
        ("vertrieb", "INBOX"),
        ("vertrieb", "Angebote"),
        ("vertrieb", "Äpfel"),
        ("vertrieb", "Papierkorb"),
    ]
    assert (found[0].total, found[0].unread, found[0].unprocessed, found[0].last_success) == (1, 1, 1, None)
    boxes = windows.mailboxes(filling.store.read)
    assert [(box.name, box.unprocessed) for box in boxes] == [("vertrieb", 1), ("zentrale", 0)]
    assert windows.totals(filling.store.read).unprocessed == 1
    assert windows.totals(filling.store.read, second).total == 0


def test_a_first_or_last_day_of_the_calendar_is_no_error(filling: Filling) -> None:
    inbox = filling.folder(filling.mailbox("vertrieb"), "INBOX", Role.INBOX)
    filling.copies([Copy(1, inbox)])
    early, late = datetime(1, 1, 1, tzinfo=UTC).date(), datetime(9999, 12, 31, tzinfo=UTC).date()
    assert windows.count(filling.store.read, ListFilter(after=early, before=late)) == 1
    assert windows.count(filling.store.read, ListFilter(after=late - timedelta(days=1))) == 0
