"""Measures the personal task list, its queries and in a pseudo-terminal from key to answer: `python -m benchmarks.agenda`.

A store of 50,000 open leads and tasks, of which one member has 5,000, and another one who is mentioned 500 times. A terminal
of 80x24, and one of 120x40 with --large.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain.crm.agenda import EntryKind, Wish
from app.domain.crm.naming import search_words
from app.services.tasks import agenda, reminders
from app.store.database import Store
from app.widgets.table import PORTION
from benchmarks import synthetic, synthetic_leads, terminal
from benchmarks.leads_screen import asked, moving, opened, opening
from benchmarks.synthetic import END, SUBJECT_WORDS
from benchmarks.terminal import Program, Terminal
from benchmarks.timing import measure, show

BUSY, NAMED = "busy", "named"
MENTIONS = 500
MAILS, LEADS = 500, 2_000  # that lie around it
CONTACTS = 20_000
BATCH = 5_000
#: Milliseconds that the list may take to open.
OPENING = 150.0
DAYS = (-20, 60)  # of what is due, from today

WISHES = {
    "of the busy member": Wish(BUSY),
    "of the mentioned member": Wish(NAMED),
    "of all": Wish(),
    "of all, one kind": Wish(kinds=frozenset({EntryKind.FOLLOW_UP})),
    "of the busy member, found by a word": Wish(BUSY, text=SUBJECT_WORDS[0]),
    "of all, found by two letters": Wish(text="ma"),
    "of all, finished": Wish(done=True),
}
KEYS = {
    "tasks": "gt",
    "down": "j",
    "page": "\x1b[6~",
    "tomorrow": "m",
    "undo": "u",
    "filter": "F",
    "all": "aller\r",
    "back": "q",
    "quit": "\x11",
}


def build(target: Path, entries: int, busy: int, now: datetime) -> None:
    """A store with so many open leads and tasks, half of each; the `busy` member has so many of them."""
    synthetic.build(target, MAILS).close()
    store = synthetic_leads.build(target, LEADS, contacts=CONTACTS)
    at = END - synthetic_leads.DAY
    with store.write() as tx:
        sql = "INSERT INTO member (login, name, role, created_at, changed_at) VALUES (?, ?, ?, ?, ?)"
        tx.run_many(sql, [(BUSY, "Bea Busch", "admin", at, at), (NAMED, "Nina Nagel", "rep", at, at)])
        sql = "INSERT INTO mention (login, author, kind, record_id, text, created_at) VALUES (?, ?, 'lead', ?, ?, ?)"
        texts = [f"@{NAMED} {' '.join(_words(number, 8))}" for number in range(MENTIONS)]
        tx.run_many(sql, [(NAMED, BUSY, 1 + n % LEADS, text, at) for n, text in enumerate(texts)])
    for first in range(0, entries, BATCH):
        with store.write() as tx:
            rows = [_row(number, busy, now) for number in range(first, min(first + BATCH, entries))]
            tx.run_many(
                """INSERT INTO lead (title, search, contact_id, assignee, due_on, state, next_step, created_at, changed_at,
  activated_at) VALUES (?, ?, ?, ?, ?, 'active', 'Anrufen', ?, ?, ?)""",
                [(*row, at, at, at) for row in rows[::2]],
            )
            tx.run_many(
                """INSERT INTO task (title, search, contact_id, assignee, due_on, kind, state, created_at, changed_at)
  VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?)""",
                [
                    (*row, "follow_up" if place % 3 else "task", at, at)
                    for place, row in enumerate(rows[1::2])
                ],
            )
    with store.write() as tx:
        tx.run("ANALYZE")
    store.close()


def _row(number: int, busy: int, now: datetime) -> tuple[str, str, int, str, str]:
    """Title, search words, contact, assignee and day of an entry."""
    dice = random.Random(f"entry {number}")
    title = f"{' '.join(_words(number, 3))} {number % 1_000:03}"
    assignee = BUSY if number < busy else synthetic_leads.login(number % 12)
    day = (now + timedelta(days=dice.randint(*DAYS))).date().isoformat() if number % 10 else ""
    return title, search_words([title]), 1 + dice.randrange(CONTACTS), assignee, day


def _words(number: int, count: int) -> list[str]:
    return random.Random(f"words {number}").choices(SUBJECT_WORDS, k=count)


def queries(target: Path, now: datetime) -> int:
    """All that the list asks before it is drawn, and what every place asks while it is open; how many entries there are."""
    store = Store(target)
    found = [measure(name, lambda wish=wish: _open(store, wish, now)) for name, wish in WISHES.items()]  # type: ignore[misc]
    for login in (BUSY, NAMED):
        found.append(measure(f"what is due for {login}", lambda login=login: _due(store, login, now)))  # type: ignore[misc]
    show("Opening the task list (queries)", found)
    worst = max(found, key=lambda figure: figure.best)
    print(f"slowest: {worst.name}, {worst.best:.0f} ms, {worst.best / OPENING:.0%} of {OPENING:.0f} ms")
    count = len(agenda.entry_keys(store, Wish(), now))
    store.close()
    return count


def _open(store: Store, wish: Wish, now: datetime) -> int:
    keys = agenda.entry_keys(store, wish, now)
    agenda.entries(store, keys[:PORTION])
    return len(keys)


def _due(store: Store, login: str, now: datetime) -> int:
    reminders.is_due(store, login, now)
    return agenda.due_count(store, login, now).total


def screens(home: Path, login: str, entries: int, runs: int, turns: int) -> None:
    """Open the list of a member and move in it; `entries`: so many of all there are, opened last."""
    os.environ["LOGNAME"] = login
    command = [sys.executable, "-m", "app", "--home", str(home)]
    seat = Terminal(Program("postkorb", command, r"\d\d:\d\d|\d\d\.\d\d\.| \d+\. ", KEYS), home)
    seat.until_usable()
    seat.read(1.0)  # the background work has begun by then
    opening(seat, "tasks", "Meine Aufgaben   ", runs, int(OPENING))
    opened(seat, "tasks", "Meine Aufgaben   ")
    moving(seat, f"in the list of the {login} member", ("down", "page"), turns)
    stepping(seat, turns)
    if entries:
        opened(seat, "filter", "Aufgaben aller")
        took = opened(seat, "all", f"Aufgaben aller   {entries:,}".replace(",", "."))
        print(f"all {entries:,} are listed in {took:.0f} ms; limit {OPENING:.0f} ms")
        moving(seat, f"in the list of all {entries:,}", ("down", "page"), turns)
        stepping(seat, turns)
    print(f"{'':10} peak memory {seat.peak_mb():.0f} MB")
    seat.close()


def stepping(seat: Terminal, turns: int) -> None:
    """Put entries off, each until the cursor is on the next one, and take that back, until it is on the entry again: which is
    stored then, and the list read anew."""
    seen: dict[str, list[tuple[int, float]]] = {"tomorrow": [], "undo": []}
    for _turn in range(turns):
        for step, samples in seen.items():
            samples.append(seat.move(step))
            seat.read(0.3, 2.0)
    terminal.show(seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--busy", type=int, default=5_000, help="entries of the busiest member")
    options = asked(parser, turns=30)
    now = datetime.now(UTC).astimezone()
    with tempfile.TemporaryDirectory(prefix="postkorb-bench-") as folder:
        home = options.home or Path(folder) / "home"
        target = home / "postkorb.db"
        if not target.exists():
            begun = time.perf_counter()
            home.mkdir(parents=True, exist_ok=True)
            build(target, options.entries, options.busy, now)
            print(f"{options.entries:,} entries in {time.perf_counter() - begun:.0f} s")
        entries = queries(target, now)
        screens(home, NAMED, 0, options.runs, options.turns)
        screens(home, BUSY, entries, options.runs, options.turns)


if __name__ == "__main__":
    main()
