"""SIGKILL while sending: at every stage and at random moments nothing is lost, sent twice, or taken for done."""

from __future__ import annotations

import multiprocessing
import random
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from app.domain.outbox import OutState
from app.services.outbox.sending import Sender
from app.store.database import Store
from tests.servers.smtp import FaultyServer, Stage
from tests.services.outbox.office import MAX, SILKE, START, Office

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


def send_in_child(database: Path) -> None:
    Sender(Store(database), lambda mailbox: "", lambda: START).send_due()


@pytest.fixture
def child(tmp_path: Path, office: Office) -> BaseProcess:
    return _processes.Process(target=send_in_child, args=(tmp_path / "postkorb.db",), daemon=True)


def kill(child: BaseProcess) -> None:
    child.kill()
    child.join(10)


@pytest.mark.parametrize("stage", [Stage.CONNECT, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA])
def test_killed_before_the_body_the_mail_is_sent_once_after_the_restart(
    office: Office, server: FaultyServer, child: BaseProcess, stage: Stage
) -> None:
    outbox_id = office.queue()
    server.fail(stage, "stall", times=1)
    child.start()
    server.wait_for_stage(stage)
    assert office.state(outbox_id) is OutState.SENDING
    kill(child)
    assert [attempt.state for attempt in office.send()] == [OutState.SENT]
    assert len(server.accepted) == 1
    assert len(office.sent_copies()) == 1


@pytest.mark.parametrize("stage", [Stage.DOT_LOST, Stage.DOT_KEPT])
def test_killed_after_the_final_dot_the_mail_is_uncertain_and_not_repeated(
    office: Office, server: FaultyServer, child: BaseProcess, stage: Stage
) -> None:
    outbox_id = office.queue()
    server.fail(stage, "stall", times=1)
    child.start()
    server.wait_for_stage(stage)
    kill(child)
    before = len(server.accepted)
    assert office.send() == []
    assert office.state(outbox_id) is OutState.UNCERTAIN
    assert "interrupted" in office.row(outbox_id).error
    office.later(days=2)
    assert office.send() == []
    assert len(server.accepted) == before
    assert office.sent_copies() == []


def test_killed_after_the_answer_nothing_is_repeated(
    office: Office, server: FaultyServer, child: BaseProcess
) -> None:
    outbox_id = office.queue()
    server.fail(Stage.QUIT, "stall", times=1)
    child.start()
    server.wait_for_stage(Stage.QUIT)
    kill(child)
    office.send()
    assert office.state(outbox_id) in (OutState.UNCERTAIN, OutState.SENT)
    assert len(server.accepted) == 1


@pytest.mark.parametrize("seed", range(24))
def test_killed_at_a_random_moment_nothing_is_lost_or_sent_twice(
    office: Office, server: FaultyServer, child: BaseProcess, seed: int
) -> None:
    server.pace = 0.01
    mails = {office.queue(SILKE, MAX, subject=f"Nummer {number}"): f"Nummer {number}" for number in range(3)}
    child.start()
    child.join(random.Random(seed).uniform(0.02, 0.6))
    kill(child)
    server.pace = 0
    office.send()
    for outbox_id, subject in mails.items():
        taken = sum(f"Subject: {subject}\r\n".encode() in mail.data for mail in server.accepted)
        state = office.state(outbox_id)
        assert state in (OutState.SENT, OutState.UNCERTAIN)
        assert taken == 1 if state is OutState.SENT else taken <= 1
    uncertain = [row for row in office.outbox.rows() if row.state is OutState.UNCERTAIN]
    assert len(uncertain) <= 1
    assert len(office.sent_copies()) == len(set(office.sent_copies())) == 3 - len(uncertain)
    assert len(office.operations()) == 3 - len(uncertain)
    count = len(server.accepted)
    assert office.send() == []
    assert len(server.accepted) == count
