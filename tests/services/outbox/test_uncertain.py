"""A mail of which nobody knows whether it was sent: it is never repeated without asking, and never lost."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.mail.messages import Role
from app.domain.mail.outbox import OutState
from tests.servers.smtp import FaultyServer, Stage
from tests.services.outbox.office import Office


@pytest.mark.parametrize("stage", [Stage.DOT_KEPT, Stage.DOT_LOST])
def test_an_uncertain_mail_is_never_repeated_without_asking(
    office: Office, server: FaultyServer, stage: Stage
) -> None:
    outbox_id = office.queue()
    server.fail(stage, "close", times=1)
    office.send()
    assert office.state(outbox_id) is OutState.UNCERTAIN
    with pytest.raises(Refused):
        office.outbox.take_back(outbox_id)
    assert office.state(outbox_id) is OutState.UNCERTAIN
    office.outbox.hurry()
    office.later(days=30)
    assert office.send() == []
    assert not office.sender().is_due()
    assert len(server.accepted) == (stage is Stage.DOT_KEPT)
    office.outbox.retry(outbox_id)
    office.send()
    assert office.state(outbox_id) is OutState.SENT
    assert len(server.accepted) == 1 + (stage is Stage.DOT_KEPT)


def test_an_uncertain_mail_is_a_draft_again_for_who_knows_that_it_may_be_out(
    office: Office, server: FaultyServer
) -> None:
    outbox_id = office.queue()
    server.fail(Stage.DOT_LOST, "close", times=1)
    office.send()
    assert office.outbox.take_back(outbox_id, uncertain=True).body == "Guten Tag\n"
    assert office.state(outbox_id) is OutState.DRAFT


def test_an_uncertain_mail_can_be_confirmed_and_is_filed_then(office: Office, server: FaultyServer) -> None:
    outbox_id = office.queue()
    server.fail(Stage.DOT_KEPT, "close", times=1)
    office.send()
    assert office.sent_copies() == []
    office.outbox.confirm_sent(outbox_id)
    office.send()
    assert office.state(outbox_id) is OutState.SENT
    assert len(office.sent_copies()) == 1
    assert len(server.accepted) == 1


def test_an_uncertain_mail_that_the_server_has_filed_was_sent(office: Office, server: FaultyServer) -> None:
    outbox_id = office.queue()
    server.fail(Stage.DOT_KEPT, "close", times=1)
    office.send()
    office.receive(server.accepted[0].data, uid=7, role=Role.SENT)
    office.send()
    assert office.state(outbox_id) is OutState.SENT
    assert [uid for _, uid in office.sent_copies()] == [7]
    assert office.operations() == []
