"""Why leads and opportunities come to nothing: the reasons a team keeps, and which one a typed word means; no store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.errors import BadInput
from app.language import N_, _

#: What every store begins with; shown in the rep's language, stored as they stand here.
BUILT_IN = (
    N_("not interested"),
    N_("not reachable"),
    N_("wrong contact"),
    N_("competitor"),
    N_("other"),
)


@dataclass(frozen=True, slots=True)
class FinishReason:
    """`needs_text`: it says nothing by itself. One that is not `active` stays where it was used and is offered no more."""

    name: str
    needs_text: bool = False
    active: bool = True


class UnknownReason(BadInput):
    title = "There is no such reason"


class MissingReason(UnknownReason):
    title = "A reason is missing"


def reason_word(name: str) -> str:
    """A reason as a person reads it: those that are built in are translated."""
    return _(name) if name in BUILT_IN else name


def told_reason(name: str, text: str, *, translated: bool = True) -> str:
    """The reason with what was said about it: "other: moved away"; not `translated` for scripts."""
    word = reason_word(name) if translated else name
    return f"{word}: {text}" if text else word


def meant_reason(typed: str, reasons: Iterable[FinishReason]) -> tuple[FinishReason, str]:
    """The active reason that a person typed by its name or its word, and the text behind a colon ("other: moved away").

    Case does not count, nor whether words are parted by spaces, hyphens or underscores. Raises UnknownReason naming all,
    MissingReason where nothing was typed.
    """
    offered = [reason for reason in reasons if reason.active]
    for wanted, text in ((typed, ""), *_parted(typed)):
        for reason in offered:
            if _folded(wanted) in (_folded(reason.name), _folded(reason_word(reason.name))):
                return reason, text
    wrong = UnknownReason if typed.strip() else MissingReason
    raise wrong("only {values} may stand here", values=", ".join(map(_named, offered)))


def _parted(typed: str) -> list[tuple[str, str]]:
    name, colon, text = typed.partition(":")
    return [(name, text.strip())] if colon else []


def _folded(typed: str) -> str:
    return " ".join(typed.casefold().replace("_", " ").replace("-", " ").split())


def _named(reason: FinishReason) -> str:
    word = reason_word(reason.name)
    return word if word == reason.name else f"{word} ({reason.name})"
