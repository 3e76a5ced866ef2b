"""Measures the search on a synthetic store: `python -m benchmarks.search --mails 1000000`.

The 50 newest hits with everything a list row shows. Bodies are about 150 words; each store is written as a sync would.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from app.domain.mail.listing import ListFilter
from app.domain.mail.messages import Role
from app.services.reading.reader import SEARCH_SECONDS, MailReader
from app.store.database import Store
from benchmarks.synthetic import COMMON, PHRASE, PREFIX, RARE, SENDER
from benchmarks.timing import Figure, measure, show, synthetic_store

ROWS = 50
#: The measures that are compared with peers.
QUERIES = {
    "rare word": RARE,
    "common word": COMMON,
    "phrase": f'"{PHRASE}"',
    "prefix": f"{PREFIX}*",
    "sender": f"von:{SENDER}",
}
MORE = {
    "no hit": "gibtesnicht",
    "two common words": f"{COMMON} Rechnung",
    "common and rare word": f"{COMMON} {RARE}",
    "common word, another excluded": f"{COMMON} -Rechnung",
    "only an exclusion": f"-{COMMON}",
    "common word in the subject": f"betreff:{COMMON}",
    "common word, unread": f"{COMMON} ist:ungelesen",
    "common word, unprocessed": f"{COMMON} ist:unverarbeitet",
    "rare word, unprocessed": f"{RARE} ist:unverarbeitet",
    "common word in a small folder": f"{COMMON} in:papierkorb",
    "common word, with attachment": f"{COMMON} hat:anhang",
    "common word, old": f"{COMMON} vor:2023",
}
TYPED = ("an", "ang", "ange", "angebo", "re", "rechnungs", "müll", f"{RARE} ang")


def run(store: Store) -> list[tuple[str, list[Figure]]]:
    """Searches whole, while typing, and to the end."""
    reader = MailReader(store)
    inbox = next(row for row in reader.folders() if row.role == Role.INBOX)

    def newest(name: str, wanted: ListFilter) -> Figure:
        return measure(name, lambda: len(reader.search(wanted, limit=ROWS, seconds=None).rows))

    def typed(text: str) -> Figure:
        wanted = ListFilter(query=text, typing=True)
        partial = " (partial)" if reader.search(wanted).partial else ""
        return measure(f"typed: {text}{partial}", lambda: len(reader.search(wanted).rows))

    return [
        (f"Search, {ROWS} newest", [newest(name, ListFilter(query=text)) for name, text in QUERIES.items()]),
        (
            f"Further searches, {ROWS} newest, to the end",
            [newest(name, ListFilter(query=text)) for name, text in MORE.items()]
            + [newest("common word in the inbox", ListFilter(folder_id=inbox.id, query=COMMON))],
        ),
        (f"While typing, at most {SEARCH_SECONDS} s", [typed(text) for text in TYPED]),
        (
            "All hits",
            [measure(f"count: {name}", lambda t=text: _all(store, t), 2) for name, text in QUERIES.items()],
        ),  # type: ignore[misc]
    ]


def _all(store: Store, text: str) -> int:
    """A new reader keeps nothing from the time before."""
    return MailReader(store).count(ListFilter(query=text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--store", type=Path, help="a store that is built here when missing, and kept")
    options = parser.parse_args()
    with synthetic_store(options.mails, options.store) as store:
        for title, figures in run(store):
            show(title, figures)


if __name__ == "__main__":
    main()
