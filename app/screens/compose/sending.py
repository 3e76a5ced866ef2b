"""Sending from the compose screen: what is wrong is shown once, what may be wrong is asked once. Nothing leaves here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.errors import PostkorbError
from app.domain.mail.addresses import parse_addresses
from app.domain.mail.problems import Problem, Trouble
from app.language import _
from app.screens.compose.base import ADDRESS_FIELDS, ComposePlace, one_line
from app.screens.correspondence import Left, sent_text
from app.screens.dialogs.boxes import Confirm, MessageBox
from app.screens.place import does
from app.widgets.field import Field


class Sending(ComposePlace):
    """The way from the draft into the outbox."""

    is_sending = False

    @does("compose.send", when="is_free")
    def send(self) -> None:
        self._send(confirmed=False)

    def _send(self, *, confirmed: bool) -> None:
        self.is_sending = True
        mail, draft, mailbox_id = self.mail, self.draft(), self.mail.mailbox_id
        seconds = self.desk.settings.undo_seconds

        def work() -> tuple[int, datetime] | PostkorbError:
            try:
                return mail.keeper.queue(mailbox_id, draft, seconds, confirmed=confirmed)
            except PostkorbError as error:
                return error

        def after(answer: tuple[int, datetime] | PostkorbError) -> None:
            self.is_sending = False
            mail.kept = draft  # also what cannot be sent like this is kept
            if isinstance(answer, PostkorbError):
                self._refused(answer)
            elif self.draft() != draft:
                self._back_to_draft()
            else:
                number, due = answer
                text = sent_text(seconds, self.desk.keymap.keys_of("mail.undo"))
                self.leave_with(Left(text, queued=number, due=due))

        self.write(work, after)

    def _back_to_draft(self) -> None:
        """The rep went on writing while the mail was put into the outbox: that must be sent too."""
        outbox_id = self.mail.keeper.id
        assert outbox_id is not None
        self.write(
            lambda: self.outbox_service().take_back(outbox_id),
            lambda _draft: self.say(_("You went on writing: the mail is a draft again."), "warning"),
        )

    def _refused(self, error: PostkorbError) -> None:
        from app.services.outbox.drafts import DraftNotReady

        if isinstance(error, DraftNotReady):
            self._complain(error.problems)
        else:
            self.tell_error(error)

    def _complain(self, problems: Sequence[Problem]) -> None:
        text = "\n".join(dict.fromkeys(problem.text for problem in problems))
        if any(problem.blocking for problem in problems):
            first = next(problem for problem in problems if problem.blocking)
            box = MessageBox(_("The mail cannot be sent like this"), text)
            self.app.push_screen(box, lambda _closed: self._go_to(first))
        else:
            question = Confirm(_("Send all the same?"), text, enter=_("send"))
            self.app.push_screen(question, lambda yes: self._answered(problems[0], yes=bool(yes)))

    def _answered(self, first: Problem, *, yes: bool) -> None:
        if yes:
            self._send(confirmed=True)
        else:
            self._go_to(first)

    def _go_to(self, problem: Problem) -> None:
        """Put the cursor where the problem can be put right."""
        match problem.trouble:
            case Trouble.NO_RECIPIENT:
                self.field("to").focus()
            case Trouble.BAD_ADDRESS | Trouble.NO_DOMAIN | Trouble.HOSTILE:
                self._field_with(problem.detail).focus()
            case Trouble.NO_SUBJECT:
                self.field("subject").focus()
            case Trouble.FILE_MISSING | Trouble.FILE_UNREADABLE | Trouble.TOO_BIG:
                self.files.focus()
            case _trouble:
                self.body.focus()

    def _field_with(self, detail: str) -> Field:
        """The field in which this address stands."""
        for name in ADDRESS_FIELDS:
            people = parse_addresses(one_line(self.field(name).value))
            if any(detail in (person.address, person.name) for person in people):
                return self.show_field(name)
        return self.field("subject")

    def show_field(self, name: str) -> Field:
        """Bring a field into sight; the field."""
        raise NotImplementedError

    def leave_with(self, left: Left) -> None:
        """Close the screen."""
        raise NotImplementedError
