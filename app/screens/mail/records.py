"""New leads, tasks and contacts from mail: a form with the mail's data filled in, then the record, linked, in one step.

The services and the form are imported when first used: what they need takes a third of a second to load.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from app.domain.triage import Done, Selection
from app.language import _, ngettext
from app.screens.mail.linking import Linking
from app.screens.mail.triage import Step
from app.screens.place import does
from app.widgets.words import number

if TYPE_CHECKING:
    from app.domain.record_input import ContactInput, LeadInput, RecordInput, TaskInput
    from app.screens.records.form import FormLine, Typed
    from app.services.crm.from_mail import LeadDraft, Sender, TaskDraft
    from app.services.triage import Store

T = TypeVar("T")

#: The line of a form that says whose record it will be.
_SENDER = "with_sender"
_CONTACT = ("salutation", "title", "first_name", "last_name", "company")
_MORE_OF_CONTACT = ("customer_number", "street", "postal_code", "city")


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
            self._ask_form(_("New lead"), mails, lead, lines, draft.sender, _make_lead)

        self._draft(_draft_lead, ask)

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
            self._ask_form(_("New task"), mails, task, lines, draft.sender, _make_task)

        self._draft(_draft_task, ask)

    @does("mail.contact", when="can_change")
    def new_contact(self) -> None:
        mails = self.targets()

        def ask(sender: Sender) -> None:
            new = sender.new
            if sender.known is not None:
                self.say(_("“{title}” is a contact already.").format(title=sender.known.title), "warning")
            elif sender.several:
                self.say(_("These mails have several senders: select those of one."), "warning")
            elif new is None:
                self.say(_("This mail has no sender who could be a contact."), "warning")
            else:
                self._ask_form(_("New contact"), mails, new, contact_lines(new), None, _make_contact)

        self._draft(_draft_contact, ask)

    def _draft(self, draft: Callable[[Store, Sequence[int], str], T], ask: Callable[[T], None]) -> None:
        """Have the targets looked through, and ask with what was found."""
        messages, store, author = self.target_messages(), self.desk.store, self.desk.author
        if messages and store is not None:

            def work() -> T:
                import app.screens.records.form  # noqa: F401 - so that the event loop finds it loaded

                return draft(store, messages, author)

            self.read(work, ask)

    def _ask_form(
        self,
        title: str,
        mails: Selection,
        given: RecordInput,
        lines: list[FormLine],
        sender: Sender | None,
        make: Callable[[Any, Sender | None], Step],
    ) -> None:
        """Let the rep look over a record; what is typed replaces what was `given`."""
        from app.screens.records.form import RecordForm

        today, values = self.desk.clock().date(), given.model_dump()

        def read(typed: Typed) -> Any:
            chosen = {name: value for name, value in typed.items() if name != _SENDER}
            if not typed.get(_SENDER, "yes"):
                chosen["contact_id"] = None
            return _read(type(given), {**values, **chosen}, today)

        def answer(typed: Typed | None) -> None:
            if typed is not None:
                self.step_on(mails, make(read(typed), sender if typed.get(_SENDER) else None))

        line = ngettext("{n} mail will be linked", "{n} mails will be linked", len(mails))
        line = line.format(n=number(len(mails))) if len(mails) > 1 else ""
        fields = [*lines, *sender_lines(sender)]
        form = RecordForm(title, line, fields, enter=_("create and link"), check=read)
        self.app.push_screen(form, answer)


def contact_lines(new: ContactInput) -> list[FormLine]:
    """The form of a contact."""
    from app.domain.record_input import FIELD_NAMES
    from app.screens.records.form import FormLine

    def lines(names: tuple[str, ...]) -> list[FormLine]:
        return [FormLine(name, FIELD_NAMES[name], getattr(new, name)) for name in names]

    return [
        *lines(_CONTACT),
        FormLine("emails", "E-mail", ", ".join(entry.value for entry in new.emails)),
        FormLine("phones", "Phone", ", ".join(entry.value for entry in new.phones)),
        *lines(_MORE_OF_CONTACT),
    ]


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
    from app.domain.record_input import read_input

    return read_input(model, values, today)


def _draft_lead(store: Store, messages: Sequence[int], author: str) -> LeadDraft:
    from app.services.crm.from_mail import lead_from_mail

    return lead_from_mail(store, messages[0], author=author, of=messages)


def _draft_task(store: Store, messages: Sequence[int], author: str) -> TaskDraft:
    from app.services.crm.from_mail import task_from_mail

    return task_from_mail(store, messages[0], author=author, of=messages)


def _draft_contact(store: Store, messages: Sequence[int], author: str) -> Sender:
    from app.services.crm.from_mail import contact_from_mail

    return contact_from_mail(store, messages[0], author=author, of=messages)


def _make_lead(lead: LeadInput, sender: Sender | None) -> Step:
    def step(store: Store, mails: Selection, author: str, now: datetime) -> Done:
        from app.services.crm.from_mail import new_lead_from_mail

        new = sender.new if sender else None
        return new_lead_from_mail(store, mails, lead, author=author, now=now, contact=new)

    return step


def _make_task(task: TaskInput, sender: Sender | None) -> Step:
    def step(store: Store, mails: Selection, author: str, now: datetime) -> Done:
        from app.services.crm.from_mail import new_task_from_mail

        new = sender.new if sender else None
        return new_task_from_mail(store, mails, task, author=author, now=now, contact=new)

    return step


def _make_contact(contact: ContactInput, _sender: Sender | None) -> Step:
    def step(store: Store, mails: Selection, author: str, now: datetime) -> Done:
        from app.services.crm.from_mail import new_contact_from_mail

        return new_contact_from_mail(store, mails, contact, author=author, now=now)

    return step
