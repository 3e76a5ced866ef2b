"""Merging two contacts or two leads on a screen: which one goes into the other, and which of both each field is from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.merging import KINDS, Side
from app.language import _
from app.screens.dialogs.boxes import Dialog, Picker
from app.screens.place import does
from app.screens.records.undo import UndoKeys
from app.services.crm import merging
from app.services.crm import records as crm
from app.services.crm.duplicates import likely_twins
from app.services.crm.merge_draft import MergeChoice, MergeDraft, merge_draft
from app.services.crm.merging import MergeDone
from app.widgets.choices import Choice
from app.widgets.key_names import key_name
from app.widgets.sides import Pair, Sides
from app.widgets.signs import Signs
from app.widgets.words import number

if TYPE_CHECKING:
    from app.services.triage import Store

#: Records offered at a time.
OFFERED = 12
#: Records that are merged at a time.
MERGED = 2
_WAYS = {Side.KEEP: (True, False), Side.OTHER: (False, True), Side.BOTH: (True, True)}


class MergeDialog(Dialog[Mapping[str, Side]]):
    """Enter gives back whose value the survivor has in each field that differs."""

    AUTO_FOCUS = "Sides"

    def __init__(self, draft: MergeDraft, signs: Signs) -> None:
        line = _("“{other}” goes into “{title}”").format(other=draft.other.title, title=draft.survivor.title)
        if draft.goes_along:
            line += f", {draft.goes_along}"
        super().__init__(_("Merge"), f"{line}.", enter=_("merge"))
        self._draft = draft
        self._signs = signs

    def body(self) -> ComposeResult:
        if self._draft.choices:
            heads = (_("stays"), _("goes"))
            yield Sides(heads, [_pair(choice) for choice in self._draft.choices], self._signs)

    def keys(self) -> list[tuple[str, str]]:
        chosen = [(key_name("space"), _("choose"))] if self._draft.choices else []
        return [*super().keys(), *chosen]

    def answer(self) -> Mapping[str, Side]:
        if not self._draft.choices:
            return {}
        sides = {ways: side for side, ways in _WAYS.items()}
        pairs = self.query_exactly_one(Sides).pairs
        return {
            choice.name: sides[pair.chosen] for choice, pair in zip(self._draft.choices, pairs, strict=True)
        }


def _pair(choice: MergeChoice) -> Pair:
    ways = tuple(_WAYS[side] for side in choice.sides)
    return Pair(_(choice.label), choice.kept, choice.other, ways, _WAYS[choice.default])


class MergeKeys(UndoKeys):
    """The keys of a place where one contact or lead is in front."""

    @property
    def merged_row(self) -> RecordRow | None:
        """The record that another one may go into."""
        raise NotImplementedError

    def stored(self, record_id: int) -> None:
        """A record was made or changed: show it."""
        raise NotImplementedError

    def chosen_ids(self) -> Sequence[int]:
        """The ids of the records selected: these are merged, wherever the cursor is."""
        return ()

    def merged(self, record_id: int) -> None:
        """Another record went into this one: show it."""
        self.stored(record_id)

    def can_merge(self) -> bool:
        """Whether there is such a record."""
        row = self.merged_row
        return self.desk.store is not None and row is not None and row.kind in KINDS

    @does("records.merge", when="can_merge")
    def merge(self) -> None:
        row, store, chosen = self.merged_row, self.desk.store, list(self.chosen_ids())
        if row is None or store is None:
            return
        if len(chosen) > MERGED:
            told = _("{n} are selected, but only two at a time can be merged.")
            self.say(told.format(n=number(len(chosen))), "warning")
        elif chosen:
            kind = row.kind
            self.read(
                lambda: [crm.row(store, kind, each) for each in chosen],
                lambda found: self._ask_survivor(store, found),
            )
        else:
            self._ask_other(store, row)

    def _ask_survivor(self, store: Store, selected: Sequence[RecordRow]) -> None:
        """Of two that are selected let the rep choose the one that stays; one alone stays."""
        if len(selected) < MERGED:
            self._ask_other(store, selected[0])
            return
        first, second = selected

        def answer(choice: Choice | None) -> None:
            if choice is not None:
                stays, goes = (first, second) if choice.value == first.id else (second, first)
                self._ask_merge(store, stays.kind, stays.id, goes.id)

        line = _("What you choose stays; the other one goes into it.")
        choices = [Choice(row.id, _called(row)) for row in selected]
        self.app.push_screen(Picker(_("Merge"), choices, line=line, enter=_("compare both")), answer)

    def _ask_other(self, store: Store, row: RecordRow) -> None:
        """Let the rep choose what goes into a record."""

        def find(typed: str, show: Callable[[Sequence[Choice]], None]) -> None:
            self.read(lambda: _offered(store, row, typed), show)

        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, int):
                self._ask_merge(store, row.kind, row.id, choice.value)

        line = _("“{title}” stays; what you choose goes into it.").format(title=row.title)
        self.app.push_screen(Picker(_("Merge"), line=line, enter=_("compare both"), search=find), answer)

    def _ask_merge(self, store: Store, kind: Kind, survivor: int, other: int) -> None:
        """Let the rep look at both and choose; then they are merged."""
        desk = self.desk

        def ask(draft: MergeDraft) -> None:
            def answer(choices: Mapping[str, Side] | None) -> None:
                if choices is not None:
                    self.write(lambda: work(draft, choices), after)

            self.app.push_screen(MergeDialog(draft, desk.signs), answer)

        def work(draft: MergeDraft, choices: Mapping[str, Side]) -> MergeDone:
            now, seen = desk.clock(), draft.seen
            return merging.merge(
                store, kind, survivor, other, choices, author=desk.author, now=now, seen=seen
            )

        def after(done: MergeDone) -> None:
            self.say_done(done.text)
            self.merged(done.row.id)

        self.read(lambda: merge_draft(store, kind, survivor, other), ask)


def _offered(store: Store, row: RecordRow, typed: str) -> list[Choice]:
    """What may go into a record: what is likely the same, else what the words find. Not for the event loop's thread."""
    if not typed.strip():
        twins = likely_twins(store, row.kind, row.id, OFFERED)
        if twins:
            return [Choice(twin.row.id, _called(twin.row), _(twin.why)) for twin in twins]
    found = crm.offered(store, row.kind, typed, OFFERED + 1)
    return [Choice(each.id, each.title, each.detail) for each in found if each.id != row.id][:OFFERED]


def _called(row: RecordRow) -> str:
    """A lead by its contact too: the title may be the same."""
    return f"{row.title}, {row.detail}" if row.kind is Kind.LEAD and row.detail else row.title
