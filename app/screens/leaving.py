"""The way out of the app: what waits to be sent is not left behind in silence. Nothing is sent here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import PostkorbError
from app.domain.mail.messages import subject_word
from app.domain.text import clean_line
from app.language import _, ngettext
from app.screens.dialogs.boxes import MessageBox
from app.screens.dialogs.leaving import LeaveBox, SendingBox, Wish
from app.widgets.words import number

if TYPE_CHECKING:
    from app.screens.desk_app import DeskApp
    from app.services.outbox.departure import Departure, Progress
    from app.services.triage import Store

log = logging.getLogger(__name__)
T = TypeVar("T")

WORKER = "leave"


def leave(app: DeskApp) -> None:
    """End the app, after asking what shall become of mail that waits. Does nothing while that is asked already."""
    asked = any(isinstance(screen, LeaveBox | SendingBox) for screen in app.screen_stack)
    if not asked and not any(worker.name == WORKER and not worker.is_finished for worker in app.workers):
        _Leaving(app).begin()


class _Leaving:
    """One way out. Its work belongs to the app: the place it was asked for on may close meanwhile."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._desk = app.desk

    def begin(self) -> None:
        store = self._desk.store
        if store is None:
            self._app.exit()
            return
        # Behind all that was asked to be written: a mail on its way into the outbox counts.
        self._then(self._desk.write(lambda: _waiting(store)), self._ask)

    def _then(self, future: Future[T], follow: Callable[[T], None]) -> None:
        async def wait() -> None:
            try:
                answer = await asyncio.shield(asyncio.wrap_future(future))
            except PostkorbError:
                # Who cannot reach the store can send nothing either: nobody is kept in for that.
                log.exception("what waits could not be looked at on leaving")
                self._app.exit()
            else:
                follow(answer)

        self._app.run_worker(wait(), name=WORKER)

    def _ask(self, waiting: int) -> None:
        if waiting:
            self._app.push_screen(LeaveBox(waiting), self._answered)
        else:
            self._app.exit()

    def _answered(self, wish: Wish | None) -> None:
        if wish is Wish.QUIT:
            self._app.exit()
        elif wish is Wish.SEND:
            from app.services.outbox.departure import Departure

            assert self._desk.store is not None
            departure = Departure(self._desk.store, self._desk.clock)
            self._then(self._desk.write(departure.begin), lambda progress: self._send(departure, progress))

    def _send(self, departure: Departure, progress: Progress) -> None:
        def look() -> None:
            self._then(self._desk.read(departure.look), lambda progress: self._follow(box, progress))

        box = SendingBox(progress.under_way, look)
        self._app.push_screen(box)

    def _follow(self, box: SendingBox, progress: Progress) -> None:
        if not box.is_current:  # the rep stays
            return
        if progress.under_way:
            box.show(progress.under_way)
        elif progress.left:
            box.dismiss()
            self._app.push_screen(_not_sent(progress))
        else:
            self._app.exit()


def _waiting(store: Store) -> int:
    from app.domain.mail.outbox import OutState
    from app.services.outbox.waiting import counts

    found = counts(store)
    return found.get(OutState.WAITING, 0) + found.get(OutState.SENDING, 0)


def _not_sent(progress: Progress) -> MessageBox:
    from app.domain.mail.delivery import reason_text

    n = len(progress.left)
    title = ngettext("{n} mail was not sent", "{n} mails were not sent", n).format(n=number(n))
    lines = [
        f"{subject_word(clean_line(row.subject))}: {clean_line(reason_text(row.error))}"
        for row in progress.left[:3]
    ]
    return MessageBox(title, "\n".join([*lines, _("The outbox (g o) keeps them.")]))
