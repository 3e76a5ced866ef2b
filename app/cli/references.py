"""How people name a record on the command line: by its number, or by words that only one is found by."""

from __future__ import annotations

from app.cli.front import Front
from app.cli.parser import BIGGEST
from app.domain.crm import Kind, not_found
from app.domain.errors import BadInput
from app.language import _

_NAMED = 5


def record_number(front: Front, kind: Kind, reference: str) -> int | None:
    """The number of the record; None for an empty reference. Raises NotFound, and BadInput when several are meant."""
    if not reference.strip():
        return None
    if reference.strip().isdecimal():
        if len(reference.strip()) > len(str(BIGGEST)) or int(reference) > BIGGEST:
            raise not_found(kind, reference)
        return int(reference)
    from app.services.crm.records import find_records

    found = find_records(front.store, reference, _NAMED, (kind,))
    exact = [row for row in found if row.title.casefold() == reference.strip().casefold()]
    chosen = exact if len(exact) == 1 else found
    if not chosen:
        raise not_found(kind, reference)
    if len(chosen) > 1:
        names = ", ".join(f"{row.id} {row.title}" for row in chosen)
        raise BadInput(_("“{text}” may mean {names}").format(text=reference, names=names))
    return chosen[0].id


def needed_number(front: Front, kind: Kind, reference: str) -> int:
    """As `record_number`; an empty reference is not found either."""
    number = record_number(front, kind, reference)
    if number is None:
        raise not_found(kind, reference)
    return number
