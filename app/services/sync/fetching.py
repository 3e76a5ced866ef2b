"""Fetches messages of the selected folder and parses them into batches for the store; `team` does it in other processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.mail.messages import ArrivedMail, SkippedMail
from app.mail.errors import CommandRefused
from app.mail.mime.parsed import parse_for_store
from app.mail.open import open_source
from app.mail.source import MailSource, RawMail

BATCH_MAILS = 400
BATCH_BYTES = 16_000_000
#: Why messages are not fetched although they were asked for: UIDVALIDITY has changed, their UIDs mean others now.
MADE_ANEW = "the folder was made anew on the server meanwhile; the next sync reads it again"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """How to open a mailbox's source, also from another process. `password` never leaves memory and pipes."""

    url: str
    password: str
    ca_file: Path | None
    state_dir: Path

    def open(self) -> MailSource:
        """A new connection. Raises MailError."""
        return open_source(self.url, self.password, ca_file=self.ca_file, state_dir=self.state_dir)


@dataclass(frozen=True, slots=True)
class Batch:
    """Parsed messages of one folder, and those that could not be had."""

    mails: tuple[ArrivedMail, ...]
    skipped: tuple[SkippedMail, ...]


def batches(source: MailSource, uids: Sequence[int]) -> Iterator[Batch]:
    """The messages of the selected folder in the order of `uids`' blocks, parsed. Raises MailError."""
    for start in range(0, len(uids), BATCH_MAILS):
        yield from _block(source, uids[start : start + BATCH_MAILS])


def _block(source: MailSource, uids: Sequence[int]) -> Iterator[Batch]:
    """One block; a refusal is narrowed down to the message that causes it."""
    mails: list[ArrivedMail] = []
    skipped: list[SkippedMail] = []
    weight = 0
    asked = set(uids)
    try:
        for raw in source.fetch(uids):
            if raw.uid not in asked:  # servers may send what nobody wants
                continue
            _parse(raw, mails, skipped)
            weight += len(raw.raw)
            if weight > BATCH_BYTES:
                yield Batch(tuple(mails), tuple(skipped))
                mails, skipped, weight = [], [], 0
    except CommandRefused as refusal:
        if refusal.temporary:
            raise  # it is not about these messages
        mails.clear()  # they come again with their half
        skipped.clear()
        if len(uids) == 1:
            skipped.append(SkippedMail(uids[0], str(refusal)))
        else:
            middle = len(uids) // 2
            yield from _block(source, uids[:middle])
            yield from _block(source, uids[middle:])
    if mails or skipped:
        yield Batch(tuple(mails), tuple(skipped))


def _parse(raw: RawMail, mails: list[ArrivedMail], skipped: list[SkippedMail]) -> None:
    try:
        mails.append(ArrivedMail(raw.uid, raw.flags, parse_for_store(raw.raw, raw.arrived)))
    except Exception as error:  # noqa: BLE001 - one mail must not end the sync; it is kept in the ledger with its reason
        skipped.append(SkippedMail(raw.uid, f"The mail could not be read: {type(error).__name__}: {error}"))
