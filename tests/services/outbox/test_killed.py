"""SIGKILL while sending: at every stage and at random moments nothing is lost, sent twice, or taken for done."""

from __future__ import annotations

import multiprocessing
import random
from dataclasses import replace
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from app.domain.mail.compose import Draft
from app.domain.mail.outbox import OutState
from app.services.outbox.drafts import Outbox, attachment
from app.services.outbox.sending import Sender
from app.store.database import Store
from app.store.outbox.drafts import files_of
from tests.servers.smtp import FaultyServer, Stage
from tests.services.outbox.office import BERG, MAX, SILKE, START, Office

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


def save_in_child(database: Path, file: Path, saved: Connection) -> None:
    outbox = Outbox(Store(database), lambda: START)
    for number in count():
        draft = Draft(sender=BERG, to=(SILKE,), subject="Angebot", body=f"Fassung {number}")
        kept = outbox.save(1, replace(draft, attachments=(attachment(file),)))
        saved.send(kept.id)


@pytest.mark.parametrize("seed", range(6))
def test_killed_while_drafts_are_saved_none_that_was_saved_has_lost_its_file(
    office: Office, tmp_path: Path, seed: int
) -> None:
    file = tmp_path / "Angebot.pdf"
    data = b"%PDF" + bytes(range(256)) * 2000
    file.write_bytes(data)
    hear, tell = _processes.Pipe(duplex=False)
    child = _processes.Process(target=save_in_child, args=(tmp_path / "postkorb.db", file, tell), daemon=True)
    child.start()
    tell.close()
    told = [hear.recv() for _draft in range(random.Random(seed).randint(1, 12))]
    kill(child)
    file.unlink()
    rows = office.outbox.rows()
    assert {row.id for row in rows} >= set(told)
    for row in rows:
        _mailbox, draft = office.outbox.load(row.id)
        (kept,) = draft.attachments
        assert (kept.name, kept.size) == ("Angebot.pdf", len(data))
        assert [held for _name, _type, held in files_of(office.store.read, row.id)] == [data]
    office.outbox.queue(rows[0].id, 0, confirmed=True)
    assert office.state(rows[0].id) is OutState.WAITING
