"""The dialog "An Bearbeiter verteilen": who gets leads and how many, shown before anything is done; it only gives that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from app.domain.leads.distribution import MOST_WEIGHT, Share, amounts
from app.domain.team.members import Member
from app.language import _, ngettext
from app.screens.dialogs.boxes import Dialog, plain
from app.widgets.choices import Choice, Choices
from app.widgets.key_names import key_name
from app.widgets.words import number


class Mode(Enum):
    """How leads are shared out."""

    EQUAL = "equal"
    WEIGHTED = "weighted"
    IN_TURN = "in turn"


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom leads go to; `in_turn`: one after the other."""

    shares: tuple[Share, ...]
    in_turn: bool = False


class DistributeBox(Dialog[Plan]):
    """Ticks members; each line says what that member gets. Until one is ticked, the tick goes along with the cursor."""

    AUTO_FOCUS = ""

    def __init__(
        self, total: int, left: int, members: Sequence[Member], load: Mapping[str, int] | None = None
    ) -> None:
        """`total`: new leads to share out; `left`: those selected that are not new, and stay as they are; `load`: open leads
        that members have now, by login."""
        title = ngettext("Distribute {n} lead", "Distribute {n} leads", total).format(n=number(total))
        told = ngettext(
            "{n} that is not new stays as it is.", "{n} that are not new stay as they are.", left
        ).format(n=number(left))
        super().__init__(title, told if left else "", enter=_("distribute"))
        self._total = total
        self._members = tuple(members)
        self._load = load or {}
        self._ticked: set[str] = set()
        self._weights = {member.login: 1 for member in members}
        self._mode = Mode.EQUAL

    def body(self) -> ComposeResult:
        yield Static(plain(self._mode_line()), id="mode")
        yield Choices(self._lines(0))

    def _mode_line(self) -> str:
        return {
            Mode.EQUAL: _("In equal parts"),
            Mode.WEIGHTED: _("By weight"),
            Mode.IN_TURN: _("In turn, one after the other"),
        }[self._mode]

    def keys(self) -> list[tuple[str, str]]:
        return [
            *super().keys(),
            (key_name("space"), _("tick")),
            (key_name("tab"), _("how to share")),
            ("+ -", _("weight")),
        ]

    # -- what each one gets

    def _plan(self, cursor: int) -> Plan:
        """What Enter would do with the cursor on this line."""
        chosen = [member.login for member in self._members if member.login in self._ticked]
        if not chosen:
            chosen = [self._members[cursor].login]
        weighted = self._mode is Mode.WEIGHTED
        shares = (Share(login, self._weights[login] if weighted else 1) for login in chosen)
        return Plan(tuple(shares), self._mode is Mode.IN_TURN)

    def _lines(self, cursor: int) -> list[Choice]:
        plan = self._plan(cursor)
        gets = amounts(self._total, plan.shares, in_turn=plan.in_turn)
        return [
            Choice(
                member.login,
                f"[{'x' if member.login in gets else ' '}] {member.name}",
                self._detail(member.login, gets.get(member.login)),
            )
            for member in self._members
        ]

    def _detail(self, login: str, gets: int | None) -> str:
        count = ("–" if gets is None else number(gets)).rjust(len(number(self._total)))
        count = _("has {n}   {count}").format(n=number(self._load.get(login, 0)), count=count)
        if self._mode is not Mode.WEIGHTED or login not in self._ticked:
            return count
        return _("weight {weight}   {count}").format(weight=self._weights[login], count=count)

    # -- keys

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "j": 1, "up": -1, "k": -1}
        weights = {"plus": 1, "right": 1, "minus": -1, "left": -1}
        choices = self.query_exactly_one(Choices)
        login = str(choices.current.value) if choices.current else ""
        if event.key in steps:
            choices.step(steps[event.key])
        elif event.key == "space":
            self._ticked ^= {login}
        elif event.key in ("tab", "shift+tab"):
            modes = list(Mode)
            way = 1 if event.key == "tab" else -1
            self._mode = modes[(modes.index(self._mode) + way) % len(modes)]
        elif event.key in weights:
            self._mode = Mode.WEIGHTED
            self._ticked.add(login)
            self._weights[login] = max(1, min(self._weights[login] + weights[event.key], MOST_WEIGHT))
        else:
            return
        event.stop()
        event.prevent_default()
        self._show(choices.cursor)

    def on_choices_picked(self, message: Choices.Picked) -> None:
        self._ticked ^= {str(message.choice.value)}
        self._show([choice.value for choice in self._lines(0)].index(message.choice.value))

    def _show(self, cursor: int) -> None:
        choices = self.query_exactly_one(Choices)
        self.query_exactly_one("#mode", Static).update(plain(self._mode_line()))
        choices.choices = self._lines(cursor)
        choices.step(cursor)

    def answer(self) -> Plan:
        return self._plan(self.query_exactly_one(Choices).cursor)
