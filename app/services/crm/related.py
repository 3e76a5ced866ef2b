"""Which records go with a record, the likeliest to be wanted first; reads only. Not for the event loop's thread."""

from __future__ import annotations

from app.domain.crm.kinds import Kind, RecordRow
from app.services.crm.checks import BELONGS
from app.services.crm.records import stored
from app.store.crm.belonging import belonging
from app.store.crm.records import record_rows
from app.store.database import Store

#: Leads and opportunities, from one to the other, then whom they are about, then what is to be done.
_ORDER = (Kind.LEAD, Kind.OPPORTUNITY, Kind.CONTACT, Kind.TASK)


def related(store: Store, kind: Kind, record_id: int) -> list[RecordRow]:
    """What a record belongs to and what belongs to it, open ones of a kind before those that are done. Raises NotFound."""
    values = stored(store.read, kind, record_id).values
    above = [(of, int(values[field])) for of, field in BELONGS.items() if values.get(field) is not None]
    below = [key for key, _done in belonging(store.read, kind, record_id)]
    return sorted(record_rows(store.read, [*above, *below]), key=lambda row: _ORDER.index(row.kind))
