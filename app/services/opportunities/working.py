"""What is done with an opportunity that is there: moved, passed on, won, lost, reopened; each in one transaction, with its
entry in the history.

`seen` is what the person who asks for it saw: when somebody else was faster, they are told, and nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.domain.crm.reasons import FinishReason
from app.domain.errors import PostkorbError
from app.domain.leads.rules import ReadsOnly, called, goes_on
from app.domain.opportunities.rules import (
    Action,
    MovedMeanwhile,
    Opportunity,
    check,
    check_lost,
    check_move,
    check_pass_on,
    read_said,
)
from app.domain.opportunities.stages import Outcome, Stage, first_stage, usable_stage
from app.domain.team.members import Member, NotAMember
from app.domain.text import clean_line
from app.domain.undo import RestoreOpportunity
from app.language import _, ngettext
from app.services.crm.mentions import tell_mentioned
from app.services.opportunities.finding import found_opportunity
from app.services.opportunities.success import check_goes_on
from app.services.remembering import remember, shown
from app.services.team.acting import acting, team_of
from app.store.connection import Connection
from app.store.crm.history import add_entry
from app.store.crm.tasks import change_columns, columns_of
from app.store.database import Store
from app.store.opportunities.stages import stages
from app.store.opportunities.trail import last_giver, last_mover, stage_before
from app.store.team.reasons import reasons


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of one opportunity within its transaction."""

    tx: Connection
    member: Member
    before: Opportunity
    now: datetime

    def take(
        self, event: Event, values: Mapping[str, Any], details: Mapping[str, Any], text: str = ""
    ) -> RestoreOpportunity:
        """Store it, and tell of it; the way back."""
        tx, number, kind = self.tx, self.before.id, Kind.OPPORTUNITY
        held = columns_of(tx, kind, number, tuple(values))
        assert held is not None, "it was just read"
        at = change_columns(tx, kind, number, values, int(self.now.timestamp()))
        add_entry(tx, kind, number, event, self.member.login, at, text, details)
        changed = tuple((name, value, held[name]) for name, value in values.items())
        return RestoreOpportunity(number, changed, self._back(event).value, at)

    def remember(self, told: str, inverse: RestoreOpportunity, part_of: int | None = None) -> int:
        """Keep the way back of what is told so; the number of the step."""
        return remember(self.tx, self.member.login, told, [inverse], self.now, part_of)

    @property
    def title(self) -> str:
        """As it is told."""
        return shown(self.before.title)

    def _back(self, event: Event) -> Event:
        """What taking back such a step is."""
        if event is Event.REOPENED:
            return Event.WON if self.before.outcome is Outcome.WON else Event.LOST
        return Event.REOPENED if event in (Event.WON, Event.LOST) else event


def move(
    store: Store, number: int, stage: str, *, author: str, now: datetime, seen: str | None = None
) -> Opportunity:
    """Move it to a stage, whose probability it gets; to one that means won: win it. `seen`: the stage it was at.

    Raises NotFound, BadInput for a stage that there is not, Refused, and MovedMeanwhile.
    """
    with _step(store, number, author, now) as step:
        _check_stage(step, seen)
        to = usable_stage(stages(step.tx), stage)
        check_move(step.member, step.before, to)
        if to.outcome is Outcome.WON:
            _decide(step, to, Event.WON)
        else:
            values = {"stage": to.name, "probability": to.probability}
            told = _("“{title}” moved to “{stage}”").format(title=step.title, stage=clean_line(to.name))
            step.remember(told, step.take(Event.STAGE, values, _moved(step, to)))
        return found_opportunity(step.tx, number)


def win(
    store: Store, number: int, *, author: str, now: datetime, stage: str = "", seen: str | None = None
) -> Opportunity:
    """It is won: at the first stage that means so, unless another is named. Raises as `move` does."""
    with _step(store, number, author, now) as step:
        _check_stage(step, seen)
        check(Action.WIN, step.member, step.before)
        known = [each for each in stages(step.tx) if each.outcome is Outcome.WON]
        _decide(step, usable_stage(known, stage) if stage else first_stage(known, Outcome.WON), Event.WON)
        return found_opportunity(step.tx, number)


def lose(
    store: Store,
    number: int,
    reason: str,
    *,
    author: str,
    now: datetime,
    text: str = "",
    stage: str = "",
    seen: str | None = None,
) -> Opportunity:
    """It is lost, for one of the reasons that the team keeps; some need a text. Raises as `move` does, and UnknownReason."""
    with _step(store, number, author, now) as step:
        _check_stage(step, seen)
        check(Action.LOSE, step.member, step.before)
        known = [each for each in stages(step.tx) if each.outcome is Outcome.LOST]
        to = usable_stage(known, stage) if stage else first_stage(known, Outcome.LOST)
        chosen, said = check_lost(reason, text, reasons(step.tx))
        _decide(step, to, Event.LOST, chosen, said)
        return found_opportunity(step.tx, number)


