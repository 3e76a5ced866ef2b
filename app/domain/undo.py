"""What a step reports, whatever it was about, and how it is taken back; carries out nothing.

An inverse names exactly what the step changed, so that taking it back leaves alone what others did since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, get_args

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.errors import Refused

#: How a lead stands: assignee, result, reason, its text, since when somebody works on it, when it was finished.
StandingColumns = tuple[str, str, str, str, int | None, int | None]
#: Steps kept for each author.
KEPT_STEPS = 20


class NothingToUndo(Refused):
    """Every step is taken back already, or none was made."""

    title = "There is nothing to undo"


@dataclass(frozen=True, slots=True)
class Done:
    """What a step did: `text` for the notice line, in the current language; `count`: mails it changed.

    `left_out`: mails asked for that it could not change, because they are gone or because others changed them since.
    `record`: what was linked or made. `more_in_thread`: unprocessed mails of the same threads that were not linked.
    `messages`, `records`, `mentions`: those that a step taken back was about.
    """

    text: str
    count: int
    undoable: bool = True
    left_out: int = 0
    record: RecordRow | None = None
    more_in_thread: int = 0
    messages: tuple[int, ...] = ()
    records: tuple[tuple[Kind, int], ...] = ()
    mentions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoveLinks:
    """`links`: (message, kind, record). What the thread rule linked since because of them goes too (`since`: epoch)."""

    links: tuple[tuple[int, str, int], ...]
    since: int


@dataclass(frozen=True, slots=True)
class RestoreLinks:
    """`links`: (message, kind, record, origin, author, created_at)."""

    links: tuple[tuple[int, str, int, str, str, int], ...]


@dataclass(frozen=True, slots=True)
class RemoveComments:
    """`comments`: (comment, message, created_at); the id alone may have been given anew. `mentions`: whom they mentioned, as
    far as those did nothing about it since."""

    comments: tuple[tuple[int, int, int], ...]
    mentions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RestoreMarks:
    """`marks`: (message, colour that the step set, colour before)."""

    marks: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class TurnFlags:
    """Flags by their IMAP names to set and to take away again on `copies`."""

    add: tuple[str, ...]
    remove: tuple[str, ...]
    copies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PutBack:
    """Into the folder `folder_id` those of the copies that still lie in `found_in`."""

    folder_id: int
    found_in: int
    copies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RemoveRecord:
    """The record that the step made, unless it was changed or used elsewhere since."""

    kind: str
    id: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class RestoreRecord:
    """`values`: (column, what the step set, what it held before) of a record; `event`: what its history tells then; `at`: when
    the step was, by its version (epoch seconds)."""

    kind: str
    id: int
    values: tuple[tuple[str, str | int | None, str | int | None], ...]
    event: str
    at: int


@dataclass(frozen=True, slots=True)
class RestoreFields:
    """`fields`: (name, what the step set, what it held before) of a record, as its input is written in JSON; `at`: when the
    step was, by its version (epoch seconds); `campaigns`: (name, id) of those among the values, which may be called otherwise
    since."""

    kind: str
    id: int
    fields: tuple[tuple[str, Any, Any], ...]
    at: int
    campaigns: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RestoreLeads:
    """Leads that stood as `before` and stand as `after` since the step (`app.store.leads.changing.STANDING`); `at`: when that
    was (epoch seconds). One for all that the step did the same with: a distribution of thousands is a handful of them.
    `opportunity`: the id and version of the one that a lead became by it."""

    before: StandingColumns
    after: StandingColumns
    at: int
    ids: tuple[int, ...]
    opportunity: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class RestoreOpportunity:
    """`values`: (column, what the step set, what it held before); `event`: what its history tells then; `at`: when the step
    was, by its version (epoch seconds); `mentions`: whom it told, as far as those did nothing about it since."""

    id: int
    values: tuple[tuple[str, str | int | None, str | int | None], ...]
    event: str
    at: int
    mentions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoMerge:
    """The merge with this number: what went into another record comes out again."""

    step: int


@dataclass(frozen=True, slots=True)
class ReopenMention:
    """A mention that was read at this time (epoch seconds) is unread again."""

    id: int
    done_at: int


@dataclass(frozen=True, slots=True)
class RestoreMentionDay:
    """A mention that the step put off to `due_on` is due as it was `before`; both as the store keeps days."""

    id: int
    due_on: str
    before: str


@dataclass(frozen=True, slots=True)
class ReturnMention:
    """A mention that was passed on, as `passed_on`, at this time (epoch seconds) comes back whole, unless whoever got it did
    something about it since."""

    id: int
    done_at: int
    passed_on: int


@dataclass(frozen=True, slots=True)
class RemoveEntry:
    """What the step wrote into a history, with the document that lies with it; and whom it mentioned, as far as those did
    nothing about it since."""

    id: int
    mentions: tuple[int, ...] = ()


MailInverse = RemoveLinks | RestoreLinks | RemoveComments | RestoreMarks | TurnFlags | PutBack
RecordInverse = RemoveRecord | RestoreRecord | RestoreFields | RemoveEntry
MentionInverse = ReopenMention | RestoreMentionDay | ReturnMention
Inverse = MailInverse | RecordInverse | MentionInverse | RestoreLeads | RestoreOpportunity | UndoMerge
_CLASSES: dict[str, type[Inverse]] = {cls.__name__: cls for cls in get_args(Inverse)}


def write_inverses(inverses: Iterable[Inverse]) -> str:
    """A line of the column `undo_step.inverse`: a step that was done in parts has one for each of them."""
    return json.dumps([[type(inverse).__name__, asdict(inverse)] for inverse in inverses])


def read_inverses(text: str) -> list[Inverse]:
    """Back from such a line. Raises ValueError, KeyError or TypeError for what `write_inverses` did not write."""
    return [
        _CLASSES[name](**{key: frozen(value) for key, value in fields.items()})
        for name, fields in json.loads(text)
    ]


def frozen(value: Any) -> Any:
    """What stands in JSON, with lists as inverses hold them."""
    return tuple(map(frozen, value)) if isinstance(value, list) else value
