"""Messages are parsed into batches; a refused message is found among many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from app.domain.mail.messages import Flags
from app.mail.errors import CommandRefused, ConnectionLost
from app.mail.source import RawMail
from app.services.sync.fetching import batches
from tests.services.sync.conftest import mail


class Stubborn:
    """A source that refuses every request in which message 13 is asked for: no real server does so on demand."""

    def fetch(self, uids: Sequence[int]) -> Iterator[RawMail]:
        if 13 in uids:
            raise CommandRefused("message 13 is damaged")
        for uid in uids:
            yield RawMail(uid, Flags(), datetime(2026, 11, 20, tzinfo=UTC), mail(uid))


def test_one_message_that_is_refused_is_passed_over_with_its_reason() -> None:
    found = list(batches(Stubborn(), range(40)))  # type: ignore[arg-type]
    uids = sorted(arrived.uid for batch in found for arrived in batch.mails)
    assert uids == [uid for uid in range(40) if uid != 13]
    (skipped,) = [skipped for batch in found for skipped in batch.skipped]
    assert skipped.uid == 13
    assert "damaged" in skipped.reason


def test_a_refusal_for_now_is_no_reason_to_pass_mail_over() -> None:
    class Busy(Stubborn):
        def fetch(self, uids: Sequence[int]) -> Iterator[RawMail]:
            refusal = CommandRefused("try again later", "UNAVAILABLE")
            refusal.temporary = True
            raise refusal

    with pytest.raises(CommandRefused, match="later"):
        list(batches(Busy(), range(40)))  # type: ignore[arg-type]


def test_a_broken_connection_is_no_reason_to_pass_mail_over() -> None:
    class Broken(Stubborn):
        def fetch(self, uids: Sequence[int]) -> Iterator[RawMail]:
            raise ConnectionLost

    with pytest.raises(ConnectionLost):
        list(batches(Broken(), range(40)))  # type: ignore[arg-type]


def test_mail_that_nobody_asked_for_is_not_taken() -> None:
    class Generous(Stubborn):
        def fetch(self, uids: Sequence[int]) -> Iterator[RawMail]:
            yield from super().fetch([*uids, 77])

    (batch,) = batches(Generous(), [1, 2])  # type: ignore[arg-type]
    assert [arrived.uid for arrived in batch.mails] == [1, 2]
