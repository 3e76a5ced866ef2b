"""New contacts from mail: of its sender, or of a visiting card that lies open; one who has the address already is offered
instead of made twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.domain.mail.cards import Card
from app.domain.mail.triage import Selection
from app.domain.undo import Done
from app.language import _, ngettext
from app.screens.dialogs.boxes import Picker
from app.screens.mail.records import Records
from app.screens.place import does
from app.widgets.choices import Choice
from app.widgets.words import number

if TYPE_CHECKING:
    from app.domain.crm.record_input import ContactInput
    from app.screens.records.form import Typed
    from app.services.crm.checks import ContactKnown
    from app.services.crm.new_contact import ContactDraft
    from app.services.triage import Store


class Contacts(Records):
    """Contacts made of the selected mails, or of the card that is read."""

    @does("mail.contact", when="can_change")
    def new_contact(self) -> None:
        opened = self.opened_cards()
        if opened is None:
            self._contact_of_sender()
            return
        row, cards = opened
        mails = Selection(copies=(row.copy_id,))
        if len(cards) == 1:
            self._contact_of_card(mails, cards[0])
            return

        def answer(choice: Choice | None) -> None:
            if choice is not None:
                self._contact_of_card(mails, cards[int(str(choice.value))])

        choices = [
            Choice(
                place, card.title or _("Without a name"), card.company if card.company != card.title else ""
            )
            for place, card in enumerate(cards)
        ]
        line = _("{n} visiting cards").format(n=number(len(cards)))
        self.app.push_screen(Picker(_("New contact"), choices, line=line, enter=_("choose")), answer)

    def _contact_of_card(self, mails: Selection, card: Card) -> None:
        store, author = self.desk.store, self.desk.author
        if store is None:
            return

        def work() -> ContactDraft:
            import app.screens.records.known
            import app.screens.records.lines  # noqa: F401 - so that the event loop finds them loaded
            from app.services.crm.new_contact import contact_from_card

            return contact_from_card(store, card, author=author)

        def go_on(draft: ContactDraft) -> None:
            if draft.new is None:
                self.say(_("This card has no name, no company and no e-mail address."), "warning")
            else:
                self.offer_contact(mails, draft)

        self.read(work, go_on)

    def _contact_of_sender(self) -> None:
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
            self._ask_contact(mails, draft, new, tuple(row.id for row in draft.known))

        if draft.known:
            again = second if new is not None else None
            ask_known(self, draft.known, second=again, link=lambda row: self.link_mails(mails, row))
        else:
            second()

    def _ask_contact(
        self,
        mails: Selection,
        draft: ContactDraft,
        new: ContactInput,
        beside: tuple[int, ...],
        typed: Typed | None = None,
    ) -> None:
        from app.screens.records.lines import contact_lines

        def keep(contact: ContactInput, typed: Typed) -> None:
            self._make_contact(
                mails, contact, beside, lambda: self._ask_contact(mails, draft, new, beside, typed)
            )

        line, lines = self._line_of(mails, draft), contact_lines(new)
        self.ask_form(_("New contact"), line, new, lines, keep, typed)

    def _line_of(self, mails: Selection, draft: ContactDraft) -> str:
        """What is to be known before a contact is made."""
        n = draft.left_out
        more = ngettext(
            "{n} more address or number of the card is not taken over",
            "{n} more addresses and numbers of the card are not taken over",
            n,
        )
        return more.format(n=number(n)) if n else self.count_text(mails)

    def _make_contact(
        self,
        mails: Selection,
        contact: ContactInput,
        beside: tuple[int, ...],
        back: Callable[[], None],
    ) -> None:
        """Make the contact that was typed; when others than `beside` have its address, go on as the rep chooses."""
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if store is None:
            return

        def work() -> Done | ContactKnown:
            from app.services.crm.checks import ContactKnown
            from app.services.crm.from_mail import new_contact_from_mail

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
                second=lambda: self._make_contact(mails, contact, known, back),
                link=lambda row: self.link_mails(mails, row),
                back=back,
            )

        self.write(work, after)


def _draft_contact(store: Store, messages: Sequence[int], author: str) -> ContactDraft:
    from app.services.crm.from_mail import contact_from_mail

    return contact_from_mail(store, messages[0], author=author, of=messages)
