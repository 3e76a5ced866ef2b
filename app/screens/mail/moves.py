"""Keys that move: in the mail list, in the folder pane and between them."""

from __future__ import annotations

from app.screens.mail.panes import Panes
from app.screens.place import does


class Moves(Panes):
    """Moving about on the mail screen."""

    @does("list.down")
    def down(self) -> None:
        self.mails.step(1)

    @does("list.up")
    def up(self) -> None:
        self.mails.step(-1)

    @does("list.page_down")
    def page_down(self) -> None:
        self.mails.page(1)

    @does("list.page_up")
    def page_up(self) -> None:
        self.mails.page(-1)

    @does("list.first")
    def first(self) -> None:
        self.mails.go(0)

    @does("list.last")
    def last(self) -> None:
        self.mails.go(self.mails.total - 1)

    @does("list.open", when="has_mail")
    def open_current(self) -> None:
        self.open_mail()

    @does("mail.select", when="has_mail")
    def select(self) -> None:
        self.mails.toggle()

    @does("list.folders")
    def to_folders(self) -> None:
        self.show_panes(folders=True)
        self.pane.focus()

    @does("folders.down")
    def folders_down(self) -> None:
        self.pane.step(1)

    @does("folders.up")
    def folders_up(self) -> None:
        self.pane.step(-1)

    @does("folders.first")
    def folders_first(self) -> None:
        self.pane.go(0)

    @does("folders.last")
    def folders_last(self) -> None:
        self.pane.go(len(self.pane.entries) - 1)

    @does("folders.open")
    def open_folder(self) -> None:
        self.pane.choose()

    @does("folders.close")
    def folders_close(self) -> None:
        self.show_panes(folders=False)
        self.mails.focus()
