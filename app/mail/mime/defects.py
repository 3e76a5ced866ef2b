"""What can be wrong with a message, in sentences for the sync ledger and the reading pane; nothing is decided here."""

from __future__ import annotations

from enum import StrEnum


class Defect(StrEnum):
    """Each value is an English source text of the catalogue. A message was read as far as it goes in spite of them."""

    HEADER = "The header of the mail is malformed"
    CHARSET = "Some characters could not be decoded exactly"
    TRANSFER = "Encoded data is damaged or cut off"
    ENCODING = "A part uses an unknown transfer encoding"
    BOUNDARY = "The parts of the mail are not separated properly"
    DEPTH = "The parts of the mail are nested too deeply"
    PARTS = "The mail has more parts than can be listed"
    UNREADABLE = "The mail could not be taken apart"


#: Between defects where several are kept in one text.
SEPARATOR = "; "
