"""A place that works at a desk: what takes its time is done on the desk's threads; it draws nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from app.domain.errors import PostkorbError
from app.screens.desk import Desk
from app.screens.place import Place

T = TypeVar("T")


class DeskPlace(Place):
    """Hands work to the desk, and goes on with the answer on the event loop."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._seen_version: int | None = None
        self._newest = 0
        self._follow: Callable[[], None] | None = None  # what is done when anybody has written

    def then(self, future: Future[T], follow: Callable[[T], None]) -> None:
        """Call `follow` with the answer when it is there; an error of the family is told, any other ends the app."""

        async def wait() -> None:
            try:
                # Shielded: a place that is left while the work still waits for its turn must not take it back.
                answer = await asyncio.shield(asyncio.wrap_future(future))
            except PostkorbError as error:
                self.tell_error(error)
            else:
                if self.is_whole():
                    follow(answer)

        if self.is_attached:
            self.run_worker(wait, exit_on_error=True)  # type: ignore[arg-type]

    def is_whole(self) -> bool:
        """Whether its widgets are there: when a place or the app ends, they go before their screen."""
        return self.app.is_running and self.display and bool(self.children)

    def read(self, work: Callable[[], T], follow: Callable[[T], None]) -> None:
        """Have something read, and go on with it."""
        self.then(self.desk.read(work), follow)

    def read_newest(self, work: Callable[[], T], follow: Callable[[T], None]) -> None:
        """As `read`; but what was asked for before is not followed any more, however late its answer comes."""
        self._newest += 1
        turn = self._newest
        self.read(work, lambda answer: follow(answer) if turn == self._newest else None)

    def write(self, work: Callable[[], T], follow: Callable[[T], None]) -> None:
        """Have something changed, and go on when it is stored."""
        self.then(self.desk.write(work), follow)

    def watch_store(self, seconds: float, follow: Callable[[], None]) -> None:
        """Call `follow` now, when this is the place on top again, and whenever anybody has written."""
        self._follow = follow

        def look(version: int) -> None:
            if version != self._seen_version:
                self._seen_version = version
                follow()

        def ask() -> None:
            if self.is_current:
                self.then(self.desk.version(), look)

        ask()
        self.set_interval(seconds, ask)

    def on_screen_resume(self) -> None:
        if self._follow is not None and self.is_mounted:
            self._follow()
