"""What is done with an opportunity that is there: passed on, won, lost, reopened, moved; the rules are the services'.

A rule that forbids something is told before anything is asked; whether it still holds, the services decide in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from app.domain.crm.reasons import FinishReason, reason_word
from app.domain.errors import PostkorbError
from app.domain.opportunities.rules import Action, Opportunity, refusal
from app.domain.opportunities.stages import Outcome, stage_word
from app.language import _, ngettext
from app.screens.dialogs.boxes import Picker, TextPrompt
from app.screens.dialogs.naming import NamingPrompt
from app.screens.dialogs.reasons import ReasonsBox
from app.screens.members import KnowsWho, with_team
from app.screens.place import does
from app.screens.records.undo import UndoKeys
from app.services.opportunities import working
from app.services.opportunities.asking import Asked, asked
from app.services.triage import Store
from app.widgets.choices import Choice
from app.widgets.words import number

Refusals = list[tuple[str, PostkorbError]]


#: The rules that some keys ask first.
_ACTIONS = {
    "records.edit": Action.CHANGE,
    "chances.close": Action.WIN,
    "chances.reopen": Action.REOPEN,
    "chances.pass_on": Action.HAND_ON,
}


class OpportunityVerbs(UndoKeys, KnowsWho):
    """For the list of all and for the page of one."""

    @property
    def chance(self) -> Opportunity | None:
        """The opportunity that keys work on; None if there is none, or while it is being fetched."""
        raise NotImplementedError

    def chances(self) -> Sequence[int]:
        """The ids of those that can be passed on together."""
        return [self.chance.id] if self.chance is not None else []

    def worked(self, number: int) -> None:
        """Something was done with this one: show it."""
        raise NotImplementedError

    def _why_no(self, action: Action) -> PostkorbError | None:
        """Why who is at the keyboard may not do that with it, if so."""
        return refusal(action, self.who.me, self.chance) if self.who is not None else None

    def _may(self, action: Action) -> bool:
        return self.chance is not None and self._why_no(action) is None

    def can_close(self) -> bool:
        """Whether there is one that who is at the keyboard may win or lose."""
        return self._may(Action.WIN)

    def can_reopen(self) -> bool:
        """Whether there is one that who is at the keyboard may reopen."""
        return self._may(Action.REOPEN)

    def can_change(self) -> bool:
        """Whether there is one that who is at the keyboard may change."""
        return self._may(Action.CHANGE)

    def can_pass_on(self) -> bool:
        """Whether there is one that who is at the keyboard may pass on, or several, of which each is asked about later."""
        return len(self.chances()) > 1 or self._may(Action.HAND_ON)

    def why_not(self, command_id: str) -> str:
        action = _ACTIONS.get(command_id)
        error = self._why_no(action) if action is not None and self.chance is not None else None
        return error.told_cause if error is not None else super().why_not(command_id)

    # -- what all of them share

    def _with(self, action: Action, numbers: Sequence[int], follow: Callable[[Asked], None]) -> None:
        """Go on with how these stand now, unless a rule forbids it already."""
        store, author = self.desk.store, self.desk.author
        if store is None or not numbers:
            return

        def after(known: Asked) -> None:
            whys = [refusal(action, known.me, each) for each in known.opportunities]
            if whys and all(why is not None for why in whys) and whys[0] is not None:
                self.tell_error(whys[0])
            elif whys:
                follow(known)

        self.read(lambda: asked(store, numbers, author), after)

    def _do(self, work: Callable[[Store], Opportunity], told: Callable[[Opportunity], str]) -> None:
        """Have it done, say so, and show it."""
        store = self.desk.store
        if store is None:
            return

        def after(done: Opportunity) -> None:
            self.say_done(told(done))
            self.worked(done.id)

        self.write(lambda: work(store), after)

    # -- won and lost

    @does("chances.close", when="can_close")
    def close_chance(self) -> None:
        if self.chance is not None:
            self._with(Action.WIN, [self.chance.id], self._ask_end)

    def _ask_end(self, known: Asked) -> None:
        """Ask whether it is won, or why it is lost."""
        found = known.opportunities[0]
        reasons = self._reason_choices(known)

        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, FinishReason):
                self._ask_text(found, choice.value, "")
            elif choice is not None:
                self._win(found, "")

        title = _("Close: {title}").format(title=found.title)
        choices = [Choice(Outcome.WON, _("won")), *reasons]
        self.app.push_screen(Picker(title, choices, enter=_("choose")), answer)

    def _reason_choices(self, known: Asked) -> list[Choice]:
        return [
            Choice(reason, _("lost: {reason}").format(reason=reason_word(reason.name)))
            for reason in known.reasons
        ]

    def _ask_text(self, found: Opportunity, reason: FinishReason, stage: str) -> None:
        """Ask what is to be said about a reason; only some need it."""

        def answer(text: str | None) -> None:
            if text is not None:
                self._lose(found, reason, text, stage)

        if not reason.needs_text:
            answer("")
            return
        title = _("lost: {reason}").format(reason=reason_word(reason.name))
        self.app.push_screen(TextPrompt(title, _("Which reason was it?"), enter=_("close it")), answer)

    def _win(self, found: Opportunity, stage: str) -> None:
        author, now = self.desk.author, self.desk.clock()
        self._do(
            lambda store: working.win(store, found.id, author=author, now=now, stage=stage, seen=found.stage),
            lambda _done: _("Won."),
        )

    def _lose(self, found: Opportunity, reason: FinishReason, text: str, stage: str) -> None:
        author, now = self.desk.author, self.desk.clock()
        self._do(
            lambda store: working.lose(
                store, found.id, reason.name, author=author, now=now, text=text, stage=stage, seen=found.stage
            ),
            lambda _done: _("Closed as lost."),
        )

    @does("chances.reopen", when="can_reopen")
    def reopen_chance(self) -> None:
        if self.chance is not None:
            self._with(Action.REOPEN, [self.chance.id], self._reopen)

    def _reopen(self, known: Asked) -> None:
        found, author, now = known.opportunities[0], self.desk.author, self.desk.clock()
        self._do(
            lambda store: working.reopen(store, found.id, author=author, now=now, seen=found.stage),
            lambda done: _reopened(done, is_handed_on=done.assignee != found.assignee),
        )

    # -- moved

    def move_to(self, seen: Opportunity, stage: str) -> None:
        """Move it to a stage, from the one at which it was seen; what is lost there is asked for its reason."""

        def follow(known: Asked) -> None:
            to = next((each for each in known.stages if each.name == stage), None)
            if to is not None and to.outcome is Outcome.LOST:
                self._ask_loss(seen, known, stage)
            elif to is not None and to.outcome is Outcome.WON:
                self._win(seen, stage)
            else:
                self._move(seen, stage)

        self._with(Action.MOVE, [seen.id], follow)

    def _ask_loss(self, seen: Opportunity, known: Asked, stage: str) -> None:
        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, FinishReason):
                self._ask_text(seen, choice.value, stage)

        title = _("Close: {title}").format(title=seen.title)
        self.app.push_screen(Picker(title, self._reason_choices(known), enter=_("choose")), answer)

    def _move(self, seen: Opportunity, stage: str) -> None:
        author, now = self.desk.author, self.desk.clock()
        self._do(
            lambda store: working.move(store, seen.id, stage, author=author, now=now, seen=seen.stage),
            lambda done: _("Now at “{stage}”, {n} %.").format(
                stage=stage_word(done.stage), n=done.probability
            ),
        )

    # -- passed on

    @does("chances.pass_on", when="can_pass_on")
    def pass_on(self) -> None:
        self._with(Action.HAND_ON, self.chances(), self._ask_assignee)

    def _ask_assignee(self, known: Asked) -> None:
        first, n = known.opportunities[0], len(known.opportunities)
        choices = [
            Choice(member.login, member.name, _("yourself") if member.login == known.me.login else "")
            for member in known.members
            if n > 1 or member.login != first.assignee
        ]
        if not choices:
            self.say(_("There is nobody else to pass it on to."), "warning")
            return
        title = _("Pass on: {title}").format(title=first.title)
        if n > 1:
            title = ngettext("Pass {n} opportunity on", "Pass {n} opportunities on", n).format(n=number(n))
        line = _("Until now: {name}").format(name=first.assignee_name) if n == 1 and first.assignee else ""

        def answer(choice: Choice | None) -> None:
            if choice is not None:
                self._ask_word(known, title, str(choice.value), choice.title)

        self.app.push_screen(Picker(title, choices, line=line, enter=_("choose")), answer)

    def _ask_word(self, known: Asked, title: str, to: str, name: str) -> None:
        def answer(note: str | None) -> None:
            if note is not None:
                self._pass_on(known, to, name, note)

        line = _("A note for {name}, if there is something to know:").format(name=name)
        self.app.push_screen(
            NamingPrompt(title, line, team=partial(with_team, self), enter=_("pass on"), optional=True),
            answer,
        )

    def _pass_on(self, known: Asked, to: str, name: str, note: str) -> None:
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        found = known.opportunities
        if store is None:
            return

        def work() -> Refusals:
            which = [(each.id, each.assignee) for each in found]
            titles = {each.id: each.title for each in found}
            refused = working.pass_all_on(store, which, to, author=author, now=now, note=note)
            return [(titles[id], error) for id, error in refused]

        def after(refused: Refusals) -> None:
            self._tell_passed(len(found) - len(refused), name, refused)
            self.worked(found[0].id)

        self.write(work, after)

    def _tell_passed(self, n: int, name: str, refused: Refusals) -> None:
        told = ngettext("{n} opportunity goes to {name}.", "{n} opportunities go to {name}.", n)
        told = told.format(n=number(n), name=name)
        if len(refused) == 1 and not n:
            self.tell_error(refused[0][1])
        elif refused:
            left = ngettext("{n} stayed as it was.", "{n} stayed as they were.", len(refused))
            choices = [Choice(error.told_cause, title) for title, error in refused]
            self.app.push_screen(ReasonsBox(told, left.format(n=number(len(refused))), choices))
        else:
            self.say_done(told)


def _reopened(done: Opportunity, *, is_handed_on: bool) -> str:
    """Where it is again; `is_handed_on`: whoever had it works here no more."""
    told = _("Open again, at “{stage}”; it is yours now.") if is_handed_on else _("Open again, at “{stage}”.")
    return told.format(stage=stage_word(done.stage))
