"""A move that a server without MOVE carries out by half and then refuses leaves nothing behind, whatever the rep does next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.mail.operations import Move
from app.domain.mail.triage import Selection
from app.mail.errors import CommandRefused, ConnectionLost
from app.mail.imap import changing
from app.services import triage
from app.services.sync.changes import drop, retry
from app.store.sync import changes
from tests.servers.dovecot import ok
from tests.services.sync.conftest import Desk, mail
from tests.services.sync.test_postman import ask, folder_id, let_time_pass, waiting
from tests.services.sync.test_refusals import refused
from tests.services.sync.test_twins import FOLDERS, alive_on_server, leave_out

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@contextmanager
def refusing_to_delete(
    monkeypatch: pytest.MonkeyPatch, *ends: Callable[[], Exception] | None
) -> Iterator[None]:
    """A server that copies and marks mail; each deletion ends as `ends` tell in turn, those after that well."""
    delete, left = changing.delete, list(ends)

    def mark_only(session: Any, uids: list[int], **more: Any) -> tuple[int, ...]:
        end = left.pop(0) if left else None
        if end is None:
            return delete(session, uids, **more)
        changing.change_flags(session, uids, ["\\Deleted"], [])
        raise end()

    with monkeypatch.context() as patched:
        patched.setattr(changing, "delete", mark_only)
        yield
    assert not left


def no_right() -> Exception:
    return CommandRefused("no right to expunge", "NOPERM")


def gone() -> Exception:
    return ConnectionLost("gone")


def on_server(desk: Desk) -> list[int]:
    return [alive_on_server(desk, name) for name in ("INBOX", "Archiv", "Spam")]


def half_moved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *ends: Callable[[], Exception] | None
) -> tuple[int, int]:
    """A copy whose move into the archive was refused half-way, and the refused operation; a twin lay there before."""
    desk.deliver(mail(1), mail(2))
    desk.deliver(mail(1), folder="Archiv")
    desk.sync()
    copy = int(
        desk.store.read.value(
            """SELECT mail_copy.id FROM mail_copy JOIN message ON message.id = message_id
  WHERE subject = 'Anfrage 0001' AND folder_id = ?""",
            (folder_id(desk, "INBOX"),),
        )
    )
    ask(desk, copy, Move(folder_id(desk, "Archiv")))
    with refusing_to_delete(monkeypatch, *ends):
        for _ in ends:
            let_time_pass(desk)
            desk.pass_over()
    ((number, _reason),) = refused(desk)
    return copy, number


def carry_on(desk: Desk, then: str, copy: int, number: int) -> None:
    mails, now = Selection(copies=(copy,)), datetime.now(UTC)
    match then:
        case "moved on":
            triage.move(desk.store, mails, folder_id(desk, "Spam"), author="anna", now=now)
        case "moved back":
            triage.move(desk.store, mails, folder_id(desk, "INBOX"), author="anna", now=now)
        case "erased":
            with desk.store.write() as tx:
                changes.erase(tx, changes.copies_of(tx, mails), now)
        case "dropped":
            drop(desk.store, number, now)
        case "tried again":
            retry(desk.store, number, now)


CUTS = {
    "refused": [no_right],
    "cut before": [gone, no_right],
    "cut while it is taken back": [no_right, gone, no_right],
}


@pytest.mark.parametrize("target", ["synced", "not synced"])
@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize(
    ("then", "end"),
    [
        ("moved on", [1, 1, 1]),
        ("moved back", [2, 1, 0]),
        ("erased", [1, 1, 0]),
        ("dropped", [2, 1, 0]),
        ("tried again", [1, 2, 0]),
    ],
)
def test_a_move_that_is_refused_half_way_leaves_no_copy_behind(
    bare: Desk, monkeypatch: pytest.MonkeyPatch, then: str, end: list[int], cut: str, target: str
) -> None:
    if target == "not synced":
        bare.sync()
        leave_out(bare, "Archiv")
    copy, number = half_moved(bare, monkeypatch, *CUTS[cut])
    assert on_server(bare) == [2, 1, 0]
    carry_on(bare, then, copy, number)
    bare.sync()
    bare.sync()
    assert waiting(bare) == 0
    assert on_server(bare) == end
    shown = [len(bare.subjects(name)) for name in ("INBOX", "Archiv", "Spam")]
    if target == "not synced":
        end = [end[0], end[1] - 1, end[2]]  # the twin was never read
    assert shown == end


def test_where_the_copy_cannot_be_taken_back_it_is_shown_and_trying_again_makes_no_other(
    bare: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _copy, number = half_moved(bare, monkeypatch, no_right, no_right)
    bare.sync()
    assert len(bare.subjects("Archiv")) == 2
    retry(bare.store, number, NOW)
    bare.sync()
    assert (waiting(bare), on_server(bare)) == (0, [1, 2, 0])
    assert [len(bare.subjects(name)) for name in FOLDERS] == [1, 2]


@pytest.mark.parametrize("borne_by", ["another mail", "a twin"])
def test_a_told_uid_that_mail_bore_before_is_not_deleted_when_a_half_move_is_taken_back(
    bare: Desk, monkeypatch: pytest.MonkeyPatch, borne_by: str
) -> None:
    bare.deliver(mail(1))
    bare.deliver(mail(1), mail(7), folder="Archiv")
    bare.sync()
    wrong = {1: 2 if borne_by == "another mail" else 1}
    copy = changing.copy

    def tell_wrong(session: Any, uids: list[int], target: str) -> dict[int, int]:
        copy(session, uids, target)
        return wrong

    number = bare.store.read.value(
        "SELECT id FROM mail_copy WHERE folder_id = ?", (folder_id(bare, "INBOX"),)
    )
    ask(bare, number, Move(folder_id(bare, "Archiv")))
    with refusing_to_delete(monkeypatch, no_right), monkeypatch.context() as patched:
        patched.setattr(changing, "copy", tell_wrong)
        bare.pass_over()
    with bare.server.client(bare.user, "Archiv") as elsewhere:
        assert ok(elsewhere.uid("SEARCH", "ALL")) == [b"1 2"]
    assert on_server(bare) == [1, 2, 0]
    assert len(refused(bare)) == 1
