"""The filter dialog of the leads: which of them are shown, and filters kept under a name; it stores nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from app.domain.crm.kinds import LeadState
from app.domain.due import format_day
from app.domain.errors import BadInput
from app.domain.leads.filter import NO_CAMPAIGN, NOBODY, OPEN_STATES, LeadFilter, LeadSort, from_json
from app.domain.periods import period_of
from app.domain.saved_filter import SavedFilter
from app.domain.team.members import Member
from app.language import _, ngettext
from app.screens.dialogs.boxes import Confirm, Dialog, Picker, TextPrompt, plain
from app.screens.leads.told import states_word
from app.widgets.choices import Choice
from app.widgets.field import Field
from app.widgets.form_fields import OptionField
from app.widgets.key_names import key_name

#: What can be asked for of the three groups.
_GROUPS = ((), OPEN_STATES, *((state,) for state in LeadState))


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What can be filtered by, and the filters that are kept."""

    members: Sequence[Member]
    campaigns: Sequence[tuple[int, str]]
    sources: Sequence[str]
    saved: Sequence[SavedFilter]


Shown = tuple[LeadFilter, LeadSort]
ShowKept = Callable[[Sequence[SavedFilter]], None]
Keep = Callable[[str, LeadFilter, ShowKept], None]
Forget = Callable[[SavedFilter, ShowKept], None]


class LeadFilterBox(Dialog[Shown]):
    """Fields to choose and to type in; the first one is a filter that was kept, which fills in the others.

    `keep` has the filter stored under a name, `forget` has one deleted; both hand on what is kept then.
    """

    AUTO_FOCUS = "#field-assignee"

    def __init__(
        self,
        wanted: LeadFilter,
        sort: LeadSort,
        options: FilterOptions,
        today: date,
        *,
        keep: Keep,
        forget: Forget,
    ) -> None:
        super().__init__(_("Filter"), _("Shows only leads for which all of this holds."), enter=_("show"))
        self._wanted = wanted
        self._sort = sort
        self._options = options
        self._saved = tuple(options.saved)
        self._today = today
        self._keep, self._forget = keep, forget

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
        return [
            ("saved", _("Saved filters")),
            ("assignee", _("Assignee")),
            ("campaign_id", _("Campaign")),
            ("source", _("Source")),
            ("states", _("State")),
            ("overdue", _("Overdue")),
            ("from", _("Created since"), "to", _("until")),
            ("text", _("Words")),
        ]

    def _make(self, name: str) -> Widget:
        if name in ("from", "to", "text"):
            hint = "" if name == "text" else _("dd.mm.yyyy")
            return Field(self._typed(self._wanted)[name], hint, id=f"field-{name}")
        options = self._choices()[name]
        return OptionField(options, self._chosen(self._wanted).get(name), id=f"field-{name}")

    def _choices(self) -> dict[str, list[tuple[object, str]]]:
        options = self._options
        return {
            "saved": self._kept_options(),
            "assignee": [
                (None, _("all")),
                (NOBODY, _("nobody yet")),
                *((member.login, member.name) for member in options.members),
            ],
            "campaign_id": [(None, _("all")), (NO_CAMPAIGN, _("without a campaign")), *options.campaigns],
            "source": [("", _("all")), *((source, source) for source in options.sources)],
            "states": [(states, states_word(states)) for states in _GROUPS],
            "overdue": [(False, _("all")), (True, _("overdue only"))],
        }

    def _kept_options(self) -> list[tuple[object, str]]:
        n = len(self._saved)
        none = ngettext("{n} kept", "{n} kept", n).format(n=n) if n else _("none kept yet")
        return [(None, none), *((saved.id, saved.name) for saved in self._saved)]

    @staticmethod
    def _chosen(wanted: LeadFilter) -> dict[str, Any]:
        return {
            "assignee": wanted.assignee,
            "campaign_id": wanted.campaign_id,
            "source": wanted.source,
            "states": wanted.states,
            "overdue": wanted.overdue,
        }

    @staticmethod
    def _typed(wanted: LeadFilter) -> dict[str, str]:
        return {
            "from": format_day(wanted.created_from) if wanted.created_from else "",
            "to": format_day(wanted.created_to) if wanted.created_to else "",
            "text": wanted.text,
        }

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
            wanted, self._sort = from_json(saved.query)
        except BadInput as error:
            self._tell(error.told_cause)
            return
        for name, value in self._chosen(wanted).items():
            self._field(name).show(value)
        for name, text in self._typed(wanted).items():
            self.query_exactly_one(f"#field-{name}", Field).value = text

    # -- filters under a name

    def _kept(self) -> SavedFilter | None:
        """The kept filter that was chosen."""
        return next((saved for saved in self._saved if saved.id == self._field("saved").value), None)

    def _ask_name(self) -> None:
        wanted, kept = self._read(), self._kept()
        if wanted is None:
            return

        def answer(name: str | None) -> None:
            if name is not None:
                self._keep(name, wanted, lambda saved: self._show_kept(saved, name))

        line = _("One of the same name is replaced.")
        value = kept.name if kept else ""
        self.app.push_screen(TextPrompt(_("Keep the filter as"), line, value=value, enter=_("keep")), answer)

    def _ask_forget(self) -> None:
        saved = self._kept()
        if saved is None:
            self._tell(_("Choose a saved filter first; then it can be deleted."))
            return

        def answer(yes: bool | None) -> None:
            if yes:
                self._forget(saved, lambda left: self._show_kept(left, ""))

        title = _("Delete the filter “{name}”?").format(name=saved.name)
        line = _("The leads stay as they are.")
        self.app.push_screen(Confirm(title, line, enter=_("delete")), answer)

    def _show_kept(self, saved: Sequence[SavedFilter], name: str) -> None:
        if self.is_open:
            self._saved = tuple(saved)
            chosen = next((each.id for each in saved if each.name == name), None)
            self._field("saved").show(chosen, self._kept_options())

    # -- the answer

    def _field(self, name: str) -> OptionField:
        return self.query_exactly_one(f"#field-{name}", OptionField)

    def _tell(self, text: str) -> None:
        self.query_exactly_one("#line", Static).update(plain(text))

    def _read(self) -> LeadFilter | None:
        """The filter that the fields say; None when a day cannot be read, which is told."""
        days: dict[str, date | None] = {}
        for name in ("from", "to"):
            field = self.query_exactly_one(f"#field-{name}", Field)
            period = period_of(field.value, self._today)
            if field.value.strip() and period is None:
                text = _("“{text}” is not a day. Example: {example}")
                self._tell(text.format(text=field.value, example=format_day(self._today)))
                field.focus()
                return None
            first_and_last = (period[0], period[1] - timedelta(days=1)) if period else (None, None)
            days[name] = first_and_last[name == "to"]
        chosen: dict[str, Any] = {name: self._field(name).value for name in self._chosen(self._wanted)}
        text = self.query_exactly_one("#field-text", Field).value.strip()
        return replace(self._wanted, text=text, created_from=days["from"], created_to=days["to"], **chosen)

    def answer(self) -> Shown | None:
        wanted = self._read()
        return (wanted, self._sort) if wanted is not None else None
