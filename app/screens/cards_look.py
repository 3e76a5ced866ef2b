"""How a person has a place of cards shown: as board or list, in which order, with which columns; kept for whoever is at the
keyboard. Which columns and orders there are is the place's own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from app.domain.errors import BadInput, PostkorbError
from app.domain.kept import flag, read_field, readable
from app.domain.list_filter import ListFilter
from app.language import _
from app.screens.cards_listing import CardsListing
from app.screens.desk import Desk
from app.screens.place import does
from app.services.team import looks
from app.widgets.choices import Choice
from app.widgets.table import Column

Row = TypeVar("Row")
Wanted = TypeVar("Wanted", bound=ListFilter)
Order = TypeVar("Order")


class CardsLook(CardsListing[Row, Wanted], Generic[Row, Wanted, Order]):
    """It is read before anything is shown, and kept with each change."""

    #: Under which name looks and filters are kept.
    place_name: ClassVar[str]
    #: The columns that the list has at first.
    at_first: ClassVar[tuple[str, ...]]
    sort: Order

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.chosen = self.at_first
        self._is_changed = False

    def all_columns(self) -> Mapping[str, Column]:
        """All columns of the list that can be chosen, in their order."""
        raise NotImplementedError

    def kept_query(self, wanted: Wanted, order: Order) -> dict[str, Any]:
        """A filter and an order as they are kept; what is at its default is left out."""
        raise NotImplementedError

    def read_query(self, query: Mapping[str, Any] | None) -> tuple[Wanted, Order]:
        """A filter and an order that were kept. Raises BadInput."""
        raise NotImplementedError

    def list_columns(self) -> Sequence[Column]:
        return [column for key, column in self.all_columns().items() if key in self.chosen]

    # -- kept

    def begin(self) -> None:
        store, place, owner = self.desk.store, self.place_name, self.desk.author
        if store is None:
            super().begin()
            return
        self.board.display = self.table.display = False  # until it is known which of them is wanted
        self.read(lambda: looks.look(store, place, owner=owner), self._begin)

    def _begin(self, kept: Mapping[str, Any] | None) -> None:
        if not self._is_changed:  # by a key that was faster
            try:
                self._look_like(kept)
            except BadInput as error:
                self.say(_("Shown as at first ({reason})").format(reason=error.told_cause), "warning")
        super().begin()

    def _look_like(self, kept: Mapping[str, Any] | None) -> None:
        """Look like this. Raises BadInput."""
        kept = readable(kept)
        is_list = read_field(kept, "list", flag) if "list" in kept else False
        columns = read_field(kept, "columns", self._columns) if "columns" in kept else ()
        _everything, self.sort = self.read_query(kept)
        self.is_board, self.chosen = not is_list, columns or self.at_first

    def _columns(self, kept: object) -> tuple[str, ...]:
        """Those of them that there are. Raises TypeError."""
        if not isinstance(kept, list):
            raise TypeError
        return tuple(key for key in self.all_columns() if key in kept)

    def keep_look(self) -> None:
        """Keep how it looks now for the next time."""
        self._is_changed = True
        store, place, author, now = self.desk.store, self.place_name, self.desk.author, self.desk.clock()
        look = self.kept_query(self.everything, self.sort)
        if not self.is_board:
            look["list"] = True
        if self.chosen != self.at_first:
            look["columns"] = list(self.chosen)
        if store is None:
            return

        def work() -> PostkorbError | None:
            try:
                looks.keep_look(store, place, look, author=author, now=now)
            except (
                PostkorbError
            ) as error:  # the place looks as asked for all the same: no box stands in the way
                return error
            return None

        def tell(error: PostkorbError | None) -> None:
            if error is not None:
                self.say(_("Not kept for the next time: {reason}").format(reason=error.told), "warning")

        self.write(work, tell)

    # -- changed

    def switch(self) -> None:
        super().switch()
        self.keep_look()

    def sort_by(self, order: Order) -> None:
        """Sort the list by this when it is read the next time."""
        if order != self.sort:
            self.sort = order
            self.keep_look()

    @does("cards.columns", when="is_list")
    def ask_columns(self) -> None:
        from app.screens.dialogs.ticks import TickBox

        columns = self.all_columns()

        def remark(ticked: Collection[object]) -> dict[object, str]:
            keys = [key for key in columns if key in ticked]
            no_room = self.table.without_room([columns[key] for key in keys])
            return {keys[number]: _("too narrow for it") for number in no_room}

        def answer(keys: Sequence[object] | None) -> None:
            if keys:
                self.chosen = tuple(map(str, keys))
                self.table.columns = self.list_columns()
                self.keep_look()
                self.load()

        choices = [Choice(key, column.title) for key, column in columns.items()]
        box = TickBox(_("Columns"), choices, self.chosen, remark=remark, enter=_("show"))
        self.app.push_screen(box, answer)
