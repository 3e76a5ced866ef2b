"""What every place of the app shares: keys become commands, the bottom line shows the keys that matter, errors are told.

A place is a screen with handlers for commands; which keys they have and what they are called stands in `app.commands.registry`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from rich.console import RenderableType
from textual import events

from app.commands.key_map import Chord, KeyMap
from app.commands.registry import BY_ID, COMMANDS, Command
from app.domain.crm.kinds import Kind
from app.domain.errors import PostkorbError
from app.language import _
from app.screens.desk import Desk
from app.screens.leaves_once import LeavesOnce
from app.widgets.bar import Bar, Item
from app.widgets.frugal import FrugalApp
from app.widgets.key_names import key_name, key_token
from app.widgets.keyboard import Keyboard, Typed
from app.widgets.turns import Turns

if TYPE_CHECKING:
    from app.screens.bell import Bell

MESSAGE_SECONDS = 8.0
#: Seconds without a key after which a rep pauses, and how often such a pause is waited for at most.
KEY_PAUSE, ROUNDS = 0.15, 4
Handler = TypeVar("Handler", bound=Callable[..., None])


def does(command_id: str, when: str = "") -> Callable[[Handler], Handler]:
    """Mark a method of a place as what this command does; `when` names a method that says whether it makes sense now."""
    assert command_id in BY_ID, command_id

    def mark(handler: Handler) -> Handler:
        handler._command = (command_id, when)  # type: ignore[attr-defined]
        return handler

    return mark


class DeskApp(FrugalApp):
    """The app as places see it."""

    desk: Desk
    agenda: Bell
    _last_key = 0.0  # by the monotonic clock

    def __init__(self) -> None:
        super().__init__()
        self.keyboard = Keyboard(self, super().on_event)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, Typed) and not event.is_forwarded:
            self._last_key = time.monotonic()
            await self.keyboard.take(event)
        else:
            await super().on_event(event)

    async def keys_first(self) -> None:
        """Wait with what nobody asked for until the rep pauses; not for long, so that it happens under held keys too."""
        for _round in range(ROUNDS):
            rest = self._last_key + KEY_PAUSE - time.monotonic()
            if rest <= 0:
                return
            await asyncio.sleep(rest)

    def make_place(self, command_id: str) -> Place:
        """The place that a command leads to."""
        raise NotImplementedError

    def make_page(self, kind: Kind, record_id: int) -> Place:
        """The page of a record."""
        raise NotImplementedError

    def leave(self) -> None:
        """End the app, unless mail waits to be sent: then that is asked about first."""
        from app.screens.leaving import leave

        leave(self)

    async def action_quit(self) -> None:
        self.leave()  # Textual's own key, in dialogs

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End the app; each place keeps before what is not stored yet."""
        self.keep_all()
        super().exit(result, return_code, message)

    def panic(self, *renderables: RenderableType) -> None:
        self.keep_all()  # the terminal is gone
        super().panic(*renderables)

    def keep_all(self) -> None:
        """Hand to the desk what is not stored yet, however the app ends."""
        for screen in self.screen_stack:
            if isinstance(screen, Place):
                screen.before_end()


