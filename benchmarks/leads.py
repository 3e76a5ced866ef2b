"""Measures the board and the lists of leads beside the limits of the plan: `python -m benchmarks.leads --leads 50000`.

What the store is asked when a place opens, when it is scrolled, filtered and sorted; `limit` is what a place may take as a
whole, so that its queries must stay well below. SQLite only. Whole screens are measured by `benchmarks.leads_screen`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain.crm.kinds import LeadState
from app.domain.leads.distribution import Share
from app.domain.leads.filter import NO_CAMPAIGN, NOBODY, OPEN_STATES, LeadFilter, LeadSort, SortKey
from app.domain.overviews.figures import Scope, View
from app.domain.periods import Period
from app.services.leads import distributing, lists, working
from app.services.overviews import figures
from app.store.database import Store
from benchmarks import synthetic_leads
from benchmarks.synthetic import END, SUBJECT_WORDS
from benchmarks.timing import Figure, measure, show

TODAY = datetime.fromtimestamp(END, UTC).date()
CARDS = 60  # of a board on a large screen
LINES = 50
#: Milliseconds that a place may take to open, and an overview.
OPENING, OVERVIEW = 150.0, 300.0
#: So many leads are shared out in so many seconds.
SHARED, SHARING = 5_000, 2.0

FILTERS = {
    "everything": LeadFilter(),
    "open": LeadFilter(states=OPEN_STATES),
    "of nobody": LeadFilter(assignee=NOBODY),
    "of the busiest member": LeadFilter(assignee=synthetic_leads.login(0)),
    "of one campaign": LeadFilter(campaign_id=1),
    "of no campaign": LeadFilter(campaign_id=NO_CAMPAIGN),
    "of one source": LeadFilter(source=synthetic_leads.SOURCES[0]),
    "of a quarter": LeadFilter(created_from=TODAY - timedelta(days=90), created_to=TODAY),
    "overdue": LeadFilter(overdue=True),
    "found by one letter": LeadFilter(text="m"),
    "found by a word": LeadFilter(text=SUBJECT_WORDS[0]),
    "found by two words": LeadFilter(text=f"{SUBJECT_WORDS[1]} be"),
}


def opening(store: Store) -> list[Figure]:
    """All that a place asks before it is drawn: ids, counters, and the rows of its first screen."""
    found = [
        measure(f"board: {name}", lambda wanted=wanted: _open_board(store, wanted))  # type: ignore[misc]
        for name, wanted in FILTERS.items()
    ]
    found += [
        measure(f"list: {name}", lambda wanted=wanted: _open_list(store, wanted, LeadSort()))  # type: ignore[misc]
        for name, wanted in FILTERS.items()
    ]
    return found


def by_column(store: Store) -> list[Figure]:
    return [
        measure(f"list by {sort.key}", lambda sort=sort: _open_list(store, LeadFilter(), sort))  # type: ignore[misc]
        for sort in map(LeadSort, SortKey)
    ]


def scrolling(store: Store) -> list[Figure]:
    """The rows of a screenful that was not drawn before."""
    ids = lists.list_ids(store, LeadFilter(), LeadSort(), TODAY)
    middle = len(ids) // 2
    return [
        measure(
            f"{LINES} rows from the middle", lambda: len(lists.lead_rows(store, ids[middle : middle + LINES]))
        ),
        measure("what can be filtered by", lambda: len(lists.campaigns(store)) + len(lists.sources(store))),
    ]


def overviews(store: Store) -> list[Figure]:
    """Each overview of all leads, of a campaign and of a quarter."""
    now = datetime.fromtimestamp(END, UTC).astimezone()
    scopes = {
        "": Scope(),
        " of one campaign": Scope(campaign_id=1),
        " of a quarter": Scope(period=Period(TODAY - timedelta(days=90), TODAY)),
    }
    return [
        measure(
            f"{view}{name}", lambda view=view, scope=scope: bool(figures.overview(store, view, scope, now)), 5
        )  # type: ignore[misc]
        for view in View
        for name, scope in scopes.items()
    ]


def sharing(store: Store, leads: int = SHARED) -> None:
    """Share so many leads out among all members, and give them back; progress is told a dozen times at least."""
    now = datetime.fromtimestamp(END, UTC)
    shares = [Share(synthetic_leads.login(number)) for number in range(4)]
    ids = distributing.new_leads(store, now)[:leads]
    told: list[tuple[int, int]] = []
    boss = synthetic_leads.login(0)
    begun = time.perf_counter()
    done = distributing.distribute(
        store, ids, shares, author=boss, now=now, progress=lambda *step: told.append(step)
    )
    took = time.perf_counter() - begun
    working.take_back(store, ids, author=boss, now=now)
    given = sum(done.assigned.values())
    print(f"\n{given:,} leads shared out in {took:.2f} s, told {len(told)} times; limit {SHARING:.1f} s")


def _open_board(store: Store, wanted: LeadFilter) -> int:
    groups = lists.board_ids(store, wanted, TODAY)
    lists.lead_counts(store, wanted, TODAY)
    lists.lead_rows(store, [number for ids in groups.values() for number in ids[: CARDS // len(LeadState)]])
    return sum(map(len, groups.values()))


def _open_list(store: Store, wanted: LeadFilter, sort: LeadSort) -> int:
    ids = lists.list_ids(store, wanted, sort, TODAY)
    lists.lead_counts(store, wanted, TODAY)
    lists.lead_rows(store, ids[:LINES])
    return len(ids)


def judge(found: list[Figure], limit: float) -> None:
    """Say how far the slowest is from its limit, by its best run: what else runs here delays the others."""
    worst = max(found, key=lambda figure: figure.best)
    print(f"slowest: {worst.name}, {worst.best:.0f} ms, {worst.best / limit:.0%} of {limit:.0f} ms")


@contextmanager
def lead_store(leads: int, kept: Path | None) -> Iterator[Store]:
    """A store with so many leads, removed afterwards; `kept`: a file that is built when missing and stays."""
    with tempfile.TemporaryDirectory(prefix="postkorb-bench-") as folder:
        target = kept or Path(folder) / "postkorb.db"
        begun = time.perf_counter()
        store = Store(target) if target.exists() else synthetic_leads.build(target, leads)
        print(f"{leads:,} leads in {time.perf_counter() - begun:.0f} s")
        yield store
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=50_000)
    parser.add_argument("--store", type=Path, help="a store that is built here when missing, and kept")
    options = parser.parse_args()
    with lead_store(options.leads, options.store) as store:
        for title, seen in (("Opening", opening(store)), ("Sorting", by_column(store))):
            show(f"{title} (queries)", seen)
            judge(seen, OPENING)
        show("Scrolling (queries)", scrolling(store))
        seen = overviews(store)
        show("Overviews (queries)", seen)
        judge(seen, OVERVIEW)
        sharing(store)


if __name__ == "__main__":
    main()
