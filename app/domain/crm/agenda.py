"""The personal task list (Aufgabenliste): what stands in it, how urgent it is, and to when it is put off; reads nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.due import Due

#: Behind every day in ISO 8601.
_NO_DAY = "~"
_SATURDAY, _SUNDAY = 5, 6


class EntryKind(StrEnum):
    """What an entry of the list is."""

    LEAD = "lead"
    TASK = "task"
    FOLLOW_UP = "follow_up"
    MENTION = "mention"


Ident = tuple[EntryKind, int]


class Urgency(IntEnum):
    """The groups of the list, in its order. Next week is one of them at weekends only: it is what comes first then."""

    OVERDUE = 0
    TODAY = 1
    THIS_WEEK = 2
    NEXT_WEEK = 3
    LATER = 4
    NO_DAY = 5


class PutOff(StrEnum):
    """Days to which something is often put off."""

    TOMORROW = "tomorrow"
    IN_3_DAYS = "in 3 days"
    NEXT_WEEK = "next week"
    WEEK_AFTER = "the week after next"
    IN_2_WEEKS = "in 2 weeks"
    IN_4_WEEKS = "in 4 weeks"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is listed. `assignee`: a login, empty for everybody; `kinds`: none for all; `text`: words that begin a word of
    the title, of the contact or of what was written; `done`: what is finished, the last first, instead of what is open."""

    assignee: str = ""
    kinds: frozenset[EntryKind] = frozenset()
    text: str = ""
    done: bool = False

    def holds(self, kind: EntryKind) -> bool:
        """Whether entries of this kind are listed."""
        return (not self.kinds or kind in self.kinds) and not (self.done and kind is EntryKind.LEAD)


class Key(NamedTuple):
    """An entry in the list: `id` is that of the lead, the task or the mention. `due_on` as the store keeps it. There may be
    50,000 of them: a tuple is made three times as fast as a dataclass that is frozen."""

    kind: EntryKind
    id: int
    due_on: str = ""

    @property
    def ident(self) -> Ident:
        """What names the entry, whatever its day is by now; a follow-up is named as a task."""
        return (EntryKind.TASK if self.kind is EntryKind.FOLLOW_UP else self.kind, self.id)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list. `assignee`: a login; `name`: whose that is. `about`: the contact, or what it belongs to.
    `record`: what it is or leads to; `message_id`: the mail that it leads to. `next_step`: of a lead; `author`: who wrote
    a mention. `told_on`: the record in whose history is written what was done about it; none for a mention on a mail."""

    key: Key
    title: str
    about: str = ""
    due: Due | None = None
    assignee: str = ""
    name: str = ""
    record: tuple[Kind, int] | None = None
    message_id: int | None = None
    done: bool = False
    next_step: str = ""
    author: str = ""
    told_on: RecordRow | None = None

    @property
    def kind(self) -> EntryKind:
        return self.key.kind


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch of the list: `first` is the place of its first entry."""

    urgency: Urgency
    first: int
    count: int


def urgency(day: date | None, today: date) -> Urgency:
    """The group of an entry that is due on a day. A week ends on Sunday."""
    if day is None:
        return Urgency.NO_DAY
    if day < today:
        return Urgency.OVERDUE
    if day == today:
        return Urgency.TODAY
    if day <= last_of_week(today):
        return Urgency.THIS_WEEK
    return Urgency.NEXT_WEEK if day <= last_of_next(today) else Urgency.LATER


def last_of_week(today: date) -> date:
    """The Sunday of this week."""
    return today + timedelta(days=6 - today.weekday())


def last_of_next(today: date) -> date:
    """The last day that does not come later: at weekends that of next week, on other days that of this one."""
    is_weekend = today.weekday() >= _SATURDAY
    return last_of_week(today) + timedelta(days=7 if is_weekend else 0)


def groups(keys: Sequence[Key], today: date) -> list[Group]:
    """The groups of a list that stands in the order of its days, without the empty ones."""
    ends = (
        bisect_left(keys, today.isoformat(), key=_order),
        bisect_right(keys, today.isoformat(), key=_order),
        bisect_right(keys, last_of_week(today).isoformat(), key=_order),
        bisect_right(keys, last_of_next(today).isoformat(), key=_order),
        bisect_left(keys, _NO_DAY, key=_order),
        len(keys),
    )
    starts = (0, *ends)
    return [
        Group(urgency, start, end - start)
        for urgency, start, end in zip(Urgency, starts, ends, strict=False)
        if end > start
    ]


def _order(key: Key) -> str:
    return key.due_on or _NO_DAY


def in_days(days: int, due: Due | None, today: date) -> Due:
    """So many days from today, at the time of day that was set before."""
    return Due(today + timedelta(days=days), due.at if due is not None else None)


def next_week(due: Due | None, today: date) -> Due:
    """The Monday of next week, at the time of day that was set before."""
    return in_days(7 - today.weekday(), due, today)


def put_offs(due: Due | None, today: date) -> list[tuple[PutOff, Due]]:
    """To when something is often put off, at the time of day that was set before. On a Sunday next week begins tomorrow: the
    Monday after that one is offered instead."""
    monday = next_week(due, today)
    week = (PutOff.NEXT_WEEK, monday)
    if today.weekday() == _SUNDAY:
        week = (PutOff.WEEK_AFTER, next_week(due, monday.day))
    return [
        (PutOff.TOMORROW, in_days(1, due, today)),
        (PutOff.IN_3_DAYS, in_days(3, due, today)),
        week,
        (PutOff.IN_2_WEEKS, in_days(14, due, today)),
        (PutOff.IN_4_WEEKS, in_days(28, due, today)),
    ]


def in_minutes(minutes: int, now: datetime) -> Due:
    """So many minutes from now, in whole ones."""
    due = Due.of("", (int(now.timestamp()) // 60 + minutes) * 60)
    assert due is not None, "it has a time"
    return due
