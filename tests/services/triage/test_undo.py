"""The way back: which steps are kept, and what undoing leaves alone."""

from __future__ import annotations

import pytest

from app.domain.crm.kinds import Kind, MarkColour
from app.domain.mail.triage import Selection
from app.domain.undo import NothingToUndo
from app.services import triage
from tests.services.triage.conftest import NOW, Desk, copies
from tests.store.build import steps_of


def test_undo_of_a_step_on_one_mail_names_its_subject(desk: Desk) -> None:
    mail = desk.mail()
    for subject, shown in (
        ("Anfrage Pumpen", "“Anfrage Pumpen”"),
        ("\x1b[2J", "“\ufffd[2J”"),
        ("  ", "“(no subject)”"),
        ("Anfrage " * 10, "“Anfrage Anfrage Anfrage…”"),
    ):
        with desk.store.write() as tx:
            tx.run("UPDATE message SET subject = ? WHERE id = ?", (subject, mail.message))
        desk.do(triage.mark, copies(mail), MarkColour.RED)
        assert desk.undo().text == f"Undone: 1 mail marked – {shown}"


def test_undo_leaves_alone_what_somebody_else_changed_since(desk: Desk) -> None:
    first, second = desk.mail(), desk.mail()
    desk.do(triage.mark, copies(first, second), MarkColour.RED)
    triage.mark(desk.store, copies(first), MarkColour.GREEN, author="bert", now=NOW)
    done = desk.undo()
    assert done.left_out == 1
    assert done.text == "Undone: 2 mails marked (1 was changed since and stays)"
    assert desk.store.read.rows("SELECT message_id, colour FROM mark") == [(first.message, "green")]


def test_reading_by_the_way_leaves_no_step_to_undo(desk: Desk) -> None:
    done = desk.do(triage.set_seen, copies(desk.mail()), True, undoable=False)
    assert (done.count, done.undoable) == (1, False)
    assert steps_of(desk.store, "anna") == []


def test_the_last_twenty_steps_of_each_person_are_kept(desk: Desk) -> None:
    mail = desk.mail()
    triage.comment(desk.store, copies(mail), "von Bert", author="bert", now=NOW)
    for number in range(25):
        desk.do(triage.comment, copies(mail), f"Nummer {number}")
    for _ in range(20):
        desk.undo()
    with pytest.raises(NothingToUndo):
        desk.undo()
    left = [text for (text,) in desk.store.read.rows("SELECT text FROM comment ORDER BY id")]
    assert left == ["von Bert", *(f"Nummer {number}" for number in range(5))]
    assert steps_of(desk.store, "bert") == ["1 mail commented"]


def test_a_step_that_fails_leaves_nothing_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = desk.mail()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("app.services.remembering.push_step", fail)
    for step, *args in ((triage.link, Kind.LEAD, desk.lead), (triage.archive,), (triage.set_seen, True)):
        with pytest.raises(OSError, match="disk full"):
            desk.do(step, copies(mail), *args)
    assert desk.linked() == set()
    assert desk.waiting() == []
    assert desk.shown(mail) == (desk.inbox, mail.uid)


def test_two_thousand_mails_are_filed_and_brought_back_in_one_step(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.run_many(
            "INSERT INTO message (id, digest) VALUES (?, ?)", [(n, n.to_bytes(16)) for n in range(1, 2_001)]
        )
        tx.run_many(
            "INSERT INTO mail_copy (folder_id, message_id, uid, unprocessed) VALUES (?, ?, ?, 1)",
            [(desk.inbox, n, n) for n in range(1, 2_001)],
        )
    every = Selection(copies=tuple(row[0] for row in desk.store.read.rows("SELECT id FROM mail_copy")))
    assert desk.do(triage.link, every, Kind.LEAD, desk.lead).count == 2_000
    assert desk.do(triage.archive, every).count == 2_000
    assert desk.counters(desk.archive) == (2_000, 2_000, 0)
    desk.undo()
    desk.undo()
    assert desk.counters() == (2_000, 2_000, 2_000)
    assert desk.waiting() == []
