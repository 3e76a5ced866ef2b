"""What is done with leads that are there: assigned, distributed, taken back, reopened; the rules are the services'.

A rule that forbids something is told before anything is asked; whether it still holds, the services decide in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.domain.crm.kinds import LeadState
from app.domain.errors import PostkorbError
from app.domain.leads.rows import LeadRow
from app.domain.leads.rules import Assign, LeadStep, Reopen, Standing, Succeed, TakeBack
from app.domain.team.members import Member
from app.domain.team.membership import OpenWork
from app.language import _, ngettext
from app.screens.dialogs.boxes import Picker
from app.screens.leads.asking import AtHand, Known, LeadAsking
from app.screens.leads.boxes import Counted, CountingBox, RefusedBox
from app.screens.leads.distribute_box import DistributeBox, Plan
from app.screens.place import does
from app.services.leads import distributing, working
from app.services.leads.steps import PORTION, NotDone, Progress
from app.services.team.acting import team
from app.services.team.membership import team_with_work
from app.widgets.choices import Choice
from app.widgets.words import number


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


class LeadVerbs(LeadAsking):
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

    def selected(self) -> Iterable[AtHand | None]:
        """The leads that are selected, as far as the place knows how they stand."""
        return ()

    def may(self, is_possible: Callable[[AtHand], bool]) -> bool:
        """Whether something is possible with the lead at hand, or with at least one of those selected; of one that is out of
        sight, that is asked about later."""
        if self.are_many():
            return any(lead is None or is_possible(lead) for lead in self.selected())
        return self.lead is not None and is_possible(self.lead)

    def can_assign(self) -> bool:
        """Whether there is a lead that somebody could get from who is at the keyboard."""
        return self.may(lambda lead: self.why_given_to_nobody(lead) is None)

    def why_not(self, command_id: str) -> str:
        lead, step, error = self.lead, _STEPS.get(command_id), None
        if lead is not None and command_id == "leads.assign":
            error = self.why_given_to_nobody(lead)
        elif lead is not None and step is not None:
            error = self.why_no(lead, step)
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
            self.say_done(outcome.told)

    # -- assign and distribute

    @does("leads.assign", when="can_assign")
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
            self._ask_shares(new, len(known.rows) - len(new), members)
        else:
            self._ask_one(known, members, go_to)

    def _ask_shares(self, new: Sequence[LeadRow], left: int, members: Sequence[Member]) -> None:
        """Ask how new leads are shared out; what each one has by now stands there."""
        store = self.desk.store
        if store is None:
            return

        def ask(found: list[tuple[Member, OpenWork]]) -> None:
            load = {member.login: work.leads for member, work in found}
            box = DistributeBox(len(new), left, members, load)
            self.app.push_screen(box, lambda plan: self._distribute(new, plan) if plan else None)

        self.read(lambda: team_with_work(store), ask)

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
        """Whether who is at the keyboard may take back the lead at hand, or one of those selected."""
        return self.may(lambda lead: self.why_no(lead, TakeBack()) is None)

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
        """Whether who is at the keyboard may open the lead at hand again."""
        return self.lead is not None and self.why_no(self.lead, Reopen()) is None

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
                self.say_done(_("Active again: {name} has it").format(name=row.assignee_name))
            else:
                self.say_done(_("New again: whoever had it works on leads no more"))
            self.worked(go_to)

        self.write(lambda: working.reopen(store, row.id, author=author, now=now), after)
