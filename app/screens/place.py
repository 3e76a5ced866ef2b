"""What every place of the app shares: keys become commands, the bottom line shows the keys that matter, errors are told.

A place is a screen with handlers for commands; which keys they have and what they are called stands in `app.commands.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import events

from app.commands.key_map import Chord, KeyMap
from app.commands.registry import BY_ID, COMMANDS, Command
from app.domain.crm.kinds import RecordRow
from app.domain.errors import PostkorbError
from app.language import _
from app.screens.leaves_once import LeavesOnce
from app.widgets.bar import Bar, Item
from app.widgets.key_names import key_name, key_token
from app.widgets.turns import Turns

if TYPE_CHECKING:
    from app.screens.desk_app import DeskApp

MESSAGE_SECONDS = 8.0
Handler = TypeVar("Handler", bound=Callable[..., None])


def does(command_id: str, when: str = "") -> Callable[[Handler], Handler]:
    """Mark a method of a place as what this command does; `when` names a method that says whether it makes sense now."""
    assert command_id in BY_ID, command_id

    def mark(handler: Handler) -> Handler:
        handler._command = (command_id, when)  # type: ignore[attr-defined]
        return handler

    return mark


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
        self._message_about: RecordRow | None = None
        self._messages = Turns()

    @property
    def deskapp(self) -> DeskApp:
        """The app, by its own type."""
        return cast("DeskApp", self.app)

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
        told = self._message
        self._take_key(event)
        if told and self._message is told:  # until now, for a key that goes on from what was told
            self._message = ()
            self.show_keys()

    def _take_key(self, event: events.Key) -> None:
        places = self.contexts
        chord = (*self._pressed, key_token(event))
        keymap = self.keymap
        command = keymap.find(places, chord)
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

    def say(self, text: str, style: str = "good", *more: Item, about: RecordRow | None = None) -> None:
        """Tell what was done, on the bottom line, until the next key or for some seconds; `more`: keys that go on from it;
        `about`: the record that it was done with."""
        self._message = (Item(text, style), *more)
        self._message_about = about
        self.show_keys()

        def fade() -> None:
            self._message = ()
            self.show_keys()

        self.set_timer(MESSAGE_SECONDS, self._messages.begin().unless_over(fade))

    @property
    def is_telling(self) -> bool:
        """Whether the bottom line holds something that was just said."""
        return bool(self._message)

    @property
    def told_about(self) -> RecordRow | None:
        """The record that is told about on the bottom line, as long as it is."""
        return self._message_about if self._message else None

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
