"""The screen on which a mail is written; it wires and keeps the draft, what its keys do stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from app.domain.mail.addresses import format_address, format_addresses
from app.domain.mail.compose import DraftKind
from app.domain.mail.messages import subject_word
from app.domain.mail.quoting import signature_block
from app.domain.text import clean_line
from app.language import _
from app.screens.compose.base import ADDRESS_FIELDS
from app.screens.compose.completion import Completion
from app.screens.compose.editor import OwnEditor
from app.screens.compose.files import Attaching
from app.screens.compose.sending import Sending
from app.screens.correspondence import Left
from app.screens.desk import Desk
from app.screens.dialogs.boxes import Picker
from app.screens.place import does
from app.widgets.bar import Bar, Item
from app.widgets.body import Body
from app.widgets.choices import Choice, Choices
from app.widgets.field import Field
from app.widgets.files import Files

if TYPE_CHECKING:
    from app.services.outbox.drafts import Saved
    from app.services.outbox.originals import Begun, SenderChoice

#: Seconds between two looks at whether something is to be saved, and at what others wrote to the store.
AUTOSAVE, WATCH = 2.0, 1.0


class ComposeScreen(Sending, Completion, Attaching, OwnEditor):
    """One mail, from the first word to the outbox."""

    def __init__(
        self, desk: Desk, begun: Begun, outbox_id: int | None, when_left: Callable[[Left], None]
    ) -> None:
        super().__init__(desk, begun, outbox_id, when_left)
        self._is_new = outbox_id is None
        self._saved_at = ""

    def compose(self) -> ComposeResult:
        draft = self.mail.draft
        yield Bar(id="top")
        with Vertical(id="head"):
            with Horizontal(classes="row -on"):
                yield Static(_("From"), classes="label")
                yield Static(clean_line(format_address(draft.sender)), id="sender", markup=False)
            for name, people in zip(ADDRESS_FIELDS, (draft.to, draft.cc, draft.bcc), strict=True):
                shown = "-on" if people or name == "to" else ""
                with Horizontal(classes=f"row {shown}", id=f"row-{name}"):
                    yield Static(_label(name), classes="label")
                    yield Field(clean_line(format_addresses(people)), id=name)
            with Horizontal(classes="row -on"):
                yield Static(_("Subject"), classes="label")
                yield Field(clean_line(draft.subject), id="subject")
            with Horizontal(classes="row", id="row-files"):
                yield Static(_("Attached"), classes="label")
                yield Files(id="files")
        yield Body(draft.body, id="text")
        yield Choices(id="offered")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.show_files()
        self.mail.kept = self.draft()
        self._focus_first()
        self.headline()
        self.read(lambda: self.answering().senders(), self._know_senders)
        self.watch_store(WATCH, self.deskapp.news.look)
        self.set_interval(AUTOSAVE, self.keep)
        if self._is_new and self.desk.settings.editor:
            self.call_after_refresh(lambda: self.run("compose.editor"))

    def _focus_first(self) -> None:
        if not self.mail.draft.to:
            self.field("to").focus()
        elif not self.mail.draft.subject:
            self.field("subject").focus()
        else:
            self.body.focus()

    def _know_senders(self, senders: list[SenderChoice]) -> None:
        self.mail.senders = senders
        self.show_keys()

    @property
    def contexts(self) -> tuple[str, ...]:
        if self.focused is not None and self.focused.id == "files":
            return ("files", "compose", "everywhere")
        return ("compose", "everywhere")

    # -- the line on top

    def headline(self) -> None:
        """Draw the line on top again."""
        items = [Item("Postkorb", "brand", 5), Item(_title(self.mail.draft.kind), "here", 4)]
        items += self.news_items()
        if self._saved_at:
            items.append(Item(_("Draft saved {time}").format(time=self._saved_at), "quiet", 6, right=True))
        self.query_exactly_one("#top", Bar).items = items

    # -- keys

    def on_key(self, event: events.Key) -> None:
        if self.completion_key(event) or self._field_key(event.key) or self._typed_at_files(event):
            event.stop()
            event.prevent_default()  # else the handler of the base class would be called too
        elif event.key == "ctrl+c" and self._has_selection():
            event.prevent_default()  # copies

    def main_key(self, keys: tuple[str, ...]) -> str:
        return next((key for key in keys if len(key) > 1), keys[0])  # what prints is typed here

    def _field_key(self, key: str) -> bool:
        """Enter and the arrows walk through the fields."""
        if not isinstance(self.focused, Field):
            return False
        match key:
            case "enter" if self.focused is self.field("subject"):
                self.body.focus()  # past the attachments: nothing is written there
            case "enter" | "down":
                self.focus_next()
            case "up":
                self.focus_previous()
            case _key:
                return False
        return True

    def _typed_at_files(self, event: events.Key) -> bool:
        """What is typed while the cursor is on an attachment belongs into the text, Enter leads there."""
        if self.focused is not self.files:
            return False
        if event.key != "enter" and (not event.is_printable or event.character is None):
            return False
        self.body.focus()
        if event.key != "enter" and event.character is not None:
            self.body.insert(event.character)
        return True

    def _has_selection(self) -> bool:
        here = self.focused
        return isinstance(here, Field | Body) and bool(here.selected_text)

    def on_descendant_focus(self) -> None:
        self.show_keys()

    # -- fields

    def show_field(self, name: str) -> Field:
        self.query_exactly_one(f"#row-{name}").add_class("-on")
        return self.field(name)

    @does("compose.copies")
    def show_copies(self) -> None:
        cc = self.show_field("cc")
        bcc = self.show_field("bcc")
        (bcc if self.focused is cc else cc).focus()

    def has_senders(self) -> bool:
        """Whether there is another address to write from."""
        return len(self.mail.senders) > 1

    @does("compose.sender", when="has_senders")
    def choose_sender(self) -> None:
        choices = [
            Choice(
                sender, format_address(sender.address), sender.mailbox if sender.sends else _("cannot send")
            )
            for sender in self.mail.senders
        ]
        self.app.push_screen(Picker(_("Write from"), choices, enter=_("choose")), self._take_sender)

    def _take_sender(self, choice: Choice | None) -> None:
        if choice is None:
            return
        new: SenderChoice = choice.value  # type: ignore[assignment]
        old = next((each for each in self.mail.senders if each.mailbox_id == self.mail.mailbox_id), None)
        self.set_sender(new.address, new.mailbox_id)
        if old is not None and old.signature != new.signature:
            self._swap_signature(old.signature, new.signature)

    def _swap_signature(self, old: str, new: str) -> None:
        """The signature of the other mailbox, if the old one still stands as it was put there."""
        before, text = signature_block(old), self.body.text
        if before and before in text:
            self.body.text = text.replace(before, signature_block(new), 1)

    # -- the draft

    def keep(self) -> None:
        """Save the draft if something was changed."""
        if self.is_changed() and not self.is_sending:
            self.save(self._was_saved)

    def is_free(self) -> bool:
        """Whether the mail is not just on its way into the outbox."""
        return not self.is_sending

    @does("compose.save", when="is_free")
    def save_now(self) -> None:
        self.save(self._was_saved)
        self.say(_("The draft is saved."))

    def _was_saved(self, _saved: Saved) -> None:
        self._saved_at = f"{self.desk.clock():%H:%M}"
        self.headline()

    @does("compose.leave", when="is_free")
    def leave(self) -> None:
        mail = self.mail
        if self.is_changed():
            self.save(lambda _saved: self.leave_with(Left(_draft_kept())))
        else:
            self.leave_with(Left(_draft_kept() if mail.keeper.id is not None else ""))

    @does("compose.discard", when="is_free")
    def discard(self) -> None:
        keeper = self.mail.keeper

        def go() -> None:
            self.mail.kept = None  # nothing is to be saved any more
            self.write(keeper.drop, lambda _done: self.leave_with(Left(_("The draft is thrown away."))))

        line = subject_word(clean_line(self.field("subject").value))
        self.confirm(_("Throw this draft away?"), line, _("throw away"), go)

    def leave_with(self, left: Left) -> None:
        self.mail.kept = None
        if self in self.app.screen_stack:  # of two keys that came at once, the second finds it left
            self.dismiss()
            self.when_left(left)

    def before_end(self) -> None:
        self.keep()  # the desk finishes what was given to it


def _label(name: str) -> str:
    return {"to": _("To"), "cc": _("Cc"), "bcc": _("Bcc")}[name]


def _title(kind: DraftKind) -> str:
    match kind:
        case DraftKind.NEW:
            return _("New mail")
        case DraftKind.REPLY | DraftKind.REPLY_ALL:
            return _("Answer")
        case DraftKind.FORWARD_ATTACHED:
            return _("Forwarded as an attachment")
        case _forward:
            return _("Forwarded mail")


def _draft_kept() -> str:
    return _("The draft is kept in the outbox.")
