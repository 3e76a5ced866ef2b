"""What the postman has to carry out on a server, and its spelling in the `operation` table; it carries out nothing.

How an operation finds its mail: `folder_id` and `uid` of the row name the copy where the *server* has it as far as we
know, which is not where the screen shows it while a move waits. Every operation of one copy (`copy_id`) names the same
place. When the postman has carried out a move, it writes the new place (target folder; the new UID, or NULL if the
server did not tell) into the later operations of that copy, and the UID into the copy if it still lies there. An
operation whose `uid` is NULL takes the UID of its copy if that lies in `folder_id`, else finds it by Message-ID.

An operation that is waiting and was never tried may be changed or taken back by a later step of the rep; one that
was tried may have had its effect, so the later step is a row of its own behind it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SEEN, FLAGGED, ANSWERED, DRAFT = "\\Seen", "\\Flagged", "\\Answered", "\\Draft"
DELETED = "\\Deleted"


class OperationKind(StrEnum):
    FLAGS = "flags"
    MOVE = "move"
    DELETE = "delete"
    APPEND = "append"


class OperationState(StrEnum):
    """RUNNING found at start: the process died and the outcome is unknown. FAILED: refused, for the rep to decide."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FlagsChange:
    r"""Flags to set and to take away, by their IMAP names such as `\Seen`; no flag is in both."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.add or self.remove)

    def then(self, later: FlagsChange) -> FlagsChange:
        """One change for two that each had an effect: what the later one turns back was never changed."""
        return FlagsChange(
            _sum(_without(self.add, later.remove), _without(later.add, self.remove)),
            _sum(_without(self.remove, later.add), _without(later.remove, self.add)),
        )

    def reversed(self) -> FlagsChange:
        return FlagsChange(self.remove, self.add)

    def to_json(self) -> str:
        return json.dumps({"add": self.add, "remove": self.remove})

    @classmethod
    def from_json(cls, text: str) -> FlagsChange:
        """Raises ValueError, KeyError or TypeError for what `to_json` did not write."""
        found = json.loads(text)
        return cls(tuple(found["add"]), tuple(found["remove"]))


@dataclass(frozen=True, slots=True)
class Move:
    """Into another folder of the same mailbox."""

    target_folder_id: int

    def to_json(self) -> str:
        return json.dumps({"target_folder_id": self.target_folder_id})

    @classmethod
    def from_json(cls, text: str) -> Move:
        return cls(int(json.loads(text)["target_folder_id"]))


@dataclass(frozen=True, slots=True)
class Delete:
    """Away for good. The copy is gone from the store already; the row alone knows `folder_id` and `uid`."""

    def to_json(self) -> str:
        return "{}"

    @classmethod
    def from_json(cls, text: str) -> Delete:
        json.loads(text)
        return cls()


@dataclass(frozen=True, slots=True)
class Append:
    """Store the source of the message `operation.message_id` in the folder `operation.folder_id`.

    `arrived`: its INTERNALDATE in epoch seconds UTC. `once`: look for its Message-ID there first and append nothing if
    it is found (servers that keep their own copy of what they sent; an append whose outcome is unknown). The UID, once
    told, goes into the copy `operation.copy_id`.
    """

    flags: tuple[str, ...]
    arrived: int
    once: bool = True

    def to_json(self) -> str:
        return json.dumps({"flags": self.flags, "arrived": self.arrived, "once": self.once})

    @classmethod
    def from_json(cls, text: str) -> Append:
        found = json.loads(text)
        return cls(tuple(found["flags"]), int(found["arrived"]), bool(found["once"]))


Effect = FlagsChange | Move | Delete | Append
_CLASSES: dict[OperationKind, type[Effect]] = {
    OperationKind.FLAGS: FlagsChange,
    OperationKind.MOVE: Move,
    OperationKind.DELETE: Delete,
    OperationKind.APPEND: Append,
}
_KINDS = {cls: kind for kind, cls in _CLASSES.items()}


def kind_of(effect: Effect) -> OperationKind:
    """The value of the column `kind`."""
    return _KINDS[type(effect)]


def read_effect(kind: str, arguments: str) -> Effect:
    """The effect of an operation row. Raises ValueError, KeyError or TypeError for a row nobody here has written."""
    return _CLASSES[OperationKind(kind)].from_json(arguments)


def _without(flags: Iterable[str], taken: Iterable[str]) -> frozenset[str]:
    return frozenset(flags) - frozenset(taken)


def _sum(some: frozenset[str], more: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(some | more))
