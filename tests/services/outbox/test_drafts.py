"""Writing mail: drafts survive, files are taken in, what is wrong is caught, and queueing can be undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import NotFound, Refused
from app.domain.mail.compose import Attachment, Draft, DraftKind
from app.domain.mail.messages import Role
from app.domain.mail.outbox import OutState
from app.domain.mail.problems import Trouble
from app.services.outbox.drafts import DraftNotReady, Outbox, attachment
from app.store.database import Store
from app.store.outbox import rows
from tests.services.outbox.office import BERG, MAX, SILKE, Office

DRAFT = Draft(
    sender=BERG,
    to=(SILKE,),
    cc=(MAX._replace(name="Vogel, Max"),),
    bcc=(MAX._replace(name="", address="halb@"),),
    subject="Angebot",
    body="Guten Tag\n\n-- \nA. Berg\n",
    kind=DraftKind.NEW,
    in_reply_to="<a@vogel.example>",
    references=("<z@vogel.example>", "<a@vogel.example>"),
)


def test_a_draft_survives_the_end_of_the_process(office: Office, tmp_path: Path) -> None:
    saved = office.outbox.save(office.mailbox_id, DRAFT)
    again = Store(tmp_path / "postkorb.db")
    assert Outbox(again, office.clock).load(saved.id) == (office.mailbox_id, DRAFT)
    again.close()


def test_saving_again_changes_the_same_draft(office: Office) -> None:
    saved = office.outbox.save(office.mailbox_id, DRAFT)
    office.outbox.save(office.mailbox_id, replace(DRAFT, body="Neu"), saved.id)
    assert [row.id for row in office.outbox.rows()] == [saved.id]
    assert office.outbox.load(saved.id)[1].body == "Neu"


def test_files_are_taken_in_and_need_the_disk_no_more(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "Angebot Übersicht.pdf"
    file.write_bytes(b"%PDF")
    saved = office.outbox.save(office.mailbox_id, replace(DRAFT, bcc=(), attachments=(attachment(file),)))
    file.unlink()
    (kept,) = saved.draft.attachments
    assert (kept.name, kept.content_type, kept.size) == ("Angebot Übersicht.pdf", "application/pdf", 4)
    office.outbox.queue(saved.id, 0)
    assert b"JVBERg==" in rows.envelope(office.store.read, saved.id).raw
    assert saved.unreadable == ()


def test_files_can_be_added_and_removed(office: Office, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    draft = replace(DRAFT, attachments=(attachment(tmp_path / "a.txt"), attachment(tmp_path / "b.txt")))
    first = office.outbox.save(office.mailbox_id, draft)
    second = office.outbox.save(
        office.mailbox_id, replace(first.draft, attachments=first.draft.attachments[1:]), first.id
    )
    assert office.outbox.load(first.id)[1] == second.draft
    assert [file.name for file in office.outbox.load(first.id)[1].attachments] == ["b.txt"]


def test_a_file_that_cannot_be_read_is_named_and_the_text_is_kept(office: Office, tmp_path: Path) -> None:
    draft = replace(DRAFT, bcc=(), attachments=(Attachment("weg.pdf", path=str(tmp_path / "weg.pdf")),))
    saved = office.outbox.save(office.mailbox_id, draft)
    assert saved.unreadable == ("weg.pdf",)
    assert office.outbox.load(saved.id) == (office.mailbox_id, saved.draft)
    with pytest.raises(DraftNotReady) as caught:
        office.outbox.queue(saved.id, 0, confirmed=True)
    assert [problem.trouble for problem in caught.value.problems] == [Trouble.FILE_MISSING]
    (tmp_path / "weg.pdf").write_bytes(b"%PDF")
    again = office.outbox.save(office.mailbox_id, office.outbox.load(saved.id)[1], saved.id)
    assert again.unreadable == ()
    office.outbox.queue(saved.id, 0)
    assert b"JVBERg==" in rows.envelope(office.store.read, saved.id).raw


def test_a_draft_with_problems_is_not_queued(office: Office) -> None:
    saved = office.outbox.save(office.mailbox_id, DRAFT)
    with pytest.raises(DraftNotReady) as caught:
        office.outbox.queue(saved.id, 10, confirmed=True)
    assert [problem.trouble for problem in caught.value.problems] == [Trouble.BAD_ADDRESS]
    assert not caught.value.confirmable
    assert office.state(saved.id) is OutState.DRAFT


def test_a_question_can_be_confirmed(office: Office) -> None:
    saved = office.outbox.save(office.mailbox_id, replace(DRAFT, bcc=(), subject=""))
    with pytest.raises(DraftNotReady) as caught:
        office.outbox.queue(saved.id, 10)
    assert caught.value.confirmable
    office.outbox.queue(saved.id, 10, confirmed=True)
    assert office.state(saved.id) is OutState.WAITING


def test_queueing_can_be_undone_until_it_is_due(office: Office) -> None:
    outbox_id = office.queue(undo=10)
    assert office.send() == []
    draft = office.outbox.take_back(outbox_id)
    assert draft.subject == "Angebot"
    office.later(seconds=11)
    assert office.send() == []
    assert office.state(outbox_id) is OutState.DRAFT
    office.outbox.queue(outbox_id, 0)
    assert [attempt.state for attempt in office.send()] == [OutState.SENT]


def test_a_queued_mail_is_no_draft_any_more(office: Office) -> None:
    outbox_id = office.queue(undo=10)
    with pytest.raises(Refused):
        office.outbox.save(office.mailbox_id, DRAFT, outbox_id)
    with pytest.raises(Refused):
        office.outbox.queue(outbox_id, 10)


def test_a_mailbox_without_an_outgoing_server_says_so(tmp_path: Path) -> None:
    office = Office.at(tmp_path, "")
    with pytest.raises(Refused, match="no outgoing server"):
        office.queue()
    office.store.close()


def test_a_forwarded_mail_travels_as_it_was(office: Office) -> None:
    stored = office.receive()
    draft = replace(DRAFT, bcc=(), kind=DraftKind.FORWARD_ATTACHED, original=stored)
    saved = office.outbox.save(office.mailbox_id, draft)
    office.outbox.queue(saved.id, 0)
    assert b"Message-ID: <anfrage@vogel.example>\r\n" in rows.envelope(office.store.read, saved.id).raw


def test_dropping_removes_a_mail_for_good(office: Office) -> None:
    outbox_id = office.queue(undo=10)
    office.outbox.drop(outbox_id)
    assert office.outbox.rows() == []
    with pytest.raises(NotFound):
        office.outbox.drop(outbox_id)


def test_blind_copies_are_sent_to_but_not_shown(office: Office) -> None:
    saved = office.outbox.save(
        office.mailbox_id, replace(DRAFT, bcc=(MAX._replace(address="geheim@x.example"),))
    )
    office.outbox.queue(saved.id, 0)
    mail = rows.envelope(office.store.read, saved.id)
    assert mail.open_recipients == (SILKE.address, MAX.address, "geheim@x.example")
    assert b"geheim" not in mail.raw


def test_the_message_id_is_new_each_time_it_is_queued(office: Office) -> None:
    outbox_id = office.queue(undo=10)
    first = rows.envelope(office.store.read, outbox_id).message_id
    office.outbox.take_back(outbox_id)
    office.outbox.queue(outbox_id, 10)
    second = rows.envelope(office.store.read, outbox_id).message_id
    assert first != second
    assert second.endswith("@nordholz.example>")


def test_sent_and_drafts_folders_are_no_place_for_the_outbox_rows(office: Office) -> None:
    office.outbox.save(office.mailbox_id, DRAFT)
    count = office.store.read.value("SELECT total FROM folder WHERE id = ?", (office.folders[Role.SENT],))
    assert count == 0
