"""New leads and tasks from mail: a form with the mail's data filled in, then the record, linked, in one step.

The services and the form are imported when first used: what they need takes a third of a second to load.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.mail.triage import Selection
from app.domain.undo import Done
from app.language import _, ngettext
from app.screens.mail.linking import Linking
from app.screens.mail.triage import Step
from app.screens.place import does
from app.widgets.words import number

if TYPE_CHECKING:
    from app.domain.crm.record_input import ContactInput, LeadInput, RecordInput, TaskInput
    from app.domain.due import Due
    from app.domain.team.members import Member
    from app.screens.records.form import FormLine, Typed
    from app.services.crm.checks import AlreadyKnown
    from app.services.crm.from_mail import LeadDraft, Sender, TaskDraft
    from app.services.triage import Store

T = TypeVar("T")

#: The line of a form that says whose record it will be.
_SENDER = "with_sender"


class Records(Linking):
    """Records made of the selected mails."""

    @does("mail.lead", when="can_change")
    def new_lead(self) -> None:
        from app.screens.records.form import FormLine

        mails = self.targets()

        def ask(draft: LeadDraft) -> None:
            lead = draft.lead
            lines = [
                FormLine("title", "Title", lead.title),
                FormLine("source", "Source", lead.source),
                FormLine("value", "Value", hint=_("in euros")),
                FormLine("next_step", "Next step"),
                FormLine("due_on", "Due", hint=_("for example {day}").format(day="+3")),
                FormLine("assignee", "Assignee", lead.assignee),
            ]
            lines += sender_lines(draft.sender)
            self._ask_and_make(_("New lead"), mails, lead, lines, draft.sender)

        self.draft_of_targets(_draft_lead, ask)

    @does("mail.task", when="can_change")
    def new_task(self) -> None:
        from app.screens.records.form import FormLine

        mails = self.targets()

        def ask(draft: TaskDraft) -> None:
            task = draft.task
            lines = [
                FormLine("title", "Title", task.title),
                FormLine("due_on", "Due", hint=_("for example {day}").format(day=_("tomorrow, Fri, +3"))),
                FormLine("assignee", "Assignee", task.assignee),
            ]
            lines += sender_lines(draft.sender)
            self._ask_and_make(_("New task"), mails, task, lines, draft.sender)

        self.draft_of_targets(_draft_task, ask)

    @does("mail.follow_up", when="can_change")
    def put_on_follow_up(self) -> None:
        from app.screens.dialogs.due import DueDialog

        messages = self.target_messages()
        box = DueDialog(
            _("Put on follow-up"), self.desk.clock(), line=self.targets_text(), enter=_("put on follow-up")
        )
        self.ask_and_step(box, lambda due: _make_follow_up(due, messages))

    def draft_of_targets(
        self, draft: Callable[[Store, Sequence[int], str], T], ask: Callable[[T], None]
    ) -> None:
        """Have the targets looked through, and ask with what was found."""
        messages, store, author = self.target_messages(), self.desk.store, self.desk.author
        if messages and store is not None:

            def work() -> T:
                import app.screens.records.known
                import app.screens.records.lines  # noqa: F401 - so that the event loop finds them loaded

                return draft(store, messages, author)

            self.read(work, ask)

    def _ask_and_make(
        self,
        title: str,
        mails: Selection,
        given: LeadInput | TaskInput,
        lines: list[FormLine],
        sender: Sender,
        typed: Typed | None = None,
    ) -> None:
        """Let the rep look over a lead or a task and whose it will be; then it is made."""

        def keep(data: LeadInput | TaskInput, typed: Typed) -> None:
            new = sender.new if typed.get(_SENDER) else None
            self._make(
                mails, data, new, lambda: self._ask_and_make(title, mails, given, lines, sender, typed)
            )

        self.ask_form(title, self.count_text(mails), given, lines, keep, typed)

    def _make(
        self,
        mails: Selection,
        data: LeadInput | TaskInput,
        contact: ContactInput | None,
        back: Callable[[], None],
        beside: tuple[int, ...] = (),
    ) -> None:
        """Make the lead or the task that was typed; when its contact has others than `beside` that are open, or others have
        the address of the `contact` that is made with it, go on as the rep chooses."""
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if store is None:
            return

        def work() -> Done | AlreadyKnown:
            from app.domain.crm.record_input import LeadInput
            from app.services.crm.checks import AlreadyKnown
            from app.services.crm.from_mail import new_lead_from_mail, new_task_from_mail

            who: dict[str, Any] = {"author": author, "now": now, "contact": contact, "beside": beside}
            try:
                if isinstance(data, LeadInput):
                    return new_lead_from_mail(store, mails, data, **who)
                return new_task_from_mail(store, mails, data, **who)
            except AlreadyKnown as error:
                return error

        def link(row: RecordRow) -> None:
            if row.kind is Kind.CONTACT:
                self._make(mails, data.model_copy(update={"contact_id": row.id}), None, back)
            else:
                self.link_mails(mails, row)

        def after(made: Done | AlreadyKnown) -> None:
            if isinstance(made, Done):
                self.stepped(made)
                return
            from app.screens.records.known import ask_known

            known = tuple(row.id for row in made.known)
            ask_known(
                self,
                made.known,
                second=lambda: self._make(mails, data, contact, back, known),
                link=link,
                back=back,
            )

        self.write(work, after)

    def ask_form(
        self,
        title: str,
        line: str,
        given: RecordInput,
        lines: list[FormLine],
        keep: Callable[[Any, Typed], None],
        typed: Typed | None = None,
    ) -> None:
        """Let the rep look over a record: what is typed replaces what was `given`, and is passed on. `typed`: what stood
        there when the form was left before."""
        from app.screens.members import with_team
        from app.screens.records.form import RecordForm, with_members

        today, values = self.desk.clock().date(), given.model_dump()

        def read(typed: Typed) -> Any:
            # Only what was typed anew: a form shows less of some fields than they hold.
            chosen = {line.name: typed[line.name] for line in lines if typed[line.name] != line.given}
            if not typed.get(_SENDER, "yes"):
                chosen["contact_id"] = None
            chosen.pop(_SENDER, None)
            return _read(type(given), {**values, **chosen}, today)

        def answer(typed: Typed | None) -> None:
            if typed is not None:
                keep(read(typed), typed)

        shown = [replace(line, value=str(typed[line.name])) for line in lines] if typed else lines

        def ask(team: Sequence[Member]) -> None:
            fields = with_members(shown, team)
            form = RecordForm(title, line, fields, enter=_("create and link"), check=read)
            self.app.push_screen(form, answer)

        with_team(self, ask)

    @staticmethod
    def count_text(mails: Selection) -> str:
        """How many mails will be linked, if they are several."""
        line = ngettext("{n} mail will be linked", "{n} mails will be linked", len(mails))
        return line.format(n=number(len(mails))) if len(mails) > 1 else ""


def sender_lines(sender: Sender | None) -> list[FormLine]:
    """Whose record it will be, which can be declined; nothing when nobody is proposed."""
    from app.screens.records.form import FormLine

    if sender is None or not (sender.known or sender.new):
        return []
    if sender.known is not None:
        words = sender.known.title
    else:
        assert sender.new is not None
        new = sender.new
        name = " ".join(filter(None, (new.first_name, new.last_name))) or new.company
        words = _("{name}, will be created too").format(name=name or new.emails[0].value)
    value = "" if sender.bulk else "yes"
    return [FormLine(_SENDER, "Contact", value, words=(("yes", words), ("", _("none"))))]


# -- in the threads


def _read(model: Any, values: dict[str, Any], today: date) -> Any:
    """The input that was typed. Raises BadInput."""
    from app.domain.crm.record_input import read_input

    return read_input(model, values, today)


def _draft_lead(store: Store, messages: Sequence[int], author: str) -> LeadDraft:
    from app.services.crm.from_mail import lead_from_mail

    return lead_from_mail(store, messages[0], author=author, of=messages)


def _draft_task(store: Store, messages: Sequence[int], author: str) -> TaskDraft:
    from app.services.crm.from_mail import task_from_mail

    return task_from_mail(store, messages[0], author=author, of=messages)


def _make_follow_up(due: Due, messages: Sequence[int]) -> Step:
    def step(store: Store, mails: Selection, author: str, now: datetime) -> Done:
        from app.services.tasks.making import follow_up

        return follow_up(store, mails, due, of=messages, author=author, now=now)

    return step
