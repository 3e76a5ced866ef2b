"""The stages that opportunities go through (Phasen), and what a team may make of them; pure, it stores nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.errors import BadInput, NotFound, Refused
from app.domain.team.members import Member, MemberRole
from app.domain.text import clean_line
from app.language import N_, _

#: Cells of a stage's name, which stands over a column of the board.
LONGEST_NAME = 40


class Outcome(StrEnum):
    """What a stage makes of the opportunities that reach it."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


#: The probability of what is decided, in percent.
DECIDED = {Outcome.WON: 100, Outcome.LOST: 0}


@dataclass(frozen=True, slots=True)
class Stage:
    """`probability` in percent, that of what comes here. Nothing new comes to one that is not `active`."""

    name: str
    position: int
    outcome: Outcome = Outcome.OPEN
    probability: int = 0
    active: bool = True


#: What every store begins with, and what these are called in English; they are stored as they stand here, and shown in the
#: rep's language as long as nobody calls them otherwise.
BUILT_IN = {
    "Qualifiziert": N_("Qualified"),
    "Angebot": N_("Proposal"),
    "Verhandlung": N_("Negotiation"),
    "Gewonnen": N_("Won"),
    "Verloren": N_("Lost"),
}
_MEANS = dict.fromkeys(BUILT_IN, Outcome.OPEN) | {"Gewonnen": Outcome.WON, "Verloren": Outcome.LOST}


class StageNotFound(NotFound):
    title = "There is no such stage"
    next_step = "`postkorb opportunity stages list` names them."


def check_may_set(member: Member) -> None:
    """Raise Refused unless this member may change the stages."""
    if member.role is not MemberRole.ADMIN or not member.active:
        raise Refused("Only an admin changes the stages.")


def stage_word(name: str) -> str:
    """A stage as a person reads it: those that are built in are translated."""
    return _(BUILT_IN[name]) if name in BUILT_IN else name


def _meant(stages: Sequence[Stage], typed: str) -> Stage | None:
    """The stage that a person means, by its name, else by its word; upper and lower case are one."""
    wanted = clean_line(typed).strip().casefold()
    named = [stage for stage in stages if stage.name.casefold() == wanted]
    return next(
        iter(named or [stage for stage in stages if stage_word(stage.name).casefold() == wanted]), None
    )


def stage_name(typed: str) -> str:
    """The name of a stage as it is stored. Raises BadInput."""
    name = clean_line(typed).strip()
    if not name:
        raise BadInput("the name of a stage must not be empty")
    if len(name) > LONGEST_NAME:
        raise BadInput("the name of a stage must not be longer than {n} characters", n=LONGEST_NAME)
    return name


def check_name(name: str, outcome: Outcome, others: Sequence[Stage]) -> None:
    """Raise Refused for the name of a stage by which another one is called, in whatever language a person reads it, and for a
    built-in word that says something else than what the stage makes of what comes to it."""
    called = _called(name)
    for other in others:
        if called & _called(other.name):
            raise Refused("There is a stage “{name}” already.", name=name)
    for built_in, means in _MEANS.items():
        if built_in.casefold() in called and means is not outcome:
            raise Refused("The name “{name}” says something else than what the stage means.", name=name)


def _called(name: str) -> set[str]:
    """All that a stage of this name is called, in whatever language; a built-in word has one in each."""
    called = {name.casefold()}
    for words in BUILT_IN.items():
        both = {word.casefold() for word in words}
        called |= both if called & both else set()
    return called


def stage_probability(outcome: Outcome, percent: int | None) -> int:
    """The probability of a stage: that of what is decided is fixed. Raises BadInput."""
    fixed = DECIDED.get(outcome)
    if fixed is not None and percent not in (None, fixed):
        raise BadInput("what is won has the probability 100, what is lost 0")
    percent = fixed if fixed is not None else percent or 0
    if not 0 <= percent <= 100:
        raise BadInput("the probability must be between 0 and 100")
    return percent


def find_stage(stages: Sequence[Stage], typed: str) -> Stage:
    """The stage that is meant, upper and lower case being one. Raises StageNotFound."""
    stage = _meant(stages, typed)
    if stage is None:
        raise StageNotFound(clean_line(typed).strip())
    return stage


def usable_stage(stages: Sequence[Stage], typed: str) -> Stage:
    """The stage that is meant, for an opportunity to come to. Raises BadInput, naming those that there are."""
    usable = [stage for stage in stages if stage.active]
    stage = _meant(usable, typed)
    if stage is not None:
        return stage
    names = ", ".join(stage_word(stage.name) for stage in usable)
    may = _("only {values} may stand here").format(values=names)
    raise BadInput(f"{_('Stage')}: {may}")


def first_stage(stages: Sequence[Stage], outcome: Outcome) -> Stage:
    """The first active stage with this outcome; `checked` sees to it that there is one."""
    return next(stage for stage in stages if stage.active and stage.outcome is outcome)


def next_stage(stages: Sequence[Stage], name: str, steps: int) -> Stage | None:
    """The active stage so many columns beside this one; None beyond the last."""
    shown = [stage for stage in stages if stage.active or stage.name == name]
    here = next((place for place, stage in enumerate(shown) if stage.name == name), None)
    if here is None or not 0 <= here + steps < len(shown):
        return None
    return shown[here + steps]


def checked(stages: Sequence[Stage]) -> list[Stage]:
    """The stages as they shall be, counted anew from 1. Raises Refused when work could not go on with them, and for two
    of one name."""
    named: set[str] = set()
    for stage in stages:
        if stage.name.casefold() in named:
            raise Refused("There is a stage “{name}” already.", name=stage.name)
        named.add(stage.name.casefold())
    active = {stage.outcome for stage in stages if stage.active}
    if Outcome.OPEN not in active:
        raise Refused("At least one stage must be open.")
    if Outcome.WON not in active:
        raise Refused("At least one stage must mean won.")
    if Outcome.LOST not in active:
        raise Refused("At least one stage must mean lost.")
    return [replace(stage, position=number) for number, stage in enumerate(stages, 1)]


def moved(stages: Sequence[Stage], name: str, place: int) -> list[Stage]:
    """The stages with this one at another place, counted from 1. Raises BadInput for a place that there is not."""
    if not 1 <= place <= len(stages):
        raise BadInput("the place must be between 1 and {n}", n=len(stages))
    stage = find_stage(stages, name)
    rest = [other for other in stages if other is not stage]
    return checked([*rest[: place - 1], stage, *rest[place - 1 :]])


def check_removal(stage: Stage, used_by: int, move_to: Stage | None) -> None:
    """Raise Refused when opportunities would be left without a stage, or decided by a change of the list."""
    if not used_by:
        return
    if move_to is None:
        raise Refused(
            "{n} opportunities are at this stage: move them to another one, or deactivate it.", n=used_by
        )
    if move_to.name == stage.name or not move_to.active:
        raise Refused("Opportunities are moved to another stage that is active.")
    if move_to.outcome is not stage.outcome:
        raise Refused("Opportunities that are open, won and lost stay so: move them to a stage of that kind.")
