"""The background thread goes on whatever happens to the store."""

from __future__ import annotations

import threading

import pytest

from app.domain.mail.outbox import OutState
from app.services.outbox import worker
from app.services.outbox.sending import Attempt
from tests.services.outbox.office import Office


def test_trouble_with_the_store_is_noted_and_the_mail_is_sent_later(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "_AFTER_TROUBLE", 0.01)
    monkeypatch.setattr(worker, "_LOOK_SECONDS", 0.01)
    outbox_id = office.queue()
    sender = office.sender()
    tries = 0
    stop = threading.Event()
    send_due = sender.send_due

    def troubled() -> list[Attempt] | None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OSError("disk full")
        done = send_due()
        stop.set()
        return done

    monkeypatch.setattr(sender, "send_due", troubled)
    thread = worker.OutboxWorker(sender, stop)
    thread.start()
    thread.join(20)
    assert tries == 2
    assert office.state(outbox_id) is OutState.SENT
    assert "disk full" in caplog.text
