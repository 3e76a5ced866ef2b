"""The search line: finds while the rep types, newest first, and fetches more as the list is walked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.widgets import Input

from app.domain.mail.listing import Hits, Position
from app.domain.mail.messages import MailRow
from app.domain.mail.query_language import as_typed
from app.language import _, ngettext
from app.screens.mail.panes import Panes
from app.screens.place import does
from app.widgets.bar import Item
from app.widgets.field import Field
from app.widgets.turns import Turn
from app.widgets.words import number

#: Seconds without a key after which the search follows what was typed.
SEARCH_PAUSE = 0.06
#: Mails found at a time, and how near to the last one the cursor has to be for more to be looked for.
AT_A_TIME, NEAR_END = 100, 50


class Searching(Panes):
    """Search on the mail screen. What is found grows; the list is told its length as it is known."""

    _hits: list[MailRow]
    _resume: Position | None = None
    _advice = ""
    _unclear = False
    _incomplete = False

    # -- the line

    @does("view.search")
    def search(self) -> None:
        if not self.wanted.query:
            self._before_search, self._searched_from = self.wanted, self.current
        self.show_panes(search=True)
        field = self.query_exactly_one("#query", Field)
        field.value = self.wanted.query.removesuffix("*")
        field.select_all()  # the next key begins another search
        field.focus()

    def is_typing(self) -> bool:
        """Whether the search line is open."""
        return self.search_open

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        typed = event.value

        def follow() -> None:
            if self.is_typing() and self.query_exactly_one("#query", Field).value == typed:
                self._look_for(typed.lstrip())

        if typed.lstrip() != self.wanted.query:
            self.set_timer(SEARCH_PAUSE, follow)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.done_searching()

    @does("search.done")
    def done_searching(self) -> None:
        typed = self.query_exactly_one("#query", Field).value
        self._leave_line()
        self._look_for(as_typed(typed))

    @does("search.cancel")
    def cancel_search(self) -> None:
        self._leave_line()
        if self.wanted != self._before_search:
            self.wanted = self._before_search
            self.list_again(self._searched_from)
        else:
            self.headlines()

    def _leave_line(self) -> None:
        self.show_panes(search=False)
        self.mails.focus()

    def _look_for(self, query: str) -> None:
        """Search in all mailboxes, as far as the filter lets mail through; without words list what was listed before."""
        if query:
            everywhere = replace(self._before_search, folder_id=None, mailbox_id=None)
            self.wanted = replace(everywhere, query=query, typing=self.is_typing())
            self.find()
        elif self.wanted != self._before_search:
            self.wanted = self._before_search
            self.list_again(self._searched_from)

    # -- the answer

    def find(self) -> None:
        """Begin the search for what is wanted now."""

        def show(hits: Hits) -> None:
            self._take(hits, [])
            self.mails.open(len(self._hits), 0, self._hits[:AT_A_TIME])
            self._go_on()

        self._ask(self.listing.begin(), None, AT_A_TIME, show)

    def find_more(self) -> None:
        """Go on where the search ended, when the cursor comes near the last mail found."""
        if self._resume is not None and self.mails.cursor >= len(self._hits) - NEAR_END:
            self._extend(self._resume)

    def _extend(self, resume: Position) -> None:
        def show(hits: Hits) -> None:
            self._take(hits, self._hits)
            anchor, place = self.current, self.mails.cursor
            self._follow_hits((anchor.copy_id if anchor else 0, place), place)
            self._go_on()

        self._ask(self.listing.last, resume, AT_A_TIME, show)

    def find_again(self, at: MailRow | None = None) -> None:
        """The store has changed: search anew without leaving the place, or with the cursor on this mail if it is found."""
        anchor, place = self.current, self.mails.cursor

        def show(hits: Hits) -> None:
            self._take(hits, [])
            now = self._place_among_hits(anchor)
            self._follow_hits((anchor.copy_id if anchor else 0, place), place if now is None else now)
            back = self._place_among_hits(at)
            if back is not None:
                self.mails.go(back)
            self._go_on()

        self._ask(self.listing.begin(), None, max(len(self._hits), AT_A_TIME), show)

    def _ask(self, turn: Turn, after: Position | None, limit: int, show: Callable[[Hits], None]) -> None:
        reader, wanted = self.desk.reader, self.wanted
        self._resume = None  # nothing more is asked for until the answer is there
        self.read(
            lambda: reader.search(wanted, after=after, limit=limit, stop=lambda: turn.is_over), show, turn
        )

    def _go_on(self) -> None:
        """Draw what was found; a search whose time was up goes on by itself."""
        self.headlines()
        if self._incomplete and self._resume is not None:
            self._extend(self._resume)
        self.go_on_following()

    def _follow_hits(self, under_cursor: tuple[int, int], place: int) -> None:
        """Tell the list how many were found, and those around the place where the cursor goes."""
        first = max(0, place - AT_A_TIME)
        found = self._hits[first : place + AT_A_TIME]
        self.mails.follow(len(self._hits), first, found, under_cursor, place)

    def _place_among_hits(self, mail: MailRow | None) -> int | None:
        copy_id = mail.copy_id if mail else 0
        return next((place for place, row in enumerate(self._hits) if row.copy_id == copy_id), None)

    def _take(self, hits: Hits, before: list[MailRow]) -> None:
        self._hits = [*before, *hits.rows]
        self._resume = hits.resume
        self._incomplete = hits.partial
        self._advice = _(hits.hint).format(about=hits.hint_about) if hits.hint else ""
        self._unclear = hits.unclear

    def is_searching(self) -> bool:
        """Whether the search still goes on."""
        return self._incomplete

    def why_nothing(self) -> str:
        """What was not understood, if nothing was searched because of it; else empty."""
        return self._advice if self._unclear else ""

    def found(self, first: int, count: int) -> list[MailRow]:
        """Mails found, by their places."""
        return self._hits[first : first + count]

    # -- what is told

    def search_items(self) -> list[Item]:
        """What the bottom line says of the search, before the keys: what was not understood, while typing also what can be."""
        if self._advice and self.wanted.query:
            return [Item(self._advice, "warning")]
        if not self.is_typing():
            return []
        if not self.wanted.query:
            return [Item(_("“a phrase”  -without  begin*  in:folder"), "quiet", 60)]
        return [Item(self.found_text(), "text")]

    def found_text(self) -> str:
        """How many mails were found so far."""
        n = len(self._hits)
        if self._incomplete:
            return _("{n} found, still searching").format(n=number(n))
        if self._resume is not None:
            return _("more than {n} found").format(n=number(n))
        return ngettext("{n} mail found", "{n} mails found", n).format(n=number(n))
