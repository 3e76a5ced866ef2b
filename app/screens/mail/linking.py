"""Linking mails: the likeliest record first, so that a known sender takes two keys; and taking links away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.commands.registry import BY_ID
from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.suggest import Suggestion
from app.domain.mail.triage import Selection
from app.domain.undo import Done
from app.language import _, ngettext
from app.screens.dialogs.boxes import Picker
from app.screens.mail.triage import Step, Triage
from app.screens.place import does
from app.widgets.bar import Item
from app.widgets.choices import Choice
from app.widgets.mail_line import kind_word
from app.widgets.words import number

if TYPE_CHECKING:
    from app.services.triage import Store

#: Records offered at a time.
OFFERED = 12
#: Commands that are offered where no record is found.
MAKERS = ("mail.contact", "mail.lead", "mail.task")


class Linking(Triage):
    """Links between mails and contacts, leads, tasks and opportunities."""

    _thread: tuple[Selection, RecordRow] | None = None

    @does("mail.link", when="can_change")
    def link(self) -> None:
        messages, mails, store = self.target_messages(), self.targets(), self.desk.store
        if not messages or store is None:
            return

        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, RecordRow):
                self.link_mails(mails, choice.value)
            elif choice is not None:
                self.run(str(choice.value))

        picker = Picker(
            _("Link with"),
            line=self.targets_text(),
            enter=_("link"),
            search=lambda typed, show: self._look_up(store, messages, typed, show),
        )
        self.app.push_screen(picker, answer)

    def _look_up(
        self, store: Store, messages: Sequence[int], typed: str, show: Callable[[Sequence[Choice]], None]
    ) -> None:
        """Records for what was typed; the likeliest for these mails while nothing is."""

        def work() -> list[Choice]:
            from app.services.crm.records import find_records
            from app.services.crm.suggest import suggest_for_all

            if typed.strip():
                found = [record_choice(record) for record in find_records(store, typed, OFFERED)]
            else:
                likely = suggest_for_all(store, messages, OFFERED)
                found = [record_choice(one.record, why(one, len(messages))) for one in likely]
            return found or [Choice(command, _(BY_ID[command].title)) for command in MAKERS]

        self.read(work, show)

    def link_mails(self, mails: Selection, record: RecordRow) -> None:
        """Link mails that were the targets when a dialog was opened."""

        def after(done: Done) -> None:
            self._thread = (mails, record) if done.more_in_thread else None
            self.stepped(done)

        self._link(mails, record, after)

    def _link(
        self, mails: Selection, record: RecordRow, after: Callable[[Done], None], *, thread: bool = False
    ) -> None:
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if store is None:
            return

        def work() -> Done:
            from app.services import triage

            kind, number = record.kind, record.id
            return triage.link(store, mails, kind, number, author=author, now=now, whole_thread=thread)

        self.write(work, after)

    def ways_on(self, done: Done) -> list[Item]:
        ways, n = super().ways_on(done), done.more_in_thread
        text = ngettext("{n} more of its thread", "{n} more of their threads", n).format(n=number(n))
        offered = self.key_item("mail.link_thread", text) if n else None
        return [offered, *ways] if offered is not None else ways

    def has_thread(self) -> bool:
        """Whether the thread of what was linked last has more mails that are unprocessed."""
        return self._thread is not None

    @does("mail.link_thread", when="has_thread")
    def link_thread(self) -> None:
        if self._thread is None:
            return
        mails, record = self._thread
        self._thread = None

        def after(done: Done) -> None:
            self.tell(done)
            self.follow_store()

        self._link(mails, record, after, thread=True)

    # -- taking links away

    def has_links(self) -> bool:
        """Whether the mail under the cursor is linked."""
        row = self.current
        return self.can_change() and row is not None and bool(row.links)

    @does("mail.unlink", when="has_links")
    def unlink(self) -> None:
        from app.services import triage

        row = self.current
        if row is None:
            return

        def unlinked(choice: Choice) -> Step:
            link = next(link for link in row.links if link is choice.value)
            kind, number = Kind(link.kind), link.id
            return lambda store, mails, by, now: triage.unlink(store, mails, kind, number, author=by, now=now)

        choices = [Choice(link, link.title, kind_word(link.kind)) for link in row.links]
        box = Picker(_("Take a link away"), choices, line=self.targets_text(), enter=_("unlink"))
        self.ask_and_step(box, unlinked)


def why(suggestion: Suggestion, mails: int) -> str:
    """Why a record is offered for so many mails, and for how many of them it is if not for all."""
    if suggestion.fits >= mails:
        return _(suggestion.reason)
    return _("fits {n} of {of}").format(n=number(suggestion.fits), of=number(mails))


def record_choice(record: RecordRow, reason: str = "") -> Choice:
    """A record as a picker offers it."""
    detail = "  ".join(filter(None, (reason or record.detail, kind_word(record.kind))))
    return Choice(record, record.title, detail)
