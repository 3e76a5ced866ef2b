"""What can be done with a reminder whose time has come: open it, finish it, or be reminded again later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.domain.crm.agenda import Entry, Key, in_minutes
from app.domain.due import Due
from app.domain.undo import Done
from app.language import _
from app.screens.dialogs.boxes import Picker
from app.screens.dialogs.due import spelled
from app.screens.tasks.opening import open_entry
from app.services.tasks import agenda, steps
from app.services.tasks.reminders import Reminder
from app.widgets.choices import Choice

if TYPE_CHECKING:
    from app.screens.going import Going

#: Minutes until a reminder comes again.
LATER = (10, 60)


def ask_reminder(place: Going, reminder: Reminder, forget: Callable[[Reminder], None]) -> None:
    """Ask what is to be done with a reminder; `forget`: is called when that was chosen."""
    ways: list[tuple[str, Callable[[], None]]] = [
        (_("open"), partial(_open, place, reminder)),
        (_("done"), partial(_finish, place, reminder)),
        (_("remind me in {n} minutes").format(n=LATER[0]), partial(_again, place, reminder, LATER[0])),
        (_("remind me in an hour"), partial(_again, place, reminder, LATER[1])),
        (_("do not show it any more"), lambda: None),
    ]

    def answer(choice: Choice | None) -> None:
        if choice is not None:
            forget(reminder)
            ways[int(str(choice.value))][1]()

    due = Due.of("", reminder.at)
    line = _("due {day}").format(day=spelled(due)) if due is not None else ""
    title = " ".join(reminder.title.split())
    choices = [Choice(number, words) for number, (words, _way) in enumerate(ways)]
    place.app.push_screen(
        Picker(_("Reminder: {title}").format(title=title), choices, line=line, enter=_("choose")), answer
    )


def _open(place: Going, reminder: Reminder) -> None:
    store = place.desk.store
    if store is not None:
        key = Key(reminder.kind, reminder.task_id)

        def show(found: list[Entry]) -> None:
            for entry in found:
                open_entry(place, entry)

        place.read(lambda: agenda.entries(store, [key]), show)


def _finish(place: Going, reminder: Reminder) -> None:
    store, author, now = place.desk.store, place.desk.author, place.desk.clock()
    if store is not None:
        place.write(
            lambda: steps.finish(store, reminder.kind, reminder.task_id, author=author, now=now),
            partial(_tell, place),
        )


def _again(place: Going, reminder: Reminder, minutes: int) -> None:
    store, author, now = place.desk.store, place.desk.author, place.desk.clock()
    if store is not None:
        due = in_minutes(minutes, now)
        place.write(
            lambda: steps.postpone(store, reminder.kind, reminder.task_id, due, author=author, now=now),
            partial(_tell, place),
        )


def _tell(place: Going, done: Done) -> None:
    place.say(done.text)
