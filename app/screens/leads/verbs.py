"""What is done with leads that are there: assigned, distributed, taken back, reopened; the rules are the services'.

A rule that forbids something is told before anything is asked; whether it still holds, the services decide in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.crm.kinds import LeadState
from app.domain.errors import PostkorbError
from app.domain.leads.rows import LeadRow
from app.domain.leads.rules import Assign, LeadStep, Reopen, Standing, Succeed, TakeBack, refusal
from app.domain.team.members import Member, MemberRole
from app.language import _, ngettext
from app.screens.dialogs.boxes import Picker
from app.screens.leads.boxes import Counted, CountingBox, RefusedBox
from app.screens.leads.distribute_box import DistributeBox, Plan
from app.screens.leads.lines import standing_of
from app.screens.list_place import ListPlace
from app.screens.members import assignable
from app.screens.place import does
from app.services.leads import distributing, lists, working
from app.services.leads.steps import PORTION, NotDone, Progress
from app.services.team.acting import team
from app.widgets.choices import Choice
from app.widgets.words import number


@dataclass(frozen=True, slots=True)
class AtHand:
    """The lead that keys work on, and how it stands as far as the place knows."""

    id: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Known:
    """Leads as they stand, and the team, at the time at which the rep asks for something."""

    rows: Sequence[LeadRow]
    members: Sequence[Member]
    author: str

    @property
    def givable(self) -> list[Member]:
        """Whom work can be given to, the rep first."""
        return sorted(assignable(self.members), key=lambda member: member.login != self.author)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: how many leads it was done with, what to tell, and those that were refused with their titles."""

    done: int
    told: str
    refused: Sequence[NotDone] = ()
    titles: dict[int, str] | None = None


#: The rules that some keys ask first.
_STEPS: dict[str, LeadStep] = {
    "leads.take_back": TakeBack(),
    "leads.finish": Succeed(),
    "leads.reopen": Reopen(),
}


