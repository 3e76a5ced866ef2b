"""The keys that narrow the personal task list: whose it is, which kinds, what is finished, and words; they read nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.widgets import Input

from app.domain.crm.agenda import Wish
from app.domain.team.members import Member
from app.language import _
from app.screens.desk import Desk
from app.screens.dialogs.boxes import Picker
from app.screens.members import with_team
from app.screens.place import does
from app.screens.tasks.forms import TaskForms
from app.screens.tasks.lines import kind_words
from app.widgets.bar import Item
from app.widgets.choices import Choice
from app.widgets.field import Field


class TaskNarrowing(TaskForms):
    """What is listed: at first what its rep has to do."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.wish = Wish(desk.author)
        self._names: dict[str, str] = {}  # of members, by login

    def look_at(self, wish: Wish) -> None:
        """List this."""
        raise NotImplementedError

    # -- what it is called

    def whose(self) -> str:
        """Whose list it is."""
        if self.wish.assignee == self.desk.author:
            return _("My tasks")
        if not self.wish.assignee:
            return _("Tasks of all")
        return _("Tasks of {name}").format(name=self._names.get(self.wish.assignee, self.wish.assignee))

    def filter_items(self) -> list[Item]:
        """What the list leaves out, for the line above it; nothing if it shows all."""
        told = [word for kind, word in kind_words().items() if kind in self.wish.kinds]
        if self.wish.done:
            told.append(_("done"))
        if self.wish.text:
            told.append(_("search “{query}”").format(query=self.wish.text))
        if not told:
            return []
        return [Item(_("Filter active: {what}").format(what=", ".join(told)), "warning", 2)]

    # -- the filter

    @does("tasks.filter", when="has_store")
    def ask_filter(self) -> None:
        with_team(self, self._ask_filter)

    def _ask_filter(self, members: Sequence[Member]) -> None:
        self._names = {member.login: member.name for member in members}

        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, Wish):
                self.look_at(choice.value)

        self.app.push_screen(Picker(_("Filter"), self._offered(members), enter=_("show")), answer)

    def _offered(self, members: Sequence[Member]) -> list[Choice]:
        """What else may be listed: one thing is changed, the rest stays."""
        wish, me = self.wish, self.desk.author
        kinds = [
            Choice(replace(wish, kinds=frozenset({kind}), done=False), _("only: {kind}").format(kind=word))
            for kind, word in kind_words().items()
            if wish.kinds != {kind}
        ]
        colleagues = [
            Choice(replace(wish, assignee=member.login), _("Tasks of {name}").format(name=member.name))
            for member in members
            if member.login not in (me, wish.assignee)
        ]
        everything = Choice(Wish(me), _("My tasks"), _("all that is to be done"))
        all_of_us = Choice(replace(wish, assignee=""), _("Tasks of all"))
        finished = Choice(replace(wish, done=not wish.done), _("to be done") if wish.done else _("done"))
        return [
            *([everything] if wish != Wish(me) else []),
            *([all_of_us] if wish.assignee else []),
            *kinds,
            finished,
            *colleagues,
        ]

    # -- words

    @does("tasks.find")
    def find(self) -> None:
        self.add_class("-searching")
        self.query_exactly_one("#query", Field).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.look_at(replace(self.wish, text=event.value.strip()))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.end_search()

    @does("search.done")
    def end_search(self) -> None:
        self.table.focus()
        self.set_class(bool(self.wish.text), "-searching")

    @does("search.cancel")
    def cancel_search(self) -> None:
        self.query_exactly_one("#query", Field).value = ""
        self.remove_class("-searching")
        self.table.focus()

    # -- and back

    @does("app.back")
    def back(self) -> None:
        if self.wish.text:
            self.cancel_search()
        elif self.wish != Wish(self.desk.author):
            self.look_at(Wish(self.desk.author))
        else:
            self.dismiss()
