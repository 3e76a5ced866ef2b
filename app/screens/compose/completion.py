"""Addresses are completed while they are typed, below the field; Tab or Enter takes one."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.widgets import Input

from app.domain.mail.addresses import format_address
from app.domain.mail.completing import piece_at, with_address
from app.domain.mail.messages import Address
from app.screens.compose.base import ADDRESS_FIELDS, ComposePlace
from app.widgets.choices import Choice, Choices
from app.widgets.field import Field

LEAST, MOST = 2, 7  # characters typed, addresses offered
WIDTH = 60


class Completion(ComposePlace):
    """Completion on the compose screen."""

    _settled = ""  # a value that nothing is offered for: it was taken or refused as it is

    @property
    def offered(self) -> Choices:
        return self.query_exactly_one("#offered", Choices)

    @property
    def is_offering(self) -> bool:
        """Whether addresses are offered now."""
        return self.offered.has_class("-on")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        field = event.input
        if field.id not in ADDRESS_FIELDS or field is not self.focused or not isinstance(field, Field):
            return
        line = event.value
        start, end = piece_at(line, field.cursor_position)
        typed, store = line[start:end], self.desk.store
        if len(typed) < LEAST or line == self._settled or store is None:
            self.withdraw()
            return

        def work() -> list[Address]:
            from app.services.outbox.completion import complete

            return complete(store, typed, MOST)

        def show(found: list[Address]) -> None:
            if self.focused is field and field.value == line and self.is_current:
                self._offer(field, [each for each in found if format_address(each) != typed])

        self.read(work, show)

    def _offer(self, field: Field, found: Sequence[Address]) -> None:
        if not found:
            self.withdraw()
            return
        width = min(WIDTH, self.size.width - field.region.x)
        offered = self.offered
        offered.choices = [Choice(each, each.name or each.address, each.address) for each in found]
        offered.styles.offset = (field.region.x, field.region.y + 1)
        offered.styles.width = width
        offered.add_class("-on")

    def withdraw(self) -> None:
        """Offer nothing any more."""
        self.offered.remove_class("-on")

    def on_choices_picked(self, message: Choices.Picked) -> None:
        message.stop()
        if self.is_offering and isinstance(message.choice.value, Address):
            self._take(message.choice.value)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self.withdraw()
        if isinstance(event.widget, Field) and event.widget.id in ADDRESS_FIELDS:
            event.widget.value = event.widget.value.rstrip(" ,;")

    def _take(self, address: Address) -> None:
        field = self.focused
        if isinstance(field, Field):
            self._settled, cursor = with_address(field.value, field.cursor_position, address)
            field.value = self._settled
            field.cursor_position = cursor
        self.withdraw()

    def completion_key(self, event: events.Key) -> bool:
        """Whether this key was for the list of addresses."""
        if not self.is_offering:
            return False
        current = self.offered.current
        match event.key:
            case "tab" | "enter" if current is not None and isinstance(current.value, Address):
                self._take(current.value)
            case "down" | "ctrl+n":
                self.offered.step(1)
            case "up":
                self.offered.step(-1)
            case "escape":
                field = self.focused
                self._settled = field.value if isinstance(field, Field) else ""
                self.withdraw()
            case _key:
                return False
        return True
