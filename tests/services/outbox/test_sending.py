"""Sending what is due: nothing lost, nothing sent twice, uncertain where it is, and filed once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from app.domain.errors import NotFound, Refused
from app.domain.mail.accounts import Mailbox
from app.domain.mail.compose import DraftKind
from app.domain.mail.messages import Role
from app.domain.mail.outbox import GIVE_UP, PAUSES, OutState, RecipientState
from app.services.accounts.secrets import SecretUnavailable
from app.services.outbox.originals import Answering
from app.services.outbox.sending import LEASE, Sender
from app.store.mail.mailboxes import add_mailbox
from app.store.outbox import rows, steps
from app.store.sync.lease import new_owner, take_lease
from tests.servers.smtp import FaultyServer, Stage, faulty_server
from tests.services.outbox.office import MAX, SILKE, START, Office


def test_a_due_mail_is_sent_once_and_filed_once(office: Office, server: FaultyServer) -> None:
    outbox_id = office.queue(SILKE, MAX)
    (attempt,) = office.send()
    assert (attempt.state, attempt.reason) == (OutState.SENT, "")
    assert office.send() == []
    (mail,) = server.accepted
    assert mail.recipients == [SILKE.address, MAX.address]
    row = office.row(outbox_id)
    assert row.sent == START
    assert {recipient.state for recipient in row.recipients} == {RecipientState.ACCEPTED}
    ((message_id, uid),) = office.sent_copies()
    assert (f"Message-ID: {message_id}".encode() in mail.data, uid) == (True, None)
    ((kind, arguments),) = office.operations()
    assert kind == "append"
    assert json.loads(arguments)["once"] is True


def test_the_sent_mail_is_found_by_its_words_and_needs_no_raw_in_the_outbox(office: Office) -> None:
    outbox_id = office.queue(subject="Sondermaschine")
    office.send()
    assert office.store.read.value("SELECT raw FROM outbox WHERE id = ?", (outbox_id,)) is None
    row = office.store.read.row("SELECT subject, recipients FROM message")
    assert row == ("Sondermaschine", "Silke Berger")


def test_an_answer_marks_the_mail_and_inherits_its_links(office: Office) -> None:
    stored = office.receive()
    with office.store.write() as tx:
        lead = tx.value("INSERT INTO lead (title) VALUES ('Vogel 2027') RETURNING id")
        tx.run(
            "INSERT INTO link (message_id, kind, record_id, origin, author, created_at) VALUES (?, 'lead', ?, 'person', 'berg', 1)",
            (stored, lead),
        )
        tx.run("UPDATE mail_copy SET unprocessed = 0")
    begun = Answering(office.store, "de", UTC).answer(stored, DraftKind.REPLY)
    saved = office.outbox.save(begun.mailbox_id, begun.draft)
    office.outbox.queue(saved.id, 0, confirmed=True)
    office.send()
    assert office.store.read.value("SELECT answered FROM mail_copy WHERE message_id = ?", (stored,)) == 1
    assert [kind for kind, _ in office.operations()] == ["append", "flags"]
    links = office.store.read.rows(
        "SELECT kind, record_id, origin FROM link WHERE message_id <> ?", (stored,)
    )
    assert links == [("lead", lead, "answer")]
    threads = office.store.read.rows("SELECT DISTINCT thread_id FROM message")
    assert len(threads) == 1


@pytest.mark.parametrize(
    "kind", [DraftKind.REPLY, DraftKind.REPLY_ALL, DraftKind.FORWARD, DraftKind.FORWARD_ATTACHED]
)
def test_every_kind_of_answer_starts_from_the_stored_mail(office: Office, kind: DraftKind) -> None:
    stored = office.receive()
    draft = Answering(office.store, "de", UTC).answer(stored, kind).draft
    assert draft.original == stored
    assert draft.subject == ("AW: Anfrage Pumpen" if "reply" in kind else "WG: Anfrage Pumpen")
    assert draft.sender.address == "berg@nordholz.example"
    if kind in (DraftKind.REPLY, DraftKind.REPLY_ALL):
        assert (
            "Am 20.11.2026 um 07:41 schrieb Silke Berger:\n> Guten Tag,\n> was kosten die Pumpen?\n"
            in draft.body
        )
    assert [a.address for a in draft.to] == ([SILKE.address] if "reply" in kind else [])
    assert [a.address for a in draft.cc] == ([MAX.address] if kind is DraftKind.REPLY_ALL else [])


def test_a_temporary_refusal_is_tried_again_with_growing_pauses_until_it_is_given_up(
    office: Office, server: FaultyServer
) -> None:
    outbox_id = office.queue()
    server.fail(Stage.RCPT, "451 4.7.1 greylisted")
    pauses = []
    while office.state(outbox_id) is not OutState.FAILED:
        assert len(office.send()) == 1
        row = office.row(outbox_id)
        assert "451 4.7.1 greylisted" in row.error
        pauses.append(row.due - office.now)
        office.now = row.due + timedelta(seconds=1)
    assert pauses[: len(PAUSES)] == list(PAUSES)
    assert office.now - START > GIVE_UP
    assert server.accepted == []
    server.faults = []
    office.outbox.retry(outbox_id)
    assert [attempt.state for attempt in office.send()] == [OutState.SENT]
    assert len(server.accepted) == 1


def test_nothing_is_tried_before_its_pause_is_over_unless_somebody_hurries(
    office: Office, server: FaultyServer
) -> None:
    outbox_id = office.queue()
    server.fail(Stage.CONNECT, "close")
    office.send()
    assert office.send() == []
    server.faults = []
    office.outbox.hurry()
    assert [attempt.state for attempt in office.send()] == [OutState.SENT]
    assert office.state(outbox_id) is OutState.SENT


def test_a_permanent_refusal_is_shown_per_recipient_and_does_not_look_done(
    office: Office, server: FaultyServer
) -> None:
    outbox_id = office.queue(SILKE, MAX)
    server.fail(Stage.RCPT, "550 5.1.1 unknown", MAX.address)
    office.send()
    row = office.row(outbox_id)
    assert row.state is OutState.FAILED
    assert [(r.address, r.state, r.reply) for r in row.recipients] == [
        (SILKE.address, RecipientState.ACCEPTED, "250 2.1.5 ok"),
        (MAX.address, RecipientState.REFUSED, "550 5.1.1 unknown"),
    ]
    assert len(office.sent_copies()) == 1
    server.faults = []
    office.outbox.retry(outbox_id)
    office.send()
    assert [mail.recipients for mail in server.accepted] == [[SILKE.address], [MAX.address]]
    assert office.state(outbox_id) is OutState.SENT
    assert len(office.sent_copies()) == 1
    assert len(office.operations()) == 1


def test_only_those_who_refused_for_now_are_sent_to_again(office: Office, server: FaultyServer) -> None:
    outbox_id = office.queue(SILKE, MAX)
    server.fail(Stage.RCPT, "452 4.2.2 full", MAX.address, times=1)
    office.send()
    assert office.state(outbox_id) is OutState.WAITING
    with pytest.raises(Refused):
        office.outbox.take_back(outbox_id)
    office.later(minutes=1)
    office.send()
    assert [mail.recipients for mail in server.accepted] == [[SILKE.address], [MAX.address]]
    assert office.state(outbox_id) is OutState.SENT


def test_a_copy_that_comes_back_is_not_taken_for_the_one_to_file(
    office: Office, server: FaultyServer
) -> None:
    with office.store.write() as tx:
        tx.run("DELETE FROM folder WHERE role = 'sent'")
    outbox_id = office.queue(SILKE, MAX)
    server.fail(Stage.RCPT, "550 5.1.1 unknown", MAX.address)
    office.send()
    office.receive(rows.envelope(office.store.read, outbox_id).raw, uid=7)
    office.add_folder(Role.SENT)
    office.send()
    assert office.state(outbox_id) is OutState.FAILED
    assert len(office.sent_copies()) == 1


def test_a_copy_that_was_deleted_is_not_filed_again_when_the_rest_is_sent(
    office: Office, server: FaultyServer
) -> None:
    outbox_id = office.queue(SILKE, MAX)
    server.fail(Stage.RCPT, "550 5.1.1 unknown", MAX.address)
    office.send()
    with office.store.write() as tx:
        tx.run("DELETE FROM operation")
        tx.run("DELETE FROM mail_copy")
    server.faults = []
    office.outbox.retry(outbox_id)
    office.send()
    assert office.state(outbox_id) is OutState.SENT
    assert office.sent_copies() == []
    with pytest.raises(NotFound):
        rows.envelope(office.store.read, outbox_id)  # its source is not kept longer


def test_a_sent_mail_waits_for_a_folder_to_be_filed_in(office: Office, server: FaultyServer) -> None:
    with office.store.write() as tx:
        tx.run("DELETE FROM folder WHERE role = 'sent'")
    outbox_id = office.queue()
    office.send()
    row = office.row(outbox_id)
    assert (row.state, row.error) == (OutState.SENT, "There is no folder for sent mail")
    office.add_folder(Role.SENT)
    office.send()
    assert len(office.sent_copies()) == 1
    assert office.row(outbox_id).error == ""
    assert len(server.accepted) == 1


def test_what_cannot_be_sent_at_all_fails_with_its_reason(office: Office, server: FaultyServer) -> None:
    server.extensions = ("SIZE 100",)
    outbox_id = office.queue()
    office.send()
    row = office.row(outbox_id)
    assert row.state is OutState.FAILED
    assert "larger" in row.error
    draft = office.outbox.take_back(outbox_id)
    assert draft.body == "Guten Tag\n"


def test_while_another_process_sends_nothing_is_touched(office: Office, server: FaultyServer) -> None:
    office.queue()
    other = new_owner()
    assert take_lease(office.store, LEASE, other, 60, office.now.timestamp())
    assert office.sender().send_due() is None
    assert server.connections == 0


def test_a_sender_that_was_suspended_and_overtaken_sends_nothing(
    office: Office, server: FaultyServer
) -> None:
    """Between claiming the mail and the final dot another process finds it abandoned and sends it."""
    outbox_id = office.queue()
    overtaken: list[bool] = []

    def secret_of(mailbox: object) -> str:
        if not overtaken:
            overtaken.append(True)
            with office.store.write() as tx:
                steps.recover(tx, office.now)
                tx.run("DELETE FROM lease")
            assert [attempt.state for attempt in office.send()] == [OutState.SENT]
        return ""

    assert Sender(office.store, secret_of, office.clock).send_due() == []
    assert overtaken
    assert len(server.accepted) == 1
    assert office.state(outbox_id) is OutState.SENT


def test_a_mailbox_whose_server_hangs_does_not_hold_up_another(office: Office, server: FaultyServer) -> None:
    with faulty_server() as slow:
        slow.fail(Stage.MAIL, "stall")
        hanging = office.queue()
        with office.store.write() as tx:
            tx.run("UPDATE mailbox SET outgoing = ?", (slow.url(),))
            other = add_mailbox(
                tx, Mailbox("service", "service@nordholz.example", "imap://x.example", server.url())
            )
        draft = replace(office.outbox.load(hanging)[1], subject="Von nebenan")
        office.outbox.queue(office.outbox.save(other, draft).id, 0)
        with ThreadPoolExecutor() as pool:
            sending = pool.submit(office.send)
            server.wait_for_stage(Stage.QUIT)
            slow.hold.set()
            states = {attempt.id: attempt.state for attempt in sending.result()}
    assert len(server.accepted) == 1
    assert sorted(states.values()) == [OutState.SENT, OutState.WAITING]


def test_a_password_that_cannot_be_had_sends_nothing(office: Office, server: FaultyServer) -> None:
    outbox_id = office.queue()

    def secret_of(mailbox: object) -> str:
        raise SecretUnavailable("the password command ended with 1")

    Sender(office.store, secret_of, office.clock).send_due()
    row = office.row(outbox_id)
    assert (row.state, row.due > office.now) == (OutState.WAITING, True)
    assert "password command" in row.error
    assert server.connections == 0


def test_a_sent_mail_leaves_the_outbox_after_a_month_but_not_the_folder(office: Office) -> None:
    first = office.queue()
    office.send()
    office.later(days=31)
    second = office.queue()
    office.send()
    assert [row.id for row in office.outbox.rows()] == [second]
    assert first != second
    assert len(office.sent_copies()) == 2


def test_mail_that_waits_is_sent_although_the_clock_was_set_back(
    office: Office, server: FaultyServer
) -> None:
    outbox_id = office.queue()
    office.later(days=-1)
    assert office.sender().is_due()
    office.send()
    assert office.state(outbox_id) is OutState.SENT
    assert len(server.accepted) == 1


def test_a_server_that_files_its_copy_before_we_do_gets_no_second_one(
    office: Office, server: FaultyServer
) -> None:
    outbox_id = office.queue()
    office.receive(rows.envelope(office.store.read, outbox_id).raw, uid=3, role=Role.SENT)
    office.send()
    assert [uid for _, uid in office.sent_copies()] == [3]
    assert office.operations() == []
