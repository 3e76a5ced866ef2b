"""Which rows refer to a contact, a lead, a task or an opportunity: the one list of them, for whoever moves or removes a record.

`tests/store/test_references.py` compares it with the tables, so that a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.crm.kinds import Kind


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds the id of a record. `kind_column`: the one beside it that says of which kind; without it the
    column is a foreign key. `key`: what tells the rows that refer to one record apart. `once`: what may refer to a record
    only once, such as a mail."""

    table: str
    column: str
    kind_column: str = ""
    key: str = "id"
    once: str = ""

    def where(self, kind: Kind, record_id: int) -> tuple[str, list[int | str]]:
        """What holds of the rows that refer to a record, as SQL with its parameters."""
        if self.kind_column:
            return f"{self.column} = ? AND {self.kind_column} = ?", [record_id, kind.value]
        return f"{self.column} = ?", [record_id]


#: Records that belong to a record of this kind.
BELONGING: Final[Mapping[Kind, tuple[Reference, ...]]] = {
    Kind.CONTACT: (
        Reference("lead", "contact_id"),
        Reference("task", "contact_id"),
        Reference("opportunity", "contact_id"),
    ),
    Kind.LEAD: (Reference("task", "lead_id"), Reference("opportunity", "lead_id")),
    Kind.TASK: (),
    Kind.OPPORTUNITY: (Reference("task", "opportunity_id"),),
}
#: What hangs on a record of any kind.
HANGING: Final = (
    Reference("link", "record_id", "kind", once="message_id"),
    Reference("outbox_link", "record_id", "kind", key="outbox_id", once="outbox_id"),
    Reference("document", "record_id", "kind"),
    Reference("history_entry", "record_id", "kind"),
    Reference("mention", "record_id", "kind"),
)
#: Tables that hold a part of the record itself; the rows go and come with it.
PARTS: Final[Mapping[Kind, tuple[Reference, ...]]] = {
    Kind.CONTACT: (
        Reference("contact_email", "contact_id"),
        Reference("contact_phone", "contact_id"),
        Reference("contact_word", "contact_id"),
    ),
}
#: Steps tell of records that may be gone, and are left alone.
STEPS: Final = ("merge_step",)


def references(kind: Kind) -> tuple[Reference, ...]:
    """All that refers to records of this kind and is no part of them."""
    return (*BELONGING[kind], *HANGING)
