"""A store of leads of any size, the same every time, written straight through SQL: members, campaigns, contacts, leads in
every state with their history, tasks and opportunities. Not an import: no rule is asked.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.crm.naming import contact_phrases, domain_of, name_order, search_words
from app.store.connection import Connection
from app.store.database import Store
from benchmarks.synthetic import END, SUBJECT_WORDS, Texts

DAY = 86_400
DAYS = 700  # the oldest lead
BATCH = 5_000
SOURCES = ("E-Mail", "Messe", "Webformular", "Telefon", "Empfehlung", "Import 2026")
_SOURCE_SHARES = (40, 20, 15, 10, 5, 10)
STATES = ("new", "active", "done")
_STATE_SHARES = (15, 25, 60)
_REASONS = ("not interested", "not reachable", "wrong contact", "competitor", "other")
_STAGES = (("Qualifiziert", 25), ("Angebot", 50), ("Verhandlung", 75), ("Gewonnen", 100), ("Verloren", 0))
_INSERT_OPPORTUNITY = """INSERT INTO opportunity (title, search, contact_id, lead_id, value, probability, stage,
  expected_on, assignee, created_by, created_at, changed_at, closed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_STEPS = ("Anrufen", "Angebot schicken", "Termin vereinbaren", "Muster senden", "Nachfassen", "")


def login(number: int) -> str:
    """The login of the member with this number, from 0; the first one is an admin."""
    return f"rep{number + 1:02}"


def build(
    target: Path | str,
    leads: int = 50_000,
    *,
    contacts: int = 20_000,
    campaigns: int = 500,
    members: int = 12,
) -> Store:
    """A new store with so many leads; about ten seconds for the sizes that stand there."""
    store = Store(target)
    texts = Texts()
    with store.write() as tx:
        _members(tx, texts, members)
        names = [
            (f"{SOURCES[n % 5]} {SUBJECT_WORDS[n % len(SUBJECT_WORDS)]} {n:03}",) for n in range(campaigns)
        ]
        tx.run_many("INSERT INTO campaign (name) VALUES (?)", names)
    for first in range(0, contacts, BATCH):
        with store.write() as tx:
            _contacts(tx, texts, range(first, min(first + BATCH, contacts)))
    for first in range(0, leads, BATCH):
        with store.write() as tx:
            _leads(tx, range(first, min(first + BATCH, leads)), contacts, campaigns, members)
    with store.write() as tx:
        tx.run("ANALYZE")
    return store


def build_opportunities(target: Path | str, opportunities: int = 50_000, *, members: int = 12) -> Store:
    """A new store with so many opportunities, most of them of no lead, at all stages; about five seconds for this size."""
    leads = opportunities // 10
    contacts = 20_000
    store = build(target, leads, contacts=contacts, members=members)
    there = int(store.read.value("SELECT count(*) FROM opportunity"))
    for first in range(there, opportunities, BATCH):
        numbers = range(first, min(first + BATCH, opportunities))
        made = [_lead(number + leads, contacts, 1, members) for number in numbers]
        for lead in made:
            end = lead["finished_at"] or lead["created_at"]
            lead |= {"id": lead["id"] + leads, "finished_at": end, "assignee": lead["assignee"] or login(0)}
        with store.write() as tx:
            tx.run_many(_INSERT_OPPORTUNITY, [_without_lead(_opportunity(lead)) for lead in made])
    with store.write() as tx:
        tx.run("ANALYZE")
    return store


def _members(tx: Connection, texts: Texts, members: int) -> None:
    tx.run_many(
        "INSERT INTO member (login, name, role, created_at, changed_at) VALUES (?, ?, ?, ?, ?)",
        [
            (login(n), texts.people[n][0], "rep" if n else "admin", END - DAYS * DAY, END - DAYS * DAY)
            for n in range(members)
        ],
    )


def _contacts(tx: Connection, texts: Texts, numbers: range) -> None:
    contacts: list[tuple[Any, ...]] = []
    emails: list[tuple[Any, ...]] = []
    phones: list[tuple[Any, ...]] = []
    found_by: list[tuple[int, str, int]] = []
    for number in numbers:
        dice = random.Random(f"contact {number}")
        name, address = texts.people[number % len(texts.people)]
        first, last = name.split()
        address = address.replace("@", f"{number}@")
        company = f"{dice.choice(SUBJECT_WORDS)} {last} GmbH"
        customer = f"{10_000 + number}" if dice.random() < 0.5 else ""
        search = search_words((first, last, company, customer, address))
        key, at = number + 1, END - dice.randrange(DAYS * DAY)
        order = name_order(last, first, company, address)
        contacts.append(
            (key, first, last, company, customer, dice.choice(SUBJECT_WORDS), search, order, at, at)
        )
        emails.append((key, address, domain_of(address)))
        phones.append((key, f"+49 421 {dice.randrange(10**6):06}"))
        found_by += [(0, word, key) for word in search.split()]
        found_by += [(1, phrase, key) for phrase in contact_phrases(first, last, company, customer)]
    tx.run_many(
        """INSERT INTO contact (id, first_name, last_name, company, customer_number, city, search, name_order,
  created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        contacts,
    )
    tx.run_many("INSERT INTO contact_email (contact_id, address, domain) VALUES (?, ?, ?)", emails)
    tx.run_many("INSERT INTO contact_phone (contact_id, number) VALUES (?, ?)", phones)
    tx.run_many("INSERT INTO contact_word (phrase, word, contact_id) VALUES (?, ?, ?)", found_by)


def _leads(tx: Connection, numbers: range, contacts: int, campaigns: int, members: int) -> None:
    made = [_lead(number, contacts, campaigns, members) for number in numbers]
    columns = ", ".join(made[0])
    signs = ", ".join("?" * len(made[0]))
    tx.run_many(f"INSERT INTO lead ({columns}) VALUES ({signs})", [tuple(lead.values()) for lead in made])
    tx.run_many(
        """INSERT INTO history_entry (kind, record_id, at, author, event, text) VALUES ('lead', ?, ?, ?, ?, ?)""",
        [entry for lead in made for entry in _history(lead)],
    )
    tx.run_many(
        """INSERT INTO task (title, search, contact_id, lead_id, due_on, assignee, state, created_by, created_at,
  changed_at) VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)""",
        [_task(lead) for lead in made if lead["state"] == "active" and lead["id"] % 2],
    )
    tx.run_many(_INSERT_OPPORTUNITY, [_opportunity(lead) for lead in made if lead["result"] == "success"])


def _lead(number: int, contacts: int, campaigns: int, members: int) -> dict[str, Any]:
    dice = random.Random(f"lead {number}")
    title = f"{' '.join(dice.choices(SUBJECT_WORDS, k=2))} {number % 1_000:03}"
    state = dice.choices(STATES, _STATE_SHARES)[0]
    age = int(dice.random() ** 2 * (30 if state == "new" else DAYS) * DAY)
    created = END - age
    activated = None if state == "new" else created + dice.randrange(age // 2 + 1)
    finished = None
    if state == "done" and activated is not None:
        finished = activated + dice.randrange(END - activated + 1)
    success = state == "done" and dice.random() < 0.35
    result = "" if state != "done" else "success" if success else "failure"
    due = END + dice.randrange(-20 * DAY, 60 * DAY) if state == "active" and dice.random() < 0.8 else None
    # The busiest member has several times as many as the last one.
    assignee = "" if state == "new" else login(int(members * dice.random() ** 1.5))
    return {
        "id": number + 1,
        "title": title,
        "contact_id": 1 + int(contacts * dice.random() ** 1.3),
        "campaign_id": 1 + int(campaigns * dice.random() ** 2) if dice.random() < 0.7 else None,
        "source": dice.choices(SOURCES, _SOURCE_SHARES)[0],
        "assignee": assignee,
        "state": state,
        "result": result,
        "reason": dice.choice(_REASONS) if result == "failure" else "",
        "value": dice.randrange(500, 90_000) * 100 if dice.random() < 0.7 else None,
        "next_step": dice.choice(_STEPS) if state == "active" else "",
        "due_on": f"{datetime.fromtimestamp(due, UTC):%Y-%m-%d}" if due else "",
        "note": " ".join(dice.choices(SUBJECT_WORDS, k=dice.randrange(0, 60))),
        "search": search_words([title]),
        "created_at": created,
        "changed_at": finished or activated or created,
        "created_by": login(number % members),
        "activated_at": activated,
        "finished_at": finished,
    }


def _history(lead: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What happened to a lead: about five entries."""
    number, dice = lead["id"], random.Random(f"history {lead['id']}")
    yield number, lead["created_at"], lead["created_by"], "created", ""
    if lead["activated_at"] is None:
        return
    yield number, lead["activated_at"], login(0), "assigned", ""
    end = lead["finished_at"] or END
    for _turn in range(dice.randrange(5)):
        at = lead["activated_at"] + dice.randrange(end - lead["activated_at"] + 1)
        text = " ".join(dice.choices(SUBJECT_WORDS, k=12))
        yield number, at, lead["assignee"], dice.choice(("note", "call")), text
    if lead["finished_at"] is not None:
        yield number, lead["finished_at"], lead["assignee"], "finished", ""


def _task(lead: dict[str, Any]) -> tuple[Any, ...]:
    title = f"{lead['next_step'] or 'Anrufen'}: {lead['title']}"
    at, by = lead["activated_at"], lead["assignee"]
    search = search_words([title])
    return title, search, lead["contact_id"], lead["id"], lead["due_on"], by, by, at, at


def _opportunity(lead: dict[str, Any]) -> tuple[Any, ...]:
    stage, probability = _STAGES[lead["id"] % len(_STAGES)]
    at, by = lead["finished_at"], lead["assignee"]
    expected = datetime.fromtimestamp(at, UTC) + timedelta(days=lead["id"] % 120)
    return (
        *(lead["title"], lead["search"], lead["contact_id"], lead["id"], lead["value"], probability, stage),
        *(f"{expected:%Y-%m-%d}", by, by, at, at, at if probability in (0, 100) else None),
    )


def _without_lead(opportunity: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*opportunity[:3], None, *opportunity[4:])
