"""Hands keys to a Textual app one after another, so that what is typed ahead reaches what the keys before it opened.

Textual gives each key at once to the screen that is in front when it comes. Over a slow line several come together: of
`g t x` the `x` would still be meant for the place that is left, and a place that is opened and left within one such burst
would be taken away before its widgets are there. Which key does what is not known here.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.timer import Timer

#: Seconds for which a key waits for the one before it at most, and for the next ones when one had to wait so long: nothing
#: that hangs may hold up the keyboard.
PATIENCE, HURRY = 0.5, 0.05

Typed = events.Key | events.Paste


class Keyboard:
    """What was typed and is not handed over yet. All of it happens on the event loop."""

    def __init__(self, app: App[None], hand_over: Callable[[Typed], Awaitable[None]]) -> None:
        """`hand_over` gives a key to whatever has the focus then, as Textual would have done at once."""
        self._app = app
        self._hand_over = hand_over
        self._waiting: deque[Typed] = deque()
        self._turn = 0  # grows with each key: what the one before it left behind does not count any more
        self._is_under_way = False
        self._holds = 0
        self._since = 0.0  # by the monotonic clock
        self._patience = PATIENCE
        self._watch: Timer | None = None

    async def take(self, typed: Typed) -> None:
        """Hand this over when all before it has had its effect."""
        self._waiting.append(typed)
        await self._next()

    @property
    def waiting(self) -> int:
        """How many keys are not handed over yet."""
        return len(self._waiting)

    @property
    def is_busy(self) -> bool:
        """Whether the last key has not had its whole effect yet."""
        return (self._is_under_way or self._holds > 0) and self._rest() > 0

    def hold(self) -> Callable[[], None]:
        """Let the next keys wait for what the last one has begun, if it is still under way; to be called when it is there.

        Text that goes on in a field does not wait: what is looked up for it comes after it.
        """
        turn = self._turn if self.is_busy else 0
        self._holds += bool(turn)

        def release() -> None:
            if turn and turn == self._turn:
                self._holds -= 1
                self._settle(turn)

        return release

    def _rest(self) -> float:
        """Seconds for which the last key is still waited for."""
        return self._since + self._patience - time.monotonic()

    def _has_to_wait(self, typed: Typed) -> bool:
        if self._is_under_way or not self._is_text(typed):
            return self.is_busy
        return False

    def _is_text(self, typed: Typed) -> bool:
        """Whether this goes on with what is written in a field."""
        is_letter = isinstance(typed, events.Paste) or typed.is_printable or typed.key == "backspace"
        focused = self._app.focused
        return is_letter and focused is not None and focused.check_consume_key("a", "a")

    async def _next(self) -> None:
        if not self._waiting or not self._app.screen_stack:
            return
        if not self._has_to_wait(self._waiting[0]):
            hangs = (self._is_under_way or self._holds > 0) and self._rest() <= 0
            self._patience = HURRY if hangs else PATIENCE
            self._turn += 1
            self._holds, self._is_under_way, self._since = 0, True, time.monotonic()
            node = self._app.focused or self._app.screen
            await self._hand_over(self._waiting.popleft())
            self._follow(node, self._turn)
        if self._waiting and self._watch is None:
            self._watch = self._app.set_timer(max(self._rest(), 0.001), self._look_again)

    async def _look_again(self) -> None:
        self._watch = None
        await self._next()

    def _follow(self, node: MessagePump | None, turn: int) -> None:
        """Go behind the key from this node up to the app: what the node has yet to do with it comes before."""
        while node is not None and turn == self._turn:
            step = self._settle if node is self._app else self._follow
            following = (turn,) if node is self._app else (node._parent, turn)
            if node.call_later(step, *following):
                return
            node = node._parent  # the key has closed it

    def _settle(self, turn: int) -> None:
        """Wait until the screen in front, which may be a new one, has its widgets, its focus and the answer it asked for."""
        if turn == self._turn and self._app.screen_stack:
            self._is_under_way = True
            front = self._app.screen
            front.call_later(self._settled, front, turn)

    def _settled(self, front: MessagePump, turn: int) -> None:
        if turn != self._turn or not self._app.screen_stack:
            return
        if front is self._app.screen:
            self._is_under_way = False
            self._app.call_later(self._next)
        else:
            self._settle(turn)
