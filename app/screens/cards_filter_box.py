"""The filter dialog of a place of cards: which of them are shown, and filters kept under a name; it stores nothing itself.

What can be asked for is the place's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from app.domain.errors import BadInput
from app.domain.saved_filter import SavedFilter
from app.language import _, ngettext
from app.screens.dialogs.boxes import Confirm, Dialog, Picker, TextPrompt, plain
from app.widgets.choices import Choice
from app.widgets.field import Field
from app.widgets.form_fields import OptionField
from app.widgets.key_names import key_name

Wanted = TypeVar("Wanted")
Order = TypeVar("Order")
#: Values of a field that is chosen, and their words; the first one holds nothing back.
Options = Sequence[tuple[object, str]]
ShowKept = Callable[[Sequence[SavedFilter]], None]


@dataclass(frozen=True, slots=True)
class Keeping(Generic[Wanted, Order]):
    """The filters that are kept, and what is done with them: `keep` has one stored under a name, `forget` has one deleted;
    both hand on what is kept then. `read`: what one asks for, raising BadInput."""

    saved: Sequence[SavedFilter]
    keep: Callable[[str, Wanted, Order, ShowKept], None]
    forget: Callable[[SavedFilter, ShowKept], None]
    read: Callable[[Mapping[str, Any] | None], tuple[Wanted, Order]]


class CardsFilterBox(Dialog[tuple[Wanted, Order]], Generic[Wanted, Order]):
    """Fields to choose and to type in; the first one is a filter that was kept, which fills in the others."""

    AUTO_FOCUS = "#field-assignee"

    def __init__(self, line: str, wanted: Wanted, order: Order, keeping: Keeping[Wanted, Order]) -> None:
        super().__init__(_("Filter"), line, enter=_("show"))
        self.wanted = wanted
        self._order = order
        self._keeping = keeping
        self._saved = tuple(keeping.saved)

    # -- what the place knows

    def rows(self) -> list[tuple[str, ...]]:
        """The fields below the kept filters: name and label, and both of one that stands beside it."""
        raise NotImplementedError

    def choices(self, wanted: Wanted) -> dict[str, Options]:
        """The fields that are chosen, and what they offer beside the value of this filter."""
        raise NotImplementedError

    def typed(self, wanted: Wanted) -> dict[str, str]:
        """The fields that are typed in, and what stands in them for this filter."""
        raise NotImplementedError

    def hint(self, name: str) -> str:  # noqa: ARG002 - for boxes with hints
        """What stands in a field while it is empty."""
        return ""

    def asked(self) -> Wanted | None:
        """The filter that the fields say; None when one cannot be read, which is told."""
        raise NotImplementedError

    # -- the fields

    def body(self) -> ComposeResult:
        for name, label, *beside in self._rows():
            with Horizontal(classes="form-line"):
                yield Static(plain(label), classes="label")
                yield self._make(name)
                if beside:
                    yield Static(plain(beside[1]), classes="label beside")
                    yield self._make(beside[0])

    def _rows(self) -> list[tuple[str, ...]]:
        return [("saved", _("Saved filters")), *self.rows()]

    def _make(self, name: str) -> Widget:
        typed = self.typed(self.wanted)
        if name in typed:
            return Field(typed[name], self.hint(name), id=f"field-{name}")
        if name == "saved":
            return OptionField(self._kept_options(), None, id="field-saved")
        value = getattr(self.wanted, name)
        return OptionField(self.choices(self.wanted)[name], value, id=f"field-{name}")

    def _kept_options(self) -> Options:
        n = len(self._saved)
        none = ngettext("{n} kept", "{n} kept", n).format(n=n) if n else _("none kept yet")
        return [(None, none), *((saved.id, saved.name) for saved in self._saved)]

    def option(self, name: str) -> OptionField:
        """A field that is chosen."""
        return self.query_exactly_one(f"#field-{name}", OptionField)

    def field(self, name: str) -> Field:
        """A field that is typed in."""
        return self.query_exactly_one(f"#field-{name}", Field)

    def chosen(self) -> dict[str, Any]:
        """What the fields that are chosen say, by the names of the filter."""
        return {name: self.option(name).value for name in self.choices(self.wanted)}

    def tell(self, text: str) -> None:
        """Say something above the fields."""
        self.query_exactly_one("#line", Static).update(plain(text))

    # -- keys

    def keys(self) -> list[tuple[str, str]]:
        return [
            *super().keys(),
            (key_name("space"), _("choose")),
            (key_name("ctrl+s"), _("keep")),
            (key_name("ctrl+d"), _("delete")),
        ]

    def on_key(self, event: events.Key) -> None:
        ways = {"tab": 1, "down": 1, "shift+tab": -1, "up": -1}
        if event.key in ways:
            fields = [field for field in self.query(".form-line > *").results() if field.focusable]
            place = fields.index(self.focused) if self.focused in fields else -1
            fields[(place + ways[event.key]) % len(fields)].focus()
        elif event.key == "ctrl+s":
            self._ask_name()
        elif event.key == "ctrl+d":
            self._ask_forget()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_option_field_choice_wanted(self, message: OptionField.ChoiceWanted) -> None:
        message.stop()
        field = message.field
        choices = [Choice(value, word) for value, word in field.options]
        label = next(row[1] for row in self._rows() if f"field-{row[0]}" == field.id)
        picker = Picker(label, choices, enter=_("choose"))
        self.app.push_screen(picker, lambda choice: field.choose(choice.value) if choice else None)

    def on_option_field_changed(self, message: OptionField.Changed) -> None:
        message.stop()
        if message.field.id != "field-saved" or (saved := self._kept()) is None:
            return
        try:
            wanted, self._order = self._keeping.read(saved.query)
        except BadInput as error:
            self.tell(error.told_cause)
            return
        for name, options in self.choices(wanted).items():
            self.option(name).show(getattr(wanted, name), options)
        for name, text in self.typed(wanted).items():
            self.field(name).value = text

    # -- filters under a name

    def _kept(self) -> SavedFilter | None:
        """The kept filter that was chosen."""
        return next((saved for saved in self._saved if saved.id == self.option("saved").value), None)

    def _ask_name(self) -> None:
        wanted, order, kept = self.asked(), self._order, self._kept()
        if wanted is None:
            return

        def answer(name: str | None) -> None:
            if name is not None:
                self._keeping.keep(name, wanted, order, lambda saved: self._show_kept(saved, name))

        line = _("One of the same name is replaced.")
        value = kept.name if kept else ""
        self.app.push_screen(TextPrompt(_("Keep the filter as"), line, value=value, enter=_("keep")), answer)

    def _ask_forget(self) -> None:
        saved = self._kept()
        if saved is None:
            self.tell(_("Choose a saved filter first; then it can be deleted."))
            return

        def answer(yes: bool | None) -> None:
            if yes:
                self._keeping.forget(saved, lambda left: self._show_kept(left, ""))

        title = _("Delete the filter “{name}”?").format(name=saved.name)
        line = _("What it shows stays as it is.")
        self.app.push_screen(Confirm(title, line, enter=_("delete")), answer)

    def _show_kept(self, saved: Sequence[SavedFilter], name: str) -> None:
        if self.is_open:
            self._saved = tuple(saved)
            chosen = next((each.id for each in saved if each.name == name), None)
            self.option("saved").show(chosen, self._kept_options())

    def answer(self) -> tuple[Wanted, Order] | None:
        wanted = self.asked()
        return (wanted, self._order) if wanted is not None else None
