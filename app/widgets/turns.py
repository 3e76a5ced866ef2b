"""Tells answers that are still waited for from late ones: of what is asked about one thing the last counts; it asks nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

P = ParamSpec("P")


class Turn:
    """What was begun about a thing: it is over when something else is begun about the same thing."""

    def __init__(self) -> None:
        self.is_over = False
        self.awaits = 0  # answers that have not come yet

    def unless_over(self, work: Callable[P, None]) -> Callable[P, None]:
        """The same work, which is not done any more when the turn is over."""

        def do(*args: P.args, **kwargs: P.kwargs) -> None:
            if not self.is_over:
                work(*args, **kwargs)

        return do


class Turns:
    """What was begun about one thing, one after the other. `is_over` may be asked from any thread."""

    def __init__(self) -> None:
        self.last = Turn()

    def begin(self) -> Turn:
        """What was begun before is over."""
        self.last.is_over = True
        self.last = Turn()
        return self.last
