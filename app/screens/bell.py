"""What is told in every place: mail that waits or was not sent, how much is due, and reminders whose time has come; it draws
nothing itself.

A reminder is told once, in the place in front, unless its rep is typing there: then, and until it is dealt with, it stands in
the line on top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.text import clean_line, fit
from app.language import _, ngettext
from app.screens.correspondence import Correspondence
from app.screens.working import DeskPlace
from app.services.tasks import agenda, reminders
from app.services.tasks.agenda import DueCount
from app.services.tasks.reminders import Reminder
from app.widgets.bar import Item
from app.widgets.key_names import key_name
from app.widgets.turns import Turn
from app.widgets.words import number

if TYPE_CHECKING:
    from app.domain.mail.outbox import OutState
    from app.screens.desk_app import DeskApp
    from app.screens.going import Going

#: Seconds between looks at the clock; what is written is looked at at once.
TICK = 10.0
#: Cells of a title on the line on top.
TITLE_SHOWN = 30


@dataclass(frozen=True, slots=True)
class News:
    """What a look has found: mail on its way out by its state, how much is due, whether a reminder is to be told, and which of
    those told still hold."""

    outgoing: dict[OutState, int]
    due: DueCount
    rings: bool
    standing: tuple[Reminder, ...]


class Bell:
    """Built once by the app."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self.outgoing: dict[OutState, int] = {}
        self._due = DueCount()
        self._looking = Turn()
        self._look_again = False
        self._untold: list[Reminder] = []
        self.waiting: tuple[Reminder, ...] = ()  # that were not dealt with yet, the earliest first

    @property
    def mails_waiting(self) -> int:
        """How many mails wait to be sent or are being sent."""
        return _waiting(self.outgoing) if self.outgoing else 0

    # -- looking

    def look(self) -> None:
        """Have it looked what is on its way out, and whether anything is due by now."""
        desk, home = self._app.desk, self._home()
        store, login = desk.store, desk.author
        if store is None or home is None:
            return
        if self._looking.awaits:
            self._look_again = True
            return
        waiting, now = self.waiting, desk.clock()

        def work() -> News:
            from app.services.outbox.waiting import counts

            outgoing = counts(store)
            if not login:
                return News(outgoing, DueCount(), rings=False, standing=())
            due, rings = agenda.due_count(store, login, now), reminders.is_due(store, login, now)
            return News(outgoing, due, rings, reminders.standing(store, login, waiting))

        home.read(work, self._hear, self._looking)

    def _hear(self, news: News) -> None:
        desk, home = self._app.desk, self._home()
        if (news.outgoing, news.due, news.standing) != (self.outgoing, self._due, self.waiting):
            self.outgoing, self._due, self.waiting = news.outgoing, news.due, news.standing
            self._draw()
        store = desk.store
        if news.rings and store is not None and home is not None:
            home.write(lambda: reminders.take_due(store, desk.author, desk.clock()), self._ring)
        self.tell()
        if self._look_again:
            self._look_again = False
            self.look()

    def _ring(self, found: Sequence[Reminder]) -> None:
        if found:
            self.waiting = (*self.waiting, *found)
            self._untold += found
            self._draw()
            self.tell()

    def _home(self) -> DeskPlace | None:
        """The mail screen, which is there as long as the app."""
        stack = self._app.screen_stack if self._app.is_running else []
        return stack[0] if stack and isinstance(stack[0], DeskPlace) else None

    # -- telling

    def tell(self) -> None:
        """Tell what was not told yet in the place in front, if nothing is typed there."""
        front = self._app.screen
        if not self._untold or not isinstance(front, Correspondence) or front.is_typed_in():
            return
        more = front.key_item("app.reminder", _("open")) if front.offers("app.reminder") else None
        front.say(_told(self._untold), "warning", *filter(None, [more]))
        self._untold.clear()

    def ask(self, place: Going) -> None:
        """Ask what is to be done with the reminder that waits longest."""
        from app.screens.tasks.reminding import ask_reminder

        ask_reminder(place, self.waiting[0], self.forget)

    def forget(self, reminder: Reminder) -> None:
        """It was dealt with."""
        self.waiting = tuple(each for each in self.waiting if each != reminder)
        self._draw()

    def items(self, place: Correspondence) -> list[Item]:
        """For the line on top of a place: mail that waits or was not sent, how much is due, and the reminder that waits; nothing
        if nothing does."""
        found = _outgoing_items(self.outgoing) if self.outgoing else []
        if self._due.total:
            style = "error" if self._due.overdue else "text"
            text = _("Tasks {n}").format(n=number(self._due.total))
            found.append(Item(text, style, 2, command="place.tasks"))
        if self.waiting:
            keys = place.keymap.keys_of("app.reminder") if place.offers("app.reminder") else ()
            item = Item(_told(self.waiting), "warning", 3, short=_("Reminder"), command="app.reminder")
            found.append(replace(item, key=key_name(keys[0])) if keys else item)
        return found

    def _draw(self) -> None:
        for screen in self._app.screen_stack:
            if isinstance(screen, Correspondence) and screen.is_whole():
                screen.news_changed()


def _told(found: Sequence[Reminder]) -> str:
    """The first of them, and how many more there are."""
    title = fit(clean_line(found[0].title), TITLE_SHOWN).rstrip()
    text = _("Reminder: {title}").format(title=title)
    return text if len(found) == 1 else f"{text} (+{len(found) - 1})"


def _waiting(count: Mapping[OutState, int]) -> int:
    from app.domain.mail.outbox import OutState

    return count.get(OutState.WAITING, 0) + count.get(OutState.SENDING, 0)


def _outgoing_items(count: Mapping[OutState, int]) -> list[Item]:
    """What waits, failed or is uncertain."""
    from app.domain.mail.outbox import OutState

    waiting = _waiting(count)
    told = (
        (count.get(OutState.FAILED, 0), _("{n} failed"), "error", 0),
        (count.get(OutState.UNCERTAIN, 0), _("{n} uncertain"), "warning", 0),
        (waiting, ngettext("{n} waiting", "{n} waiting", waiting), "text", 2),
    )
    return [
        Item(text.format(n=number(n)), style, rank, command="place.outbox")
        for n, text, style, rank in told
        if n
    ]
