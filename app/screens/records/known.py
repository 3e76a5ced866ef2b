"""What is asked when other contacts have an address of the one that is to be made, or a contact has an open lead already; when
that is so, the services say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from app.domain.crm.kinds import Kind, RecordRow
from app.language import _
from app.screens.dialogs.boxes import Picker
from app.screens.working import DeskPlace
from app.widgets.choices import Choice


def open_page(place: DeskPlace, row: RecordRow) -> None:
    """Show the page of a record."""
    place.app.push_screen(place.deskapp.make_page(row.kind, row.id))


def ask_known(
    place: DeskPlace,
    known: Sequence[RecordRow],
    *,
    second: Callable[[], None] | None = None,
    link: Callable[[RecordRow], None] | None = None,
    back: Callable[[], None] | None = None,
    second_words: str = "",
) -> None:
    """Let the rep open one of the records that are there, `link` with it what they work on, or make a `second` one, which
    may be called otherwise; `back`: what Esc leads to."""

    ways: list[tuple[str, Callable[[], None]]] = []
    for row in known:
        ways.append((_("Open: {title}").format(title=row.title), partial(open_page, place, row)))
    if link is not None:
        for row in known:
            ways.append((_("Link with: {title}").format(title=row.title), partial(link, row)))
    if second is not None:
        ways.append((second_words or _("Create a second one"), second))

    def answer(choice: Choice | None) -> None:
        follow = ways[int(str(choice.value))][1] if choice is not None else back
        if follow is not None:
            follow()

    choices = [Choice(number, words) for number, (words, _follow) in enumerate(ways)]
    if known and known[0].kind is Kind.LEAD:
        title = _("There is an open lead of this contact already")
    else:
        title = _("There is a contact with this address already")
    place.app.push_screen(Picker(title, choices, enter=_("choose")), answer)
