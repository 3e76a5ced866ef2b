"""The outbox's rows in both dialects: steps that only one can take, and what a sent mail leaves behind."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from app.domain.mail.addresses import address_key
from app.domain.mail.compose import Attachment, Draft, DraftKind
from app.domain.mail.messages import Role
from app.domain.mail.outbox import OutState, RecipientRow, RecipientState
from app.services.outbox.completion import complete
from app.services.outbox.originals import Answering
from app.store.database import Store
from app.store.outbox import rows, steps
from tests.services.outbox.office import BERG, MAX, SILKE, Office
from tests.store.invariants import check


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    return Office(store, f"maildir://{tmp_path}/out")


def claim(office: Office, outbox_id: int) -> int | None:
    with office.store.write() as tx:
        return steps.claim(tx, outbox_id, office.now)


def test_a_mail_is_sent_filed_answered_and_linked(office: Office, tmp_path: Path) -> None:
    stored = office.receive()
    with office.store.write() as tx:
        task = tx.value("INSERT INTO task (title) VALUES ('Angebot schreiben') RETURNING id")
        tx.run(
            "INSERT INTO link (message_id, kind, record_id, origin, author, created_at) VALUES (?, 'task', ?, 'person', '', 1)",
            (stored, task),
        )
        tx.run("UPDATE mail_copy SET unprocessed = 0")
    begun = Answering(office.store, "de", UTC).answer(stored, DraftKind.REPLY)
    saved = office.outbox.save(begun.mailbox_id, begun.draft)
    office.outbox.queue(saved.id, 0, confirmed=True)
    assert [attempt.state for attempt in office.send()] == [OutState.SENT]
    assert len(list((tmp_path / "out" / "new").iterdir())) == 1
    assert [kind for kind, _ in office.operations()] == ["append", "flags"]
    found = office.store.read.rows("SELECT origin FROM link WHERE message_id <> ?", (stored,))
    assert found == [("answer",)]
    assert office.sender().has_unsettled() is False
    check(office.store)


def test_only_one_can_claim_and_only_what_is_due(office: Office) -> None:
    outbox_id = office.queue(undo=10)
    assert claim(office, outbox_id) is None
    office.later(seconds=10)
    assert claim(office, outbox_id) == 1
    assert claim(office, outbox_id) is None


def test_an_attempt_that_is_no_longer_ours_can_take_no_step(office: Office) -> None:
    outbox_id = office.queue()
    first = claim(office, outbox_id)
    assert first is not None
    with office.store.write() as tx:
        assert steps.recover(tx, office.now) == 1
    assert office.state(outbox_id) is OutState.WAITING
    second = claim(office, outbox_id)
    people = (RecipientRow(SILKE.address, RecipientState.ACCEPTED),)
    with office.store.write() as tx:
        assert not steps.note_dot(tx, outbox_id, first)
        assert not steps.note_result(tx, outbox_id, first, OutState.SENT, people, "", office.now, office.now)
        assert steps.note_dot(tx, outbox_id, second or 0)
        assert steps.recover(tx, office.now) == 1
    assert office.state(outbox_id) is OutState.UNCERTAIN


def test_an_attempt_found_uncertain_can_still_tell_that_it_was_sent(office: Office) -> None:
    outbox_id = office.queue()
    number = claim(office, outbox_id) or 0
    people = (RecipientRow(SILKE.address, RecipientState.ACCEPTED),)
    with office.store.write() as tx:
        assert steps.note_dot(tx, outbox_id, number)
        steps.recover(tx, office.now)
        assert not steps.note_result(
            tx, outbox_id, number, OutState.WAITING, people, "", office.now, office.now
        )
        assert steps.note_result(tx, outbox_id, number, OutState.SENT, people, "", office.now, office.now)
    assert office.state(outbox_id) is OutState.SENT


def test_a_mail_that_is_being_sent_can_be_neither_taken_back_nor_dropped(office: Office) -> None:
    outbox_id = office.queue()
    claim(office, outbox_id)
    with office.store.write() as tx:
        assert not steps.to_draft(tx, outbox_id)
        assert not steps.drop(tx, outbox_id)
        assert not steps.retry(tx, outbox_id, office.now)


def test_rows_files_and_recipients_go_together(office: Office, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    outbox_id = office.queue()
    draft = office.outbox.take_back(outbox_id)
    files = (Attachment("a.txt", path=str(tmp_path / "a.txt")), Attachment("weg", path="/nirgends/weg"))
    saved = office.outbox.save(office.mailbox_id, Draft(draft.sender, attachments=files), outbox_id)
    assert saved.unreadable == ("weg",)
    assert office.outbox.load(outbox_id)[1].attachments == saved.draft.attachments
    office.outbox.drop(outbox_id)
    for table in ("outbox", "outbox_attachment", "outbox_recipient"):
        assert office.store.read.value(f"SELECT count(*) FROM {table}") == 0


def test_what_the_server_has_filed_itself_is_recognised(office: Office) -> None:
    outbox_id = office.queue()
    raw = rows.envelope(office.store.read, outbox_id).raw
    number = claim(office, outbox_id) or 0
    with office.store.write() as tx:
        steps.note_dot(tx, outbox_id, number)
        steps.recover(tx, office.now)
    assert rows.seen_in_sent(office.store.read) == []
    office.receive(raw, uid=4, role=Role.SENT)
    assert rows.seen_in_sent(office.store.read) == [outbox_id]
    office.send()
    assert office.state(outbox_id) is OutState.SENT
    assert [uid for _, uid in office.sent_copies()] == [4]
    check(office.store)


def test_people_are_completed_by_the_words_of_their_names(office: Office) -> None:
    office.receive()
    assert [address_key(each.address) for each in complete(office.store, "vog")] == [
        MAX.address,
        SILKE.address,
    ]
    assert complete(office.store, "100%_\\") == []


def test_a_draft_with_what_no_database_takes_is_kept_all_the_same(office: Office) -> None:
    draft = Draft(BERG, subject="a\0b", body="Gr\ud800ße\0\x1b")
    saved = office.outbox.save(office.mailbox_id, draft)
    assert office.outbox.load(saved.id)[1] == Draft(BERG, subject="ab", body="Gr?ße\x1b")


def test_an_answer_outlives_the_mail_that_it_answers(office: Office) -> None:
    saved = office.outbox.save(office.mailbox_id, Draft(BERG, (SILKE,), subject="x", original=99))
    assert office.outbox.load(saved.id)[1].original is None
    office.outbox.queue(saved.id, 0, confirmed=True)
    assert [attempt.state for attempt in office.send()] == [OutState.SENT]
