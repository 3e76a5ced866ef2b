"""New contacts from mail: of its sender; one who has the address already is offered instead of made twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.triage import Done, Selection
from app.language import _
from app.screens.mail.records import Records
from app.screens.place import does

if TYPE_CHECKING:
    from app.domain.record_input import ContactInput
    from app.screens.records.form import Typed
    from app.services.crm.from_mail import ContactDraft
    from app.services.crm.records import ContactKnown
    from app.services.triage import Store


class Contacts(Records):
    """Contacts made of the selected mails."""

    @does("mail.contact", when="can_change")
    def new_contact(self) -> None:
        mails = self.targets()

        def go_on(draft: ContactDraft) -> None:
            if draft.several:
                self.say(_("These mails have several senders: select those of one."), "warning")
            elif not draft.known and draft.new is None:
                self.say(_("This mail has no sender who could be a contact."), "warning")
            else:
                self.offer_contact(mails, draft)

        self.draft_of_targets(_draft_contact, go_on)

    def offer_contact(self, mails: Selection, draft: ContactDraft) -> None:
        """Let the rep look over a contact; first those who have its address, if there are any."""
        from app.screens.records.known import ask_known

        new = draft.new

        def second() -> None:
            assert new is not None
            self._ask_contact(mails, new, tuple(row.id for row in draft.known))

        if draft.known:
            again = second if new is not None else None
            ask_known(self, draft.known, second=again, link=lambda row: self.link_mails(mails, row))
        else:
            second()

    def _ask_contact(
        self, mails: Selection, new: ContactInput, beside: tuple[int, ...], typed: Typed | None = None
    ) -> None:
        from app.screens.records.lines import contact_lines

        def keep(contact: ContactInput, typed: Typed) -> None:
            self._make_contact(mails, new, contact, typed, beside)

        line, lines = self.count_text(mails), contact_lines(new)
        self.ask_form(_("New contact"), line, new, lines, keep, typed)

    def _make_contact(
        self,
        mails: Selection,
        new: ContactInput,
        contact: ContactInput,
        typed: Typed,
        beside: tuple[int, ...],
    ) -> None:
        """Make the contact that was typed; when others than `beside` have its address, go on as the rep chooses."""
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if store is None:
            return

        def work() -> Done | ContactKnown:
            from app.services.crm.from_mail import new_contact_from_mail
            from app.services.crm.records import ContactKnown

            try:
                return new_contact_from_mail(store, mails, contact, author=author, now=now, beside=beside)
            except ContactKnown as error:
                return error

        def after(made: Done | ContactKnown) -> None:
            if isinstance(made, Done):
                self.stepped(made)
                return
            from app.screens.records.known import ask_known

            known = tuple(row.id for row in made.known)
            ask_known(
                self,
                made.known,
                second=lambda: self._make_contact(mails, new, contact, typed, known),
                link=lambda row: self.link_mails(mails, row),
                back=lambda: self._ask_contact(mails, new, beside, typed),
            )

        self.write(work, after)


def _draft_contact(store: Store, messages: Sequence[int], author: str) -> ContactDraft:
    from app.services.crm.from_mail import contact_from_mail

    return contact_from_mail(store, messages[0], author=author, of=messages)
