"""A place that works at a desk: what takes its time is done on the desk's threads; it draws nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from app.domain.errors import PostkorbError
from app.screens.desk import Desk
from app.screens.place import Place
from app.widgets.turns import Turn, Turns

T = TypeVar("T")

#: The name of the workers that look whether anybody has written: while a place is open, there is always a next one.
LOOK = "look"


def _nothing() -> None:
    """Nobody waits."""


class DeskPlace(Place):
    """Hands work to the desk, and goes on with the answer on the event loop."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.listing = Turns()  # what the place reads to show it
        self._is_new = True  # nothing was read yet
        self._looking = Turn()
        self._seen_version: int | None = None
        self._follow: Callable[[], None] | None = None  # what is done when anybody has written
        self._is_resting = False

    def then(
        self,
        future: Future[T],
        follow: Callable[[T], None],
        turn: Turn | None = None,
        name: str = "",
        release: Callable[[], None] = _nothing,
    ) -> None:
        """Call `follow` with the answer when it is there, unless its turn is over by then; an error of the family is told,
        any other ends the app. `release` is called in any case."""
        turn = turn or Turn()

        async def wait() -> None:
            try:
                # Shielded: a place that is left while the work still waits for its turn must not take it back.
                answer = await asyncio.shield(asyncio.wrap_future(future))
            except PostkorbError as error:
                turn.awaits -= 1
                self.tell_error(error)
            else:
                turn.awaits -= 1
                if self.is_whole():
                    turn.unless_over(follow)(answer)
            finally:
                release()

        if self.is_attached:
            turn.awaits += 1
            self.run_worker(wait, name=name, exit_on_error=True)  # type: ignore[arg-type]
        else:
            release()

    def is_whole(self) -> bool:
        """Whether its widgets are there: when a place is left or the app ends, they go one after the other."""
        return self.app.is_running and self in self.app.screen_stack and self.display and bool(self.children)

    def read(self, work: Callable[[], T], follow: Callable[[T], None], turn: Turn | None = None) -> None:
        """Have something read, and go on with it, unless its turn is over by then.

        Without a turn it is what a key asks for, such as a box: those typed after it are meant for what it leads to, and
        wait. With one they do not.
        """
        if turn is None:
            self.then(self.desk.read(work), follow, release=self.deskapp.keyboard.hold())
        else:
            self.then(self.desk.read(work), follow, turn)

    def read_newest(self, work: Callable[[], T], follow: Callable[[T], None]) -> None:
        """As `read`, what the place shows: what was asked for before is not followed any more, however late its answer.

        Keys wait for the first of it: what was typed behind the way here is meant for what is listed.
        """
        release = self.deskapp.keyboard.hold() if self._is_new else _nothing
        self._is_new = False
        self.then(self.desk.read(work), follow, self.listing.begin(), release=release)

    def write(self, work: Callable[[], T], follow: Callable[[T], None]) -> None:
        """Have something changed, and go on when it is stored."""

        def after(answer: T) -> None:
            follow(answer)
            self.deskapp.news.look()

        self.then(self.desk.write(work), after)

    def write_and_tell(self, work: Callable[[], None], told: str) -> None:
        """Have something changed, say so when it is stored, and show what there is then."""

        def after(_done: None) -> None:
            self.say(told)
            if self._follow is not None:
                self._follow()

        self.write(work, after)

    # -- what others write

    def watch_store(self, seconds: float, follow: Callable[[], None]) -> None:
        """Call `follow` now, and while the place is in sight whenever anybody has written, once the rep's keys rest.

        What was written while it was out of sight is followed at once when it is back.
        """
        self._follow = follow
        follow()  # at once: the first look follows again, for what is written until then
        self.set_interval(seconds, self._look)

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self._look(at_once=True)

    def _look(self, *, at_once: bool = False) -> None:
        def see(version: int) -> None:
            is_new, self._seen_version = version != self._seen_version, version
            if is_new:
                self.deskapp.news.look()
            if at_once and self._follow is not None and (is_new or self._is_resting):
                self._follow()
            elif is_new and not self._is_resting:
                self._is_resting = True
                self.run_worker(self._follow_at_rest, exit_on_error=True)  # type: ignore[arg-type]

        if self._follow is not None and self.is_current and not self._looking.awaits:
            self.then(self.desk.version(), see, self._looking, LOOK)

    async def _follow_at_rest(self) -> None:
        await self.deskapp.keys_first()
        self._is_resting = False
        if self._follow is not None and self.is_whole():
            self._follow()
