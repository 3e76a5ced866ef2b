"""A team and its leads in a store, what holds for leads after every step, and a rival in another process."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.leads.distribution import Share
from app.services.leads.distributing import distribute
from app.services.leads.working import assign
from app.store.database import Store
from tests.store.leads import add_lead, add_member

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AT = int(NOW.timestamp())


def furnish(store: Store) -> None:
    """Anna and Ben are reps, Cleo is the admin, Dora reads, Emil has left."""
    for login, name, role in (
        ("anna", "Anna Berg", "rep"),
        ("ben", "Ben Kurz", "rep"),
        ("cleo", "Cleo Sommer", "admin"),
        ("dora", "Dora Lenz", "privacy"),
        ("emil", "Emil Voss", "rep"),
    ):
        add_member(store, login, name, role, active=login != "emil")


def add_leads(store: Store, number: int, **values: Any) -> list[int]:
    """Some leads at once; one by one where they are few takes no longer."""
    if number <= 10:
        return [add_lead(store, f"Lead {place}", **values) for place in range(number)]
    with store.write() as tx:
        first = int(tx.value("SELECT coalesce(max(id), 0) + 1 FROM lead"))
        ids = list(range(first, first + number))
        tx.run_many(
            "INSERT INTO lead (id, title, state, created_at, changed_at) VALUES (?, ?, 'new', ?, ?)",
            [(one, f"Lead {one}", AT, AT) for one in ids],
        )
    return ids


def standing(store: Store, lead: int) -> tuple[str, str]:
    """State and assignee."""
    found = store.read.row("SELECT state, assignee FROM lead WHERE id = ?", (lead,))
    assert found is not None
    return found[0], found[1]


def history(store: Store, lead: int) -> list[tuple[str, str, str, Any]]:
    """(event, author, text, details) of each entry, oldest first."""
    rows = store.read.rows(
        "SELECT event, author, text, details FROM history_entry WHERE kind = 'lead' AND record_id = ? ORDER BY id",
        (lead,),
    )
    return [(event, author, text, json.loads(details or "{}")) for event, author, text, details in rows]


def broken_leads(store: Store) -> list[str]:
    """What is not as it must be: the state follows from the facts, times go with it, success has its opportunity."""
    rows = store.read.rows(
        """SELECT lead.id, state, assignee, result, activated_at, finished_at, reason,
  (SELECT count(*) FROM opportunity WHERE opportunity.lead_id = lead.id AND opportunity.reason = '') FROM lead"""
    )
    broken: list[str] = []
    for number, state, assignee, result, activated, finished, reason, opportunities in rows:
        follows = "done" if result else "active" if assignee else "new"
        for wrong, what in (
            (state != follows, f"is {state}, not {follows}"),
            ((activated is None) != (not assignee), f"is {assignee or 'nobody'}'s since {activated}"),
            ((finished is None) != (not result), f"has the result {result!r} since {finished}"),
            (bool(reason) != (result == "failure"), f"has the reason {reason!r}"),
            (result == "success" and opportunities != 1, f"became {opportunities} opportunities"),
        ):
            if wrong:
                broken.append(f"lead {number} {what}")
    return broken


def main(words: Sequence[str]) -> None:
    """In another process: `TARGET AUTHOR VERB LOGIN FIRST LAST`. Says "ready", waits for a line, and prints what came of it."""
    target, author, verb, login, first, last = words
    store = Store(target if target.startswith("postgresql") else Path(target))
    ids = range(int(first), int(last) + 1)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    if verb == "distribute":
        given = distribute(store, ids, [Share(login)], author=author, now=NOW)
        assigned, refused = given.assigned[login], given.refused
    else:
        worked = assign(store, ids, login, author=author, now=NOW, seen=dict.fromkeys(ids, ""))
        assigned, refused = len(worked.done), worked.refused
    json.dump({"assigned": assigned, "refused": [[one.id, one.reason] for one in refused]}, sys.stdout)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1:])
