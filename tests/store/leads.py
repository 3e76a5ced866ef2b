"""Puts members, campaigns, contacts and leads into a store for a test, by plain SQL and without any rule."""

from __future__ import annotations

from typing import Any

from app.domain.crm.naming import name_order, search_words
from app.store.database import Store
from tests.store.build import NOON

DAY = 86_400


def let_in(store: Store, login: str, name: str = "") -> None:
    """Somebody who is in the team, where a test has let others do something first; a store of nobody stays so."""
    team = [known for (known,) in store.read.rows("SELECT login FROM member")]
    if team and login not in team:
        add_member(store, login, name or login)


def add_member(store: Store, login: str, name: str = "", role: str = "rep", *, active: bool = True) -> None:
    """A member as they are to be, whoever became one by doing something first."""
    with store.write() as tx:
        tx.run(
            """INSERT INTO member (login, name, role, active, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (login) DO UPDATE SET name = excluded.name, role = excluded.role, active = excluded.active""",
            (login, name or login.title(), role, int(active), NOON, NOON),
        )


def add_campaign(store: Store, name: str) -> int:
    with store.write() as tx:
        return int(tx.value("INSERT INTO campaign (name) VALUES (?) RETURNING id", (name,)))


def add_contact(store: Store, first: str = "", last: str = "", company: str = "", address: str = "") -> int:
    search = search_words((first, last, company, address))
    with store.write() as tx:
        number = int(
            tx.value(
                """INSERT INTO contact (first_name, last_name, company, search, name_order, created_at, changed_at)
  VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""",
                (first, last, company, search, name_order(last, first, company, address), NOON, NOON),
            )
        )
        if address:
            tx.run("INSERT INTO contact_email (contact_id, address) VALUES (?, ?)", (number, address))
        words = [(0, word, number) for word in search.split()]
        tx.run_many("INSERT INTO contact_word (phrase, word, contact_id) VALUES (?, ?, ?)", words)
    return number


def add_lead(store: Store, title: str = "Anfrage", **values: Any) -> int:
    """A lead in the state that its assignee and result stand for; other columns by name."""
    done, assignee = values.get("result", ""), values.get("assignee", "")
    columns: dict[str, Any] = {
        "title": title,
        "search": search_words([title]),
        "state": "done" if done else "active" if assignee else "new",
        "created_at": NOON,
        "changed_at": NOON,
        "activated_at": NOON if assignee else None,
        "finished_at": NOON if done else None,
    } | values
    names = ", ".join(columns)
    with store.write() as tx:
        sql = f"INSERT INTO lead ({names}) VALUES ({', '.join('?' * len(columns))}) RETURNING id"
        return int(tx.value(sql, list(columns.values())))
