"""Measures the place of opportunities at any size: `python -m benchmarks.opportunities --opportunities 50000`.

First what the store is asked (ids, sums, rows), then the place itself in a pseudo-terminal as `benchmarks.leads_screen` does
it: opening, keys on board and list, and cards that are moved. SQLite only; 80x24, and 120x40 with --large.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from app.domain.opportunities.pipeline import NO_MONTH, OVERDUE, OpportunityFilter, Sort
from app.domain.opportunities.stages import Outcome
from app.services.opportunities import lists
from app.store.database import Store
from app.widgets.lane import PORTION
from benchmarks import leads_screen, synthetic, synthetic_leads
from benchmarks.leads import TODAY, judge
from benchmarks.synthetic import SUBJECT_WORDS
from benchmarks.terminal import Program, Terminal
from benchmarks.timing import Figure, measure, show

FILTERS = {
    "everything": OpportunityFilter(),
    "undecided": OpportunityFilter(outcome=Outcome.OPEN),
    "of the busiest member": OpportunityFilter(assignee=synthetic_leads.login(0)),
    "at one stage": OpportunityFilter(stage="Angebot"),
    "of a month": OpportunityFilter(month=f"{TODAY:%Y-%m}"),
    "of no month": OpportunityFilter(month=NO_MONTH),
    "overdue": OpportunityFilter(month=OVERDUE),
    "found by a word": OpportunityFilter(text=SUBJECT_WORDS[0]),
}
KEYS = leads_screen.KEYS | {"opportunities": "gv", "move right": "L", "move left": "H"}


def opening(store: Store) -> list[Figure]:
    """All that the place asks before it is drawn."""
    found = [
        measure(f"board: {name}", lambda wanted=wanted: _open_board(store, wanted))  # type: ignore[misc]
        for name, wanted in FILTERS.items()
    ]
    found += [
        measure(f"list: {name}", lambda wanted=wanted: _open_list(store, wanted, Sort.EXPECTED))  # type: ignore[misc]
        for name, wanted in FILTERS.items()
    ]
    found += [
        measure(f"list by {sort}", lambda sort=sort: _open_list(store, OpportunityFilter(), sort))  # type: ignore[misc]
        for sort in Sort
    ]
    return found


def _open_board(store: Store, wanted: OpportunityFilter) -> int:
    found = lists.found(store, wanted, TODAY)
    columns = lists.board_ids(store, wanted, found, TODAY).values()
    lists.portion(store, [number for ids in columns for number in ids[:PORTION]])
    return sum(map(len, columns))


def _open_list(store: Store, wanted: OpportunityFilter, sort: Sort) -> int:
    lists.found(store, wanted, TODAY)
    ids = lists.list_ids(store, wanted, sort, TODAY)
    lists.portion(store, ids[:PORTION])
    return len(ids)


def measure_place(home: Path, opportunities: int, runs: int, turns: int) -> None:
    words = f"{opportunities:,}".replace(",", ".")
    os.environ["LOGNAME"] = synthetic_leads.login(0)  # an admin: nobody else may move everybody's cards
    shown = leads_screen.program(home)
    seat = Terminal(Program(shown.name, shown.command, shown.row, KEYS), home)
    seat.until_usable()
    seat.read(1.0)  # the background work has begun by then
    leads_screen.opening(seat, "opportunities", words, runs, leads_screen.OPENING)
    leads_screen.opened(seat, "opportunities", words)
    leads_screen.moving(seat, "on the board", ("down", "right", "down", "left"), turns)
    # The cursor goes along, so that each card comes back to where it was.
    leads_screen.moving(
        seat, "cards moved, until all is counted anew", ("move right", "move left"), turns // 4, 0.5
    )
    print(f"{'board':10} becomes a list in {seat.press('view', 0.3)[1]:.0f} ms")
    leads_screen.moving(seat, "on the list", ("down", "page"), turns)
    print(f"peak memory {seat.peak_mb():.0f} MB")
    seat.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--opportunities", type=int, default=50_000)
    options = leads_screen.asked(parser)
    with tempfile.TemporaryDirectory(prefix="postkorb-bench-") as folder:
        home = options.home or Path(folder) / "home"
        database = home / "postkorb.db"
        if not database.exists():
            begun = time.perf_counter()
            home.mkdir(parents=True, exist_ok=True)
            synthetic.build(database, leads_screen.MAILS).close()
            synthetic_leads.build_opportunities(database, options.opportunities).close()
            print(f"{options.opportunities:,} opportunities in {time.perf_counter() - begun:.0f} s")
        store = Store(database)
        figures = opening(store)
        show("Opening (queries)", figures)
        judge(figures, leads_screen.OPENING)
        store.close()
        measure_place(home, options.opportunities, options.runs, options.turns)


if __name__ == "__main__":
    main()
