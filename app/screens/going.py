"""The ways from place to place; the app makes the places."""

from __future__ import annotations

from textual.screen import Screen

from app.language import _
from app.screens.place import does
from app.screens.working import DeskPlace

#: What a password is kept for, or a mailbox itself.
_NEED_A_HOME = frozenset({"app.mailbox", "ledger.connect", "ledger.change", "ledger.remove"})


class Going(DeskPlace):
    """A place from which the others are reached."""

    def can_go(self) -> bool:
        """Whether there is something to see at the other places."""
        return self.desk.store is not None

    def go_over(self, place: Screen[None]) -> None:
        """Show a place over the mail screen, instead of any that lies there."""
        self.go_home()
        self.app.push_screen(place)

    def go_home(self) -> None:
        """Leave every place that lies over the mail screen."""
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()

    def can_connect(self) -> bool:
        """Whether there is a place to keep a mailbox and its password."""
        return self.desk.store is not None and self.desk.home is not None

    def why_not(self, command_id: str) -> str:
        if command_id in _NEED_A_HOME and not self.can_connect():
            return _("The demo keeps nothing, no mailbox either: start “postkorb” without “demo”.")
        if command_id == "app.reminder" and self.desk.store is not None:
            return _("No reminder is waiting.")
        return super().why_not(command_id)

    @does("app.mailbox", when="can_connect")
    def connect_mailbox(self) -> None:
        from app.screens.accounts.connecting import connect_mailbox

        connect_mailbox(self)

    def has_reminder(self) -> bool:
        """Whether a reminder waits."""
        return bool(self.deskapp.news.waiting)

    @does("app.reminder", when="has_reminder")
    def open_reminder(self) -> None:
        self.deskapp.news.ask(self)

    @does("place.mail")
    def go_to_mail(self) -> None:
        self.go_home()

    @does("place.ledger", when="can_go")
    def go_to_ledger(self) -> None:
        self.go_over(self.deskapp.make_place("place.ledger"))

    @does("place.contacts", when="can_go")
    def go_to_contacts(self) -> None:
        self.go_over(self.deskapp.make_place("place.contacts"))

    @does("place.leads", when="can_go")
    def go_to_leads(self) -> None:
        self.go_over(self.deskapp.make_place("place.leads"))

    @does("place.tasks", when="can_go")
    def go_to_tasks(self) -> None:
        self.go_over(self.deskapp.make_place("place.tasks"))

    @does("place.overviews", when="can_go")
    def go_to_overviews(self) -> None:
        self.go_over(self.deskapp.make_place("place.overviews"))

    @does("place.settings", when="can_go")
    def go_to_settings(self) -> None:
        self.go_over(self.deskapp.make_place("place.settings"))

    @does("place.opportunities", when="can_go")
    def go_to_opportunities(self) -> None:
        self.go_over(self.deskapp.make_place("place.opportunities"))

    @does("place.outbox", when="can_go")
    def go_to_outbox(self) -> None:
        self.app.push_screen(self.deskapp.make_place("place.outbox"))
