"""Leases: the right of one process to do what one alone may do, until it runs out."""

from __future__ import annotations

import os
import secrets
import socket

from app.store.connection import Connection, Row
from app.store.database import Store


def new_owner() -> str:
    """A name for the holder of leases: machine, process and something that no other process has."""
    return f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(8)}"


#: Seconds. No lease is given for longer: what seems to last longer was written before the clock was set back.
_LONGEST = 3600.0


def _holds(holder: Row | None, now: float) -> bool:
    """Whether this (owner, expires_at) still holds its lease."""
    return holder is not None and now < holder[1] <= now + _LONGEST and _alive(holder[0])


def _alive(owner: str) -> bool:
    """Whether the process of this owner may still run; one on another machine always may."""
    machine, process, _ = owner.rsplit(" ", 2)
    if machine != socket.gethostname():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def running_holder(read: Connection, name: str) -> tuple[str, float] | None:
    """Who holds the lease and until when (epoch seconds), whether that time is over or not; None for a process of this
    machine that has ended."""
    holder = read.row("SELECT owner, expires_at FROM lease WHERE name = ?", (name,))
    return (holder[0], holder[1]) if holder is not None and _alive(holder[0]) else None


def take_lease(store: Store, name: str, owner: str, seconds: float, now: float) -> bool:
    """Take or renew the lease until `now + seconds` (epoch seconds). False if somebody else holds it.

    A holder on this machine whose process is no more holds nothing.
    """
    with store.write() as tx:
        holder = tx.row("SELECT owner, expires_at FROM lease WHERE name = ?", (name,))
        if holder is not None and holder[0] != owner and _holds(holder, now):
            return False
        tx.run(
            """INSERT INTO lease (name, owner, expires_at) VALUES (?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at""",
            (name, owner, now + seconds),
        )
    return True


def is_held(read: Connection, name: str, now: float) -> bool:
    """Whether somebody holds the lease (`now` in epoch seconds)."""
    holder = read.row("SELECT owner, expires_at FROM lease WHERE name = ?", (name,))
    return _holds(holder, now)


def drop_lease(store: Store, name: str, owner: str) -> None:
    """Give the lease back, if it is still ours."""
    with store.write() as tx:
        tx.run("DELETE FROM lease WHERE name = ? AND owner = ?", (name, owner))
