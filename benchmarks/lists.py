"""Measures what the mail list asks of the store: `python -m benchmarks.lists --mails 1000000`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain.mail.listing import ListFilter, SortOrder
from app.domain.mail.messages import Role
from app.services.reading.reader import MailReader
from app.store.database import Store
from benchmarks.synthetic import END
from benchmarks.timing import Figure, measure, show, synthetic_store

ROWS = 50


def run(store: Store) -> list[Figure]:
    """Windows, places, counts and counters of a store."""
    reader = MailReader(store)
    inbox = next(row for row in reader.folders() if row.role == Role.INBOX)
    folder, everything = ListFilter(folder_id=inbox.id), ListFilter()
    half = inbox.total // 2
    middle = reader.window_at(folder, half, 1)[0]
    place = (middle.message_id, middle.copy_id)
    last_month = (datetime.fromtimestamp(END, UTC) - timedelta(days=30)).date()

    def rows(wanted: ListFilter) -> Figure:
        return measure(f"newest {ROWS}: {_name(wanted)}", lambda: len(reader.window(wanted, limit=ROWS)))

    figures = [
        measure("open the store, folders and newest 50", lambda: _start(store, folder)),
        rows(folder),
        rows(everything),
        rows(ListFilter(mailbox_id=2)),
        rows(ListFilter(folder_id=inbox.id, unread=True)),
        rows(ListFilter(unprocessed=True)),
        rows(ListFilter(flagged=True)),
        rows(ListFilter(with_attachment=True)),
        rows(ListFilter(answered=True, before=last_month)),
        measure("next 50 after the middle", lambda: len(reader.window(folder, after=place, limit=ROWS))),
        measure("50 before the middle", lambda: len(reader.window(folder, before=place, limit=ROWS))),
        measure("50 from the middle by number", lambda: len(reader.window_at(folder, half, ROWS))),
        measure(
            "50 from three quarters by number", lambda: len(reader.window_at(folder, half * 3 // 2, ROWS))
        ),
        measure("last 50 by number", lambda: len(reader.window_at(folder, inbox.total - ROWS, ROWS))),
        measure("50 from the middle of all by number", lambda: len(reader.window_at(everything, half, ROWS))),
        measure("number of the middle mail", lambda: reader.offset_of(folder, place)),
        measure("number of the middle mail among all", lambda: reader.offset_of(everything, place)),
        measure("count: inbox", lambda: reader.count(folder)),
        measure("count: unprocessed everywhere", lambda: reader.count(ListFilter(unprocessed=True))),
        measure("count: last 30 days", lambda: reader.count(ListFilter(after=last_month))),
        measure("count: with attachment", lambda: reader.count(ListFilter(with_attachment=True)), runs=2),
        measure("next unprocessed", lambda: int(reader.next_unprocessed(place) is not None)),
        measure("folders and totals", lambda: len(reader.folders()) + reader.totals().unread),
    ]
    for order in (SortOrder.SENDER, SortOrder.SUBJECT, SortOrder.SIZE):
        wanted = ListFilter(folder_id=inbox.id, order=order)
        figures.append(
            measure(f"50 from the middle by {order} (first: sorts)", lambda w=wanted: _at(reader, w, half))
        )  # type: ignore[misc]
    return figures


def _name(wanted: ListFilter) -> str:
    place = "inbox" if wanted.folder_id else "small mailbox" if wanted.mailbox_id else "all folders"
    signs = [
        name
        for name in ("unread", "unprocessed", "flagged", "answered", "with_attachment")
        if getattr(wanted, name)
    ]
    return ", ".join([place, *signs])


def _at(reader: MailReader, wanted: ListFilter, offset: int) -> int:
    return len(reader.window_at(wanted, offset, ROWS))


def _start(store: Store, wanted: ListFilter) -> int:
    assert isinstance(store.target, Path)
    opened = Store(store.target)
    reader = MailReader(opened)
    shown = len(reader.folders()) + len(reader.window(wanted, limit=ROWS))
    opened.close()
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--store", type=Path, help="a store that is built here when missing, and kept")
    options = parser.parse_args()
    with synthetic_store(options.mails, options.store) as store:
        show("Lists", run(store))


if __name__ == "__main__":
    main()
