"""One list of the settings: how it is read, drawn and changed; the screen shows one after the other and knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from app.language import _
from app.screens.records.form import FormLine, RecordForm, Typed
from app.screens.working import DeskPlace
from app.widgets.table import Cell, Column, Line

if TYPE_CHECKING:
    from app.services.triage import Store

R = TypeVar("R")


class Section(Generic[R]):
    """`R` is what a line stands for."""

    #: The command that leads to it.
    command = ""
    can_toggle = True
    can_move = False

    def __init__(self, place: DeskPlace, store: Store) -> None:
        self.place = place
        self.store = store

    @property
    def title(self) -> str:
        """What the list is called."""
        raise NotImplementedError

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the list."""
        raise NotImplementedError

    @property
    def empty(self) -> str:
        """What an empty list says."""
        raise NotImplementedError

    def read(self) -> list[R]:
        """What is listed; not on the event loop."""
        raise NotImplementedError

    def line(self, row: R) -> Line:
        """A line of the list."""
        raise NotImplementedError

    def new(self) -> None:
        """Let the admin make one."""
        raise NotImplementedError

    def edit(self, row: R) -> None:
        """Let the admin change one."""
        raise NotImplementedError

    def toggle(self, row: R) -> None:
        """Let it be used no longer, or again."""
        raise NotImplementedError

    def move(self, row: R, steps: int) -> None:
        """Put it so many places further down."""
        raise NotImplementedError

    # -- what they share

    @property
    def who(self) -> dict[str, Any]:
        """By whom and when a change is made."""
        return {"author": self.place.desk.author, "now": self.place.desk.clock()}

    def ask(
        self,
        title: str,
        enter: str,
        lines: Sequence[FormLine],
        keep: Callable[[Typed], None],
        check: Callable[[Typed], object],
    ) -> None:
        """Let the admin fill in a form; `check` raises BadInput for what cannot be used."""

        def answer(typed: Typed | None) -> None:
            if typed is not None:
                keep(typed)

        self.place.app.push_screen(RecordForm(title, "", lines, enter=enter, check=check), answer)

    def store_it(self, work: Callable[[], object], told: str = "") -> None:
        """Have a change stored, and show it."""

        def done() -> None:
            work()

        self.place.write_and_tell(done, told or _("Stored."))


def named(name: str, active: bool) -> Cell:
    """The first cell of a line, which says whether it is still used."""
    return Cell(name, "strong") if active else Cell(_("{name} (inactive)").format(name=name), "quiet")


def yes_no(value: bool) -> tuple[tuple[tuple[str, str], ...], str]:
    """The words of a field that is yes or no, and the one that stands in it."""
    return (("", _("no")), ("1", _("yes"))), "1" if value else ""
