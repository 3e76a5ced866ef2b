"""Which copies a list or a search covers, as SQL, and which index holds them in order; it fetches nothing but folders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.folding import fold
from app.domain.mail.listing import ListFilter
from app.domain.mail.messages import Role
from app.domain.mail.query import Query, Sign
from app.store.connection import Connection, Dialect
from app.store.days import begin_of

#: Folders that a list without a folder leaves out.
APART = (Role.JUNK, Role.TRASH, Role.ALL)
#: More branches than this are not merged; one index over all copies is walked instead.
MAX_BRANCHES = 100
#: Greater than every message id.
NO_ID = 1 << 62

Params = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a list that one index holds in order of dates."""

    sql: str
    params: Params


@dataclass(frozen=True, slots=True)
class Scope:
    """`folders`: those that hold something for the list. `apart`: the "all mail" folders among them. `at_most`: rows, by
    the folders' counters. `holding`: the counter and partial index in question. `narrow`: a thread or a record names
    the messages. `sql`: further conditions on `mail_copy`, each beginning with AND; those on the date are also given as
    the message ids from `first` to before `beyond`. `no_folder`: what `in:` asked for in vain."""

    folders: tuple[int, ...]
    apart: frozenset[int]
    at_most: int
    holding: str
    flagged: bool
    narrow: bool
    sql: str
    params: Params
    first: int = 0
    beyond: int = NO_ID
    no_folder: str = ""

    def branches(self, dialect: Dialect, *, merge: bool = True) -> list[Branch]:
        """Branches to be merged, or one walk over the copies of all folders when that is better or asked for."""
        named = self.narrow or _HAVE_FILES in self.sql
        if len(self.folders) > 1 and (named or not merge or len(self.folders) > MAX_BRANCHES):
            sql = f"FROM mail_copy {self.over_all(dialect)} WHERE {self.in_folders}{self.sql}"
            return [Branch(sql, self.params)]
        source = f"FROM mail_copy {self._in_folder(dialect)}"
        return [Branch(f"{source} WHERE folder_id = {key}{self.sql}", self.params) for key in self.folders]

    def for_counting(self) -> Scope:
        """The same scope, in SQL that is quick when all of it is walked."""
        return replace(self, sql=self.sql.replace(_HOLDS_FILE, _HAVE_FILES))

    def exists(self, dialect: Dialect, message: str) -> str:
        """SQL that holds when the scope has a copy of the message of this column; takes `params`."""
        source = f"mail_copy {self.over_all(dialect)}"
        return f"EXISTS (SELECT 1 FROM {source} WHERE message_id = {message} AND {self.in_folders}{self.sql})"

    @property
    def in_folders(self) -> str:
        return f"folder_id IN ({', '.join(map(str, self.folders)) or 'NULL'})"

    # SQLite is told which index holds the order: its planner has no figures to see it by.

    def over_all(self, dialect: Dialect) -> str:
        """The index for looking up copies by message."""
        if dialect != "sqlite" or self.narrow:
            return ""
        return (
            "INDEXED BY mail_copy_unprocessed"
            if self.holding == "unprocessed"
            else "INDEXED BY mail_copy_message"
        )

    def _in_folder(self, dialect: Dialect) -> str:
        if dialect != "sqlite" or self.narrow:
            return ""
        if self.holding == "unprocessed":
            return "INDEXED BY mail_copy_folder_unprocessed"
        if self.flagged:
            return "INDEXED BY mail_copy_flagged"
        return "INDEXED BY mail_copy_unread" if self.holding == "unread" else "INDEXED BY mail_copy_list"


def scope_of(read: Connection, wanted: ListFilter, query: Query | None = None) -> Scope:
    """What a list covers, with the conditions of its query if it has one. With a query "all mail" is searched too."""
    if query is not None:
        wanted = _with_signs(wanted, query)
    holding = "unprocessed" if wanted.unprocessed else "unread" if wanted.unread else "total"
    apart = APART[:2] if query is not None and not wanted.unprocessed else APART
    found, missing = _folders(read, wanted, holding, query.folders if query else (), apart)
    sql, params = _conditions(wanted, query.signs if query else ())
    return Scope(
        folders=tuple(key for key, _, holds in found if holds),
        apart=frozenset(key for key, role, _ in found if role == Role.ALL),
        at_most=sum(holds for _, _, holds in found),
        holding=holding,
        flagged=wanted.flagged,
        narrow=wanted.thread_id is not None or wanted.linked is not None,
        sql=sql,
        params=params,
        first=0 if wanted.after is None else first_id_of(wanted.after),
        beyond=NO_ID if wanted.before is None else first_id_of(wanted.before),
        no_folder=missing,
    )


