"""Which record is meant by words that a person wrote; what is listed while typing, `records` finds."""

from __future__ import annotations

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.record_input import ContactInput
from app.services.crm.records import contacts_with, find_records, records_with
from app.store.database import Store

#: Records among which one that is called exactly so is looked for.
_LOOKED_AT = 200


def meant_records(store: Store, kind: Kind, text: str) -> list[RecordRow]:
    """Those that may be meant, the likeliest first: with an e-mail address, a title or a name that is exactly this one the
    others are not, whose words only begin with those written."""
    wanted = _plain(text)
    if kind is Kind.CONTACT and "@" in wanted and (known := contacts_with(store, [wanted])):
        return known
    found = find_records(store, text, _LOOKED_AT, (kind,))
    titled = [row for row in found if _plain(row.title) == wanted]
    return titled or (_named(store, found, wanted) if kind is Kind.CONTACT else []) or found


def _named(store: Store, found: list[RecordRow], wanted: str) -> list[RecordRow]:
    """The contacts whose name, without the company, is this one."""
    records = records_with(store, Kind.CONTACT, [row.id for row in found])
    return [
        record.row
        for record in records
        if isinstance(record.data, ContactInput)
        and _plain(f"{record.data.first_name} {record.data.last_name}") == wanted
    ]


def _plain(text: str) -> str:
    """Without what does not tell one name from another: capitals and spaces."""
    return " ".join(text.split()).casefold()
