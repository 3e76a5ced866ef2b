"""The ways from place to place; each place is imported when somebody first goes there."""

from __future__ import annotations

from textual.screen import Screen

from app.domain.crm import Kind
from app.screens.place import does
from app.screens.working import DeskPlace


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

    @does("app.mailbox", when="can_connect")
    def connect_mailbox(self) -> None:
        from app.screens.accounts.connecting import connect_mailbox

        connect_mailbox(self)

    @does("place.mail")
    def go_to_mail(self) -> None:
        self.go_home()

    @does("place.ledger", when="can_go")
    def go_to_ledger(self) -> None:
        from app.screens.ledger.screen import LedgerScreen

        self.go_over(LedgerScreen(self.desk))

    @does("place.contacts", when="can_go")
    def go_to_contacts(self) -> None:
        self._go_to_records(Kind.CONTACT)

    @does("place.leads", when="can_go")
    def go_to_leads(self) -> None:
        self._go_to_records(Kind.LEAD)

    @does("place.tasks", when="can_go")
    def go_to_tasks(self) -> None:
        self._go_to_records(Kind.TASK)

    def _go_to_records(self, kind: Kind) -> None:
        from app.screens.records.screen import RecordsScreen

        self.go_over(RecordsScreen(self.desk, kind))