class Place(LeavesOnce[None]):
    """A screen whose keys come from the registry."""

    _handlers: ClassVar[dict[str, tuple[str, str]]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._handlers = {}
        for base in reversed(cls.__mro__):
            for name, value in vars(base).items():
                if found := getattr(value, "_command", None):
                    cls._handlers[found[0]] = (name, found[1])

    def __init__(self) -> None:
        super().__init__()
        self._pressed: Chord = ()
        self._message: tuple[Item, ...] = ()
        self._messages = Turns()

    @property
    def deskapp(self) -> DeskApp:
        """The app, by its own type."""
        return cast(DeskApp, self.app)

    @property
    def keymap(self) -> KeyMap:
        """Which keys reach which command."""
        return self.deskapp.desk.keymap

    @property
    def contexts(self) -> tuple[str, ...]:
        """Whose keys hold now (`app.commands.registry.PLACES`), the nearest first."""
        return ("everywhere",)

    # -- commands

    def offers(self, command_id: str) -> bool:
        """Whether this command would do something here and now."""
        if command_id not in self._handlers:
            return False
        when = self._handlers[command_id][1]
        return not when or bool(getattr(self, when)())

    def handled(self) -> frozenset[str]:
        """The ids of all commands that this place has a handler for."""
        return frozenset(self._handlers)

    def commands(self) -> Iterator[Command]:
        """What can be done here and now, in the order of the registry."""
        places = self.contexts
        return (command for command in COMMANDS if command.place in places and self.offers(command.id))

    def run(self, command_id: str) -> None:
        """Carry out a command; what goes wrong is told in a box."""
        if not self.offers(command_id):
            return
        try:
            getattr(self, self._handlers[command_id][0])()
        except PostkorbError as error:
            self.tell_error(error)

    def on_key(self, event: events.Key) -> None:
        places = self.contexts
        chord = (*self._pressed, key_token(event))
        keymap = self.keymap
        command = keymap.find(places, chord)
        if self._message:
            self._message = ()
            self.show_keys()
        if command is not None and self.offers(command.id):
            self._press(())
            event.stop()
            self.run(command.id)
        elif any(self.offers(following.id) for _key, following in keymap.continuations(places, chord)):
            self._press(chord)
            event.stop()
        elif command is not None and (reason := self.why_not(command.id)):
            self._press(())
            event.stop()
            self.say(reason, "warning")
        elif self._pressed:
            self._press(())
            event.stop()
        elif event.is_printable:
            event.stop()
            self.say(self._no_use(chord[-1]), "warning")

    def key_item(self, command: str, text: str) -> Item | None:
        """A command as the bottom line offers it beside what was told; None if it has no key."""
        keys = self.keymap.keys_of(command)
        return Item(text, "text", 0, command=command, key=key_name(keys[0])) if keys else None

    def _no_use(self, key: str) -> str:
        """That a key does nothing here, and which one shows those that do something."""
        helps = self.keymap.keys_of("app.help")
        text = _("{key} is not in use here").format(key=key_name(key))
        more = _("{key} shows all keys").format(key=key_name(helps[0])) if helps else ""
        return ", ".join(filter(None, (text, more)))

    def why_not(self, command_id: str) -> str:  # noqa: ARG002 - for places that have reasons
        """Why this command would do nothing here and now; empty when that goes without saying."""
        return ""

    def _press(self, chord: Chord) -> None:
        if self._pressed != chord:
            self._pressed = chord
            self.show_keys()

    # -- the bottom line

    def show_keys(self) -> None:
        """Draw the bottom line: a message, what may follow the keys pressed so far, or the keys that matter here."""
        if self.is_mounted:
            for bar in self.query("#keys").results(Bar):
                bar.items = self._bottom_line()

    def _bottom_line(self) -> list[Item]:
        if self._message:
            return list(self._message)
        keymap = self.keymap
        if self._pressed:
            following = keymap.continuations(self.contexts, self._pressed)
            pairs = [(key, command) for key, command in following if self.offers(command.id)]
            begun = Item(" ".join(map(key_name, self._pressed)) + " …", "key")
            return [begun, *(self._hint(key, command, command.title) for key, command in pairs)]
        commands = sorted((c for c in self.commands() if c.hint), key=lambda c: c.rank)
        hints = [
            self._hint(key, c, c.hint)
            for c in commands
            if (keys := keymap.keys_of(c.id))
            and keymap.find(self.contexts, tuple((key := self.main_key(keys)).split(" "))) is c
        ]
        return [*self.notes(), *hints]

    def main_key(self, keys: tuple[str, ...]) -> str:
        """The key that is shown of several."""
        return keys[0]

    def notes(self) -> list[Item]:
        """What stands before the keys on the bottom line."""
        return []

    def _hint(self, key: str, command: Command, text: str) -> Item:
        rank = 0 if command.id == "app.help" else command.rank
        return Item(_(text), "text", rank, "", command.id, key=key_name(key))

    def on_bar_command_wanted(self, message: Bar.CommandWanted) -> None:
        message.stop()
        self.run(message.command)

    # -- telling

    def say(self, text: str, style: str = "good", *more: Item) -> None:
        """Tell what was done, on the bottom line, until the next key or for some seconds; `more`: keys that go on from it."""
        self._message = (Item(text, style), *more)
        self.show_keys()

        def fade() -> None:
            self._message = ()
            self.show_keys()

        self.set_timer(MESSAGE_SECONDS, self._messages.begin().unless_over(fade))

    @property
    def is_telling(self) -> bool:
        """Whether the bottom line holds something that was just said."""
        return bool(self._message)

    def tell_error(self, error: PostkorbError) -> None:
        """Show an error as title, cause and next step."""
        from app.screens.dialogs.boxes import MessageBox

        self.app.push_screen(MessageBox.of(error))

    def confirm(self, title: str, line: str, enter: str, go: Callable[[], None]) -> None:
        """Ask before something is done: Enter does it, and is called `enter`."""
        from app.screens.dialogs.boxes import Confirm

        self.app.push_screen(Confirm(title, line, enter=enter), lambda yes: go() if yes else None)

    def before_end(self) -> None:
        """The app ends now: hand to the desk what is not stored yet."""

    # -- everywhere

    @does("app.help")
    def show_help(self) -> None:
        from app.screens.dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen(self))

    @does("app.palette")
    def show_palette(self) -> None:
        from app.screens.dialogs.palette import command_picker

        self.app.push_screen(command_picker(self), lambda c: self.run(str(c.value)) if c else None)

    @does("app.redraw")
    def redraw(self) -> None:
        self.deskapp.redraw()

    @does("app.quit")
    def quit(self) -> None:
        self.deskapp.leave()
