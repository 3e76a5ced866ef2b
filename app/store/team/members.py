"""Reads and writes members; plain SQL, no rules."""

from __future__ import annotations

from app.domain.team.members import Member, MemberRole
from app.store.connection import Connection, Row

_COLUMNS = "login, name, role, active, addresses"


def member(read: Connection, login: str) -> Member | None:
    """The member with this login, active or not."""
    row = read.row(f"SELECT {_COLUMNS} FROM member WHERE login = ?", (login,))
    return None if row is None else _member(row)


def members(read: Connection) -> list[Member]:
    """All members by name, active ones first."""
    return [
        _member(row) for row in read.rows(f"SELECT {_COLUMNS} FROM member ORDER BY active DESC, name, login")
    ]


def has_admin(read: Connection) -> bool:
    """Whether an active admin is there."""
    sql = "SELECT 1 FROM member WHERE role = 'admin' AND active = 1 LIMIT 1"
    return read.value(sql) is not None


def put_member(tx: Connection, found: Member, at: int) -> None:
    """Store a member as they are now; `at`: epoch seconds."""
    tx.run(
        """INSERT INTO member (login, name, role, active, addresses, created_at, changed_at)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (login) DO UPDATE SET name = excluded.name, role = excluded.role,
  active = excluded.active, addresses = excluded.addresses, changed_at = excluded.changed_at""",
        (found.login, found.name, found.role.value, int(found.active), "\n".join(found.addresses), at, at),
    )


def _member(row: Row) -> Member:
    login, name, role, active, addresses = row
    return Member(
        login, name, MemberRole(role), bool(active), tuple(addresses.split("\n")) if addresses else ()
    )
