"""Steps on mails, and the keys of those that change what hangs on them: flags, comments, marks, undo. The rules are the services'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from app.domain.crm.kinds import MarkColour
from app.domain.mail.messages import MailRow, subject_word
from app.domain.mail.triage import Selection
from app.domain.undo import Done, NothingToUndo
from app.language import _, ngettext
from app.screens.dialogs.boxes import Dialog, Picker
from app.screens.dialogs.naming import NamingPrompt
from app.screens.mail.base import MailPlace
from app.screens.members import with_team
from app.screens.place import does
from app.widgets.bar import Item
from app.widgets.choices import Choice
from app.widgets.folder_entries import folder_title
from app.widgets.words import number

if TYPE_CHECKING:
    from app.services.triage import Store

T = TypeVar("T")
#: A step on mails: where, which, by whom, when.
Step = Callable[["Store", Selection, str, datetime], Done]


def mark_names() -> dict[MarkColour, str]:
    """The colours of marks as a person names them."""
    return {
        MarkColour.RED: _("red"),
        MarkColour.YELLOW: _("yellow"),
        MarkColour.GREEN: _("green"),
        MarkColour.BLUE: _("blue"),
        MarkColour.VIOLET: _("violet"),
        MarkColour.NONE: _("no mark"),
    }


class Triage(MailPlace):
    """Steps on the selected mails, or on the one under the cursor."""

    # -- steps

    def can_write(self) -> bool:
        """Whether there is a store to write to."""
        return self.desk.store is not None

    def can_change(self) -> bool:
        """Whether there is a mail to change."""
        return self.desk.store is not None and self.has_mail()

    def targets(self) -> Selection:
        """What a step works on."""
        row = self.current
        return Selection(copies=tuple(self.mails.selection) or ((row.copy_id,) if row else ()))

    def target_messages(self) -> tuple[int, ...]:
        """The messages of the targets, the one to start from first: that under the cursor if it is among them, else the
        newest."""
        row, selected = self.current, tuple(dict.fromkeys(self.mails.selection.values()))
        here = row.message_id if row else 0
        first = here if here in selected or not selected else max(selected)
        return (first, *(message for message in selected if message != first)) if first else ()

    def targets_text(self) -> str:
        """What a step works on, for the line of a dialog."""
        row, n = self.current, len(self.mails.selection)
        if n:
            return ngettext("{n} mail selected", "{n} mails selected", n).format(n=number(n))
        return subject_word(row.subject) if row else ""

    def step(self, work: Step) -> None:
        """Carry out a step on the targets, tell what it did, and show the list as it is then."""
        self.step_on(self.targets(), work)

    def step_on(self, mails: Selection, work: Step) -> None:
        """The same on mails that were the targets when a dialog was opened."""
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if not mails or store is None:
            return

        self.write(lambda: work(store, mails, author, now), self.stepped)

    def ask_and_step(self, box: Dialog[T], work: Callable[[T], Step]) -> None:
        """Ask in a box; the step that the answer leads to is carried out on the mails that were the targets when it opened:
        the list may change under it."""
        mails = self.targets()

        def answer(found: T | None) -> None:
            if found:
                self.step_on(mails, work(found))

        self.app.push_screen(box, answer)

    def stepped(self, done: Done) -> None:
        """Tell what a step did, and show the list as it is now."""
        self.mails.select({})
        self.tell(done)
        self.follow_store()

    def tell(self, done: Done) -> None:
        """Say what a step did, and which keys go on from there."""
        style, more = "warning" if done.left_out else "good", self.ways_on(done)
        if done.record is not None:
            self.say_of(done.record, done.text, style, *more)
        else:
            self.say(done.text, style, *more)

    def ways_on(self, done: Done) -> list[Item]:
        """The keys that a step offers to go on with."""
        undo = self.key_item("mail.undo", _("undo")) if done.undoable else None
        return [undo] if undo is not None else []

    # -- flags

    @does("mail.seen", when="can_change")
    def toggle_seen(self) -> None:
        from app.services import triage

        row = self.current
        seen = row is not None and not row.seen
        self.step(lambda store, mails, by, now: triage.set_seen(store, mails, seen, author=by, now=now))

    def mark_seen(self) -> None:
        from app.services import triage

        row, store, author, now = self.current, self.desk.store, self.desk.author, self.desk.clock()
        if row is None or row.seen or store is None:
            return
        mails = Selection(copies=(row.copy_id,))
        self.write(
            lambda: triage.set_seen(store, mails, True, author=author, now=now, undoable=False),
            lambda _done: self.follow_store(),
        )

    @does("mail.flag", when="can_change")
    def toggle_flag(self) -> None:
        from app.services import triage

        row = self.current
        flagged = row is not None and not row.flagged
        self.step(lambda store, mails, by, now: triage.set_flagged(store, mails, flagged, author=by, now=now))

    # -- notes

    @does("mail.comment", when="can_change")
    def comment(self) -> None:
        from app.services import triage

        def commented(text: str) -> Step:
            return lambda store, mails, by, now: triage.comment(store, mails, text, author=by, now=now)

        team = partial(with_team, self)
        box = NamingPrompt(_("Comment"), self.targets_text(), team=team, enter=_("store"))
        self.ask_and_step(box, commented)

    @does("mail.mark", when="can_change")
    def mark(self) -> None:
        from app.services import triage

        def marked(choice: Choice) -> Step:
            colour = MarkColour(str(choice.value))
            return lambda store, mails, by, now: triage.mark(store, mails, colour, author=by, now=now)

        choices = [Choice(colour, name) for colour, name in mark_names().items()]
        box = Picker(_("Coloured mark"), choices, line=self.targets_text(), enter=_("mark"))
        self.ask_and_step(box, marked)

    # -- the server

    @does("sync.now", when="can_write")
    def sync_now(self) -> None:
        from app.services.sync.wish import want_sync

        store, now = self.desk.store, self.desk.clock()
        if store is not None:
            self.write_and_tell(lambda: want_sync(store, now), _("All mailboxes are being synced."))

    # -- and back

    @does("mail.undo", when="can_write")
    def undo(self) -> None:
        from app.services.undo.undoing import undo

        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        reader, wanted = self.desk.reader, self.wanted
        if store is None:
            return

        def work() -> tuple[Done, MailRow | None, bool] | None:
            try:
                done = undo(store, author=author, now=now)
            except NothingToUndo:
                return None
            return done, *reader.first_of(wanted, done.messages)

        def after(answer: tuple[Done, MailRow | None, bool] | None) -> None:
            if answer is None:
                self.say(_(NothingToUndo.title), "warning")
            else:
                self._show_undone(*answer)

        self.write(work, after)

    def _show_undone(self, done: Done, row: MailRow | None, is_listed: bool) -> None:
        """Put the cursor on the mail that a step taken back was about, or say where it is."""
        if row is not None and is_listed:
            self.tell(done)
            self.show_again(row)
            return
        folder = next((folder for folder in self.folders if row and folder.id == row.folder_id), None)
        if folder is not None:
            text = _("{step}, lies in “{folder}”").format(step=done.text, folder=folder_title(folder))
            done = replace(done, text=text)
        self.tell(done)
        self.follow_store()
