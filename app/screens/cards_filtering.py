"""The key of a place of cards that asks which are shown, and filters that are kept under a name; what they let through, the
services find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from app.domain.list_filter import ListFilter
from app.domain.saved_filter import SavedFilter
from app.screens.cards_filter_box import CardsFilterBox, Keeping, ShowKept
from app.screens.cards_look import CardsLook
from app.screens.place import does
from app.services.team import saved_filters

if TYPE_CHECKING:
    from app.services.triage import Store

Row = TypeVar("Row")
Wanted = TypeVar("Wanted", bound=ListFilter)
Order = TypeVar("Order")
#: Makes the box, when all that it offers has been read.
MakeBox = Callable[[Keeping[Wanted, Order]], CardsFilterBox[Wanted, Order]]


class CardsFiltering(CardsLook[Row, Wanted, Order], Generic[Row, Wanted, Order]):
    """A place whose filters, with the order of the list, are kept for whoever is at the keyboard."""

    def filter_box(self, store: Store) -> MakeBox[Wanted, Order]:
        """Read what the dialog offers, on another thread; what this gives back makes the dialog, on the event loop."""
        raise NotImplementedError

    @does("cards.filter")
    def ask_filter(self) -> None:
        store = self.desk.store
        if store is None:
            return

        def work() -> tuple[Sequence[SavedFilter], MakeBox[Wanted, Order]]:
            return self._kept(store), self.filter_box(store)

        self.read(work, lambda found: self._ask_filter(*found))

    def _ask_filter(self, saved: Sequence[SavedFilter], make: MakeBox[Wanted, Order]) -> None:
        def answer(shown: tuple[Wanted, Order] | None) -> None:
            if shown is not None:
                wanted, order = shown
                self.sort_by(order)
                self.show_only(wanted)

        self.app.push_screen(make(Keeping(saved, self._keep, self._forget, self.read_query)), answer)

    def _kept(self, store: Store) -> Sequence[SavedFilter]:
        return saved_filters.list_filters(store, self.place_name, owner=self.desk.author)

    def _keep(self, name: str, wanted: Wanted, order: Order, show: ShowKept) -> None:
        query, place = self.kept_query(wanted, order), self.place_name
        author, now = self.desk.author, self.desk.clock()
        self._change_kept(
            lambda store: saved_filters.store_filter(store, place, name, query, author=author, now=now), show
        )

    def _forget(self, saved: SavedFilter, show: ShowKept) -> None:
        author, now = self.desk.author, self.desk.clock()
        self._change_kept(
            lambda store: saved_filters.delete_filter(store, saved.id, author=author, now=now), show
        )

    def _change_kept(self, change: Callable[[Store], object], show: ShowKept) -> None:
        store = self.desk.store
        if store is None:
            return

        def work() -> Sequence[SavedFilter]:
            change(store)
            return self._kept(store)

        self.write(work, show)
