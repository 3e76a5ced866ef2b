"""What the states and results of records are called, and which one a typed word means; it knows no record."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from app.domain.crm.kinds import LeadResult, LeadState, TaskState
from app.language import _

_E = TypeVar("_E", bound=StrEnum)


def word_of(value: str) -> str:
    """The state or the result of a record as a person names it; the stage of an opportunity is its own word."""
    words: dict[str, str] = {
        LeadState.NEW: _("new"),
        LeadState.ACTIVE: _("active"),
        TaskState.OPEN: _("to do"),
        TaskState.DONE: _("done"),
        LeadResult.SUCCESS: _("successful"),
        LeadResult.FAILURE: _("unsuccessful"),
    }
    return words.get(value, value)


def meant(values: type[_E], typed: str) -> _E:
    """The value that is meant by itself or by its word. Raises ValueError, naming all there are."""
    wanted = typed.strip().casefold()
    for value in values:
        if wanted in (value.value, word_of(value).casefold()):
            return value
    raise ValueError(_("only {values} may stand here").format(values=", ".join(_named(values))))


def _named(values: type[_E]) -> list[str]:
    """Every value with its word."""
    words = [(value.value, word_of(value)) for value in values if value]
    return [word if word == value else f"{word} ({value})" for value, word in words]