def reopen(store: Store, number: int, *, author: str, now: datetime, seen: str | None = None) -> Opportunity:
    """It is open again, at the stage it was at before, if that is still used, else at the first; with whoever had it, or with
    the author if they work here no more. What is lost stays lost once its lead has become another one. Raises as `move`
    does."""
    with _step(store, number, author, now) as step:
        _check_stage(step, seen)
        check(Action.REOPEN, step.member, step.before)
        check_goes_on(step.tx, step.before)
        known = [each for each in stages(step.tx) if each.active and each.outcome is Outcome.OPEN]
        before = stage_before(step.tx, number)
        to = next((each for each in known if each.name == before), known[0])
        had, has = step.before.assignee, goes_on(step.before.assignee, step.member, team_of(step.tx))
        values: dict[str, Any] = {"reason": "", "reason_text": "", "closed_at": None, "assignee": has}
        values |= {"stage": to.name, "probability": to.probability}
        details = _moved(step, to) | ({"assignee": [had, has]} if has != had else {})
        inverse = step.take(Event.REOPENED, values, details)
        step.remember(_("“{title}” opened again").format(title=step.title), inverse)
        return found_opportunity(step.tx, number)


def pass_on(
    store: Store, number: int, to: str, *, author: str, now: datetime, note: str = "", seen: str | None = None
) -> Opportunity:
    """Somebody else works on it from now on, and is told so by a mention; `note`: what they must know. `seen`: whose it was, by the login.

    Raises NotFound, BadInput for a note that is too long, Refused, and MovedMeanwhile.
    """
    text = read_said(note)
    with _step(store, number, author, now) as step:
        inverse, name = _pass_on(step, to, text, seen)
        step.remember(_("“{title}” passed on to {name}").format(title=step.title, name=name), inverse)
        return found_opportunity(step.tx, number)


def pass_all_on(
    store: Store,
    which: Sequence[tuple[int, str | None]],
    to: str,
    *,
    author: str,
    now: datetime,
    note: str = "",
) -> list[tuple[int, PostkorbError]]:
    """The same with several, as one step that is taken back as a whole. `which`: each with who had it, as `pass_on` takes
    that. What is refused for one leaves the others alone; the refused ones with why. Raises NotAMember, ReadsOnly,
    and BadInput for the note."""
    text = read_said(note)
    refused: list[tuple[int, PostkorbError]] = []
    titles: list[str] = []
    whole: int | None = None
    for number, seen in which:
        try:
            with _step(store, number, author, now) as step:
                inverse, name = _pass_on(step, to, text, seen)
                titles.append(step.title)
                whole = step.remember(_told_passed(titles, name), inverse, whole)
        except (NotAMember, ReadsOnly):
            raise
        except PostkorbError as error:
            refused.append((number, error))
    return refused


def _pass_on(step: _Step, to: str, text: str, seen: str | None) -> tuple[RestoreOpportunity, str]:
    """The way back, and the name of who has it now."""
    team, before = team_of(step.tx), step.before.assignee
    if seen is not None and seen != before:
        raise MovedMeanwhile(
            "{name} passed it on; {owner} has it now.",
            name=called(last_giver(step.tx, step.before.id), team),
            owner=called(before, team),
        )
    check_pass_on(step.member, step.before, to, team)
    inverse = step.take(Event.ASSIGNED, {"assignee": to}, {"assignee": [before, to]}, text)
    told, others = text or _("Passed on to you"), [to] if to != step.member.login else []
    number, login = step.before.id, step.member.login
    mentions = tell_mentioned(step.tx, Kind.OPPORTUNITY.value, [number], told, login, step.now, to=others)
    return replace(inverse, mentions=mentions), clean_line(team[to].name)


def _told_passed(titles: Sequence[str], name: str) -> str:
    n = len(titles)
    if n == 1:
        return _("“{title}” passed on to {name}").format(title=titles[0], name=name)
    many = ngettext("{n} opportunity passed on to {name}", "{n} opportunities passed on to {name}", n)
    return many.format(n=n, name=name)


@contextmanager
def _step(store: Store, number: int, author: str, now: datetime) -> Iterator[_Step]:
    with store.write() as tx:
        member = acting(tx, author, now)
        yield _Step(tx, member, found_opportunity(tx, number), now)


def _check_stage(step: _Step, seen: str | None) -> None:
    """Raise MovedMeanwhile when it is not where it was seen."""
    if seen is not None and seen != step.before.stage:
        name = called(last_mover(step.tx, step.before.id), team_of(step.tx))
        raise MovedMeanwhile("{name} moved it to “{stage}”.", name=name, stage=step.before.stage)


def _decide(step: _Step, to: Stage, event: Event, reason: FinishReason | None = None, text: str = "") -> None:
    """It is won or lost."""
    name = reason.name if reason else ""
    values = {
        "stage": to.name,
        "probability": to.probability,
        "closed_at": int(step.now.timestamp()),
        "reason": name,
        "reason_text": text,
    }
    details = _moved(step, to) | ({"reason": name} if reason else {})
    told = _("“{title}” won") if event is Event.WON else _("“{title}” lost")
    step.remember(told.format(title=step.title), step.take(event, values, details, text))


def _moved(step: _Step, to: Stage) -> dict[str, Any]:
    """From which stage to which, and what that made of the probability."""
    return {
        "stage": [step.before.stage, to.name],
        "probability": [step.before.probability, to.probability],
    }