class LeadVerbs(ListPlace):
    """A place in which one lead is at hand, or some are selected: on the board, in the list, on its page."""

    @property
    def lead(self) -> AtHand | None:
        """The lead that is at hand."""
        raise NotImplementedError

    def targets(self) -> list[int]:
        """The ids of the leads that are selected, else that of the one at hand."""
        return [self.lead.id] if self.lead is not None else []

    def are_many(self) -> bool:
        """Whether leads are selected."""
        return False

    def worked(self, go_to: int | None) -> None:
        """Leads have changed: show it; `go_to`: the one that the rep goes along with."""
        raise NotImplementedError

    def has_lead(self) -> bool:
        """Whether there is a lead to work on."""
        return self.are_many() or self.lead is not None

    def with_known(self, ids: Sequence[int], follow: Callable[[Known], None]) -> None:
        """Go on with these leads as they stand now, and with the team."""
        store, author = self.desk.store, self.desk.author
        if store is None:
            return
        first = Member(author, self.desk.name or author, MemberRole.ADMIN)  # whom working makes a member

        def work() -> Known:
            return Known(lists.lead_rows(store, ids), team(store) or [first], author)

        self.read(work, follow)

    def forbidden(self, known: Known, steps: Sequence[LeadStep]) -> bool:
        """Whether none of the steps is possible with the one lead there is; then it is told why."""
        by_login = {member.login: member for member in known.members}
        actor, now = by_login.get(known.author), self.desk.clock()
        if actor is None or len(known.rows) != 1:
            return False  # the services know who becomes a member by working, and tell of each of many
        standing = standing_of(known.rows[0])
        errors = [refusal(standing, step, actor, by_login, now) for step in steps]
        if None in errors or not errors:
            return False
        self.say(errors[0].told_cause if errors[0] else "", "warning")
        return True

    def why_never(self, lead: AtHand, step: LeadStep) -> PostkorbError | None:
        """Why a step is not possible with a lead as it stands, whoever wants it."""
        admin = Member(self.desk.author, self.desk.author, MemberRole.ADMIN)
        return refusal(lead.standing, step, admin, {admin.login: admin}, self.desk.clock())

    def why_not(self, command_id: str) -> str:
        step = _STEPS.get(command_id)
        error = self.why_never(self.lead, step) if self.lead is not None and step is not None else None
        return error.told_cause if error is not None else super().why_not(command_id)

    def work_on(
        self, total: int, title: str, work: Callable[[Progress], Outcome], go_to: int | None = None
    ) -> None:
        """Have something done with leads, count while it takes its time, and tell what came of it."""
        counted = Counted(total)
        box = CountingBox(title, counted) if total > PORTION else None

        def do() -> Outcome | PostkorbError:
            try:
                return work(counted.note)
            except PostkorbError as error:
                return error

        def after(outcome: Outcome | PostkorbError) -> None:
            if box is not None:
                box.leave(None)
            self.worked(go_to)
            if isinstance(outcome, PostkorbError):
                self.tell_error(outcome)
            else:
                self._tell_outcome(outcome, title)

        self.write(do, after)
        if box is not None:
            self.app.push_screen(box)

    def _tell_outcome(self, outcome: Outcome, title: str) -> None:
        if outcome.refused and not outcome.done and len(outcome.refused) == 1:
            self.tell_error(outcome.refused[0].why)
        elif outcome.refused:
            told = outcome.told if outcome.done else title
            self.app.push_screen(RefusedBox(told, outcome.refused, outcome.titles or {}))
        else:
            self.say(outcome.told)

    # -- assign and distribute

    @does("leads.assign", when="has_lead")
    def assign(self) -> None:
        self.with_known(self.targets(), lambda known: self.ask_assignee(known))

    def ask_assignee(self, known: Known, go_to: int | None = None) -> None:
        """Ask who gets these leads: one of them goes to one member, new ones may be shared out."""
        new = [row for row in known.rows if row.state is LeadState.NEW]
        members = known.givable
        if not known.rows or self.forbidden(known, [Assign(member.login) for member in members]):
            return
        if not members:
            self.say(_("There is nobody in the team whom work can be given to."), "warning")
        elif len(known.rows) > 1 and new:
            box = DistributeBox(len(new), len(known.rows) - len(new), members)
            self.app.push_screen(box, lambda plan: self._distribute(new, plan) if plan else None)
        else:
            self._ask_one(known, members, go_to)

    def _ask_one(self, known: Known, members: Sequence[Member], go_to: int | None) -> None:
        n, first = len(known.rows), known.rows[0]
        has_it = first.assignee if n == 1 else ""
        choices = [
            Choice(member.login, member.name, _("yourself") if member.login == known.author else "")
            for member in members
            if member.login != has_it
        ]
        title = _("Assign: {title}").format(title=first.title)
        if n > 1:
            title = ngettext("Pass {n} lead on", "Pass {n} leads on", n).format(n=number(n))
        line = _("Until now: {name}").format(name=first.assignee_name) if has_it else ""

        def answer(choice: Choice | None) -> None:
            if choice is not None:
                self._assign(known, title, str(choice.value), choice.title, go_to)

        self.app.push_screen(Picker(title, choices, line=line, enter=_("assign")), answer)

    def _assign(self, known: Known, title: str, to: str, name: str, go_to: int | None) -> None:
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        seen = {row.id: row.assignee for row in known.rows}
        titles = {row.id: row.title for row in known.rows}
        if store is None:
            return

        def work(progress: Progress) -> Outcome:
            worked = working.assign(
                store, list(seen), to, author=author, now=now, seen=seen, progress=progress
            )
            n = len(worked.done)
            told = ngettext("{n} lead goes to {name}", "{n} leads go to {name}", n)
            return Outcome(n, told.format(n=number(n), name=name), worked.refused, titles)

        self.work_on(len(seen), title, work, go_to)

    def _distribute(self, new: Sequence[LeadRow], plan: Plan) -> None:
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        titles = {row.id: row.title for row in new}
        if store is None:
            return

        def work(progress: Progress) -> Outcome:
            found = distributing.distribute(
                store,
                [row.id for row in new],
                plan.shares,
                author=author,
                now=now,
                in_turn=plan.in_turn,
                progress=progress,
            )
            names = {member.login: member.name for member in team(store)}
            n = sum(found.assigned.values())
            told = ngettext("{n} lead distributed", "{n} leads distributed", n).format(n=number(n))
            parts = [f"{names.get(login, login)} {number(count)}" for login, count in found.assigned.items()]
            return Outcome(n, f"{told}: {', '.join(parts)}", found.refused, titles)

        self.work_on(len(new), _("Distributing"), work)

    # -- taking back and reopening

    def can_take_back(self) -> bool:
        """Whether somebody has the lead at hand; of many selected, each is asked about."""
        return self.are_many() or (self.lead is not None and self.why_never(self.lead, TakeBack()) is None)

    @does("leads.take_back", when="can_take_back")
    def take_back(self) -> None:
        self.with_known(self.targets(), lambda known: self.ask_take_back(known))

    def ask_take_back(self, known: Known, go_to: int | None = None) -> None:
        """Let nobody have these leads any more; many of them are asked about first."""
        n = len(known.rows)
        if not n or self.forbidden(known, [TakeBack()]):
            return
        title = ngettext("Give {n} lead back?", "Give {n} leads back?", n).format(n=number(n))
        if n == 1:
            self._take_back(known, title, known.rows[0].id)  # the rep goes along
        else:
            line = _("Nobody has them then; they stand under “New” again.")
            self.confirm(title, line, _("give back"), lambda: self._take_back(known, title, go_to))

    def _take_back(self, known: Known, title: str, go_to: int | None) -> None:
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        titles = {row.id: row.title for row in known.rows}
        if store is None:
            return

        def work(progress: Progress) -> Outcome:
            worked = working.take_back(store, list(titles), author=author, now=now, progress=progress)
            n = len(worked.done)
            told = ngettext("{n} lead is new again", "{n} leads are new again", n)
            return Outcome(n, told.format(n=number(n)), worked.refused, titles)

        self.work_on(len(titles), title, work, go_to)

    def can_reopen(self) -> bool:
        """Whether the lead at hand is finished."""
        return self.lead is not None and self.why_never(self.lead, Reopen()) is None

    @does("leads.reopen", when="can_reopen")
    def reopen(self) -> None:
        if self.lead is not None:
            self.with_known([self.lead.id], lambda known: self.reopen_one(known))

    def reopen_one(self, known: Known, go_to: int | None = None) -> None:
        """Let the work on a lead that is finished go on."""
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if store is None or not known.rows or self.forbidden(known, [Reopen()]):
            return
        row = known.rows[0]

        def after(standing: Standing) -> None:
            if standing.assignee:
                self.say(_("Active again: {name} has it").format(name=row.assignee_name))
            else:
                self.say(_("New again: whoever had it works on leads no more"))
            self.worked(go_to)

        self.write(lambda: working.reopen(store, row.id, author=author, now=now), after)
