"""Reads a message of the store again, for those who need its parsed form; keeps nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.mail.messages import ParsedMail
from app.mail.mime.parsed import parse_for_store

#: Count this up when the parser learns to read mail that it could not read before: what was skipped is then tried again.
PARSER_VERSION = 1


def parse_again(raw: bytes) -> ParsedMail:
    """The message as it was parsed when it arrived. Only its date may differ, if the Date field could not be used."""
    return parse_for_store(raw, datetime.now(UTC))
