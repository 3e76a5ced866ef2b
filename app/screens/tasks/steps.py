"""The keys that change an entry of the personal task list: finish, put off, pass on, undo; the rules are the services'."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.crm.agenda import Entry, EntryKind, Ident, in_days
from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.mentions import check_own
from app.domain.due import Due
from app.domain.errors import PostkorbError, Refused
from app.domain.leads.rules import Standing, Succeed, Team, never_assigned, refusal
from app.domain.team.members import Member
from app.domain.undo import Done
from app.language import _
from app.screens.dialogs.boxes import Picker
from app.screens.dialogs.due import DueDialog
from app.screens.leads.finishing import LeadEnding
from app.screens.members import assignable, with_team
from app.screens.place import does
from app.screens.records.editing import Editing
from app.screens.records.history_keys import HistoryKeys
from app.screens.tasks.lines import entry_title
from app.services.tasks import steps
from app.widgets.choices import Choice

if TYPE_CHECKING:
    from app.services.triage import Store

#: A step: on which store, by whom, when.
Step = Callable[["Store", str, datetime], Done]


#: The keys that ask the rules first.
_STEPS = frozenset(f"tasks.{step}" for step in ("finish", "reopen", "postpone", "tomorrow", "pass_on"))


def _why_not_finished(standing: Standing, actor: Member, team: Team, now: datetime) -> PostkorbError | None:
    return refusal(standing, Succeed(), actor, team, now)


#: What the rules say of leads in particular.
_LEAD_RULES = {"tasks.finish": _why_not_finished, "tasks.pass_on": never_assigned}


class TaskSteps(HistoryKeys, Editing, LeadEnding):
    """Steps on the entry under the cursor."""

    undo_command = "tasks.undo"

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        raise NotImplementedError

    def leave_out(self, entry: Entry) -> None:
        """The entry leaves its place: the cursor goes to the next one at once, and the next key is for that."""
        raise NotImplementedError

    def settle(self, entry: Entry | None, go_to: Ident | None = None) -> None:
        """A step on an entry is stored: show the list as it is now; `go_to`: with the cursor there, if it is listed."""
        raise NotImplementedError

    @property
    def about(self) -> RecordRow | None:
        return self.entry.told_on if self.entry is not None else None

    def has_entry(self) -> bool:
        """Whether there is an entry to work on."""
        return self.entry is not None and self.desk.store is not None

    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.has_entry() and self.entry is not None and not self.entry.done

    def is_done(self) -> bool:
        """Whether it is done."""
        return self.has_entry() and self.entry is not None and self.entry.done

    def _why_no(self, command_id: str) -> PostkorbError | None:
        """Why the rules do not let who is at the keyboard take a step on the entry, if so."""
        entry, who = self.entry, self.who
        if entry is None or who is None:
            return None
        if entry.kind is EntryKind.LEAD and command_id in _LEAD_RULES:
            return _LEAD_RULES[command_id](Standing(entry.assignee), who.me, who.team, self.desk.clock())
        if entry.kind is EntryKind.MENTION:
            try:
                check_own(entry.assignee, who.me.login)
            except Refused as error:
                return error
            if command_id not in ("tasks.pass_on", "tasks.reopen"):
                return None  # they read what is said to them, whatever their role
        return self.why_no_work()

    def can_finish(self) -> bool:
        """Whether who is at the keyboard may finish it."""
        return self.is_open() and self._why_no("tasks.finish") is None

    def can_put_off(self) -> bool:
        """Whether who is at the keyboard may put it off."""
        return self.is_open() and self._why_no("tasks.postpone") is None

    def can_pass_on(self) -> bool:
        """Whether who is at the keyboard may pass it on."""
        return self.is_open() and self._why_no("tasks.pass_on") is None

    def can_reopen(self) -> bool:
        """Whether who is at the keyboard may open it again."""
        return self.is_done() and self._why_no("tasks.reopen") is None

    def why_not(self, command_id: str) -> str:
        is_history = command_id.startswith("history.")
        if self.entry is None and (is_history or command_id.startswith("tasks.")):
            return _("There is nothing here.")
        if is_history and self.about is None:
            return _("It is about a mail: Enter opens it, and c comments on it.")
        if command_id == "tasks.edit":
            return _("It is changed on its page: Enter opens it.")
        error = self._why_no(command_id) if command_id in _STEPS else None
        if error is not None:
            return error.told_cause
        if command_id.startswith("tasks.") and self.is_done():
            return _("It is done already; O opens it again.")
        return super().why_not(command_id)

    # -- steps

    def step(self, entry: Entry, work: Step) -> None:
        """Carry out a step on an entry and tell what it did."""
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if store is None:
            return
        self.leave_out(entry)

        def carry_out() -> Done | PostkorbError:
            try:
                return work(store, author, now)
            except PostkorbError as error:
                return error

        def after(answer: Done | PostkorbError) -> None:
            if isinstance(answer, PostkorbError):
                self.settle(entry, entry.key.ident)
                self.tell_error(answer)
            else:
                self._stepped(answer, entry)

        self.write(carry_out, after)

    def _stepped(self, done: Done, entry: Entry | None = None) -> None:
        undo = self.undo_items() if done.undoable else []
        self.say(done.text, "warning" if done.left_out else "good", *undo)
        self.settle(entry, _came_back(done))

    @does("tasks.finish", when="can_finish")
    def finish(self) -> None:
        entry = self.entry
        if entry is None:
            return
        if entry.kind is EntryKind.LEAD:
            self.finish_lead(entry.key.id)
            return
        key = entry.key
        self.step(
            entry,
            lambda store, by, now: steps.finish(store, key.kind, key.id, author=by, now=now),
        )

    @does("tasks.reopen", when="can_reopen")
    def reopen(self) -> None:
        entry = self.entry
        if entry is not None:
            key = entry.key
            self.step(
                entry,
                lambda store, by, now: steps.reopen(store, key.kind, key.id, author=by, now=now),
            )

    @does("tasks.postpone", when="can_put_off")
    def postpone(self) -> None:
        entry, now = self.entry, self.desk.clock()
        if entry is None:
            return

        def answer(due: Due | None) -> None:
            if due is not None:
                self._postpone(entry, due)

        line = " ".join(entry_title(entry).split())
        box = DueDialog(_("Put off to another day"), now, entry.due, line=line, enter=_("postpone"))
        self.app.push_screen(box, answer)

    @does("tasks.tomorrow", when="can_put_off")
    def postpone_to_tomorrow(self) -> None:
        entry = self.entry
        if entry is not None:
            self._postpone(entry, in_days(1, entry.due, self.desk.clock().date()))

    def _postpone(self, entry: Entry, due: Due) -> None:
        key = entry.key
        self.step(
            entry,
            lambda store, by, now: steps.postpone(store, key.kind, key.id, due, author=by, now=now),
        )

    @does("tasks.pass_on", when="can_pass_on")
    def pass_on(self) -> None:
        entry = self.entry
        if entry is not None:
            with_team(self, lambda members: self._ask_colleague(entry, members))

    def _ask_colleague(self, entry: Entry, members: Sequence[Member]) -> None:
        choices = [
            Choice(each.login, each.name) for each in assignable(members) if each.login != entry.assignee
        ]
        if not choices:
            self.say(_("There is no colleague in the team yet."), "warning")
            return
        key = entry.key

        def answer(choice: Choice | None) -> None:
            if choice is not None:
                to = str(choice.value)
                self.step(
                    entry,
                    lambda store, by, now: steps.pass_on(store, key.kind, key.id, to, author=by, now=now),
                )

        line = " ".join(entry_title(entry).split())
        self.app.push_screen(Picker(_("Pass on to"), choices, line=line, enter=_("pass on")), answer)

    @does("tasks.undo", when="can_undo")
    def undo(self) -> None:
        super().undo()

    def came_back(self, done: Done) -> None:
        self.settle(None, _came_back(done))


def _came_back(done: Done) -> Ident | None:
    """The entry that a step taken back was about, so that the cursor stands on it again."""
    found = [(EntryKind.MENTION, number) for number in done.mentions]
    found += [
        (EntryKind(kind.value), number) for kind, number in done.records if kind in (Kind.LEAD, Kind.TASK)
    ]
    return found[0] if found else None
