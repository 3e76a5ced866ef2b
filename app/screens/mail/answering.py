"""Keys of the mail screen that begin a mail: reply, forward, write; and `u` for the one that was just sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.mail.messages import subject_word
from app.domain.undo import Done
from app.language import _
from app.screens.dialogs.boxes import Picker
from app.screens.mail.base import MailPlace
from app.screens.mail.triage import Triage
from app.screens.place import does
from app.widgets.choices import Choice

if TYPE_CHECKING:
    from app.domain.mail.compose import DraftKind
    from app.services.outbox.originals import Begun


class MailAnswering(Triage, MailPlace):
    """Beginning mails from the mail under the cursor, or anew."""

    def can_answer(self) -> bool:
        """Whether there is a mail to answer, and a store to keep the answer in."""
        return self.has_store() and self.has_mail()

    @does("mail.reply", when="can_answer")
    def reply(self) -> None:
        from app.domain.mail.compose import DraftKind

        self._reply(DraftKind.REPLY)

    @does("mail.reply_all", when="can_answer")
    def reply_all(self) -> None:
        from app.domain.mail.compose import DraftKind

        self._reply(DraftKind.REPLY_ALL)

    @does("mail.forward", when="can_answer")
    def forward(self) -> None:
        from app.domain.mail.compose import DraftKind

        row = self.current
        if row is None:
            return
        choices = [
            Choice(DraftKind.FORWARD, _("in the text"), _("with its attachments")),
            Choice(DraftKind.FORWARD_ATTACHED, _("as an attachment"), _("untouched, with all header fields")),
        ]

        def answer(choice: Choice | None) -> None:
            if choice is not None:
                self._begin_answer(row.message_id, DraftKind(str(choice.value)))

        box = Picker(_("Forward"), choices, line=subject_word(row.subject), enter=_("forward"))
        self.app.push_screen(box, answer)

    def _reply(self, kind: DraftKind) -> None:
        """Begin an answer, or go on with the one that was begun: two would go out by mistake."""
        row = self.current
        if row is None:
            return
        message_id, line = row.message_id, subject_word(row.subject)

        def work() -> int | None:
            return self.outbox_service().begun_answer(message_id)

        def ask(begun: int | None) -> None:
            if begun is None:
                self._begin_answer(message_id, kind)
                return
            choices = [Choice(begun, _("Go on with the draft")), Choice(None, _("Begin another answer"))]

            def answer(choice: Choice | None) -> None:
                if choice is not None and choice.value == begun:
                    self.open_draft(begun)
                elif choice is not None:
                    self._begin_answer(message_id, kind)

            box = Picker(_("An answer was begun"), choices, line=line, enter=_("choose"))
            self.app.push_screen(box, answer)

        self.read(work, ask)

    def _begin_answer(self, message_id: int, kind: DraftKind) -> None:
        self.begin_mail(lambda: self.answering().answer(message_id, kind))

    @does("mail.write", when="has_store")
    def write_new(self) -> None:
        here = self.folder.mailbox_id if self.folder is not None else None

        def work() -> Begun:
            answering = self.answering()
            mailboxes = [choice.mailbox_id for choice in answering.senders()]
            if not mailboxes:
                raise Refused("no mailbox is connected yet")
            return answering.new(here if here in mailboxes else mailboxes[0])

        self.begin_mail(work)

    # -- taking back

    def tell(self, done: Done) -> None:
        self.forget_sent()
        super().tell(done)

    @does("mail.undo", when="can_write")
    def undo(self) -> None:
        if self.can_take_back():
            self.take_back_sent()
        else:
            super().undo()
