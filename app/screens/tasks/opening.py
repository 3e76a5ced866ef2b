"""Where an entry of the personal task list leads: to its mail in the mail screen, to the page of its record, and to what goes
with that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.crm.agenda import Entry, EntryKind
from app.domain.crm.kinds import Kind, RecordRow
from app.domain.mail.listing import ListFilter
from app.domain.mail.messages import MailRow
from app.language import _
from app.screens.following import Find
from app.screens.records.known import open_page
from app.services.crm.related import related

if TYPE_CHECKING:
    from app.screens.desk import Reader
    from app.screens.going import Going
    from app.services.triage import Store


def open_entry(place: Going, entry: Entry) -> None:
    """Go where the entry leads."""
    if entry.message_id is not None and entry.kind is not EntryKind.TASK:
        _open_mail(place, entry.message_id)
    elif entry.record is not None:
        kind, record_id = entry.record
        open_page(place, RecordRow(kind, record_id, entry.title))


def belonging_of(entry: Entry, reader: Reader) -> Find:
    """Finds the records that go with an entry: what a mention is about, what a lead or a task belongs to."""
    record, message_id, title = entry.record, entry.message_id, entry.about

    def find(store: Store) -> list[RecordRow]:
        if record is None:
            row = reader.first_of(ListFilter(), [message_id])[0] if message_id is not None else None
            links = row.links if row is not None else ()
            return [RecordRow(Kind(link.kind), link.id, link.title) for link in links]
        if entry.kind is EntryKind.MENTION:
            return [RecordRow(*record, title), *related(store, *record)]
        return related(store, *record)

    return find


def _open_mail(place: Going, message_id: int) -> None:
    reader = place.desk.reader

    def show(found: tuple[MailRow | None, bool]) -> None:
        from app.screens.mail.reading import ReadingKeys

        row, home = found[0], place.app.screen_stack[0]
        if row is None:
            place.say(_("The mail is no longer there."), "warning")
        elif isinstance(home, ReadingKeys):
            place.go_home()
            home.list_and_open(ListFilter(folder_id=row.folder_id), row)

    place.read(lambda: reader.first_of(ListFilter(), [message_id]), show)
