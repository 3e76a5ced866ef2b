"""Which folders of a mailbox are synced, what each is for, which are to be made, and from which day on mail is wanted; it only
gives back what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from app.domain.mail.accounts import FolderChoice
from app.domain.mail.messages import Role
from app.domain.mail.roles import effect_of_lack, lacking, role_word
from app.domain.text import clean_line
from app.language import _
from app.screens.dialogs.boxes import Dialog, plain
from app.services.accounts.folders import FolderPlan
from app.widgets.choices import Choice, Choices

_DAYS = (None, 30, 90, 365)
_ROLES = (Role.NONE, Role.SENT, Role.DRAFTS, Role.JUNK, Role.TRASH, Role.ARCHIVE)
_SINCE = "since"


class FoldersForm(Dialog[FolderPlan]):
    """Space changes the line under the cursor, another key what its folder is for. What there is no folder for has a line too,
    on which one is chosen to be made."""

    AUTO_FOCUS = ""

    def __init__(
        self,
        title: str,
        folders: Sequence[FolderChoice],
        fetch_days: int | None,
        *,
        enter: str,
        can_make: bool = True,
    ) -> None:
        """`can_make`: folders can be made on the server."""
        self._folders = [folder for folder in folders if folder.selectable]
        self._can_make = can_make
        super().__init__(title, self._question(), enter=enter)
        self._roles: dict[str, Role] = {}
        self._made: set[Role] = set()
        self._days = fetch_days
        self._periods = _DAYS if fetch_days in _DAYS else (*_DAYS, fetch_days)

    def body(self) -> ComposeResult:
        yield Choices(self._lines())

    def keys(self) -> list[tuple[str, str]]:
        done, cancel = super().keys()
        return [done, (_("Space"), _("change")), ("r", _("what it is for")), cancel]

    def _lacking(self) -> tuple[Role, ...]:
        return lacking(folder.role for folder in self._folders) if self._can_make else ()

    def _question(self) -> str:
        """What is asked, and what to do about a folder that the mailbox lacks."""
        question = _("Which folders are synced?")
        if not self._lacking():
            return question
        lacks = _("What is missing there, Space creates on the server; or r on a folder says what it is for.")
        return question + "\n" + lacks

    def _lines(self) -> list[Choice]:
        days = _("the last {n} days").format(n=self._days) if self._days else _("all mail")
        return [
            Choice(_SINCE, _("Fetch"), days),
            *map(self._lacking_line, self._lacking()),
            *(
                Choice(folder.path, _ticked(clean_line(folder.name), folder.synced), role_word(folder.role))
                for folder in self._folders
            ),
        ]

    def _lacking_line(self, role: Role) -> Choice:
        made = role in self._made
        text = _("{folder} is missing: create it").format(folder=role_word(role))
        return Choice(role, _ticked(text, made), _("is created") if made else effect_of_lack(role))

    def on_key(self, event: events.Key) -> None:
        choices = self.query_exactly_one(Choices)
        steps = {"down": 1, "j": 1, "up": -1, "k": -1}
        if event.key in steps:
            event.stop()
            choices.step(steps[event.key])
        elif event.key in ("space", "r"):
            event.stop()
            self._change(choices, role=event.key == "r")

    def on_choices_picked(self, message: Choices.Picked) -> None:
        choices = self.query_exactly_one(Choices)
        choices.step(choices.choices.index(message.choice) - choices.cursor)
        self._change(choices, role=False)

    def _change(self, choices: Choices, *, role: bool) -> None:
        """Change the line under the cursor to its next value."""
        value = choices.choices[choices.cursor].value
        if value == _SINCE or isinstance(value, Role):
            if role:
                return
            if isinstance(value, Role):
                self._made ^= {value}
            else:
                at = self._periods.index(self._days)
                self._days = self._periods[(at + 1) % len(self._periods)]
        else:
            self._change_folder(value, role=role)
        choices.choices = self._lines()
        choices.step([choice.value for choice in choices.choices].index(value))

    def _change_folder(self, path: object, *, role: bool) -> None:
        place = next(number for number, folder in enumerate(self._folders) if folder.path == path)
        if role:
            self._next_role(place)
            self.query_exactly_one("#line", Static).update(plain(self._question()))
        else:
            folder = self._folders[place]
            self._folders[place] = replace(folder, synced=not folder.synced)

    def _next_role(self, place: int) -> None:
        folder = self._folders[place]
        if folder.role is Role.INBOX:
            return
        at = _ROLES.index(folder.role) if folder.role in _ROLES else 0
        role = _ROLES[(at + 1) % len(_ROLES)]
        for number, other in enumerate(self._folders):
            if number == place:
                self._folders[number] = replace(other, role=role)
                self._roles[other.path] = role
            elif role is not Role.NONE and other.role is role:  # one folder a role
                self._folders[number] = replace(other, role=Role.NONE)
                self._roles.pop(other.path, None)

    def answer(self) -> FolderPlan:
        chosen = frozenset(folder.path for folder in self._folders if folder.synced)
        made = tuple(role for role in self._lacking() if role in self._made)
        return FolderPlan(chosen, dict(self._roles), self._days, made)


def _ticked(text: str, on: bool) -> str:
    return f"[{'x' if on else ' '}] {text}"
