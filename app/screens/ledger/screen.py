"""The sync ledger: how every mailbox and folder stands, which mails were left out, which changes wait or were refused."""

from __future__ import annotations

from textual.app import ComposeResult

from app.domain.mail.ledger import ChangeLine, FolderLine, MailboxLine, SkippedLine
from app.domain.mail.messages import subject_word
from app.domain.mail.operations import OperationKind
from app.domain.mail.roles import folder_word
from app.language import _, ngettext
from app.screens.desk import Desk
from app.screens.dialogs.skipped import SkippedBox
from app.screens.ledger.lines import (
    action_text,
    change_story,
    folder_story,
    ledger_columns,
    ledger_lines,
    mailbox_story,
)
from app.screens.place import does
from app.screens.table_place import TablePlace
from app.services.sync import changes
from app.services.sync.ledger import read_ledger, skipped_mails
from app.services.sync.wish import retry_skipped, want_sync
from app.widgets.bar import Bar, Item
from app.widgets.key_names import key_name
from app.widgets.story import Story
from app.widgets.table import Table
from app.widgets.words import number

WATCH = 0.5

Part = MailboxLine | FolderLine | ChangeLine


class LedgerScreen(TablePlace):
    """Follows the store while it is open."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._parts: dict[object, Part] = {}
        self._mailboxes: list[MailboxLine] = []

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="headline")
        yield Table(ledger_columns(), self.desk.signs, id="table")
        yield Story(id="story")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.table.focus()
        self._headlines()
        self.watch_store(WATCH, self.load)

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("ledger", "table", "everywhere")

    # -- what is listed

    def load(self) -> None:
        """Read the ledger anew."""
        store = self.desk.store
        if store is None:
            return
        self.read_newest(lambda: read_ledger(store), self._show)

    def _show(self, mailboxes: list[MailboxLine]) -> None:
        self._mailboxes = mailboxes
        self._parts = {}
        for mailbox in mailboxes:
            self._parts["mailbox", mailbox.id] = mailbox
            self._parts |= {("folder", folder.id): folder for folder in mailbox.folders}
            self._parts |= {("change", change.id): change for change in mailbox.changes}
        self.table.empty = self._empty_text()
        self.query_exactly_one("#story").display = bool(mailboxes)
        self.table.show(ledger_lines(mailboxes, self.desk.clock()))
        self._headlines()

    def _empty_text(self) -> tuple[str, ...]:
        keys = self.keymap.keys_of("ledger.connect")
        if keys and self.can_connect():
            return (
                _("No mailbox is connected yet."),
                "",
                _("{key} connects one.").format(key=key_name(keys[0])),
            )
        return (_("No mailbox is connected yet."), "", _("“postkorb account add” connects one."))

    def _headlines(self) -> None:
        self.query_exactly_one("#top", Bar).items = self.top_items(_("Sync ledger"))
        folders = [folder for mailbox in self._mailboxes for folder in mailbox.folders]
        n = len(self._mailboxes)
        items = [
            Item(_("Sync ledger"), "here"),
            Item(ngettext("{n} mailbox", "{n} mailboxes", n).format(n=number(n)), "text", 3),
        ]
        wrong = sum(bool(part.error) for part in self._mailboxes) + sum(bool(f.last_error) for f in folders)
        if wrong:
            items.append(Item(ngettext("{n} error", "{n} errors", wrong).format(n=number(wrong)), "error", 0))
        skipped = sum(folder.skipped for folder in folders)
        if skipped:
            text = ngettext("{n} mail left out", "{n} mails left out", skipped)
            items.append(Item(text.format(n=number(skipped)), "warning", 1))
        waiting = sum(mailbox.waiting for mailbox in self._mailboxes)
        if waiting:
            text = ngettext("{n} change waits", "{n} changes wait", waiting)
            items.append(Item(text.format(n=number(waiting)), "text", 2))
        self.query_exactly_one("#headline", Bar).items = items
        self.show_keys()

    @property
    def part(self) -> Part | None:
        """What the line under the cursor stands for."""
        return self._parts.get(self.line.key) if self.line else None

    def on_table_cursor_moved(self, message: Table.CursorMoved) -> None:
        message.stop()
        now = self.desk.clock()
        match self.part:
            case MailboxLine() as mailbox:
                told = mailbox_story(mailbox, now)
            case FolderLine() as folder:
                told = folder_story(folder, now)
            case ChangeLine() as change:
                told = change_story(change, now)
            case None:
                told = []
        self.query_exactly_one("#story", Story).show(told)
        self.cursor_moved()

    def on_table_open_wanted(self) -> None:
        self.run("ledger.open")

    # -- keys

    def can_open(self) -> bool:
        """Whether Enter does something."""
        match self.part:
            case FolderLine(skipped=skipped):
                return bool(skipped)
            case MailboxLine():
                return True
            case _part:
                return False

    @does("ledger.open", when="can_open")
    def open_line(self) -> None:
        store, part, now = self.desk.store, self.part, self.desk.clock()
        if store is None:
            return
        if isinstance(part, MailboxLine):
            told = _("{mailbox} is being synced.").format(mailbox=part.name)
            self.write_and_tell(lambda: want_sync(store, now, part.id), told)
        elif isinstance(part, FolderLine):

            def show(mails: list[SkippedLine]) -> None:
                title = _("Left out in {folder}").format(folder=folder_word(part.name, part.role))
                self.app.push_screen(SkippedBox(title, mails, now))

            self.read(lambda: skipped_mails(store, part.id), show)

    @does("ledger.sync", when="can_go")
    def sync_all(self) -> None:
        store, now = self.desk.store, self.desk.clock()
        if store is not None:
            self.write_and_tell(lambda: want_sync(store, now), _("All mailboxes are being synced."))

    @does("ledger.connect", when="can_connect")
    def connect_another(self) -> None:
        self.connect_mailbox()

    def mailbox_here(self) -> MailboxLine | None:
        """The mailbox that the line under the cursor belongs to."""
        part = self.part
        return next(
            (box for box in self._mailboxes if part == box or part in (*box.folders, *box.changes)), None
        )

    @does("ledger.edit", when="mailbox_here")
    def edit(self) -> None:
        from app.screens.accounts.connecting import edit_mailbox

        mailbox = self.mailbox_here()
        if mailbox is not None:
            edit_mailbox(self, mailbox.id)

    def can_change(self) -> bool:
        """Whether the line under the cursor belongs to a mailbox, and a password can be kept."""
        return self.can_connect() and self.mailbox_here() is not None

    @does("ledger.change", when="can_change")
    def change(self) -> None:
        from app.screens.accounts.connecting import change_mailbox

        mailbox = self.mailbox_here()
        if mailbox is not None:
            change_mailbox(self, mailbox.id)

    def can_remove(self) -> bool:
        """Whether the line under the cursor is a mailbox."""
        return self.can_connect() and isinstance(self.part, MailboxLine)

    @does("ledger.remove", when="can_remove")
    def remove_mailbox(self) -> None:
        from app.screens.accounts.connecting import remove_mailbox

        part = self.part
        if isinstance(part, MailboxLine):
            remove_mailbox(self, part.id, part.name)

    def can_retry(self) -> bool:
        """Whether there is a change that was refused or pauses, or a folder with mail that was left out."""
        match self.part:
            case ChangeLine(error=error):
                return bool(error)
            case FolderLine(skipped=skipped):
                return bool(skipped)
            case _part:
                return False

    def can_drop(self) -> bool:
        """Whether there is a change that was refused."""
        return isinstance(self.part, ChangeLine) and self.part.refused

    @does("ledger.retry", when="can_retry")
    def retry(self) -> None:
        store, part, now = self.desk.store, self.part, self.desk.clock()
        if store is None:
            return
        if isinstance(part, ChangeLine):
            self.write_and_tell(lambda: changes.retry(store, part.id, now), _("It is tried again now."))
        elif isinstance(part, FolderLine):
            self.write_and_tell(
                lambda: retry_skipped(store, part.id, now), _("The mails are tried again now.")
            )

    @does("ledger.drop", when="can_drop")
    def drop(self) -> None:
        store, part, now = self.desk.store, self.part, self.desk.clock()
        if store is None or not isinstance(part, ChangeLine):
            return

        def go() -> None:
            self.write_and_tell(lambda: changes.drop(store, part.id, now), _("It is taken back."))

        line = _("The mail is shown again as the server has it.")
        if part.kind is OperationKind.APPEND:
            line = _("The mail is not stored on the server, and its copy here goes.")
        text = f"{action_text(part)}: {subject_word(part.subject)}\n{line}"
        self.confirm(_("Take this change back?"), text, _("take back"), go)
