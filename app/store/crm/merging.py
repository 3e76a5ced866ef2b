"""Takes two records apart and puts them together: snapshots, what refers to them, and the steps that tell of it; no rules.

Imports SQLModel, for the columns of a record: nothing on the way to the first screen may import this module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, SQLModel

from app.domain.crm.kinds import Kind
from app.domain.crm.naming import search_words
from app.domain.crm.record_input import ContactInput
from app.store import tables  # noqa: F401 - so that the metadata knows them
from app.store.connection import Connection, Row, rows_in, run_in
from app.store.crm.record_entry import replace_record
from app.store.crm.references import Reference, references

#: What is made out of other columns, or tells of the row itself.
_OWN = {"id", "changed_at", "search", "name_order"}
_LISTS = {"emails", "phones", "traits"}
#: Rows that moved with a merge: table, column, ids.
Moved = list[tuple[str, str, list[int]]]
#: Rows that a merge took away: table, values by column.
Dropped = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Step:
    """A merge. `at` in epoch seconds; `before`: what is needed to undo it."""

    id: int
    kind: Kind
    survivor_id: int
    removed_id: int
    author: str
    at: int
    before: dict[str, Any]
    undone_at: int | None


def _columns(kind: Kind) -> list[str]:
    return [column.name for column in SQLModel.metadata.tables[kind.value].columns if column.name not in _OWN]


def snapshot(read: Connection, kind: Kind, record_id: int) -> tuple[dict[str, Any], int] | None:
    """A record as `app.domain.crm.merging` takes it, and its version (`changed_at`); None when it is gone."""
    names = _columns(kind)
    row = read.row(f"SELECT changed_at, {', '.join(names)} FROM {kind.value} WHERE id = ?", (record_id,))
    if row is None:
        return None
    values = dict(zip(names, row[1:], strict=True))
    if kind is Kind.CONTACT:
        values["traits"] = values["traits"].split("\n") if values["traits"] else []
        for field, table, column in (
            ("emails", "contact_email", "address"),
            ("phones", "contact_phone", "number"),
        ):
            parts = read.rows(
                f"SELECT {column}, label FROM {table} WHERE contact_id = ? ORDER BY id", (record_id,)
            )
            values[field] = [{"value": value, "label": label} for value, label in parts]
    return values, int(row[0])


def put(
    session: Session, tx: Connection, kind: Kind, record_id: int, values: Mapping[str, Any], version: int
) -> None:
    """Write all columns of a record that is there, and what is made out of them. `tx`: of the session."""
    plain = {name: value for name, value in values.items() if name not in _LISTS} | {"changed_at": version}
    if kind is Kind.CONTACT:
        data = ContactInput.model_validate({name: values[name] for name in ContactInput.model_fields})
        replace_record(session, kind, record_id, data, version)
        session.flush()
    else:
        plain["search"] = search_words([values["title"]])
    setting = ", ".join(f"{name} = ?" for name in plain)
    tx.run(f"UPDATE {kind.value} SET {setting} WHERE id = ?", [*plain.values(), record_id])
    session.expire_all()


def put_back(
    session: Session, tx: Connection, kind: Kind, record_id: int, values: Mapping[str, Any], version: int
) -> None:
    """Write a record that was removed, under its own id."""
    first = {"title": values["title"]} if kind is Kind.LEAD else {"last_name": values["last_name"]}
    name, value = next(iter(first.items()))
    tx.run(f"INSERT INTO {kind.value} (id, {name}) VALUES (?, ?)", (record_id, value))
    put(session, tx, kind, record_id, values, version)


def remove(tx: Connection, kind: Kind, record_id: int) -> None:
    """Remove a record that nothing refers to any more, with its parts."""
    tx.run(f"DELETE FROM {kind.value} WHERE id = ?", (record_id,))


def move_all(tx: Connection, kind: Kind, source: int, target: int) -> tuple[Moved, Dropped]:
    """Let all that refers to one record refer to another; the rows that moved, and those that are gone because the other
    one has their like: a mail is linked to a record only once."""
    moved: Moved = []
    dropped: Dropped = []
    for each in references(kind):
        where, params = each.where(kind, source)
        if each.once:
            dropped += _drop_twins(tx, each, kind, source, target)
        sql = f"SELECT {each.key} FROM {each.table} WHERE {where} ORDER BY {each.key}"
        keys = [row[0] for row in tx.rows(sql, params)]
        if keys:
            tx.run(f"UPDATE {each.table} SET {each.column} = ? WHERE {where}", [target, *params])
            moved.append((each.table, each.column, keys))
    return moved, dropped


def _drop_twins(tx: Connection, each: Reference, kind: Kind, source: int, target: int) -> Dropped:
    where, params = each.where(kind, source)
    there, there_params = each.where(kind, target)
    twins = f"{where} AND {each.once} IN (SELECT {each.once} FROM {each.table} WHERE {there})"
    names = [column.name for column in SQLModel.metadata.tables[each.table].columns if column.name != "id"]
    sql = f"SELECT {', '.join(names)} FROM {each.table} WHERE {twins} ORDER BY {each.key}"
    found = tx.rows(sql, [*params, *there_params])
    tx.run(f"DELETE FROM {each.table} WHERE {twins}", [*params, *there_params])
    return [(each.table, dict(zip(names, row, strict=True))) for row in found]


def bring_back(tx: Connection, kind: Kind, dropped: Dropped) -> list[int]:
    """Write rows again that a merge took away, as far as what they hang on is still here; the messages that got a link
    back."""
    once = {each.table: each.once for each in references(kind)}
    messages: list[int] = []
    for table, row in dropped:
        owner = next(
            iter(SQLModel.metadata.tables[table].columns[once[table]].foreign_keys)
        ).column.table.name
        if not _is_there(tx, owner, row[once[table]]):
            continue
        signs = ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({signs}) ON CONFLICT DO NOTHING"
        tx.run(sql, list(row.values()))
        if owner == "message":
            messages.append(row[once[table]])
    return messages


def move_back(tx: Connection, kind: Kind, moved: Moved, here: int, target: int) -> int:
    """Let rows refer to a record again, as far as they still refer to the one `here`; how many do not."""
    known = {(each.table, each.column): each for each in references(kind)}
    left = 0
    for table, column, keys in moved:
        each = known[table, column]
        where, params = each.where(kind, here)
        sql = f"SELECT {each.key} FROM {table} WHERE {where} AND {each.key} IN "
        still = [row[0] for row in rows_in(tx, sql, keys, params)]
        sql = f"UPDATE {table} SET {column} = ? WHERE {where} AND {each.key} IN "
        run_in(tx, sql, still, [target, *params])
        left += len(keys) - len(still)
    return left


def still_there(read: Connection, kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """These values, without naming what is gone: for a contact that was merged since stands the one it went into."""
    if kind is not Kind.LEAD:
        return dict(values)
    contact, campaign = values["contact_id"], values["campaign_id"]
    while contact is not None and not _is_there(read, "contact", contact):
        step = went_into(read, Kind.CONTACT, contact)
        contact = step.survivor_id if step else None
    there = campaign is not None and _is_there(read, "campaign", campaign)
    return {**values, "contact_id": contact, "campaign_id": campaign if there else None}


def _is_there(read: Connection, table: str, number: int) -> bool:
    return read.value(f"SELECT 1 FROM {table} WHERE id = ?", (number,)) is not None


def count_of(read: Connection, kind: Kind, record_id: int) -> dict[str, int]:
    """How many rows of each table refer to a record."""
    found = ((each, *each.where(kind, record_id)) for each in references(kind))
    return {
        each.table: int(read.value(f"SELECT count(*) FROM {each.table} WHERE {where}", params))
        for each, where, params in found
    }


# -- steps

_STEP = "SELECT id, kind, survivor_id, removed_id, author, at, before, undone_at FROM merge_step"


def add_step(
    tx: Connection, kind: Kind, survivor: int, removed: int, author: str, at: int, before: Mapping[str, Any]
) -> int:
    """Keep a merge; its id."""
    return int(
        tx.value(
            """INSERT INTO merge_step (kind, survivor_id, removed_id, author, at, before) VALUES (?, ?, ?, ?, ?, ?)
  RETURNING id""",
            (kind.value, survivor, removed, author, at, json.dumps(before, ensure_ascii=False)),
        )
    )


def step_of(read: Connection, step_id: int) -> Step | None:
    return _step(read.row(f"{_STEP} WHERE id = ?", (step_id,)))


def last_into(read: Connection, kind: Kind, survivor_id: int) -> Step | None:
    """The last merge into this record that is not undone."""
    sql = f"{_STEP} WHERE kind = ? AND survivor_id = ? AND undone_at IS NULL ORDER BY id DESC LIMIT 1"
    return _step(read.row(sql, (kind.value, survivor_id)))


def went_into(read: Connection, kind: Kind, removed_id: int) -> Step | None:
    """The merge in which this record was removed, as far as it is not undone."""
    sql = f"{_STEP} WHERE kind = ? AND removed_id = ? AND undone_at IS NULL ORDER BY id DESC LIMIT 1"
    return _step(read.row(sql, (kind.value, removed_id)))


def set_undone(tx: Connection, step_id: int, at: int) -> None:
    tx.run("UPDATE merge_step SET undone_at = ? WHERE id = ?", (at, step_id))


def _step(row: Row | None) -> Step | None:
    if row is None:
        return None
    number, kind, survivor, removed, author, at, before, undone = row
    return Step(number, Kind(kind), survivor, removed, author, at, json.loads(before), undone)