def _with_signs(wanted: ListFilter, query: Query) -> ListFilter:
    """Conditions of the query that a list has, too."""
    asked = dict(query.signs)
    days = (
        [day for day in (wanted.after, query.after) if day],
        [day for day in (wanted.before, query.before) if day],
    )
    return replace(
        wanted,
        unread=wanted.unread or asked.get(Sign.UNREAD, False),
        unprocessed=wanted.unprocessed or asked.get(Sign.UNPROCESSED, False),
        flagged=wanted.flagged or asked.get(Sign.FLAGGED, False),
        answered=wanted.answered or asked.get(Sign.ANSWERED, False),
        with_attachment=wanted.with_attachment or asked.get(Sign.ATTACHMENT, False),
        after=max(days[0], default=None),
        before=min(days[1], default=None),
    )


_ROLE_NAMES = {
    Role.INBOX: ("posteingang", "inbox"),
    Role.SENT: ("gesendet", "sent"),
    Role.DRAFTS: ("entwurfe", "drafts"),
    Role.JUNK: ("spam", "junk"),
    Role.TRASH: ("papierkorb", "trash"),
    Role.ARCHIVE: ("archiv", "archive"),
    Role.ALL: ("alle", "all"),
}


def _folders(
    read: Connection,
    wanted: ListFilter,
    holding: str,
    named: tuple[tuple[str, bool], ...],
    apart: tuple[Role, ...],
) -> tuple[list[tuple[int, Role, int]], str]:
    """(id, role, rows held) of the folders, and the first name that no folder bears."""
    where = ""
    params: Params = ()
    if wanted.folder_id is not None:
        where, params = "WHERE id = ?", (wanted.folder_id,)
    elif wanted.mailbox_id is not None:
        where, params = "WHERE mailbox_id = ?", (wanted.mailbox_id,)
    rows = read.rows(f"SELECT id, role, name, {holding} FROM folder {where} ORDER BY id", params)
    found = [(int(key), Role(role), fold(name), int(holds)) for key, role, name, holds in rows]
    missing = ""
    asked_for = [name for name, inside in named if inside]
    for name, inside in named:
        if inside and not any(_bears(fold(name), role, full) for _, role, full, _ in found):
            missing = missing or name
        found = [folder for folder in found if _bears(fold(name), folder[1], folder[2]) == inside]
    if wanted.folder_id is None and not asked_for:
        found = [folder for folder in found if folder[1] not in apart]
    return [(key, role, holds) for key, role, _, holds in found], missing


def _bears(name: str, role: Role, full: str) -> bool:
    return name in full or any(known.startswith(name) for known in _ROLE_NAMES.get(role, ()))


# Quick for one row after the other; `for_counting` gives the form that is quick for all at once.
_HOLDS_FILE = "EXISTS (SELECT 1 FROM message w WHERE w.id = mail_copy.message_id AND w.attachments > 0)"
_HAVE_FILES = "mail_copy.message_id IN (SELECT w.id FROM message w WHERE w.attachments > 0)"
_IS_LINKED = "EXISTS (SELECT 1 FROM link p WHERE p.message_id = mail_copy.message_id)"
_IS_MARKED = "(flagged = 1 OR EXISTS (SELECT 1 FROM mark k WHERE k.message_id = mail_copy.message_id AND k.colour <> ''))"
#: What a list cannot ask for by itself; "verarbeitet" is linked mail, not everything that needs no link.
_SIGNS = {
    (Sign.UNREAD, False): "seen = 1",
    (Sign.UNPROCESSED, False): _IS_LINKED,
    (Sign.ANSWERED, False): "answered = 0",
    (Sign.ATTACHMENT, False): f"NOT {_HOLDS_FILE}",
    (Sign.FLAGGED, False): "flagged = 0",
    (Sign.MARKED, True): _IS_MARKED,
    (Sign.MARKED, False): f"NOT {_IS_MARKED}",
}


def _conditions(wanted: ListFilter, signs: tuple[tuple[Sign, bool], ...]) -> tuple[str, Params]:
    """What must hold of a row of `mail_copy` beside its folder."""
    simple = (
        (wanted.unprocessed, "unprocessed = 1"),
        (wanted.unread, "seen = 0"),
        (wanted.flagged, "flagged = 1"),
        (wanted.answered, "answered = 1"),
        (wanted.with_attachment, _HOLDS_FILE),
    )
    parts = [sql for on, sql in simple if on] + [_SIGNS[sign] for sign in signs if sign in _SIGNS]
    params: list[int | str] = []
    if wanted.after is not None:
        parts.append("message_id >= ?")
        params.append(first_id_of(wanted.after))
    if wanted.before is not None:
        parts.append("message_id < ?")
        params.append(first_id_of(wanted.before))
    if wanted.thread_id is not None:
        parts.append("message_id IN (SELECT t.id FROM message t WHERE t.thread_id = ?)")
        params.append(wanted.thread_id)
    if wanted.linked is not None:
        parts.append("message_id IN (SELECT l.message_id FROM link l WHERE l.kind = ? AND l.record_id = ?)")
        params.extend(wanted.linked)
    return "".join(f" AND {part}" for part in parts), tuple(params)


def first_id_of(day: date) -> int:
    """The smallest message id that a mail of this day, or a later one, can have; the day begins in the local zone."""
    return max(0, begin_of(day)) << 20
