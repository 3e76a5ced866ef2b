"""Keys that put mails elsewhere: archive, spam, trash, another folder, or away for good. The rules are the services'."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.mail.messages import FolderRow, Role
from app.domain.mail.triage import LiesInTrash, Selection
from app.domain.undo import Done
from app.language import _
from app.screens.dialogs.boxes import Picker
from app.screens.mail.triage import Step, Triage
from app.screens.place import does
from app.widgets.choices import Choice
from app.widgets.folder_entries import folder_title
from app.widgets.key_names import key_name

#: More mails than this are filed together only after a question.
MANY = 20


class Filing(Triage):
    """Where mails lie."""

    def _unless_many(self, question: str, enter: str, work: Callable[[Selection], None]) -> None:
        """Do it with the targets; when they are many, a person has to say so first."""
        mails = self.targets()
        if len(mails) <= MANY:
            work(mails)
            return
        keys = self.keymap.keys_of("mail.undo")
        back = _("{key} takes it back.").format(key=key_name(keys[0])) if keys else ""
        self.confirm(
            question, "\n".join(filter(None, (self.targets_text(), back))), enter, lambda: work(mails)
        )

    @does("mail.archive", when="can_change")
    def archive(self) -> None:
        from app.services import triage

        def work(mails: Selection) -> None:
            self.step_on(mails, lambda store, some, by, now: triage.archive(store, some, author=by, now=now))

        self._unless_many(_("Archive all these mails?"), _("archive"), work)

    @does("mail.spam", when="can_change")
    def spam(self) -> None:
        from app.services import triage

        def work(mails: Selection) -> None:
            self.step_on(mails, lambda store, some, by, now: triage.spam(store, some, author=by, now=now))

        self._unless_many(_("Move all these mails to spam?"), _("move"), work)

    @does("mail.delete", when="can_change")
    def delete(self) -> None:
        named = self.targets_text()

        def work(mails: Selection) -> None:
            self._delete(mails, named)

        if self.folder is not None and self.folder.role is Role.TRASH:
            work(self.targets())  # which asks in any case
        else:
            self._unless_many(_("Delete all these mails?"), _("delete"), work)

    def _delete(self, mails: Selection, named: str) -> None:
        """Delete mails; for good, after a question in which they are `named`, where they lie in the trash."""
        from app.services import triage

        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if store is None:
            return

        def work() -> Done | None:
            try:
                return triage.delete(store, mails, author=author, now=now)
            except LiesInTrash:
                return None

        def after(done: Done | None) -> None:
            if done is None:
                self._ask_delete_forever(mails, named)
            else:
                self.stepped(done)

        self.write(work, after)

    def _ask_delete_forever(self, mails: Selection, named: str) -> None:
        from app.services import triage

        def go() -> None:
            self.step_on(
                mails, lambda store, some, by, now: triage.delete_forever(store, some, author=by, now=now)
            )

        line = f"{named}\n{_('This cannot be undone.')}"
        self.confirm(_("Delete for good?"), line, _("delete"), go)

    @does("mail.move", when="can_change")
    def move(self) -> None:
        from app.services import triage

        here = self.current
        mailbox = next((row.mailbox_id for row in self.folders if here and row.id == here.folder_id), None)
        found = [row for row in self.folders if row.mailbox_id == mailbox and row.role is not Role.ALL]
        choices = [self._folder_choice(row) for row in found if here and row.id != here.folder_id]

        def moved(choice: Choice) -> Step:
            folder = int(str(choice.value))
            return lambda store, mails, by, now: triage.move(store, mails, folder, author=by, now=now)

        box = Picker(_("Move to folder"), choices, line=self.targets_text(), enter=_("move"))
        self.ask_and_step(box, moved)

    @staticmethod
    def _folder_choice(row: FolderRow) -> Choice:
        return Choice(row.id, folder_title(row), row.mailbox)
