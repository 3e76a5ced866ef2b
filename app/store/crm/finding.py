"""Finds records while typing and addresses to complete, by folded words; reads only.

Contacts are found through `contact_word`, because there may be 100,000; the others by walking the index on `search`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.crm.kinds import Kind
from app.domain.crm.naming import words
from app.store.connection import Connection, Dialect, places

if TYPE_CHECKING:
    from app.store.crm.records import RecordKey

#: Candidates ranked for one answer; a query that has more says too little for the order to matter.
CANDIDATES = 400
_AFTER_ALL = "\U0010ffff"
OPEN = {
    Kind.LEAD: "CASE state WHEN 'done' THEN 0 ELSE 1 END = 1",
    Kind.TASK: "CASE state WHEN 'done' THEN 0 ELSE 1 END = 1",
    Kind.OPPORTUNITY: "1 = 1",
}
_DUE = {Kind.LEAD: "due_on", Kind.TASK: "due_on", Kind.OPPORTUNITY: "expected_on"}
POSITION = {"sqlite": "instr", "postgresql": "strpos"}


def with_word(dialect: Dialect, table: str, word: str) -> tuple[str, list[str]]:
    """SQL that a word begins one of the title of a record, or one by which its contact is found, and the values in it."""
    sql = f"""({POSITION[dialect]}({table}.search, ?) > 0 OR {table}.contact_id IN (SELECT contact_word.contact_id
  FROM contact_word WHERE contact_word.phrase = 0 AND contact_word.word >= ? AND contact_word.word < ?))"""
    return sql, [f" {word}", word, word + _AFTER_ALL]


def find(read: Connection, text: str, kinds: Sequence[Kind], limit: int) -> list[list[RecordKey]]:
    """Records in which every word typed begins a word, in groups: each kind by itself, then what is open with the
    contacts found. The likeliest of a group is first; a record may be in two groups."""
    typed = words(text)
    if not typed:
        return []
    others = [kind for kind in kinds if kind is not Kind.CONTACT]
    contacts = find_contacts(read, typed, limit)
    groups = [_keys(kind, _by_title(read, kind, typed, limit)) for kind in others]
    if Kind.CONTACT in kinds:
        groups.append(_keys(Kind.CONTACT, contacts))
    groups += [_keys(kind, open_of_contacts(read, kind, contacts, limit)) for kind in others]
    return [group for group in groups if group]


def _keys(kind: Kind, ids: Sequence[int]) -> list[RecordKey]:
    return [(kind, number) for number in ids]


def find_contacts(
    read: Connection, typed: Sequence[str], limit: int, candidates: int = CANDIDATES
) -> list[int]:
    """Contacts in which every word begins a word: those with the whole word first, then those changed last."""
    rarest = max(typed, key=len)
    rest = [word for word in typed if word != rarest]
    contains = f"{POSITION[read.dialect]}(contact.search, ?) > 0"
    rows = read.rows(
        f"""SELECT DISTINCT contact.id, contact_word.word = ?, contact.changed_at
  FROM contact_word JOIN contact ON contact.id = contact_word.contact_id
  WHERE contact_word.phrase = 0 AND contact_word.word >= ? AND contact_word.word < ?
  {"".join(f"AND {contains} " for _ in rest)}LIMIT ?""",
        (rarest, rarest, rarest + _AFTER_ALL, *(f" {word}" for word in rest), candidates),
    )
    rows.sort(key=lambda row: (-int(row[1]), -row[2], row[0]))
    return list(dict.fromkeys(row[0] for row in rows))[:limit]


def _by_title(read: Connection, kind: Kind, typed: Sequence[str], limit: int) -> list[int]:
    """Leads, tasks or opportunities by the words of their titles: open ones first, then those changed last."""
    contains = f"{POSITION[read.dialect]}(search, ?) > 0"
    rows = read.rows(
        f"""SELECT id FROM {kind.value} WHERE id IN
  (SELECT id FROM {kind.value} WHERE {" AND ".join(contains for _ in typed)} LIMIT ?)
  ORDER BY CASE WHEN {OPEN[kind]} THEN 0 ELSE 1 END, changed_at DESC, id DESC LIMIT ?""",
        (*(f" {word}" for word in typed), CANDIDATES, limit),
    )
    return [row[0] for row in rows]


def open_of_contacts(read: Connection, kind: Kind, contacts: Sequence[int], limit: int) -> list[int]:
    """What is open with these contacts, what is due first in front."""
    if not contacts:
        return []
    rows = read.rows(
        f"""SELECT id FROM {kind.value} WHERE contact_id IN {places(contacts)} AND {OPEN[kind]}
  ORDER BY CASE WHEN {_DUE[kind]} = '' THEN 1 ELSE 0 END, {_DUE[kind]}, id DESC LIMIT ?""",
        (*contacts, limit),
    )
    return [row[0] for row in rows]
