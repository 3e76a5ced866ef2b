"""Which keys reach which command, after the rep's own settings; what the commands are stands in the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.commands.registry import COMMANDS, PLACES, Command
from app.language import _

Chord = tuple[str, ...]


class KeyMap:
    """The keys of all commands, place by place."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        """`overrides`: command id to keys parted by commas, an empty text takes the keys away.

        What cannot be used is left out and told in `problems` (translated sentences).
        """
        self.problems: list[str] = []
        self._keys: dict[str, tuple[Chord, ...]] = {
            command.id: tuple(tuple(keys.split(" ")) for keys in command.keys) for command in COMMANDS
        }
        for command_id, text in (overrides or {}).items():
            if command_id in self._keys:
                self._keys[command_id] = tuple(
                    tuple(part.split()) for part in text.split(",") if part.strip()
                )
            else:
                self.problems.append(_("There is no command “{id}” for keys.").format(id=command_id))
        self._places: dict[str, dict[Chord, Command]] = {place: {} for place in PLACES}
        for command in COMMANDS:
            self._bind(command)

    def _bind(self, command: Command) -> None:
        bound = self._places[command.place]
        for chord in self._keys[command.id]:
            if chord in bound:
                self.problems.append(
                    _("The key {key} is given twice: {one}, {two}.").format(
                        key=" ".join(chord), one=bound[chord].id, two=command.id
                    )
                )
            else:
                bound[chord] = command

    def keys_of(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command as a person writes them, the main one first; none if it has none."""
        return tuple(" ".join(chord) for chord in self._keys[command_id])

    def find(self, places: Iterable[str], chord: Chord) -> Command | None:
        """The command that these keys mean on a screen with these places, the earlier place first."""
        for place in places:
            if command := self._places[place].get(chord):
                return command
        return None

    def continuations(self, places: Iterable[str], prefix: Chord) -> list[tuple[str, Command]]:
        """What may follow the keys pressed so far: the next key and the command it leads to."""
        found: dict[str, Command] = {}
        for place in places:
            for chord, command in self._places[place].items():
                if len(chord) > len(prefix) and chord[: len(prefix)] == prefix:
                    found.setdefault(chord[len(prefix)], command)
        return list(found.items())
